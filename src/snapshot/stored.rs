//! Snapshots as a repository holds them.
//!
//! In: a commit. Out: for each server where its files are, and its manifest.
//! A server's folder is found by its manifest, wherever it stands in the tree.
//! Must not know: what files other than the manifest hold.

use super::SnapshotError;
use super::address::Address;
use super::manifest::{self, Manifest};
use super::repository::{BRANCH, Repository};
use super::{rebuild, runs};
use crate::catalogue::Catalogue;
use git2::{Commit, ObjectType, Oid, Tree};
use std::collections::BTreeMap;

/// Folders inside each other that are searched.
const DEPTH: usize = 8;
/// Files of one server; its layout has fewer than an export may have.
const FILES: usize = 60_000;
/// Bytes of one file.
const LARGEST: usize = 256 << 20;

/// The snapshot of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its folder in the tree.
    pub folder: String,
    /// What it says of itself.
    pub manifest: Manifest,
    /// The commit it was found in.
    pub commit: Oid,
    /// Its tree.
    pub tree: Oid,
    /// Files by path within its folder, the manifest left out.
    pub files: BTreeMap<String, Oid>,
}

impl Stored {
    /// Whether the server's folder stands in this one.
    pub fn is_in(&self, folder: &str) -> bool {
        self.folder.rsplit_once('/').map_or("", |(parent, _)| parent) == folder
    }
}

/// Schemas of connectors, which are most of a snapshot.
impl Stored {
    /// Whether two snapshots hold the same ones.
    pub fn has_schemas_of(&self, other: &Stored, catalogue: &Catalogue) -> bool {
        let schemas = |stored: &Stored| -> BTreeMap<String, Oid> {
            let files = stored.files.iter();
            let schemas = files.filter(|(path, _)| rebuild::is_schema(path, catalogue));
            schemas.map(|(path, oid)| (path.clone(), *oid)).collect()
        };
        schemas(self) == schemas(other)
    }

    /// The snapshot without them.
    pub fn without_schemas(&self, catalogue: &Catalogue) -> Stored {
        let mut stored = self.clone();
        stored.files.retain(|path, _| !rebuild::is_schema(path, catalogue));
        stored
    }
}

/// All snapshots of a commit, by folder.
///
/// # Errors
/// The repository is damaged, or one of them cannot be read.
pub(super) fn all(repository: &Repository, commit: &Commit<'_>) -> Result<Vec<Stored>, SnapshotError> {
    let found = found(repository, commit)?;
    match found.unread.into_iter().find_map(|unread| unread.problem) {
        Some(problem) => Err(problem),
        None => Ok(found.all),
    }
}

/// The snapshots of a commit.
#[derive(Default)]
pub(super) struct Found {
    /// Those that can be read, by folder.
    pub all: Vec<Stored>,
    /// Those that cannot.
    pub unread: Vec<Unread>,
}

/// A folder with a file of the manifest's name that is none.
pub(super) struct Unread {
    /// The folder in the tree.
    pub folder: String,
    /// What is wrong; none where the file may be another program's.
    pub problem: Option<SnapshotError>,
}

/// The snapshots of a commit, and where one may be that cannot be read.
///
/// # Errors
/// The repository is damaged.
pub(super) fn found(repository: &Repository, commit: &Commit<'_>) -> Result<Found, SnapshotError> {
    let tree = commit.tree().map_err(|error| repository.problem(&error))?;
    let mut search = Search {
        repository,
        commit: commit.id(),
        found: Found::default(),
    };
    search.folder(&tree, "", 0)?;
    Ok(search.found)
}

struct Search<'r> {
    repository: &'r Repository,
    commit: Oid,
    found: Found,
}

impl Search<'_> {
    fn folder(&mut self, tree: &Tree<'_>, path: &str, depth: usize) -> Result<(), SnapshotError> {
        if let Some(manifest) = self.manifest(tree, path)? {
            let mut files = BTreeMap::new();
            self.files(tree, "", &mut files)?;
            files.remove(manifest::FILE);
            self.found.all.push(Stored {
                folder: path.to_owned(),
                manifest,
                commit: self.commit,
                tree: tree.id(),
                files,
            });
            return Ok(());
        }
        for entry in tree.iter().filter(|entry| entry.kind() == Some(ObjectType::Tree)) {
            if let (Ok(name), true) = (entry.name(), depth < DEPTH) {
                let below = tree_of(self.repository, entry.id())?;
                self.folder(&below, &joined(path, name), depth + 1)?;
            }
        }
        Ok(())
    }

    fn manifest(&mut self, tree: &Tree<'_>, path: &str) -> Result<Option<Manifest>, SnapshotError> {
        let entry = tree.get_name(manifest::FILE);
        let Some(entry) = entry.filter(|entry| entry.kind() == Some(ObjectType::Blob)) else {
            return Ok(None);
        };
        let text = text(self.repository, entry.id())?;
        let problem = match Manifest::read(&text, &joined(path, manifest::FILE)) {
            Ok(Some(manifest)) => return Ok(Some(manifest)),
            Ok(None) => None,
            Err(problem) => Some(problem),
        };
        let folder = path.to_owned();
        self.found.unread.push(Unread { folder, problem });
        Ok(None)
    }

    fn files(&self, tree: &Tree<'_>, path: &str, files: &mut BTreeMap<String, Oid>) -> Result<(), SnapshotError> {
        for entry in tree {
            let Ok(name) = entry.name() else { continue };
            let path = joined(path, name);
            match entry.kind() {
                Some(ObjectType::Tree) if path.split('/').count() < DEPTH => {
                    self.files(&tree_of(self.repository, entry.id())?, &path, files)?;
                }
                Some(ObjectType::Blob) if files.len() < FILES => {
                    files.insert(path, entry.id());
                }
                Some(ObjectType::Tree | ObjectType::Blob) => {
                    let problem = format!("the snapshot has more than {FILES} files, or folders deeper than {DEPTH}");
                    return Err(SnapshotError::Damaged { path, problem });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn tree_of(repository: &Repository, oid: Oid) -> Result<Tree<'_>, SnapshotError> {
    repository
        .git
        .find_tree(oid)
        .map_err(|error| repository.problem(&error))
}

/// The text of a blob; bytes that are no text become marks.
pub(super) fn text(repository: &Repository, oid: Oid) -> Result<String, SnapshotError> {
    let blob = repository
        .git
        .find_blob(oid)
        .map_err(|error| repository.problem(&error))?;
    if blob.size() > LARGEST {
        return Err(SnapshotError::Damaged {
            path: oid.to_string(),
            problem: format!("it has more than {LARGEST} bytes"),
        });
    }
    Ok(String::from_utf8_lossy(blob.content()).into_owned())
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// The snapshot that an address names, and when its export was made, as ISO 8601.
///
/// # Errors
/// There is no such repository, commit or server.
pub fn find(address: &Address) -> Result<(Repository, Stored, Option<String>), SnapshotError> {
    let repository = Repository::open(&address.repository)?;
    let (stored, exported) = {
        let commit = commit(&repository, address)?;
        let stored = choose(address, all(&repository, &commit)?)?;
        let exported = runs::exported(&repository, &stored)?;
        let authored = jiff::Timestamp::from_second(commit.author().when().seconds());
        (stored, exported.or_else(|| authored.ok().map(|time| time.to_string())))
    };
    Ok((repository, stored, exported))
}

/// The commit of the revision; without one that of the snapshots' own branch, or what is checked out.
pub(super) fn commit<'r>(repository: &'r Repository, address: &Address) -> Result<Commit<'r>, SnapshotError> {
    let own = address
        .revision
        .is_none()
        .then(|| repository.tip(BRANCH))
        .transpose()?
        .flatten();
    if let Some(commit) = own {
        return Ok(commit);
    }
    let revision = address.revision.as_deref().unwrap_or("HEAD");
    let found = repository
        .git
        .revparse_single(revision)
        .and_then(|object| object.peel_to_commit());
    found.map_err(|_| match &address.revision {
        Some(revision) => SnapshotError::NoRevision {
            path: address.repository.clone(),
            revision: revision.clone(),
        },
        None => SnapshotError::NoSnapshot {
            path: address.repository.clone(),
            revision: "the repository".to_owned(),
        },
    })
}

/// The server that is meant: by its name or its folder, letter case not counted.
fn choose(address: &Address, mut all: Vec<Stored>) -> Result<Stored, SnapshotError> {
    if all.is_empty() {
        return Err(SnapshotError::NoSnapshot {
            path: address.repository.clone(),
            revision: address.revision.clone().unwrap_or_else(|| "the repository".to_owned()),
        });
    }
    let held: Vec<String> = all.iter().map(|stored| shown(stored, &all)).collect();
    let is = |text: &str, wanted: &str| text.to_lowercase() == wanted.to_lowercase();
    let problem = match &address.server {
        Some(server) => {
            all.retain(|stored| is(&stored.manifest.server, server) || is(&stored.folder, server));
            match all.len() {
                0 => format!("there is no server {}", crate::model::on_one_line(server)),
                _ => "there are several servers of this name".to_owned(),
            }
        }
        None => "there are several servers".to_owned(),
    };
    match <[Stored; 1]>::try_from(all) {
        Ok([stored]) => Ok(stored),
        Err(_) => Err(SnapshotError::WhichServer {
            path: address.repository.clone(),
            problem,
            servers: held.join(", "),
        }),
    }
}

/// The server's name, or its folder where that alone is certain.
fn shown(stored: &Stored, all: &[Stored]) -> String {
    let same = all
        .iter()
        .filter(|other| other.manifest.server == stored.manifest.server);
    match same.count() {
        1 => stored.manifest.server.clone(),
        _ => stored.folder.clone(),
    }
}
