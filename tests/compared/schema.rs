//! Schemas: one finding for what a server lacks, apart from that what enabled
//! rules use and properties that changed.

use crate::support::twins::{
    self, ENTRA, FABRIKAM, METAVERSE, Twins, cut, on, swap, with_attribute, without_attribute,
};
use crate::support::{Compared, text};
use serde_json::Value;

const MORE_ENTRA: &str = "<dsml:attribute ref=\"#pager\" required=\"false\" />";

fn details(finding: &Value) -> Vec<String> {
    let parts = finding["detail"].as_array().unwrap();
    let value = |part: &Value| text(&part["primary"]).to_owned() + text(&part["staging"]);
    parts
        .iter()
        .map(|part| format!("{}: {}", text(&part["what"]), value(part)))
        .collect()
}

fn consequences(finding: &Value) -> String {
    let all = finding["consequences"].as_array().unwrap();
    all.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn fingerprints(compared: &Compared) -> Vec<String> {
    let mut all: Vec<String> = compared
        .findings()
        .iter()
        .map(|f| f["fingerprint"].to_string())
        .collect();
    all.sort();
    all
}

#[test]
fn what_no_rule_uses_is_one_finding_for_each_direction() {
    let mut twins = Twins::of_sample();
    on(&mut twins.primary, FABRIKAM, |text| {
        with_attribute(&with_attribute(text, "zzTwo"), "zzOne")
    });
    on(&mut twins.staging, FABRIKAM, |text| with_attribute(text, "zzThree"));
    let compared = twins.compare();
    compared.assert_findings(&["medium connector-schema", "medium connector-schema"]);
    let of = |change: &str| compared.findings().iter().find(|f| f["change"] == change).unwrap();
    assert_eq!(details(of("removed")), ["Attribute: zzOne", "Attribute: zzTwo"]);
    assert_eq!(of("removed")["primary"], "2 attributes");
    assert_eq!(of("removed")["staging"], Value::Null);
    assert_eq!(details(of("added")), ["Attribute: zzThree"]);
    assert_eq!(fingerprints(&compared), fingerprints(&twins.swapped()));
}

#[test]
fn an_attribute_that_enabled_rules_use_is_a_finding_that_names_them() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| without_attribute(text, "pager"));
    on(&mut twins.primary, FABRIKAM, |text| with_attribute(text, "zzOne"));
    let compared = twins.compare();
    compared.assert_findings(&["high connector-schema-attribute", "medium connector-schema"]);
    let finding = compared.one("connector-schema-attribute");
    assert_eq!(finding["object"], "fabrikam.com");
    assert!(consequences(finding).contains("pager is used by"), "{finding:#}");
    assert!(
        consequences(finding).contains("\"In from AD - User Common\""),
        "{finding:#}"
    );
    // What object types said of it goes with it.
    assert_eq!(details(finding)[0], "Attribute: pager");
    assert!(details(finding).len() > 1, "{finding:#}");
    // A swap of roles changes neither the severity nor the fingerprint: rules of either server count.
    assert_eq!(fingerprints(&compared), fingerprints(&twins.swapped()));
    // Where no enabled rule uses it, it is one among others.
    for files in [&mut twins.primary, &mut twins.staging] {
        files.each_rule(|rule| assert!(rule.set("disabled", "True")));
    }
    let compared = twins.compare();
    compared.assert_findings(&["medium connector-schema"]);
    assert!(details(compared.one("connector-schema")).contains(&"Attribute: pager".to_owned()));
}

#[test]
fn an_object_type_lacks_an_attribute_that_both_schemas_have() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, ENTRA, |text| {
        let from = text.find("<dsml:class id=\"user\"").unwrap();
        format!("{}{}", &text[..from], swap(&text[from..], MORE_ENTRA, ""))
    });
    let compared = twins.compare();
    compared.assert_findings(&["high connector-schema-binding"]);
    let finding = compared.one("connector-schema-binding");
    assert!(
        text(&finding["setting"]).ends_with("pager (attribute of object type user)"),
        "{finding:#}"
    );
    assert!(consequences(finding).contains("pager is used by"), "{finding:#}");
}

#[test]
fn a_changed_property_is_a_finding_with_both_values() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, ENTRA, |text| {
        let text = swap(
            text,
            "<dsml:attribute-type id=\"pager\" single-value=\"true\">",
            "<dsml:attribute-type id=\"pager\" single-value=\"false\">",
        );
        let from = text.find("<dsml:class id=\"user\"").unwrap();
        let required = MORE_ENTRA.replace("false", "true");
        format!("{}{}", &text[..from], swap(&text[from..], MORE_ENTRA, &required))
    });
    let compared = twins.compare();
    compared.assert_findings(&["medium connector-schema-property", "medium connector-schema-property"]);
    let said: Vec<String> = compared
        .findings()
        .iter()
        .map(|f| format!("{} {} {}", text(&f["setting"]), f["primary"], f["staging"]))
        .collect();
    assert!(
        said.iter()
            .any(|s| s.contains("single-value of attribute pager \"true\" \"false\"")),
        "{said:#?}"
    );
    let required = "attribute pager of object type user \"required = false\" \"required = true\"";
    assert!(said.iter().any(|s| s.contains(required)), "{said:#?}");
    assert!(
        compared
            .findings()
            .iter()
            .all(|f| consequences(f).contains("pager is used by"))
    );
    // A mark that is missing means false.
    let mut twins = Twins::of_sample();
    on(&mut twins.primary, ENTRA, |text| {
        text.replace(" single-value=\"false\"", "")
    });
    assert!(twins.compare().findings().is_empty());
}

#[test]
fn a_schema_that_one_server_lacks_altogether_is_one_finding() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| cut(text, "<schema>", "</schema>"));
    let compared = twins.compare();
    compared.assert_findings(&["high connector-schema"]);
}

#[test]
fn another_numbering_is_one_expected_entry_per_connector() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        text.replace("\"A1\"", "\"Anew\"").replace("\"#A1\"", "\"#Anew\"")
    });
    let compared = twins.compare();
    assert!(compared.findings().is_empty(), "{:#?}", compared.brief());
    let entries: Vec<&Value> = compared
        .expected()
        .iter()
        .filter(|e| e["id"] == "connector-schema-numbering")
        .collect();
    assert_eq!(entries.len(), 1);
    assert!(
        text(&entries[0]["reason"]).contains("1 place differs"),
        "{:#}",
        entries[0]
    );
}

#[test]
fn metaverse_attributes_that_no_rule_uses_are_one_finding_for_each_direction() {
    let mut twins = Twins::of_sample();
    on(&mut twins.primary, METAVERSE, |text| {
        let text = with_attribute(&with_attribute(text, "zzTwo"), "zzOne");
        swap(
            &text,
            "</dsml:class>",
            "<dsml:attribute ref=\"#zzOne\" required=\"false\" /></dsml:class>",
        )
    });
    on(&mut twins.staging, METAVERSE, |text| with_attribute(text, "zzThree"));
    let compared = twins.compare();
    compared.assert_findings(&["low metaverse-schema", "low metaverse-schema"]);
    let removed = compared.findings().iter().find(|f| f["change"] == "removed").unwrap();
    assert_eq!(removed["area"], "metaverse");
    assert_eq!(removed["primary"], "2 metaverse attributes");
    let said = details(removed);
    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said.contains(&"Metaverse attribute: zzTwo".to_owned()), "{said:#?}");
    assert!(
        said.iter()
            .any(|line| line.starts_with("Attribute of a metaverse object type ") && line.ends_with(": zzOne"))
    );
    assert_eq!(fingerprints(&compared), fingerprints(&twins.swapped()));
}

#[test]
fn a_metaverse_attribute_that_rules_use_is_a_finding_that_names_them() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| without_attribute(text, "pager"));
    let compared = twins.compare();
    compared.assert_findings(&["high metaverse-attribute-missing"]);
    let finding = compared.one("metaverse-attribute-missing");
    assert!(
        consequences(finding).contains("\"In from AD - User Common\""),
        "{finding:#}"
    );
    assert!(
        details(finding).iter().any(|line| line.contains("(person): pager")),
        "{finding:#}"
    );
    // The type alone lacks it.
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| {
        let from = text.find("<dsml:class id=\"person\"").unwrap();
        format!("{}{}", &text[..from], swap(&text[from..], MORE_ENTRA, ""))
    });
    let compared = twins.compare();
    compared.assert_findings(&["high metaverse-binding-missing"]);
    assert!(consequences(compared.one("metaverse-binding-missing")).contains("pager is used by"));
}

#[test]
fn a_property_of_a_metaverse_attribute_is_a_finding_with_both_values() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| {
        swap(
            text,
            "<dsml:attribute-type id=\"pager\" single-value=\"true\"",
            "<dsml:attribute-type id=\"pager\" single-value=\"false\"",
        )
    });
    let compared = twins.compare();
    compared.assert_findings(&["high metaverse-attribute-single-value"]);
    let finding = compared.one("metaverse-attribute-single-value");
    assert_eq!(
        (text(&finding["primary"]), text(&finding["staging"])),
        ("True", "False")
    );
    assert!(consequences(finding).contains("pager is used by"), "{finding:#}");
}

#[test]
fn builds_explain_the_metaverse_unless_a_rule_breaks() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| {
        with_attribute(
            &twins::parameter(text, "Microsoft.Synchronize.ServerConfigurationVersion", "2.6.93.0"),
            "zzOne",
        )
    });
    let compared = twins.compare();
    compared.assert_findings(&["medium server-build"]);
    assert!(
        compared
            .expected()
            .iter()
            .any(|entry| entry["id"] == "metaverse-schema")
    );
    // Rules of staging name the attribute that it lacks, whatever the build.
    on(&mut twins.staging, METAVERSE, |text| without_attribute(text, "pager"));
    twins
        .compare()
        .assert_findings(&["medium server-build", "high metaverse-attribute-missing"]);
}
