//! Objects inside a matched object: by key, or in order.
//!
//! In: the children of both. Out: pairs. Must not know: rules and connectors.

use super::content::{BOUND, pair_by_similarity, similarity};
use super::{Builder, kind_of};
use crate::catalogue::{Catalogue, MatchingKind};
use crate::model::{Configuration, Object, ObjectIndex};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;

/// Children of one kind and key.
type Groups = BTreeMap<(&'static str, String), (Vec<ObjectIndex>, Vec<ObjectIndex>)>;

/// Pairs the children of a matched object.
pub fn pair(
    left: &Configuration,
    right: &Configuration,
    lefts: &[ObjectIndex],
    rights: &[ObjectIndex],
    catalogue: &Catalogue,
    builder: &mut Builder,
) {
    let mut groups: Groups = BTreeMap::new();
    for &l in lefts {
        groups.entry(group(&left.objects[l], catalogue)).or_default().0.push(l);
    }
    for &r in rights {
        groups.entry(group(&right.objects[r], catalogue)).or_default().1.push(r);
    }
    for ((_, key), (lefts, rights)) in groups {
        match (lefts.as_slice(), rights.as_slice()) {
            ([l], [r]) => builder.pair(Some(*l), Some(*r), if key.is_empty() { "position" } else { "name" }),
            _ if sequence(left, &lefts, right, &rights, catalogue) => align(left, right, &lefts, &rights, builder),
            _ => equals(left, right, &lefts, &rights, builder),
        }
    }
}

/// Steps of one run profile form one group whatever they are called.
fn group(object: &Object, catalogue: &Catalogue) -> (&'static str, String) {
    if kind_of(catalogue, object) == MatchingKind::Sequence {
        (object.kind, String::new())
    } else {
        (object.kind, object.key.clone())
    }
}

fn sequence(
    left: &Configuration,
    lefts: &[ObjectIndex],
    right: &Configuration,
    rights: &[ObjectIndex],
    catalogue: &Catalogue,
) -> bool {
    let first = lefts
        .first()
        .map(|&l| &left.objects[l])
        .or_else(|| rights.first().map(|&r| &right.objects[r]));
    first.is_some_and(|object| kind_of(catalogue, object) == MatchingKind::Sequence)
}

/// Equal steps find each other in order; between them the rest is paired by position.
fn align(
    left: &Configuration,
    right: &Configuration,
    lefts: &[ObjectIndex],
    rights: &[ObjectIndex],
    builder: &mut Builder,
) {
    let contents = |configuration: &Configuration, indices: &[ObjectIndex]| -> Vec<String> {
        indices
            .iter()
            .map(|&index| features(&configuration.objects[index]).join("\n"))
            .collect()
    };
    let (l, r) = (contents(left, lefts), contents(right, rights));
    for op in capture_diff_slices(Algorithm::Myers, &l, &r) {
        let (old, new, by) = match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => (old_index..old_index + len, new_index..new_index + len, "content"),
            DiffOp::Delete {
                old_index,
                old_len,
                new_index,
            } => (old_index..old_index + old_len, new_index..new_index, ""),
            DiffOp::Insert {
                old_index,
                new_index,
                new_len,
            } => (old_index..old_index, new_index..new_index + new_len, ""),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => (
                old_index..old_index + old_len,
                new_index..new_index + new_len,
                "position",
            ),
        };
        let both = old.len().min(new.len());
        for step in 0..both {
            builder.pair(Some(lefts[old.start + step]), Some(rights[new.start + step]), by);
        }
        for &l in &lefts[old.start + both..old.end] {
            builder.pair(Some(l), None, "");
        }
        for &r in &rights[new.start + both..new.end] {
            builder.pair(None, Some(r), "");
        }
    }
}

/// Several objects of one key: the likest belong together, the surplus has no counterpart.
fn equals(
    left: &Configuration,
    right: &Configuration,
    lefts: &[ObjectIndex],
    rights: &[ObjectIndex],
    builder: &mut Builder,
) {
    let l: Vec<Vec<String>> = lefts.iter().map(|&l| features(&left.objects[l])).collect();
    let r: Vec<Vec<String>> = rights.iter().map(|&r| features(&right.objects[r])).collect();
    let (li, ri): (Vec<usize>, Vec<usize>) = ((0..l.len()).collect(), (0..r.len()).collect());
    let pairs = pair_by_similarity(&li, &ri, 0.0, |a, b| similarity(&l[a], &r[b]));
    match pairs {
        Some(pairs) => {
            for (a, b) in pairs {
                builder.pair(Some(lefts[a]), Some(rights[b]), "name and content");
            }
        }
        None => {
            debug_assert!(lefts.len().saturating_mul(rights.len()) > BOUND);
            // Too many of one name to try each with each: by content, then by position.
            let (mut by_left, mut by_right) = (li, ri);
            by_left.sort_by(|&a, &b| l[a].cmp(&l[b]));
            by_right.sort_by(|&a, &b| r[a].cmp(&r[b]));
            for (&a, &b) in by_left.iter().zip(&by_right) {
                builder.pair(Some(lefts[a]), Some(rights[b]), "name and position");
            }
        }
    }
    for &l in lefts {
        builder.pair(Some(l), None, "");
    }
    for &r in rights {
        builder.pair(None, Some(r), "");
    }
}

fn features(object: &Object) -> Vec<String> {
    object
        .settings
        .iter()
        .map(|(key, setting)| {
            format!(
                "{} {} {}",
                key.row,
                key.name.as_deref().unwrap_or_default(),
                setting.value.canonical()
            )
        })
        .collect()
}
