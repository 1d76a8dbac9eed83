//! The report on the samples, word for word.
//!
//! `samples/expected.txt` is what an operator reads about the samples. A
//! change of it is a change of the product: read it before committing it
//! (`SYNCDRIFT_UPDATE=1 cargo test --test output golden` writes it).

use crate::support;
use crate::support::{compare, compare_with, run, sample, text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// Compares what is printed about a pair with the reviewed text.
fn reviewed(expected: &str, pair: &str, code: i32) {
    let path = sample(expected);
    let run = run([
        "compare".to_owned(),
        format!("samples/{pair}primary"),
        format!("samples/{pair}staging"),
        "--exit-zero".to_owned(),
    ]);
    assert_eq!(run.code, code, "{}", run.stderr);
    if std::env::var_os("SYNCDRIFT_UPDATE").is_some() {
        fs::write(&path, &run.stdout).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        run.stdout == wanted,
        "{} is not what the program prints; read the difference, then SYNCDRIFT_UPDATE=1 cargo test --test output golden",
        path.display()
    );
}

#[test]
fn the_text_report_on_the_samples_is_the_reviewed_one() {
    reviewed("expected.txt", "", 0);
}

#[test]
fn what_bundles_tell_besides_the_export_is_the_reviewed_text() {
    reviewed("bundles/expected.txt", "bundles/", 0);
}

#[test]
fn the_bundles_of_the_samples_show_every_area_that_only_the_collector_tells() {
    let compared = compare(&sample("bundles/primary"), &sample("bundles/staging"));
    let areas = all_of(&compared.report["findings"], "area");
    assert_eq!(areas.into_iter().collect::<Vec<_>>(), ["host", "identity", "scheduler"]);
    assert!(all_of(&compared.report["expected"], "id").contains("computer-memory"));
}

#[test]
fn what_cannot_be_read_is_unknown_and_no_exit_zero() {
    reviewed("unreadable/expected.txt", "unreadable/", 3);
}

/// The different texts under a key of some entries.
fn all_of<'a>(entries: &'a Value, key: &str) -> BTreeSet<&'a str> {
    entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| text(&entry[key]))
        .collect()
}

#[test]
fn the_samples_show_every_area_an_export_has() {
    let compared = compare(&sample("primary"), &sample("staging"));
    let areas = all_of(&compared.report["findings"], "area");
    let wanted = [
        "connectors",
        "global-settings",
        "metaverse",
        "partitions",
        "run-profiles",
        "sync-rules",
    ];
    assert_eq!(areas.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn the_samples_show_every_kind_of_change_and_one_identity_that_does_not_differ() {
    let compared = compare(&sample("primary"), &sample("staging"));
    let changes = all_of(&compared.report["findings"], "change");
    let wanted = ["added", "changed", "equal", "removed", "renamed", "reordered"];
    assert_eq!(changes.into_iter().collect::<Vec<_>>(), wanted);
    let equal: Vec<&Value> = compared.findings().iter().filter(|f| f["change"] == "equal").collect();
    let [identity] = equal[..] else { panic!("{equal:#?}") };
    assert_eq!(identity["severity"], "block");
    assert_eq!(identity["primary"], identity["staging"]);
}

#[test]
fn what_stands_on_one_server_alone_was_matched_by_nothing() {
    let compared = compare(&sample("primary"), &sample("staging"));
    let alone = ["custom-rule-missing", "run-step-missing"];
    let alone: Vec<&Value> = compared
        .findings()
        .iter()
        .filter(|finding| alone.contains(&text(&finding["id"])))
        .collect();
    assert_eq!(alone.len(), 3);
    for finding in alone {
        assert!(finding.get("matchedBy").is_none_or(Value::is_null), "{finding:#}");
    }
}

/// A profile has a step of the same kind for each domain: its kind alone does not say which one is missing.
#[test]
fn a_missing_step_names_its_domain() {
    let compared = compare(&sample("primary"), &sample("staging"));
    let finding = compared.one("run-step-missing");
    assert_eq!(finding["object"], "delta-import of DC=emea,DC=contoso,DC=com");
    assert_eq!(finding["primary"], finding["object"]);
}

#[test]
fn the_samples_show_a_fault_of_one_server_by_itself() {
    let compared = compare(&sample("primary"), &sample("staging"));
    let lints = compared.report["lints"].as_array().unwrap();
    let shown: Vec<[&str; 3]> = lints
        .iter()
        .map(|lint| ["status", "id", "server"].map(|key| text(&lint[key])))
        .collect();
    assert_eq!(
        shown,
        [
            ["lint", "metaverse-attribute-unread", "SYNC01"],
            ["lint", "rule-precedence-reserved", "SYNC02"],
            ["lint", "metaverse-attribute-unread", "SYNC02"],
        ]
    );
}

#[test]
fn the_samples_show_accepted_drift() {
    let file = sample("accepted.toml");
    let compared = compare_with(
        &sample("primary"),
        &sample("staging"),
        &["--accept", file.to_str().unwrap()],
    );
    let accepted: Vec<&Value> = compared
        .findings()
        .iter()
        .filter(|f| f["status"] == "accepted")
        .collect();
    assert_eq!(accepted.len(), 2);
    for finding in accepted {
        assert_ne!(text(&finding["accepted"]["reason"]), "");
    }
}

#[test]
fn the_damaged_samples_show_a_gap_and_what_it_may_hide() {
    let compared = compare(&sample("unreadable/primary"), &sample("unreadable/staging"));
    let gaps = compared.report["gaps"].as_array().unwrap();
    let [gap] = &gaps[..] else { panic!("{gaps:#?}") };
    assert_eq!(
        (text(&gap["server"]), text(&gap["part"])),
        ("SYNC12", "SynchronizationRules")
    );
    assert_eq!(all_of(&compared.report["findings"], "status"), ["unknown"].into());
}

/// The page that describes the samples names each open finding of theirs by its severity.
#[test]
fn the_page_on_the_samples_lists_as_many_drifts_as_there_are() {
    let compared = compare(&sample("primary"), &sample("staging"));
    let page = fs::read_to_string(sample("README.md")).unwrap();
    let (_, after) = page.split_once("## What differs").unwrap();
    let (table, _) = after.split_once("\n## ").unwrap();
    for severity in ["block", "high", "medium", "low", "info"] {
        let lines = table.lines().filter(|line| line.ends_with(&format!("| {severity} |")));
        let wanted = compared.report["summary"][severity].as_u64().unwrap();
        assert_eq!(lines.count() as u64, wanted, "lines of severity {severity}");
    }
}

/// The picture on the first page is the beginning of what is printed.
#[test]
fn the_first_page_shows_what_the_samples_print() {
    let page = fs::read_to_string(support::root().join("README.md"))
        .unwrap()
        .replace("\r\n", "\n");
    let printed = fs::read_to_string(sample("expected.txt"))
        .unwrap()
        .replace("\r\n", "\n");
    let (_, after) = page.split_once("```text\n").unwrap();
    let (picture, _) = after.split_once("\n```").unwrap();
    for block in picture.split("\n\n") {
        assert!(printed.contains(&format!("{block}\n")), "not printed:\n{block}");
    }
}

#[test]
fn the_samples_show_every_severity_and_nothing_uncatalogued() {
    let compared = compare(&sample("primary"), &sample("staging"));
    assert_eq!(compared.code, 1);
    let summary = &compared.report["summary"];
    for severity in ["block", "high", "medium", "low", "info"] {
        assert!(summary[severity].as_u64().unwrap() > 0, "no {severity}: {summary}");
    }
    assert_eq!(
        compared.report["ledger"]["uncatalogued"], 0,
        "{}",
        compared.report["ledger"]
    );
    assert_eq!(compared.report["gaps"].as_array().unwrap().len(), 0);
    let secret = compared
        .expected()
        .iter()
        .filter(|entry| text(&entry["id"]).contains("cookie"))
        .collect::<Vec<_>>();
    assert!(!secret.is_empty());
    for entry in secret {
        assert_eq!(entry["primary"], "(secret)");
        assert_eq!(entry["staging"], "(another secret)");
    }
}
