//! `git:DIR[@REV][#SERVER]`: a server argument that names a snapshot.
//!
//! In: the argument. Out: its parts. The last `#` begins the server and the
//! last `@` before it the revision, unless a folder of the whole name exists.
//! Must not know: what a repository holds.

use std::path::{Path, PathBuf};

const SCHEME: &str = "git:";

/// The parts of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The repository.
    pub repository: PathBuf,
    /// Branch, tag or commit.
    pub revision: Option<String>,
    /// Name of the server.
    pub server: Option<String>,
    /// As it was given.
    pub whole: String,
}

impl Address {
    /// Reads an argument; nothing where it names a folder or a file.
    pub fn parse(argument: &Path) -> Option<Address> {
        let whole = argument.to_str()?;
        let rest = whole.strip_prefix(SCHEME)?;
        if argument.exists() {
            return None;
        }
        let mut address = Address {
            repository: PathBuf::from(rest),
            revision: None,
            server: None,
            whole: whole.to_owned(),
        };
        if address.repository.is_dir() {
            return Some(address);
        }
        let mut rest = rest;
        if let Some((before, server)) = rest.rsplit_once('#') {
            address.server = Some(server.to_owned()).filter(|server| !server.is_empty());
            rest = before;
        }
        if let Some((before, revision)) = rest.rsplit_once('@').filter(|_| !Path::new(rest).is_dir()) {
            address.revision = Some(revision.to_owned()).filter(|revision| !revision.is_empty());
            rest = before;
        }
        address.repository = PathBuf::from(rest);
        Some(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_signs_count_unless_the_folder_exists() {
        let folder = tempfile::TempDir::new().unwrap();
        let at = folder.path().join("a@b#c");
        std::fs::create_dir(&at).unwrap();
        let parts = |text: String| {
            let address = Address::parse(Path::new(&text)).unwrap();
            let repository = address.repository.strip_prefix(folder.path()).unwrap().to_owned();
            (repository.display().to_string(), address.revision, address.server)
        };
        let at = at.display();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts(format!("git:{at}")), ("a@b#c".into(), None, None));
        assert_eq!(parts(format!("git:{at}#S")), ("a@b#c".into(), None, some("S")));
        assert_eq!(
            parts(format!("git:{at}@main#S")),
            ("a@b#c".into(), some("main"), some("S"))
        );
        assert_eq!(parts(format!("git:{at}x")), ("a".into(), some("b"), some("cx")));
        assert_eq!(parts(format!("git:{at}x@r@v")), ("a".into(), some("b"), some("cx@r@v")));
        assert_eq!(Address::parse(Path::new("folder@x#y")), None);
        assert_eq!(
            Address::parse(Path::new("git:repo@v1.0")).unwrap().revision,
            some("v1.0")
        );
    }
}
