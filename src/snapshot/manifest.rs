//! What a snapshot says of itself: server, build, role, and what is missing.
//!
//! In: facts of one server. Out: `snapshot.json` beside its files. Nothing in
//! it changes while the server does not. Must not know: git.

use super::SnapshotError;
use super::text::pretty;
use crate::report::GapEntry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of the file.
pub const FILE: &str = "snapshot.json";
/// What a snapshot of this form calls itself.
const SCHEMA: &str = "syncdrift.snapshot/1";
/// How every form begins.
const FAMILY: &str = "syncdrift.snapshot/";

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// `syncdrift.snapshot/1`.
    schema: String,
    /// Name of the server.
    pub server: String,
    /// Its build, when known.
    pub build: Option<String>,
    /// Its role.
    pub role: Role,
    /// What wrote the files.
    pub tool: Tool,
    /// First files of connectors, and by what their identifiers are known again.
    pub connectors: BTreeMap<String, String>,
    /// What could not be read.
    #[serde(default)]
    pub gaps: Vec<GapEntry>,
    /// Files kept from an earlier snapshot, for a gap may hide what they hold; each with the reason.
    #[serde(default)]
    pub stale: BTreeMap<String, String>,
}

/// What a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It exports.
    Active,
    /// It is in staging mode.
    Staging,
    /// The export does not tell.
    Unknown,
}

impl Role {
    /// From the staging mode.
    pub fn of(staging: Option<bool>) -> Role {
        match staging {
            Some(true) => Role::Staging,
            Some(false) => Role::Active,
            None => Role::Unknown,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Role::Active => "active",
            Role::Staging => "staging",
            Role::Unknown => "role unknown",
        }
    }
}

/// Versions that shape files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Of the program.
    pub version: String,
    /// Of the catalogue.
    pub catalogue: String,
}

impl Manifest {
    /// A manifest without connectors, gaps and stale files.
    pub fn new(server: String, build: Option<String>, role: Role, tool: Tool) -> Manifest {
        Manifest {
            schema: SCHEMA.to_owned(),
            server,
            build,
            role,
            tool,
            connectors: BTreeMap::new(),
            gaps: Vec::new(),
            stale: BTreeMap::new(),
        }
    }

    /// Whether both say the same of a server, whichever version wrote them.
    pub fn says(&self, other: &Manifest) -> bool {
        let same = Manifest {
            tool: other.tool.clone(),
            ..self.clone()
        };
        same == *other
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        pretty(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Reads a file of this name; nothing where it is another program's.
    ///
    /// # Errors
    /// It is a snapshot of a later form, or damaged.
    pub fn read(text: &str, path: &str) -> Result<Option<Manifest>, SnapshotError> {
        let damaged = |error: serde_json::Error| SnapshotError::Damaged {
            path: path.to_owned(),
            problem: error.to_string(),
        };
        let value = match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) => value,
            // Cut off, or with the marks of a merge in it.
            Err(error) if text.contains(FAMILY) => return Err(damaged(error)),
            Err(_) => return Ok(None),
        };
        match value.get("schema").and_then(|schema| schema.as_str()) {
            Some(SCHEMA) => {}
            Some(later) if later.starts_with(FAMILY) => {
                return Err(SnapshotError::Later {
                    path: path.to_owned(),
                    schema: later.to_owned(),
                });
            }
            _ => return Ok(None),
        }
        serde_json::from_value(value).map(Some).map_err(damaged)
    }
}
