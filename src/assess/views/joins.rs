//! Join groups of both servers, where they differ.
//!
//! In: findings of the join groups. Out: groups of conditions in words, in the
//! order in which they are tried. Must not know: how a picture is drawn.

use super::groups::{Item, compare};
use super::subject::Subjects;
use crate::assess::context::Context;
use crate::catalogue::ids;
use crate::model::{JoinCondition, Object, Value, display_join_group};
use crate::report::Finding;
use crate::report::views::JoinPicture;

/// A picture for each finding.
pub fn pictures(context: &Context<'_>, subjects: &Subjects<'_>, findings: &[&Finding]) -> Vec<JoinPicture> {
    let of = |finding: &&Finding| {
        let pair = subjects.pair(finding)?;
        let (left, right) = (groups(context.left(pair))?, groups(context.right(pair))?);
        let (primary, staging) = compare(left, right, true);
        Some(JoinPicture {
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
    let groups: &[Vec<JoinCondition>] = match rule.value(ids::RULE_JOIN) {
        Some(Value::Join(groups)) => groups,
        None => &[],
        Some(_) => return None,
    };
    let item = |condition: &JoinCondition| Item {
        key: Value::Join(vec![vec![condition.clone()]]).canonical(),
        text: display_join_group(std::slice::from_ref(condition)),
    };
    let all = groups.iter().map(|group| group.iter().map(item).collect());
    Some(Some(all.collect()))
}
