//! Effects of words that stand for no value, and of differences that change
//! nothing; how rules of several forests are told apart.

use crate::support;
use crate::support::export::{Export, Rule, direct, expression};
use crate::support::traps::{compare_rules, custom, primary_with, user_common, user_exchange, user_join};
use crate::support::{Compared, text};
use serde_json::Value;

fn compare(primary: &[Rule], staging: &[Rule]) -> Compared {
    let with = |rules: &[Rule]| [rules, &[user_common(120)]].concat();
    compare_rules(with(primary), with(staging))
}

fn effect(compared: &Compared, id: &str) -> String {
    text(&compared.one(id)["effect"]).to_owned()
}

fn flow(value: &str) -> Rule {
    Rule::inbound("In from AD - Own", 50).flow(expression("title", value))
}

#[test]
fn words_for_no_value_say_what_they_do() {
    let said = |left: &str, right: &str| effect(&compare(&[flow(left)], &[flow(right)]), "rule-attribute-flow");
    let cleared = "cleared (AuthoritativeNull): no rule behind this one is asked, and the value is deleted in Entra ID";
    let next = "not contributed by this rule (NULL): the next rule that has a value wins, and where none has one the value is removed";
    let kept = "not contributed by this rule (IgnoreThisFlow): the next rule that has a value wins, and where none has one the value stays as it is";
    let [a, b] = [
        said("Trim([title])", "AuthoritativeNull"),
        said("AuthoritativeNull", "NULL"),
    ];
    assert!(a.starts_with(&format!("On SYNC02 title of users is {cleared}")), "{a}");
    assert!(a.contains("; on SYNC01 it is Trim([title])."), "{a}");
    assert!(
        b.starts_with(&format!(
            "On SYNC02 title of users is {next}; on SYNC01 it is {cleared}"
        )),
        "{b}"
    );
    let c = said("NULL", "IgnoreThisFlow");
    assert!(
        c.starts_with(&format!("On SYNC02 title of users is {kept}; on SYNC01 it is {next}")),
        "{c}"
    );
    // Within an expression it is so in some cases.
    let part = said(
        "IIF(IsPresent([a]),[a],NULL)",
        "IIF(IsPresent([a]),[a],AuthoritativeNull)",
    );
    assert!(
        part.starts_with(&format!("On SYNC02 title of users is in some cases {cleared}")),
        "{part}"
    );
    assert!(part.contains(&format!("; on SYNC01 it is then {next}")), "{part}");
    let quoted = said("IIF(IsPresent([a]),[a],\"x\")", "IIF(IsPresent([a]),[a],\"NULL\")");
    assert!(!quoted.contains("next rule"), "{quoted}");
}

#[test]
fn words_for_no_value_that_only_one_server_has() {
    let without = Rule {
        flows: vec![direct("info", "info")],
        ..flow("NULL")
    };
    let with = without.clone().flow(expression("title", "AuthoritativeNull"));
    let gained = effect(
        &compare(std::slice::from_ref(&without), std::slice::from_ref(&with)),
        "rule-attribute-flow",
    );
    assert!(
        gained.contains("title of users is cleared (AuthoritativeNull)"),
        "{gained}"
    );
    let lost = effect(&compare(&[with], &[without]), "rule-attribute-flow");
    assert!(
        lost.contains("does not touch title of users, which on SYNC01 is cleared"),
        "{lost}"
    );
    let out = |value: &str| Rule::outbound("Out to AAD - Own", 60).flow(expression("title", value));
    let said = effect(
        &compare(&[out("[title]")], &[out("AuthoritativeNull")]),
        "rule-attribute-flow",
    );
    assert!(said.contains("deleted in the connected directory"), "{said}");
}

#[test]
fn what_changes_nothing_says_so() {
    let nothing = "no object changes at failover";
    let own = custom("In from AD - Own", 50, "title", "division");
    let all = [
        effect(&compare(&[], &[own.clone().disabled()]), "custom-rule-missing"),
        effect(
            &compare(
                std::slice::from_ref(&own),
                &[own.clone(), own.clone().named("In from AD - Again").at(60)],
            ),
            "custom-rule-missing",
        ),
        effect(
            &compare_rules(
                [user_common(120).disabled(), own.clone()],
                std::slice::from_ref(&own).to_vec(),
            ),
            "default-rule-missing",
        ),
        effect(
            &compare_rules(
                [user_common(120)],
                [
                    user_common(120).disabled(),
                    user_common(120).cloned_as("1/2/2026 3:04:05 PM", 90),
                ],
            ),
            "rule-cloned-default",
        ),
        effect(
            &compare_rules(
                [user_common(120)],
                [user_common(120).tagged("Microsoft.InfromADUserCommon.008")],
            ),
            "rule-immutable-tag",
        ),
    ];
    for said in all {
        assert!(
            said.contains(nothing) || said.contains("changes no object at failover"),
            "{said}"
        );
    }
    // A generation of a rule that also does something else says what.
    let newer = user_common(120)
        .tagged("Microsoft.InfromADUserCommon.008")
        .instead(direct("title", "division"));
    let said = effect(&compare_rules([user_common(120)], [newer]), "rule-immutable-tag");
    assert!(
        said.contains("title of users is [division] instead of [title]"),
        "{said}"
    );
}

/// Rules of two forests, numbered as in this order of the forests.
fn two_forests(forests: [&str; 2]) -> Vec<Rule> {
    let mut number = 100;
    let mut rules = Vec::new();
    for rule in [user_join, user_common, user_exchange] {
        for forest in forests {
            rules.push(rule(number).on(forest));
            number += 1;
        }
    }
    rules
}

const FORESTS: [&str; 2] = ["contoso.com", "fabrikam.com"];

fn primary(rules: Vec<Rule>) -> Export {
    Export {
        forests: FORESTS.map(|forest| (forest.to_owned(), forest.to_owned())).to_vec(),
        ..primary_with(rules)
    }
}

fn compare_forests(left: Vec<Rule>, right: Vec<Rule>) -> Compared {
    support::export::compare(&primary(left), &Export::staging_of(&primary(right)))
}

#[test]
fn the_order_of_forests_says_whose_values_come_first() {
    let compared = compare_forests(two_forests(FORESTS), two_forests([FORESTS[1], FORESTS[0]]));
    let said = effect(&compared, "connector-forest-order");
    assert!(
        said.starts_with(
            "On SYNC02 values of fabrikam.com come before those of contoso.com: for objects in both forests"
        ),
        "{said}"
    );
}

fn details(finding: &Value) -> Vec<String> {
    let all = finding["detail"].as_array().unwrap();
    all.iter()
        .map(|part| format!("{}: {} -> {}", text(&part["what"]), part["primary"], part["staging"]))
        .collect()
}

#[test]
fn rules_of_two_forests_are_told_apart() {
    let own = |number| custom("In from AD - Own", number, "title", "division");
    let with = |number| [two_forests(FORESTS), vec![own(number)]].concat();
    let compared = compare_forests(with(50), with(200));
    let lines = details(compared.one("rule-precedence"));
    for forest in ["contoso.com", "fabrikam.com"] {
        let named = format!("In from AD - User Common of {forest}");
        assert!(lines.iter().any(|line| line.contains(&named)), "{lines:#?}");
    }
    // Also where the builds explain what differs.
    let newer = |rule: Rule| match rule.tag.is_empty() || !rule.name.contains("Common") {
        true => rule,
        false => rule
            .tagged("Microsoft.InfromADUserCommon.008")
            .instead(direct("title", "division")),
    };
    let mut staging = Export::staging_of(&primary(two_forests(FORESTS).into_iter().map(newer).collect()));
    staging.build = "2.6.110.0".to_owned();
    let compared = support::export::compare(&primary(two_forests(FORESTS)), &staging);
    let lines = details(compared.expected_of("default-rules-updated")[0]);
    let mut apart = lines.clone();
    apart.sort();
    apart.dedup();
    assert_eq!(apart.len(), lines.len(), "{lines:#?}");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("In from AD - User Common of fabrikam.com: ")),
        "{lines:#?}"
    );
}
