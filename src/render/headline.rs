//! The answer in words: verdict, counts, servers, gaps; for every format.
//!
//! In: a report. Out: plain sentences, not yet escaped. Must not know: any
//! format.

use super::moved;
use super::terminal::name;
use crate::catalogue::Severity;
use crate::report::{Finding, GapEntry, Report, Server, Verdict};
use serde::Serialize;

/// How an answer sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Bad.
    Bad,
    /// To be looked at.
    Warn,
    /// Good.
    Good,
}

/// The answer: how it sounds, a word, and a sentence.
pub fn verdict(report: &Report) -> (Tone, &'static str, &'static str) {
    match report.verdict {
        Verdict::Drift if report.options.same_server => (Tone::Warn, "DRIFT", "the configuration changed"),
        Verdict::Drift if report.summary.block > 0 => (Tone::Bad, "DRIFT", "do not fail over"),
        Verdict::Drift if report.summary.high > 0 => {
            (Tone::Bad, "DRIFT", "wrong data in the first cycle after a failover")
        }
        Verdict::Drift => (Tone::Warn, "DRIFT", "no blocker, nothing that writes wrong data"),
        Verdict::Incomplete => (
            Tone::Warn,
            "INCOMPLETE",
            "no drift found, but part of the answer is unknown",
        ),
        Verdict::Parity if report.summary.accepted > 0 => (
            Tone::Good,
            "PARITY",
            "the two configurations agree, accepted drift aside",
        ),
        Verdict::Parity => (Tone::Good, "PARITY", "the two configurations agree"),
    }
}

/// What the two sides are called: two exports of one server by their order.
pub fn sides(report: &Report) -> [&'static str; 2] {
    match report.options.same_server {
        true => ["before", "after"],
        false => ["primary", "staging"],
    }
}

/// Findings by severity, in words.
pub fn counts(report: &Report) -> String {
    let summary = &report.summary;
    let mut words: Vec<String> = [
        (summary.block, "block"),
        (summary.high, "high"),
        (summary.medium, "medium"),
        (summary.low, "low"),
        (summary.info, "info"),
        (summary.unknown, "UNKNOWN"),
        (summary.accepted, "accepted"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if words.is_empty() {
        let doubtful = report.gaps.iter().any(|gap| gap.part == WHOLE);
        words.push(match (report.verdict, report.gaps.len()) {
            (Verdict::Incomplete, 1..) if doubtful => {
                "all that was read of a server is missing or in doubt, and that may hide a difference".to_owned()
            }
            (Verdict::Incomplete, 0) => "not everything could be compared, and that may hide a difference".to_owned(),
            (Verdict::Incomplete, 1) => "1 part was not read, and it may hide a difference".to_owned(),
            (Verdict::Incomplete, count) => {
                format!("{count} parts were not read, and they may hide a difference")
            }
            _ => "nothing differs that should not".to_owned(),
        });
    }
    let mut text = words.join(", ");
    if let Some(moved) = moved::counts(report) {
        text.push_str(&format!("; moved: {moved}"));
    }
    text
}

/// Faults of one server by itself that matter after a switch: how many, and the first of them; none in the verdict.
pub fn faults(report: &Report) -> Option<String> {
    const SHOWN: usize = 3;
    let of = |severity| report.lints.iter().filter(move |lint| lint.severity == severity);
    let counted = [Severity::Block, Severity::High].map(|severity| (of(severity).count(), severity.word()));
    let counts: Vec<String> = counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let title = |lint: &Finding| {
        let server = lint.server.as_deref().unwrap_or_default();
        format!("{}: {}", name(server), name(&lint.setting))
    };
    let all: Vec<&Finding> = of(Severity::Block).chain(of(Severity::High)).collect();
    let titles: Vec<String> = all.iter().take(SHOWN).map(|lint| title(lint)).collect();
    let more = match all.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    (!all.is_empty()).then(|| {
        format!(
            "of one server by itself, not counted above: {} ({}{more})",
            counts.join(", "),
            titles.join("; ")
        )
    })
}

/// Name, role, build and age of a server.
pub fn server_words(server: &Server) -> String {
    let role = match server.staging_mode {
        Some(true) => "staging mode",
        Some(false) => "active",
        None => "role unknown",
    };
    format!(
        "{}, {role}, build {}, exported {}",
        server.server,
        server.version.as_deref().unwrap_or("unknown"),
        server
            .exported
            .as_deref()
            .map_or_else(|| "at an unknown time".to_owned(), short_time)
    )
}

/// The part of a gap that leaves all of a server unknown.
const WHOLE: &str = "*";

/// What a gap is called: what is doubtful was read.
pub fn gap_label(gap: &GapEntry) -> &'static str {
    match gap.part.as_str() {
        WHOLE => "UNKNOWN",
        _ => "NOT READ",
    }
}

/// A gap in a sentence.
pub fn gap_words(gap: &GapEntry) -> String {
    let place = match (&gap.file, gap.line, gap.column) {
        (Some(file), Some(line), Some(column)) => format!("{}:{line}:{column}: ", name(file)),
        (Some(file), _, _) => format!("{}: ", name(file)),
        _ => String::new(),
    };
    let part = match gap.part.as_str() {
        WHOLE => "all of it",
        part => part,
    };
    format!("{}, {part}: {place}{}", name(&gap.server), gap.problem)
}

/// `2026-11-20 23:30Z` of an ISO time.
pub fn short_time(iso: &str) -> String {
    match (iso.get(..10), iso.get(11..16)) {
        (Some(day), Some(time)) if iso.ends_with('Z') => format!("{day} {time}Z"),
        _ => iso.to_owned(),
    }
}

/// `19,845`
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
