//! A .zip of an export is a server like its folder.

use crate::support;
use crate::support::export::Pair;
use crate::support::files::Files;
use crate::support::second::second_server;
use crate::support::zipped::{Zip, drifting, of_folder, read};
use crate::support::{Compared, compare, compare_with, run, text};
use std::fs;
use std::path::{Path, PathBuf};
use syncdrift::intake::IntakeError;
use tempfile::TempDir;

/// Beside a pair's folders, the archive of its primary.
fn zipped(pair: &Pair) -> PathBuf {
    let path = pair.folder.path().join("SYNC01.zip");
    of_folder(&pair.primary(), &path);
    path
}

fn assert_same(folder: &Compared, archive: &Compared) {
    for part in ["findings", "expected", "ledger", "gaps", "lints", "checked", "verdict"] {
        assert_eq!(folder.report[part], archive.report[part], "{part}");
    }
    assert_eq!(folder.code, archive.code);
}

/// Compares two folders in every mixture with their archives.
fn assert_archives_are_folders(primary: &Path, staging: &Path) -> Compared {
    let place = TempDir::new().unwrap();
    let (left, right) = (place.path().join("left.zip"), place.path().join("right"));
    of_folder(primary, &left);
    // Content decides, not the name.
    of_folder(staging, &right);
    let folders = compare(primary, staging);
    assert_same(&folders, &compare(&left, staging));
    assert_same(&folders, &compare(primary, &right));
    assert_same(&folders, &compare(&left, &right));
    folders
}

#[test]
fn an_archive_of_a_sample_gives_what_its_folder_gives() {
    let folders = assert_archives_are_folders(&support::sample("primary"), &support::sample("staging"));
    assert!(folders.findings().len() > 5, "{:#?}", folders.brief());
}

#[test]
fn an_archive_of_a_real_export_gives_what_its_folder_gives() {
    let Some(primary) = support::data("contoso") else {
        return;
    };
    let place = TempDir::new().unwrap();
    let mut staging = second_server(&Files::read(&primary));
    staging.replace("In from AD - User Join", "In from AD - User Joined");
    staging.write(place.path());
    let folders = assert_archives_are_folders(&primary, place.path());
    assert!(!folders.findings().is_empty() && !folders.expected().is_empty());
}

#[test]
fn the_archive_and_each_file_in_it_are_evidence() {
    let pair = drifting();
    let archive = zipped(&pair);
    let folders = pair.compare();
    let compared = compare(&archive, &pair.staging());
    let server = &compared.report["primary"];
    assert_eq!(text(&server["source"]), archive.to_str().unwrap());
    let files = server["files"].as_array().unwrap();
    assert_eq!(files[0]["path"], "SYNC01.zip");
    assert_eq!(text(&files[0]["sha256"]).len(), 64);
    assert_eq!(&files[1..], folders.report["primary"]["files"].as_array().unwrap());
    assert_eq!(
        compared.findings()[0]["locations"],
        folders.findings()[0]["locations"],
        "places are those inside the archive"
    );
}

#[test]
fn an_export_is_found_at_any_depth_and_under_names_of_any_tool() {
    let pair = drifting();
    let place = TempDir::new().unwrap();
    let path = place.path().join("x.zip");
    let names: [fn(&str) -> String; 3] = [
        |name| format!("backup/2026/SYNC01/{name}"),
        |name| format!("./{name}"),
        |name| name.replace('/', "\\"),
    ];
    for name in names {
        Zip::default()
            .directory("empty/")
            .folder(&pair.primary(), name)
            .write(&path);
        let compared = compare(&path, &pair.staging());
        assert_eq!(compared.findings().len(), pair.compare().findings().len());
        assert!(compared.gaps().is_empty(), "{:?}", compared.gaps());
    }
}

#[test]
fn an_archive_is_the_same_server_as_its_folder() {
    let pair = drifting();
    let archive = zipped(&pair);
    let folder = pair.primary();
    for (left, right, word) in [
        (&archive, &folder, "exports of the server SYNC01"),
        (&folder, &archive, "exports of the server SYNC01"),
        (&archive, &archive, "the same input"),
    ] {
        let run = run(["compare".as_ref(), left.as_os_str(), right.as_os_str()]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
    assert_eq!(compare_with(&archive, &folder, &["--same-server"]).code, 0);
}

#[test]
fn two_exports_in_one_archive_are_refused_by_name() {
    let pair = drifting();
    let bytes = Zip::default()
        .folder(&pair.primary(), |name| format!("a/{name}"))
        .folder(&pair.staging(), |name| format!("b/{name}"))
        .bytes();
    let error = read(&bytes).unwrap_err();
    assert!(matches!(error, IntakeError::SeveralExports { .. }), "{error}");
    let words = error.to_string();
    assert!(
        words.contains("SYNC01.zip") && words.contains("unpack it and name one"),
        "{words}"
    );
}

#[test]
fn a_file_that_is_neither_folder_nor_archive_is_2_and_says_what_to_name() {
    let pair = drifting();
    for bytes in [&b""[..], b"PK", b"PKxx", b"<ma-data/>", b"MZ\0\0PK\x03\x04"] {
        let path = pair.folder.path().join("x.zip");
        fs::write(&path, bytes).unwrap();
        let run = run(["compare".as_ref(), path.as_os_str(), pair.staging().as_os_str()]);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains("neither a folder nor a .zip") && run.stderr.contains("x.zip"),
            "{}",
            run.stderr
        );
    }
    assert!(matches!(
        read(&Zip::default().bytes()),
        Err(IntakeError::NoExport { .. })
    ));
}
