//! How alike two things are, by what they share.
//!
//! In: sorted features. Out: a similarity from 0 to 1, and a pairing by it.
//! Must not know: what the features mean.

/// Share of features that two sorted lists have in common (Dice), from 0 to 1; 0 when either has none.
pub fn similarity(left: &[String], right: &[String]) -> f64 {
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let (mut l, mut r, mut shared) = (0, 0, 0_u32);
    while l < left.len() && r < right.len() {
        match left[l].cmp(&right[r]) {
            std::cmp::Ordering::Less => l += 1,
            std::cmp::Ordering::Greater => r += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                l += 1;
                r += 1;
            }
        }
    }
    2.0 * f64::from(shared) / (left.len() + right.len()) as f64
}

/// Pairs that may be tried at most in one group of candidates.
pub const BOUND: usize = 40_000;

/// Pairs two groups by falling similarity, at least `least`; among equals by position, so that the result is the same on every run.
/// `None` when there are more candidates than [`BOUND`]; see [`pair_in_order`] for those.
pub fn pair_by_similarity(
    left: &[usize],
    right: &[usize],
    least: f64,
    mut similarity: impl FnMut(usize, usize) -> f64,
) -> Option<Vec<(usize, usize)>> {
    if left.len().saturating_mul(right.len()) > BOUND {
        return None;
    }
    if let ([l], [r]) = (left, right)
        && least <= 0.0
    {
        return Some(vec![(*l, *r)]);
    }
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for (i, &l) in left.iter().enumerate() {
        for (j, &r) in right.iter().enumerate() {
            let likeness = similarity(l, r);
            if likeness >= least {
                candidates.push((likeness, i, j));
            }
        }
    }
    candidates.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| a.1.abs_diff(a.2).cmp(&b.1.abs_diff(b.2)))
            .then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
    });
    let mut taken_left = vec![false; left.len()];
    let mut taken_right = vec![false; right.len()];
    let mut pairs = Vec::new();
    for (_, i, j) in candidates {
        if !taken_left[i] && !taken_right[j] {
            taken_left[i] = true;
            taken_right[j] = true;
            pairs.push((left[i], right[j]));
        }
    }
    Some(pairs)
}

/// Pairs two large groups without trying each with each: what has the same sort key, in order; then, if `all`, whatever is left, in order.
pub fn pair_in_order<K: Ord>(
    left: &[usize],
    right: &[usize],
    all: bool,
    left_key: impl Fn(usize) -> K,
    right_key: impl Fn(usize) -> K,
) -> Vec<(usize, usize)> {
    let (mut left, mut right) = (left.to_vec(), right.to_vec());
    left.sort_by_key(|&index| left_key(index));
    right.sort_by_key(|&index| right_key(index));
    let (mut pairs, mut spare_left, mut spare_right) = (Vec::new(), Vec::new(), Vec::new());
    let (mut l, mut r) = (0, 0);
    while l < left.len() && r < right.len() {
        match left_key(left[l]).cmp(&right_key(right[r])) {
            std::cmp::Ordering::Less => {
                spare_left.push(left[l]);
                l += 1;
            }
            std::cmp::Ordering::Greater => {
                spare_right.push(right[r]);
                r += 1;
            }
            std::cmp::Ordering::Equal => {
                pairs.push((left[l], right[r]));
                l += 1;
                r += 1;
            }
        }
    }
    if all {
        spare_left.extend(&left[l..]);
        spare_right.extend(&right[r..]);
        pairs.extend(spare_left.into_iter().zip(spare_right));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(words: &str) -> Vec<String> {
        let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    }

    #[test]
    fn what_is_shared_counts() {
        assert!((similarity(&features("a b c d"), &features("d c b a")) - 1.0).abs() < 1e-9);
        assert!((similarity(&features("a b"), &features("b c")) - 0.5).abs() < 1e-9);
        assert!(similarity(&[], &features("a")).abs() < 1e-9);
    }

    #[test]
    fn the_likest_are_paired_first() {
        let left = [features("a b c"), features("x y z")];
        let right = [features("x y z"), features("a b d")];
        let pairs = pair_by_similarity(&[0, 1], &[0, 1], 0.5, |l, r| similarity(&left[l], &right[r])).unwrap();
        assert_eq!(pairs, vec![(1, 0), (0, 1)]);
        let many: Vec<usize> = (0..201).collect();
        assert!(pair_by_similarity(&many, &many, 0.5, |_, _| 1.0).is_none());
    }
}
