//! What means the same gives no finding, and what means something else gives
//! exactly one: on real exports, on the project's samples and on small
//! exports with random edits.

use crate::support;
use crate::support::files::Files;
use crate::support::forms::every_form;
use crate::support::inside::compare_files as compare;
use crate::support::meant::{self, Meant, Wanted, edit_rule};
use crate::support::property::check;
use crate::support::second::second_server;
use crate::support::spellings::{self, Spelling};
use crate::support::xml::utf16;
use crate::support::{Compared, inside, text};
use proptest::collection::btree_set;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq};
use proptest::sample::select;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

/// How files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
    WindowsLines,
}

const ENCODINGS: [Encoding; 4] = [
    Encoding::Utf8,
    Encoding::Utf8WithMark,
    Encoding::Utf16,
    Encoding::WindowsLines,
];

fn encode(encoding: Encoding, text: &str) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
        Encoding::Utf16 => utf16(&text.replace("\r\n", "\n")),
        Encoding::WindowsLines => text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
    }
}

fn compare_as(primary: &Files, staging: &Files, encoding: Encoding) -> Compared {
    inside::compare_encoded(primary, staging, |text| encode(encoding, text))
}

fn assert_parity(compared: &Compared, how: &str) {
    assert!(compared.findings().is_empty(), "{how}: {:#?}", compared.brief());
    assert_eq!(
        compared.report["verdict"], "parity",
        "{how}: gaps {:#}",
        compared.report["gaps"]
    );
    assert_eq!(compared.code, 0, "{how}");
}

fn small() -> Files {
    let folder = TempDir::new().unwrap();
    every_form().write(folder.path());
    Files::read(folder.path())
}

/// Every spelling, every encoding, all at once: no finding on a rule.
fn assert_spellings_are_no_drift(primary: &Files) {
    let twin = second_server(primary);
    assert_parity(&compare(primary, &twin), "a second server");
    for encoding in ENCODINGS {
        assert_parity(&compare_as(primary, &twin, encoding), &format!("{encoding:?}"));
    }
    let mut all = twin.clone();
    for spelling in spellings::ALL {
        let mut staging = twin.clone();
        spellings::apply(spelling, &mut staging);
        let compared = compare(primary, &staging);
        let rules: Vec<String> = compared.rule_findings().into_iter().map(support::brief).collect();
        assert!(rules.is_empty(), "{spelling:?}: {rules:#?}");
        assert!(
            compared.report["gaps"].as_array().unwrap().is_empty(),
            "{spelling:?}: {:#}",
            compared.report["gaps"]
        );
        if ![Spelling::ConnectorNames, Spelling::ConnectorCase].contains(&spelling) {
            assert_parity(&compared, &format!("{spelling:?}"));
        }
        // Both write the same text otherwise.
        if spelling != Spelling::CharacterData {
            spellings::apply(spelling, &mut all);
        }
    }
    let compared = compare_as(primary, &all, Encoding::Utf16);
    let rules: Vec<String> = compared.rule_findings().into_iter().map(support::brief).collect();
    assert!(rules.is_empty(), "all spellings at once: {rules:#?}");
}

#[test]
fn a_small_server_and_its_twin_in_other_spellings_have_no_drift() {
    assert_spellings_are_no_drift(&small());
}

#[test]
fn the_sample_server_and_its_twin_in_other_spellings_have_no_drift() {
    let folder = support::sample("primary");
    assert!(folder.is_dir(), "{} is missing", folder.display());
    assert_spellings_are_no_drift(&Files::read(&folder));
}

#[test]
fn a_real_server_and_its_twin_in_other_spellings_have_no_drift() {
    let Some(folder) = support::data("contoso") else { return };
    let mut primary = Files::read(&folder);
    // The whole export, by the program itself: its exit code counts here.
    let pair = TempDir::new().unwrap();
    let staging = pair.path().join("staging");
    second_server(&primary).write(&staging);
    assert_parity(&support::compare(&folder, &staging), "the whole export");
    let again = support::compare_with(&folder, &folder, &["--same-server"]);
    assert_parity(&again, "the export and itself");
    primary.without_schemas();
    assert_spellings_are_no_drift(&primary);
}

/// Edits that change nothing for any object, by rule, and the finding: they are told, and are no drift. Worked out by
/// hand: a rule without scope, joins and flows does nothing, on or off; the same attribute flows from several standard
/// rules with one and the same scope and source, of which any may go.
const IDLE: [(&str, Meant, &str); 5] = [
    ("In from AD - User Empty", Meant::Disabled, "rule-disabled"),
    ("Out to AAD - Contact Intune", Meant::Disabled, "rule-disabled"),
    ("Out to AAD - Contact Intune", Meant::LostFlow, MODIFIED),
    ("Out to AAD - Contact DynamicsCRM", Meant::LostFlow, MODIFIED),
    ("Out to AAD - Group ExchangeOnline", Meant::LostFlow, MODIFIED),
];

/// What is taken from a standard rule without effect hangs under the rule.
const MODIFIED: &str = "default-rule-modified";

/// One finding, on this rule and this part of it; what is wrong otherwise.
fn fault(compared: &Compared, rule: &str, edit: Meant, wanted: Wanted) -> Option<String> {
    let [finding] = compared.findings() else {
        return Some(format!("not one finding: {:#?}", compared.brief()));
    };
    let parts = finding["detail"].as_array().expect("parts");
    let listed = |id| parts.iter().any(|detail| detail["id"] == id);
    let idle = IDLE.iter().find(|(name, idle, _)| (*name, *idle) == (rule, edit));
    let right = match idle {
        Some((_, _, id)) => {
            let told = finding["id"] == *id && (wanted.id == *id || listed(wanted.id));
            told && finding["severity"] == "info" && compared.code == 0
        }
        None => {
            let told = finding["id"] == wanted.id && wanted.part.is_none_or(listed);
            told && finding["severity"] != "info" && compared.code == 1
        }
    };
    (finding["object"] != rule || !right).then(|| {
        format!(
            "{wanted:?} of {rule}: {} {:#}",
            support::brief(finding),
            finding["detail"]
        )
    })
}

fn assert_every_edit_is_one_finding(primary: &Files, rules_per_edit: usize) {
    let twin = second_server(primary);
    let mut faults = Vec::new();
    for (at, wanted_edit) in meant::ALL.into_iter().enumerate() {
        let mut done = 0;
        for rule in 0..primary.rule_paths().len() {
            let mut staging = twin.clone();
            match edit_rule(&mut staging, rule, at) {
                Some((name, edit, wanted)) if edit == wanted_edit && done < rules_per_edit => {
                    done += 1;
                    let found = fault(&compare(primary, &staging), &name, edit, wanted);
                    faults.extend(found.map(|fault| format!("{edit:?}: {fault}")));
                }
                _ => {}
            }
        }
        assert!(done > 0, "no rule has a part for {wanted_edit:?}");
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_edit_of_each_rule_is_exactly_one_finding() {
    assert_every_edit_is_one_finding(&small(), usize::MAX);
}

#[test]
fn each_edit_of_a_real_rule_is_exactly_one_finding() {
    let Some(folder) = support::data("contoso") else { return };
    let mut primary = Files::read(&folder);
    primary.without_schemas();
    assert_every_edit_is_one_finding(&primary, 3);
}

fn some_spellings() -> impl Strategy<Value = BTreeSet<Spelling>> {
    btree_set(select(spellings::ALL.to_vec()), 0..6)
}

fn spelled(files: &Files, spellings: &BTreeSet<Spelling>) -> Files {
    let mut files = files.clone();
    for &spelling in spellings {
        // A raw text is the last word: what stands in it is not edited again.
        if spelling != Spelling::CharacterData || !spellings.contains(&Spelling::Entities) {
            spellings::apply(spelling, &mut files);
        }
    }
    files
}

#[test]
fn random_sets_of_spellings_are_no_finding_on_a_rule() {
    let primary = small();
    let twin = second_server(&primary);
    check(
        40,
        (some_spellings(), select(ENCODINGS.to_vec())),
        |(spellings, encoding)| {
            let compared = compare_as(&primary, &spelled(&twin, &spellings), encoding);
            prop_assert!(compared.rule_findings().is_empty(), "{:#?}", compared.brief());
            prop_assert_eq!(&compared.report["gaps"], &Value::Array(Vec::new()));
            Ok(())
        },
    );
}

#[test]
fn a_random_edit_in_any_spelling_is_exactly_one_finding() {
    let primary = small();
    let twin = second_server(&primary);
    let renamed = [Spelling::ConnectorCase, Spelling::ConnectorNames];
    check(
        40,
        (any::<u8>(), any::<u8>(), some_spellings()),
        |(rule, edit, mut spellings)| {
            spellings.retain(|spelling| !renamed.contains(spelling));
            let mut staging = twin.clone();
            let Some((name, edit, wanted)) = edit_rule(&mut staging, rule.into(), edit.into()) else {
                return Ok(());
            };
            let fault = fault(&compare(&primary, &spelled(&staging, &spellings)), &name, edit, wanted);
            prop_assert!(fault.is_none(), "{edit:?}: {}", fault.unwrap_or_default());
            Ok(())
        },
    );
}

/// What a finding says, by fingerprint; `swapped` exchanges the roles.
fn said(compared: &Compared, swapped: bool) -> BTreeMap<String, [String; 5]> {
    let (left, right) = if swapped {
        ("staging", "primary")
    } else {
        ("primary", "staging")
    };
    let rules = compared.findings().iter().chain(compared.expected());
    rules
        .filter(|entry| entry["area"] == "sync-rules")
        .map(|entry| {
            let change = match (swapped, text(&entry["change"])) {
                (true, "added") => "removed",
                (true, "removed") => "added",
                (_, change) => change,
            };
            let severity = entry["severity"].to_string();
            let (l, r) = (entry[left].to_string(), entry[right].to_string());
            (
                entry["fingerprint"].to_string(),
                [text(&entry["values"]).to_owned(), change.to_owned(), severity, l, r],
            )
        })
        .collect()
}

#[test]
fn a_swap_of_roles_is_the_same_result_the_other_way_round() {
    let primary = small();
    let twin = second_server(&primary);
    check(
        30,
        (btree_set((any::<u8>(), any::<u8>()), 1..5), some_spellings()),
        |(edits, spellings)| {
            let mut staging = twin.clone();
            for (rule, edit) in edits {
                edit_rule(&mut staging, rule.into(), edit.into());
            }
            // An object on one side only, too.
            let lost = staging.rule_paths().pop().expect("a rule");
            staging.texts.remove(&lost);
            let staging = spelled(&staging, &spellings);
            let (there, back) = (compare(&primary, &staging), compare(&staging, &primary));
            prop_assert!(!there.rule_findings().is_empty());
            prop_assert_eq!(said(&there, false), said(&back, true));
            Ok(())
        },
    );
}

#[test]
fn two_exports_of_one_server_without_an_edit_have_no_difference_at_all() {
    let mut servers = vec![small()];
    if let Some(folder) = support::data("contoso") {
        servers.push(Files::read(&folder));
    }
    for files in servers {
        let folder = TempDir::new().unwrap();
        files.write(folder.path());
        let server = inside::read(folder.path());
        let compared = inside::judge(&server, inside::read(folder.path()), true);
        assert_parity(&compared, "one export twice");
        assert!(compared.expected().is_empty(), "{:#?}", compared.expected());
    }
}
