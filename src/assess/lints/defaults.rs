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
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// Live rules by connector and direction.
type Live<'v> = HashMap<(&'v str, &'v str), Vec<&'v RuleView>>;

fn live_rules<'v>(context: &Context<'v>, side: Side) -> Live<'v> {
    let mut live = Live::new();
    for rule in context.views(side).iter().filter(|rule| rule.live) {
        live.entry((&rule.connector, &rule.direction)).or_default().push(rule);
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
    let live = live_rules(context, side);
    // Asked for only where something is lost.
    let mut others: Option<Live<'_>> = None;
    for rule in context.views(side).iter().filter(|rule| rule.standard && !rule.live) {
        let Some(loss) = loss(context, side, &live, rule) else {
            continue;
        };
        let others = others.get_or_insert_with(|| live_rules(context, side.other()));
        drafts.push(lost(context, side, rule, &loss, others));
    }
}

/// Nothing where most of what the rule did is done by others: somebody replaced it and left the rest out.
fn loss(context: &Context<'_>, side: Side, live: &Live<'_>, rule: &RuleView) -> Option<Loss> {
    let any = &context.catalogue.facts.any_object_type;
    let alike =
        |one: &str, other: &str| one == other || one.eq_ignore_ascii_case(any) || other.eq_ignore_ascii_case(any);
    let objects = &context.configuration(side).objects;
    let stand_ins = live
        .get(&(rule.connector.as_str(), rule.direction.as_str()))
        .into_iter()
        .flatten()
        .filter(|other| alike(&other.source_type, &rule.source_type) && alike(&other.target_type, &rule.target_type));
    let (mut joins, mut provisions) = (rule.joins, rule.provisions);
    let mut targets: BTreeMap<&str, &str> = BTreeMap::new();
    for &flow in &rule.flows {
        targets.insert(&objects[flow].key, &objects[flow].name);
    }
    let all = targets.len();
    for other in stand_ins {
        joins &= !other.joins;
        provisions &= !other.provisions;
        for &flow in &other.flows {
            targets.remove(objects[flow].key.as_str());
        }
    }
    let most = targets.len() * 2 > all;
    (joins || provisions || most).then(|| Loss {
        joins,
        provisions,
        targets: targets.into_values().map(str::to_owned).collect(),
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
            id: id.to_owned(),
            what: "Target attribute".to_owned(),
            change: ChangeKind::Equal,
            primary: (side == Side::Primary).then(|| target.clone()),
            staging: (side == Side::Staging).then(|| target.clone()),
        })
        .collect();
    let pair = context.pair_of(side, rule.object);
    let mut causes = vec![pair];
    causes.extend(stand_ins(context, side, rule, loss, others));
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

/// The other server's rules that do there what is lost here.
fn stand_ins(context: &Context<'_>, side: Side, rule: &RuleView, loss: &Loss, others: &Live<'_>) -> Vec<usize> {
    let other = side.other();
    let lost: BTreeSet<String> = loss.targets.iter().map(|target| target.to_lowercase()).collect();
    let objects = &context.configuration(other).objects;
    others
        .get(&(rule.connector.as_str(), rule.direction.as_str()))
        .into_iter()
        .flatten()
        .filter(|stand_in| {
            let alike = stand_in.source_type == rule.source_type && stand_in.target_type == rule.target_type;
            let existence = (loss.joins && stand_in.joins) || (loss.provisions && stand_in.provisions);
            let writes = || stand_in.flows.iter().any(|&flow| lost.contains(&objects[flow].key));
            alike && (existence || writes())
        })
        .map(|stand_in| context.pair_of(other, stand_in.object))
        .collect()
}
