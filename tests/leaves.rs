//! Every leaf of a rule file is accounted for: whatever is changed, removed
//! or added in one file of one server, an entry of the report names it and
//! shows the values. Layout, comments and order are the only exceptions, and
//! no edit here is one of them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::edits::{self, Edit, Kind};
use support::entries::{self, Line};
use support::files::Files;
use support::forms::every_form;
use support::inside;
use syncdrift::model::Configuration;
use tempfile::TempDir;

/// A pair of servers of which one file at a time is edited on staging.
struct Bench {
    primary: Configuration,
    staging: Files,
    before: Vec<Line>,
    leaves: u64,
    gaps: usize,
    /// Whether each report is checked against the schema as well; that takes its time.
    validate: bool,
    /// What a GUID may be shown as.
    guids: BTreeMap<String, Vec<String>>,
}

impl Bench {
    fn of(primary: &Files, staging: Files, validate: bool) -> Bench {
        let folder = TempDir::new().unwrap();
        primary.write(&folder.path().join("primary"));
        staging.write(&folder.path().join("staging"));
        let left = inside::read(&folder.path().join("primary"));
        let compared = inside::judge(&left, inside::read(&folder.path().join("staging")), false);
        let mut guids: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for text in primary.texts.values().chain(staging.texts.values()) {
            let document = roxmltree::Document::parse(text).unwrap();
            let root = document.root_element();
            let child = |name: &str| {
                root.children()
                    .find(|child| child.has_tag_name(name))
                    .and_then(|child| child.text())
            };
            if let (true, Some(id), Some(name)) = (root.has_tag_name("ma-data"), child("id"), child("name")) {
                let id = id.trim_matches(['{', '}']).to_lowercase();
                guids
                    .entry(id)
                    .or_default()
                    .extend([name.to_owned(), "Microsoft Entra ID".to_owned()]);
            }
        }
        Bench {
            primary: left,
            before: entries::lines(&compared),
            leaves: compared.report["ledger"]["leaves"].as_u64().unwrap(),
            gaps: compared.report["gaps"].as_array().unwrap().len(),
            staging,
            validate,
            guids,
        }
    }

    /// Makes one edit in a folder that holds staging's files; what is wrong with the report.
    fn fault(&self, folder: &Path, file: &str, edit: &Edit) -> Option<String> {
        let path = folder.join(file);
        std::fs::write(&path, &edit.text).unwrap();
        let after = inside::unchecked(&self.primary, inside::read(folder), false);
        std::fs::write(&path, &self.staging.texts[file]).unwrap();
        let ledger = &after.report["ledger"];
        let number = |key: &str| ledger[key].as_u64().unwrap() as i64;
        let counted = number("leaves");
        if counted != number("compared") + number("noise") + number("secret") + number("uncatalogued") {
            return Some(format!("the ledger does not add up: {ledger}"));
        }
        if self.validate {
            support::validate(&after.report);
        }
        let wanted =
            self.leaves as i64 + edits::leaves(&edit.text) as i64 - edits::leaves(&self.staging.texts[file]) as i64;
        // Text between elements may count as a leaf of its own.
        let stray = i64::from(edit.kind == Kind::StrayText);
        if counted != wanted && counted != wanted + stray {
            return Some(format!("the ledger counts {counted} leaves, not {wanted}"));
        }
        let gaps = after.report["gaps"].as_array().unwrap().len();
        // A rule that points to no connector is the one edit that leaves something unread.
        if gaps != self.gaps && !edit.path.ends_with("/connector") {
            return Some(format!("gaps: {:#}", after.report["gaps"]));
        }
        let lines = entries::new(&self.before, entries::lines(&after));
        entries::missing(edit, &lines, &self.guids).map(|missing| format!("{missing}, among {lines:#?}"))
    }

    /// Makes every edit by itself, on all processors.
    fn assert_accounted(&self, edits: &[(String, Edit)]) {
        let next = AtomicUsize::new(0);
        let faults: Mutex<BTreeMap<usize, String>> = Mutex::new(BTreeMap::new());
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let folder = TempDir::new().unwrap();
                    self.staging.write(folder.path());
                    while let Some((at, (file, edit))) = {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        edits.get(at).map(|edit| (at, edit))
                    } {
                        if let Some(fault) = self.fault(folder.path(), file, edit) {
                            let what = format!("{:?} {} {:?} -> {:?}", edit.kind, edit.family, edit.old, edit.new);
                            faults
                                .lock()
                                .unwrap()
                                .insert(at, format!("{what}: {fault}\n  in {file}"));
                        }
                    }
                });
            }
        });
        let faults = faults.into_inner().unwrap();
        // One line each; the report's lines for the first few.
        let shown: Vec<&str> = faults
            .values()
            .enumerate()
            .map(|(at, fault)| {
                if at < 3 {
                    fault
                } else {
                    fault.lines().next().unwrap_or_default()
                }
            })
            .collect();
        assert!(
            faults.is_empty(),
            "{} of {} edits are not accounted for:\n{}",
            faults.len(),
            edits.len(),
            shown.join("\n")
        );
    }
}

/// More values to try where text of a fixed vocabulary stands.
fn vocabulary(path: &str, old: &str) -> Vec<String> {
    let words: &[&str] = match path.rsplit('/').next().unwrap_or_default() {
        "direction" => &["Inbound", "Outbound"],
        "linkType" => &["Join", "Provision", "StickyJoin"],
        "valueMergeType" => &["Update", "Replace", "Merge", "MergeCaseInsensitive"],
        "csOperator" => &["EQUAL", "NOTEQUAL", "ISNOTNULL"],
        "softDeleteExpiryInterval" => &["7.00:00:00"],
        "disabled" | "EnablePasswordSync" | "caseSensitive" | "@execute-once" => &["True", "true", "1", "maybe"],
        "sourceObjectType" | "targetObjectType" => &["group"],
        "immutable-tag" if old.ends_with(".001") => return vec![format!("{}.002", &old[..old.len() - 4])],
        "precedence" => &["1", "none"],
        _ => &[],
    };
    words
        .iter()
        .filter(|word| **word != old)
        .map(|&word| word.to_owned())
        .collect()
}

/// A staging server that differs in its name and its mode only, so that an edit's old value is the primary's.
fn staging_of(primary: &Files, from: &str, to: &str) -> Files {
    let mut staging = primary.clone();
    staging.replace(from, to);
    let mode =
        "name=\"Microsoft.Synchronize.StagingMode\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">";
    staging.replace(&format!("{mode}False"), &format!("{mode}True"));
    staging
}

#[test]
fn every_edit_of_a_rule_with_every_form_has_an_entry_that_names_it() {
    let folder = TempDir::new().unwrap();
    every_form().write(folder.path());
    let primary = Files::read(folder.path());
    let bench = Bench::of(&primary, staging_of(&primary, "SYNC01", "SYNC02"), true);
    let mut edits = Vec::new();
    for file in bench.staging.rule_paths() {
        let all = edits::all(&bench.staging.texts[&file], &vocabulary);
        edits.extend(all.into_iter().map(|edit| (file.clone(), edit)));
    }
    assert!(edits.len() > 500, "{} edits", edits.len());
    bench.assert_accounted(&edits);
}

#[test]
fn every_edit_of_a_real_rule_file_has_an_entry_that_names_it() {
    let Some(folder) = support::data("contoso") else { return };
    let mut primary = Files::read(&folder);
    primary.without_schemas();
    let mut staging = primary.clone();
    staging.replace("CONTOSO-SYNC01", "CONTOSO-SYNC02");
    let mode =
        "name=\"Microsoft.Synchronize.StagingMode\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">";
    staging.replace(&format!("{mode}False"), &format!("{mode}True"));
    let bench = Bench::of(&primary, staging, false);
    // Up to three files for each element path, in each form it has, and one for each word of a vocabulary; in each
    // file the first place of that form.
    let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut edits = Vec::new();
    for file in bench.staging.rule_paths() {
        let mut here = BTreeSet::new();
        for edit in edits::all(&bench.staging.texts[&file], &vocabulary) {
            let key = (edit.family.clone(), sort(&edit));
            let files = times.entry(key.clone()).or_default();
            let wanted = if key.1.ends_with(' ') { 3 } else { 1 };
            if here.insert(key) && *files < wanted {
                *files += 1;
                edits.push((file.clone(), edit));
            }
        }
    }
    assert!(edits.len() > 300, "{} edits", edits.len());
    bench.assert_accounted(&edits);
}

/// What tells edits of one place apart: a change to a word of a vocabulary is tried beside that to any other text.
fn sort(edit: &Edit) -> String {
    let word = edit
        .new
        .as_deref()
        .filter(|new| edit.kind == Kind::Change && !new.contains(edits::MARK));
    format!("{:?} {}", edit.kind, word.unwrap_or_default())
}
