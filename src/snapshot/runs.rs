//! The record of runs: one line for each run, on a branch of its own.
//!
//! In: what a run did. Out: a line of JSON in the file of its month; read back,
//! when a server was last exported. So an unchanged server makes no commit and
//! still does not look old. Must not know: what changed.

use super::SnapshotError;
use super::repository::{RUNS, Repository};
use super::stored::{self, Stored};
use git2::{Commit, FileMode, Oid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const SCHEMA: &str = "syncdrift.run/1";
const EXTENSION: &str = "jsonl";

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// `syncdrift.run/1`.
    pub schema: String,
    /// What ran.
    pub command: String,
    /// When, UTC, ISO 8601.
    pub time: String,
    /// Version of the program.
    pub version: String,
    /// Version of the catalogue.
    pub catalogue: String,
    /// Branch of the snapshots.
    pub branch: String,
    /// Its tip after the run.
    pub commit: Option<String>,
    /// The servers.
    pub servers: Vec<RunServer>,
    /// What a comparison of servers said.
    pub verdict: Option<String>,
    /// What changed, as fingerprints.
    pub fingerprints: Vec<String>,
    /// Exit code.
    pub exit: u8,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A server of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunServer {
    /// Name.
    pub server: String,
    /// When it was exported, UTC, ISO 8601.
    pub exported: Option<String>,
    /// Tree of its snapshot.
    pub tree: Option<String>,
    /// SHA-256 of its export: of paths and hashes of all files.
    pub sha256: String,
    /// Whether its snapshot changed.
    pub changed: bool,
    /// How many gaps it has.
    pub gaps: usize,
}

impl Run {
    /// A line of this form.
    pub fn new(command: &str, time: String, tool: &crate::report::Tool, branch: &str) -> Run {
        Run {
            schema: SCHEMA.to_owned(),
            command: command.to_owned(),
            time,
            version: tool.version.clone(),
            catalogue: tool.catalogue.clone(),
            branch: branch.to_owned(),
            commit: None,
            servers: Vec::new(),
            verdict: None,
            fingerprints: Vec::new(),
            exit: 0,
            problem: None,
        }
    }
}

/// The tree of the branch with a line more.
pub(super) fn with(
    repository: &Repository,
    tip: Option<&Commit<'_>>,
    run: &Run,
    new: &mut BTreeSet<Oid>,
) -> Result<Oid, SnapshotError> {
    let tree = tip
        .map(Commit::tree)
        .transpose()
        .map_err(|error| repository.problem(&error))?;
    let month = run.time.get(..7).unwrap_or("undated");
    let name = format!("{month}.{EXTENSION}");
    let before = tree.as_ref().and_then(|tree| tree.get_name(&name));
    let mut text = match before {
        Some(entry) => stored::text(repository, entry.id())?,
        None => String::new(),
    };
    text.push_str(&serde_json::to_string(run).unwrap_or_default());
    text.push('\n');
    let blob = repository.blob(text.as_bytes(), new)?;
    repository.put(tree.as_ref(), &name, (blob, FileMode::Blob), new)
}

/// The whole record.
pub(super) struct Record {
    /// Runs, oldest first.
    pub runs: Vec<Run>,
    /// Lines that are no runs.
    pub unread: usize,
    /// Last commit of its branch.
    pub tip: Option<String>,
}

/// Reads the whole record; without one it is empty.
pub(super) fn all(repository: &Repository) -> Result<Record, SnapshotError> {
    let mut record = Record {
        runs: Vec::new(),
        unread: 0,
        tip: repository.tip_to_read(RUNS)?.map(|tip| tip.id().to_string()),
    };
    for oid in months(repository)? {
        for line in stored::text(repository, oid)?.lines() {
            let run = serde_json::from_str::<Run>(line).ok();
            let known = |run: &Run| run.schema == SCHEMA && run.time.parse::<jiff::Timestamp>().is_ok();
            match run.filter(known) {
                Some(run) => record.runs.push(run),
                None => record.unread += 1,
            }
        }
    }
    Ok(record)
}

/// The files of the record, oldest first.
fn months(repository: &Repository) -> Result<Vec<Oid>, SnapshotError> {
    let Some(tip) = repository.tip_to_read(RUNS)? else {
        return Ok(Vec::new());
    };
    let tree = tip.tree().map_err(|error| repository.problem(&error))?;
    let mut files: Vec<(String, Oid)> = tree
        .iter()
        .filter_map(|entry| Some((entry.name().ok()?.to_owned(), entry.id())))
        .collect();
    files.sort();
    Ok(files.into_iter().map(|(_, oid)| oid).collect())
}

/// When a snapshot's export was made, as the last run says that left this commit.
///
/// # Errors
/// The repository is damaged.
pub fn exported(repository: &Repository, stored: &Stored) -> Result<Option<String>, SnapshotError> {
    let (commit, folder) = (stored.commit.to_string(), stored.tree.to_string());
    for oid in months(repository)?.into_iter().rev() {
        let text = stored::text(repository, oid)?;
        let last = text.lines().rev().find_map(|line| {
            // The commit's name is cheaper to look for than a line is to read.
            let line = Some(line).filter(|line| line.contains(&commit))?;
            let run: Run = serde_json::from_str(line).ok()?;
            let mut servers = run.servers.into_iter();
            let server = servers.find(|server| server.tree.as_deref() == Some(&folder))?;
            server.exported.filter(|_| run.commit.as_deref() == Some(&commit))
        });
        if last.is_some() {
            return Ok(last);
        }
    }
    Ok(None)
}
