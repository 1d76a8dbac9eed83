//! How a snapshot lays out an export: `snapshot.toml` as types.
//!
//! In: what `build.rs` prepared. Out: parts of documents that are files of
//! their own, and words to count changes in. Must not know: git, documents.

use serde::Deserialize;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotLayout {
    part: Vec<SnapshotPart>,
    noun: Vec<Noun>,
}

/// A part of a document that is a file of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotPart {
    /// Root element of the document.
    pub document: String,
    /// Child steps from the root to the part; none for the document's first file.
    pub path: Option<String>,
    /// Kind of the part's objects, of which there may be many.
    pub kind: Option<String>,
    /// The file without its extension, with places for names.
    pub file: String,
}

/// What changes are counted as.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noun {
    /// Kind of the objects.
    kind: Option<String>,
    /// Or ids of rows.
    #[serde(default)]
    rows: Vec<String>,
    /// Whether settings are counted and not objects.
    #[serde(default)]
    pub settings: bool,
    /// How a value begins that means that the thing is there.
    pub there: Option<String>,
    /// Singular.
    pub one: String,
    /// Plural.
    pub many: String,
}

impl SnapshotPart {
    /// Child steps from the root of the document to the part.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.path.iter().flat_map(|path| path.split('/'))
    }
}

impl SnapshotLayout {
    /// All parts; the first file of a document stands before its other ones.
    pub fn parts(&self) -> &[SnapshotPart] {
        &self.part
    }

    /// The parts of a document, its first file first.
    pub fn of_document<'a>(&'a self, document: &'a str) -> impl Iterator<Item = &'a SnapshotPart> {
        self.part.iter().filter(move |part| part.document == document)
    }

    /// The noun of a row.
    pub fn of_row(&self, row: &str) -> Option<&Noun> {
        self.noun.iter().find(|noun| noun.rows.iter().any(|known| known == row))
    }

    /// The noun of a kind of objects.
    pub fn of_kind(&self, kind: &str) -> Option<&Noun> {
        self.noun.iter().find(|noun| noun.kind.as_deref() == Some(kind))
    }
}
