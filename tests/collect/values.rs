//! What values of a bundle mean: what could not be read is unknown, what the host
//! decides is expected, and what only one server has is told.

use crate::support::bundle::Bundle;
use crate::support::bundles::{compared, list, primary, staging};
use crate::support::snapshots::Repo;
use crate::support::{Compared, compare_with, text};
use serde_json::{Value, json};

fn status_of<'c>(compared: &'c Compared, id: &str) -> &'c str {
    let row = list(compared, "checked").iter().find(|row| row["id"] == id).unwrap();
    text(&row["status"])
}

/// As the collector writes it where a program holds a file open.
fn unreadable(data: &mut Value) {
    data[1]["Sha256"] = json!("(unreadable)");
}

/// As the collector writes it where a folder cannot be listed.
fn denied(data: &mut Value) {
    let entry = json!({ "Path": "C:\\Program Files\\Microsoft Azure AD Sync\\MAData", "Problem": "Access is denied.\nTry it again." });
    data.as_array_mut().unwrap().push(entry);
}

#[test]
fn a_value_that_could_not_be_read_is_unknown_on_either_side_and_on_both() {
    let id = "program-files";
    let with = |bundle: Bundle| bundle.edit(id, unreadable);
    for (left, right, gaps) in [
        (primary(), with(staging()), 1),
        (with(primary()), staging(), 1),
        (with(primary()), with(staging()), 2),
    ] {
        let result = compared(&left, &right);
        assert_eq!(result.code, 3, "{:#?}", result.brief());
        assert_eq!(status_of(&result, "program-file-hash"), "unknown");
        assert!(result.findings().is_empty(), "{:#?}", result.brief());
        let all = list(&result, "gaps");
        assert_eq!(all.len(), gaps, "{all:#?}");
        assert_eq!(all[0]["part"], "items/program-files");
        assert_eq!(all[0]["file"], "items/program-files.json");
        assert!(all[0]["line"].as_u64().unwrap() > 10, "{}", all[0]);
        let problem = text(&all[0]["problem"]);
        assert!(problem.contains("Hr.dll: Content of the file"), "{problem}");
    }
}

#[test]
fn a_text_that_was_cut_may_differ_behind_the_cut() {
    let cut =
        |data: &mut Value| data["DefaultProxy"] = json!(format!("{} (cut: 70000 characters)", "a".repeat(65_536)));
    let id = "proxy-machine-config";
    let result = compared(&primary().edit(id, cut), &staging().edit(id, cut));
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    assert!(text(&list(&result, "gaps")[0]["problem"]).contains("too long"));
    let words = |data: &mut Value| data["DefaultProxy"] = json!("<a> (cut: some characters)");
    assert_eq!(compared(&primary().edit(id, words), &staging().edit(id, words)).code, 0);
}

#[test]
fn a_list_that_was_read_in_part_hides_what_it_lacks() {
    let id = "program-files";
    let more = |data: &mut Value| {
        let entry =
            json!({ "Path": "C:\\Program Files\\Microsoft Azure AD Sync\\MAData\\x.xml", "Sha256": "AB", "Bytes": 1 });
        data.as_array_mut().unwrap().push(entry);
    };
    for (left, right, findings) in [
        (primary().edit(id, more), staging().edit(id, denied), 1),
        (primary().edit(id, denied), staging().edit(id, more), 1),
        (primary().edit(id, denied), staging().edit(id, denied), 0),
    ] {
        let result = compared(&left, &right);
        assert_eq!(result.code, 3, "{:#?}", result.brief());
        assert_eq!(result.findings().len(), findings, "{:#?}", result.brief());
        assert!(result.findings().iter().all(|finding| finding["status"] == "unknown"));
        let problem = text(&list(&result, "gaps")[0]["problem"]);
        assert!(problem.contains("MAData: Access is denied."), "{problem}");
        assert!(!problem.contains('\n'), "{problem}");
        assert_eq!(status_of(&result, "program-file-hash"), "unknown");
    }
    // What was read in part is no excuse for what was read.
    let other = |data: &mut Value| data[1]["Sha256"] = json!("CD");
    let result = compared(&primary(), &staging().edit(id, denied).edit(id, other));
    assert_eq!(result.code, 1, "{:#?}", result.brief());
}

#[test]
fn none_is_an_answer_and_denied_is_not() {
    let id = "scheduled-tasks";
    let none = primary().edit(id, |data| *data = json!([]));
    let denied = staging()
        .without(id)
        .item(id, None, "denied", false, Some("Access is denied."));
    let result = compared(&none, &denied);
    assert_eq!(result.code, 3);
    assert_eq!(result.one("collected-data")["status"], "unknown");
}

#[test]
fn a_snapshot_keeps_what_was_unknown() {
    let repo = Repo::new();
    let bundle = primary()
        .edit("program-files", unreadable)
        .edit("program-files", denied);
    let folder = bundle.folder();
    repo.assert_snapshot(folder.path(), 3);
    let live = primary().folder();
    let result = compare_with(&repo.address(""), live.path(), &["--same-server"]);
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    assert!(result.findings().is_empty(), "{:#?}", result.brief());
    assert_eq!(list(&result, "gaps").len(), 2, "{:#?}", result.report["gaps"]);
}

/// What no setting is compared by is told, and what another answer is held against is missed.
#[test]
fn what_nobody_judges_and_could_not_be_read_is_a_warning() {
    let with = |bundle: Bundle, id: &str, key: &str| bundle.edit(id, |data| data[key] = json!("(unreadable)"));
    let wizard = |bundle: Bundle| bundle.data("wizard", None, &json!({ "Running": false }));
    let cases = [
        ("operating-system", "LastBootUpTime", 0),
        ("computer", "Name", 0),
        ("dotnet", "Version", 0),
        ("connector-credential", "TenantId", 0),
        ("scheduler", "NextSyncCycleStartTimeInUTC", 0),
        ("scheduler", "SyncCycleInProgress", 3),
        ("scheduler-after", "SyncCycleInProgress", 3),
        ("scheduler-after", "StagingModeEnabled", 3),
        ("server-configuration", "Files", 3),
        ("wizard", "Running", 3),
    ];
    for (id, key, code) in cases {
        let one = compared(&wizard(primary()), &with(wizard(staging()), id, key));
        let both = compared(&with(wizard(primary()), id, key), &with(wizard(staging()), id, key));
        for (result, servers) in [(one, 1), (both, 2)] {
            assert_eq!(result.code, code, "{id} {key}: {:#?}", result.brief());
            let told = if code == 0 { "warnings" } else { "gaps" };
            assert_eq!(
                list(&result, told).len(),
                servers,
                "{id} {key}: {:#?}",
                list(&result, told)
            );
            assert!(
                list(&result, told)[0].to_string().contains("could not be read"),
                "{id} {key}"
            );
        }
    }
    // What is not known is not the same: the tenants were compared by something else.
    let tenant = |bundle: Bundle| with(bundle, "connector-credential", "TenantId");
    let result = compared(&tenant(primary()), &tenant(staging()));
    assert!(result.findings().is_empty(), "{:#?}", result.brief());
    assert!(!result.report.to_string().contains("\"(unreadable)\""));
}

#[test]
fn an_entry_that_is_no_object_is_missed_too() {
    let problem = |bundle: Bundle| {
        let mut members = bundle.of_item("local-group");
        let entry = json!({ "Problem": "Access is denied." });
        members.as_array_mut().unwrap().push(entry);
        let record =
            json!({ "id": "local-group", "of": "ADSyncAdmins", "status": "ok", "problem": null, "data": members });
        bundle.bytes("items/local-group.json", record.to_string().as_bytes())
    };
    for (left, right, gaps) in [
        (primary(), problem(staging()), 1),
        (problem(primary()), problem(staging()), 2),
    ] {
        let result = compared(&left, &right);
        assert_eq!(result.code, 3, "{:#?}", result.brief());
        assert_eq!(list(&result, "gaps").len(), gaps, "{:#?}", result.report["gaps"]);
    }
}
