//! Default rules that are live on one server and, on the other, disabled beside
//! a live copy without tag: the copy is the counterpart.
//!
//! In: views of both servers' rules, connector keys settled. Out: pairs of
//! indices into the views. Must not know: settings, severities.
//!
//! Whoever copies a default rule does so to change it, so the parts that differ
//! are what somebody wants to know; a rule that was disabled and another one that
//! was added would not name them.

use super::content::{pair_by_similarity, similarity};
use super::rules::SAME_CONTENT;
use crate::derive::RuleView;
use std::collections::{BTreeMap, BTreeSet};

/// How a default rule and the copy that does its work were matched.
pub const BY_COPY: &str = "copy beside the disabled standard rule";

/// What a name adds to the likeness of a rule and the clone that it names as its origin.
const NAMED: f64 = 1.0;

/// Connector, direction and object types.
type Place<'v> = (&'v str, &'v str, &'v str, &'v str);

/// One server's rules of a place.
#[derive(Default)]
struct Rules<'v> {
    /// Live default rules.
    live: Vec<usize>,
    /// Tags of live default rules.
    live_tags: BTreeSet<&'v str>,
    /// Tags of disabled ones.
    off_tags: BTreeSet<&'v str>,
    /// Live rules without a tag.
    own: Vec<usize>,
    /// Their names, and those of disabled ones.
    own_names: BTreeSet<&'v str>,
}

/// Pairs default rules with copies, in both directions.
pub fn pair(left: &[RuleView], right: &[RuleView]) -> Vec<(usize, usize)> {
    let (lefts, rights) = (by_place(left), by_place(right));
    let mut pairs = Vec::new();
    for (place, here) in &lefts {
        let Some(there) = rights.get(place) else { continue };
        pairs.extend(replaced((left, here), (right, there)));
        let back = replaced((right, there), (left, here));
        pairs.extend(back.into_iter().map(|(r, l)| (l, r)));
    }
    pairs
}

fn by_place(rules: &[RuleView]) -> BTreeMap<Place<'_>, Rules<'_>> {
    let mut places: BTreeMap<Place<'_>, Rules<'_>> = BTreeMap::new();
    for (at, rule) in rules.iter().enumerate() {
        let place = (
            rule.connector.as_str(),
            rule.direction.as_str(),
            rule.source_type.as_str(),
            rule.target_type.as_str(),
        );
        let found = places.entry(place).or_default();
        match &rule.tag {
            Some(tag) if rule.standard && rule.live => {
                found.live.push(at);
                found.live_tags.insert(&tag.base);
            }
            Some(tag) if rule.standard => {
                found.off_tags.insert(&tag.base);
            }
            Some(_) => {}
            None => {
                found.own_names.insert(&rule.name_key);
                if rule.live {
                    found.own.push(at);
                }
            }
        }
    }
    places
}

/// Default rules of one server with the copies that stand for them on the other.
fn replaced(
    (rules, here): (&[RuleView], &Rules<'_>),
    (others, there): (&[RuleView], &Rules<'_>),
) -> Vec<(usize, usize)> {
    let off = |rule: &RuleView| {
        let tag = rule.tag.as_ref().map_or("", |tag| tag.base.as_str());
        there.off_tags.contains(tag) && !there.live_tags.contains(tag)
    };
    let originals: Vec<usize> = here.live.iter().copied().filter(|&at| off(&rules[at])).collect();
    if originals.is_empty() {
        return Vec::new();
    }
    // A rule that stands on both servers is its own counterpart.
    let known = |rule: &RuleView| {
        here.own_names.contains(rule.name_key.as_str())
            || here
                .own
                .iter()
                .any(|&at| similarity(&rules[at].features, &rule.features) >= SAME_CONTENT)
    };
    let copies: Vec<usize> = there.own.iter().copied().filter(|&at| !known(&others[at])).collect();
    let likeness = |original: usize, copy: usize| {
        let (original, copy) = (&rules[original], &others[copy]);
        let named = copy.cloned_from.as_ref() == Some(&original.name_key);
        similarity(&original.features, &copy.features) + if named { NAMED } else { 0.0 }
    };
    // Too many to try each with each: then each is told by itself.
    pair_by_similarity(&originals, &copies, SAME_CONTENT, likeness).unwrap_or_default()
}
