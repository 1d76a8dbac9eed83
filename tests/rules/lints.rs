//! Faults of one server by itself: never drift, and not said twice.

use crate::support;
use crate::support::export::{Export, Rule, compare, direct};
use crate::support::lints::consequences;
use crate::support::twins::{FABRIKAM, Twins, on, swap};
use crate::support::{Compared, text};
use serde_json::Value;

const ENABLED: &str = "Microsoft.OptionalFeature.ExportDeletionThreshold";
const NUMBER: &str = "Microsoft.OptionalFeature.ExportDeletionThresholdValue";

fn lints(compared: &Compared) -> Vec<String> {
    let lints = compared.report["lints"].as_array().unwrap();
    let line = |lint: &Value| {
        let value = lint["primary"].as_str().or(lint["staging"].as_str()).unwrap();
        format!("{} {}: {value}", text(&lint["id"]), text(&lint["server"]))
    };
    lints.iter().map(line).collect()
}

/// Parameters of the primary and of staging.
fn threshold(primary: &[(&str, &str)], staging: &[(&str, &str)]) -> Compared {
    let own = |values: &[(&str, &str)]| values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let mut left = Export::primary();
    let mut right = Export::staging_of(&left);
    left.parameters = own(primary);
    right.parameters = own(staging);
    compare(&left, &right)
}

#[test]
fn a_deletion_threshold_that_is_off_on_both_servers_is_a_lint_of_each() {
    let off = [(ENABLED, "False"), (NUMBER, "500")];
    let compared = threshold(&off, &off);
    let row = "export-deletion-threshold-off";
    assert_eq!(
        lints(&compared),
        [format!("{row} SYNC01: off"), format!("{row} SYNC02: off")]
    );
    assert!(compared.findings().is_empty(), "a lint is no drift");
    assert_eq!(compared.report["lints"][0]["severity"], "block");
    let zero = [(ENABLED, "True"), (NUMBER, "0")];
    let compared = threshold(&zero, &zero);
    assert_eq!(
        lints(&compared),
        [format!("{row} SYNC01: 0 objects"), format!("{row} SYNC02: 0 objects")]
    );
    let on = [(ENABLED, "True"), (NUMBER, "500")];
    assert!(lints(&threshold(&on, &on)).is_empty());
    assert!(lints(&threshold(&[], &[])).is_empty(), "an export that does not say");
}

#[test]
fn a_deletion_threshold_that_is_off_on_one_server_hangs_under_its_finding() {
    let compared = threshold(
        &[(ENABLED, "True"), (NUMBER, "500")],
        &[(ENABLED, "False"), (NUMBER, "500")],
    );
    compared.assert_findings(&["block export-deletion-threshold"]);
    assert!(lints(&compared).is_empty());
    assert_eq!(
        consequences(&compared.findings()[0]),
        "On SYNC02 nothing limits deletions: off."
    );
}

fn both(build: &str, rules: &[Rule]) -> Compared {
    let mut primary = Export::primary();
    build.clone_into(&mut primary.build);
    primary.rules = rules.to_vec();
    compare(&primary, &Export::staging_of(&primary))
}

#[test]
fn no_two_rules_of_a_server_may_have_one_precedence() {
    let inbound = |name: &str, number| Rule::inbound(name, number).flow(direct("mail", "mail"));
    let twice = |server: &str| format!("rule-precedence-duplicate {server}: precedence 7, shared with Out B");
    let unlike = [
        inbound("In A", 7),
        Rule::outbound("Out B", 7).flow(direct("mail", "mail")),
    ];
    assert_eq!(lints(&both("2.6.92.0", &unlike)), [twice("SYNC01"), twice("SYNC02")]);
    // A disabled rule keeps its number.
    let disabled = [inbound("In A", 7), unlike[1].clone().disabled()];
    assert_eq!(lints(&both("2.6.92.0", &disabled)), [twice("SYNC01"), twice("SYNC02")]);
    assert!(lints(&both("2.6.92.0", &[inbound("In A", 7), inbound("In C", 8)])).is_empty());
}

#[test]
fn builds_before_2_0_3_let_outbound_rules_of_two_connectors_share_a_precedence() {
    let out = |name: &str, connector: &str| Rule {
        connector: connector.to_owned(),
        ..Rule::outbound(name, 7).flow(direct("mail", "mail"))
    };
    let apart = [out("Out A", "entra"), out("Out B", "contoso.com")];
    assert!(lints(&both("1.6.4.0", &apart)).is_empty());
    assert_eq!(lints(&both("2.0.3.0", &apart)).len(), 2);
    assert_eq!(
        lints(&both("1.6.4.0", &[out("Out A", "entra"), out("Out B", "entra")])).len(),
        2
    );
}

#[test]
fn a_custom_rule_among_the_numbers_of_default_rules_is_a_lint() {
    let own = Rule::inbound("In A", 100).flow(direct("mail", "mail"));
    let row = "rule-precedence-reserved";
    assert_eq!(
        lints(&both("2.6.92.0", std::slice::from_ref(&own))),
        [
            format!("{row} SYNC01: precedence 100"),
            format!("{row} SYNC02: precedence 100")
        ]
    );
    assert!(lints(&both("2.6.92.0", &[own.clone().tagged("Microsoft.A.001")])).is_empty());
    assert!(
        lints(&both(
            "2.6.92.0",
            &[Rule {
                precedence: "99".to_owned(),
                ..own
            }]
        ))
        .is_empty()
    );
}

#[test]
fn attributes_in_use_that_neither_server_selects_are_a_lint_of_each() {
    let without = |text: &str| swap(text, "<attribute>pager</attribute>", "");
    let mut twins = Twins::of_sample();
    twins.on_both(FABRIKAM, without);
    let compared = twins.compare();
    assert!(compared.findings().is_empty(), "{:#?}", compared.brief());
    let found = unselected(&compared);
    assert_eq!(found.len(), 2, "{found:#?}");
    for lint in found {
        assert_eq!(
            (text(&lint["id"]), text(&lint["severity"])),
            ("connector-attribute-not-selected", "high")
        );
        assert!(consequences(lint).contains("pager is used by"), "{lint:#}");
    }
    // The attribute as the export writes it.
    let mut twins = Twins::of_sample();
    twins.on_both(FABRIKAM, |text| swap(text, "<attribute>employeeID</attribute>", ""));
    let compared = twins.compare();
    let lint = unselected(&compared)[0];
    assert_eq!(text(&lint["primary"]), "employeeID");
    assert_eq!(text(&lint["detail"][0]["primary"]), "employeeID");
    assert!(consequences(lint).starts_with("employeeID is used by"), "{lint:#}");
    // Selected on one server only, it is drift and nothing else.
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, without);
    let compared = twins.compare();
    compared.assert_findings(&["high connector-attribute-inclusion"]);
    assert!(unselected(&compared).is_empty());
}

fn unselected(compared: &Compared) -> Vec<&Value> {
    let lints = compared.report["lints"].as_array().unwrap();
    lints
        .iter()
        .filter(|lint| lint["id"] == "connector-attribute-not-selected")
        .collect()
}

#[test]
fn a_real_export_has_no_lint() {
    let Some(folder) = support::data("contoso") else { return };
    let compared = support::compare_with(&folder, &folder, &["--same-server"]);
    assert_eq!(lints(&compared), Vec::<String>::new());
}
