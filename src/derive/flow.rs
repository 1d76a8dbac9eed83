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
    let rule = &views[of.rule];
    format!(
        "{}\n{}\n{}\n{}\n{}",
        rule.connector,
        rule.direction,
        rule.source_type,
        objects(scope_of(&configuration.objects[rule.object])),
        written(configuration, of)
    )
}

/// What is flowed, and how it is combined with other values.
pub fn written(configuration: &Configuration, of: &Contribution) -> String {
    let flow: &Object = &configuration.objects[of.flow];
    let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
    let expression = flow.canonical(ids::FLOW_EXPRESSION);
    let source = if expression.is_empty() {
        flow.canonical(ids::FLOW_SOURCE)
    } else {
        format!("={expression}")
    };
    format!(
        "{} {} {source}",
        or(flow.canonical(ids::FLOW_MERGE_TYPE), "update"),
        or(flow.canonical(ids::FLOW_APPLY_ONCE), "false")
    )
}
