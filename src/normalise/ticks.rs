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
    /// Masked, and read by a noise row.
    SecretNoise,
    /// No row knows it.
    Uncatalogued,
}

/// What every leaf of a document was used as, with counts.
pub struct Ticks {
    slots: Slots,
    taken: Vec<Option<Use>>,
    ledger: Ledger,
}

impl Ticks {
    /// Nothing ticked yet.
    pub fn new(slots: Slots) -> Ticks {
        Ticks {
            taken: vec![None; slots.len()],
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

    /// Ticks what was not ticked before of an element, its attributes and all below it.
    pub fn all(&mut self, node: Node<'_>, how: Use) {
        let (slots, leaves) = self.slots.below(node);
        if let Some(taken) = self.taken.get_mut(slots) {
            let before = taken.iter().filter(|taken| taken.is_some()).count();
            taken.fill(Some(how));
            self.count(how, leaves.saturating_sub(before) as u64);
        }
    }

    /// Whether an element's own text was ticked.
    pub fn has_element(&self, node: Node<'_>) -> bool {
        self.of_element(node).is_some()
    }

    /// What an element's own text was used as.
    pub fn of_element(&self, node: Node<'_>) -> Option<Use> {
        self.taken.get(self.slots.element(node)).copied().flatten()
    }

    /// Whether an attribute was ticked.
    pub fn has_attribute(&self, node: Node<'_>, index: usize) -> bool {
        self.of_attribute(node, index).is_some()
    }

    /// What an attribute was used as.
    pub fn of_attribute(&self, node: Node<'_>, index: usize) -> Option<Use> {
        self.taken.get(self.slots.attribute(node, index)).copied().flatten()
    }

    fn tick(&mut self, slot: usize, how: Use) -> bool {
        let Some(taken) = self.taken.get_mut(slot) else {
            return false;
        };
        if taken.replace(how).is_some() {
            return false;
        }
        self.count(how, 1);
        true
    }

    fn count(&mut self, how: Use, leaves: u64) {
        match how {
            Use::Compared => self.ledger.compared += leaves,
            Use::Noise => self.ledger.noise += leaves,
            Use::Secret | Use::SecretNoise => self.ledger.secret += leaves,
            Use::Uncatalogued => self.ledger.uncatalogued += leaves,
        }
    }

    /// The document's ledger.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }
}
