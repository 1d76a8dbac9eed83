//! The manifest of a bundle.
//!
//! In: its JSON. Out: the files that it vouches for, and which items somebody
//! has to miss. Must not know: what an item means.

use super::CollectError;
use serde::Deserialize;

/// The only schema there is.
pub(super) const SCHEMA: &str = "syncdrift.bundle/1";
/// Its name in a bundle.
pub(super) const NAME: &str = "manifest.json";

#[derive(Deserialize)]
pub(super) struct Manifest {
    schema: String,
    pub(super) items: Vec<Item>,
    pub(super) files: Vec<Listed>,
}

#[derive(Deserialize)]
pub(super) struct Item {
    id: String,
    of: Option<String>,
    status: String,
    required: bool,
    problem: Option<String>,
}

/// A file, as the manifest has it.
#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
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
    pub(super) fn parse(json: &[u8]) -> Result<Manifest, CollectError> {
        let bad = |problem: String| CollectError::bundle(format!("{NAME}: {problem}"));
        let manifest: Manifest = serde_json::from_slice(json).map_err(|error| bad(error.to_string()))?;
        if manifest.schema != SCHEMA {
            return Err(bad(format!("its schema is {:?}, not {SCHEMA}", manifest.schema)));
        }
        if let Some(file) = manifest.files.iter().find(|file| !is_safe(&file.path)) {
            return Err(bad(format!("{:?} is no path of a file in a bundle", file.path)));
        }
        Ok(manifest)
    }
}

/// Names that are the same file on every system, below the bundle.
fn is_safe(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-{}() ".contains(c);
    path.split('/').all(|part| {
        !part.is_empty() && part.chars().all(plain) && !part.starts_with([' ', '.']) && !part.ends_with([' ', '.'])
    })
}

impl Item {
    pub(super) fn is_read(&self) -> bool {
        self.status == "ok"
    }

    /// Most cmdlets do not exist in some build, so what is absent is missed only where it is required.
    pub(super) fn missing(&self) -> Option<Missing> {
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
            "", "/a", "a/", "a//b", "../a", "a/../b", ".", "a/.", ".a", "a.", "C:/a", "a\\b", "a\0", "a:b", "\u{e4}",
            "a /b",
        ] {
            assert!(!is_safe(path), "{path:?}");
        }
    }
}
