//! What a bundle tells a second time is held against its export: the manifest
//! and its computer, cmdlets that repeat the export, the wizard's policy.

use crate::support::bundle::{Bundle, REQUIRED};
use crate::support::bundles::{compared, compared_with, list};
use crate::support::export::Export;
use crate::support::told::{assert_doubts, bundle_of, doubts, export, lints, primary, staging, warnings};
use crate::support::{Compared, compare_with, run, text};
use serde_json::{Value, json};

#[test]
fn what_agrees_says_nothing() {
    let result = compared(&primary(), &staging());
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    assert_eq!(lints(&result), Vec::<String>::new());
    assert_eq!(warnings(&result), Vec::<&str>::new());
    // A full name, and another spelling.
    let other = staging().edit("computer", |data| data["Name"] = json!("sync02.contoso.com"));
    assert_eq!(lints(&compared(&primary(), &other)), Vec::<String>::new());
}

#[test]
fn parameters_of_the_cmdlet_are_held_against_the_export() {
    let other = staging().edit("global-settings", |data| {
        data["Parameters"][0]["Value"] = json!("False");
        data["Parameters"][1]["Value"] = json!("objectGUID");
        data["Parameters"][2]["Value"] = json!("2");
    });
    let result = compared(&primary(), &other);
    // Nobody can say that such a server is a copy of the other one.
    assert_eq!(result.code, 3, "never drift: {:#?}", result.brief());
    // Once: what leaves all of the server doubtful is no fault beside it.
    assert_doubts(
        &result,
        &[
            (
                "SYNC02",
                "Source anchor attribute: objectGUID (the export says mS-DS-ConsistencyGuid)",
            ),
            ("SYNC02", "Staging mode: False (the export says True)"),
        ],
    );
    assert_eq!(
        lints(&result),
        ["SYNC02 medium told-parameter Global parameter (cmdlet): contoso.own: 2 (the export says 1)"]
    );
    let said = warnings(&result);
    assert!(
        said.len() == 1 && said[0].contains("Global parameter (cmdlet): contoso.own"),
        "{said:#?}"
    );
    let places = list(&result, "lints")[0]["locations"].to_string();
    assert!(places.contains("items/global-settings.json"), "{places}");
}

#[test]
fn what_an_export_keeps_secret_no_witness_shows() {
    let own = ("Contoso.Password2".to_owned(), "Geheim1".to_owned());
    let secret = |mut export: Export| {
        export.parameters.push(own.clone());
        export
    };
    let other = bundle_of(&secret(Export::staging_of(&export()))).edit("global-settings", |data| {
        let told = json!({ "Name": "Contoso.Password2", "Value": "Geheim2" });
        data["Parameters"].as_array_mut().unwrap().push(told);
    });
    let result = compared(&bundle_of(&secret(export())), &other);
    assert_eq!(lints(&result), Vec::<String>::new());
    let path = "export/GlobalSettings/MV.xml";
    let mut cut = other;
    cut.files.retain(|(name, _)| name != path);
    cut.manifest["files"]
        .as_array_mut()
        .unwrap()
        .retain(|file| file["path"] != path);
    let result = compared(&primary(), &cut);
    assert!(!result.report.to_string().contains("Geheim"));
    let folder = cut.folder();
    let shown = run([
        "document".as_ref(),
        folder.path().as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ]);
    assert!(!shown.stdout.contains("Geheim"));
}

#[test]
fn rules_and_connectors_of_the_cmdlet_are_held_against_the_export() {
    let other = staging()
        .edit("rules", |data| {
            data[0]["Disabled"] = json!(true);
            data[1]["Name"] = json!("Ghost");
            data[1]["Identifier"] = json!("00000000-0000-0000-0000-000000000001");
        })
        .edit("connectors", |data| {
            data[0]["Name"] = json!("renamed.since");
            data.as_array_mut()
                .unwrap()
                .push(json!({ "Identifier": "zz", "Name": "fabrikam.com" }));
        });
    let result = compared(&primary(), &other);
    assert_eq!(result.code, 3, "never drift: {:#?}", result.brief());
    assert_doubts(
        &result,
        &[
            ("SYNC02", "Connector that the export lacks (cmdlet): \"fabrikam.com\""),
            (
                "SYNC02",
                "Disabled (cmdlet) of \"In from AD - User\": True (the export says False)",
            ),
            ("SYNC02", "Rule that the export lacks (cmdlet): \"Ghost\""),
            (
                "SYNC02",
                "Rule that only the export has (cmdlet): \"In from AD - Group\"",
            ),
        ],
    );
    assert_eq!(lints(&result), Vec::<String>::new());
}

#[test]
fn each_rule_that_is_told_otherwise_is_a_fault_of_its_own() {
    let other = staging().edit("rules", |data| {
        data[0]["Precedence"] = json!(7);
        data[1]["Precedence"] = json!(8);
    });
    let result = compared(&primary(), &other);
    assert_doubts(
        &result,
        &[
            (
                "SYNC02",
                "Precedence (cmdlet) of \"In from AD - User\": 7 (the export says 50)",
            ),
            (
                "SYNC02",
                "Precedence (cmdlet) of \"In from AD - Group\": 8 (the export says 51)",
            ),
        ],
    );
    // Of two rules of one name nobody knows which one a policy means.
    let twins = |mut export: Export| {
        let mut twin = export.rules[0].clone();
        twin.connector = "entra".to_owned();
        export.rules.push(twin.disabled());
        export
    };
    let policy = json!({
        "policyMetadata": {}, "onpremisesDirectoryPolicy": [{
            "customSynchronizationRules": [{ "name": "In from AD - User", "disabled": false }],
        }],
    });
    let of = |export: Export| Bundle::full(&export).file("policy/applied.json", policy.to_string().as_bytes());
    let result = compared(&of(twins(export())), &of(twins(Export::staging_of(&export()))));
    let contradicts = |lint: &&Value| text(&lint["id"]).starts_with("policy-");
    assert_eq!(
        list(&result, "lints").iter().filter(contradicts).count(),
        0,
        "{:#?}",
        lints(&result)
    );
}

#[test]
fn a_bundle_of_another_computer_or_another_day_is_said() {
    let mut other = staging().edit("computer", |data| data["Name"] = json!("OTHER9"));
    other.manifest["host"]["name"] = json!("OTHER9");
    other.manifest["started"] = json!("2026-08-20T00:00:00.000Z");
    let result = compared(&primary(), &other);
    assert_doubts(
        &result,
        &[("SYNC02", "Computer of the bundle: OTHER9 (the export says SYNC02)")],
    );
    assert!(
        warnings(&result)[0].contains("they are 92 days apart"),
        "{:#?}",
        warnings(&result)
    );
    assert_eq!(list(&result, "warnings")[0]["id"], "bundle-of-another-day");
    other = other.edit("computer", |data| data["Name"] = json!("SYNC02"));
    let hidden = compared_with(&primary(), &other, &["--redact"]);
    assert_eq!(doubts(&hidden).len(), 1);
    assert!(!hidden.report.to_string().contains("OTHER9"));
}

#[test]
fn a_role_that_the_scheduler_contradicts_says_which_one_counts() {
    let active = |data: &mut Value| data["StagingModeEnabled"] = json!(false);
    let other = staging().edit("scheduler", active).edit("scheduler-after", active);
    let result = compared(&primary(), &other);
    result.assert_findings(&["block staging-mode"]);
    let finding = result.one("staging-mode");
    assert_eq!(finding["primary"], "False");
    assert_eq!(finding["staging"], "True (Staging mode (scheduler) says false)");
    assert!(text(&finding["why"]).contains("what its scheduler says"), "{finding}");
    assert!(text(&finding["fix"]).contains("collect again"), "{finding}");
    assert_eq!(finding["consequences"].as_array().unwrap().len(), 1, "{finding}");
    assert_eq!(lints(&result), Vec::<String>::new());
}

fn policy() -> Value {
    json!({
        "policyMetadata": { "timeCreated": "2026-11-20 22:00:00Z" },
        "azureDirectoryPolicy": {
            "tenantId": "6E2F2F4E-0000-0000-0000-000000000001", "customSynchronizationRules": [{ "Name": "In from AD - User" }],
        },
        "onpremisesDirectoryPolicy": [{
            "partitionFilters": [{
                "distinguishedName": "dc=contoso,dc=com", "containerInclusions": ["DC=contoso,DC=com"],
                "containerExclusions": ["ou=b,DC=contoso,DC=com", "OU=A,DC=contoso,DC=com"],
            }],
            "customSynchronizationRules": [{ "name": "In from AD - Group", "disabled": false }],
        }],
    })
}

/// With a partition whose lists a policy may repeat.
fn with_partition(mut bundle: Bundle) -> Bundle {
    let partition = "<ma-partition-data><partition><id>{11111111-1111-1111-1111-111111111111}</id><name>DC=contoso,DC=com</name>\
        <selected>1</selected><filter><containers><exclusions><exclusion>OU=A,DC=contoso,DC=com</exclusion>\
        <exclusion>OU=B,DC=contoso,DC=com</exclusion></exclusions><inclusions><inclusion>DC=contoso,DC=com</inclusion>\
        </inclusions></containers></filter></partition></ma-partition-data></ma-data>";
    let (path, bytes) = bundle
        .files
        .iter()
        .find(|(_, bytes)| bytes.windows(9).any(|window| window == b"adma-conf"))
        .cloned()
        .unwrap();
    let xml = String::from_utf8(bytes).unwrap().replace("</ma-data>", partition);
    bundle = bundle.bytes(&path, xml.as_bytes());
    bundle
}

fn with_policy(policy: &[u8]) -> Compared {
    compared(
        &with_partition(primary()),
        &with_partition(staging()).file("policy/applied.json", policy),
    )
}

#[test]
fn a_policy_is_held_against_rules_domains_and_tenant() {
    let agrees = with_policy(policy().to_string().as_bytes());
    assert_eq!(lints(&agrees), Vec::<String>::new());
    let mut other = policy();
    other["azureDirectoryPolicy"]["tenantId"] = json!("99999999-0000-0000-0000-000000000000");
    other["azureDirectoryPolicy"]["customSynchronizationRules"][0]["Name"] = json!("Ghost in the cloud");
    let forest = &mut other["onpremisesDirectoryPolicy"][0];
    forest["customSynchronizationRules"][0]["disabled"] = json!(true);
    forest["customSynchronizationRules"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "Ghost" }));
    forest["partitionFilters"][0]["containerExclusions"][0] = json!("OU=C,DC=contoso,DC=com");
    forest["partitionFilters"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "distinguishedName": "DC=fabrikam,DC=com" }));
    let result = with_policy(other.to_string().as_bytes());
    assert_eq!(result.code, 0, "never drift: {:#?}", result.brief());
    let found = lints(&result).join("\n");
    for (row, value) in [
        ("high policy-tenant", "99999999-0000-0000-0000-000000000000"),
        ("low policy-rule-disabled", "True (the export says False)"),
        ("low policy-container-exclusions", "OU=C,DC=contoso,DC=com"),
        ("low policy-partition-not-exported", "\"DC=fabrikam,DC=com\""),
        ("low policy-rule-not-exported", "\"Ghost\""),
        ("low policy-rule-not-exported", "\"Ghost in the cloud\""),
    ] {
        let line = |line: &str| line.contains(row) && line.contains(value);
        assert!(found.lines().any(line), "{row}: {value}\n{found}");
    }
    assert_eq!(found.lines().count(), 6, "{found}");
}

#[test]
fn a_policy_that_cannot_be_read_is_said() {
    let whole = policy().to_string();
    for bytes in [
        &whole.as_bytes()[..whole.len() - 20],
        &whole.as_bytes()[..5],
        b"",
        b"\xFF\xFF\xFF",
    ] {
        let result = with_policy(bytes);
        let said = warnings(&result);
        assert!(said.len() == 1 && said[0].contains("policy/applied.json"), "{said:#?}");
    }
}

#[test]
fn other_files_in_a_folder_called_policy_are_none() {
    let place = tempfile::TempDir::new().unwrap();
    let [left, right] = ["left", "right"].map(|name| place.path().join(name));
    export().write(&left);
    Export::staging_of(&export()).write(&right);
    std::fs::create_dir(right.join("policy")).unwrap();
    std::fs::write(right.join("policy/azure.json"), "{\"mode\": 1}").unwrap();
    let result = compare_with(&left, &right, &[]);
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    assert_eq!(warnings(&result), Vec::<&str>::new());
    // One of the wizard's name is meant to be one.
    let name = "policy/Applied-SynchronizationPolicy-1.JSON";
    std::fs::write(right.join(name), "{\"policyMetadata\": {").unwrap();
    let result = compare_with(&left, &right, &[]);
    assert!(
        warnings(&result)[0].contains("Applied-SynchronizationPolicy"),
        "{:#?}",
        warnings(&result)
    );
}

#[test]
fn a_snapshot_remembers_why_there_was_no_parity() {
    let changed = |bundle: Bundle| bundle.edit("scheduler-after", |data| data["StagingModeEnabled"] = json!(false));
    let repo = crate::support::snapshots::Repo::new();
    let export = export();
    let staging = Bundle::full(&Export::staging_of(&export));
    let [left, right] = [Bundle::full(&export), changed(staging)].map(|bundle| bundle.folder());
    let made = repo.command(&[left.path(), right.path()]).output().unwrap();
    assert_eq!(made.status.code(), Some(3), "{made:?}");
    let [left, right] = ["#SYNC01", "#SYNC02"].map(|server| repo.address(server));
    let result = crate::support::compare(&left, &right);
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    let gaps = list(&result, "gaps");
    assert!(
        gaps.len() == 1 && text(&gaps[0]["problem"]).contains("Changed while the server was collected"),
        "{gaps:#?}"
    );
}

#[test]
fn what_every_server_has_to_tell_is_missed_on_either_and_on_both() {
    let export = export();
    let [primary, staging] = [Bundle::of(&export), Bundle::of(&Export::staging_of(&export))];
    assert_eq!(compared(&primary, &staging).code, 0);
    let absent = |bundle: &Bundle, id: &str| bundle.clone().without(id).item(id, None, "absent", false, Some("none"));
    for id in REQUIRED {
        for (left, right, gaps) in [
            (primary.clone(), staging.clone().without(id), 1),
            (primary.clone().without(id), staging.clone().without(id), 2),
            (absent(&primary, id), absent(&staging, id), 2),
        ] {
            let result = compared(&left, &right);
            assert_eq!(result.code, 3, "{id}: {:#?}", result.brief());
            assert_eq!(result.report["verdict"], "incomplete");
            let all = list(&result, "gaps");
            assert_eq!(all.len(), gaps, "{id}: {all:#?}");
        }
    }
}

#[test]
fn credentials_of_two_tenants_are_no_pair() {
    let other = staging().edit("connector-credential", |data| {
        data["TenantId"] = json!("99999999-0000-0000-0000-000000000000");
    });
    let result = compared(&primary(), &other);
    assert_eq!(result.one("entra-tenant")["severity"], "block");
}
