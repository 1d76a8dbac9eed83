//! Lints of a report, as lines.

use super::{Compared, text};
use serde_json::Value;

/// `severity row server / object: value` of each lint of one of the rows.
pub fn lints(compared: &Compared, rows: &[&str]) -> Vec<String> {
    let lints = compared.report["lints"].as_array().expect("lints");
    let line = |lint: &Value| {
        let value = lint["primary"].as_str().or(lint["staging"].as_str());
        format!(
            "{} {} {} / {}: {}",
            text(&lint["severity"]),
            text(&lint["id"]),
            text(&lint["server"]),
            text(&lint["object"]),
            value.expect("a value")
        )
    };
    let asked = |lint: &&Value| rows.contains(&text(&lint["id"]));
    lints.iter().filter(asked).map(line).collect()
}

/// What hangs under a finding or lint, as one text.
pub fn consequences(finding: &Value) -> String {
    let all = finding["consequences"].as_array().expect("consequences");
    all.iter().map(text).collect::<Vec<_>>().join(" ")
}
