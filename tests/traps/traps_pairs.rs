//! The pair as a whole: wrong pairs, times, exit codes, stable fingerprints.

use crate::support::export::{Export, Pair, compare, direct};
use crate::support::traps::{custom, edit, file_with, primary_with, staging_with, user_common, user_join, words};
use crate::support::{Compared, run, text};
use serde_json::Value;
use std::path::Path;

fn equal() -> (Export, Export) {
    let primary = primary_with([user_join(100), user_common(101)]);
    let staging = Export::staging_of(&primary);
    (primary, staging)
}

fn refused(left: &Path, right: &Path, word: &str) {
    let run = run(["compare".as_ref(), left.as_os_str(), right.as_os_str()]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    assert!(
        run.stderr.contains("--same-server") && run.stderr.contains(word),
        "{}",
        run.stderr
    );
}

#[test]
fn the_same_folder_twice_is_refused_however_it_is_written() {
    let (primary, staging) = equal();
    let pair = Pair::of(&primary, &staging);
    refused(&pair.primary(), &pair.primary(), "primary");
    refused(&pair.primary(), &pair.staging().join("..").join("primary"), "primary");
    let run = pair.run(&[pair.primary().to_str().unwrap()]);
    assert_eq!(run.code, 2, "also as one of several staging servers");
}

#[test]
fn the_same_server_twice_is_refused_unless_it_is_meant() {
    let (primary, _) = equal();
    for name in ["SYNC01", "sync01"] {
        let mut later = primary.clone();
        later.server = name.to_owned();
        later.rules[1] = later.rules[1].clone().instead(direct("title", "personalTitle"));
        let pair = Pair::of(&primary, &later);
        refused(&pair.primary(), &pair.staging(), "SYNC01");
        let compared = pair.compare_with(&["--same-server"]);
        compared.assert_findings(&["high rule-attribute-flow"]);
        assert_eq!(compared.report["options"]["sameServer"], true);
    }
}

#[test]
fn the_same_server_may_have_changed_its_role_or_kept_it() {
    for (before, after) in [(false, false), (true, true)] {
        let (mut primary, _) = equal();
        primary.staging = before;
        let mut later = primary.clone();
        later.staging = after;
        later.exported = "2026-11-21 02:30:00.000".to_owned();
        Pair::of(&primary, &later)
            .compare_with(&["--same-server"])
            .assert_parity();
    }
    let (primary, _) = equal();
    let mut later = primary.clone();
    later.staging = true;
    let compared = Pair::of(&primary, &later).compare_with(&["--same-server"]);
    compared.assert_parity();
    let shown = compared.expected().iter().any(|entry| entry["id"] == "staging-mode");
    assert!(shown, "the change of role is shown");
}

#[test]
fn two_active_or_two_staging_servers_block() {
    for (staging, word) in [(false, "active"), (true, "staging")] {
        let (mut left, mut right) = equal();
        left.staging = staging;
        right.staging = staging;
        let compared = compare(&left, &right);
        compared.assert_findings(&["block staging-mode"]);
        let finding = compared.one("staging-mode");
        assert_eq!(finding["change"], "equal");
        assert!(finding["consequences"].to_string().contains(word), "{finding}");
        assert_eq!(compared.code, 1);
    }
}

#[test]
fn two_tenants_block() {
    let (primary, mut staging) = equal();
    staging.tenant = "fabrikam.onmicrosoft.com".to_owned();
    let compared = compare(&primary, &staging);
    let finding = compared.one("entra-tenant");
    assert_eq!(finding["severity"], "block");
    assert_eq!(finding["primary"], "contoso.onmicrosoft.com");
    assert_eq!(finding["staging"], "fabrikam.onmicrosoft.com");
    assert_eq!(compared.findings().len(), 1, "one cause: {:#?}", compared.brief());
    staging.tenant = "CONTOSO.onmicrosoft.com".to_owned();
    compare(&primary, &staging).assert_parity();
}

#[test]
fn exports_far_apart_are_a_warning_and_no_drift() {
    for (time, far) in [
        ("2026-11-20 00:30:00.000", false),
        ("2026-11-19 22:30:00.000", true),
        ("2026-11-01 10:00:00.000", true),
    ] {
        let (primary, mut staging) = equal();
        staging.exported = time.to_owned();
        let pair = Pair::of(&primary, &staging);
        for compared in [pair.compare(), pair.swapped()] {
            compared.assert_parity();
            let warnings = compared.report["warnings"].as_array().unwrap();
            let ids: Vec<&str> = warnings.iter().map(|w| text(&w["id"])).collect();
            assert_eq!(ids.contains(&"exports-far-apart"), far, "{time}: {ids:?}");
            assert!(!far || words(&warnings[0]).is_empty() || text(&warnings[0]["text"]).contains("SYNC02"));
        }
    }
}

#[test]
fn an_export_from_the_future_is_a_warning() {
    let (primary, mut staging) = equal();
    staging.exported = "2026-11-21 09:00:00.000".to_owned();
    let compared = compare(&primary, &staging);
    compared.assert_parity();
    assert_eq!(compared.report["warnings"][0]["id"], "export-from-the-future");
}

/// The exports with a part of staging's global settings replaced.
fn with_head(from: &str, to: &str) -> Pair {
    let (primary, staging) = equal();
    let pair = Pair::of(&primary, &staging);
    let file = pair.staging().join("GlobalSettings/MV.xml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(from));
    std::fs::write(file, text.replace(from, to)).unwrap();
    pair
}

#[test]
fn an_export_that_does_not_say_when_or_of_whom_it_is_is_a_warning() {
    let date = "export-date='2026-11-20 23:45:00.000'";
    for (from, to, id, says) in [
        (
            date,
            "export-date='gestern'",
            "export-date-unknown",
            "\"gestern\", which is no date",
        ),
        (date, "", "export-date-unknown", "SYNC02 does not say when it was made"),
        (
            date,
            "export-date=' '",
            "export-date-unknown",
            "SYNC02 does not say when it was made",
        ),
        ("server='SYNC02'", "", "server-name-unknown", "the name of its server"),
        (
            "server='SYNC02'",
            "server=''",
            "server-name-unknown",
            "the name of its server",
        ),
    ] {
        let pair = with_head(from, to);
        let compared = pair.compare();
        let warnings = compared.report["warnings"].as_array().unwrap();
        assert_eq!(warnings.len(), 1, "{to}: {warnings:#?}");
        assert_eq!(text(&warnings[0]["id"]), id);
        let words = text(&warnings[0]["text"]);
        assert!(words.contains(says) && words.contains("unknown"), "{words}");
        let summary = pair.run(&["--summary"]).stdout;
        assert!(summary.contains("WARNING"), "{summary}");
    }
}

#[test]
fn swapped_roles_are_in_the_summary() {
    let (primary, staging) = equal();
    let summary = Pair::of(&staging, &primary).run(&["--summary"]).stdout;
    assert!(summary.contains("name the active server first"), "{summary}");
    assert!(summary.lines().count() <= 15, "{summary}");
}

fn medium() -> Pair {
    let (primary, mut staging) = equal();
    staging.build = "2.6.100.0".to_owned();
    Pair::of(&primary, &staging)
}

#[test]
fn the_threshold_moves_the_exit_code_and_not_the_verdict() {
    let pair = medium();
    for (threshold, code) in [("info", 1), ("low", 1), ("medium", 1), ("high", 0), ("block", 0)] {
        let compared = pair.compare_with(&["--fail-on", threshold]);
        assert_eq!(compared.code, code, "{threshold}");
        assert_eq!(compared.report["verdict"], "drift");
    }
    let compared = pair.compare_with(&["--exit-zero"]);
    assert_eq!((compared.code, text(&compared.report["verdict"])), (0, "drift"));
}

#[test]
fn info_is_parity_unless_it_is_asked_for() {
    let name = |name: &str| custom(name, 50, "department", "division");
    let pair = Pair::of(
        &primary_with([name("In from AD - A")]),
        &staging_with([name("In from AD - B")]),
    );
    for (more, code) in [(&[][..], 0), (&["--fail-on", "low"], 0), (&["--fail-on", "info"], 1)] {
        let compared = pair.compare_with(more);
        compared.assert_findings(&["info rule-name"]);
        assert_eq!((compared.code, text(&compared.report["verdict"])), (code, "parity"));
    }
}

/// Many kinds of drift at once.
fn drifting() -> (Export, Export) {
    let primary = primary_with([
        user_join(100),
        user_common(101),
        custom("In from AD - Department", 50, "department", "division"),
        custom("In from AD - Cost centre", 60, "department", "costCentre"),
        custom("In from AD - Left", 70, "office", "office"),
        custom("In from AD - Old name", 80, "pager", "pager").flow(direct("fax", "fax")),
    ]);
    let mut staging = Export::staging_of(&primary);
    staging.rules[0] = user_join(100).scope(&[("a", "EQUAL", "b")]).join(&[("mail", "mail")]);
    staging.rules[1] = user_common(101)
        .instead(direct("title", "personalTitle"))
        .flow(direct("sn", "sn"));
    staging.rules[2].precedence = "65".to_owned();
    staging.rules[4] = custom("In from AD - Right", 70, "room", "room");
    staging.rules[5].name = "In from AD - New name".to_owned();
    staging.build = "2.6.100.0".to_owned();
    (primary, staging)
}

/// `fingerprint values id` of findings.
fn prints(compared: &Compared, keys: &[&str]) -> Vec<String> {
    let word = |finding: &Value| keys.iter().map(|key| text(&finding[key])).collect::<Vec<_>>().join(" ");
    let mut all: Vec<String> = compared.findings().iter().map(word).collect();
    all.sort();
    all
}

#[test]
fn fingerprints_and_hashes_of_values_survive_a_swap_of_roles() {
    let (primary, staging) = drifting();
    let pair = Pair::of(&primary, &staging);
    let (there, back) = (pair.compare(), pair.swapped());
    assert!(there.findings().len() >= 9, "{:#?}", there.brief());
    let keys = ["id", "object", "setting", "fingerprint", "values"];
    // A renamed rule goes by the primary's name.
    let prints = |compared: &Compared| -> Vec<String> {
        prints(compared, &keys)
            .into_iter()
            .filter(|line| !line.starts_with("rule-name"))
            .collect()
    };
    assert_eq!(prints(&there), prints(&back));
    assert_eq!(
        there.one("rule-name")["fingerprint"],
        back.one("rule-name")["fingerprint"]
    );
    assert_eq!(there.one("rule-name")["values"], back.one("rule-name")["values"]);
    let changes =
        |compared: &Compared, change: &str| compared.findings().iter().filter(|f| f["change"] == change).count();
    assert_eq!(changes(&there, "added"), changes(&back, "removed"));
}

#[test]
fn fingerprints_do_not_depend_on_the_servers_or_on_other_drift() {
    let (primary, staging) = drifting();
    let first = compare(&primary, &staging);
    let mut renamed = (primary.clone(), staging.clone());
    renamed.0.server = "ALPHA".to_owned();
    renamed.1.server = "BETA".to_owned();
    renamed.1.exported = "2026-11-20 23:59:00.000".to_owned();
    renamed.1.rules.reverse();
    let keys = ["id", "fingerprint", "values"];
    assert_eq!(prints(&first, &keys), prints(&compare(&renamed.0, &renamed.1), &keys));
    let mut more = staging;
    more.rules.insert(0, custom("In from AD - Another", 5, "info", "info"));
    let second = compare(&primary, &more);
    let old = prints(&second, &keys);
    assert!(
        prints(&first, &keys).iter().all(|print| old.contains(print)),
        "{:#?}",
        second.brief()
    );
}

#[test]
fn a_fingerprint_stays_and_its_values_change_when_a_value_changes() {
    let base = user_common(101)
        .scope(&[("department", "EQUAL", "Sales")])
        .join(&[("mail", "mail")]);
    let with = |value: &str| {
        let mut rule = user_common(101)
            .scope(&[("department", "EQUAL", value)])
            .join(&[(value, "mail")])
            .instead(direct("title", value));
        rule.description = value.to_owned();
        rule.soft_delete = if value == "One" { "1.00:00:00" } else { "2.00:00:00" }.to_owned();
        compare(&primary_with([base.clone()]), &staging_with([rule]))
    };
    let (one, two) = (with("One"), with("Two"));
    one.assert_findings(&[
        "block rule-join-groups",
        "block rule-scoping-filter",
        "high rule-attribute-flow",
        "low rule-description",
        "medium rule-soft-delete-expiry",
    ]);
    assert_eq!(
        prints(&one, &["id", "fingerprint"]),
        prints(&two, &["id", "fingerprint"])
    );
    let (a, b) = (prints(&one, &["values"]), prints(&two, &["values"]));
    assert!(a.iter().all(|values| !b.contains(values)), "{a:?} {b:?}");
}

#[test]
fn spelling_does_not_change_the_hash_of_the_values() {
    let with = |passwords: &str, scope: &str| {
        let mut rule = user_common(101).scope(&[("department", scope, "Sales")]);
        rule.passwords = Some(passwords.to_owned());
        compare(&primary_with([user_common(101)]), &staging_with([rule]))
    };
    let keys = ["id", "fingerprint", "values"];
    assert_eq!(
        prints(&with("true", "EQUAL"), &keys),
        prints(&with("1", "Equal"), &keys)
    );
}

#[test]
fn a_damaged_name_of_the_server_does_not_make_two_servers_one() {
    let (primary, staging) = equal();
    let pair = Pair::of(&primary, &staging);
    edit(
        &file_with(&pair.staging(), "GlobalSettings", "server='SYNC02'"),
        "server='SYNC02'",
        "server=''",
    );
    assert!(pair.compare().code <= 1);
}

#[test]
fn a_server_whose_role_cannot_be_told_is_never_parity() {
    let (primary, staging) = equal();
    for text in ["<gone />", "banana"] {
        let pair = Pair::of(&primary, &staging);
        let file = pair.staging().join("GlobalSettings/MV.xml");
        let xml = std::fs::read_to_string(&file).unwrap();
        let xml = match text {
            "banana" => xml.replace(">True</parameter>", ">banana</parameter>"),
            _ => xml.replace("Microsoft.Synchronize.StagingMode", "Own.Parameter"),
        };
        std::fs::write(&file, xml).unwrap();
        let compared = pair.compare();
        assert_eq!(
            compared.one("staging-mode")["status"],
            "unknown",
            "{:#?}",
            compared.brief()
        );
        assert_ne!(compared.report["verdict"], "parity");
        assert_ne!(compared.code, 0);
    }
}

#[test]
fn the_roles_named_the_wrong_way_round_are_a_warning() {
    let (primary, staging) = equal();
    let pair = Pair::of(&staging, &primary);
    let compared = pair.compare();
    assert_eq!(compared.code, 0);
    assert_eq!(compared.report["warnings"][0]["id"], "roles-swapped");
}
