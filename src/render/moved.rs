//! Who moved away from the approved state, in a few words for every format.
//!
//! In: a finding and its report. Out: words, and what an approved state is
//! called. Must not know: any format.

use super::terminal::name;
use crate::report::{Finding, MovedBy, Report, Server, Status};

/// A class, a label of two words and a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// For style sheets and filters.
    pub class: &'static str,
    /// For a badge.
    pub label: &'static str,
    /// For a line of its own.
    pub words: String,
}

/// Who moved; nothing without an approved state, or where nothing differs between the two servers.
pub fn of(finding: &Finding, report: &Report) -> Option<Moved> {
    report.baseline.as_ref()?;
    if matches!(finding.status, Status::Unknown | Status::Expected | Status::Lint) {
        return None;
    }
    let (primary, staging) = (name(&report.primary.server), name(&report.staging.server));
    let (class, label, words) = match finding.moved_by {
        Some(MovedBy::Primary) => ("primary", "Primary moved", format!("the primary, {primary}")),
        Some(MovedBy::Staging) => ("staging", "Staging moved", format!("staging, {staging}")),
        Some(MovedBy::Both) => ("both", "Both moved", format!("both, {primary} and {staging}")),
        None if finding.in_baseline => (
            "neither",
            "Neither moved",
            "neither: the approved state differs so already".to_owned(),
        ),
        None => ("unknown", "Who moved is unknown", "unknown".to_owned()),
    };
    Some(Moved { class, label, words })
}

/// Who moved how often, in open drift.
pub fn counts(report: &Report) -> Option<String> {
    report.baseline.as_ref()?;
    let open = report.findings.iter().filter(|finding| finding.status == Status::Drift);
    let mut counts = [0_usize; 5];
    for finding in open {
        let at = match finding.moved_by {
            Some(MovedBy::Primary) => 0,
            Some(MovedBy::Staging) => 1,
            Some(MovedBy::Both) => 2,
            None if finding.in_baseline => 3,
            None => 4,
        };
        counts[at] += 1;
    }
    let names = [
        name(&report.primary.server),
        name(&report.staging.server),
        "both".to_owned(),
        "neither".to_owned(),
        "unknown".to_owned(),
    ];
    let words = names.iter().zip(counts).filter(|(_, count)| *count > 0);
    let words: Vec<String> = words.map(|(who, count)| format!("{who} {count}")).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The approved states of a report: one where both servers were held against the same.
pub fn states(report: &Report) -> Vec<&Server> {
    let Some(baseline) = &report.baseline else {
        return Vec::new();
    };
    match baseline.primary == baseline.staging {
        true => vec![&baseline.primary],
        false => vec![&baseline.primary, &baseline.staging],
    }
}

/// Departures that are no drift between the two servers.
pub fn departures(report: &Report) -> &[Finding] {
    report.baseline.as_ref().map_or(&[], |baseline| &baseline.moved)
}

/// What the values of a departure are called.
pub fn columns() -> (String, String) {
    ("approved".to_owned(), "now".to_owned())
}

/// What departures are called.
pub const TITLE: &str = "Departures from the approved state";
/// And what they are.
pub const LEAD: &str = "No drift between the two servers, but nobody approved it. These count neither in the verdict nor in \
                        the exit code.";

/// A report whose servers are called as the values of departures are.
pub fn as_report(report: &Report) -> Report {
    let (approved, now) = columns();
    let mut other = Report {
        findings: Vec::new(),
        expected: Vec::new(),
        lints: Vec::new(),
        checked: Vec::new(),
        views: crate::report::Views::default(),
        ..report.clone()
    };
    other.primary.server = approved;
    other.staging.server = now;
    other
}
