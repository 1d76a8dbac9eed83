//! What a build brings with it: which differences a difference of builds explains.
//!
//! In: a difference of a row of the class `version`. Out: whether the newer build
//! can be its cause. Must not know: which rows and programs these are.

use super::context::{Context, Side};
use super::glob::Glob;
use super::severity;
use super::versions::{Versions, compare};
use crate::catalogue::{Row, ids};
use crate::model::Configuration;
use crate::report::Finding;
use std::cmp::Ordering;

/// Whether builds that differ explain a finding.
pub fn explains(context: &Context<'_>, versions: &Versions, finding: &Finding, row: &Row, pair: usize) -> bool {
    if severity::foreign_library(context, pair) {
        return false;
    }
    let newer = match versions.newer(Side::Primary) {
        true => Side::Primary,
        false => Side::Staging,
    };
    let facts = &context.catalogue.facts;
    match (finding.primary.as_deref(), finding.staging.as_deref()) {
        _ if !facts.only_newer_explains.contains(&row.id) => true,
        (Some(left), Some(right)) => {
            let later = compare(left, right);
            later == Ordering::Equal || (later == Ordering::Greater) == (newer == Side::Primary)
        }
        _ if context.kind(pair) != ids::kinds::INSTALLED_PROGRAM => context.lacking(pair) != newer,
        _ => of_a_family(context, pair, newer),
    }
}

/// Whether a program on one server only comes with the product, and the newer build brought it or another of its family.
fn of_a_family(context: &Context<'_>, pair: usize, newer: Side) -> bool {
    let name = context.object(pair).map_or("", |program| program.name.as_str());
    let families = &context.catalogue.facts.programs_of_a_build;
    let own = families.iter().find(|family| is_of(family, name));
    own.is_some_and(|family| context.lacking(pair) != newer || has(context.configuration(newer), family))
}

fn is_of(family: &[String], name: &str) -> bool {
    family.iter().any(|like| Glob::new(like).matches(name.trim()))
}

fn has(server: &Configuration, family: &[String]) -> bool {
    let mut programs = server.of_kind(ids::kinds::INSTALLED_PROGRAM);
    programs.any(|(_, program)| is_of(family, &program.name))
}
