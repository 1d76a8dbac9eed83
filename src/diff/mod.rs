//! Which object is which, and which settings of a pair differ. Pure.
//!
//! In: two configurations. Out: a [`Comparison`]. Must not know: severities,
//! findings, formats.

mod changes;
pub mod matching;

pub use changes::{Change, Comparison, SettingChange, compare};
pub use matching::{Matched, Options, Pair, Pairs};
