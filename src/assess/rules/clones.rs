//! Copies of default rules: a clone beside its disabled original, and the
//! disabled standard twin of a modified default rule.
//!
//! In: how rules were matched, and which changed. Out: which pairs belong together. Must not know:
//! texts and severities of findings.

use super::RuleChanges;
use crate::assess::context::{Context, Side};
use crate::derive::RuleView;
use crate::diff::matching::BY_COPY;
use std::collections::{BTreeMap, BTreeSet};

/// A default rule that is live on one server and, on the other, disabled beside a live copy.
pub struct Clone {
    /// Pair of the default rule and its copy.
    pub pair: usize,
    /// Pair of the disabled default rule beside the copy.
    pub original: Option<usize>,
}

/// Finds them all.
pub fn clones(context: &Context<'_>) -> Vec<Clone> {
    let pairs = context.comparison.pairs.all.iter().enumerate();
    let copied = pairs.filter(|(_, pair)| pair.by == BY_COPY);
    copied
        .filter_map(|(pair, _)| {
            let (left, right) = context.rules(pair);
            let (live, side) = match (left?, right?) {
                (left, _) if left.standard => (left, Side::Staging),
                (_, right) => (right, Side::Primary),
            };
            let off = |rule: &&RuleView| {
                rule.standard
                    && !rule.live
                    && rule.connector == live.connector
                    && rule.direction == live.direction
                    && rule.source_type == live.source_type
                    && rule.target_type == live.target_type
                    && rule.tag.as_ref().map(|tag| &tag.base) == live.tag.as_ref().map(|tag| &tag.base)
            };
            let original = context.views(side).iter().find(off);
            Some(Clone {
                pair,
                original: original.map(|rule| context.pair_of(side, rule.object)),
            })
        })
        .collect()
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
