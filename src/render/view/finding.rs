//! A finding in all its words.
//!
//! In: a finding. Out: what a card of it shows. Must not know: other findings.

use super::pictures::Pictures;
use super::server;
use super::{anchor, area_title, effect_label, severity_words};
use crate::render::finding::{absent, alike, heading_with, laid_out, selection};
use crate::render::moved;
use crate::render::terminal::{clean, name};
use crate::render::words::{Piece, around_changes, marked, piece, whole};
use crate::report::{ChangeKind, Detail, Finding, Report, Status};
use serde::Serialize;

/// Elements for what only the primary has, and only staging.
const GONE: &str = "del";
const COME: &str = "ins";
/// Width for which long expressions are laid out, in characters.
const WIDTH: usize = 72;
/// Characters of one value that are shown; the JSON has it whole.
const LONGEST: usize = 4_000;
/// Sub-changes that are shown; the JSON has them all.
const PARTS: usize = 60;

/// A finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// Anchor: the fingerprint, which survives a re-run.
    pub anchor: String,
    pub fingerprint: String,
    pub id: String,
    /// Class of the style sheet: the severity, or unknown.
    pub class: &'static str,
    pub severity: &'static str,
    pub status: &'static str,
    pub status_title: &'static str,
    pub area: String,
    pub area_title: String,
    /// The outermost object: a connector, mostly.
    pub within: String,
    pub object: String,
    /// Where the object is.
    pub place: String,
    /// What of it differs.
    pub heading: String,
    pub values: Vec<Value>,
    /// The values are one above the other.
    pub wide: bool,
    pub parts: Vec<PartView>,
    pub more_parts: usize,
    pub effect: Option<String>,
    /// What the effect is called.
    pub effect_label: &'static str,
    pub consequences: Vec<String>,
    pub why: String,
    pub fix: String,
    pub reference: String,
    pub matched: Option<String>,
    pub locations: Vec<String>,
    pub accepted: Option<AcceptedView>,
    /// Who moved away from the approved state.
    pub moved: Option<MovedView>,
    /// The approved value, where neither server has it.
    pub approved: Option<String>,
    pub reason: Option<String>,
    pub server: Option<String>,
    pub pictures: Pictures,
    /// The finding for a ticket.
    pub markdown: String,
}

/// A value on a server.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Value {
    pub side: &'static str,
    pub server: String,
    /// It is not there; the text says so.
    pub absent: bool,
    /// It is an expression or so: shown as code, over lines.
    pub code: bool,
    pub lines: Vec<Line>,
}

/// A line of a value.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Blanks before it.
    pub indent: String,
    /// The same blanks where common ones would collapse.
    pub hang: String,
    pub pieces: Vec<Marked>,
}

/// A run of text, and the element that marks it.
#[derive(Debug, Serialize)]
pub struct Marked {
    pub text: String,
    pub only: bool,
    pub tag: &'static str,
}

/// A sub-change.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    pub class: &'static str,
    pub sign: &'static str,
    pub what: String,
    /// Where it is alone: `only on SYNC01`.
    pub only: Option<String>,
    pub primary: Option<String>,
    pub staging: Option<String>,
}

/// Who lets it stand.
#[derive(Debug, Serialize)]
pub struct AcceptedView {
    pub reason: String,
    pub owner: String,
    pub ticket: Option<String>,
    pub expires: String,
}

/// Who moved.
#[derive(Debug, Serialize)]
pub struct MovedView {
    pub class: &'static str,
    pub label: &'static str,
    pub words: String,
}

impl MovedView {
    /// In the words of a report.
    pub fn of(finding: &Finding, report: &Report) -> Option<MovedView> {
        moved::of(finding, report).map(|moved| MovedView {
            class: moved.class,
            label: moved.label,
            words: moved.words,
        })
    }
}

impl FindingView {
    /// The card of a finding.
    pub fn of(finding: &Finding, report: &Report, prefix: &str) -> FindingView {
        let (class, severity) = match finding.status {
            Status::Unknown => ("unknown", "Unknown"),
            _ => severity_words(finding.severity),
        };
        let (status, status_title) = status_words(finding.status);
        let names = server::names(report);
        let path = &finding.object_path;
        let outer = &path[..path.len().saturating_sub(1)];
        let only = [&names.0, &names.1].map(|server| format!("only on {server}"));
        let (parts, more_parts) = parts(finding, &only);
        let text = |text: &Option<String>| text.as_deref().map(clean);
        let values = values(finding, &names);
        FindingView {
            anchor: anchor(finding, prefix),
            fingerprint: clean(&finding.fingerprint),
            id: clean(&finding.id),
            class,
            severity,
            status,
            status_title,
            area: clean(&finding.area),
            area_title: area_title(&finding.area),
            within: path.first().map(|first| name(first)).unwrap_or_default(),
            object: name(&finding.object),
            place: outer.iter().map(|part| name(part)).collect::<Vec<_>>().join(" / "),
            heading: match finding.change {
                // Two equal values below say nothing by themselves.
                ChangeKind::Equal if finding.status != Status::Lint => {
                    format!("{}{}", clean(&finding.setting), alike(finding))
                }
                _ => clean(&heading_with(finding, names.clone())),
            },
            wide: values.iter().any(|value| value.code),
            values,
            more_parts,
            parts,
            effect: text(&finding.effect),
            effect_label: effect_label(report),
            consequences: finding.consequences.iter().map(|sentence| clean(sentence)).collect(),
            why: clean(&finding.why),
            fix: clean(&finding.fix),
            reference: clean(&finding.reference),
            matched: text(&finding.matched_by),
            locations: finding
                .locations
                .iter()
                .map(|place| format!("{}: {}:{}", name(&place.server), name(&place.file), place.line))
                .collect(),
            accepted: finding.accepted.as_ref().map(|accepted| AcceptedView {
                reason: clean(&accepted.reason),
                owner: clean(&accepted.owner),
                ticket: text(&accepted.ticket),
                expires: clean(&accepted.expires),
            }),
            moved: MovedView::of(finding, report),
            approved: text(&finding.approved_value),
            reason: finding.reason.as_deref().map(clean),
            server: text(&finding.server),
            pictures: Pictures::of(&finding.fingerprint, report),
            markdown: String::new(),
        }
    }
}

fn status_words(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Drift => ("drift", "Open drift"),
        Status::Accepted => ("accepted", "Accepted"),
        Status::Unknown => ("unknown", "Unknown"),
        Status::Expected => ("expected", "Expected"),
        Status::Lint => ("lint", "Fault of one server"),
        Status::Departure => ("departure", "Departure from the approved state"),
    }
}

/// Both values with the words that differ marked; none where a list of members says it better.
pub fn values(finding: &Finding, names: &(String, String)) -> Vec<Value> {
    if finding.status == Status::Lint {
        let own = finding.primary.as_ref().or(finding.staging.as_ref());
        let server = finding.server.as_deref().map(name).unwrap_or_default();
        return own
            .map(|text| value("own", server, vec![line(0, whole(clean(text)), COME)], false))
            .into_iter()
            .collect();
    }
    if selection(finding) || (finding.primary.is_none() && finding.staging.is_none()) {
        return Vec::new();
    }
    if let Some((left, right)) = laid_out(finding, WIDTH) {
        let lines = |lines: Vec<(usize, Vec<Piece>)>, tag| -> Vec<Line> {
            lines
                .into_iter()
                .map(|(indent, pieces)| line(indent, pieces, tag))
                .collect()
        };
        return vec![
            value("primary", names.0.clone(), lines(left, GONE), true),
            value("staging", names.1.clone(), lines(right, COME), true),
        ];
    }
    let (left, right) = match (&finding.primary, &finding.staging) {
        (Some(left), Some(right)) => {
            let (left, right) = marked(left, right);
            (Some(left), Some(right))
        }
        (left, right) => {
            let alone = |text: &Option<String>| {
                text.as_deref()
                    .map(|text| piece(clean(text), true).into_iter().collect())
            };
            (alone(left), alone(right))
        }
    };
    vec![
        side("primary", &names.0, left, finding),
        side("staging", &names.1, right, finding),
    ]
}

fn side(side: &'static str, server: &str, pieces: Option<Vec<Piece>>, finding: &Finding) -> Value {
    let absent_text = || match finding.status {
        Status::Unknown => "not seen".to_owned(),
        _ => absent(&finding.id),
    };
    let tag = if side == "primary" { GONE } else { COME };
    let there = pieces.is_some();
    let pieces = pieces.unwrap_or_else(|| whole(absent_text()));
    let mut value = value(
        side,
        server.to_owned(),
        vec![line(0, around_changes(pieces, LONGEST), tag)],
        false,
    );
    value.absent = !there;
    value
}

fn value(side: &'static str, server: String, lines: Vec<Line>, code: bool) -> Value {
    Value {
        side,
        server,
        absent: false,
        code,
        lines,
    }
}

fn line(indent: usize, pieces: Vec<Piece>, tag: &'static str) -> Line {
    let marked = |Piece { text, only }| Marked { text, only, tag };
    Line {
        indent: " ".repeat(indent),
        hang: "\u{a0}".repeat(indent),
        pieces: pieces.into_iter().map(marked).collect(),
    }
}

/// What differs within, and how many more there are; `only` is said of a part that one side lacks.
pub fn parts(finding: &Finding, only: &[String; 2]) -> (Vec<PartView>, usize) {
    // A part that repeats the values themselves says nothing new.
    let repeats = |part: &&Detail| part.primary == finding.primary && part.staging == finding.staging;
    let parts: Vec<&Detail> = finding.detail.iter().filter(|part| !repeats(part)).collect();
    let more = parts.len().saturating_sub(PARTS);
    (
        parts.into_iter().take(PARTS).map(|detail| part(detail, only)).collect(),
        more,
    )
}

fn part(detail: &Detail, alone: &[String; 2]) -> PartView {
    let counts = absent(&detail.id) != absent("");
    let text = |value: &Option<String>| value.as_deref().map(|text| cut(&clean(text)));
    let (mut primary, mut staging) = (text(&detail.primary), text(&detail.staging));
    let mut only = None;
    match (&detail.primary, &detail.staging) {
        (Some(_), None) if counts => staging = Some(absent(&detail.id)),
        (None, Some(_)) if counts => primary = Some(absent(&detail.id)),
        (Some(_), None) => only = Some(alone[0].clone()),
        (None, Some(_)) => only = Some(alone[1].clone()),
        (Some(_), Some(_)) if detail.change == ChangeKind::Equal => staging = None,
        _ => {}
    }
    let (class, sign) = match detail.change {
        ChangeKind::Added => ("added", "+"),
        ChangeKind::Removed => ("removed", "\u{2212}"),
        ChangeKind::Equal => ("same", "="),
        _ => ("changed", "~"),
    };
    PartView {
        class,
        sign,
        what: clean(&detail.what),
        only,
        primary,
        staging,
    }
}

/// A value in a list.
fn cut(text: &str) -> String {
    const LONG: usize = 600;
    match text.char_indices().nth(LONG) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}
