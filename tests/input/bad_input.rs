//! Input that nobody meant well, seen from outside: the exit code, a message
//! that names the place and the remedy, nothing written, no panic, no waiting.
//!
//! A file that cannot be read is a gap, so the answer is incomplete (3) or
//! drift (1); a server that cannot be read is exit 2. What archives hide is in
//! `zip_hostile.rs`; here they stand beside the folders.

use crate::support;
use crate::support::damage::{DAMAGES, Damage, PARTS, of, sparse};
use crate::support::export::{Export, Pair, Rule, direct};
use crate::support::text;
use crate::support::traps::{edit, file_with, files, primary_with};
use crate::support::trial::{Trial, listing, trial};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

fn equal() -> Pair {
    let rule = Rule::inbound("In from AD – Überall €", 50)
        .scope(&[("department", "EQUAL", "Sales")])
        .flow(direct("department", "department"));
    let primary = primary_with([rule]);
    Pair::of(&primary, &Export::staging_of(&primary))
}

/// Compares to JSON.
fn compared(primary: &Path, staging: &Path) -> Trial {
    trial(&[
        "compare".as_ref(),
        primary.as_os_str(),
        staging.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ])
}

fn of_pair(pair: &Pair) -> Trial {
    compared(&pair.primary(), &pair.staging())
}

type Side = (&'static str, fn(&Pair) -> PathBuf);
const SIDES: [Side; 2] = [("SYNC01", Pair::primary), ("SYNC02", Pair::staging)];

/// Every kind of document on both servers: (server, part, path below it, file).
fn documents(pair: &Pair) -> Vec<(&'static str, &'static str, String, PathBuf)> {
    let mut all = Vec::new();
    for (server, folder) in SIDES {
        for (part, text) in PARTS {
            let file = file_with(&folder(pair), part, text);
            let name = file.file_name().unwrap().to_string_lossy();
            all.push((server, part, format!("{part}/{name}"), file));
        }
    }
    all
}

/// The gap about a damaged document: which server, which part, which file, what to do.
fn assert_gap(trial: &Trial, server: &str, part: &str, path: &str, damage: &Damage) {
    let what = format!("{} in {path} of {server}", damage.name);
    assert_eq!(trial.code, 3, "{what}: {trial:?}");
    assert_eq!(trial.report()["verdict"], "incomplete", "{what}");
    let gap = trial.gap(path);
    assert_eq!(gap["part"], part, "{what}");
    // Without global settings a server has no name but its place.
    let known = part != "GlobalSettings";
    assert!(!known || gap["server"] == server, "{what}: {gap}");
    for word in damage.words {
        assert!(text(&gap["problem"]).contains(word), "{what}: {word:?} in {gap}");
    }
    assert_eq!(gap["line"].as_u64().is_some(), damage.line, "{what}: {gap}");
}

#[test]
fn a_damaged_document_is_a_gap_with_file_line_and_remedy() {
    let pair = equal();
    assert_eq!(of_pair(&pair).code, 0);
    for (server, part, path, file) in documents(&pair) {
        let old = fs::read(&file).unwrap();
        for damage in DAMAGES {
            fs::write(&file, (damage.make)(&old)).unwrap();
            assert_gap(&of_pair(&pair), server, part, &path, damage);
        }
        fs::write(&file, old).unwrap();
    }
}

#[test]
fn a_document_cut_off_anywhere_is_a_gap() {
    let pair = equal();
    for (server, part, path, file) in documents(&pair) {
        let old = fs::read(&file).unwrap();
        for sixteenth in 1..16 {
            fs::write(&file, &old[..old.len() * sixteenth / 16]).unwrap();
            let trial = of_pair(&pair);
            let what = format!("{sixteenth}/16 of {path} of {server}");
            assert_eq!(trial.code, 3, "{what}: {trial:?}");
            let gap = trial.gap(&path);
            assert_eq!(gap["part"], part, "{what}");
            let problem = text(&gap["problem"]);
            assert!(
                problem.contains("cut off") && problem.contains("export again"),
                "{what}: {gap}"
            );
            assert!(gap["line"].as_u64().is_some(), "{what}: {gap}");
        }
        fs::write(&file, old).unwrap();
    }
}

#[test]
fn a_file_of_gigabytes_is_refused_unread() {
    let pair = equal();
    for (server, part, path, file) in documents(&pair) {
        let old = fs::read(&file).unwrap();
        for start in [&b""[..], &old] {
            sparse(&file, start, 5 << 30);
            let large = Damage {
                name: "huge",
                make: <[u8]>::to_vec,
                words: &["more than 268435456 bytes", "export again"],
                line: false,
            };
            assert_gap(&of_pair(&pair), server, part, &path, &large);
        }
        fs::write(&file, old).unwrap();
    }
    // Under any other name, a file that is no document is no matter whatever its size.
    sparse(&pair.staging().join("disk.img"), b"", 5 << 30);
    assert_eq!(of_pair(&pair).code, 0);
}

#[test]
fn drift_is_1_whatever_else_cannot_be_read() {
    let pair = equal();
    let rule = file_with(&pair.staging(), "SynchronizationRules", "synchronizationRule");
    edit(&rule, "Sales", "Finance");
    for name in ["empty", "zeros", "inside a tag", "depth", "entity expansion"] {
        let file = pair.staging().join("SynchronizationRules/other.xml");
        let old = fs::read(&rule).unwrap();
        fs::write(&file, (of(name).make)(&old)).unwrap();
        let trial = of_pair(&pair);
        assert_eq!(trial.code, 1, "{name}: {trial:?}");
        assert_eq!(trial.report()["findings"][0]["id"], "rule-scoping-filter", "{name}");
        trial.gap("SynchronizationRules/other.xml");
    }
}

#[test]
fn the_text_report_names_what_was_not_read() {
    for damage in DAMAGES {
        let pair = equal();
        let file = file_with(&pair.staging(), "SynchronizationRules", "synchronizationRule");
        let old = fs::read(&file).unwrap();
        fs::write(&file, (damage.make)(&old)).unwrap();
        let trial = trial(&[
            "compare".as_ref(),
            pair.primary().as_os_str(),
            pair.staging().as_os_str(),
        ]);
        assert_eq!(trial.code, 3);
        assert!(trial.stdout.starts_with("INCOMPLETE"), "{}", trial.stdout);
        // Lines are wrapped, within long names too.
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let words = squeezed(&trial.stdout);
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for word in damage.words.iter().chain(&["NOT READ", "SYNC02", &name]) {
            assert!(
                words.contains(&squeezed(word)),
                "{}: {word:?} in {}",
                damage.name,
                trial.stdout
            );
        }
    }
}

#[test]
fn a_missing_folder_is_a_gap_and_so_is_what_stands_in_its_place() {
    for (_, folder) in SIDES {
        for (part, _) in PARTS {
            let pair = equal();
            let place = folder(&pair).join(part);
            fs::remove_dir_all(&place).unwrap();
            let assert_missing = |what: &str| {
                let trial = of_pair(&pair);
                assert_eq!(trial.code, 3, "{what} {part}: {trial:?}");
                let report = trial.report();
                let gaps = report["gaps"].as_array().unwrap();
                let named = gaps.iter().any(|gap| {
                    let problem = text(&gap["problem"]);
                    gap["part"] == part && (problem.contains("export again") || problem.contains("put a copy"))
                });
                assert!(named, "{what} {part}: {gaps:?}");
            };
            assert_missing("no");
            fs::write(&place, "a file").unwrap();
            assert_missing("a file for");
            fs::remove_file(&place).unwrap();
            fs::create_dir(&place).unwrap();
            assert_missing("an empty");
        }
    }
}

/// Compares with this as the primary, as staging, and as another staging server: exit 2 with these words, and nothing
/// is written.
fn assert_refused_everywhere(server: &Path, words: &[&str]) {
    let pair = equal();
    let out = pair.folder.path().join("report.json");
    let before = listing(pair.folder.path());
    let (primary, staging) = (pair.primary(), pair.staging());
    for servers in [
        vec![server, &staging],
        vec![&primary, server],
        vec![&primary, &staging, server],
    ] {
        let mut arguments: Vec<OsString> = vec!["compare".into()];
        arguments.extend(servers.iter().map(OsString::from));
        arguments.extend(["-o".into(), out.clone().into_os_string()]);
        trial(&arguments).assert_refused(words);
        assert_eq!(listing(pair.folder.path()), before, "{words:?}");
    }
}

#[test]
fn a_server_that_cannot_be_read_is_2_on_either_side() {
    let place = tempfile::TempDir::new().unwrap();
    let path = |name: &str| place.path().join(name);
    let command = "Get-ADSyncServerConfiguration";
    assert_refused_everywhere(&path("nowhere"), &["nowhere does not exist", command]);
    fs::create_dir(path("bare")).unwrap();
    assert_refused_everywhere(&path("bare"), &["bare holds nothing", "Connectors", command]);
    fs::write(path("file"), "<ma-data/>").unwrap();
    assert_refused_everywhere(&path("file"), &["file is neither a folder nor a .zip", command]);
    assert_refused_everywhere(&path("file/below"), &["below", command]);
    Export::primary().write(&path("two/a"));
    Export::primary().write(&path("two/b"));
    assert_refused_everywhere(&path("two"), &["more than one export", "two/a", "two/b", "name one"]);
    let mut deep = path("deep");
    Export::primary().write(&deep);
    (0..30).for_each(|_| deep.push("d"));
    fs::create_dir_all(&deep).unwrap();
    assert_refused_everywhere(&path("deep"), &["more than 16 folders below", "name the folder"]);
    for name in ["empty", "zeros", "text", "another root", "binary"] {
        let pair = equal();
        for file in PARTS.iter().flat_map(|(part, _)| files(&pair.staging(), part)) {
            fs::write(&file, (of(name).make)(b"1234")).unwrap();
        }
        let words = ["nothing can be read", "Connectors/Connector_", of(name).words[1]];
        assert_refused_everywhere(
            &pair.staging(),
            if name == "another root" { &words[..2] } else { &words },
        );
    }
}

#[test]
fn one_server_twice_is_2() {
    let pair = equal();
    let copy = pair.folder.path().join("copy");
    Export::primary().write(&copy);
    let (primary, staging) = (pair.primary(), pair.staging());
    let dotted = primary.join("..").join("primary");
    for (servers, word) in [
        ([&primary, &primary], "the same input"),
        ([&primary, &dotted], "the same input"),
        ([&primary, &copy], "exports of the server SYNC01"),
        ([&copy, &primary], "exports of the server SYNC01"),
    ] {
        let words = [word, "primary", "--same-server"];
        trial(&["compare".as_ref(), servers[0].as_os_str(), servers[1].as_os_str()]).assert_refused(&words);
    }
    let several = [
        "compare".as_ref(),
        primary.as_os_str(),
        staging.as_os_str(),
        staging.as_os_str(),
    ];
    trial(&several).assert_refused(&["the same input", "staging"]);
}

#[test]
fn an_output_that_cannot_be_written_or_would_replace_an_input_is_2() {
    let pair = equal();
    let path = |name: &str| pair.folder.path().join(name);
    let archive = path("SYNC02.json");
    support::zipped::of_folder(&pair.staging(), &archive);
    fs::write(path("accepted.json"), "").unwrap();
    fs::create_dir(path("folder.json")).unwrap();
    // A document under another name is still an input: content decides.
    let rule = file_with(&pair.primary(), "SynchronizationRules", "synchronizationRule");
    fs::rename(&rule, rule.with_file_name("rule.json")).unwrap();
    let before = listing(pair.folder.path());
    for (out, words) in [
        ("no/such/report.json", &["no/such", "create the folder"][..]),
        ("folder.json", &["this is a folder"]),
        ("report.docx", &["report.docx", "extension"]),
        ("SYNC02.json", &["SYNC02.json", "an input", "name another"]),
        ("./primary/../SYNC02.json", &["SYNC02.json", "an input"]),
        ("accepted.json", &["accepted.json", "an input"]),
        ("primary/SynchronizationRules/rule.json", &["rule.json", "an input"]),
    ] {
        let arguments = [
            OsString::from("compare"),
            pair.primary().into(),
            archive.clone().into(),
            "--accept".into(),
            path("accepted.json").into(),
            "-o".into(),
            path(out).into(),
        ];
        trial(&arguments).assert_refused(words);
        assert_eq!(listing(pair.folder.path()), before, "{out}");
        assert!(fs::read(&archive).unwrap().starts_with(b"PK"));
    }
}
