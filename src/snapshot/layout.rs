//! Documents become the files of a snapshot.
//!
//! In: what is kept of the documents of a server, and what is known of its
//! connectors from before. Out: files with their texts. Must not know: git.

use super::names::{self, Names};
use super::text;
use super::tokens::{Tokens, trace_of};
use crate::catalogue::{Catalogue, SnapshotPart, ValueKind, ids};
use crate::model::fold_guid;
use crate::normalise::{Kept, Leaf, Piece, SchemaText};
use std::collections::BTreeMap;

/// Extension of every file.
pub const EXTENSION: &str = ".json";
const OWN: &str = "{own}";
const NAME: &str = "{name}";
const CONNECTOR: &str = "{connector}";

/// Files of a server.
#[derive(Debug, Default)]
pub struct Files {
    /// Texts by path, the server's folder left out.
    pub texts: BTreeMap<String, String>,
    /// First files of connectors, and by what their GUIDs are known again.
    pub connectors: BTreeMap<String, String>,
    /// Files of schemas; of those that were left out there is no text.
    pub schemas: BTreeMap<String, SchemaText>,
    pieces: BTreeMap<String, Piece>,
    tokens: Tokens,
}

/// Lays out documents. `known` holds connectors of before, for those that cannot be read now.
pub fn files(kept: Vec<Kept>, server: &str, known: &BTreeMap<String, String>, catalogue: &Catalogue) -> Files {
    let tokens = Tokens::new(server, &catalogue.facts.entra_connector_id);
    let mut sheet = Sheet::new(tokens, known.clone(), catalogue);
    sheet.tokens.know(known);
    sheet.all(kept)
}

/// Lays out some documents that were read back from a server's files: each object has the GUID that follows from its
/// file, so that those of the others are known, too.
pub fn again<'p>(
    kept: Vec<Kept>,
    server: &str,
    paths: impl Iterator<Item = &'p String>,
    connectors: &BTreeMap<String, String>,
    catalogue: &Catalogue,
) -> Files {
    let mut tokens = Tokens::new(server, &catalogue.facts.entra_connector_id);
    for path in paths {
        let file = path.strip_suffix(EXTENSION).unwrap_or(path);
        tokens.add(&tokens.of_file(file), file);
    }
    let known = connectors
        .keys()
        .map(|file| (file.clone(), trace_of(&tokens.of_file(file))));
    let known = known.collect();
    Sheet::new(tokens, known, catalogue).all(kept)
}

struct Sheet<'c> {
    catalogue: &'c Catalogue,
    tokens: Tokens,
    names: Names,
    connectors: BTreeMap<String, String>,
    schemas: BTreeMap<String, SchemaText>,
    pieces: Vec<(String, Piece)>,
}

impl<'c> Sheet<'c> {
    fn new(tokens: Tokens, connectors: BTreeMap<String, String>, catalogue: &'c Catalogue) -> Sheet<'c> {
        Sheet {
            catalogue,
            tokens,
            names: Names::default(),
            connectors,
            schemas: BTreeMap::new(),
            pieces: Vec::new(),
        }
    }

    fn all(mut self, mut documents: Vec<Kept>) -> Files {
        documents.sort_by_cached_key(|kept| self.rank(&kept.root));
        for kept in documents {
            self.document(kept.root, kept.schema);
        }
        self.files()
    }

    /// Parts of a document, the first file's before the others.
    fn parts(&self, root: &Piece) -> Vec<&'c SnapshotPart> {
        let inner = root.children.iter().find(|child| child.object.is_some());
        let parts = self.catalogue.snapshot.parts();
        let of = |piece: &Piece| -> Vec<&'c SnapshotPart> {
            parts.iter().filter(|part| part.document == piece.name).collect()
        };
        match of(root) {
            parts if parts.is_empty() => inner.map(of).unwrap_or_default(),
            parts => parts,
        }
    }

    /// Documents in the order of the layout, for rules ask where connectors are; then by name, and by GUID where names
    /// repeat: so each keeps its file while the server stays the same.
    fn rank(&self, root: &Piece) -> (usize, String, String, Option<String>) {
        let document = self
            .parts(root)
            .first()
            .map(|part| part.document.as_str())
            .unwrap_or_default();
        let place = self
            .catalogue
            .snapshot
            .parts()
            .iter()
            .position(|part| part.document == document);
        let (folded, name, identifier) = inner(root, document).map(Sheet::called).unwrap_or_default();
        (place.unwrap_or(usize::MAX), folded, name, identifier)
    }

    fn document(&mut self, mut root: Piece, schema: Option<SchemaText>) {
        let parts = self.parts(&root);
        let Some((first, others)) = parts.split_first() else {
            return;
        };
        let Place { file, folder, is_first } = self.place(&root, first);
        let Some(document) = inner_mut(&mut root, &first.document) else {
            return;
        };
        self.define(document, &file);
        let mut taken = Vec::new();
        // A second document of one kind stays whole in its file.
        for part in others.iter().filter(|_| is_first) {
            let steps: Vec<&str> = part.steps().collect();
            let found = take(document, &steps);
            if let (Some(schema), true) = (schema, is_schema(part, self.catalogue)) {
                let file = format!("{}{EXTENSION}", part.file.replace(NAME, &folder));
                // Several of them are no one text.
                if schema.left_out || found.len() == 1 {
                    self.schemas.insert(file, schema);
                }
                if schema.left_out {
                    continue;
                }
            }
            taken.extend(found.into_iter().map(|piece| (part.file.replace(NAME, &folder), piece)));
        }
        self.pieces.push((file, root));
        taken.sort_by_cached_key(|(pattern, piece)| (pattern.clone(), Sheet::called(piece)));
        for (pattern, mut piece) in taken {
            let (path, last) = pattern.rsplit_once('/').unwrap_or(("", &pattern));
            let (_, own, _) = Sheet::called(&piece);
            let file = match last {
                OWN => format!("{path}/{}", self.names.take(path, &own)),
                _ => pattern,
            };
            self.define(&mut piece, &file);
            self.pieces.push((file, piece));
        }
    }

    /// The first file of a document.
    fn place(&mut self, root: &Piece, first: &SnapshotPart) -> Place {
        let document = inner(root, &first.document);
        let (_, name, _) = document.map(Sheet::called).unwrap_or_default();
        let fixed = !first.file.contains(NAME);
        let mut place = Place::default();
        let mut segments = first.file.split('/').peekable();
        while let Some(segment) = segments.next() {
            let path = place.file.clone();
            let own = match segment {
                NAME => {
                    place.folder = self.names.take(&path, &name);
                    place.folder.clone()
                }
                CONNECTOR => self.connector_folder(document),
                last if fixed && segments.peek().is_none() => self.names.take(&path, last),
                literal => literal.to_owned(),
            };
            place.is_first = !fixed || own == segment;
            place.file = if path.is_empty() { own } else { format!("{path}/{own}") };
        }
        place
    }

    /// Name and GUID of an object, in the order in which objects get their files.
    fn called(piece: &Piece) -> (String, String, Option<String>) {
        let begun = piece.object.as_ref();
        let name = begun.map(|begun| begun.name.clone()).unwrap_or_default();
        (
            name.to_lowercase(),
            name,
            begun.and_then(|begun| begun.identifier.clone()),
        )
    }

    /// The folder of the connector that a rule points to; the GUID where nobody knows it.
    fn connector_folder(&self, rule: Option<&Piece>) -> String {
        let row = self
            .catalogue
            .row(ids::RULE_CONNECTOR)
            .and_then(|row| row.path.as_deref());
        let leaf = row.and_then(|path| rule?.child(path)?.text.as_ref());
        let guid = leaf.map(|leaf| fold_guid(&leaf.text)).unwrap_or_default();
        let trace = trace_of(&guid);
        let file = self.connectors.iter().find(|(_, known)| **known == trace);
        let folder = file.and_then(|(file, _)| file.rsplit('/').nth(1));
        folder.map_or_else(|| names::safe(&guid), str::to_owned)
    }

    /// An object's GUID becomes its file; a GUID that says something stays.
    fn define(&mut self, piece: &mut Piece, file: &str) {
        let Some(begun) = &piece.object else { return };
        let Some(guid) = begun.identifier.clone() else { return };
        if begun.kind == ids::kinds::CONNECTOR {
            let trace = trace_of(&guid);
            self.connectors.retain(|_, known| *known != trace);
            self.connectors.insert(file.to_owned(), trace);
        }
        if self.tokens.is_constant(&guid) {
            let row = self
                .catalogue
                .kind(begun.kind)
                .and_then(|kind| kind.identifier.as_deref());
            if let Some(path) = row.and_then(|row| self.catalogue.row(row)?.path.as_deref()) {
                let mut leaf = Piece::leaf(path, format!("{{{guid}}}"));
                leaf.text = leaf.text.map(|text| Leaf { refers: true, ..text });
                piece.children.push(leaf);
            }
        }
        self.tokens.add(&guid, file);
    }

    fn files(self) -> Files {
        let path = |file: &str| format!("{file}{EXTENSION}");
        let texts = self
            .pieces
            .iter()
            .map(|(file, piece)| (path(file), text::write(piece, &self.tokens)));
        Files {
            texts: texts.collect(),
            connectors: self.connectors,
            schemas: self.schemas,
            pieces: self
                .pieces
                .into_iter()
                .map(|(file, piece)| (path(&file), piece))
                .collect(),
            tokens: self.tokens,
        }
    }
}

/// Whether a part is a connector's schema.
pub fn is_schema(part: &SnapshotPart, catalogue: &Catalogue) -> bool {
    let mut rows = catalogue.rows.iter().filter(|row| row.value == Some(ValueKind::Schema));
    let document = |kind: &str| catalogue.kind(kind).and_then(|kind| kind.document.as_deref());
    rows.any(|row| row.path == part.path && document(&row.object) == Some(&part.document))
}

impl Files {
    /// Whether there is a file of a path.
    pub fn has(&self, path: &str) -> bool {
        self.texts.contains_key(path) || self.schemas.contains_key(path)
    }

    /// The text of a file with every value as what it means: files that differ only in spelling have the same.
    pub fn meaning(&self, path: &str) -> Option<String> {
        let mut piece = self.pieces.get(path)?.clone();
        mean(&mut piece);
        Some(text::write(&piece, &self.tokens))
    }
}

/// Where a document goes.
#[derive(Debug, Default)]
struct Place {
    /// Its first file.
    file: String,
    /// What stands for its name in the paths of its other files.
    folder: String,
    /// Whether it is the first of its kind.
    is_first: bool,
}

/// Every value becomes what it means.
fn mean(piece: &mut Piece) {
    let leaves = piece.attributes.iter_mut().map(|(_, leaf)| leaf).chain(&mut piece.text);
    for leaf in leaves {
        leaf.text = leaf.meaning.take().unwrap_or_else(|| std::mem::take(&mut leaf.text));
    }
    piece.children.iter_mut().for_each(mean);
}

/// The document within its wrapper, if it has one.
fn inner<'p>(root: &'p Piece, document: &str) -> Option<&'p Piece> {
    if root.name == document {
        Some(root)
    } else {
        root.child(document)
    }
}

fn inner_mut<'p>(root: &'p mut Piece, document: &str) -> Option<&'p mut Piece> {
    if root.name == document {
        return Some(root);
    }
    root.children.iter_mut().find(|child| child.name == document)
}

/// Takes out what stands at a path, and what is empty without it.
fn take(piece: &mut Piece, steps: &[&str]) -> Vec<Piece> {
    let Some((step, deeper)) = steps.split_first() else {
        return Vec::new();
    };
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for mut child in std::mem::take(&mut piece.children) {
        if child.name != *step {
            left.push(child);
        } else if deeper.is_empty() {
            taken.push(child);
        } else {
            let found = take(&mut child, deeper);
            if found.is_empty() || !child.is_empty() {
                left.push(child);
            }
            taken.extend(found);
        }
    }
    piece.children = left;
    taken
}
