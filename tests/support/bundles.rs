//! Two bundles of a pair, and what a report says of them.

use super::bundle::Bundle;
use super::export::{Export, Rule, direct};
use super::{Compared, compare_with};
use serde_json::Value;

/// An export with a rule.
pub fn export() -> Export {
    Export::primary().rule(Rule::inbound("In from AD - User", 50).flow(direct("mail", "mail")))
}

/// Of the active server.
pub fn primary() -> Bundle {
    Bundle::full(&export())
}

/// Of the staging server.
pub fn staging() -> Bundle {
    Bundle::full(&Export::staging_of(&export()))
}

/// Compared, with more arguments.
pub fn compared_with(primary: &Bundle, staging: &Bundle, more: &[&str]) -> Compared {
    let (left, right) = (primary.folder(), staging.folder());
    compare_with(left.path(), right.path(), more)
}

/// Compared.
pub fn compared(primary: &Bundle, staging: &Bundle) -> Compared {
    compared_with(primary, staging, &[])
}

/// A list of a report.
pub fn list<'c>(compared: &'c Compared, key: &str) -> &'c [Value] {
    compared.report[key].as_array().unwrap()
}
