//! What a difference of one attribute flow does.
//!
//! In: a flow of a pair of rules and what differs in it. Out: a sentence, or none
//! where none can be told. Must not know: severities, who else feeds the target.

use super::{Teller, one_sided};
use crate::assess::context::Side;
use crate::catalogue::{Situation, Way, ids};
use crate::derive::{RuleView, constant};
use crate::expression::parse;
use crate::model::{Object, Value};
use crate::normalise::flag;
use crate::report::Detail;

/// A value longer than this is not repeated in a sentence.
const SHORT: usize = 70;

/// Whether a flow takes objects out of the scope of the cloud.
#[derive(Clone, Copy, PartialEq)]
pub enum Filtering {
    /// It does not touch that.
    Absent,
    /// It takes out everything in scope.
    Always,
    /// It keeps everything in scope.
    Never,
    /// It depends on the object.
    Unknown,
}

impl Teller<'_> {
    /// A flow of the rule differs in these parts, or stands on one server only. `unless`: what rules before it have no say
    /// in, in words.
    pub fn flow(
        &self,
        flow: usize,
        (before, after): (Option<&str>, Option<&str>),
        parts: &[Detail],
        unless: &str,
    ) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let (left, right) = (left?, right?);
        if !self.both_run(left, right) {
            return None;
        }
        let (side, rule, way) = match (before, after) {
            (Some(_), None) => (Side::Primary, left, Some(Way::Lost)),
            (None, Some(_)) => (Side::Staging, right, Some(Way::Gained)),
            _ => (Side::Primary, left, None),
        };
        let target = self.context.object(flow)?;
        let mut holds = Vec::new();
        if self.filtering(target) {
            match self.filtering_flow(flow, left, right, unless) {
                Ok(sentence) => return sentence,
                Err(situation) => holds.push(situation),
            }
        }
        let short = |value: Option<&str>| value.is_some_and(|value| value.chars().count() <= SHORT);
        if [self.context.left(flow), self.context.right(flow)]
            .into_iter()
            .flatten()
            .any(unreadable)
        {
            holds.push(Situation::Unreadable);
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
            ("objects", self.objects(side, rule) + unless),
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

    /// Rules before this one decide, whatever this one says.
    pub fn outranked(&self, flow: usize) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let rule = left?;
        if !self.both_run(rule, right?) {
            return None;
        }
        let places = [
            ("objects", self.words().objects(&rule.source_type, &[])),
            ("targets", self.context.object(flow)?.name.clone()),
        ];
        self.text(Some(ids::FLOW), None, &[Situation::Outranked], rule, &places)
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

    /// A flow that decides who is filtered out: a sentence, none where it decides the same on both servers, or else what
    /// holds.
    fn filtering_flow(
        &self,
        flow: usize,
        left: &RuleView,
        right: &RuleView,
        unless: &str,
    ) -> Result<Option<String>, Situation> {
        let state = |flow| self.filtering_of(flow);
        let states = (state(self.context.left(flow)), state(self.context.right(flow)));
        let (on_left, holds) = match states {
            (Filtering::Unknown, _) | (_, Filtering::Unknown) => return Err(Situation::FilteringTarget),
            (one, other) if one == other => return Ok(None),
            (Filtering::Always, _) => (true, Situation::AlwaysFilters),
            (_, Filtering::Always) => (false, Situation::AlwaysFilters),
            (one, _) => (one == Filtering::Never, Situation::NeverFilters),
        };
        let (side, rule, way) = one_sided(left, right, on_left);
        let objects = self.objects(side, rule) + unless;
        let holds = [Situation::Inbound, Situation::Filters, holds];
        Ok(self.text(None, Some(way), &holds, rule, &[("objects", objects)]))
    }

    pub(super) fn filtering_of(&self, flow: Option<&Object>) -> Filtering {
        let words = &self.context.catalogue.facts.words_without_value;
        let speaking = flow.filter(|flow| !words.contains(&flow.canonical(ids::FLOW_EXPRESSION)));
        match speaking.map(|flow| constant(flow).as_deref().and_then(flag)) {
            None => Filtering::Absent,
            Some(None) => Filtering::Unknown,
            Some(Some(true)) => Filtering::Always,
            Some(Some(false)) => Filtering::Never,
        }
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

/// Whether a flow has an expression that does not parse.
fn unreadable(flow: &Object) -> bool {
    matches!(flow.value(ids::FLOW_EXPRESSION), Some(Value::Expression { raw, .. }) if parse(raw).is_err())
}
