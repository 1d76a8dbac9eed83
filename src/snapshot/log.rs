//! What a branch of snapshots held over time.
//!
//! In: a branch, and the record of runs. Out: every commit with the servers it
//! holds, newest first. Must not know: what changed.

use super::SnapshotError;
use super::repository::Repository;
use super::runs::{self, Run};
use super::stored::{self, Stored};
use git2::{Commit, Oid};
use std::collections::HashMap;
use std::sync::Arc;

/// One commit.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Its name.
    pub commit: String,
    /// When the export was made that it holds, as Unix seconds.
    pub time: i64,
    /// When it was committed, as Unix seconds.
    pub committed: i64,
    /// Who committed it: name and mail address.
    pub author: String,
    /// Its servers, by folder. What did not change is shared with the commit before.
    pub servers: Vec<Arc<Stored>>,
}

/// A branch over time.
#[derive(Debug, Clone)]
pub struct Log {
    /// Commits, newest first.
    pub moments: Vec<Moment>,
    /// Runs, oldest first.
    pub runs: Vec<Run>,
    /// Lines of the record that are no runs.
    pub unread: usize,
    /// Last commit of the record of runs.
    pub record: Option<String>,
    /// Older commits are elsewhere: the repository is a shallow clone.
    pub shallow: bool,
}

/// Every commit of a branch, along first parents.
///
/// # Errors
/// The branch is not there or holds no snapshot, or the repository is damaged.
pub fn log(repository: &Repository, branch: &str) -> Result<Log, SnapshotError> {
    let mut reader = Reader {
        repository,
        known: HashMap::new(),
    };
    let mut moments = Vec::new();
    let mut next = repository.tip_to_read(branch)?;
    while let Some(commit) = next {
        moments.push(reader.moment(&commit)?);
        next = match commit.parent_count() {
            0 => None,
            _ => Some(commit.parent(0).map_err(|error| repository.problem(&error))?),
        };
    }
    if moments.iter().all(|moment| moment.servers.is_empty()) {
        return Err(SnapshotError::NoSnapshot {
            path: repository.folder().to_path_buf(),
            revision: format!("branch {}", crate::model::on_one_line(branch)),
        });
    }
    let record = runs::all(repository)?;
    Ok(Log {
        moments,
        runs: record.runs,
        unread: record.unread,
        record: record.tip,
        shallow: repository.git.is_shallow(),
    })
}

struct Reader<'r> {
    repository: &'r Repository,
    /// By folder and tree.
    known: HashMap<(String, Oid), Arc<Stored>>,
}

impl Reader<'_> {
    fn moment(&mut self, commit: &Commit<'_>) -> Result<Moment, SnapshotError> {
        let author = commit.author();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let servers = stored::all(self.repository, commit)?
            .into_iter()
            .map(|stored| {
                let key = (stored.folder.clone(), stored.tree);
                Arc::clone(self.known.entry(key).or_insert_with(|| Arc::new(stored)))
            })
            .collect();
        Ok(Moment {
            commit: commit.id().to_string(),
            time: author.when().seconds(),
            committed: commit.time().seconds(),
            author: format!("{} <{}>", text(author.name_bytes()), text(author.email_bytes())),
            servers,
        })
    }
}
