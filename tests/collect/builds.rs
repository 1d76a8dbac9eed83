//! What a difference of builds explains of two hosts, and what it does not: a newer
//! build brings things, and takes nothing away that an administrator added.

use crate::support::Compared;
use crate::support::bundle::Bundle;
use crate::support::bundles::{compared, export, primary, staging};
use crate::support::export::Export;
use serde_json::{Value, json};

/// Servers of two builds, the staging server's the newer one unless `swap`, each changed in its own way.
fn mixed(swap: bool, older: fn(Bundle) -> Bundle, newer: fn(Bundle) -> Bundle) -> Compared {
    let of = |export: Export, version: &str| {
        let program = json!({ "Name": "Microsoft Entra Connect Sync", "Version": version, "Publisher": "Microsoft" });
        Bundle::full(&Export {
            build: version.to_owned(),
            ..export
        })
        .edit("installed-programs", |data| data.as_array_mut().unwrap().push(program))
        .edit("program-files", |data| data[0]["FileVersion"] = json!(version))
    };
    let (left, right) = (export(), Export::staging_of(&export()));
    match swap {
        false => compared(&older(of(left, "2.6.84.0")), &newer(of(right, "2.6.92.0"))),
        true => compared(&newer(of(left, "2.6.92.0")), &older(of(right, "2.6.84.0"))),
    }
}

/// The findings besides that of the builds.
fn besides(result: &Compared) -> Vec<String> {
    let mut brief = result.brief();
    brief.retain(|line| !line.contains("server-build"));
    brief
}

fn same(bundle: Bundle) -> Bundle {
    bundle
}

fn redirect(name: &str) -> impl Fn(Bundle) -> Bundle {
    let entry = json!({ "Name": name, "OldVersion": "0.0.0.0-9.0.0.0", "NewVersion": "9.0.0.0" });
    move |bundle| {
        let entry = entry.clone();
        bundle.edit("service-configuration", |data| {
            data["Redirects"].as_array_mut().unwrap().push(entry)
        })
    }
}

fn more_redirects(bundle: Bundle) -> Bundle {
    redirect("System.Diagnostics.DiagnosticSource")(bundle)
}

fn other_driver(bundle: Bundle) -> Bundle {
    bundle.edit("installed-programs", |data| {
        data[0] = json!({ "Name": "Microsoft ODBC Driver 18 for SQL Server", "Version": "18.3.3.1", "Publisher": "Microsoft" });
    })
}

fn no_driver(bundle: Bundle) -> Bundle {
    bundle.edit("installed-programs", |data| {
        drop(data.as_array_mut().unwrap().remove(0))
    })
}

fn driver(version: &'static str) -> impl Fn(Bundle) -> Bundle {
    move |bundle| bundle.edit("installed-programs", |data| data[0]["Version"] = json!(version))
}

fn health(bundle: Bundle) -> Bundle {
    bundle.edit("installed-programs", |data| {
        let entry = json!({ "Name": "Microsoft Entra Connect Health agent for sync", "Version": "4.5", "Publisher": "Microsoft" });
        data.as_array_mut().unwrap().push(entry);
    })
}

#[test]
fn what_a_newer_build_brings_is_explained_by_it() {
    let none = Vec::<String>::new();
    for swap in [false, true] {
        assert_eq!(besides(&mixed(swap, same, same)), none);
        assert_eq!(besides(&mixed(swap, same, more_redirects)), none);
        assert_eq!(
            besides(&mixed(swap, same, |bundle| redirected("14.0.0.0")(bundle))),
            none
        );
        assert_eq!(besides(&mixed(swap, same, other_driver)), none);
        assert_eq!(besides(&mixed(swap, no_driver, same)), none);
        assert_eq!(besides(&mixed(swap, same, |bundle| driver("17.10.6.1")(bundle))), none);
    }
}

fn redirected(version: &'static str) -> impl Fn(Bundle) -> Bundle {
    move |bundle| {
        bundle.edit("service-configuration", |data| {
            data["Redirects"][0]["NewVersion"] = json!(version)
        })
    }
}

#[test]
fn what_a_newer_build_lacks_is_explained_by_nothing() {
    for swap in [false, true] {
        let found = |older: fn(Bundle) -> Bundle, newer: fn(Bundle) -> Bundle, finding: &str| {
            let found = besides(&mixed(swap, older, newer));
            assert!(
                found.len() == 1 && found[0].replace(" drift", "").starts_with(finding),
                "{finding}: {found:#?}"
            );
        };
        found(more_redirects, same, "block assembly-redirect-missing");
        found(
            |bundle| redirected("14.0.0.0")(bundle),
            same,
            "block assembly-redirect-to",
        );
        found(same, no_driver, "low installed-program-missing");
        found(
            same,
            |bundle| driver("17.8.1.1")(bundle),
            "low installed-program-version",
        );
        // Agents come with no build, whichever server has them.
        found(health, same, "low installed-program-missing");
        found(same, health, "low installed-program-missing");
    }
}

#[test]
fn builds_that_are_equal_explain_nothing() {
    let result = compared(&primary(), &more_redirects(staging()));
    result.assert_findings(&["block assembly-redirect-missing"]);
    // A list of nothing is no answer.
    compared(&health(primary()), &no_driver(health(staging()))).assert_findings(&["low installed-program-missing"]);
    let changed = |data: &mut Value| data[0]["Version"] = json!("18");
    compared(&primary(), &staging().edit("installed-programs", changed))
        .assert_findings(&["low installed-program-version"]);
}
