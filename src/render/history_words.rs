//! What a history says, in words that all formats share.
//!
//! In: parts of the result of `history`. Out: sentences without markup. Must
//! not know: formats.

use super::headline::short_time;
use crate::report::history::{
    Blame, Deviation, Drift, Entry, Evidence, History, KnownServer, Pair, Register, RunSeen, Seen, ServerOfRun,
};
use crate::report::{Acceptance, ChangeKind, Finding, Status, Verdict};
use jiff::Timestamp;

/// Characters of a commit's name.
const SHORT: usize = 10;

/// A commit's name as people quote it.
pub fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What is known of a server.
pub fn server(server: &KnownServer) -> String {
    let gaps = match server.gaps {
        0 => String::new(),
        gaps => format!("; {} not read last", plural(gaps, "part", "parts")),
    };
    format!(
        "{}, build {}; {} since {}, last change {}, last export {}{gaps}",
        role(server),
        server.version.as_deref().unwrap_or("unknown"),
        plural(server.snapshots, "snapshot", "snapshots"),
        short_time(&server.first.time),
        short_time(&server.changed.time),
        short_time(&server.exported),
    )
}

/// What a server does.
pub fn role(server: &KnownServer) -> &'static str {
    match server.staging_mode {
        _ if server.gone => GONE,
        Some(true) => "staging mode",
        Some(false) => "active",
        None => "role unknown",
    }
}

/// Of a server that is gone.
pub const GONE: &str = "taken out of the repository";

/// What two servers have in common now; `of` is what was asked for, where that is not everything.
pub fn pair_title(pair: &Pair, of: Option<&str>) -> String {
    let (primary, staging) = (&pair.primary, &pair.staging);
    let of = of.map_or_else(String::new, |of| format!(" of {of}"));
    let accepted = pair
        .drift
        .iter()
        .filter(|drift| drift.finding.status == Status::Accepted)
        .count();
    let also = match accepted {
        0 => String::new(),
        count => format!(", {count} accepted"),
    };
    match (pair.drift.len() - accepted, pair.verdict) {
        (0, Verdict::Incomplete) => {
            format!("{primary} and {staging}: no open drift{of} found{also}, but part of the answer is unknown")
        }
        (0, _) => format!("{primary} and {staging}: no open drift{of}{also}"),
        (count, _) => format!(
            "{primary} and {staging}: {} open{of}{also}",
            plural(count, "difference", "differences")
        ),
    }
}

/// What a difference between two servers is about.
pub fn what(finding: &Finding, pair: &Pair) -> String {
    about(finding, &pair.primary, &pair.staging)
}

fn about(finding: &Finding, primary: &str, staging: &str) -> String {
    let place = finding.object_path.join(" / ");
    let has = match finding.change {
        ChangeKind::Added => Some(staging),
        ChangeKind::Removed => Some(primary),
        _ => None,
    };
    match (finding.one_sided(), has) {
        (Some(object), Some(server)) => format!("{place}: {object} only on {server}"),
        _ => format!("{place}: {}", finding.setting),
    }
}

/// What changed on one server.
pub fn change(finding: &Finding) -> String {
    let place = finding.object_path.join(" / ");
    let setting = finding.one_sided().unwrap_or(&finding.setting);
    let verb = match (finding.status, finding.change) {
        (Status::Unknown, _) => "part of it could not be read: nobody knows whether it changed",
        (_, ChangeKind::Added) => "added",
        (_, ChangeKind::Removed) => "removed",
        (_, ChangeKind::Changed) => "changed",
        (_, ChangeKind::Renamed) => "renamed",
        (_, ChangeKind::Reordered) => "moved",
        (_, ChangeKind::Equal) => "equal",
    };
    format!("{place}: {setting} {verb}")
}

/// Since when a difference is there, and where it came in.
pub fn since(drift: &Drift) -> String {
    let at = seen(&drift.first);
    match (&drift.came_in, drift.from_first) {
        (_, true) => format!("{at} or earlier: the first snapshots have it"),
        (Some(server), _) => format!("{at}, came in on {server}"),
        (None, _) => format!("{at}, in a commit that changed it on both servers"),
    }
}

/// The same with how long that is.
pub fn open_since(drift: &Drift, now: &str) -> String {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let length = time(now)
        .zip(time(&drift.first.time))
        .map(|(now, then)| now.as_second() - then.as_second());
    match length.map(|seconds| seconds / 86_400) {
        Some(days) if days > 0 => format!("{} {}", plural_days(days), since(drift)),
        _ => since(drift),
    }
}

fn plural_days(days: i64) -> String {
    format!("{days} {}, from", if days == 1 { "day" } else { "days" })
}

/// A state of the repository.
pub fn seen(seen: &Seen) -> String {
    format!("{} (commit {})", short_time(&seen.time), short(&seen.commit))
}

/// Who accepts it, why and until when.
pub fn accepted(accepted: &Acceptance) -> String {
    let ticket = accepted
        .ticket
        .as_ref()
        .map_or_else(String::new, |ticket| format!(", {ticket}"));
    format!(
        "by {} until {}{ticket}: {}",
        accepted.owner, accepted.expires, accepted.reason
    )
}

/// Differences without a finding that are named.
const NAMED: usize = 8;

/// A difference that is shown and not judged.
fn expected(finding: &Finding) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(absent)".to_owned());
    let (before, after) = (value(&finding.primary), value(&finding.staging));
    format!("{}: {before} -> {after}", change(finding))
}

/// What is to be said of a commit beside its changes.
pub fn notes(entry: &Entry) -> Vec<String> {
    let mut notes = Vec::new();
    if entry.first {
        notes.push("first snapshot of this server".to_owned());
    }
    if entry.gone {
        notes.push("the server was taken out of the repository".to_owned());
    }
    if let Some(tool) = &entry.tool {
        notes.push(format!(
            "written by syncdrift {tool}, the one before by another version"
        ));
    }
    notes.extend(
        entry
            .gaps
            .iter()
            .map(|gap| format!("not read, and taken as it was last known: {gap}")),
    );
    if entry.by_hand {
        notes.push(
            "no run of syncdrift made this commit: somebody committed it, and no export stands behind it".to_owned(),
        );
    }
    notes.extend(entry.expected.iter().take(NAMED).map(expected));
    if entry.expected.len() > NAMED {
        let more = plural(entry.expected.len() - NAMED, "difference", "differences");
        notes.push(format!(
            "and {more} more that no one need act on; the JSON output lists them all"
        ));
    }
    if notes.is_empty() && entry.changes.is_empty() {
        notes.push("nothing that has a meaning changed".to_owned());
    }
    notes
}

/// Above the commits.
pub fn changes_title(history: &History) -> String {
    let mut words = Vec::new();
    if let Some(server) = &history.options.server {
        words.push(format!("on {server}"));
    }
    if let Some(object) = &history.options.object {
        words.push(format!("of {object}"));
    }
    match (&history.evidence, &history.options.since) {
        (Some(evidence), _) => words.push(format!("from {} to {}", evidence.from, evidence.to)),
        (None, Some(since)) => words.push(format!("since {since}")),
        (None, None) => {}
    }
    let which = if words.is_empty() {
        String::new()
    } else {
        format!(" {}", words.join(" "))
    };
    match history.entries.is_empty() {
        true => format!("No changes{which}"),
        false => format!("Changes{which}, newest first"),
    }
}

/// Above the settings of the objects that are asked for.
pub const BLAME_TITLE: &str = "Since when each setting has its value";

/// Settings by server and object.
pub fn by_object(blame: &[Blame]) -> impl Iterator<Item = (&str, &[String], &[Blame])> {
    let same = |a: &Blame, b: &Blame| (&a.server, &a.object_path) == (&b.server, &b.object_path);
    blame
        .chunk_by(same)
        .filter_map(|lines| lines.first().map(|first| (&*first.server, &*first.object_path, lines)))
}

/// The value of a setting that changed.
pub fn blame(blame: &Blame) -> String {
    let before = match &blame.before {
        Some(before) => format!("before: {before}"),
        None => "new".to_owned(),
    };
    format!("{}: {} ({before})", blame.setting, blame.value)
}

/// Settings that never changed.
pub fn unchanged(count: usize) -> String {
    format!("{} as in the first snapshot", plural(count, "setting", "settings"))
}

/// What was compared between two servers, so that nobody takes silence for equality.
pub fn completeness(pair: &Pair) -> String {
    let checked = &pair.checked;
    format!(
        "{} and {}, last snapshots: {} kinds of settings equal, {} different, {} unknown, {} on neither server",
        pair.primary, pair.staging, checked.equal, checked.drift, checked.unknown, checked.not_present
    )
}

/// What ran in a period.
pub fn evidence(evidence: &Evidence, pairs: &[Pair]) -> Vec<(&'static str, String)> {
    let runs = evidence.runs.len();
    let mut lines = vec![(
        "runs",
        format!(
            "{runs}: {} complete, {} with parts that could not be read, {} failed",
            evidence.complete, evidence.incomplete, evidence.failed
        ),
    )];
    let silent = match evidence.days_without_run.len() {
        0 => "none".to_owned(),
        count => format!("{count}: {}", evidence.days_without_run.join(", ")),
    };
    lines.push((
        "no run on",
        format!("{silent} (no schedule is known, so nobody can tell which were due)"),
    ));
    lines.push(("deviations", evidence.deviations.len().to_string()));
    lines.extend(pairs.iter().map(|pair| ("checked", completeness(pair))));
    if !evidence.versions.is_empty() {
        lines.push(("versions", evidence.versions.join(", ")));
    }
    lines.extend(
        evidence
            .commits
            .iter()
            .map(|tip| ("tip", format!("{} {}", tip.branch, tip.commit))),
    );
    lines
}

/// What a deviation is about.
pub fn deviation(deviation: &Deviation) -> String {
    let (primary, staging) = (&deviation.primary, &deviation.staging);
    format!(
        "{primary}, {staging}: {}",
        about(&deviation.drift.finding, primary, staging)
    )
}

/// First seen, last seen, resolved or accepted.
pub fn life(deviation: &Deviation) -> Vec<(&'static str, String)> {
    let mut lines = vec![("first seen", since(&deviation.drift))];
    lines.push((
        "last seen",
        format!(
            "{}, in {}",
            seen(&deviation.last),
            plural(deviation.runs, "run of the period", "runs of the period")
        ),
    ));
    match (&deviation.resolved, &deviation.drift.finding.accepted) {
        (Some(resolved), _) => lines.push(("resolved", seen(resolved))),
        (None, Some(entry)) => lines.push(("accepted", accepted(entry))),
        (None, None) => lines.push(("resolved", "no, it is open in the last snapshots".to_owned())),
    }
    lines
}

/// An acceptance.
pub fn register(entry: &Register) -> String {
    let ticket = entry
        .ticket
        .as_ref()
        .map_or_else(String::new, |ticket| format!(", {ticket}"));
    format!(
        "{}: {} ({}, until {}{ticket}; {})",
        entry.what, entry.reason, entry.owner, entry.expires, entry.state
    )
}

/// A server of a run.
pub fn server_of_run(server: &ServerOfRun) -> String {
    let exported = server
        .exported
        .as_deref()
        .map_or_else(|| "unknown".to_owned(), short_time);
    let changed = if server.changed { "changed" } else { "unchanged" };
    let gaps = match server.gaps {
        0 => String::new(),
        gaps => format!(", {} not read", plural(gaps, "part", "parts")),
    };
    format!(
        "{}, exported {exported}, {changed}{gaps}, SHA-256 {}",
        server.server, server.sha256
    )
}

/// What became of a run.
pub fn outcome(run: &RunSeen) -> String {
    match (run.exit, &run.problem) {
        (2, Some(problem)) => format!("failed: {problem}"),
        (2, None) => "failed".to_owned(),
        (3, _) => "incomplete: parts could not be read".to_owned(),
        (code, _) => format!("done (exit code {code})"),
    }
}
