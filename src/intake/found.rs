//! The files of one server become an intake, wherever they were found.
//!
//! In: each file's place below the server's root and what became of it. Out:
//! an [`Intake`], its documents ordered by part and path, or the reason why
//! the whole cannot stand for one server. Must not know: folders and archives,
//! nor how a document looks inside.

use super::bundle::{self, Bundle, Files, Search};
use super::file::Loaded;
use super::{Document, Intake, IntakeError, Limits, Part};
use crate::model::{Gap, SourceFile, on_one_line};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What was found so far.
pub(super) struct Found<'a> {
    /// The folder or archive, as the user named it.
    root: &'a Path,
    limits: &'a Limits,
    /// The archive itself, where there is one.
    archive: Option<SourceFile>,
    files: Vec<(SourceFile, Option<(Part, String)>)>,
    gaps: Vec<Gap>,
    ignored: Vec<String>,
    /// Every file there is, read or not.
    paths: Vec<String>,
    bundle: Bundle,
    bytes: u64,
    count: usize,
}

impl<'a> Found<'a> {
    /// Nothing yet, below a folder or in an archive.
    pub(super) fn new(root: &'a Path, limits: &'a Limits, archive: Option<SourceFile>) -> Found<'a> {
        Found {
            root,
            limits,
            archive,
            files: Vec::new(),
            gaps: Vec::new(),
            ignored: Vec::new(),
            paths: Vec::new(),
            bundle: Bundle::default(),
            bytes: 0,
            count: 0,
        }
    }

    /// Notes that there is a file, whatever it is.
    pub(super) fn there(&mut self, path: &str) {
        self.paths.push(path.to_owned());
    }

    /// Looks for a bundle among all files.
    pub(super) fn bundle(&mut self, files: &mut dyn Files) -> Result<(), IntakeError> {
        self.bundle = bundle::find(
            &Search {
                root: self.root,
                paths: &self.paths,
                known: self.files.iter().map(|(file, _)| (file.path.as_str(), file)).collect(),
                limits: self.limits,
            },
            files,
        )?;
        Ok(())
    }

    /// Counts a file that may be a document.
    pub(super) fn count(&mut self) -> Result<(), IntakeError> {
        self.count += 1;
        if self.count > self.limits.files {
            return Err(IntakeError::TooManyFiles {
                path: self.root.to_path_buf(),
                limit: self.limits.files,
            });
        }
        Ok(())
    }

    /// A file that was judged.
    pub(super) fn file(&mut self, path: String, loaded: Loaded) -> Result<(), IntakeError> {
        match loaded {
            Loaded::Document { file, part, text } => {
                self.bytes = self.bytes.saturating_add(file.bytes);
                if self.bytes > self.limits.total_bytes {
                    return Err(IntakeError::TooLarge {
                        path: self.root.to_path_buf(),
                        limit: self.limits.total_bytes,
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
            Loaded::Unrelated => self.ignore(path),
        }
        Ok(())
    }

    /// Something that has nothing to do with an export.
    pub(super) fn ignore(&mut self, path: String) {
        self.ignored.push(path);
    }

    /// Something in the place of a document that is no file.
    pub(super) fn no_file(&mut self, path: String, link: bool) {
        let what = if link {
            "a link, and links are not followed"
        } else {
            "no regular file"
        };
        self.gap(path, format!("it is {what}; put a copy in its place"));
    }

    /// Something that could not be read.
    pub(super) fn gap(&mut self, path: String, problem: String) {
        let part = part_of(&path).map_or("*", Part::folder);
        self.gaps.push(Gap {
            part: part.to_owned(),
            problem,
            file: Some(path),
            line: None,
            column: None,
        });
    }

    /// All of it, judged as one server.
    pub(super) fn finish(mut self) -> Result<Intake, IntakeError> {
        self.files.sort_by(|(left, _), (right, _)| left.path.cmp(&right.path));
        self.ignored.sort();
        if self.files.iter().all(|(_, document)| document.is_none()) && self.bundle.documents.is_empty() {
            let path = self.root.to_path_buf();
            let detail = self.detail();
            return Err(match self.gaps.iter().all(|gap| gap.part == "*") {
                true => IntakeError::NoExport { path, detail },
                false => IntakeError::NothingReadable { path, detail },
            });
        }
        self.check_one_export()?;
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
        self.gaps.append(&mut self.bundle.gaps);
        self.gaps.sort();
        let mut intake = Intake {
            source: self.root.display().to_string(),
            gaps: self.gaps,
            ignored: self.ignored,
            ..Intake::default()
        };
        intake.files.extend(self.archive);
        for (file, document) in self.files {
            intake.documents.extend(document.map(|(part, text)| Document {
                file: intake.files.len(),
                part,
                text: Arc::new(text),
                item: None,
            }));
            intake.files.push(file);
        }
        let before = intake.files.len();
        intake.files.extend(self.bundle.files);
        intake
            .documents
            .extend(self.bundle.documents.into_iter().map(|document| Document {
                file: before + document.file,
                ..document
            }));
        intake.modified = self.bundle.modified;
        intake.exported = self.bundle.exported;
        intake.documents.sort_by_key(|document| (document.part, document.file));
        Ok(intake)
    }

    /// What was there although it was no export.
    fn detail(&self) -> String {
        let gaps = self
            .gaps
            .iter()
            .map(|gap| format!("; {}: {}", on_one_line(gap.file.as_deref().unwrap_or("?")), gap.problem));
        let ignored = self.ignored.iter().map(|path| {
            let what = if is_archive(path) {
                "an archive of its own, which is not opened"
            } else {
                "something else"
            };
            format!("; {} is {what}", on_one_line(path))
        });
        gaps.chain(ignored).take(3).collect()
    }

    /// Documents of one part in the folders of two servers are two exports.
    fn check_one_export(&self) -> Result<(), IntakeError> {
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
                self.root.to_path_buf()
            } else {
                self.root.join(home)
            }
        };
        Err(IntakeError::SeveralExports {
            path: self.root.to_path_buf(),
            folders: several
                .into_iter()
                .map(|home| name(home).display().to_string())
                .collect(),
            archive: self.archive.is_some(),
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

/// Whether the name is that of an XML file.
pub(super) fn is_xml(path: &str) -> bool {
    has_extension(path, "xml")
}

/// Whether the name is that of an archive.
pub(super) fn is_archive(path: &str) -> bool {
    has_extension(path, "zip")
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// The part that a place suggests: by the innermost folder named like one, else by the file's name.
pub(super) fn part_of(path: &str) -> Option<Part> {
    let names: Vec<&str> = path.split('/').collect();
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

/// How many bytes of a path name the folders in which a server's own folders lie.
pub fn outside(path: &str) -> usize {
    let mut found = None;
    let mut from = 0;
    for name in path.split_inclusive('/') {
        if name
            .strip_suffix('/')
            .is_some_and(|name| Part::of_folder(name).is_some())
        {
            found = Some(from);
        }
        from += name.len();
    }
    found.unwrap_or_else(|| path.rfind('/').map_or(0, |at| at + 1))
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
