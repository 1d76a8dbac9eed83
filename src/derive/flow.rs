//! Effective attribute flow: what live rules contribute to a target, in the
//! order in which they are asked.
//!
//! In: a configuration and its views of rules. Out: [`Contribution`]s, and a
//! text by which those of two servers are compared. Must not know: the other
//! server, findings.
//!
//! The first live rule by precedence that has a value for an object wins; the
//! others win where its scope does not apply or where it contributes nothing.
//! Rules of one precedence have no order among themselves.

use super::overlap::objects;
use super::rank::Contest;
use super::rules::{RuleView, scope_of};
use crate::catalogue::ids;
use crate::expression::{Kind, parse};
use crate::model::{Configuration, Object, ObjectIndex};

/// One flow of a live rule into a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Index of the rule among the views.
    pub rule: usize,
    /// The flow.
    pub flow: ObjectIndex,
}

/// Contributions to a target in rank order. `rules` are the live rules that feed it, in rank order.
pub fn contributions(
    configuration: &Configuration,
    views: &[RuleView],
    rules: &[usize],
    target: &Contest,
) -> Vec<Contribution> {
    let mut all: Vec<Contribution> = rules
        .iter()
        .flat_map(|&rule| {
            let flows = views[rule].flows.iter().copied();
            let own = flows.filter(|&flow| configuration.objects[flow].key == target.attribute);
            own.map(move |flow| Contribution { rule, flow })
        })
        .collect();
    let level = |of: &Contribution| views[of.rule].precedence;
    if all.windows(2).any(|two| level(&two[0]) == level(&two[1])) {
        all.sort_by_cached_key(|of| (level(of).unwrap_or(i64::MAX), meaning(configuration, views, of)));
    }
    all
}

/// Who is in scope and what is flowed: contributions of two servers that agree in this do the same.
pub fn meaning(configuration: &Configuration, views: &[RuleView], of: &Contribution) -> String {
    meaning_of(configuration, &views[of.rule], &written(configuration, of))
}

/// The same of a rule and what it writes.
pub fn meaning_of(configuration: &Configuration, rule: &RuleView, written: &str) -> String {
    format!(
        "{}\n{}\n{}\n{}\n{}",
        rule.connector,
        rule.direction,
        rule.source_type,
        objects(scope_of(&configuration.objects[rule.object])),
        written
    )
}

/// What is flowed, and how it is combined with other values.
pub fn written(configuration: &Configuration, of: &Contribution) -> String {
    let flow = &configuration.objects[of.flow];
    written_of(flow, constant(flow).as_deref())
}

/// The same of a flow, whose one value is known.
pub fn written_of(flow: &Object, constant: Option<&str>) -> String {
    let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
    let source = match constant {
        Some(value) => format!("\"{value}\""),
        None => match flow.canonical(ids::FLOW_EXPRESSION) {
            expression if expression.is_empty() => flow.canonical(ids::FLOW_SOURCE),
            expression => format!("={expression}"),
        },
    };
    format!(
        "{} {} {source}",
        or(flow.canonical(ids::FLOW_MERGE_TYPE), "update"),
        or(flow.canonical(ids::FLOW_APPLY_ONCE), "false")
    )
}

/// The one value that a flow writes whatever the object holds: a constant, or an expression that is nothing but one.
///
/// `True` stands for a flag in an expression and is the text `True` as a constant; both write the same.
pub fn constant(flow: &Object) -> Option<String> {
    let expression = flow.canonical(ids::FLOW_EXPRESSION);
    if expression.is_empty() {
        let source = flow.canonical(ids::FLOW_SOURCE);
        let text = source.strip_prefix('"')?.strip_suffix('"')?;
        // A parameter may stand for anything, and nothing for no value.
        return (!text.is_empty() && !text.contains('%')).then(|| text.to_owned());
    }
    // Most expressions begin with a call or an attribute.
    if expression.contains(['[', '(', '%']) && !expression.starts_with('"') {
        return None;
    }
    let tree = parse(&expression).ok()?;
    let [node] = tree.nodes() else {
        return None;
    };
    match node.kind {
        Kind::Text => {
            let text = node.text.strip_prefix('"')?.strip_suffix('"')?;
            // How a quote or a backslash within a text is read is not documented.
            (!text.is_empty() && !text.contains(['"', '\\', '%'])).then(|| text.to_owned())
        }
        Kind::Number => node
            .text
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| node.text.to_owned()),
        Kind::Word if matches!(node.text, "True" | "False") => Some(node.text.to_owned()),
        _ => None,
    }
}

/// Whether a flow writes the same value for an object whatever it holds, and always one.
pub fn always(flow: &Object, constant: Option<&str>) -> bool {
    constant.is_some() && flow.canonical(ids::FLOW_APPLY_ONCE) != "true"
}
