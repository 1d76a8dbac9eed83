//! A snapshot about to be written, and how it relates to the last one.
//!
//! In: a server's documents and what is stored of it. Out: its files, with
//! those a gap keeps. Must not know: branches, commits.

use super::cache::Cache;
use super::layout::{self, Files};
use super::manifest::{Manifest, Role, Tool};
use super::repository::Repository;
use super::stored::Stored;
use super::tokens::trace_of;
use super::{SnapshotError, Stale, rebuild};
use crate::catalogue::{Catalogue, ids};
use crate::intake::{Intake, Limits, Part};
use crate::model::{Configuration, Value, fold_guid};
use crate::normalise::{Kept, normalise_and_keep};
use crate::report::{GapEntry, Server};
use git2::{ObjectType, Oid};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What is about to be written.
#[derive(Debug)]
pub struct Taken {
    /// The server, as its export says.
    pub server: Server,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Texts of files, by path.
    pub texts: BTreeMap<String, String>,
    /// Files that stay as they are stored.
    pub kept: BTreeMap<String, Oid>,
    /// Files of schemas by what their source is recognised by, to know them the next time.
    pub schemas: BTreeMap<[u8; 32], Oid>,
    /// The last snapshot.
    pub last: Option<Stored>,
    /// Whether anything is to be written.
    pub changed: bool,
}

/// Which schemas the repository knows, by their digest.
pub fn known(repository: &Repository) -> impl Fn(&[u8; 32]) -> bool + Sync + use<> {
    let cache = Cache::of(repository);
    move |digest| cache.get(digest).is_some()
}

/// Takes a snapshot of a server from what is kept of its documents. `last` is what the branch has of it.
///
/// # Errors
/// The repository is damaged.
pub fn take(
    repository: &Repository,
    (input, kept): (&Intake, Vec<Kept>),
    server: Server,
    gaps: Vec<GapEntry>,
    last: Option<Stored>,
    catalogue: &'static Catalogue,
) -> Result<Taken, SnapshotError> {
    let known = last
        .as_ref()
        .map(|last| last.manifest.connectors.clone())
        .unwrap_or_default();
    let cache = Cache::of(repository);
    let files = layout::files(kept, &server.server, &known, catalogue);
    let tool = Tool {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalogue: crate::catalogue::VERSION.to_owned(),
    };
    let mut manifest = Manifest::new(
        server.server.clone(),
        server.version.clone(),
        Role::of(server.staging_mode),
        tool,
    );
    manifest.gaps = gaps;
    let unasked = unasked(&manifest, input, last.as_ref(), &files, catalogue);
    manifest.gaps.extend(unasked);
    let mut taken = Taken {
        server,
        manifest,
        texts: BTreeMap::new(),
        kept: BTreeMap::new(),
        schemas: BTreeMap::new(),
        last,
        changed: false,
    };
    let left_out = files.schemas.iter().filter(|(_, schema)| schema.left_out);
    let stored = left_out.filter_map(|(path, schema)| Some((path.clone(), cache.get(&schema.digest)?)));
    taken.kept.extend(stored);
    taken.keep_behind_gaps(&files, catalogue);
    taken.keep_others(catalogue);
    let left = |file: &str| {
        let path = format!("{file}{}", layout::EXTENSION);
        files.texts.contains_key(&path) || taken.kept.contains_key(&path)
    };
    taken.manifest.connectors = files
        .connectors
        .iter()
        .filter(|(file, _)| left(file))
        .map(own)
        .collect();
    taken.settle(repository, files, catalogue)?;
    Ok(taken)
}

/// Items that the last snapshot has and that nobody asked for this time: they did not go, they are unknown now.
fn unasked(
    manifest: &Manifest,
    input: &Intake,
    last: Option<&Stored>,
    files: &Files,
    catalogue: &Catalogue,
) -> Vec<GapEntry> {
    let items = Part::Item.folder();
    let answers = input.documents.iter().filter_map(|document| document.item.as_ref());
    let asked: BTreeSet<&str> = answers
        .filter(|answer| answer.asked)
        .map(|answer| answer.id.as_str())
        .collect();
    let stored = last.into_iter().flat_map(|last| last.files.keys());
    let gone = stored.filter(|path| rebuild::is_ours(path, catalogue) && !files.has(path));
    let gone = gone.filter(|path| !manifest.gaps.iter().any(|gap| is_behind(path, &gap.part)));
    let ids = gone.filter_map(|path| {
        let name = path.strip_prefix(items)?.strip_prefix('/')?;
        let name = name.split('/').next()?;
        Some(name.strip_suffix(layout::EXTENSION).unwrap_or(name))
    });
    let ids: BTreeSet<&str> = ids.filter(|id| !asked.contains(id)).collect();
    let gap = |part: String, problem: &str| GapEntry {
        server: manifest.server.clone(),
        part,
        problem: problem.to_owned(),
        file: None,
        line: None,
        column: None,
    };
    match (ids.is_empty(), asked.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) => vec![gap(
            items.to_owned(),
            "the last snapshot has items of the collector's bundle, and this export comes without one; collect the server \
             with syncdrift export",
        )],
        (false, false) => ids
            .into_iter()
            .map(|id| {
                gap(
                    format!("{items}/{id}"),
                    "the last snapshot has the item, and the manifest of this bundle does not mention it; run the \
                     collector again, of the version of before or a newer one",
                )
            })
            .collect(),
    }
}

/// Whether a file may stand behind the gap of a part.
fn is_behind(path: &str, part: &str) -> bool {
    let rest = path.strip_prefix(part);
    part == "*" || rest.is_some_and(|rest| rest.starts_with(['/', '.']))
}

fn own((file, trace): (&String, &String)) -> (String, String) {
    (file.clone(), trace.clone())
}

impl Taken {
    /// The last snapshot to compare with. Schemas that are the same are left out of it and of the server: they are most
    /// of both.
    pub fn before(&self, server: &mut Configuration, catalogue: &Catalogue) -> Option<Stored> {
        let mut last = self.last.clone()?;
        let is_schema = |path: &String| rebuild::is_schema(path, catalogue);
        let stored = last.files.iter().filter(|(path, _)| is_schema(path));
        let same = stored.into_iter().all(|(path, oid)| self.kept.get(path) == Some(oid));
        if same && self.manifest.stale.is_empty() && !self.texts.keys().any(is_schema) {
            last.files.retain(|path, _| !is_schema(path));
            let schema = |value: &Value| matches!(value, Value::Schema(_));
            for object in &mut server.objects {
                object.settings.retain(|_, setting| !schema(&setting.value));
            }
        }
        Some(last)
    }

    /// Files that are missing now and may stand behind a gap stay.
    fn keep_behind_gaps(&mut self, files: &Files, catalogue: &Catalogue) {
        let Some(last) = &self.last else { return };
        for (path, &oid) in &last.files {
            let gap = self.manifest.gaps.iter().find(|gap| is_behind(path, &gap.part));
            let is_ours = rebuild::is_ours(path, catalogue);
            if let (Some(gap), false, true) = (gap, files.has(path), is_ours) {
                self.kept.insert(path.clone(), oid);
                self.manifest.stale.insert(path.clone(), gap.problem.clone());
            }
        }
    }

    /// Files that somebody else put beside ours stay.
    fn keep_others(&mut self, catalogue: &Catalogue) {
        let files = self.last.iter().flat_map(|last| &last.files);
        let others = files.filter(|(path, _)| !rebuild::is_ours(path, catalogue));
        self.kept.extend(others.map(|(path, oid)| (path.clone(), *oid)));
    }

    /// Decides whether anything changed; files that only are spelled differently stay.
    fn settle(
        &mut self,
        repository: &Repository,
        mut files: Files,
        catalogue: &'static Catalogue,
    ) -> Result<(), SnapshotError> {
        let texts = std::mem::take(&mut files.texts);
        let hash = |text: &String| Oid::hash_object(ObjectType::Blob, text.as_bytes()).ok();
        let schemas = files.schemas.iter();
        self.schemas = schemas
            .filter_map(|(path, schema)| Some((schema.digest, texts.get(path).and_then(hash)?)))
            .collect();
        let Some(last) = &self.last else {
            self.changed = true;
            self.texts = texts;
            return Ok(());
        };
        let (same, other): (BTreeMap<_, _>, BTreeMap<_, _>) = texts.into_iter().partition(|(path, text)| {
            let known = hash(text);
            known.is_some() && known.as_ref() == last.files.get(path)
        });
        self.kept.extend(same.into_keys().filter_map(|path| {
            let oid = *last.files.get(&path)?;
            Some((path, oid))
        }));
        self.texts = other;
        if !self.texts.is_empty() {
            let before = meanings(repository, last, &self.texts, catalogue)?;
            let spelled: Vec<String> = self
                .texts
                .keys()
                .filter(|path| {
                    let (old, new) = (before.meaning(path), files.meaning(path));
                    old.is_some() && old == new
                })
                .cloned()
                .collect();
            for path in spelled {
                self.texts.remove(&path);
                self.kept.extend(last.files.get(&path).map(|oid| (path, *oid)));
            }
        }
        let same_files = self.texts.is_empty() && self.kept == last.files;
        // Another version that writes the same files is no change.
        let same_manifest = self.manifest.says(&last.manifest);
        self.changed = !(same_files && same_manifest);
        Ok(())
    }
}

/// What the files of the last snapshot that have these paths mean to this version.
fn meanings(
    repository: &Repository,
    last: &Stored,
    paths: &BTreeMap<String, String>,
    catalogue: &'static Catalogue,
) -> Result<Files, SnapshotError> {
    let documents: BTreeSet<String> = paths.keys().map(|path| rebuild::document_of(path, catalogue)).collect();
    // Where names are told apart by marks every document counts.
    let plain = |path: &str| path.split('~').next().unwrap_or_default().to_lowercase();
    let mut stems: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in last.files.keys() {
        let document = rebuild::document_of(path, catalogue);
        stems.entry(plain(&document)).or_default().insert(document);
    }
    let alone = |document: &String| stems.get(&plain(document)).is_none_or(|others| others.len() < 2);
    let alone = documents.iter().all(alone);
    let mut some = last.clone();
    if alone {
        some.files.retain(|path, _| {
            let wanted = paths.contains_key(path) || !rebuild::is_schema(path, catalogue);
            wanted && documents.contains(&rebuild::document_of(path, catalogue))
        });
    }
    let (intake, _) = rebuild::rebuild(repository, &some, Stale::LeftOut, None, "", catalogue)?.split();
    let read = normalise_and_keep(vec![intake], catalogue, &Limits::default(), |_| false);
    let kept = read.into_iter().flat_map(|(_, kept)| kept).collect();
    let manifest = &last.manifest;
    Ok(layout::again(
        kept,
        &manifest.server,
        last.files.keys(),
        &manifest.connectors,
        catalogue,
    ))
}

/// The server of a folder that has the connectors of an export which does not name its own.
///
/// # Errors
/// Several have them.
pub fn known_by_connectors(
    all: &[Stored],
    folder: &str,
    configuration: &Configuration,
    catalogue: &Catalogue,
) -> Result<Option<String>, SnapshotError> {
    let traces = traces(configuration, catalogue);
    let is = |stored: &&Stored| stored.is_in(folder) && is_known(stored, &traces);
    let names: BTreeSet<&str> = all
        .iter()
        .filter(is)
        .map(|stored| stored.manifest.server.as_str())
        .collect();
    match names.len() {
        0 | 1 => Ok(names.into_iter().next().map(str::to_owned)),
        _ => Err(SnapshotError::Ambiguous {
            export: configuration.source.clone(),
            servers: names.into_iter().collect::<Vec<_>>().join(" and "),
        }),
    }
}

/// By what a server's connectors are known again.
pub fn traces(configuration: &Configuration, catalogue: &Catalogue) -> BTreeSet<String> {
    let connectors = configuration.of_kind(ids::kinds::CONNECTOR);
    let guids = connectors.map(|(_, connector)| fold_guid(&connector.display(ids::CONNECTOR_IDENTIFIER)));
    let own = guids.filter(|guid| *guid != catalogue.facts.entra_connector_id);
    own.map(|guid| trace_of(&guid)).collect()
}

/// Whether a snapshot has one of these connectors.
pub fn is_known(stored: &Stored, traces: &BTreeSet<String>) -> bool {
    let mut known = stored.manifest.connectors.values();
    known.any(|trace| traces.contains(trace))
}

/// The last snapshot of a server among those of a branch, in the same folder.
pub fn last_of(all: &[Stored], folder: &str, server: &str) -> Option<Stored> {
    let is = |stored: &&Stored| stored.is_in(folder) && stored.manifest.server.to_lowercase() == server.to_lowercase();
    all.iter().find(is).cloned()
}

/// SHA-256 of an export: of the paths and hashes of its files.
pub fn digest(server: &Server) -> String {
    let mut digest = Sha256::new();
    for file in &server.files {
        digest.update(file.path.as_bytes());
        digest.update(b"\0");
        digest.update(file.sha256.as_bytes());
        digest.update(b"\n");
    }
    super::names::hex(&digest.finalize())
}
