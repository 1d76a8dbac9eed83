//! Synchronization rules: by tag, by name, by GUID and content, by content.
//!
//! In: views of both servers' rules, connector keys settled. Out: pairs of
//! indices into the views, with how each was matched. Must not know:
//! settings, severities.
//!
//! A key that several rules of one side share is never "first wins": the
//! likest are paired and the surplus is left for the next stage.

use super::content::{pair_by_similarity, similarity};
use crate::catalogue::Facts;
use crate::derive::RuleView;
use std::collections::BTreeMap;

/// A copied GUID alone does not make two rules one (they share at least half of their content).
const SAME_GUID: f64 = 0.5;
/// Without tag, name or GUID two rules are one when they share this much.
const SAME_CONTENT: f64 = 0.8;

type Key = Vec<String>;

struct Matcher<'r> {
    left: &'r [RuleView],
    right: &'r [RuleView],
    free_left: Vec<bool>,
    free_right: Vec<bool>,
    pairs: Vec<(usize, usize, &'static str)>,
}

/// Pairs the rules of two servers.
pub fn pair(
    left: &[RuleView],
    right: &[RuleView],
    facts: &Facts,
    notes: &mut Vec<String>,
) -> Vec<(usize, usize, &'static str)> {
    let _ = facts;
    let mut matcher = Matcher {
        left,
        right,
        free_left: vec![true; left.len()],
        free_right: vec![true; right.len()],
        pairs: Vec::new(),
    };
    let tag = |rule: &RuleView| rule.tag.as_ref().map(|tag| tag.base.clone());
    matcher.stage("immutable tag", 0.0, |rule| Some(place(rule, true, tag(rule)?)), notes);
    matcher.stage(
        "name",
        0.0,
        |rule| Some(place(rule, true, rule.name_key.clone())),
        notes,
    );
    matcher.stage(
        "GUID and content",
        SAME_GUID,
        |rule| (!rule.guid.is_empty()).then(|| vec![rule.guid.clone()]),
        notes,
    );
    matcher.stage(
        "immutable tag, other object types",
        0.0,
        |rule| Some(place(rule, false, tag(rule)?)),
        notes,
    );
    matcher.stage(
        "name, other object types",
        0.0,
        |rule| Some(place(rule, false, rule.name_key.clone())),
        notes,
    );
    // The same content exactly, whatever the number of rules.
    matcher.stage(
        "content",
        SAME_CONTENT,
        |rule| (!rule.features.is_empty()).then(|| place(rule, true, rule.features.join("\n"))),
        notes,
    );
    matcher.stage(
        "content",
        SAME_CONTENT,
        |rule| Some(place(rule, true, String::new())),
        notes,
    );
    matcher.stage(
        "name, other connector or direction",
        SAME_GUID,
        |rule| Some(vec![tag(rule).unwrap_or_else(|| rule.name_key.clone())]),
        notes,
    );
    matcher.pairs
}

/// Connector, direction and, where they count, object types, with one more word.
fn place(rule: &RuleView, types: bool, word: String) -> Key {
    let mut key = vec![rule.connector.clone(), rule.direction.clone(), word];
    if types {
        key.push(rule.source_type.clone());
        key.push(rule.target_type.clone());
    }
    key
}

impl Matcher<'_> {
    fn stage(&mut self, by: &'static str, least: f64, key: impl Fn(&RuleView) -> Option<Key>, notes: &mut Vec<String>) {
        let mut groups: BTreeMap<Key, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (index, rule) in self.left.iter().enumerate().filter(|(index, _)| self.free_left[*index]) {
            if let Some(key) = key(rule) {
                groups.entry(key).or_default().0.push(index);
            }
        }
        for (index, rule) in self
            .right
            .iter()
            .enumerate()
            .filter(|(index, _)| self.free_right[*index])
        {
            if let Some(key) = key(rule) {
                groups.entry(key).or_default().1.push(index);
            }
        }
        for (_, (lefts, rights)) in groups {
            if lefts.is_empty() || rights.is_empty() {
                continue;
            }
            match pair_by_similarity(&lefts, &rights, least, |l, r| {
                likeness(&self.left[l], &self.right[r])
            }) {
                Some(pairs) => {
                    for (l, r) in pairs {
                        self.free_left[l] = false;
                        self.free_right[r] = false;
                        self.pairs.push((l, r, by));
                    }
                }
                None => notes.push(format!(
                    "{} rules of the primary and {} of staging could be renamed copies of each other; that is too many to try each with each, so they are reported as added and removed",
                    lefts.len(),
                    rights.len()
                )),
            }
        }
    }
}

/// Similarity of content; the same state and spelling of the name decide among copies.
fn likeness(left: &RuleView, right: &RuleView) -> f64 {
    let mut likeness = similarity(&left.features, &right.features);
    if left.live == right.live {
        likeness += 1e-3;
    }
    if left.name == right.name {
        likeness += 1e-4;
    }
    if left.precedence == right.precedence {
        likeness += 1e-5;
    }
    likeness
}
