//! One commit for all servers of a run, and its line in the record of runs.
//!
//! In: what was taken of each server. Out: branches that moved. Must not
//! know: what changed.

use super::SnapshotError;
use super::cache::Cache;
use super::names::{Names, safe};
use super::repository::{Draft, Lock, Move, Person, RUNS, Repository};
use super::runs::{self, Run, RunServer};
use super::taken::Taken;
use super::{manifest, taken};
use git2::{Commit, FileMode, Oid, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where and by whom snapshots are written.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Branch of the snapshots.
    pub branch: String,
    /// Folder within the repository, empty for its root.
    pub folder: String,
    /// Who makes the commit.
    pub person: Person,
    /// Now, in seconds since 1970.
    pub now: i64,
}

/// A folder within the repository as git writes it.
///
/// # Errors
/// It leads out of the repository, or some system cannot have it.
pub fn check_path(path: &str) -> Result<String, SnapshotError> {
    let steps: Vec<&str> = path
        .split(['/', '\\'])
        .filter(|step| !step.is_empty() && *step != ".")
        .collect();
    match steps.iter().find(|step| safe(step) != **step) {
        None => Ok(steps.join("/")),
        Some(step) => Err(SnapshotError::Path {
            path: crate::model::on_one_line(path),
            problem: format!(
                "not every system can have a folder {}; name a folder within the repository, with slashes between its steps",
                crate::model::on_one_line(step)
            ),
        }),
    }
}

/// Writes what was taken. `message` is asked for only when something changed. Gives the commit, if one was made.
///
/// # Errors
/// The repository cannot be written; then no branch has moved.
pub fn write(
    repository: &Repository,
    _lock: &Lock,
    plan: &Plan,
    taken: &[Taken],
    message: impl FnOnce() -> String,
    mut run: Run,
) -> Result<Option<String>, SnapshotError> {
    let mut new = BTreeSet::new();
    let tip = repository.tip(&plan.branch)?;
    let before = tip
        .as_ref()
        .map(Commit::tree)
        .transpose()
        .map_err(|error| repository.problem(&error))?;
    let mut tree = before;
    let mut names = Names::default();
    for server in taken {
        let own = folder(server, plan, &mut names, tree.as_ref());
        let trees = files(repository, server, &mut new)?;
        run.servers.push(line(server, trees));
        let put = repository.put(tree.as_ref(), &own, (trees, FileMode::Tree), &mut new)?;
        tree = Some(
            repository
                .git
                .find_tree(put)
                .map_err(|error| repository.problem(&error))?,
        );
    }
    let changed = taken.iter().any(|server| server.changed);
    let from = tip.as_ref().map(Commit::id);
    let mut moves = Vec::new();
    if let (true, Some(tree)) = (changed, &tree) {
        let times = taken.iter().filter(|server| server.changed).filter_map(exported);
        let draft = Draft {
            tree: tree.id(),
            message: &message(),
            time: times.max().unwrap_or(plan.now),
        };
        let to = repository.make(tip.as_ref(), &draft, &plan.person, plan.now)?;
        new.insert(to);
        let branch = &plan.branch;
        moves.push(Move { branch, from, to });
    }
    let commit = moves.first().map(|step| step.to);
    run.commit = commit.or(from).map(|commit| commit.to_string());
    record(repository, plan, moves, &run, new)?;
    let schemas = taken.iter().flat_map(|server| &server.schemas);
    Cache::of(repository).put(schemas.map(|(digest, oid)| (digest, *oid)));
    Ok(commit.map(|commit| commit.to_string()))
}

/// A line for a run that failed before it wrote anything.
///
/// # Errors
/// The repository cannot be written.
pub fn fail(repository: &Repository, _lock: &Lock, plan: &Plan, mut run: Run) -> Result<(), SnapshotError> {
    run.commit = repository.tip(&plan.branch)?.map(|tip| tip.id().to_string());
    record(repository, plan, Vec::new(), &run, BTreeSet::new())
}

/// Moves the branches: that of the snapshots if it has a commit, and the record.
fn record<'m>(
    repository: &Repository,
    plan: &Plan,
    mut moves: Vec<Move<'m>>,
    run: &Run,
    mut new: BTreeSet<Oid>,
) -> Result<(), SnapshotError> {
    let tip = repository.tip(RUNS)?;
    let draft = Draft {
        tree: runs::with(repository, tip.as_ref(), run, &mut new)?,
        message: &format!("{} {}\n", run.command, run.time),
        time: plan.now,
    };
    let to = repository.make(tip.as_ref(), &draft, &plan.person, plan.now)?;
    new.insert(to);
    moves.push(Move {
        branch: RUNS,
        from: tip.as_ref().map(Commit::id),
        to,
    });
    repository.advance(&moves, &plan.person, plan.now, &new)
}

/// The server's folder: where it is, or a new one that nothing else has.
fn folder(server: &Taken, plan: &Plan, names: &mut Names, tree: Option<&Tree<'_>>) -> String {
    if let Some(last) = &server.last {
        return last.folder.clone();
    }
    loop {
        let name = names.take(&plan.folder, &server.server.server);
        let path = match plan.folder.as_str() {
            "" => name,
            folder => format!("{folder}/{name}"),
        };
        if tree.is_none_or(|tree| tree.get_path(Path::new(&path)).is_err()) {
            return path;
        }
    }
}

/// The tree of a server.
fn files(repository: &Repository, server: &Taken, new: &mut BTreeSet<Oid>) -> Result<Oid, SnapshotError> {
    if let (false, Some(last)) = (server.changed, &server.last) {
        return Ok(last.tree);
    }
    let mut files: BTreeMap<&str, Oid> = server.kept.iter().map(|(path, oid)| (path.as_str(), *oid)).collect();
    for (path, text) in &server.texts {
        files.insert(path, repository.blob(text.as_bytes(), new)?);
    }
    let manifest = repository.blob(server.manifest.text().as_bytes(), new)?;
    files.insert(manifest::FILE, manifest);
    repository.tree(&files, new)
}

fn line(server: &Taken, tree: Oid) -> RunServer {
    RunServer {
        server: server.server.server.clone(),
        exported: server.server.exported.clone(),
        tree: Some(tree.to_string()),
        sha256: taken::digest(&server.server),
        changed: server.changed,
        gaps: server.manifest.gaps.len(),
    }
}

/// When a server was exported, in seconds since 1970.
fn exported(server: &Taken) -> Option<i64> {
    let time: jiff::Timestamp = server.server.exported.as_deref()?.parse().ok()?;
    Some(time.as_second())
}
