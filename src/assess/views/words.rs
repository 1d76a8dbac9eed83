//! Words of pictures, kept short.
//!
//! In: values that may be of any length. Out: texts that fit a picture. Must
//! not know: which picture.

use crate::catalogue::ids;
use crate::model::{Clause, Object, Value, display_scope};

/// Characters of a text.
const LONG: usize = 4_000;
/// Clauses of a scope in words.
const CLAUSES: usize = 40;
/// Names in a list.
const NAMES: usize = 12;

/// Which objects a rule takes; what is too long is counted.
pub fn scope(rule: &Object) -> String {
    let groups = match rule.value(ids::RULE_SCOPE) {
        Some(Value::Scope(groups)) => groups,
        _ => return short(crate::trace::scope(rule)),
    };
    let count: usize = groups.iter().map(Vec::len).sum();
    if count <= CLAUSES && groups.len() <= CLAUSES {
        return short(display_scope(groups));
    }
    let mut room = CLAUSES;
    let mut kept: Vec<Vec<Clause>> = Vec::new();
    for group in groups.iter().take(CLAUSES) {
        let clauses: Vec<Clause> = group.iter().take(room).cloned().collect();
        room -= clauses.len();
        kept.push(clauses);
        if room == 0 {
            break;
        }
    }
    let shown: usize = kept.iter().map(Vec::len).sum();
    let text = short(display_scope(&kept));
    match (count - shown, groups.len() - kept.len()) {
        (0, groups) => format!("{text} … and {groups} more groups"),
        (clauses, _) => format!("{text} … and {clauses} more clauses"),
    }
}

/// A text; of one that is too long only its length. Its beginning would end within a name, which nobody could mask then.
pub fn short(text: String) -> String {
    match text.chars().count() {
        count if count > LONG => format!("({count} characters)"),
        _ => text,
    }
}

/// Names of which there are `all`, the many counted.
pub fn named(names: &mut Vec<String>, all: usize) {
    names.truncate(NAMES);
    let more = all - names.len();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
}
