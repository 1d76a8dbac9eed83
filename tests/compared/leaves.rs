//! Every leaf of a rule file is accounted for: whatever is changed, removed
//! or added in one file of one server, an entry of the report names it and
//! shows the values. Layout, comments and order are the only exceptions, and
//! no edit here is one of them.
//!
//! Sampled: of the real rules, for each element path in each form it has, the
//! first, the middle and the last place in one file, one place in two more.

use crate::support;
use crate::support::bench::Bench;
use crate::support::edits::{self, Edit};
use crate::support::files::Files;
use crate::support::forms::every_form;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

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
    edits::others(words, old)
}

#[test]
fn every_edit_of_a_rule_with_every_form_has_an_entry_that_names_it() {
    let folder = TempDir::new().unwrap();
    every_form().write(folder.path());
    let bench = Bench::of(&Files::read(folder.path()), "SYNC01", true);
    let mut edits = Vec::new();
    for file in bench.files.rule_paths() {
        let all = edits::all(&bench.files.texts[&file], &vocabulary);
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
    // Rules whose files are not edited would only take their time.
    let edited: BTreeSet<String> = sampled(&primary).into_iter().map(|(file, _)| file).collect();
    let rules = primary.rule_paths();
    primary
        .texts
        .retain(|path, _| !rules.contains(path) || edited.contains(path));
    let bench = Bench::of(&primary, "CONTOSO-SYNC01", false);
    let edits = sampled(&bench.files);
    assert!(edits.len() > 300, "{} edits", edits.len());
    bench.assert_accounted(&edits);
}

/// Each sort of edit at three places of the first file that has them and one of two more, of a word of a vocabulary
/// in one file only.
fn sampled(files: &Files) -> Vec<(String, Edit)> {
    let mut times: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut edits = Vec::new();
    for file in files.rule_paths() {
        for edit in edits::spread(edits::all(&files.texts[&file], &vocabulary)) {
            let key = (edit.family.clone(), edit.sort());
            let wanted = if key.1.ends_with(' ') { 3 } else { 1 };
            let files = times.entry(key).or_default();
            let first = files.is_empty() || (files.len() == 1 && files.contains(&file));
            if first || (files.len() < wanted && !files.contains(&file)) {
                files.insert(file.clone());
                edits.push((file.clone(), edit));
            }
        }
    }
    edits
}
