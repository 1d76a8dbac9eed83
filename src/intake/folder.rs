//! A folder's files are found and judged.
//!
//! In: a path. Out: an [`Intake`] of the documents below it, or the reason why
//! the folder as a whole cannot stand for one server. Must not know: what makes
//! a file a document (`file`), what files make a server (`found`).

use super::bundle::Files;
use super::error::words_of;
use super::file;
use super::found::{Found, is_xml, part_of};
use super::{Intake, IntakeError, Limits, Part, hex};
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};
use walkdir::{DirEntry, WalkDir};

/// Finds and reads the documents of one server.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Intake, IntakeError> {
    let mut walk = Walk {
        root: path,
        limits,
        found: Found::new(path, limits, None),
    };
    // One level deeper than allowed, so that what is too deep is seen.
    let entries = WalkDir::new(path)
        .sort_by_file_name()
        .follow_links(false)
        .max_depth(limits.folder_depth.saturating_add(1));
    for entry in entries {
        match entry {
            Ok(entry) => walk.entry(&entry)?,
            Err(error) => walk.unlisted(&error)?,
        }
    }
    walk.found.bundle(&mut Disk { root: path })?;
    walk.found.finish()
}

/// The files below a folder.
struct Disk<'d> {
    root: &'d Path,
}

impl Files for Disk<'_> {
    fn read(&mut self, path: &str, most: u64) -> Result<Result<Vec<u8>, String>, IntakeError> {
        let mut bytes = Vec::new();
        let read =
            File::open(self.root.join(path)).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes));
        Ok(match read {
            Ok(_) if bytes.len() as u64 > most => Err(format!("it has more than {most} bytes")),
            Ok(_) => Ok(bytes),
            Err(error) => Err(words_of(&error)),
        })
    }

    fn digest(&mut self, path: &str) -> Result<Result<(String, u64), String>, IntakeError> {
        let digest = File::open(self.root.join(path)).and_then(hex::sha256_of);
        Ok(digest.map_err(|error| words_of(&error)))
    }
}

/// A walk through a folder.
struct Walk<'a> {
    root: &'a Path,
    limits: &'a Limits,
    found: Found<'a>,
}

impl Walk<'_> {
    fn entry(&mut self, entry: &DirEntry) -> Result<(), IntakeError> {
        let kind = entry.file_type();
        if kind.is_dir() {
            if entry.depth() > self.limits.folder_depth {
                return Err(IntakeError::TooDeep {
                    path: self.root.to_path_buf(),
                    folder: entry.path().to_path_buf(),
                    limit: self.limits.folder_depth,
                });
            }
            return Ok(());
        }
        let path = relative(self.root, entry.path());
        if kind.is_file() {
            self.found.there(&path);
        }
        // A linked folder could hold any part. A file of another name may be a document all the same: content decides.
        let taken = is_xml(&path)
            || (kind.is_symlink() && is_link_out(self.root, entry.path()))
            || (kind.is_file() && File::open(entry.path()).map_or(true, file::may_be_document));
        if !taken {
            return Ok(());
        }
        self.found.count()?;
        if !kind.is_file() {
            self.found.no_file(path, kind.is_symlink());
            return Ok(());
        }
        let failed = |error: &std::io::Error| {
            format!(
                "the file cannot be read: {}; use an account that may read it, or export again",
                words_of(error)
            )
        };
        let loaded = match File::open(entry.path()) {
            Ok(file) => {
                let size = file.metadata().map(|metadata| metadata.len()).ok();
                file::load(file, size, part_of(&path), self.limits, failed)
            }
            Err(error) => file::Loaded::unreadable(failed(&error)),
        };
        self.found.file(path, loaded)
    }

    /// A folder that the walk could not enter.
    fn unlisted(&mut self, error: &walkdir::Error) -> Result<(), IntakeError> {
        let words = error.io_error().map_or_else(|| error.to_string(), words_of);
        let Some(path) = error.path().filter(|_| error.depth() > 0) else {
            return Err(match error.io_error() {
                Some(error) => IntakeError::of_root(self.root, error),
                None => IntakeError::Unreadable {
                    path: self.root.to_path_buf(),
                    problem: words,
                },
            });
        };
        let problem =
            format!("the folder cannot be listed: {words}; use an account that may read it, or copy the export");
        self.found.gap(relative(self.root, path), problem);
        Ok(())
    }
}

/// Path below the root, with `/` on every platform.
fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let names: Vec<_> = path
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
        .collect();
    names.join("/")
}
/// Whether a link may lead to a part of the export that is read nowhere else: a folder outside, or one named like a part.
fn is_link_out(root: &Path, link: &Path) -> bool {
    let named = link
        .file_name()
        .is_some_and(|name| Part::of_folder(&name.to_string_lossy()).is_some());
    match (std::fs::metadata(link), link.canonicalize(), root.canonicalize()) {
        (Ok(target), Ok(to), Ok(root)) => named || (target.is_dir() && !to.starts_with(root)),
        _ => true,
    }
}
