//! A .zip of a folder is read as the folder itself.
//!
//! In: the path of a file. Out: an [`Intake`] of the documents in it, under
//! their names inside, or the reason why the archive as a whole cannot stand
//! for one server. Nothing is written anywhere; names that lead out of the
//! archive are refused all the same, for they show that it is no export. Must
//! not know: what makes a file a document (`file`), what files make a server
//! (`found`).

mod files;
mod inflate;
mod link;
mod open;

use super::error::words_of;
use super::file::{self, Loaded};
use super::found::{Found, is_archive, is_xml, part_of};
use super::{Intake, IntakeError, Limits};
use ::zip::CompressionMethod;
use ::zip::read::ZipFileEntry;
use ::zip::result::ZipError;
use files::Entries;
use inflate::{Budget, Inflating};
use link::Names;
use open::Archive;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::Path;

/// Finds and reads the documents of one server in an archive.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Intake, IntakeError> {
    let mut archive = Archive::open(path, limits)?;
    let (members, names) = members(path, &archive, limits)?;
    let mut found = Found::new(path, limits, Some(archive.file.clone()));
    let entries: HashMap<String, usize> = members
        .iter()
        .map(|member| (member.name.clone(), member.index))
        .collect();
    members
        .iter()
        .filter(|member| member.kind.is_file())
        .for_each(|member| found.there(&member.name));
    let mut budget = Budget::new(path, limits, archive.file.bytes);
    for member in members {
        let Member { index, name, kind } = member;
        match kind {
            Kind::Document => {
                let loaded = inflate(&mut archive, index, &name, limits, &mut budget)?;
                found.file(name, loaded)?;
            }
            Kind::Perhaps => {
                if may_be_document(&mut archive, index) {
                    let loaded = inflate(&mut archive, index, &name, limits, &mut budget)?;
                    found.file(name, loaded)?;
                }
            }
            Kind::Other => found.ignore(name),
            Kind::Link => {
                let target = target_of(&mut archive, index);
                if !target.is_some_and(|target| names.may_pass_over(&name, &target)) {
                    found.no_file(name, true);
                }
            }
            Kind::NoFile => found.no_file(name, false),
            Kind::Unreadable(problem) => found.gap(name, problem.to_owned()),
        }
    }
    found.bundle(&mut Entries {
        archive: &mut archive,
        budget: &mut budget,
        entries: &entries,
    })?;
    found.finish()
}

/// An entry that matters.
struct Member {
    index: usize,
    /// Its name with `/`, without what does not name anything.
    name: String,
    kind: Kind,
}

/// What an entry is, before it is opened.
enum Kind {
    /// It may be a document.
    Document,
    /// Its name does not tell, so its content decides.
    Perhaps,
    /// It has nothing to do with an export.
    Other,
    /// A symbolic link: where it leads decides.
    Link,
    /// It stands in the place of a document and is no file.
    NoFile,
    /// It cannot be opened, for this reason.
    Unreadable(&'static str),
}

impl Kind {
    /// Whether it is a file that can be read.
    fn is_file(&self) -> bool {
        matches!(self, Kind::Document | Kind::Perhaps | Kind::Other)
    }
}

/// All entries that matter, and the names that links may mean; every name is judged before any entry is opened.
fn members(path: &Path, archive: &Archive, limits: &Limits) -> Result<(Vec<Member>, Names), IntakeError> {
    let mut seen = HashSet::new();
    let mut names = Names::default();
    let mut members = Vec::new();
    for index in 0..archive.zip.len() {
        let damaged = |error: ZipError| open::damaged(path, &error);
        let entry = archive.zip.by_index_data(index).map_err(damaged)?;
        let raw = entry.name().map_err(damaged)?;
        let Some(Name {
            name,
            folders,
            is_folder,
        }) = Name::of(&raw)
        else {
            return Err(IntakeError::UnsafeName {
                path: path.to_path_buf(),
                name: raw.into_owned(),
            });
        };
        if folders > limits.folder_depth {
            return Err(IntakeError::TooDeep {
                path: path.to_path_buf(),
                folder: path.join(name),
                limit: limits.folder_depth,
            });
        }
        if is_folder {
            continue;
        }
        if !seen.insert(name.clone()) {
            return Err(IntakeError::DuplicateName {
                path: path.to_path_buf(),
                name: Some(name),
            });
        }
        match mode_of(&entry) == REGULAR {
            true => names.file(&name),
            false => names.holder(&name),
        }
        members.extend(kind_of(&entry, &name).map(|kind| Member { index, name, kind }));
    }
    Ok((members, names))
}

/// What an entry is; `None` for what a folder would not even list.
fn kind_of(entry: &ZipFileEntry<'_>, name: &str) -> Option<Kind> {
    let last = name.rsplit('/').next().unwrap_or(name);
    let mode = mode_of(entry);
    // What macOS writes beside every file.
    if last.starts_with("._") || name.split('/').any(|folder| folder == "__MACOSX") {
        return is_xml(name).then_some(Kind::Other);
    }
    // A link could lead to any part.
    if mode == LINK {
        return Some(Kind::Link);
    }
    if !is_xml(name) && is_archive(name) {
        return Some(Kind::Other);
    }
    if !is_xml(name) && mode != REGULAR {
        return None;
    }
    Some(match entry.compression() {
        _ if mode != REGULAR => Kind::NoFile,
        _ if entry.encrypted() => {
            Kind::Unreadable("it is encrypted; make the .zip again without a password, or name the folder")
        }
        CompressionMethod::Stored | CompressionMethod::Deflated if is_xml(name) => Kind::Document,
        CompressionMethod::Stored | CompressionMethod::Deflated => Kind::Perhaps,
        _ => Kind::Unreadable(
            "it is compressed by a method that is not supported; make the .zip again with the usual one (deflate), or \
             name the folder",
        ),
    })
}

/// Whether an entry of any name begins as a document does, or cannot be read.
fn may_be_document(archive: &mut Archive, index: usize) -> bool {
    archive.zip.by_index(index).map_or(true, file::may_be_document)
}

/// Where a link leads, if that is told in so few bytes as a path has.
fn target_of(archive: &mut Archive, index: usize) -> Option<String> {
    let entry = archive.zip.by_index(index).ok()?;
    let mut target = String::new();
    let read = entry.take(link::LONGEST + 1).read_to_string(&mut target).ok()?;
    (read as u64 <= link::LONGEST).then_some(target)
}

/// Inflates and judges one entry.
fn inflate(
    archive: &mut Archive,
    index: usize,
    name: &str,
    limits: &Limits,
    budget: &mut Budget<'_>,
) -> Result<Loaded, IntakeError> {
    let failed = |words: Cow<'_, str>| {
        format!("its entry in the .zip is damaged ({words}): it was cut off or changed; copy or make the .zip again")
    };
    archive.meter.restart();
    let entry = match archive.zip.by_index(index) {
        Ok(entry) => entry,
        Err(error) => return Ok(Loaded::unreadable(failed(open::words_of(&error)))),
    };
    let mut entry = Inflating::new(entry, &archive.meter, budget, name);
    // What the header says of the size may be a lie.
    let loaded = file::load(&mut entry, None, part_of(name), limits, |error| {
        failed(words_of(error).into())
    });
    match entry.refusal() {
        Some(refusal) => Err(refusal),
        None => Ok(loaded),
    }
}

/// A name inside the archive.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    name: String,
    /// How many folders it lies in; a folder counts itself.
    folders: usize,
    is_folder: bool,
}

impl Name {
    /// `None` when it leads out of the archive. Windows PowerShell writes `\` between folders.
    fn of(raw: &str) -> Option<Name> {
        let slashed = raw.replace('\\', "/");
        let drive = slashed.as_bytes().get(1) == Some(&b':');
        if drive || slashed.starts_with('/') || slashed.contains('\0') || slashed.split('/').any(|part| part == "..") {
            return None;
        }
        let parts: Vec<&str> = slashed.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let is_folder = slashed.ends_with('/') || parts.is_empty();
        Some(Name {
            folders: parts.len().saturating_sub(usize::from(!is_folder)),
            name: parts.join("/"),
            is_folder,
        })
    }
}

/// Bits of a Unix mode that tell what a file is.
const LINK: u32 = 0o120_000;
const REGULAR: u32 = 0o100_000;

/// The kind of file that the entry's Unix mode shows; a regular one where it does not tell.
fn mode_of(entry: &ZipFileEntry<'_>) -> u32 {
    match entry.unix_mode().unwrap_or_default() & 0o170_000 {
        0 => REGULAR,
        mode => mode,
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn names_are_those_of_the_folder() {
        let of = |raw| Name::of(raw).map(|name| (name.name, name.folders, name.is_folder));
        assert_eq!(of("a/b.xml"), Some(("a/b.xml".to_owned(), 1, false)));
        assert_eq!(of(r"a\c\b.xml"), Some(("a/c/b.xml".to_owned(), 2, false)));
        assert_eq!(of("./a//b/./c.xml"), Some(("a/b/c.xml".to_owned(), 2, false)));
        assert_eq!(of(r"a\"), Some(("a".to_owned(), 1, true)));
        assert_eq!(of("./"), Some((String::new(), 0, true)));
        assert_eq!(of("..a/b..xml"), Some(("..a/b..xml".to_owned(), 1, false)));
    }

    #[test]
    fn names_that_lead_out_are_none() {
        for raw in [
            "../a",
            "a/..",
            "a/../b",
            r"..\a",
            r"a\..\..\b",
            "/a",
            r"\a",
            r"\\server\share\a",
            "C:/a",
            r"c:\a",
            "C:a",
            "a\0b",
            "..",
        ] {
            assert_eq!(Name::of(raw), None, "{raw:?}");
        }
    }
}
