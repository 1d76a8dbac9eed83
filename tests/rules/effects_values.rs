//! Effects of flows whose value is known, of what decides who is filtered out, and of
//! what is no expression.

use crate::support::export::{Flow, Rule, constant, direct, expression};
use crate::support::traps::{compare_rules, custom, user_common, user_join};
use crate::support::{Compared, text};

const SALES: (&str, &str, &str) = ("department", "EQUAL", "Sales");

fn filter(flow: Flow) -> Rule {
    Rule::inbound("In from AD - User Filter", 50).scope(&[SALES]).flow(flow)
}

fn compare(primary: &[Rule], staging: &[Rule]) -> Compared {
    let with = |rules: &[Rule]| [rules, &[user_join(119), user_common(120)]].concat();
    compare_rules(with(primary), with(staging))
}

fn changed(left: Flow, right: Flow) -> Compared {
    compare(&[filter(left)], &[filter(right)])
}

fn said(compared: &Compared, id: &str) -> String {
    text(&compared.one(id)["effect"]).to_owned()
}

#[test]
fn one_value_in_two_spellings_is_no_drift() {
    for (left, right) in [
        (constant("cloudFiltered", "True"), expression("cloudFiltered", "True")),
        (constant("cloudFiltered", "True"), constant("cloudFiltered", "true")),
        (expression("cloudFiltered", "False"), constant("cloudFiltered", "FALSE")),
        (constant("title", "x"), expression("title", "\"x\"")),
        (constant("employeeID", "5"), expression("employeeID", "5")),
    ] {
        let compared = changed(left.clone(), right.clone());
        compared.assert_findings(&[]);
        let reasons: Vec<&str> = compared
            .expected_of("rule-attribute-flow")
            .iter()
            .map(|entry| text(&entry["reason"]))
            .collect();
        assert_eq!(
            reasons,
            ["Written differently, but both write the same value."],
            "{left:?} {right:?}"
        );
    }
    for (left, right) in [
        (constant("title", "x"), expression("title", "\"X\"")),
        (constant("title", "true"), constant("title", "True")),
        (constant("title", "NULL"), expression("title", "NULL")),
        (constant("title", "%x%"), expression("title", "\"%x%\"")),
        (constant("title", "a\"b"), expression("title", "\"a\"\"b\"")),
    ] {
        changed(left, right).assert_findings(&["high rule-attribute-flow"]);
    }
    let mut once = expression("title", "\"x\"");
    once.once = Some("True".to_owned());
    changed(constant("title", "x"), once).assert_findings(&["high rule-attribute-flow"]);
}

#[test]
fn a_filter_tells_what_is_known_of_it() {
    let own = |text: &str| expression("cloudFiltered", text);
    let effect = |left: Flow, right: Flow| said(&changed(left, right), "rule-attribute-flow");
    let depends = own("IIF(IsPresent([title]),True,False)");
    let (yes, no) = (constant("cloudFiltered", "True"), own("False"));
    let gone = effect(yes.clone(), no.clone());
    assert!(
        gone.contains("users with department = Sales are no longer filtered out"),
        "{gone}"
    );
    let new = effect(no, yes.clone());
    assert!(new.contains("users with department = Sales are filtered out"), "{new}");
    for said in [
        effect(yes.clone(), depends.clone()),
        effect(depends.clone(), yes.clone()),
    ] {
        assert!(said.contains("it is decided otherwise which users"), "{said}");
    }
    // A flow that only one server has.
    let bare = custom("In from AD - User Filter", 50, "info", "info").scope(&[SALES]);
    let one_sided = |flow: &Flow, gained: bool| {
        let with = bare.clone().flow(flow.clone());
        let (left, right) = if gained { (&bare, &with) } else { (&with, &bare) };
        said(
            &compare(std::slice::from_ref(left), std::slice::from_ref(right)),
            "rule-attribute-flow",
        )
    };
    assert!(one_sided(&depends, false).contains("does not decide which users"));
    assert!(one_sided(&depends, true).contains("decides which users"));
    assert!(one_sided(&yes, false).contains("are no longer filtered out"));
    assert!(one_sided(&own("False"), true).contains("keeps users with department = Sales from being filtered out"));
    let whole = said(&compare(&[], &[filter(own("False"))]), "custom-rule-missing");
    assert!(
        whole.contains("keeps users with department = Sales from being filtered out"),
        "{whole}"
    );
}

#[test]
fn a_catch_all_that_comes_first_deletes() {
    let positive = |number| filter(constant("cloudFiltered", "False")).at(number);
    let catch_all = |number| Rule::inbound("In from AD - Catch-all", number).flow(constant("cloudFiltered", "True"));
    let compared = compare(&[positive(50), catch_all(90)], &[positive(90), catch_all(50)]);
    let finding = compared.one("rule-precedence");
    assert_eq!(finding["severity"], "block");
    assert_eq!(
        text(&finding["effect"]),
        "On SYNC02 users with department = Sales are filtered out: they would be deleted from Entra ID at failover."
    );
}

#[test]
fn an_expression_that_does_not_parse_writes_nothing_that_could_be_told() {
    let compared = changed(
        expression("department", "Trim([department])"),
        expression("department", "Trim([department]"),
    );
    let said = said(&compared, "rule-attribute-flow");
    assert!(
        said.contains("does not parse: what is written cannot be told"),
        "{said}"
    );
}

#[test]
fn only_people_have_passwords() {
    let rule = |of: &str, flag: &str| {
        let mut rule = custom("In from AD - Own", 50, "info", "info").types(of, "person");
        rule.passwords = Some(flag.to_owned());
        rule
    };
    let effect = |of: &str| {
        let compared = compare(&[rule(of, "true")], &[rule(of, "false")]);
        compared.one("rule-password-sync")["effect"].clone()
    };
    assert!(text(&effect("user")).contains("password hashes of users"));
    assert!(effect("group").is_null());
}

#[test]
fn objects_are_called_by_the_type_they_come_from() {
    let rule = |attribute: &str| {
        Rule::outbound("Out to AAD - Contact Own", 50)
            .scope(&[("sourceObjectType", "EQUAL", "Contact")])
            .flow(direct("displayName", attribute))
    };
    let said = said(&compare(&[rule("displayName")], &[rule("cn")]), "rule-attribute-flow");
    assert!(
        said.contains("displayName of contacts with sourceObjectType = Contact"),
        "{said}"
    );
}

#[test]
fn joins_that_are_gone_are_told() {
    let bare = custom("In from AD - Own", 50, "info", "info");
    let compared = compare(&[bare.clone().join(&[("a", "a")])], std::slice::from_ref(&bare));
    let said = said(&compared, "rule-join-groups");
    assert!(said.contains("does not join users from contoso.com"), "{said}");
}

#[test]
fn the_new_clause_of_a_long_filter_is_named() {
    let long = [
        ("sourceObjectType", "NOTEQUAL", "InetOrgPerson"),
        ("cloudMastered", "NOTEQUAL", "True"),
        ("accountEnabled", "ISNOTNULL", ""),
        ("sourceAnchor", "ISNOTNULL", ""),
        ("userPrincipalName", "NOTSTARTSWITH", "AAD_TheFirstOfMany_"),
    ];
    let mut longer = long.to_vec();
    longer.push(("department", "EQUAL", "Sales"));
    let rule = |clauses: &[(&str, &str, &str)]| {
        let rule = Rule::outbound("Out to AAD - Own Join", 50).link("Provision");
        rule.scope(clauses).flow(direct("displayName", "displayName"))
    };
    let said = said(&compare(&[rule(&long)], &[rule(&longer)]), "rule-scoping-filter");
    assert!(
        said.contains("users of its scope with department other than Sales"),
        "{said}"
    );
}

#[test]
fn clauses_that_others_include_are_no_drift() {
    let rule = |clauses: &[(&str, &str, &str)]| {
        Rule::inbound("In from AD - User Filter", 50)
            .scope(clauses)
            .flow(constant("cloudFiltered", "True"))
    };
    let compared = compare(&[rule(&[SALES])], &[rule(&[SALES, ("department", "ISNOTNULL", "")])]);
    compared.assert_findings(&[]);
    let expected = compared.expected_of("rule-scoping-filter");
    assert!(
        text(&expected[0]["reason"]).contains("another one includes"),
        "{}",
        expected[0]["reason"]
    );
    compare(&[rule(&[SALES])], &[rule(&[SALES, ("title", "ISNOTNULL", "")])])
        .assert_findings(&["block rule-scoping-filter"]);
}
