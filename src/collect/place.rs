//! A bundle is put in its place as a whole, or not at all.
//!
//! In: where it goes. Out: a folder to work in beside that place, which is gone
//! when the work is done, and the bundle in its place. Only an earlier bundle
//! is ever replaced. Must not know: where a bundle comes from.

use super::CollectError;
use super::archive::Archive;
use super::scratch::{OLD, Scratch, closed, private};
use crate::intake::manifest::{self, Manifest};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Where a bundle goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder with its files.
    Folder(PathBuf),
    /// A .zip.
    Archive(PathBuf),
}

impl Place {
    fn path(&self) -> &Path {
        match self {
            Place::Folder(path) | Place::Archive(path) => path,
        }
    }
}

/// A folder to work in, beside the place.
#[derive(Debug)]
pub(super) struct Work {
    place: Place,
    scratch: Scratch,
}

impl Work {
    /// Makes the folder, once nothing else is in the bundle's place.
    pub(super) fn prepare(place: Place) -> Result<Work, CollectError> {
        refuse(&place)?;
        let parent = match place.path().parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let failed = |error: io::Error| CollectError::write(parent, &error);
        fs::create_dir_all(parent).map_err(failed)?;
        let scratch = std::path::absolute(parent)
            .and_then(|parent| Scratch::within(&parent))
            .map_err(failed)?;
        Ok(Work { place, scratch })
    }

    /// A path in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.scratch.file(name)
    }

    /// Where an earlier bundle stays as long as no new one comes.
    pub(super) fn earlier(&self) -> Option<&Path> {
        let is_there = match &self.place {
            Place::Archive(path) => path.exists(),
            Place::Folder(path) => path.join(manifest::NAME).exists(),
        };
        is_there.then_some(self.place.path())
    }

    /// Proves the bundle and puts it in its place.
    pub(super) fn put(&self, zip: &Path, archive: &mut Archive, manifest: &Manifest) -> Result<PathBuf, CollectError> {
        let target = self.place.path();
        let moved = match &self.place {
            Place::Archive(_) => {
                archive.check(manifest)?;
                closed(zip).and_then(|()| fs::rename(zip, target))
            }
            Place::Folder(_) => {
                let folder = self.file("bundle");
                private(&folder).map_err(|error| CollectError::write(&folder, &error))?;
                archive.unpack(manifest, &folder)?;
                self.exchange(&folder, target)
            }
        };
        moved.map_err(|error| CollectError::write(target, &error))?;
        Ok(target.to_owned())
    }

    /// Gives the new folder the place of the old one, which comes back where that fails.
    fn exchange(&self, new: &Path, target: &Path) -> io::Result<()> {
        let old = self.file(OLD);
        let replaced = match fs::rename(target, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        fs::rename(new, target).inspect_err(|_| {
            if replaced {
                // The first error is the one to report.
                let _ = fs::rename(&old, target);
            }
        })
    }
}

/// What is in the place and is no bundle.
fn refuse(place: &Place) -> Result<(), CollectError> {
    let path = place.path();
    let occupied = |what| {
        Err(CollectError::Occupied {
            path: path.to_owned(),
            what,
        })
    };
    match (path.symlink_metadata(), place) {
        (Err(error), _) if error.kind() == ErrorKind::NotFound => Ok(()),
        (Err(error), _) => Err(CollectError::write(path, &error)),
        (Ok(there), Place::Archive(_)) => match there.is_file() && begins_as_zip(path) {
            true => Ok(()),
            false => occupied("there is something that is no .zip"),
        },
        (Ok(there), Place::Folder(_)) if !there.is_dir() => occupied("there is something that is no folder"),
        (Ok(_), Place::Folder(_)) => match is_bundle(path) {
            Ok(true) => Ok(()),
            Ok(false) => occupied("the folder holds something that is no bundle"),
            Err(error) => Err(CollectError::write(path, &error)),
        },
    }
}

fn begins_as_zip(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && &start == b"PK"
}

/// Whether a folder is empty, or an earlier bundle with nothing put beside it or into it.
fn is_bundle(folder: &Path) -> io::Result<bool> {
    if fs::read_dir(folder)?.next().is_none() {
        return Ok(true);
    }
    let manifest = match fs::read(folder.join(manifest::NAME)) {
        Ok(json) => Manifest::parse(&json).ok(),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(manifest) = manifest else {
        return Ok(false);
    };
    let mut own: BTreeSet<PathBuf> = BTreeSet::from([manifest::NAME.into()]);
    for file in &manifest.files {
        // With the folders that it is in.
        own.extend(Path::new(&file.path).ancestors().map(Path::to_owned));
    }
    holds_only(folder, Path::new(""), &own)
}

/// Whether everything below a folder is one of these.
fn holds_only(folder: &Path, below: &Path, own: &BTreeSet<PathBuf>) -> io::Result<bool> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if !own.contains(&path) || entry.file_type()?.is_dir() && !holds_only(folder, &path, own)? {
            return Ok(false);
        }
    }
    Ok(true)
}
