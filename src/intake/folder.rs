//! A folder becomes documents and gaps.
//!
//! In: a path. Out: an [`Intake`], its documents ordered by part and path,
//! or the reason why the folder as a whole cannot stand for one server. Must
//! not know: how a document looks inside; `sniff` says what it is.

use super::error::words_of;
use super::file::{self, Loaded};
use super::{Document, Intake, IntakeError, Limits, Part};
use crate::model::{Gap, SourceFile};
use std::collections::BTreeSet;
use std::path::{Component, Path};
use walkdir::{DirEntry, WalkDir};

/// Finds and reads the documents of one server.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Intake, IntakeError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            return Err(IntakeError::NotAFolder {
                path: path.to_path_buf(),
            });
        }
        Err(error) => return Err(IntakeError::of_root(path, &error)),
    }
    let mut found = Found::default();
    let mut count = 0;
    // One level deeper than allowed, so that what is too deep is seen.
    let walk = WalkDir::new(path)
        .sort_by_file_name()
        .follow_links(false)
        .max_depth(limits.folder_depth.saturating_add(1));
    for entry in walk {
        match entry {
            Ok(entry) => found.entry(path, &entry, limits, &mut count)?,
            Err(error) => found.unlisted(path, &error)?,
        }
    }
    found.finish(path)
}

/// What the walk has found so far.
#[derive(Default)]
struct Found {
    files: Vec<(SourceFile, Option<(Part, String)>)>,
    gaps: Vec<Gap>,
    ignored: Vec<String>,
    bytes: u64,
}

impl Found {
    fn entry(&mut self, root: &Path, entry: &DirEntry, limits: &Limits, count: &mut usize) -> Result<(), IntakeError> {
        let kind = entry.file_type();
        if kind.is_dir() {
            if entry.depth() > limits.folder_depth {
                return Err(IntakeError::TooDeep {
                    path: root.to_path_buf(),
                    folder: entry.path().to_path_buf(),
                    limit: limits.folder_depth,
                });
            }
            return Ok(());
        }
        let path = relative(root, entry.path());
        // A linked folder could hold any part. A file of another name may be a document all the same: content decides.
        let taken = is_xml(entry.path())
            || (kind.is_symlink() && is_link_out(root, entry.path()))
            || (kind.is_file() && file::looks_like_document(entry.path()));
        if !taken {
            return Ok(());
        }
        *count += 1;
        if *count > limits.files {
            return Err(IntakeError::TooManyFiles {
                path: root.to_path_buf(),
                limit: limits.files,
            });
        }
        if !kind.is_file() {
            let what = if kind.is_symlink() {
                "a link, and links are not followed"
            } else {
                "no regular file"
            };
            self.gap(path, format!("it is {what}; put a copy in its place"));
            return Ok(());
        }
        self.file(
            root,
            path,
            file::load(entry.path(), part_of_path(root, entry.path()), limits),
            limits,
        )
    }

    fn file(&mut self, root: &Path, path: String, loaded: Loaded, limits: &Limits) -> Result<(), IntakeError> {
        match loaded {
            Loaded::Document { file, part, text } => {
                self.bytes = self.bytes.saturating_add(file.bytes);
                if self.bytes > limits.total_bytes {
                    return Err(IntakeError::TooLarge {
                        path: root.to_path_buf(),
                        limit: limits.total_bytes,
                    });
                }
                self.files.push((SourceFile { path, ..file }, Some((part, text))));
            }
            Loaded::Bad { file, problem, place } => {
                self.gap(path.clone(), problem);
                if let (Some(gap), Some((line, column))) = (self.gaps.last_mut(), place) {
                    gap.line = Some(line);
                    gap.column = Some(column);
                }
                self.files.extend(file.map(|file| (SourceFile { path, ..file }, None)));
            }
            Loaded::Unrelated => self.ignored.push(path),
        }
        Ok(())
    }

    /// A folder that the walk could not enter.
    fn unlisted(&mut self, root: &Path, error: &walkdir::Error) -> Result<(), IntakeError> {
        let words = error.io_error().map_or_else(|| error.to_string(), words_of);
        let Some(path) = error.path().filter(|_| error.depth() > 0) else {
            return Err(match error.io_error() {
                Some(error) => IntakeError::of_root(root, error),
                None => IntakeError::Unreadable {
                    path: root.to_path_buf(),
                    problem: words,
                },
            });
        };
        let problem =
            format!("the folder cannot be listed: {words}; use an account that may read it, or copy the export");
        self.gap(relative(root, path), problem);
        Ok(())
    }

    fn gap(&mut self, path: String, problem: String) {
        let part = part_of(Path::new(&path)).map_or("*", Part::folder);
        self.gaps.push(Gap {
            part: part.to_owned(),
            problem,
            file: Some(path),
            line: None,
            column: None,
        });
    }

    fn finish(mut self, root: &Path) -> Result<Intake, IntakeError> {
        self.files.sort_by(|(left, _), (right, _)| left.path.cmp(&right.path));
        self.ignored.sort();
        if self.files.iter().all(|(_, document)| document.is_none()) && self.gaps.iter().all(|gap| gap.part == "*") {
            return Err(IntakeError::NoExport {
                path: root.to_path_buf(),
                detail: self.detail(),
            });
        }
        self.check_one_export(root)?;
        self.drop_second_settings();
        for part in Part::ALL {
            let has_document = self
                .files
                .iter()
                .any(|(_, document)| matches!(document, Some((own, _)) if *own == part));
            if !has_document && self.gaps.iter().all(|gap| gap.part != part.folder()) {
                self.gaps.push(Gap {
                    part: part.folder().to_owned(),
                    problem: format!(
                        "the folder {} is missing or empty; export again with `Get-ADSyncServerConfiguration -Path`",
                        part.folder()
                    ),
                    file: None,
                    line: None,
                    column: None,
                });
            }
        }
        self.gaps.sort();
        let mut intake = Intake {
            source: root.display().to_string(),
            gaps: self.gaps,
            ignored: self.ignored,
            ..Intake::default()
        };
        for (index, (file, document)) in self.files.into_iter().enumerate() {
            intake.files.push(file);
            intake.documents.extend(document.map(|(part, text)| Document {
                file: index,
                part,
                text,
            }));
        }
        intake.documents.sort_by_key(|document| (document.part, document.file));
        Ok(intake)
    }

    /// What was there although it was no export.
    fn detail(&self) -> String {
        let gaps = self
            .gaps
            .iter()
            .map(|gap| format!("; {}: {}", gap.file.as_deref().unwrap_or("?"), gap.problem));
        let ignored = self.ignored.iter().map(|path| format!("; {path} is something else"));
        gaps.chain(ignored).take(3).collect()
    }

    /// Documents of one part in the folders of two servers are two exports.
    fn check_one_export(&self, root: &Path) -> Result<(), IntakeError> {
        let mut several = BTreeSet::new();
        for part in Part::ALL {
            let homes: BTreeSet<String> = self
                .files
                .iter()
                .filter(|(_, document)| matches!(document, Some((own, _)) if *own == part))
                .filter_map(|(file, _)| home(&file.path, part))
                .collect();
            if homes.len() > 1 {
                several.extend(homes);
            }
        }
        if several.is_empty() {
            return Ok(());
        }
        let name = |home: String| {
            if home.is_empty() {
                root.to_path_buf()
            } else {
                root.join(home)
            }
        };
        Err(IntakeError::SeveralExports {
            path: root.to_path_buf(),
            folders: several
                .into_iter()
                .map(|home| name(home).display().to_string())
                .collect(),
        })
    }

    /// A server has one set of global settings; which of two is right cannot be known.
    fn drop_second_settings(&mut self) {
        let mut first: Option<String> = None;
        let mut seconds = Vec::new();
        for (file, document) in &mut self.files {
            if !matches!(document, Some((Part::GlobalSettings, _))) {
                continue;
            }
            match &first {
                None => first = Some(file.path.clone()),
                Some(first) => {
                    *document = None;
                    seconds.push(Gap {
                        part: Part::GlobalSettings.folder().to_owned(),
                        problem: format!(
                            "a second document of global settings, beside {first} which is used; remove the wrong one"
                        ),
                        file: Some(file.path.clone()),
                        line: None,
                        column: None,
                    });
                }
            }
        }
        self.gaps.append(&mut seconds);
    }
}

fn is_xml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
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

fn part_of_path(root: &Path, path: &Path) -> Option<Part> {
    part_of(Path::new(&relative(root, path)))
}

/// The part that a place suggests: by the innermost folder named like one, else by the file's name.
fn part_of(path: &Path) -> Option<Part> {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    let by_folder = names.iter().rev().find_map(|name| Part::of_folder(name));
    by_folder.or_else(|| {
        let name = names.last()?.to_ascii_lowercase();
        if name.starts_with("connector_") || name.starts_with("ma-{") {
            Some(Part::Connector)
        } else if name.starts_with("synchronizationrule_") {
            Some(Part::SyncRule)
        } else if name == "mv.xml" {
            Some(Part::GlobalSettings)
        } else {
            None
        }
    })
}

/// The server's folder that a document belongs to, as far as its place tells.
fn home(path: &str, part: Part) -> Option<String> {
    let names: Vec<&str> = path.split('/').collect();
    let folders = names.split_last().map(|(_, folders)| folders)?;
    match folders.iter().rposition(|name| Part::of_folder(name).is_some()) {
        Some(at) => folders.get(..at).map(|home| home.join("/")),
        None => (part == Part::GlobalSettings).then(|| folders.join("/")),
    }
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
