//! Accepted drift from outside: what cannot be accepted, and what is reported
//! so that the file cannot rot.

use crate::support;
use crate::support::accepted::{
    LATER, WHO, YESTERDAY, accept, accept_as_text, consequences, drifting, entry, named, problem, statuses, unused,
};
use crate::support::export::{Export, Pair, direct};
use crate::support::text;
use crate::support::traps::{custom, edit, file_with, primary_with};
use serde_json::Value;
use std::fs;

#[test]
fn entries_that_match_nothing_are_reported() {
    let pair = drifting();
    let nothing = format!("[[accept]]\nfingerprint = \"0123456789ab\"\n{WHO}{LATER}");
    let compared = accept(&pair, &nothing);
    let entry = &unused(&compared)[0];
    assert_eq!(
        (text(&entry["fingerprint"]), text(&entry["reason"])),
        ("0123456789ab", "ours")
    );
    assert_eq!(
        (&entry["line"], text(&entry["owner"])),
        (&Value::from(1), "identity team")
    );
    assert!(problem(&compared).contains("matches no finding"));
    let compared = accept(&pair, &named("rule-scope-filter", "*"));
    assert!(
        problem(&compared).contains("did you mean rule-scoping-filter"),
        "{}",
        problem(&compared)
    );
    let shown = accept_as_text(&pair, &nothing, &[])
        .stdout
        .replace("\n           ", " ");
    assert!(
        shown.contains("WARNING") && shown.contains("0123456789ab of identity team"),
        "{shown}"
    );
}

#[test]
fn an_expired_entry_beside_its_renewal_is_reported_as_superseded() {
    let pair = drifting();
    let finding = pair.compare().findings()[0].clone();
    let compared = accept(
        &pair,
        &(entry(&finding, true, YESTERDAY) + &entry(&finding, true, LATER)),
    );
    assert_eq!(compared.report["summary"]["accepted"], 1);
    assert!(problem(&compared).contains("another entry"), "{}", problem(&compared));
    let accepted = compared.findings().iter().find(|f| f["status"] == "accepted").unwrap();
    assert!(!consequences(accepted).contains("expired"));
}

#[test]
fn what_is_unknown_cannot_be_accepted() {
    let pair = drifting();
    fs::remove_dir_all(pair.staging().join("SynchronizationRules")).unwrap();
    let before = pair.compare();
    let finding = before.findings().iter().find(|f| f["status"] == "unknown").unwrap();
    let compared = accept(&pair, &entry(finding, true, LATER));
    assert_eq!(compared.code, 3);
    assert!(
        compared.findings().iter().all(|f| f["status"] == "unknown"),
        "{:#?}",
        compared.brief()
    );
    assert!(problem(&compared).contains("unknown"), "{}", problem(&compared));
    let compared = accept(&pair, &named("rule-description", "*"));
    assert!(problem(&compared).contains("mend the gaps"), "{}", problem(&compared));
}

#[test]
fn lints_and_expected_differences_need_no_acceptance_and_get_none() {
    let mut primary = primary_with([custom("In from AD - Department", 50, "department", "department")]);
    primary.rules.push(custom("In from AD - Late", 150, "office", "office"));
    let pair = Pair::of(&primary, &Export::staging_of(&primary));
    let before = pair.compare();
    let lint = &before.report["lints"][0];
    let compared = accept(&pair, &entry(lint, true, LATER));
    assert_eq!(compared.report["lints"][0], *lint);
    assert!(problem(&compared).contains("lint"), "{}", problem(&compared));
    let compared = accept(&pair, &entry(&before.expected()[0], true, LATER));
    assert!(
        problem(&compared).contains("expected difference"),
        "{}",
        problem(&compared)
    );
}

#[test]
fn of_several_staging_servers_an_entry_is_used_by_any() {
    let pair = drifting();
    let finding = pair.compare().findings()[0].clone();
    let third = Export {
        server: "SYNC03".to_owned(),
        ..Export::staging_of(&primary_with([
            custom("In from AD - Department", 50, "department", "department"),
            custom("In from AD - Office", 51, "office", "office"),
        ]))
    };
    let folder = pair.folder.path().join("third");
    third.write(&folder);
    let nothing = format!("[[accept]]\nfingerprint = \"0123456789ab\"\n{WHO}{LATER}");
    let more = [folder.to_str().unwrap(), "--format", "json"];
    let run = accept_as_text(&pair, &(entry(&finding, true, LATER) + &nothing), &more);
    let reports: Value = serde_json::from_str(&run.stdout).unwrap();
    for report in reports["reports"].as_array().unwrap() {
        assert_eq!(
            report["unusedAcceptances"].as_array().unwrap().len(),
            1,
            "{}",
            report["unusedAcceptances"]
        );
        assert_eq!(report["unusedAcceptances"][0]["fingerprint"], "0123456789ab");
    }
}

#[test]
fn a_domain_s_partition_is_also_named_by_its_dns_name() {
    let partition = |hosts: &str| {
        format!(
            "<ma-partition-data><partition><id>{{11111111-1111-1111-1111-111111111111}}</id><name>DC=contoso,DC=com</name>\
             <custom-data><adma-partition-data><preferred-dcs>{hosts}</preferred-dcs></adma-partition-data></custom-data>\
             </partition></ma-partition-data></ma-data>"
        )
    };
    let primary = primary_with([custom("In from AD - Department", 50, "department", "department")]);
    let primary = primary.rule(custom("In from AD - Office", 51, "office", "office").flow(direct("title", "title")));
    let pair = Pair::of(&primary, &Export::staging_of(&primary));
    for (folder, host) in [(pair.primary(), "dc1"), (pair.staging(), "dc2")] {
        let hosts = format!("<preferred-dc>{host}.contoso.com</preferred-dc>");
        edit(
            &file_with(&folder, "Connectors", "forest-name"),
            "</ma-data>",
            &partition(&hosts),
        );
    }
    let before = pair.compare();
    assert_eq!(
        before.expected_of("partition-preferred-dcs").len(),
        1,
        "{:#?}",
        before.brief()
    );
    let compared = accept(&pair, &named("partition-preferred-d*", "contoso.com"));
    assert!(
        problem(&compared).contains("names an expected difference"),
        "{}",
        problem(&compared)
    );
}

#[test]
fn an_entry_of_a_pair_is_unused_where_there_is_no_pair_and_says_so() {
    let pair = drifting();
    let finding = pair.compare().findings()[0].clone();
    let limited = format!("{}pair = \"contoso*\"\n", entry(&finding, true, LATER));
    let compared = accept(&pair, &limited);
    assert_eq!(statuses(&compared), ["drift", "drift"]);
    assert!(!consequences(&compared.findings()[0]).contains("identity team"));
    let problem = problem(&compared);
    assert!(
        problem.contains("limited to the pair \"contoso*\" of syncdrift.toml"),
        "{problem}"
    );
    assert_eq!(unused(&compared)[0]["line"], 1);
}

#[test]
fn a_set_time_that_decides_about_expiry_is_a_warning() {
    let pair = drifting();
    let finding = pair.compare().findings()[0].clone();
    let warned = |compared: &support::Compared| {
        compared.report["warnings"]
            .to_string()
            .contains("judged as of 2026-11-21")
    };
    assert!(warned(&accept(&pair, &entry(&finding, true, LATER))));
    assert!(!warned(&pair.compare()), "nothing expires");
    let file = support::accepted::file(&pair, &entry(&finding, true, LATER));
    let mut command = support::syncdrift();
    command
        .env_remove("SOURCE_DATE_EPOCH")
        .arg("compare")
        .args([pair.primary(), pair.staging()]);
    let output = command
        .args(["--format", "json", "--accept"])
        .arg(file)
        .output()
        .unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("SOURCE_DATE_EPOCH"));
}
