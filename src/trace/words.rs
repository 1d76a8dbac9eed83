//! What the source of a flow and the scope of a rule are called.
//!
//! In: a flow or a rule. Out: words. Must not know: what was asked.

use crate::catalogue::ids;
use crate::model::{Object, Value, display_scope};
use crate::report::flow::SourceKind;

/// `[attribute]`, the constant or the expression of a flow, as written.
pub fn source(flow: &Object) -> (String, SourceKind) {
    let expression = flow.display(ids::FLOW_EXPRESSION);
    let source = flow.display(ids::FLOW_SOURCE);
    if !expression.is_empty() {
        (expression, SourceKind::Expression)
    } else if source.starts_with('[') {
        (source, SourceKind::Attribute)
    } else {
        (source, SourceKind::Constant)
    }
}

/// Which objects a rule takes.
pub fn scope(rule: &Object) -> String {
    match rule.value(ids::RULE_SCOPE) {
        Some(Value::Scope(groups)) => display_scope(groups),
        other => other.map_or_else(|| display_scope(&[]), Value::display),
    }
}
