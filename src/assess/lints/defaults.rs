//! Standard rules of one server that were edited in place, or disabled without
//! anything in their place.
//!
//! In: one server's rules. Out: lints. Must not know: the other server's rules.

use super::drafts::Draft;
use super::{quoted, rules::lint};
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::catalogue::ids;
use crate::derive::RuleView;
use crate::report::{ChangeKind, Detail};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Lints of a side's standard rules.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    edited(context, side, drafts);
    // What cannot be read may be the replacement.
    if !unknown::hides(context, side, ids::kinds::RULE) {
        unreplaced(context, side, drafts);
    }
}

/// The release of a standard rule on one connector: who has the same is the same rule.
type Release<'v> = (&'v str, &'v str, &'v str, &'v str, &'v str);

fn release(rule: &RuleView) -> Option<Release<'_>> {
    let tag = rule.tag.as_ref().filter(|_| rule.standard)?;
    Some((
        &rule.connector,
        &rule.direction,
        &rule.source_type,
        &rule.target_type,
        &tag.base,
    ))
}

/// The product shows the untouched rule, disabled, beside one that was edited.
fn edited(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let mut releases: BTreeMap<Release<'_>, Vec<&RuleView>> = BTreeMap::new();
    for rule in context.views(side) {
        if let Some(release) = release(rule) {
            releases.entry(release).or_default().push(rule);
        }
    }
    for rules in releases.values() {
        let [live, copy] = match rules.as_slice() {
            [one, other] if one.live && !other.live => [one, other],
            [other, one] if one.live && !other.live => [one, other],
            _ => continue,
        };
        let objects = &context.configuration(side).objects;
        let link = |rule: &RuleView| objects[rule.object].canonical(ids::RULE_LINK_TYPE);
        if live.features == copy.features && link(live) == link(copy) {
            continue;
        }
        let id = ids::DEFAULT_RULE_EDITED;
        let value = "stands beside its disabled standard copy".to_owned();
        let mut lint = lint(context, id, side, live, &context.row(id).title, value);
        lint.locations
            .extend(context.place(side, objects[copy.object].location));
        let pair = context.pair_of(side, live.object);
        drafts.push(Draft {
            lint,
            key: format!("{id} {pair}"),
            causes: vec![pair, context.pair_of(side, copy.object)],
            rows: &[],
            sentence: format!(
                "On {} the rule was edited in place: its standard copy stands beside it, disabled. The next upgrade takes the edit back.",
                context.server_name(side)
            ),
        });
    }
}

/// What live rules of some object types do together.
#[derive(Default)]
struct Done<'v> {
    joins: bool,
    provisions: bool,
    targets: HashSet<&'v str>,
}

/// By connector and direction, then by object types.
type Live<'v> = HashMap<(&'v str, &'v str), BTreeMap<(&'v str, &'v str), Done<'v>>>;

fn live_rules<'v>(context: &Context<'v>, side: Side) -> Live<'v> {
    let objects = &context.configuration(side).objects;
    let mut live = Live::new();
    for rule in context.views(side).iter().filter(|rule| rule.live) {
        let types = live.entry((&rule.connector, &rule.direction)).or_default();
        let done = types.entry((&rule.source_type, &rule.target_type)).or_default();
        done.joins |= rule.joins;
        done.provisions |= rule.provisions;
        done.targets
            .extend(rule.flows.iter().map(|&flow| objects[flow].key.as_str()));
    }
    live
}

/// What no live rule does any more since a standard rule is disabled.
struct Loss {
    joins: bool,
    provisions: bool,
    /// Targets that nothing else writes.
    targets: Vec<String>,
}

fn unreplaced(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let off = |rule: &&RuleView| rule.standard && !rule.live;
    if !context.views(side).iter().any(|rule| off(&rule)) {
        return;
    }
    let [live, others] = [side, side.other()].map(|side| live_rules(context, side));
    for rule in context.views(side).iter().filter(off) {
        if let Some(loss) = loss(context, side, &live, rule) {
            drafts.push(lost(context, side, rule, &loss, &others));
        }
    }
}

/// Nothing where most of what the rule did is done by others: somebody replaced it and left the rest out.
fn loss(context: &Context<'_>, side: Side, live: &Live<'_>, rule: &RuleView) -> Option<Loss> {
    let any = &context.catalogue.facts.any_object_type;
    let alike =
        |one: &str, other: &str| one == other || one.eq_ignore_ascii_case(any) || other.eq_ignore_ascii_case(any);
    let objects = &context.configuration(side).objects;
    let types = live.get(&(rule.connector.as_str(), rule.direction.as_str()));
    let stand_ins: Vec<&Done<'_>> = types
        .into_iter()
        .flatten()
        .filter(|((source, target), _)| alike(source, &rule.source_type) && alike(target, &rule.target_type))
        .map(|(_, done)| done)
        .collect();
    let joins = rule.joins && !stand_ins.iter().any(|done| done.joins);
    let provisions = rule.provisions && !stand_ins.iter().any(|done| done.provisions);
    let all: BTreeMap<&str, &str> = rule
        .flows
        .iter()
        .map(|&flow| (objects[flow].key.as_str(), objects[flow].name.as_str()))
        .collect();
    let written = |target: &str| stand_ins.iter().any(|done| done.targets.contains(target));
    let targets: Vec<String> = all
        .iter()
        .filter(|(target, _)| !written(target))
        .map(|(_, name)| (*name).to_owned())
        .collect();
    (joins || provisions || targets.len() * 2 > all.len()).then_some(Loss {
        joins,
        provisions,
        targets,
    })
}

fn lost(context: &Context<'_>, side: Side, rule: &RuleView, loss: &Loss, others: &Live<'_>) -> Draft {
    let id = ids::DEFAULT_RULE_UNREPLACED;
    let mut what: Vec<String> = Vec::new();
    if loss.provisions {
        what.push("no enabled rule provisions these objects".to_owned());
    } else if loss.joins {
        what.push("no enabled rule joins these objects".to_owned());
    }
    if !loss.targets.is_empty() {
        let names = quoted(loss.targets.iter().map(String::as_str));
        what.push(format!("no enabled rule of these objects writes {names}"));
    }
    let said = what.join("; ");
    let mut lint = lint(context, id, side, rule, &context.row(id).title, said.clone());
    lint.detail = loss
        .targets
        .iter()
        .map(|target| Detail {
            id: id.into(),
            what: "Target attribute".to_owned(),
            change: ChangeKind::Equal,
            primary: (side == Side::Primary).then(|| target.clone()),
            staging: (side == Side::Staging).then(|| target.clone()),
        })
        .collect();
    let pair = context.pair_of(side, rule.object);
    let mut causes = vec![pair];
    // Disabled there too, and not missed: what stands in for it there may be what is missing here.
    let there = match side {
        Side::Primary => context.rules(pair).1,
        Side::Staging => context.rules(pair).0,
    };
    if let Some(there) = there.filter(|there| !there.live)
        && self::loss(context, side.other(), others, there).is_none()
    {
        causes.extend(stand_ins(context, side.other(), rule, loss));
    }
    Draft {
        lint,
        key: format!("{id} {pair}"),
        causes,
        rows: &[],
        sentence: format!(
            "On {} \"{}\" is disabled and {said}.",
            context.server_name(side),
            rule.name
        ),
    }
}

/// A server's live rules that do what is lost on the other one.
fn stand_ins(context: &Context<'_>, side: Side, rule: &RuleView, loss: &Loss) -> Vec<usize> {
    let lost: BTreeSet<String> = loss.targets.iter().map(|target| target.to_lowercase()).collect();
    let objects = &context.configuration(side).objects;
    let of_these = |one: &&RuleView| {
        one.live
            && (&one.connector, &one.direction) == (&rule.connector, &rule.direction)
            && (&one.source_type, &one.target_type) == (&rule.source_type, &rule.target_type)
    };
    let does = |one: &&RuleView| {
        let existence = (loss.joins && one.joins) || (loss.provisions && one.provisions);
        existence || one.flows.iter().any(|&flow| lost.contains(&objects[flow].key))
    };
    let rules = context.views(side).iter().filter(of_these).filter(does);
    rules.map(|one| context.pair_of(side, one.object)).collect()
}
