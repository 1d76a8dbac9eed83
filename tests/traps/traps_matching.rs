//! Which rule and which connector is whose counterpart: names, tags,
//! identifiers and content that mislead.

use crate::support::export::{Rule, constant, direct, expression};
use crate::support::text;
use crate::support::traps::{compare_rules, custom, user_join, words};

const GUID: &str = "11111111-2222-3333-4444-555555555555";
const OTHER: &str = "66666666-7777-8888-9999-000000000000";

#[test]
fn the_same_rule_with_another_guid_is_one_rule() {
    let rules = || {
        [
            user_join(100),
            custom("In from AD - Department", 50, "department", "department"),
        ]
    };
    let compared = compare_rules(rules(), rules());
    compared.assert_parity();
    assert_eq!(compared.expected_of("rule-identifier").len(), 2, "noise has its entry");
}

#[test]
fn another_rule_with_the_same_guid_is_another_rule() {
    let compared = compare_rules(
        [custom("In from AD - Department", 50, "department", "department").with_guid(GUID)],
        [custom("In from AD - Office", 50, "office", "physicalDeliveryOfficeName").with_guid(GUID)],
    );
    compared.assert_findings(&["high custom-rule-missing", "high custom-rule-missing"]);
    let changes: Vec<&str> = compared.findings().iter().map(|f| text(&f["change"])).collect();
    assert!(
        changes.contains(&"added") && changes.contains(&"removed"),
        "{changes:?}"
    );
}

#[test]
fn rules_that_exchanged_their_guids_are_matched_by_name() {
    let rules = |first: &str, second: &str| {
        [
            custom("In from AD - Department", 50, "department", "department").with_guid(first),
            custom("In from AD - Office", 51, "office", "physicalDeliveryOfficeName").with_guid(second),
        ]
    };
    compare_rules(rules(GUID, OTHER), rules(OTHER, GUID)).assert_parity();
}

#[test]
fn a_renamed_rule_with_equal_body_is_info_and_renamed() {
    let compared = compare_rules(
        [custom("In from AD - Department", 50, "department", "department")],
        [custom("In from AD - Cost centre", 50, "department", "department")],
    );
    compared.assert_findings(&["info rule-name"]);
    let finding = compared.one("rule-name");
    assert_eq!(finding["change"], "renamed");
    assert_eq!(finding["primary"], "In from AD - Department");
    assert_eq!(finding["staging"], "In from AD - Cost centre");
    assert_eq!(compared.code, 0);
    assert_eq!(compared.report["verdict"], "parity");
}

#[test]
fn a_renamed_and_changed_rule_is_found_by_its_guid() {
    let rule = |name: &str, title: &str| {
        custom(name, 50, "department", "department")
            .flow(direct("company", "company"))
            .flow(direct("title", title))
            .with_guid(GUID)
    };
    let compared = compare_rules(
        [rule("In from AD - Work", "title")],
        [rule("In from AD - Job", "personalTitle")],
    );
    compared.assert_findings(&["info rule-name", "high rule-attribute-flow"]);
    assert!(text(&compared.one("rule-name")["matchedBy"]).contains("GUID"));
}

#[test]
fn a_rule_renamed_and_slightly_changed_is_found_by_its_content() {
    let rule = |name: &str, last: &str| {
        let targets = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let rule = targets
            .iter()
            .fold(Rule::inbound(name, 50), |rule, t| rule.flow(direct(t, t)));
        rule.flow(direct("title", last))
    };
    let compared = compare_rules(
        [rule("In from AD - Work", "title")],
        [rule("In from AD - Job", "personalTitle")],
    );
    compared.assert_findings(&["info rule-name", "high rule-attribute-flow"]);
}

#[test]
fn a_rule_whose_object_types_changed_is_one_changed_rule() {
    let rule = |source: &str| custom("In from AD - Department", 50, "department", "department").types(source, "person");
    let compared = compare_rules([rule("user")], [rule("contact")]);
    compared.assert_findings(&["high rule-source-object-type"]);
    let finding = compared.one("rule-source-object-type");
    assert_eq!(finding["change"], "changed");
    assert_eq!(
        (text(&finding["primary"]), text(&finding["staging"])),
        ("user", "contact")
    );
    let compared = compare_rules([user_join(100)], [user_join(100).types("user", "contact")]);
    assert_eq!(compared.one("rule-target-object-type")["change"], "changed");
    assert_eq!(compared.findings().len(), 1, "{:#?}", compared.brief());
}

#[test]
fn rules_of_one_name_for_several_object_types_stay_apart() {
    let rules = || {
        ["user", "group", "contact"].map(|kind| {
            custom("In from AD - Exchange", 50, "mail", "mail")
                .types(kind, if kind == "user" { "person" } else { kind })
        })
    };
    let mut turned = rules();
    turned.reverse();
    compare_rules(rules(), turned).assert_parity();
}

#[test]
fn two_rules_of_one_name_are_paired_by_content_in_whatever_order_they_stand() {
    let rules = || {
        [
            custom("In from AD - Extra", 50, "department", "department"),
            custom("In from AD - Extra", 51, "office", "physicalDeliveryOfficeName"),
        ]
    };
    let mut turned = rules();
    turned.reverse();
    compare_rules(rules(), turned.clone()).assert_parity();
    turned[0] = turned[0].clone().instead(direct("office", "roomNumber"));
    let turned = [turned[0].clone().flow(direct("room", "roomNumber")), turned[1].clone()];
    let compared = compare_rules(rules(), turned);
    compared.assert_findings(&["high rule-attribute-flow", "high rule-attribute-flow"]);
}

#[test]
fn the_surplus_of_rules_of_one_name_is_reported_once() {
    let first = custom("In from AD - Extra", 50, "department", "department");
    let second = custom("In from AD - Extra", 51, "office", "physicalDeliveryOfficeName");
    let compared = compare_rules([first.clone(), second.clone()], [second]);
    compared.assert_findings(&["high custom-rule-missing"]);
    assert!(
        words(compared.one("custom-rule-missing")).contains("precedence 50"),
        "{:#?}",
        compared.brief()
    );
}

#[test]
fn two_flows_to_one_target_are_kept_apart() {
    let rule = |first: &str, second: &str| {
        Rule::inbound("In from AD - Proxy", 50)
            .flow(constant("proxyAddresses", first))
            .flow(constant("proxyAddresses", second))
    };
    compare_rules([rule("a", "b")], [rule("b", "a")]).assert_parity();
    let compared = compare_rules([rule("a", "b")], [rule("c", "a")]);
    compared.assert_findings(&["high rule-attribute-flow"]);
    let finding = compared.one("rule-attribute-flow");
    assert_eq!(
        (text(&finding["primary"]), text(&finding["staging"])),
        ("\"b\"", "\"c\"")
    );
    let compared = compare_rules([rule("a", "b")], [rule("c", "d")]);
    compared.assert_findings(&["high rule-attribute-flow", "high rule-attribute-flow"]);
}

#[test]
fn one_more_flow_to_a_target_is_one_finding() {
    let one = Rule::inbound("In from AD - Proxy", 50).flow(expression("proxyAddresses", "Trim([mail])"));
    let two = one.clone().flow(expression("proxyAddresses", "Trim([otherMailbox])"));
    let compared = compare_rules([one], [two]);
    compared.assert_findings(&["high rule-attribute-flow"]);
    assert_eq!(compared.one("rule-attribute-flow")["change"], "added");
}

#[test]
fn clones_made_separately_are_one_rule_whatever_their_time_stamps() {
    let clone = |stamp: &str| custom("In from AD - User", 50, "department", "department").cloned_as(stamp, 50);
    for (left, right) in [
        ("10/14/2019 11:09:04 AM", "14.10.2019 11:12:31"),
        ("3/1/2026 9:00:00 PM", "2026-03-01 21:04:10"),
    ] {
        compare_rules([clone(left)], [clone(right)]).assert_parity();
    }
    let compared = compare_rules(
        [clone("10/14/2019 11:09:04 AM").instead(direct("department", "division"))],
        [clone("14.10.2019 11:12:31")],
    );
    compared.assert_findings(&["high rule-attribute-flow"]);
}

#[test]
fn renames_of_the_service_in_names_are_one_name() {
    for (left, right) in [
        (
            "Out to AAD - User Identity",
            "Out to Microsoft Entra ID - User Identity",
        ),
        ("Out to Azure AD - User Identity", "Out to AAD - User Identity"),
    ] {
        let rule = |name: &str| Rule::outbound(name, 150).flow(direct("displayName", "displayName"));
        // Other flows, so that only the name can match.
        let compared = compare_rules([rule(left)], [rule(right).instead(direct("displayName", "cn"))]);
        compared.assert_findings(&["high rule-attribute-flow"]);
        compare_rules([rule(left)], [rule(right)]).assert_parity();
    }
}
