//! What another order of rules does.
//!
//! In: a pair of rules that moved, and a target. Out: a sentence, or none where none
//! can be told. Must not know: severities, precedence numbers.

use super::Teller;
use crate::assess::context::Side;
use crate::assess::flows::{self, Effects, Entry};
use crate::catalogue::{Situation, Way, ids};
use crate::derive::{Contest, within};
use crate::normalise::flag;

impl Teller<'_> {
    /// Who writes a target when the rule stands before another one on one server, and behind it on the other.
    pub fn moved(&self, effects: &Effects<'_>, target: &Contest) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let rule = left?;
        if !self.both_run(rule, right?) {
            return None;
        }
        let lineups = effects.lineups(target);
        let (lineup, duel) = lineups
            .iter()
            .find_map(|lineup| Some((lineup, lineup.about(self.pair)?)))?;
        let (first, second) = (duel.left?, duel.right?);
        let own_first = first.pair == self.pair;
        let (own, other) = if own_first { (first, second) } else { (second, first) };
        let objects = self.of_both(own, other) + &flows::unless(self.context, &duel.before);
        let filters = |entry: &Entry<'_>| entry.value.as_deref().and_then(flag);
        let contest = target.connector.is_empty() && self.is_filtering(&target.attribute);
        if let (true, Some(before), Some(after)) = (contest, filters(first), filters(second))
            && before != after
        {
            let way = if before { Way::Lost } else { Way::Gained };
            let holds = [Situation::Inbound, Situation::AlwaysFilters];
            return self.text(None, Some(way), &holds, rule, &[("objects", objects)]);
        }
        let mut holds = Vec::new();
        let mut way = if own_first { Way::Lost } else { Way::Gained };
        if lineup.combines() {
            holds.push(Situation::Combines);
        }
        if let [Some(_), _] | [_, Some(_)] = duel.level {
            holds.push(Situation::Level);
            way = if duel.level[0].is_some() {
                Way::Lost
            } else {
                Way::Gained
            };
        }
        let called = match own.rule.name == other.rule.name {
            true => format!(
                "{} of {}",
                other.rule.name,
                self.context.connector_name(&other.rule.connector)
            ),
            false => other.rule.name.clone(),
        };
        let places = [
            ("objects", objects),
            ("targets", flows::target_name(self.context, target)),
            ("other", called),
        ];
        self.text(Some(ids::RULE_PRECEDENCE), Some(way), &holds, rule, &places)
    }

    /// Every attribute gets the same values, but the rule and another one both decide which objects there are.
    pub fn asked_in_turn(&self, other: &str) -> Option<String> {
        let (left, right) = self.context.rules(self.pair);
        let rule = left?;
        if !self.both_run(rule, right?) {
            return None;
        }
        let places = [
            ("objects", self.objects(Side::Primary, rule)),
            ("other", other.to_owned()),
        ];
        self.text(Some(ids::RULE_PRECEDENCE), None, &[Situation::Joins], rule, &places)
    }

    /// Objects that are in the scopes of two rules.
    fn of_both(&self, own: &Entry<'_>, other: &Entry<'_>) -> String {
        let of = |entry: &Entry<'_>| self.words().objects(&own.rule.source_type, entry.scope);
        // A filter of another connector asks another object.
        if own.rule.connector != other.rule.connector || within(own.scope, other.scope) {
            of(own)
        } else if within(other.scope, own.scope) {
            of(other)
        } else {
            let (words, object_type) = (self.words(), own.rule.source_type.as_str());
            let told = words.of_both(object_type, own.scope, other.scope);
            told.unwrap_or_else(|| format!("{} in the scopes of both rules", words.objects(object_type, &[])))
        }
    }
}
