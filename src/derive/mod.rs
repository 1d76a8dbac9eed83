//! Computed facts: what settings mean together.
//!
//! In: a configuration. Out: typed views of rules, who competes for which
//! target, the order that results. Must not know: the other server's files,
//! findings, formats.

mod rank;
mod rules;

pub use rank::{Contest, Moved, Order, compare_order, contests};
pub use rules::{RuleView, Tag, rules};
