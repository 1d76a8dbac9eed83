//! Scoping filters and join groups of both servers, where they differ.
//!
//! In: findings of either. Out: groups of clauses or conditions in words, those
//! of joins in the order in which they are tried. Must not know: how a picture
//! is drawn.

use super::groups::{Item, compare};
use super::subject::Subjects;
use crate::assess::context::Context;
use crate::catalogue::ids;
use crate::model::{Clause, JoinCondition, Object, Value, display_clause, display_join_group};
use crate::report::Finding;
use crate::report::views::{FilterPicture, Group, JoinPicture};

/// Groups as items that can be compared.
type Groups = Vec<Vec<Item>>;

/// What is drawn of a rule: nothing where there is none.
type Drawn = Option<Vec<Group>>;

/// A picture for each finding of a scoping filter.
pub fn filters(context: &Context<'_>, subjects: &Subjects<'_>, findings: &[&Finding]) -> Vec<FilterPicture> {
    let of = |finding: &&Finding| {
        let (primary, staging) = both(context, subjects, finding, clauses, false)?;
        Some(FilterPicture {
            findings: vec![finding.fingerprint.clone()],
            primary,
            staging,
        })
    };
    findings.iter().filter_map(of).collect()
}

/// A picture for each finding of the join groups.
pub fn joins(context: &Context<'_>, subjects: &Subjects<'_>, findings: &[&Finding]) -> Vec<JoinPicture> {
    let of = |finding: &&Finding| {
        let (primary, staging) = both(context, subjects, finding, conditions, true)?;
        Some(JoinPicture {
            findings: vec![finding.fingerprint.clone()],
            primary,
            staging,
        })
    };
    findings.iter().filter_map(of).collect()
}

/// The groups of both servers' rules; nothing where something else stands in place of groups.
fn both(
    context: &Context<'_>,
    subjects: &Subjects<'_>,
    finding: &Finding,
    groups: fn(&Object) -> Option<Groups>,
    ordered: bool,
) -> Option<(Drawn, Drawn)> {
    let pair = subjects.pair(finding)?;
    let of = |rule: Option<&Object>| match rule {
        Some(rule) => groups(rule).map(Some),
        None => Some(None),
    };
    Some(compare(of(context.left(pair))?, of(context.right(pair))?, ordered))
}

fn clauses(rule: &Object) -> Option<Groups> {
    let item = |clause: &Clause| Item {
        key: Value::Scope(vec![vec![clause.clone()]]).canonical(),
        text: display_clause(clause),
    };
    match rule.value(ids::RULE_SCOPE) {
        Some(Value::Scope(groups)) => Some(items(groups, item)),
        None => Some(Vec::new()),
        Some(_) => None,
    }
}

fn conditions(rule: &Object) -> Option<Groups> {
    let item = |condition: &JoinCondition| Item {
        key: Value::Join(vec![vec![condition.clone()]]).canonical(),
        text: display_join_group(std::slice::from_ref(condition)),
    };
    match rule.value(ids::RULE_JOIN) {
        Some(Value::Join(groups)) => Some(items(groups, item)),
        None => Some(Vec::new()),
        Some(_) => None,
    }
}

fn items<T>(groups: &[Vec<T>], item: impl Fn(&T) -> Item) -> Groups {
    groups.iter().map(|group| group.iter().map(&item).collect()).collect()
}
