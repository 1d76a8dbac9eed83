//! Merge-join of the settings of matched objects.
//!
//! In: matched pairs. Out: changes and, per row, how many objects were
//! compared. Must not know: how bad a change is.

use super::matching::{self, Matched, Options, Pairs};
use crate::catalogue::Catalogue;
use crate::derive::{RuleView, rules, same_objects};
use crate::model::{Configuration, Member, Object, Sameness, Setting, SettingKey, Value};
use crate::normalise::absent;
use crate::threads::both;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Members of which each is looked for by its name, too; longer sets are compared by what their members mean alone.
const MEMBERS: usize = 200;

/// A setting of a pair that is not written alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingChange {
    /// Which setting.
    pub key: SettingKey,
    /// Present on the primary.
    pub left: bool,
    /// Present on staging.
    pub right: bool,
    /// Never [`Sameness::Equal`].
    pub sameness: Sameness,
}

/// What differs between the two servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An object on one server only; what it contains is not listed again.
    Presence {
        /// Index of the pair.
        pair: usize,
    },
    /// Settings of a matched object.
    Settings {
        /// Index of the pair.
        pair: usize,
        /// The settings, by key.
        settings: Vec<SettingChange>,
    },
    /// The same members of a sequence in another order.
    Reordered {
        /// Index of the pair that holds them.
        pair: usize,
        /// Kind of the members.
        kind: &'static str,
    },
}

/// The result of comparing two configurations.
#[derive(Debug)]
pub struct Comparison {
    /// Who is whose counterpart.
    pub pairs: Pairs,
    /// Rules of the primary.
    pub left_rules: Vec<RuleView>,
    /// Rules of staging.
    pub right_rules: Vec<RuleView>,
    /// What differs, in the order of the pairs; sequences in another order last.
    pub changes: Vec<Change>,
    /// Objects in which a row was compared, per row id.
    pub compared: BTreeMap<&'static str, usize>,
    /// Facts about the search itself (a bound that was reached).
    pub notes: Vec<String>,
}

/// Compares two configurations. `right` is changed only in its keys, so that references to matched connectors agree.
pub fn compare(
    left: &Configuration,
    right: &mut Configuration,
    catalogue: &Catalogue,
    options: &Options,
) -> Result<Comparison, matching::MatchingError> {
    let (left_rules, right_rules) = both(|| rules(left, &catalogue.facts), || rules(right, &catalogue.facts));
    let Matched {
        pairs,
        right_rules,
        notes,
    } = matching::match_all(left, right, (&left_rules, right_rules), catalogue, options)?;
    let middle = pairs.all.len() / 2;
    let right = &*right;
    let ((mut changes, mut compared), (more, counts)) = both(
        || some(left, right, &pairs, 0..middle, catalogue),
        || some(left, right, &pairs, middle..pairs.all.len(), catalogue),
    );
    changes.extend(more);
    for (row, count) in counts {
        *compared.entry(row).or_default() += count;
    }
    changes.extend(reordered(left, &pairs));
    Ok(Comparison {
        pairs,
        left_rules,
        right_rules,
        changes,
        compared,
        notes,
    })
}

/// Each sequence with moved members once.
fn reordered(left: &Configuration, pairs: &Pairs) -> Vec<Change> {
    let moved = pairs.all.iter().filter(|pair| pair.by == matching::MOVED);
    let sequences: BTreeSet<(usize, &'static str)> = moved
        .filter_map(|pair| {
            let member = &left.objects[pair.left?];
            Some((pairs.of_left[member.parent?], member.kind))
        })
        .collect();
    let change = |(pair, kind)| Change::Reordered { pair, kind };
    sequences.into_iter().map(change).collect()
}

/// What differs in some of the pairs, and how many objects of these were compared per row.
fn some(
    left: &Configuration,
    right: &Configuration,
    pairs: &Pairs,
    range: Range<usize>,
    catalogue: &Catalogue,
) -> (Vec<Change>, BTreeMap<&'static str, usize>) {
    let mut changes = Vec::new();
    let mut compared = BTreeMap::new();
    for (pair, found) in range.clone().zip(&pairs.all[range]) {
        match (found.left, found.right) {
            (Some(l), Some(r)) => {
                let settings = settings(&left.objects[l], &right.objects[r], catalogue, &mut compared);
                if !settings.is_empty() {
                    changes.push(Change::Settings { pair, settings });
                }
            }
            _ if !found.folded => changes.push(Change::Presence { pair }),
            _ => {}
        }
    }
    (changes, compared)
}

fn settings(
    left: &Object,
    right: &Object,
    catalogue: &Catalogue,
    compared: &mut BTreeMap<&'static str, usize>,
) -> Vec<SettingChange> {
    let mut changes = Vec::new();
    let mut last = "";
    let mut visit = |key: &SettingKey, l: Option<&Setting>, r: Option<&Setting>| {
        if (l.is_none() && left.partial) || (r.is_none() && right.partial) {
            return;
        }
        // Settings of one row stand side by side; the object counts once.
        if last != key.row {
            *compared.entry(key.row).or_default() += 1;
            last = key.row;
        }
        let sameness = sameness(key, l, r, catalogue);
        if sameness != Sameness::Equal {
            changes.push(SettingChange {
                key: key.clone(),
                left: l.is_some(),
                right: r.is_some(),
                sameness,
            });
        }
    };
    let mut rights = right.settings.iter().peekable();
    for (key, setting) in &left.settings {
        while let Some((other, value)) = rights.next_if(|(other, _)| *other < key) {
            visit(other, None, Some(value));
        }
        match rights.next_if(|(other, _)| *other == key) {
            Some((_, value)) => visit(key, Some(setting), Some(value)),
            None => visit(key, Some(setting), None),
        }
    }
    for (key, value) in rights {
        visit(key, None, Some(value));
    }
    changes
}

/// Whether each member is the same as one of the other server, or at least is called so on both.
fn same_members(left: &[Member], right: &[Member]) -> bool {
    let has = |members: &[Member], one: &Member| {
        let mut members = members.iter();
        members.any(|other| other.canonical == one.canonical || other.raw.eq_ignore_ascii_case(&one.raw))
    };
    left.len() == right.len()
        && left.len() <= MEMBERS
        && left.iter().all(|one| has(right, one))
        && right.iter().all(|one| has(left, one))
}

fn sameness(key: &SettingKey, left: Option<&Setting>, right: Option<&Setting>, catalogue: &Catalogue) -> Sameness {
    match (left, right) {
        (Some(l), Some(r)) => match (l.compare(r), &l.value, &r.value) {
            (Sameness::Different, Value::Scope(l), Value::Scope(r)) if same_objects(l, r) => Sameness::Equivalent,
            (Sameness::Different, Value::Set(l), Value::Set(r)) if same_members(l, r) => Sameness::Equivalent,
            (sameness, ..) => sameness,
        },
        (Some(one), None) | (None, Some(one)) => {
            let meant = catalogue
                .row(key.row)
                .map(|row| absent(row, &catalogue.facts))
                .unwrap_or_default();
            let secret = matches!(one.value, Value::Secret { present: true, .. });
            if one.value.canonical() == meant && !secret {
                Sameness::Equivalent
            } else {
                Sameness::Different
            }
        }
        (None, None) => Sameness::Equal,
    }
}
