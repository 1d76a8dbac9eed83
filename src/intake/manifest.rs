//! The manifest of a bundle.
//!
//! In: its JSON. Out: the files that it vouches for, and which items somebody
//! has to miss. Must not know: what an item means.

use super::decode;
use super::json::Lenient;
use crate::model::{is_device, on_one_line};
use serde::Deserialize;
use serde::de::Deserializer;
use std::collections::BTreeSet;

/// The only schema there is.
pub const SCHEMA: &str = "syncdrift.bundle/1";
/// Status of an item that was read.
pub const READ: &str = "ok";
/// Its name in a bundle.
pub const NAME: &str = "manifest.json";

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    schema: String,
    #[serde(default)]
    host: Option<Host>,
    /// When the collector began.
    #[serde(default)]
    pub started: Option<String>,
    /// Everything that was asked for.
    pub items: Vec<Item>,
    /// Every file but itself.
    pub files: Vec<Listed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Host {
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
}

/// An answer of the server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Item {
    /// What was asked.
    pub id: String,
    /// Of which connector or group.
    #[serde(default, deserialize_with = "lenient")]
    pub of: Option<String>,
    /// Where the answer is.
    #[serde(default)]
    pub file: String,
    /// `ok`, `absent`, `denied` or `error`.
    pub status: String,
    /// Whether every build has it.
    pub required: bool,
    /// What the server said.
    #[serde(default, deserialize_with = "lenient")]
    pub problem: Option<String>,
}

/// A file, as the manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// Below the bundle, with `/`.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// An item that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its id, and of which connector or group it is.
    pub item: String,
    /// `denied`, `absent` or `error`.
    pub status: String,
    /// What the server says.
    pub problem: String,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(json: &[u8]) -> Result<Manifest, String> {
        let bad = |problem: String| format!("{NAME}: {problem}");
        let text = decode(json).map_err(|error| bad(error.to_string()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
        if manifest.schema != SCHEMA {
            return Err(bad(format!("its schema is {:?}, not {SCHEMA}", manifest.schema)));
        }
        if let Some(file) = manifest.files.iter().find(|file| !is_safe(&file.path)) {
            return Err(bad(format!("{:?} is no path of a file in a bundle", file.path)));
        }
        if let Some(item) = asked_twice(&manifest.items) {
            return Err(bad(format!("the item {} is twice in it", on_one_line(item))));
        }
        match clash(&manifest.files) {
            Some(path) => Err(bad(format!("{path:?} is twice in it, or a file and a folder"))),
            None => Ok(manifest),
        }
    }

    /// The computer's own name.
    pub fn host(&self) -> Option<&str> {
        let name = self.host.as_ref()?.name.as_deref();
        name.filter(|name| !name.is_empty())
    }

    /// What every bundle has to have and this one does not even mention.
    pub fn forgotten<'r>(&self, required: impl Iterator<Item = &'r str>) -> Vec<Missing> {
        required
            .filter(|id| !self.items.iter().any(|item| item.id == *id))
            .map(|id| Missing {
                item: id.to_owned(),
                status: "absent".to_owned(),
                problem: format!("{NAME} does not mention it"),
            })
            .collect()
    }
}

impl Missing {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self.status.as_str() {
            "denied" => "run it again as a local administrator",
            "absent" => "run it again on the server that runs Entra Connect Sync",
            _ => "run it again, and if it fails again, find out on the server why",
        }
    }
}

/// An item with two answers to one question: which of them counts nobody knows.
fn asked_twice(items: &[Item]) -> Option<&str> {
    let mut all = BTreeSet::new();
    let folded = |item: &Item| (item.id.to_lowercase(), item.of.as_ref().map(|of| of.to_lowercase()));
    items
        .iter()
        .find(|item| !all.insert(folded(item)))
        .map(|item| item.id.as_str())
}

/// A path that is another one's, or the folder of another, on a system where case does not count.
fn clash(files: &[Listed]) -> Option<&str> {
    let folded = |file: &Listed| file.path.to_ascii_lowercase();
    let mut all = BTreeSet::from([NAME.to_owned()]);
    if let Some(twice) = files.iter().find(|file| !all.insert(folded(file))) {
        return Some(&twice.path);
    }
    let within = |path: &str| {
        path.match_indices('/')
            .any(|(at, _)| path.get(..at).is_some_and(|above| all.contains(above)))
    };
    files
        .iter()
        .find(|file| within(&folded(file)))
        .map(|file| file.path.as_str())
}

/// A text of the server, or null.
fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::<Lenient>::deserialize(from).map(|text| text.map(|text| text.0))
}

/// Names that are the same file on every system, below the bundle.
fn is_safe(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-{}() ".contains(c);
    path.split('/').all(|part| {
        !part.is_empty()
            && part.chars().all(plain)
            && !part.starts_with([' ', '.'])
            && !part.ends_with([' ', '.'])
            && !is_device(part)
    })
}

impl Item {
    /// Whether there is an answer.
    pub fn is_read(&self) -> bool {
        self.status == READ
    }

    /// Most cmdlets do not exist in some build, so what is absent is missed only where it is required.
    pub fn missing(&self) -> Option<Missing> {
        let absent = self.status == "absent" && !self.required;
        (!self.is_read() && !absent).then(|| Missing {
            item: match &self.of {
                Some(of) => format!("{} of {of}", self.id),
                None => self.id.clone(),
            },
            status: self.status.clone(),
            problem: self.problem.clone().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn paths_stay_below_the_bundle() {
        assert!(is_safe("export/SynchronizationRules/SynchronizationRule_{005b-1}.xml"));
        assert!(is_safe("items/run-history-2.json"));
        for path in [
            "",
            "/a",
            "a/",
            "a//b",
            "../a",
            "a/../b",
            ".",
            "a/.",
            ".a",
            "a.",
            "C:/a",
            "a\\b",
            "a\0",
            "a:b",
            "\u{e4}",
            "a /b",
            "items/NUL.json",
            "con",
        ] {
            assert!(!is_safe(path), "{path:?}");
        }
    }
}
