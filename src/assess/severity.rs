//! How bad: a row's severity, raised by its predicates, lowered where nothing runs.
//!
//! In: a row and a pair. Out: a severity. Must not know: texts.

use super::context::{Context, Side};
use super::versions::Versions;
use super::{steps, used};
use crate::catalogue::{Predicate, Row, Severity, ids};
use crate::derive::RuleView;
use crate::model::{Object, SettingKey};

/// Severity of a row for a pair.
pub fn of(context: &Context<'_>, versions: &Versions, row: &'static Row, pair: usize) -> Severity {
    of_setting(context, versions, row, pair, None)
}

/// Severity of a row for one setting of a pair.
pub fn of_setting(
    context: &Context<'_>,
    versions: &Versions,
    row: &'static Row,
    pair: usize,
    key: Option<&SettingKey>,
) -> Severity {
    let used = || {
        let things = used::things(context, row, pair, key);
        things.iter().any(|(_, thing)| !used::rules(context, thing).is_empty())
    };
    raise(context, row, pair, |predicate| {
        holds(context, versions, predicate, pair, &used)
    })
}

/// Severity of a row where the caller knows whether a live rule uses what differs.
pub fn of_used(context: &Context<'_>, versions: &Versions, row: &'static Row, pair: usize, used: bool) -> Severity {
    raise(context, row, pair, |predicate| {
        holds(context, versions, predicate, pair, &|| used)
    })
}

/// Severity of a row for a part of a pair, of which the caller knows more than the pair tells.
pub fn with(
    context: &Context<'_>,
    versions: &Versions,
    row: &'static Row,
    pair: usize,
    known: &[Predicate],
) -> Severity {
    raise(context, row, pair, |predicate| {
        known.contains(&predicate) || holds(context, versions, predicate, pair, &|| false)
    })
}

fn raise(context: &Context<'_>, row: &'static Row, pair: usize, holds: impl Fn(Predicate) -> bool) -> Severity {
    let raised = row
        .escalate
        .iter()
        .filter(|escalation| holds(escalation.when))
        .map(|escalation| escalation.severity)
        .max()
        .unwrap_or(row.severity);
    let severity = raised.max(row.severity);
    if disabled_everywhere(context, pair) || unselected_everywhere(context, pair) {
        severity.min(Severity::Low)
    } else {
        severity
    }
}

/// Whether every copy of the rule (or of the rule around the object) is disabled.
fn disabled_everywhere(context: &Context<'_>, pair: usize) -> bool {
    match context.rules(rule_of(context, pair)) {
        (Some(left), Some(right)) => !left.live && !right.live,
        _ => false,
    }
}

/// Whether a pair is a partition that neither server reads.
pub fn unselected_everywhere(context: &Context<'_>, pair: usize) -> bool {
    [Side::Primary, Side::Staging]
        .into_iter()
        .all(|side| selected(context, pair, side) == Some(false))
}

/// Whether a partition is read; `None` where the export does not tell.
pub fn selected(context: &Context<'_>, pair: usize, side: Side) -> Option<bool> {
    let object = match side {
        Side::Primary => context.left(pair),
        Side::Staging => context.right(pair),
    };
    crate::normalise::flag(&object?.canonical(ids::PARTITION_SELECTED))
}

/// The rule a pair belongs to, or the pair itself.
fn rule_of(context: &Context<'_>, pair: usize) -> usize {
    match (context.rules(pair), context.parent(pair)) {
        ((None, None), Some(parent)) => rule_of(context, parent),
        _ => pair,
    }
}

/// Whether the partition that a pair is, or that its step runs on, is selected on a server that has the pair.
fn in_selected_partition(context: &Context<'_>, pair: usize) -> bool {
    [Side::Primary, Side::Staging].into_iter().any(|side| {
        let object = match side {
            Side::Primary => context.left(pair),
            Side::Staging => context.right(pair),
        };
        // Nothing but a clear no counts: a partition that is not in the export may be selected.
        object.is_some_and(|object| {
            partition_of(context, side, object)
                .is_none_or(|partition| partition.canonical(ids::PARTITION_SELECTED) != "false")
        })
    })
}

fn partition_of<'a>(context: &'a Context<'_>, side: Side, object: &'a Object) -> Option<&'a Object> {
    if object.kind == ids::kinds::PARTITION {
        return Some(object);
    }
    let configuration = context.configuration(side);
    steps::partition(configuration, object).map(|index| &configuration.objects[index])
}

fn feeds_filter(context: &Context<'_>, flow: &Object) -> bool {
    let filtering = &context.catalogue.facts.filtering_attributes;
    flow.kind == ids::kinds::FLOW && filtering.iter().any(|name| name.eq_ignore_ascii_case(&flow.key))
}

/// Whether the connector around a pair loads a library that is not the product's, on either server: builds of the
/// product say nothing about it.
pub fn foreign_library(context: &Context<'_>, pair: usize) -> bool {
    let prefix = context.catalogue.facts.product_library_prefix.to_lowercase();
    // A file beside the product, by its name.
    if let Some(file) = context
        .object(pair)
        .filter(|object| object.kind == ids::kinds::PROGRAM_FILE)
    {
        let name = file.key.rsplit(['/', '\\']).next().unwrap_or_default();
        let programs = &context.catalogue.facts.product_programs;
        return !name.starts_with(&prefix) && !programs.iter().any(|program| program.eq_ignore_ascii_case(name));
    }
    let library = |object: &Object| object.canonical(ids::EXTENSION_FILE);
    context.roots(pair).into_iter().flatten().map(library).any(|library| {
        let name = library.rsplit(['/', '\\']).next().unwrap_or_default();
        !name.is_empty() && !name.starts_with(&prefix)
    })
}

fn holds(
    context: &Context<'_>,
    versions: &Versions,
    predicate: Predicate,
    pair: usize,
    used: &dyn Fn() -> bool,
) -> bool {
    let (left, right) = context.rules(rule_of(context, pair));
    let either = |test: fn(&RuleView) -> bool| left.is_some_and(test) || right.is_some_and(test);
    match predicate {
        Predicate::RuleDecidesExistence => either(|rule| rule.live && rule.decides_existence()),
        Predicate::StagingOlder => versions.staging_older(),
        Predicate::UsedByLiveRule => used(),
        Predicate::SelectedPartition => in_selected_partition(context, pair),
        // Only who looks at a single container knows.
        Predicate::NarrowerOnStaging | Predicate::UnreadableContainer => false,
        // Of moved rules only the contest can tell (`order`).
        Predicate::FilteringTarget => context.object(pair).is_some_and(|flow| feeds_filter(context, flow)),
        Predicate::ForeignLibrary => foreign_library(context, pair),
        Predicate::ScheduledProfile => {
            let scheduled = &context.catalogue.facts.scheduled_profiles;
            let name = context.object(pair).map_or("", |profile| profile.name.as_str());
            scheduled.iter().any(|known| known.eq_ignore_ascii_case(name))
        }
        Predicate::FipsEnforced => [context.left, context.right].into_iter().any(|server| {
            let mut keys = server.of_kind(ids::kinds::FIPS);
            keys.any(|(_, key)| crate::normalise::flag(&key.canonical(ids::FIPS_ENABLED)) == Some(true))
        }),
    }
}
