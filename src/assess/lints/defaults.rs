//! Standard rules of one server that were edited in place or deleted, where that
//! can be told without a second forest.
//!
//! In: one server's rules. Out: lints. Must not know: the other server's rules.
//!
//! A rule is known by what stands beside it: its disabled copy, its sister rule for
//! another object type, the rules that are always installed with it. Numbers say
//! nothing: features, forests and upgrades leave holes in them.

use super::drafts::Draft;
use super::{quoted, rules::lint};
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::catalogue::ids;
use crate::derive::RuleView;
use crate::model::Object;
use std::collections::{BTreeMap, HashMap};

/// Lints of a side's standard rules.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    edited(context, side, drafts);
    let tags = Tags::of(context.views(side));
    sisters(context, side, &tags, drafts);
    if !unknown::hides(context, side, ids::kinds::RULE) {
        deleted(context, side, &tags, drafts);
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

/// Standard rules by version-agnostic tag, then by connector.
struct Tags<'v>(HashMap<&'v str, BTreeMap<&'v str, Vec<&'v RuleView>>>);

impl<'v> Tags<'v> {
    fn of(views: &'v [RuleView]) -> Tags<'v> {
        let mut tags: HashMap<&str, BTreeMap<&str, Vec<&RuleView>>> = HashMap::new();
        for rule in views.iter().filter(|rule| rule.standard) {
            if let Some(tag) = &rule.tag {
                let copies = tags.entry(&tag.base).or_default();
                copies.entry(&rule.connector).or_default().push(rule);
            }
        }
        Tags(tags)
    }

    /// The only live copy of a release on the server: with more forests the copies are compared with each other.
    fn only(&self, tag: &str) -> Option<&'v RuleView> {
        let mut copies = self.0.get(tag)?.values();
        match (copies.next()?.as_slice(), copies.next()) {
            ([rule], None) if rule.live => Some(rule),
            _ => None,
        }
    }
}

/// Rules for two object types that write an attribute in different ways.
fn sisters(context: &Context<'_>, side: Side, tags: &Tags<'_>, drafts: &mut Vec<Draft>) {
    let facts = &context.catalogue.facts;
    for (one, other) in &facts.sister_rules {
        let (Some(rule), Some(sister)) = (tags.only(&facts.tag_of(one)), tags.only(&facts.tag_of(other))) else {
            continue;
        };
        let unlike = unlike(context, side, rule, sister);
        if rule.connector != sister.connector || unlike.is_empty() {
            continue;
        }
        let id = ids::DEFAULT_RULE_SISTERS;
        let value = format!("not as \"{}\": the flow to {}", sister.name, quoted(unlike));
        let mut lint = lint(context, id, side, rule, &context.row(id).title, value.clone());
        let place = context.configuration(side).objects[sister.object].location;
        lint.locations.extend(context.place(side, place));
        let pair = context.pair_of(side, rule.object);
        drafts.push(Draft {
            lint,
            key: format!("{id} {pair}"),
            causes: vec![pair, context.pair_of(side, sister.object)],
            rows: &[],
            sentence: format!("On {} \"{}\" is {value}.", context.server_name(side), rule.name),
        });
    }
}

/// Attributes that both rules write, not in the same way.
fn unlike<'c>(context: &Context<'c>, side: Side, rule: &RuleView, sister: &RuleView) -> Vec<&'c str> {
    let objects = &context.configuration(side).objects;
    let flows = |rule: &RuleView| rule.flows.iter().map(|&flow| &objects[flow]).collect::<Vec<&Object>>();
    let others: HashMap<&str, &Object> = flows(sister)
        .into_iter()
        .map(|flow| (flow.key.as_str(), flow))
        .collect();
    let body = [
        ids::FLOW_EXPRESSION,
        ids::FLOW_SOURCE,
        ids::FLOW_MERGE_TYPE,
        ids::FLOW_APPLY_ONCE,
    ];
    let differs = |flow: &&Object| {
        let other = others.get(flow.key.as_str());
        other.is_some_and(|other| body.iter().any(|id| flow.canonical(id) != other.canonical(id)))
    };
    let unlike = flows(rule).into_iter().filter(differs);
    unlike.map(|flow| flow.name.as_str()).collect()
}

/// Rules that are always installed together, and one is missing.
fn deleted(context: &Context<'_>, side: Side, tags: &Tags<'_>, drafts: &mut Vec<Draft>) {
    let facts = &context.catalogue.facts;
    for family in &facts.default_rule_families {
        let members: Vec<(&str, String)> = family.iter().map(|name| (name.as_str(), facts.tag_of(name))).collect();
        // Who stands for the family on a connector.
        let mut present: BTreeMap<&str, &RuleView> = BTreeMap::new();
        for copies in members.iter().filter_map(|(_, tag)| tags.0.get(tag.as_str())) {
            for (connector, rules) in copies {
                if let Some(rule) = rules.first().filter(|rule| rule.connector_known) {
                    present.entry(connector).or_insert(rule);
                }
            }
        }
        for (name, tag) in &members {
            // That one forest lacks what another one has is told where forests are compared.
            if !tags.0.contains_key(tag.as_str()) {
                let drafted = present.values().map(|rule| missing(context, side, rule, (name, tag)));
                drafts.extend(drafted);
            }
        }
    }
}

fn missing(context: &Context<'_>, side: Side, rule: &RuleView, (name, tag): (&str, &str)) -> Draft {
    let id = ids::DEFAULT_RULE_DELETED;
    let value = format!("\"{name}\" is missing on {}", context.connector_name(&rule.connector));
    let mut lint = lint(context, id, side, rule, &context.row(id).title, value.clone());
    lint.fingerprint = crate::assess::finding::digest(&[&lint.fingerprint, tag]);
    // The same rule on the other server, where it may still be.
    let there = |other: &&RuleView| {
        other.standard && other.connector == rule.connector && other.tag.as_ref().is_some_and(|own| own.base == *tag)
    };
    let twin = context.views(side.other()).iter().find(there);
    Draft {
        lint,
        key: format!("{id} {tag} {}", rule.connector),
        causes: twin
            .map(|twin| context.pair_of(side.other(), twin.object))
            .into_iter()
            .collect(),
        rows: &[],
        sentence: format!(
            "On {} {value}, though the rules that are always installed with it are there.",
            context.server_name(side)
        ),
    }
}
