//! Files on disk.
//!
//! In: the files of one server. Out: its folder with exactly these files, or a list of what differs.

use crate::Result;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of an export.
pub const FOLDERS: [&str; 3] = ["Connectors", "GlobalSettings", "SynchronizationRules"];

/// One file of an export.
pub struct File {
    /// One of [`FOLDERS`].
    pub folder: &'static str,
    /// File name.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Writes the files and removes other XML files from the three folders.
pub fn write(folder: &Path, files: &[File]) -> Result<()> {
    for name in FOLDERS {
        let part = folder.join(name);
        fs::create_dir_all(&part).map_err(|problem| failure(&part, &problem))?;
    }
    for stale in surplus(folder, files)? {
        fs::remove_file(&stale).map_err(|problem| failure(&stale, &problem))?;
    }
    for file in files {
        let path = folder.join(file.folder).join(&file.name);
        fs::write(&path, &file.bytes).map_err(|problem| failure(&path, &problem))?;
    }
    Ok(())
}

/// Compares the files with those on disk and names each that differs; true when none does.
pub fn check(folder: &Path, files: &[File]) -> Result<bool> {
    let mut equal = true;
    for file in files {
        let path = folder.join(file.folder).join(&file.name);
        if fs::read(&path).ok().as_ref() != Some(&file.bytes) {
            println!("differs: {}", path.display());
            equal = false;
        }
    }
    for path in surplus(folder, files)? {
        println!("surplus: {}", path.display());
        equal = false;
    }
    Ok(equal)
}

/// XML files that do not belong to the export.
fn surplus(folder: &Path, files: &[File]) -> Result<Vec<PathBuf>> {
    let wanted: BTreeSet<PathBuf> = files
        .iter()
        .map(|file| folder.join(file.folder).join(&file.name))
        .collect();
    let mut found = Vec::new();
    for name in FOLDERS {
        let part = folder.join(name);
        let Ok(entries) = fs::read_dir(&part) else { continue };
        for entry in entries {
            let path = entry.map_err(|problem| failure(&part, &problem))?.path();
            if path.extension().is_some_and(|extension| extension == "xml") && !wanted.contains(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Trouble with a file, in words.
pub fn failure(path: &Path, problem: &std::io::Error) -> String {
    format!("{}: {problem}", path.display())
}
