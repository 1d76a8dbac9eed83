//! The result type: one serialisable report. The JSON format *is* this type.
//!
//! In: filled by `assess`. Out: serialised as `syncdrift.report/1`, rendered
//! by `render`. Must not know: how anything was computed.
//!
//! Additions to the schema on the contract page: `matchedBy` and `detail`
//! entries carry the catalogue `id` of the part they are about. `options.accept`
//! names the file of accepted drift with its SHA-256. An entry of
//! `unusedAcceptances` has what the file has (`fingerprint`, or `id` and
//! `object`; `reason`; `owner`), its `line`, and `problem`: why it accepts nothing.
//! A gap's `part` is a folder of the export or `items/ID`, an item of the collector's bundle.
//! Warnings about bundles: `bundle-on-one-side`, `bundle-modified` (with
//! `--allow-modified-bundle`), `bundle-item-unknown`, `bundle-evidence-missing`, `server-not-at-rest`; about the
//! wizard's policy: `policy-older`, `policy-of-another-tenant`. What the policy, the tenant (`--tenant`) or a cmdlet
//! says against the export is a lint of that server.
//! With `--baseline`, `baseline` has the approved state of both servers, the
//! departures that are no drift between them, and gaps. A finding has `movedBy`, or
//! `inBaseline` where the approved state differs so already; neither where nobody can tell.

mod accepted;
mod baseline;
pub mod document;
pub mod flow;
pub mod history;
pub mod views;

pub use accepted::{Acceptance, UnusedAcceptance};
pub use baseline::{Baseline, MovedBy};
pub use views::Views;

use crate::catalogue::{ONE_SIDED, ONLY_ON, Severity, ids};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Name of the schema.
pub const SCHEMA: &str = "syncdrift.report/1";
/// Name of the schema of several reports.
pub const SCHEMA_MANY: &str = "syncdrift.reports/1";

/// A comparison of one staging server with its primary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `syncdrift.report/1`.
    pub schema: String,
    /// What made this report.
    pub tool: Tool,
    /// Options in force.
    pub options: Options,
    /// When it was made, UTC, ISO 8601.
    pub generated: String,
    /// The reference.
    pub primary: Server,
    /// The candidate.
    pub staging: Server,
    /// The answer.
    pub verdict: Verdict,
    /// Every leaf of both sides accounted for.
    pub ledger: LedgerCounts,
    /// Open drift by severity, and the rest by status.
    pub summary: Summary,
    /// Drift and what is unknown, worst first.
    pub findings: Vec<Finding>,
    /// Differences no one need act on.
    pub expected: Vec<Finding>,
    /// Facts about the comparison.
    pub warnings: Vec<Warning>,
    /// Faults of one server by itself.
    pub lints: Vec<Finding>,
    /// What could not be read.
    pub gaps: Vec<GapEntry>,
    /// What was compared, per catalogue row.
    pub checked: Vec<Checked>,
    /// Entries of the file of accepted drift that accept nothing.
    #[serde(default)]
    pub unused_acceptances: Vec<UnusedAcceptance>,
    /// The approved state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// What the pictures show.
    #[serde(default, skip_serializing_if = "Views::is_empty")]
    pub views: Views,
}

/// Several staging servers of one primary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reports {
    /// `syncdrift.reports/1`.
    pub schema: String,
    /// One per staging server, in the order given.
    pub reports: Vec<Report>,
}

/// Name and versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    /// `syncdrift`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Date of the catalogue.
    pub catalogue: String,
}

/// Options that shape a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Least severity that makes the exit code 1.
    pub fail_on: Severity,
    /// Two exports of one server.
    pub same_server: bool,
    /// Drift does not change the exit code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exit_zero: bool,
    /// Names masked.
    pub redact: bool,
    /// The file of accepted drift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<File>,
    /// `--map-connector` arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub map_connector: Vec<String>,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Server {
    /// Name of the server, from its export; the source when the export does not tell.
    pub server: String,
    /// Build, when known.
    pub version: Option<String>,
    /// Time of the export, UTC, when known.
    pub exported: Option<String>,
    /// Staging mode, when known.
    pub staging_mode: Option<bool>,
    /// Folder or archive as given.
    pub source: String,
    /// Evidence.
    pub files: Vec<File>,
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// Relative to the source.
    pub path: String,
    /// SHA-256 as `Get-FileHash` prints it.
    pub sha256: String,
}

/// The answer of `compare`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing open, nothing unknown.
    Parity,
    /// Open drift.
    Drift,
    /// No drift found, but something is unknown.
    Incomplete,
}

/// Leaves of both sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LedgerCounts {
    /// Sum of the others.
    pub leaves: u64,
    /// Compared.
    pub compared: u64,
    /// Noise.
    pub noise: u64,
    /// Masked.
    pub secret: u64,
    /// Known to no catalogue row, compared all the same.
    pub uncatalogued: u64,
}

/// Counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// Open findings: do not fail over.
    pub block: usize,
    /// Open findings: wrong data in the first cycle.
    pub high: usize,
    /// Open findings: a function is lost.
    pub medium: usize,
    /// Open findings: hygiene.
    pub low: usize,
    /// Open findings: no fault.
    pub info: usize,
    /// Entries of `expected`.
    pub expected: usize,
    /// Accepted findings.
    pub accepted: usize,
    /// Unknown findings.
    pub unknown: usize,
}

/// What kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// Only on staging.
    Added,
    /// Only on the primary.
    Removed,
    /// Other value.
    Changed,
    /// Other name.
    Renamed,
    /// Other order.
    Reordered,
    /// The same where it must differ.
    Equal,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Open.
    Drift,
    /// Accepted by its owner.
    Accepted,
    /// A gap hides the answer.
    Unknown,
    /// No one need act.
    Expected,
    /// A fault of one server.
    Lint,
    /// A departure from the approved state that is no drift between the two servers.
    Departure,
}

/// Text of the catalogue, which thousands of entries share; owned where a report was read back.
pub type Text = Cow<'static, str>;

/// A part of a finding: a clause, a join group, a member, a setting of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Detail {
    /// Catalogue id of the part.
    pub id: Text,
    /// What it is, in words.
    pub what: String,
    /// How it differs.
    pub change: ChangeKind,
    /// On the primary; null where absent.
    pub primary: Option<String>,
    /// On staging; null where absent.
    pub staging: Option<String>,
}

/// Where a value was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Place {
    /// Name of the server.
    pub server: String,
    /// File, relative to the source.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

/// A finding, an expected difference or a lint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Catalogue id.
    pub id: Text,
    /// Stable across runs, exports and a swap of roles: id, object and setting, never the values.
    pub fingerprint: String,
    /// Area of the configuration.
    pub area: Text,
    /// Name of the object.
    pub object: String,
    /// Names from the outside in.
    pub object_path: Vec<String>,
    /// Title of the setting.
    pub setting: String,
    /// How it differs.
    pub change: ChangeKind,
    /// Value on the primary; null where absent.
    pub primary: Option<String>,
    /// Value on staging; null where absent.
    pub staging: Option<String>,
    /// Hash of both values, the same when the roles are swapped.
    pub values: String,
    /// Sub-changes.
    pub detail: Vec<Detail>,
    /// How bad.
    pub severity: Severity,
    /// Where it stands.
    pub status: Status,
    /// Why it matters on failover.
    pub why: Text,
    /// How to mend it.
    pub fix: Text,
    /// Where this is documented.
    pub reference: Text,
    /// One sentence built from the values: who is affected and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// How the two objects were matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<String>,
    /// Where the values were read.
    pub locations: Vec<Place>,
    /// What follows from it.
    pub consequences: Vec<String>,
    /// Who accepts it (status accepted).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
    /// Why no one need act (status expected).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Name of the server (lints).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Who moved away from the approved state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_by: Option<MovedBy>,
    /// Nobody did: the approved state differs so already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_baseline: bool,
    /// The approved value, where neither server has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_value: Option<String>,
}

impl Finding {
    /// Of a finding about an object that only one server has: what kind of object that is.
    pub fn one_sided(&self) -> Option<&str> {
        self.setting.strip_suffix(ONE_SIDED)
    }

    /// Whether it says that an object has another name.
    pub fn is_rename(&self) -> bool {
        self.change == ChangeKind::Renamed || [ids::RULE_NAME, ids::CONNECTOR_NAME].contains(&&*self.id)
    }

    /// Of a finding about several such objects at once: what kind of objects these are.
    pub fn gathered(&self) -> Option<&str> {
        Some(self.setting.rsplit_once(ONLY_ON)?.0)
    }
}

/// A fact about the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Warning {
    /// Catalogue id or kebab-case code.
    pub id: String,
    /// What it is, in a sentence.
    pub text: String,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GapEntry {
    /// Name of the server.
    pub server: String,
    /// Part of the export.
    pub part: String,
    /// What is wrong and what to do.
    pub problem: String,
    /// File, relative to the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// What became of a catalogue row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Checked {
    /// Catalogue id.
    pub id: Text,
    /// Area.
    pub area: Text,
    /// Objects in which it was compared.
    pub objects: usize,
    /// The outcome.
    pub status: CheckedStatus,
}

/// Outcome of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CheckedStatus {
    /// Equal, or different only as expected.
    Equal,
    /// At least one finding, open or accepted, of the row or of every object that has it.
    Drift,
    /// A gap hides part of the answer.
    Unknown,
    /// Neither server has it.
    NotPresent,
}
