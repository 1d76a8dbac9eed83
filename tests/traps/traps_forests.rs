//! Forests in another order, with default rules grouped by name.

use crate::support;
use crate::support::export::{Export, Pair, Rule, compare, direct};
use crate::support::text;
use crate::support::traps::{custom, user_common, user_exchange, user_join, words};

/// Default rules grouped by name, and inside a group in this order of forests.
fn grouped(export: &Export, forests: &[&str]) -> Export {
    let mut number = 100;
    let mut rules = vec![custom("In from AD - Department", 50, "department", "division").on("contoso.com")];
    for rule in [user_join, user_common, user_exchange] {
        for &forest in forests {
            rules.push(rule(number).on(forest));
            number += 1;
        }
    }
    rules.push(Rule::outbound("Out to AAD - User Identity", number).flow(direct("displayName", "displayName")));
    Export {
        forests: forests.iter().map(|&f| (f.to_owned(), f.to_owned())).collect(),
        rules,
        ..export.clone()
    }
}

fn forests(left: &[&str], right: &[&str]) -> support::Compared {
    let primary = grouped(&Export::primary(), left);
    let staging = grouped(&Export::staging_of(&Export::primary()), right);
    compare(&primary, &staging)
}

#[test]
fn forests_added_in_another_order_are_one_finding() {
    let compared = forests(&["contoso.com", "fabrikam.com"], &["fabrikam.com", "contoso.com"]);
    compared.assert_findings(&["high connector-forest-order"]);
    let finding = compared.one("connector-forest-order");
    assert_eq!(finding["change"], "reordered");
    assert_eq!(finding["primary"], "contoso.com, then fabrikam.com");
    assert_eq!(finding["staging"], "fabrikam.com, then contoso.com");
    assert_eq!(compared.code, 1);
}

#[test]
fn forests_in_one_order_are_no_finding_whatever_the_order_of_the_files() {
    forests(&["contoso.com", "fabrikam.com"], &["contoso.com", "fabrikam.com"]).assert_parity();
    let primary = grouped(&Export::primary(), &["contoso.com", "fabrikam.com"]);
    let mut staging = Export::staging_of(&primary);
    staging.rules.reverse();
    compare(&primary, &staging).assert_parity();
}

#[test]
fn two_of_three_forests_swapped_are_one_finding_about_these_two() {
    let compared = forests(
        &["contoso.com", "fabrikam.com", "tailspin.com"],
        &["fabrikam.com", "contoso.com", "tailspin.com"],
    );
    compared.assert_findings(&["high connector-forest-order"]);
    let finding = compared.one("connector-forest-order");
    assert!(text(&finding["object"]).contains("contoso.com") && text(&finding["object"]).contains("fabrikam.com"));
    assert!(!text(&finding["object"]).contains("tailspin.com"));
}

#[test]
fn a_custom_rule_that_moved_beside_swapped_forests_is_a_finding_of_its_own() {
    let primary = grouped(&Export::primary(), &["contoso.com", "fabrikam.com"]);
    let mut staging = grouped(
        &Export::staging_of(&Export::primary()),
        &["fabrikam.com", "contoso.com"],
    );
    staging.rule_mut("In from AD - Department").precedence = "150".to_owned();
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["high connector-forest-order", "high rule-precedence"]);
    assert_eq!(compared.one("rule-precedence")["object"], "In from AD - Department");
}

#[test]
fn one_default_rule_of_one_forest_that_moved_is_not_the_order_of_forests() {
    let primary = grouped(&Export::primary(), &["contoso.com", "fabrikam.com"]);
    let mut staging = Export::staging_of(&primary);
    let rule = staging
        .rules
        .iter_mut()
        .find(|rule| rule.connector == "fabrikam.com" && rule.name.ends_with("Common"))
        .unwrap();
    rule.precedence = "60".to_owned();
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["high rule-precedence"]);
    assert!(words(compared.one("rule-precedence")).contains("person.displayName"));
}

#[test]
fn the_order_of_forests_is_the_same_finding_when_the_roles_are_swapped() {
    let primary = grouped(&Export::primary(), &["contoso.com", "fabrikam.com"]);
    let staging = grouped(
        &Export::staging_of(&Export::primary()),
        &["fabrikam.com", "contoso.com"],
    );
    let pair = Pair::of(&primary, &staging);
    let (there, back) = (pair.compare(), pair.swapped());
    for key in ["fingerprint", "values", "object"] {
        assert_eq!(
            there.one("connector-forest-order")[key],
            back.one("connector-forest-order")[key],
            "{key}"
        );
    }
}

#[test]
fn forests_in_another_order_and_a_newer_build_are_two_findings() {
    let primary = grouped(&Export::primary(), &["contoso.com", "fabrikam.com"]);
    let mut staging = grouped(
        &Export::staging_of(&Export::primary()),
        &["fabrikam.com", "contoso.com"],
    );
    staging.build = "2.6.100.0".to_owned();
    for rule in staging.rules.iter_mut().filter(|rule| rule.name.ends_with("Common")) {
        rule.tag = "Microsoft.InfromADUserCommon.008".to_owned();
        rule.flows.push(direct("country", "co"));
    }
    compare(&primary, &staging).assert_findings(&["high connector-forest-order", "medium server-build"]);
}

#[test]
fn a_modified_default_rule_beside_swapped_forests_is_a_finding_of_its_own() {
    let primary = grouped(&Export::primary(), &["contoso.com", "fabrikam.com"]);
    let mut staging = grouped(
        &Export::staging_of(&Export::primary()),
        &["fabrikam.com", "contoso.com"],
    );
    let rule = staging
        .rules
        .iter_mut()
        .find(|rule| rule.name.ends_with("Common"))
        .unwrap();
    *rule = rule.clone().instead(direct("title", "personalTitle"));
    compare(&primary, &staging).assert_findings(&["high connector-forest-order", "high rule-attribute-flow"]);
}

#[test]
fn a_third_forest_in_between_moves_nobody() {
    let primary = grouped(&Export::primary(), &["contoso.com", "tailspin.com"]);
    let staging = grouped(
        &Export::staging_of(&Export::primary()),
        &["contoso.com", "fabrikam.com", "tailspin.com"],
    );
    let compared = compare(&primary, &staging);
    assert_eq!(compared.brief().len(), 1, "{:#?}", compared.brief());
    assert_eq!(compared.findings()[0]["area"], "connectors");
}
