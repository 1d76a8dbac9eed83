//! Since when two servers differ, and on which of them that came in.
//!
//! In: the states of a pair. Out: what is open, and each deviation of a
//! period. Must not know: how findings are judged.

use super::Work;
use super::pairs::Folders;
use super::read::{Reader, Schemas};
use super::request::HistoryError;
use super::states::{Step, steps};
use super::times;
use crate::model::Configuration;
use crate::report::history::{CheckedKinds, Drift, Pair, Seen};
use crate::report::{CheckedStatus, Finding, Report, Status, Verdict};
use crate::snapshot::Stored;
use crate::threads::each;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A pair, and every deviation that was followed.
pub(super) struct Followed {
    pub pair: Pair,
    pub spans: Vec<Span>,
    /// Both servers are there now.
    pub current: bool,
}

/// A deviation: one stretch of states that have it.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub drift: Drift,
    /// Its newest state, as an index of the log.
    pub newest: usize,
    /// Its oldest state.
    pub oldest: usize,
    /// The state that no longer has it.
    pub resolved: Option<usize>,
}

/// A state of a pair.
#[derive(Clone, Copy)]
struct State<'l> {
    moment: usize,
    primary: &'l Arc<Stored>,
    staging: &'l Arc<Stored>,
}

/// Follows every pair that ever was, each in a thread of its own.
pub(super) fn follow(work: &Work<'_>, pairs: &[Folders]) -> Result<Vec<Followed>, HistoryError> {
    let pairs = pairs.iter().filter(|pair| is_wanted(work, pair));
    each(pairs, |pair| one(work, pair)).into_iter().collect()
}

fn is_wanted(work: &Work<'_>, pair: &Folders) -> bool {
    let servers = work.log.moments.iter().flat_map(|moment| &moment.servers);
    let mut of_pair = servers.filter(|stored| [&pair.primary, &pair.staging].contains(&&stored.folder));
    of_pair.any(|stored| work.filter.server(&stored.manifest.server))
}

/// States that hold both servers, newest first, where one of them changed.
fn states<'w>(work: &'w Work<'_>, pair: &Folders) -> Vec<State<'w>> {
    let mut states: Vec<State<'w>> = Vec::new();
    for (moment, at) in work.log.moments.iter().enumerate().rev() {
        let find = |folder: &String| at.servers.iter().find(|stored| stored.folder == *folder);
        if let (Some(primary), Some(staging)) = (find(&pair.primary), find(&pair.staging)) {
            let state = State {
                moment,
                primary,
                staging,
            };
            let same = |last: &State<'_>| last.primary.tree == primary.tree && last.staging.tree == staging.tree;
            if !states.last().is_some_and(same) {
                states.push(state);
            }
        }
    }
    states.reverse();
    states
}

fn one(work: &Work<'_>, folders: &Folders) -> Result<Followed, HistoryError> {
    let states = states(work, folders);
    let mut walk = Walk {
        work,
        folders,
        primary: Reader::new(work)?,
        staging: Reader::new(work)?,
        steps: steps(work.log),
        open: BTreeMap::new(),
        spans: Vec::new(),
        pair: None,
    };
    for (index, state) in states.iter().enumerate() {
        let newer = index.checked_sub(1).and_then(|newer| states.get(newer));
        walk.state(state, newer)?;
        if walk.is_done(state) {
            break;
        }
    }
    walk.finish()
}

/// From the last state backwards.
struct Walk<'w> {
    work: &'w Work<'w>,
    folders: &'w Folders,
    primary: Reader<'w>,
    staging: Reader<'w>,
    steps: BTreeMap<&'w str, Vec<Step<'w>>>,
    /// Deviations whose beginning is not found yet, by fingerprint.
    open: BTreeMap<String, Span>,
    spans: Vec<Span>,
    pair: Option<Pair>,
}

impl Walk<'_> {
    fn state(&mut self, state: &State<'_>, newer: Option<&State<'_>>) -> Result<(), HistoryError> {
        let report = self.compare(state)?;
        let mut there: BTreeMap<&str, &Finding> = BTreeMap::new();
        for finding in &report.findings {
            there.insert(&finding.fingerprint, finding);
        }
        // What a gap hides is neither there nor gone.
        let begun: Vec<String> = self
            .open
            .keys()
            .filter(|known| !there.contains_key(known.as_str()))
            .cloned()
            .collect();
        for fingerprint in begun {
            if let (Some(span), Some(newer)) = (self.open.remove(&fingerprint), newer) {
                let span = self.came_in(span, newer)?;
                self.spans.push(span);
            }
        }
        // Without a period only what is open now is followed; with one everything, or an end could not be told.
        let counts = self.pair.is_none() || self.work.request.evidence.is_some();
        for (fingerprint, finding) in there {
            match self.open.get_mut(fingerprint) {
                Some(span) => span.oldest = state.moment,
                None if counts && finding.status != Status::Unknown => {
                    let span = self.span(state, newer, finding);
                    self.open.insert(fingerprint.to_owned(), span);
                }
                None => {}
            }
        }
        if self.pair.is_none() {
            self.pair = Some(pair(state, &report));
        }
        Ok(())
    }

    /// Nothing older matters.
    fn is_done(&self, state: &State<'_>) -> bool {
        let begins = self.work.request.evidence.as_ref().map(|period| period.begins);
        let older = begins.is_none_or(|begins| self.work.log.moments[state.moment].time < begins);
        self.open.is_empty() && older
    }

    fn compare(&mut self, state: &State<'_>) -> Result<Report, HistoryError> {
        let moment = &self.work.log.moments[state.moment];
        // The last comparison says what was checked, so it has everything.
        let schemas = match self.pair {
            None => Schemas::Read,
            Some(_) => self.work.schemas(state.primary, state.staging),
        };
        let primary = dated(self.work, &mut self.primary, moment, (state.primary, schemas))?;
        let mut staging = dated(self.work, &mut self.staging, moment, (state.staging, schemas))?;
        self.work.drift(&primary, &mut staging)
    }

    fn span(&self, state: &State<'_>, newer: Option<&State<'_>>, finding: &Finding) -> Span {
        Span {
            drift: Drift {
                finding: finding.clone(),
                first: self.seen(state.moment),
                from_first: false,
                came_in: None,
            },
            newest: state.moment,
            oldest: state.moment,
            resolved: newer.map(|newer| newer.moment),
        }
    }

    fn seen(&self, moment: usize) -> Seen {
        times::seen(&self.work.log.moments[moment])
    }

    /// A deviation began with a state: which server's change brought it.
    fn came_in(&mut self, mut span: Span, began: &State<'_>) -> Result<Span, HistoryError> {
        span.drift.first = self.seen(span.oldest);
        let step = |folder: &str| {
            let mut steps = self.steps.get(folder)?.iter();
            steps.find(|step| step.moment == began.moment).copied()
        };
        let (left, right) = (step(&self.folders.primary), step(&self.folders.staging));
        span.drift.came_in = match (left, right) {
            (Some(_), None) => Some(began.primary.manifest.server.clone()),
            (None, Some(_)) => Some(began.staging.manifest.server.clone()),
            (Some(left), Some(right)) => {
                let left = touches(self.work, &mut self.primary, left, &span.drift.finding)?;
                let right = touches(self.work, &mut self.staging, right, &span.drift.finding)?;
                match (left, right) {
                    (true, false) => Some(began.primary.manifest.server.clone()),
                    (false, true) => Some(began.staging.manifest.server.clone()),
                    _ => None,
                }
            }
            (None, None) => None,
        };
        Ok(span)
    }

    fn finish(mut self) -> Result<Followed, HistoryError> {
        for (_, mut span) in std::mem::take(&mut self.open) {
            span.drift.first = self.seen(span.oldest);
            span.drift.from_first = true;
            self.spans.push(span);
        }
        let mut pair = self.pair.unwrap_or_else(|| Pair {
            primary: self.folders.primary.clone(),
            staging: self.folders.staging.clone(),
            verdict: Verdict::Incomplete,
            checked: CheckedKinds::default(),
            drift: Vec::new(),
        });
        let order = |span: &Span| {
            let finding = &span.drift.finding;
            (
                finding.severity,
                finding.object_path.clone(),
                finding.fingerprint.clone(),
            )
        };
        self.spans.sort_by(|a, b| {
            let ((one, path, print), (other, path2, print2)) = (order(a), order(b));
            other.cmp(&one).then_with(|| (path, print).cmp(&(path2, print2)))
        });
        let open = self.spans.iter().filter(|span| span.resolved.is_none());
        pair.drift = open.map(|span| span.drift.clone()).collect();
        let newest = self.work.log.moments.first();
        let there = |folder: &String| {
            let mut servers = newest.into_iter().flat_map(|moment| &moment.servers);
            servers.any(|stored| stored.folder == *folder)
        };
        Ok(Followed {
            pair,
            spans: self.spans,
            current: there(&self.folders.primary) && there(&self.folders.staging),
        })
    }
}

/// A server as it was then, with the time of its export.
fn dated(
    work: &Work<'_>,
    reader: &mut Reader<'_>,
    moment: &crate::snapshot::Moment,
    (stored, schemas): (&Arc<Stored>, Schemas),
) -> Result<Configuration, HistoryError> {
    reader.configuration(stored, Some(&work.times.exported(moment, stored)), schemas)
}

/// Whether what a commit changed on a server is about the same setting, or at least about the same object.
fn touches(work: &Work<'_>, reader: &mut Reader<'_>, step: Step<'_>, finding: &Finding) -> Result<bool, HistoryError> {
    let (Some(before), Some(after)) = (step.before, step.after) else {
        return Ok(true);
    };
    let schemas = work.schemas(before, after);
    let before = reader.configuration(before, None, schemas)?;
    let mut after = reader.configuration(after, None, schemas)?;
    let changes = work.changes(&before, &mut after)?.findings;
    let about =
        |change: &Finding| change.fingerprint == finding.fingerprint || change.object_path == finding.object_path;
    Ok(changes.iter().any(about))
}

fn pair(state: &State<'_>, report: &Report) -> Pair {
    let mut checked = CheckedKinds::default();
    for row in &report.checked {
        match row.status {
            CheckedStatus::Equal => checked.equal += 1,
            CheckedStatus::Drift => checked.drift += 1,
            CheckedStatus::Unknown => checked.unknown += 1,
            CheckedStatus::NotPresent => checked.not_present += 1,
        }
    }
    Pair {
        primary: state.primary.manifest.server.clone(),
        staging: state.staging.manifest.server.clone(),
        verdict: report.verdict,
        checked,
        drift: Vec::new(),
    }
}
