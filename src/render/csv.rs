//! CSV for Excel: RFC 4180 with line ends of Windows, UTF-8 with a byte order
//! mark, a head, and a row for each finding, expected difference, lint and gap.
//!
//! In: reports. Out: text. Must not know: files.
//!
//! No cell can start a formula: what a program could take for one has a `'`
//! before it, also after line ends and semicolons, where a program that does
//! not split at commas begins a cell. Cells that Excel could not hold are cut
//! and say so.

use super::moved;
use super::plain;
use super::terminal::clean;
use crate::report::{Finding, GapEntry, MovedBy, Report, Status};

/// What a cell of Excel holds, in units of UTF-16.
const LONGEST: usize = 32_767;
/// Ends a cell that was cut.
const CUT: &str = " … (cut; the JSON output has it whole)";

const HEAD: &[&str] = &[
    "Primary server",
    "Staging server",
    "Status",
    "Severity",
    "Area",
    "Path",
    "Object",
    "Setting",
    "Change",
    "Primary",
    "Staging",
    "Parts",
    "Effect",
    "Consequences",
    "Why",
    "Fix",
    "Reason",
    "Owner",
    "Ticket",
    "Expires",
    "Server",
    "Read at",
    "Matched by",
    "Id",
    "Fingerprint",
    "Values",
    "Reference",
];

/// One table of all reports.
pub fn csv(reports: &[Report]) -> String {
    let mut out = String::from("\u{feff}");
    // Two columns more where there is an approved state.
    let three = reports.iter().any(|report| report.baseline.is_some());
    let mut line = |cells: [String; HEAD.len()], more: [String; 2]| {
        row(
            &mut out,
            cells.into_iter().chain(three.then_some(more).into_iter().flatten()),
        );
    };
    line(
        std::array::from_fn(|at| HEAD[at].to_owned()),
        ["Moved", "Approved"].map(str::to_owned),
    );
    let moved = |finding: &Finding, report: &Report, approved: &Option<String>| {
        let moved = moved::of(finding, report);
        let class = moved.map_or_else(String::new, |moved| moved.class.to_owned());
        [class, approved.clone().unwrap_or_default()]
    };
    for report in reports {
        let entries = report.findings.iter().chain(&report.expected).chain(&report.lints);
        for finding in entries {
            let more = moved(finding, report, &finding.approved_value);
            line(of_finding(finding, report), more);
        }
        for finding in moved::departures(report) {
            let mut now = finding.clone();
            now.primary = (finding.moved_by != Some(MovedBy::Staging))
                .then(|| finding.staging.clone())
                .flatten();
            now.staging = (finding.moved_by != Some(MovedBy::Primary))
                .then(|| finding.staging.clone())
                .flatten();
            line(of_finding(&now, report), moved(finding, report, &finding.primary));
        }
        for gap in &report.gaps {
            line(of_gap(gap, report), Default::default());
        }
    }
    out
}

fn of_finding(finding: &Finding, report: &Report) -> [String; HEAD.len()] {
    let accepted = finding.accepted.as_ref();
    let reason = accepted
        .map(|accepted| accepted.reason.as_str())
        .or(finding.reason.as_deref());
    let owner = accepted.map(|accepted| accepted.owner.as_str());
    let ticket = accepted.and_then(|accepted| accepted.ticket.as_deref());
    let expires = accepted.map(|accepted| accepted.expires.as_str());
    let places: Vec<String> = finding.locations.iter().map(plain::place).collect();
    [
        report.primary.server.clone(),
        report.staging.server.clone(),
        status(finding.status).to_owned(),
        finding.severity.word().to_owned(),
        finding.area.to_string(),
        finding.object_path.join(" / "),
        finding.object.clone(),
        finding.setting.clone(),
        change(finding),
        finding.primary.clone().unwrap_or_default(),
        finding.staging.clone().unwrap_or_default(),
        plain::parts(finding).join("\n"),
        finding.effect.clone().unwrap_or_default(),
        finding.consequences.join("\n"),
        finding.why.to_string(),
        finding.fix.to_string(),
        reason.unwrap_or_default().to_owned(),
        owner.unwrap_or_default().to_owned(),
        ticket.unwrap_or_default().to_owned(),
        expires.unwrap_or_default().to_owned(),
        finding.server.clone().unwrap_or_default(),
        places.join("\n"),
        finding.matched_by.as_deref().unwrap_or_default().to_owned(),
        finding.id.to_string(),
        finding.fingerprint.clone(),
        finding.values.clone(),
        finding.reference.to_string(),
    ]
}

fn of_gap(gap: &GapEntry, report: &Report) -> [String; HEAD.len()] {
    let place = gap.file.as_ref().map(|file| match gap.line {
        Some(line) => format!("{file}, line {line}"),
        None => file.clone(),
    });
    let mut cells = [const { String::new() }; HEAD.len()];
    let known = [
        ("Primary server", report.primary.server.clone()),
        ("Staging server", report.staging.server.clone()),
        ("Status", "gap".to_owned()),
        ("Object", gap.part.clone()),
        ("Reason", gap.problem.clone()),
        ("Server", gap.server.clone()),
        ("Read at", place.unwrap_or_default()),
    ];
    for (title, text) in known {
        let cell = HEAD.iter().zip(&mut cells).find(|(head, _)| **head == title);
        cell.into_iter().for_each(|(_, cell)| text.clone_into(cell));
    }
    cells
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Drift => "drift",
        Status::Accepted => "accepted",
        Status::Unknown => "unknown",
        Status::Expected => "expected",
        Status::Lint => "lint",
        Status::Departure => "departure",
    }
}

fn change(finding: &Finding) -> String {
    format!("{:?}", finding.change).to_lowercase()
}

fn row(out: &mut String, cells: impl IntoIterator<Item = String>) {
    for (index, text) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&cell(&text));
    }
    out.push_str("\r\n");
}

/// A cell with its quotes, where it needs any.
fn cell(text: &str) -> String {
    let text = fitting(harmless(&clean(text).replace('\t', "\\u{9}")));
    if text.contains(['"', ',', ';', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The text with a `'` wherever a formula could begin.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(['\n', ';']) {
        if starts_formula(part) {
            out.push('\'');
        }
        out.push_str(part);
    }
    out
}

/// Programs skip blanks and quotes before a formula, and some take the wide forms of its characters.
fn starts_formula(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{2018}'..='\u{201f}' | '＂' | '＇');
    let starts = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−'
        )
    };
    text.trim_start_matches(blank).starts_with(starts)
}

fn fitting(text: String) -> String {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text;
    }
    let mut room = LONGEST - CUT.encode_utf16().count();
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    kept + CUT
}

#[cfg(test)]
mod tests {
    use super::{CUT, LONGEST, cell};

    #[test]
    fn no_cell_starts_a_formula() {
        for text in [
            "=1",
            "+1",
            "-1",
            "@SUM(1)",
            " =1",
            "\u{a0}=1",
            "'=1",
            "“=1",
            "＝1",
            "－1",
            "\u{3000}＠x",
        ] {
            let shown = cell(text);
            assert!(shown.starts_with('\''), "{text:?}: {shown}");
        }
        assert_eq!(cell("\"=1\""), "\"'\"\"=1\"\"\"");
        assert_eq!(cell("a;=1\n @b"), "\"a;'=1\n' @b\"");
        assert_eq!(cell("a=b-c"), "a=b-c");
        assert_eq!(cell("\t=1\r=1"), "\\u{9}=1\\u{d}=1");
        assert_eq!(cell("\u{202e}=1\u{1b}"), "\\u{202e}=1\\u{1b}");
    }

    #[test]
    fn a_cell_has_quotes_where_it_needs_them() {
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("a\"b"), "\"a\"\"b\"");
        assert_eq!(cell("a b"), "a b");
    }

    #[test]
    fn a_cell_fits_excel_and_says_what_it_lacks() {
        let units = |text: &str| text.encode_utf16().count();
        let whole = "ä".repeat(LONGEST);
        assert_eq!(cell(&whole), whole);
        for long in ["x".repeat(LONGEST + 1), "😀".repeat(LONGEST), format!("={whole}")] {
            let shown = cell(&long);
            let shown = shown.trim_matches('"');
            assert!(shown.ends_with(CUT) && units(shown) <= LONGEST && units(shown) > LONGEST - 2);
        }
    }
}
