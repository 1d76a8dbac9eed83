//! Ladders of competing rules, where their order differs.
//!
//! In: findings of order. Out: the rules in the order in which each server asks
//! them. Must not know: which order is right, how a ladder is drawn.

use super::Ordered;
use super::groups::common_order;
use super::subject::Subjects;
use super::words::{named, short};
use crate::assess::context::{Context, Side};
use crate::assess::flows::{Effects, target_name};
use crate::assess::order::forests_fingerprint;
use crate::catalogue::ids;
use crate::derive::{Contest, RuleView};
use crate::report::Finding;
use crate::report::views::{Ladder, Rung, RungPlace};
use std::collections::{BTreeMap, BTreeSet};

/// Rules of one ladder.
const RUNGS: usize = 20;

/// Makes ladders.
pub struct Ladders<'a, 'e> {
    /// Everything.
    pub context: &'a Context<'a>,
    /// What each target gets.
    pub effects: &'a Effects<'e>,
    /// Who moved.
    pub ordered: &'a Ordered,
}

/// Rules of one side by their pairs.
type Runners<'a> = BTreeMap<usize, &'a RuleView>;

/// What one ladder is about.
struct Subject<'s> {
    targets: Vec<&'s Contest>,
    /// The rule that moved with those it overtook.
    near: BTreeSet<usize>,
    /// Keys of connectors; all when absent.
    connectors: Option<&'s (String, String)>,
}

impl Ladders<'_, '_> {
    /// A ladder for each finding that has one.
    pub fn pictures(&self, subjects: &Subjects<'_>, findings: &[&Finding]) -> Vec<Ladder> {
        let mut ladders: Vec<Ladder> = Vec::new();
        for finding in findings {
            let Some(subject) = self.subject(subjects, finding) else {
                continue;
            };
            let Some(ladder) = self.ladder(subject, &finding.fingerprint) else {
                continue;
            };
            let same = |known: &&mut Ladder| known.targets == ladder.targets && known.rungs == ladder.rungs;
            match ladders.iter_mut().find(same) {
                Some(known) => known.findings.extend(ladder.findings),
                None => ladders.push(ladder),
            }
        }
        ladders
    }

    fn subject(&self, subjects: &Subjects<'_>, finding: &Finding) -> Option<Subject<'_>> {
        if finding.id == ids::FOREST_ORDER {
            let turned = self.ordered.forests.iter().find(|turned| {
                let (a, b) = &turned.connectors;
                forests_fingerprint(a, b) == finding.fingerprint
            })?;
            return Some(Subject {
                targets: turned.targets.iter().collect(),
                near: BTreeSet::new(),
                connectors: Some(&turned.connectors),
            });
        }
        let pair = subjects.pair(finding)?;
        let moved = self.ordered.moved.iter().find(|moved| moved.pair == pair)?;
        let targets: BTreeSet<&Contest> = moved.against.iter().flat_map(|(_, targets)| targets).collect();
        let others = moved.against.iter().map(|(other, _)| *other);
        Some(Subject {
            targets: targets.into_iter().collect(),
            near: others.take(RUNGS / 2).chain([pair]).collect(),
            connectors: None,
        })
    }

    fn ladder(&self, mut subject: Subject<'_>, fingerprint: &str) -> Option<Ladder> {
        // Where another rule wins is what an operator looks for.
        subject
            .targets
            .sort_by_cached_key(|target| self.effects.winner(target).is_none());
        let of = |target: &Contest| -> (Runners<'_>, Runners<'_>) {
            let of = |side| self.runners(side, target, &subject).into_iter().collect();
            (of(Side::Primary), of(Side::Staging))
        };
        let (left, right) = of(subject.targets.first()?);
        // A ladder is true of one target, and of those that the same rules write.
        let same = |target: &&&Contest| {
            let (l, r) = of(target);
            l.keys().eq(left.keys()) && r.keys().eq(right.keys())
        };
        let told: Vec<&Contest> = subject.targets.iter().filter(same).copied().collect();
        let rungs = self.rungs(&left, &right, &subject);
        let kept = nearest(&rungs, &subject.near);
        let more = rungs.len() - kept.len();
        let rungs = rungs.into_iter().enumerate();
        let rungs: Vec<Rung> = rungs
            .filter(|(at, _)| kept.contains(at))
            .map(|(_, (_, rung))| rung)
            .collect();
        let name = |target: &&Contest| short(target_name(self.context, target));
        let mut targets: Vec<String> = told.iter().map(name).collect();
        named(&mut targets, told.len());
        (!rungs.is_empty()).then(|| Ladder {
            findings: vec![fingerprint.to_owned()],
            targets,
            rungs,
            more,
        })
    }

    fn runners(&self, side: Side, target: &Contest, subject: &Subject<'_>) -> Vec<(usize, &RuleView)> {
        let rules = self.context.contests(side).get(target).into_iter().flatten();
        let of = |rule: &RuleView| {
            let of = |(a, b): &(String, String)| rule.connector == *a || rule.connector == *b;
            subject.connectors.is_none_or(of)
        };
        let rules = rules.map(|&at| &self.context.views(side)[at]).filter(|rule| of(rule));
        rules.map(|rule| (self.pair(side, rule), rule)).collect()
    }

    fn pair(&self, side: Side, rule: &RuleView) -> usize {
        let stand_in = self.ordered.stand_ins.get(&(side, rule.object));
        stand_in
            .copied()
            .unwrap_or_else(|| self.context.pair_of(side, rule.object))
    }

    /// The rules by rank on the primary, those that only staging has after the one that they follow there.
    fn rungs(&self, left: &Runners<'_>, right: &Runners<'_>, subject: &Subject<'_>) -> Vec<(usize, Rung)> {
        let (by_left, by_right) = (in_order(left), in_order(right));
        let (lefts, rights) = (places(&by_left), places(&by_right));
        // Per rule of the primary, or none, those that only staging has and that follow it there.
        let mut after: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut last = None;
        for (pair, _) in &by_right {
            if left.contains_key(pair) {
                last = Some(*pair);
            } else {
                after.entry(last).or_default().push(*pair);
            }
        }
        let mut order: Vec<usize> = after.remove(&None).unwrap_or_default();
        for (pair, _) in &by_left {
            order.push(*pair);
            order.extend(after.remove(&Some(*pair)).unwrap_or_default());
        }
        let moved = self.moved(&order, &rights, subject);
        let rung = |pair: usize| {
            let rule = left.get(&pair).or_else(|| right.get(&pair))?;
            Some(Rung {
                connector: short(self.context.connector_name(&rule.connector)),
                rule: short(rule.name.clone()),
                primary: lefts.get(&pair).copied(),
                staging: rights.get(&pair).copied(),
                moved: moved.contains(&pair),
            })
        };
        order.into_iter().filter_map(|pair| Some((pair, rung(pair)?))).collect()
    }

    /// Rules outside the longest common order: of all that compete, or where forests are the subject, of theirs.
    fn moved(&self, order: &[usize], rights: &BTreeMap<usize, RungPlace>, subject: &Subject<'_>) -> BTreeSet<usize> {
        if subject.connectors.is_none() {
            return self.ordered.moved.iter().map(|moved| moved.pair).collect();
        }
        let both: Vec<(usize, usize)> = order
            .iter()
            .filter_map(|pair| Some((*pair, rights.get(pair)?.rank)))
            .collect();
        let ranks: Vec<usize> = both.iter().map(|(_, rank)| *rank).collect();
        let kept = common_order(&ranks);
        let outside = both.iter().zip(kept).filter(|(_, kept)| !kept);
        outside.map(|((pair, _), _)| *pair).collect()
    }
}

/// Rules of one precedence have no order; names give them one that does not depend on files.
fn in_order<'r>(rules: &Runners<'r>) -> Vec<(usize, &'r RuleView)> {
    let mut sorted: Vec<(usize, &RuleView)> = rules.iter().map(|(pair, rule)| (*pair, *rule)).collect();
    sorted.sort_by_key(|(pair, rule)| (level(rule), &rule.connector, &rule.direction, &rule.name_key, *pair));
    sorted
}

fn level(rule: &RuleView) -> i64 {
    rule.precedence.unwrap_or(i64::MAX)
}

/// Ranks; rules of one precedence share one.
fn places(sorted: &[(usize, &RuleView)]) -> BTreeMap<usize, RungPlace> {
    let same = sorted.chunk_by(|a, b| level(a.1) == level(b.1)).enumerate();
    let place = |rank: usize, rule: &RuleView| RungPlace {
        rank: rank + 1,
        precedence: rule.precedence,
    };
    same.flat_map(|(rank, rules)| rules.iter().map(move |(pair, rule)| (*pair, place(rank, rule))))
        .collect()
}

/// The rungs that are shown: those the finding is about, and the nearest to them.
fn nearest(rungs: &[(usize, Rung)], near: &BTreeSet<usize>) -> BTreeSet<usize> {
    let is_near = |at: &usize| near.contains(&rungs[*at].0);
    let mut shown: BTreeSet<usize> = (0..rungs.len()).filter(is_near).take(RUNGS).collect();
    let middle: Vec<usize> = shown.iter().copied().collect();
    let distance = |at: &usize| middle.iter().map(|near| near.abs_diff(*at)).min().unwrap_or(*at);
    let mut others: Vec<usize> = (0..rungs.len()).filter(|at| !shown.contains(at)).collect();
    others.sort_by_key(distance);
    let room = RUNGS - shown.len();
    shown.extend(others.into_iter().take(room));
    shown
}
