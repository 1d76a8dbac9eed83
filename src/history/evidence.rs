//! The auditor's pack: runs, deviations and acceptances of a period.
//!
//! In: the record of runs, deviations that were followed, the file of accepted
//! drift. Out: what a sample is drawn from. Must not know: how it is shown.

use super::Work;
use super::drift::{Followed, Span};
use super::request::Period;
use super::times;
use crate::report::Status;
use crate::report::history::{BranchTip, Deviation, Drift, Evidence, Register, RunSeen, Seen, ServerOfRun};
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
    let runs: Vec<&Run> = work
        .log
        .runs
        .iter()
        .filter(|run| in_period(run, period) && is_wanted(work, run))
        .collect();
    let count = |exit: fn(u8) -> bool| runs.iter().filter(|run| exit(run.exit)).count();
    let deviations = followed.iter().flat_map(|followed| {
        let of_period = followed.spans.iter().filter(|span| overlaps(work, span, period));
        of_period
            .map(|span| deviation(work, &runs, followed, span))
            .collect::<Vec<_>>()
    });
    let versions: BTreeSet<String> = runs.iter().map(|run| version(run)).collect();
    Evidence {
        from: period.from.clone(),
        to: period.to.clone(),
        complete: count(|exit| exit < FAILED),
        incomplete: count(|exit| exit == INCOMPLETE),
        failed: count(|exit| exit == FAILED || exit > INCOMPLETE),
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

/// Whether a run was about a server that is asked for; of one that failed nobody knows.
fn is_wanted(work: &Work<'_>, run: &Run) -> bool {
    run.servers.is_empty() || run.servers.iter().any(|server| work.filter.server(&server.server))
}

/// Whether a deviation was there at some time of the period.
fn overlaps(work: &Work<'_>, span: &Span, period: &Period) -> bool {
    let time = |moment: usize| work.log.moments[moment].time;
    time(span.oldest) < period.ends && span.resolved.is_none_or(|resolved| time(resolved) >= period.begins)
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
    // Newest first: what the deviation lasted lies between these. A run that found nothing new names the last commit.
    let newest = span.resolved.map_or(0, |resolved| resolved + 1);
    let moments = work.log.moments.get(newest..=span.oldest).unwrap_or_default();
    let commits: BTreeSet<&str> = moments.iter().map(|moment| moment.commit.as_str()).collect();
    let saw: Vec<&&Run> = runs
        .iter()
        .filter(|run| run.commit.as_deref().is_some_and(|commit| commits.contains(commit)) && saw_pair(run, followed))
        .collect();
    let last = saw.iter().max_by_key(|run| &run.time).and_then(|run| {
        Some(Seen {
            time: run.time.clone(),
            commit: run.commit.clone()?,
        })
    });
    let seen = |moment: usize| times::seen(&work.log.moments[moment]);
    Deviation {
        primary: followed.pair.primary.clone(),
        staging: followed.pair.staging.clone(),
        drift: span.drift.clone(),
        last: last.unwrap_or_else(|| seen(span.newest)),
        resolved: span.resolved.map(seen),
        runs: saw.len(),
    }
}

/// Whether a run read a server of the pair whole.
fn saw_pair(run: &Run, followed: &Followed) -> bool {
    let pair = [&followed.pair.primary, &followed.pair.staging];
    let mut servers = run.servers.iter();
    servers.any(|server| server.gaps == 0 && pair.iter().any(|name| name.eq_ignore_ascii_case(&server.server)))
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
            Target::Fingerprint(fingerprint) => named(followed, fingerprint),
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

/// What a fingerprint stands for, where it is known.
fn named(followed: &[Followed], fingerprint: &str) -> String {
    let mut spans = followed.iter().flat_map(|followed| &followed.spans);
    match spans.find(|span| span.drift.finding.fingerprint == fingerprint) {
        Some(Span {
            drift: Drift { finding, .. },
            ..
        }) => {
            format!(
                "{}: {} (fingerprint {fingerprint})",
                finding.object_path.join(" / "),
                finding.setting
            )
        }
        None => format!("fingerprint {fingerprint}"),
    }
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
