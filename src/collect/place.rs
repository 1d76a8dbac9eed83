//! A bundle is put in its place as a whole, or not at all.
//!
//! In: where it goes. Out: a folder to work in beside that place, which is gone
//! when the work is done, and the bundle in its place. Only an earlier bundle
//! is ever replaced. Must not know: where a bundle comes from.

use super::CollectError;
use super::archive::Archive;
use crate::intake::manifest::{self, Manifest};
use std::ffi::OsString;
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

/// A folder to work in, for its owner only.
#[derive(Debug)]
pub(super) struct Work {
    place: Place,
    folder: PathBuf,
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
        let parent = std::path::absolute(parent).map_err(failed)?;
        for number in 0_u32.. {
            let folder = parent.join(format!(".syncdrift-{}-{number}.partial", std::process::id()));
            match private(&folder) {
                Ok(()) => return Ok(Work { place, folder }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(CollectError::write(&parent, &error)),
            }
        }
        Err(CollectError::write(&parent, &ErrorKind::AlreadyExists.into()))
    }

    /// A path in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file into it.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, CollectError> {
        let path = self.file(name);
        fs::write(&path, bytes).map_err(|error| CollectError::write(&path, &error))?;
        Ok(path)
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
        let old = self.file("old");
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

impl Drop for Work {
    fn drop(&mut self) {
        // Nothing is lost by what cannot be removed.
        let _ = fs::remove_dir_all(&self.folder);
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

/// Whether a folder is empty, or an earlier bundle with nothing put beside it.
fn is_bundle(folder: &Path) -> io::Result<bool> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name());
    }
    if names.is_empty() {
        return Ok(true);
    }
    let manifest = match fs::read(folder.join(manifest::NAME)) {
        Ok(json) => Manifest::parse(&json).ok(),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(manifest.is_some_and(|manifest| {
        let first = |path: &str| path.split('/').next().map(OsString::from);
        let mut own: Vec<OsString> = manifest.files.iter().filter_map(|file| first(&file.path)).collect();
        own.push(manifest::NAME.into());
        names.iter().all(|name| own.contains(name))
    }))
}

/// A new folder for its owner only; elsewhere the folder above decides.
#[cfg(unix)]
fn private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// A file for its owner only; elsewhere the folder decides.
fn closed(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    fs::OpenOptions::new().write(true).open(file)?.sync_all()
}
