//! A server that nobody touches is the same a day later: what moves by itself makes no
//! commit and is no drift.

use crate::support::bundle::Bundle;
use crate::support::bundles::{compared_with, export};
use crate::support::export::Export;
use crate::support::snapshots::Repo;
use serde_json::{Value, json};
use syncdrift::snapshot::BRANCH;

/// A clock, and a policy with all its scopes.
fn today() -> Bundle {
    let clock = json!({ "Name": "W32Time", "DisplayName": "Windows Time", "State": "Running", "StartMode": "Manual",
        "DelayedAutoStart": false, "StartName": "NT AUTHORITY\\LocalService", "ExitCode": 0, "PathName": "svchost.exe",
        "FileVersion": "10.0.20348.1", "FailureActions": "80" });
    of(export())
        .edit("services", |data| data.as_array_mut().unwrap().push(clock))
        .edit("powershell-policy", |data| {
            data["Execution"]["Process"] = json!("Bypass");
            data["Execution"]["CurrentUser"] = json!("Undefined");
        })
}

fn of(export: Export) -> Bundle {
    Bundle::full(&export)
        .data(
            "connector-statistics",
            Some("contoso.com"),
            &json!({ "ExportAdds": 0, "TotalConnectors": 4321 }),
        )
        .data(
            "password-sync-state",
            None,
            &json!([{ "DN": "DC=contoso,DC=com", "PasswordSyncLastCycleStartTimestamp": "2026-11-20T22:00:00.000Z" }]),
        )
        .data(
            "certificates",
            None,
            &json!([{ "Subject": "CN=a", "NotAfter": "2027-04-01T00:00:00.000Z" }]),
        )
        .data("wizard", None, &json!({ "Running": false }))
}

type Edit = fn(&mut Value);

/// Leaves that move by themselves, by item.
const MOVED: [(&str, Edit); 15] = [
    ("scheduler", |data| {
        data["NextSyncCycleStartTimeInUTC"] = json!("2026-11-22T23:20:00.000Z");
        data["NextSyncCyclePolicyType"] = json!("Initial");
        data["SyncCycleInProgress"] = json!(true);
    }),
    ("scheduler-after", |data| {
        data["NextSyncCycleStartTimeInUTC"] = json!("2026-11-22T23:50:00.000Z")
    }),
    ("services", |data| {
        data[0]["ExitCode"] = json!(1077);
        data[2]["State"] = json!("Stopped");
        data[2]["ExitCode"] = json!(1077);
        data.as_array_mut().unwrap().reverse();
    }),
    ("operating-system", |data| {
        data["LastBootUpTime"] = json!("2026-11-22T02:00:00.000Z")
    }),
    ("disks", |data| data[0]["FreeSpace"] = json!(89_000_000_000_u64)),
    ("database", |data| data["UsedSpaceInMb"] = json!(815)),
    ("powershell-policy", |data| {
        data["Execution"]["Process"] = json!("Undefined");
        data["Execution"]["CurrentUser"] = json!("RemoteSigned");
    }),
    ("program-files", |data| {
        data[0]["Modified"] = json!("2026-10-02T00:00:00.000Z");
        data.as_array_mut().unwrap().reverse();
    }),
    ("scheduled-tasks", |data| data[0]["State"] = json!("Running")),
    ("hotfixes", |data| data.as_array_mut().unwrap().reverse()),
    ("run-history", |data| {
        data[0]["EndDate"] = json!("2026-11-22T22:00:00.000Z")
    }),
    ("events", |data| {
        *data = json!([{ "Time": "2026-11-22T22:00:00.000Z", "Id": 904 }])
    }),
    ("connector-statistics", |data| data["TotalConnectors"] = json!(4400)),
    ("password-sync-state", |data| {
        data[0]["PasswordSyncLastCycleStartTimestamp"] = json!("2026-11-22T22:00:00.000Z")
    }),
    ("certificates", |data| {
        data[0]["NotAfter"] = json!("2027-05-01T00:00:00.000Z")
    }),
];

/// Asks for an item again, of whomever it was asked.
fn moved(bundle: Bundle, (item, edit): (&str, Edit)) -> Bundle {
    let path = format!("items/{item}.json");
    let (_, bytes) = bundle.files.iter().find(|(name, _)| *name == path).unwrap();
    let mut record: Value = serde_json::from_slice(bytes).unwrap();
    edit(&mut record["data"]);
    bundle.bytes(&path, record.to_string().as_bytes())
}

/// Members of a group in another order.
fn shuffled(bundle: Bundle) -> Bundle {
    moved(bundle, ("local-group", |data| data.as_array_mut().unwrap().reverse()))
}

fn tomorrow() -> Bundle {
    let mut bundle = today();
    let later = Bundle::of(&Export {
        exported: "2026-11-21 23:30:00.000".to_owned(),
        ..export()
    });
    for (path, bytes) in later.files.iter().filter(|(path, _)| path.starts_with("export/")) {
        bundle = bundle.bytes(path, bytes);
    }
    bundle.manifest["started"] = json!("2026-11-22T22:00:00.000Z");
    bundle.manifest["ended"] = json!("2026-11-22T22:01:00.000Z");
    MOVED.iter().fold(shuffled(bundle), |bundle, &one| moved(bundle, one))
}

#[test]
fn an_untouched_server_makes_no_commit() {
    let (first, second) = (today().folder(), tomorrow().folder());
    let repo = Repo::new();
    repo.assert_snapshot(first.path(), 0);
    let before = repo.commits(BRANCH);
    let said = repo.assert_snapshot(second.path(), 0);
    assert_eq!(
        repo.commits(BRANCH),
        before,
        "{said}\n{}",
        repo.git(&["show", "--stat=200", "-p", BRANCH])
    );
    // A setting does.
    let changed = tomorrow()
        .edit("services", |data| data[0]["StartMode"] = json!("Disabled"))
        .folder();
    repo.assert_snapshot(changed.path(), 0);
    assert_eq!(repo.commits(BRANCH), before + 1);
}

#[test]
fn an_untouched_server_does_not_drift() {
    let result = compared_with(&today(), &tomorrow(), &["--same-server"]);
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    assert_eq!(result.brief(), Vec::<String>::new());
}
