//! One finding as text: its object, both values with the words that differ
//! marked, what follows, why, and how to mend it.
//!
//! In: a finding. Out: lines of at most 80 columns. Must not know: other findings.

use super::expression::Lines;
use super::moved;
use super::terminal::{ADDED, BAD, BOLD, DIM, REMOVED, Span, WARN, WIDTH, clean, paint, plain, wrap};
use super::words::{Piece, around_changes, marked, whole};
use crate::catalogue::{Catalogue, Class, Severity, ValueKind};
use crate::report::{ChangeKind, Detail, Finding, Report, Status};

/// Column where values begin.
pub const VALUE: usize = 11;
/// Characters of one value that are printed; the JSON has it whole.
const LONGEST: usize = 1_600;
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
pub fn title(finding: &Finding, report: &Report) -> String {
    let place = finding.object_path[..finding.object_path.len().saturating_sub(1)].join(" / ");
    let setting = heading(finding, report);
    let place = match place.is_empty() {
        true => String::new(),
        // `only on SYNC01 in contoso.com` would be another place.
        false if setting != finding.setting => format!(", in {place}"),
        false => format!(" in {place}"),
    };
    // Two equal values below say nothing by themselves.
    let equal = alike(finding);
    format!(
        "{} {}\n{}",
        label(finding),
        paint(BOLD, &cut(&clean(&finding.object), WIDTH - 8)),
        wrap("", 8, &plain(&format!("{setting}{place}{equal}")))
    )
}

/// Why what is the same on both servers is a finding; nothing where it is not the same.
pub fn alike(finding: &Finding) -> &'static str {
    let fault = Catalogue::builtin()
        .row(&finding.id)
        .is_some_and(|row| !matches!(row.class, Class::MustDiffer | Class::OneActive));
    match finding.change {
        ChangeKind::Equal if fault => ": the same fault on both",
        ChangeKind::Equal => ": equal, but must differ",
        _ => "",
    }
}

/// What of the object differs; of an object that one server lacks, which server has it.
pub fn heading(finding: &Finding, report: &Report) -> String {
    heading_with(finding, names(report))
}

/// The same with what the servers are called.
pub fn heading_with(finding: &Finding, names: (String, String)) -> String {
    let has = match (finding.status, finding.change) {
        (Status::Unknown, _) => None,
        (_, ChangeKind::Added) => Some(names.1),
        (_, ChangeKind::Removed) => Some(names.0),
        _ => None,
    };
    match (finding.one_sided(), has) {
        (Some(object), Some(server)) => format!("{object} only on {server}"),
        _ => finding.setting.clone(),
    }
}

/// How the lack of a value is shown, with what it means where that is known.
pub fn absent(row: &str) -> String {
    let row = Catalogue::builtin().row(row);
    let meaning = row.and_then(|row| {
        let meaning = row.absent.as_deref()?;
        Some(match (row.value, meaning) {
            (Some(ValueKind::Flag), "0" | "false") => "False",
            (Some(ValueKind::Flag), "1" | "true") => "True",
            _ => meaning,
        })
    });
    meaning.map_or_else(
        || "(absent)".to_owned(),
        |meaning| format!("(absent, counts as {meaning})"),
    )
}

/// Everything about a finding.
pub fn full(finding: &Finding, report: &Report) -> String {
    let mut out = title(finding, report);
    if let Some(moved) = moved::of(finding, report) {
        out.push_str(&wrap("  moved", VALUE, &plain(&moved.words)));
    }
    out.push_str(&values(finding, report));
    if let Some(approved) = &finding.approved_value {
        out.push_str(&wrap("  approved", VALUE, &plain(approved)));
    }
    out.push_str(&parts(finding, report));
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

/// How a mark looks, so that colour is never the only signal.
struct Sign {
    open: &'static str,
    close: &'static str,
    style: anstyle::Style,
}

const GONE: Sign = Sign {
    open: "[-",
    close: "-]",
    style: REMOVED,
};
const COME: Sign = Sign {
    open: "{+",
    close: "+}",
    style: ADDED,
};

fn signed(pieces: Vec<Piece>, sign: &Sign) -> Vec<Span> {
    let span = |Piece { text, only }| match only {
        false => Span { text, style: None },
        true => Span {
            // A blank on its own would vanish at a line's end.
            text: match text.trim().is_empty() {
                true => format!("{}{}{}", sign.open, text.replace(' ', "\u{b7}"), sign.close),
                false => format!("{}{text}{}", sign.open, sign.close),
            },
            style: Some(sign.style),
        },
    };
    pieces.into_iter().map(span).collect()
}

/// Both values, the words that differ marked.
pub fn values(finding: &Finding, report: &Report) -> String {
    values_of(finding, &names(report))
}

/// The same with what the sides are called.
pub fn values_of(finding: &Finding, names: &(String, String)) -> String {
    if selection(finding) {
        return String::new();
    }
    if let Some((left, right)) = laid_out(finding, WIDTH - VALUE) {
        return lines(&names.0, left, &GONE) + &lines(&names.1, right, &COME);
    }
    let (left, right) = match (&finding.primary, &finding.staging) {
        (Some(left), Some(right)) => {
            let (left, right) = marked(left, right);
            let signed = |pieces, sign| signed(around_changes(pieces, LONGEST), sign);
            (signed(left, &GONE), signed(right, &COME))
        }
        (left, right) => {
            let side = |value: &Option<String>, style| match value {
                Some(value) => around_changes(whole(clean(value)), LONGEST)
                    .into_iter()
                    .map(|piece| Span {
                        text: piece.text,
                        style: Some(style),
                    })
                    .collect(),
                None => vec![Span {
                    text: match finding.status {
                        Status::Unknown => "not seen".to_owned(),
                        _ => absent(&finding.id),
                    },
                    style: Some(DIM),
                }],
            };
            (side(left, REMOVED), side(right, ADDED))
        }
    };
    let mut out = wrap(&format!("  {}", names.0), VALUE, &left);
    out.push_str(&wrap(&format!("  {}", names.1), VALUE, &right));
    out
}

/// Both values over lines where they are expressions and longer than one.
pub fn laid_out(finding: &Finding, width: usize) -> Option<(Lines, Lines)> {
    let (Some(left), Some(right)) = (&finding.primary, &finding.staging) else {
        return None;
    };
    let is_expression =
        |id: &str| Catalogue::builtin().row(id).and_then(|row| row.value) == Some(ValueKind::Expression);
    let same = |part: &Detail| part.primary == finding.primary && part.staging == finding.staging;
    let computed =
        is_expression(&finding.id) || finding.detail.iter().any(|part| same(part) && is_expression(&part.id));
    computed
        .then(|| super::expression::laid_out(left, right, width))
        .flatten()
}

fn lines(name: &str, lines: Lines, sign: &Sign) -> String {
    let mut label = format!("  {name}");
    let mut out = String::new();
    for (lead, pieces) in lines {
        out.push_str(&wrap(&std::mem::take(&mut label), VALUE + lead, &signed(pieces, sign)));
    }
    out
}

/// The servers' names where they are short enough to stand beside values, else what the sides are called.
fn names(report: &Report) -> (String, String) {
    let (left, right) = (clean(&report.primary.server), clean(&report.staging.server));
    let fits = |name: &str| name.chars().count() <= VALUE - 3;
    if fits(&left) && fits(&right) && left != right {
        (left, right)
    } else {
        let [left, right] = super::headline::sides(report);
        (left.to_owned(), right.to_owned())
    }
}

/// Long lists that differ in a few members: only the members are shown.
pub fn selection(finding: &Finding) -> bool {
    const LONG: usize = 200;
    let long = |value: &Option<String>| value.as_ref().is_none_or(|value| value.len() > LONG);
    let member = |row: &str| Catalogue::builtin().row(row).and_then(|row| row.member.as_deref());
    let listed = finding
        .detail
        .iter()
        .all(|part| part.what == "Value" || member(&part.id) == Some(part.what.as_str()));
    !finding.detail.is_empty() && listed && long(&finding.primary) && long(&finding.staging)
}

fn parts(finding: &Finding, report: &Report) -> String {
    let (left, right) = names(report);
    parts_of(finding, [&format!("only on {left}"), &format!("only on {right}")])
}

/// What differs within; `only` is said of a part that one side lacks.
pub fn parts_of(finding: &Finding, only: [&str; 2]) -> String {
    let counts = |part: &Detail| absent(&part.id) != absent("");
    // A part that repeats the values themselves says nothing new.
    let repeats = |part: &Detail| part.primary == finding.primary && part.staging == finding.staging;
    let parts: Vec<&Detail> = finding.detail.iter().filter(|part| !repeats(part)).collect();
    let mut out = String::new();
    for part in parts.iter().take(PARTS) {
        let values = match (&part.primary, &part.staging) {
            (Some(both), Some(_)) if part.change == ChangeKind::Equal => format!("{both} on both servers"),
            (Some(left), Some(right)) => format!("{left} -> {right}"),
            (Some(left), None) if counts(part) => format!("{left} -> {}", absent(&part.id)),
            (None, Some(right)) if counts(part) => format!("{} -> {right}", absent(&part.id)),
            (Some(left), None) => format!("{}: {left}", only[0]),
            (None, Some(right)) => format!("{}: {right}", only[1]),
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
pub fn brief(finding: &Finding, report: &Report) -> String {
    let heading = heading(finding, report);
    let mut text = format!("{}: {heading}", finding.object_path.join(" / "));
    let names = names(report);
    match (&finding.primary, &finding.staging) {
        (Some(left), Some(right)) => text.push_str(&format!(": {left} -> {right}")),
        _ if heading != finding.setting => {}
        (Some(_), None) => text.push_str(&format!(", only on {}", names.0)),
        (None, Some(_)) => text.push_str(&format!(", only on {}", names.1)),
        (None, None) => {}
    }
    for consequence in &finding.consequences {
        text.push_str(". ");
        text.push_str(consequence);
    }
    if let Some(moved) = moved::of(finding, report) {
        text.push_str(&format!(". Moved: {}", moved.words));
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
