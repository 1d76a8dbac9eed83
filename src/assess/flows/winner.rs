//! Who wins a target on each server, in a sentence.
//!
//! In: contributions of both servers. Out: sentences for consequences. Must
//! not know: which setting is the cause, severities.

use super::{Duel, Effects, Entry, Lineup};
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::derive::{Contest, RuleView};
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
        .filter_map(|target| effects.winner_by(target, pair))
        .collect();
    shorten(&mut sentences);
    sentences
}

/// `person.department: "A" wins on SYNC01, "B" on SYNC02`, of the first place in rank order where another rule has its
/// say; `None` where the same rules do.
pub fn sentence(effects: &Effects<'_>, target: &Contest) -> Option<String> {
    told(effects, target, Lineup::first)
}

/// The same of the place where the rule of a pair has its say on one server only.
pub fn by(effects: &Effects<'_>, target: &Contest, pair: usize) -> Option<String> {
    told(effects, target, |lineup| lineup.about(pair))
}

fn told<'a>(
    effects: &Effects<'a>,
    target: &Contest,
    find: impl for<'d> Fn(&'d Lineup<'a>) -> Option<Duel<'d, 'a>>,
) -> Option<String> {
    let context = effects.context;
    if unknown::rules_hidden(context) {
        // A rule that could not be read may feed the target.
        return None;
    }
    let lineups = effects.lineups(target);
    let several = lineups.len() > 1;
    let sentence = |lineup: &Lineup<'a>, within_type: bool| {
        let duel = find(lineup)?;
        if within_type && types(&duel).len() > 1 {
            return None;
        }
        let whose = if several { whose(context, &duel) } else { String::new() };
        let words = match lineup.combines() {
            true => combined(context, &duel)?,
            false => of_duel(context, &duel)?,
        };
        Some(format!("{}{whose}: {words}", target_name(context, target)))
    };
    // That a rule for contacts is the next one for users of another forest is news only where nothing nearer is.
    let nearest = lineups.iter().find_map(|lineup| sentence(lineup, true));
    nearest.or_else(|| lineups.iter().find_map(|lineup| sentence(lineup, false)))
}

/// Object types that the rules that matter read.
fn types<'d>(duel: &Duel<'d, '_>) -> BTreeSet<&'d str> {
    let rules = [duel.left, duel.right].into_iter().flatten().map(|of| of.rule);
    rules
        .filter(|rule| !rule.any_source)
        .map(|rule| rule.source_type.as_str())
        .collect()
}

/// ` of inetOrgPerson users`, where the rules that matter read one type.
fn whose(context: &Context<'_>, duel: &Duel<'_, '_>) -> String {
    match types(duel).into_iter().collect::<Vec<_>>().as_slice() {
        [one] => format!(" of {}", context.catalogue.effects.plural(one)),
        _ => String::new(),
    }
}

/// Where all values are combined none wins; one that only one server has is missing on the other.
fn combined(context: &Context<'_>, duel: &Duel<'_, '_>) -> Option<String> {
    let (entry, side) = match (duel.left, duel.right) {
        (Some(of), None) => (of, Side::Primary),
        (None, Some(of)) => (of, Side::Staging),
        _ => return None,
    };
    let server = context.server_name(side);
    Some(format!("\"{}\" adds its values on {server} only", entry.rule.name))
}

fn of_duel(context: &Context<'_>, duel: &Duel<'_, '_>) -> Option<String> {
    let (l, r) = (duel.left, duel.right);
    if let (Some(l), Some(r)) = (l, r)
        && l.pair == r.pair
        && l.rule.connector == r.rule.connector
    {
        // The same rule with another value: its own finding shows both.
        return None;
    }
    let named: Vec<&str> = [duel.before.last().copied(), l, r]
        .into_iter()
        .flatten()
        .map(|of| of.rule.name.as_str())
        .collect();
    let different: BTreeSet<&str> = named.iter().copied().collect();
    let own = Names {
        context,
        // Rules of two forests have one name.
        alike: different.len() < named.len(),
        fallback: !duel.before.is_empty(),
    };
    let before = match duel.before.as_slice() {
        [] => String::new(),
        [one] => format!("where {} has no value, ", own.name(one.rule)),
        _ => "where no rule before has a value, ".to_owned(),
    };
    let [l_level, r_level] = duel.level;
    Some(format!(
        "{before}{}, {}",
        own.words(Side::Primary, l, l_level),
        own.words(Side::Staging, r, r_level)
    ))
}

/// How the rules of one sentence are called.
struct Names<'a> {
    context: &'a Context<'a>,
    alike: bool,
    /// Whether other rules come first.
    fallback: bool,
}

impl Names<'_> {
    fn words(&self, side: Side, of: Option<&Entry<'_>>, level: Option<&Entry<'_>>) -> String {
        let server = self.context.server_name(side);
        let Some(of) = of else {
            let other = if self.fallback { "no other rule" } else { "no rule" };
            return format!("{other} feeds it on {server}");
        };
        match level {
            Some(other) => {
                let (one, other) = (self.name(of.rule), self.name(other.rule));
                format!("{one} or {other} wins on {server}, as both have one number")
            }
            None => format!("{} wins on {server}{}", self.name(of.rule), scope(of)),
        }
    }

    fn name(&self, rule: &RuleView) -> String {
        if self.alike {
            format!("\"{}\" of {}", rule.name, self.context.connector_name(&rule.connector))
        } else {
            format!("\"{}\"", rule.name)
        }
    }
}

/// For whom it wins, where that is quickly said.
fn scope(of: &Entry<'_>) -> String {
    let groups = Some(of.scope).filter(|groups| !groups.is_empty());
    let text = groups.map(display_scope).filter(|text| text.chars().count() <= SHORT);
    text.map(|text| format!(" (for {text})")).unwrap_or_default()
}

/// ` for which "X" has no value`, of rules that come before; empty where there are none.
pub fn unless(context: &Context<'_>, before: &[&Entry<'_>]) -> String {
    match before {
        [] => String::new(),
        [one] => {
            let alike = |rule: &&RuleView| rule.name == one.rule.name;
            let several = context.views(Side::Primary).iter().filter(alike).count() > 1;
            match several {
                true => format!(
                    " for which \"{}\" of {} has no value",
                    one.rule.name,
                    context.connector_name(&one.rule.connector)
                ),
                false => format!(" for which \"{}\" has no value", one.rule.name),
            }
        }
        _ => " for which no rule before has a value".to_owned(),
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
