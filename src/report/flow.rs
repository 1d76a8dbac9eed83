//! The result of `flow`: the end-to-end path of an attribute.
//!
//! In: filled by `trace` and `command`. Out: serialised as `syncdrift.flow/1`,
//! rendered by `render`. Must not know: how anything was computed.
//!
//! Additions to the schema on the contract page: an attribute may belong to
//! several metaverse object types, and a connector's attribute may feed several
//! metaverse attributes, so every entry of `inbound` and `outbound` says which
//! of the `paths` it belongs to (`attribute`, `objectType`). Entries stand in
//! the order of the paths, those of a path by rank. An entry without `target`
//! is a rule that only scopes or joins by the attribute; it has no rank.

use super::{GapEntry, Server, Tool};
use serde::{Deserialize, Serialize};

/// Name of the schema.
pub const SCHEMA: &str = "syncdrift.flow/1";

/// The path of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// `syncdrift.flow/1`.
    pub schema: String,
    /// What made this result.
    pub tool: Tool,
    /// When it was made, UTC, ISO 8601.
    pub generated: String,
    /// Options in force.
    pub options: FlowOptions,
    /// The server.
    pub server: Server,
    /// The attribute that was asked for, in the spelling of the server.
    pub attribute: String,
    /// Where an attribute of this name was found.
    pub found_in: FoundIn,
    /// Its metaverse attributes, one entry per object type.
    pub paths: Vec<FlowPath>,
    /// What live inbound rules contribute, in rank order.
    pub inbound: Vec<FlowStep>,
    /// What live outbound rules make of it, by connector and target.
    pub outbound: Vec<FlowStep>,
    /// Connector attributes of the same name that take another way.
    pub see_also: Vec<FlowHint>,
    /// Disabled rules that name the attribute and are left out.
    pub disabled_rules: usize,
    /// What could not be read; it may hide rules.
    pub gaps: Vec<GapEntry>,
}

/// Options that shape the result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowOptions {
    /// `--object-type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_type: Option<String>,
    /// `--connector`. Ranks count the rules of all connectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector: Option<String>,
    /// Names masked.
    pub redact: bool,
}

/// Where a name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FoundIn {
    /// It is a metaverse attribute.
    Metaverse,
    /// It is an attribute of connectors only; the paths are those of the metaverse attributes that it feeds or that feed it.
    Connector,
}

/// A metaverse attribute of an object type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowPath {
    /// Metaverse attribute.
    pub attribute: String,
    /// Metaverse object type; `*` where only rules for every type name the attribute.
    pub object_type: String,
}

/// How a rule fares among those that feed one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The first by rank: it wins wherever its scope applies.
    Wins,
    /// It wins where the scope of the rules before it does not apply, or where they have no value.
    Follows,
    /// Merge type Merge throughout: the values of all these rules are combined.
    Combines,
    /// Some of the rules merge and some do not, which the product does not support.
    Mixed,
    /// Other rules have the same precedence: which of them wins is undefined.
    Undefined,
    /// It never has a value (`NULL`, `IgnoreThisFlow`): the other rules are asked as if it were not there. It has no rank.
    Silent,
    /// It feeds no target: it only scopes or joins by the attribute.
    NoFlow,
}

/// How the attribute takes part in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// The flow writes it.
    Target,
    /// The flow reads it as it is.
    Source,
    /// An expression of the flow reads it.
    Expression,
    /// The scoping filter of the rule asks for it.
    Scope,
    /// The rule joins by it.
    Join,
}

/// What kind of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Flow type Direct.
    Attribute,
    /// Flow type Constant.
    Constant,
    /// Flow type Expression.
    Expression,
    /// Nothing flows.
    None,
}

/// A live rule on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowStep {
    /// Metaverse attribute of the path; null where a rule only scopes or joins by an attribute of its connector.
    pub attribute: Option<String>,
    /// Metaverse object type of the path.
    pub object_type: String,
    /// `inbound` or `outbound`.
    pub direction: Way,
    /// Connector, as an operator knows it.
    pub connector: String,
    /// Object type in the connector.
    pub connector_object_type: String,
    /// The rule.
    pub rule: String,
    /// Its precedence; null where it cannot be read.
    pub precedence: Option<i64>,
    /// 1 is asked first; rules of one precedence share a rank. Outbound rules are ranked among those that feed `target`
    /// from the same metaverse object type. Null where nothing flows.
    pub rank: Option<usize>,
    /// How many rules feed the target.
    pub rivals: usize,
    /// Whether it is the first by rank; the others win where its scope does not apply.
    pub winner: bool,
    /// What that means.
    pub standing: Standing,
    /// The rule that is asked first, where it has no entry of its own on the path: it does not read the attribute, or
    /// belongs to a connector that is not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// How the attribute asked for takes part (where nothing flows, that of the path); empty where the rule belongs to
    /// the path but does not name it.
    pub via: Vec<Via>,
    /// `[attribute]`, `"constant"` or the expression, as written; empty where nothing flows.
    pub source: String,
    /// What kind of source.
    pub source_kind: SourceKind,
    /// Attribute that is written; null where the rule only scopes or joins.
    pub target: Option<String>,
    /// Which objects the rule takes, in words.
    pub scope: String,
    /// How it matches objects, in words; null where it does not.
    pub join: Option<String>,
    /// Link type.
    pub link_type: String,
    /// Merge type; null where it is the usual one.
    pub merge_type: Option<String>,
    /// The value is written once and left alone then.
    pub apply_once: bool,
}

/// Direction of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Into the metaverse.
    Inbound,
    /// Out of the metaverse.
    Outbound,
}

/// A flow between a connector's attribute of the name asked for and another metaverse attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowHint {
    /// Metaverse attribute at the other end.
    pub attribute: String,
    /// Whether the connector's attribute feeds it; else it is fed by it.
    pub feeds: bool,
    /// Connector.
    pub connector: String,
    /// The rule.
    pub rule: String,
}
