//! A bundle as it comes: a .zip that has to prove what it is.
//!
//! In: the path of a file. Out: its manifest, and each file it lists, its size
//! and SHA-256 proven, copied somewhere or only read. An archive that holds
//! anything that is not listed is refused. Must not know: what the files are.

use super::CollectError;
use crate::intake::manifest::{self, Listed, Manifest};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use zip::ZipArchive;

/// More than any manifest has.
const LARGEST_MANIFEST: u64 = 64 << 20;

/// An open bundle.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
}

/// Opens what came.
pub(super) fn open(path: &Path) -> Result<Archive, CollectError> {
    let file = File::open(path).map_err(|error| CollectError::bundle(error.to_string()))?;
    let zip =
        ZipArchive::new(BufReader::new(file)).map_err(|error| CollectError::bundle(format!("the .zip: {error}")))?;
    if zip.has_duplicate_names() {
        return Err(CollectError::bundle("the .zip has two files of one name"));
    }
    Ok(Archive { zip })
}

impl Archive {
    /// Its manifest, which lists everything else in it.
    pub(super) fn manifest(&mut self) -> Result<Manifest, CollectError> {
        let mut json = Vec::new();
        let entry = self.entry(manifest::NAME)?;
        let read = entry.take(LARGEST_MANIFEST).read_to_end(&mut json);
        read.map_err(|error| damaged(manifest::NAME, &error))?;
        let manifest = Manifest::parse(&json).map_err(CollectError::bundle)?;
        let mut listed: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
        listed.insert(manifest::NAME);
        for name in self.zip.file_names() {
            let name = name.map_err(|error| CollectError::bundle(format!("the .zip: {error}")))?;
            if !listed.contains(name.as_ref()) {
                return Err(CollectError::bundle(format!(
                    "{name:?} is in it, but not in its manifest"
                )));
            }
        }
        Ok(manifest)
    }

    fn entry(&mut self, name: &str) -> Result<impl Read, CollectError> {
        self.zip
            .by_name(name)
            .map_err(|error| CollectError::bundle(format!("{name}: {error}")))
    }

    /// Reads every file, and so proves it.
    pub(super) fn check(&mut self, manifest: &Manifest) -> Result<(), CollectError> {
        manifest
            .files
            .iter()
            .try_for_each(|file| self.copy(file, &mut io::sink()))
    }

    /// Unpacks it into a new folder.
    pub(super) fn unpack(&mut self, manifest: &Manifest, folder: &Path) -> Result<(), CollectError> {
        for file in &manifest.files {
            let path = folder.join(&file.path);
            let write = |error: io::Error| CollectError::write(&path, &error);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(write)?;
            }
            let mut out = File::create_new(&path).map_err(write)?;
            self.copy(file, &mut out)?;
            out.sync_all().map_err(write)?;
        }
        let path = folder.join(manifest::NAME);
        let write = |error: io::Error| CollectError::write(&path, &error);
        let mut out = File::create_new(&path).map_err(write)?;
        io::copy(&mut self.entry(manifest::NAME)?, &mut out).map_err(write)?;
        out.sync_all().map_err(write)
    }

    /// Copies one file, no further than it may go.
    fn copy(&mut self, file: &Listed, out: &mut impl Write) -> Result<(), CollectError> {
        let name = &file.path;
        let mut entry = self.entry(name)?.take(file.bytes.saturating_add(1));
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        let mut bytes: u64 = 0;
        loop {
            let count = entry.read(&mut buffer).map_err(|error| damaged(name, &error))?;
            if count == 0 {
                break;
            }
            let part = buffer.get(..count).unwrap_or_default();
            digest.update(part);
            bytes = bytes.saturating_add(count as u64);
            out.write_all(part)
                .map_err(|error| CollectError::write(Path::new(name), &error))?;
        }
        let sha256: String = digest.finalize().iter().map(|byte| format!("{byte:02X}")).collect();
        match bytes == file.bytes && sha256.eq_ignore_ascii_case(&file.sha256) {
            true => Ok(()),
            false => Err(CollectError::bundle(format!(
                "{name} is not as its manifest says (size or SHA-256)"
            ))),
        }
    }
}

fn damaged(name: &str, error: &io::Error) -> CollectError {
    CollectError::bundle(format!("{name}: {error}"))
}
