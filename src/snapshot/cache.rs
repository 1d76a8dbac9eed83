//! Files of schemas that are known already, by the text they were made of.
//!
//! In: what a schema is recognised by. Out: the stored file. A forest's schema is
//! most of an export and the same for months. Beside the lock, outside of what
//! git keeps; without it everything is read again, with the same result. Must
//! not know: what a schema says.

use super::names::hex;
use super::repository::Repository;
use git2::Oid;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The file, in the folder of the repository.
const FILE: &str = "syncdrift.schemas";
/// Schemas that are remembered.
const ENTRIES: usize = 200;
/// Bytes of a file that is read.
const LARGEST: u64 = 1 << 16;

/// What is remembered.
pub(super) struct Cache {
    path: PathBuf,
    entries: BTreeMap<String, Oid>,
}

impl Cache {
    /// What the repository's folder remembers; nothing where the file is missing or damaged.
    pub fn of(repository: &Repository) -> Cache {
        let path = repository.git.commondir().join(FILE);
        let small = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= LARGEST);
        let text = small.then(|| fs::read_to_string(&path).ok()).flatten();
        let lines = text.iter().flat_map(|text| text.lines());
        let entry = |line: &str| {
            let (key, oid) = line.split_once(' ')?;
            Some((key.to_owned(), Oid::from_str(oid).ok()?))
        };
        let known = |oid: &Oid| repository.git.odb().is_ok_and(|odb| odb.exists(*oid));
        Cache {
            path,
            entries: lines.filter_map(entry).filter(|(_, oid)| known(oid)).collect(),
        }
    }

    /// The stored file of a schema, if this version made it.
    pub fn get(&self, digest: &[u8; 32]) -> Option<Oid> {
        self.entries.get(&key(digest)).copied()
    }

    /// Remembers files; what cannot be written is read again the next time.
    pub fn put<'f>(&mut self, files: impl Iterator<Item = (&'f [u8; 32], Oid)>) {
        let before = self.entries.clone();
        let files: Vec<(String, Oid)> = files.map(|(digest, oid)| (key(digest), oid)).collect();
        if self.entries.len() + files.len() > ENTRIES {
            self.entries.clear();
        }
        self.entries.extend(files);
        if self.entries != before {
            let text: String = self.entries.iter().map(|(key, oid)| format!("{key} {oid}\n")).collect();
            let beside = self.path.with_extension("new");
            let _ = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &self.path));
        }
    }
}

/// Another version may write another file.
fn key(digest: &[u8; 32]) -> String {
    let mut whole = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), crate::catalogue::VERSION] {
        whole.update(part.as_bytes());
        whole.update(b"\0");
    }
    whole.update(digest);
    hex(&whole.finalize())
}
