//! The result of `history`: what changed over time, since when servers differ,
//! and the evidence of a period.
//!
//! In: filled by `history`. Out: serialised as `syncdrift.history/1`, rendered
//! by `render`. Must not know: git, how anything was computed.
//!
//! In a change `primary` is the value before and `staging` the value after; in drift
//! between servers they are the primary's and the staging server's. Times are UTC, ISO 8601.

use super::{File, Finding, Tool, Verdict, Warning};
use serde::{Deserialize, Serialize};

/// Name of the schema.
pub const SCHEMA: &str = "syncdrift.history/1";

/// Servers over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// `syncdrift.history/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// When it was made.
    pub generated: String,
    /// What was asked for.
    pub options: HistoryOptions,
    /// The repository as given.
    pub repository: String,
    /// Servers as last seen, by name.
    pub servers: Vec<KnownServer>,
    /// Changes, newest first; the first snapshot of a server is an entry without changes.
    pub entries: Vec<Entry>,
    /// Drift that is open between servers now, since when, and where it came in.
    pub pairs: Vec<Pair>,
    /// With an object asked for: when each of its settings got the value it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blame: Vec<Blame>,
    /// The evidence of a period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What the history does not know.
    pub warnings: Vec<Warning>,
}

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryOptions {
    /// Branch of the snapshots.
    pub branch: String,
    /// One server only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Objects whose name or path fits a glob only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Changes since then only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The file of accepted drift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<File>,
    /// Names masked.
    #[serde(default)]
    pub redact: bool,
}

/// A state of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Seen {
    /// When the export was made that shows it.
    pub time: String,
    /// The commit that holds it.
    pub commit: String,
}

/// A server as last seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KnownServer {
    /// Name.
    pub server: String,
    /// Its folder in the repository.
    pub folder: String,
    /// Build, when known.
    pub version: Option<String>,
    /// Staging mode, when known.
    pub staging_mode: Option<bool>,
    /// Its first snapshot.
    pub first: Seen,
    /// The snapshot that changed last.
    pub changed: Seen,
    /// When it was last exported, whether something had changed or not.
    pub exported: String,
    /// How many snapshots changed something, the first one included.
    pub snapshots: usize,
    /// What could not be read of it last.
    pub gaps: usize,
    /// It was taken out of the repository.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// One server in one commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The commit.
    pub commit: String,
    /// When the export was made.
    pub time: String,
    /// Who committed it: name and mail address.
    pub author: String,
    /// The server.
    pub server: String,
    /// Its first snapshot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
    /// The server is gone from the repository.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// No run of the record made this commit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// Version of the program that wrote it, where it is another than the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// Parts that could not be read then; their last known content stands for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// What changed: `primary` is the value before, `staging` the value after.
    pub changes: Vec<Finding>,
    /// Differences that no one need act on, such as numbers of precedence that overtake nobody.
    pub expected: Vec<Finding>,
}

/// Two servers that are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// The server that is active now.
    pub primary: String,
    /// The server in staging mode.
    pub staging: String,
    /// What a comparison of their last snapshots says.
    pub verdict: Verdict,
    /// How many kinds of settings that comparison found equal, different, unknown, and on neither server.
    pub checked: CheckedKinds,
    /// Open and accepted drift, worst first.
    pub drift: Vec<Drift>,
}

/// Kinds of settings (catalogue rows) by what a comparison found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckedKinds {
    /// Equal on both servers.
    pub equal: usize,
    /// Different.
    pub drift: usize,
    /// Not to be told.
    pub unknown: usize,
    /// On neither server.
    pub not_present: usize,
}

/// Drift between two servers over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The finding, as it was last seen.
    pub finding: Finding,
    /// Where it appeared since it was last not there.
    pub first: Seen,
    /// It was there in the first snapshots of both servers, and may be older.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_first: bool,
    /// The server whose change brought it; null where both changed or nobody can tell.
    pub came_in: Option<String>,
}

/// When a setting got its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Blame {
    /// The server.
    pub server: String,
    /// Names from the outside in.
    pub object_path: Vec<String>,
    /// Title of the setting.
    pub setting: String,
    /// Its value now.
    pub value: String,
    /// The commit that brought it.
    pub commit: String,
    /// When that export was made.
    pub time: String,
    /// Who committed it.
    pub author: String,
    /// The value before, where it was another one; null where there is none, as in the server's first snapshot.
    pub before: Option<String>,
    /// It has it since the first snapshot of the server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_first: bool,
}

/// The auditor's pack of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Runs of the period, oldest first.
    pub runs: Vec<RunSeen>,
    /// How many of them brought everything.
    pub complete: usize,
    /// How many could not read some part.
    pub incomplete: usize,
    /// How many failed.
    pub failed: usize,
    /// Days of the period without a run, as ISO dates; whether one was due nobody has said.
    pub days_without_run: Vec<String>,
    /// Everything in which two servers differed at any time of the period.
    pub deviations: Vec<Deviation>,
    /// The register of acceptances: every entry of the file that was given.
    pub acceptances: Vec<Register>,
    /// Versions of the program and its catalogue that ran.
    pub versions: Vec<String>,
    /// Tips of the branches, so that the pack can be checked against the repository.
    pub commits: Vec<BranchTip>,
}

/// A run of the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RunSeen {
    /// When.
    pub time: String,
    /// Which command.
    pub command: String,
    /// Its exit code.
    pub exit: u8,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Tip of the snapshots' branch after it.
    pub commit: Option<String>,
    /// Version of the program and its catalogue.
    pub version: String,
    /// Servers of the run.
    pub servers: Vec<ServerOfRun>,
}

/// A server of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServerOfRun {
    /// Name.
    pub server: String,
    /// When it was exported.
    pub exported: Option<String>,
    /// SHA-256 of its export: of the paths and hashes of all files.
    pub sha256: String,
    /// Whether anything had changed.
    pub changed: bool,
    /// What could not be read.
    pub gaps: usize,
}

/// A deviation in the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Deviation {
    /// The active server.
    pub primary: String,
    /// The server in staging mode.
    pub staging: String,
    /// The drift, as it was last seen.
    #[serde(flatten)]
    pub drift: Drift,
    /// When it was last seen: the last export of the period that still has it.
    pub last: Seen,
    /// The first state without it; null while it is open.
    pub resolved: Option<Seen>,
    /// How many runs of the period saw it.
    pub runs: usize,
}

/// An acceptance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// What it accepts: an id and an object, or a fingerprint.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Ticket.
    pub ticket: Option<String>,
    /// Until when.
    pub expires: String,
    /// Whether it accepts something now, expired, or accepts nothing.
    pub state: String,
}

/// Where a branch stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BranchTip {
    /// Its name.
    pub branch: String,
    /// Its last commit.
    pub commit: String,
}
