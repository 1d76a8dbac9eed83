//! What is asked of a history, and what can go wrong.
//!
//! In: the command's arguments. Out: filters. Must not know: snapshots' content.

use crate::assess::Glob;
use crate::diff::matching::MatchingError;
use crate::report::Finding;
use crate::report::history::Pair;
use crate::settings::Accepted;
use crate::snapshot::{Log, SnapshotError};
use std::collections::BTreeSet;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The repository as given.
    pub source: String,
    /// Branch of the snapshots.
    pub branch: String,
    /// One server only.
    pub server: Option<String>,
    /// Glob over objects' names and paths.
    pub object: Option<String>,
    /// Changes since then only.
    pub since: Option<Since>,
    /// The auditor's pack.
    pub evidence: Option<Period>,
    /// Drift that its owners accept.
    pub accepted: Option<Accepted>,
    /// The time of the result, as Unix seconds.
    pub now: i64,
    /// Whether the user sets that time.
    pub now_is_set: bool,
}

/// A time from which on changes are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// As it is shown.
    pub said: String,
    /// Unix seconds.
    pub time: i64,
}

/// Days, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first day, ISO 8601.
    pub from: String,
    /// The last day, ISO 8601.
    pub to: String,
    /// When the first day begins, as Unix seconds.
    pub begins: i64,
    /// When the last day has ended, as Unix seconds.
    pub ends: i64,
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The repository.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A server that is not there.
    #[error(
        "--server {}: the branch never held a server of this name; it held {servers}",
        crate::model::on_one_line(wanted)
    )]
    Server {
        /// What was asked for.
        wanted: String,
        /// Those that are there.
        servers: String,
    },
    /// Matching; no connector is mapped, so never.
    #[error(transparent)]
    Matching(#[from] MatchingError),
}

/// What is shown of everything.
pub(super) struct Filter {
    server: Option<String>,
    object: Option<Glob>,
    /// Moments that count: from, and before.
    pub(super) from: Option<i64>,
    pub(super) until: Option<i64>,
}

impl Filter {
    pub(super) fn of(request: &Request) -> Filter {
        let period = request.evidence.as_ref();
        let since = request.since.as_ref().map(|since| since.time);
        Filter {
            server: request.server.as_ref().map(|server| server.to_lowercase()),
            object: request.object.as_deref().map(Glob::new),
            from: since.max(period.map(|period| period.begins)),
            until: period.map(|period| period.ends),
        }
    }

    /// Whether the server that is asked for ever was there.
    pub(super) fn check_server(&self, request: &Request, log: &Log) -> Result<(), HistoryError> {
        let servers = log.moments.iter().flat_map(|moment| &moment.servers);
        let names: BTreeSet<&str> = servers.map(|stored| stored.manifest.server.as_str()).collect();
        match &request.server {
            Some(wanted) if !names.iter().any(|name| self.server(name)) => Err(HistoryError::Server {
                wanted: wanted.clone(),
                servers: names.into_iter().collect::<Vec<_>>().join(", "),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn server(&self, name: &str) -> bool {
        self.server.as_ref().is_none_or(|wanted| *wanted == name.to_lowercase())
    }

    pub(super) fn time(&self, time: i64) -> bool {
        self.from.is_none_or(|from| time >= from) && self.until.is_none_or(|until| time < until)
    }

    pub(super) fn asks_for_objects(&self) -> bool {
        self.object.is_some()
    }

    /// By name, or by the names from the outside in with `/` between them.
    pub(super) fn object(&self, name: &str, path: &[String]) -> bool {
        let fits = |glob: &Glob| glob.matches(name) || glob.matches(&path.join("/"));
        self.object.as_ref().is_none_or(fits)
    }

    pub(super) fn finding(&self, finding: &Finding) -> bool {
        self.object(&finding.object, &finding.object_path)
    }

    pub(super) fn pair(&self, mut pair: Pair) -> Pair {
        pair.drift.retain(|drift| self.finding(&drift.finding));
        pair
    }
}
