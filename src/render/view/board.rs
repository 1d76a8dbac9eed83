//! The summary for the change board: what is asked, what could go wrong, what
//! is not changing, what was accepted.
//!
//! In: a report. Out: two pages in words. Must not know: markup.

use super::server;
use super::{anchor, area_title, severity_words};
use crate::catalogue::Severity;
use crate::render::finding::heading_with;
use crate::render::headline::{faults, gap_words};
use crate::render::terminal::{clean, name};
use crate::report::{CheckedStatus, Finding, Report, Status, Verdict};
use serde::Serialize;

/// Findings that the table of risks lists one by one.
const RISKS: usize = 25;

/// Lines of the short version that are left for findings.
const LINES: usize = 8;

/// The summary.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    request: String,
    recommendation: String,
    risks: Vec<Risk>,
    /// What the table leaves out, in a sentence.
    more_risks: Option<String>,
    unchanged: Vec<String>,
    accepted: Vec<Accepted>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Risk {
    anchor: String,
    class: &'static str,
    severity: &'static str,
    what: String,
    consequence: String,
    mitigation: String,
}

#[derive(Debug, Serialize)]
struct Accepted {
    anchor: String,
    what: String,
    reason: String,
    owner: String,
    ticket: Option<String>,
    expires: String,
}

/// The summary of a report.
pub fn of(report: &Report, prefix: &str) -> Board {
    let risks: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| match finding.status {
            Status::Unknown => true,
            Status::Drift => finding.severity > Severity::Info,
            _ => false,
        })
        .collect();
    // Two pages: hygiene and lost functions are listed where nothing worse is.
    let (grave, lesser): (Vec<&Finding>, Vec<&Finding>) = risks
        .into_iter()
        .partition(|finding| finding.severity >= Severity::High || finding.status == Status::Unknown);
    let (mut listed, mut rest) = if grave.is_empty() {
        (lesser, grave)
    } else {
        (grave, lesser)
    };
    rest.splice(0..0, listed.split_off(listed.len().min(RISKS)));
    Board {
        request: request(report),
        recommendation: recommendation(report),
        more_risks: more(&rest),
        risks: listed
            .into_iter()
            .map(|finding| risk(finding, report, prefix))
            .collect(),
        unchanged: unchanged(report),
        accepted: accepted(report, prefix),
    }
}

/// A line of the short version.
#[derive(Debug, Serialize)]
pub struct Digest {
    label: &'static str,
    text: String,
}

/// What the answer does not cover, then the worst findings: as many lines as a mail has room for.
pub fn digest(report: &Report) -> Vec<Digest> {
    let gaps = report.gaps.iter().map(|gap| ("Not read:", clean(&gap_words(gap))));
    let warnings = report.warnings.iter().map(|warning| ("Warning:", clean(&warning.text)));
    let open = report
        .findings
        .iter()
        .filter(|finding| finding.status != Status::Accepted);
    let findings = open.map(|finding| {
        let severity = match finding.status {
            Status::Unknown => "Unknown",
            _ => severity_words(finding.severity).1,
        };
        (severity, what(finding, report))
    });
    let mut all: Vec<_> = gaps.chain(warnings).chain(findings).collect();
    let at = (report.gaps.len() + report.warnings.len()).min(2);
    all.splice(at..at, faults(report).map(|words| ("Faults", clean(&words))));
    let shown = if all.len() > LINES { LINES - 1 } else { all.len() };
    let more = all.len() - shown;
    let mut lines: Vec<Digest> = all
        .into_iter()
        .take(shown)
        .map(|(label, text)| Digest { label, text })
        .collect();
    if more > 0 {
        lines.push(Digest {
            label: "…",
            text: format!("and {more} more"),
        });
    }
    lines
}

fn more(risks: &[&Finding]) -> Option<String> {
    let count = |severity| risks.iter().filter(|finding| finding.severity == severity).count();
    let words: Vec<String> = [Severity::Block, Severity::High, Severity::Medium, Severity::Low]
        .into_iter()
        .map(|severity| (count(severity), severity.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    (!words.is_empty()).then(|| format!("More findings are below: {}.", words.join(", ")))
}

fn request(report: &Report) -> String {
    let (primary, staging) = (name(&report.primary.server), name(&report.staging.server));
    match report.options.same_server {
        true => format!("What changed on {primary} between two exports."),
        false => {
            format!("Whether {staging} may take over the export role of {primary}, as far as their configurations go.")
        }
    }
}

fn recommendation(report: &Report) -> String {
    let must = report.summary.block + report.summary.high;
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let text = match report.verdict {
        Verdict::Drift if report.options.same_server => "Read the changes below.".to_owned(),
        Verdict::Parity if report.options.same_server => "Nothing to decide: nothing changed.".to_owned(),
        Verdict::Drift if must > 0 => {
            format!(
                "Do not approve until {must} finding{} of severity block or high are resolved.",
                plural(must)
            )
        }
        Verdict::Drift => "Approve with conditions: resolve or accept the findings below.".to_owned(),
        Verdict::Incomplete => "Do not decide yet: part of the answer is unknown.".to_owned(),
        Verdict::Parity if report.summary.accepted > 0 => {
            "Approve: the configurations agree but for accepted differences.".to_owned()
        }
        Verdict::Parity => "Approve: the configurations agree.".to_owned(),
    };
    match report.summary.unknown + report.gaps.len() {
        0 => text,
        _ if report.verdict == Verdict::Incomplete => text,
        _ => format!("{text} Part of the answer is unknown."),
    }
}

fn risk(finding: &Finding, report: &Report, prefix: &str) -> Risk {
    let (class, severity) = match finding.status {
        Status::Unknown => ("unknown", "Unknown"),
        _ => severity_words(finding.severity),
    };
    Risk {
        anchor: anchor(finding, prefix),
        class,
        severity,
        what: what(finding, report),
        consequence: consequence(finding, report),
        mitigation: clean(first_sentence(&finding.fix)),
    }
}

/// Who is affected; else why it matters at all, with both values where they are short.
fn consequence(finding: &Finding, report: &Report) -> String {
    const SHORT: usize = 40;
    if let Some(effect) = &finding.effect {
        return clean(effect);
    }
    let short = |text: &&String| text.chars().count() <= SHORT;
    let names = server::names(report);
    let why = clean(first_sentence(&finding.why));
    match (
        finding.primary.as_ref().filter(short),
        finding.staging.as_ref().filter(short),
    ) {
        (Some(left), Some(right)) if left != right => {
            format!("{why} {}: {}; {}: {}.", names.0, clean(left), names.1, clean(right))
        }
        _ => why,
    }
}

fn what(finding: &Finding, report: &Report) -> String {
    let names = server::names(report);
    format!("{}: {}", name(&finding.object), clean(&heading_with(finding, names)))
}

/// Up to the first full stop that ends a sentence.
fn first_sentence(text: &str) -> &str {
    text.match_indices(". ")
        .map(|(at, _)| at + 1)
        .next()
        .map_or(text, |end| &text[..end])
}

/// Areas in the order of the checks, with how much of each is equal.
fn unchanged(report: &Report) -> Vec<String> {
    let mut areas: Vec<(&str, usize, usize, usize)> = Vec::new();
    for row in &report.checked {
        if row.status == CheckedStatus::NotPresent {
            continue;
        }
        let equal = usize::from(row.status == CheckedStatus::Equal);
        let unknown = usize::from(row.status == CheckedStatus::Unknown);
        match areas.iter_mut().find(|(area, ..)| *area == row.area) {
            Some((_, same, hidden, all)) => {
                *same += equal;
                *hidden += unknown;
                *all += 1;
            }
            None => areas.push((&row.area, equal, unknown, 1)),
        }
    }
    let words = |(area, equal, unknown, all): (&str, usize, usize, usize)| {
        let area = area_title(area);
        match (all - equal, unknown) {
            (0, _) => format!("{area}: all {all} kinds of settings are equal."),
            (_, 0) => format!("{area}: {equal} of {all} kinds of settings are equal."),
            (_, unknown) if unknown == all => format!("{area}: unknown, all {all} kinds of settings."),
            (_, unknown) => format!("{area}: {equal} of {all} kinds of settings are equal, {unknown} unknown."),
        }
    };
    areas.into_iter().map(words).collect()
}

fn accepted(report: &Report, prefix: &str) -> Vec<Accepted> {
    let row = |finding: &Finding| {
        let accepted = finding.accepted.as_ref()?;
        Some(Accepted {
            anchor: anchor(finding, prefix),
            what: what(finding, report),
            reason: clean(&accepted.reason),
            owner: clean(&accepted.owner),
            ticket: accepted.ticket.as_deref().map(clean),
            expires: clean(&accepted.expires),
        })
    };
    report.findings.iter().filter_map(row).collect()
}
