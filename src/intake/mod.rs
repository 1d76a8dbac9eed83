//! The outside world becomes documents.
//!
//! In: a folder made by `Get-ADSyncServerConfiguration`, or a .zip of one,
//! whatever an editor, a copy or a full disk has done to it. Out: decoded documents ([`read`]),
//! strict trees of them ([`parse`]), their leaves counted ([`Slots`]), and
//! gaps for what could not be read. Secrets stay here: what a [`Node`] gives
//! away is masked. Must not know: what a setting means, the other server.

mod bundle;
mod command;
mod count;
mod credential;
mod cut;
mod error;
mod file;
mod folder;
mod found;
mod hex;
pub mod item;
mod json;
mod lines;
pub mod manifest;
mod mask;
mod names;
mod problem;
mod scan;
mod script;
mod secret;
mod slice;
mod sniff;
mod text;
mod value;
mod words;
mod xml;
mod zip;

#[cfg(test)]
mod tests;

pub use bundle::POLICY;
pub(crate) use bundle::as_item;
pub use count::Slots;
pub use cut::Cut;
pub use error::IntakeError;
pub use found::outside;
pub use hex::sha256;
pub use json::{Json, JsonProblem, Value as JsonValue};
pub use mask::{MASK, mask};
pub use problem::XmlProblem;
pub use secret::{Content, Secret};
pub use slice::Slice;
pub use text::{DecodeError, decode};
pub use xml::{Attr, Node, Tree, parse, parse_shared};

use crate::model::{Gap, SourceFile};
use std::path::Path;
use std::sync::Arc;

/// What is refused for its size, so that no input exhausts the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all documents of a server.
    pub total_bytes: u64,
    /// XML files below the folder; entries of an archive.
    pub files: usize,
    /// How many times its size an entry of an archive, or all of them, may unfold to once it is large.
    pub zip_ratio: u64,
    /// Folders inside each other.
    pub folder_depth: usize,
    /// Elements inside each other.
    pub xml_depth: u32,
    /// Elements, texts and comments of one document.
    pub xml_nodes: u32,
    /// Whether a bundle is read that is not as its manifest says.
    pub modified_bundles: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 256 << 20,
            total_bytes: 1 << 30,
            files: 20_000,
            zip_ratio: 200,
            folder_depth: 16,
            xml_depth: 200,
            xml_nodes: 20_000_000,
            modified_bundles: false,
        }
    }
}

/// The three parts of an export, and what a bundle has besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A connector.
    Connector,
    /// Metaverse schema and global settings.
    GlobalSettings,
    /// A synchronization rule.
    SyncRule,
    /// What the collector, the wizard or an operator says of a server.
    Item,
}

impl Part {
    /// The parts of an export, in the order in which they are read.
    pub const ALL: [Part; 3] = [Part::Connector, Part::GlobalSettings, Part::SyncRule];

    /// The folder of an export, or of a bundle, that holds this part.
    pub fn folder(self) -> &'static str {
        match self {
            Part::Connector => "Connectors",
            Part::GlobalSettings => "GlobalSettings",
            Part::SyncRule => "SynchronizationRules",
            Part::Item => "items",
        }
    }

    /// The part whose documents have this root element (wrappers of a connector included).
    pub fn of_root(root: &str) -> Option<Part> {
        match root {
            "ma-data" | "saved-ma-configuration" | "export-ma" => Some(Part::Connector),
            "saved-mv-configuration" => Some(Part::GlobalSettings),
            "synchronizationRule" => Some(Part::SyncRule),
            _ => root.starts_with(item::ROOT).then_some(Part::Item),
        }
    }

    /// What a gap calls the documents with this root element: the folder of a part, or a single item of a bundle.
    pub fn gap_of_root(root: &str) -> Option<String> {
        let part = Part::of_root(root)?;
        Some(match root.strip_prefix(item::ROOT) {
            Some(id) => format!("{}/{}", part.folder(), item::key_of_name(id)),
            None => part.folder().to_owned(),
        })
    }

    /// The part a folder of this name holds; letter case does not count.
    fn of_folder(name: &str) -> Option<Part> {
        Part::ALL
            .into_iter()
            .find(|part| part.folder().eq_ignore_ascii_case(name))
    }
}

/// One document, decoded but not parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Index into [`Intake::files`].
    pub file: usize,
    /// What its root element says it is.
    pub part: Part,
    /// The text without byte order mark; may hold CRLF. Of a bundle's item it is JSON.
    pub text: Arc<String>,
    /// Which item of a bundle it is.
    pub item: Option<Answer>,
}

impl Document {
    /// What somebody says of a server whom nobody had to ask. `file` is the index of its file, `text` the item's JSON.
    pub fn said(file: usize, id: &str, text: String) -> Document {
        Document {
            file,
            part: Part::Item,
            text: Arc::new(text),
            item: Some(Answer {
                id: id.to_owned(),
                of: None,
                status: manifest::READ.to_owned(),
                problem: None,
                required: false,
                asked: false,
            }),
        }
    }

    /// The same of somebody who cannot be understood.
    fn unread(file: usize, id: &str, problem: String) -> Document {
        let mut document = Document::said(file, id, String::new());
        if let Some(answer) = &mut document.item {
            answer.problem = Some(problem);
        }
        document
    }
}

/// An item of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub id: String,
    /// Of which connector or group.
    pub of: Option<String>,
    /// What became of the question, as the manifest has it.
    pub status: String,
    /// Why there is no answer.
    pub problem: Option<String>,
    /// Whether every server has to give one.
    pub required: bool,
    /// Whether the collector asked; what lies there all the same is missed by nobody.
    pub asked: bool,
}

/// Everything found in one server's folder or archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    /// The folder or archive as the user named it.
    pub source: String,
    /// Files that were read, sorted by path; before them the archive that holds them.
    pub files: Vec<SourceFile>,
    /// Connectors, then global settings, then rules; by path inside each.
    pub documents: Vec<Document>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// XML files, and archives inside the archive, that have nothing to do with an export, by path.
    pub ignored: Vec<String>,
    /// What of a bundle is not as its manifest says.
    pub modified: Vec<String>,
    /// How many files the export of a bundle has.
    pub exported: Option<usize>,
}

/// Finds, reads, decodes and classifies the documents of one server. They are
/// parsed later, once, by [`parse`].
///
/// # Errors
///
/// When the folder or archive as a whole cannot stand for one server; what is
/// wrong with a single file is a gap instead.
pub fn read(path: &Path, limits: &Limits) -> Result<Intake, IntakeError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => folder::read(path, limits),
        // Anything else, such as a pipe, might never end.
        Ok(metadata) if metadata.is_file() => match bundle::alone(path, limits) {
            Some(read) => read,
            None => zip::read(path, limits),
        },
        Ok(_) => Err(IntakeError::NotAFolder {
            path: path.to_path_buf(),
        }),
        Err(error) => Err(IntakeError::of_root(path, &error)),
    }
}
