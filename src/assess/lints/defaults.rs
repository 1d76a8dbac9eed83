//! Standard rules of one server that were edited in place or deleted, where that
//! can be told without a second forest.
//!
//! In: one server's rules. Out: lints. Must not know: the other server's rules.
//!
//! A rule is known by what stands beside it: its disabled copy, its sister rule for
//! another object type, the rules that are always installed with it. Numbers say
//! nothing: features, forests and upgrades leave holes in them.

use super::drafts::Draft;
use super::quoted;
use super::rules::{beside, lint};
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
        let value = "stands beside its disabled standard copy".to_owned();
        let sentence = format!(
            "On {} the rule was edited in place: its standard copy stands beside it, disabled. The next upgrade takes the edit back.",
            context.server_name(side)
        );
        let id = ids::DEFAULT_RULE_EDITED;
        drafts.push(beside(context, id, side, [live, copy], value, sentence));
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
        let value = format!("not as \"{}\": {}", sister.name, unlike.join(", "));
        let sentence = format!("On {} \"{}\" is {value}.", context.server_name(side), rule.name);
        let id = ids::DEFAULT_RULE_SISTERS;
        drafts.push(beside(context, id, side, [rule, sister], value, sentence));
    }
}

/// Parts in which two sister rules are never unlike. The second one may lack flows of the first, and their scopes differ.
fn unlike(context: &Context<'_>, side: Side, rule: &RuleView, sister: &RuleView) -> Vec<String> {
    let objects = &context.configuration(side).objects;
    let (one, other) = (&objects[rule.object], &objects[sister.object]);
    let mut parts: Vec<String> = [ids::RULE_LINK_TYPE, ids::RULE_JOIN, ids::RULE_SOFT_DELETE]
        .into_iter()
        .filter(|id| one.canonical(id) != other.canonical(id))
        .map(|id| context.row(id).title.to_lowercase())
        .collect();
    let flows = |rule: &RuleView| -> BTreeMap<&str, &Object> {
        let all = rule.flows.iter().map(|&flow| &objects[flow]);
        all.map(|flow| (flow.key.as_str(), flow)).collect()
    };
    let (own, others) = (flows(rule), flows(sister));
    let body = [
        ids::FLOW_EXPRESSION,
        ids::FLOW_SOURCE,
        ids::FLOW_MERGE_TYPE,
        ids::FLOW_APPLY_ONCE,
    ];
    let differs = |flow: &&&Object| {
        let other = others.get(flow.key.as_str());
        other.is_some_and(|other| body.iter().any(|id| flow.canonical(id) != other.canonical(id)))
    };
    let names = |flows: Vec<&&Object>| -> Option<String> {
        (!flows.is_empty()).then(|| quoted(flows.into_iter().map(|flow| flow.name.as_str())))
    };
    let told = names(own.values().filter(differs).collect());
    parts.extend(told.map(|names| format!("the flow to {names}")));
    let missing = others.values().filter(|flow| !own.contains_key(flow.key.as_str()));
    parts.extend(names(missing.collect()).map(|names| format!("no flow to {names}")));
    parts
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
    sisterless(context, side, tags, drafts);
}

/// A rule whose sister is there is missing where other rules of its object type have theirs: both depend on the same
/// attributes of the directory. Those of a family are told with it.
fn sisterless(context: &Context<'_>, side: Side, tags: &Tags<'_>, drafts: &mut Vec<Draft>) {
    let facts = &context.catalogue.facts;
    let of_family = |name: &String| facts.default_rule_families.iter().any(|family| family.contains(name));
    let on = |name: &str, connector: &str| {
        let copies = tags.0.get(facts.tag_of(name).as_str());
        copies.and_then(|copies| copies.get(connector)?.first().copied())
    };
    for turned in [false, true] {
        let pairs: Vec<(&String, &String)> = facts
            .sister_rules
            .iter()
            .map(|(one, other)| if turned { (other, one) } else { (one, other) })
            .collect();
        for (name, sister) in pairs.iter().filter(|(name, _)| !of_family(name)) {
            let tag = facts.tag_of(name);
            if tags.0.contains_key(tag.as_str()) {
                continue;
            }
            let sisters = tags.0.get(facts.tag_of(sister).as_str());
            for rule in sisters.into_iter().flatten().filter_map(|(_, rules)| rules.first()) {
                let complete = |pair: &&(&String, &String)| {
                    let both = (on(pair.0, &rule.connector), on(pair.1, &rule.connector));
                    matches!(both, (Some(one), Some(_)) if one.direction == rule.direction)
                };
                if rule.connector_known && pairs.iter().any(|pair| complete(&pair)) {
                    drafts.push(missing(context, side, rule, (name, &tag)));
                }
            }
        }
    }
}

fn missing(context: &Context<'_>, side: Side, rule: &RuleView, (name, tag): (&str, &str)) -> Draft {
    let id = ids::DEFAULT_RULE_DELETED;
    let value = format!("\"{name}\" is missing on {}", context.connector_name(&rule.connector));
    let mut lint = lint(context, id, side, rule, &context.row(id).title, value.clone());
    // It is about the rule that is missing, whoever stands for its family.
    let server = context.server_name(side);
    lint.fingerprint = crate::assess::finding::digest(&[id, &server, &rule.connector, tag]);
    name.clone_into(&mut lint.object);
    if let Some(last) = lint.object_path.last_mut() {
        name.clone_into(last);
    }
    // The same rule on the other server, where it may still be.
    let there = |other: &&RuleView| {
        other.standard && other.connector == rule.connector && other.tag.as_ref().is_some_and(|own| own.base == *tag)
    };
    let twin = context.views(side.other()).iter().find(there);
    Draft {
        lint,
        key: format!("{id} {tag} {}", rule.connector),
        setting: None,
        causes: twin
            .map(|twin| context.pair_of(side.other(), twin.object))
            .into_iter()
            .collect(),
        rows: &[],
        leads: None,
        sentence: format!(
            "On {} {value}, though the rules that are always installed with it are there.",
            context.server_name(side)
        ),
    }
}
