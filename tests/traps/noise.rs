//! What every server has of its own, or writes in its own way, is no drift;
//! yet it is counted, and listed as expected with both values and its reason.
//! A secret's values are never shown, only that they differ.
//!
//! The list of all kinds of noise with their tests is in `inventory.rs`.

use crate::support::files::Files;
use crate::support::inside::compare_files as compare;
use crate::support::second::second_server;
use crate::support::{Compared, sample, text};
use serde_json::Value;

fn primary() -> Files {
    Files::read(&sample("primary"))
}

/// Edits one text wherever it stands in a part of the export; it must stand there.
fn edit(files: &mut Files, part: &str, from: &str, to: &str) {
    let before = files.texts.clone();
    files.each_text(part, |text| text.replace(from, to));
    assert_ne!(before, files.texts, "{from:?} is not in {part}");
}

/// With another global parameter.
fn with_parameter(files: &mut Files, name: &str, value: &str) {
    let leaf = format!(
        "<parameter name=\"{name}\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">{value}</parameter>"
    );
    edit(
        files,
        "GlobalSettings",
        "</parameter-values>",
        &format!("{leaf}</parameter-values>"),
    );
}

/// Not one finding, and an expected entry that shows both values and says why.
fn assert_expected(compared: &Compared, id: &str) -> Value {
    assert!(compared.findings().is_empty(), "{id}: {:#?}", compared.brief());
    assert_eq!(
        compared.report["verdict"], "parity",
        "{id}: {}",
        compared.report["gaps"]
    );
    let mut entries = compared.expected_of(id);
    if entries.is_empty() {
        // The second copy of a setting stands under the first.
        let has = |entry: &&Value| entry["detail"].as_array().unwrap().iter().any(|part| part["id"] == id);
        entries = compared.expected().iter().filter(has).collect();
    }
    assert!(!entries.is_empty(), "{id} is not among the expected differences");
    for entry in &entries {
        assert_eq!(entry["status"], "expected");
        assert!(text(&entry["reason"]).ends_with('.'), "{entry:#}");
        let (left, right) = (&entry["primary"], &entry["staging"]);
        assert!(left.is_string() || right.is_string(), "{entry:#}");
    }
    entries[0].clone()
}

/// Ids of entries that a second server brings without any edit.
const OWN: [&str; 27] = [
    "rule-identifier",
    "rule-internal-identifier",
    "rule-revision",
    "rule-connector",
    "connector-identifier",
    "partition-identifier",
    "run-profile-identifier",
    "run-step-partition",
    "connector-creation-time",
    "connector-last-modification-time",
    "connector-version",
    "connector-internal-version",
    "connector-password-writeback-time",
    "partition-creation-time",
    "partition-last-modification-time",
    "partition-version",
    "run-profile-version",
    "export-date",
    "global-version",
    "server-name",
    "staging-mode",
    "next-sync-time",
    "partition-last-dc",
    "partition-parameter-last-dc",
    "connector-account-user",
    "connector-parameter-account-user",
    "connector-user-name",
];
const SECRET: [&str; 3] = ["partition-cookie", "partition-parameter-cookie", "partition-water-mark"];

#[test]
fn what_every_server_has_of_its_own_is_expected_with_both_values() {
    let primary = primary();
    let compared = compare(&primary, &second_server(&primary));
    for id in OWN {
        let entry = assert_expected(&compared, id);
        assert!(
            entry["primary"].is_string() && entry["staging"].is_string(),
            "{entry:#}"
        );
        let named = ["rule-connector", "run-step-partition"].contains(&id);
        assert!(named || entry["primary"] != entry["staging"], "{entry:#}");
    }
    let ledger = &compared.report["ledger"];
    assert!(ledger["noise"].as_u64().unwrap() > 500, "{ledger}");
    assert_eq!(ledger["uncatalogued"], 0, "{ledger}");
}

#[test]
fn secrets_only_differ() {
    let primary = primary();
    let compared = compare(&primary, &second_server(&primary));
    for id in SECRET {
        let entry = assert_expected(&compared, id);
        assert_eq!(
            (text(&entry["primary"]), text(&entry["staging"])),
            ("(secret)", "(another secret)")
        );
    }
    assert!(compared.report["ledger"]["secret"].as_u64().unwrap() > 0);
    let whole = compared.report.to_string();
    assert!(!whole.contains("TVNEUw"), "a cookie is shown");
    let same = compare(&primary, &primary_with_name(&primary));
    assert!(
        SECRET.iter().all(|id| same.expected_of(id).is_empty()),
        "equal secrets do not differ"
    );
}

/// The same server under another name, active no more.
fn primary_with_name(primary: &Files) -> Files {
    let mut files = primary.clone();
    files.replace("SYNC01", "SYNC02");
    let mode = |value: &str| {
        format!("StagingMode\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">{value}<")
    };
    edit(&mut files, "GlobalSettings", &mode("False"), &mode("True"));
    files
}

type Edit = fn(&mut Files);

/// Differences with the id under which each is expected: first what is done to the primary, then to staging.
const EDITS: &[(&str, &str, Edit, Edit)] = &[
    ("N3", "connector-name", nothing, |staging| {
        edit(
            staging,
            "Connectors",
            "<name>contoso.com</name>\n  <category>",
            "<name>Headquarters</name>\n  <category>",
        );
    }),
    ("N3, N17", "connector-name", nothing, |staging| {
        edit(
            staging,
            "Connectors",
            ".com - AAD</name>",
            ".com - Microsoft Entra ID</name>",
        );
    }),
    (
        "N4",
        "configuration-import-date",
        |primary| with_parameter(primary, "Microsoft.Configuration.ImportDate", "2026-03-14 10:00:00.000"),
        |staging| with_parameter(staging, "Microsoft.Configuration.ImportDate", "2026-05-01 12:00:00.000"),
    ),
    ("N5", "next-sync-policy", nothing, |staging| {
        edit(staging, "GlobalSettings", ">Delta</parameter>", ">Initial</parameter>");
    }),
    ("N8", "machine-role", nothing, |staging| {
        edit(
            staging,
            "GlobalSettings",
            ">RoleMemberServer<",
            ">RolePrimaryDomainController<",
        );
    }),
    ("N11", "rule-precedence", nothing, |staging| {
        staging.each_rule(|rule| {
            let number: u32 = rule.text_of("precedence").parse().unwrap();
            assert!(rule.set("precedence", &(number * 2 + 7).to_string()));
        });
    }),
    ("N14", "partition-container-exclusions", nothing, |staging| {
        edit(
            staging,
            "Connectors",
            "<exclusion>OU=Archive,DC=fabrikam,DC=com<",
            "<exclusion>ou=archive, dc=Fabrikam,DC=com<",
        );
    }),
    ("N15", "run-history-retention", nothing, |staging| {
        edit(staging, "GlobalSettings", ">7.00:00:00<", ">7.0:0:0<");
    }),
    ("N15", "exchange-hybrid", nothing, |staging| {
        edit(
            staging,
            "GlobalSettings",
            "HybridExchange\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">True<",
            "HybridExchange\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">1<",
        );
    }),
    (
        "N19",
        "partition-preferred-dcs",
        |primary| near(primary, "dc1"),
        |staging| near(staging, "dc7"),
    ),
    (
        "N7",
        "connector-application-id",
        |primary| application(primary, "11111111-2222-4333-8444-555555555555"),
        |staging| application(staging, "66666666-7777-4888-8999-aaaaaaaaaaaa"),
    ),
    (
        "N7",
        "connector-certificate-id",
        |primary| certificate(primary, "AB12"),
        |staging| certificate(staging, "CD34"),
    ),
];

fn nothing(_: &mut Files) {}

fn near(files: &mut Files, controller: &str) {
    let list = format!("<preferred-dcs><preferred-dc>{controller}.fabrikam.com</preferred-dc></preferred-dcs>");
    edit(
        files,
        "Connectors",
        "<last-dc>FABRIKAM-DC01.fabrikam.com</last-dc>",
        &format!("{list}<last-dc>FABRIKAM-DC01.fabrikam.com</last-dc>"),
    );
}

fn application(files: &mut Files, id: &str) {
    entra_parameter(files, "ApplicationId", id);
}

fn certificate(files: &mut Files, id: &str) {
    entra_parameter(files, "CertificateId", id);
}

fn entra_parameter(files: &mut Files, name: &str, value: &str) {
    let leaf = format!(
        "<parameter name=\"{name}\" type=\"string\" use=\"connectivity\" dataType=\"String\">{value}</parameter>"
    );
    let before = "<parameter name=\"UserName\"";
    edit(files, "Connectors", before, &format!("{leaf}{before}"));
}

#[test]
fn each_kind_of_noise_is_expected_and_no_drift() {
    for (noise, id, left, right) in EDITS {
        let mut first = primary();
        let mut second = primary_with_name(&first);
        left(&mut first);
        right(&mut second);
        let entry = assert_expected(&compare(&first, &second), id);
        assert_ne!(entry["primary"], entry["staging"], "{noise}: {entry:#}");
    }
}

/// Turns the order of the elements of a name round, inside every element of another.
fn reverse(text: &str, holder: &str, item: &str) -> String {
    let (open, close) = (format!("<{holder}>"), format!("</{holder}>"));
    let end = format!("</{item}>");
    let mut out = String::new();
    let mut rest = text;
    while let Some(from) = rest.find(&open).map(|at| at + open.len()) {
        let to = from + rest[from..].find(&close).unwrap();
        let mut items: Vec<&str> = rest[from..to].split_inclusive(end.as_str()).collect();
        let blank = items.pop_if(|last| !last.ends_with(&end)).unwrap_or_default();
        items.reverse();
        out.push_str(&rest[..from]);
        out.push_str(&items.concat());
        out.push_str(blank);
        rest = &rest[to..];
    }
    out + rest
}

#[test]
fn the_order_of_things_that_have_none_is_no_difference() {
    let first = primary();
    let base = primary_with_name(&first);
    for (part, holder, item) in [
        ("GlobalSettings", "parameter-values", "parameter"),
        ("Connectors", "attribute-inclusion", "attribute"),
        ("Connectors", "object-classes", "object-class"),
        ("Connectors", "exclusions", "exclusion"),
        ("Connectors", "parameter-values", "parameter"),
        ("Connectors", "ma-run-data", "run-configuration"),
        ("Connectors", "ma-partition-data", "partition"),
    ] {
        let mut second = base.clone();
        let plain = compare(&first, &second);
        second.each_text(part, |text| reverse(text, holder, item));
        assert_ne!(second.texts, base.texts, "{holder}");
        let reversed = compare(&first, &second);
        assert!(reversed.findings().is_empty(), "{holder}: {:#?}", reversed.brief());
        assert_eq!(reversed.report["verdict"], "parity", "{holder}");
        let ids = |compared: &Compared| -> Vec<String> {
            let mut ids: Vec<String> = compared
                .expected()
                .iter()
                .filter(|entry| !text(&entry["reason"]).contains("order"))
                .map(|entry| format!("{} {}", entry["id"], entry["object"]))
                .collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(&plain), ids(&reversed), "{holder}");
    }
}

#[test]
fn an_order_that_has_a_meaning_is_kept() {
    let first = primary();
    let mut second = primary_with_name(&first);
    let step = |kind: &str| format!("<step><step-type type=\"{kind}\"");
    // Two steps in one profile, in the two orders.
    let with_steps = |files: &mut Files, kinds: [&str; 2]| {
        files.each_text("Connectors", |text| {
            let Some(at) = text.find("<name>Full Import</name>") else {
                return text.to_owned();
            };
            let from = at + text[at..].find(&step("full-import")).unwrap();
            let to = from + text[from..].find("</step>").unwrap() + "</step>".len();
            let steps = kinds.map(|kind| text[from..to].replace("full-import", kind)).concat();
            format!("{}{steps}{}", &text[..from], &text[to..])
        });
    };
    let mut left = first.clone();
    with_steps(&mut left, ["full-import", "delta-import"]);
    with_steps(&mut second, ["delta-import", "full-import"]);
    let compared = compare(&left, &second);
    assert!(!compared.findings().is_empty());
    for finding in compared.findings() {
        assert!(text(&finding["id"]).starts_with("run-"), "{:#?}", compared.brief());
    }
}

#[test]
fn an_empty_element_is_a_missing_one() {
    let first = primary();
    let mut second = primary_with_name(&first);
    edit(&mut second, "Connectors", "  <description />\n", "");
    let compared = compare(&first, &second);
    assert!(compared.findings().is_empty(), "{:#?}", compared.brief());
    assert_eq!(compared.report["verdict"], "parity");
}
