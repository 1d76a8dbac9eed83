//! A bundle of the collector among the files of a server.
//!
//! In: the paths below the server's folder or in its archive, and a way to
//! read them. Out: what the bundle holds besides the export, once every file
//! of it is as its manifest says, or else the files that are not. The wizard's
//! policy files are found here, too, in a bundle or beside an export. Must not
//! know: folders and archives, what an item means.

use super::json::Json;
use super::manifest::{self, Item, Manifest};
use super::{Document, Intake, IntakeError, Limits, Part, decode, hex};
use crate::model::{Gap, SourceFile, on_one_line};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Id of the item that a policy file of the wizard is read as.
pub const POLICY: &str = "policy";
/// Id of the item that a bundle's manifest is read as.
const MANIFEST: &str = "manifest";
/// Folder of a bundle with what the product exported.
const EXPORT: &str = "export";
/// Folder of a bundle with the wizard's policies.
const COPIES: &str = "policy";
/// No policy file has more bytes.
const LARGEST_POLICY: u64 = 32 << 20;
/// What computers put beside files.
const JUNK: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// A way to files, by their paths. Outer errors end the run.
pub(super) trait Files {
    /// All bytes, but no more than a limit allows; what is wrong otherwise.
    fn read(&mut self, path: &str, most: u64) -> Result<Result<Vec<u8>, String>, IntakeError>;
    /// SHA-256 and size.
    fn digest(&mut self, path: &str) -> Result<Result<(String, u64), String>, IntakeError>;
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    /// Files of items and policies.
    pub files: Vec<SourceFile>,
    /// Their documents, whose `file` counts in `files`.
    pub documents: Vec<Document>,
    /// What is not as the manifest says; only where that is allowed.
    pub modified: Vec<String>,
    /// How many files its export has.
    pub exported: Option<usize>,
    /// What should be read and cannot.
    pub gaps: Vec<Gap>,
}

/// What is looked at.
pub(super) struct Search<'s> {
    pub root: &'s Path,
    pub paths: &'s [String],
    /// Digest and size of what was read before.
    pub known: BTreeMap<&'s str, &'s SourceFile>,
    pub limits: &'s Limits,
}

/// Finds the bundle and the policy files.
pub(super) fn find(search: &Search<'_>, files: &mut dyn Files) -> Result<Bundle, IntakeError> {
    let mut bundle = Bundle::default();
    let mut own = BTreeSet::new();
    let mut copies = None;
    if let Some((base, manifest, file, text)) = search.manifest(files)? {
        let wrong = search.verify(&base, &manifest, files)?;
        if !wrong.is_empty() && !search.limits.modified_bundles {
            return Err(IntakeError::ModifiedBundle {
                path: search.root.to_path_buf(),
                problems: wrong,
            });
        }
        bundle.modified = wrong;
        copies = Some(format!("{base}{COPIES}/"));
        bundle.exported = Some(search.exported(&base));
        bundle.files.push(file);
        // It tells of the server, too.
        bundle.documents.push(Document::said(0, MANIFEST, as_item(&text)));
        for item in &manifest.items {
            own.insert(format!("{base}{}", item.file));
            search.item(&base, item, files, &mut bundle)?;
        }
    } else {
        bundle.gaps.extend(search.orphan(files)?);
    }
    for path in search
        .paths
        .iter()
        .filter(|path| may_be_policy(path) && !own.contains(*path))
    {
        let copied = copies.as_ref().is_some_and(|folder| path.starts_with(folder));
        search.policy(path, copied || is_named_policy(path), files, &mut bundle)?;
    }
    Ok(bundle)
}

/// A manifest: the folder it lies in, ending with `/` unless that is the server's own; what it says; its file and text.
type OneManifest = (String, Manifest, SourceFile, String);

impl Search<'_> {
    /// The one manifest.
    fn manifest(&self, files: &mut dyn Files) -> Result<Option<OneManifest>, IntakeError> {
        let mut found = Vec::new();
        for path in self.paths {
            let (base, name) = path
                .rsplit_once('/')
                .map_or(("", path.as_str()), |(base, name)| (base, name));
            if !name.eq_ignore_ascii_case(manifest::NAME) {
                continue;
            }
            let Ok(bytes) = files.read(path, self.limits.file_bytes)? else {
                continue;
            };
            // Others call files so, too.
            let text = decode(&bytes).ok().filter(|text| text.contains("syncdrift.bundle"));
            found.extend(text.map(|text| (base.to_owned(), path, bytes, text)));
        }
        let damaged = |problem: String| IntakeError::BadManifest {
            path: self.root.to_path_buf(),
            problem,
        };
        match found.as_slice() {
            [] => Ok(None),
            [(base, path, bytes, text)] => {
                let manifest = Manifest::parse(bytes).map_err(damaged)?;
                let base = if base.is_empty() {
                    String::new()
                } else {
                    format!("{base}/")
                };
                Ok(Some((base, manifest, source((*path).clone(), bytes), text.clone())))
            }
            several => Err(IntakeError::SeveralExports {
                path: self.root.to_path_buf(),
                folders: several
                    .iter()
                    .map(|(base, ..)| self.root.join(base).display().to_string())
                    .collect(),
                archive: false,
            }),
        }
    }

    /// How many files a bundle's export has.
    fn exported(&self, base: &str) -> usize {
        let folder = format!("{base}{EXPORT}/");
        let own = self.paths.iter().filter_map(|path| path.strip_prefix(&folder));
        own.filter(|name| !is_junk(name)).count()
    }

    /// Items of a bundle that has no manifest: nobody vouches for them.
    fn orphan(&self, files: &mut dyn Files) -> Result<Option<Gap>, IntakeError> {
        let in_items = |path: &str| path.rsplit('/').nth(1) == Some(Part::Item.folder());
        for path in self.paths.iter().filter(|path| may_be_policy(path) && in_items(path)) {
            let Ok(bytes) = files.read(path, self.limits.file_bytes)? else {
                continue;
            };
            let record = decode(&bytes)
                .ok()
                .and_then(|text| Json::parse(&text, self.limits).ok());
            let is_item = |json: &Json| ["id", "status", "data"].iter().all(|key| json.get(key).is_some());
            if record.as_ref().is_some_and(is_item) {
                return Ok(Some(Gap {
                    part: Part::Item.folder().to_owned(),
                    problem: format!(
                        "this is an item of the collector's bundle, but {} of the bundle is missing, so no item was read; \
                         run the collector again, or take the bundle as it made it",
                        manifest::NAME
                    ),
                    file: Some(path.clone()),
                    line: None,
                    column: None,
                }));
            }
        }
        Ok(None)
    }

    /// What is not as the manifest says, each with its file.
    fn verify(&self, base: &str, manifest: &Manifest, files: &mut dyn Files) -> Result<Vec<String>, IntakeError> {
        let mut wrong = Vec::new();
        let there: BTreeSet<&str> = self.paths.iter().filter_map(|path| path.strip_prefix(base)).collect();
        let mut listed = BTreeSet::from([manifest::NAME]);
        for file in &manifest.files {
            let name = file.path.as_str();
            if !listed.insert(name) {
                wrong.push(format!("{name} stands in the manifest twice"));
            }
            if !there.contains(name) {
                wrong.push(format!("{name} is missing"));
                continue;
            }
            let path = format!("{base}{name}");
            let digest = match self.known.get(path.as_str()) {
                Some(known) => Ok((known.sha256.clone(), known.bytes)),
                None => files.digest(&path)?,
            };
            match digest {
                Ok((sha256, bytes)) if bytes == file.bytes && sha256.eq_ignore_ascii_case(&file.sha256) => {}
                Ok(_) => wrong.push(format!(
                    "{name} was changed (its size or SHA-256 is not that of the manifest)"
                )),
                Err(problem) => wrong.push(format!("{name} cannot be read ({problem})")),
            }
        }
        let added = there
            .into_iter()
            .filter(|name| !listed.contains(name) && !is_junk(name));
        wrong.extend(added.map(|name| format!("{} was added: the manifest does not list it", on_one_line(name))));
        wrong.sort();
        Ok(wrong)
    }

    fn item(&self, base: &str, item: &Item, files: &mut dyn Files, bundle: &mut Bundle) -> Result<(), IntakeError> {
        let path = format!("{base}{}", item.file);
        let read = match self.paths.contains(&path) {
            true => files.read(&path, self.limits.file_bytes)?,
            false => Err("the file is missing".to_owned()),
        };
        let missing = item.missing().map(|missing| {
            let said = on_one_line(&missing.problem);
            format!(
                "the collector could not read {} ({}): {said}; {}",
                missing.item,
                missing.status,
                missing.remedy()
            )
        });
        let (text, problem) = match read {
            Ok(bytes) => {
                bundle.files.push(source(path, &bytes));
                match decode(&bytes) {
                    Ok(text) => (text, missing),
                    Err(error) => (String::new(), Some(error.to_string())),
                }
            }
            Err(problem) => {
                bundle.files.push(SourceFile {
                    path,
                    sha256: String::new(),
                    bytes: 0,
                });
                (String::new(), missing.or(Some(problem)))
            }
        };
        bundle.documents.push(Document {
            file: bundle.files.len() - 1,
            part: Part::Item,
            text: Arc::new(text),
            item: Some(super::Answer {
                id: item.id.clone(),
                of: item.of.clone(),
                status: item.status.clone(),
                problem,
                required: item.required,
                asked: true,
            }),
        });
        Ok(())
    }

    /// A policy, or what is `expected` to be one.
    fn policy(
        &self,
        path: &str,
        expected: bool,
        files: &mut dyn Files,
        bundle: &mut Bundle,
    ) -> Result<(), IntakeError> {
        let (bytes, read) = match files.read(path, LARGEST_POLICY)? {
            Ok(bytes) => {
                let read = policy(&bytes, expected, self.limits);
                (bytes, read)
            }
            Err(problem) => (Vec::new(), expected.then_some(Err(problem))),
        };
        let Some(read) = read else { return Ok(()) };
        bundle.files.push(source(path.to_owned(), &bytes));
        let file = bundle.files.len() - 1;
        bundle.documents.push(match read {
            Ok(text) => Document::said(file, POLICY, text),
            Err(problem) => Document::unread(file, POLICY, problem),
        });
        Ok(())
    }
}

/// A policy file of the wizard in place of an export: a server of which little is known.
pub(super) fn alone(path: &Path, limits: &Limits) -> Option<Result<Intake, IntakeError>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).ok()?;
    file.take(LARGEST_POLICY).read_to_end(&mut bytes).ok()?;
    let text = match policy(&bytes, is_named_policy(&path.to_string_lossy()), limits)? {
        Ok(text) => text,
        Err(problem) => {
            return Some(Err(IntakeError::BadPolicy {
                path: path.to_path_buf(),
                problem,
            }));
        }
    };
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    let gap = |part: Part| Gap {
        part: part.folder().to_owned(),
        problem: "only the policy of the wizard was given, which holds little of it; export the server with \
                  `Get-ADSyncServerConfiguration -Path` and name that folder"
            .to_owned(),
        file: None,
        line: None,
        column: None,
    };
    Some(Ok(Intake {
        source: path.display().to_string(),
        files: vec![source(name, &bytes)],
        documents: vec![Document::said(0, POLICY, text)],
        gaps: Part::ALL.map(gap).to_vec(),
        ..Intake::default()
    }))
}

/// The text of a policy file of the wizard, as the data of an item, or why it cannot be read; `None` for anything else.
/// `expected` is whether its name is that of a policy.
fn policy(bytes: &[u8], expected: bool, limits: &Limits) -> Option<Result<String, String>> {
    const HEAD: &str = "policyMetadata";
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => return expected.then(|| Err(error.to_string())),
    };
    let begins = text.trim_start().starts_with('{');
    let looks = begins && text.to_ascii_lowercase().contains(&HEAD.to_ascii_lowercase());
    if !looks && !expected {
        return None;
    }
    match Json::parse(&text, limits) {
        Ok(json) if json.get(HEAD).is_some() => Some(Ok(as_item(&text))),
        Ok(_) if expected => Some(Err(format!("it has no {HEAD}"))),
        Ok(_) => None,
        Err(error) => Some(Err(format!("line {}: {}", error.line, error.problem))),
    }
}

/// Whether a file is named as the wizard names its policies.
fn is_named_policy(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.to_ascii_lowercase().contains("-synchronizationpolicy-")
}

/// A JSON file as the data of an item: on one line with its beginning, so that lines stay what they are.
pub(crate) fn as_item(text: &str) -> String {
    format!("{{\"data\": {text}}}")
}

fn may_be_policy(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let json = Path::new(name)
        .extension()
        .is_some_and(|own| own.eq_ignore_ascii_case("json"));
    json && !name.eq_ignore_ascii_case(manifest::NAME) && !is_junk(path)
}

fn is_junk(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("._") || JUNK.contains(&name)
}

fn source(path: String, bytes: &[u8]) -> SourceFile {
    SourceFile {
        path,
        sha256: hex::sha256(bytes),
        bytes: bytes.len() as u64,
    }
}
