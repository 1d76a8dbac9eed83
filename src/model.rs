//! The server-neutral configuration: objects with an identity and a map of
//! settings with typed values.
//!
//! In: nothing, these are plain types that `normalise` fills. Out: what
//! `derive`, `diff` and `assess` work on. Must not know: file formats,
//! catalogue rows (a setting carries only its row's id), severities.

mod device;
pub mod dn;
mod fact;
mod schema;
mod value;

pub use device::is_device;
pub use fact::{Detail as FactDetail, FIELD, Fact};
pub use schema::{Schema, SchemaSource};
pub use value::{
    Clause, JoinCondition, Member, NO_TIME, Sameness, Target, Value, WITHHELD, display_clause, display_join,
    display_join_group, display_scope, fold_guid,
};

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Where something was read: an index into [`Configuration::files`] and a
/// line that starts at 1 (0: the file as a whole).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Index into [`Configuration::files`].
    pub file: usize,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u32,
}

/// An input file, with the evidence that it was this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the server's folder, with `/` on every platform.
    pub path: String,
    /// SHA-256 of the bytes on disk, in upper-case hex as `Get-FileHash` prints it.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// A name in a message stays on its line: in a name, even a line end is only a character.
pub fn on_one_line(name: &str) -> String {
    name.chars()
        .flat_map(|c| match c.is_control() {
            true => c.escape_unicode().collect::<Vec<char>>(),
            false => vec![c],
        })
        .collect()
}

/// Something that could not be read. Whatever it may hide is unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What is missing: `GlobalSettings`, `Connectors`, `SynchronizationRules`, or `*` when it may be any of them.
    pub part: String,
    /// What is wrong and what to do about it.
    pub problem: String,
    /// The file, relative to the server's folder.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column, from 1.
    pub column: Option<u32>,
}

/// What a setting is called: the id of its catalogue row and, for rows that stand
/// for many settings, which of them; or the path of a setting no row knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SettingKey {
    /// Catalogue id (`rule-scoping-filter`, `uncatalogued-setting`).
    pub row: &'static str,
    /// Name within a keyed or wildcard row (letter case folded), or the path of an uncatalogued setting.
    pub name: Option<String>,
}

impl Ord for SettingKey {
    /// By row, then by name. Rows are shared texts, so most comparisons are of one text with itself, millions of times.
    fn cmp(&self, other: &Self) -> Ordering {
        let rows = match std::ptr::eq(self.row, other.row) {
            true => Ordering::Equal,
            false => self.row.cmp(other.row),
        };
        rows.then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for SettingKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl SettingKey {
    /// Key of a row that stands for one setting.
    pub fn row(row: &'static str) -> Self {
        SettingKey { row, name: None }
    }
}

/// A setting as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its value.
    pub value: Value,
    /// Where it was read.
    pub location: Location,
    /// The name of a keyed row as written, for display.
    pub label: Option<String>,
    /// Digests of secrets masked inside the value, sorted; compared in memory, never written.
    pub marks: Vec<[u8; 32]>,
}

impl Setting {
    /// A setting without masked secrets.
    pub fn new(value: Value, location: Location, label: Option<String>) -> Setting {
        Setting {
            value,
            location,
            label,
            marks: Vec::new(),
        }
    }

    /// Adds the digest of a masked secret.
    pub fn mark(&mut self, marks: &[[u8; 32]]) {
        self.marks.extend(marks);
        self.marks.sort_unstable();
    }

    /// Whether a secret in it was left out of a snapshot.
    pub fn is_withheld(&self) -> bool {
        let whole = matches!(&self.value, Value::Secret { mark, .. } if *mark == WITHHELD);
        whole || self.marks.contains(&WITHHELD)
    }

    /// How this setting relates to its counterpart; a secret that was left out equals any other, and a masked secret that
    /// differs makes it different.
    pub fn compare(&self, other: &Setting) -> Sameness {
        if self.marks == other.marks || self.is_withheld() || other.is_withheld() {
            self.value.compare(&other.value)
        } else {
            Sameness::Different
        }
    }
}

/// Index of an object in its [`Configuration`].
pub type ObjectIndex = usize;

/// One object: a rule, a flow of a rule, a connector, a partition …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Kind, as named in the catalogue (`sync-rule`).
    pub kind: &'static str,
    /// Name as written.
    pub name: String,
    /// What identifies it among objects of its kind under the same parent: the name with letter case folded, or a reference's key.
    pub key: String,
    /// 0, or 1, 2 … where several objects have the same key.
    pub ordinal: u32,
    /// The object that holds it.
    pub parent: Option<ObjectIndex>,
    /// Its settings.
    pub settings: BTreeMap<SettingKey, Setting>,
    /// Where it begins.
    pub location: Location,
    /// Whether it is known in part only: what it lacks is unknown.
    pub partial: bool,
}

impl Object {
    /// The value of a row's setting.
    pub fn value(&self, row: &'static str) -> Option<&Value> {
        self.setting(row).map(|setting| &setting.value)
    }

    /// A row's setting.
    pub fn setting(&self, row: &'static str) -> Option<&Setting> {
        self.settings.get(&SettingKey::row(row))
    }

    /// The canonical text of a row's setting, empty when absent.
    pub fn canonical(&self, row: &'static str) -> String {
        self.value(row).map(Value::canonical).unwrap_or_default()
    }

    /// The text of a row's setting as written, empty when absent.
    pub fn display(&self, row: &'static str) -> String {
        self.value(row).map(Value::display).unwrap_or_default()
    }
}

/// Leaves of one server's documents, each counted exactly once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Counted by intake before the catalogue saw them.
    pub leaves: u64,
    /// Read by a row whose class is judged or shown.
    pub compared: u64,
    /// Read by a `noise` row.
    pub noise: u64,
    /// Masked.
    pub secret: u64,
    /// Known to no row; compared all the same.
    pub uncatalogued: u64,
}

impl Ledger {
    /// Leaves that nobody ticked (must be 0).
    pub fn shortfall(&self) -> i64 {
        i64::try_from(self.leaves).unwrap_or(i64::MAX)
            - i64::try_from(self.compared + self.noise + self.secret + self.uncatalogued).unwrap_or(i64::MAX)
    }

    /// Adds another ledger.
    pub fn add(&mut self, other: Ledger) {
        self.leaves += other.leaves;
        self.compared += other.compared;
        self.noise += other.noise;
        self.secret += other.secret;
        self.uncatalogued += other.uncatalogued;
    }
}

/// One server's configuration.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    /// The folder or archive as the user named it.
    pub source: String,
    /// Input files, sorted by path.
    pub files: Vec<SourceFile>,
    /// Objects; parents stand before their children.
    pub objects: Vec<Object>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// Every leaf accounted for.
    pub ledger: Ledger,
    /// What others say of settings: the wizard's policy, the tenant. Their settings are in no ledger and never compared
    /// with those of another server.
    pub witnesses: Vec<Object>,
    /// About the bundle that the collector made of the server.
    pub bundle: BundleNotes,
    /// Settings whose secrets were left out when a snapshot was taken.
    pub withheld: usize,
}

/// What is to be said of a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleNotes {
    /// How many files the export in it has.
    pub exported: Option<usize>,
    /// What is not as its manifest says, each with its file.
    pub modified: Vec<String>,
    /// Items that nobody knows: a newer collector made it.
    pub unknown: Vec<String>,
    /// What could not be read and is no setting, each with its file.
    pub unread: Vec<String>,
}

impl Configuration {
    /// Objects of one kind, with their indices.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (ObjectIndex, &'a Object)> + 'a {
        self.objects
            .iter()
            .enumerate()
            .filter(move |(_, object)| object.kind == kind)
    }

    /// For every object its direct children.
    pub fn children(&self) -> Vec<Vec<ObjectIndex>> {
        let mut children = vec![Vec::new(); self.objects.len()];
        for (index, object) in self.objects.iter().enumerate() {
            if let Some(parent) = object.parent {
                children[parent].push(index);
            }
        }
        children
    }
}
