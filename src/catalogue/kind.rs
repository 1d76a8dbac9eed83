//! The shape of object kinds.
//!
//! In: the TOML files beside this one, deserialised. Out: typed kinds that
//! reader, diff, assess and renderers share. Must not know: any particular
//! kind.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The least that an item of a bundle holds on any server that answered; with less it is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Least {
    /// A table or list, if need be without anything in it.
    Table,
    /// One entry or key, whatever it says.
    Entry,
    /// One value that says something.
    Value,
}

/// When it is known that something does not exist.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// A row of the same server.
    pub row: String,
    /// Its value.
    pub at: String,
    /// When that is, in words.
    pub words: String,
}

/// How objects of a kind find their counterpart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchingKind {
    /// By key under the same parent.
    #[default]
    Key,
    /// Connectors: by forest, subtype or name.
    Connector,
    /// Synchronization rules: by tag, name, GUID and content.
    Rule,
    /// In order.
    Sequence,
}

/// A kind of object.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ObjectKind {
    /// Kebab-case name.
    pub kind: String,
    /// In words, singular.
    pub title: String,
    /// In words, plural.
    pub plural: String,
    /// Area of its findings.
    pub area: String,
    /// Root element of its document.
    pub document: Option<String>,
    /// Kind of the object that holds it.
    pub parent: Option<String>,
    /// Where it sits in its parent.
    pub path: Option<String>,
    /// Path of the leaf that names it.
    pub key: Option<String>,
    /// Fixed name of the one object of its document.
    pub name: Option<String>,
    /// Row that holds the GUID other objects refer to it by.
    pub identifier: Option<String>,
    /// How it is matched.
    #[serde(default)]
    pub matching: MatchingKind,
    /// Rows of this server that hold a folder, with the name that it usually has: keys begin with that name, wherever the
    /// folder is.
    #[serde(default)]
    pub folders: BTreeMap<String, String>,
    /// Whether what it says is only held against settings of its own server, and never compared.
    #[serde(default)]
    pub witness: bool,
    /// Of a witness: whether what it says against the export is a warning, too.
    #[serde(default)]
    pub warns: bool,
    /// Of a witness: the kind of object that each of its objects speaks of, by identifier or else by name.
    pub repeats: Option<String>,
    /// Of a witness: row of the lint that lists objects of it that the server does not have.
    pub unknown: Option<String>,
    /// Of a witness: row of the lint that lists objects of the server that it does not have.
    pub untold: Option<String>,
    /// The kind of the same questions, asked earlier: what another answer is given to changed while they were asked.
    pub again: Option<String>,
    /// Whether every bundle has its item: one that does not even mention it lacks it.
    #[serde(default)]
    pub required: bool,
    /// Whether every server has it: that there is none is no answer.
    #[serde(default)]
    pub everywhere: bool,
    /// The least that its item holds.
    pub least: Option<Least>,
    /// Where that it does not exist is known only while another setting has a value.
    pub known_while: Option<Known>,
    /// Whether a server that was asked for what is around it and lacks it has a fault, also where the other one lacks it, too.
    #[serde(default)]
    pub indispensable: bool,
    /// Row of its presence.
    pub presence: Option<String>,
    /// Row of the order of its objects, for kinds that are matched as sequences.
    pub order: Option<String>,
    /// Row of the one finding that lists objects of this kind that a server lacks, save those that live rules use.
    pub gathered: Option<String>,
}

impl ObjectKind {
    /// Rows that the kind names.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        let own = [&self.presence, &self.order, &self.identifier, &self.gathered];
        let told = [&self.unknown, &self.untold];
        own.into_iter().chain(told).filter_map(|row| row.as_deref())
    }
}
