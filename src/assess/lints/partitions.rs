//! Selected partitions that a run profile passes over.
//!
//! In: one server's connectors, partitions, run profiles and steps. Out: lints.
//! Must not know: what a step does.

use super::drafts::Draft;
use super::quoted;
use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::model::{Object, ObjectIndex, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows of findings that leave a partition without a step.
const CAUSES: &[&str] = &[
    ids::PARTITION_SELECTED,
    ids::PARTITION_MISSING,
    ids::RUN_STEP_MISSING,
    ids::RUN_PROFILE_MISSING,
    ids::STEP_PARTITION,
];

/// What a connector runs: profiles by folded name, with the partitions of their steps.
type Profiles<'c> = BTreeMap<String, (ObjectIndex, &'c str, BTreeSet<ObjectIndex>)>;

/// Lints of a side's partitions.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let configuration = context.configuration(side);
    let objects = &configuration.objects;
    let facts = &context.catalogue.facts;
    for (connector, object) in configuration.of_kind(ids::kinds::CONNECTOR) {
        // Of other connectors nobody knows which profiles they need.
        if object.key != ids::ENTRA && !object.key.starts_with(ids::FOREST) {
            continue;
        }
        let profiles = profiles(context, side, connector);
        // Without any step that names a partition the export does not tell.
        if profiles.values().all(|(_, _, partitions)| partitions.is_empty()) {
            continue;
        }
        let needed = facts.scheduled_profiles.iter().chain(&facts.full_profiles);
        let needed: Vec<&String> = needed.collect();
        for &partition in &context.children(side)[connector] {
            let selected = objects[partition].kind == ids::kinds::PARTITION
                && objects[partition].canonical(ids::PARTITION_SELECTED) == "true";
            if selected {
                drafts.extend(passed_over(context, side, partition, &profiles, &needed));
            }
        }
    }
}

fn profiles<'c>(context: &Context<'c>, side: Side, connector: ObjectIndex) -> Profiles<'c> {
    let configuration = context.configuration(side);
    let children = context.children(side);
    let objects = &configuration.objects;
    let own = |kind: &'static str| {
        children[connector]
            .iter()
            .filter(move |&&child| objects[child].kind == kind)
    };
    // As a step refers to them.
    let named: HashMap<String, ObjectIndex> = own(ids::kinds::PARTITION)
        .map(|&partition| {
            (
                format!("{}/{}", objects[connector].key, objects[partition].key),
                partition,
            )
        })
        .collect();
    let mut profiles = Profiles::new();
    for &profile in own(ids::kinds::RUN_PROFILE) {
        let runs_on = |step: &Object| match step.value(ids::STEP_PARTITION) {
            Some(Value::Reference {
                target: Some(target), ..
            }) => named.get(&target.key).copied(),
            _ => None,
        };
        let steps = children[profile].iter().map(|&step| &objects[step]);
        let partitions = steps.filter_map(runs_on).collect();
        let object = &objects[profile];
        profiles.insert(object.key.to_lowercase(), (profile, object.name.as_str(), partitions));
    }
    profiles
}

fn passed_over(
    context: &Context<'_>,
    side: Side,
    partition: ObjectIndex,
    profiles: &Profiles<'_>,
    needed: &[&String],
) -> Option<Draft> {
    let (mut without, mut absent) = (Vec::new(), Vec::new());
    let mut causes = vec![context.pair_of(side, partition)];
    for name in needed {
        match profiles.get(&name.to_lowercase()) {
            Some((_, _, partitions)) if partitions.contains(&partition) => {}
            Some((profile, name, _)) => {
                without.push(*name);
                causes.push(context.pair_of(side, *profile));
            }
            None => absent.push(name.as_str()),
        }
    }
    if without.is_empty() && absent.is_empty() {
        return None;
    }
    causes.extend(missing_profiles(context, side, partition, &absent));
    let mut said = Vec::new();
    if !without.is_empty() {
        said.push(format!("no step in {}", quoted(without.iter().copied())));
    }
    if !absent.is_empty() {
        said.push(format!("no run profile {}", quoted(absent.iter().copied())));
    }
    let id = ids::PARTITION_WITHOUT_STEP;
    let value = said.join("; ");
    let object = &context.configuration(side).objects[partition];
    let title = &context.row(id).title;
    let connector = object
        .parent
        .map_or("", |parent| &context.configuration(side).objects[parent].key);
    let lint = super::lint(
        context,
        id,
        side,
        partition,
        (title, value.clone()),
        &[connector, &object.key],
    );
    Some(Draft {
        lint,
        key: format!("{id} {} {}", causes[0], value.to_lowercase()),
        setting: None,
        causes,
        rows: CAUSES,
        leads: None,
        sentence: format!(
            "On {} the selected partition {} has {value}.",
            context.server_name(side),
            object.name
        ),
    })
}

/// Pairs of profiles that only the other server has.
fn missing_profiles(context: &Context<'_>, side: Side, partition: ObjectIndex, absent: &[&str]) -> Vec<usize> {
    let Some(parent) = context.parent(context.pair_of(side, partition)) else {
        return Vec::new();
    };
    let other = side.other();
    let there = match other {
        Side::Primary => context.pair(parent).left,
        Side::Staging => context.pair(parent).right,
    };
    let children = there.map_or(&[][..], |there| &context.children(other)[there]);
    let objects = &context.configuration(other).objects;
    let named = |child: &&ObjectIndex| {
        let object = &objects[**child];
        object.kind == ids::kinds::RUN_PROFILE && absent.iter().any(|name| name.eq_ignore_ascii_case(&object.name))
    };
    children
        .iter()
        .filter(named)
        .map(|&child| context.pair_of(other, child))
        .collect()
}
