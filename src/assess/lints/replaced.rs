//! Standard rules of one server that are disabled while nothing, or not enough,
//! stands in their place.
//!
//! In: one server's rules. Out: lints that name what is lost. Must not know: why a
//! rule was disabled; whom the scope of a custom rule leaves out, which somebody chose.

use super::drafts::Draft;
use super::{quoted, rules::lint};
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::catalogue::ids;
use crate::derive::{RuleView, scope_of, within};
use crate::model::Object;
use crate::report::{ChangeKind, Detail};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What live rules of some object types do together.
#[derive(Default)]
struct Done<'v> {
    joins: bool,
    provisions: bool,
    /// Targets of standard rules with those who write them.
    standard: HashMap<&'v str, Vec<&'v RuleView>>,
    /// Targets of custom rules: their scopes are what somebody chose.
    own: HashSet<&'v str>,
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
        if !rule.flowing() {
            continue;
        }
        let targets = rule.flows.iter().map(|&flow| objects[flow].key.as_str());
        for target in targets {
            if rule.standard {
                done.standard.entry(target).or_default().push(rule);
            } else {
                done.own.insert(target);
            }
        }
    }
    live
}

/// What no live rule does any more since a standard rule is disabled.
struct Loss {
    joins: bool,
    provisions: bool,
    /// Targets that nothing else writes.
    targets: Vec<String>,
    /// Targets that only standard rules write which leave out some of its objects, as far as their scopes tell.
    elsewhere: Vec<String>,
    /// Whether custom rules do most of the rest, so that somebody meant to replace the rule.
    replaced: bool,
}

impl Loss {
    fn row(&self) -> &'static str {
        match (self.replaced, self.joins || self.provisions) {
            (false, _) => ids::DEFAULT_RULE_UNREPLACED,
            (true, true) => ids::DEFAULT_RULE_LINK_LOST,
            (true, false) => ids::DEFAULT_RULE_PARTLY_REPLACED,
        }
    }
}

/// Lints of a side's disabled standard rules.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let off = |rule: &&RuleView| rule.standard && !rule.live;
    // What cannot be read may be the replacement.
    let hidden = unknown::hides(context, side, ids::kinds::RULE);
    if hidden || !context.views(side).iter().any(|rule| off(&rule)) {
        return;
    }
    let [live, others] = [side, side.other()].map(|side| live_rules(context, side));
    for rule in context.views(side).iter().filter(off) {
        if let Some(loss) = loss(context, side, &live, rule) {
            drafts.push(lost(context, side, rule, &loss, &others));
        }
    }
}

/// What is lost with a disabled rule, if anything.
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
    let (targets, elsewhere) = unwritten(objects, rule, &stand_ins, &all);
    let own = |target: &&&str| stand_ins.iter().any(|done| done.own.contains(**target));
    let replaced = all.keys().filter(own).count();
    (joins || provisions || !targets.is_empty() || !elsewhere.is_empty()).then_some(Loss {
        joins,
        provisions,
        targets,
        elsewhere,
        replaced: replaced > 0 && replaced * 2 >= all.len(),
    })
}

/// Targets that nothing else writes, and those that only rules write which leave out some of the rule's objects.
fn unwritten(
    objects: &[Object],
    rule: &RuleView,
    stand_ins: &[&Done<'_>],
    all: &BTreeMap<&str, &str>,
) -> (Vec<String>, Vec<String>) {
    let own_scope = scope_of(&objects[rule.object]);
    let mut covering: HashMap<usize, bool> = HashMap::new();
    let (mut targets, mut elsewhere) = (Vec::new(), Vec::new());
    for (target, name) in all {
        if stand_ins.iter().any(|done| done.own.contains(target)) {
            continue;
        }
        let mut writers = stand_ins
            .iter()
            .filter_map(|done| done.standard.get(target))
            .flatten()
            .peekable();
        if writers.peek().is_none() {
            targets.push((*name).to_owned());
            continue;
        }
        let covered = writers.any(|writer| {
            let covers = || within(own_scope, scope_of(&objects[writer.object]));
            *covering.entry(writer.object).or_insert_with(covers)
        });
        if !covered {
            elsewhere.push((*name).to_owned());
        }
    }
    (targets, elsewhere)
}

fn lost(context: &Context<'_>, side: Side, rule: &RuleView, loss: &Loss, others: &Live<'_>) -> Draft {
    let id = loss.row();
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
    if !loss.elsewhere.is_empty() {
        let names = quoted(loss.elsewhere.iter().map(String::as_str));
        what.push(format!("only rules with another scope write {names}"));
    }
    let said = what.join("; ");
    let mut lint = lint(context, id, side, rule, &context.row(id).title, said.clone());
    lint.detail = details(id, side, loss);
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
        setting: None,
        causes,
        rows: &[],
        leads: None,
        sentence: format!(
            "On {} \"{}\" is disabled and {said}.",
            context.server_name(side),
            rule.name
        ),
    }
}

/// The targets that are lost, and those that are lost to some objects.
fn details(id: &'static str, side: Side, loss: &Loss) -> Vec<Detail> {
    let all = loss.targets.iter().map(|target| ("Target attribute", target));
    let some = loss
        .elsewhere
        .iter()
        .map(|target| ("Target attribute of some objects", target));
    let detail = |(what, target): (&str, &String)| Detail {
        id: id.into(),
        what: what.to_owned(),
        change: ChangeKind::Equal,
        primary: (side == Side::Primary).then(|| target.clone()),
        staging: (side == Side::Staging).then(|| target.clone()),
    };
    all.chain(some).map(detail).collect()
}

/// A server's live rules that do what is lost on the other one.
fn stand_ins(context: &Context<'_>, side: Side, rule: &RuleView, loss: &Loss) -> Vec<usize> {
    let lost: BTreeSet<String> = loss
        .targets
        .iter()
        .chain(&loss.elsewhere)
        .map(|target| target.to_lowercase())
        .collect();
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
