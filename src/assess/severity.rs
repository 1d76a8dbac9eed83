//! How bad: a row's severity, raised by its predicates, lowered where nothing runs.
//!
//! In: a row and a pair. Out: a severity. Must not know: texts.

use super::context::Context;
use super::versions::Versions;
use crate::catalogue::{Predicate, Row, Severity};
use crate::derive::RuleView;

/// Severity of a row for a pair.
pub fn of(context: &Context<'_>, versions: &Versions, row: &Row, pair: usize) -> Severity {
    let raised = row
        .escalate
        .iter()
        .filter(|escalation| holds(context, versions, escalation.when, pair))
        .map(|escalation| escalation.severity)
        .max()
        .unwrap_or(row.severity);
    let severity = raised.max(row.severity);
    if disabled_everywhere(context, pair) {
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
        // Only the contest can tell (`order`).
        Predicate::FilteringTarget => false,
    }
}
