//! When each state of a server was seen.
//!
//! In: commits and the record of runs. Out: times of exports. Must not know:
//! what states hold.

use crate::assess::header;
use crate::report::history::Seen;
use crate::snapshot::{Log, Moment, Run, Stored};
use std::collections::HashMap;

/// Times of exports, by commit and server's folder.
pub(super) struct Times<'l> {
    log: &'l Log,
    /// First and last export that gave a server's tree while a commit was the last one.
    exports: HashMap<(&'l str, &'l str), (&'l str, &'l str)>,
}

impl<'l> Times<'l> {
    pub(super) fn of(log: &'l Log) -> Times<'l> {
        let mut exports: HashMap<(&str, &str), (&str, &str)> = HashMap::new();
        for run in &log.runs {
            let Some(commit) = run.commit.as_deref() else { continue };
            for server in &run.servers {
                if let (Some(tree), Some(exported)) = (server.tree.as_deref(), server.exported.as_deref()) {
                    let seen = exports.entry((commit, tree)).or_insert((exported, exported));
                    seen.1 = seen.1.max(exported);
                }
            }
        }
        Times { log, exports }
    }

    /// Whether no run made a commit, though runs are recorded from before.
    pub(super) fn is_by_hand(&self, moment: &Moment) -> bool {
        let runs = &self.log.runs;
        let recorded = runs.iter().filter_map(|run| run.commit.as_deref());
        let begun = runs.first().and_then(|run| run.time.parse::<jiff::Timestamp>().ok());
        begun.is_some_and(|begun| begun.as_second() <= moment.committed)
            && !recorded.into_iter().any(|commit| commit == moment.commit)
    }

    /// When the export was made that a commit holds of a server.
    pub(super) fn exported(&self, moment: &Moment, stored: &Stored) -> String {
        let key = (moment.commit.as_str(), &*stored.tree.to_string());
        match self.exports.get(&key) {
            Some((first, _)) => (*first).to_owned(),
            None => header::generated(moment.time),
        }
    }

    /// The last export that gave what a server's last snapshot holds; at least when that was made.
    pub(super) fn last(&self, from: &Moment, stored: &Stored) -> String {
        let tree = stored.tree.to_string();
        let commits = self.log.moments.iter().map(|moment| moment.commit.as_str());
        // Other servers of the repository may have moved the branch since.
        let since = commits.take_while(|commit| *commit != from.commit);
        let all = since.chain([from.commit.as_str()]);
        let last = all
            .filter_map(|commit| self.exports.get(&(commit, tree.as_str())))
            .map(|(_, last)| *last)
            .max();
        // What somebody committed by hand is no export.
        let own = |run: &'l Run| {
            let mut servers = run.servers.iter();
            let server = servers.find(|server| server.server == stored.manifest.server)?;
            server.exported.as_deref()
        };
        let known = || self.log.runs.iter().filter_map(own).max();
        last.or_else(known)
            .map_or_else(|| header::generated(from.time), str::to_owned)
    }
}

/// When a state was committed, and where.
pub(super) fn seen(moment: &Moment) -> Seen {
    Seen {
        time: header::generated(moment.time),
        commit: moment.commit.clone(),
    }
}
