//! Faults of one server's settings: protection that is off, attributes that
//! rules read and nobody selected.
//!
//! In: one server's objects. Out: lints. Must not know: formats.

use crate::assess::context::{Context, Side};
use crate::assess::used;
use crate::catalogue::ids;
use crate::model::{Fact, Object, ObjectIndex, SettingKey, Value};
use crate::report::{ChangeKind, Detail, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// Lints of a side's settings.
pub fn judge(context: &Context<'_>, side: Side, findings: &mut [Finding], lints: &mut Vec<Finding>) {
    let configuration = context.configuration(side);
    for (index, object) in configuration.of_kind(ids::kinds::GLOBAL) {
        threshold(context, side, (index, object), findings, lints);
    }
    for (index, object) in configuration.of_kind(ids::kinds::CONNECTOR) {
        unselected(context, side, (index, object), lints);
    }
}

/// Without the threshold a mistake deletes without limit. Where the export does not say, nothing is claimed.
fn threshold(
    context: &Context<'_>,
    side: Side,
    (index, object): (ObjectIndex, &Object),
    findings: &mut [Finding],
    lints: &mut Vec<Finding>,
) {
    let (enabled, number) = (
        object.canonical(ids::DELETION_THRESHOLD),
        object.canonical(ids::DELETION_THRESHOLD_VALUE),
    );
    let (cause, value) = if enabled == "false" {
        (ids::DELETION_THRESHOLD, "off".to_owned())
    } else if number == "0" {
        (ids::DELETION_THRESHOLD_VALUE, "0 objects".to_owned())
    } else {
        return;
    };
    if let Some(finding) = findings.iter_mut().find(|finding| finding.id == cause) {
        let sentence = format!("On {} nothing limits deletions: {value}.", context.server_name(side));
        finding.consequences.push(sentence);
        return;
    }
    let title = &context.row(ids::DELETION_THRESHOLD_OFF).title;
    lints.push(super::lint(
        context,
        ids::DELETION_THRESHOLD_OFF,
        side,
        index,
        (title, value),
        &[],
    ));
}

/// Attributes of the connector's schema that live rules use and that are not selected. What only one server selects is
/// a finding already.
fn unselected(context: &Context<'_>, side: Side, (index, connector): (ObjectIndex, &Object), lints: &mut Vec<Finding>) {
    let (Some(Value::Set(selected)), Some(Value::Schema(schema))) = (
        connector.value(ids::ATTRIBUTE_INCLUSION),
        connector.value(ids::CONNECTOR_SCHEMA),
    ) else {
        return;
    };
    let pair = context.pair_of(side, index);
    let mut settled: BTreeSet<String> = selected.iter().map(|member| member.canonical.clone()).collect();
    let key = SettingKey::row(ids::ATTRIBUTE_INCLUSION);
    if let Some(Value::Set(others)) = context.setting(pair, side.other(), &key).map(|setting| &setting.value) {
        settled.extend(others.iter().map(|member| member.canonical.clone()));
    }
    let uses = context.uses(side);
    let open: Vec<(&str, &[usize])> = uses
        .connector_attributes(&connector.key)
        .into_iter()
        .filter(|(attribute, _)| !settled.contains(*attribute))
        .collect();
    let names: Vec<&str> = open.iter().map(|(attribute, _)| *attribute).collect();
    if names.is_empty() || !schema.may_name(&names) {
        return;
    }
    // As the export writes them.
    let known: BTreeMap<String, &str> = schema
        .lines()
        .map(Fact::parse)
        .filter(|fact| fact.detail.is_none())
        .filter_map(|fact| fact.owner.split_once(' ').filter(|(kind, _)| *kind == "attribute"))
        .map(|(_, name)| (name.to_lowercase(), name))
        .collect();
    let open: Vec<(&str, &[usize])> = open
        .into_iter()
        .filter_map(|(attribute, users)| known.get(attribute).map(|name| (*name, users)))
        .collect();
    if open.is_empty() {
        return;
    }
    let names: Vec<&str> = open.iter().map(|(attribute, _)| *attribute).collect();
    let title = &context.row(ids::ATTRIBUTE_NOT_SELECTED).title;
    let mut finding = super::lint(
        context,
        ids::ATTRIBUTE_NOT_SELECTED,
        side,
        index,
        (title, names.join(", ")),
        &[&connector.key],
    );
    for (attribute, users) in open {
        let mut rules: Vec<String> = users.iter().map(|&at| context.views(side)[at].name.clone()).collect();
        rules.sort();
        rules.dedup();
        finding.consequences.extend(used::sentence(attribute, &rules));
        finding.detail.push(Detail {
            id: ids::ATTRIBUTE_NOT_SELECTED.to_owned(),
            what: "Attribute".to_owned(),
            change: ChangeKind::Equal,
            primary: (side == Side::Primary).then(|| attribute.to_owned()),
            staging: (side == Side::Staging).then(|| attribute.to_owned()),
        });
    }
    lints.push(finding);
}
