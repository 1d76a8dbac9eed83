//! What enabled rules use, and what belongs to a selected partition, is worse
//! than the rest; settings that an export holds twice are one finding.

use crate::support::export::{Export, Rule, compare, direct, expression};
use crate::support::twins::{CONTOSO, FABRIKAM, Twins, cut, on, parameter, swap};
use crate::support::{Compared, text};
use serde_json::Value;

fn consequences(finding: &Value) -> String {
    let all = finding["consequences"].as_array().unwrap();
    all.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn severity<'c>(compared: &'c Compared, id: &str) -> &'c str {
    text(&compared.one(id)["severity"])
}

fn without_member(text: &str, name: &str) -> String {
    swap(text, &format!("<attribute>{name}</attribute>"), "")
}

#[test]
fn the_worst_member_of_a_selection_decides_and_is_named() {
    let more = |text: &str| {
        swap(
            text,
            "<attribute>pager</attribute>",
            "<attribute>pager</attribute><attribute>zzOne</attribute>",
        )
    };
    let mut twins = Twins::of_sample();
    twins.on_both(FABRIKAM, more);
    on(&mut twins.staging, FABRIKAM, |text| without_member(text, "zzOne"));
    let compared = twins.compare();
    compared.assert_findings(&["low connector-attribute-inclusion"]);
    assert_eq!(consequences(compared.one("connector-attribute-inclusion")), "");
    on(&mut twins.staging, FABRIKAM, |text| without_member(text, "pager"));
    let compared = twins.compare();
    compared.assert_findings(&["high connector-attribute-inclusion"]);
    let finding = compared.one("connector-attribute-inclusion");
    assert!(consequences(finding).starts_with("pager is used by"), "{finding:#}");
    assert!(
        consequences(finding).contains("\"In from AD - User Common\""),
        "{finding:#}"
    );
    assert!(!consequences(finding).contains("zzOne"), "{finding:#}");
    let members: Vec<&str> = finding["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| text(&part["primary"]))
        .collect();
    assert_eq!(members, ["pager", "zzOne"]);
}

/// Both servers have the parameter with values of their own, and this rule.
fn with_parameter(rule: Option<Rule>) -> Compared {
    let mut primary = Export::primary();
    primary.rules.extend(rule);
    let mut staging = Export::staging_of(&primary);
    primary
        .parameters
        .push(("Own.Suffix".to_owned(), "contoso.com".to_owned()));
    staging
        .parameters
        .push(("Own.Suffix".to_owned(), "contoso.net".to_owned()));
    compare(&primary, &staging)
}

#[test]
fn a_parameter_that_an_enabled_rule_uses_is_high() {
    let rule = || Rule::inbound("In from AD - Own", 10);
    let by_expression = || rule().flow(expression("mail", "[cn] & \"@\" & %Own.Suffix%"));
    let by_scope = rule()
        .flow(direct("mail", "mail"))
        .scope(&[("mail", "ENDSWITH", "%own.suffix%")]);
    assert_eq!(severity(&with_parameter(None), "global-parameter"), "medium");
    assert_eq!(
        severity(&with_parameter(Some(by_expression().disabled())), "global-parameter"),
        "medium"
    );
    let other = rule().flow(expression("mail", "\"%Own.Suffix%\" & %Own.Other%"));
    assert_eq!(
        severity(&with_parameter(Some(other)), "global-parameter"),
        "medium",
        "a string names nothing"
    );
    for rule in [by_expression(), by_scope] {
        let compared = with_parameter(Some(rule));
        let finding = compared.one("global-parameter");
        assert_eq!(finding["severity"], "high", "{finding:#}");
        let said = "Own.Suffix is used by the enabled rule \"In from AD - Own\".";
        assert_eq!(consequences(finding), said);
    }
}

#[test]
fn rules_of_either_server_count() {
    let rule = Rule::inbound("In from AD - Own", 10).flow(expression("mail", "%Own.Suffix%"));
    let with = |server: Export| {
        let mut server = server.rule(rule.clone());
        server
            .parameters
            .push(("Own.Suffix".to_owned(), "contoso.com".to_owned()));
        server
    };
    let (primary, staging) = (Export::primary(), Export::staging_of(&Export::primary()));
    for (left, right) in [(with(primary.clone()), staging.clone()), (primary, with(staging))] {
        assert_eq!(severity(&compare(&left, &right), "global-parameter"), "high");
    }
}

#[test]
fn a_parameter_of_the_forest_names_the_rules_that_use_it() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        parameter(text, "Forest.FQDN", "fabrikam.net")
    });
    let compared = twins.compare();
    let finding = compared.one("connector-forest-fqdn");
    assert!(
        consequences(finding).to_lowercase().contains("forest.fqdn is used by"),
        "{finding:#}"
    );
}

/// The partition of the sample that is not selected.
const LAB: &str = "DC=lab,DC=contoso,DC=com";
const EMEA: &str = "DC=emea,DC=contoso,DC=com";

fn without_partition(text: &str, dn: &str) -> String {
    let at = text.find(&format!("<name>{dn}</name>")).unwrap();
    let start = text[..at].rfind("<partition>").unwrap();
    format!(
        "{}{}",
        &text[..start],
        cut(&text[start..], "<partition>", "</partition>")
    )
}

/// Another list of object types in a partition.
fn without_computers(text: &str, dn: &str) -> String {
    let at = text.find(&format!("<name>{dn}</name>")).unwrap();
    let member = "<object-class>computer</object-class>";
    format!("{}{}", &text[..at], swap(&text[at..], member, ""))
}

fn deselected(text: &str, dn: &str) -> String {
    let at = text.find(&format!("<name>{dn}</name>")).unwrap();
    format!(
        "{}{}",
        &text[..at],
        swap(&text[at..], "<selected>1</selected>", "<selected>0</selected>")
    )
}

#[test]
fn what_belongs_to_a_partition_that_nobody_selected_is_gentler() {
    for (dn, wanted) in [(LAB, "low"), (EMEA, "block")] {
        let mut twins = Twins::of_sample();
        on(&mut twins.staging, CONTOSO, |text| without_partition(text, dn));
        assert_eq!(severity(&twins.compare(), "partition-missing"), wanted, "{dn}");
        let mut twins = Twins::of_sample();
        on(&mut twins.staging, CONTOSO, |text| without_computers(text, dn));
        assert_eq!(severity(&twins.compare(), "partition-object-types"), wanted, "{dn}");
    }
    // Selected on one server is enough.
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, |text| {
        without_computers(&deselected(text, EMEA), EMEA)
    });
    assert_eq!(severity(&twins.compare(), "partition-object-types"), "block");
}

#[test]
fn a_step_of_a_selected_partition_is_worse_than_another() {
    let without_step = |text: &str| {
        let profile = text.find("<run-configuration>").unwrap();
        format!("{}{}", &text[..profile], cut(&text[profile..], "<step>", "</step>"))
    };
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, without_step);
    assert_eq!(severity(&twins.compare(), "run-step-missing"), "high");
    twins.on_both(FABRIKAM, |text| deselected(text, "DC=fabrikam,DC=com"));
    assert_eq!(severity(&twins.compare(), "run-step-missing"), "medium");
}

fn element(text: &str, name: &str, to: &str) -> String {
    let from = text.find(&format!("<{name}>")).unwrap() + name.len() + 2;
    let until = from + text[from..].find('<').unwrap();
    format!("{}{to}{}", &text[..from], &text[until..])
}

#[test]
fn a_setting_that_stands_twice_is_one_finding() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        parameter(&element(text, "sign-and-seal", "0"), "sign-and-seal", "0")
    });
    let compared = twins.compare();
    compared.assert_findings(&["medium connector-sign-and-seal"]);
    let finding = compared.one("connector-sign-and-seal");
    assert_eq!(
        finding["detail"][0]["id"], "connector-parameter-sign-and-seal",
        "{finding:#}"
    );
    assert_eq!(
        (
            text(&finding["detail"][0]["primary"]),
            text(&finding["detail"][0]["staging"])
        ),
        ("True", "False")
    );
    assert_eq!(consequences(finding), "");
}

#[test]
fn two_copies_of_a_setting_that_disagree_are_a_finding_that_says_so() {
    let edits = [element, parameter];
    for (id, edit) in ["connector-sign-and-seal", "connector-parameter-sign-and-seal"]
        .into_iter()
        .zip(edits)
    {
        let mut twins = Twins::of_sample();
        on(&mut twins.staging, FABRIKAM, |text| edit(text, "sign-and-seal", "0"));
        let compared = twins.compare();
        compared.assert_findings(&[&format!("medium {id}")]);
        let said = consequences(compared.one(id));
        assert!(
            said.starts_with("On SYNC01B the two copies of this setting disagree"),
            "{said}"
        );
    }
    // An account is each server's own, but not two of them on one.
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        element(text, "forest-login-user", "MSOL_000000000000")
    });
    let compared = twins.compare();
    compared.assert_findings(&["medium connector-account-user"]);
    let finding = compared.one("connector-account-user");
    assert!(consequences(finding).contains("disagree"), "{finding:#}");
    assert_eq!(finding["detail"][0]["id"], "connector-parameter-account-user");
}
