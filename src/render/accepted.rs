//! Accepted drift as text: what stands, who answers for it and until when,
//! and the entries of the user's file that accept nothing.
//!
//! In: a report. Out: lines of at most 80 columns. Must not know: how a
//! finding came to be accepted.

use super::finding::{VALUE, id, title, values};
use super::terminal::{BOLD, paint, plain, wrap};
use crate::report::{Finding, Report, Status, UnusedAcceptance};

/// The section of accepted findings, empty where there are none.
pub fn section(report: &Report) -> String {
    let accepted: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| finding.status == Status::Accepted)
        .collect();
    if accepted.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", paint(BOLD, "Accepted: drift that its owners let stand"));
    for finding in accepted {
        out.push_str(&title(finding, report));
        out.push_str(&values(finding, report));
        if let Some(accepted) = &finding.accepted {
            let ticket = accepted.ticket.as_ref().map(|t| format!(", {t}")).unwrap_or_default();
            for (label, text) in [
                ("  reason", accepted.reason.clone()),
                ("  owner", format!("{}{ticket}", accepted.owner)),
                ("  until", accepted.expires.clone()),
            ] {
                out.push_str(&wrap(label, VALUE, &plain(&text)));
            }
        }
        out.push_str(&id(finding));
    }
    out
}

/// Entries that accept nothing, the first few.
pub fn unused(report: &Report, first: usize) -> String {
    let mut out = String::new();
    for entry in report.unused_acceptances.iter().take(first) {
        out.push_str(&wrap("WARNING", VALUE, &plain(&unused_words(report, entry))));
    }
    if report.unused_acceptances.len() > first {
        let more = format!(
            "and {} more entries accept nothing",
            report.unused_acceptances.len() - first
        );
        out.push_str(&wrap("", VALUE, &plain(&more)));
    }
    out
}

/// An entry that accepts nothing, in a sentence.
pub fn unused_words(report: &Report, entry: &UnusedAcceptance) -> String {
    let file = report
        .options
        .accept
        .as_ref()
        .map_or("accepted drift", |file| file.path.as_str());
    format!(
        "{file}, line {}: {} of {} (\"{}\") accepts nothing: {}.",
        entry.line,
        target(entry),
        entry.owner,
        entry.reason,
        entry.problem.trim_end_matches('.')
    )
}

fn target(entry: &UnusedAcceptance) -> String {
    match (&entry.fingerprint, &entry.id, &entry.object) {
        (Some(fingerprint), _, _) => fingerprint.clone(),
        (None, Some(id), Some(object)) => format!("{id} on {object}"),
        _ => "an entry".to_owned(),
    }
}
