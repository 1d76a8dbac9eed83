//! What exactly differs inside a value: clauses, join groups, members, parts of
//! expressions.
//!
//! In: two values. Out: [`Detail`]s. Must not know: findings.

use super::finding::EMPTY;
use crate::catalogue::Row;
use crate::expression::{Edit, EditKind, diff, parse};
use crate::model::{Clause, JoinCondition, Member, Value, display_clause, display_join_group, display_scope};
use crate::report::{ChangeKind, Detail, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Sub-changes of two values; empty where the values speak for themselves.
pub fn of(row: &'static Row, left: Option<&Value>, right: Option<&Value>) -> Vec<Detail> {
    let details = match (left, right) {
        (Some(Value::Scope(l)), Some(Value::Scope(r))) => scope(l, r),
        (Some(Value::Scope(l)), None) => scope(l, &[]),
        (None, Some(Value::Scope(r))) => scope(&[], r),
        (Some(Value::Join(l)), Some(Value::Join(r))) => join(l, r),
        (Some(Value::Join(l)), None) => join(l, &[]),
        (None, Some(Value::Join(r))) => join(&[], r),
        (Some(Value::Expression { raw: l, .. }), Some(Value::Expression { raw: r, .. })) => expression(l, r),
        (Some(Value::Set(l)), Some(Value::Set(r))) => members(row, l, r),
        (Some(Value::Set(l)), None) => members(row, l, &[]),
        (None, Some(Value::Set(r))) => members(row, &[], r),
        (Some(Value::Schema(l)), Some(Value::Schema(r))) => {
            let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
            leaves(&lines(l), &lines(r))
        }
        (Some(Value::Leaves(l)), Some(Value::Leaves(r))) if l.len() > 1 || r.len() > 1 => leaves(l, r),
        _ => Vec::new(),
    };
    details
        .into_iter()
        .map(|(what, primary, staging)| Detail {
            id: Text::Borrowed(&row.id),
            what,
            change: match (&primary, &staging) {
                (Some(_), None) => ChangeKind::Removed,
                (None, Some(_)) => ChangeKind::Added,
                (Some(a), Some(b)) if a == b => ChangeKind::Reordered,
                _ => ChangeKind::Changed,
            },
            primary,
            staging,
        })
        .collect()
}

type Part = (String, Option<String>, Option<String>);

/// Clauses where one group stands against one group, else whole groups.
fn scope(left: &[Vec<Clause>], right: &[Vec<Clause>]) -> Vec<Part> {
    let key = |group: &Vec<Clause>| Value::Scope(vec![group.clone()]).canonical();
    let only = |these: &[Vec<Clause>], those: &[Vec<Clause>]| -> Vec<Vec<Clause>> {
        let known: BTreeSet<String> = those.iter().map(key).collect();
        these
            .iter()
            .filter(|group| !known.contains(&key(group)))
            .cloned()
            .collect()
    };
    let (l, r) = (only(left, right), only(right, left));
    if l.is_empty() && r.is_empty() {
        return empty_values(left, right);
    }
    if let ([l], [r]) = (l.as_slice(), r.as_slice()) {
        return clauses(l, r);
    }
    let text = |group: &Vec<Clause>| Some(display_scope(std::slice::from_ref(group)));
    l.iter()
        .map(|group| ("Scope group".to_owned(), text(group), None))
        .chain(r.iter().map(|group| ("Scope group".to_owned(), None, text(group))))
        .collect()
}

fn clauses(left: &[Clause], right: &[Clause]) -> Vec<Part> {
    let key = |clause: &Clause| Value::Scope(vec![vec![clause.clone()]]).canonical();
    let keys = |clauses: &[Clause]| -> BTreeSet<String> { clauses.iter().map(key).collect() };
    let (lefts, rights) = (keys(left), keys(right));
    let removed: Vec<&Clause> = left.iter().filter(|clause| !rights.contains(&key(clause))).collect();
    let mut added: Vec<&Clause> = right.iter().filter(|clause| !lefts.contains(&key(clause))).collect();
    let mut parts = Vec::new();
    for clause in removed {
        // One clause about the same attribute on both sides is one change.
        let same = added
            .iter()
            .position(|other| other.attribute.eq_ignore_ascii_case(&clause.attribute));
        let other = same.map(|at| display_clause(added.remove(at)));
        parts.push(("Clause".to_owned(), Some(display_clause(clause)), other));
    }
    parts.extend(
        added
            .into_iter()
            .map(|clause| ("Clause".to_owned(), None, Some(display_clause(clause)))),
    );
    parts
}

/// Clauses that mean the same with an empty value and with none.
fn empty_values(left: &[Vec<Clause>], right: &[Vec<Clause>]) -> Vec<Part> {
    let written = |groups: &[Vec<Clause>]| -> BTreeSet<(String, Option<String>)> {
        groups
            .iter()
            .flatten()
            .filter(|clause| clause.value.as_deref().unwrap_or_default().is_empty())
            .map(|clause| (display_clause(clause), clause.value.clone()))
            .collect()
    };
    let (l, r) = (written(left), written(right));
    let shown = |value: &Option<String>| value.as_ref().map(|_| EMPTY.to_owned());
    let mut parts: Vec<Part> = Vec::new();
    for (clause, value) in l.difference(&r) {
        parts.push((format!("Value of {clause}"), shown(value), shown(&other(value))));
    }
    if parts.is_empty() {
        for (clause, value) in r.difference(&l) {
            parts.push((format!("Value of {clause}"), shown(&other(value)), shown(value)));
        }
    }
    parts
}

/// The other way to write no value.
fn other(value: &Option<String>) -> Option<String> {
    match value {
        Some(_) => None,
        None => Some(String::new()),
    }
}

/// Flags of join conditions that are the same otherwise, as written.
fn case_flags(left: &[Vec<JoinCondition>], right: &[Vec<JoinCondition>]) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    if left.len() != right.len() {
        return None;
    }
    for (l, r) in left.iter().zip(right) {
        let (l, r) = (by_attributes(l), by_attributes(r));
        if l.len() != r.len() {
            return None;
        }
        for ((attributes, l), (others, r)) in l.iter().zip(&r) {
            if attributes != others {
                return None;
            }
            if l.case_written != r.case_written {
                let what = format!(
                    "Case-sensitive match of {} = {}",
                    l.connector_attribute, l.metaverse_attribute
                );
                let shown = |flag: &Option<String>| {
                    flag.as_ref().map(|flag| {
                        if flag.is_empty() {
                            EMPTY.to_owned()
                        } else {
                            flag.clone()
                        }
                    })
                };
                parts.push((what, shown(&l.case_written), shown(&r.case_written)));
            }
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// Conditions of a group in an order that depends on their attributes only.
fn by_attributes(group: &[JoinCondition]) -> Vec<((String, String), &JoinCondition)> {
    let mut sorted: Vec<_> = group
        .iter()
        .map(|c| {
            let key = (
                c.connector_attribute.to_lowercase(),
                c.metaverse_attribute.to_lowercase(),
            );
            (key, c)
        })
        .collect();
    sorted.sort_by(|a, b| (&a.0, &a.1.case_written).cmp(&(&b.0, &b.1.case_written)));
    sorted
}

/// Join groups that one side lacks; where both have the same, their order.
fn join(left: &[Vec<JoinCondition>], right: &[Vec<JoinCondition>]) -> Vec<Part> {
    if let Some(parts) = case_flags(left, right) {
        return parts;
    }
    let key = |group: &Vec<JoinCondition>| Value::Join(vec![group.clone()]).canonical();
    let numbered = |at: usize, group: &[JoinCondition]| Some(format!("{}. {}", at + 1, display_join_group(group)));
    let keys = |groups: &[Vec<JoinCondition>]| -> Vec<String> { groups.iter().map(key).collect() };
    let (lefts, rights) = (keys(left), keys(right));
    let mut parts: Vec<Part> = Vec::new();
    for (at, group) in left.iter().enumerate() {
        if !rights.contains(&lefts[at]) {
            parts.push(("Join group".to_owned(), numbered(at, group), None));
        }
    }
    for (at, group) in right.iter().enumerate() {
        if !lefts.contains(&rights[at]) {
            parts.push(("Join group".to_owned(), None, numbered(at, group)));
        }
    }
    if parts.is_empty() {
        for (at, other) in moved(&lefts, &rights) {
            parts.push((
                "Join group order".to_owned(),
                numbered(at, &left[at]),
                numbered(other, &left[at]),
            ));
        }
    }
    parts
}

/// The fewest members whose places differ, as places on both sides: the others are in one order. A member that stands
/// there twice counts where it stands first.
fn moved(left: &[String], right: &[String]) -> Vec<(usize, usize)> {
    let firsts = |keys: &[String]| -> BTreeMap<String, usize> {
        let places = keys.iter().cloned().enumerate().rev();
        places.map(|(at, key)| (key, at)).collect()
    };
    let (lefts, rights) = (firsts(left), firsts(right));
    let mut places: Vec<(usize, usize)> = lefts
        .iter()
        .filter_map(|(key, &at)| Some((at, *rights.get(key)?)))
        .collect();
    places.sort_unstable();
    // ends[n]: the place, by its index, with which the best order of n + 1 members ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (index, &(_, other)) in places.iter().enumerate() {
        let length = ends.partition_point(|&end| places[end].1 < other);
        before[index] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut kept = vec![false; places.len()];
    let mut last = ends.last().copied();
    while let Some(index) = last {
        kept[index] = true;
        last = before[index];
    }
    let all = places.into_iter().zip(kept);
    all.filter(|(_, kept)| !kept).map(|(place, _)| place).collect()
}

/// What a member of a row's set is called.
pub fn member(row: &'static Row) -> String {
    row.member.as_ref().unwrap_or(&row.title).clone()
}

fn members(row: &'static Row, left: &[Member], right: &[Member]) -> Vec<Part> {
    let keys = |members: &[Member]| -> BTreeSet<String> { members.iter().map(|m| m.canonical.clone()).collect() };
    let (lefts, rights) = (keys(left), keys(right));
    let mut parts: Vec<Part> = Vec::new();
    let mut l: Vec<&Member> = left.iter().filter(|m| !rights.contains(&m.canonical)).collect();
    let mut r: Vec<&Member> = right.iter().filter(|m| !lefts.contains(&m.canonical)).collect();
    l.sort();
    r.sort();
    parts.extend(l.into_iter().map(|m| (member(row), Some(m.raw.clone()), None)));
    parts.extend(r.into_iter().map(|m| (member(row), None, Some(m.raw.clone()))));
    parts
}

/// The smallest parts of two expressions that differ; nothing where all of it does, or where one does not parse.
fn expression(left: &str, right: &str) -> Vec<Part> {
    let (Ok(l), Ok(r)) = (parse(left), parse(right)) else {
        return Vec::new();
    };
    let edits = diff(&l, &r);
    let whole = |edit: &Edit| edit.path.is_empty() && edit.kind == EditKind::Changed;
    let parts = edits.into_iter().filter(|edit| !whole(edit));
    parts.map(|edit| (edit.what(), edit.before, edit.after)).collect()
}

/// Leaves of a path no row knows: members with their number where one side has more of them.
fn leaves(left: &[String], right: &[String]) -> Vec<Part> {
    let count = |leaves: &[String]| {
        let mut counts: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
        for leaf in leaves {
            *counts.entry(leaf.clone()).or_default() += 1;
        }
        counts
    };
    let (l, r) = (count(left), count(right));
    let mut parts: Vec<Part> = Vec::new();
    for (leaf, times) in &l {
        for _ in 0..(times - r.get(leaf).copied().unwrap_or(0)).max(0) {
            parts.push(("Value".to_owned(), Some(leaf.clone()), None));
        }
    }
    for (leaf, times) in &r {
        for _ in 0..(times - l.get(leaf).copied().unwrap_or(0)).max(0) {
            parts.push(("Value".to_owned(), None, Some(leaf.clone())));
        }
    }
    if parts.is_empty() {
        parts.push(("Order".to_owned(), Some(left.join(", ")), Some(right.join(", "))));
    }
    parts
}
