//! Tests of permissions and links.

use super::{CONNECTOR, export, gap, intake, put};
use crate::intake::{IntakeError, Limits, read};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// Takes the permissions away; false for an account that may read all the same.
fn lock(path: &Path) -> bool {
    fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
    fs::read_dir(path).is_err() && fs::File::open(path).is_err()
}

fn unlock(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn what_may_not_be_read_is_a_gap() {
    let folder = export();
    let file = folder.path().join("Connectors/Connector_{a}.xml");
    if lock(&file) {
        let (part, name, problem) = gap(&folder);
        assert_eq!(
            (part.as_str(), name.as_str()),
            ("Connectors", "Connectors/Connector_{a}.xml")
        );
        assert!(problem.contains("permission denied"), "{problem}");
    }
    unlock(&file);
    let sub = folder.path().join("SynchronizationRules");
    if lock(&sub) {
        let (part, name, problem) = gap(&folder);
        assert_eq!(
            (part.as_str(), name.as_str()),
            ("SynchronizationRules", "SynchronizationRules")
        );
        assert!(problem.contains("cannot be listed"), "{problem}");
    }
    unlock(&sub);
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    if lock(&other) {
        assert_eq!(gap(&folder).0, "*");
    }
    unlock(&other);
    if lock(folder.path()) {
        let error = read(folder.path(), &Limits::default()).unwrap_err();
        assert!(matches!(error, IntakeError::NoPermission { .. }), "{error}");
    }
    unlock(folder.path());
}

#[test]
fn links_are_not_followed_but_seen() {
    let folder = export();
    put(folder.path(), "away/real.txt", CONNECTOR);
    symlink(
        folder.path().join("away/real.txt"),
        folder.path().join("Connectors/link.xml"),
    )
    .unwrap();
    let (part, file, problem) = gap(&folder);
    assert_eq!((part.as_str(), file.as_str()), ("Connectors", "Connectors/link.xml"));
    assert!(problem.contains("links are not followed"), "{problem}");
    fs::remove_file(folder.path().join("Connectors/link.xml")).unwrap();
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    assert!(intake(&folder).gaps.is_empty());
    symlink(folder.path().join("Connectors"), folder.path().join("away/Connectors")).unwrap();
    assert_eq!(gap(&folder).1, "away/Connectors");
}

#[test]
fn a_link_to_an_export_can_be_named() {
    let folder = export();
    let outside = tempfile::TempDir::new().unwrap();
    let link = outside.path().join("link");
    symlink(folder.path(), &link).unwrap();
    assert_eq!(read(&link, &Limits::default()).unwrap().documents.len(), 3);
}
