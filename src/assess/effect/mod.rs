//! What a difference of a rule does at failover: one sentence built from the
//! rule, with the texts of the catalogue.
//!
//! In: a pair of rules and what differs. Out: a sentence, or none where none
//! can be told. Must not know: severities, findings.
//!
//! Staging is the server that takes over: what the primary does and staging
//! does not is lost, the other way round it is gained.

mod flow;
mod moved;
mod words;

use super::context::{Context, Side};
use crate::catalogue::{Situation, Way, ids};
use crate::derive::{RuleView, scope_of};
use crate::diff::SettingChange;
use crate::model::{Clause, Object};
use flow::Filtering;
pub use words::Moved;
use words::Words;

/// Why a difference changes nothing.
#[derive(Debug, Clone, Copy)]
pub enum Idle {
    /// The rule does nothing.
    Silent,
    /// Other rules do the same.
    Covered,
}

/// Two forests whose rules follow each other the other way round: the first one on each server.
pub fn forests(context: &Context<'_>, primary: String, staging: String) -> Option<String> {
    if context.options.same_server {
        return None;
    }
    let text = context.catalogue.effects.text(Some(ids::FOREST_ORDER), None, &[])?;
    Some(words::fill(text, |name| match name {
        "server" => context.server_name(Side::Staging),
        "primary" => context.server_name(Side::Primary),
        "before" => primary.clone(),
        _ => staging.clone(),
    }))
}

/// Tells what differences of one rule do.
pub struct Teller<'a> {
    context: &'a Context<'a>,
    pair: usize,
}

impl<'a> Teller<'a> {
    /// For a pair of rules.
    pub fn new(context: &'a Context<'a>, pair: usize) -> Teller<'a> {
        Teller { context, pair }
    }

    /// The whole rule stands, or runs, on one server only.
    pub fn whole(&self) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let live = |rule: Option<&'a RuleView>| rule.filter(|rule| rule.has_effect());
        match (live(left), live(right)) {
            (Some(rule), None) => self.rule(Side::Primary, rule, Way::Lost, None),
            (None, Some(rule)) => self.rule(Side::Staging, rule, Way::Gained, None),
            _ => None,
        }
    }

    /// The difference changes nothing.
    pub fn idle(&self, row: &str, why: Idle) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let situation = match why {
            Idle::Silent => Situation::Silent,
            Idle::Covered => Situation::Covered,
        };
        let told = !self.context.options.same_server;
        let rule = left.or(right).filter(|_| told)?;
        self.text(Some(row), None, &[situation], rule, &[])
    }

    /// One server has a copy in the place of the rule.
    pub fn cloned(&self) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let (left, right) = (left?, right?);
        if !self.told(left, right) {
            return None;
        }
        let (_, rule, way) = one_sided(left, right, left.standard);
        self.text(Some(ids::RULE_CLONED_DEFAULT), Some(way), &[], rule, &[])
    }

    /// A setting of the rule differs.
    pub fn setting(&self, change: &SettingChange) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let (left, right) = (left?, right?);
        if change.key.row == ids::RULE_DISABLED {
            return self.whole();
        }
        if !self.both_run(left, right) {
            return None;
        }
        match change.key.row {
            ids::RULE_SCOPE => self.scope(left, right),
            ids::RULE_JOIN if left.joins != right.joins => {
                let (side, rule, way) = one_sided(left, right, left.joins);
                let direction = if rule.inbound {
                    Situation::Inbound
                } else {
                    Situation::Outbound
                };
                let places = [("objects", self.objects(side, rule))];
                self.text(None, Some(way), &[direction, Situation::Joins], rule, &places)
            }
            ids::RULE_PASSWORD if left.passwords != right.passwords => {
                let (side, rule, way) = one_sided(left, right, left.passwords);
                if !self.has_passwords(rule) {
                    return None;
                }
                let objects = self.objects(side, rule);
                self.text(None, Some(way), &[Situation::Passwords], rule, &[("objects", objects)])
            }
            ids::RULE_LINK_TYPE if left.creates != right.creates => {
                let (side, rule, way) = one_sided(left, right, left.creates);
                self.rule(side, rule, way, None)
            }
            ids::RULE_LINK_TYPE if left.mute != right.mute && !left.flows.is_empty() => {
                let (side, rule, way) = one_sided(left, right, right.mute);
                let places = [
                    ("objects", self.objects(side, rule)),
                    ("targets", self.targets(side, rule)),
                ];
                self.text(None, Some(way), &[Situation::Flows], rule, &places)
            }
            ids::RULE_SOURCE_TYPE | ids::RULE_CONNECTOR if !left.any_source && !right.any_source => {
                self.turned(left, right)
            }
            row => {
                let value = |side| {
                    self.context
                        .setting(self.pair, side, &change.key)
                        .map(|s| s.value.display())
                };
                let places = [
                    ("objects", self.objects(Side::Primary, left)),
                    ("before", value(Side::Primary).unwrap_or_default()),
                    ("after", value(Side::Staging).unwrap_or_default()),
                ];
                self.text(Some(row), self.widened(row, left, right), &[], left, &places)
            }
        }
    }

    /// The rule works on other objects: those of the primary lose it, those of staging gain it.
    fn turned(&self, left: &RuleView, right: &RuleView) -> Option<String> {
        let lost = left
            .live
            .then(|| self.rule(Side::Primary, left, Way::Lost, None))
            .flatten();
        let gained = right
            .live
            .then(|| self.rule(Side::Staging, right, Way::Gained, None))
            .flatten();
        let both: Vec<String> = [lost, gained].into_iter().flatten().collect();
        (!both.is_empty()).then(|| both.join(" "))
    }

    /// Whether a type becomes every type, or every type one.
    fn widened(&self, row: &str, left: &RuleView, right: &RuleView) -> Option<Way> {
        let any = &self.context.catalogue.facts.any_object_type;
        let every = |rule: &RuleView| match row {
            ids::RULE_SOURCE_TYPE => rule.any_source,
            ids::RULE_TARGET_TYPE => rule.target_type == *any,
            _ => false,
        };
        match (every(left), every(right)) {
            (true, false) => Some(Way::Lost),
            (false, true) => Some(Way::Gained),
            _ => None,
        }
    }

    fn has_passwords(&self, rule: &RuleView) -> bool {
        let mut types = self.context.catalogue.facts.password_object_types.iter();
        rule.any_source || types.any(|known| known.eq_ignore_ascii_case(&rule.source_type))
    }

    /// Where one server does not run the rule that is the difference: what its parts would do is not asked.
    fn both_run(&self, left: &RuleView, right: &RuleView) -> bool {
        self.told(left, right) && left.live && right.live
    }

    /// Over time there is no failover, and what is disabled on both servers does nothing, whatever it says: there is
    /// nobody of whom an effect could be told.
    fn told(&self, left: &RuleView, right: &RuleView) -> bool {
        !self.context.options.same_server && (left.live || right.live)
    }

    /// What is lost or gained with the rule, for all objects in its scope or for some.
    fn rule(&self, side: Side, rule: &RuleView, way: Way, objects: Option<String>) -> Option<String> {
        if self.context.options.same_server {
            return None;
        }
        let places = [
            ("objects", objects.unwrap_or_else(|| self.objects(side, rule))),
            ("targets", self.targets(side, rule)),
        ];
        self.text(None, Some(way), &self.situations(side, rule), rule, &places)
    }

    fn targets(&self, side: Side, rule: &RuleView) -> String {
        let objects = &self.context.configuration(side).objects;
        let speaking: Vec<usize> = rule.speaking().collect();
        let told = if speaking.is_empty() { &rule.flows } else { &speaking };
        super::flows::list(told.iter().map(|&flow| objects[flow].name.clone()))
    }

    /// Who leaves and who enters the scope.
    pub fn rescoped(&self) -> Option<Moved> {
        let (left, right) = self.context.rules(self.pair);
        let (left, right) = (left?, right?);
        let groups = |side, rule| self.groups(side, rule);
        let (l, r) = (groups(Side::Primary, left), groups(Side::Staging, right));
        Some(self.words().moved(&left.source_type, l, r))
    }

    fn scope(&self, left: &RuleView, right: &RuleView) -> Option<String> {
        let moved = self.rescoped()?;
        let lost = moved
            .lost
            .and_then(|objects| self.rule(Side::Primary, left, Way::Lost, Some(objects)));
        let gained = moved
            .gained
            .and_then(|objects| self.rule(Side::Staging, right, Way::Gained, Some(objects)));
        match (lost, gained) {
            (None, None) => None,
            (lost, gained) => Some([lost, gained].into_iter().flatten().collect::<Vec<_>>().join(" ")),
        }
    }

    fn words(&self) -> Words<'a> {
        Words::new(&self.context.catalogue.effects)
    }

    fn groups(&self, side: Side, rule: &RuleView) -> &'a [Vec<Clause>] {
        scope_of(&self.context.configuration(side).objects[rule.object])
    }

    fn objects(&self, side: Side, rule: &RuleView) -> String {
        self.words().objects(&rule.source_type, self.groups(side, rule))
    }

    fn situations(&self, side: Side, rule: &RuleView) -> Vec<Situation> {
        let objects = &self.context.configuration(side).objects;
        let filtering: Vec<Filtering> = rule
            .speaking()
            .map(|flow| &objects[flow])
            .filter(|flow| self.filtering(flow))
            .map(|flow| self.filtering_of(Some(flow)))
            .collect();
        let all = |state: Filtering| filtering.iter().all(|of| *of == state);
        let speaks = rule.speaking().next().is_some();
        [
            (rule.inbound, Situation::Inbound),
            (!rule.inbound, Situation::Outbound),
            (rule.mute, Situation::Mute),
            (rule.creates, Situation::Provisions),
            (rule.joins && !rule.mute, Situation::Joins),
            (rule.passwords && self.has_passwords(rule), Situation::Passwords),
            (rule.filters, Situation::Filters),
            (
                rule.filters && filtering.contains(&Filtering::Always),
                Situation::AlwaysFilters,
            ),
            (rule.filters && all(Filtering::Never), Situation::NeverFilters),
            (speaks && !rule.mute, Situation::Flows),
            (!rule.flows.is_empty() && !speaks, Situation::Valueless),
        ]
        .into_iter()
        .filter_map(|(holds, situation)| holds.then_some(situation))
        .collect()
    }

    fn filtering(&self, flow: &Object) -> bool {
        self.is_filtering(&flow.key)
    }

    fn is_filtering(&self, attribute: &str) -> bool {
        let names = &self.context.catalogue.facts.filtering_attributes;
        names.iter().any(|name| name.eq_ignore_ascii_case(attribute))
    }

    fn text(
        &self,
        row: Option<&str>,
        way: Option<Way>,
        holds: &[Situation],
        rule: &RuleView,
        places: &[(&str, String)],
    ) -> Option<String> {
        let text = self.context.catalogue.effects.text(row, way, holds)?;
        let known = |name: &str| match name {
            "server" => self.context.server_name(Side::Staging),
            "primary" => self.context.server_name(Side::Primary),
            "connector" => self.context.connector_name(&rule.connector),
            _ => places
                .iter()
                .find(|(place, _)| *place == name)
                .map(|(_, words)| words.clone())
                .unwrap_or_default(),
        };
        Some(words::fill(text, known))
    }
}

/// The side that has it, its rule, and what that means for staging.
fn one_sided<'r>(left: &'r RuleView, right: &'r RuleView, on_left: bool) -> (Side, &'r RuleView, Way) {
    if on_left {
        (Side::Primary, left, Way::Lost)
    } else {
        (Side::Staging, right, Way::Gained)
    }
}
