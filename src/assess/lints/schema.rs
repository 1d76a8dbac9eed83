//! Attributes that live rules use and that the connector or the metaverse does not
//! offer: not selected, or in no schema at all.
//!
//! In: one server's rules, connectors and metaverse. Out: lints, one for each
//! connector (or the metaverse) and row. Must not know: what rules do with the
//! attributes.
//!
//! What only one server lacks is a finding already that names the rules. A schema
//! that names nothing of what rules use was not read, and claims nothing.

use super::drafts::Draft;
use crate::assess::context::{Context, Side};
use crate::assess::used;
use crate::catalogue::ids;
use crate::derive::{Reads, RuleView};
use crate::model::{Fact, Object, ObjectIndex, Schema, SettingKey, Value};
use crate::report::{ChangeKind, Detail};
use std::collections::{BTreeMap, BTreeSet};

/// Attributes with the names of the rules that use them.
type Found<'v> = BTreeMap<String, BTreeSet<&'v str>>;

/// Lints of a side's attributes.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    for (index, connector) in context.configuration(side).of_kind(ids::kinds::CONNECTOR) {
        of_connector(context, side, (index, connector), drafts);
    }
    of_metaverse(context, side, drafts);
}

fn schema(connector: &Object) -> Option<&Schema> {
    match connector.value(ids::CONNECTOR_SCHEMA) {
        Some(Value::Schema(schema)) => Some(schema),
        _ => None,
    }
}

fn of_connector(
    context: &Context<'_>,
    side: Side,
    (index, connector): (ObjectIndex, &Object),
    drafts: &mut Vec<Draft>,
) {
    let Some(schema) = schema(connector) else { return };
    let pseudo = &context.catalogue.facts.pseudo_attributes;
    let used: Vec<(&str, &[usize])> = context
        .uses(side)
        .connector_attributes(&connector.key)
        .into_iter()
        .filter(|(name, _)| !pseudo.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(name)))
        .collect();
    let names: Vec<&str> = used.iter().map(|(name, _)| *name).collect();
    let known = schema.may_name(&names);
    if !known.contains(&true) {
        return;
    }
    let parts = |wanted: bool| {
        used.iter()
            .zip(&known)
            .filter(move |(_, known)| **known == wanted)
            .map(|(used, _)| *used)
    };
    let owner = (index, connector.key.as_str());
    let open = unselected(context, side, (index, connector), schema, parts(true).collect());
    drafts.extend(draft(context, side, ids::ATTRIBUTE_NOT_SELECTED, owner, &open));
    let absent: Vec<(&str, &[usize])> = parts(false).collect();
    let (read, written) = absent_of_connector(context, side, index, &absent);
    drafts.extend(draft(context, side, ids::ATTRIBUTE_UNKNOWN, owner, &read));
    drafts.extend(draft(context, side, ids::TARGET_UNKNOWN, owner, &written));
}

/// What nobody selected, on neither server, as the schema spells it.
fn unselected<'v>(
    context: &Context<'v>,
    side: Side,
    (index, connector): (ObjectIndex, &Object),
    schema: &Schema,
    used: Vec<(&str, &[usize])>,
) -> Found<'v> {
    let Some(Value::Set(selected)) = connector.value(ids::ATTRIBUTE_INCLUSION) else {
        return Found::new();
    };
    let mut settled: BTreeSet<&str> = selected.iter().map(|member| member.canonical.as_str()).collect();
    let key = SettingKey::row(ids::ATTRIBUTE_INCLUSION);
    let there = context.setting(context.pair_of(side, index), side.other(), &key);
    if let Some(Value::Set(others)) = there.map(|setting| &setting.value) {
        settled.extend(others.iter().map(|member| member.canonical.as_str()));
    }
    let open: Vec<(&str, &[usize])> = used.into_iter().filter(|(name, _)| !settled.contains(name)).collect();
    if open.is_empty() {
        return Found::new();
    }
    // Another thing may have the name.
    let spelled: BTreeMap<String, &str> = schema
        .lines()
        .map(Fact::parse)
        .filter(|fact| fact.detail.is_none())
        .filter_map(|fact| fact.owner.split_once(' ').filter(|(kind, _)| *kind == "attribute"))
        .map(|(_, name)| (name.to_lowercase(), name))
        .collect();
    let found = open.into_iter().filter_map(|(name, users)| {
        let name = (*spelled.get(name)?).to_owned();
        Some((
            name,
            users.iter().map(|&at| context.views(side)[at].name.as_str()).collect(),
        ))
    });
    found.collect()
}

/// What the other server's schema lacks too, apart by whether rules read or write it, as they spell it.
fn absent_of_connector<'v>(
    context: &Context<'v>,
    side: Side,
    index: ObjectIndex,
    absent: &[(&str, &[usize])],
) -> (Found<'v>, Found<'v>) {
    let (mut read, mut written) = (Found::new(), Found::new());
    if absent.is_empty() {
        return (read, written);
    }
    let pair = context.pair_of(side, index);
    let key = SettingKey::row(ids::CONNECTOR_SCHEMA);
    let there = context.setting(pair, side.other(), &key).map(|setting| &setting.value);
    let names: Vec<&str> = absent.iter().map(|(name, _)| *name).collect();
    let there = match there {
        Some(Value::Schema(schema)) => schema.may_name(&names),
        _ => vec![false; names.len()],
    };
    for ((name, users), _) in absent.iter().zip(there).filter(|(_, there)| !there) {
        for rule in users.iter().map(|&at| &context.views(side)[at]) {
            let reads = Reads::of(context.configuration(side), rule).connector;
            if let Some(spelled) = reads.get(*name) {
                read.entry(spelled.clone()).or_default().insert(&rule.name);
            } else if let Some(spelled) = target(context, side, rule, name).filter(|_| !rule.inbound) {
                written.entry(spelled).or_default().insert(&rule.name);
            }
        }
    }
    (read, written)
}

/// The target of one of a rule's flows, as the rule spells it.
fn target(context: &Context<'_>, side: Side, rule: &RuleView, name: &str) -> Option<String> {
    let objects = &context.configuration(side).objects;
    let flow = rule
        .flows
        .iter()
        .map(|&flow| &objects[flow])
        .find(|flow| flow.key == name)?;
    Some(flow.name.clone())
}

/// Metaverse attributes by folded name, and those of each object type.
struct Metaverse {
    attributes: BTreeSet<String>,
    bindings: BTreeMap<String, BTreeSet<String>>,
}

impl Metaverse {
    fn of(context: &Context<'_>, side: Side) -> Metaverse {
        let configuration = context.configuration(side);
        let folded = |object: &Object| object.name.trim_start_matches('#').to_lowercase();
        let attributes = configuration.of_kind(ids::kinds::METAVERSE_ATTRIBUTE);
        let mut bindings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, binding) in configuration.of_kind(ids::kinds::METAVERSE_BINDING) {
            if let Some(parent) = binding.parent {
                let of = folded(&configuration.objects[parent]);
                bindings.entry(of).or_default().insert(folded(binding));
            }
        }
        Metaverse {
            attributes: attributes.map(|(_, object)| folded(object)).collect(),
            bindings,
        }
    }

    /// Whether an object of this type can have the attribute; of an unknown type, or of every type, the attribute alone
    /// counts.
    fn offers(&self, object_type: &str, attribute: &str) -> bool {
        let bound = self.bindings.get(object_type);
        self.attributes.contains(attribute) && bound.is_none_or(|bound| bound.contains(attribute))
    }
}

fn of_metaverse(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let own = Metaverse::of(context, side);
    let Some((global, _)) = context.configuration(side).of_kind(ids::kinds::GLOBAL).next() else {
        return;
    };
    let used = context.uses(side).metaverse_attributes();
    if !used.iter().any(|(name, _)| own.attributes.contains(*name)) {
        return;
    }
    let mut there: Option<Metaverse> = None;
    let (mut read, mut written) = (Found::new(), Found::new());
    for (name, users) in used {
        for rule in users.iter().map(|&at| &context.views(side)[at]) {
            let central = if rule.inbound {
                &rule.target_type
            } else {
                &rule.source_type
            };
            if own.offers(central, name) {
                continue;
            }
            let there = there.get_or_insert_with(|| Metaverse::of(context, side.other()));
            if there.offers(central, name) {
                continue;
            }
            let spelled = target(context, side, rule, name).filter(|_| rule.inbound);
            let reads = || Reads::of(context.configuration(side), rule).metaverse;
            if let Some(spelled) = spelled {
                let shown = shown(&own, spelled, name, central);
                written.entry(shown).or_default().insert(&rule.name);
            } else if let Some(spelled) = reads().remove(name) {
                let shown = shown(&own, spelled, name, central);
                read.entry(shown).or_default().insert(&rule.name);
            }
        }
    }
    let owner = (global, "");
    drafts.extend(draft(context, side, ids::METAVERSE_UNKNOWN, owner, &read));
    drafts.extend(draft(context, side, ids::METAVERSE_TARGET_UNKNOWN, owner, &written));
}

/// An attribute that only this type lacks is named with the type.
fn shown(metaverse: &Metaverse, spelled: String, name: &str, object_type: &str) -> String {
    if metaverse.attributes.contains(name) {
        format!("{spelled} (of {object_type})")
    } else {
        spelled
    }
}

fn draft(
    context: &Context<'_>,
    side: Side,
    id: &'static str,
    (object, identity): (ObjectIndex, &str),
    found: &Found<'_>,
) -> Option<Draft> {
    if found.is_empty() {
        return None;
    }
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let all = names.join(", ");
    let title = &context.row(id).title;
    let mut lint = super::lint(context, id, side, object, (title, all.clone()), &[identity]);
    for (attribute, rules) in found {
        let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
        lint.consequences.extend(used::sentence(attribute, &rules));
        lint.detail.push(Detail {
            id: id.into(),
            what: "Attribute".to_owned(),
            change: ChangeKind::Equal,
            primary: (side == Side::Primary).then(|| attribute.clone()),
            staging: (side == Side::Staging).then(|| attribute.clone()),
        });
    }
    Some(Draft {
        key: format!("{id} {} {all}", context.pair_of(side, object)),
        setting: None,
        causes: Vec::new(),
        rows: &[],
        leads: None,
        sentence: String::new(),
        lint,
    })
}
