//! Bad input that only Unix can show: missing rights, links that lead round in
//! circles, pipes in the place of files, names that no other system allows.
//!
//! Rights are taken away from another account, for root ignores them; where
//! there is no other account to be, the test says that it is skipped.

#![cfg(unix)]
use crate::support::damage::PARTS;
use crate::support::export::Pair;
use crate::support::text;
use crate::support::traps::file_with;
use crate::support::trial::{Trial, listing, trial, trial_as_nobody};
use crate::support::zipped::{drifting, of_folder};
use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

fn json(primary: &Path, staging: &Path) -> Vec<OsString> {
    let words: [&OsStr; 5] = [
        "compare".as_ref(),
        primary.as_ref(),
        staging.as_ref(),
        "--format".as_ref(),
        "json".as_ref(),
    ];
    words.map(OsStr::to_owned).to_vec()
}

fn of_pair(pair: &Pair) -> Trial {
    trial(&json(&pair.primary(), &pair.staging()))
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The drifting pair, open to everybody.
fn open_pair() -> Pair {
    let pair = drifting();
    chmod(pair.folder.path(), 0o755);
    pair
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn what_may_not_be_read_inside_an_export_is_a_gap() {
    let rule = |pair: &Pair| file_with(&pair.staging(), "SynchronizationRules", "synchronizationRule");
    for part in PARTS.map(|(part, _)| part) {
        for (mode, whole) in [(0o000, true), (0o444, false)] {
            let pair = open_pair();
            chmod(&pair.staging().join(part), mode);
            let Some(trial) = trial_as_nobody(&json(&pair.primary(), &pair.staging())) else {
                return;
            };
            chmod(&pair.staging().join(part), 0o755);
            assert!([1, 3].contains(&trial.code), "{trial:?}");
            let report = trial.report();
            let gaps = report["gaps"].as_array().unwrap();
            let named = gaps.iter().any(|gap| {
                let (file, problem) = (text(&gap["file"]), text(&gap["problem"]));
                file.starts_with(part)
                    && (file == part) == whole
                    && problem.contains("permission denied")
                    && problem.contains("use an account that may read it")
            });
            assert!(named, "{part} {mode:o}: {gaps:?}");
            assert_ne!(report["verdict"], "parity");
        }
    }
    // A file of any name may be a document.
    for name in ["rule.xml", "rule.txt", "rule"] {
        let pair = open_pair();
        let file = rule(&pair).with_file_name(name);
        fs::rename(rule(&pair), &file).unwrap();
        chmod(&file, 0);
        let Some(trial) = trial_as_nobody(&json(&pair.primary(), &pair.staging())) else {
            return;
        };
        assert_eq!(trial.code, 3, "{trial:?}");
        let gap = trial.gap(&format!("SynchronizationRules/{name}"));
        assert!(text(&gap["problem"]).contains("permission denied"), "{gap}");
    }
}

#[test]
fn a_server_that_may_not_be_read_is_2() {
    let pair = open_pair();
    let archive = pair.folder.path().join("SYNC02.zip");
    of_folder(&pair.staging(), &archive);
    chmod(&pair.staging(), 0);
    chmod(&archive, 0);
    for (server, word) in [(pair.staging(), "staging"), (archive, "SYNC02.zip")] {
        for (left, right) in [(pair.primary(), server.clone()), (server.clone(), pair.primary())] {
            let Some(trial) = trial_as_nobody(&json(&left, &right)) else {
                return;
            };
            trial.assert_refused(&[word, "permission denied", "use an account that may read it"]);
        }
    }
    chmod(&pair.staging(), 0o755);
    for (_, folder) in PARTS.map(|(part, _)| (part, pair.staging().join(part))) {
        chmod(&folder, 0);
    }
    let Some(trial) = trial_as_nobody(&json(&pair.primary(), &pair.staging())) else {
        return;
    };
    trial.assert_refused(&["nothing can be read", "Connectors", "use an account that may read it"]);
    for (_, folder) in PARTS.map(|(part, _)| (part, pair.staging().join(part))) {
        chmod(&folder, 0o755);
    }
}

#[test]
fn an_output_where_one_may_not_write_is_2_before_the_work() {
    let pair = open_pair();
    let before = listing(pair.folder.path());
    for (flag, name) in [("-o", "report.json"), ("--write-accept", "accepted.toml")] {
        let mut arguments = json(&pair.primary(), &pair.staging());
        arguments.extend([flag.into(), pair.folder.path().join(name).into_os_string()]);
        let Some(trial) = trial_as_nobody(&arguments) else {
            return;
        };
        trial.assert_refused(&[flag, name, "cannot write in", "choose another"]);
        assert_eq!(listing(pair.folder.path()), before);
    }
    let pipe_out = pair.folder.path().join("pipe.json");
    pipe(&pipe_out);
    let mut arguments = json(&pair.primary(), &pair.staging());
    arguments.extend(["-o".into(), pipe_out.into_os_string()]);
    trial(&arguments).assert_refused(&["pipe.json", "no regular file", "name another"]);
}

#[test]
fn pipes_and_devices_are_never_waited_for() {
    let pair = drifting();
    let pipe_in = pair.folder.path().join("pipe");
    pipe(&pipe_in);
    for server in [pipe_in, PathBuf::from("/dev/zero"), PathBuf::from("/dev/null")] {
        let word = server.to_str().unwrap().to_owned();
        for (left, right) in [(pair.primary(), server.clone()), (server.clone(), pair.primary())] {
            trial(&json(&left, &right)).assert_refused(&[&word, "neither a folder nor a .zip"]);
        }
    }
    pipe(&pair.staging().join("SynchronizationRules/rule.xml"));
    pipe(&pair.staging().join("SynchronizationRules/other"));
    let run = of_pair(&pair);
    let gap = run.gap("SynchronizationRules/rule.xml");
    assert!(text(&gap["problem"]).contains("no regular file; put a copy"), "{gap}");
    for (part, _) in PARTS {
        let pair = drifting();
        fs::remove_dir_all(pair.staging().join(part)).unwrap();
        pipe(&pair.staging().join(part));
        let gaps = of_pair(&pair).report()["gaps"].to_string();
        assert!(gaps.contains(part) && gaps.contains("export again"), "{gaps}");
    }
}

#[test]
fn links_that_lead_in_circles_or_nowhere_end() {
    let pair = drifting();
    let round = pair.folder.path().join("round");
    symlink(&round, &round).unwrap();
    for (left, right) in [(pair.primary(), round.clone()), (round.clone(), pair.primary())] {
        trial(&json(&left, &right)).assert_refused(&["round cannot be read", "copy the export"]);
    }
    let own = pair.staging();
    symlink(&own, own.join("again")).unwrap();
    assert_eq!(of_pair(&pair).code, 1, "a circle inside the export hides nothing");
    for (name, target) in [("self.xml", "self.xml"), ("gone.xml", "/gone"), ("lost", "/gone")] {
        let link = own.join("SynchronizationRules").join(name);
        symlink(target, &link).unwrap();
        let gap = of_pair(&pair).gap(&format!("SynchronizationRules/{name}"));
        assert!(
            text(&gap["problem"]).contains("links are not followed; put a copy"),
            "{gap}"
        );
        fs::remove_file(link).unwrap();
    }
    for (part, _) in PARTS {
        let pair = drifting();
        fs::remove_dir_all(pair.staging().join(part)).unwrap();
        symlink(part, pair.staging().join(part)).unwrap();
        let gap = of_pair(&pair).gap(part);
        assert_eq!(gap["part"], part);
    }
}

/// Clears the screen, turns the text round, begins a line that looks like a verdict.
const EVIL: &str = "\u{1b}[2J\u{202e}x\nPARITY: no\r\t\u{7}";
const SHOWN: [&str; 2] = ["\\u{1b}[2J\\u{202e}x\\u{a}PARITY", "\\u{d}"];

#[test]
fn names_cannot_write_to_the_terminal() {
    let pair = drifting();
    let missing = pair.folder.path().join(EVIL);
    for (left, right) in [(pair.primary(), missing.clone()), (missing.clone(), pair.primary())] {
        let run = trial(&json(&left, &right));
        run.assert_refused(&SHOWN);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    let out = missing.join("report.json");
    let mut arguments = json(&pair.primary(), &pair.staging());
    arguments.extend(["-o".into(), out.into_os_string()]);
    let run = trial(&arguments);
    run.assert_refused(&SHOWN);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    let file = pair.staging().join("SynchronizationRules").join(format!("{EVIL}.xml"));
    fs::write(&file, "<x").unwrap();
    of_pair(&pair).gap(&format!("SynchronizationRules/{EVIL}.xml"));
    for more in [&[][..], &["-v"], &["--summary"], &["--color", "never"]] {
        let mut arguments = json(&pair.primary(), &pair.staging());
        arguments.truncate(3);
        arguments.extend(more.iter().map(OsString::from));
        let run = trial(&arguments);
        assert_eq!(run.code, 1);
        let forged = run.stdout.lines().any(|line| line.trim_start().starts_with("PARITY"));
        assert!(!forged, "{}", run.stdout);
    }
    fs::rename(pair.staging(), &missing).unwrap();
    assert_eq!(
        trial(&json(&pair.primary(), &missing)).code,
        1,
        "such a folder can be read"
    );
    trial(&json(&missing, &missing)).assert_refused(&SHOWN);
}

#[test]
fn names_that_are_no_text_are_read_and_shown() {
    let pair = drifting();
    let odd = pair.folder.path().join(OsStr::from_bytes(b"SYNC\xff02"));
    fs::rename(pair.staging(), &odd).unwrap();
    let rules = odd.join("SynchronizationRules");
    fs::write(rules.join(OsStr::from_bytes(b"\xfe\xff.xml")), "<x").unwrap();
    let run = trial(&json(&pair.primary(), &odd));
    assert_eq!(run.code, 1);
    run.gap("SynchronizationRules/\u{fffd}\u{fffd}.xml");
    trial(&json(&odd, &odd)).assert_refused(&["SYNC\u{fffd}02"]);
}
