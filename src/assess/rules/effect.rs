//! Whether rules that were added, split or copied change any value.
//!
//! In: all live rules of both servers. Out: per target the contributions in
//! rank order, and which rules change nothing. Must not know: findings' texts.
//!
//! Only rules that neither join, provision, filter nor carry passwords can be
//! without effect; for the others more than values is at stake.

use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::derive::{Contest, RuleView};
use crate::model::{Configuration, Object};
use std::collections::{BTreeMap, BTreeSet};

/// What feeds each target, on both servers.
pub struct Effects {
    differing: BTreeSet<Contest>,
}

impl Effects {
    /// Compares every target's contributions.
    pub fn of(context: &Context<'_>) -> Effects {
        let left = contributions(context, Side::Primary);
        let right = contributions(context, Side::Staging);
        let mut differing = BTreeSet::new();
        for (target, list) in &left {
            if right.get(target) != Some(list) {
                differing.insert(target.clone());
            }
        }
        differing.extend(right.keys().filter(|target| !left.contains_key(*target)).cloned());
        Effects { differing }
    }

    /// Whether a target gets other contributions, or the same in another order.
    pub fn differ_at(&self, target: &Contest) -> bool {
        self.differing.contains(target)
    }

    /// Whether none of the targets of a live rule gets another value.
    pub fn none_by(&self, configuration: &Configuration, rule: &RuleView) -> bool {
        !rule.decides_existence() && rule.flows.iter().all(|&flow| self.none_at(configuration, rule, flow))
    }

    /// Whether the target of one flow of a rule gets no other value.
    pub fn none_at(&self, configuration: &Configuration, rule: &RuleView, flow: usize) -> bool {
        let target = Contest {
            connector: if rule.inbound {
                String::new()
            } else {
                rule.connector.clone()
            },
            object_type: rule.target_type.clone(),
            attribute: configuration.objects[flow].key.clone(),
        };
        !self.differ_at(&target)
    }
}

/// Per target what live rules contribute, in rank order; what an equal, earlier contribution covers is left out.
fn contributions(context: &Context<'_>, side: Side) -> BTreeMap<Contest, Vec<String>> {
    let configuration = context.configuration(side);
    let views = context.views(side);
    context
        .contests(side)
        .iter()
        .map(|(target, rules)| {
            let mut seen = BTreeSet::new();
            let list = rules
                .iter()
                .flat_map(|&at| contribution(configuration, &views[at], &target.attribute))
                .filter(|text| seen.insert(text.clone()))
                .collect();
            (target.clone(), list)
        })
        .collect()
}

/// Who is in scope and what is flowed.
fn contribution(configuration: &Configuration, rule: &RuleView, attribute: &str) -> Vec<String> {
    let object = &configuration.objects[rule.object];
    let scope = object.canonical(ids::RULE_SCOPE);
    rule.flows
        .iter()
        .map(|&flow| &configuration.objects[flow])
        .filter(|flow| flow.key == attribute)
        .map(|flow| {
            format!(
                "{}\n{}\n{}\n{scope}\n{}",
                rule.connector,
                rule.direction,
                rule.source_type,
                flow_value(flow)
            )
        })
        .collect()
}

fn flow_value(flow: &Object) -> String {
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
