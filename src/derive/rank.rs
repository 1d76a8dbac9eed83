//! Precedence as rank: who competes for a target, in which order, and which
//! rules moved among their competitors.
//!
//! In: views of rules of both servers and how they pair. Out: the smallest set
//! of moved rules, by the longest common order. Must not know: precedence
//! numbers' meaning beyond their order, severities.

use super::{RuleView, arenas};
use crate::model::Configuration;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Whose value it is: (metaverse type or connector and object type, attribute).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contest {
    /// Connector key for outbound flows, empty for flows into the metaverse.
    pub connector: String,
    /// Object type that has the attribute, folded.
    pub object_type: String,
    /// The attribute, folded.
    pub attribute: String,
}

/// Live rules per target, each as an index into `views`, lowest precedence number first.
pub fn contests(configuration: &Configuration, views: &[RuleView], any_type: &str) -> BTreeMap<Contest, Vec<usize>> {
    let mut contests: BTreeMap<Contest, Vec<usize>> = BTreeMap::new();
    let mut any: Vec<(String, String, usize)> = Vec::new();
    for (index, view) in views.iter().enumerate().filter(|(_, view)| view.flowing()) {
        for &flow in &view.flows {
            let contest = view.target(configuration, flow);
            if view.target_type == any_type {
                any.push((contest.connector.clone(), contest.attribute.clone(), index));
            }
            // A rule for all types is a contest of its own, too: no other rule may feed the attribute.
            contests.entry(contest).or_default().push(index);
        }
    }
    for (connector, attribute, index) in any {
        for (contest, rules) in &mut contests {
            if contest.connector == connector && contest.attribute == attribute {
                rules.push(index);
            }
        }
    }
    for rules in contests.values_mut() {
        in_rank_order(rules, views);
    }
    contests
}

/// Sorts rules by precedence, each once.
pub fn in_rank_order(rules: &mut Vec<usize>, views: &[RuleView]) {
    rules.sort_unstable();
    rules.dedup();
    // Rules of one precedence have no order; files in another order must not give them one.
    rules.sort_by_key(|&index| {
        let view = &views[index];
        let level = view.precedence.unwrap_or(i64::MAX);
        (level, &view.connector, &view.direction, &view.name_key)
    });
}

/// A rule that stands elsewhere among its competitors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Index of its pair.
    pub pair: usize,
    /// Pairs it overtook or was overtaken by, with the targets at stake.
    pub against: Vec<(usize, Vec<Contest>)>,
}

/// The result of comparing two orders.
#[derive(Debug, Default)]
pub struct Order {
    /// Rules outside the longest common order.
    pub moved: Vec<Moved>,
    /// Pairs of connector keys whose default rules follow each other the other way round, with the number of rules concerned.
    pub forests: Vec<(String, String, usize)>,
}

/// A rule that exists and is live on both servers.
struct Runner {
    pair: usize,
    left: i64,
    right: i64,
    /// Heavier rules stay where they are. The low bits are a hash of `name`, so that the choice is the same when the roles are swapped.
    weight: u128,
    /// What the rule is called whichever side is left.
    name: String,
    /// Tag base and connector, for default rules.
    group: Option<(String, String)>,
}

/// Compares the order of rules that compete.
///
/// `pairs` maps a pair's index to its views on both sides; only live, matched rules are given.
/// `shared` lists, per target, the pairs that feed it on both servers.
pub fn compare_order(pairs: &[(usize, &RuleView, &RuleView)], shared: &BTreeMap<Contest, Vec<usize>>) -> Order {
    let mut runners: Vec<Runner> = pairs
        .iter()
        .filter_map(|(pair, left, right)| {
            let (l, r) = (left.precedence?, right.precedence?);
            let name = name(left, right);
            Some(Runner {
                pair: *pair,
                left: l,
                right: r,
                // The longest order counts first; among equals rules that kept their number and default rules stay.
                weight: weight(l == r, left.standard && right.standard, &name),
                name,
                group: left
                    .tag
                    .as_ref()
                    .filter(|_| left.standard && right.standard)
                    .map(|tag| (tag.base.clone(), left.connector.clone())),
            })
        })
        .collect();
    runners.sort_by(|a, b| (&a.name, a.pair).cmp(&(&b.name, b.pair)));
    let forests = settle_forests(&mut runners);
    let arenas = meeting(pairs, shared);
    let disordered = disordered(&runners, &arenas);
    let mut moved: BTreeSet<usize> = outside_common_order(&runners, &disordered).into_iter().collect();
    let rivals = rivals(&runners, &arenas, &moved);
    prune(&mut moved, &rivals);
    let moved = moved
        .into_iter()
        .map(|index| Moved {
            pair: runners[index].pair,
            against: rivals
                .get(&index)
                .into_iter()
                .flatten()
                .map(|(other, contests)| (runners[*other].pair, contests.clone()))
                .collect(),
        })
        .collect();
    Order { moved, forests }
}

/// Pairs that feed one target and can meet there.
type Arena<'a> = (&'a Contest, Vec<usize>);

/// Each target once per group of pairs that can meet there.
fn meeting<'a>(pairs: &[(usize, &RuleView, &RuleView)], shared: &'a BTreeMap<Contest, Vec<usize>>) -> Vec<Arena<'a>> {
    let views: HashMap<usize, (&RuleView, &RuleView)> = pairs.iter().map(|(pair, l, r)| (*pair, (*l, *r))).collect();
    let mut all = Vec::new();
    for (contest, members) in shared {
        let known: Vec<(usize, (&RuleView, &RuleView))> = members
            .iter()
            .filter_map(|pair| Some((*pair, *views.get(pair)?)))
            .collect();
        // A rule that reads another type on each server may meet all.
        let same = known.iter().all(|(_, (l, r))| l.source_type == r.source_type);
        let groups = match same {
            true => arenas(known.iter().map(|(_, (left, _))| *left)),
            false => vec![(0..known.len()).collect()],
        };
        all.extend(groups.into_iter().map(|group| {
            let pairs = group.into_iter().map(|at| known[at].0).collect();
            (contest, pairs)
        }));
    }
    all
}

/// The longest order counts first; among equals rules that kept their number and default rules stay.
fn weight(same_number: bool, standard: bool, name: &str) -> u128 {
    // FNV-1a: any fixed hash will do.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let rank: u128 = 1_000_000 + if same_number { 2 } else { 0 } + u128::from(standard);
    (rank << 64) | u128::from(hash >> 20)
}

/// A rule's name in an order that does not know left and right.
fn name(left: &RuleView, right: &RuleView) -> String {
    let own = |rule: &RuleView| {
        let tag = rule.tag.as_ref().filter(|_| rule.standard);
        tag.map_or(&rule.name_key, |tag| &tag.base).clone()
    };
    let first = own(left).min(own(right));
    let connector = left.connector.as_str().min(&right.connector);
    format!("{connector} {} {first}", left.direction)
}

/// Where default rules of two forests stand in the other order throughout, that is one fact; it is taken out of the numbers.
fn settle_forests(runners: &mut [Runner]) -> Vec<(String, String, usize)> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, runner) in runners.iter().enumerate() {
        if let Some((base, _)) = &runner.group {
            groups.entry(base.clone()).or_default().push(index);
        }
    }
    let connector = |runners: &[Runner], index: usize| {
        runners[index]
            .group
            .as_ref()
            .map(|(_, connector)| connector.clone())
            .unwrap_or_default()
    };
    // Per pair of connectors: how many tags keep and how many turn the order.
    let mut votes: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for members in groups.values() {
        for (at, &a) in members.iter().enumerate() {
            for &b in &members[at + 1..] {
                let (mut a, mut b) = (a, b);
                if connector(runners, a) > connector(runners, b) {
                    std::mem::swap(&mut a, &mut b);
                }
                let key = (connector(runners, a), connector(runners, b));
                if key.0 == key.1 {
                    continue;
                }
                let vote = votes.entry(key).or_default();
                if turned(&runners[a], &runners[b]) {
                    vote.1 += 1;
                } else {
                    vote.0 += 1;
                }
            }
        }
    }
    let turned: BTreeMap<(String, String), usize> = votes
        .into_iter()
        .filter(|(_, (kept, turned))| *turned >= 2 && turned > kept)
        .map(|(key, (_, turned))| (key, turned))
        .collect();
    if turned.is_empty() {
        return Vec::new();
    }
    for members in groups.values() {
        let concerned = members.iter().any(|&a| {
            members
                .iter()
                .any(|&b| turned.contains_key(&(connector(runners, a), connector(runners, b))))
        });
        if concerned {
            let mut by_left = members.clone();
            by_left.sort_by_key(|&index| runners[index].left);
            let mut numbers: Vec<i64> = members.iter().map(|&index| runners[index].right).collect();
            numbers.sort_unstable();
            for (&index, number) in by_left.iter().zip(numbers) {
                runners[index].right = number;
            }
        }
    }
    turned.into_iter().map(|((a, b), count)| (a, b, count)).collect()
}

/// Whether two rules stand in another relation on the two servers. One number for both is a relation of its own: undefined order.
fn turned(a: &Runner, b: &Runner) -> bool {
    a.left.cmp(&b.left) != a.right.cmp(&b.right)
}

/// Runners of every target whose order differs.
fn disordered(runners: &[Runner], arenas: &[Arena<'_>]) -> Vec<usize> {
    let position: HashMap<usize, usize> = runners.iter().enumerate().map(|(at, r)| (r.pair, at)).collect();
    let mut all = BTreeSet::new();
    for (_, pairs) in arenas {
        let mut members: Vec<usize> = pairs.iter().filter_map(|pair| position.get(pair).copied()).collect();
        members.sort_by_key(|&at| (runners[at].left, runners[at].right));
        if members.windows(2).any(|two| turned(&runners[two[0]], &runners[two[1]])) {
            all.extend(members);
        }
    }
    all.into_iter().collect()
}

/// Complement of the heaviest common order, by a Fenwick tree of prefix maxima: O(n log n).
fn outside_common_order(runners: &[Runner], members: &[usize]) -> Vec<usize> {
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|&at| (runners[at].left, std::cmp::Reverse(runners[at].right), at));
    let mut numbers: Vec<i64> = members.iter().map(|&at| runners[at].right).collect();
    numbers.sort_unstable();
    numbers.dedup();
    // best[i]: (weight, index into `sorted` + 1) of the heaviest order that ends at a number of at most i.
    let mut best: Vec<(u128, usize)> = vec![(0, 0); numbers.len() + 1];
    let mut weight = vec![0_u128; sorted.len()];
    let mut before = vec![0_usize; sorted.len()];
    for (step, &at) in sorted.iter().enumerate() {
        let rank = numbers.partition_point(|&number| number < runners[at].right);
        let mut slot = rank;
        let mut found = (0, 0);
        while slot > 0 {
            found = found.max(best[slot]);
            slot &= slot - 1;
        }
        weight[step] = found.0 + runners[at].weight;
        before[step] = found.1;
        let entry = (weight[step], step + 1);
        let mut slot = rank + 1;
        while slot < best.len() {
            if best[slot].0 < entry.0 {
                best[slot] = entry;
            }
            slot += slot & slot.wrapping_neg();
        }
    }
    let mut kept = BTreeSet::new();
    let mut end = (0..sorted.len()).max_by_key(|&step| (weight[step], std::cmp::Reverse(step)));
    while let Some(step) = end {
        kept.insert(sorted[step]);
        end = before[step].checked_sub(1);
    }
    sorted.into_iter().filter(|at| !kept.contains(at)).collect()
}

/// For each rule outside the common order the runners it is turned against, with the targets.
fn rivals(
    runners: &[Runner],
    arenas: &[Arena<'_>],
    outside: &BTreeSet<usize>,
) -> BTreeMap<usize, BTreeMap<usize, Vec<Contest>>> {
    /// Rivals of one rule at one target. A report names a few, and thousands of rules must not cost their square.
    const MANY: usize = 16;
    let position: HashMap<usize, usize> = runners.iter().enumerate().map(|(at, r)| (r.pair, at)).collect();
    let mut rivals: BTreeMap<usize, BTreeMap<usize, Vec<Contest>>> = BTreeMap::new();
    for (contest, pairs) in arenas {
        let mut members: Vec<usize> = pairs.iter().filter_map(|pair| position.get(pair).copied()).collect();
        members.sort_by_key(|&at| (runners[at].left, runners[at].right));
        // Rules that stay are the better witnesses.
        let (moving, staying): (Vec<usize>, Vec<usize>) = members.iter().partition(|at| outside.contains(at));
        for &a in &moving {
            let others = staying
                .iter()
                .chain(&moving)
                .filter(|&&b| turned(&runners[a], &runners[b]));
            for &b in others.take(MANY) {
                let targets: &mut Vec<Contest> = rivals.entry(a).or_default().entry(b).or_default();
                // Two rules may meet in several groups.
                if targets.last() != Some(*contest) {
                    targets.push((*contest).clone());
                }
            }
        }
    }
    rivals
}

/// Drops every rule whose rivals have all moved themselves, or that has none.
fn prune(moved: &mut BTreeSet<usize>, rivals: &BTreeMap<usize, BTreeMap<usize, Vec<Contest>>>) {
    for index in moved.clone() {
        let needed = rivals
            .get(&index)
            .is_some_and(|others| others.keys().any(|other| !moved.contains(other)));
        if !needed {
            moved.remove(&index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runner(pair: usize, left: i64, right: i64) -> Runner {
        Runner {
            pair,
            left,
            right,
            weight: super::weight(false, false, &pair.to_string()),
            name: pair.to_string(),
            group: None,
        }
    }

    #[test]
    fn one_rule_that_overtakes_many_is_the_one_that_moved() {
        let runners = vec![runner(0, 1, 2), runner(1, 2, 3), runner(2, 3, 4), runner(3, 4, 1)];
        assert_eq!(outside_common_order(&runners, &[0, 1, 2, 3]), vec![3]);
    }

    #[test]
    fn renumbering_moves_nobody() {
        let runners = vec![runner(0, 1, 50), runner(1, 2, 60), runner(2, 3, 99)];
        assert!(outside_common_order(&runners, &[0, 1, 2]).is_empty());
    }
}
