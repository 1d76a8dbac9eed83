//! Computed facts: what settings mean together.
//!
//! In: a configuration. Out: typed views of rules, who competes for which
//! target and can meet there, the order that results, the OU scope that lists of containers
//! make, what keeps a metaverse object, what live rules use, where rules name
//! an attribute, whether two scoping filters can meet. Must not know: the other server's
//! files, findings, formats.

mod arenas;
mod deletion;
mod flow;
mod inputs;
mod mentions;
mod overlap;
#[cfg(test)]
mod overlap_tests;
mod rank;
mod reads;
mod rules;
pub mod scope;
#[cfg(test)]
mod scope_tests;
mod uses;

pub use arenas::arenas;
pub use deletion::{DeletionChange, Side as DeletionSide, compare_deletion};
pub use flow::{Contribution, always, constant, contributions, meaning, meaning_of, written, written_of};
pub use mentions::{Mention, Part, mentions};
pub use overlap::{disjoint, exclusive, same_objects, within};
pub use rank::{Contest, Moved, Order, compare_order, contests, in_rank_order};
pub use reads::{Names, Reads};
pub use rules::{RuleView, Tag, rules, scope_of};
pub use uses::{Thing, Uses};
