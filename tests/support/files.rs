//! A server's export in memory: its files by their path, easy to edit and to
//! write again.

use super::rule_tree::Element;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Files of an export, by path with `/`.
#[derive(Debug, Clone, Default)]
pub struct Files {
    pub texts: BTreeMap<String, String>,
}

impl Files {
    /// Reads all XML of a folder, in UTF-8 or, with a byte order mark, UTF-16LE.
    pub fn read(folder: &Path) -> Files {
        let mut files = Files::default();
        for entry in walkdir::WalkDir::new(folder) {
            let entry = entry.expect("a readable folder");
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
            {
                let path = entry.path().strip_prefix(folder).expect("below the folder");
                let path = path.to_string_lossy().replace('\\', "/");
                let bytes = fs::read(entry.path()).expect("a readable file");
                let text = match bytes.strip_prefix(&[0xff, 0xfe]) {
                    Some(bytes) => {
                        let units: Vec<u16> = bytes
                            .chunks(2)
                            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
                            .collect();
                        String::from_utf16(&units).expect("UTF-16")
                    }
                    None => String::from_utf8(bytes).expect("UTF-8"),
                };
                files.texts.insert(path, text.trim_start_matches('\u{feff}').to_owned());
            }
        }
        assert!(!files.texts.is_empty(), "{} holds no XML", folder.display());
        files
    }

    /// Writes the files as UTF-8.
    pub fn write(&self, folder: &Path) {
        self.write_as(folder, |text| text.as_bytes().to_vec());
    }

    /// Writes the files in another encoding.
    pub fn write_as(&self, folder: &Path, encode: impl Fn(&str) -> Vec<u8>) {
        for (path, text) in &self.texts {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, encode(text)).expect("a file");
        }
    }

    /// Paths of the rule files.
    pub fn rule_paths(&self) -> Vec<String> {
        let is_rule = |text: &str| text.contains("<synchronizationRule");
        self.texts
            .iter()
            .filter(|(_, text)| is_rule(text))
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Edits each rule as a tree.
    pub fn each_rule(&mut self, mut edit: impl FnMut(&mut Element)) {
        for path in self.rule_paths() {
            let text = self.texts.get_mut(&path).expect("a file");
            let mut rule = Element::parse(text);
            edit(&mut rule);
            *text = rule.write();
        }
    }

    /// Edits each text of a folder of the export.
    pub fn each_text(&mut self, part: &str, edit: impl Fn(&str) -> String) {
        let part = format!("{part}/");
        for (path, text) in &mut self.texts {
            if path.starts_with(&part) || path.contains(&format!("/{part}")) {
                *text = edit(text);
            }
        }
    }

    /// Replaces a text everywhere, in contents and file names.
    pub fn replace(&mut self, from: &str, to: &str) {
        let texts = std::mem::take(&mut self.texts);
        self.texts = texts
            .into_iter()
            .map(|(path, text)| (path.replace(from, to), text.replace(from, to)))
            .collect();
    }

    /// Leaves the schemas out, which are most of an export and no part of a rule.
    pub fn without_schemas(&mut self) {
        for text in self.texts.values_mut() {
            if let (Some(from), Some(to)) = (text.find("<schema>"), text.find("</schema>")) {
                text.replace_range(from..to + "</schema>".len(), "");
            }
        }
    }
}
