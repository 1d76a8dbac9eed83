//! Who writes a target for objects that entered or left a rule's scope.
//!
//! In: a rule with another scoping filter on each server, and who moved, in
//! words. Out: sentences. Must not know: severities, findings.
//!
//! Targets that no other rule feeds are left out: that the rule itself starts or
//! stops writing them is said by the effect of its finding.

use super::winner::{shorten, target_name};
use super::{Effects, of_side};
use crate::assess::context::{Context, Side};
use crate::assess::effect::Moved;
use crate::assess::unknown;
use crate::derive::{Contest, Contribution, RuleView, disjoint, scope_of, written};

/// Targets of a pair of rules that another rule writes for who moved, one sentence each.
pub fn rescoped(context: &Context<'_>, effects: &Effects<'_>, pair: usize, moved: &Moved) -> Vec<String> {
    let (Some(left), Some(right)) = context.rules(pair) else {
        return Vec::new();
    };
    // A rule that could not be read may write the target.
    if unknown::rules_hidden(context) || !left.flowing() || !right.flowing() {
        return Vec::new();
    }
    let mut sentences = Vec::new();
    for (side, own, objects) in [
        (Side::Primary, left, &moved.lost),
        (Side::Staging, right, &moved.gained),
    ] {
        let Some(objects) = objects else { continue };
        let targets = own
            .flows
            .iter()
            .flat_map(|&flow| effects.targets(&own.target(context.configuration(side), flow)));
        for target in targets {
            let found = Rival::of(context, side, own, &target);
            sentences.extend(found.map(|rival| rival.sentence(context, side, own, objects, &target)));
        }
    }
    shorten(&mut sentences);
    sentences
}

/// What takes the place of a rule for objects that are in its scope on one server only.
struct Rival<'a> {
    rule: &'a RuleView,
    /// A rule that comes before it on both servers.
    before: Option<&'a RuleView>,
}

impl<'a> Rival<'a> {
    /// The first rule behind on the other server that may have the same objects in its scope and writes another value.
    fn of(context: &Context<'a>, side: Side, own: &RuleView, target: &Contest) -> Option<Rival<'a>> {
        let other = side.other();
        let (here, there) = (of_side(context, side, target), of_side(context, other, target));
        let rule = |side: Side, of: &Contribution| -> &'a RuleView { &context.views(side)[of.rule] };
        let at = here.iter().position(|of| rule(side, of).object == own.object)?;
        let pair = |side: Side, of: &Contribution| context.pair_of(side, rule(side, of).object);
        let ahead: Vec<usize> = here[..at].iter().map(|of| pair(side, of)).collect();
        let own_pair = pair(side, &here[at]);
        let meets = |of: &&Contribution| {
            let candidate = rule(other, of);
            let scopes = (scope(context, side, own), scope(context, other, candidate));
            // Filters of two connectors ask two objects.
            let apart = candidate.connector == own.connector && disjoint(scopes.0, scopes.1);
            pair(other, of) != own_pair && candidate.meets(own) && !apart
        };
        let before = there.iter().filter(meets).filter(|of| ahead.contains(&pair(other, of)));
        let before = before.last().map(|of| rule(other, of));
        let first = there
            .iter()
            .filter(meets)
            .find(|of| !ahead.contains(&pair(other, of)))?;
        let same = rule(other, first).connector == own.connector
            && written(context.configuration(other), first) == written(context.configuration(side), &here[at]);
        (!same).then(|| Rival {
            rule: rule(other, first),
            before,
        })
    }

    fn sentence(&self, context: &Context<'_>, side: Side, own: &RuleView, objects: &str, target: &Contest) -> String {
        let alike = own.name == self.rule.name || self.before.is_some_and(|rule| rule.name == own.name);
        let name = |rule: &RuleView| match alike {
            true => format!("\"{}\" of {}", rule.name, context.connector_name(&rule.connector)),
            false => format!("\"{}\"", rule.name),
        };
        let (before, after) = match side {
            Side::Primary => (own, self.rule),
            Side::Staging => (self.rule, own),
        };
        format!(
            "{}: {}{} writes it on {} for {objects}, where {} takes it from {}",
            target_name(context, target),
            self.before
                .map_or_else(String::new, |rule| format!("where {} has no value, ", name(rule))),
            name(after),
            context.server_name(Side::Staging),
            context.server_name(Side::Primary),
            name(before),
        )
    }
}

fn scope<'a>(context: &Context<'a>, side: Side, rule: &RuleView) -> &'a [Vec<crate::model::Clause>] {
    scope_of(&context.configuration(side).objects[rule.object])
}
