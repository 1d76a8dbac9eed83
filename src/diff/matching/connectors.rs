//! Connectors: by the user's word, by forest or subtype, by name; one that is
//! not in the export by the rules that refer to it.
//!
//! In: connectors and rules of both servers. Out: pairs, and which of
//! staging's keys become which of the primary's. Must not know: settings.

use super::MatchingError;
use crate::catalogue::ids;
use crate::derive::RuleView;
use crate::model::{Configuration, ObjectIndex};
use std::collections::{BTreeMap, BTreeSet};

/// Matched connectors.
#[derive(Debug, Default)]
pub struct Connectors {
    /// Primary's object, staging's object, how.
    pub pairs: Vec<(ObjectIndex, ObjectIndex, &'static str)>,
    /// Staging's key → the primary's, where they differ.
    pub renamed: BTreeMap<String, String>,
}

struct Side {
    /// Object and key of each connector.
    connectors: Vec<(ObjectIndex, String)>,
    names: Vec<String>,
    taken: BTreeSet<usize>,
}

impl Side {
    fn of(configuration: &Configuration) -> Side {
        let connectors: Vec<(ObjectIndex, String)> = configuration
            .of_kind(ids::kinds::CONNECTOR)
            .map(|(index, object)| (index, object.key.clone()))
            .collect();
        Side {
            names: connectors
                .iter()
                .map(|(index, _)| configuration.objects[*index].name.clone())
                .collect(),
            connectors,
            taken: BTreeSet::new(),
        }
    }

    fn named(&self, name: &str, side: &'static str, argument: &str) -> Result<usize, MatchingError> {
        self.names
            .iter()
            .position(|known| known == name)
            .or_else(|| self.names.iter().position(|known| known.eq_ignore_ascii_case(name)))
            .ok_or_else(|| MatchingError::UnknownConnector {
                argument: argument.to_owned(),
                side,
                name: name.to_owned(),
                known: if self.names.is_empty() {
                    "none".to_owned()
                } else {
                    self.names.join(", ")
                },
            })
    }

    fn has_forest(&self, at: usize) -> bool {
        self.connectors[at].1.starts_with(ids::FOREST)
    }

    fn free(&self) -> Vec<usize> {
        (0..self.connectors.len())
            .filter(|at| !self.taken.contains(at))
            .collect()
    }
}

/// Pairs the connectors of two servers.
pub fn pair(
    left: &Configuration,
    right: &Configuration,
    left_rules: &[RuleView],
    right_rules: &[RuleView],
    mapped: &[(String, String)],
) -> Result<Connectors, MatchingError> {
    let (mut l, mut r) = (Side::of(left), Side::of(right));
    let mut found = Connectors::default();
    for (primary, staging) in mapped {
        let argument = format!("{primary}={staging}");
        let a = l.named(primary, "primary", &argument)?;
        let b = r.named(staging, "staging server", &argument)?;
        for (side, at, name) in [(&l, a, primary), (&r, b, staging)] {
            if side.taken.contains(&at) {
                return Err(MatchingError::MappedTwice {
                    argument,
                    name: name.clone(),
                });
            }
        }
        same_category(left, &l, a, right, &r, b, &argument)?;
        join(&mut l, &mut r, a, b, "--map-connector", &mut found);
    }
    by(&mut l, &mut r, "forest or type", &mut found, |l, a, r, b| {
        l.connectors[a].1 == r.connectors[b].1
    });
    by(&mut l, &mut r, "name", &mut found, |l, a, r, b| {
        // Two forests are two directories, whatever their connectors are called.
        let forests = l.has_forest(a) && r.has_forest(b);
        !forests && l.names[a].to_lowercase() == r.names[b].to_lowercase()
    });
    by_rules(left_rules, right_rules, &l, &r, &mut found);
    Ok(found)
}

/// A directory and the cloud, say, are never one connector, whoever says so. What is not known refuses nothing.
fn same_category(
    left: &Configuration,
    l: &Side,
    a: usize,
    right: &Configuration,
    r: &Side,
    b: usize,
    argument: &str,
) -> Result<(), MatchingError> {
    let category = |configuration: &Configuration, side: &Side, at: usize| {
        let object = &configuration.objects[side.connectors[at].0];
        let category = object.display(ids::CONNECTOR_CATEGORY).trim().to_owned();
        let subtype = object.display(ids::CONNECTOR_SUBTYPE).trim().to_owned();
        match side.connectors[at].1 == ids::ENTRA && !subtype.is_empty() {
            // The category of the Entra connector is that of many others.
            true => format!("{category}, {subtype}"),
            false => category,
        }
    };
    let (left, right) = (category(left, l, a), category(right, r, b));
    if left.is_empty() || right.is_empty() || left.eq_ignore_ascii_case(&right) {
        return Ok(());
    }
    Err(MatchingError::OtherCategory {
        argument: argument.to_owned(),
        primary: l.names[a].clone(),
        staging: r.names[b].clone(),
        left,
        right,
    })
}

fn join(l: &mut Side, r: &mut Side, a: usize, b: usize, by: &'static str, found: &mut Connectors) {
    l.taken.insert(a);
    r.taken.insert(b);
    found.pairs.push((l.connectors[a].0, r.connectors[b].0, by));
    let (to, from) = (&l.connectors[a].1, &r.connectors[b].1);
    if to != from {
        found.renamed.insert(from.clone(), to.clone());
    }
}

/// Pairs free connectors that agree. Where several do, names decide first, then position.
fn by(
    l: &mut Side,
    r: &mut Side,
    how: &'static str,
    found: &mut Connectors,
    agree: impl Fn(&Side, usize, &Side, usize) -> bool,
) {
    for exact_name in [true, false] {
        for a in l.free() {
            let same = r
                .free()
                .into_iter()
                .find(|&b| agree(l, a, r, b) && (!exact_name || l.names[a].eq_ignore_ascii_case(&r.names[b])));
            if let Some(b) = same {
                join(l, r, a, b, how, found);
            }
        }
    }
}

/// A connector whose file is missing on one side is recognised by the rules that refer to it.
fn by_rules(left_rules: &[RuleView], right_rules: &[RuleView], l: &Side, r: &Side, found: &mut Connectors) {
    let named = |rules| -> BTreeSet<&str> {
        let rules: &[RuleView] = rules;
        rules.iter().map(|rule| rule.connector.as_str()).collect()
    };
    let (left_names, right_names) = (named(left_rules), named(right_rules));
    let (open_left, open_right) = (open(l, &left_names, &right_names), open(r, &right_names, &left_names));
    if open_left.is_empty() || open_right.is_empty() {
        return;
    }
    let (lefts, rights) = (by_connector(left_rules), by_connector(right_rules));
    let known = |side: &Side, key: &str| side.connectors.iter().any(|(_, known)| known == key);
    let mut votes: Vec<(usize, &str, &str)> = Vec::new();
    for &a in &open_left {
        for &b in &open_right {
            // Two connectors that are both in the export and do not match are two connectors.
            if known(l, a) && known(r, b) {
                continue;
            }
            let shared = lefts[a].intersection(&rights[b]).count();
            if shared > 0 {
                votes.push((shared, a, b));
            }
        }
    }
    votes.sort_by(|x, y| y.0.cmp(&x.0).then_with(|| (x.1, x.2).cmp(&(y.1, y.2))));
    let (mut done_left, mut done_right) = (BTreeSet::new(), BTreeSet::new());
    for (_, a, b) in votes {
        if done_left.insert(a) {
            if done_right.insert(b) {
                found.renamed.insert(b.to_owned(), a.to_owned());
            } else {
                done_left.remove(a);
            }
        }
    }
}

/// Connectors that rules name and that have no counterpart yet.
fn open<'r>(side: &Side, named: &BTreeSet<&'r str>, others: &BTreeSet<&str>) -> Vec<&'r str> {
    let is_open = |key: &&str| match side.connectors.iter().position(|(_, known)| known == key) {
        Some(at) => !side.taken.contains(&at),
        None => !others.contains(key),
    };
    named.iter().copied().filter(is_open).collect()
}

/// What rules are, by the connector that they refer to.
fn by_connector(rules: &[RuleView]) -> BTreeMap<&str, BTreeSet<String>> {
    let mut sets: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for rule in rules {
        let name = rule.tag.as_ref().map_or(&rule.name_key, |tag| &tag.base);
        let text = format!("{} {} {} {name}", rule.direction, rule.source_type, rule.target_type);
        sets.entry(&rule.connector).or_default().insert(text);
    }
    sets
}
