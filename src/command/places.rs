//! What the arguments of a command are called where names are masked.
//!
//! In: paths as given. Out: texts that name them by their place on the command
//! line: the folder of an export is mostly called like its server or customer.
//! Must not know: reports, what any file holds.

use super::output;
use crate::intake::outside;
use crate::model::Configuration;
use crate::redact::Masks;
use crate::snapshot::Address;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Paths and the words that stand for them.
#[derive(Debug, Default)]
pub struct Places(Vec<(String, String)>);

impl Places {
    /// An argument and its word.
    pub fn name(&mut self, path: &Path, word: &str) {
        let spellings = [path.display().to_string(), output::shown(path)];
        self.0.extend(spellings.map(|text| (text, word.to_owned())));
        if let Some(address) = Address::parse(path) {
            let mut names = vec![
                address.repository.display().to_string(),
                output::shown(&address.repository),
            ];
            names.extend(address.server.into_iter().chain(address.revision));
            self.0.extend(names.into_iter().map(|text| (text, word.to_owned())));
        }
    }

    /// Files that are read or written besides the servers.
    pub fn files<'p>(&mut self, files: impl Iterator<Item = &'p PathBuf>) {
        for file in files {
            self.name(file, "FILE");
            if let Some(folder) = file.parent() {
                self.name(folder, "the folder of FILE");
            }
        }
    }

    /// An error whose paths are named by their arguments.
    pub fn masked(mut self, error: &str) -> String {
        // A path may begin with another one.
        self.0.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        let mut text = error.to_owned();
        for (path, word) in &self.0 {
            text = replaced(&text, path, word);
        }
        Masks::default().masked(&text)
    }
}

/// What staging servers are called, in the order given.
pub fn staging(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(move |number| match count {
        1 => "STAGING".to_owned(),
        _ => format!("STAGING {number}"),
    })
}

/// From here on a word stands for the path of a server, also where the path stands for a name that is not known; and
/// its files are named from its own folders on.
pub fn hide_source(server: &mut Configuration, word: &str) {
    // An archive is a file of its own, named by its name.
    let archive = Path::new(&server.source)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let archive = archive.filter(|name| server.files.iter().any(|file| file.path == *name));
    word.clone_into(&mut server.source);
    let files = server.files.iter_mut().map(|file| &mut file.path);
    let mut folders = BTreeSet::new();
    for path in files.chain(server.gaps.iter_mut().filter_map(|gap| gap.file.as_mut())) {
        let folder: String = path.drain(..outside(path)).collect();
        folders.insert(folder);
    }
    if let Some(archive) = archive {
        let files = server.files.iter_mut().map(|file| &mut file.path);
        for path in files.chain(server.gaps.iter_mut().filter_map(|gap| gap.file.as_mut())) {
            if *path == archive {
                word.clone_into(path);
            }
        }
        for gap in &mut server.gaps {
            gap.problem = replaced(&gap.problem, &archive, word);
        }
    }
    for gap in &mut server.gaps {
        for folder in folders.iter().rev().filter(|folder| !folder.is_empty()) {
            gap.problem = gap.problem.replace(folder.as_str(), "");
        }
    }
}

/// A text with every occurrence of a path, which is no part of a word, replaced.
fn replaced(text: &str, path: &str, word: &str) -> String {
    if path.is_empty() {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(path) {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '\\');
        let begins = !text[..at].ends_with(part);
        let ends = !text[at + path.len()..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if begins && ends && at >= from {
            out.push_str(&text[from..at]);
            out.push_str(word);
            from = at + path.len();
        }
    }
    out.push_str(&text[from..]);
    out
}
