//! What a bundle tells a second time is held against its export: the manifest
//! and its computer, cmdlets that repeat the export, the wizard's policy. What
//! of a bundle cannot be read, or does not fit, is said and never equal.

use crate::support::bundle::Bundle;
use crate::support::export::{Export, Rule, direct};
use crate::support::{Compared, compare_with, run, text};
use serde_json::{Value, json};

const ANCHOR: &str = "Microsoft.SynchronizationOption.AnchorAttribute";
const STAGING: &str = "Microsoft.Synchronize.StagingMode";
const OWN: &str = "Contoso.Own";

fn export() -> Export {
    Export {
        parameters: [(ANCHOR, "mS-DS-ConsistencyGuid"), (OWN, "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..Export::primary()
            .rule(Rule::inbound("In from AD - User", 50).flow(direct("mail", "mail")))
            .rule(Rule::inbound("In from AD - Group", 51).flow(direct("mail", "mail")))
    }
}

/// A bundle whose cmdlets say what its export says.
fn bundle_of(export: &Export) -> Bundle {
    let parameter = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let staging = if export.staging { "True" } else { "False" };
    let rule = |(index, rule): (usize, &Rule)| {
        json!({
            "Identifier": export.guid(&format!("rule {index} {}", rule.name)), "Name": rule.name,
            "Precedence": rule.precedence.parse::<u64>().unwrap(), "Disabled": false, "Direction": "Inbound",
        })
    };
    Bundle::full(export)
        .instead(
            "global-settings",
            None,
            &json!({
                "Version": "613", "SqlSchemaVersion": "616", "InstanceId": "a",
                "Parameters": [
                    parameter(STAGING, staging), parameter(ANCHOR, "ms-ds-consistencyguid"), parameter(OWN, "1"),
                    parameter("Microsoft.AdminKey", "(not collected)"),
                ],
            }),
        )
        .instead(
            "rules",
            None,
            &export.rules.iter().enumerate().map(rule).collect::<Value>(),
        )
        .instead(
            "connectors",
            None,
            &json!([
                { "Identifier": export.connector("contoso.com"), "Name": "contoso.com", "Type": "AD" },
                { "Identifier": export.connector("entra"), "Name": "contoso.onmicrosoft.com - AAD", "Type": "Extensible2" },
            ]),
        )
}

fn primary() -> Bundle {
    bundle_of(&export())
}

fn staging() -> Bundle {
    bundle_of(&Export::staging_of(&export()))
}

fn compared_with(primary: &Bundle, staging: &Bundle, more: &[&str]) -> Compared {
    let (left, right) = (primary.folder(), staging.folder());
    compare_with(left.path(), right.path(), more)
}

fn compared(primary: &Bundle, staging: &Bundle) -> Compared {
    compared_with(primary, staging, &[])
}

fn list<'c>(compared: &'c Compared, key: &str) -> &'c [Value] {
    compared.report[key].as_array().unwrap()
}

/// Server, severity, row, setting and value of each lint.
fn lints(compared: &Compared) -> Vec<String> {
    let one = |lint: &Value| {
        let value = lint["primary"].as_str().or(lint["staging"].as_str()).unwrap();
        let words = ["server", "severity", "id", "setting"].map(|key| text(&lint[key]));
        format!("{}: {value}", words.join(" "))
    };
    list(compared, "lints").iter().map(one).collect()
}

fn warnings(compared: &Compared) -> Vec<&str> {
    list(compared, "warnings")
        .iter()
        .map(|warning| text(&warning["text"]))
        .collect()
}

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
    assert_eq!(result.code, 0, "never drift: {:#?}", result.brief());
    assert_eq!(
        lints(&result),
        [
            "SYNC02 medium told-parameter Global parameter (cmdlet): contoso.own: 2 (the export says 1)",
            "SYNC02 block told-parameter Global parameter (cmdlet): Source anchor attribute: objectGUID (the export says mS-DS-ConsistencyGuid)",
            "SYNC02 block told-parameter Global parameter (cmdlet): Staging mode: False (the export says True)",
        ]
    );
    let places = list(&result, "lints")[0]["locations"].to_string();
    assert!(places.contains("items/global-settings.json"), "{places}");
    let prints: std::collections::BTreeSet<&str> = list(&result, "lints")
        .iter()
        .map(|lint| text(&lint["fingerprint"]))
        .collect();
    assert_eq!(prints.len(), 3);
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
    assert_eq!(result.code, 0, "never drift: {:#?}", result.brief());
    let mut found = lints(&result);
    found.sort();
    assert_eq!(
        found,
        [
            "SYNC02 high told-connector-not-exported Connector that the export lacks (cmdlet): \"fabrikam.com\"",
            "SYNC02 high told-rule-disabled Disabled (cmdlet): true (the export says False)",
            "SYNC02 high told-rule-not-exported Rule that the export lacks (cmdlet): \"Ghost\"",
            "SYNC02 high told-rule-untold Rule that only the export has (cmdlet): \"In from AD - Group\"",
        ]
    );
}

#[test]
fn a_bundle_of_another_computer_or_another_day_is_said() {
    let mut other = staging().edit("computer", |data| data["Name"] = json!("OTHER9"));
    other.manifest["host"]["name"] = json!("OTHER9");
    other.manifest["started"] = json!("2026-08-20T00:00:00.000Z");
    let result = compared(&primary(), &other);
    assert_eq!(
        lints(&result),
        ["SYNC02 high bundle-host Computer of the bundle: OTHER9 (the export says SYNC02)"]
    );
    assert_eq!(
        list(&result, "lints")[0]["consequences"][0],
        "Name of the computer says OTHER9, too."
    );
    assert!(
        warnings(&result)[0].contains("they are 92 days apart"),
        "{:#?}",
        warnings(&result)
    );
    assert_eq!(list(&result, "warnings")[0]["id"], "bundle-of-another-day");
    let hidden = compared_with(&primary(), &other, &["--redact"]);
    assert!(!hidden.report.to_string().contains("OTHER9"));
}

#[test]
fn a_role_that_the_scheduler_contradicts_says_which_one_counts() {
    let other = staging().edit("scheduler", |data| data["StagingModeEnabled"] = json!(false));
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
        ("low policy-rule-disabled", "true (the export says False)"),
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
fn witnesses_that_were_denied_or_are_damaged_are_said() {
    for id in ["password-sync", "password-reset", "company-features"] {
        let denied = staging()
            .without(id)
            .item(id, Some("x"), "denied", false, Some("Access is denied."));
        let result = compared(&primary(), &denied);
        assert!(
            warnings(&result)[0].contains("Access is denied."),
            "{id}: {:#?}",
            warnings(&result)
        );
        let cut = staging().bytes(&format!("items/{id}.json"), b"{\"id\": 1, \"da");
        let result = compared(&primary(), &cut);
        assert!(
            warnings(&result)[0].contains("cut off"),
            "{id}: {:#?}",
            warnings(&result)
        );
    }
    for id in ["global-settings", "connectors", "rules"] {
        let denied = staging()
            .without(id)
            .item(id, None, "denied", true, Some("Access is denied."));
        let result = compared(&primary(), &denied);
        assert_eq!(result.code, 3, "{id}: {:#?}", result.brief());
        assert!(
            list(&result, "gaps")[0].to_string().contains("Access is denied."),
            "{id}"
        );
    }
}

#[test]
fn an_answer_that_the_manifest_calls_another_is_unknown() {
    for id in ["fips", "module"] {
        let path = format!("items/{id}.json");
        let record = json!({ "id": id, "of": null, "status": "denied", "problem": "no", "data": null });
        let result = compared(&primary(), &staging().bytes(&path, record.to_string().as_bytes()));
        assert_eq!(result.code, 3, "{id}: {:#?}", result.brief());
        let gap = &list(&result, "gaps")[0];
        assert!(
            text(&gap["problem"]).contains("is denied, the manifest says ok"),
            "{gap}"
        );
    }
}

#[test]
fn an_item_that_was_asked_twice_is_no_bundle() {
    let twice = staging().data("tls", None, &json!({}));
    let folder = twice.folder();
    let refused = run(["document".as_ref(), folder.path().as_os_str()]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(
        refused.stderr.contains("the item tls is twice in it"),
        "{}",
        refused.stderr
    );
}

#[test]
fn an_item_that_nobody_knows_is_unknown_unless_it_is_the_same() {
    let with = |bundle: Bundle, spin: u32| bundle.data("quantum-state", None, &json!({ "Spin": spin, "On": true }));
    let same = compared(&with(primary(), 1), &with(staging(), 1));
    assert_eq!(same.code, 0, "{:#?}", same.brief());
    assert_eq!(list(&same, "warnings").len(), 2);
    for right in [with(staging(), 2), staging()] {
        let other = compared(&with(primary(), 1), &right);
        assert_eq!(other.code, 3, "{:#?}", other.brief());
        assert_eq!(list(&other, "gaps")[0]["part"], "items/quantum-state");
    }
}

#[test]
fn without_global_settings_what_they_hold_is_unknown() {
    let schema = "<schema><dsml:dsml xmlns:dsml=\"http://www.dsml.org/DSML\"><dsml:directory-schema><dsml:attribute-type id=\"mail\">\
        <dsml:name>mail</dsml:name></dsml:attribute-type></dsml:directory-schema></dsml:dsml></schema></mv-data>";
    let path = "export/GlobalSettings/MV.xml";
    let with_schema = |bundle: Bundle| {
        let (_, bytes) = bundle.files.iter().find(|(name, _)| name == path).cloned().unwrap();
        let xml = String::from_utf8(bytes).unwrap().replace("</mv-data>", schema);
        bundle.bytes(path, xml.as_bytes())
    };
    let whole = compared(&with_schema(primary()), &with_schema(staging()));
    assert_eq!(whole.code, 0, "{:#?}", whole.brief());
    let mut cut = staging();
    cut.files.retain(|(name, _)| name != path);
    cut.manifest["files"]
        .as_array_mut()
        .unwrap()
        .retain(|file| file["path"] != path);
    let result = compared(&with_schema(primary()), &cut);
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    let unknown: Vec<&str> = result
        .findings()
        .iter()
        .map(|finding| text(&finding["status"]))
        .collect();
    assert_eq!(list(&result, "warnings").len(), 0, "{:#?}", warnings(&result));
    assert!(
        !unknown.is_empty() && unknown.iter().all(|status| *status == "unknown"),
        "{:#?}",
        result.brief()
    );
}

#[test]
fn items_without_a_manifest_are_a_gap() {
    let bundle = staging();
    let folder = bundle.folder();
    std::fs::remove_file(folder.path().join("manifest.json")).unwrap();
    let zip = folder.path().with_extension("zip");
    let mut whole = crate::support::zipped::Zip::default();
    for (name, bytes) in &bundle.files {
        whole = whole.file(name, bytes);
    }
    std::fs::write(&zip, whole.bytes()).unwrap();
    let left = primary().folder();
    for place in [folder.path(), &zip] {
        let result = compare_with(left.path(), place, &[]);
        assert_eq!(result.code, 3, "{:#?}", result.brief());
        let gap = &list(&result, "gaps")[0];
        assert_eq!(gap["part"], "items");
        assert!(
            text(&gap["problem"]).contains("manifest.json of the bundle is missing"),
            "{gap}"
        );
        let drift = |finding: &&Value| finding["status"] == "drift";
        assert_eq!(
            result.findings().iter().filter(drift).count(),
            0,
            "{:#?}",
            result.brief()
        );
    }
    std::fs::remove_file(zip).unwrap();
}

#[test]
fn one_server_over_time_is_not_two_sites() {
    let now = primary().edit("proxy-winhttp", |data| data["Proxy"] = json!("other:8080"));
    let result = compared_with(&primary(), &now, &["--same-server"]);
    let entry = result
        .expected()
        .iter()
        .find(|entry| entry["id"] == "proxy-winhttp-server")
        .unwrap();
    assert_eq!(
        entry["reason"],
        "One server over time: it changed between the two exports, and the owner decides whether it may."
    );
    let each = |entry: &Value| text(&entry["reason"]).contains("Each ");
    assert!(!result.expected().iter().any(each), "{:#?}", result.expected());
}

#[test]
fn a_later_snapshot_without_the_bundle_or_an_item_keeps_what_was_known() {
    let place = tempfile::TempDir::new().unwrap();
    let repository = place.path().join("repo");
    let take = |folder: &std::path::Path| {
        run([
            "snapshot".as_ref(),
            folder.as_os_str(),
            "--repo".as_ref(),
            repository.as_os_str(),
        ])
    };
    let files = || {
        let git = std::process::Command::new("git")
            .arg("-C")
            .arg(&repository)
            .args(["ls-tree", "-r", "--name-only", "HEAD"])
            .output()
            .unwrap();
        String::from_utf8(git.stdout).unwrap()
    };
    let stored = std::path::PathBuf::from(format!("git:{}#SYNC02", repository.display()));
    let status = |id: &str| {
        let result = compare_with(staging().folder().path(), &stored, &["--same-server"]);
        let row = list(&result, "checked").iter().find(|row| row["id"] == id).unwrap();
        (result.code, text(&row["status"]).to_owned())
    };
    assert_eq!(take(staging().folder().path()).code, 0);
    let first = files();
    assert!(first.contains("items/fips.json"), "{first}");
    let lacking = take(staging().without("fips").folder().path());
    assert_eq!(lacking.code, 3, "{}", lacking.stdout);
    assert_eq!(files(), first);
    assert_eq!(status("fips-enabled"), (3, "unknown".to_owned()));
    assert_eq!(status("tls-enabled"), (3, "equal".to_owned()));
    let plain = tempfile::TempDir::new().unwrap();
    Export::staging_of(&export()).write(plain.path());
    let without = take(plain.path());
    assert_eq!(without.code, 3, "{}", without.stdout);
    assert_eq!(files(), first);
    assert_eq!(status("tls-enabled"), (3, "unknown".to_owned()));
    assert!(take(plain.path()).stdout.contains("unchanged"));
    assert_eq!(take(staging().folder().path()).code, 0);
    assert_eq!(status("tls-enabled"), (0, "equal".to_owned()));
}
