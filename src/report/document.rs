//! The result of `document`: the whole configuration of one server.
//!
//! In: filled by `document` and `command`. Out: serialised as
//! `syncdrift.document/1`, rendered by `render`. Must not know: how anything
//! was computed.
//!
//! Additions to the schema on the contract page: `tool`, `generated`,
//! `options`, `ledger` and `counts`; an object's `number` where several have
//! one path; a setting's `housekeeping`; and `sections`, what the readable
//! forms show, in their order and in their words. For programs, `objects` are
//! the configuration and `sections` hold what was computed from it.

use super::{Finding, GapEntry, LedgerCounts, Server, Tool};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of the schema.
pub const SCHEMA: &str = "syncdrift.document/1";

/// The configuration of one server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// `syncdrift.document/1`.
    pub schema: String,
    /// What made this result.
    pub tool: Tool,
    /// When it was made, UTC, ISO 8601.
    pub generated: String,
    /// Options in force.
    pub options: DocumentOptions,
    /// The server.
    pub server: Server,
    /// Every leaf of the export accounted for.
    pub ledger: LedgerCounts,
    /// How many there are of what.
    pub counts: Vec<Count>,
    /// Every object with its settings, as an engineer would read them: rules by precedence.
    pub objects: Vec<DocumentObject>,
    /// Faults of the server by itself.
    pub lints: Vec<Finding>,
    /// What could not be read.
    pub gaps: Vec<GapEntry>,
    /// What the readable forms show.
    pub sections: Vec<Section>,
}

/// Options that shape the result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DocumentOptions {
    /// Names masked.
    pub redact: bool,
}

/// A number for the overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Count {
    /// What is counted, in words.
    pub title: String,
    /// How many there are.
    pub count: usize,
    /// More about it, such as how many are disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An object with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DocumentObject {
    /// Kind, as named in the catalogue (`sync-rule`).
    pub kind: String,
    /// Names from the outside in.
    pub path: Vec<String>,
    /// 2, 3 … where several objects of the kind have this path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// By catalogue id (with the name in braces where a row stands for many) or path.
    pub settings: BTreeMap<String, DocumentSetting>,
}

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DocumentSetting {
    /// What it is called.
    pub title: String,
    /// Its value.
    pub value: SettingValue,
    /// Identifiers, times, counters and positions, which say nothing about what the server does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub housekeeping: bool,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum SettingValue {
    /// Text as written; a secret only as `(secret)` or `(empty)`.
    Text(String),
    /// Members of a list or set.
    Members(Vec<String>),
    /// A scoping filter: any of the groups, all clauses of one.
    Scope(Vec<Vec<ScopeClause>>),
    /// A join filter: groups in order, all conditions of one.
    Join(Vec<Vec<JoinPair>>),
    /// A connector's schema, counted.
    Schema(SchemaCounts),
}

/// A clause of a scoping filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ScopeClause {
    /// Attribute: of the connector for inbound rules, of the metaverse for outbound ones.
    pub attribute: String,
    /// Operator, as the product writes it.
    pub operator: String,
    /// Value to compare with; null where there is none.
    pub value: Option<String>,
}

/// A condition of a join filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinPair {
    /// Attribute of the connector.
    pub connector_attribute: String,
    /// Attribute of the metaverse.
    pub metaverse_attribute: String,
    /// Whether letter case counts.
    pub case_sensitive: bool,
}

/// A connector's schema in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SchemaCounts {
    /// Attributes.
    pub attributes: usize,
    /// Object types.
    pub object_types: usize,
    /// Content rules.
    pub content_rules: usize,
    /// Everything that it says.
    pub entries: usize,
}

/// A part of the readable forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Section {
    /// What links point to, unique in the document.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Shown on request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    /// What stands below the heading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    /// Parts of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
}

/// Something below a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "block")]
pub enum Block {
    /// A paragraph.
    Text {
        /// Its words.
        text: Cell,
    },
    /// A table.
    Table(Table),
    /// Containers, each with whether it is in scope.
    Tree {
        /// From the root, each followed by what lies in it.
        nodes: Vec<Node>,
    },
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Table {
    /// What it is, where the heading does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Shown on request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    /// Titles of the columns.
    pub columns: Vec<String>,
    /// As many cells each as there are columns.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Row {
    /// What links point to, unique in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Cells.
    pub cells: Vec<Cell>,
}

/// What stands in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Cell {
    /// Plain text; a line end in it is one.
    Text(String),
    /// Runs of text, one after the other.
    Runs(Vec<Run>),
}

impl From<Vec<Run>> for Cell {
    fn from(mut runs: Vec<Run>) -> Cell {
        match (runs.pop(), runs.is_empty()) {
            (None, _) => Cell::Text(String::new()),
            (Some(Run::Plain(text)), true) => Cell::Text(text),
            (Some(last), _) => {
                runs.push(last);
                Cell::Runs(runs)
            }
        }
    }
}

/// A run of text. A line end in it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Run {
    /// Plain.
    Plain(String),
    /// Code: an expression, a value as written.
    Code {
        /// Text.
        code: String,
    },
    /// A link within the document.
    Link {
        /// Text.
        text: String,
        /// The `id` it points to.
        link: String,
    },
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Node {
    /// How many containers lie around it.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// Whether it is in scope.
    pub inside: bool,
    /// Why, in words.
    pub because: String,
}
