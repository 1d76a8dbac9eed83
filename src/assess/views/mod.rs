//! What the pictures of a report show.
//!
//! In: the findings as they are printed, and what they were made of. Out:
//! [`Views`]. Must not know: how a picture is drawn.
//!
//! Nothing is computed that no finding asks for. Every picture is bounded, and
//! so is their number, so that a hostile export does not make a hostile report.
//! While a rule file cannot be read, any rule may hold another rank: nothing is
//! pictured that shows ranks.

mod filters;
mod flows;
mod groups;
mod keys;
mod precedence;
mod scope;
mod subject;
mod words;

use super::context::Context;
use super::flows::Effects;
use super::order::Ordered;
use super::unknown;
use crate::catalogue::ids;
use crate::report::views::FlowPicture;
use crate::report::{Finding, Views};
use flows::Pictures;
use keys::{Key, Keys};
use precedence::Ladders;
use std::collections::{BTreeMap, BTreeSet};
use subject::Subjects;

/// Attributes that are pictured.
const FLOWS: usize = 20;
/// Of those, for one finding: a rule that is gone would take them all.
const OF_ONE: usize = 5;
/// Ladders and trees.
const LADDERS: usize = 20;
/// Filters and join groups each.
const GROUPS: usize = 200;
/// Findings that are looked at for attributes.
const LOOKED_AT: usize = 2_000;

/// Ids of findings that may change who wins a target.
const OF_FLOWS: [&str; 8] = [
    ids::FLOW,
    ids::CUSTOM_RULE_MISSING,
    ids::DEFAULT_RULE_MISSING,
    ids::RULE_DISABLED,
    ids::RULE_LINK_TYPE,
    ids::RULE_PRECEDENCE,
    ids::FOREST_ORDER,
    ids::EFFECTIVE_FLOW,
];

/// The pictures of the findings.
pub fn views(context: &Context<'_>, effects: &Effects<'_>, ordered: &Ordered, findings: &[Finding]) -> Views {
    let mut omitted = 0;
    let mut of = |ids: &[&str], most: usize| -> Vec<&Finding> {
        let all = findings.iter().filter(|finding| ids.contains(&finding.id.as_ref()));
        let mut all: Vec<&Finding> = all.collect();
        omitted += all.len().saturating_sub(most);
        all.truncate(most);
        all
    };
    let filters = of(&[ids::RULE_SCOPE], GROUPS);
    let joins = of(&[ids::RULE_JOIN], GROUPS);
    let (mut ladders, mut ways) = (Vec::new(), Vec::new());
    if !unknown::rules_hidden(context) {
        ladders = of(&[ids::RULE_PRECEDENCE, ids::FOREST_ORDER], LADDERS);
        ways = of(&OF_FLOWS, LOOKED_AT);
    }
    let mut scope = scope::trees(context, findings);
    omitted += scope.len().saturating_sub(LADDERS);
    scope.truncate(LADDERS);
    let mut views = Views {
        scope,
        omitted,
        ..Views::default()
    };
    if filters.len() + joins.len() + ladders.len() + ways.len() > 0 {
        let subjects = Subjects::of(context, ordered, findings);
        views.filters = filters::filters(context, &subjects, &filters);
        views.joins = filters::joins(context, &subjects, &joins);
        let maker = Ladders {
            context,
            effects,
            ordered,
        };
        views.precedence = maker.pictures(&subjects, &ladders);
        let keys = Keys::of(context, effects, ordered, &ways);
        let (flows, more) = attributes((context, ordered), &keys, &subjects, &ways);
        views.flows = flows;
        views.omitted += more;
    }
    views
}

/// Pictures of attributes, those of the worst findings first, and how many are left out.
fn attributes(
    (context, ordered): (&Context<'_>, &Ordered),
    keys: &Keys<'_, '_>,
    subjects: &Subjects<'_>,
    findings: &[&Finding],
) -> (Vec<FlowPicture>, usize) {
    let mut chosen: Vec<Key> = Vec::new();
    let mut about: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    let mut left_out = BTreeSet::new();
    for finding in findings {
        let mut own = 0;
        for key in keys.changed_by(subjects, finding) {
            if let Some(prints) = about.get_mut(&key) {
                prints.push(finding.fingerprint.clone());
            } else if chosen.len() < FLOWS && own < OF_ONE {
                about.insert(key.clone(), vec![finding.fingerprint.clone()]);
                chosen.push(key);
                own += 1;
            } else {
                left_out.insert(key);
            }
        }
    }
    let pictures = Pictures::of(context, ordered, &chosen.iter().collect());
    let more = left_out.iter().filter(|key| !about.contains_key(key)).count();
    let picture = |key: Key| {
        let findings = about.remove(&key).unwrap_or_default();
        pictures.picture(&key, findings)
    };
    (chosen.into_iter().map(picture).collect(), more)
}
