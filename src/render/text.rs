//! The report as text, for an operator at two in the morning: the verdict
//! first, at most a screen before the details, worst first.
//!
//! In: reports. Out: text with ANSI styles (the caller strips them where they
//! are not wanted). Must not know: how anything was computed.

use super::accepted;
use super::evidence;
use super::finding::{VALUE, absent, brief, cut, full, heading, label};
use super::headline::{Tone, counts, faults, gap_label, gap_words, grouped, server_words, sides, verdict};
use super::moved;
use super::terminal::{BAD, BOLD, DIM, GOOD, Span, WARN, WIDTH, clean, paint, plain, wrap};
use crate::catalogue::Severity;
use crate::report::{CheckedStatus, Finding, Report, Server, Status};

/// How much to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Verdict and counts.
    Verdict,
    /// At most 15 lines.
    Summary,
    /// Every finding.
    Findings,
    /// Expected differences and what was checked, too.
    Everything,
}

/// Warnings, gaps and lints printed on the first screen.
const FIRST: usize = 3;
/// Lines of a summary that are kept for findings.
const INDEX: usize = 4;
/// Lines of a summary.
const SUMMARY: usize = 15;

/// Renders one report or several.
pub fn text(reports: &[Report], detail: Detail) -> String {
    let mut out = String::new();
    if reports.len() > 1 {
        for report in reports {
            out.push_str(&overview(report));
        }
        out.push('\n');
    }
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            out.push_str(&format!("\n{}\n\n", "=".repeat(WIDTH)));
        }
        out.push_str(&one(report, detail));
    }
    out
}

fn overview(report: &Report) -> String {
    let (tone, word, _) = verdict(report);
    let style = style(tone);
    wrap(
        &format!("{:10} ", clean(&report.staging.server)),
        VALUE,
        &[
            Span {
                text: word.to_owned(),
                style: Some(style),
            },
            Span {
                text: format!(" against {}: {}", clean(&report.primary.server), counts(report)),
                style: None,
            },
        ],
    )
}

fn one(report: &Report, detail: Detail) -> String {
    let mut out = head(report);
    match detail {
        Detail::Verdict => return out,
        Detail::Summary => {
            out.push_str(&summary(report, SUMMARY.saturating_sub(out.lines().count())));
            return out;
        }
        Detail::Findings | Detail::Everything => {}
    }
    out.push_str(&problems(report));
    for finding in report
        .findings
        .iter()
        .filter(|f| f.status != Status::Accepted && (f.severity > Severity::Info || f.status == Status::Unknown))
    {
        out.push('\n');
        out.push_str(&full(finding, report));
    }
    let infos: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Info && f.status == Status::Drift)
        .collect();
    if !infos.is_empty() {
        out.push_str(&format!("\n{}\n", paint(BOLD, "Worth knowing, no fault")));
        for finding in infos {
            out.push_str(&brief(finding, report));
        }
    }
    out.push_str(&departures(report));
    out.push_str(&accepted::section(report));
    if !report.lints.is_empty() {
        out.push_str(&format!(
            "\n{}\n",
            paint(BOLD, "Faults of one server by itself (no drift)")
        ));
        for lint in &report.lints {
            out.push_str(&lint_line(lint));
        }
    }
    if detail == Detail::Everything {
        out.push_str(&everything(report));
    }
    out.push_str(&foot(report, detail));
    out
}

/// What departed from the approved state without being drift.
fn departures(report: &Report) -> String {
    let departures = moved::departures(report);
    if departures.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", paint(BOLD, moved::TITLE));
    for finding in departures {
        let who = moved::of(finding, report).map_or_else(String::new, |moved| moved.words);
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| absent(&finding.id));
        let text = format!(
            "{}: {}: {} -> {} (moved: {who}) [{} {}]",
            finding.object_path.join(" / "),
            finding.setting,
            value(&finding.primary),
            value(&finding.staging),
            finding.severity.word(),
            finding.id
        );
        out.push_str(&wrap("  *", 8, &plain(&text)));
    }
    out
}

fn style(tone: Tone) -> anstyle::Style {
    match tone {
        Tone::Bad => BAD,
        Tone::Warn => WARN,
        Tone::Good => GOOD,
    }
}

fn head(report: &Report) -> String {
    let (tone, word, sentence) = verdict(report);
    let style = style(tone);
    let mut out = format!("{}: {sentence}\n", paint(style, word));
    out.push_str(&wrap("", 2, &plain(&counts(report))));
    let [left, right] = sides(report);
    out.push_str(&server(left, &report.primary));
    out.push_str(&server(right, &report.staging));
    for state in moved::states(report) {
        out.push_str(&server("approved", state));
    }
    let ledger = &report.ledger;
    out.push_str(&wrap(
        "checked",
        VALUE,
        &plain(&format!(
            "{} values, each accounted for; {}",
            grouped(ledger.leaves),
            match report.summary.expected {
                1 => "1 difference is expected".to_owned(),
                count => format!("{count} differences are expected"),
            }
        )),
    ));
    out.push_str(&wrap("made with", VALUE, &plain(&evidence::options(report))));
    out
}

/// A server in a line.
pub fn server(label: &str, server: &Server) -> String {
    wrap(label, VALUE, &plain(&server_words(server)))
}

/// What was not read, warnings and findings, as many as fit. What the answer does not cover comes before the answer.
fn summary(report: &Report, lines: usize) -> String {
    let open = report.findings.iter().filter(|f| f.status != Status::Accepted).count();
    let mut causes: Vec<(&str, String)> = report.gaps.iter().map(|gap| (gap_label(gap), gap_words(gap))).collect();
    let warnings = report.warnings.iter().map(|warning| ("WARNING", warning.text.clone()));
    // The first warning is seen, however many gaps there are.
    let at = causes.len().min(1);
    let mut warnings = warnings.collect::<Vec<_>>().into_iter();
    causes.splice(at..at, warnings.next());
    causes.extend(warnings);
    let faults = faults(report).map(|words| ("FAULTS", words));
    // What would stop a switch is seen behind the first of each.
    let at = causes.len().min(2);
    causes.splice(at..at, faults);
    let mut out = causes_in(&causes, lines.saturating_sub(open.min(INDEX)));
    out.push_str(&index(report, lines.saturating_sub(out.lines().count())));
    out
}

/// Each cause in one line; whole from the first on, where there is room.
fn causes_in(causes: &[(&str, String)], room: usize) -> String {
    let shown = if causes.len() > room {
        room.saturating_sub(1)
    } else {
        causes.len()
    };
    let more = causes.len() - shown;
    let mut spare = room.saturating_sub(shown + usize::from(more > 0));
    let mut out = String::new();
    for (label, text) in &causes[..shown] {
        let whole = wrap(label, VALUE, &plain(text));
        let longer = whole.lines().count().saturating_sub(1);
        if longer <= spare {
            spare -= longer;
            out.push_str(&whole);
        } else {
            out.push_str(&wrap(label, VALUE, &plain(&cut(&clean(text), WIDTH - VALUE))));
        }
    }
    if more > 0 {
        out.push_str(&wrap(
            "",
            VALUE,
            &plain(&format!("and {more} more; see without --summary")),
        ));
    }
    out
}

/// One line a finding, as many as fit.
fn index(report: &Report, lines: usize) -> String {
    let mut out = String::new();
    let open: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|f| f.status != Status::Accepted)
        .collect();
    let total = open.len();
    let shown = if total > lines { lines.saturating_sub(1) } else { total };
    for finding in open.into_iter().take(shown) {
        let text = format!(
            "{}: {}",
            clean(&finding.object_path.join(" / ")),
            clean(&heading(finding, report))
        );
        out.push_str(&format!("{} {}\n", label(finding), cut(&text, WIDTH - 8)));
    }
    if total > shown {
        out.push_str(&format!("        and {} more\n", total - shown));
    }
    out
}

/// Gaps and warnings: what the answer does not cover comes before the answer.
fn problems(report: &Report) -> String {
    let mut out = String::new();
    for gap in report.gaps.iter().take(FIRST) {
        out.push_str(&wrap(gap_label(gap), VALUE, &plain(&gap_words(gap))));
    }
    if report.gaps.len() > FIRST {
        out.push_str(&wrap(
            "",
            VALUE,
            &plain(&format!("and {} more gaps", report.gaps.len() - FIRST)),
        ));
    }
    for warning in report.warnings.iter().take(FIRST) {
        out.push_str(&wrap("WARNING", VALUE, &plain(&warning.text)));
    }
    out.push_str(&accepted::unused(report, FIRST));
    out
}

fn lint_line(lint: &Finding) -> String {
    let value = lint.primary.as_ref().or(lint.staging.as_ref());
    let mut text = format!(
        "{}: {}: {}",
        lint.server.as_deref().unwrap_or_default(),
        lint.object_path.join(" / "),
        lint.setting
    );
    if let Some(value) = value {
        text.push_str(&format!(": {value}"));
    }
    for consequence in &lint.consequences {
        text.push_str(&format!(" ({consequence})"));
    }
    text.push_str(&format!(" [{} {}]", lint.severity.word(), lint.id));
    wrap("lint", 8, &plain(&text))
}

fn everything(report: &Report) -> String {
    let mut out = format!("\n{}\n", paint(BOLD, "Expected differences"));
    for finding in &report.expected {
        let text = format!(
            "{}: {}: {} -> {}. {}",
            finding.object_path.join(" / "),
            finding.setting,
            finding.primary.clone().unwrap_or_else(|| absent(&finding.id)),
            finding.staging.clone().unwrap_or_else(|| absent(&finding.id)),
            finding.reason.as_deref().unwrap_or_default()
        );
        out.push_str(&wrap("  ~", 4, &plain(&text)));
        for part in &finding.detail {
            let text = format!(
                "{}: {} -> {}",
                part.what,
                part.primary.clone().unwrap_or_else(|| absent(&part.id)),
                part.staging.clone().unwrap_or_else(|| absent(&part.id))
            );
            out.push_str(&wrap("      -", 8, &plain(&text)));
        }
    }
    out.push_str(&evidence::files(report));
    out.push_str(&format!("\n{}\n", paint(BOLD, "Compared and found equal")));
    for row in report.checked.iter().filter(|row| row.status == CheckedStatus::Equal) {
        out.push_str(&wrap(
            "  =",
            4,
            &plain(&format!("{} ({} objects)", row.id, row.objects)),
        ));
    }
    out
}

fn foot(report: &Report, detail: Detail) -> String {
    let mut hints = Vec::new();
    if detail != Detail::Everything && report.summary.expected > 0 {
        hints.push("-v lists the expected differences");
    }
    if report.findings.iter().any(|finding| finding.severity > Severity::Info) {
        hints.push("syncdrift explain ID tells more about a finding");
    }
    if hints.is_empty() {
        return String::new();
    }
    let text = Span {
        text: format!("{}.", hints.join("; ")),
        style: Some(DIM),
    };
    format!("\n{}", wrap("", 0, &[text]))
}
