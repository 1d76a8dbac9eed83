//! One finding as text: its object, both values with the words that differ
//! marked, what follows, why, and how to mend it.
//!
//! In: a finding. Out: lines of at most 80 columns. Must not know: other findings.

use super::expression::Lines;
use super::terminal::{ADDED, BAD, BOLD, DIM, REMOVED, Span, WARN, WIDTH, clean, paint, plain, wrap};
use super::words::marked;
use crate::catalogue::{Catalogue, Severity, ValueKind};
use crate::report::{ChangeKind, Detail, Finding, Report, Status};

/// Column where values begin.
pub const VALUE: usize = 11;
/// Sub-changes of one finding that are printed before "and N more".
const PARTS: usize = 12;

/// Severity or status in a column of seven.
pub fn label(finding: &Finding) -> String {
    let (style, word) = match (finding.status, finding.severity) {
        (Status::Unknown, _) => (WARN, "UNKNOWN"),
        (_, Severity::Block) => (BAD, "BLOCK"),
        (_, Severity::High) => (BAD, "HIGH"),
        (_, Severity::Medium) => (WARN, "MEDIUM"),
        (_, Severity::Low) => (BOLD, "LOW"),
        (_, Severity::Info) => (DIM, "INFO"),
    };
    paint(style, &format!("{word:<7}"))
}

/// What a finding is about, in two lines.
pub fn title(finding: &Finding) -> String {
    let place = finding.object_path[..finding.object_path.len().saturating_sub(1)].join(" / ");
    let place = if place.is_empty() {
        String::new()
    } else {
        format!(" in {place}")
    };
    // Two equal values below say nothing by themselves.
    let equal = if finding.change == ChangeKind::Equal {
        ": equal, but must differ"
    } else {
        ""
    };
    format!(
        "{} {}\n{}",
        label(finding),
        paint(BOLD, &cut(&clean(&finding.object), WIDTH - 8)),
        wrap("", 8, &plain(&format!("{}{place}{equal}", finding.setting)))
    )
}

/// Everything about a finding.
pub fn full(finding: &Finding, report: &Report) -> String {
    let mut out = title(finding);
    out.push_str(&values(finding, report));
    out.push_str(&parts(finding));
    if let Some(effect) = &finding.effect {
        out.push_str(&wrap("  effect", VALUE, &plain(effect)));
    }
    for consequence in &finding.consequences {
        out.push_str(&wrap("  then", VALUE, &plain(consequence)));
    }
    out.push_str(&wrap("  why", VALUE, &plain(&finding.why)));
    out.push_str(&wrap("  fix", VALUE, &plain(&finding.fix)));
    out.push_str(&id(finding));
    out
}

/// What `explain` and the file of accepted drift know it by.
pub fn id(finding: &Finding) -> String {
    let text = clean(&format!("{}  {}", finding.id, finding.fingerprint));
    let style = Some(DIM);
    wrap("  id", VALUE, &[Span { text, style }])
}

/// Both values, the words that differ marked.
pub fn values(finding: &Finding, report: &Report) -> String {
    if selection(finding) {
        return String::new();
    }
    let names = names(report);
    if let Some((left, right)) = laid_out(finding) {
        return lines(&names.0, left) + &lines(&names.1, right);
    }
    let (left, right) = match (&finding.primary, &finding.staging) {
        (Some(left), Some(right)) => marked(left, right),
        (left, right) => {
            let side = |value: &Option<String>, style| match value {
                Some(value) => vec![Span {
                    text: clean(value),
                    style: Some(style),
                }],
                None => vec![Span {
                    text: if finding.status == Status::Unknown {
                        "not seen"
                    } else {
                        "(absent)"
                    }
                    .to_owned(),
                    style: Some(DIM),
                }],
            };
            (side(left, REMOVED), side(right, ADDED))
        }
    };
    let mut out = wrap(&format!("  {}", names.0), VALUE, &shorten(left));
    out.push_str(&wrap(&format!("  {}", names.1), VALUE, &shorten(right)));
    out
}

/// Both values over lines where they are expressions and longer than one.
fn laid_out(finding: &Finding) -> Option<(Lines, Lines)> {
    let (Some(left), Some(right)) = (&finding.primary, &finding.staging) else {
        return None;
    };
    let is_expression =
        |id: &str| Catalogue::builtin().row(id).and_then(|row| row.value) == Some(ValueKind::Expression);
    let same = |part: &Detail| part.primary == finding.primary && part.staging == finding.staging;
    let computed =
        is_expression(&finding.id) || finding.detail.iter().any(|part| same(part) && is_expression(&part.id));
    computed
        .then(|| super::expression::laid_out(left, right, WIDTH - VALUE))
        .flatten()
}

fn lines(name: &str, lines: Lines) -> String {
    let mut label = format!("  {name}");
    let mut out = String::new();
    for (lead, spans) in lines {
        out.push_str(&wrap(&std::mem::take(&mut label), VALUE + lead, &spans));
    }
    out
}

/// The servers' names where they are short enough to stand beside values, else their roles.
fn names(report: &Report) -> (String, String) {
    let (left, right) = (clean(&report.primary.server), clean(&report.staging.server));
    let fits = |name: &str| name.chars().count() <= VALUE - 3;
    if fits(&left) && fits(&right) && left != right {
        (left, right)
    } else {
        ("primary".to_owned(), "staging".to_owned())
    }
}

/// Long lists that differ in a few members: only the members are shown.
fn selection(finding: &Finding) -> bool {
    const LONG: usize = 200;
    let long = |value: &Option<String>| value.as_ref().is_none_or(|value| value.len() > LONG);
    let listed = finding
        .detail
        .iter()
        .all(|part| matches!(part.what.as_str(), "Member" | "Value"));
    !finding.detail.is_empty() && listed && long(&finding.primary) && long(&finding.staging)
}

/// A value of many lines is shown by its beginning; the JSON has it whole.
fn shorten(spans: Vec<Span>) -> Vec<Span> {
    const LONGEST: usize = 1_600;
    let mut out = Vec::new();
    let mut length = 0;
    for span in spans {
        let count = span.text.chars().count();
        if length + count > LONGEST {
            let text: String = span.text.chars().take(LONGEST.saturating_sub(length)).collect();
            out.push(Span {
                text: format!("{text} …"),
                ..span
            });
            break;
        }
        length += count;
        out.push(span);
    }
    out
}

fn parts(finding: &Finding) -> String {
    // A part that repeats the values themselves says nothing new.
    let repeats = |part: &Detail| part.primary == finding.primary && part.staging == finding.staging;
    let parts: Vec<&Detail> = finding.detail.iter().filter(|part| !repeats(part)).collect();
    let mut out = String::new();
    for part in parts.iter().take(PARTS) {
        let values = match (&part.primary, &part.staging) {
            (Some(both), Some(_)) if part.change == ChangeKind::Equal => format!("{both} on both servers"),
            (Some(left), Some(right)) => format!("{left} -> {right}"),
            (Some(left), None) => format!("only on primary: {left}"),
            (None, Some(right)) => format!("only on staging: {right}"),
            (None, None) => String::new(),
        };
        let sign = match part.change {
            ChangeKind::Added => "+",
            ChangeKind::Removed => "-",
            ChangeKind::Equal => "=",
            _ => "~",
        };
        out.push_str(&wrap(
            &format!("         {sign}"),
            VALUE,
            &plain(&format!("{}: {values}", part.what)),
        ));
    }
    if parts.len() > PARTS {
        let more = parts.len() - PARTS;
        out.push_str(&wrap(
            "",
            VALUE,
            &plain(&format!("and {more} more; the JSON output lists them all")),
        ));
    }
    out
}

/// A finding in a line or two.
pub fn brief(finding: &Finding) -> String {
    let mut text = format!("{}: {}", finding.object_path.join(" / "), finding.setting);
    match (&finding.primary, &finding.staging) {
        (Some(left), Some(right)) => text.push_str(&format!(": {left} -> {right}")),
        (Some(_), None) => text.push_str(", only on the primary"),
        (None, Some(_)) => text.push_str(", only on staging"),
        (None, None) => {}
    }
    for consequence in &finding.consequences {
        text.push_str(". ");
        text.push_str(consequence);
    }
    wrap("INFO", 8, &plain(&text))
}

/// Text cut to a width.
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}
