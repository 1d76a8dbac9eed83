//! Effective attribute flows of both servers, side by side.
//!
//! In: all live rules of both servers. Out: per target whether what it gets
//! differs, which rules change nothing, and who wins where. Must not know:
//! which setting is the cause.
//!
//! Only rules that neither join, provision, filter nor carry passwords can be
//! without effect; for the others more than values is at stake.

mod lineup;
mod rescoped;
mod unexplained;
mod winner;

use super::context::{Context, Side};
use crate::derive::{Contest, Contribution, RuleView, arenas, contributions, meaning};
use crate::model::Configuration;
use crate::threads::both;
use lineup::LONG;
pub use lineup::{Duel, Entry, Lineup};
pub use rescoped::rescoped;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
pub use unexplained::judge;
pub use winner::{list, shorten, target_name, unless, winners};

/// Whether what feeds a target differs between the servers, and who wins it; each target is looked at once, when
/// somebody asks.
pub struct Effects<'a> {
    context: &'a Context<'a>,
    known: Mutex<HashMap<Contest, bool>>,
    lineups: Mutex<HashMap<Contest, Arc<Vec<Lineup<'a>>>>>,
    winners: Mutex<HashMap<Contest, Option<String>>>,
}

impl<'a> Effects<'a> {
    /// Nothing was asked yet.
    pub fn of(context: &'a Context<'a>) -> Effects<'a> {
        Effects {
            context,
            known: Mutex::default(),
            lineups: Mutex::default(),
            winners: Mutex::default(),
        }
    }

    /// Who wins a target on each server, in a sentence; `None` where the same rules do.
    pub fn winner(&self, target: &Contest) -> Option<String> {
        if let Some(known) = locked(&self.winners).get(target) {
            return known.clone();
        }
        let sentence = winner::sentence(self, target);
        locked(&self.winners).insert(target.clone(), sentence.clone());
        sentence
    }

    /// Whether a target gets other contributions, or the same in another order.
    pub fn differ_at(&self, target: &Contest) -> bool {
        if let Some(known) = locked(&self.known).get(target) {
            return *known;
        }
        let differ = !alike(self.context, target) && self.lineups(target).iter().any(|of| !of.same());
        locked(&self.known).insert(target.clone(), differ);
        differ
    }

    /// What feeds a target on both servers, once per group of rules that can meet there.
    pub fn lineups(&self, target: &Contest) -> Arc<Vec<Lineup<'a>>> {
        if let Some(known) = locked(&self.lineups).get(target) {
            return Arc::clone(known);
        }
        let arenas = arenas_of(self.context, target);
        let lineup = |arena: &Arena| Lineup::of(self.context, &arena.left, &arena.right);
        let lineups = Arc::new(arenas.iter().map(lineup).collect());
        locked(&self.lineups).insert(target.clone(), Arc::clone(&lineups));
        lineups
    }

    /// What the rule of a pair needs to have its say at a target: ` for which "X" has no value`.
    pub fn unless(&self, target: &Contest, pair: usize) -> String {
        let lineups = self.lineups(target);
        let before = lineups.iter().map(|lineup| lineup.before(pair)).max_by_key(Vec::len);
        winner::unless(self.context, &before.unwrap_or_default())
    }

    /// Who wins a target on each server because of a rule, in a sentence.
    pub fn winner_by(&self, target: &Contest, pair: usize) -> Option<String> {
        winner::by(self, target, pair)
    }

    /// Whether none of the targets of a live rule gets another value.
    pub fn none_by(&self, configuration: &Configuration, rule: &RuleView) -> bool {
        !rule.does_more_than_flow() && rule.flows.iter().all(|&flow| self.none_at(configuration, rule, flow))
    }

    /// Whether the target of one flow of a rule gets no other value.
    pub fn none_at(&self, configuration: &Configuration, rule: &RuleView, flow: usize) -> bool {
        self.targets(&rule.target(configuration, flow))
            .iter()
            .all(|target| !self.differ_at(target))
    }

    /// The target, and for a rule of all object types the same attribute of each.
    pub fn targets(&self, target: &Contest) -> Vec<Contest> {
        if target.object_type != self.context.catalogue.facts.any_object_type {
            return vec![target.clone()];
        }
        let same = |other: &&Contest| other.connector == target.connector && other.attribute == target.attribute;
        let sides = [Side::Primary, Side::Staging].into_iter();
        let found: BTreeSet<Contest> = sides
            .flat_map(|side| {
                self.context
                    .contests(side)
                    .keys()
                    .filter(same)
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .chain([target.clone()])
            .collect();
        found.into_iter().collect()
    }
}

/// What is remembered of targets. Who computes a target holds no lock, so two threads may do it twice, and alike.
fn locked<T>(known: &Mutex<T>) -> MutexGuard<'_, T> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What live rules of a side contribute to a target, in rank order.
fn of_side(context: &Context<'_>, side: Side, target: &Contest) -> Vec<Contribution> {
    let rules = context.contests(side).get(target).map_or(&[][..], Vec::as_slice);
    contributions(context.configuration(side), context.views(side), rules, target)
}

/// Contributions of both servers that can meet in one object, in rank order.
struct Arena {
    left: Vec<Contribution>,
    right: Vec<Contribution>,
}

/// What feeds a target, once per group of rules that can meet there.
fn arenas_of(context: &Context<'_>, target: &Contest) -> Vec<Arena> {
    let (left, right) = (
        of_side(context, Side::Primary, target),
        of_side(context, Side::Staging, target),
    );
    let view = |side: Side, all: &[Contribution]| -> Vec<&RuleView> {
        all.iter().map(|of| &context.views(side)[of.rule]).collect()
    };
    let rules = [view(Side::Primary, &left), view(Side::Staging, &right)].concat();
    let arena = |group: Vec<usize>| {
        let (l, r): (Vec<usize>, Vec<usize>) = group.into_iter().partition(|&at| at < left.len());
        Arena {
            left: l.into_iter().map(|at| left[at]).collect(),
            right: r.into_iter().map(|at| right[at - left.len()]).collect(),
        }
    };
    arenas(rules.into_iter()).into_iter().map(arena).collect()
}

/// Whether both servers contribute the same in one order, whatever it means.
fn alike(context: &Context<'_>, target: &Contest) -> bool {
    let of = |side: Side| texts(context, side, target);
    let (left, right) = match context.contests(Side::Primary).get(target).map_or(0, Vec::len) > LONG {
        true => both(|| of(Side::Primary), || of(Side::Staging)),
        false => (of(Side::Primary), of(Side::Staging)),
    };
    left == right || distinct(&left) == distinct(&right)
}

/// All that feeds a target, as texts to compare.
fn texts(context: &Context<'_>, side: Side, target: &Contest) -> Vec<String> {
    let meaning = |of: &Contribution| meaning(context.configuration(side), context.views(side), of);
    of_side(context, side, target).iter().map(meaning).collect()
}

/// What an equal, earlier contribution covers is left out.
fn distinct(texts: &[String]) -> Vec<&str> {
    let mut seen = HashSet::new();
    let all = texts.iter().map(String::as_str);
    all.filter(|text| seen.insert(*text)).collect()
}
