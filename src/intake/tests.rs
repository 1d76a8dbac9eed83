//! Tests of reading whole folders.

use super::{Intake, IntakeError, Limits, Part, parse, read};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const MV: &str = "<saved-mv-configuration server='S'><mv-data/></saved-mv-configuration>";
const CONNECTOR: &str = "<ma-data><name>contoso.com</name></ma-data>";
const RULE: &str = "<synchronizationRule><name>x</name></synchronizationRule>";

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A folder with one document of each part.
fn export() -> TempDir {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "GlobalSettings/MV.xml", MV);
    put(folder.path(), "Connectors/Connector_{a}.xml", CONNECTOR);
    put(folder.path(), "SynchronizationRules/SynchronizationRule_{a}.xml", RULE);
    folder
}

fn intake(folder: &TempDir) -> Intake {
    read(folder.path(), &Limits::default()).unwrap()
}

fn documents(intake: &Intake) -> Vec<(Part, &str)> {
    let path = |file: usize| intake.files[file].path.as_str();
    intake
        .documents
        .iter()
        .map(|document| (document.part, path(document.file)))
        .collect()
}

/// Part, file and problem of the only gap.
fn gap(folder: &TempDir) -> (String, String, String) {
    let intake = intake(folder);
    assert_eq!(intake.gaps.len(), 1, "{:?}", intake.gaps);
    let gap = intake.gaps.into_iter().next().unwrap();
    (gap.part, gap.file.unwrap_or_default(), gap.problem)
}

#[test]
fn an_export_is_read_in_order() {
    let folder = export();
    put(folder.path(), "SynchronizationRules/SynchronizationRule_{B}.XML", RULE);
    let intake = intake(&folder);
    assert_eq!(
        documents(&intake),
        [
            (Part::Connector, "Connectors/Connector_{a}.xml"),
            (Part::GlobalSettings, "GlobalSettings/MV.xml"),
            (Part::SyncRule, "SynchronizationRules/SynchronizationRule_{B}.XML"),
            (Part::SyncRule, "SynchronizationRules/SynchronizationRule_{a}.xml"),
        ]
    );
    assert!(intake.gaps.is_empty() && intake.ignored.is_empty());
    assert!(intake.files.is_sorted_by_key(|file| &file.path));
    assert_eq!(intake.files[1].bytes, MV.len() as u64);
    assert_eq!(intake.files[1].sha256.len(), 64);
    assert_eq!(intake.source, folder.path().display().to_string());
}

#[test]
fn content_decides_whatever_the_names() {
    let folder = TempDir::new().unwrap();
    put(
        folder.path(),
        "old/x/connectors/a.XML",
        format!("<export-ma server='x'>\n{CONNECTOR}</export-ma>"),
    );
    put(
        folder.path(),
        "old/x/connectors/b.xml",
        format!("<saved-ma-configuration>{CONNECTOR}</saved-ma-configuration>"),
    );
    put(folder.path(), "old/x/anything.xml", RULE);
    put(folder.path(), "old/x/z.Xml", MV);
    put(folder.path(), "old/x/PersistedState.xml", "<PersistedState/>");
    put(folder.path(), "old/x/note.xml", "just text");
    put(folder.path(), "old/x/MigratedPolicy.json", "{}");
    let intake = intake(&folder);
    assert_eq!(
        documents(&intake),
        [
            (Part::Connector, "old/x/connectors/a.XML"),
            (Part::Connector, "old/x/connectors/b.xml"),
            (Part::GlobalSettings, "old/x/z.Xml"),
            (Part::SyncRule, "old/x/anything.xml"),
        ]
    );
    assert_eq!(intake.ignored, ["old/x/PersistedState.xml", "old/x/note.xml"]);
    assert!(intake.gaps.is_empty());
}

#[test]
fn encodings_of_editors_are_read() {
    let folder = export();
    let utf16: Vec<u8> = format!("\u{feff}{RULE}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    put(folder.path(), "SynchronizationRules/b.xml", utf16);
    put(
        folder.path(),
        "SynchronizationRules/c.xml",
        format!("\u{feff}{}", RULE.replace('>', ">\r\n")),
    );
    let intake = intake(&folder);
    assert_eq!(intake.documents.len(), 5);
    assert!(
        intake
            .documents
            .iter()
            .all(|document| !document.text.starts_with('\u{feff}'))
    );
    assert!(
        intake
            .documents
            .iter()
            .all(|document| parse(&document.text, &Limits::default()).is_ok())
    );
}

#[test]
fn identical_files_are_documents_each() {
    let folder = export();
    put(folder.path(), "SynchronizationRules/copy.xml", RULE);
    assert_eq!(intake(&folder).documents.len(), 4);
}

#[test]
fn damaged_files_are_gaps_and_the_rest_goes_on() {
    let zip = [b'P', b'K', 3, 4, 20, 0, 0, 0, 0xFF, 0x9A];
    let cases: [(&str, &[u8], &str); 8] = [
        ("empty", b"", "empty"),
        ("mark", b"\xEF\xBB\xBF", "empty"),
        ("zeros", &[0; 4096], "zero bytes"),
        ("text", b"hello", "text, not XML"),
        ("zip", &zip, "binary"),
        ("latin", b"<synchronizationRule><name>Z\xFCrich</name>", "0xFC"),
        ("other", b"<html/>", "<html>: this is not a sync rule"),
        ("begun", b"<?xml version='1.0'?>", "cut off"),
    ];
    for (name, bytes, words) in cases {
        let folder = export();
        put(folder.path(), &format!("SynchronizationRules/{name}.xml"), bytes);
        let (part, file, problem) = gap(&folder);
        assert_eq!(
            (part.as_str(), file),
            ("SynchronizationRules", format!("SynchronizationRules/{name}.xml"))
        );
        assert!(
            problem.contains(words) && problem.contains("export again"),
            "{name}: {problem}"
        );
        assert_eq!(intake(&folder).documents.len(), 3);
    }
}

#[test]
fn the_place_names_the_part_of_a_gap() {
    for (path, part) in [
        ("x/connectors/y.xml", "Connectors"),
        ("MV.xml", "GlobalSettings"),
        ("connector_{x}.xml", "Connectors"),
        ("x/SYNCHRONIZATIONRULE_{y}.XML", "SynchronizationRules"),
        ("x/y.xml", "*"),
    ] {
        let folder = export();
        put(folder.path(), path, b"");
        assert_eq!(gap(&folder).0, part, "{path}");
    }
}

#[test]
fn a_bad_byte_has_a_place() {
    let folder = export();
    put(folder.path(), "Connectors/x.xml", b"<ma-data>\n<name>\xFF");
    let gaps = intake(&folder).gaps;
    assert_eq!((gaps[0].line, gaps[0].column), (Some(2), Some(7)));
}

#[test]
fn a_missing_part_is_a_gap_unless_one_names_it() {
    let folder = export();
    fs::remove_dir_all(folder.path().join("Connectors")).unwrap();
    let (part, file, problem) = gap(&folder);
    assert_eq!((part.as_str(), file.as_str()), ("Connectors", ""));
    assert!(problem.contains("missing or empty") && problem.contains("Get-ADSyncServerConfiguration"));
    put(folder.path(), "Connectors/Connector_{a}.xml", "");
    assert!(gap(&folder).2.contains("the file is empty"));
}

#[test]
fn folders_that_are_no_export_are_refused() {
    let folder = TempDir::new().unwrap();
    let error = |path: &Path| read(path, &Limits::default()).unwrap_err().to_string();
    assert!(error(folder.path()).contains("Connectors, GlobalSettings, SynchronizationRules"));
    put(folder.path(), "a.xml", "<html/>");
    put(folder.path(), "b.xml", "");
    let words = error(folder.path());
    assert!(
        words.contains("a.xml is something else") && words.contains("b.xml: the file is empty"),
        "{words}"
    );
    assert!(matches!(
        read(&folder.path().join("a.xml"), &Limits::default()),
        Err(IntakeError::NotAFolder { .. })
    ));
    assert!(error(&folder.path().join("nothing")).contains("does not exist"));
    for part in Part::ALL {
        fs::create_dir(folder.path().join(part.folder())).unwrap();
    }
    assert!(matches!(
        read(folder.path(), &Limits::default()),
        Err(IntakeError::NoExport { .. })
    ));
}

#[test]
fn two_exports_are_refused_by_name() {
    let folder = TempDir::new().unwrap();
    for server in ["SYNC01", "SYNC02"] {
        put(folder.path(), &format!("{server}/GlobalSettings/MV.xml"), MV);
    }
    let words = read(folder.path(), &Limits::default()).unwrap_err().to_string();
    assert!(
        words.contains("SYNC01") && words.contains("SYNC02") && words.contains("name one"),
        "{words}"
    );
    assert!(
        !words.contains("GlobalSettings"),
        "the servers' folders are named: {words}"
    );
    fs::remove_file(folder.path().join("SYNC02/GlobalSettings/MV.xml")).unwrap();
    for server in ["SYNC01", "SYNC02"] {
        put(
            folder.path(),
            &format!("{server}/Connectors/Connector_{{a}}.xml"),
            CONNECTOR,
        );
    }
    assert!(matches!(
        read(folder.path(), &Limits::default()),
        Err(IntakeError::SeveralExports { .. })
    ));
    let flat = TempDir::new().unwrap();
    put(flat.path(), "a/MV.xml", MV);
    put(flat.path(), "b/MV.xml", MV);
    assert!(matches!(
        read(flat.path(), &Limits::default()),
        Err(IntakeError::SeveralExports { .. })
    ));
}

#[test]
fn a_second_set_of_global_settings_is_a_gap() {
    let folder = export();
    put(folder.path(), "GlobalSettings/MV - Copy.xml", MV);
    let (part, file, problem) = gap(&folder);
    assert_eq!(
        (part.as_str(), file.as_str()),
        ("GlobalSettings", "GlobalSettings/MV.xml")
    );
    assert!(problem.contains("MV - Copy.xml"), "{problem}");
}

#[test]
fn limits_of_size_are_kept() {
    let folder = export();
    let with = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        read(folder.path(), &limits)
    };
    assert!(matches!(
        with(|l| l.files = 2),
        Err(IntakeError::TooManyFiles { limit: 2, .. })
    ));
    assert!(matches!(
        with(|l| l.total_bytes = 100),
        Err(IntakeError::TooLarge { .. })
    ));
    assert!(with(|l| l.files = 3).is_ok());
    let gaps = with(|l| l.file_bytes = 50).unwrap().gaps;
    assert!(
        gaps.iter().all(|gap| gap.problem.contains("more than 50 bytes")),
        "{gaps:?}"
    );
    assert_eq!(gaps.len(), 2);
    put(folder.path(), "a/b/c/d/e.txt", "");
    assert!(matches!(
        with(|l| l.folder_depth = 3),
        Err(IntakeError::TooDeep { limit: 3, .. })
    ));
    assert!(with(|l| l.folder_depth = 4).is_ok());
}

#[test]
fn a_large_file_is_read_whole_unless_it_is_something_else() {
    let folder = export();
    let large = format!(
        "<synchronizationRule><name>{}é</name></synchronizationRule>",
        "ü".repeat(100_000)
    );
    put(folder.path(), "x/large.xml", &large);
    put(
        folder.path(),
        "x/huge.xml",
        format!("<cs-objects a='{}'/>", "ü".repeat(200_001)),
    );
    let limits = Limits {
        file_bytes: 300_000,
        ..Limits::default()
    };
    let intake = read(folder.path(), &limits).unwrap();
    assert!(intake.documents.iter().any(|document| *document.text == large));
    assert_eq!(intake.ignored, ["x/huge.xml"]);
    assert!(intake.gaps.is_empty());
}

#[test]
fn companion_files_of_copies_are_ignored() {
    let folder = export();
    put(
        folder.path(),
        "Connectors/._Connector_{a}.xml",
        [0, 5, 0x16, 7, 0, 2, 0, 0],
    );
    let intake = intake(&folder);
    assert!(intake.gaps.is_empty());
    assert_eq!(intake.ignored, ["Connectors/._Connector_{a}.xml"]);
}

#[cfg(unix)]
#[path = "tests_unix.rs"]
mod unix;
