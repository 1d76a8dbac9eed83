//! What a branch of snapshots held over time.
//!
//! In: a branch, and the record of runs. Out: every commit with the servers it
//! holds, newest first. Must not know: what changed.

use super::SnapshotError;
use super::repository::Repository;
use super::runs::{self, Run};
use super::stored::{self, Stored, Unread};
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
    /// Snapshots that cannot be read, newest first.
    pub broken: Vec<Broken>,
}

/// A snapshot that cannot be read: the server stands as it was last known.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The commit.
    pub commit: String,
    /// The server's folder.
    pub folder: String,
    /// What is wrong.
    pub problem: String,
}

/// Every commit of a branch, along first parents.
///
/// # Errors
/// The branch is not there or holds no snapshot, or the repository is damaged.
pub fn log(repository: &Repository, branch: &str) -> Result<Log, SnapshotError> {
    let mut reader = Reader {
        repository,
        known: HashMap::new(),
        unread: Vec::new(),
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
    let broken = last_known(&mut moments, reader.unread);
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
        broken,
    })
}

/// A snapshot that cannot be read is no server that was taken out: it stands as the commit before has it.
fn last_known(moments: &mut [Moment], unread: Vec<Vec<Unread>>) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut before: Vec<Arc<Stored>> = Vec::new();
    for (moment, unread) in moments.iter_mut().zip(unread).rev() {
        for Unread { folder, problem } in unread {
            let Some(known) = before.iter().find(|stored| stored.folder == folder) else {
                continue;
            };
            moment.servers.push(Arc::clone(known));
            moment.servers.sort_by(|a, b| a.folder.cmp(&b.folder));
            broken.push(Broken {
                commit: moment.commit.clone(),
                folder,
                problem: problem.map_or_else(
                    || "its manifest is no JSON; restore it from an earlier commit".to_owned(),
                    |problem| problem.to_string(),
                ),
            });
        }
        before.clone_from(&moment.servers);
    }
    broken.reverse();
    broken
}

struct Reader<'r> {
    repository: &'r Repository,
    /// By folder and tree.
    known: HashMap<(String, Oid), Arc<Stored>>,
    /// What cannot be read, of each commit.
    unread: Vec<Vec<Unread>>,
}

impl Reader<'_> {
    fn moment(&mut self, commit: &Commit<'_>) -> Result<Moment, SnapshotError> {
        let author = commit.author();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = stored::found(self.repository, commit)?;
        self.unread.push(found.unread);
        let servers = found
            .all
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
