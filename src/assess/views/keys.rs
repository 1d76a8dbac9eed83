//! Which metaverse attributes a finding changes.
//!
//! In: findings of rules, flows and their order. Out: the attributes that are
//! pictured for each. Must not know: what a picture shows.

use super::Ordered;
use super::subject::Subjects;
use crate::assess::context::{Context, Side};
use crate::assess::finding::digest;
use crate::assess::flows::Effects;
use crate::assess::order::forests_fingerprint;
use crate::catalogue::ids;
use crate::derive::{Contest, Reads, RuleView};
use crate::model::ObjectIndex;
use crate::report::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// A metaverse attribute of an object type, folded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Object type.
    pub object_type: String,
    /// Attribute.
    pub attribute: String,
}

/// Finds keys.
pub struct Keys<'a, 'e> {
    context: &'a Context<'a>,
    effects: &'a Effects<'e>,
    ordered: &'a Ordered,
    /// Targets by the fingerprint of the finding that no setting explains, where there are such findings.
    unexplained: BTreeMap<String, &'a Contest>,
}

impl<'a, 'e> Keys<'a, 'e> {
    /// For these findings.
    pub fn of(
        context: &'a Context<'a>,
        effects: &'a Effects<'e>,
        ordered: &'a Ordered,
        findings: &[&Finding],
    ) -> Keys<'a, 'e> {
        let mut unexplained = BTreeMap::new();
        if findings.iter().any(|finding| finding.id == ids::EFFECTIVE_FLOW) {
            for side in [Side::Primary, Side::Staging] {
                for target in context.contests(side).keys() {
                    let parts = [
                        ids::EFFECTIVE_FLOW,
                        &target.connector,
                        &target.object_type,
                        &target.attribute,
                    ];
                    unexplained.insert(digest(&parts), target);
                }
            }
        }
        Keys {
            context,
            effects,
            ordered,
            unexplained,
        }
    }

    /// What a finding changes.
    pub fn changed_by(&self, subjects: &Subjects<'_>, finding: &Finding) -> BTreeSet<Key> {
        match finding.id.as_ref() {
            ids::FOREST_ORDER => {
                let print = |(a, b): &(String, String)| forests_fingerprint(a, b);
                let mut turned = self.ordered.forests.iter();
                let turned = turned.find(|turned| print(&turned.connectors) == finding.fingerprint);
                let targets = turned.map_or(&[][..], |turned| &turned.targets);
                self.keys(targets.iter().filter(|target| self.wins(target)), None)
            }
            ids::EFFECTIVE_FLOW => self.keys(self.unexplained.get(&finding.fingerprint).copied(), None),
            id => match subjects.pair(finding) {
                Some(pair) if id == ids::FLOW => self.of_flow(pair),
                Some(pair) if id == ids::RULE_PRECEDENCE => self.of_moved(pair),
                Some(pair) => self.of_rule(pair),
                None => BTreeSet::new(),
            },
        }
    }

    /// Whether another rule wins.
    fn wins(&self, target: &Contest) -> bool {
        self.effects.winner(target).is_some()
    }

    fn of_flow(&self, flow: usize) -> BTreeSet<Key> {
        let Some(rule) = self.context.parent(flow) else {
            return BTreeSet::new();
        };
        let targets = self.targets(rule, |side, index| self.context.pair_of(side, index) == flow);
        self.keys(targets.iter(), Some(rule))
    }

    fn of_moved(&self, pair: usize) -> BTreeSet<Key> {
        let moved = self.ordered.moved.iter().find(|moved| moved.pair == pair);
        let against = moved.into_iter().flat_map(|moved| &moved.against);
        let targets = against.flat_map(|(_, targets)| targets);
        self.keys(targets.filter(|target| self.wins(target)), Some(pair))
    }

    fn of_rule(&self, rule: usize) -> BTreeSet<Key> {
        let targets = self.targets(rule, |_, _| true);
        let changed = |target: &&Contest| self.effects.differ_at(target) && self.wins(target);
        self.keys(targets.iter().filter(changed), Some(rule))
    }

    /// Targets of a rule's flows that run; for a rule of all object types the same attribute of each type that rules name.
    fn targets(&self, rule: usize, of: impl Fn(Side, ObjectIndex) -> bool) -> BTreeSet<Contest> {
        let (left, right) = self.context.rules(rule);
        let mut targets = BTreeSet::new();
        for (side, view) in [(Side::Primary, left), (Side::Staging, right)] {
            let Some(view) = view.filter(|view| view.flowing()) else {
                continue;
            };
            for &flow in view.flows.iter().filter(|&&flow| of(side, flow)) {
                let mut each = self
                    .effects
                    .targets(&view.target(self.context.configuration(side), flow));
                if each.len() > 1 {
                    each.retain(|target| target.object_type != self.context.catalogue.facts.any_object_type);
                }
                targets.extend(each);
            }
        }
        targets
    }

    /// The metaverse attributes of targets: themselves, or for those of a connector what is read for them, by one rule or all.
    fn keys<'t>(&self, targets: impl IntoIterator<Item = &'t Contest>, rule: Option<usize>) -> BTreeSet<Key> {
        let mut keys = BTreeSet::new();
        for target in targets {
            if target.connector.is_empty() {
                keys.insert(Key {
                    object_type: target.object_type.clone(),
                    attribute: target.attribute.clone(),
                });
                continue;
            }
            for side in [Side::Primary, Side::Staging] {
                let rules = self.context.contests(side).get(target).into_iter().flatten();
                let views = rules.map(|&at| &self.context.views(side)[at]);
                let of = |view: &&RuleView| rule.is_none_or(|rule| self.context.pair_of(side, view.object) == rule);
                for view in views.filter(of) {
                    keys.extend(self.read_for(side, view, target));
                }
            }
        }
        keys
    }

    fn read_for(&self, side: Side, view: &RuleView, target: &Contest) -> Vec<Key> {
        let objects = &self.context.configuration(side).objects;
        let flows = view.flows.iter().map(|&flow| &objects[flow]);
        let own = flows.filter(|flow| flow.key == target.attribute);
        let read = own.flat_map(|flow| Reads::of_flow(flow, false).metaverse.into_keys());
        read.map(|attribute| Key {
            object_type: view.source_type.clone(),
            attribute,
        })
        .collect()
    }
}
