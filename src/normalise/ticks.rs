//! The ledger of one document: which leaf was read as what, each once.
//!
//! In: ticks. Out: counts, and the leaves nobody ticked. Must not know: what
//! a leaf means.

use crate::intake::{Node, Slots};
use crate::model::Ledger;

/// How a leaf was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Read by a row that is judged or shown.
    Compared,
    /// Read by a noise row.
    Noise,
    /// Masked.
    Secret,
    /// No row knows it.
    Uncatalogued,
}

/// A bitmap over the leaves of a document, with counts.
pub struct Ticks {
    slots: Slots,
    taken: Vec<bool>,
    ledger: Ledger,
}

impl Ticks {
    /// Nothing ticked yet.
    pub fn new(slots: Slots) -> Ticks {
        Ticks {
            taken: vec![false; slots.len()],
            ledger: Ledger {
                leaves: slots.leaves() as u64,
                ..Ledger::default()
            },
            slots,
        }
    }

    /// Ticks an element's own text; false when that was done before.
    pub fn element(&mut self, node: Node<'_>, how: Use) -> bool {
        let slot = self.slots.element(node);
        self.tick(slot, how)
    }

    /// Ticks an attribute; false when that was done before.
    pub fn attribute(&mut self, node: Node<'_>, index: usize, how: Use) -> bool {
        let slot = self.slots.attribute(node, index);
        self.tick(slot, how)
    }

    /// Ticks an element, its attributes and all below it, none of which was ticked before.
    pub fn all(&mut self, node: Node<'_>, how: Use) {
        let (slots, leaves) = self.slots.below(node);
        if let Some(taken) = self.taken.get_mut(slots)
            && !taken.contains(&true)
        {
            taken.fill(true);
            self.count(how, leaves as u64);
        }
    }

    /// Whether an element's own text was ticked.
    pub fn has_element(&self, node: Node<'_>) -> bool {
        self.taken.get(self.slots.element(node)).copied().unwrap_or(false)
    }

    /// Whether an attribute was ticked.
    pub fn has_attribute(&self, node: Node<'_>, index: usize) -> bool {
        self.taken
            .get(self.slots.attribute(node, index))
            .copied()
            .unwrap_or(false)
    }

    fn tick(&mut self, slot: usize, how: Use) -> bool {
        let Some(taken) = self.taken.get_mut(slot) else {
            return false;
        };
        if std::mem::replace(taken, true) {
            return false;
        }
        self.count(how, 1);
        true
    }

    fn count(&mut self, how: Use, leaves: u64) {
        match how {
            Use::Compared => self.ledger.compared += leaves,
            Use::Noise => self.ledger.noise += leaves,
            Use::Secret => self.ledger.secret += leaves,
            Use::Uncatalogued => self.ledger.uncatalogued += leaves,
        }
    }

    /// The document's ledger.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }
}
