//! What the templates show of reports: every text that appears in HTML and
//! Markdown, in the order in which it appears. Templates compute nothing.
//!
//! In: reports. Out: one serialisable page; its texts are clean (control and
//! bidirectional characters are visible) and not yet escaped. Must not know:
//! any markup.

mod board;
mod finding;
mod flow;
mod history;
mod lists;
mod pictures;
mod server;
mod timeline;
mod way;

pub use finding::FindingView;
use finding::MovedView;
pub use flow::flow_page;
pub use history::history_page;
pub use server::short as short_time;

use super::evidence;
use super::headline::{Tone, counts, gap_words, grouped, verdict};
use super::moved;
use super::terminal::clean;
use crate::catalogue::Severity;
use crate::report::{Finding, Report, Status};
use serde::Serialize;
use server::ServerView;
use std::collections::BTreeMap;

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
    approved: Vec<ServerView>,
    server_rows: Vec<server::Row>,
    primary: String,
    staging: String,
    /// What the effect of a finding is called.
    effect_label: &'static str,
    counts: Vec<Count>,
    checked_text: String,
    options_text: String,
    gaps: Vec<String>,
    warnings: Vec<String>,
    unused: Vec<String>,
    board: board::Board,
    /// There are cards to filter.
    any: bool,
    facets: Vec<Facet>,
    findings: Vec<FindingView>,
    digest: Vec<board::Digest>,
    accepted: Vec<FindingView>,
    /// Departures from the approved state that are no drift, and what they are called.
    departures: Vec<FindingView>,
    departures_title: &'static str,
    departures_lead: &'static str,
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
    let prefixes = prefixes(reports);
    Page {
        title: format!("{word}{primary} and {}", names.join(", ")),
        tool: first.map_or_else(String::new, |report| {
            format!("{} {}", report.tool.name, report.tool.version)
        }),
        generated: first.map_or_else(String::new, |report| clean(&report.generated)),
        overview: match several {
            true => reports.iter().zip(&prefixes).map(overview).collect(),
            false => Vec::new(),
        },
        reports: reports
            .iter()
            .zip(&prefixes)
            .map(|(report, prefix)| one(report, prefix, rows))
            .collect(),
    }
}

impl Page {
    /// Every card.
    pub fn findings_mut(&mut self) -> impl Iterator<Item = &mut FindingView> {
        self.reports.iter_mut().flat_map(|report| {
            let rest = report
                .lints
                .iter_mut()
                .chain(&mut report.accepted)
                .chain(&mut report.departures);
            report.findings.iter_mut().chain(rest)
        })
    }
}

/// What the effect of a finding is called.
fn effect_label(report: &Report) -> &'static str {
    match report.options.same_server {
        true => "What it does",
        false => "If you fail over",
    }
}

/// Anchor of a finding: its fingerprint, so that a link survives a re-run.
fn anchor(finding: &Finding, prefix: &str) -> String {
    format!("{prefix}f-{}", clean(&finding.fingerprint))
}

/// What anchors of a report begin with: among several the server's name, whatever the order, else nothing.
fn prefixes(reports: &[Report]) -> Vec<String> {
    if reports.len() < 2 {
        return vec![String::new(); reports.len()];
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let prefix = |report: &Report| {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let name: String = report.staging.server.chars().map(plain).collect();
        let count = known.entry(name.clone()).or_default();
        *count += 1;
        match count {
            1 => format!("s-{name}-"),
            count => format!("s-{name}-{count}-"),
        }
    };
    reports.iter().map(prefix).collect()
}

fn overview((report, prefix): (&Report, &String)) -> OverviewRow {
    let (tone, word, _) = verdict(report);
    OverviewRow {
        anchor: format!("{prefix}report"),
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
    let mut lints: Vec<&Finding> = report.lints.iter().collect();
    lints.sort_by_key(|lint| std::cmp::Reverse(lint.severity));
    let of = |findings: Vec<&Finding>| -> Vec<FindingView> {
        let view = |finding: &Finding| FindingView::of(finding, report, prefix);
        findings.into_iter().map(view).collect()
    };
    let (findings, lints, accepted) = (of(open), of(lints), of(accepted));
    let departures: Vec<FindingView> = match moved::departures(report) {
        [] => Vec::new(),
        departures => {
            let named = moved::as_report(report);
            let view = |finding: &Finding| FindingView {
                // The servers keep their names here.
                moved: MovedView::of(finding, report),
                ..FindingView::of(finding, &named, prefix)
            };
            departures.iter().map(view).collect()
        }
    };
    let cards = || findings.iter().chain(&lints).chain(&accepted).chain(&departures);
    let (any, facets) = (cards().next().is_some(), facets(cards()));
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
        approved: server::approved(report),
        primary: server::names(report).0,
        staging: server::names(report).1,
        effect_label: effect_label(report),
        counts: counted(report),
        checked_text: checked_text(report),
        options_text: evidence::options(report),
        gaps: report.gaps.iter().map(|gap| clean(&gap_words(gap))).collect(),
        warnings: report.warnings.iter().map(|warning| clean(&warning.text)).collect(),
        unused: lists::unused(report),
        board: board::of(report, prefix),
        any,
        facets,
        digest: board::digest(report),
        findings,
        accepted,
        departures,
        departures_title: moved::TITLE,
        departures_lead: moved::LEAD,
        lints,
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

fn facets<'f>(findings: impl Iterator<Item = &'f FindingView> + Clone) -> Vec<Facet> {
    let facet = |name, label, all, of: &dyn Fn(&FindingView) -> (String, String)| {
        let mut values: Vec<FacetValue> = Vec::new();
        for finding in findings.clone() {
            let (value, label) = of(finding);
            if value.is_empty() {
                continue;
            }
            match values.iter_mut().find(|known| known.value == value) {
                Some(known) => known.count += 1,
                None => values.push(FacetValue { value, label, count: 1 }),
            }
        }
        // Severities stay worst first, as the findings are.
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
    let mut all = vec![
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
    ];
    if findings.clone().any(|finding| finding.moved.is_some()) {
        all.push(facet("moved", "Moved", "All", &|finding| {
            let moved = finding.moved.as_ref();
            moved.map_or_else(Default::default, |moved| {
                (moved.class.to_owned(), moved.label.to_owned())
            })
        }));
    }
    all
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
