//! `--redact` from outside: no name of a server, account, tenant or domain is
//! left in any output, the same name always has the same mask, and nothing else
//! of the result changes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use support::files::Files;
use support::{run, sample};

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
