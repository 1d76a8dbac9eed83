//! What the templates show of reports: every text that appears in HTML and
//! Markdown, in the order in which it appears. Templates compute nothing.
//!
//! In: reports. Out: one serialisable page; its texts are clean (control and
//! bidirectional characters are visible) and not yet escaped. Must not know:
//! any markup.

mod board;
mod finding;
mod flow;
mod lists;
mod pictures;
mod server;
mod way;

pub use finding::FindingView;
pub use flow::flow_page;

use super::evidence;
use super::headline::{Tone, counts, gap_words, grouped, verdict};
use super::terminal::clean;
use crate::catalogue::Severity;
use crate::report::{Finding, Report, Status};
use serde::Serialize;
use server::ServerView;

/// A page of one report or several.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// Title of the window.
    pub title: String,
    /// What made it.
    pub tool: String,
    /// When.
    pub generated: String,
    /// Each staging server in a line; empty where there is but one.
    pub overview: Vec<OverviewRow>,
    /// The reports.
    pub reports: Vec<ReportView>,
}

/// A staging server among several.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OverviewRow {
    anchor: String,
    server: String,
    tone: Tone,
    word: &'static str,
    counts: String,
}

/// A report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    /// Anchor of the report, and what the anchors within it begin with.
    anchor: String,
    prefix: String,
    tone: Tone,
    word: &'static str,
    sentence: &'static str,
    counts_text: String,
    generated: String,
    servers: Vec<ServerView>,
    server_rows: Vec<server::Row>,
    primary: String,
    staging: String,
    counts: Vec<Count>,
    checked_text: String,
    options_text: String,
    gaps: Vec<String>,
    warnings: Vec<String>,
    unused: Vec<String>,
    board: board::Board,
    facets: Vec<Facet>,
    findings: Vec<FindingView>,
    digest: Vec<board::Digest>,
    accepted: Vec<FindingView>,
    lints: Vec<FindingView>,
    expected: lists::Expected,
    checked: Vec<lists::Area>,
    commands: Vec<lists::DocumentCommand>,
    files: Vec<lists::Files>,
}

/// How many findings there are of a kind.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    class: &'static str,
    label: &'static str,
    meaning: &'static str,
    count: usize,
    none: bool,
}

/// Values by which findings are filtered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Facet {
    /// Name of the data attribute.
    name: &'static str,
    label: &'static str,
    all: &'static str,
    values: Vec<FacetValue>,
}

#[derive(Debug, Serialize)]
struct FacetValue {
    value: String,
    label: String,
    count: usize,
}

/// The page of reports, with so many expected differences of one reason.
pub fn page(reports: &[Report], rows: usize) -> Page {
    let several = reports.len() > 1;
    let names: Vec<String> = reports.iter().map(|report| clean(&report.staging.server)).collect();
    let first = reports.first();
    let primary = first.map_or_else(String::new, |report| clean(&report.primary.server));
    let word = match reports {
        [report] => format!("{}: ", verdict(report).1),
        _ => String::new(),
    };
    Page {
        title: format!("{word}{primary} and {}", names.join(", ")),
        tool: first.map_or_else(String::new, |report| {
            format!("{} {}", report.tool.name, report.tool.version)
        }),
        generated: first.map_or_else(String::new, |report| clean(&report.generated)),
        overview: match several {
            true => reports.iter().enumerate().map(overview).collect(),
            false => Vec::new(),
        },
        reports: reports
            .iter()
            .enumerate()
            .map(|(index, report)| one(report, &prefix(index), rows))
            .collect(),
    }
}

impl Page {
    /// Every card.
    pub fn findings_mut(&mut self) -> impl Iterator<Item = &mut FindingView> {
        self.reports.iter_mut().flat_map(|report| {
            let rest = report.lints.iter_mut().chain(&mut report.accepted);
            report.findings.iter_mut().chain(rest)
        })
    }
}

/// Anchor of a finding: its fingerprint, so that a link survives a re-run.
fn anchor(finding: &Finding, prefix: &str) -> String {
    format!("{prefix}f-{}", clean(&finding.fingerprint))
}

/// What anchors of a report begin with; those of the first one need nothing.
fn prefix(index: usize) -> String {
    match index {
        0 => String::new(),
        index => format!("r{}-", index + 1),
    }
}

fn overview((index, report): (usize, &Report)) -> OverviewRow {
    let (tone, word, _) = verdict(report);
    OverviewRow {
        anchor: format!("{}report", prefix(index)),
        server: clean(&report.staging.server),
        tone,
        word,
        counts: counts(report),
    }
}

fn one(report: &Report, prefix: &str, rows: usize) -> ReportView {
    let (tone, word, sentence) = verdict(report);
    let (accepted, open): (Vec<_>, Vec<_>) = report
        .findings
        .iter()
        .partition(|finding| finding.status == Status::Accepted);
    let view = |finding| FindingView::of(finding, report, prefix);
    let findings: Vec<FindingView> = open.iter().copied().map(view).collect();
    let servers = server::both(report);
    ReportView {
        anchor: format!("{prefix}report"),
        prefix: prefix.to_owned(),
        tone,
        word,
        sentence,
        counts_text: counts(report),
        generated: server::short(&report.generated),
        server_rows: server::rows(&servers),
        servers,
        primary: clean(&report.primary.server),
        staging: clean(&report.staging.server),
        counts: counted(report),
        checked_text: checked_text(report),
        options_text: evidence::options(report),
        gaps: report.gaps.iter().map(|gap| clean(&gap_words(gap))).collect(),
        warnings: report.warnings.iter().map(|warning| clean(&warning.text)).collect(),
        unused: lists::unused(report),
        board: board::of(report, prefix),
        facets: facets(&findings),
        digest: board::digest(report),
        findings,
        accepted: accepted.into_iter().map(view).collect(),
        lints: report.lints.iter().map(view).collect(),
        expected: lists::expected(report, rows),
        checked: lists::areas(report),
        commands: lists::commands(report),
        files: lists::files(report),
    }
}

fn checked_text(report: &Report) -> String {
    let ledger = &report.ledger;
    let mut text = format!(
        "{} values read and accounted for: {} compared, {} noise",
        grouped(ledger.leaves),
        grouped(ledger.compared),
        grouped(ledger.noise)
    );
    if ledger.secret > 0 {
        text.push_str(&format!(", {} secret", grouped(ledger.secret)));
    }
    if ledger.uncatalogued > 0 {
        text.push_str(&format!(
            ", {} unknown to the catalogue and compared as text",
            grouped(ledger.uncatalogued)
        ));
    }
    text + "."
}

fn counted(report: &Report) -> Vec<Count> {
    let summary = &report.summary;
    let count = |class, label, meaning, count| Count {
        class,
        label,
        meaning,
        count,
        none: count == 0,
    };
    vec![
        count("block", "Block", "do not fail over", summary.block),
        count("high", "High", "wrong data in the first cycle", summary.high),
        count("medium", "Medium", "a function is lost or degraded", summary.medium),
        count("low", "Low", "hygiene", summary.low),
        count("info", "Info", "worth knowing, no fault", summary.info),
        count("unknown", "Unknown", "could not be read", summary.unknown),
        count("accepted", "Accepted", "its owners let it stand", summary.accepted),
        count("expected", "Expected", "no one need act", summary.expected),
    ]
}

fn facets(findings: &[FindingView]) -> Vec<Facet> {
    let facet = |name, label, all, of: &dyn Fn(&FindingView) -> (String, String)| {
        let mut values: Vec<FacetValue> = Vec::new();
        for finding in findings {
            let (value, label) = of(finding);
            match values.iter_mut().find(|known| known.value == value) {
                Some(known) => known.count += 1,
                None => values.push(FacetValue { value, label, count: 1 }),
            }
        }
        if name != "severity" {
            values.sort_by(|a, b| a.label.cmp(&b.label));
        }
        Facet {
            name,
            label,
            all,
            values,
        }
    };
    vec![
        facet("severity", "Severity", "All severities", &|finding| {
            (finding.class.to_owned(), finding.severity.to_owned())
        }),
        facet("area", "Area", "All areas", &|finding| {
            (finding.area.clone(), finding.area_title.clone())
        }),
        facet("within", "Connector", "All connectors", &|finding| {
            (finding.within.clone(), finding.within.clone())
        }),
        facet("status", "Status", "All", &|finding| {
            (finding.status.to_owned(), finding.status_title.to_owned())
        }),
    ]
}

/// What a severity is called, and its class in the style sheet.
fn severity_words(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Block => ("block", "Block"),
        Severity::High => ("high", "High"),
        Severity::Medium => ("medium", "Medium"),
        Severity::Low => ("low", "Low"),
        Severity::Info => ("info", "Info"),
    }
}

/// `Sync rules` of `sync-rules`.
fn area_title(area: &str) -> String {
    let text = clean(area).replace('-', " ");
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
