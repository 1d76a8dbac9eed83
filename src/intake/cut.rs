//! A document without the content of one element.
//!
//! In: decoded text, and the name of an element that is read later, or not at
//! all where another document has the same one. Out: the text around its
//! content, and how places in it relate to the whole. The document is
//! well-formed when the rest is and the element is: both are parsed strictly,
//! apart. Must not know: what the element means.

use super::Limits;
use super::scan::{Found, Watch, scan_for};
use super::xml::{self, Tree};
use std::sync::Arc;

/// A document with a hole.
#[derive(Debug)]
pub struct Cut {
    whole: Arc<String>,
    rest: String,
    found: Found,
}

impl Cut {
    /// Leaves out the content of the only `name` in `parent`, which is the root or the root's child. `None` when
    /// there is no such element, or something is wrong with the document.
    pub fn of(text: &Arc<String>, parent: &str, name: &str, limits: &Limits) -> Option<Cut> {
        let mut watch = Watch::new(parent, name);
        let shape = scan_for(text, limits, &mut watch).ok()?;
        let found = watch.only().filter(|_| shape.is_whole())?;
        let before = text.get(..found.content.start)?;
        let after = text.get(found.content.end..)?;
        Some(Cut {
            whole: Arc::clone(text),
            rest: [before, after].concat(),
            found,
        })
    }

    /// Parses the rest; `None` when it is not well-formed.
    pub fn parse(&self, limits: &Limits) -> Option<Tree<'_>> {
        xml::parse_cut(self, limits)
    }

    /// The whole document.
    pub(super) fn whole(&self) -> &Arc<String> {
        &self.whole
    }

    /// What is left of it.
    pub(super) fn rest(&self) -> &str {
        &self.rest
    }

    /// Where in the whole something stands in the rest.
    pub(super) fn offset(&self, at: usize) -> usize {
        if at < self.found.content.start {
            at
        } else {
            at + self.found.content.len()
        }
    }

    /// Whether the element with the hole begins at this place in the rest.
    pub(super) fn is_element(&self, at: usize) -> bool {
        self.found.element.start == at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Slice, Slots, parse_shared};

    fn cut(text: &str) -> Option<Cut> {
        Cut::of(&Arc::new(text.to_owned()), "a", "s", &Limits::default())
    }

    #[test]
    fn places_and_leaves_are_those_of_the_whole() {
        let limits = Limits::default();
        let text = "<w>\n<a x='1'><b>1</b>\n<s y='2'>t<c/>\n\n<d>é</d></s>\n<e z='3'/>x</a></w>";
        let whole = Arc::new(text.to_owned());
        let cut = cut(text).unwrap();
        let (tree, all) = (cut.parse(&limits).unwrap(), parse_shared(&whole, &limits).unwrap());
        let places = |tree: &Tree<'_>| {
            let outside = tree.all().filter(|node| !["c", "d"].contains(&node.local()));
            let lines = outside.map(|node| (node.local().to_owned(), tree.line(node), tree.column(node)));
            lines.collect::<Vec<_>>()
        };
        assert_eq!(places(&tree), places(&all));
        let lines = |tree: &Tree<'_>| {
            tree.all()
                .flat_map(|node| node.attributes())
                .map(|it| it.line())
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(&tree), lines(&all));
        let slice = |tree: &Tree<'_>| Slice::of(tree.all().find(|node| node.local() == "s").unwrap());
        assert_eq!(slice(&tree), slice(&all));
        let hidden = slice(&tree).leaves(&limits).unwrap();
        assert_eq!(
            Slots::of(&tree).leaves() as u64 + hidden,
            Slots::of(&all).leaves() as u64
        );
    }

    #[test]
    fn only_one_element_is_left_out() {
        for (text, content) in [
            ("<a><s><x/></s></a>", Some("<x/>")),
            ("<w><a><b/><s k='>'> </s></a></w>", Some(" ")),
            ("<a><b/><!-- <s> --><s><s/></s></a>", Some("<s/>")),
            ("<a><s/></a>", None),
            ("<a><s></s><s></s></a>", None),
            ("<w><a><s>1</s></a><a><s>2</s></a></w>", None),
            ("<a><b><s>1</s></b></a>", None),
            ("<v><w><a><s>1</s></a></w></v>", None),
            ("<b><s>1</s></b>", None),
            ("<a><s>1</s>", None),
        ] {
            let found = cut(text).and_then(|cut| text.get(cut.found.content.clone()));
            assert_eq!(found, content, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_inside_is_found_there_and_what_is_wrong_outside_here() {
        let limits = Limits::default();
        let slice = |cut: &Cut| Slice::of(cut.parse(&limits).unwrap().root().child("s").unwrap());
        for inside in ["<x></y>", "<x", "&unknown;", "<p:x/>", "<x a='1' a='2'/>"] {
            let cut = cut(&format!("<a><s>{inside}</s></a>"));
            assert!(cut.is_none_or(|cut| slice(&cut).leaves(&limits).is_none()), "{inside}");
        }
        assert!(cut("<a><s>1</s>&unknown;</a>").unwrap().parse(&limits).is_none());
    }
}
