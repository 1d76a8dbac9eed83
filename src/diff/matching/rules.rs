//! Synchronization rules: by tag, by name, by GUID and content, by content.
//!
//! In: views of both servers' rules, connector keys settled. Out: pairs of
//! indices into the views, with how each was matched. Must not know:
//! settings, severities.
//!
//! A key that several rules of one side share is never "first wins": the
//! likest are paired and the surplus is left for the next stage.

use super::content::{pair_by_similarity, pair_in_order, similarity};
use super::copies::{self, BY_COPY};
use crate::derive::RuleView;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A copied GUID alone does not make two rules one (they share at least half of their content).
const SAME_GUID: f64 = 0.5;
/// Without tag, name or GUID two rules are one when they share this much.
pub(super) const SAME_CONTENT: f64 = 0.8;

/// How rules without a common tag, name or GUID were matched.
pub const BY_CONTENT: &str = "content";

type Key<'r> = Vec<Cow<'r, str>>;

/// What limits the search.
#[derive(Debug, Default)]
pub struct Bounds {
    /// Connectors of the primary that are in its export and have no counterpart: their rules have none either.
    pub lone_left: BTreeSet<String>,
    /// The same for staging.
    pub lone_right: BTreeSet<String>,
}

struct Matcher<'r> {
    left: &'r [RuleView],
    right: &'r [RuleView],
    bounds: &'r Bounds,
    free_left: Vec<bool>,
    free_right: Vec<bool>,
    pairs: Vec<(usize, usize, &'static str)>,
}

/// Pairs the rules of two servers.
pub fn pair(
    left: &[RuleView],
    right: &[RuleView],
    bounds: &Bounds,
    notes: &mut Vec<String>,
) -> Vec<(usize, usize, &'static str)> {
    let mut matcher = Matcher {
        left,
        right,
        bounds,
        free_left: vec![true; left.len()],
        free_right: vec![true; right.len()],
        pairs: Vec::new(),
    };
    let near = Stage {
        least: 0.0,
        within_connector: true,
        // A disabled standard copy stands beside a modified default rule: live rules belong together.
        live_first: true,
    };
    let far = Stage {
        least: SAME_GUID,
        within_connector: false,
        live_first: false,
    };
    let alike = Stage {
        least: SAME_CONTENT,
        live_first: false,
        ..near
    };
    // Who does the work of a default rule is its counterpart, not the disabled rule beside it.
    for (l, r) in copies::pair(left, right) {
        matcher.take(l, r, BY_COPY);
    }
    matcher.stage("immutable tag", near, |rule| Some(place(rule, true, tag(rule)?)), notes);
    matcher.stage("name", near, |rule| Some(place(rule, true, name(rule))), notes);
    matcher.stage("GUID and content", far, guid, notes);
    let other = "immutable tag, other object types";
    matcher.stage(other, near, |rule| Some(place(rule, false, tag(rule)?)), notes);
    let other = "name, other object types";
    matcher.stage(other, near, |rule| Some(place(rule, false, name(rule))), notes);
    // First the same content exactly, whatever the number of rules.
    matcher.stage(BY_CONTENT, alike, exact, notes);
    matcher.stage(BY_CONTENT, alike, |rule| Some(place(rule, true, "")), notes);
    let other = "name, other connector or direction";
    let either = |rule| Some(vec![Cow::from(tag(rule).unwrap_or_else(|| name(rule)))]);
    matcher.stage(other, far, either, notes);
    matcher.pairs
}

/// How one stage pairs.
#[derive(Debug, Clone, Copy)]
struct Stage {
    /// Least similarity of content.
    least: f64,
    /// Whether the key holds the connector.
    within_connector: bool,
    /// Whether rules in the same state belong together, whatever their content.
    live_first: bool,
}

/// Connector, direction and, where they count, object types, with one more word.
fn place<'r>(rule: &'r RuleView, types: bool, word: impl Into<Cow<'r, str>>) -> Key<'r> {
    let mut key = vec![(&rule.connector).into(), (&rule.direction).into(), word.into()];
    if types {
        key.push((&rule.source_type).into());
        key.push((&rule.target_type).into());
    }
    key
}

fn tag(rule: &RuleView) -> Option<&str> {
    rule.tag.as_ref().map(|tag| tag.base.as_str())
}

fn name(rule: &RuleView) -> &str {
    &rule.name_key
}

fn guid(rule: &RuleView) -> Option<Key<'_>> {
    (!rule.guid.is_empty()).then(|| vec![(&rule.guid).into()])
}

/// All of the content.
fn exact(rule: &RuleView) -> Option<Key<'_>> {
    (!rule.features.is_empty()).then(|| place(rule, true, rule.features.join("\n")))
}

impl<'r> Matcher<'r> {
    fn stage(
        &mut self,
        by: &'static str,
        stage: Stage,
        key: impl Fn(&'r RuleView) -> Option<Key<'r>>,
        notes: &mut Vec<String>,
    ) {
        let mut groups: BTreeMap<Key<'r>, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        let stays =
            |rule: &RuleView, lone: &BTreeSet<String>| !stage.within_connector && lone.contains(&rule.connector);
        for (index, rule) in self.left.iter().enumerate() {
            if self.free_left[index]
                && !stays(rule, &self.bounds.lone_left)
                && let Some(key) = key(rule)
            {
                groups.entry(key).or_default().0.push(index);
            }
        }
        for (index, rule) in self.right.iter().enumerate() {
            if self.free_right[index]
                && !stays(rule, &self.bounds.lone_right)
                && let Some(key) = key(rule)
            {
                groups.entry(key).or_default().1.push(index);
            }
        }
        for (_, (lefts, rights)) in groups {
            if lefts.is_empty() || rights.is_empty() {
                continue;
            }
            let pairs = pair_by_similarity(&lefts, &rights, stage.least, |l, r| {
                likeness(&self.left[l], &self.right[r], stage.live_first)
            });
            let pairs = pairs.unwrap_or_else(|| {
                notes.push(format!(
                    "{} rules of the primary and {} of staging could be each other's counterparts by {by}; that is too many to try each with each, so only those with the same content were paired",
                    lefts.len(),
                    rights.len()
                ));
                let key = |rule: &RuleView| (rule.features.clone(), rule.live, rule.name.clone(), rule.precedence);
                let same = pair_in_order(&lefts, &rights, false, |l| key(&self.left[l]), |r| key(&self.right[r]));
                // Among copies the rank decides, so that renamed copies keep their order.
                let free = |rules: &[RuleView], all: &[usize], taken: BTreeSet<usize>| -> Vec<usize> {
                    let mut free: Vec<usize> = all.iter().copied().filter(|index| !taken.contains(index)).collect();
                    free.sort_by_key(|&index| rules[index].precedence);
                    free
                };
                let (l, r): (BTreeSet<usize>, BTreeSet<usize>) = same.iter().copied().unzip();
                let content = |rule: &RuleView| rule.features.clone();
                let rest = pair_in_order(
                    &free(self.left, &lefts, l),
                    &free(self.right, &rights, r),
                    stage.least == 0.0,
                    |l| content(&self.left[l]),
                    |r| content(&self.right[r]),
                );
                same.into_iter().chain(rest).collect()
            });
            for (l, r) in pairs {
                self.take(l, r, by);
            }
        }
    }

    fn take(&mut self, left: usize, right: usize, by: &'static str) {
        self.free_left[left] = false;
        self.free_right[right] = false;
        self.pairs.push((left, right, by));
    }
}

/// Similarity of content; the same state and spelling of the name decide among copies.
fn likeness(left: &RuleView, right: &RuleView, live_first: bool) -> f64 {
    let mut likeness = similarity(&left.features, &right.features);
    if left.live == right.live {
        likeness += if live_first { 2.0 } else { 1e-3 };
    }
    if left.name == right.name {
        likeness += 1e-4;
    }
    if left.precedence == right.precedence {
        likeness += 1e-5;
    }
    likeness
}
