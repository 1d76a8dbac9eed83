//! What an order, or a value that nobody asks for, does: rules that cannot meet, that
//! write the same, that stand below a constant, or that never have a value.

use crate::support;
use crate::support::export::{Export, Flow, Rule, constant, direct, expression};
use crate::support::traps::{compare_rules, custom, primary_with, user_common, user_exchange, user_join, words};
use crate::support::{Compared, text};
use serde_json::Value;

type Clause = (&'static str, &'static str, &'static str);

const SALES: Clause = ("department", "EQUAL", "Sales");
const HR: Clause = ("department", "EQUAL", "HR");
const GERMAN: Clause = ("country", "EQUAL", "DE");

fn rule(name: &str, number: u32, flow: Flow) -> Rule {
    Rule::inbound(&format!("In from AD - {name}"), number).flow(flow)
}

fn compare(primary: &[Rule], staging: &[Rule]) -> Compared {
    let with = |rules: &[Rule]| [rules, &[user_join(119), user_common(120)]].concat();
    compare_rules(with(primary), with(staging))
}

/// Two rules that stand the other way round on staging, with what else both servers have.
fn swapped(a: Rule, b: Rule, others: &[Rule]) -> Compared {
    let with = |numbers: [u32; 2]| [&[a.clone().at(numbers[0]), b.clone().at(numbers[1])], others].concat();
    compare(&with([50, 60]), &with([60, 50]))
}

fn effect(finding: &Value) -> &str {
    text(&finding["effect"])
}

fn consequences(finding: &Value) -> Vec<&str> {
    finding["consequences"].as_array().unwrap().iter().map(text).collect()
}

#[test]
fn rules_for_two_groups_of_objects_may_stand_in_any_order() {
    let a = rule("A", 50, direct("title", "a"));
    let b = rule("B", 60, direct("title", "b"));
    let apart = swapped(a.clone().scope(&[SALES]), b.clone().scope(&[HR]), &[]);
    apart.assert_findings(&["info rule-precedence"]);
    assert!(effect(apart.one("rule-precedence")).contains("no object changes"));
    // A third one that meets both keeps its place.
    let third = rule("C", 55, direct("title", "c"));
    swapped(
        a.clone().scope(&[SALES]),
        b.clone().scope(&[HR]),
        std::slice::from_ref(&third),
    )
    .assert_findings(&["high rule-precedence", "high rule-precedence"]);
    // Filters that may both hold are told as such.
    let both = swapped(a.scope(&[SALES]), b.scope(&[GERMAN]), &[]);
    let said = effect(both.one("rule-precedence")).to_owned();
    assert!(
        said.contains("title of users with department = Sales and with country = DE comes from"),
        "{said}"
    );
}

#[test]
fn rules_that_write_the_same_change_nothing() {
    let one = |name: &str, scope: Clause| rule(name, 50, constant("title", "Same")).scope(&[scope]);
    swapped(one("A", SALES), one("B", GERMAN), &[]).assert_findings(&["info rule-precedence"]);
    let trim = |name: &str, scope: Clause| rule(name, 50, expression("title", "Trim([title])")).scope(&[scope]);
    swapped(trim("A", SALES), trim("B", GERMAN), &[]).assert_findings(&["info rule-precedence"]);
    // Of two forests the same source is another value, the same constant is not.
    let far = |rule: Rule| rule.on("fabrikam.com");
    let forests = |a: Rule, b: Rule| {
        let with = |numbers: [u32; 2]| {
            let rules = [a.clone().at(numbers[0]), b.clone().at(numbers[1]), user_common(120)];
            Export {
                forests: ["contoso.com", "fabrikam.com"]
                    .map(|f| (f.to_owned(), f.to_owned()))
                    .to_vec(),
                ..primary_with(rules)
            }
        };
        support::export::compare(&with([50, 60]), &Export::staging_of(&with([60, 50])))
    };
    forests(one("A", SALES), far(one("B", SALES))).assert_findings(&["info rule-precedence"]);
    forests(trim("A", SALES), far(trim("B", SALES))).assert_findings(&["high rule-precedence"]);
}

#[test]
fn nobody_asks_what_stands_below_a_constant() {
    let a = rule("A", 50, direct("title", "a"));
    let b = rule("B", 60, direct("title", "b"));
    let first = rule("First", 1, constant("title", "Fixed"));
    swapped(a.clone(), b.clone(), std::slice::from_ref(&first)).assert_findings(&["info rule-precedence"]);
    // Not where it is for some, is written once, has no value for some, or has the same number.
    let some = first.clone().scope(&[SALES]);
    let mut once = first.clone();
    once.flows[0].once = Some("True".to_owned());
    let open = rule("First", 1, expression("title", "IIF(IsPresent([x]),\"Fixed\",NULL)"));
    for first in [some, once, open] {
        swapped(a.clone(), b.clone(), &[first]).assert_findings(&["high rule-precedence"]);
    }
    let level = swapped(a.clone(), b, &[first.clone().at(50)]);
    assert!(
        level
            .all("rule-precedence")
            .iter()
            .all(|finding| finding["severity"] == "high")
    );
    // A flow that is edited below it.
    let edited = |rule: Rule| rule.instead(expression("title", "UCase([title])"));
    let own = |rule: Rule| [first.clone(), rule];
    let compared = compare(&own(a.clone()), &own(edited(a.clone())));
    compared.assert_findings(&["info rule-attribute-flow"]);
    assert_eq!(
        effect(compared.one("rule-attribute-flow")),
        "On both servers other rules write title of these users, whatever this rule says: no object changes at failover."
    );
    let standard = compare_rules(
        [first.clone(), user_common(120)],
        [first.clone(), edited(user_common(120))],
    );
    standard.assert_findings(&["low rule-attribute-flow"]);
    compare_rules([user_common(120)], [edited(user_common(120))]).assert_findings(&["high rule-attribute-flow"]);
}

#[test]
fn an_edited_flow_says_who_comes_before() {
    let edited = user_common(120).instead(expression("title", "UCase([title])"));
    let own = |name: &str| rule(name, 50, direct("title", "division"));
    let said = |before: &[Rule]| {
        let with = |rule: Rule| [before, &[rule]].concat();
        let compared = compare_rules(with(user_common(120)), with(edited.clone()));
        effect(compared.one("rule-attribute-flow")).to_owned()
    };
    assert!(
        said(&[]).contains("title of users is Expression: UCase([title]) instead of"),
        "{}",
        said(&[])
    );
    let one = said(&[own("First")]);
    assert!(
        one.contains("title of users for which \"In from AD - First\" has no value is"),
        "{one}"
    );
    let two = said(&[own("First"), own("Second").at(51).instead(direct("title", "x"))]);
    assert!(
        two.contains("title of users for which no rule before has a value is"),
        "{two}"
    );
}

#[test]
fn effect_and_consequence_name_one_winner() {
    let rules = |numbers: [u32; 3]| -> Vec<Rule> {
        let of = |(name, number): (&str, u32)| rule(name, number, direct("title", &name.to_lowercase()));
        ["A", "B", "C"].into_iter().zip(numbers).map(of).collect()
    };
    let compared = compare(&rules([50, 60, 70]), &rules([70, 60, 50]));
    for finding in compared.all("rule-precedence") {
        let (said, below) = (effect(finding), consequences(finding));
        let other = said.split('"').nth(1).unwrap();
        assert!(!below.is_empty(), "{finding:#?}");
        // With the order reversed, the last one wins.
        assert!(
            below.iter().all(|s| s.contains("\"In from AD - C\" wins on SYNC02")),
            "{below:?}"
        );
        assert!(
            below.iter().all(|sentence| sentence.contains(other)),
            "{said} / {below:?}"
        );
    }
    // What comes before both is told.
    let with = |numbers: [u32; 3]| {
        let mut all = rules(numbers);
        all.push(rule("First", 10, direct("title", "first")));
        all
    };
    let compared = compare(&with([50, 60, 70]), &with([60, 50, 70]));
    let said = effect(compared.one("rule-precedence"));
    assert!(said.contains("for which \"In from AD - First\" has no value"), "{said}");
}

#[test]
fn combined_values_have_no_winner() {
    let own = |name: &str, number| {
        let mut flow = direct("proxyAddresses", name);
        flow.merge = Some("MergeCaseInsensitive".to_owned());
        rule(name, number, flow)
    };
    let compared = swapped(own("A", 50), own("B", 60), &[]);
    let finding = compared.one("rule-precedence");
    assert!(!words(finding).contains("wins"), "{finding:#?}");
    assert!(effect(finding).contains("are combined"), "{finding:#?}");
    let compared = compare(&[own("A", 50), own("B", 60)], &[own("A", 50)]);
    let finding = compared.one("custom-rule-missing");
    assert!(
        consequences(finding)
            .iter()
            .any(|s| s.ends_with("adds its values on SYNC01 only")),
        "{finding:#?}"
    );
}

#[test]
fn rules_with_one_number_have_an_effect() {
    let a = |number| rule("A", number, direct("title", "a"));
    let b = rule("B", 60, direct("title", "b"));
    let compared = compare(&[a(50), b.clone()], &[a(60), b.clone()]);
    let said = effect(compared.one("rule-precedence"));
    assert!(
        said.starts_with("On SYNC02 this rule and \"In from AD - B\" have one number"),
        "{said}"
    );
    let compared = compare(&[a(70), b.clone()], &[a(60), b.clone()]);
    let below = consequences(compared.one("rule-precedence")).join(" ");
    assert!(
        below.contains("\"In from AD - B\" wins on SYNC01") && below.contains("as both have one number"),
        "{below}"
    );
    let compared = compare(&[a(60), b.clone()], &[a(50), b]);
    let said = effect(compared.one("rule-precedence"));
    assert!(said.starts_with("On SYNC01 this rule and"), "{said}");
}

#[test]
fn joins_in_another_order_are_told_as_the_cause() {
    let out = |name: &str, joined: bool| {
        let rule = Rule::outbound(&format!("Out to AAD - {name}"), 50).flow(direct("displayName", "displayName"));
        if joined {
            rule.join(&[("cloudAnchor", "cloudAnchor")])
        } else {
            rule
        }
    };
    swapped(out("A", true), out("B", true), &[]).assert_findings(&["info rule-precedence"]);
    swapped(out("A", true), out("B", false), &[]).assert_findings(&["info rule-precedence"]);
    let other = out("B", false).join(&[("sourceAnchor", "sourceAnchor")]);
    let compared = swapped(out("A", true), other, &[]);
    compared.assert_findings(&["high rule-precedence"]);
    let said = effect(compared.one("rule-precedence"));
    assert!(
        said.starts_with("Every attribute gets the same values, but on SYNC02 this rule and"),
        "{said}"
    );
}

#[test]
fn a_rule_without_a_value_never_wins() {
    for word in ["NULL", "IgnoreThisFlow"] {
        let silent = rule("Silent", 50, expression("title", word));
        let compared = compare(&[], std::slice::from_ref(&silent));
        let finding = compared.one("custom-rule-missing");
        assert!(!words(finding).contains("wins"), "{finding:#?}");
        assert_eq!(
            effect(finding),
            "On SYNC02 this rule has no value for title of users: other rules are asked for it in any case."
        );
        // Its place means nothing, and it stands before nobody.
        let own = custom("In from AD - Own", 60, "title", "division");
        swapped(silent.clone(), own.clone(), &[]).assert_findings(&["info rule-precedence"]);
        let with = |value: &str| [silent.clone(), own.clone().instead(direct("title", value))];
        let said = effect(compare(&with("a"), &with("b")).one("rule-attribute-flow")).to_owned();
        assert!(said.starts_with("On SYNC02 title of users is [b]"), "{said}");
        // It filters nobody.
        let filter = rule("Silent", 50, expression("cloudFiltered", word));
        let compared = compare(&[], &[filter]);
        assert!(!effect(compared.one("custom-rule-missing")).contains("filtered out"));
    }
    let clearing = rule("Clearing", 50, expression("title", "AuthoritativeNull"));
    let compared = compare(&[], &[clearing]);
    assert!(words(compared.one("custom-rule-missing")).contains("\\\"In from AD - Clearing\\\" wins on SYNC02"));
}

#[test]
fn a_consequence_is_about_the_rule_of_its_finding() {
    // Two causes at one target: a rule that moved, and one that is missing.
    let rules = |numbers: [u32; 2], third: bool| {
        let mut all = vec![
            rule("A", numbers[0], direct("title", "a")),
            rule("B", numbers[1], direct("title", "b")),
        ];
        all.extend(third.then(|| rule("First", 10, direct("title", "first"))));
        all
    };
    let compared = compare(&rules([50, 60], true), &rules([60, 50], false));
    let moved = consequences(compared.one("rule-precedence")).join(" ");
    assert!(moved.contains("\"In from AD - A\" wins on SYNC01"), "{moved}");
    assert!(moved.contains("where \"In from AD - First\" has no value"), "{moved}");
    let missing = consequences(compared.one("custom-rule-missing")).join(" ");
    assert!(missing.contains("\"In from AD - First\" wins on SYNC01"), "{missing}");
}

#[test]
fn a_rule_for_another_type_does_not_take_the_place() {
    let forest = |rule: Rule| rule.on("fabrikam.com");
    let contact = forest(rule("Contact", 60, constant("info", "Contact"))).types("contact", "person");
    let user = rule("User", 50, constant("info", "User"));
    let with = |user: Rule| Export {
        forests: ["contoso.com", "fabrikam.com"]
            .map(|f| (f.to_owned(), f.to_owned()))
            .to_vec(),
        ..primary_with([user, contact.clone(), user_join(100)])
    };
    let compared = support::export::compare(&with(user.clone()), &Export::staging_of(&with(user.disabled())));
    assert_eq!(
        consequences(compared.one("rule-disabled")),
        ["person.info: \"In from AD - User\" wins on SYNC01, no rule feeds it on SYNC02"]
    );
}

#[test]
fn a_tag_alone_is_no_other_body() {
    let compared = compare_rules([user_exchange(110)], [user_exchange(110).tagged("")]);
    assert!(!words(compared.one("rule-immutable-tag")).contains("different bodies"));
}

#[test]
fn what_a_disabled_rule_would_write_is_not_told() {
    let edited = user_common(120).instead(direct("department", "company"));
    let compared = compare_rules([user_common(120)], [edited.disabled()]);
    assert_eq!(compared.one("rule-attribute-flow")["effect"], Value::Null);
    assert!(!effect(compared.one("rule-disabled")).is_empty());
}
