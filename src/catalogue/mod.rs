//! Knowledge as data: what every setting is called, where it is read, what
//! its parity class is, how bad a drift is, why and how to mend it.
//!
//! In: the TOML files of this folder, compiled in as `build.rs` prepares them. Out: [`Catalogue`], read
//! once per process. Must not know: documents, findings, formats.

mod causes;
mod effects;
mod kind;
mod layout;
mod path;
mod row;
mod says;
mod snapshot;
#[cfg(test)]
mod tests;

pub mod ids;

pub use causes::{Cause, Causes, Place};
pub use effects::{Effect, Effects, Situation, Way};
pub use kind::{Known, Least, MatchingKind, ObjectKind};
pub use layout::{AreaTitle, Layout};
pub use path::{Key, Path, Step};
pub use row::{Alert, Class, Escalation, NameKind, Named, Predicate, Row, Severity, Source, ValueKind};
pub use snapshot::{Noun, SnapshotLayout, SnapshotPart};

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;

/// How the path of a row ends that stands for every key.
const ANY_KEY: &str = "{*}";

/// How the title of a row about an object that one server lacks ends.
pub const ONE_SIDED: &str = " on one server only";

/// What stands between what several objects are and the only server that has them.
pub const ONLY_ON: &str = ": only on ";

/// Date of the knowledge in this catalogue, shown in every report.
pub const VERSION: &str = "2026-11-21";

/// The catalogue's files, in their order. A test checks that none of the folder is missing.
pub const FILES: &[&str] = &[
    "rule.toml",
    "global.toml",
    "metaverse.toml",
    "connector.toml",
    "partition.toml",
    "run-profile.toml",
    "scheduler.toml",
    "sign-in.toml",
    "told.toml",
    "identity.toml",
    "host.toml",
    "pair.toml",
];

/// Constants of the product, from `facts.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Facts {
    /// Identifier of the Entra connector on every server.
    pub entra_connector_id: String,
    /// Subtypes of the Entra connector.
    pub entra_connector_subtypes: Vec<String>,
    /// Category of an Active Directory connector.
    pub active_directory_category: String,
    /// Prefix of a default rule's tag.
    pub standard_tag_prefix: String,
    /// Text before a clone's time stamp.
    pub clone_marker: String,
    /// Renames of the service in names.
    pub name_aliases: Vec<(String, String)>,
    /// Link types that create an object, or keep it alive.
    pub provisioning_link_types: Vec<String>,
    /// Link types that create objects.
    pub creating_link_types: Vec<String>,
    /// Link types that flow nothing.
    pub mute_link_types: Vec<String>,
    /// Link types that do nothing but what flows and join groups say.
    pub plain_link_types: Vec<String>,
    /// Attributes that filter an object out.
    pub filtering_attributes: Vec<String>,
    /// Object types that have passwords.
    pub password_object_types: Vec<String>,
    /// Expressions that stand for no value.
    pub words_without_value: Vec<String>,
    /// Merge type of a flow whose value replaces those of other rules.
    pub usual_merge_type: String,
    /// Merge types that combine the values of several rules.
    pub combining_merge_types: Vec<String>,
    /// Programs of the product.
    pub product_programs: Vec<String>,
    /// Names under which the product is installed.
    pub product_names: Vec<String>,
    /// Rows of which a newer build explains that its server has something, or a later version, and not the opposite.
    pub only_newer_explains: Vec<String>,
    /// Globs over names of programs that come with the product; what is in one list takes the place of each other.
    pub programs_of_a_build: Vec<Vec<String>>,
    /// Names of a database server that mean the server itself.
    pub local_database_servers: Vec<String>,
    /// What may stand before the name of a database server.
    pub database_protocols: Vec<String>,
    /// Name of the database instance that need not be named.
    pub usual_database_instance: String,
    /// Port of it.
    pub usual_database_port: String,
    /// How names of the product's own libraries begin.
    pub product_library_prefix: String,
    /// Run profiles without which a delta cycle stops.
    pub scheduled_profiles: Vec<String>,
    /// Run profiles of an initial cycle.
    pub full_profiles: Vec<String>,
    /// Names that rules read like attributes and no schema holds.
    pub pseudo_attributes: Vec<String>,
    /// The direction into the metaverse.
    pub inbound: String,
    /// Build since which no two rules share a precedence.
    pub unique_precedence_since: String,
    /// The object type that stands for all.
    pub any_object_type: String,
    /// Names of default rules that are always installed together.
    pub default_rule_families: Vec<Vec<String>>,
    /// Items of a bundle that are evidence for gates, and no settings.
    pub bundle_evidence: Vec<String>,
    /// The item of a bundle that says how its export went.
    pub bundle_export: String,
    /// What the collector writes in place of what it does not bring.
    pub not_collected: Vec<String>,
    /// Names of default rules with the same flows for two object types.
    pub sister_rules: Vec<(String, String)>,
}

impl Facts {
    /// Whether a text of a bundle is not what the server has.
    pub fn is_withheld(&self, text: &str) -> bool {
        self.not_collected.iter().any(|mark| text.contains(mark))
    }

    /// Version-agnostic tag of the default rule with this name, letter case folded.
    pub fn tag_of(&self, name: &str) -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        let tag: String = self.standard_tag_prefix.chars().chain(letters).collect();
        tag.to_lowercase()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    object: Vec<ObjectKind>,
    #[serde(default)]
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Prepared {
    facts: Facts,
    effects: Effects,
    layout: Layout,
    snapshot: SnapshotLayout,
    causes: Causes,
    files: HashMap<String, File>,
}

/// What `build.rs` makes of the files of this folder: the same tables, read faster.
const BUILTIN: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"));

/// All rows and object kinds.
#[derive(Debug)]
pub struct Catalogue {
    /// Kinds of objects; parents before their children.
    pub objects: Vec<ObjectKind>,
    /// Rows in the order of the files.
    pub rows: Vec<Row>,
    /// Constants.
    pub facts: Facts,
    /// What differences of rules do, in words.
    pub effects: Effects,
    /// How a document lays out settings.
    pub layout: Layout,
    /// How a snapshot lays out an export.
    pub snapshot: SnapshotLayout,
    /// What several settings tell together.
    pub causes: Causes,
    by_id: HashMap<String, usize>,
}

/// A catalogue file that cannot be used: a fault of ours that tests find.
#[derive(Debug, thiserror::Error)]
#[error("catalogue file {file}: {problem}")]
pub struct CatalogueError {
    /// File name.
    pub file: String,
    /// What is wrong.
    pub problem: String,
}

impl Catalogue {
    fn of(
        files: Vec<(&str, File)>,
        facts: Facts,
        effects: Effects,
        layout: Layout,
        snapshot: SnapshotLayout,
        causes: Causes,
    ) -> Result<Catalogue, CatalogueError> {
        let mut objects = Vec::new();
        let mut rows: Vec<Row> = Vec::new();
        let mut by_id = HashMap::new();
        for (name, file) in files {
            objects.extend(file.object);
            for row in file.row {
                if by_id.insert(row.id.clone(), rows.len()).is_some() {
                    return Err(CatalogueError {
                        file: name.to_owned(),
                        problem: format!("the id {} stands twice", row.id),
                    });
                }
                rows.push(row);
            }
        }
        objects.sort_by_key(|object: &ObjectKind| object.parent.is_some());
        Ok(Catalogue {
            objects,
            rows,
            facts,
            effects,
            layout,
            snapshot,
            causes,
            by_id,
        })
    }

    /// Reads what `build.rs` prepared.
    ///
    /// # Errors
    /// It does not hold what it should, or an id stands twice.
    fn prepared(text: &str) -> Result<Catalogue, CatalogueError> {
        let problem = |problem: String| CatalogueError {
            file: "catalogue.json".to_owned(),
            problem,
        };
        let Prepared {
            facts,
            effects,
            layout,
            snapshot,
            causes,
            mut files,
        } = serde_json::from_str(text).map_err(|error| problem(error.to_string()))?;
        let ordered = FILES.iter().map(|name| match files.remove(*name) {
            Some(file) => Ok((*name, file)),
            None => Err(problem(format!("{name} is missing"))),
        });
        Catalogue::of(
            ordered.collect::<Result<_, _>>()?,
            facts,
            effects,
            layout,
            snapshot,
            causes,
        )
    }

    /// The catalogue of this build.
    ///
    /// # Panics
    /// Never: a test reads the same compiled-in files.
    pub fn builtin() -> &'static Catalogue {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        CATALOGUE.get_or_init(|| match Catalogue::prepared(BUILTIN) {
            Ok(catalogue) => catalogue,
            Err(error) => panic!("{error}"),
        })
    }

    /// The row of an id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.by_id.get(id).map(|&index| &self.rows[index])
    }

    /// The kind of an object.
    pub fn kind(&self, kind: &str) -> Option<&ObjectKind> {
        self.objects.iter().find(|object| object.kind == kind)
    }

    /// The kind of object that a document with this root element begins with.
    pub fn of_document(&self, root: &str) -> Option<&ObjectKind> {
        let mut kinds = self.objects.iter();
        kinds.find(|kind| kind.document.as_deref() == Some(root))
    }

    /// The setting that a row of a witness speaks of: the row that reads it and, where that one stands for many, its name.
    /// `name` is that of the witness's object.
    pub fn witnessed(&self, row: &Row, name: &str) -> Option<(&Row, Option<String>)> {
        let original = self.row(row.witness_of.as_deref()?)?;
        let Some(many) = original.path.as_deref().filter(|path| path.ends_with(ANY_KEY)) else {
            return Some((original, None));
        };
        let one = many.replace(ANY_KEY, &format!("{{{name}}}"));
        let reads = |row: &&Row| row.path.as_deref().is_some_and(|path| path.eq_ignore_ascii_case(&one));
        let known = self.rows.iter().find(|row| row.object == original.object && reads(row));
        Some(known.map_or_else(|| (original, Some(name.to_lowercase())), |row| (row, None)))
    }

    /// Root element of the document that holds objects of a kind.
    pub fn document(&self, kind: &str) -> Option<&str> {
        let mut kind = self.kind(kind)?;
        while kind.document.is_none() {
            kind = self.kind(kind.parent.as_deref()?)?;
        }
        kind.document.as_deref()
    }

    /// Area of a row's findings.
    pub fn area(&self, row: &Row) -> &str {
        self.kind(&row.object)
            .map_or("global-settings", |object| object.area.as_str())
    }

    /// Ids that resemble a word the user typed, best first.
    pub fn suggestions(&self, typed: &str) -> Vec<&str> {
        let typed = typed.to_lowercase();
        let mut scored: Vec<(usize, &str)> = self
            .rows
            .iter()
            .filter_map(|row| {
                let shared = typed
                    .split('-')
                    .filter(|word| word.len() > 2 && row.id.contains(word))
                    .count();
                (shared > 0).then_some((shared, row.id.as_str()))
            })
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        scored.into_iter().take(5).map(|(_, id)| id).collect()
    }
}
