//! Archives that nobody meant well, seen from outside: exit 2 or a gap, the
//! message and the remedy. How they are seen through is in `zip_hostile.rs`.

use crate::support::damage::sparse;
use crate::support::text;
use crate::support::trial::{Trial, listing, trial};
use crate::support::zipped::{RULE, Zip, drifting, export, replace, set};
use std::fs;
use std::path::Path;

/// Compares with the archive on each side; exit 2, and nothing is written.
fn assert_refused(archive: &Path, words: &[&str]) {
    let pair = drifting();
    let before = listing(pair.folder.path());
    let out = pair.folder.path().join("report.json");
    let (primary, staging) = (pair.primary(), pair.staging());
    for (left, right) in [(archive, staging.as_path()), (&primary, archive)] {
        trial(&[
            "compare".as_ref(),
            left.as_os_str(),
            right.as_os_str(),
            "-o".as_ref(),
            out.as_os_str(),
        ])
        .assert_refused(words);
        assert_eq!(listing(pair.folder.path()), before);
    }
}

#[test]
fn an_archive_that_cannot_be_read_is_2_with_its_name_and_a_remedy() {
    let place = tempfile::TempDir::new().unwrap();
    let path = place.path().join("SYNC02.zip");
    let whole = export().bytes();
    let no_zip = ["SYNC02.zip is neither a folder nor a .zip", "name the folder"];
    let damaged = ["SYNC02.zip is a damaged .zip", "copy or make it again"];
    for (bytes, words) in [
        (Vec::new(), no_zip),
        (vec![0; 4_000], no_zip),
        (b"Rar!\x1a\x07\x01\0".to_vec(), no_zip),
        (whole[..3].to_vec(), no_zip),
        (whole[..4].to_vec(), damaged),
        (whole[..whole.len() / 2].to_vec(), damaged),
        (whole[..whole.len() - 1].to_vec(), damaged),
    ] {
        fs::write(&path, &bytes).unwrap();
        assert_refused(&path, &words);
    }
    let mut climbing = export().file("xx/evil.xml", b"<x/>").bytes();
    replace(&mut climbing, "xx/evil.xml", "../evil.xml");
    fs::write(&path, &climbing).unwrap();
    assert_refused(
        &path,
        &["SYNC02.zip", "leads out of it: \"../evil.xml\"", "make it again"],
    );
    export().zeros("Connectors/b.xml", 64).write(&path);
    assert_refused(&path, &["SYNC02.zip", "\"Connectors/b.xml\" unfolds", "unpack"]);
    Zip::default().file("readme.txt", b"x").write(&path);
    assert_refused(&path, &["SYNC02.zip holds nothing that looks like an export"]);
}

#[test]
fn an_archive_of_gigabytes_is_refused_unread() {
    let place = tempfile::TempDir::new().unwrap();
    let path = place.path().join("SYNC02.zip");
    for start in [&b"PK\x03\x04"[..], &export().bytes()] {
        sparse(&path, start, 6 << 30);
        assert_refused(
            &path,
            &["SYNC02.zip has more than 1073741824 bytes", "or name its folder"],
        );
    }
}

#[test]
fn an_archive_with_a_password_is_2_and_one_such_entry_is_a_gap() {
    let names = [
        "GlobalSettings/MV.xml",
        "Connectors/Connector_{a}.xml",
        "SynchronizationRules/SynchronizationRule_{a}.xml",
    ];
    let flags = 8;
    let place = tempfile::TempDir::new().unwrap();
    let path = place.path().join("SYNC02.zip");
    let mut bytes = export().bytes();
    for name in names {
        set(&mut bytes, name, flags, &[1, 0]);
    }
    fs::write(&path, &bytes).unwrap();
    assert_refused(
        &path,
        &["SYNC02.zip", "nothing can be read", names[1], "without a password"],
    );
    for name in ["SynchronizationRules/b.xml", "SynchronizationRules/b.bak"] {
        let mut bytes = export().file(name, RULE).bytes();
        set(&mut bytes, name, flags, &[1, 0]);
        fs::write(&path, &bytes).unwrap();
        let gap = as_staging(&path).gap(name);
        assert_eq!(gap["part"], "SynchronizationRules");
        assert!(text(&gap["problem"]).contains("without a password"), "{gap}");
    }
}

fn as_staging(archive: &Path) -> Trial {
    let pair = drifting();
    trial(&[
        "compare".as_ref(),
        pair.primary().as_os_str(),
        archive.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ])
}

#[test]
fn a_document_of_any_name_is_read_from_an_archive_as_from_a_folder() {
    let pair = drifting();
    let place = tempfile::TempDir::new().unwrap();
    let path = place.path().join("SYNC02.zip");
    let report = |staging: &Path| {
        let run = trial(&[
            "compare".as_ref(),
            pair.primary().as_os_str(),
            staging.as_os_str(),
            "--format".as_ref(),
            "json".as_ref(),
        ]);
        let report = run.report();
        (run.code, report["findings"].to_string(), report["ledger"].to_string())
    };
    let renamed: [fn(&str) -> String; 3] = [
        |name| name.replace(".xml", ".txt"),
        |name| name.replace(".xml", ".xml.bak"),
        |name| name.replace(".xml", ""),
    ];
    for rename in renamed {
        let folder = place.path().join("folder");
        for file in walkdir::WalkDir::new(pair.staging()) {
            let file = file.unwrap();
            if file.file_type().is_file() {
                let name = file.path().strip_prefix(pair.staging()).unwrap();
                let to = folder.join(rename(&name.to_string_lossy().replace('\\', "/")));
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(file.path(), to).unwrap();
            }
        }
        Zip::default().folder(&pair.staging(), rename).write(&path);
        let (code, findings, ledger) = report(&path);
        assert_eq!((code, ledger.as_str()), (1, report(&pair.staging()).2.as_str()));
        assert_eq!((code, findings, ledger), report(&folder));
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn entries_of_other_names_are_looked_at_with_bounded_memory() {
    let place = tempfile::TempDir::new().unwrap();
    let path = place.path().join("SYNC02.zip");
    // Larger than the memory of the run, and no document: only its beginning is unfolded.
    let bytes = export().zeros("backup/disk.img", 1_024).bytes();
    fs::write(&path, bytes).unwrap();
    let gaps = as_staging(&path).report()["gaps"].to_string();
    assert!(!gaps.contains("disk.img"), "{gaps}");
    // A document of any name is bounded like one named *.xml.
    let large = export().padded("SynchronizationRules/rule.bak", b"<synchronizationRule>", 512);
    large.write(&path);
    assert_refused(&path, &["\"SynchronizationRules/rule.bak\" unfolds", "unpack"]);
}
