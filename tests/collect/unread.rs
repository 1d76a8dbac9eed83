//! What of a bundle cannot be read, does not fit or is missing is said and
//! never equal, in a snapshot, too.

use crate::support::bundle::Bundle;
use crate::support::bundles::{compared, compared_with, list};
use crate::support::export::Export;
use crate::support::told::{export, primary, staging, warnings};
use crate::support::{compare_with, run, text};
use serde_json::{Value, json};

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
fn a_file_of_another_item_is_no_answer() {
    let record = json!({ "id": "tls", "of": null, "status": "ok", "problem": null, "data": {} });
    let result = compared(
        &primary(),
        &staging().bytes("items/fips.json", record.to_string().as_bytes()),
    );
    assert_eq!(result.code, 3, "{:#?}", result.brief());
    let gap = &list(&result, "gaps")[0];
    assert_eq!(gap["part"], "items/fips");
    assert!(text(&gap["problem"]).contains("holds the item tls"), "{gap}");
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
