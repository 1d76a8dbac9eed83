//! A symbolic link in an archive may stand for a part that is read nowhere else.
//!
//! In: where a link lies, where it leads, and the names of the archive. Out:
//! whether what it leads to is read in its own place, so that the link may be
//! passed over like such a link in a folder. Must not know: how entries are read.

use crate::intake::Part;
use crate::intake::found::is_xml;
use std::collections::HashSet;

/// Longer than the path of any file.
pub(super) const LONGEST: u64 = 4 << 10;

/// What has a name of its own in the archive: regular files, and the folders that hold anything.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Adds a file with the folders it lies in.
    pub(super) fn file(&mut self, name: &str) {
        self.0.insert(name.to_owned());
        self.holder(name);
    }

    /// Adds the folders that something lies in.
    pub(super) fn holder(&mut self, name: &str) {
        let slashes = name.match_indices('/').map(|(at, _)| at);
        self.0
            .extend(slashes.filter_map(|at| name.get(..at)).map(str::to_owned));
    }

    /// Whether a link adds nothing: it is not named like a document or a part, and its target is read anyway.
    pub(super) fn may_pass_over(&self, link: &str, target: &str) -> bool {
        let (folder, last) = link.rsplit_once('/').unwrap_or(("", link));
        let stands_for_a_part = is_xml(link) || Part::of_folder(last).is_some();
        !stands_for_a_part && resolve(folder, target).is_some_and(|name| name.is_empty() || self.0.contains(&name))
    }
}

/// The name that a target means, seen from the link's folder; `None` when it leads out of the archive.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    if target.trim().is_empty() || target.starts_with('/') || target.as_bytes().get(1) == Some(&b':') {
        return None;
    }
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop()?;
            }
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_link_is_passed_over_where_its_target_is_read_anyway() {
        let mut names = Names::default();
        names.file("SYNC01/Connectors/a.xml");
        let pass = |link: &str, target: &str| names.may_pass_over(link, target);
        for target in [
            "SYNC01/Connectors/a.xml",
            "./SYNC01//Connectors/",
            "SYNC01/../SYNC01",
            r"SYNC01\Connectors",
            ".",
        ] {
            assert!(pass("latest", target), "{target}");
        }
        assert!(pass("SYNC01/latest", "Connectors/a.xml") && pass("SYNC01/x/loop", ".."));
        for target in [
            "",
            "elsewhere",
            "/SYNC01",
            "C:SYNC01",
            "../SYNC01",
            "SYNC01/../../SYNC01",
            "sync01",
        ] {
            assert!(!pass("latest", target), "{target}");
        }
        assert!(!pass("a.XML", "SYNC01/Connectors/a.xml"));
        assert!(!pass("x/connectors", "../SYNC01/Connectors"));
    }
}
