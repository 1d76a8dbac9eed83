//! How bad: a row's severity, raised by its predicates, lowered where nothing runs.
//!
//! In: a row and a pair. Out: a severity. Must not know: texts.

use super::context::{Context, Side};
use super::versions::Versions;
use crate::catalogue::{Predicate, Row, Severity, ids};
use crate::derive::RuleView;

/// Severity of a row for a pair.
pub fn of(context: &Context<'_>, versions: &Versions, row: &Row, pair: usize) -> Severity {
    with(context, versions, row, pair, &[])
}

/// Severity of a row for a part of a pair, of which the caller knows more than the pair tells.
pub fn with(context: &Context<'_>, versions: &Versions, row: &Row, pair: usize, known: &[Predicate]) -> Severity {
    let raised = row
        .escalate
        .iter()
        .filter(|escalation| known.contains(&escalation.when) || holds(context, versions, escalation.when, pair))
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

fn holds(context: &Context<'_>, versions: &Versions, predicate: Predicate, pair: usize) -> bool {
    let (left, right) = context.rules(rule_of(context, pair));
    let either = |test: fn(&RuleView) -> bool| left.is_some_and(test) || right.is_some_and(test);
    match predicate {
        Predicate::RuleDecidesExistence => either(|rule| rule.live && rule.decides_existence()),
        Predicate::RuleJoinsOrProvisions => either(RuleView::joins_or_provisions),
        Predicate::RuleCustom => either(|rule| !rule.standard),
        Predicate::StagingOlder => versions.staging_older(),
        Predicate::UsedByLiveRule => false,
        Predicate::SelectedPartition => false,
        // Only who looks at a single container knows.
        Predicate::NarrowerOnStaging | Predicate::UnreadableContainer => false,
    }
}
