//! SARIF 2.1.0 for code scanning: one run for each pair.
//!
//! In: reports. Out: JSON. Must not know: files.
//!
//! * Findings are results: `block` and `high` are errors, `medium` and `low`
//!   warnings, `info` is a note. What is unknown keeps its level and says so, for
//!   GitHub knows no other kind than a failure. Lints are notes whatever their
//!   severity: they never fail a comparison. Expected differences are no results.
//! * `executionSuccessful` is false whenever results may be missing: after a
//!   gap, while something is unknown, and when results were cut. Who closes
//!   alerts that are gone must not close those that nobody could look for.
//! * GitHub takes 25,000 results a run and 25 MB compressed: values are shortened,
//!   and results beyond the limit are left out with a notification.

use super::markdown;
use super::moved;
use super::plain;
use super::sarif_place::{bases, locations, uri};
use super::terminal::clean;
use crate::catalogue::{Catalogue, Severity};
use crate::report::{Finding, GapEntry, Report, Status};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The format's own schema.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Results of a run that GitHub takes.
const RESULTS: usize = 25_000;
/// Characters of one text in a message.
const TEXT: usize = 1_000;

/// The log of all reports.
///
/// # Errors
/// It cannot be serialised; nothing in it can cause that.
pub fn sarif(reports: &[Report]) -> serde_json::Result<Vec<u8>> {
    let runs: Vec<Value> = reports.iter().map(run).collect();
    super::json(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": runs }))
}

fn run(report: &Report) -> Value {
    let all = report.findings.iter().chain(&report.lints);
    let total = report.findings.len() + report.lints.len();
    let mut rules = Rules::default();
    let results: Vec<Value> = all
        .take(RESULTS)
        .map(|finding| result(finding, report, &mut rules))
        .collect();
    json!({
        "tool": { "driver": {
            "name": report.tool.name,
            "version": report.tool.version,
            "semanticVersion": report.tool.version,
            "rules": rules.all,
            "properties": { "catalogue": report.tool.catalogue }
        } },
        "automationDetails": { "id": format!(
            "{}/{}/{}/",
            uri(&report.tool.name), uri(&report.primary.server), uri(&report.staging.server)
        ) },
        "invocations": [invocation(report, total.saturating_sub(RESULTS))],
        "originalUriBaseIds": bases(report),
        // As gaps count columns.
        "columnKind": "unicodeCodePoints",
        "results": results
    })
}

fn invocation(report: &Report, cut: usize) -> Value {
    let mut notifications: Vec<Value> = report.gaps.iter().map(|gap| of_gap(gap, report)).collect();
    for warning in &report.warnings {
        notifications.push(notification("warning", &warning.id, &warning.text));
    }
    if cut > 0 {
        let text = format!("{cut} results beyond the first {RESULTS} were left out; the JSON output has them all.");
        notifications.push(notification("error", "results-cut", &text));
    }
    json!({
        "executionSuccessful": report.gaps.is_empty() && report.summary.unknown == 0 && cut == 0,
        "endTimeUtc": report.generated,
        "toolExecutionNotifications": notifications
    })
}

fn notification(level: &str, id: &str, text: &str) -> Value {
    json!({ "level": level, "descriptor": { "id": id }, "message": { "text": message(text) } })
}

fn of_gap(gap: &GapEntry, report: &Report) -> Value {
    let text = format!("{}: {}: {}", gap.server, gap.part, gap.problem);
    let mut value = notification("error", "gap", &plain::cut(&text, TEXT));
    if let Some(location) = super::sarif_place::gap(gap, report) {
        value["locations"] = json!([location]);
    }
    value
}

/// The rows that results refer to, in the order of their first result.
#[derive(Default)]
struct Rules {
    all: Vec<Value>,
    by_id: BTreeMap<String, usize>,
}

impl Rules {
    fn index(&mut self, finding: &Finding) -> usize {
        if let Some(&index) = self.by_id.get(&*finding.id) {
            return index;
        }
        let index = self.all.len();
        self.by_id.insert(finding.id.to_string(), index);
        self.all.push(rule(finding));
        index
    }
}

/// A rule from its catalogue row; of a row that this version does not know, from a finding.
fn rule(finding: &Finding) -> Value {
    let row = Catalogue::builtin().row(&finding.id);
    let text = |of_row: Option<&str>, of_finding: &str| of_row.unwrap_or(of_finding).to_owned();
    let title = text(row.map(|row| &*row.title), &finding.setting);
    let why = text(row.map(|row| &*row.why), &finding.why);
    let fix = text(row.map(|row| &*row.fix), &finding.fix);
    let reference = text(row.map(|row| &*row.reference), &finding.reference);
    let severity = row.map_or(finding.severity, |row| row.severity);
    let mut rule = json!({
        "id": clean(&finding.id),
        "shortDescription": { "text": message(&title) },
        "fullDescription": { "text": message(&plain::cut(&why, TEXT)) },
        "help": {
            "text": message(&format!("{why}\n\nFix: {fix}\n\nReference: {reference}")),
            "markdown": format!(
                "{}\n\n**Fix.** {}\n\n**Reference.** {}",
                markdown::escape(&why), markdown::escape(&fix), markdown::escape(&reference)
            )
        },
        "defaultConfiguration": { "level": level(severity) },
        "properties": {
            "tags": [finding.area],
            "severity": severity.word(),
            // GitHub's word for the level of what is no security problem.
            "problem.severity": match level(severity) { "note" => "recommendation", level => level }
        }
    });
    if reference.starts_with("https://") && !reference.contains(char::is_whitespace) {
        rule["helpUri"] = json!(reference);
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Block | Severity::High => "error",
        Severity::Medium | Severity::Low => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding, report: &Report, rules: &mut Rules) -> Value {
    let lint = finding.status == Status::Lint;
    let line_hash = match &finding.server {
        Some(server) => format!("{}:{}", finding.fingerprint, clean(server)),
        None => finding.fingerprint.clone(),
    };
    let mut result = json!({
        "ruleId": clean(&finding.id),
        "ruleIndex": rules.index(finding),
        "level": if lint { "note" } else { level(finding.severity) },
        "message": { "text": message(&said(finding, report)) },
        "locations": locations(finding, report),
        "partialFingerprints": {
            "syncdrift/v1": finding.fingerprint,
            // The only one that GitHub compares; lines move with every export.
            "primaryLocationLineHash": line_hash
        },
        "properties": {
            "severity": finding.severity.word(),
            "status": finding.status,
            "change": finding.change,
            "area": finding.area,
            "object": clean(&finding.object),
            "objectPath": finding.object_path.iter().map(|name| clean(name)).collect::<Vec<_>>(),
            "setting": clean(&finding.setting)
        }
    });
    if let Some(server) = &finding.server {
        result["properties"]["server"] = json!(clean(server));
    }
    if let Some(moved) = moved::of(finding, report) {
        result["properties"]["moved"] = json!(moved.class);
    }
    if finding.status == Status::Accepted {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": plain::acceptance(finding).unwrap_or_default()
        }]);
    }
    result
}

fn said(finding: &Finding, report: &Report) -> String {
    let mut text = plain::headline(finding, report);
    // The rule has why; the rest repeats what stands in fields of their own.
    const ELSEWHERE: [&str; 7] = ["Object", "Setting", "Severity", "Why", "Reference", "Id", "Read at"];
    for (label, line) in plain::lines(finding, report, TEXT) {
        if !ELSEWHERE.contains(&label.as_str()) {
            text.push_str(&format!("\n{label}: {line}"));
        }
    }
    text
}

/// Text in which a viewer finds neither a link nor a placeholder: `](` would end a link's text, `{0}` stands for an
/// argument.
fn message(text: &str) -> String {
    let text = clean(text).replace("](", "\\](");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        let digits = inside.len() - inside.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 && inside[digits..].starts_with('}') {
            out.push_str(&format!("{{{{{}}}}}", &inside[..digits]));
            rest = &inside[digits + 1..];
        } else {
            out.push('{');
            rest = inside;
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn no_message_has_a_link_or_a_placeholder() {
        assert_eq!(message("[a](https://b) {0} {12}{"), "[a\\](https://b) {{0}} {{12}}{");
        assert_eq!(message("{b891884f} [department]"), "{b891884f} [department]");
        assert_eq!(message("\u{202e}"), "\\u{202e}");
    }
}
