//! What the pictures of a report show, from outside.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::partitions::{DOMAIN, compare, short};
use support::{Compared, text};

fn views<'c>(compared: &'c Compared, kind: &str) -> &'c [Value] {
    compared.report["views"][kind].as_array().map_or(&[], Vec::as_slice)
}

/// The one picture of its kind.
fn only<'c>(compared: &'c Compared, kind: &str) -> &'c Value {
    let all = views(compared, kind);
    assert_eq!(all.len(), 1, "{all:#?}\n{:#?}", compared.brief());
    &all[0]
}

/// Fingerprints of the findings with these ids, in the order of the report.
fn prints(compared: &Compared, ids: &[&str]) -> Vec<Value> {
    let named = compared.findings().iter().filter(|f| ids.contains(&text(&f["id"])));
    named.map(|f| f["fingerprint"].clone()).collect()
}

/// `  name primary staging`, indented by depth.
fn tree(picture: &Value) -> Vec<String> {
    let node = |node: &Value| {
        format!(
            "{}{} {} {}",
            "  ".repeat(usize::try_from(node["depth"].as_u64().unwrap()).unwrap()),
            text(&node["name"]),
            text(&node["primary"]),
            text(&node["staging"])
        )
    };
    picture["nodes"].as_array().unwrap().iter().map(node).collect()
}

#[test]
fn a_container_left_out_is_shown_with_those_around_it() {
    let staging = ["+", "-OU=Old,OU=Sales,OU=Corp", "-OU=Test"];
    let compared = compare(&["+", "-OU=Test"], &staging);
    assert_eq!(short(&compared).len(), 1, "{:#?}", compared.brief());
    let picture = only(&compared, "scope");
    assert_eq!(picture["connector"], "contoso.com");
    assert_eq!(picture["partition"], DOMAIN);
    assert_eq!(
        tree(picture),
        [
            "DC=contoso,DC=com in in",
            "  OU=Corp in in",
            "    OU=Sales in in",
            "      OU=Old in out",
            "  OU=Test out out",
        ]
    );
    let dns: Vec<&str> = picture["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| text(&n["dn"]))
        .collect();
    assert_eq!(dns[2], format!("OU=Sales,OU=Corp,{DOMAIN}"));
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["partition-ou-scope"]))
    );
    assert_eq!(picture["more"], Value::Null);
}

#[test]
fn a_tree_names_all_its_findings_worst_first() {
    let compared = compare(&["-", "+OU=A"], &["-", "+OU=B"]);
    let picture = only(&compared, "scope");
    assert_eq!(compared.findings()[0]["severity"], "block");
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["partition-ou-scope"]))
    );
    assert_eq!(picture["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn what_does_not_differ_has_no_picture() {
    let compared = compare(&["+", "-OU=A"], &["+", "-OU=A"]);
    assert_eq!(compared.report["views"], Value::Null);
}

#[test]
fn of_thousands_of_containers_those_that_differ_are_shown() {
    let names: Vec<String> = (0..3_000).map(|at| format!("-OU=L{at:04},OU=All")).collect();
    let mut left: Vec<&str> = vec!["+"];
    left.extend(names.iter().map(String::as_str));
    let mut right = left.clone();
    right.retain(|name| !name.contains("L2500"));
    let compared = compare(&left, &right);
    let picture = only(&compared, "scope");
    let nodes = tree(picture);
    assert_eq!(nodes.len(), 200);
    assert!(nodes.contains(&"    OU=L2500 out in".to_owned()), "{nodes:#?}");
    assert_eq!(nodes[1], "  OU=All in in");
    assert_eq!(picture["more"], 3_002 - 200);
}
