//! What the pictures of a report show, beside the findings they belong to.
//!
//! In: filled by `assess`. Out: serialised as `views` of `syncdrift.report/1`,
//! drawn by `render`. Must not know: how anything was computed.
//!
//! Additions to the schema on the contract page: `filters` and `joins` (the
//! scoping filters and join groups that differ), and `omitted` counts the pictures
//! that were left out because there are many; in a picture `more`, `moreInbound`
//! and `moreOutbound` count its entries that were. Every picture names the
//! fingerprints of its `findings`, worst first; the first one shows it.

use super::flow::{SourceKind, Standing};
use serde::{Deserialize, Serialize};

/// What the pictures show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Views {
    /// Partitions in which the effective OU scope differs.
    pub scope: Vec<ScopeTree>,
    /// Attributes that another rule writes, or another value.
    pub flows: Vec<FlowPicture>,
    /// Rules that compete, where their order differs.
    pub precedence: Vec<Ladder>,
    /// Scoping filters that differ.
    pub filters: Vec<FilterPicture>,
    /// Join groups that differ.
    pub joins: Vec<JoinPicture>,
    /// Pictures left out.
    pub omitted: usize,
}

impl Views {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        *self == Views::default()
    }
}

fn none(count: &usize) -> bool {
    *count == 0
}

/// Containers of a partition and whether each server reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ScopeTree {
    /// Fingerprints of its findings.
    pub findings: Vec<String>,
    /// Connector, as an operator knows it.
    pub connector: String,
    /// Partition.
    pub partition: String,
    /// Containers that a list of either server names, and those around them, from the root in the order of a tree.
    pub nodes: Vec<ScopeNode>,
    /// Containers left out, because there are many.
    #[serde(default, skip_serializing_if = "none")]
    pub more: usize,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ScopeNode {
    /// Steps from the root.
    pub depth: usize,
    /// Its own part of the DN; of the root the whole DN.
    pub name: String,
    /// Whole DN.
    pub dn: String,
    /// On the primary.
    pub primary: InScope,
    /// On staging.
    pub staging: InScope,
}

/// Whether a server reads a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InScope {
    /// Its objects are read.
    In,
    /// They are not.
    Out,
    /// The lists could not be read.
    Unknown,
}

/// The way of an attribute through the metaverse, on both servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowPicture {
    /// Fingerprints of its findings.
    pub findings: Vec<String>,
    /// Metaverse attribute.
    pub attribute: String,
    /// Metaverse object type; `*` for every one.
    pub object_type: String,
    /// Live rules that write it on either server, by rank on the primary, then on staging.
    pub inbound: Vec<FlowRow>,
    /// Live rules that read it on either server, by connector, target and rank.
    pub outbound: Vec<FlowRow>,
    /// Inbound rules left out, because there are many: first those that do the same on both servers.
    #[serde(default, skip_serializing_if = "none")]
    pub more_inbound: usize,
    /// Outbound rules left out.
    #[serde(default, skip_serializing_if = "none")]
    pub more_outbound: usize,
}

/// A rule on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowRow {
    /// Connector, as an operator knows it.
    pub connector: String,
    /// Object type in the connector.
    pub connector_object_type: String,
    /// The rule.
    pub rule: String,
    /// Attribute that is written.
    pub target: String,
    /// On the primary; null where no live rule of it does so.
    pub primary: Option<FlowPlace>,
    /// On staging.
    pub staging: Option<FlowPlace>,
}

/// How a rule takes part on one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowPlace {
    /// 1 is asked first.
    pub rank: usize,
    /// Whether it is the first by rank.
    pub winner: bool,
    /// What that means.
    pub standing: Standing,
    /// `[attribute]`, `"constant"` or the expression.
    pub source: String,
    /// What kind of source.
    pub source_kind: SourceKind,
    /// Which objects the rule takes, in words.
    pub scope: String,
}

/// Rules that compete, in the order in which they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ladder {
    /// Fingerprints of its findings.
    pub findings: Vec<String>,
    /// What they compete for: `person.displayName`.
    pub targets: Vec<String>,
    /// The rules by rank on the primary, those that only staging has where they stand there.
    pub rungs: Vec<Rung>,
    /// Rules left out, because there are many: those far from the ones that moved.
    #[serde(default, skip_serializing_if = "none")]
    pub more: usize,
}

/// A rule of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rung {
    /// Connector, as an operator knows it.
    pub connector: String,
    /// The rule.
    pub rule: String,
    /// On the primary; null where it does not compete.
    pub primary: Option<RungPlace>,
    /// On staging.
    pub staging: Option<RungPlace>,
    /// It stands elsewhere than the others' order has it.
    pub moved: bool,
}

/// Place of a rule on one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RungPlace {
    /// 1 is asked first.
    pub rank: usize,
    /// Precedence; null where it cannot be read.
    pub precedence: Option<i64>,
}

/// A scoping filter on both servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FilterPicture {
    /// Fingerprints of its findings.
    pub findings: Vec<String>,
    /// Groups on the primary, one of which must hold; null where the rule is not there, empty where it takes all objects.
    pub primary: Option<Vec<Group>>,
    /// On staging.
    pub staging: Option<Vec<Group>>,
}

/// Join groups on both servers, in the order in which they are tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct JoinPicture {
    /// Fingerprints of its findings.
    pub findings: Vec<String>,
    /// On the primary; null where the rule is not there.
    pub primary: Option<Vec<Group>>,
    /// On staging.
    pub staging: Option<Vec<Group>>,
}

/// Clauses or conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Group {
    /// Each in words, with whether only this server has it.
    pub parts: Vec<Part>,
    /// The other server has it at another place (join groups).
    pub moved: bool,
}

/// A clause of a scoping filter, or a condition of a join group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Part {
    /// `department EQUAL Sales`
    pub text: String,
    /// The other server's counterpart of the group has it, too.
    pub both: bool,
}
