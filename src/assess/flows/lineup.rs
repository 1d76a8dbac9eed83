//! What feeds a target on each server and counts there, and how both relate.
//!
//! In: contributions of both servers that can meet in one object. Out: whether
//! their order means the same, and which two stand against each other. Must not
//! know: sentences, which setting is the cause.
//!
//! A contribution does not count where one before it always writes a value for the
//! same objects. The order of two does not count where no object is in both scopes,
//! or where both write the same.

use super::{Context, Side};
use crate::derive::{
    Contribution, RuleView, always, constant, disjoint, meaning, meaning_of, scope_of, within, written_of,
};
use crate::model::Clause;
use crate::threads::both;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// More contributions than this are compared in their order alone: the search would cost their square.
const MANY: usize = 64;

/// From this on a thread of its own is worth its while.
pub(super) const LONG: usize = 500;

/// One contribution that counts.
pub struct Entry<'a> {
    /// Its rule.
    pub rule: &'a RuleView,
    /// Who is in the scope of the rule.
    pub scope: &'a [Vec<Clause>],
    /// Pair of the rule.
    pub pair: usize,
    /// What it does, as text to compare.
    text: Arc<str>,
    written: String,
    /// Its one value for every object in scope, where it has one.
    pub value: Option<String>,
    /// It writes that value in every cycle.
    fixed: bool,
    /// Its values are added to those of other rules.
    pub combines: bool,
}

impl<'a> Entry<'a> {
    fn of(context: &Context<'a>, side: Side, of: &Contribution) -> Entry<'a> {
        let configuration = context.configuration(side);
        let rule = &context.views(side)[of.rule];
        let flow = &configuration.objects[of.flow];
        let value = constant(flow);
        let written = written_of(flow, value.as_deref());
        let merge = flow.canonical(crate::catalogue::ids::FLOW_MERGE_TYPE);
        let mut combining = context.catalogue.facts.combining_merge_types.iter();
        Entry {
            rule,
            scope: scope_of(&configuration.objects[rule.object]),
            pair: context.pair_of(side, rule.object),
            text: meaning_of(configuration, rule, &written).into(),
            fixed: always(flow, value.as_deref()),
            written,
            value,
            combines: combining.any(|known| known.eq_ignore_ascii_case(&merge)),
        }
    }

    /// Whether every object in the other scope is in this one.
    fn includes(&self, other: &Entry<'_>) -> bool {
        let (own, rival) = (self.rule, other.rule);
        let types = own.any_source || (!rival.any_source && own.source_type == rival.source_type);
        types && own.connector == rival.connector && within(other.scope, self.scope)
    }

    /// Whether nobody asks the other one, which stands behind it.
    fn covers(&self, other: &Entry<'_>) -> bool {
        let value = self.fixed || self.written == other.written;
        // Of two rules with one number nobody knows which comes first.
        let first = self.rule.precedence < other.rule.precedence && self.rule.precedence.is_some();
        value && first && self.includes(other)
    }

    /// Whether some object may be in both scopes. Filters of two connectors ask two objects.
    pub fn touches(&self, other: &Entry<'_>) -> bool {
        let apart = self.rule.connector == other.rule.connector && disjoint(self.scope, other.scope);
        self.rule.meets(other.rule) && !apart
    }

    /// Whether it matters which of the two comes first.
    fn rivals(&self, other: &Entry<'_>) -> bool {
        let one_object = self.rule.connector == other.rule.connector;
        let same = self.written == other.written && (one_object || (self.fixed && other.fixed));
        !same && self.touches(other)
    }

    /// Whether a rival behind has the same number.
    fn tied_with(&self, behind: &[Entry<'_>]) -> bool {
        behind.iter().any(|rival| tied(self, rival) && self.rivals(rival))
    }

    /// Whether both may speak of one type of objects.
    fn shares_type(&self, other: &Entry<'_>) -> bool {
        self.rule.any_source || other.rule.any_source || self.rule.source_type == other.rule.source_type
    }
}

/// What counts on both servers for objects in which all these rules can meet, in rank order.
pub struct Lineup<'a> {
    left: Vec<Entry<'a>>,
    right: Vec<Entry<'a>>,
    /// Where the rule of a pair stands on each server.
    places: [HashMap<usize, usize>; 2],
    /// What else there is on each server.
    aside: [Aside; 2],
}

/// Contributions that do not count.
#[derive(Default)]
struct Aside {
    /// Those that never have a value: their place means nothing.
    silent: BTreeSet<String>,
    /// Pairs of rules in whose place others write the same.
    covered: BTreeSet<usize>,
    /// Pairs of rules that nobody asks, because another one before them always has a value.
    hidden: BTreeSet<usize>,
}

/// Two contributions that stand against each other: the first one wins on the primary, the second one on staging.
pub struct Duel<'d, 'a> {
    /// Contributions that come before either of them.
    pub before: Vec<&'d Entry<'a>>,
    /// Wins on the primary.
    pub left: Option<&'d Entry<'a>>,
    /// Wins on staging.
    pub right: Option<&'d Entry<'a>>,
    /// Rules with the same number as the first and as the second one, so that nobody can tell which of them wins.
    pub level: [Option<&'d Entry<'a>>; 2],
}

impl<'a> Lineup<'a> {
    /// Of contributions in rank order.
    pub fn of(context: &Context<'a>, left: &[Contribution], right: &[Contribution]) -> Lineup<'a> {
        let primary = || counting(context, Side::Primary, left);
        let staging = || counting(context, Side::Staging, right);
        let ((left, on_left), (right, on_right)) = match left.len().max(right.len()) > LONG {
            true => both(primary, staging),
            false => (primary(), staging()),
        };
        Lineup {
            places: [&left, &right].map(|all| by_pair(all)),
            left,
            right,
            aside: [on_left, on_right],
        }
    }

    /// Whether every object gets the same value on both servers.
    pub fn same(&self) -> bool {
        let (left, right) = (&self.left, &self.right);
        let equal = left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.text == r.text);
        if self.aside[0].silent != self.aside[1].silent {
            return false;
        }
        if equal || left.len() != right.len() || left.len() > MANY {
            return equal;
        }
        left.iter().all(|of| place(of, right).is_some()) && self.first().is_none()
    }

    /// Whether the values of all rules are combined, so that none wins over another one.
    pub fn combines(&self) -> bool {
        self.left.iter().chain(&self.right).all(|of| of.combines)
    }

    /// The first contributions that stand against each other.
    pub fn first(&self) -> Option<Duel<'_, 'a>> {
        if self.left.len().max(self.right.len()) > MANY {
            let equal = self.left.iter().zip(&self.right).take_while(|(l, r)| l.text == r.text);
            let at = equal.count();
            let (left, right) = (self.left.get(at), self.right.get(at));
            return (left.is_some() || right.is_some()).then(|| self.duel(left, right));
        }
        let left = self.left.iter().find(|of| !settled(of, &self.left, &self.right));
        let right = self.right.iter().find(|of| !settled(of, &self.right, &self.left));
        // Who stood behind already does not take the place of a rule for objects of another type.
        let right = match (left, right) {
            (Some(l), Some(r)) if !l.shares_type(r) && place(r, &self.left).is_some() => {
                let mut others = self.right.iter().filter(|of| !settled(of, &self.right, &self.left));
                others.find(|of| l.shares_type(of))
            }
            _ => right,
        };
        (left.is_some() || right.is_some()).then(|| self.duel(left, right))
    }

    /// What the rule of a pair stands against; `None` also where others write the same in its place.
    pub fn about(&self, pair: usize) -> Option<Duel<'_, 'a>> {
        if self.aside.iter().any(|aside| aside.covered.contains(&pair)) {
            return None;
        }
        let [lefts, rights] = &self.places;
        let (left, right) = (lefts.get(&pair).copied(), rights.get(&pair).copied());
        if let (Some(l), Some(r)) = (left, right)
            && self.left[l].rule.connector != self.right[r].rule.connector
        {
            // The same rule for another directory speaks of other objects.
            return Some(self.duel(self.left.get(l), self.right.get(r)));
        }
        if let Some(at) = left {
            let found = against((&self.left, at, lefts), (&self.right, right));
            if found.is_some() || (right.is_none() && !self.aside[1].hidden.contains(&pair)) {
                return Some(self.duel(self.left.get(at), found));
            }
        }
        let at = right?;
        let found = against((&self.right, at, rights), (&self.left, left));
        let gone = left.is_none() && !self.aside[0].hidden.contains(&pair);
        (found.is_some() || gone).then(|| self.duel(found, self.right.get(at)))
    }

    /// Contributions that come before that of a pair's rule on a server and may be about the same objects; no more than
    /// it takes to know that there are several.
    pub fn before(&self, pair: usize) -> Vec<&Entry<'a>> {
        let at = |side: usize| self.places[side].get(&pair).copied();
        let mut before = Vec::new();
        for (all, at) in [(&self.left, at(0)), (&self.right, at(1))] {
            if let Some(at) = at {
                few(&mut before, &all[..at], |of| of.touches(&all[at]));
            }
        }
        before
    }

    fn duel<'d>(&'d self, left: Option<&'d Entry<'a>>, right: Option<&'d Entry<'a>>) -> Duel<'d, 'a> {
        let mut before: Vec<&Entry<'a>> = Vec::new();
        let fighters: Vec<&Entry<'a>> = [left, right].into_iter().flatten().collect();
        for (all, places, last) in [
            (&self.left, &self.places[0], left),
            (&self.right, &self.places[1], right),
        ] {
            let end = last
                .and_then(|last| places.get(&last.pair))
                .copied()
                .unwrap_or_default();
            few(&mut before, &all[..end], |of| {
                fighters
                    .iter()
                    .all(|fighter| of.pair != fighter.pair && of.text != fighter.text && of.touches(fighter))
            });
        }
        Duel {
            before,
            left,
            right,
            level: [level(left, &self.left), level(right, &self.right)],
        }
    }
}

fn by_pair(all: &[Entry<'_>]) -> HashMap<usize, usize> {
    let places = all.iter().enumerate().rev();
    places.map(|(at, of)| (of.pair, at)).collect()
}

/// Adds up to two contributions that something holds for: more would not be named.
fn few<'d, 'a>(found: &mut Vec<&'d Entry<'a>>, all: &'d [Entry<'a>], holds: impl Fn(&Entry<'a>) -> bool) {
    for of in all {
        if found.len() > 1 {
            return;
        }
        if !found.iter().any(|known| known.pair == of.pair) && holds(of) {
            found.push(of);
        }
    }
}

/// Contributions that are asked and may have a value of their own, and the others.
fn counting<'a>(context: &Context<'a>, side: Side, all: &[Contribution]) -> (Vec<Entry<'a>>, Aside) {
    let views = context.views(side);
    let (silent, speaking): (Vec<&Contribution>, Vec<&Contribution>) =
        all.iter().partition(|of| views[of.rule].silent.contains(&of.flow));
    let mut aside = Aside::default();
    let silent = silent
        .into_iter()
        .map(|of| meaning(context.configuration(side), views, of));
    aside.silent.extend(silent);
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut seen: HashSet<Arc<str>> = HashSet::new();
    let combine = |entries: &[Entry<'_>]| entries.iter().any(|of| of.combines);
    for of in speaking {
        let entry = Entry::of(context, side, of);
        let small = entries.len() < MANY && !entry.combines && !combine(&entries);
        let covering = entries.iter().find(|before| small && before.covers(&entry));
        match covering {
            Some(before) if before.written != entry.written => {
                aside.hidden.insert(entry.pair);
            }
            None if seen.insert(Arc::clone(&entry.text)) => entries.push(entry),
            _ => {
                aside.covered.insert(entry.pair);
            }
        }
    }
    while let Some(at) = needless(&entries) {
        aside.covered.insert(entries.remove(at).pair);
    }
    (entries, aside)
}

/// A contribution that another one behind it makes for the same objects, and nothing between them matters.
fn needless(entries: &[Entry<'_>]) -> Option<usize> {
    if entries.len() > MANY || entries.iter().any(|of| of.combines) {
        return None;
    }
    (0..entries.len()).find(|&at| {
        let (own, behind) = (&entries[at], &entries[at + 1..]);
        let same = behind
            .iter()
            .position(|other| own.written == other.written && other.includes(own));
        same.is_some_and(|other| !behind[..other].iter().any(|between| between.rivals(own)) && !own.tied_with(behind))
    })
}

fn place(of: &Entry<'_>, all: &[Entry<'_>]) -> Option<usize> {
    all.iter().position(|other| other.text == of.text)
}

/// A rival with the same number.
fn level<'d, 'a>(of: Option<&Entry<'a>>, all: &'d [Entry<'a>]) -> Option<&'d Entry<'a>> {
    let of = of?;
    all.iter().find(|rival| tied(of, rival) && of.rivals(rival))
}

/// Whether two rules have one number, and so no order.
fn tied(of: &Entry<'_>, rival: &Entry<'_>) -> bool {
    of.pair != rival.pair && of.rule.precedence == rival.rule.precedence
}

/// What is asked before the contribution at `at`, or may be.
fn ahead<'d, 'a>(all: &'d [Entry<'a>], at: usize) -> impl Iterator<Item = &'d Entry<'a>> {
    let numbered = all.iter().enumerate();
    numbered
        .filter(move |(place, of)| *place < at || (*place > at && tied(&all[at], of)))
        .map(|(_, of)| of)
}

/// Whether a contribution of one server stands on the other one behind no rival that it does not stand behind here.
fn settled(of: &Entry<'_>, here: &[Entry<'_>], there: &[Entry<'_>]) -> bool {
    let (Some(own), Some(other)) = (place(of, here), place(of, there)) else {
        return false;
    };
    ahead(there, other).all(|rival| !of.rivals(rival) || ahead(here, own).any(|known| known.text == rival.text))
}

/// The first of the other server's contributions that takes the place of an own one; it stands anywhere there, where the
/// own one does not.
fn against<'d, 'a>(
    (here, at, places): (&[Entry<'a>], usize, &HashMap<usize, usize>),
    (there, other): (&'d [Entry<'a>], Option<usize>),
) -> Option<&'d Entry<'a>> {
    let own = &here[at];
    // One number on one server only is another order, too.
    let level_there = |rival: &Entry<'_>| other.is_some_and(|other| tied(&there[other], rival));
    let ahead_here = |rival: &Entry<'_>| {
        places
            .get(&rival.pair)
            .is_some_and(|&place| match tied(own, &here[place]) {
                true => level_there(rival),
                false => place < at,
            })
    };
    let found = |rival: &&'d Entry<'a>| {
        rival.pair != own.pair && !ahead_here(rival) && own.shares_type(rival) && own.rivals(rival)
    };
    match other {
        Some(other) => ahead(there, other).find(found),
        None => there.iter().find(found),
    }
}
