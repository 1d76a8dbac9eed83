//! Parts of an export that are missing or cannot be read: unknown, never
//! equal and never removed.

use crate::support::export::{Export, Pair, Rule, direct};
use crate::support::traps::{custom, file_with, files, primary_with, user_common, user_exchange, user_join, words};
use crate::support::{Compared, text};
use std::fs;
use std::path::{Path, PathBuf};

fn rules() -> [Rule; 3] {
    [
        user_join(100),
        user_common(101),
        custom("In from AD - Department", 50, "department", "division"),
    ]
}

fn equal() -> Pair {
    let primary = primary_with(rules());
    Pair::of(&primary, &Export::staging_of(&primary))
}

/// The same pair, with a flow that differs and a rule that only staging has.
fn drifting() -> Pair {
    let primary = primary_with(rules());
    let mut staging = Export::staging_of(&primary);
    staging.rules[1] = user_common(101).instead(direct("title", "personalTitle"));
    staging
        .rules
        .push(custom("In from AD - Office", 51, "office", "office"));
    Pair::of(&primary, &staging)
}

fn assert_all_unknown(compared: &Compared) {
    assert!(
        compared.findings().iter().all(|f| f["status"] == "unknown"),
        "{:#?}",
        compared.brief()
    );
}

fn remove_connector(folder: &Path) {
    fs::remove_file(file_with(folder, "Connectors", "forest-name")).unwrap();
}

#[test]
fn a_missing_connector_file_is_a_gap_and_its_rules_are_still_compared() {
    for side in [Pair::staging, Pair::primary] {
        let pair = equal();
        remove_connector(&side(&pair));
        let compared = pair.compare();
        assert_eq!(compared.code, 3, "{:#?}", compared.brief());
        assert_eq!(compared.report["verdict"], "incomplete");
        assert!(compared.rule_findings().is_empty(), "{:#?}", compared.brief());
        assert_all_unknown(&compared);
        assert!(
            compared.gaps().iter().any(|gap| gap["part"] == "Connectors"),
            "{:?}",
            compared.gaps()
        );
        let expected = compared.expected_of("rule-identifier");
        assert_eq!(expected.len(), 3, "the rules were matched");
    }
}

#[test]
fn drift_beside_a_missing_connector_file_is_still_drift() {
    let pair = drifting();
    remove_connector(&pair.staging());
    let compared = pair.compare();
    assert_eq!(compared.code, 1);
    assert_eq!(compared.one("rule-attribute-flow")["severity"], "high");
    assert_eq!(
        compared.one("rule-attribute-flow")["object"],
        "In from AD - User Common"
    );
    assert_eq!(compared.one("custom-rule-missing")["change"], "added");
    assert!(!compared.gaps().is_empty());
}

#[test]
fn two_missing_connector_files_are_told_apart_by_their_rules() {
    let forests = ["contoso.com", "fabrikam.com"];
    let primary = Export {
        forests: forests.map(|f| (f.to_owned(), f.to_owned())).to_vec(),
        rules: vec![
            user_join(100).on("contoso.com"),
            user_common(101).on("contoso.com"),
            custom("In from AD - Department", 50, "department", "division").on("contoso.com"),
            user_exchange(102).on("fabrikam.com"),
            custom("In from AD - Office", 51, "office", "office").on("fabrikam.com"),
        ],
        ..Export::primary()
    };
    let pair = Pair::of(&primary, &Export::staging_of(&primary));
    for file in files(&pair.staging(), "Connectors") {
        if fs::read_to_string(&file).unwrap().contains("forest-name") {
            fs::remove_file(file).unwrap();
        }
    }
    let compared = pair.compare();
    assert!(compared.rule_findings().is_empty(), "{:#?}", compared.brief());
    assert_eq!(compared.code, 3);
}

/// Cuts a file off in the middle of an element.
fn truncate(file: &PathBuf) {
    let text = fs::read_to_string(file).unwrap();
    let cut = text.find("<attribute-mappings>").unwrap() + "<attribute-map".len();
    fs::write(file, &text[..cut]).unwrap();
}

#[test]
fn a_rule_file_that_cannot_be_read_is_unknown_and_not_removed() {
    for (side, server) in [
        (Pair::staging as fn(&Pair) -> PathBuf, "SYNC02"),
        (Pair::primary, "SYNC01"),
    ] {
        let pair = equal();
        truncate(&file_with(
            &side(&pair),
            "SynchronizationRules",
            "In from AD - Department",
        ));
        let compared = pair.compare();
        assert_eq!(compared.code, 3, "{:#?}", compared.brief());
        assert_eq!(compared.report["verdict"], "incomplete");
        let gap = &compared.gaps()[0];
        assert_eq!(
            (text(&gap["server"]), text(&gap["part"])),
            (server, "SynchronizationRules")
        );
        assert!(text(&gap["file"]).contains("SynchronizationRule_"), "{gap}");
        assert!(
            gap["line"].as_u64().unwrap() > 1 && gap["column"].as_u64().unwrap() > 1,
            "{gap}"
        );
        assert!(!text(&gap["problem"]).is_empty());
        assert_eq!(compared.findings().len(), 1, "{:#?}", compared.brief());
        let finding = &compared.findings()[0];
        assert_eq!(finding["status"], "unknown");
        assert!(words(finding).contains("In from AD - Department"), "{}", words(finding));
        assert_eq!(compared.report["summary"]["unknown"], 1);
        assert_eq!(compared.report["summary"]["high"], 0);
    }
}

#[test]
fn findings_elsewhere_are_still_reported_beside_a_rule_that_cannot_be_read() {
    let pair = drifting();
    truncate(&file_with(
        &pair.staging(),
        "SynchronizationRules",
        "In from AD - Department",
    ));
    let compared = pair.compare();
    assert_eq!(compared.code, 1);
    assert_eq!(compared.report["verdict"], "drift");
    assert_eq!(compared.one("rule-attribute-flow")["status"], "drift");
    let missing = compared.all("custom-rule-missing");
    let of = |status: &str| -> Vec<String> {
        missing
            .iter()
            .filter(|f| f["status"] == status)
            .map(|f| words(f))
            .collect()
    };
    assert!(
        of("unknown")
            .iter()
            .any(|words| words.contains("In from AD - Department")),
        "{:#?}",
        compared.brief()
    );
    assert!(
        !of("drift")
            .iter()
            .any(|words| words.contains("In from AD - Department")),
        "{:#?}",
        compared.brief()
    );
    assert_eq!(pair.compare_with(&["--exit-zero"]).code, 3);
}

#[test]
fn any_rule_that_seems_removed_beside_an_unreadable_file_is_unknown() {
    let pair = equal();
    let department = file_with(&pair.staging(), "SynchronizationRules", "In from AD - Department");
    truncate(&file_with(
        &pair.staging(),
        "SynchronizationRules",
        "In from AD - User Join",
    ));
    fs::remove_file(department).unwrap();
    let compared = pair.compare();
    assert_eq!(compared.code, 3, "{:#?}", compared.brief());
    assert_all_unknown(&compared);
    let all: String = compared.findings().iter().map(words).collect();
    assert!(
        all.contains("In from AD - User Join") && all.contains("In from AD - Department"),
        "{all}"
    );
}

#[test]
fn an_empty_file_and_one_of_another_kind_are_gaps() {
    for content in ["", "<html><body>Sign in</body></html>", "not XML at all"] {
        let pair = equal();
        let file = file_with(&pair.staging(), "SynchronizationRules", "In from AD - Department");
        fs::write(&file, content).unwrap();
        let compared = pair.compare();
        assert_eq!(compared.code, 3, "{content:?}: {:#?}", compared.brief());
        assert_eq!(compared.gaps().len(), 1, "{content:?}: {:?}", compared.gaps());
        assert_eq!(compared.gaps()[0]["part"], "SynchronizationRules", "{content:?}");
        assert_all_unknown(&compared);
    }
}

#[test]
fn a_missing_folder_of_rules_is_one_unknown_and_one_gap() {
    let pair = equal();
    fs::remove_dir_all(pair.staging().join("SynchronizationRules")).unwrap();
    let compared = pair.compare();
    assert_eq!(compared.code, 3, "{:#?}", compared.brief());
    assert_all_unknown(&compared);
    let gaps: Vec<&str> = compared.gaps().iter().map(|gap| text(&gap["part"])).collect();
    assert_eq!(gaps, ["SynchronizationRules"]);
    let checked = compared.report["checked"].as_array().unwrap();
    let scope = checked.iter().find(|row| row["id"] == "rule-scoping-filter").unwrap();
    assert_eq!(scope["status"], "unknown");
}

#[test]
fn missing_global_settings_do_not_make_a_pair_of_anything() {
    let pair = equal();
    fs::remove_dir_all(pair.staging().join("GlobalSettings")).unwrap();
    let compared = pair.compare();
    assert_eq!(compared.code, 3, "{:#?}", compared.brief());
    assert_all_unknown(&compared);
    assert_eq!(compared.report["staging"]["stagingMode"], serde_json::Value::Null);
}

#[test]
fn a_rename_beside_an_unreadable_rule_file_is_unknown() {
    let like = |name: &str, number| {
        ["a", "b", "c", "d", "e"]
            .iter()
            .fold(Rule::inbound(name, number), |rule, t| rule.flow(direct(t, t)))
    };
    let primary = primary_with([like("In from AD - One", 50)]);
    let mut staging = Export::staging_of(&primary);
    staging.rules.push(like("In from AD - Two", 51));
    let pair = Pair::of(&primary, &staging);
    truncate(&file_with(&pair.staging(), "SynchronizationRules", "In from AD - One"));
    let compared = pair.compare();
    // "Two" may be a rename of "One", or another rule: the real counterpart may stand in the file that was cut off.
    assert_eq!(
        compared.one("rule-name")["status"],
        "unknown",
        "{:#?}",
        compared.brief()
    );
    assert_eq!(compared.code, 3);
}
