//! Faults of one server: rules that name what no schema has, partitions that no
//! step reads.

use crate::support::lints::{consequences, lints};
use crate::support::twins::{CONTOSO, ENTRA, FABRIKAM, Twins, cut, on, swap};

const ATTRIBUTES: [&str; 5] = [
    "connector-attribute-unknown",
    "connector-target-unknown",
    "metaverse-attribute-unknown",
    "metaverse-target-unknown",
    "connector-attribute-not-selected",
];
const DEPARTMENT: &str = "<precedence>23</precedence>";
const GROUP_DESCRIPTION: &str = "<precedence>75</precedence>";
const USAGE_LOCATION: &str = "<precedence>70</precedence>";

fn edited(known_by: &str, from: &str, to: &str) -> Twins {
    let mut twins = Twins::of_sample();
    twins.on_both(known_by, |text| swap(text, from, to));
    twins
}

fn primary(twins: &Twins, rows: &[&str]) -> Vec<String> {
    let compared = twins.compare();
    assert!(compared.findings().is_empty(), "{:#?}", compared.brief());
    let all = lints(&compared, rows);
    assert_eq!(all.len() % 2, 0, "a lint of each server");
    all[..all.len() / 2].to_vec()
}

#[test]
fn the_sample_names_nothing_that_is_unknown() {
    // Though its rules read the pseudo-attribute dn.
    assert!(primary(&Twins::of_sample(), &ATTRIBUTES).is_empty());
}

#[test]
fn attributes_that_the_connector_lacks_are_a_lint() {
    let read = edited(DEPARTMENT, "Trim([department])", "Trim([Departmnt])");
    assert_eq!(
        primary(&read, &ATTRIBUTES),
        ["high connector-attribute-unknown SYNC01 / fabrikam.com: Departmnt"]
    );
    let lints_of = read.compare();
    let all: Vec<String> = lints_of.report["lints"]
        .as_array()
        .unwrap()
        .iter()
        .map(consequences)
        .collect();
    assert!(
        all.contains(&"Departmnt is used by the enabled rule \"In from AD - User Department\".".to_owned()),
        "{all:#?}"
    );
    let written = edited(GROUP_DESCRIPTION, "<dest>description</dest>", "<dest>descriptn</dest>");
    assert_eq!(
        primary(&written, &ATTRIBUTES),
        ["high connector-target-unknown SYNC01 / fabrikam.com: descriptn"]
    );
    // A disabled rule reads nothing.
    let mut disabled = read.clone();
    disabled.on_both(DEPARTMENT, |text| swap(text, "<disabled>False<", "<disabled>True<"));
    assert!(primary(&disabled, &ATTRIBUTES).is_empty());
    // A schema that is not there claims nothing.
    let mut empty = read;
    empty.on_both(FABRIKAM, |text| cut(text, "<schema>", "</schema>"));
    assert!(primary(&empty, &ATTRIBUTES).is_empty());
}

#[test]
fn attributes_that_the_metaverse_lacks_are_a_lint() {
    let written = edited(DEPARTMENT, "<dest>department</dest>", "<dest>departmnt</dest>");
    assert_eq!(
        primary(&written, &ATTRIBUTES),
        ["high metaverse-target-unknown SYNC01 / Global settings: departmnt"]
    );
    let unread = lints(&written.compare(), &["metaverse-attribute-unread"]);
    assert!(unread.iter().all(|lint| !lint.contains("departmnt")), "{unread:?}");
    let of_devices = edited(DEPARTMENT, "<dest>department</dest>", "<dest>deviceId</dest>");
    assert_eq!(
        primary(&of_devices, &ATTRIBUTES),
        ["high metaverse-target-unknown SYNC01 / Global settings: deviceId (of person)"]
    );
    let read = edited(
        USAGE_LOCATION,
        "<csAttribute>sourceObjectType</csAttribute>",
        "<csAttribute>sourceType</csAttribute>",
    );
    assert_eq!(
        primary(&read, &ATTRIBUTES),
        ["high metaverse-attribute-unknown SYNC01 / Global settings: sourceType"]
    );
    // What was imported is an attribute of the connector.
    let imported = edited(
        USAGE_LOCATION,
        "<expression>",
        "<expression>ImportedValue(\"usageLocation\") &amp; ",
    );
    assert!(primary(&imported, &ATTRIBUTES).is_empty());
}

const STEPS: [&str; 1] = ["partition-without-step"];

/// The second step of the delta import, gone.
fn without_step(text: &str) -> String {
    let profile = text.find("<name>Delta Import</name>").expect("the profile");
    let first = profile + text[profile..].find("</step>").expect("a step") + "</step>".len();
    assert!(text[first..].trim_start().starts_with("<step>"), "a second step");
    let end = first + text[first..].find("</step>").expect("its end") + "</step>".len();
    format!("{}{}", &text[..first], &text[end..])
}

#[test]
fn a_selected_partition_without_a_step_is_a_lint() {
    let mut twins = Twins::of_sample();
    // A partition that is not selected has no step, and needs none.
    assert!(primary(&twins, &STEPS).is_empty());
    twins.on_both(CONTOSO, without_step);
    let line = "high partition-without-step SYNC01 / DC=emea,DC=contoso,DC=com: no step in \"Delta Import\"";
    assert_eq!(primary(&twins, &STEPS), [line]);
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, without_step);
    let compared = twins.compare();
    compared.assert_findings(&["high run-step-missing"]);
    assert!(lints(&compared, &STEPS).is_empty());
    assert!(
        consequences(&compared.findings()[0])
            .ends_with("the selected partition DC=emea,DC=contoso,DC=com has no step in \"Delta Import\"."),
        "{:#?}",
        compared.findings()
    );
}

#[test]
fn a_run_profile_that_the_scheduler_needs_is_missed() {
    let mut twins = Twins::of_sample();
    twins.on_both(ENTRA, |text| {
        swap(text, "<name>Delta Import</name>", "<name>Delta</name>")
    });
    assert_eq!(
        primary(&twins, &STEPS),
        ["high partition-without-step SYNC01 / default: no run profile \"Delta Import\""]
    );
    // Without any step nobody can tell.
    let mut twins = Twins::of_sample();
    twins.on_both(ENTRA, |text| cut(text, "<ma-run-data>", "</ma-run-data>"));
    assert!(primary(&twins, &STEPS).is_empty());
}
