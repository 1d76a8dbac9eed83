//! `--redact` from outside: no name of a server, account, tenant or domain is
//! left in any output, the same name always has the same mask, and nothing else
//! of the result changes.

use crate::support::export::{Export, Pair, direct};
use crate::support::files::Files;
use crate::support::traps::{custom, primary_with};
use crate::support::zipped::Zip;
use crate::support::{run, sample};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the samples' servers, accounts, tenant and domains are called, in lower case.
const NAMES: &[&str] = &[
    "sync01",
    "sync02",
    "contoso",
    "fabrikam",
    "onmicrosoft",
    "msol_",
    "sync_sync",
    "dc01.",
    "dc02.",
    "dc1.",
    "dc2.",
];

fn compare(flags: &[&str]) -> (String, String) {
    let mut arguments = vec!["compare", "samples/primary", "samples/staging"];
    arguments.extend(flags);
    let output = run(&arguments);
    (output.stdout, output.stderr)
}

/// Names that occur in a text.
fn left_in(text: &str) -> Vec<&'static str> {
    let folded = text.to_lowercase();
    NAMES.iter().copied().filter(|name| folded.contains(name)).collect()
}

#[test]
fn the_names_are_there_without_it() {
    let (text, _) = compare(&["-v"]);
    let found = left_in(&text);
    for name in ["sync01", "contoso", "onmicrosoft"] {
        assert!(found.contains(&name), "{name}");
    }
}

#[test]
fn no_name_is_left_in_any_output() {
    let accepted = "samples/accepted.toml";
    for flags in [
        &["--redact"][..],
        &["--redact", "-v"],
        &["--redact", "--summary"],
        &["--redact", "--format", "json"],
        &["--redact", "-v", "--accept", accepted],
    ] {
        let (text, problems) = compare(flags);
        assert_eq!(left_in(&text), Vec::<&str>::new(), "{flags:?}\n{text}");
        assert_eq!(left_in(&problems), Vec::<&str>::new(), "{flags:?}\n{problems}");
        assert!(text.contains("server-1") && text.contains("domain-1"), "{flags:?}");
    }
}

#[test]
fn drafts_of_acceptances_are_masked_too() {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.toml");
    compare(&["--redact", "--write-accept", draft.to_str().unwrap()]);
    let text = std::fs::read_to_string(draft).unwrap();
    assert!(text.contains("fingerprint"));
    assert_eq!(left_in(&text), Vec::<&str>::new(), "{text}");
}

#[test]
fn nothing_but_names_changes() {
    let json = |flags: &[&str]| -> Value {
        let mut all = vec!["--format", "json"];
        all.extend(flags);
        serde_json::from_str(&compare(&all).0).unwrap()
    };
    let (plain, redacted) = (json(&[]), json(&["--redact"]));
    assert_eq!(redacted["options"]["redact"], true);
    assert_eq!(redacted["primary"]["server"], "server-1");
    assert_eq!(redacted["staging"]["server"], "server-2");
    for part in ["verdict", "ledger", "summary", "checked", "tool", "generated"] {
        assert_eq!(plain[part], redacted[part], "{part}");
    }
    let mut masks: BTreeMap<String, String> = BTreeMap::new();
    for part in ["findings", "expected", "lints"] {
        let (left, right) = (plain[part].as_array().unwrap(), redacted[part].as_array().unwrap());
        assert_eq!(left.len(), right.len(), "{part}");
        for (left, right) in left.iter().zip(right) {
            for key in ["id", "fingerprint", "values", "severity", "status"] {
                assert_eq!(left[key], right[key]);
            }
            same_shape(left, right, &mut masks);
        }
    }
}

/// The same keys, and the same text never masked in two ways.
fn same_shape(left: &Value, right: &Value, masks: &mut BTreeMap<String, String>) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()));
            a.values().zip(b.values()).for_each(|(a, b)| same_shape(a, b, masks));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| same_shape(a, b, masks));
        }
        (Value::String(a), Value::String(b)) => {
            let known = masks.entry(a.clone()).or_insert_with(|| b.clone());
            assert_eq!(known, b, "{a} is masked in two ways");
        }
        (a, b) => assert_eq!(a, b),
    }
}

#[test]
fn the_name_in_an_error_is_masked() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    Files::read(&sample("primary")).write(&copy);
    let output = run(["compare", "samples/primary", copy.to_str().unwrap(), "--redact"]);
    let problems = output.stderr;
    assert_eq!(output.code, 2);
    assert!(problems.contains("server-1"), "{problems}");
    assert_eq!(left_in(&problems), Vec::<&str>::new(), "{problems}");
}

const TENANT: &str = "6f0b1c2d-aaaa-4bbb-8ccc-0123456789ab";

#[test]
fn identifiers_addresses_and_children_of_domains_are_masked_in_every_part() {
    let extension = format!("extension_{}_badge", TENANT.replace('-', ""));
    let rule = custom("In from AD - Badge", 50, "department", &extension);
    let mut primary = primary_with([rule]);
    let place = |server: &str| format!("https://sts.windows.net/{TENANT}/ on {server}, db9.child.contoso.com");
    primary.parameters = vec![("Custom.Place".to_owned(), place("10.1.2.3"))];
    let mut staging = Export::staging_of(&primary);
    let other = "OU=A,DC=child,DC=contoso,DC=com by ann@child.contoso.com";
    let upper = TENANT.to_uppercase();
    staging.parameters = vec![("Custom.Place".to_owned(), format!("{{{upper}}} fe80::77 {other}"))];
    staging.rules[0].flows[0] = direct("department", &extension.replace("badge", "card"));
    let pair = Pair::of(&primary, &staging);
    for flags in [&["--redact", "-v"][..], &["--redact", "--format", "json"]] {
        let text = pair.run(flags).stdout;
        let folded = text.to_lowercase();
        for name in ["6f0b1c2d", "10.1.2.3", "fe80", "child", "db9", "ann@", "contoso"] {
            assert!(!folded.contains(name), "{name}: {text}");
        }
        // What every customer has stays readable.
        for word in ["b891884f-051e-4a83-95af-2544101c9083", "2.6.92.0", "department"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
    let report: Value = serde_json::from_str(&pair.run(&["--redact", "--format", "json"]).stdout).unwrap();
    let all = report["findings"].as_array().unwrap();
    let of = |id: &str| all.iter().find(|finding| finding["id"] == id).unwrap();
    let (left, right) = (&of("global-parameter")["primary"], &of("global-parameter")["staging"]);
    let left = left.as_str().unwrap();
    let id = left.split('/').nth(3).unwrap();
    assert!(id.starts_with("id-"), "{left}");
    let right = right.as_str().unwrap();
    assert!(right.starts_with(&format!("{{{id}}} address-")), "{right}");
    let flow = of("rule-attribute-flow")["staging"].as_str().unwrap();
    assert_eq!(flow, format!("[extension_{id}_card]"));
    let child = left.rsplit_once(", ").unwrap().1.split_once('.').unwrap().1;
    assert!(
        right.contains(&format!("OU=A,{child} by account-")) && right.ends_with(&format!("@{child}")),
        "{left} {right}"
    );
}

#[test]
fn other_spellings_of_known_names_are_masked_too() {
    let mut primary = Export::primary();
    let digits = primary.guid("connector contoso.com").replace('-', "");
    let place = format!("OU=A,DC=contoso ,DC=com; DC = contoso , DC = com; {digits}");
    primary.parameters = vec![("Custom.Place".to_owned(), place)];
    let mut staging = Export::staging_of(&primary);
    staging.parameters[0].1 = "OU=A,DC=contoso,DC=com".to_owned();
    let text = Pair::of(&primary, &staging)
        .run(&["--redact", "--format", "json"])
        .stdout;
    let report: Value = serde_json::from_str(&text).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["id"] == "global-parameter")
        .unwrap();
    let domain = finding["staging"].as_str().unwrap().strip_prefix("OU=A,").unwrap();
    assert!(domain.starts_with("domain-"), "{domain}");
    let left = finding["primary"].as_str().unwrap();
    assert!(left.starts_with(&format!("OU=A,{domain}; {domain}; id-")), "{left}");
    assert!(!text.contains(&digits));
}

#[test]
fn errors_name_arguments_by_their_place() {
    for (arguments, words) in [
        (["nosuch/CONTOSO-01", "samples/staging", "-q"], "PRIMARY does not exist"),
        (["samples/primary", "nosuch/CONTOSO-02", "-q"], "STAGING does not exist"),
        (
            ["samples/primary", "samples/staging", "--accept=nosuch/contoso.toml"],
            "FILE",
        ),
        (
            ["samples/primary", "samples/staging", "--output=nosuch/contoso.json"],
            "the folder of FILE",
        ),
    ] {
        let with = run([&["compare"][..], &arguments, &["--redact"]].concat());
        assert_eq!(with.code, 2);
        assert!(with.stderr.contains(words), "{}", with.stderr);
        assert!(!with.stderr.to_lowercase().contains("contoso"), "{}", with.stderr);
        assert!(!with.stderr.contains("nosuch"), "{}", with.stderr);
        let without = run([&["compare"][..], &arguments].concat());
        assert!(without.stderr.contains("nosuch"), "{}", without.stderr);
    }
}

/// A small pair whose folders are called like a customer, and neither export tells the server's name.
fn nameless(break_name: impl Fn(&Path)) -> (tempfile::TempDir, [PathBuf; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let primary = Export::primary();
    let staging = Export::staging_of(&primary);
    let paths = ["AcmeCorp/AcmeProd", "ausfuhr/kunde-meier", "ausfuhr/CONTOSO-SYNC09"];
    let paths = paths.map(|path| folder.path().join(path));
    primary.write(&paths[0]);
    staging.write(&paths[1]);
    staging.write(&paths[2]);
    paths
        .iter()
        .for_each(|path| break_name(&path.join("GlobalSettings/MV.xml")));
    (folder, paths)
}

/// Words of those folders.
const FOLDERS: [&str; 6] = ["acme", "kunde", "meier", "ausfuhr", "sync09", "contoso"];

fn assert_no_folder(text: &str) {
    for line in text.lines() {
        let left = FOLDERS.iter().find(|word| line.to_lowercase().contains(*word));
        assert_eq!(left, None, "{}", line.chars().take(500).collect::<String>());
    }
}

#[test]
fn a_word_stands_for_a_path_that_stands_for_an_unknown_name() {
    for break_name in [
        |file: &Path| std::fs::write(file, "").unwrap(),
        |file: &Path| std::fs::remove_file(file).unwrap(),
    ] {
        let (_folder, [primary, staging, other]) = nameless(break_name);
        let [primary, staging, other] = [&primary, &staging, &other].map(|path| path.to_str().unwrap());
        for flags in [&["-v"][..], &["--summary"], &["--format", "json"]] {
            let one = run([&["compare", primary, staging, "--redact"], flags].concat());
            assert_eq!(one.code, 3, "{}", one.stderr);
            assert_no_folder(&one.stdout);
            assert!(
                one.stdout.contains("PRIMARY") && one.stdout.contains("STAGING"),
                "{}",
                one.stdout
            );
            let two = run([&["compare", primary, staging, other, "--redact"], flags].concat());
            assert_no_folder(&two.stdout);
            assert!(
                two.stdout.contains("STAGING 1") && two.stdout.contains("STAGING 2"),
                "{}",
                two.stdout
            );
        }
        for format in ["text", "json", "markdown"] {
            let flow = run(["flow", staging, "displayName", "--redact", "--format", format]);
            assert_no_folder(&format!("{}{}", flow.stdout, flow.stderr));
            assert!(
                format!("{}{}", flow.stdout, flow.stderr).contains("SERVER"),
                "{}",
                flow.stderr
            );
        }
    }
    let (_folder, [primary, staging, _]) = nameless(|file| std::fs::write(file, "").unwrap());
    let report = json(&[primary.to_str().unwrap(), staging.to_str().unwrap()]);
    assert_eq!(report["primary"]["source"], "PRIMARY");
    assert_eq!(report["staging"]["source"], "STAGING");
    assert_eq!(report["staging"]["server"], "STAGING");
    assert!(
        report["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .any(|gap| gap["server"] == "STAGING")
    );
}

fn json(servers: &[&str]) -> Value {
    let output = run([&["compare"], servers, &["--redact", "--format", "json"]].concat());
    serde_json::from_str(&output.stdout).unwrap()
}

#[test]
fn sources_are_named_by_their_place_whatever_they_are_called() {
    let (folder, [primary, staging, other]) = nameless(|_| ());
    // The server's folders may lie deeper than the argument says.
    std::fs::write(
        primary.join("GlobalSettings/MV2.xml"),
        std::fs::read(primary.join("GlobalSettings/MV.xml")).unwrap(),
    )
    .unwrap();
    let archive = folder.path().join("AcmeZip.zip");
    std::fs::rename(&other, folder.path().join("acme-inner")).unwrap();
    let zip = Zip::default().folder(&folder.path().join("acme-inner"), |name| format!("Kunde/{name}"));
    std::fs::write(&archive, zip.bytes()).unwrap();
    for (left, right) in [
        (&primary, &staging),
        (&primary, &archive),
        (&folder.path().join("AcmeCorp"), &archive),
    ] {
        let report = json(&[left.to_str().unwrap(), right.to_str().unwrap()]);
        assert_eq!(report["primary"]["source"], "PRIMARY");
        assert_eq!(report["staging"]["source"], "STAGING");
        assert_no_folder(&format!("{report:#}"));
    }
    let flow = run([
        "flow",
        folder.path().join("AcmeCorp").to_str().unwrap(),
        "nosuch",
        "--redact",
    ]);
    assert_eq!(flow.code, 2);
    assert_no_folder(&flow.stderr);
    let gone = run(["flow", "nosuch/AcmeCorp", "mail", "--redact"]);
    assert_eq!(gone.code, 2);
    assert!(gone.stderr.contains("SERVER does not exist"), "{}", gone.stderr);
}
