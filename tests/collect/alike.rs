//! Two servers that are silent, or wrong, alike are no parity: empty answers, files of
//! an export that were lost, a service that neither has, one database, policies of
//! another tenant.

use crate::support::bundle::{Bundle, REQUIRED};
use crate::support::bundles::{compared, compared_with, list};
use crate::support::export::Export;
use crate::support::told::{bundle_of, export, primary, staging, warnings};
use crate::support::{Compared, run, text};
use serde_json::{Value, json};
use syncdrift::catalogue::{Catalogue, Least};

type Change = fn(Bundle) -> Bundle;

/// On staging alone, on both.
fn on(change: impl Fn(Bundle) -> Bundle) -> [Compared; 2] {
    [
        compared(&primary(), &change(staging())),
        compared(&change(primary()), &change(staging())),
    ]
}

fn places(result: &Compared) -> Vec<&str> {
    list(result, "gaps").iter().map(|gap| text(&gap["part"])).collect()
}

#[test]
fn an_empty_answer_is_none_where_every_server_has_something_to_say() {
    let kinds = Catalogue::builtin().objects.iter();
    let with_least = kinds.filter_map(|kind| {
        let id = kind.document.as_deref()?.strip_prefix("item.")?;
        Some((
            id.to_owned(),
            kind.least?,
            kind.witness && !kind.required && !kind.everywhere,
        ))
    });
    let mut seen = 0;
    let bundles = [primary(), staging()];
    for (id, least, evidence) in with_least {
        let path = format!("items/{id}.json");
        if !bundles[0].files.iter().any(|(name, _)| *name == path) {
            continue;
        }
        seen += 1;
        let record = |bundle: &Bundle, data: &Value| {
            let (_, bytes) = bundle.files.iter().find(|(name, _)| *name == path).unwrap();
            let mut record: Value = serde_json::from_slice(bytes).unwrap();
            record["data"] = data.clone();
            bundle.clone().bytes(&path, record.to_string().as_bytes())
        };
        let empty = match bundles[0].of_item(&id) {
            Value::Array(_) => json!([]),
            _ => json!({}),
        };
        for (data, missed) in [(Value::Null, true), (empty, least > Least::Table)] {
            let result = compared(&record(&bundles[0], &data), &record(&bundles[1], &data));
            if !missed && !["rules", "connectors"].contains(&id.as_str()) {
                assert_eq!(result.code, 0, "{id} {data}: {:#?}", result.brief());
                continue;
            }
            if evidence {
                assert!(warnings(&result)[0].contains("the answer is empty"), "{id}");
                continue;
            }
            assert_eq!(result.code, 3, "{id} {data}: {:#?}", result.brief());
            assert_eq!(places(&result).len(), 2, "{id} {data}: {:#?}", result.report["gaps"]);
        }
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn what_the_collector_requires_every_bundle_has() {
    let kinds = Catalogue::builtin().objects.iter().filter(|kind| kind.required);
    let mut required: Vec<&str> = kinds
        .map(|kind| kind.document.as_deref().unwrap().strip_prefix("item.").unwrap())
        .collect();
    required.sort_unstable();
    let mut collected = REQUIRED.to_vec();
    collected.sort_unstable();
    assert_eq!(required, collected);
}

#[test]
fn what_every_answer_says_is_missed_where_none_does() {
    let cases = [
        ("scheduler", "SyncCycleInProgress"),
        ("scheduler", "SyncCycleEnabled"),
        ("auto-upgrade", "AutoUpgradeState"),
        ("operating-system", "BuildNumber"),
        ("dotnet", "Release"),
        ("server-configuration", "Files"),
        ("proxy-winhttp", "Direct"),
        ("services", "State"),
    ];
    for (id, key) in cases {
        let cut = |bundle: Bundle| {
            bundle.edit(id, |data| {
                let whole = if data.is_array() { &mut data[0] } else { data };
                whole.as_object_mut().unwrap().remove(key);
            })
        };
        for result in on(cut) {
            assert_eq!(result.code, 3, "{id} {key}: {:#?}", result.brief());
            let part = format!("items/{id}");
            assert!(
                places(&result).contains(&part.as_str()),
                "{id}: {:#?}",
                result.report["gaps"]
            );
        }
    }
}

#[test]
fn no_rules_is_no_answer_where_the_export_has_some() {
    for (id, title) in [
        ("rules", "Rule that only the export has"),
        ("connectors", "Connector that only the export has"),
    ] {
        let [one, both] = on(|bundle| bundle.instead(id, None, &json!([])));
        for (result, servers) in [(one, 1), (both, 2)] {
            assert_eq!(result.code, 3, "{id}: {:#?}", result.brief());
            let said = list(&result, "gaps");
            assert_eq!(said.len(), servers, "{said:#?}");
            assert!(said[0]["problem"].as_str().unwrap().contains(title), "{said:#?}");
        }
    }
}

#[test]
fn files_of_the_export_that_were_lost_are_missed() {
    let result = compared(&primary(), &staging());
    assert_eq!(result.code, 0, "{:#?}", result.report["gaps"]);
    for number in [0_u64, 1, 99] {
        let [one, both] = on(|bundle| bundle.edit("server-configuration", |data| data["Files"] = json!(number)));
        for (result, servers) in [(one, 1), (both, 2)] {
            assert_eq!(result.code, 3, "{:#?}", result.brief());
            assert_eq!(list(&result, "gaps").len(), servers);
            let words = format!("{number} were written, 5 are in the bundle");
            let problem = text(&list(&result, "gaps")[0]["problem"]);
            assert!(problem.contains(&words), "{problem}");
        }
    }
}

#[test]
fn the_service_that_synchronizes_is_a_block_on_one_and_on_both() {
    let state =
        |state: &'static str| move |bundle: Bundle| bundle.edit("services", |data| data[0]["State"] = json!(state));
    let gone: Change = |bundle| {
        bundle.edit("services", |data| {
            data.as_array_mut().unwrap().remove(0);
        })
    };
    for result in on(state("Stopped")).into_iter().chain(on(state("Paused"))) {
        result.assert_findings(&["block sync-service-state"]);
        assert_eq!(result.code, 1);
    }
    let mixed = compared(&state("Stopped")(primary()), &state("Paused")(staging()));
    mixed.assert_findings(&["block sync-service-state"]);
    for (result, change) in on(gone).into_iter().zip(["removed", "equal"]) {
        result.assert_findings(&["block sync-service-missing"]);
        assert_eq!(result.one("sync-service-missing")["change"], change);
    }
    // An agent that nobody uses may be stopped on both.
    let agent = |bundle: Bundle| bundle.edit("services", |data| data[1]["State"] = json!("Stopped"));
    assert_eq!(compared(&agent(primary()), &agent(staging())).code, 0);
    // Which of them a service without a name is nobody knows.
    for result in on(|bundle| bundle.edit("services", |data| data[0]["Name"] = json!("(unreadable)"))) {
        assert_eq!(result.code, 3, "{:#?}", result.brief());
    }
}

#[test]
fn a_manifest_without_items_is_no_bundle_of_nothing() {
    let none = |mut bundle: Bundle| {
        bundle.manifest["items"] = json!([]);
        bundle
    };
    for (result, servers) in on(none).into_iter().zip([1, 2]) {
        assert_eq!(result.code, 3, "{:#?}", result.brief());
        assert_eq!(list(&result, "gaps").len(), servers, "{:#?}", result.report["gaps"]);
    }
}

#[test]
fn one_database_is_one_though_only_the_cmdlet_says_it() {
    let told = json!({ "ServerName": "sql02.contoso.com", "InstanceName": "AG1", "DatabaseName": "ADSync" });
    let cmdlet = |bundle: Bundle| bundle.instead("database", None, &told);
    let alone = |bundle: Bundle| cmdlet(bundle).without("service-registry");
    let result = compared(&alone(primary()), &alone(staging()));
    result.assert_findings(&["block sync-database-shared"]);
    let registry = |bundle: Bundle| {
        bundle.edit("service-registry", |data| {
            data["Server"] = json!("SQL02");
            data["SQLInstance"] = json!("ag1");
        })
    };
    let result = compared(&registry(primary()), &cmdlet(staging()));
    assert!(
        result.brief()[0].starts_with("block drift sync-database-shared"),
        "{:#?}",
        result.brief()
    );
    let elsewhere = cmdlet(staging()).edit("database", |data| data["InstanceName"] = json!("AG2"));
    assert_eq!(compared(&cmdlet(primary()), &elsewhere).code, 0);
}

#[test]
fn settings_of_an_account_that_is_not_signed_in_are_unknown() {
    let id = "proxy-service-account";
    let none = |bundle: Bundle| bundle.without(id).item(id, None, "absent", false, Some("not found"));
    let stopped = |bundle: Bundle| bundle.edit("services", |data| data[0]["State"] = json!("Stopped"));
    // While the service runs they are loaded: there is no proxy.
    assert_eq!(compared(&none(primary()), &none(staging())).code, 0);
    let result = compared(&primary(), &none(staging()));
    let found: Vec<&str> = result.findings().iter().map(|finding| text(&finding["id"])).collect();
    assert!(found.contains(&"proxy-account-enabled"), "{found:?}");
    let paths = [primary().folder(), none(staging()).folder()];
    let shown = run([
        "compare".as_ref(),
        paths[0].path().as_os_str(),
        paths[1].path().as_os_str(),
    ]);
    assert!(shown.stdout.contains("(absent, counts as False)"), "{}", shown.stdout);
    // While it does not, nobody knows.
    let result = compared(&primary(), &stopped(none(staging())));
    result.assert_findings(&["block sync-service-state"]);
    assert_eq!(places(&result), ["items/proxy-service-account"]);
    let unknown = compared(
        &none(primary()).without("services"),
        &none(staging()).without("services"),
    );
    assert_eq!(unknown.code, 3, "{:#?}", unknown.brief());
}

const OWN: &str = "6e2f2f4e-0000-0000-0000-000000000001";
const OTHER: &str = "99999999-0000-0000-0000-000000000000";

/// A bundle with a policy file that names these tenants.
fn policy(bundle: Bundle, name: &str, tenants: &[&str]) -> Bundle {
    let tenant = match tenants {
        [one] => json!(one),
        several => json!(several),
    };
    let policy = json!({
        "policyMetadata": { "timeCreated": "2026-11-21T21:00:00Z" }, "azureDirectoryPolicy": { "tenantId": tenant },
    });
    bundle.file(&format!("policy/{name}.json"), policy.to_string().as_bytes())
}

#[test]
fn a_policy_of_another_tenant_is_told() {
    let silent = |bundle: Bundle| bundle.edit("connector-credential", |data| data["TenantId"] = Value::Null);
    let same = compared(
        &policy(primary(), "applied", &[OWN]),
        &policy(staging(), "applied", &[OWN]),
    );
    assert_eq!(warnings(&same), Vec::<&str>::new());
    let cases: [(&[&str], &[&str], usize); 3] = [
        // Than the credential's, alike on both.
        (&[OTHER], &[], 2),
        // Two files.
        (&[OWN], &[OTHER], 2),
        // One file.
        (&[OWN, OTHER], &[], 2),
    ];
    for (applied, exported, expected) in cases {
        let with = |bundle: Bundle| {
            let bundle = policy(bundle, "applied", applied);
            match exported {
                [] => bundle,
                exported => policy(bundle, "exported", exported),
            }
        };
        let result = compared(&with(primary()), &with(staging()));
        assert_eq!(warnings(&result).len(), expected, "{:#?}", warnings(&result));
        let masked = compared_with(&with(primary()), &with(staging()), &["--redact"]);
        assert!(!masked.report.to_string().contains(OTHER), "{applied:?}");
    }
    // Of servers that say nothing else.
    let apart = compared(
        &policy(silent(primary()), "applied", &[OWN]),
        &policy(silent(staging()), "applied", &[OTHER]),
    );
    assert!(
        warnings(&apart)[0].contains("name different tenants"),
        "{:#?}",
        warnings(&apart)
    );
    let fabrikam = Export {
        tenant: "x".to_owned(),
        ..export()
    };
    let [left, right] = [&fabrikam, &Export::staging_of(&fabrikam)].map(|export| silent(bundle_of(export)));
    let apart = compared(&policy(left, "applied", &[OWN]), &policy(right, "applied", &[OTHER]));
    assert_eq!(apart.one("entra-tenant")["severity"], "block");
}

#[test]
fn a_summary_names_faults_of_one_server() {
    const THRESHOLD: &str = "Microsoft.OptionalFeature.ExportDeletionThreshold";
    let off = Export {
        parameters: vec![(THRESHOLD.to_owned(), "False".to_owned())],
        ..Export::primary()
    };
    let (left, right) = (
        Bundle::full(&off).folder(),
        Bundle::full(&Export::staging_of(&off)).folder(),
    );
    let paths = [left.path(), right.path()].map(|path| path.as_os_str());
    for format in ["text", "markdown"] {
        let shown = run([
            "compare".as_ref(),
            paths[0],
            paths[1],
            "--summary".as_ref(),
            "--format".as_ref(),
            format.as_ref(),
        ]);
        let words = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = "of one server by itself, not counted above: 2 block (SYNC01: Deletion threshold off; SYNC02:";
        assert!(words.contains(said), "{}", shown.stdout);
        assert!(shown.stdout.lines().count() <= 15, "{}", shown.stdout);
    }
}
