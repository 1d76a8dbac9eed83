//! Whether rules that were added, split or copied change any value.
//!
//! In: all live rules of both servers. Out: per target whether the contributions
//! in rank order differ, and which rules change nothing. Must not know: findings'
//! texts.
//!
//! Only rules that neither join, provision, filter nor carry passwords can be
//! without effect; for the others more than values is at stake.

use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::derive::{Contest, RuleView};
use crate::model::{Configuration, Object};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Whether what feeds a target differs between the servers; each target is looked at when somebody asks.
pub struct Effects<'a> {
    context: &'a Context<'a>,
    known: RefCell<HashMap<Contest, bool>>,
}

impl<'a> Effects<'a> {
    /// Nothing was asked yet.
    pub fn of(context: &'a Context<'a>) -> Effects<'a> {
        Effects {
            context,
            known: RefCell::default(),
        }
    }

    /// Whether a target gets other contributions, or the same in another order.
    pub fn differ_at(&self, target: &Contest) -> bool {
        if let Some(known) = self.known.borrow().get(target) {
            return *known;
        }
        let differ =
            contributions(self.context, Side::Primary, target) != contributions(self.context, Side::Staging, target);
        self.known.borrow_mut().insert(target.clone(), differ);
        differ
    }

    /// Whether none of the targets of a live rule gets another value.
    pub fn none_by(&self, configuration: &Configuration, rule: &RuleView) -> bool {
        !rule.decides_existence() && rule.flows.iter().all(|&flow| self.none_at(configuration, rule, flow))
    }

    /// Whether the target of one flow of a rule gets no other value.
    pub fn none_at(&self, configuration: &Configuration, rule: &RuleView, flow: usize) -> bool {
        !self.differ_at(&rule.target(configuration, flow))
    }
}

/// What live rules contribute to a target, in rank order; what an equal, earlier contribution covers is left out.
fn contributions(context: &Context<'_>, side: Side, target: &Contest) -> Vec<String> {
    let configuration = context.configuration(side);
    let views = context.views(side);
    let mut seen = BTreeSet::new();
    let rules = context.contests(side).get(target).into_iter().flatten();
    rules
        .flat_map(|&at| contribution(configuration, &views[at], &target.attribute))
        .filter(|text| seen.insert(text.clone()))
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
