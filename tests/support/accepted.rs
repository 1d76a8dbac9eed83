//! Accepted drift for the tests: a pair that drifts, entries, questions.

use super::export::{Export, Pair};
use super::traps::{custom, primary_with, user_join};
use super::{Compared, Run, text};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Who accepts, in every entry.
pub const WHO: &str = "reason = \"ours\"\nowner = \"identity team\"\nticket = \"CHG-1042\"\n";
/// A day that has not come.
pub const LATER: &str = "expires = 2027-03-31\n";
/// The day of every test.
pub const TODAY: &str = "expires = 2026-11-21\n";
/// The day before.
pub const YESTERDAY: &str = "expires = 2026-11-20\n";

/// Two low drifts, and one rule that only staging has.
pub fn drifting() -> Pair {
    let primary = primary_with([
        custom("In from AD - Department", 50, "department", "department"),
        custom("In from AD - Office", 51, "office", "office"),
    ]);
    let mut staging = Export::staging_of(&primary);
    staging.rules[0].description = "another text".to_owned();
    staging.rules[1].description = "one more text".to_owned();
    Pair::of(&primary, &staging)
}

/// A block drift: a rule that provisions reads other objects.
pub fn blocked() -> Pair {
    let primary = primary_with([user_join(100)]);
    let mut staging = Export::staging_of(&primary);
    staging.rules[0].scope[0][0].2 = "False".to_owned();
    Pair::of(&primary, &staging)
}

/// Writes a file of accepted drift beside the exports.
pub fn file(pair: &Pair, text: &str) -> PathBuf {
    let file = pair.folder.path().join("accepted.toml");
    fs::write(&file, text).expect("a file");
    file
}

/// Compares with accepted drift.
pub fn accept(pair: &Pair, text: &str) -> Compared {
    pair.compare_with(&["--accept", file(pair, text).to_str().expect("a path")])
}

/// The same as text, with more arguments, whatever its exit code.
pub fn accept_as_text(pair: &Pair, text: &str, more: &[&str]) -> Run {
    let file = file(pair, text);
    pair.run(&[&["--accept", file.to_str().expect("a path")], more].concat())
}

/// An entry by fingerprint and, where wanted, values.
pub fn entry(finding: &Value, values: bool, expires: &str) -> String {
    let values = if values {
        format!("values = \"{}\"\n", text(&finding["values"]))
    } else {
        String::new()
    };
    let fingerprint = text(&finding["fingerprint"]);
    format!("[[accept]]\nfingerprint = \"{fingerprint}\"\n{values}{WHO}{expires}")
}

/// An entry by globs.
pub fn named(id: &str, object: &str) -> String {
    format!("[[accept]]\nid = \"{id}\"\nobject = \"{object}\"\n{WHO}{LATER}")
}

/// Entries that accept nothing.
pub fn unused(compared: &Compared) -> &[Value] {
    compared.report["unusedAcceptances"].as_array().expect("a list")
}

/// The problem of the one unused entry.
pub fn problem(compared: &Compared) -> &str {
    let unused = unused(compared);
    assert_eq!(unused.len(), 1, "{unused:#?}");
    text(&unused[0]["problem"])
}

/// Status of every finding.
pub fn statuses(compared: &Compared) -> Vec<&str> {
    compared
        .findings()
        .iter()
        .map(|finding| text(&finding["status"]))
        .collect()
}

/// What a finding says besides its values.
pub fn consequences(finding: &Value) -> String {
    finding["consequences"].to_string()
}
