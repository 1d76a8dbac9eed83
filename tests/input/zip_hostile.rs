//! A .zip that is damaged, or made to do harm, does none: it is refused with a
//! remedy, or what cannot be read of it is a gap.

use crate::support;
use crate::support::run;
use crate::support::zipped::{CONNECTOR, MV, RULE, Zip, drifting, export, gap, read, read_with, replace, set};
use std::fs;
use syncdrift::intake::{IntakeError, Limits};

#[test]
fn names_that_lead_out_refuse_the_whole_archive() {
    for name in [
        "../evil.txt",
        "Conn/../../a",
        "/etc/passwd",
        "C:/Windows/x",
        r"..\evil.txt",
        r"\\server\s",
        "a/..",
    ] {
        let place = "x".repeat(name.len());
        let mut bytes = export().file(&place, b"x").bytes();
        replace(&mut bytes, &place, name);
        let error = read(&bytes).unwrap_err();
        assert!(matches!(error, IntakeError::UnsafeName { .. }), "{name}: {error}");
        let words = error.to_string();
        assert!(
            words.contains(&format!("{name:?}")) && words.contains("make it again"),
            "{words}"
        );
    }
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut bytes = export()
        .file("Connectors/1.xml", CONNECTOR)
        .file("Connectors/2.xml", CONNECTOR)
        .bytes();
    assert_eq!(read(&bytes).unwrap().documents.len(), 5);
    replace(&mut bytes, "Connectors/2.xml", "Connectors/1.xml");
    let error = read(&bytes).unwrap_err();
    assert!(matches!(error, IntakeError::DuplicateName { .. }), "{error}");
    let spelled = export()
        .file("Connectors/1.xml", CONNECTOR)
        .file(r"Connectors\1.xml", CONNECTOR);
    let words = read(&spelled.bytes()).unwrap_err().to_string();
    assert!(words.contains("\"Connectors/1.xml\""), "{words}");
}

#[test]
fn links_and_encrypted_or_unusual_entries_are_gaps() {
    let link = export().link("Connectors/link.xml", "../../etc/passwd").bytes();
    let (part, file, problem) = gap(&link);
    assert_eq!((part.as_str(), file.as_str()), ("Connectors", "Connectors/link.xml"));
    assert!(problem.contains("links are not followed"), "{problem}");
    let name = "SynchronizationRules/b.xml";
    let (flags, method) = (8, 10);
    for (at, value, word) in [(flags, [1, 0], "without a password"), (method, [9, 0], "deflate")] {
        let mut bytes = export().file(name, RULE).bytes();
        set(&mut bytes, name, at, &value);
        let (part, file, problem) = gap(&bytes);
        assert_eq!((part.as_str(), file.as_str()), ("SynchronizationRules", name));
        assert!(problem.contains(word), "{problem}");
    }
}

/// A link says the same of an archive as of its folder: what it leads to is read in its own place, or nowhere.
#[test]
fn a_link_is_a_gap_unless_what_it_leads_to_is_read_anyway() {
    for (name, target) in [
        ("readme", "elsewhere"),
        ("readme", "/etc"),
        ("readme", "../export/Connectors"),
        ("readme", ""),
        ("old/Connectors", "../Connectors"),
        ("Connectors/copy.xml", "Connector_{a}.xml"),
    ] {
        let (_, file, problem) = gap(&export().link(name, target).bytes());
        assert_eq!(file, name, "-> {target}");
        assert!(problem.contains("put a copy in its place"), "{problem}");
    }
    for (name, target) in [
        ("latest", "Connectors"),
        ("latest", "./"),
        ("Connectors/first", "Connector_{a}.xml"),
        ("Connectors/up", "../GlobalSettings/MV.xml"),
    ] {
        let intake = read(&export().link(name, target).bytes()).unwrap();
        assert!(intake.gaps.is_empty(), "{name} -> {target}: {:?}", intake.gaps);
        assert_eq!(intake.documents.len(), 3);
    }
    // A link to a link leads to what cannot be told; a target longer than a path leads nowhere.
    let chain = export().link("one", "two").link("two", "Connectors").bytes();
    assert_eq!(gap(&chain).1, "one");
    let long = "./".repeat(1 << 20) + "Connectors";
    assert_eq!(gap(&export().link("long", &long).bytes()).1, "long");
}

#[test]
fn nested_archives_and_companion_files_are_left_alone() {
    let bytes = export()
        .file("old/inner.zip", &export().bytes())
        .file("__MACOSX/Connectors/._Connector_{a}.xml", b"")
        .file("Connectors/._Connector_{a}.xml", b"\0\x05\x16\x07")
        .file("readme.txt", b"x")
        .bytes();
    let intake = read(&bytes).unwrap();
    assert!(intake.gaps.is_empty(), "{:?}", intake.gaps);
    assert_eq!(intake.documents.len(), 3);
    assert_eq!(
        intake.ignored,
        [
            "Connectors/._Connector_{a}.xml",
            "__MACOSX/Connectors/._Connector_{a}.xml",
            "old/inner.zip"
        ]
    );
    let only = Zip::default().file("inner.zip", &export().bytes());
    let words = read(&only.bytes()).unwrap_err().to_string();
    assert!(words.contains("inner.zip is an archive of its own"), "{words}");
}

#[test]
fn a_damaged_entry_is_a_gap_and_the_rest_is_read() {
    let name = "SynchronizationRules/b.xml";
    let mut bytes = Zip::stored()
        .file("GlobalSettings/MV.xml", MV)
        .file("Connectors/Connector_{a}.xml", CONNECTOR)
        .file("SynchronizationRules/a.xml", RULE)
        .file(
            name,
            b"<synchronizationRule><name>unharmed</name></synchronizationRule>",
        )
        .bytes();
    let whole = bytes.clone();
    replace(&mut bytes, "unharmed", "harmed!!");
    let (part, file, problem) = gap(&bytes);
    assert_eq!((part.as_str(), file.as_str()), ("SynchronizationRules", name));
    assert!(
        problem.contains("damaged") && problem.contains("make the .zip again"),
        "{problem}"
    );
    assert_eq!(read(&bytes).unwrap().documents.len(), 3);
    let (size, offset) = (24, 42);
    for (at, value) in [(size, [9, 0, 0, 0]), (offset, [1, 0, 0, 0]), (offset, [0, 0, 0, 64])] {
        let mut bytes = whole.clone();
        set(&mut bytes, name, at, &value);
        assert_eq!(gap(&bytes).1, name, "whatever the header says");
    }
}

#[test]
fn an_archive_cut_off_anywhere_is_2_with_a_remedy() {
    let bytes = export().bytes();
    for cut in 4..bytes.len() {
        let error = read(&bytes[..cut]).unwrap_err();
        assert!(matches!(error, IntakeError::DamagedArchive { .. }), "at {cut}: {error}");
    }
    let pair = drifting();
    let path = pair.folder.path().join("cut.zip");
    fs::write(&path, &bytes[..bytes.len() - 30]).unwrap();
    let run = run(["compare".as_ref(), path.as_os_str(), pair.staging().as_os_str()]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("cut.zip") && run.stderr.contains("copy or make it again"),
        "{}",
        run.stderr
    );
}

#[test]
fn changed_bytes_never_make_it_panic() {
    let bytes = export().link("Connectors/l.xml", "x").bytes();
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..1_000 {
        let mut changed = bytes.clone();
        for _ in 0..3 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let at = seed as usize % changed.len();
            changed[at] = (seed >> 32) as u8;
        }
        let _ = read(&changed);
    }
}

#[test]
fn limits_of_size_number_and_depth_are_kept() {
    let bytes = export().file("a/b/c/d/e.txt", b"").bytes();
    let with = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        read_with(&bytes, &limits)
    };
    assert!(matches!(
        with(|l| l.files = 3),
        Err(IntakeError::TooManyEntries { limit: 3, .. })
    ));
    assert!(with(|l| l.files = 4).is_ok());
    assert!(matches!(
        with(|l| l.total_bytes = 100),
        Err(IntakeError::LargeArchive { .. })
    ));
    let long = [RULE, &b" ".repeat(20_000)].concat();
    let unfolding = export().file("SynchronizationRules/b.xml", &long).bytes();
    let limits = Limits {
        total_bytes: 10_000,
        ..Limits::default()
    };
    assert!(matches!(
        read_with(&unfolding, &limits),
        Err(IntakeError::TooLarge { .. })
    ));
    assert!(matches!(
        with(|l| l.folder_depth = 3),
        Err(IntakeError::TooDeep { limit: 3, .. })
    ));
    let gaps = with(|l| l.file_bytes = 50).unwrap().gaps;
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    assert!(
        gaps.iter().all(|gap| gap.problem.contains("more than 50 bytes")),
        "{gaps:?}"
    );
}

#[test]
fn a_claim_of_countless_entries_is_refused_before_room_is_made_for_them() {
    let mut bytes = export().bytes();
    bytes.truncate(bytes.len() - 22);
    let at = bytes.len() as u64;
    let count = (1_u64 << 40).to_le_bytes();
    let mut record = b"PK\x06\x06".to_vec();
    record.extend(44_u64.to_le_bytes());
    record.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    record.extend(count.iter().chain(&count).chain(&[0; 16]));
    bytes.extend(record);
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(at.to_le_bytes());
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([0xFF; 12]);
    bytes.extend([0, 0]);
    assert!(matches!(read(&bytes), Err(IntakeError::TooManyEntries { .. })));
}

#[test]
fn a_large_directory_is_not_read_to_its_end() {
    let mut zip = export();
    for number in 0..200 {
        zip = zip.file(&format!("{}/{number}", "x".repeat(20_000)), b"");
    }
    let limits = Limits {
        files: 1_000,
        ..Limits::default()
    };
    let error = read_with(&zip.bytes(), &limits).unwrap_err();
    assert!(matches!(error, IntakeError::TooManyEntries { .. }), "{error}");
}

/// A mebibyte of zeros becomes a kilobyte: so 10 MB become 10 GB.
#[test]
fn an_archive_that_unfolds_without_end_is_refused_at_once() {
    let pair = drifting();
    let path = pair.folder.path().join("bomb.zip");
    export().zeros("Connectors/bomb.xml", 1024).write(&path);
    assert!(fs::metadata(&path).unwrap().len() < 2 << 20);
    let staging = pair.staging();
    let begin = std::time::Instant::now();
    let arguments = ["compare".as_ref(), path.as_os_str(), staging.as_os_str()];
    let run = bounded(&arguments);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("\"Connectors/bomb.xml\" unfolds to more than 200 times")
            && run.stderr.contains("unpack"),
        "{}",
        run.stderr
    );
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    // Where nobody looks for a document it is never opened.
    let aside = export().zeros("Connectors/bomb.bin", 8).bytes();
    assert!(read(&aside).unwrap().gaps.is_empty());
}

#[test]
fn many_small_bombs_are_one() {
    let mut zip = export();
    for number in 0..40 {
        zip = zip.zeros(&format!("Connectors/{number}.xml"), 1);
    }
    let error = read(&zip.bytes()).unwrap_err();
    assert!(matches!(error, IntakeError::Bomb { .. }), "{error}");
}

/// Runs the program, on Unix with less memory than the bomb would fill.
fn bounded(arguments: &[&std::ffi::OsStr]) -> support::Run {
    if cfg!(not(unix)) {
        return run(arguments);
    }
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            "ulimit -v 500000; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_syncdrift"),
        ])
        .args(arguments)
        .output()
        .unwrap();
    output.into()
}
