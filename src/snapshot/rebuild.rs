//! The files of a snapshot become documents again, for today's reader.
//!
//! In: a stored snapshot. Out: what intake would have found, and where each
//! line of its documents stands in the files.
//! Must not know: objects, settings.

use super::SnapshotError;
use super::layout::{self, EXTENSION};
use super::repository::Repository;
use super::stored::{self, Stored};
use super::text;
use super::tokens::Tokens;
use crate::catalogue::{Catalogue, SnapshotPart, ids};
use crate::intake::{Document, Intake, Limits, MASK, Part};
use crate::model::{Configuration, Gap, Location, Setting, SourceFile, Value, WITHHELD};
use crate::normalise::{Leaf, Piece, Restored, normalise_all, restore};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

const NAME: &str = "{name}";

/// A server read back.
#[derive(Debug, Default)]
pub struct ReadBack {
    /// What intake would have found.
    pub intake: Intake,
    /// Of each document, by its file, where its lines stand.
    lines: BTreeMap<usize, Vec<(usize, u32)>>,
}

impl ReadBack {
    /// The documents, and their lines.
    pub fn split(self) -> (Intake, Lines) {
        let paths = self.intake.files.iter().map(|file| file.path.clone()).collect();
        let lines = Lines {
            lines: self.lines,
            paths,
        };
        (self.intake, lines)
    }

    /// The server, read by today's catalogue.
    pub fn configuration(self, catalogue: &'static Catalogue) -> Configuration {
        let (intake, lines) = self.split();
        let mut servers = normalise_all(vec![intake], catalogue, &Limits::default());
        let mut server = servers.pop().unwrap_or_default();
        lines.apply(&mut server);
        server
    }
}

/// Where lines of documents stand in files.
#[derive(Debug, Default)]
pub struct Lines {
    lines: BTreeMap<usize, Vec<(usize, u32)>>,
    paths: Vec<String>,
}

impl Lines {
    /// Of a configuration read from the documents, places become places in files, and secrets are withheld.
    pub fn apply(&self, configuration: &mut Configuration) {
        for object in &mut configuration.objects {
            self.place(&mut object.location);
            for setting in object.settings.values_mut() {
                self.place(&mut setting.location);
                withhold(setting);
                configuration.withheld += usize::from(setting.is_withheld());
            }
        }
        for gap in &mut configuration.gaps {
            let path = gap.file.as_ref();
            let file = path.and_then(|file| self.paths.iter().position(|path| path == file));
            if let (Some(file), Some(line)) = (file, gap.line) {
                let mut location = Location { file, line };
                self.place(&mut location);
                gap.file = self.paths.get(location.file).cloned();
                gap.line = Some(location.line);
            }
        }
        // What a value says of itself was known when the snapshot was taken, and is found again.
        configuration.gaps.sort();
        let said = |gap: &Gap| (gap.part.clone(), gap.problem.clone(), gap.file.clone());
        configuration.gaps.dedup_by_key(|gap| said(gap));
    }

    fn place(&self, location: &mut Location) {
        let at = (location.line as usize).checked_sub(1);
        let lines = self.lines.get(&location.file);
        let place = lines.zip(at).and_then(|(lines, at)| lines.get(at));
        if let Some(&(file, line)) = place {
            *location = Location { file, line };
        }
    }
}

/// A secret that a snapshot has only the mask of.
fn withhold(setting: &mut Setting) {
    match &mut setting.value {
        Value::Secret { present: true, mark } => *mark = WITHHELD,
        Value::Secret { .. } => {}
        // It is read only where it differs.
        Value::Schema(schema) => schema.withhold(),
        value => {
            if value.display().contains(MASK) {
                setting.marks = vec![WITHHELD];
            }
        }
    }
}

/// What becomes of files that a gap kept from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// They are left out, and the gap is there: nobody knows whether the server still is like that.
    LeftOut,
    /// They count: the server as it was last known. Gaps stay that hide what nobody ever knew.
    LastKnown,
}

/// Reads a snapshot back; `exported` is when its export was made.
///
/// # Errors
/// The repository is damaged.
pub fn rebuild(
    repository: &Repository,
    stored: &Stored,
    stale: Stale,
    exported: Option<&str>,
    source: &str,
    catalogue: &Catalogue,
) -> Result<ReadBack, SnapshotError> {
    let kept = &stored.manifest.stale;
    let mut gaps: Vec<Gap> = stored.manifest.gaps.iter().map(gap).collect();
    if stale == Stale::LastKnown {
        gaps.retain(|gap| !kept.values().any(|problem| *problem == gap.problem));
    }
    let mut rebuild = Rebuild {
        catalogue,
        tokens: Tokens::new(&stored.manifest.server, &catalogue.facts.entra_connector_id),
        intake: Intake {
            source: source.to_owned(),
            gaps,
            ..Intake::default()
        },
        groups: BTreeMap::new(),
    };
    for (path, &oid) in &stored.files {
        if stale == Stale::LastKnown || !kept.contains_key(path) {
            rebuild.file(path, &stored::text(repository, oid)?);
        }
    }
    Ok(rebuild.documents(&stored.manifest.server, exported))
}

fn gap(gap: &crate::report::GapEntry) -> Gap {
    Gap {
        part: gap.part.clone(),
        problem: gap.problem.clone(),
        file: gap.file.clone(),
        line: gap.line,
        column: gap.column,
    }
}

struct Rebuild<'c> {
    catalogue: &'c Catalogue,
    tokens: Tokens,
    intake: Intake,
    /// By the first file of each document.
    groups: BTreeMap<String, Group<'c>>,
}

/// Files of one document.
#[derive(Default)]
struct Group<'c> {
    first: Option<(&'c SnapshotPart, usize, Piece)>,
    others: Vec<(&'c SnapshotPart, Piece)>,
}

impl<'c> Rebuild<'c> {
    fn file(&mut self, path: &str, content: &str) {
        let file = self.intake.files.len();
        self.intake.files.push(SourceFile {
            path: path.to_owned(),
            sha256: super::names::hex(&Sha256::digest(content.as_bytes())).to_uppercase(),
            bytes: content.len() as u64,
        });
        let named = path.strip_suffix(EXTENSION).unwrap_or(path);
        let mut parts = self.catalogue.snapshot.parts().iter();
        let Some((part, captured)) = parts.find_map(|part| Some((part, captured(part, named)?))) else {
            self.intake.ignored.push(path.to_owned());
            return;
        };
        match text::read(content, file, &self.tokens) {
            Ok(mut piece) => {
                self.identify(part, &mut piece, named);
                if part.path.is_none() {
                    self.groups.entry(named.to_owned()).or_default().first = Some((part, file, piece));
                } else if let Some(first) = self.catalogue.snapshot.of_document(&part.document).next() {
                    let first = first.file.replace(NAME, &captured);
                    self.groups.entry(first).or_default().others.push((part, piece));
                }
            }
            Err(problem) => self.intake.gaps.push(Gap {
                part: named.split('/').next().unwrap_or_default().to_owned(),
                problem: format!("the file of the snapshot is damaged ({problem}); restore it from an earlier commit"),
                file: Some(path.to_owned()),
                line: None,
                column: None,
            }),
        }
    }

    /// The object gets the GUID that others refer to it by.
    fn identify(&self, part: &SnapshotPart, piece: &mut Piece, file: &str) {
        let mut kinds = self.catalogue.objects.iter();
        let kind = kinds.find(|kind| match &part.kind {
            Some(name) => kind.kind == *name,
            None => part.path.is_none() && kind.document.as_ref() == Some(&part.document),
        });
        let row = kind.and_then(|kind| self.catalogue.row(kind.identifier.as_deref()?));
        let (Some(path), Some(object)) = (row.and_then(|row| row.path.as_deref()), document(piece, part)) else {
            return;
        };
        let guid = Some(Leaf::plain(format!("{{{}}}", self.tokens.of_file(file))));
        match object.children.iter_mut().find(|child| child.name == path) {
            // Attributes may have been kept.
            Some(there) if there.text.is_none() && there.children.is_empty() => there.text = guid,
            Some(_) => {}
            None => object.children.push(Piece {
                name: path.to_owned(),
                text: guid,
                place: object.place,
                ..Piece::default()
            }),
        }
    }

    fn documents(mut self, server: &str, exported: Option<&str>) -> ReadBack {
        let mut lines = BTreeMap::new();
        for (named, group) in std::mem::take(&mut self.groups) {
            let Some((part, file, mut root)) = group.first else {
                self.intake.gaps.push(self.without_first(&named));
                continue;
            };
            if let Some(object) = document(&mut root, part) {
                for (part, piece) in group.others {
                    put(object, &part.steps().collect::<Vec<_>>(), piece);
                }
                self.head(object, server, exported);
            }
            let Some(kind) = Part::of_root(&root.name) else {
                self.intake.ignored.push(named);
                continue;
            };
            let Restored { text, places } = restore(root, self.catalogue);
            lines.insert(file, places);
            self.intake.documents.push(Document {
                file,
                part: kind,
                text: Arc::new(text),
                item: None,
            });
        }
        self.intake
            .documents
            .sort_by_key(|document| (document.part, document.file));
        ReadBack {
            intake: self.intake,
            lines,
        }
    }

    /// Global settings say which server was exported, and when.
    fn head(&self, object: &mut Piece, server: &str, exported: Option<&str>) {
        for (id, text) in [(ids::SERVER_NAME, Some(server)), (ids::EXPORT_DATE, exported)] {
            let row = self.catalogue.row(id);
            let kind = row.and_then(|row| self.catalogue.kind(&row.object));
            let is_here = kind.is_some_and(|kind| kind.document.as_deref() == Some(&object.name));
            let name = row.and_then(|row| row.path.as_deref()?.strip_prefix('@'));
            if let (Some(name), Some(text), true) = (name, text, is_here) {
                object.attributes.retain(|(other, _)| other != name);
                object.attributes.push((name.to_owned(), Leaf::plain(text)));
            }
        }
    }

    fn without_first(&self, named: &str) -> Gap {
        Gap {
            part: named.split('/').next().unwrap_or_default().to_owned(),
            problem: format!("the snapshot has parts of a document whose first file is missing: {named}{EXTENSION}"),
            file: None,
            line: None,
            column: None,
        }
    }
}

/// The document within its wrapper, if it has one; of another part the piece itself.
fn document<'p>(piece: &'p mut Piece, part: &SnapshotPart) -> Option<&'p mut Piece> {
    if part.path.is_some() || piece.name == part.document {
        return Some(piece);
    }
    piece.children.iter_mut().find(|child| child.name == part.document)
}

/// Puts a piece where it was taken out.
fn put(object: &mut Piece, steps: &[&str], piece: Piece) {
    let Some((step, deeper)) = steps.split_first().filter(|(_, deeper)| !deeper.is_empty()) else {
        object.children.push(piece);
        return;
    };
    let at = object.children.iter().position(|child| child.name == *step);
    let at = at.unwrap_or_else(|| {
        object.children.push(Piece {
            name: (*step).to_owned(),
            place: object.place,
            ..Piece::default()
        });
        object.children.len() - 1
    });
    if let Some(child) = object.children.get_mut(at) {
        put(child, deeper, piece);
    }
}

/// The first file of the document that a file belongs to, without its extension.
pub fn document_of(path: &str, catalogue: &Catalogue) -> String {
    let named = path.strip_suffix(EXTENSION).unwrap_or(path);
    let mut parts = catalogue.snapshot.parts().iter();
    let found = parts.find_map(|part| Some((part, captured(part, named)?)));
    let first = found.filter(|(part, _)| part.path.is_some()).and_then(|(part, name)| {
        let first = catalogue.snapshot.of_document(&part.document).next()?;
        Some(first.file.replace(NAME, &name))
    });
    first.unwrap_or_else(|| named.to_owned())
}

/// Whether a file holds a connector's schema.
pub fn is_schema(path: &str, catalogue: &Catalogue) -> bool {
    let named = path.strip_suffix(EXTENSION).unwrap_or(path);
    let mut parts = catalogue.snapshot.parts().iter();
    parts.any(|part| captured(part, named).is_some() && layout::is_schema(part, catalogue))
}

/// Whether a file of a server's folder is one that a snapshot writes.
pub fn is_ours(path: &str, catalogue: &Catalogue) -> bool {
    let mut parts = catalogue.snapshot.parts().iter();
    let named = path.strip_suffix(EXTENSION);
    named.is_some_and(|named| parts.any(|part| captured(part, named).is_some()))
}

/// What stands for the document's name in a path that a part may have.
fn captured(part: &SnapshotPart, named: &str) -> Option<String> {
    let fixed = !part.file.contains('{');
    let (pattern, path): (Vec<&str>, Vec<&str>) = (part.file.split('/').collect(), named.split('/').collect());
    let mut name = String::new();
    if pattern.len() != path.len() {
        return None;
    }
    for (at, (wanted, own)) in pattern.iter().zip(&path).enumerate() {
        // A second document of one kind has a mark.
        let marked = fixed && part.path.is_none() && at + 1 == path.len();
        let second = marked && own.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('~'));
        match *wanted {
            NAME => name = (*own).to_owned(),
            wanted if wanted.starts_with('{') || wanted == *own || second => {}
            _ => return None,
        }
    }
    Some(name)
}
