//! Copies of default rules: a clone beside its disabled original, and the
//! disabled standard twin of a modified default rule.
//!
//! In: rules that changed. Out: which pairs belong together. Must not know:
//! texts and severities of findings.

use super::RuleChanges;
use crate::assess::context::{Context, Side};
use crate::catalogue::{Class, Severity, ids};
use crate::derive::RuleView;
use std::collections::{BTreeMap, BTreeSet};

/// A default rule that is live on one server and, on the other, disabled beside a live custom rule of the same content.
pub struct Clone {
    /// Pair of the default rule.
    pub original: usize,
    /// Pair of its copy, on one server only.
    pub copy: usize,
}

/// Finds them all, each copy once.
pub fn clones(context: &Context<'_>, changes: &BTreeMap<usize, RuleChanges<'_>>) -> Vec<Clone> {
    let mut found: Vec<Clone> = Vec::new();
    for &original in changes.keys() {
        let (Some(left), Some(right)) = context.rules(original) else {
            continue;
        };
        if !left.standard || left.live == right.live {
            continue;
        }
        let (live, side) = if left.live {
            (left, Side::Staging)
        } else {
            (right, Side::Primary)
        };
        let copy = changes.iter().find_map(|(&pair, change)| {
            let (l, r) = context.rules(pair);
            let candidate = match side {
                Side::Primary => l,
                Side::Staging => r,
            };
            let free = change.presence && !found.iter().any(|clone| clone.copy == pair);
            (free && candidate.is_some_and(|rule| same_body(context, side.other(), live, side, rule))).then_some(pair)
        });
        if let Some(copy) = copy {
            found.push(Clone { original, copy });
        }
    }
    found
}

/// Whether two rules on opposite sides do the same, name, number and tag aside.
fn same_body(context: &Context<'_>, a_side: Side, a: &RuleView, b_side: Side, b: &RuleView) -> bool {
    let body = |side: Side, rule: &RuleView| {
        let object = &context.configuration(side).objects[rule.object];
        context
            .catalogue
            .rows
            .iter()
            .filter(|row| row.object == ids::kinds::RULE && row.versioned && row.class == Class::Equal)
            .filter(|row| row.id != ids::RULE_PRECEDENCE && row.severity > Severity::Low)
            .map(|row| match object.value(&row.id) {
                Some(value) => value.canonical(),
                None => crate::normalise::absent(row, &context.catalogue.facts),
            })
            .collect::<Vec<_>>()
    };
    a.live
        && b.live
        && !b.standard
        && a.connector == b.connector
        && a.direction == b.direction
        && a.features == b.features
        && body(a_side, a) == body(b_side, b)
}

/// Surplus disabled standard copies of a default rule that is matched itself.
pub fn twins(context: &Context<'_>, changes: &BTreeMap<usize, RuleChanges<'_>>) -> BTreeSet<usize> {
    let is_twin = |pair: usize| {
        let (left, right) = context.rules(pair);
        let (rule, side) = match (left, right) {
            (Some(rule), None) => (rule, Side::Primary),
            (None, Some(rule)) => (rule, Side::Staging),
            _ => return false,
        };
        rule.standard
            && !rule.live
            && context.views(side).iter().any(|other| {
                other.object != rule.object
                    && other.connector == rule.connector
                    && other.direction == rule.direction
                    && other.tag.as_ref().map(|t| &t.base) == rule.tag.as_ref().map(|t| &t.base)
            })
    };
    changes
        .iter()
        .filter(|(pair, change)| change.presence && is_twin(**pair))
        .map(|(&pair, _)| pair)
        .collect()
}
