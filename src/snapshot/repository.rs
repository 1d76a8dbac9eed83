//! The git repository: opening it, and one commit on two branches at once.
//!
//! In: files. Out: commits. Work tree, index, remotes and other branches are
//! never touched: blobs, trees and references are written, nothing is checked
//! out. Must not know: what files hold.
//!
//! A crash leaves objects that nobody refers to, and the branches as they were:
//! both move in one transaction, after everything they lead to is on the disk.

use super::SnapshotError;
use super::stored::{self, Stored};
use git2::{Commit, ErrorCode, FileMode, ObjectType, Oid, Signature, Time, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Branch of snapshots unless the user names another.
pub const BRANCH: &str = "syncdrift/snapshots";
/// Branch with the record of runs.
pub const RUNS: &str = "syncdrift/runs";
/// Held while a run writes; the system lets go of it when the program ends, however it ends.
const LOCK: &str = "syncdrift.lock";
/// What `git init` makes: a folder with nothing else is one where it was stopped.
const BEGUN: [&str; 9] = [
    "HEAD",
    "config",
    "description",
    "hooks",
    "info",
    "objects",
    "refs",
    "branches",
    "config.lock",
];

/// A repository.
pub struct Repository {
    pub(super) git: git2::Repository,
    folder: PathBuf,
}

/// A run that writes; ends when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Who made a commit, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Mail address.
    pub mail: String,
}

/// A commit to be made.
pub(super) struct Draft<'d> {
    /// Its tree.
    pub tree: Oid,
    /// Its message.
    pub message: &'d str,
    /// Seconds since 1970 for the author.
    pub time: i64,
}

/// A branch that is to move.
pub(super) struct Move<'m> {
    /// Its name.
    pub branch: &'m str,
    /// Where it was when it was read.
    pub from: Option<Oid>,
    /// Where it goes.
    pub to: Oid,
}

impl Repository {
    /// Opens a repository.
    ///
    /// # Errors
    /// There is none, or it may not be read.
    pub fn open(folder: &Path) -> Result<Repository, SnapshotError> {
        match git2::Repository::open(folder) {
            Ok(git) => Ok(Repository {
                git,
                folder: folder.to_path_buf(),
            }),
            Err(error) if error.code() == ErrorCode::NotFound => Err(missing(folder)),
            Err(error) => Err(SnapshotError::git(folder, &error)),
        }
    }

    /// Opens a repository, or makes a bare one where there is nothing: nobody edits in its folder, and `git clone`
    /// gives one to look at.
    ///
    /// # Errors
    /// There is something else, or nothing can be made there.
    pub fn open_or_make(folder: &Path) -> Result<Repository, SnapshotError> {
        match Repository::open(folder) {
            Err(SnapshotError::Missing { .. }) if is_free(folder) => {}
            Err(SnapshotError::Missing { path }) => return Err(SnapshotError::NoRepository { path }),
            opened => return opened,
        }
        let mut options = git2::RepositoryInitOptions::new();
        options
            .bare(true)
            .mkpath(true)
            .external_template(false)
            .initial_head(BRANCH);
        git2::Repository::init_opts(folder, &options).map_err(|error| SnapshotError::git(folder, &error))?;
        Repository::open(folder)
    }

    /// The folder as it was named.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn problem(&self, error: &git2::Error) -> SnapshotError {
        SnapshotError::git(&self.folder, error)
    }

    /// Keeps other runs out.
    ///
    /// # Errors
    /// Another run writes, or the folder cannot be written.
    pub fn lock(&self) -> Result<Lock, SnapshotError> {
        let path = self.git.commondir().join(LOCK);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| SnapshotError::io(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(SnapshotError::Busy {
                path: self.folder.clone(),
            }),
            Err(fs::TryLockError::Error(error)) => Err(SnapshotError::io(&path, &error)),
        }
    }

    /// Whether snapshots may be written to a branch.
    ///
    /// # Errors
    /// No branch can have the name, it is the record of runs, or somebody has it checked out.
    pub fn check_branch(&self, branch: &str) -> Result<(), SnapshotError> {
        let refused = |problem: &str| {
            Err(SnapshotError::Branch {
                branch: crate::model::on_one_line(branch),
                problem: problem.to_owned(),
            })
        };
        if !git2::Branch::name_is_valid(branch).unwrap_or(false) {
            return refused("git allows no branch of this name; use letters, digits, dashes and slashes");
        }
        if branch == RUNS {
            return refused("this branch holds the record of runs; name another");
        }
        let (folder, _) = RUNS.split_once('/').unwrap_or_default();
        if branch == folder || branch.strip_prefix(RUNS).is_some_and(|rest| rest.starts_with('/')) {
            return refused("git cannot have this branch beside syncdrift/runs; name another");
        }
        if self.is_checked_out(branch) {
            return refused(
                "this branch is checked out, and its files would no longer be those of its last commit; name another \
                 branch (and merge it), or use a bare repository",
            );
        }
        Ok(())
    }

    fn is_checked_out(&self, branch: &str) -> bool {
        let name = format!("refs/heads/{branch}");
        let here = |git: &git2::Repository| {
            let head = git.find_reference("HEAD");
            let at = head
                .ok()
                .and_then(|head| head.symbolic_target_bytes().map(<[u8]>::to_vec));
            !git.is_bare() && at.is_some_and(|at| at == name.as_bytes())
        };
        let others = self.git.worktrees().ok();
        let mut others = others.iter().flat_map(|names| names.iter()).filter_map(|name| {
            let name = name.ok().flatten()?;
            let tree = self.git.find_worktree(name).ok()?;
            git2::Repository::open_from_worktree(&tree).ok()
        });
        here(&self.git) || others.any(|git| here(&git))
    }

    /// The last commit of a branch.
    pub(super) fn tip(&self, branch: &str) -> Result<Option<Commit<'_>>, SnapshotError> {
        match self.git.find_reference(&format!("refs/heads/{branch}")) {
            Ok(reference) => reference
                .peel_to_commit()
                .map(Some)
                .map_err(|error| self.problem(&error)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(self.problem(&error)),
        }
    }

    /// The same where nothing is to be written: in a clone the branch may be its remote's.
    pub(super) fn tip_to_read(&self, branch: &str) -> Result<Option<Commit<'_>>, SnapshotError> {
        if let Some(tip) = self.tip(branch)? {
            return Ok(Some(tip));
        }
        match self.git.find_reference(&format!("refs/remotes/origin/{branch}")) {
            Ok(reference) => reference
                .peel_to_commit()
                .map(Some)
                .map_err(|error| self.problem(&error)),
            Err(_) => Ok(None),
        }
    }

    /// The snapshots of servers that a commit holds, or the tip of a branch.
    ///
    /// # Errors
    /// The repository is damaged, or a snapshot is of a later form.
    pub fn on_branch(&self, branch: &str) -> Result<Vec<Stored>, SnapshotError> {
        match self.tip(branch)? {
            Some(commit) => stored::all(self, &commit),
            None => Ok(Vec::new()),
        }
    }

    /// The person of git's configuration.
    pub fn person(&self) -> Option<Person> {
        let signature = self.git.signature().ok()?;
        Some(Person {
            name: signature.name().ok()?.to_owned(),
            mail: signature.email().ok()?.to_owned(),
        })
    }

    /// Writes a blob.
    pub(super) fn blob(&self, bytes: &[u8], new: &mut BTreeSet<Oid>) -> Result<Oid, SnapshotError> {
        let known = Oid::hash_object(ObjectType::Blob, bytes).map_err(|error| self.problem(&error))?;
        if self.git.odb().is_ok_and(|odb| odb.exists(known)) {
            return Ok(known);
        }
        let written = self.git.blob(bytes).map_err(|error| self.problem(&error))?;
        new.insert(written);
        Ok(written)
    }

    /// Writes the tree of some files.
    pub(super) fn tree(&self, files: &BTreeMap<&str, Oid>, new: &mut BTreeSet<Oid>) -> Result<Oid, SnapshotError> {
        let mut folders: BTreeMap<&str, BTreeMap<&str, Oid>> = BTreeMap::new();
        let mut builder = self.git.treebuilder(None).map_err(|error| self.problem(&error))?;
        for (path, oid) in files {
            match path.split_once('/') {
                Some((folder, rest)) => {
                    folders.entry(folder).or_default().insert(rest, *oid);
                }
                None => {
                    let added = builder.insert(path, *oid, FileMode::Blob.into());
                    added.map(drop).map_err(|error| self.problem(&error))?;
                }
            }
        }
        for (folder, files) in folders {
            let tree = self.tree(&files, new)?;
            let added = builder.insert(folder, tree, FileMode::Tree.into());
            added.map(drop).map_err(|error| self.problem(&error))?;
        }
        let written = builder.write().map_err(|error| self.problem(&error))?;
        new.insert(written);
        Ok(written)
    }

    /// A tree with something put at a path; what else it holds stays.
    pub(super) fn put(
        &self,
        base: Option<&Tree<'_>>,
        path: &str,
        (oid, mode): (Oid, FileMode),
        new: &mut BTreeSet<Oid>,
    ) -> Result<Oid, SnapshotError> {
        let (first, rest) = match path.split_once('/') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let mut builder = self.git.treebuilder(base).map_err(|error| self.problem(&error))?;
        let (oid, mode) = match rest {
            None => (oid, mode),
            Some(rest) => {
                let entry = base.and_then(|base| base.get_name(first));
                if entry
                    .as_ref()
                    .is_some_and(|entry| entry.kind() != Some(ObjectType::Tree))
                {
                    return Err(SnapshotError::Path {
                        path: path.to_owned(),
                        problem: format!("{first} is a file on this branch; name another folder"),
                    });
                }
                let below = entry.and_then(|entry| self.git.find_tree(entry.id()).ok());
                (self.put(below.as_ref(), rest, (oid, mode), new)?, FileMode::Tree)
            }
        };
        builder
            .insert(first, oid, mode.into())
            .map(drop)
            .map_err(|error| self.problem(&error))?;
        let written = builder.write().map_err(|error| self.problem(&error))?;
        new.insert(written);
        Ok(written)
    }

    /// Writes a commit that no branch leads to yet.
    pub(super) fn make(
        &self,
        parent: Option<&Commit<'_>>,
        draft: &Draft<'_>,
        person: &Person,
        now: i64,
    ) -> Result<Oid, SnapshotError> {
        let signed = |seconds: i64| {
            let signature = Signature::new(&person.name, &person.mail, &Time::new(seconds, 0));
            signature.map_err(|error| self.problem(&error))
        };
        let tree = self.git.find_tree(draft.tree).map_err(|error| self.problem(&error))?;
        let parents: Vec<&Commit<'_>> = parent.into_iter().collect();
        let commit = self.git.commit(
            None,
            &signed(draft.time)?,
            &signed(now)?,
            draft.message,
            &tree,
            &parents,
        );
        commit.map_err(|error| self.problem(&error))
    }

    /// Moves branches to commits, all or none of them, once the new objects are on the disk.
    pub(super) fn advance(
        &self,
        moves: &[Move<'_>],
        person: &Person,
        now: i64,
        new: &BTreeSet<Oid>,
    ) -> Result<(), SnapshotError> {
        self.settle(new.iter())?;
        let signature = Signature::new(&person.name, &person.mail, &Time::new(now, 0));
        let signature = signature.map_err(|error| self.problem(&error))?;
        let mut transaction = self.git.transaction().map_err(|error| self.problem(&error))?;
        for step in moves {
            let locked = transaction.lock_ref(&format!("refs/heads/{}", step.branch));
            locked.map_err(|error| self.problem(&error))?;
        }
        for step in moves {
            if self.tip(step.branch)?.map(|tip| tip.id()) != step.from {
                return Err(SnapshotError::Moved {
                    path: self.folder.clone(),
                    branch: step.branch.to_owned(),
                });
            }
            let name = format!("refs/heads/{}", step.branch);
            let set = transaction.set_target(&name, step.to, Some(&signature), "syncdrift");
            set.map_err(|error| self.problem(&error))?;
        }
        transaction.commit().map_err(|error| self.problem(&error))
    }

    /// Waits until new objects are on the disk, so that no branch leads to one that a power cut took.
    fn settle<'o>(&self, objects: impl Iterator<Item = &'o Oid>) -> Result<(), SnapshotError> {
        let folder = self.git.commondir().join("objects");
        for oid in objects {
            let name = oid.to_string();
            let (first, rest) = name.split_at_checked(2).unwrap_or_default();
            let path = folder.join(first).join(rest);
            // What is not there by itself is in a pack, and older.
            if let Ok(file) = File::open(&path) {
                file.sync_all().map_err(|error| SnapshotError::io(&path, &error))?;
            }
        }
        Ok(())
    }
}

/// There is no repository, or it must not be seen.
fn missing(folder: &Path) -> SnapshotError {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => SnapshotError::io(folder, &error),
        _ => SnapshotError::Missing {
            path: folder.to_path_buf(),
        },
    }
}

/// Whether a repository may be made here: there is nothing, or only what a stopped `init` left.
fn is_free(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        Ok(mut entries) => entries.all(|entry| {
            let name = entry.map(|entry| entry.file_name()).unwrap_or_default();
            name.to_str().is_some_and(|name| BEGUN.contains(&name))
        }),
    }
}
