//! The auditor's pack: runs, deviations and acceptances of a period.
//!
//! In: the record of runs, deviations that were followed, the file of accepted
//! drift. Out: what a sample is drawn from. Must not know: how it is shown.

use super::Work;
use super::drift::{Followed, Span};
use super::request::Period;
use crate::report::Status;
use crate::report::history::{BranchTip, Deviation, Evidence, Register, RunSeen, Seen, ServerOfRun};
use crate::settings::{Acceptance, Target};
use crate::snapshot::{RUNS, Run};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Exit code of a run that failed.
const FAILED: u8 = 2;
/// Exit code of a run that could not read everything.
const INCOMPLETE: u8 = 3;

/// The pack of a period.
pub(super) fn evidence(work: &Work<'_>, period: &Period, followed: &[Followed]) -> Evidence {
    let runs: Vec<&Run> = work.log.runs.iter().filter(|run| in_period(run, period)).collect();
    let count = |exit: fn(u8) -> bool| runs.iter().filter(|run| exit(run.exit)).count();
    let deviations = followed.iter().flat_map(|followed| {
        let of_pair = followed.spans.iter().map(|span| deviation(work, &runs, followed, span));
        of_pair.collect::<Vec<_>>()
    });
    let versions: BTreeSet<String> = runs.iter().map(|run| version(run)).collect();
    Evidence {
        from: period.from.clone(),
        to: period.to.clone(),
        complete: count(|exit| exit != FAILED && exit != INCOMPLETE),
        incomplete: count(|exit| exit == INCOMPLETE),
        failed: count(|exit| exit == FAILED),
        days_without_run: days_without(&runs, period, work.request.now),
        deviations: deviations
            .filter(|deviation| work.filter.finding(&deviation.drift.finding))
            .collect(),
        acceptances: register(work, followed),
        versions: versions.into_iter().collect(),
        commits: tips(work),
        runs: runs.into_iter().map(run_seen).collect(),
    }
}

fn in_period(run: &Run, period: &Period) -> bool {
    let time = run.time.parse::<Timestamp>().map(Timestamp::as_second);
    time.is_ok_and(|time| (period.begins..period.ends).contains(&time))
}

fn version(run: &Run) -> String {
    format!("{} (catalogue {})", run.version, run.catalogue)
}

fn run_seen(run: &Run) -> RunSeen {
    RunSeen {
        time: run.time.clone(),
        command: run.command.clone(),
        exit: run.exit,
        problem: run.problem.clone(),
        commit: run.commit.clone(),
        version: version(run),
        servers: run
            .servers
            .iter()
            .map(|server| ServerOfRun {
                server: server.server.clone(),
                exported: server.exported.clone(),
                sha256: server.sha256.clone(),
                changed: server.changed,
                gaps: server.gaps,
            })
            .collect(),
    }
}

/// Days on which nothing ran, up to now.
fn days_without(runs: &[&Run], period: &Period, now: i64) -> Vec<String> {
    let ran: BTreeSet<&str> = runs.iter().filter_map(|run| run.time.get(..10)).collect();
    let (Ok(mut day), Ok(last)) = (period.from.parse::<Date>(), period.to.parse::<Date>()) else {
        return Vec::new();
    };
    let today = Timestamp::from_second(now).map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).date());
    let last = today.map_or(last, |today| today.min(last));
    let mut days = Vec::new();
    while day <= last {
        let name = day.to_string();
        if !ran.contains(name.as_str()) {
            days.push(name);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    days
}

fn deviation(work: &Work<'_>, runs: &[&Run], followed: &Followed, span: &Span) -> Deviation {
    // Newest first: what the deviation lasted lies between these.
    let newest = span.resolved.map_or(0, |resolved| resolved + 1);
    let moments = work.log.moments.get(newest..=span.oldest).unwrap_or_default();
    let commits: BTreeSet<&str> = moments.iter().map(|moment| moment.commit.as_str()).collect();
    let saw: Vec<&&Run> = runs
        .iter()
        .filter(|run| run.exit != FAILED && run.commit.as_deref().is_some_and(|commit| commits.contains(commit)))
        .collect();
    let last = saw.last().and_then(|run| {
        Some(Seen {
            time: run.time.clone(),
            commit: run.commit.clone()?,
        })
    });
    let seen = |moment: usize| work.times.seen(&work.log.moments[moment]);
    Deviation {
        primary: followed.pair.primary.clone(),
        staging: followed.pair.staging.clone(),
        drift: span.drift.clone(),
        last: last.unwrap_or_else(|| seen(span.newest)),
        resolved: span.resolved.map(seen),
        runs: saw.len(),
    }
}

/// Every entry of the file of accepted drift, and whether it holds.
fn register(work: &Work<'_>, followed: &[Followed]) -> Vec<Register> {
    let Some(accepted) = &work.request.accepted else {
        return Vec::new();
    };
    let today = Timestamp::from_second(work.request.now).map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).date());
    let findings = || {
        followed
            .iter()
            .flat_map(|followed| &followed.pair.drift)
            .map(|drift| &drift.finding)
    };
    let state = |entry: &Acceptance| {
        let expired = today.as_ref().is_ok_and(|today| *today > entry.expires);
        let holds = findings()
            .filter(|finding| finding.status == Status::Accepted)
            .any(|finding| {
                finding
                    .accepted
                    .as_ref()
                    .is_some_and(|accepted| (&accepted.reason, &accepted.owner) == (&entry.reason, &entry.owner))
            });
        match (expired, holds) {
            (true, _) => "expired",
            (false, true) => "accepts open drift",
            (false, false) => "accepts nothing now",
        }
    };
    let entry = |entry: &Acceptance| Register {
        what: match &entry.target {
            Target::Fingerprint(fingerprint) => format!("fingerprint {fingerprint}"),
            Target::Named { id, object } => format!("{id}: {object}"),
        },
        reason: entry.reason.clone(),
        owner: entry.owner.clone(),
        ticket: entry.ticket.clone(),
        expires: entry.expires.to_string(),
        state: state(entry).to_owned(),
    };
    accepted.entries.iter().map(entry).collect()
}

fn tips(work: &Work<'_>) -> Vec<BranchTip> {
    let snapshots = work
        .log
        .moments
        .first()
        .map(|moment| (work.request.branch.as_str(), &moment.commit));
    let record = work.log.record.as_ref().map(|tip| (RUNS, tip));
    let tip = |(branch, commit): (&str, &String)| BranchTip {
        branch: branch.to_owned(),
        commit: commit.clone(),
    };
    snapshots.into_iter().chain(record).map(tip).collect()
}
