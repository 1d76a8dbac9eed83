//! `history`, as its user sees it, over repositories that `snapshot` made.

use crate::support;
use crate::support::files::Files;
use crate::support::forms::every_form;
use crate::support::inside;
use crate::support::meant::{Meant, Wanted, edit_rule};
use crate::support::second::{parameter, second_server};
use crate::support::snapshots::Repo;
use crate::support::{Run, syncdrift, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tempfile::TempDir;

/// Noon of the first day, 2026-01-01.
const FIRST: i64 = 1_767_268_800;
const DAY: i64 = 86_400;
const BRANCH: &str = "syncdrift/snapshots";

/// A pair of servers that somebody edits from day to day.
struct Days {
    repo: Repo,
    folder: TempDir,
    servers: [Files; 2],
    day: i64,
}

impl Days {
    fn new() -> Days {
        let folder = TempDir::new().unwrap();
        every_form().write(folder.path());
        let primary = Files::read(folder.path());
        let mut staging = second_server(&primary);
        staging.replace("SYNC01B", "SYNC02");
        Days {
            repo: Repo::new(),
            folder: TempDir::new().unwrap(),
            servers: [primary, staging],
            day: 0,
        }
    }

    fn date(day: i64) -> String {
        let time = jiff::Timestamp::from_second(FIRST + day * DAY).unwrap();
        time.to_string()[..10].to_owned()
    }

    fn now(&self) -> String {
        (FIRST + self.day * DAY).to_string()
    }

    /// The servers as they are exported today.
    fn write(&self) -> [std::path::PathBuf; 2] {
        ["primary", "staging"]
            .map(|name| self.folder.path().join(name))
            .into_iter()
            .zip(&self.servers)
            .map(|(path, files)| {
                let mut files = files.clone();
                files.replace("2026-11-20 ", &format!("{} ", Days::date(self.day)));
                let _ = std::fs::remove_dir_all(&path);
                files.write(&path);
                path
            })
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    }

    /// Today's snapshot; then it is tomorrow.
    fn snapshot(&mut self) {
        self.snapshot_ends_with(0);
    }

    fn snapshot_ends_with(&mut self, code: i32) {
        let [primary, staging] = self.write();
        let mut command = self.repo.command(&[&primary, &staging]);
        let run: Run = command.env("SOURCE_DATE_EPOCH", self.now()).output().unwrap().into();
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        self.day += 1;
    }

    /// Today's snapshot, with a rule file of staging that cannot be read.
    fn snapshot_with_a_gap(&mut self, path: &str) {
        let broken = "<synchronizationRule><name>".to_owned();
        let whole = self.servers[1].texts.insert(path.to_owned(), broken).unwrap();
        self.snapshot_ends_with(3);
        self.servers[1].texts.insert(path.to_owned(), whole);
    }

    /// The file of a rule of staging.
    fn rule_path(&self, name: &str) -> String {
        let staging = &self.servers[1];
        let has = |path: &String| staging.texts[path].contains(name);
        staging.rule_paths().into_iter().find(has).unwrap()
    }

    fn ask(&self, more: &[&str]) -> Run {
        let mut command = syncdrift();
        command.arg("history").arg("--repo").arg(self.repo.path()).args(more);
        command.env("SOURCE_DATE_EPOCH", self.now()).output().unwrap().into()
    }

    fn history(&self, more: &[&str]) -> Value {
        let run = self.ask(&[&["--format", "json"], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    }
}

/// A number that looks random, always the same ones.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn all<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Whether a change names the rule, and the setting or a part of it.
fn names(change: &Value, rule: &str, wanted: Wanted) -> bool {
    let parts = all(change, "detail");
    let part = |id: &str| parts.iter().any(|part| part["id"] == id);
    change["object"] == rule && (change["id"] == wanted.id || part(wanted.id))
}

type Edits = BTreeMap<(String, &'static str), (String, Meant, Wanted)>;

/// Two hundred days; on some of them somebody edits a rule.
fn two_hundred_days() -> (Days, Edits, Vec<[Files; 2]>) {
    let mut days = Days::new();
    let mut dice = Dice(20_261_121);
    let (mut edits, mut states) = (Edits::new(), Vec::new());
    for day in 0..200 {
        for (server, name) in ["SYNC01", "SYNC02"].into_iter().enumerate() {
            if day > 0 && dice.throw(4) == 0 {
                let (rule, at) = (dice.throw(4), dice.throw(16));
                let (rule, at) = (usize::try_from(rule).unwrap(), usize::try_from(at).unwrap());
                let before = days.servers[server].texts.clone();
                let edit = edit_rule(&mut days.servers[server], rule, at);
                // An edit that was made before changes nothing.
                if let Some(edit) = edit.filter(|_| days.servers[server].texts != before) {
                    edits.insert((Days::date(day), name), edit);
                }
            }
        }
        states.push(days.servers.clone());
        days.snapshot();
    }
    (days, edits, states)
}

#[test]
fn two_hundred_days_of_random_edits_are_told_commit_by_commit() {
    let (days, edits, states) = two_hundred_days();
    let dates: BTreeSet<&String> = edits.keys().map(|(date, _)| date).collect();
    assert!(dates.len() > 60, "{}", dates.len());
    // Days on which nothing changed made no commit, and every day a line in the record.
    assert_eq!(days.repo.commits(BRANCH), dates.len() + 1);
    assert_eq!(days.repo.commits("syncdrift/runs"), 200);
    let history = days.history(&[]);
    let entries = all(&history, "entries");
    assert_eq!(entries.len(), edits.len() + 2);
    for entry in entries {
        let (date, server) = (&text(&entry["time"])[..10], text(&entry["server"]));
        if entry["first"] == true {
            assert_eq!(all(entry, "changes").len(), 0);
            continue;
        }
        let server = if server == "SYNC01" { "SYNC01" } else { "SYNC02" };
        let (rule, edit, wanted) = &edits[&(date.to_owned(), server)];
        // What says the same again, such as a scope group that stands there twice, is expected.
        let told = match all(entry, "changes") {
            [] => all(entry, "expected"),
            changes => changes,
        };
        let [change] = told else {
            panic!("{date} {server} {edit:?} of {rule}: {entry:#}");
        };
        assert!(
            names(change, rule, *wanted),
            "{date} {server} {edit:?} of {rule}: {change:#}"
        );
        let subject = days
            .repo
            .git(&["log", "-1", "--format=%ad", "--date=short", text(&entry["commit"])]);
        assert_eq!(subject.trim(), date);
    }
    newest_first(entries);
    first_seen(&days, &history, &edits, &states);
    days.repo.git(&["gc", "--quiet"]);
    let size = folder_size(&days.repo.path());
    assert!(size < 5 << 20, "{size} bytes");
}

fn newest_first(entries: &[Value]) {
    let times: Vec<&str> = entries.iter().map(|entry| &text(&entry["time"])[..10]).collect();
    let mut sorted = times.clone();
    sorted.sort_unstable();
    sorted.reverse();
    assert_eq!(times, sorted);
}

/// Open drift is what a comparison finds, and came in where comparing day by day finds it.
fn first_seen(days: &Days, history: &Value, edits: &Edits, states: &[[Files; 2]]) {
    let prints: Vec<BTreeSet<String>> = states
        .iter()
        .map(|[primary, staging]| {
            let folder = TempDir::new().unwrap();
            let (left, right) = (folder.path().join("p"), folder.path().join("s"));
            primary.write(&left);
            staging.write(&right);
            let compared = inside::compare(&left, &right);
            compared
                .findings()
                .iter()
                .map(|finding| text(&finding["fingerprint"]).to_owned())
                .collect()
        })
        .collect();
    let [pair] = all(history, "pairs") else {
        panic!("{:#}", history["pairs"])
    };
    let open = all(pair, "drift");
    let found: BTreeSet<String> = open
        .iter()
        .map(|drift| text(&drift["finding"]["fingerprint"]).to_owned())
        .collect();
    assert_eq!(&found, prints.last().unwrap());
    assert!(found.len() > 5, "{found:?}");
    for drift in open {
        let print = text(&drift["finding"]["fingerprint"]);
        let since = prints
            .iter()
            .rposition(|there| !there.contains(print))
            .map_or(0, |day| day + 1);
        let date = Days::date(i64::try_from(since).unwrap());
        assert_eq!(&text(&drift["first"]["time"])[..10], date, "{drift:#}");
        let by = ["SYNC01", "SYNC02"].map(|server| edits.contains_key(&(date.clone(), server)));
        match by {
            [true, false] => assert_eq!(drift["cameIn"], "SYNC01", "{drift:#}"),
            [false, true] => assert_eq!(drift["cameIn"], "SYNC02", "{drift:#}"),
            _ => {}
        }
    }
    assert_eq!(
        history["servers"][0]["exported"].as_str().unwrap()[..10],
        Days::date(199)
    );
    assert_eq!(days.day, 200);
}

fn folder_size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => folder_size(&entry.path()),
        false => entry.metadata().unwrap().len(),
    });
    sizes.sum()
}

/// Four days: SYNC02 loses a flow on the second, nothing on the third, and gets it back on the fourth.
fn four_days() -> Days {
    let mut days = Days::new();
    days.snapshot();
    let whole = days.servers[1].clone();
    let edit = |text: &str| text.replace("<dest>country</dest>", "<dest>countryCode</dest>");
    days.servers[1].each_text("SynchronizationRules", edit);
    days.snapshot();
    days.snapshot();
    days.servers[1] = whole;
    days.snapshot();
    days
}

#[test]
fn filters_show_what_is_asked_for() {
    let days = four_days();
    let count = |more: &[&str]| all(&days.history(more), "entries").len();
    assert_eq!(count(&[]), 4);
    assert_eq!(count(&["--server", "sync01"]), 1);
    assert_eq!(count(&["--since", "2026-01-02"]), 2);
    assert_eq!(count(&["--since", "1d"]), 1);
    assert_eq!(count(&["--object", "In from AD - User F*"]), 2);
    assert_eq!(count(&["--object", "contoso.com/Inbound/*"]), 2);
    assert_eq!(count(&["--object", "Nobody"]), 0);
    let run = days.ask(&["--server", "SYNC09"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("SYNC01, SYNC02"), "{}", run.stderr);
    for wrong in [
        ["--since", "soon"],
        ["--evidence", "2026"],
        ["--evidence", "2026-02-01..2026-01-01"],
    ] {
        let run = days.ask(&wrong);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{wrong:?}: {}", run.stderr);
        assert!(
            run.stderr.contains(wrong[0]) && run.stderr.contains("2026-"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn blame_says_since_when_a_setting_has_its_value() {
    let mut days = four_days();
    days.servers[0].each_text("SynchronizationRules", |text| {
        text.replace("<precedence>50<", "<precedence>49<")
    });
    days.snapshot();
    let history = days.history(&["--object", "In from AD - User Full", "--server", "SYNC01"]);
    let blame = all(&history, "blame");
    let of = |setting: &str| blame.iter().find(|line| line["setting"] == setting).expect(setting);
    let moved = of("Precedence");
    assert_eq!(
        (&moved["value"], &moved["before"]),
        (&"49".into(), &"50".into()),
        "{moved:#}"
    );
    assert_eq!(&text(&moved["time"])[..10], Days::date(4));
    let old = of("Description");
    assert_eq!(
        (&old["fromFirst"], &text(&old["time"])[..10]),
        (&true.into(), Days::date(0).as_str())
    );
    assert!(blame.iter().all(|line| line["server"] == "SYNC01"));
}

#[test]
fn what_is_renamed_keeps_its_past() {
    let mut days = four_days();
    for (from, to) in [
        ("In from AD - User Full<", "Full, first<"),
        ("Full, first<", "Full, then<"),
    ] {
        days.servers[0].each_text("SynchronizationRules", |text| text.replace(from, to));
        days.snapshot();
    }
    let history = days.history(&["--object", "Full, then", "--server", "SYNC01"]);
    let blame = all(&history, "blame");
    let of = |setting: &str| blame.iter().find(|line| line["setting"] == setting).expect(setting);
    let day = |line: &Value| text(&line["time"])[..10].to_owned();
    let named = of("Rule name");
    assert_eq!((&named["before"], day(named)), (&"Full, first".into(), Days::date(5)));
    let old = of("Description");
    assert_eq!((&old["fromFirst"], day(old)), (&true.into(), Days::date(0)));
}

#[test]
fn evidence_has_every_run_and_every_deviation() {
    let days = four_days();
    // A run that fails on the fifth day.
    let broken = days.folder.path().join("broken");
    std::fs::create_dir_all(&broken).unwrap();
    let failed: Run = days
        .repo
        .command(&[&broken])
        .env("SOURCE_DATE_EPOCH", days.now())
        .output()
        .unwrap()
        .into();
    assert_eq!(failed.code, 2);
    let history = days.history(&["--evidence", "2026-01-02..2026-01-06"]);
    let evidence = &history["evidence"];
    assert_eq!(
        (&evidence["complete"], &evidence["failed"]),
        (&3.into(), &1.into()),
        "{evidence:#}"
    );
    assert_eq!(all(evidence, "runs").len(), 4);
    // The sixth has not come yet.
    assert_eq!(evidence["daysWithoutRun"], serde_json::json!([]));
    let deviations = all(evidence, "deviations");
    assert!(!deviations.is_empty());
    for deviation in deviations {
        assert_eq!(&text(&deviation["first"]["time"])[..10], Days::date(1), "{deviation:#}");
        assert_eq!(&text(&deviation["last"]["time"])[..10], Days::date(2), "{deviation:#}");
        assert_eq!(
            &text(&deviation["resolved"]["time"])[..10],
            Days::date(3),
            "{deviation:#}"
        );
        assert_eq!(
            (&deviation["runs"], &deviation["cameIn"]),
            (&2.into(), &"SYNC02".into())
        );
    }
    // The end is told though it lies behind the period, and nothing later is in it.
    let history = days.history(&["--evidence", "2026-01-02..2026-01-02"]);
    for deviation in all(&history["evidence"], "deviations") {
        assert_eq!(
            &text(&deviation["resolved"]["time"])[..10],
            Days::date(3),
            "{deviation:#}"
        );
        assert_eq!(deviation["runs"], 1);
    }
    // What lasts only outside the period is not in it; what began before it is.
    let count = |period: &str| all(&days.history(&["--evidence", period])["evidence"], "deviations").len();
    assert_eq!(count("2026-01-01..2026-01-01"), 0);
    assert_eq!(count("2026-01-03..2026-01-03"), deviations.len());
    assert_eq!(count("2026-01-05..2026-01-06"), 0);
    assert_eq!(count("2025-01-01..2025-12-31"), 0);
}

#[test]
fn a_gap_removes_nothing_and_what_changed_meanwhile_is_told_when_it_is_read_again() {
    let mut days = Days::new();
    days.snapshot();
    days.snapshot_with_a_gap(&days.rule_path("User Full"));
    let edit = |text: &str| text.replace("Everything a rule can have", "Something else");
    days.servers[1].each_text("SynchronizationRules", edit);
    days.snapshot();
    let history = days.history(&["--server", "SYNC02"]);
    let [back, gap, _first] = all(&history, "entries") else {
        panic!("{history:#}")
    };
    assert_eq!((all(gap, "gaps").len(), all(gap, "changes").len()), (1, 0), "{gap:#}");
    let [change] = all(back, "changes") else {
        panic!("{back:#}")
    };
    assert_eq!(
        (&change["id"], &change["staging"]),
        (&"rule-description".into(), &"Something else".into())
    );
}

#[test]
fn a_gap_ends_no_deviation() {
    let mut days = Days::new();
    days.snapshot();
    // A rule is lost on SYNC02 on the second day; on the third one another one cannot be read there.
    let second = days.rule_path("User Second");
    days.servers[1].texts.remove(&second);
    days.snapshot();
    days.snapshot_with_a_gap(&days.rule_path("User Full"));
    days.snapshot();
    let history = days.history(&["--object", "In from AD - User Second"]);
    let [drift] = all(&history["pairs"][0], "drift") else {
        panic!("{:#}", history["pairs"])
    };
    assert_eq!(
        (&text(&drift["first"]["time"])[..10], &drift["cameIn"]),
        (Days::date(1).as_str(), &"SYNC02".into())
    );
}

#[test]
fn a_failover_keeps_the_past_and_is_told() {
    let mut days = four_days();
    let mode = |text: &str, on: &str| parameter(text, "Microsoft.Synchronize.StagingMode", |_| on.to_owned());
    days.servers[0].each_text("GlobalSettings", |text| mode(text, "True"));
    days.snapshot();
    let count = |days: &Days| {
        all(
            &days.history(&["--evidence", "2026-01-02..2026-01-04"])["evidence"],
            "deviations",
        )
        .len()
    };
    let (both_staging, history) = (count(&days), days.history(&[]));
    assert!(both_staging > 0);
    assert!(
        history["warnings"].to_string().contains("none of"),
        "{:#}",
        history["warnings"]
    );
    let newest = &all(&history, "entries")[0];
    assert!(days.ask(&[]).stdout.contains("Staging mode"), "{newest:#}");
    days.servers[1].each_text("GlobalSettings", |text| mode(text, "False"));
    days.snapshot();
    assert_eq!(count(&days), both_staging);
    assert_eq!(days.history(&[])["pairs"][0]["primary"], "SYNC02");
}

#[test]
fn a_clone_knows_its_runs_and_a_commit_by_hand_is_no_export() {
    let days = four_days();
    let (folder, work) = (days.folder.path(), days.folder.path().join("clone"));
    let (from, to) = (days.repo.path(), work.to_str().unwrap());
    support::snapshots::git(folder, &["clone", "--quiet", from.to_str().unwrap(), to]);
    let ask = || -> Value {
        let mut command = syncdrift();
        command.args(["history", "--format", "json", "--repo", to]);
        let run: Run = command.output().unwrap().into();
        assert_eq!(run.code, 0, "{}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    };
    assert_eq!(ask()["servers"], days.history(&[])["servers"]);
    let rule = work.join("SYNC01/SynchronizationRules/contoso.com/In from AD - User Full.json");
    let edited = std::fs::read_to_string(&rule)
        .unwrap()
        .replace("Everything a rule can have", "By hand");
    std::fs::write(&rule, edited).unwrap();
    support::snapshots::git(&work, &["commit", "--quiet", "-am", "by hand"]);
    let history = ask();
    assert_eq!(all(&history, "entries")[0]["byHand"], true);
    assert_eq!(
        history["servers"][0]["exported"],
        days.history(&[])["servers"][0]["exported"]
    );
}

#[test]
fn a_newer_version_that_writes_another_form_changes_nothing() {
    let days = four_days();
    // As another version would write it: the same values, other bytes.
    let work = days.folder.path().join("work");
    let clone = [
        "clone",
        "--quiet",
        "--branch",
        BRANCH,
        &days.repo.path().display().to_string(),
    ];
    support::snapshots::git(days.folder.path(), &[&clone[..], &[work.to_str().unwrap()]].concat());
    let manifest = work.join("SYNC01/snapshot.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["tool"]["version"] = "9.9.9".into();
    std::fs::write(&manifest, serde_json::to_string(&json).unwrap()).unwrap();
    support::snapshots::git(&work, &["commit", "--quiet", "-am", "by hand"]);
    support::snapshots::git(&work, &["push", "--quiet", "origin", &format!("HEAD:{BRANCH}")]);
    let history = days.history(&[]);
    let newest = &all(&history, "entries")[0];
    assert_eq!(all(newest, "changes").len(), 0);
    assert!(support::text(&newest["tool"]).starts_with("9.9.9"), "{newest:#}");
}

#[test]
fn a_snapshot_that_cannot_be_read_is_no_server_that_was_taken_out() {
    for broken in [
        "",
        "{\"schema\": \"syncdrift.snapshot/1\", \"server\"",
        "{\"schema\": \"syncdrift.snapshot/9\"}",
    ] {
        let days = four_days();
        let before = days.history(&[]);
        let work = days.folder.path().join("work");
        let from = days.repo.path().display().to_string();
        let clone = ["clone", "--quiet", "--branch", BRANCH, &from, work.to_str().unwrap()];
        support::snapshots::git(days.folder.path(), &clone);
        let manifest = work.join("SYNC01/snapshot.json");
        let whole = std::fs::read(&manifest).unwrap();
        for (text, warned) in [(broken.as_bytes(), true), (&whole, true)] {
            std::fs::write(&manifest, text).unwrap();
            support::snapshots::git(&work, &["commit", "--quiet", "-am", "by hand"]);
            support::snapshots::git(&work, &["push", "--quiet", "origin", &format!("HEAD:{BRANCH}")]);
            let history = days.history(&[]);
            for key in ["gone", "version", "stagingMode"] {
                assert_eq!(history["servers"][0][key], before["servers"][0][key], "{key}");
            }
            assert_eq!(history["pairs"], before["pairs"]);
            let changes: usize = all(&history, "entries")
                .iter()
                .map(|entry| all(entry, "changes").len())
                .sum();
            let known: usize = all(&before, "entries")
                .iter()
                .map(|entry| all(entry, "changes").len())
                .sum();
            assert_eq!(changes, known, "{broken}");
            let said = all(&history, "warnings")
                .iter()
                .any(|warning| warning["id"] == "snapshot-unread");
            assert_eq!(said, warned, "{}", history["warnings"]);
        }
    }
}

#[test]
fn every_form_is_written_and_the_same_again() {
    let days = four_days();
    let files = ["html", "md", "json"].map(|extension| days.folder.path().join(format!("history.{extension}")));
    let mut arguments: Vec<&str> = vec!["--evidence", "2026-01-01..2026-01-31", "--object", "*User*"];
    for file in &files {
        arguments.extend(["-o", file.to_str().unwrap()]);
    }
    let read = || files.each_ref().map(|file| std::fs::read_to_string(file).unwrap());
    let run = days.ask(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let once = read();
    assert_eq!(days.ask(&arguments).stdout, run.stdout);
    assert_eq!(read(), once);
    let [html, markdown, _] = once;
    for word in [
        "In from AD - User Full",
        "SYNC02",
        "Evidence of 2026-01-01 to 2026-01-31",
    ] {
        assert!(html.contains(word) && run.stdout.contains(word), "{word}");
    }
    assert!(markdown.contains("Evidence of 2026-01-01 to 2026-01-31"));
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn what_holds_no_history_says_so() {
    let folder = TempDir::new().unwrap();
    let ask = |path: &Path| -> Run {
        let mut command = syncdrift();
        command.arg("history").arg("--repo").arg(path).output().unwrap().into()
    };
    let run = ask(folder.path());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("snapshot --repo"), "{}", run.stderr);
    support::snapshots::git(folder.path(), &["init", "--quiet"]);
    let run = ask(folder.path());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("holds no snapshot"), "{}", run.stderr);
}
