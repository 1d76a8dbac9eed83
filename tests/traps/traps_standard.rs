//! Default rules: cloned, disabled, deleted, modified, updated by a build.

use crate::support::export::{Export, Pair, Rule, compare, direct};
use crate::support::text;
use crate::support::traps::{
    compare_rules, custom, primary_with, staging_with, user_common, user_exchange, user_join, words,
};

const STAMP: &str = "10/14/2019 11:09:04 AM";
const OTHER_STAMP: &str = "14.10.2019 11:12:31";

fn modified(rule: Rule) -> Rule {
    rule.instead(direct("department", "division"))
}

/// A clone with the change at 50, and the untouched original disabled.
fn clone_and_original(stamp: &str) -> [Rule; 2] {
    [
        modified(user_common(101)).cloned_as(stamp, 50),
        user_common(101).disabled(),
    ]
}

#[test]
fn a_clone_with_its_disabled_original_on_both_is_parity() {
    compare_rules(clone_and_original(STAMP), clone_and_original(OTHER_STAMP)).assert_parity();
}

#[test]
fn a_clone_on_one_side_against_a_modified_default_rule_is_one_info() {
    let clone = primary_with(clone_and_original(STAMP));
    let edited = primary_with([modified(user_common(101))]);
    for (primary, staging) in [(&edited, &clone), (&clone, &edited)] {
        let compared = compare(primary, &Export::staging_of(staging));
        compared.assert_findings(&["info rule-cloned-default"]);
        let finding = compared.one("rule-cloned-default");
        assert!(
            words(finding).contains("In from AD - User Common - Cloned"),
            "{}",
            words(finding)
        );
        assert_eq!(compared.code, 0);
        assert_eq!(compared.report["verdict"], "parity");
        // That the rest of its family is not there is true.
        let other = compared
            .lints()
            .into_iter()
            .find(|lint| !lint.starts_with("default-rule-deleted"));
        assert_eq!(other, None);
    }
}

#[test]
fn a_clone_under_a_name_of_its_own_is_the_same() {
    let [clone, original] = clone_and_original(STAMP);
    let own = clone.clone().named("In from AD - Contoso departments");
    let compared = compare_rules([modified(user_common(101))], [own.clone(), original.clone()]);
    compared.assert_findings(&["info rule-cloned-default"]);
    let compared = compare_rules([clone, original.clone()], [own, original]);
    compared.assert_findings(&["info rule-name"]);
}

#[test]
fn a_clone_is_the_same_finding_when_the_roles_are_swapped() {
    let pair = Pair::of(
        &primary_with([modified(user_common(101))]),
        &staging_with(clone_and_original(STAMP)),
    );
    let (there, back) = (pair.compare(), pair.swapped());
    for key in ["fingerprint", "values"] {
        assert_eq!(
            there.one("rule-cloned-default")[key],
            back.one("rule-cloned-default")[key],
            "{key}"
        );
    }
}

#[test]
fn a_clone_that_joins_and_provisions_is_one_info_too() {
    let edited = user_join(100).scope(&[("department", "EQUAL", "Sales")]);
    let clone = [edited.cloned_as(STAMP, 50), user_join(100).disabled()];
    let compared = compare_rules([edited], clone);
    compared.assert_findings(&["info rule-cloned-default"]);
    assert_eq!(compared.code, 0);
}

#[test]
fn a_clone_that_differs_from_the_modified_default_rule_is_drift() {
    let [clone, original] = clone_and_original(STAMP);
    let compared = compare_rules(
        [modified(user_common(101))],
        [clone.instead(direct("title", "personalTitle")), original],
    );
    assert_eq!(compared.code, 1, "{:#?}", compared.brief());
    let all: Vec<String> = compared.findings().iter().map(words).collect();
    assert!(all.iter().any(|words| words.contains("title")), "{all:#?}");
}

#[test]
fn a_clone_that_overtakes_another_rule_is_drift_that_names_the_winner() {
    let between = || custom("In from AD - Department", 60, "department", "departmentNumber");
    let [clone, original] = clone_and_original(STAMP);
    let compared = compare_rules([modified(user_common(101)), between()], [clone, original, between()]);
    assert_eq!(compared.code, 1, "{:#?}", compared.brief());
    let drift: Vec<String> = compared
        .findings()
        .iter()
        .filter(|f| f["severity"] != "info")
        .map(words)
        .collect();
    assert_eq!(drift.len(), 1, "{:#?}", compared.brief());
    assert!(drift[0].contains("person.department"), "{drift:#?}");
}

#[test]
fn a_clone_whose_original_is_still_enabled_is_one_extra_rule() {
    let compared = compare_rules([user_join(100)], [user_join(100).cloned_as(STAMP, 50), user_join(100)]);
    compared.assert_findings(&["block custom-rule-missing"]);
    let finding = compared.one("custom-rule-missing");
    assert_eq!(finding["change"], "added");
    assert!(text(&finding["object"]).contains("Cloned"));
    assert_eq!(compared.code, 1);
}

#[test]
fn a_clone_on_both_whose_original_is_disabled_on_one_is_about_the_original() {
    let clone = |stamp: &str| user_join(100).cloned_as(stamp, 50);
    let compared = compare_rules(
        [clone(STAMP), user_join(100).disabled()],
        [clone(OTHER_STAMP), user_join(100)],
    );
    compared.assert_findings(&["block rule-disabled"]);
    assert_eq!(compared.one("rule-disabled")["object"], "In from AD - User Join");
}

#[test]
fn a_deleted_default_rule_comes_back_with_the_next_upgrade() {
    let deleted = |rule: Rule| compare_rules([user_exchange(110), rule], [user_exchange(110)]);
    for (compared, wanted) in [
        // While it was live, it kept its objects alive.
        (deleted(user_join(100)), "block default-rule-missing"),
        (deleted(user_join(100).disabled()), "high default-rule-missing"),
    ] {
        compared.assert_findings(&[wanted]);
        let finding = compared.one("default-rule-missing");
        assert_eq!(finding["change"], "removed");
        assert!(text(&finding["why"]).contains("upgrade"), "{}", finding["why"]);
    }
}

#[test]
fn a_default_rule_disabled_on_one_side_is_its_flag() {
    let compared = compare_rules([user_common(101)], [user_common(101).disabled()]);
    compared.assert_findings(&["high rule-disabled"]);
    let finding = compared.one("rule-disabled");
    assert_eq!(
        (text(&finding["primary"]), text(&finding["staging"])),
        ("False", "True")
    );
    compare_rules([user_join(100)], [user_join(100).disabled()]).assert_findings(&["block rule-disabled"]);
}

#[test]
fn a_modified_default_rule_is_its_setting_and_nobody_is_blamed() {
    let compared = compare_rules([user_common(101)], [modified(user_common(101))]);
    compared.assert_findings(&["high rule-attribute-flow"]);
    let finding = compared.one("rule-attribute-flow");
    let consequences = finding["consequences"].to_string();
    assert!(consequences.contains("upgrade"), "{consequences}");
    let back = compare_rules([modified(user_common(101))], [user_common(101)]);
    for key in ["fix", "why", "consequences"] {
        assert_eq!(
            finding[key],
            back.one("rule-attribute-flow")[key],
            "{key} is the same from both sides"
        );
    }
}

#[test]
fn fixes_of_rules_are_neutral_as_to_the_side() {
    let primary = [
        user_join(100),
        user_common(101),
        user_exchange(102).disabled(),
        custom("In from AD - Department", 50, "department", "division"),
        custom("In from AD - Cost centre", 51, "costCentre", "department"),
    ];
    let mut staging = primary.clone();
    staging[0] = user_join(100)
        .join(&[("mail", "mail")])
        .scope(&[("a", "EQUAL", "b")])
        .link("Join");
    staging[0].passwords = Some("true".to_owned());
    staging[0].soft_delete = "1.00:00:00".to_owned();
    staging[1] = modified(user_common(49));
    staging[2] = user_exchange(102);
    let staging = staging[..4].to_vec();
    let compared = compare_rules(primary, staging);
    assert!(compared.findings().len() >= 8, "{:#?}", compared.brief());
    for finding in compared.findings() {
        let fix = text(&finding["fix"]).to_lowercase();
        for word in ["staging", "primary", "sync01", "sync02"] {
            assert!(!fix.contains(word), "{word} in the fix of {}: {fix}", finding["id"]);
        }
    }
}

#[test]
fn the_disabled_standard_twin_of_a_modified_default_rule_is_no_finding_of_its_own() {
    let twin = || user_common(102).disabled();
    let edited = || modified(user_common(101));
    for (primary, staging) in [
        (vec![edited(), twin()], vec![user_common(101)]),
        (vec![user_common(101)], vec![twin(), edited()]),
    ] {
        let compared = compare_rules(primary, staging);
        let drift: Vec<String> = compared
            .findings()
            .iter()
            .filter(|f| f["severity"] != "info")
            .map(|f| text(&f["id"]).to_owned())
            .collect();
        assert_eq!(drift, ["rule-attribute-flow"], "{:#?}", compared.brief());
    }
    compare_rules([edited(), twin()], [edited(), twin()]).assert_parity();
}
