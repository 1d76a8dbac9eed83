//! What others say of a server: the wizard's policy, alone and beside an
//! export, and the tenant. A contradiction is a fault of that server, never a
//! difference between the two.

use crate::support::bundle::Bundle;
use crate::support::export::{Export, Pair, Rule, direct};
use crate::support::{Compared, compare, compare_with, run, text};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ANCHOR: &str = "Microsoft.SynchronizationOption.AnchorAttribute";
const THRESHOLD: &str = "Microsoft.OptionalFeature.ExportDeletionThresholdValue";
const GROUPS: &str = "Microsoft.OptionalFeature.GroupWriteBack";

fn export() -> Export {
    let rule = Rule::inbound("In from AD - User", 50).flow(direct("mail", "mail"));
    let parameters = [(ANCHOR, "mS-DS-ConsistencyGuid"), (THRESHOLD, "500"), (GROUPS, "False")];
    Export {
        parameters: parameters
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..Export::primary().rule(rule)
    }
}

fn pair() -> Pair {
    Pair::of(&export(), &Export::staging_of(&export()))
}

/// A policy as the wizard writes it, with keys in other letter case than the documentation's.
fn policy() -> Value {
    json!({
        "PolicyMetadata": { "type": "export", "timeCreated": "2026-11-20 10:11:12Z", "azureADConnectVersion": "2.6.92.0" },
        "deploymentMetadata": { "hostName": "SYNC02" },
        "identityMappingPolicy": { "AzureSourceAnchorAttribute": "ms-ds-consistencyguid" },
        "azureDirectoryPolicy": { "exportDeletionLimit": 500, "standardSynchronizationRules": [] },
        "onpremisesDirectoryPolicy": [{ "friendlyName": "contoso.com", "partitionFilters": [] }],
    })
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

fn with_policy(pair: &Pair, policy: &Value) {
    let name = "Applied-SynchronizationPolicy-1.JSON";
    std::fs::write(
        pair.staging().join(name),
        utf16(&serde_json::to_string_pretty(policy).unwrap()),
    )
    .unwrap();
}

fn list<'c>(compared: &'c Compared, key: &str) -> &'c [Value] {
    compared.report[key].as_array().unwrap()
}

fn ids(list: &[Value]) -> Vec<&str> {
    list.iter().map(|entry| text(&entry["id"])).collect()
}

#[test]
fn a_policy_that_agrees_changes_nothing() {
    let pair = pair();
    let before = compare(&pair.primary(), &pair.staging());
    with_policy(&pair, &policy());
    let after = compare(&pair.primary(), &pair.staging());
    assert_eq!(after.code, 0, "{:#?}", after.brief());
    for key in ["findings", "expected", "lints", "ledger", "warnings"] {
        assert_eq!(before.report[key], after.report[key], "{key}");
    }
}

#[test]
fn a_policy_that_contradicts_the_export_is_a_lint_of_that_server() {
    let pair = pair();
    let mut changed = policy();
    changed["identityMappingPolicy"]["AzureSourceAnchorAttribute"] = json!("objectGUID");
    changed["azureDirectoryPolicy"]["exportDeletionLimit"] = json!(900);
    with_policy(&pair, &changed);
    let result = compare(&pair.primary(), &pair.staging());
    assert_eq!(result.code, 0, "never drift: {:#?}", result.brief());
    let lints = list(&result, "lints");
    let mut found = ids(lints);
    found.sort_unstable();
    assert_eq!(found, ["policy-deletion-threshold", "policy-source-anchor"]);
    let anchor = lints.iter().find(|lint| lint["id"] == "policy-source-anchor").unwrap();
    assert_eq!((text(&anchor["server"]), text(&anchor["severity"])), ("SYNC02", "low"));
    assert_eq!(anchor["staging"], "objectGUID (the export says mS-DS-ConsistencyGuid)");
    let places = anchor["locations"].to_string();
    assert!(places.contains("Applied-SynchronizationPolicy-1.JSON"), "{places}");
}

#[test]
fn a_contradiction_with_the_same_cause_as_a_finding_hangs_under_it() {
    let mut other = Export::staging_of(&export());
    other.parameters[0].1 = "objectGUID".to_owned();
    let pair = Pair::of(&export(), &other);
    with_policy(&pair, &policy());
    let result = compare(&pair.primary(), &pair.staging());
    result.assert_findings(&["block source-anchor"]);
    assert_eq!(ids(list(&result, "lints")), Vec::<&str>::new());
    let said = result.one("source-anchor")["consequences"].to_string();
    assert!(said.contains("policy of the wizard"), "{said}");
}

#[test]
fn a_policy_older_than_the_last_change_is_a_warning() {
    let pair = pair();
    let connector = std::fs::read_dir(pair.staging().join("Connectors"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let xml = std::fs::read_to_string(&connector).unwrap();
    let changed = "<last-modification-time>2026-11-20 12:00:00.000</last-modification-time></ma-data>";
    std::fs::write(&connector, xml.replace("</ma-data>", changed)).unwrap();
    with_policy(&pair, &policy());
    let result = compare(&pair.primary(), &pair.staging());
    assert_eq!(ids(list(&result, "warnings")), ["policy-older"]);
}

#[test]
fn a_policy_alone_is_a_server_with_gaps() {
    let pair = pair();
    let place = TempDir::new().unwrap();
    let file = place.path().join("Exported-SynchronizationPolicy.json");
    std::fs::write(&file, utf16(&policy().to_string())).unwrap();
    let agrees = compare(&pair.primary(), &file);
    assert_eq!(agrees.code, 3, "{:#?}", agrees.brief());
    assert_eq!(agrees.report["verdict"], "incomplete");
    assert_eq!(agrees.report["staging"]["server"], "SYNC02");
    assert_eq!(list(&agrees, "gaps").len(), 3);
    let mut changed = policy();
    changed["identityMappingPolicy"]["AzureSourceAnchorAttribute"] = json!("objectGUID");
    std::fs::write(&file, changed.to_string()).unwrap();
    let differs = compare(&pair.primary(), &file);
    assert_eq!(differs.code, 1);
    assert_eq!(differs.one("source-anchor")["staging"], "objectGUID");
    let drift: Vec<_> = differs
        .findings()
        .iter()
        .filter(|finding| finding["status"] == "drift")
        .collect();
    assert_eq!(
        drift.len(),
        1,
        "what the policy does not say is unknown: {:#?}",
        differs.brief()
    );
    assert_eq!(run(["document".as_ref(), file.as_os_str()]).code, 3);
    let whole = changed.to_string();
    std::fs::write(&file, &whole[..whole.len() - 5]).unwrap();
    let refused = run(["document".as_ref(), file.as_os_str()]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("the policy of the wizard cannot be read"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("cut off"), "{}", refused.stderr);
    std::fs::write(&file, "{\"a\": 1}").unwrap();
    assert_eq!(run(["document".as_ref(), file.as_os_str()]).code, 2);
}

fn tenant(place: &Path, facts: &Value) -> PathBuf {
    let file = place.join("tenant.json");
    std::fs::write(&file, serde_json::to_string_pretty(facts).unwrap()).unwrap();
    file
}

fn compared_with_tenant(pair: &Pair, facts: &Value) -> Compared {
    let place = TempDir::new().unwrap();
    let file = tenant(place.path(), facts);
    compare_with(&pair.primary(), &pair.staging(), &["--tenant", file.to_str().unwrap()])
}

fn facts() -> Value {
    json!({
        "schema": "syncdrift.tenant/1", "asOf": "2026-11-20", "features": { "unifiedGroupWriteback": false, "blockSoftMatch": true },
        "deletionThreshold": 500, "anchorAttribute": "mS-DS-ConsistencyGuid", "ptaAgents": [{ "host": "PTA01", "status": "active" }],
    })
}

#[test]
fn a_tenant_that_agrees_changes_nothing() {
    let pair = pair();
    let before = compare(&pair.primary(), &pair.staging());
    let after = compared_with_tenant(&pair, &facts());
    assert_eq!(after.code, 0);
    for key in ["findings", "expected", "lints", "ledger", "warnings"] {
        assert_eq!(before.report[key], after.report[key], "{key}");
    }
}

#[test]
fn facts_of_another_time_than_the_exports_are_a_warning() {
    let pair = pair();
    for (day, told) in [
        ("1899-01-01", true),
        ("2026-09-01", true),
        ("2026-10-30", false),
        ("2026-12-10T12:00:00Z", false),
        ("2999-01-01", true),
    ] {
        let mut facts = facts();
        facts["asOf"] = json!(day);
        let result = compared_with_tenant(&pair, &facts);
        assert_eq!(result.code, 0);
        let found = ids(list(&result, "warnings"));
        assert_eq!(found, ["tenant-facts-of-another-time"][..usize::from(told)], "{day}");
    }
}

#[test]
fn who_is_contradicted_is_named() {
    let policy =
        json!({ "policyMetadata": {}, "azureDirectoryPolicy": { "tenantId": "99999999-0000-0000-0000-000000000000" } });
    let of = |export: &Export| Bundle::full(export).file("policy/applied.json", policy.to_string().as_bytes());
    let (left, right) = (of(&export()).folder(), of(&Export::staging_of(&export())).folder());
    let result = compare(left.path(), right.path());
    let lints = list(&result, "lints");
    assert_eq!(ids(lints), ["policy-tenant"; 2]);
    // It is no setting of the export.
    let said = text(&lints[0]["primary"]);
    assert!(
        said.contains("(Tenant of the credential (cmdlet) says 6e2f2f4e"),
        "{said}"
    );
}

#[test]
fn what_is_said_of_one_server_is_said_once() {
    let again = |bundle: &Bundle| {
        let (left, right) = (bundle.folder(), bundle.folder());
        crate::support::compare_with(left.path(), right.path(), &["--same-server"])
    };
    let result = again(&Bundle::full(&export()).file("policy/applied.json", b"{"));
    assert_eq!(ids(list(&result, "warnings")), ["bundle-evidence-missing"]);
    let result =
        again(&Bundle::full(&export()).edit("company-features", |data| data["UnifiedGroupWriteback"] = json!(true)));
    assert_eq!(ids(list(&result, "lints")), ["company-group-writeback"]);
}

#[test]
fn a_tenant_that_contradicts_a_server_is_a_lint_of_that_server() {
    let mut other = Export::staging_of(&export());
    other.parameters[1].1 = "900".to_owned();
    let pair = Pair::of(&export(), &other);
    let mut changed = facts();
    changed["features"]["unifiedGroupWriteback"] = json!(true);
    changed["anchorAttribute"] = json!("objectGUID");
    let result = compared_with_tenant(&pair, &changed);
    result.assert_findings(&["medium export-deletion-threshold-value"]);
    let said = result.one("export-deletion-threshold-value")["consequences"].to_string();
    assert!(said.contains("(tenant) says 500, the export says 900"), "{said}");
    let lints: Vec<String> = list(&result, "lints")
        .iter()
        .map(|lint| {
            format!(
                "{} {} {}",
                text(&lint["server"]),
                text(&lint["severity"]),
                text(&lint["id"])
            )
        })
        .collect();
    assert_eq!(
        lints,
        [
            "SYNC01 medium tenant-group-writeback",
            "SYNC01 block tenant-anchor",
            "SYNC02 medium tenant-group-writeback",
            "SYNC02 block tenant-anchor",
        ]
    );
}

#[test]
fn what_is_no_fault_of_a_server_but_of_the_tenant_is_shown() {
    let mut open = facts();
    open["features"]["blockSoftMatch"] = json!(false);
    open["features"]["blockCloudObjectTakeoverThroughHardMatch"] = json!(false);
    let result = compared_with_tenant(&pair(), &open);
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    let mut found = ids(list(&result, "lints"));
    found.sort_unstable();
    let twice = ["tenant-block-hard-match-takeover", "tenant-block-soft-match"].map(|id| [id; 2]);
    assert_eq!(found, twice.concat());
    let severities = list(&result, "lints").iter().all(|lint| lint["severity"] == "info");
    assert!(severities, "{:#?}", list(&result, "lints"));
}

#[test]
fn what_is_wrong_in_the_file_is_named_with_line_and_key() {
    let pair = pair();
    let place = TempDir::new().unwrap();
    let file = place.path().join("tenant.json");
    for (text, line, words) in [
        (
            "{\n\"features\": {\n \"passwordSynk\": true } }",
            ":3: ",
            "\"features/passwordSynk\" is unknown",
        ),
        (
            "{\n\"features\": {\n \"passwordSync\": \"yes\" } }",
            ":3: ",
            "\"features/passwordSync\" must be true or false",
        ),
        (
            "{\n\"deletionThreshold\": \"500\" }",
            ":2: ",
            "\"deletionThreshold\" must be a whole number",
        ),
        (
            "{\n\"anchorAttribute\": 5 }",
            ":2: ",
            "\"anchorAttribute\" must be a text",
        ),
        ("{\n\"features\": 5 }", ":2: ", "\"features\" must be a table"),
        ("{\n\"ptaAgents\": {} }", ":2: ", "\"ptaAgents\" must be a list"),
        (
            "{\n\"ptaAgents\": [\n{\"name\": \"x\"}] }",
            ":3: ",
            "\"ptaAgents[]/name\" is unknown",
        ),
        (
            "{\n\"schema\": \"syncdrift.tenant/2\" }",
            ":2: ",
            "\"schema\" must be \"syncdrift.tenant/1\"",
        ),
        ("{}", ":1: ", "\"schema\" is missing"),
        ("{\n\"deletionThreshold\": 500 }", ":1: ", "\"schema\" is missing"),
        (
            "{\n\"deletionThreshold\": -1 }",
            ":2: ",
            "\"deletionThreshold\" must be a whole number, 0 or more",
        ),
        ("{\n\"asOf\": \"20.11.2026\" }", ":2: ", "\"asOf\" must be a day"),
        ("{\n\"asOf\": \"2026-02-30\" }", ":2: ", "\"asOf\" must be a day"),
        ("{\n\"asOf\": \"x\"\n", ":3: ", "cut off"),
        ("[]", ":1: ", "a table in braces"),
    ] {
        std::fs::write(&file, text).unwrap();
        let arguments = [
            "compare".into(),
            pair.primary(),
            pair.staging(),
            "--tenant".into(),
            file.clone(),
        ];
        let refused = run(arguments);
        assert_eq!(refused.code, 2, "{text}");
        assert!(
            refused.stderr.contains(&format!("tenant.json{line}")),
            "{text}: {}",
            refused.stderr
        );
        assert!(refused.stderr.contains(words), "{text}: {}", refused.stderr);
    }
}

#[test]
fn what_the_service_says_of_the_tenant_counts_as_well() {
    let other = Bundle::full(&Export::staging_of(&export()));
    let other = other.edit("company-features", |data| data["UnifiedGroupWriteback"] = json!(true));
    let (left, right) = (Bundle::full(&export()).folder(), other.folder());
    let result = compare(left.path(), right.path());
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    assert_eq!(ids(list(&result, "lints")), ["company-group-writeback"]);
}
