//! Objects inside a matched object: by key, or in order.
//!
//! In: the children of both. Out: pairs. Must not know: rules and connectors.

use super::content::{BOUND, pair_by_similarity, similarity};
use super::{Builder, kind_of};
use crate::catalogue::{Catalogue, MatchingKind};
use crate::model::{Configuration, Object, ObjectIndex};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, VecDeque};

/// How members of a sequence were matched that stand elsewhere in it.
pub const MOVED: &str = "content, at another place";

/// Children of one kind and key.
type Groups<'c> = BTreeMap<(&'static str, &'c str), (Vec<ObjectIndex>, Vec<ObjectIndex>)>;

/// Pairs the children of a matched object.
pub fn pair(
    left: &Configuration,
    right: &Configuration,
    lefts: &[ObjectIndex],
    rights: &[ObjectIndex],
    catalogue: &Catalogue,
    builder: &mut Builder,
) {
    let mut groups: Groups<'_> = BTreeMap::new();
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
fn group<'c>(object: &'c Object, catalogue: &Catalogue) -> (&'static str, &'c str) {
    if kind_of(catalogue, object) == MatchingKind::Sequence {
        (object.kind, "")
    } else {
        (object.kind, &object.key)
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

/// Equal steps find each other in order, then equal steps that stand elsewhere; of the rest those between the same
/// neighbours are one step that changed.
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
    let ops = capture_diff_slices(Algorithm::Myers, &l, &r);
    for op in &ops {
        if let DiffOp::Equal { .. } = op {
            for (old, new) in op.old_range().zip(op.new_range()) {
                builder.pair(Some(lefts[old]), Some(rights[new]), "content");
            }
        }
    }
    moved(&l, &r, lefts, rights, builder);
    for op in &ops {
        let open_left: Vec<ObjectIndex> = op
            .old_range()
            .map(|at| lefts[at])
            .filter(|&l| !builder.has_left(l))
            .collect();
        let open_right: Vec<ObjectIndex> = op
            .new_range()
            .map(|at| rights[at])
            .filter(|&r| !builder.has_right(r))
            .collect();
        for (&l, &r) in open_left.iter().zip(&open_right) {
            builder.pair(Some(l), Some(r), "position");
        }
    }
    changed_and_moved(left, right, lefts, rights, builder);
    for &l in lefts {
        builder.pair(Some(l), None, "");
    }
    for &r in rights {
        builder.pair(None, Some(r), "");
    }
}

/// Pairs what has the same content at another place, in order.
fn moved(l: &[String], r: &[String], lefts: &[ObjectIndex], rights: &[ObjectIndex], builder: &mut Builder) {
    let mut open: BTreeMap<&str, VecDeque<ObjectIndex>> = BTreeMap::new();
    for (content, &right) in r.iter().zip(rights) {
        if !builder.has_right(right) {
            open.entry(content).or_default().push_back(right);
        }
    }
    for (content, &left) in l.iter().zip(lefts) {
        if !builder.has_left(left)
            && let Some(right) = open.get_mut(content.as_str()).and_then(VecDeque::pop_front)
        {
            builder.pair(Some(left), Some(right), MOVED);
        }
    }
}

/// Pairs what is left over and has at least half of its content in common.
fn changed_and_moved(
    left: &Configuration,
    right: &Configuration,
    lefts: &[ObjectIndex],
    rights: &[ObjectIndex],
    builder: &mut Builder,
) {
    let open_left: Vec<ObjectIndex> = lefts.iter().copied().filter(|&l| !builder.has_left(l)).collect();
    let open_right: Vec<ObjectIndex> = rights.iter().copied().filter(|&r| !builder.has_right(r)).collect();
    let alike = |l: ObjectIndex, r: ObjectIndex| {
        let (left, right) = (&left.objects[l], &right.objects[r]);
        if left.key == right.key {
            similarity(&features(left), &features(right))
        } else {
            0.0
        }
    };
    // Too many to try each with each: steps that somebody generated, which stay apart.
    for (l, r) in pair_by_similarity(&open_left, &open_right, 0.5, alike).unwrap_or_default() {
        builder.pair(Some(l), Some(r), MOVED);
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
