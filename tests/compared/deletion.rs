//! Metaverse deletion rules: what keeps objects alive, as a consequence of
//! the rules that differ.

use crate::support;
use crate::support::export::{Export, Pair, Rule};
use crate::support::traps::{compare_rules, custom, file_with, files, primary_with, user_common, user_join};
use crate::support::{Compared, text};
use serde_json::Value;
use std::fs;

const ROW: &str = "metaverse-deletion-rule";

/// Consequences that speak of what keeps objects alive.
fn alive(finding: &Value) -> Vec<String> {
    let all = finding["consequences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| text(c).to_owned());
    all.filter(|sentence| sentence.contains("of the metaverse alive"))
        .collect()
}

/// All such sentences of a report, with the id they stand under.
fn everywhere(compared: &Compared) -> Vec<(String, String)> {
    let under = |f: &Value| -> Vec<(String, String)> {
        alive(f)
            .into_iter()
            .map(|sentence| (text(&f["id"]).to_owned(), sentence))
            .collect()
    };
    compared.findings().iter().flat_map(under).collect()
}

fn checked(compared: &Compared) -> (String, u64) {
    let all = compared.report["checked"].as_array().unwrap();
    let row = all.iter().find(|row| row["id"] == ROW).unwrap();
    (text(&row["status"]).to_owned(), row["objects"].as_u64().unwrap())
}

#[test]
fn a_disabled_provisioning_rule_says_that_nothing_keeps_its_objects() {
    let compared = compare_rules([user_join(100)], [user_join(100).disabled()]);
    compared.assert_findings(&["block rule-disabled"]);
    assert_eq!(
        alive(compared.one("rule-disabled")),
        [
            "On SYNC02 nothing keeps person objects of the metaverse alive; on SYNC01 \"In from AD - User Join\" \
          (contoso.com) does."
        ]
    );
    let swapped = compare_rules([user_join(100).disabled()], [user_join(100)]);
    assert!(alive(swapped.one("rule-disabled"))[0].starts_with("On SYNC01 nothing keeps person"));
}

#[test]
fn provision_made_join_keeps_nothing_any_more() {
    let compared = compare_rules([user_join(100)], [user_join(100).link("Join")]);
    compared.assert_findings(&["block rule-link-type"]);
    assert_eq!(alive(compared.one("rule-link-type")).len(), 1);
    let sticky = compare_rules([user_join(100)], [user_join(100).link("StickyJoin")]);
    sticky.assert_findings(&["block rule-link-type"]);
    assert!(everywhere(&sticky).is_empty(), "both link types keep the object");
}

#[test]
fn what_else_keeps_the_objects_is_named() {
    let contractor = custom("In from AD - Contractors", 50, "office", "office").link("Provision");
    let compared = compare_rules(
        [user_join(100), contractor.clone()],
        [user_join(100), contractor.disabled()],
    );
    assert_eq!(
        alive(compared.one("rule-disabled")),
        [
            "What keeps person objects of the metaverse alive: on SYNC01 \"In from AD - Contractors\" (contoso.com) and \
          \"In from AD - User Join\" (contoso.com); on SYNC02 \"In from AD - User Join\" (contoso.com)."
        ]
    );
}

#[test]
fn a_missing_rule_and_another_object_type_are_causes() {
    let rule = custom("In from AD - Devices", 50, "office", "office")
        .link("Provision")
        .types("computer", "device");
    let compared = compare_rules([user_join(100), rule.clone()], [user_join(100)]);
    compared.assert_findings(&["block custom-rule-missing"]);
    assert!(alive(compared.one("custom-rule-missing"))[0].contains("nothing keeps device objects"));
    let other = rule.clone().types("computer", "group");
    let compared = compare_rules([rule], [other]);
    let under = everywhere(&compared);
    assert_eq!(under.len(), 2, "{under:#?}");
    assert!(
        under.iter().all(|(id, _)| id == "rule-target-object-type"),
        "{under:#?}"
    );
    let missing = compare_rules([user_join(100), user_common(101)], [user_common(101)]);
    missing.assert_findings(&["block default-rule-missing"]);
    assert_eq!(alive(missing.one("default-rule-missing")).len(), 1);
    let harmless = compare_rules([user_join(100), user_common(101)], [user_join(100)]);
    harmless.assert_findings(&["high default-rule-missing"]);
}

#[test]
fn rules_that_keep_nothing_say_nothing() {
    let out = Rule::outbound("Out to AAD - User Join", 110).link("Provision");
    for (left, right) in [
        (user_common(101), user_common(101).disabled()),
        (out.clone(), out.disabled()),
        (user_join(100).disabled(), user_join(100).disabled().link("Join")),
    ] {
        let compared = compare_rules([left], [right]);
        assert!(everywhere(&compared).is_empty(), "{:#?}", everywhere(&compared));
        assert!(compared.all(ROW).is_empty());
    }
    let parity = compare_rules([user_join(100)], [user_join(100)]);
    parity.assert_parity();
    assert_eq!(checked(&parity), ("equal".to_owned(), 1));
}

#[test]
fn a_clone_beside_its_disabled_original_changes_nothing() {
    let copy = user_join(100).cloned_as("3/14/2026 10:11:12 AM", 99);
    let compared = compare_rules([user_join(100)], [user_join(100).disabled(), copy]);
    assert!(everywhere(&compared).is_empty(), "{:#?}", everywhere(&compared));
    assert!(compared.all(ROW).is_empty(), "{:#?}", compared.brief());
    assert_eq!(compared.findings().len(), 1, "{:#?}", compared.brief());
}

#[test]
fn what_a_newer_build_changes_hangs_under_the_builds() {
    let mut primary = primary_with([user_join(100)]);
    primary.build = "2.5.79.0".to_owned();
    let device = Rule::inbound("In from AD - Device Join", 101)
        .tagged("Microsoft.InfromADDeviceJoin.001")
        .types("computer", "device")
        .link("Provision");
    let mut staging = Export::staging_of(&primary);
    staging.build = "2.6.92.0".to_owned();
    staging.rules.push(device);
    let compared = support::export::compare(&primary, &staging);
    let under = everywhere(&compared);
    assert_eq!(under.len(), 1, "{under:#?} {:#?}", compared.brief());
    assert_eq!(under[0].0, "server-build");
    assert!(compared.all(ROW).is_empty());
}

#[test]
fn a_connector_on_one_server_takes_its_rules_with_it() {
    let mut primary = primary_with([user_join(100)]);
    primary
        .forests
        .push(("fabrikam.com".to_owned(), "fabrikam.com".to_owned()));
    let mut staging = Export::staging_of(&primary);
    staging.forests.pop();
    primary.rules.push(user_join(102).on("fabrikam.com"));
    let pair = Pair::of(&primary, &staging);
    let compared = pair.compare();
    let under = everywhere(&compared);
    assert_eq!(under.len(), 1, "{under:#?} {:#?}", compared.brief());
    assert_eq!(under[0].0, "connector-missing");
    assert!(under[0].1.contains("(fabrikam.com)"), "{under:#?}");
    // The connector may stand in a file that cannot be read: then nobody knows.
    fs::write(pair.staging().join("Connectors/Connector_broken.xml"), "<ma-data>").unwrap();
    let compared = pair.compare();
    assert!(
        everywhere(&compared).is_empty() && compared.all(ROW).is_empty(),
        "{:#?}",
        compared.brief()
    );
}

#[test]
fn a_rule_that_cannot_be_read_may_keep_what_seems_lost() {
    let pair = Pair::of(
        &primary_with([user_join(100), user_common(101)]),
        &Export::staging_of(&primary_with([user_join(100).disabled(), user_common(101)])),
    );
    let file = file_with(&pair.staging(), "SynchronizationRules", "User Common");
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let compared = pair.compare();
    assert!(
        compared.all("rule-disabled").len() == 1 && everywhere(&compared).is_empty(),
        "{:#?}",
        compared.brief()
    );
    assert_eq!(checked(&compared).0, "unknown");
}

#[test]
fn two_exports_of_one_server_are_told_apart() {
    let pair = Pair::of(
        &primary_with([user_join(100)]),
        &Export::staging_of(&primary_with([user_join(100).disabled()])),
    );
    for file in files(&pair.staging(), "GlobalSettings") {
        support::traps::edit(&file, "SYNC02", "SYNC01");
    }
    let compared = pair.compare_with(&["--same-server"]);
    let sentence = &alive(compared.one("rule-disabled"))[0];
    assert!(
        sentence.starts_with("On the second export of SYNC01 nothing keeps"),
        "{sentence}"
    );
}
