//! A bundle of the collector: read as a server, proven by its manifest, every
//! answer a setting, a witness or evidence, and what is missing unknown.

use crate::support::bundle::Bundle;
use crate::support::bundles::{compared, compared_with, export, list, primary, staging};
use crate::support::export::Export;
use crate::support::{Compared, compare, compare_with, run, text};
use serde_json::{Value, json};
use syncdrift::catalogue::Catalogue;
use tempfile::TempDir;

fn ids<'c>(entries: impl IntoIterator<Item = &'c Value>) -> Vec<&'c str> {
    entries.into_iter().map(|entry| text(&entry["id"])).collect()
}

fn status_of<'c>(compared: &'c Compared, id: &str) -> &'c str {
    let row = list(compared, "checked").iter().find(|row| row["id"] == id).unwrap();
    text(&row["status"])
}

#[test]
fn two_bundles_that_agree_are_in_parity() {
    let result = compared(&primary(), &staging());
    assert_eq!(result.code, 0, "{:#?}\n{}", result.brief(), result.report["gaps"]);
    assert_eq!(result.report["ledger"]["uncatalogued"], 0);
    assert_eq!(ids(list(&result, "warnings")), Vec::<&str>::new());
    assert_eq!(ids(list(&result, "lints")), Vec::<&str>::new());
    for id in [
        "scheduler-cycle-enabled",
        "service-state",
        "tls-enabled",
        "machine-identifier",
        "local-group-members",
    ] {
        assert_eq!(status_of(&result, id), "equal", "{id}");
    }
}

#[test]
fn the_zip_of_the_collector_is_the_folder() {
    let places = TempDir::new().unwrap();
    let [left, right] = ["left.zip", "right.zip"].map(|name| places.path().join(name));
    let changed = staging().edit("fips", |data| data["Enabled"] = json!(1));
    std::fs::write(&left, primary().zip()).unwrap();
    std::fs::write(&right, changed.zip()).unwrap();
    let zipped = compare(&left, &right);
    let folders = compared(&primary(), &changed);
    assert_eq!(zipped.brief(), folders.brief());
    assert_eq!(zipped.code, 1);
    zipped.assert_findings(&["high fips-enabled"]);
    let place = &zipped.one("fips-enabled")["locations"][1];
    assert_eq!(place["file"], "items/fips.json");
    let written = changed
        .files
        .iter()
        .find(|(name, _)| name == "items/fips.json")
        .unwrap();
    let line = String::from_utf8_lossy(&written.1)
        .lines()
        .position(|line| line.contains("\"Enabled\""))
        .unwrap()
        + 1;
    assert_eq!(place["line"], line);
}

#[test]
fn a_bundle_that_was_changed_is_refused_unless_allowed() {
    type Change = fn(&mut Bundle);
    let cases: [(&str, Change); 4] = [
        ("items/fips.json was changed", |bundle| {
            let file = bundle
                .files
                .iter_mut()
                .find(|(name, _)| name == "items/fips.json")
                .unwrap();
            file.1 = String::from_utf8_lossy(&file.1)
                .replace("\"Enabled\": 0", "\"Enabled\": 1")
                .into_bytes();
        }),
        ("items/tls.json is missing", |bundle| {
            bundle.files.retain(|(name, _)| name != "items/tls.json")
        }),
        ("items/more.json was added", |bundle| {
            bundle.files.push(("items/more.json".to_owned(), b"{}".to_vec()))
        }),
        ("export/GlobalSettings/MV.xml was changed", |bundle| {
            let file = bundle
                .files
                .iter_mut()
                .find(|(name, _)| name.ends_with("MV.xml"))
                .unwrap();
            file.1.push(b'\n');
        }),
    ];
    for (words, change) in cases {
        let mut bundle = staging();
        change(&mut bundle);
        let left = primary().folder();
        let right = bundle.folder();
        let zip = TempDir::new().unwrap();
        let zip_path = zip.path().join("b.zip");
        std::fs::write(&zip_path, bundle.zip()).unwrap();
        for place in [right.path(), &zip_path] {
            let refused = run(["compare".as_ref(), left.path().as_os_str(), place.as_os_str()]);
            assert_eq!(refused.code, 2, "{words}");
            assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
            assert!(refused.stderr.contains("--allow-modified-bundle"), "{}", refused.stderr);
            assert_eq!(run(["document".as_ref(), place.as_os_str()]).code, 2);
        }
        let allowed = compare_with(left.path(), right.path(), &["--allow-modified-bundle"]);
        let warnings = list(&allowed, "warnings");
        let warning = warnings
            .iter()
            .find(|warning| warning["id"] == "bundle-modified")
            .unwrap();
        assert!(text(&warning["text"]).contains(words), "{warning}");
    }
}

#[test]
fn what_the_collector_could_not_read_is_unknown_and_never_equal() {
    for (status, required, code) in [("denied", false, 3), ("error", false, 3), ("absent", true, 3)] {
        let bundle = staging()
            .without("tls")
            .item("tls", None, status, required, Some("Zugriff verweigert"));
        let result = compared(&primary(), &bundle);
        assert_eq!(result.code, code, "{status}: {:#?}", result.brief());
        let gap = &result.report["gaps"][0];
        assert_eq!(gap["part"], "items/tls");
        assert!(text(&gap["problem"]).contains("Zugriff verweigert"), "{gap}");
        assert_eq!(status_of(&result, "tls-enabled"), "unknown");
        assert_eq!(status_of(&result, "fips-enabled"), "equal");
        let findings = result.findings();
        assert!(
            findings.iter().all(|finding| finding["status"] == "unknown"),
            "{:#?}",
            result.brief()
        );
    }
}

#[test]
fn what_does_not_exist_on_a_server_is_judged_by_what_absence_means() {
    let absent = |id: &str| staging().without(id).item(id, None, "absent", false, Some("not found"));
    assert_eq!(
        compared(&primary(), &absent("fips")).code,
        0,
        "without the key FIPS is not enforced"
    );
    let result = compared(&primary(), &absent("tls"));
    assert_eq!(result.code, 1);
    result.assert_findings(&["high tls-strong-crypto"]);
}

#[test]
fn what_only_one_server_was_asked_is_unknown_and_what_none_was_is_not_judged() {
    for (left, right) in [
        (primary(), staging().without("tls")),
        (primary().without("tls"), staging()),
    ] {
        let result = compared(&left, &right);
        assert_eq!(result.code, 3, "{:#?}", result.brief());
        assert!(list(&result, "gaps")[0].to_string().contains("does not mention it"));
        assert_eq!(status_of(&result, "tls-enabled"), "unknown");
    }
    let result = compared(&primary().without("tls"), &staging().without("tls"));
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    assert_eq!(status_of(&result, "tls-enabled"), "not-present");
}

#[test]
fn what_every_server_has_to_tell_is_missed_though_it_is_no_setting() {
    for id in [
        "module",
        "server-configuration",
        "global-settings",
        "connectors",
        "rules",
    ] {
        let denied = staging()
            .without(id)
            .item(id, None, "denied", true, Some("Access is denied."));
        let result = compared(&primary(), &denied);
        assert_eq!(result.code, 3, "{id}: {:#?}", result.brief());
        assert!(
            list(&result, "gaps")[0].to_string().contains("Access is denied."),
            "{id}"
        );
        let folder = denied.folder();
        let shown = run(["document".as_ref(), folder.path().as_os_str()]);
        assert_eq!(shown.code, 3, "{id}: {}", shown.stdout);
    }
}

#[test]
fn a_bundle_of_one_server_alone_is_a_warning_and_no_drift() {
    let place = TempDir::new().unwrap();
    Export::staging_of(&export()).write(place.path());
    let bundle = primary().folder();
    for (left, right) in [(bundle.path(), place.path()), (place.path(), bundle.path())] {
        let result = compare_with(left, right, &[]);
        let findings = result.findings();
        assert!(
            findings.iter().all(|finding| finding["id"] == "staging-mode"),
            "{:#?}",
            result.brief()
        );
        assert!(ids(list(&result, "warnings")).contains(&"bundle-on-one-side"));
        assert_eq!(status_of(&result, "scheduler-cycle-enabled"), "not-present");
    }
}

#[test]
fn an_item_of_a_newer_collector_is_a_warning() {
    let with = |bundle: Bundle| bundle.data("quantum-state", None, &json!({ "Spin": 1 }));
    let result = compared(&with(primary()), &with(staging()));
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    let warning = &list(&result, "warnings")[0];
    assert_eq!(warning["id"], "bundle-item-unknown");
    assert!(text(&warning["text"]).contains("quantum-state"), "{warning}");
}

#[test]
fn evidence_has_no_leaves() {
    let plain = compared(&primary(), &staging());
    let events = json!([{ "Time": "2026-11-21T22:00:00.000Z", "Id": 116, "Message": "deletions" }]);
    let with = compared(&primary(), &staging().instead("events", None, &events));
    assert_eq!(plain.report["ledger"], with.report["ledger"]);
    assert_eq!(plain.expected().len(), with.expected().len());
    let denied = staging()
        .without("events")
        .item("events", None, "denied", false, Some("no"));
    let result = compared(&primary(), &denied);
    assert_eq!(result.code, 0);
    assert_eq!(ids(list(&result, "warnings")), ["bundle-evidence-missing"]);
}

#[test]
fn encodings_and_letter_case_do_not_count() {
    let path = "items/scheduler.json";
    let of = |bundle: &Bundle| {
        let (_, bytes) = bundle.files.iter().find(|(name, _)| name == path).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let plain = of(&staging());
    let utf16 = |mark: &[u8], pair: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter()
            .copied()
            .chain(plain.encode_utf16().flat_map(pair))
            .collect()
    };
    let spelled = plain
        .replace("SyncCycleEnabled", "synccycleenabled")
        .replace("\"data\"", "\"Data\"");
    for bytes in [
        utf16(&[0xFF, 0xFE], u16::to_le_bytes),
        utf16(&[0xFE, 0xFF], u16::to_be_bytes),
        utf16(&[], u16::to_le_bytes),
        [b"\xEF\xBB\xBF".as_slice(), plain.as_bytes()].concat(),
        plain.replace('\n', "\r\n").into_bytes(),
        spelled.into_bytes(),
    ] {
        let result = compared(&primary(), &staging().bytes(path, &bytes));
        assert_eq!(result.code, 0, "{:#?}\n{}", result.brief(), result.report["gaps"]);
        assert_eq!(status_of(&result, "scheduler-cycle-enabled"), "equal");
    }
}

#[test]
fn a_single_object_is_a_list_of_one() {
    let one = staging().edit("scheduled-tasks", |data| *data = data[0].clone());
    assert_eq!(compared(&primary(), &one).code, 0);
    let one = staging().edit("service-configuration", |data| {
        data["Redirects"] = data["Redirects"][0].clone()
    });
    assert_eq!(compared(&primary(), &one).code, 0);
}

#[test]
fn what_is_cut_off_or_of_another_type_is_a_gap_and_the_rest_is_read() {
    let path = "items/tls.json";
    let (_, whole) = staging().files.into_iter().find(|(name, _)| name == path).unwrap();
    let text_of = String::from_utf8(whole.clone()).unwrap();
    let line = |word: &str| text_of.lines().position(|line| line.contains(word)).unwrap() as u64 + 1;
    let cases: Vec<(Vec<u8>, u64)> = vec![
        (whole[..whole.len() / 2].to_vec(), 0),
        (b"".to_vec(), 1),
        (text_of.replace("\"Enabled\": 1", "\"Enabled\": [1, 2]").into_bytes(), 0),
        (
            text_of
                .replace("\"Enabled\": 1", "\"Enabled\": {\"a\": 1}")
                .into_bytes(),
            line("\"Enabled\": 1"),
        ),
        (
            text_of
                .replace("\"Enabled\": 1", "\"Enabled\": \"perhaps\"")
                .into_bytes(),
            line("\"Enabled\": 1"),
        ),
        (
            text_of
                .replace("\"Enabled\": 1", "\"Enabled\": \"System.Object[]\"")
                .into_bytes(),
            line("\"Enabled\": 1"),
        ),
        (
            text_of
                .replace("\"Enabled\": 1", "\"Enabled\": 1, \"enabled\": 0")
                .into_bytes(),
            line("\"Enabled\": 1"),
        ),
        (text_of.replace("\"data\"", "\"datum\"").into_bytes(), 1),
    ];
    for (bytes, line) in cases {
        let result = compared(&primary(), &staging().bytes(path, &bytes));
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        if shown.contains("[1, 2]") {
            // A list repeats its key, and the second one is no setting that anybody knows.
            assert_eq!(result.code, 1, "{:#?}", result.brief());
            continue;
        }
        assert_eq!(result.code, 3, "{shown}: {:#?}", result.brief());
        let gap = &result.report["gaps"][0];
        assert_eq!((text(&gap["part"]), text(&gap["file"])), ("items/tls", path), "{shown}");
        assert!(line == 0 || gap["line"] == line, "{gap}\n{shown}");
        assert_eq!(status_of(&result, "fips-enabled"), "equal");
    }
}

#[test]
fn dates_of_powershell_are_times() {
    let bundle = |time: &str| staging().edit("connector-credential", |data| data["NotAfter"] = json!(time));
    let result = compared(&primary(), &bundle("/Date(1822435200000)/"));
    let entry = result
        .expected()
        .iter()
        .find(|entry| entry["id"] == "credential-certificate-not-after")
        .unwrap();
    assert_eq!(entry["staging"], "2027-10-02T00:00:00.000Z");
}

/// Every leaf of a value: the keys and positions that lead to it.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                leaves(
                    value,
                    &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                leaves(value, &format!("{path}/{at}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

/// Another value of the same kind.
fn other(path: &str, value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number)
            if path.ends_with("Transcripting") || path.ends_with("ProxyEnable") || path == "/Enabled" =>
        {
            json!(1 - number.as_u64().unwrap())
        }
        Value::Number(number) => json!(number.as_u64().unwrap() + 7),
        Value::Null if path.ends_with("Interval") => json!("01:00:00"),
        Value::String(text) if text == "false" => json!("true"),
        Value::String(text) if path.ends_with("Interval") => json!(format!("1{text}")),
        Value::String(text) => json!(format!("{text}9")),
        _ => json!("9"),
    }
}

/// Entries of a report that tell of a difference, as one text each.
fn entries(result: &Compared) -> std::collections::BTreeSet<String> {
    let lists = ["findings", "expected"].into_iter().flat_map(|key| list(result, key));
    lists
        .map(|entry| {
            format!(
                "{} {} {} {} {}",
                entry["id"], entry["setting"], entry["primary"], entry["staging"], entry["detail"]
            )
        })
        .collect()
}

/// Items that are settings, with `of`.
fn settings(bundle: &Bundle) -> Vec<String> {
    let catalogue = Catalogue::builtin();
    let witness = |id: &str| {
        let kind = catalogue.of_document(&format!("item.{id}"));
        kind.is_some_and(|kind| kind.witness)
    };
    let none = |id: &str| witness(id) || catalogue.facts.bundle_evidence.iter().any(|item| item == id);
    let items = bundle.manifest["items"].as_array().unwrap().iter();
    let settings = items.filter(|item| !none(text(&item["id"])));
    settings.map(|item| text(&item["file"]).to_owned()).collect()
}

#[test]
fn every_leaf_that_is_changed_or_removed_has_an_entry() {
    let (left, right) = (primary(), staging());
    for swapped in [false, true] {
        let places = [left.folder(), right.folder()];
        let (edited, bundle) = if swapped {
            (&places[0], &left)
        } else {
            (&places[1], &right)
        };
        let compare = || compare_with(places[0].path(), places[1].path(), &["--allow-modified-bundle"]);
        let before = entries(&compare());
        let mut count = 0;
        for file in settings(bundle) {
            let (_, bytes) = bundle.files.iter().find(|(name, _)| *name == file).unwrap();
            let whole: Value = serde_json::from_slice(bytes).unwrap();
            let mut all = Vec::new();
            leaves(&whole["data"], "", &mut all);
            for path in all {
                let mut record = whole.clone();
                let leaf = record["data"].pointer_mut(&path).unwrap();
                let value = other(&path, leaf);
                *leaf = value.clone();
                std::fs::write(edited.path().join(&file), record.to_string()).unwrap();
                let result = compare();
                let ledger = &result.report["ledger"];
                assert_eq!(ledger["uncatalogued"], 0, "{file}{path}");
                // All was read; the server may look as if it had been changed meanwhile, or upgraded by half.
                assert!(
                    list(&result, "gaps").iter().all(|gap| gap["part"] == "*"),
                    "{file}{path}: {}",
                    result.report["gaps"]
                );
                let shown = match &value {
                    Value::String(text) => text.clone(),
                    Value::Bool(flag) => if *flag { "rue" } else { "alse" }.to_owned(),
                    // A flag that the registry has as a number.
                    value if value == &json!(1) => "true".to_owned(),
                    value if value == &json!(0) => "false".to_owned(),
                    value => value.to_string(),
                };
                let news: Vec<String> = entries(&result).difference(&before).cloned().collect();
                let escaped = shown.replace('\\', "\\\\").replace('"', "\\\"");
                let flag = ["true", "false"].contains(&shown.as_str());
                let told = |entry: &String| {
                    let entry = if flag { entry.to_lowercase() } else { entry.clone() };
                    entry.contains(&shown) || entry.contains(&escaped)
                };
                assert!(news.iter().any(told), "{file}{path} -> {shown} among {news:#?}");
                count += 1;
            }
            std::fs::write(edited.path().join(&file), bytes).unwrap();
        }
        assert!(count > 100, "{count}");
    }
}

#[test]
fn every_leaf_of_a_kind_nobody_knows_is_uncatalogued_and_compared() {
    let bundle = staging().edit("scheduler", |data| {
        data["NewSetting"] = json!({ "Deep": [{ "One": 1 }, { "One": 2 }] })
    });
    let result = compared(&primary(), &bundle);
    let finding = result.one("uncatalogued-setting");
    assert_eq!(finding["object"], "Scheduler", "{finding}");
    assert_eq!(finding["setting"], "Setting without a description: NewSetting/Deep/One");
    assert_eq!(result.report["ledger"]["uncatalogued"], 2);
}

#[test]
fn one_cause_in_export_and_scheduler_is_one_finding() {
    let with = |value: &str, export: Export| {
        let name = "Microsoft.Synchronize.SynchronizationSchedule".to_owned();
        Export {
            parameters: vec![(name, value.to_owned())],
            ..export
        }
    };
    let of = |value: &str, cycle: bool, export: Export| {
        let set = |data: &mut Value| data["SyncCycleEnabled"] = json!(cycle);
        Bundle::full(&with(value, export))
            .edit("scheduler", set)
            .edit("scheduler-after", set)
    };
    let left = || of("True", true, export());
    let right = |value: &str, cycle| of(value, cycle, Export::staging_of(&export()));
    let both = compared(&left(), &right("False", false));
    both.assert_findings(&["block sync-cycle-enabled"]);
    assert_eq!(
        both.one("sync-cycle-enabled")["detail"][0]["id"],
        "scheduler-cycle-enabled"
    );
    let alone = compared(&left(), &right("True", false));
    alone.assert_findings(&["block scheduler-cycle-enabled"]);
    let sentences = alone.one("scheduler-cycle-enabled")["consequences"].to_string();
    assert!(
        sentences.contains("On SYNC02 the two copies of this setting disagree"),
        "{sentences}"
    );
    let neither = compared(&of("True", false, export()), &right("True", false));
    let lints = list(&neither, "lints");
    assert_eq!(ids(lints), ["scheduler-cycle-enabled"; 2], "{lints:#?}");
}

#[test]
fn a_role_that_two_witnesses_tell_differently_is_drift() {
    let wrong = staging().edit("scheduler", |data| data["StagingModeEnabled"] = json!(false));
    let result = compared(&primary(), &wrong);
    result.assert_findings(&["block staging-mode"]);
}

#[test]
fn what_must_differ_is_a_finding_where_it_is_equal() {
    let shared = |bundle: Bundle| {
        let identity = primary().of_item("connector-credential");
        let machine = primary().of_item("connect-registry");
        let bundle = bundle.instead("connector-credential", Some("Entra"), &identity);
        bundle
            .instead("connect-registry", None, &machine)
            .edit("service-registry", |data| {
                data["Server"] = json!("sql.contoso.com");
            })
    };
    let (left, right) = (shared(primary()), shared(staging()));
    let result = compared(&left, &right);
    result.assert_findings(&[
        "block credential-application-id",
        "block credential-certificate-id",
        "block machine-identifier",
        "block sync-database-shared",
    ]);
    let same = compared_with(&left, &right, &["--same-server"]);
    assert_eq!(same.code, 0, "{:#?}", same.brief());
    let local = compared(&primary(), &staging());
    assert_eq!(
        local.code,
        0,
        "LocalDB has one name on every server: {:#?}",
        local.brief()
    );
}

#[test]
fn severities_follow_the_host() {
    let fips = |bundle: Bundle| bundle.edit("fips", |data| data["Enabled"] = json!(1));
    let no_exception = |bundle: Bundle| {
        bundle.edit("service-configuration", |data| {
            data["EnforceFIPSPolicy"] = json!("true")
        })
    };
    compared(&primary(), &no_exception(staging())).assert_findings(&["medium service-fips-exception"]);
    compared(&fips(primary()), &no_exception(fips(staging()))).assert_findings(&["block service-fips-exception"]);
    let older = Export {
        build: "2.6.84.0".to_owned(),
        ..Export::staging_of(&export())
    };
    let files = |at: usize| {
        Bundle::full(&older).edit("program-files", move |data| {
            data[at]["Sha256"] = json!("0123456789ABCDEF".repeat(4))
        })
    };
    compared(&primary(), &files(0)).assert_findings(&["high server-build"]);
    compared(&primary(), &files(1)).assert_findings(&["high server-build", "high program-file-hash"]);
}

#[test]
fn objects_on_one_server_only_are_one_finding_each() {
    let agents = staging().edit("services", |data| drop(data.as_array_mut().unwrap().pop()));
    assert_eq!(compared(&primary(), &agents).code, 0, "agents may stand elsewhere");
    let tasks = staging().edit("scheduled-tasks", |data| *data = json!([]));
    compared(&primary(), &tasks).assert_findings(&["high scheduled-task-missing"]);
}

#[test]
fn administrators_of_windows_are_the_owners_decision() {
    let with = |bundle: Bundle, group: &str| {
        let file = if group == "Administrators" {
            "items/local-group-2.json"
        } else {
            "items/local-group.json"
        };
        let (_, bytes) = bundle.files.iter().find(|(name, _)| name == file).unwrap();
        let mut record: Value = serde_json::from_slice(bytes).unwrap();
        record["data"][0]["Name"] = json!("CONTOSO\\Somebody");
        record["data"][0]["SID"] = json!("S-1-5-21-1-2-3-9999");
        bundle.clone().bytes(file, record.to_string().as_bytes())
    };
    assert_eq!(compared(&primary(), &with(staging(), "Administrators")).code, 0);
    let result = compared(&primary(), &with(staging(), "ADSyncAdmins"));
    result.assert_findings(&["medium local-group-members"]);
    assert_eq!(result.one("local-group-members")["object"], "ADSyncAdmins");
}

#[test]
fn the_document_of_a_server_shows_what_the_collector_told() {
    let folder = staging().folder();
    let markdown = run([
        "document".as_ref(),
        folder.path().as_os_str(),
        "--format".as_ref(),
        "markdown".as_ref(),
    ]);
    assert_eq!(markdown.code, 0, "{}", markdown.stderr);
    for words in [
        "Scheduler",
        "Sign-in",
        "Identity and accounts",
        "Host",
        "Scheduled synchronization (scheduler)",
        "Microsoft ODBC Driver 17 for SQL Server",
        "Local group ADSyncAdmins",
        "CONTOSO\\\\Ada",
        "Pass-through authentication agents",
    ] {
        assert!(markdown.stdout.contains(words), "{words} in {}", markdown.stdout);
    }
    let json = run([
        "document".as_ref(),
        folder.path().as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ]);
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    let objects = document["objects"].as_array().unwrap();
    let scheduler = objects.iter().find(|object| object["kind"] == "scheduler").unwrap();
    assert_eq!(scheduler["settings"]["scheduler-cycle-enabled"]["value"], "true");
}

#[test]
fn a_snapshot_holds_the_settings_of_the_bundle_and_reads_back_equal() {
    let place = TempDir::new().unwrap();
    let repository = place.path().join("repo");
    let take = |bundle: &Bundle| {
        let folder = bundle.folder();
        let taken = run([
            "snapshot".as_ref(),
            folder.path().as_os_str(),
            "--repo".as_ref(),
            repository.as_os_str(),
        ]);
        assert_eq!(taken.code, 0, "{}", taken.stderr);
        taken.stdout
    };
    take(&staging());
    let stored = std::path::PathBuf::from(format!("git:{}#SYNC02", repository.display()));
    let folder = staging().folder();
    let result = compare_with(folder.path(), &stored, &["--same-server"]);
    assert_eq!(result.code, 0, "{:#?}", result.brief());
    assert_eq!(result.findings().len(), 0, "{:#?}", result.brief());
    assert_eq!(status_of(&result, "local-group-members"), "equal");
    assert_eq!(status_of(&result, "tls-enabled"), "equal");
    let noise = staging()
        .edit("scheduler", |data| {
            data["NextSyncCycleStartTimeInUTC"] = json!("2026-11-22T00:00:00.000Z")
        })
        .edit("disks", |data| data[0]["FreeSpace"] = json!(1))
        .edit("operating-system", |data| {
            data["LastBootUpTime"] = json!("2026-11-02T00:00:00.000Z")
        });
    assert!(
        take(&noise).contains("unchanged"),
        "what changes by itself is in no snapshot"
    );
    let said = take(&staging().edit("fips", |data| data["Enabled"] = json!(1)));
    assert!(!said.contains("unchanged"), "{said}");
    let result = compare_with(folder.path(), &stored, &["--same-server"]);
    result.assert_findings(&["high fips-enabled"]);
    let gone = staging()
        .without("fips")
        .item("fips", None, "denied", false, Some("no"));
    let folder = gone.folder();
    let taken = run([
        "snapshot".as_ref(),
        folder.path().as_os_str(),
        "--repo".as_ref(),
        repository.as_os_str(),
    ]);
    assert_eq!(taken.code, 3, "{}{}", taken.stdout, taken.stderr);
    let result = compare_with(staging().folder().path(), &stored, &["--same-server"]);
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    assert_eq!(status_of(&result, "fips-enabled"), "unknown");
}

#[test]
fn a_hostile_bundle_harms_nothing() {
    let deep = format!("{{\"data\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let names = "{\"data\": {\"<b>&amp;]]>\": 1, \"\\u0000\": \"\\u0001\\u001b[31m\", \"a b\": {\"\": [null]}, \"x:y\": \"]]>\"}}";
    let numbers = "{\"data\": {\"Release\": 1e999999, \"Version\": 123456789012345678901234567890123456789012345678901234567890}}";
    let twice = "{\"data\": {\"Enabled\": 1, \"ENABLED\": 0}}";
    let half = "{\"data\": {\"Enabled\": \"\\ud800\"}}";
    for (item, json, code) in [
        ("fips", deep.as_str(), 3),
        ("fips", twice, 3),
        ("fips", half, 3),
        ("dotnet", numbers, 0),
        ("time", names, 1),
    ] {
        let bundle = staging().bytes(&format!("items/{item}.json"), json.as_bytes());
        let result = compared(&primary(), &bundle);
        assert_eq!(
            result.code,
            code,
            "{item}: {:#?} {}",
            result.brief(),
            result.report["gaps"]
        );
    }
    let odd = staging().bytes("items/time.json", names.as_bytes()).folder();
    let page = run([
        "document".as_ref(),
        odd.path().as_os_str(),
        "--format".as_ref(),
        "html".as_ref(),
    ]);
    assert!(!page.stdout.contains("<b>&amp;]]>"), "names are escaped");
    let shown = run([
        "document".as_ref(),
        odd.path().as_os_str(),
        "--color".as_ref(),
        "never".as_ref(),
    ]);
    assert!(!shown.stdout.contains('\u{1b}'), "nothing reaches the terminal");
    let mut two = staging();
    two.manifest["items"] = json!(5);
    let refused = run(["document".as_ref(), two.folder().path().as_os_str()]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("manifest"), "{}", refused.stderr);
}

#[test]
fn secrets_in_a_bundle_are_masked() {
    let bundle = staging()
        .edit("scheduled-tasks", |data| {
            data[0]["Actions"][0]["Execute"] = json!("job.exe Password=Geheim123; done")
        })
        .edit("connector-credential", |data| data["ClientSecret"] = json!("Geheim456"));
    let folder = bundle.folder();
    for format in ["json", "markdown", "html"] {
        let shown = run([
            "document".as_ref(),
            folder.path().as_os_str(),
            "--format".as_ref(),
            format.as_ref(),
        ]);
        assert!(!shown.stdout.contains("Geheim"), "{format}");
    }
    let result = compared(&primary(), &bundle);
    assert!(!result.report.to_string().contains("Geheim"));
    assert_eq!(result.report["ledger"]["secret"], 1);
}
