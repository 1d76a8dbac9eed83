//! Evidence for who moved.
//!
//! In: a finding between two servers, and what each server's comparison with
//! its approved state says. Out: who moved, as far as that proves it. Must not
//! know: words.
//!
//! In this order: the same fingerprint on one side or on both; the same in the
//! comparison of the two approved states, so that neither moved; the same
//! setting of the same object where one was renamed; an object that came or
//! went and took the finding's with it; and a side that is as approved in
//! everything, so that it was the other one. Last, a departure that a finding
//! folds into itself makes its server one of those that moved.
//!
//! What must differ has an approved value on its own server only.

use super::Departure;
use crate::assess::unknown;
use crate::catalogue::{Catalogue, Class, ids};
use crate::intake::Part;
use crate::report::{ChangeKind, Detail, Finding, MovedBy, Report, Status, Text};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What became of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Somebody moved.
    Moved(MovedBy),
    /// The approved state differs so already.
    Neither,
    /// A gap or a secret of the approved state hides the answer.
    Hidden,
    /// Nothing shows it.
    Unseen,
}

/// A name as it is compared.
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What objects are called on the right side of a comparison, where that is another name.
#[derive(Debug, Default)]
pub struct Renames(Vec<(Vec<String>, String)>);

impl Renames {
    /// The renamed objects of a report.
    pub fn of(report: &Report) -> Renames {
        let all = report.findings.iter().chain(&report.expected);
        let renamed = all.filter(|entry| entry.is_rename());
        let name = |entry: &Finding| Some((path(entry), folded(entry.staging.as_deref()?)));
        Renames(renamed.filter_map(name).collect())
    }

    /// The path of a finding as the right side calls it.
    fn apply(&self, finding: &Finding) -> Vec<String> {
        let left = path(finding);
        let mut right = left.clone();
        for (old, new) in &self.0 {
            if let (true, Some(step)) = (left.starts_with(old), right.get_mut(old.len().saturating_sub(1))) {
                step.clone_from(new);
            }
        }
        right
    }
}

fn path(finding: &Finding) -> Vec<String> {
    finding.object_path.iter().map(|name| folded(name)).collect()
}

/// What a side's comparison with its approved state says.
pub struct Moves<'d> {
    departure: &'d Departure,
    catalogue: &'static Catalogue,
    by_fingerprint: HashMap<&'d str, usize>,
    expected: HashSet<&'d str>,
    /// Paths of its findings, as the server calls its objects now.
    paths: Vec<Vec<String>>,
    used: BTreeSet<usize>,
    /// Rows that stand for an object as a whole.
    whole: HashSet<&'d str>,
}

impl<'d> Moves<'d> {
    /// Of one side.
    pub fn of(departure: &'d Departure, catalogue: &'static Catalogue) -> Moves<'d> {
        let report = &departure.report;
        let renames = Renames::of(report);
        let presence = catalogue.objects.iter().filter_map(|kind| kind.presence.as_deref());
        let known = report.findings.iter().enumerate();
        // What one server shows over time; another spelling of one value is no move.
        let shown = report.expected.iter().filter(|entry| {
            let row = catalogue.row(&entry.id);
            row.is_some_and(|row| !matches!(row.class, Class::Equal | Class::Noise))
        });
        Moves {
            departure,
            catalogue,
            by_fingerprint: known
                .filter(|(_, finding)| finding.status != Status::Unknown)
                .map(|(at, finding)| (finding.fingerprint.as_str(), at))
                .collect(),
            expected: shown.map(|entry| entry.fingerprint.as_str()).collect(),
            paths: report.findings.iter().map(|finding| renames.apply(finding)).collect(),
            used: BTreeSet::new(),
            whole: presence
                .chain([
                    ids::RULE_NAME,
                    ids::DEFAULT_RULE_MISSING,
                    ids::DEFAULT_RULE_MODIFIED,
                    ids::DEFAULT_RULE_TWIN,
                ])
                .collect(),
        }
    }

    /// Departures that explained no finding between the two servers.
    pub fn unused(&self) -> impl Iterator<Item = (usize, &'d Finding)> {
        let findings = self.departure.report.findings.iter().enumerate();
        findings.filter(|(at, finding)| finding.status != Status::Unknown && !self.used.contains(at))
    }

    /// The approved value of a setting that departed, as text; none where it is not known.
    pub fn approved(&self, finding: &Finding) -> Option<&'d str> {
        let at = *self.by_fingerprint.get(finding.fingerprint.as_str())?;
        self.departure.report.findings[at].primary.as_deref()
    }

    fn has(&mut self, fingerprint: &str) -> bool {
        match self.by_fingerprint.get(fingerprint) {
            Some(&at) => {
                self.used.insert(at);
                true
            }
            None => self.expected.contains(fingerprint),
        }
    }

    /// The departures that fit.
    fn fitting(&self, fits: impl Fn(&Finding, &[String]) -> bool) -> Vec<usize> {
        let findings = self.departure.report.findings.iter().enumerate();
        findings
            .filter(|(_, finding)| finding.status != Status::Unknown)
            .filter(|(at, finding)| fits(finding, &self.paths[*at]))
            .map(|(at, _)| at)
            .collect()
    }

    /// Whether a part of the approved state that may hold the finding's object was not read. Gaps of the server hide
    /// nothing: what a finding is about was read there, or the finding is unknown.
    fn is_hidden(&self, finding: &Finding) -> bool {
        let part = self.part(finding);
        let gaps = self.departure.gaps.iter();
        let mut parts = gaps.map(|gap| gap.part.as_str());
        parts.any(|gap| gap == "*" || part.as_ref().is_none_or(|part| unknown::is_in(part, gap)))
    }

    /// The part of an export that holds what a finding is about.
    fn part(&self, finding: &Finding) -> Option<String> {
        let row = self.catalogue.row(&finding.id)?;
        Part::gap_of_root(self.catalogue.document(&row.object)?)
    }

    /// Whether the approved state lacks a secret of the finding's setting.
    fn is_withheld(&self, finding: &Finding) -> bool {
        let path = path(finding);
        let rows = [&finding.id]
            .into_iter()
            .chain(finding.detail.iter().map(|part| &part.id));
        let mut rows = rows.map(|row| &**row);
        let names = finding.detail.iter().map(|part| folded(&part.what)).chain(path);
        let names: BTreeSet<String> = names.collect();
        rows.any(|row| {
            let mut withheld = self.departure.withheld.iter();
            withheld.any(|(known, object)| *known == row && names.contains(object))
        })
    }

    fn is_whole(&self, finding: &Finding) -> bool {
        finding.change == ChangeKind::Renamed || self.whole.contains(&*finding.id)
    }

    /// Whether the server is as approved in everything that may cause a finding.
    fn is_still(&self) -> bool {
        let report = &self.departure.report;
        let counts = |entry: &Finding| {
            let row = self.catalogue.row(&entry.id);
            row.is_none_or(|row| matches!(row.class, Class::Equal | Class::Version))
        };
        report.findings.is_empty() && report.gaps.is_empty() && !report.expected.iter().any(counts)
    }
}

/// Who moved.
pub fn judge(finding: &Finding, renames: &Renames, moves: &mut [Moves<'_>; 2], agreed: Option<&Report>) -> Judged {
    let hidden = [moves[0].is_hidden(finding), moves[1].is_hidden(finding)];
    if finding.change == ChangeKind::Equal && moves.iter().any(|side| !side.departure.own) {
        // The state of another server says nothing about what no two servers share.
        return Judged::Unseen;
    }
    let direct = [0, 1].map(|side: usize| moves[side].has(&finding.fingerprint));
    match direct {
        [true, true] => return Judged::Moved(MovedBy::Both),
        [true, false] if hidden[1] => return Judged::Hidden,
        [false, true] if hidden[0] => return Judged::Hidden,
        [false, false] => {}
        one => return exclusive(one).map_or(Judged::Unseen, Judged::Moved),
    }
    if hidden.contains(&true) || moves.iter().any(|side| side.is_withheld(finding)) {
        return Judged::Hidden;
    }
    if agreed.is_some_and(|agreed| is_in(finding, agreed)) {
        return Judged::Neither;
    }
    let paths = [path(finding), renames.apply(finding)];
    // What staging was approved to call it.
    let called = agreed.map_or_else(|| paths[0].clone(), |agreed| Renames::of(agreed).apply(finding));
    weaker(finding, &paths, &called, moves).map_or(Judged::Unseen, Judged::Moved)
}

/// Departures of one server that a finding folds into itself: that server is one of those that moved, whatever was
/// found before. Those that both servers have alike are none of these.
pub fn share(findings: &[Finding], judged: &mut [Option<Judged>], moves: &mut [Moves<'_>; 2]) {
    for (side, by) in [(0, MovedBy::Primary), (1, MovedBy::Staging)] {
        let lone: Vec<(usize, &Finding)> = moves[side]
            .unused()
            .filter(|(_, departure)| !moves[1 - side].unused().any(|(_, other)| alike(departure, other)))
            .collect();
        for (at, departure) in lone {
            let all = findings.iter().zip(judged.iter_mut());
            for (_, judged) in all.filter(|(finding, _)| folds(finding, departure)) {
                let Some(judged) = judged else { continue };
                moves[side].used.insert(at);
                *judged = match *judged {
                    Judged::Moved(known) if known != by => Judged::Moved(MovedBy::Both),
                    Judged::Moved(_) | Judged::Unseen => Judged::Moved(by),
                    other => other,
                };
            }
        }
    }
}

/// Whether two departures from one state are the same change.
pub fn alike(one: &Finding, other: &Finding) -> bool {
    let same = one.id == other.id && path(one) == path(other) && one.change == other.change;
    let parts = |finding: &Finding| -> BTreeSet<(String, Option<String>, Option<String>)> {
        let part = |part: &Detail| (part.what.clone(), part.primary.clone(), part.staging.clone());
        finding.detail.iter().map(part).collect()
    };
    one.fingerprint == other.fingerprint || same && !one.detail.is_empty() && parts(one) == parts(other)
}

/// Whether a finding tells of the object of a departure among its parts, or has a part of it.
fn folds(finding: &Finding, departure: &Finding) -> bool {
    let (own, other) = (path(finding), path(departure));
    let object = folded(&departure.object);
    // Its own parts are never of this row, which is that of the object.
    let told = |part: &Detail| {
        part.id == departure.id && part.change != ChangeKind::Equal && folded(&part.what).ends_with(&object)
    };
    let members = |finding: &Finding| -> BTreeSet<(Text, String)> {
        let part = |part: &Detail| {
            let values = [&part.primary, &part.staging].into_iter().flatten();
            let value = |value: &String| (part.id.clone(), folded(value));
            values.map(value).collect::<Vec<_>>()
        };
        finding.detail.iter().flat_map(part).collect()
    };
    let tells = || finding.id == departure.id && own.first() == other.first() && finding.detail.iter().any(told);
    tells() || own == other && !members(finding).is_disjoint(&members(departure))
}

/// Whether the approved states differ in the same way.
fn is_in(finding: &Finding, agreed: &Report) -> bool {
    let named =
        |other: &Finding| other.id == finding.id && other.setting == finding.setting && path(other) == path(finding);
    let mut known = agreed.findings.iter().chain(&agreed.expected);
    known.any(|other| (other.fingerprint == finding.fingerprint || named(other)) && other.values == finding.values)
}

/// Evidence where the comparisons fold differently.
fn weaker(
    finding: &Finding,
    paths: &[Vec<String>; 2],
    called: &[String],
    moves: &mut [Moves<'_>; 2],
) -> Option<MovedBy> {
    let order = finding.change == ChangeKind::Reordered;
    // Two changes of one setting of one object are a move of both.
    let same = found(moves, |side, _, other, path| {
        other.id == finding.id && other.setting == finding.setting && path == paths[side]
    });
    if !same[0].is_empty() && !same[1].is_empty() {
        return claim(moves, &same, MovedBy::Both);
    }
    let object = found(moves, |side, moves, other, path| {
        let whole = moves.is_whole(other);
        let within = whole && paths[side].starts_with(path);
        let known = path == paths[side] || side == 1 && path == called;
        !order && (within || moves.is_whole(finding) && known)
    });
    let object = with_counterparts(object, finding, moves);
    if !object[0].is_empty() && !object[1].is_empty() && same.iter().all(Vec::is_empty) {
        return claim(moves, &object, MovedBy::Both);
    }
    let moved = found(moves, |_, _, other, _| order && other.id == finding.id);
    for evidence in [same, object, moved] {
        let sides = [!evidence[0].is_empty(), !evidence[1].is_empty()];
        if let Some(by) = exclusive(sides) {
            return claim(moves, &evidence, by);
        }
    }
    exclusive([moves[1].is_still(), moves[0].is_still()])
}

/// What one server renamed, the other one may have removed: both have departed from one approved object.
fn with_counterparts(mut evidence: [Vec<usize>; 2], finding: &Finding, moves: &[Moves<'_>; 2]) -> [Vec<usize>; 2] {
    for side in [0, 1] {
        if !evidence[1 - side].is_empty() || !moves[side].is_whole(finding) {
            continue;
        }
        let known = &moves[side].departure.report.findings;
        let approved: Vec<Vec<String>> = evidence[side].iter().map(|&at| path(&known[at])).collect();
        let other = &moves[1 - side];
        evidence[1 - side] =
            other.fitting(|departure, _| other.is_whole(departure) && approved.contains(&path(departure)));
    }
    evidence
}

/// What fits on each side.
fn found(moves: &[Moves<'_>; 2], fits: impl Fn(usize, &Moves<'_>, &Finding, &[String]) -> bool) -> [Vec<usize>; 2] {
    [0, 1].map(|side: usize| moves[side].fitting(|other, path| fits(side, &moves[side], other, path)))
}

/// The departures are those of a finding, and no others beside it.
fn claim(moves: &mut [Moves<'_>; 2], evidence: &[Vec<usize>; 2], by: MovedBy) -> Option<MovedBy> {
    for (side, evidence) in moves.iter_mut().zip(evidence) {
        side.used.extend(evidence);
    }
    Some(by)
}

/// The one side that moved.
fn exclusive(moved: [bool; 2]) -> Option<MovedBy> {
    match moved {
        [true, false] => Some(MovedBy::Primary),
        [false, true] => Some(MovedBy::Staging),
        _ => None,
    }
}
