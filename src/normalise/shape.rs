//! Whether an item of a bundle has the shape that the catalogue expects.
//!
//! In: its document and the plan. Out: the first value of another type, in
//! words, with its line. An export is written by the product and taken as it
//! is; JSON has types, and one that is wrong says that the rest is not what it
//! seems. Must not know: what a value means.

use super::plan::{Plan, PlanIndex};
use super::value;
use super::walk::{plain, row_of};
use crate::catalogue::{Row, ValueKind};
use crate::intake::{Content, Node, item};
use std::collections::BTreeSet;

/// The first value that is not what the catalogue expects.
pub fn wrong(plan: &Plan, root: Node<'_>, place: PlanIndex) -> Option<(String, u32)> {
    below(plan, root, &[place])
}

fn below(plan: &Plan, node: Node<'_>, places: &[PlanIndex]) -> Option<(String, u32)> {
    let problem = |words: String| Some((format!("{}: {words}; run the collector again", node.key()), node.line()));
    let deep = places.iter().any(|&place| plan.node(place).deep.is_some());
    match row_of(plan, node, places) {
        Some((row, _))
            if node.has_elements() && row.value.is_some_and(|kind| !kind.is_tree()) && !deeper(plan, places) =>
        {
            return problem("a table or list stands here where one value is expected".to_owned());
        }
        Some((row, _)) if !node.has_elements() => {
            if let Some(words) = kind_of(row, node) {
                return problem(words);
            }
        }
        _ => {
            let expected = places.iter().any(|&place| plan.node(place).holds_more());
            let text = !node.has_elements() && !plain(node).trim().is_empty();
            if expected && text && !node.is_file() && !deep {
                return problem("a value stands here where a table is expected".to_owned());
            }
        }
    }
    let mut seen = BTreeSet::new();
    node.elements().find_map(|child| {
        let name = child.name();
        let next = plan.next(places, &name, None);
        let single = row_of(plan, child, &next).is_some_and(|(row, keyed)| !keyed && is_single(row));
        if single && !child.has_elements() && !seen.insert(name.to_ascii_lowercase()) {
            let words = "several values stand here where one is expected; run the collector again";
            return Some((format!("{}: {words}", child.key()), child.line()));
        }
        below(plan, child, &next)
    })
}

/// Whether a row has one value.
fn is_single(row: &Row) -> bool {
    row.value.is_some_and(|kind| !kind.is_tree() && !kind.collects())
}

/// Whether settings lie below a place that is one, too.
fn deeper(plan: &Plan, places: &[PlanIndex]) -> bool {
    places.iter().any(|&place| plan.node(place).has_children())
}

/// What is wrong with the text of a leaf.
fn kind_of(row: &Row, node: Node<'_>) -> Option<String> {
    let Content::Plain(text) = node.content() else {
        return None;
    };
    let text = text.trim();
    let fits = match row.value {
        _ if text.is_empty() || text == item::UNREADABLE => true,
        Some(ValueKind::Flag) => {
            value::flag(text).is_some() || row.aliases.keys().any(|alias| alias.eq_ignore_ascii_case(text))
        }
        Some(ValueKind::Number) => value::is_number(text),
        Some(ValueKind::Interval) => value::is_interval(text),
        _ => true,
    };
    let kind = match row.value {
        Some(ValueKind::Flag) => "true or false",
        Some(ValueKind::Number) => "a number",
        _ => "an interval",
    };
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    (!fits).then(|| format!("{kind} is expected here, not {shown:?}"))
}
