//! What can go wrong with a repository, and what to do about it.
//!
//! In: causes. Out: texts with path and remedy. Must not know: commands.

use crate::model::on_one_line;
use git2::ErrorCode;
use std::path::{Path, PathBuf};

/// A repository that cannot be used, or does not hold what is asked for.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is something else.
    #[error(
        "{}: this is no git repository, and it is not empty; name a repository, or an empty or new folder to make one",
        shown(path)
    )]
    NoRepository {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing to read.
    #[error(
        "{}: there is no git repository; name the folder given to `snapshot --repo`",
        shown(path)
    )]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Somebody else owns it.
    #[error(
        "{}: the repository belongs to another user, so git does not trust it; run as its owner, or allow it with: \
         git config --global --add safe.directory {} (for a service account --system in place of --global)",
        shown(path),
        shown(trusted)
    )]
    Owner {
        /// The folder.
        path: PathBuf,
        /// What to allow.
        trusted: PathBuf,
    },
    /// Another run.
    #[error(
        "{}: another run of syncdrift is writing to this repository; nothing was changed, try again when it is done",
        shown(path)
    )]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A lock of git.
    #[error(
        "{}: git holds a lock ({problem}); try again, and when no git is running delete that .lock file, which a stopped \
         program left behind",
        shown(path)
    )]
    Locked {
        /// The folder.
        path: PathBuf,
        /// What libgit2 says.
        problem: String,
    },
    /// Somebody else wrote to the branch meanwhile.
    #[error(
        "{}: the branch {branch} was moved by another program meanwhile; nothing was changed, run again",
        shown(path)
    )]
    Moved {
        /// The folder.
        path: PathBuf,
        /// The branch.
        branch: String,
    },
    /// A branch that cannot be written.
    #[error("--branch {branch}: {problem}")]
    Branch {
        /// The branch.
        branch: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A folder within the repository that cannot be.
    #[error("--path {path}: {problem}")]
    Path {
        /// The folder.
        path: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// No such commit.
    #[error(
        "{}: there is no commit {}; name a branch, a tag or a commit after the last @",
        shown(path),
        on_one_line(revision)
    )]
    NoRevision {
        /// The folder.
        path: PathBuf,
        /// What was asked for.
        revision: String,
    },
    /// An export that may be of several servers.
    #[error(
        "{}: the export does not say which server it is of, and its connectors are those of {servers}; nothing was \
         written, for it could replace the wrong one. Export the server again, with GlobalSettings",
        on_one_line(export)
    )]
    Ambiguous {
        /// The export.
        export: String,
        /// The servers.
        servers: String,
    },
    /// No snapshot.
    #[error(
        "{}: {} holds no snapshot; make one with `syncdrift snapshot SERVER --repo DIR`",
        shown(path),
        on_one_line(revision)
    )]
    NoSnapshot {
        /// The folder.
        path: PathBuf,
        /// What was asked for.
        revision: String,
    },
    /// Several servers, or none of that name.
    #[error("{}: {problem}; name one of them after #: {}", shown(path), on_one_line(servers))]
    WhichServer {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        problem: String,
        /// Those it holds.
        servers: String,
    },
    /// A later form.
    #[error("{path}: the snapshot was written by a later version of syncdrift ({schema}); install that version")]
    Later {
        /// In the tree.
        path: String,
        /// What it calls itself.
        schema: String,
    },
    /// Not what we wrote.
    #[error("{path}: the file is damaged ({problem}); restore it from an earlier commit")]
    Damaged {
        /// In the tree.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// Two servers of one name in one run.
    #[error("two of the servers are named {server}; name each server once")]
    Twice {
        /// The name.
        server: String,
    },
    /// Anything that git says.
    #[error("{}: {problem}; nothing that was there is lost", shown(path))]
    Git {
        /// The folder.
        path: PathBuf,
        /// What libgit2 says.
        problem: String,
    },
}

/// A path on one line.
fn shown(path: &Path) -> String {
    on_one_line(&path.display().to_string())
}

impl SnapshotError {
    /// What libgit2 says of a repository, with a remedy where there is one.
    pub fn git(path: &Path, error: &git2::Error) -> SnapshotError {
        let path = path.to_path_buf();
        let problem = on_one_line(error.message());
        match error.code() {
            ErrorCode::Owner => SnapshotError::Owner {
                trusted: std::path::absolute(&path).unwrap_or_else(|_| path.clone()),
                path,
            },
            ErrorCode::Locked => SnapshotError::Locked { path, problem },
            _ => SnapshotError::Git { path, problem },
        }
    }

    /// What the system says of a repository.
    pub fn io(path: &Path, error: &std::io::Error) -> SnapshotError {
        SnapshotError::Git {
            path: path.to_path_buf(),
            problem: error.to_string(),
        }
    }
}
