//! What a difference of a rule does at failover: one sentence built from the
//! rule, with the texts of the catalogue.
//!
//! In: a pair of rules and what differs. Out: a sentence, or none where none
//! can be told. Must not know: severities, findings.
//!
//! Staging is the server that takes over: what the primary does and staging
//! does not is lost, the other way round it is gained.

mod words;

use super::context::{Context, Side};
use crate::catalogue::{Situation, Way, ids};
use crate::derive::{Contest, RuleView, scope_of};
use crate::diff::SettingChange;
use crate::model::{Clause, Object};
use crate::normalise::flag;
use crate::report::Detail;
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

/// A value longer than this is not repeated in a sentence.
const SHORT: usize = 70;

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
        if !self.told(left, right) {
            return None;
        }
        match change.key.row {
            ids::RULE_DISABLED => self.whole(),
            ids::RULE_SCOPE => self.scope(left, right),
            ids::RULE_PASSWORD if left.passwords != right.passwords => {
                let (side, rule, way) = one_sided(left, right, left.passwords);
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

    /// A flow of the rule differs in these parts, or stands on one server only.
    pub fn flow(&self, flow: usize, before: Option<&str>, after: Option<&str>, parts: &[Detail]) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let (left, right) = (left?, right?);
        if !self.told(left, right) {
            return None;
        }
        let (side, rule, way) = match (before, after) {
            (Some(_), None) => (Side::Primary, left, Some(Way::Lost)),
            (None, Some(_)) => (Side::Staging, right, Some(Way::Gained)),
            _ => (Side::Primary, left, None),
        };
        let target = self.context.object(flow)?;
        if let Some(sentence) = self.filtering_flow(flow, left, right) {
            return Some(sentence);
        }
        let short = |value: Option<&str>| value.is_some_and(|value| value.chars().count() <= SHORT);
        let mut holds = Vec::new();
        if self.filtering(target) {
            holds.push(Situation::FilteringTarget);
        }
        if short(before) && short(after) && before != after {
            holds.push(Situation::OneLine);
        }
        let mut values = (
            before.unwrap_or_default().to_owned(),
            after.unwrap_or_default().to_owned(),
        );
        if let Some((situation, before, after)) = self.word(flow, rule, parts) {
            holds.push(situation);
            values = (before, after);
        }
        let places = [
            ("objects", self.objects(side, rule)),
            ("targets", target.name.clone()),
            ("before", values.0),
            ("after", values.1),
        ];
        let only = match parts {
            [one] => Some(one),
            _ => None,
        };
        let only = only.and_then(|part| {
            let way = match (
                part.primary.as_deref().and_then(flag),
                part.staging.as_deref().and_then(flag),
            ) {
                (Some(true), _) => Some(Way::Lost),
                (_, Some(true)) => Some(Way::Gained),
                _ => None,
            };
            self.text(Some(&part.id), way, &holds, rule, &places)
        });
        only.or_else(|| self.text(Some(ids::FLOW), way, &holds, rule, &places))
    }

    /// Both values of a flow in words, where one of them, or of its parts, is a word such as `NULL`.
    fn word(&self, flow: usize, rule: &RuleView, parts: &[Detail]) -> Option<(Situation, String, String)> {
        let values = &self.context.catalogue.effects.values;
        let told = |text: &str| match values.get(text) {
            Some((inbound, _)) if rule.inbound => inbound.clone(),
            Some((_, outbound)) => outbound.clone(),
            None if text.chars().count() <= SHORT => text.to_owned(),
            None => "computed".to_owned(),
        };
        let whole = |flow: Option<&Object>| flow.map(source).unwrap_or_default();
        let (before, after) = (whole(self.context.left(flow)), whole(self.context.right(flow)));
        if before != after && [&before, &after].iter().any(|text| values.contains_key(*text)) {
            return Some((Situation::Word, told(&before), told(&after)));
        }
        let part = parts
            .iter()
            .filter(|part| part.id == ids::FLOW_EXPRESSION)
            .find(|part| {
                let texts = [&part.primary, &part.staging].into_iter().flatten();
                texts.into_iter().any(|text| values.contains_key(text))
            })?;
        let (before, after) = (part.primary.as_deref()?, part.staging.as_deref()?);
        Some((Situation::PartlyWord, told(before), told(after)))
    }

    /// A flow that filters every object in scope on one server only.
    fn filtering_flow(&self, flow: usize, left: &RuleView, right: &RuleView) -> Option<String> {
        let context = self.context;
        let always = |flow: Option<&Object>| flow.is_some_and(|flow| self.filtering(flow) && constantly_true(flow));
        let (on_left, on_right) = (always(context.left(flow)), always(context.right(flow)));
        if on_left == on_right {
            return None;
        }
        let (side, rule, way) = one_sided(left, right, on_left);
        let holds = [Situation::Inbound, Situation::Filters, Situation::AlwaysFilters];
        self.text(None, Some(way), &holds, rule, &[("objects", self.objects(side, rule))])
    }

    /// The rule stands before another one on one server, and behind it on the other.
    pub fn moved(&self, first_on_primary: bool, other: &str, target: &Contest) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let rule = left?;
        if !self.told(rule, right?) {
            return None;
        }
        let way = if first_on_primary { Way::Lost } else { Way::Gained };
        let places = [
            ("objects", self.objects(Side::Primary, rule)),
            ("targets", super::flows::target_name(self.context, target)),
            ("other", other.to_owned()),
        ];
        self.text(Some(ids::RULE_PRECEDENCE), Some(way), &[], rule, &places)
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
        super::flows::list(rule.flows.iter().map(|&flow| objects[flow].name.clone()))
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
        let always = rule
            .flows
            .iter()
            .map(|&flow| &objects[flow])
            .any(|flow| self.filtering(flow) && constantly_true(flow));
        [
            (rule.inbound, Situation::Inbound),
            (!rule.inbound, Situation::Outbound),
            (rule.mute, Situation::Mute),
            (rule.creates, Situation::Provisions),
            (rule.joins && !rule.mute, Situation::Joins),
            (rule.passwords, Situation::Passwords),
            (rule.filters, Situation::Filters),
            (rule.filters && always, Situation::AlwaysFilters),
            (!rule.flows.is_empty() && !rule.mute, Situation::Flows),
        ]
        .into_iter()
        .filter_map(|(holds, situation)| holds.then_some(situation))
        .collect()
    }

    fn filtering(&self, flow: &Object) -> bool {
        let names = &self.context.catalogue.facts.filtering_attributes;
        names.iter().any(|name| name.eq_ignore_ascii_case(&flow.key))
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

/// What a flow writes, as text.
fn source(flow: &Object) -> String {
    let expression = flow.canonical(ids::FLOW_EXPRESSION);
    if expression.is_empty() {
        flow.display(ids::FLOW_SOURCE)
    } else {
        expression
    }
}

fn constantly_true(flow: &Object) -> bool {
    let constant = flow.canonical(ids::FLOW_SOURCE);
    flow.value(ids::FLOW_EXPRESSION).is_none() && constant.trim_matches('"').eq_ignore_ascii_case("true")
}

/// The side that has it, its rule, and what that means for staging.
fn one_sided<'r>(left: &'r RuleView, right: &'r RuleView, on_left: bool) -> (Side, &'r RuleView, Way) {
    if on_left {
        (Side::Primary, left, Way::Lost)
    } else {
        (Side::Staging, right, Way::Gained)
    }
}
