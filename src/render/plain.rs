//! A finding in plain words: no wrapping, no style, no markup.
//!
//! In: a finding. Out: labels and texts, cleaned. Must not know: other findings,
//! which format asks.

use super::finding::{absent, alike, heading};
use super::moved;
use super::terminal::clean;
use crate::report::{Detail, Finding, Place, Report, Status};

/// Sub-changes that are listed before "and N more".
const PARTS: usize = 50;

/// What of which object differs, in a line.
pub fn headline(finding: &Finding, report: &Report) -> String {
    let unknown = match finding.status {
        Status::Unknown => "Unknown, a gap hides the answer: ",
        _ => "",
    };
    let server = finding.server.as_ref().map(|name| format!(" on {name}"));
    // Two equal values say nothing by themselves.
    let equal = match finding.status {
        Status::Lint => "",
        _ => alike(finding),
    };
    clean(&format!(
        "{unknown}{} in {}{}{equal}",
        heading(finding, report),
        path(finding),
        server.unwrap_or_default()
    ))
}

/// Names of the objects from the outside in.
pub fn path(finding: &Finding) -> String {
    clean(&finding.object_path.join(" / "))
}

/// A value, or what its lack means.
pub fn value(finding: &Finding, value: Option<&str>) -> String {
    match (value, finding.status) {
        (Some(text), _) => clean(text),
        (None, Status::Unknown) => "not seen".to_owned(),
        (None, _) => absent(&finding.id),
    }
}

/// Both values of a difference, the one value of a lint, with the names of their servers.
pub fn values(finding: &Finding, report: &Report) -> Vec<(String, String)> {
    let side = |role: &str, server: &str, text: Option<&str>| (format!("{server} ({role})"), value(finding, text));
    let (left, right) = (finding.primary.as_deref(), finding.staging.as_deref());
    if finding.status == Status::Lint {
        let server = finding.server.clone().unwrap_or_default();
        return left.or(right).map(|text| (server, clean(text))).into_iter().collect();
    }
    let roles = super::headline::sides(report);
    let mut values = vec![
        side(roles[0], &report.primary.server, left),
        side(roles[1], &report.staging.server, right),
    ];
    values.extend(
        finding
            .approved_value
            .as_deref()
            .map(|text| ("Approved".to_owned(), clean(text))),
    );
    values
}

/// Everything about a finding, each text under its label.
pub fn lines(finding: &Finding, report: &Report, longest: usize) -> Vec<(String, String)> {
    let mut lines = vec![
        ("Object".to_owned(), path(finding)),
        ("Setting".to_owned(), clean(&finding.setting)),
        ("Severity".to_owned(), finding.severity.word().to_owned()),
    ];
    let moved = moved::of(finding, report);
    lines.extend(moved.map(|moved| ("Moved".to_owned(), clean(&moved.words))));
    lines.extend(values(finding, report));
    let mut line = |label: &str, text: &str| lines.push((label.to_owned(), clean(text)));
    for part in parts(finding) {
        line("Part", &part);
    }
    finding.effect.iter().for_each(|text| line("Effect", text));
    finding.consequences.iter().for_each(|text| line("Then", text));
    line("Why", &finding.why);
    line("Fix", &finding.fix);
    line("Reference", &finding.reference);
    line("Id", &format!("{} {}", finding.id, finding.fingerprint));
    for location in &finding.locations {
        line("Read at", &place(location));
    }
    for (_, text) in &mut lines {
        *text = cut(text, longest);
    }
    lines
}

/// Sub-changes; those that repeat the values are left out.
pub fn parts(finding: &Finding) -> Vec<String> {
    let repeats = |part: &Detail| part.primary == finding.primary && part.staging == finding.staging;
    let all: Vec<&Detail> = finding.detail.iter().filter(|part| !repeats(part)).collect();
    let mut out: Vec<String> = all.iter().take(PARTS).map(|part| clean(&said(part))).collect();
    if all.len() > PARTS {
        out.push(format!(
            "and {} more; the JSON output lists them all",
            all.len() - PARTS
        ));
    }
    out
}

fn said(part: &Detail) -> String {
    let what = &part.what;
    match (&part.primary, &part.staging) {
        (Some(left), Some(right)) if left == right => format!("{what}: {left} on both servers"),
        (Some(left), Some(right)) => format!("{what}: {left} -> {right}"),
        (Some(left), None) => format!("{what}: only on the primary: {left}"),
        (None, Some(right)) => format!("{what}: only on staging: {right}"),
        (None, None) => what.clone(),
    }
}

/// Server, file and line.
pub fn place(place: &Place) -> String {
    format!("{}: {}, line {}", place.server, place.file, place.line)
}

/// Who accepts a finding, why and until when.
pub fn acceptance(finding: &Finding) -> Option<String> {
    let accepted = finding.accepted.as_ref()?;
    let ticket = accepted.ticket.as_ref().map(|ticket| format!(", {ticket}"));
    Some(clean(&format!(
        "{} ({}{}, until {})",
        accepted.reason,
        accepted.owner,
        ticket.unwrap_or_default(),
        accepted.expires
    )))
}

/// A text of at most so many characters and a few that say how many are missing.
pub fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some((at, _)) => format!(
            "{} … ({} more characters; the JSON output has them)",
            &text[..at],
            text[at..].chars().count()
        ),
    }
}
