//! Why a folder or archive as a whole cannot stand for one server.
//!
//! In: what the walk found. Out: errors that end the run, each naming a path
//! and what to do. Must not know: single files; their trouble is a gap.

use super::Part;
use crate::model::on_one_line;
use std::io;
use std::path::{Path, PathBuf};

/// A folder or archive that cannot be read as one server's export.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Nothing of that name.
    #[error(
        "{} does not exist; name the folder written by `Get-ADSyncServerConfiguration -Path` or a .zip of it",
        shown(path)
    )]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// Something else than a folder or an archive.
    #[error(
        "{} is neither a folder nor a .zip; name the folder written by `Get-ADSyncServerConfiguration -Path` or a .zip of \
         it, not a file in it",
        shown(path)
    )]
    NotAFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// The account may not read it.
    #[error(
        "{} cannot be read: permission denied; use an account that may read it, or copy the export",
        shown(path)
    )]
    NoPermission {
        /// The path as given.
        path: PathBuf,
    },
    /// Another trouble of the file system.
    #[error(
        "{} cannot be read: {problem}; copy the export to a local folder and name that",
        shown(path)
    )]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the operating system says.
        problem: String,
    },
    /// No document of an export.
    #[error(
        "{} holds nothing that looks like an export; looked at any depth for XML documents of the folders {}{detail}; \
         export with `Get-ADSyncServerConfiguration -Path` and name that folder",
        shown(path),
        Part::ALL.map(Part::folder).join(", ")
    )]
    NoExport {
        /// The path as given.
        path: PathBuf,
        /// What could not be read or was left out, empty or beginning with `; `.
        detail: String,
    },
    /// An export whose every document is beyond reading.
    #[error("{} holds an export of which nothing can be read{detail}", shown(path))]
    NothingReadable {
        /// The path as given.
        path: PathBuf,
        /// What is wrong, beginning with `; `.
        detail: String,
    },
    /// More than one server.
    #[error(
        "{} holds more than one export: {}; {}name one of these folders",
        shown(path),
        folders.iter().map(|folder| on_one_line(folder)).collect::<Vec<_>>().join(", "),
        if *archive { "unpack it and " } else { "" }
    )]
    SeveralExports {
        /// The path as given.
        path: PathBuf,
        /// The folders of the exports.
        folders: Vec<String>,
        /// Whether they lie in an archive.
        archive: bool,
    },
    /// More XML files than an export can have.
    #[error(
        "{} holds more than {limit} XML files; name the folder of the export itself",
        shown(path)
    )]
    TooManyFiles {
        /// The path as given.
        path: PathBuf,
        /// How many are allowed.
        limit: usize,
    },
    /// A bundle with another content than its collector wrote.
    #[error(
        "{} is a bundle of the collector, but not as it was written: {}; bring it again from the server, or add \
         --allow-modified-bundle if you know who changed it",
        shown(path),
        few(problems)
    )]
    ModifiedBundle {
        /// The path as given.
        path: PathBuf,
        /// What is not as the manifest says, each with its file.
        problems: Vec<String>,
    },
    /// A bundle whose manifest cannot be read.
    #[error(
        "{}: the manifest of the bundle cannot be read: {problem}; bring the bundle again from the server",
        shown(path)
    )]
    BadManifest {
        /// The path as given.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A policy of the wizard that is damaged.
    #[error(
        "{}: the policy of the wizard cannot be read: {problem}; bring it again from the server",
        shown(path)
    )]
    BadPolicy {
        /// The path as given.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// More bytes than an export can have.
    #[error(
        "the documents below {} have more than {limit} bytes; name the folder of the export itself",
        shown(path)
    )]
    TooLarge {
        /// The path as given.
        path: PathBuf,
        /// How many are allowed.
        limit: u64,
    },
    /// Folders nested too deep.
    #[error(
        "{} lies more than {limit} folders below {}; name the folder of the export itself",
        shown(folder),
        shown(path)
    )]
    TooDeep {
        /// The path as given.
        path: PathBuf,
        /// The first folder that is too deep.
        folder: PathBuf,
        /// How many levels are allowed.
        limit: usize,
    },
    /// An archive that would take long to read at all.
    #[error(
        "{} has more than {limit} bytes, which no .zip of an export has; make a .zip of the export alone, or name its folder",
        shown(path)
    )]
    LargeArchive {
        /// The path as given.
        path: PathBuf,
        /// How many are allowed.
        limit: u64,
    },
    /// An archive without a directory that can be read.
    #[error(
        "{} is a damaged .zip, its directory of entries cannot be read ({problem}): it was cut off or changed; \
         copy or make it again, or name the folder itself",
        shown(path)
    )]
    DamagedArchive {
        /// The path as given.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// More entries than an export can have.
    #[error(
        "{} holds more than {limit} entries; make a .zip of the export alone, or name its folder",
        shown(path)
    )]
    TooManyEntries {
        /// The path as given.
        path: PathBuf,
        /// How many are allowed.
        limit: usize,
    },
    /// A name that leads out of the archive.
    #[error(
        "{} holds an entry whose name leads out of it: {name:?}; no archive of an export has one, so nothing of it is \
         read; make it again from the folder of the export",
        shown(path)
    )]
    UnsafeName {
        /// The path as given.
        path: PathBuf,
        /// The name as it stands there.
        name: String,
    },
    /// Two entries of one name.
    #[error(
        "{} holds two entries of one name{}, and which of them counts cannot be known; make it again from the folder \
         of the export",
        shown(path),
        name.as_ref().map(|name| format!(", {name:?}")).unwrap_or_default()
    )]
    DuplicateName {
        /// The path as given.
        path: PathBuf,
        /// The name, where it is known.
        name: Option<String>,
    },
    /// An archive made to exhaust the machine.
    #[error(
        "{}: {name:?} unfolds to more than {ratio} times its size, which no document of an export does, so nothing of \
         the archive is read; if you trust it, unpack it and name the folder",
        shown(path)
    )]
    Bomb {
        /// The path as given.
        path: PathBuf,
        /// Name of the entry.
        name: String,
        /// The ratio that is allowed.
        ratio: u64,
    },
}

impl IntakeError {
    /// The folder itself cannot be opened or listed.
    pub(super) fn of_root(path: &Path, error: &io::Error) -> IntakeError {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::NotFound => IntakeError::NotFound { path },
            io::ErrorKind::NotADirectory => IntakeError::NotAFolder { path },
            io::ErrorKind::PermissionDenied => IntakeError::NoPermission { path },
            _ => IntakeError::Unreadable {
                path,
                problem: words_of(error),
            },
        }
    }
}

/// The first of several things, and how many there are more.
fn few(all: &[String]) -> String {
    const FEW: usize = 5;
    let shown = all.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join("; ");
    match all.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown}; and {more} more"),
    }
}

/// A path in a message.
fn shown(path: &Path) -> String {
    on_one_line(&path.display().to_string())
}

/// An operating system's error in words that are the same on every platform where they matter.
pub(super) fn words_of(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there any more".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
