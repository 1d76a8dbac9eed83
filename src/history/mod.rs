//! Snapshots over time: what changed, since when servers differ, and the
//! evidence of a period.
//!
//! In: a repository of snapshots and what is asked of it. Out: a
//! [`History`]. Must not know: git's objects, output formats, the clock.
//!
//! # Design
//!
//! * **Changes are findings, not text differences**: each snapshot that differs from the one
//!   before is read back and compared with it as two exports of one server, by today's
//!   catalogue. A server that a newer version only writes differently has no changes.
//! * **A part that could not be read** stands as it was last known, so that nothing seems
//!   removed by a gap, and what changed meanwhile shows where the part is read again.
//! * **Drift between two servers** is followed backwards from the last snapshots by
//!   fingerprint: a fingerprint that some state does not have came in with the next one. It
//!   is never followed further than needed.
//! * Roles are those of the last snapshots: fingerprints are the same when roles are swapped.

mod blame;
mod changes;
mod drift;
mod evidence;
mod pairs;
mod read;
mod request;
mod servers;
mod states;
mod times;

pub use request::{HistoryError, Period, Request, Since};

use crate::assess::header;
use crate::catalogue::Catalogue;
use crate::report::history::{History, HistoryOptions, SCHEMA};
use crate::report::{File, Warning};
use crate::snapshot::{self, Log, RUNS, Repository};
use request::Filter;
use std::path::Path;
use times::Times;

/// Everything that the parts share.
struct Work<'w> {
    /// Folder of the repository: every thread opens it for itself.
    folder: &'w Path,
    log: &'w Log,
    times: Times<'w>,
    request: &'w Request,
    filter: Filter,
    catalogue: &'static Catalogue,
}

/// Reads the history of a repository.
///
/// # Errors
/// The repository cannot be read, holds no snapshot, or not the server that is asked for.
pub fn history(
    repository: &Repository,
    request: &Request,
    catalogue: &'static Catalogue,
) -> Result<History, HistoryError> {
    let log = snapshot::log(repository, &request.branch)?;
    let work = Work {
        folder: repository.folder(),
        log: &log,
        times: Times::of(&log),
        request,
        filter: Filter::of(request),
        catalogue,
    };
    work.filter.check_server(request, &log)?;
    let servers = servers::known(&work);
    let pairs = pairs::pairs(&work);
    let entries = changes::entries(&work)?;
    let drifts = drift::follow(&work, &pairs.pairs)?;
    let period = request.evidence.as_ref();
    let evidence = period.map(|period| evidence::evidence(&work, period, &drifts));
    let mut warnings = warnings(&log);
    let blame = blame::blame(&work)?;
    warnings.extend(nothing_fits(&work, entries.is_empty() && blame.is_empty()));
    warnings.extend(pairs.warnings);
    Ok(History {
        schema: SCHEMA.to_owned(),
        tool: header::tool(),
        generated: header::generated(request.now),
        options: options(request),
        repository: request.source.clone(),
        servers,
        entries,
        pairs: drifts
            .into_iter()
            .filter(|drift| drift.current)
            .map(|drift| work.filter.pair(drift.pair))
            .collect(),
        blame,
        evidence,
        warnings,
    })
}

fn options(request: &Request) -> HistoryOptions {
    HistoryOptions {
        branch: request.branch.clone(),
        server: request.server.clone(),
        object: request.object.clone(),
        since: request.since.as_ref().map(|since| since.said.clone()),
        accept: request.accepted.as_ref().map(|accepted| File {
            path: accepted.file.clone(),
            sha256: accepted.sha256.clone(),
        }),
        redact: false,
    }
}

/// Objects were asked for and there are none.
fn nothing_fits(work: &Work<'_>, nothing: bool) -> Option<Warning> {
    let object = work.request.object.as_ref().filter(|_| nothing)?;
    let text = format!(
        "No object of the last snapshots, and no change, has a name or path that fits {object:?}. Is it spelled right?"
    );
    Some(Warning {
        id: "no-such-object".to_owned(),
        text,
    })
}

fn warnings(log: &Log) -> Vec<Warning> {
    let warning = |id: &str, text: String| Warning {
        id: id.to_owned(),
        text,
    };
    let mut warnings = Vec::new();
    if log.shallow {
        let text = "The repository is a shallow clone: what is older is not in it. `git fetch --unshallow` brings it.";
        warnings.push(warning("shallow-history", text.to_owned()));
    }
    if let Some(broken) = log.broken.first() {
        let more = match log.broken.len() - 1 {
            0 => String::new(),
            more => format!(" (so are {more} older ones)"),
        };
        let text = format!(
            "A snapshot cannot be read{more}, and its server stands as it was last known: commit {}, folder {}: {}.",
            broken.commit.get(..12).unwrap_or_default(),
            broken.folder,
            broken.problem
        );
        warnings.push(warning("snapshot-unread", text));
    }
    if log.runs.is_empty() {
        let text = format!(
            "The repository has no record of runs (branch {RUNS}): which runs there were, and when servers were last exported, \
             is unknown. In a clone `git fetch origin {RUNS}:{RUNS}` brings it."
        );
        warnings.push(warning("runs-missing", text));
    }
    if log.unread > 0 {
        let lines = if log.unread == 1 { "line" } else { "lines" };
        let text = format!(
            "{} {lines} of the record of runs cannot be read: written by a newer version, or edited by hand.",
            log.unread
        );
        warnings.push(warning("runs-unread", text));
    }
    warnings
}
