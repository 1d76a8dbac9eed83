//! Groups of clauses or conditions of both servers, matched best to best.
//!
//! In: groups as keys and words. Out: [`Group`]s that say what both servers
//! have and what stands elsewhere. Must not know: what a clause is.

use crate::report::views::{Group, Part};
use std::collections::{BTreeMap, BTreeSet};

/// Parts of a group that are shown.
const PARTS: usize = 20;
/// Groups that are shown.
const GROUPS: usize = 20;
/// Groups that are matched by what they share; the same groups are matched however many there are.
const MATCHED: usize = 64;
/// Parts of all these groups together.
const COMPARED: usize = 20_000;

/// A clause or condition.
pub struct Item {
    /// What is compared.
    pub key: String,
    /// In words.
    pub text: String,
}

/// The groups of both servers; `None` where there is no rule.
pub fn compare(
    left: Option<Vec<Vec<Item>>>,
    right: Option<Vec<Vec<Item>>>,
    ordered: bool,
) -> (Option<Vec<Group>>, Option<Vec<Group>>) {
    let keys = |groups: &Option<Vec<Vec<Item>>>| -> Vec<Keys> {
        let keys = |group: &Vec<Item>| group.iter().map(|item| item.key.clone()).collect();
        groups.iter().flatten().map(keys).collect()
    };
    let (lefts, rights) = (keys(&left), keys(&right));
    let of_left = matched(&lefts, &rights);
    let mut of_right = vec![None; rights.len()];
    for (at, other) in of_left.iter().enumerate() {
        if let Some(other) = *other {
            of_right[other] = Some(at);
        }
    }
    let moved: BTreeSet<usize> = if ordered {
        outside_order(&of_left).into_iter().collect()
    } else {
        BTreeSet::new()
    };
    let moved_right = moved.iter().filter_map(|&at| of_left[at]).collect();
    let right = right.map(|groups| like_left(groups, &mut of_right, left.as_deref().unwrap_or_default(), ordered));
    (
        left.map(|groups| shown(&groups, &of_left, &rights, &moved)),
        right.map(|groups| shown(&groups, &of_right, &lefts, &moved_right)),
    )
}

type Keys = BTreeSet<String>;

/// Staging's groups and their parts in the primary's order, where order has no meaning: another one would read as a
/// change.
fn like_left(
    groups: Vec<Vec<Item>>,
    of_right: &mut Vec<Option<usize>>,
    lefts: &[Vec<Item>],
    ordered: bool,
) -> Vec<Vec<Item>> {
    let mut groups: Vec<(Option<usize>, Vec<Item>)> = of_right.iter().copied().zip(groups).collect();
    if !ordered {
        groups.sort_by_key(|(left, _)| (left.is_none(), *left));
    }
    *of_right = groups.iter().map(|(left, _)| *left).collect();
    let alike = |(left, mut group): (Option<usize>, Vec<Item>)| {
        let left = left.and_then(|left| lefts.get(left)).into_iter().flatten();
        let places: BTreeMap<&str, usize> = left.enumerate().map(|(at, item)| (item.key.as_str(), at)).collect();
        group.sort_by_key(|item| places.get(item.key.as_str()).copied().unwrap_or(usize::MAX));
        group
    };
    groups.into_iter().map(alike).collect()
}

/// Per group of the left the one of the right that is the same, or else the most like it.
fn matched(lefts: &[Keys], rights: &[Keys]) -> Vec<Option<usize>> {
    let mut of_left: Vec<Option<usize>> = vec![None; lefts.len()];
    let mut same: BTreeMap<&Keys, Vec<usize>> = BTreeMap::new();
    for (at, keys) in rights.iter().enumerate().rev() {
        same.entry(keys).or_default().push(at);
    }
    let mut taken = vec![false; rights.len()];
    for (at, keys) in lefts.iter().enumerate() {
        of_left[at] = same.get_mut(keys).and_then(Vec::pop);
        if let Some(other) = of_left[at] {
            taken[other] = true;
        }
    }
    let rest: Vec<usize> = (0..lefts.len()).filter(|&at| of_left[at].is_none()).collect();
    let others: Vec<usize> = (0..rights.len()).filter(|&at| !taken[at]).collect();
    if let ([one], [other]) = (rest.as_slice(), others.as_slice()) {
        of_left[*one] = Some(*other);
        return of_left;
    }
    let size: usize = rest.iter().map(|&at| lefts[at].len()).sum();
    if rest.len() > MATCHED || others.len() > MATCHED || size > COMPARED {
        return of_left;
    }
    let mut likeness = Vec::new();
    for &at in &rest {
        for &other in &others {
            let common = lefts[at].iter().filter(|key| rights[other].contains(*key)).count();
            if common > 0 {
                likeness.push((std::cmp::Reverse(common), at, other));
            }
        }
    }
    likeness.sort_unstable();
    for (_, at, other) in likeness {
        if of_left[at].is_none() && !taken[other] {
            of_left[at] = Some(other);
            taken[other] = true;
        }
    }
    of_left
}

/// Groups that have a counterpart and stand outside the longest common order.
fn outside_order(of_left: &[Option<usize>]) -> Vec<usize> {
    let places: Vec<usize> = (0..of_left.len()).filter(|&at| of_left[at].is_some()).collect();
    let targets: Vec<usize> = of_left.iter().filter_map(|other| *other).collect();
    let kept = common_order(&targets);
    let outside = places.iter().zip(kept).filter(|(_, kept)| !kept);
    outside.map(|(&at, _)| at).collect()
}

/// Which of these different numbers belong to their longest rising sequence: O(n log n).
pub fn common_order(numbers: &[usize]) -> Vec<bool> {
    // ends[n]: the place of the least number that ends a rising sequence of n + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, &number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|&end| numbers[end] < number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut kept = vec![false; numbers.len()];
    let mut end = ends.last().copied();
    while let Some(at) = end {
        kept[at] = true;
        end = before[at];
    }
    kept
}

/// The groups of one server; where there are many, those that differ come before the others are cut.
fn shown(groups: &[Vec<Item>], matched: &[Option<usize>], others: &[Keys], moved: &BTreeSet<usize>) -> Vec<Group> {
    let other = |at: usize| matched[at].map(|other| &others[other]);
    let differs = |at: usize| {
        let whole = other(at).is_some_and(|keys| groups[at].iter().all(|item| keys.contains(&item.key)));
        !whole || moved.contains(&at)
    };
    let (kept, rest) = cut(groups.len(), GROUPS, differs);
    let mut shown: Vec<Group> = kept
        .into_iter()
        .map(|at| Group {
            parts: parts(&groups[at], other(at)),
            moved: moved.contains(&at),
        })
        .collect();
    if !rest.is_empty() {
        shown.push(Group {
            parts: vec![more("groups", &rest, differs)],
            moved: false,
        });
    }
    shown
}

fn parts(group: &[Item], other: Option<&Keys>) -> Vec<Part> {
    let lacks = |at: usize| !other.is_some_and(|keys| keys.contains(&group[at].key));
    let (kept, rest) = cut(group.len(), PARTS, lacks);
    let mut parts: Vec<Part> = kept
        .into_iter()
        .map(|at| Part {
            text: group[at].text.clone(),
            both: !lacks(at),
        })
        .collect();
    if !rest.is_empty() {
        parts.push(more("", &rest, lacks));
    }
    parts
}

/// `and 7 more groups`
fn more(what: &str, rest: &[usize], differs: impl Fn(usize) -> bool) -> Part {
    let text = format!("and {} more {what}", rest.len());
    Part {
        text: text.trim_end().to_owned(),
        both: !rest.iter().any(|&at| differs(at)),
    }
}

/// At most so many of these, in order, and the others; those that differ stay before the others do.
fn cut(count: usize, most: usize, differs: impl Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    if count <= most {
        return ((0..count).collect(), Vec::new());
    }
    let (first, then): (Vec<usize>, Vec<usize>) = (0..count).partition(|&at| differs(at));
    let mut kept: Vec<usize> = first.iter().chain(&then).copied().take(most).collect();
    let mut rest: Vec<usize> = first.into_iter().chain(then).skip(most).collect();
    kept.sort_unstable();
    rest.sort_unstable();
    (kept, rest)
}

#[cfg(test)]
mod tests {
    use super::common_order;

    #[test]
    fn the_longest_rising_sequence_stays() {
        assert_eq!(common_order(&[3, 0, 1, 2]), [false, true, true, true]);
        assert_eq!(common_order(&[0, 1, 2]), [true; 3]);
        assert_eq!(common_order(&[2, 1]).iter().filter(|kept| **kept).count(), 1);
        assert!(common_order(&[]).is_empty());
    }
}
