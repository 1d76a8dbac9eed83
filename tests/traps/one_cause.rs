//! One cause, one finding: steps in another order, a domain that went with its
//! steps, forests under one name, a connector's file that was copied.

use crate::support::text;
use crate::support::twins::{CONTOSO, FABRIKAM, METAVERSE, Twins, on, swap};
use serde_json::Value;

const DOMAIN: &str = "DC=emea,DC=contoso,DC=com";

/// The pieces of a text that begin and end with these tags, in order, with what stands around them.
fn pieces<'t>(text: &'t str, open: &str, close: &str) -> Vec<&'t str> {
    text.split_inclusive(close)
        .filter_map(|piece| piece.find(open).map(|at| &piece[at..]))
        .collect()
}

/// The steps of one run profile of a connector, changed.
fn steps(connector: &str, profile: &str, change: impl Fn(Vec<&str>) -> Vec<String>) -> String {
    let from = connector.find(&format!("<name>{profile}</name>")).unwrap();
    let start = from + connector[from..].find("<configuration>").unwrap() + "<configuration>".len();
    let end = start + connector[start..].find("</configuration>").unwrap();
    let changed = change(pieces(&connector[start..end], "<step>", "</step>")).concat();
    format!("{}{changed}{}", &connector[..start], &connector[end..])
}

fn turned(connector: &str, profile: &str) -> String {
    steps(connector, profile, |steps| {
        steps.into_iter().rev().map(str::to_owned).collect()
    })
}

/// A connector without a domain and the steps that run on it.
fn without_domain(connector: &str) -> String {
    let partitions = pieces(connector, "<partition><id>", "</partition>");
    let own = partitions
        .into_iter()
        .find(|piece| piece.contains(&format!("<name>{DOMAIN}</name>")))
        .unwrap();
    without_steps(&connector.replace(own, ""), &identifier(own))
}

fn identifier(partition: &str) -> String {
    let from = partition.find("<id>").unwrap() + "<id>".len();
    partition[from..from + partition[from..].find("</id>").unwrap()].to_lowercase()
}

fn without_steps(connector: &str, partition: &str) -> String {
    pieces(connector, "<step>", "</step>")
        .into_iter()
        .filter(|step| step.to_lowercase().contains(partition))
        .fold(connector.to_owned(), |text, step| text.replace(step, ""))
}

fn consequences(finding: &Value) -> String {
    let all = finding["consequences"].as_array().unwrap();
    all.iter().map(text).collect::<Vec<_>>().join(" ")
}

#[test]
fn steps_in_another_order_are_one_finding_of_their_profile() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, |text| turned(text, "Full Synchronization"));
    let compared = twins.compare();
    compared.assert_findings(&["medium run-step-order"]);
    let finding = compared.one("run-step-order");
    assert_eq!(finding["object"], "Full Synchronization");
    assert_eq!(finding["change"], "reordered");
    let (left, right) = (text(&finding["primary"]), text(&finding["staging"]));
    assert!(left.ends_with(&format!("of {DOMAIN}")), "{left}");
    let parts: Vec<&str> = right.split(", then ").collect();
    assert_eq!(left, [parts[1], parts[0]].join(", then "));
    let swapped = twins.swapped();
    assert_eq!(swapped.one("run-step-order")["fingerprint"], finding["fingerprint"]);
    assert_eq!(swapped.one("run-step-order")["values"], finding["values"]);
}

#[test]
fn steps_of_a_profile_that_the_scheduler_runs_weigh_more() {
    let mut twins = Twins::of_sample();
    on(&mut twins.primary, CONTOSO, |text| turned(text, "Delta Import"));
    twins.compare().assert_findings(&["high run-step-order"]);
}

#[test]
fn a_step_that_moved_and_changed_is_the_same_step() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, |text| {
        steps(text, "Export", |steps| {
            let changed = steps[0].replacen("<object>0<", "<object>7<", 1);
            vec![steps[1].to_owned(), changed]
        })
    });
    let compared = twins.compare();
    compared.assert_findings(&["high run-step-order", "medium run-step-object-limit"]);
}

#[test]
fn a_domain_on_one_server_only_takes_its_steps_with_it() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, without_domain);
    let compared = twins.compare();
    compared.assert_findings(&["block partition-missing"]);
    let finding = compared.one("partition-missing");
    let parts: Vec<&str> = finding["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| text(&part["what"]))
        .collect();
    assert_eq!(parts.len(), 5, "{parts:?}");
    assert!(
        parts[0].starts_with("contoso.com / ") && parts[0].ends_with(DOMAIN),
        "{parts:?}"
    );
    assert!(consequences(finding).contains("Run profile steps on it exist only on SYNC01, too."));
}

#[test]
fn a_domain_that_one_server_does_not_read_takes_its_steps_with_it() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, |connector| {
        let partitions = pieces(connector, "<partition><id>", "</partition>");
        let own = partitions.into_iter().find(|piece| piece.contains(DOMAIN)).unwrap();
        let unread = connector.replace(own, &swap(own, "<selected>1</selected>", "<selected>0</selected>"));
        without_steps(&unread, &identifier(own))
    });
    let compared = twins.compare();
    compared.assert_findings(&["block partition-selected"]);
    assert_eq!(
        compared.one("partition-selected")["detail"].as_array().unwrap().len(),
        5
    );
}

#[test]
fn a_step_that_one_server_lacks_for_a_domain_that_both_read_is_a_finding() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, |text| {
        steps(text, "Full Import", |steps| vec![steps[0].to_owned()])
    });
    twins.compare().assert_findings(&["high run-step-missing"]);
}

#[test]
fn two_forests_are_two_connectors_even_under_one_name() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        text.replace("<forest-name>fabrikam.com<", "<forest-name>tailspin.com<")
    });
    let compared = twins.compare();
    compared.assert_findings(&["block connector-missing", "block connector-missing"]);
    let shown: Vec<&str> = compared
        .findings()
        .iter()
        .flat_map(|finding| [text(&finding["primary"]), text(&finding["staging"])])
        .filter(|shown| !shown.is_empty())
        .collect();
    assert!(shown.contains(&"fabrikam.com"), "{shown:?}");
    assert!(shown.contains(&"fabrikam.com (forest tailspin.com)"), "{shown:?}");
}

#[test]
fn a_connector_file_that_was_copied_is_no_connector_of_the_server() {
    let mut twins = Twins::of_sample();
    let (path, copy) = twins
        .staging
        .texts
        .iter()
        .find(|(_, text)| text.contains(FABRIKAM))
        .map(|(path, text)| (path.replace(".xml", " - Copy.xml"), text.clone()))
        .unwrap();
    twins.staging.texts.insert(path, copy);
    let compared = twins.compare();
    assert_eq!(compared.report["verdict"], "incomplete", "{:#?}", compared.brief());
    let finding = compared.one("connector-missing");
    assert_eq!(finding["status"], "unknown");
    assert!(consequences(finding).contains("holds the connector fabrikam.com more than once"));
    let warnings = compared.report["warnings"].as_array().unwrap();
    assert!(
        warnings.iter().any(|warning| warning["id"] == "same-identifier-twice"),
        "{warnings:?}"
    );
}

#[test]
fn a_domain_that_went_and_left_its_steps_behind_is_one_finding() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, CONTOSO, |connector| {
        let partitions = pieces(connector, "<partition><id>", "</partition>");
        let own = partitions
            .into_iter()
            .find(|piece| piece.contains(&format!("<name>{DOMAIN}</name>")));
        connector.replace(own.unwrap(), "")
    });
    let compared = twins.compare();
    compared.assert_findings(&["block partition-missing"]);
    let finding = compared.one("partition-missing");
    let parts = finding["detail"].as_array().unwrap();
    assert_eq!(
        parts.iter().filter(|part| part["id"] == "run-step-partition").count(),
        5,
        "{parts:?}"
    );
    assert!(consequences(finding).contains("name a partition nobody knows"));
}

#[test]
fn a_rule_without_a_number_is_one_finding() {
    for number in ["", "soon"] {
        let mut twins = Twins::of_sample();
        on(&mut twins.staging, "<name>In from AD - User Join</name>", |text| {
            let from = text.find("<precedence>").unwrap() + "<precedence>".len();
            let to = from + text[from..].find('<').unwrap();
            format!("{}{number}{}", &text[..from], &text[to..])
        });
        let compared = twins.compare();
        let ids: Vec<&str> = compared.findings().iter().map(|finding| text(&finding["id"])).collect();
        assert_eq!(ids, ["rule-precedence"], "{:#?}", compared.brief());
    }
}

#[test]
fn a_rule_that_was_renamed_keeps_its_identifier() {
    let twins = Twins::of_sample();
    let mut renamed = twins.clone();
    renamed.staging = twins.primary.clone();
    on(&mut renamed.staging, METAVERSE, |text| text.replace("SYNC01", "SYNC02"));
    on(
        &mut renamed.staging,
        "<name>In from AD - User Office Location</name>",
        |text| {
            text.replace(
                "<name>In from AD - User Office Location</name>",
                "<name>In from AD - User Handset</name>",
            )
        },
    );
    let compared = renamed.compare();
    let same = |entry: &&Value| entry["primary"] == entry["staging"] && entry["change"] == "changed";
    let invented: Vec<_> = compared.expected().iter().filter(same).collect();
    assert!(invented.is_empty(), "{invented:#?}");
}

#[test]
fn what_a_schema_says_twice_is_said() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        text.replacen(
            "<name>department</name>",
            "<name>department</name><name>department</name>",
            1,
        )
    });
    let compared = twins.compare();
    assert!(!compared.findings().is_empty() || !compared.expected_of("connector-schema").is_empty());
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        let from = text.find("<attribute ref=").unwrap();
        let to = from + text[from..].find("/>").unwrap() + 2;
        format!("{}{}{}", &text[..to], &text[from..to], &text[to..])
    });
    let compared = twins.compare();
    compared.assert_findings(&[]);
    assert_eq!(compared.expected_of("connector-schema").len(), 1);
}

#[test]
fn a_join_group_that_is_tried_again_finds_nobody_new() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, "<name>In from AD - User Join</name>", |text| {
        let from = text.find("<relationshipCriteria>").unwrap();
        let from = from + text[from..].find("<conditions>").unwrap();
        let to = from + text[from..].find("</conditions>").unwrap() + "</conditions>".len();
        format!("{}{}{}", &text[..to], &text[from..to], &text[to..])
    });
    let compared = twins.compare();
    compared.assert_findings(&[]);
    assert_eq!(
        compared.expected_of("rule-join-groups").len(),
        1,
        "{:#?}",
        compared.brief()
    );
}
