//! Two sequences side by side.
//!
//! In: two sequences of numbers. Out: the stretches in which they differ; what
//! lies between is equal. Must not know: what the numbers stand for.

use std::ops::Range;

/// A stretch that differs: `left` stands where the other side has `right`; either may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    /// On the left.
    pub(super) left: Range<usize>,
    /// On the right.
    pub(super) right: Range<usize>,
}

/// Stretches that differ, in order, around a longest common subsequence.
///
/// What both ends share costs nothing. The table in between costs `budget`; where that is used up, the middle is one
/// gap.
pub(super) fn gaps(left: &[u32], right: &[u32], budget: &mut usize) -> Vec<Gap> {
    let shortest = left.len().min(right.len());
    let start = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let same = left.iter().rev().zip(right.iter().rev()).take_while(|(l, r)| l == r);
    let end = same.count().min(shortest - start);
    let (l, r) = (&left[start..left.len() - end], &right[start..right.len() - end]);
    let whole = Gap {
        left: start..left.len() - end,
        right: start..right.len() - end,
    };
    let cells = l.len().saturating_mul(r.len());
    if l.is_empty() && r.is_empty() {
        return Vec::new();
    }
    if cells > *budget {
        return vec![whole];
    }
    *budget -= cells;
    let mut gaps: Vec<Gap> = Vec::new();
    let (mut at, mut other) = (0, 0);
    let ends = (l.len(), r.len());
    for (next, partner) in common(l, r).into_iter().chain([ends]) {
        if next > at || partner > other {
            gaps.push(Gap {
                left: start + at..start + next,
                right: start + other..start + partner,
            });
        }
        (at, other) = (next + 1, partner + 1);
    }
    gaps
}

/// Pairs of a longest common subsequence.
fn common(left: &[u32], right: &[u32]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let mut table = vec![0u32; (left.len() + 1) * width];
    for l in (0..left.len()).rev() {
        for r in (0..right.len()).rev() {
            table[l * width + r] = if left[l] == right[r] {
                table[(l + 1) * width + r + 1] + 1
            } else {
                table[(l + 1) * width + r].max(table[l * width + r + 1])
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut l, mut r) = (0, 0);
    while l < left.len() && r < right.len() {
        if left[l] == right[r] {
            pairs.push((l, r));
            (l, r) = (l + 1, r + 1);
        } else if table[(l + 1) * width + r] >= table[l * width + r + 1] {
            l += 1;
        } else {
            r += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(left: &[u32], right: &[u32]) -> Vec<(Range<usize>, Range<usize>)> {
        let gaps = gaps(left, right, &mut 1_000);
        gaps.into_iter().map(|gap| (gap.left, gap.right)).collect()
    }

    #[test]
    fn what_is_equal_is_left_out() {
        assert_eq!(of(&[1, 2, 3], &[1, 2, 3]), []);
        assert_eq!(of(&[1, 2, 3], &[1, 9, 3]), [(1..2, 1..2)]);
        assert_eq!(of(&[1, 2, 3], &[1, 3]), [(1..2, 1..1)]);
        assert_eq!(of(&[1, 3, 5], &[0, 1, 3, 4, 5]), [(0..0, 0..1), (2..2, 3..4)]);
        assert_eq!(of(&[1, 1], &[1, 1, 1]), [(2..2, 2..3)]);
        assert_eq!(of(&[], &[7]), [(0..0, 0..1)]);
    }

    #[test]
    fn beyond_the_budget_the_middle_is_one_gap() {
        let mut budget = 3;
        let found = gaps(&[0, 1, 2, 9], &[0, 2, 3, 9], &mut budget);
        assert_eq!(
            found,
            [Gap {
                left: 1..3,
                right: 1..3
            }]
        );
        assert_eq!(budget, 3);
    }
}
