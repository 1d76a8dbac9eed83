//! Standard rules that are disabled while nothing, or not enough, stands in their place.

use crate::support::export::{Export, Rule, compare, constant, direct};
use crate::support::lints::{both, clone, consequences, lints, standard};
use crate::support::text;

const UNREPLACED: [&str; 3] = [
    "default-rule-unreplaced",
    "default-rule-partly-replaced",
    "default-rule-link-lost",
];

fn unreplaced(others: &[Rule]) -> Vec<String> {
    let mut rules = vec![standard().flow(direct("title", "title")).disabled()];
    rules.extend_from_slice(others);
    let found = lints(&both(&rules), &UNREPLACED);
    found.into_iter().filter(|lint| lint.contains("SYNC01")).collect()
}

#[test]
fn a_disabled_standard_rule_whose_work_nobody_does_is_a_lint() {
    let line = |lost: &str| format!("low default-rule-unreplaced SYNC01 / In from AD - User Join: {lost}");
    let all = "no enabled rule provisions these objects; no enabled rule of these objects writes \"sourceObjectType\", \"title\"";
    assert_eq!(unreplaced(&[]), [line(all)]);
    // Another connector's, another type's.
    let elsewhere = Rule {
        source_type: "contact".to_owned(),
        ..standard()
    };
    assert_eq!(unreplaced(&[elsewhere]), [line(all)]);
    let flows_only = Rule::inbound("Own", 50)
        .flow(direct("title", "title"))
        .flow(constant("sourceObjectType", "User"));
    let clone = Rule {
        link_type: "Provision".to_owned(),
        ..flows_only.join(&[("mail", "mail")])
    };
    assert!(unreplaced(&[clone]).is_empty());
}

#[test]
fn what_a_replacement_leaves_out_is_a_lint() {
    let line = |severity: &str, row: &str, lost: &str| {
        format!("{severity} default-rule-{row} SYNC01 / In from AD - User Join: {lost}")
    };
    let half = clone().disabled();
    let half = Rule { disabled: None, ..half };
    let partly = line(
        "low",
        "partly-replaced",
        "no enabled rule of these objects writes \"title\"",
    );
    assert_eq!(unreplaced(std::slice::from_ref(&half)), [partly]);
    let details = both(&[standard().flow(direct("title", "title")).disabled(), half.clone()]);
    let all = details.report["lints"].as_array().unwrap();
    let lint = all.iter().find(|lint| lint["id"] == UNREPLACED[1]).unwrap();
    assert_eq!(text(&lint["detail"][0]["primary"]), "title", "{lint:#}");
    assert_eq!(lint["detail"].as_array().unwrap().len(), 1);
    // Two halves are a whole.
    let rest = Rule::inbound("Own B", 51).flow(direct("title", "title"));
    assert!(unreplaced(&[half.clone(), rest.clone()]).is_empty());
    // All flows and no link; a link that flows nothing.
    let joins_only = Rule {
        link_type: "Join".to_owned(),
        ..half.clone()
    };
    let lost = line("medium", "link-lost", "no enabled rule provisions these objects");
    assert_eq!(unreplaced(&[joins_only, rest.clone()]), [lost]);
    let keeps_links = Rule {
        link_type: "JoinNoFlow".to_owned(),
        ..half.clone()
    };
    let all = "no enabled rule provisions these objects; no enabled rule of these objects writes \"sourceObjectType\"";
    assert_eq!(unreplaced(&[keeps_links, rest]), [line("medium", "link-lost", all)]);
    // Another standard rule replaces nothing on purpose.
    let standard = half.tagged("Microsoft.InfromADUserOther.001");
    let alone = "no enabled rule of these objects writes \"title\"";
    assert_eq!(unreplaced(&[standard]), [line("low", "unreplaced", alone)]);
}

#[test]
fn standard_rules_of_another_scope_stand_in_for_some_objects_only() {
    let standard = |name: &str, precedence, scope: &[(&str, &str, &str)]| {
        let rule = Rule::inbound(name, precedence).tagged(&format!("Microsoft.{precedence}.001"));
        rule.scope(scope).flow(direct("title", "title"))
    };
    let wide = [("adminDescription", "NOTSTARTSWITH", "User_")];
    let narrow = [wide[0], ("mailNickname", "ISNOTNULL", "")];
    let found = |rules: &[Rule]| -> Vec<String> {
        let found = lints(&both(rules), &UNREPLACED);
        found.into_iter().filter(|lint| lint.contains("SYNC01")).collect()
    };
    let (common, exchange) = (standard("Common", 106, &wide), standard("Exchange", 104, &narrow));
    let line = "low default-rule-unreplaced SYNC01 / Common: only rules with another scope write \"title\"";
    assert_eq!(found(&[common.clone().disabled(), exchange.clone()]), [line]);
    // The wide one takes in whatever the narrow one took; the scope of an own rule is what somebody chose.
    assert!(found(&[common.clone(), exchange.clone().disabled()]).is_empty());
    let own = Rule::inbound("Own", 50).scope(&narrow).flow(direct("title", "title"));
    assert!(found(&[common.disabled(), exchange, own]).is_empty());
}

#[test]
fn a_flow_that_one_servers_replacement_lacks_is_the_cause() {
    let whole = clone().flow(direct("title", "title"));
    let primary = Export::primary()
        .rule(standard().flow(direct("title", "title")).disabled())
        .rule(whole);
    let mut staging = Export::staging_of(&primary);
    staging.rule_mut("Join by mail").flows.pop();
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["high rule-attribute-flow"]);
    assert!(lints(&compared, &UNREPLACED).is_empty());
    let said = consequences(&compared.findings()[0]);
    assert!(
        said.contains("is disabled and no enabled rule of these objects writes \"title\"."),
        "{said}"
    );
}

#[test]
fn a_standard_rule_disabled_on_one_server_is_a_finding_with_the_loss_under_it() {
    let primary = Export::primary().rule(standard());
    let mut staging = Export::staging_of(&primary);
    staging.rules[0] = standard().disabled();
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["block rule-disabled"]);
    assert!(lints(&compared, &UNREPLACED).is_empty());
    let said = consequences(&compared.findings()[0]);
    assert!(said.contains("no enabled rule provisions these objects"), "{said}");
}

#[test]
fn a_replacement_that_one_server_lacks_is_the_cause() {
    let clone = Rule {
        link_type: "Provision".to_owned(),
        ..Rule::inbound("Own", 50)
    };
    let clone = clone
        .join(&[("mail", "mail")])
        .flow(constant("sourceObjectType", "User"));
    let primary = Export::primary().rule(standard().disabled()).rule(clone);
    let mut staging = Export::staging_of(&primary);
    staging.rules.pop();
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["block custom-rule-missing"]);
    assert!(lints(&compared, &UNREPLACED).is_empty());
    let said = consequences(&compared.findings()[0]);
    assert!(
        said.contains("On SYNC02 \"In from AD - User Join\" is disabled and no enabled rule provisions"),
        "{said}"
    );
}
