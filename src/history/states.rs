//! The states of servers along a branch.
//!
//! In: commits, newest first. Out: where each server changed, oldest first.
//! Must not know: what states hold.

use crate::snapshot::{Log, Stored};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A server that a commit changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'l> {
    /// The commit, as an index of the log.
    pub moment: usize,
    /// The server before.
    pub before: Option<&'l Arc<Stored>>,
    /// The server after.
    pub after: Option<&'l Arc<Stored>>,
}

impl<'l> Step<'l> {
    /// The server that the step is about.
    pub(super) fn stored(&self) -> Option<&'l Arc<Stored>> {
        self.after.or(self.before)
    }
}

/// Where each server changed, by folder, oldest first.
pub(super) fn steps(log: &Log) -> BTreeMap<&str, Vec<Step<'_>>> {
    let mut steps: BTreeMap<&str, Vec<Step<'_>>> = BTreeMap::new();
    let mut before: BTreeMap<&str, &Arc<Stored>> = BTreeMap::new();
    for (index, moment) in log.moments.iter().enumerate().rev() {
        let after: BTreeMap<&str, &Arc<Stored>> = moment
            .servers
            .iter()
            .map(|stored| (stored.folder.as_str(), stored))
            .collect();
        let folders: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        for folder in folders {
            let (old, new) = (before.get(folder).copied(), after.get(folder).copied());
            if old.map(|stored| stored.tree) != new.map(|stored| stored.tree) {
                steps.entry(folder).or_default().push(Step {
                    moment: index,
                    before: old,
                    after: new,
                });
            }
        }
        before = after;
    }
    steps
}
