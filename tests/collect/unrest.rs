//! A server that was not at rest when it was collected, and what of a bundle is said
//! once: half an upgrade, one database by two names, a credential that is not there.

use crate::support::bundle::Bundle;
use crate::support::bundles::{self, compared, compared_with, list};
use crate::support::{Compared, run, text};
use serde_json::{Value, json};

fn quiet(bundle: Bundle) -> Bundle {
    bundle.data("wizard", None, &json!({ "Running": false }))
}

fn primary() -> Bundle {
    quiet(bundles::primary())
}

fn staging() -> Bundle {
    quiet(bundles::staging())
}

/// What makes all of a server doubtful, or was going on there, as `server what`.
fn doubts(compared: &Compared) -> Vec<String> {
    assert_eq!(
        list(compared, "lints").len(),
        0,
        "nothing is told twice: {:#?}",
        list(compared, "lints")
    );
    let gaps = list(compared, "gaps").iter().map(|gap| {
        let problem = text(&gap["problem"]);
        format!("{} {}", text(&gap["server"]), problem.split(':').next().unwrap())
    });
    let warnings = list(compared, "warnings").iter().map(|warning| {
        let words = text(&warning["text"]);
        let what = words.split(['(', ')']).nth(1).unwrap();
        format!("{} {what}", words.split(' ').next().unwrap())
    });
    warnings.chain(gaps).collect()
}

#[test]
fn a_server_that_was_not_at_rest_is_told_on_either_side_and_on_both() {
    type Change = fn(Bundle) -> Bundle;
    let set = |item: &'static str, key: &'static str, value: Value| {
        move |bundle: Bundle| bundle.edit(item, |data| data[key] = value)
    };
    let cases: [(&str, Change); 5] = [
        ("collected during a cycle", |bundle| {
            bundle.edit("scheduler", |data| data["SyncCycleInProgress"] = json!(true))
        }),
        ("collected during a cycle", |bundle| {
            bundle.edit("scheduler-after", |data| data["SyncCycleInProgress"] = json!(true))
        }),
        ("Collected while the wizard was open", |bundle| {
            bundle.edit("wizard", |data| data["Running"] = json!(true))
        }),
        ("Changed while the server was collected", |bundle| {
            bundle.edit("scheduler-after", |data| {
                data["StagingModeEnabled"] = json!(data["StagingModeEnabled"] == json!(false));
            })
        }),
        ("Changed while the server was collected", |bundle| {
            bundle.edit("scheduler-after", |data| {
                data["CustomizedSyncCycleInterval"] = json!("03:00:00")
            })
        }),
    ];
    for (lint, change) in cases {
        for (left, right, servers) in [
            (change(primary()), staging(), &["SYNC01"][..]),
            (primary(), change(staging()), &["SYNC02"]),
            (change(primary()), change(staging()), &["SYNC01", "SYNC02"]),
        ] {
            let result = compared(&left, &right);
            let expected: Vec<String> = servers.iter().map(|server| format!("{server} {lint}")).collect();
            assert_eq!(doubts(&result), expected, "{lint}");
            // A cycle changes no setting; whatever else was going on leaves nothing certain.
            let cycle = lint.ends_with("during a cycle");
            let (kind, said) = if cycle {
                ("warnings", "text")
            } else {
                ("gaps", "problem")
            };
            let all = list(&result, kind);
            assert_eq!(all.len(), servers.len(), "{all:#?}");
            for (one, server) in all.iter().zip(servers) {
                let words = text(&one[said]);
                assert!(
                    if cycle {
                        words.starts_with(server)
                    } else {
                        one["server"] == *server
                    },
                    "{one}"
                );
                assert!(words.contains("syncdrift export again"), "{words}");
            }
            assert_eq!(result.code, if cycle { 0 } else { 3 }, "{lint}");
            assert!(cycle || text(&all[0]["file"]).starts_with("items/"), "{all:#?}");
        }
    }
    // What moves by itself from cycle to cycle says nothing.
    let moved = set("scheduler-after", "NextSyncCyclePolicyType", json!("Initial"));
    let started = set(
        "scheduler-after",
        "NextSyncCycleStartTimeInUTC",
        json!("2026-11-21T22:50:00.000Z"),
    );
    let spelled = set("scheduler-after", "PurgeRunHistoryInterval", json!("7.0:0:0"));
    let result = compared(&moved(started(primary())), &spelled(staging()));
    assert_eq!(doubts(&result), Vec::<String>::new());
    assert_eq!(result.code, 0, "{:#?}", result.brief());
}

#[test]
fn what_is_a_fault_on_both_is_one_though_only_the_scheduler_says_it() {
    for (key, value, finding) in [
        ("SchedulerSuspended", true, "block scheduler-is-suspended"),
        ("SyncCycleEnabled", false, "block scheduler-cycle-enabled"),
        ("MaintenanceEnabled", false, "medium scheduler-maintenance-enabled"),
    ] {
        let set = |bundle: Bundle| {
            bundle
                .edit("scheduler", |data| data[key] = json!(value))
                .edit("scheduler-after", |data| data[key] = json!(value))
        };
        compared(&set(primary()), &set(staging())).assert_findings(&[finding]);
    }
}

#[test]
fn one_cause_is_one_lint_that_says_all_of_it() {
    let busy = primary()
        .edit("scheduler", |data| data["SyncCycleInProgress"] = json!(true))
        .edit("scheduler-after", |data| {
            data["SyncCycleInProgress"] = json!(true);
            data["SyncCycleEnabled"] = json!(false);
            data["MaintenanceEnabled"] = json!(false);
        });
    let result = compared(&busy, &staging());
    assert_eq!(
        doubts(&result),
        [
            "SYNC01 collected during a cycle",
            "SYNC01 Changed while the server was collected"
        ]
    );
    let said = text(&list(&result, "gaps")[0]["problem"]);
    assert!(
        said.contains("Maintenance tasks (scheduler): true, then false"),
        "{said}"
    );
    assert!(
        said.contains("Scheduled synchronization (scheduler): true, then false"),
        "{said}"
    );
    assert_eq!(list(&result, "warnings").len(), 1);
}

#[test]
fn the_last_answer_of_the_scheduler_is_still_missed() {
    let denied =
        staging()
            .without("scheduler-after")
            .item("scheduler-after", None, "denied", true, Some("Access is denied."));
    let result = compared(&primary(), &denied);
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    assert_eq!(list(&result, "gaps")[0]["part"], "items/scheduler-after");
}

#[test]
fn parts_of_several_builds_are_half_an_upgrade() {
    let program = |version: &'static str| {
        move |bundle: Bundle| bundle.edit("program-files", |data| data[0]["FileVersion"] = json!(version))
    };
    // Alone, for the content is the same: a lint of the server.
    let result = compared(&program("2.6.93.0")(primary()), &program("2.6.93.0")(staging()));
    assert_eq!(
        doubts(&result),
        ["SYNC01 Programs of several builds", "SYNC02 Programs of several builds"]
    );
    let said = text(&list(&result, "gaps")[0]["problem"]);
    assert!(said.contains("AzureADConnect.exe 2.6.93.0"), "{said}");
    // On one server it leads, with what follows from it: the file, and the version of the service.
    let service = |data: &mut Value| data[0]["FileVersion"] = json!("2.6.93.0");
    let other = program("2.6.93.0")(staging())
        .edit("program-files", |data| data[0]["Sha256"] = json!("CD"))
        .edit("services", service);
    for (left, right) in [(&primary(), &other), (&other, &primary())] {
        let result = compared_with(left, right, &["--same-server"]);
        result.assert_findings(&["high half-upgraded"]);
        let finding = result.one("half-upgraded");
        let parts: Vec<&str> = finding["detail"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| text(&part["id"]))
            .collect();
        assert_eq!(parts, ["program-file-hash", "service-version"]);
        let said = [text(&finding["primary"]), text(&finding["staging"])].concat();
        assert!(
            said.contains("AzureADConnect.exe 2.6.93.0") && said.contains("AzureADConnect.exe 2.6.92.0"),
            "{said}"
        );
        // Whoever accepts it still knows nothing of a half-changed server.
        assert_eq!(list(&result, "gaps").len(), 1, "{:#?}", result.report["gaps"]);
    }
    // What else is wrong with the service is a finding of its own.
    let stopped = other.edit("services", |data| data[0]["State"] = json!("Stopped"));
    compared(&primary(), &stopped).assert_findings(&["block sync-service-state", "high half-upgraded"]);
    // The installed program, too; and who built a file is no other build.
    let installed = |data: &mut Value| {
        let entry = json!({ "Name": "Microsoft Entra Connect Sync", "Version": "2.6.91.0", "Publisher": "Microsoft" });
        data.as_array_mut().unwrap().push(entry);
    };
    let (left, right) = (
        primary().edit("installed-programs", installed),
        staging().edit("installed-programs", installed),
    );
    let result = compared(&left, &right);
    assert_eq!(
        doubts(&result),
        ["SYNC01 Programs of several builds", "SYNC02 Programs of several builds"]
    );
    let spelled = program("2.6.92.0 (release)");
    assert_eq!(
        doubts(&compared(&spelled(primary()), &spelled(staging()))),
        Vec::<String>::new()
    );
}

#[test]
fn one_database_is_one_however_its_server_is_named() {
    let on = |bundle: Bundle, server: &str, instance: &str| {
        bundle.edit("service-registry", |data| {
            data["Server"] = json!(server);
            data["SQLInstance"] = json!(instance);
        })
    };
    let cases = [
        (("SQL01.contoso.com", "AG1"), ("sql01", "ag1"), true),
        (("sql01", "AG1"), ("SQL01.contoso.com", "AG1"), true),
        (("sql01\\AG1", ""), ("sql01.contoso.com", "AG1"), true),
        (("tcp:sql01,1433", ""), ("sql01.contoso.com.", "MSSQLSERVER"), true),
        (("sql01.contoso.com", "AG1"), ("sql01.fabrikam.com", "AG1"), false),
        (("sql01", "AG1"), ("sql01", "AG2"), false),
        (("sql01,1500", ""), ("sql01", ""), false),
        (("sql01", ""), ("sql011", ""), false),
        // Each server's own.
        (("SYNC01", "AG1"), ("sync02.contoso.com", "AG1"), false),
        (("(localdb)\\x", ""), ("(localdb)\\x", ""), false),
        ((".", ""), ("(local)", ""), false),
        // That of one of them for both.
        (("SYNC01", ""), ("SYNC01", ""), true),
        (("SYNC01", ""), ("sync01.contoso.com", ""), true),
        (("localhost", "AG1"), ("np:SYNC01", "AG1"), true),
        (("SYNC02", ""), (".", ""), true),
    ];
    for ((left, first), (right, second), shared) in cases {
        let result = compared(&on(primary(), left, first), &on(staging(), right, second));
        let expected: &[&str] = if shared { &["block sync-database-shared"] } else { &[] };
        result.assert_findings(expected);
    }
}

#[test]
fn a_credential_that_is_not_there_is_one_finding_at_most() {
    let file = |status: &str| {
        let record =
            json!({ "id": "connector-credential", "of": "Entra", "status": status, "problem": "x", "data": null });
        record.to_string().into_bytes()
    };
    // Another question without an answer, beside the one that has one.
    let mut second = staging();
    let item = json!({ "id": "connector-credential", "of": "Other", "file": "items/connector-credential-2.json",
        "status": "absent", "required": false, "problem": "x" });
    second.manifest["items"].as_array_mut().unwrap().push(item);
    let second = second.file("items/connector-credential-2.json", &file("absent"));
    let result = compared(&primary(), &second);
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    // A build without the cmdlet signs in with an account: nobody manages an application there.
    let none = staging().without("connector-credential").item(
        "connector-credential",
        Some("Entra"),
        "absent",
        false,
        Some("no such cmdlet"),
    );
    let result = compared(&primary(), &none);
    result.assert_findings(&["block credential-identity-type"]);
}

#[test]
fn names_of_a_host_stay_on_their_line() {
    let named = |data: &mut Value| {
        let mut other = data[0].clone();
        other["Name"] = json!("Evil\n# heading");
        data.as_array_mut().unwrap().push(other);
    };
    let (left, right) = (primary().folder(), staging().edit("services", named).folder());
    for format in ["text", "markdown"] {
        let paths = [left.path(), right.path()].map(|path| path.as_os_str());
        let shown = run([
            "compare".as_ref(),
            paths[0],
            paths[1],
            "--format".as_ref(),
            format.as_ref(),
        ]);
        assert!(shown.stdout.contains("Evil"), "{}", shown.stdout);
        assert!(!shown.stdout.contains("\n# heading"), "{}", shown.stdout);
    }
}
