//! Counts leaves before the catalogue sees any, and numbers them.
//!
//! In: a tree. Out: how many leaves it has, and a dense slot for each, so
//! that a bitmap can tick them. Must not know: what a leaf means.

use super::xml::{Node, Tree};
use std::ops::Range;

/// Start of a node that is no element.
const NONE: u32 = u32::MAX;

/// Half the size, for there is one for each node; the limits on nodes and bytes leave no document with more.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

/// Slot numbers of one tree: one for each element's own text, one for each attribute.
#[derive(Debug, Clone)]
pub struct Slots {
    /// First slot of a node and the leaves before it, by its id.
    starts: Vec<(u32, u32)>,
    len: usize,
    leaves: usize,
}

impl Slots {
    /// Numbers and counts the leaves of a tree.
    pub fn of(tree: &Tree<'_>) -> Slots {
        let mut starts = vec![(NONE, 0); tree.nodes()];
        let (mut len, mut leaves) = (0, 0);
        for node in tree.all() {
            if let Some(start) = starts.get_mut(node.id()) {
                *start = (small(len), small(leaves));
            }
            let attributes = node.attribute_count();
            len += 1 + attributes;
            leaves += attributes + usize::from(node.is_leaf());
        }
        Slots { starts, len, leaves }
    }

    /// Leaves of the whole tree: every attribute (namespace declarations are none), every element without child
    /// elements, and the text of every element that has child elements and text that is more than white space.
    pub fn leaves(&self) -> usize {
        self.leaves
    }

    /// Slot of an element without child elements, or of the text beside its child elements.
    pub fn element(&self, node: Node<'_>) -> usize {
        self.start(node).unwrap_or(self.len)
    }

    /// The same slot, for those who mean the text of an element that has child elements.
    pub fn text(&self, node: Node<'_>) -> usize {
        self.element(node)
    }

    /// Slot of an attribute by its position within the element.
    pub fn attribute(&self, node: Node<'_>, index: usize) -> usize {
        match self.start(node) {
            Some(start) if index < node.attribute_count() => start + 1 + index,
            _ => self.len,
        }
    }

    /// Slots of an element, its attributes and all below it, and how many leaves these are.
    pub fn below(&self, node: Node<'_>) -> (Range<usize>, usize) {
        let at = |node: Node<'_>| {
            let (start, leaves) = self.starts.get(node.id()).filter(|(start, _)| *start != NONE)?;
            Some((*start as usize, *leaves as usize))
        };
        let end = (self.len, self.leaves);
        let (from, before) = at(node).unwrap_or(end);
        let (to, until) = node.after().and_then(at).unwrap_or(end);
        (from..to, until.saturating_sub(before))
    }

    /// Number of slots; what is not of this tree gets this number.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never true for a tree, which has a root.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn start(&self, node: Node<'_>) -> Option<usize> {
        let (start, _) = self.starts.get(node.id())?;
        (*start != NONE).then_some(*start as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;
    use crate::intake::{Limits, parse};

    #[test]
    fn counts_attributes_leaves_and_mixed_text() {
        let count = |text: &str| Slots::of(&parse(text, &Limits::default()).unwrap()).leaves();
        assert_eq!(count("<a/>"), 1);
        assert_eq!(count("<a b='1' c='2'/>"), 3);
        assert_eq!(count("<a xmlns:m='urn:x' m:b='1'/>"), 2);
        assert_eq!(count("<a>\n <b/>\n <c>x</c></a>"), 2);
        assert_eq!(count("<a>text<b/>more</a>"), 2);
        assert_eq!(count("<a><!-- only a comment --></a>"), 1);
        assert_eq!(count("<a><![CDATA[x]]><b/></a>"), 2);
        assert_eq!(count("<a>\u{a0}<b/></a>"), 1, "a no-break space says nothing either");
    }

    #[test]
    fn slots_are_dense_and_each_is_its_own() {
        let text = "<a x='1'>t<b y='2' z='3'/><c><d/></c></a>";
        let tree = parse(text, &Limits::default()).unwrap();
        let slots = Slots::of(&tree);
        let mut seen = vec![false; slots.len()];
        for node in tree.all() {
            for slot in std::iter::once(slots.element(node))
                .chain((0..node.attribute_count()).map(|index| slots.attribute(node, index)))
            {
                assert!(!std::mem::replace(&mut seen[slot], true), "slot {slot} twice");
            }
        }
        assert!(seen.iter().all(|seen| *seen));
        assert_eq!(slots.attribute(tree.root(), 9), slots.len());
        assert!(!slots.is_empty());
        assert_eq!(slots.text(tree.root()), slots.element(tree.root()));
    }
}
