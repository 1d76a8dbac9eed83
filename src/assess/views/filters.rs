//! Scoping filters of both servers, where they differ.
//!
//! In: findings of the scoping filter. Out: groups of clauses in words. Must
//! not know: how a picture is drawn.

use super::groups::{Item, compare};
use super::subject::Subjects;
use crate::assess::context::Context;
use crate::catalogue::ids;
use crate::model::{Clause, Object, Value, display_clause};
use crate::report::Finding;
use crate::report::views::FilterPicture;

/// A picture for each finding.
pub fn pictures(context: &Context<'_>, subjects: &Subjects<'_>, findings: &[&Finding]) -> Vec<FilterPicture> {
    let of = |finding: &&Finding| {
        let pair = subjects.pair(finding)?;
        let (left, right) = (groups(context.left(pair))?, groups(context.right(pair))?);
        let (primary, staging) = compare(left, right, false);
        Some(FilterPicture {
            findings: vec![finding.fingerprint.clone()],
            primary,
            staging,
        })
    };
    findings.iter().filter_map(of).collect()
}

/// The groups of a rule: none where there is no rule; nothing where something else stands there.
fn groups(rule: Option<&Object>) -> Option<Option<Vec<Vec<Item>>>> {
    let Some(rule) = rule else { return Some(None) };
    let groups: &[Vec<Clause>] = match rule.value(ids::RULE_SCOPE) {
        Some(Value::Scope(groups)) => groups,
        None => &[],
        Some(_) => return None,
    };
    let item = |clause: &Clause| Item {
        key: Value::Scope(vec![vec![clause.clone()]]).canonical(),
        text: display_clause(clause),
    };
    let all = groups.iter().map(|group| group.iter().map(item).collect());
    Some(Some(all.collect()))
}
