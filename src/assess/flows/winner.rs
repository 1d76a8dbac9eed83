//! Who wins a target on each server, in a sentence.
//!
//! In: contributions of both servers. Out: sentences for consequences. Must
//! not know: which setting is the cause, severities.

use super::{Arena, Effects, arenas_of};
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::derive::{Contest, Contribution, RuleView, meaning, scope_of};
use crate::model::display_scope;
use std::collections::BTreeSet;

/// At most so many targets are named one by one.
const NAMED: usize = 8;

/// A scoping filter longer than this is not repeated in a sentence.
const SHORT: usize = 60;

/// Targets whose winner differs because of a rule, one sentence each.
pub fn winners(context: &Context<'_>, effects: &Effects<'_>, pair: usize) -> Vec<String> {
    let (left, right) = context.rules(pair);
    let mut targets: BTreeSet<Contest> = BTreeSet::new();
    for (side, rule) in [(Side::Primary, left), (Side::Staging, right)] {
        let Some(rule) = rule else { continue };
        let configuration = context.configuration(side);
        let own = rule.flows.iter().map(|&flow| rule.target(configuration, flow));
        targets.extend(own.flat_map(|target| effects.targets(&target)));
    }
    let mut sentences: Vec<String> = targets
        .iter()
        .filter(|target| effects.differ_at(target))
        .filter_map(|target| effects.winner(target))
        .collect();
    shorten(&mut sentences);
    sentences
}

/// `person.department: "A" wins on SYNC01, "B" on SYNC02`, of the first place in rank order where another rule has its
/// say; `None` where the same rules do.
pub fn sentence(context: &Context<'_>, target: &Contest) -> Option<String> {
    if unknown::rules_hidden(context) {
        // A rule that could not be read may feed the target.
        return None;
    }
    let arenas = arenas_of(context, target);
    let several = arenas.len() > 1;
    arenas.iter().find_map(|arena| {
        let whose = if several { whose(context, arena) } else { String::new() };
        let words = of_arena(context, &arena.left, &arena.right)?;
        Some(format!("{}{whose}: {words}", target_name(context, target)))
    })
}

/// ` of inetOrgPerson users`, where all rules that can meet read one type.
fn whose(context: &Context<'_>, arena: &Arena) -> String {
    let rules = [(Side::Primary, &arena.left), (Side::Staging, &arena.right)].into_iter();
    let views = rules.flat_map(|(side, all)| all.iter().map(move |of| &context.views(side)[of.rule]));
    let types: BTreeSet<&str> = views
        .filter(|rule| !rule.any_source)
        .map(|rule| rule.source_type.as_str())
        .collect();
    match types.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => format!(" of {}", context.catalogue.effects.plural(one)),
        _ => String::new(),
    }
}

/// Who wins among rules that can meet.
fn of_arena(context: &Context<'_>, left: &[Contribution], right: &[Contribution]) -> Option<String> {
    let text = |side: Side, of: Option<&Contribution>| {
        of.map(|of| meaning(context.configuration(side), context.views(side), of))
    };
    let most = left.len().max(right.len());
    let at = (0..most).find(|&at| text(Side::Primary, left.get(at)) != text(Side::Staging, right.get(at)))?;
    let rule = |side: Side, all: &[Contribution]| all.get(at).map(|of| &context.views(side)[of.rule]);
    let (l, r) = (rule(Side::Primary, left), rule(Side::Staging, right));
    let level = |side: Side, all: &[Contribution]| rule_level_with(context, side, all, at);
    let (l_level, r_level) = (level(Side::Primary, left), level(Side::Staging, right));
    if let (Some(l), Some(r)) = (l, r)
        && context.pair_of(Side::Primary, l.object) == context.pair_of(Side::Staging, r.object)
        && l.connector == r.connector
    {
        // The same rule with another value: its own finding shows both.
        return None;
    }
    let before = at.checked_sub(1).and_then(|last| rule_at(context, left, last));
    let named: Vec<&str> = [before, l, r]
        .into_iter()
        .flatten()
        .map(|rule| rule.name.as_str())
        .collect();
    let different: BTreeSet<&str> = named.iter().copied().collect();
    let own = Names {
        context,
        // Rules of two forests have one name.
        alike: different.len() < named.len(),
        fallback: before.is_some(),
    };
    Some(format!(
        "{}{}, {}",
        before.map_or_else(String::new, |rule| format!("where {} has no value, ", own.name(rule))),
        own.words(Side::Primary, l, l_level),
        own.words(Side::Staging, r, r_level)
    ))
}

/// Another rule with the same number, so that nobody can tell which of them wins.
fn rule_level_with<'a>(context: &Context<'a>, side: Side, all: &[Contribution], at: usize) -> Option<&'a RuleView> {
    let view = |of: &Contribution| &context.views(side)[of.rule];
    let own = view(all.get(at)?);
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let mut others = beside.filter_map(|other| all.get(other)).map(view);
    others.find(|other| other.object != own.object && other.precedence == own.precedence)
}

fn rule_at<'a>(context: &Context<'a>, left: &[Contribution], at: usize) -> Option<&'a RuleView> {
    left.get(at).map(|of| &context.views(Side::Primary)[of.rule])
}

/// How the rules of one sentence are called.
struct Names<'a> {
    context: &'a Context<'a>,
    alike: bool,
    /// Whether other rules come first.
    fallback: bool,
}

impl Names<'_> {
    fn words(&self, side: Side, rule: Option<&RuleView>, level: Option<&RuleView>) -> String {
        let server = self.context.server_name(side);
        let Some(rule) = rule else {
            let other = if self.fallback { "no other rule" } else { "no rule" };
            return format!("{other} feeds it on {server}");
        };
        match level {
            Some(other) => {
                let (one, other) = (self.name(rule), self.name(other));
                format!("{one} or {other} wins on {server}, as both have one number")
            }
            None => format!("{} wins on {server}{}", self.name(rule), self.scope(side, rule)),
        }
    }

    fn name(&self, rule: &RuleView) -> String {
        if self.alike {
            format!("\"{}\" of {}", rule.name, self.context.connector_name(&rule.connector))
        } else {
            format!("\"{}\"", rule.name)
        }
    }

    /// For whom it wins, where that is quickly said.
    fn scope(&self, side: Side, rule: &RuleView) -> String {
        let object = &self.context.configuration(side).objects[rule.object];
        let groups = Some(scope_of(object)).filter(|groups| !groups.is_empty());
        let text = groups.map(display_scope).filter(|text| text.chars().count() <= SHORT);
        text.map(|text| format!(" (for {text})")).unwrap_or_default()
    }
}

/// `person.displayName`, in the spelling of the rules.
pub fn target_name(context: &Context<'_>, target: &Contest) -> String {
    let spelled = [Side::Primary, Side::Staging].into_iter().find_map(|side| {
        let configuration = context.configuration(side);
        let first = context.contests(side).get(target)?.first()?;
        let flows = &context.views(side).get(*first)?.flows;
        let flow = flows
            .iter()
            .find(|&&flow| configuration.objects[flow].key == target.attribute)?;
        Some(configuration.objects[*flow].name.clone())
    });
    format!(
        "{}.{}",
        target.object_type,
        spelled.unwrap_or_else(|| target.attribute.clone())
    )
}

/// Names, the many counted.
pub fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    if names.len() > NAMED {
        format!("{} and {} more", names[..NAMED].join(", "), names.len() - NAMED)
    } else {
        names.join(", ")
    }
}

/// Sentences, the many counted.
pub fn shorten(sentences: &mut Vec<String>) {
    if sentences.len() > NAMED {
        let more = sentences.len() - NAMED;
        sentences.truncate(NAMED);
        sentences.push(format!("… and {more} more targets"));
    }
}
