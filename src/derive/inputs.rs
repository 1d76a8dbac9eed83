//! What one flow reads: attributes, imported values, parameters.
//!
//! In: a flow. Out: its [`Input`]s as written. Must not know: the rule around
//! it, so not whose attributes they are.

use crate::catalogue::ids;
use crate::expression::{Input, inputs};
use crate::model::{Object, Value};

/// Everything that a flow reads, its source and its expression alike.
pub fn flow_inputs(flow: &Object) -> Vec<Input> {
    let mut found = Vec::new();
    if let Some(Value::Expression { raw, .. }) = flow.value(ids::FLOW_EXPRESSION) {
        // What does not tokenise is searched for anything that looks like a name: better one too many.
        found = inputs(raw).unwrap_or_else(|_| attributes(raw).chain(parameter_inputs(raw)).collect());
    }
    let source = flow.display(ids::FLOW_SOURCE);
    if source.starts_with('[') {
        found.extend(attributes(&source));
    } else {
        found.extend(parameter_inputs(&source));
    }
    found
}

/// `%name%` within a text that is no expression.
pub fn parameters(text: &str) -> impl Iterator<Item = &str> {
    let pieces: Vec<&str> = text.split('%').collect();
    let last = pieces.len().saturating_sub(1);
    let names = pieces.into_iter().take(last).skip(1).step_by(2);
    names.filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))
}

fn parameter_inputs(text: &str) -> impl Iterator<Item = Input> {
    parameters(text).map(|name| Input::Parameter(name.to_owned()))
}

/// Every `[name]` in a text.
fn attributes(text: &str) -> impl Iterator<Item = Input> {
    let names = text.split('[').skip(1).filter_map(|piece| piece.split_once(']'));
    names.map(|(name, _)| Input::Attribute(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_piece_between_percent_signs_is_a_name() {
        let names = |text: &str| parameters(text).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(names("%a%b%c%"), ["a", "c"]);
        assert_eq!(names("50% of 60%"), Vec::<String>::new());
        assert_eq!(names("%a%b%c"), ["a"]);
        assert_eq!(names(""), Vec::<String>::new());
    }
}
