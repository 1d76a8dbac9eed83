//! Faults of one server by itself.
//!
//! In: one server's rules. Out: lints, in the shape of findings. Must not
//! know: the other server.

use super::context::{Context, Side};
use super::finding::{digest, values};
use crate::catalogue::ids;
use crate::derive::RuleView;
use crate::model::Value;
use crate::report::{ChangeKind, Finding, Status};
use std::collections::BTreeMap;

/// Lints of both servers, primary first.
///
/// A lint with the same cause as a finding hangs under that finding instead.
pub fn judge(context: &Context<'_>, findings: &mut [Finding]) -> Vec<Finding> {
    let mut lints = Vec::new();
    for side in [Side::Primary, Side::Staging] {
        duplicates(context, side, findings, &mut lints);
        reserved(context, side, &mut lints);
        unreadable(context, side, &mut lints);
    }
    lints
}

fn lint(context: &Context<'_>, id: &str, side: Side, rule: &RuleView, setting: &str, value: String) -> Finding {
    let row = context.row(id);
    let pair = match side {
        Side::Primary => context.comparison.pairs.of_left[rule.object],
        Side::Staging => context.comparison.pairs.of_right[rule.object],
    };
    let server = context.server_name(side);
    let mut finding = context.finding(row, pair, setting, "");
    finding.fingerprint = digest(&[
        &row.id,
        &server,
        &rule.connector,
        &rule.direction,
        &rule.name_key,
        setting,
    ]);
    finding.object.clone_from(&rule.name);
    if let Some(last) = finding.object_path.last_mut() {
        last.clone_from(&rule.name);
    }
    finding.change = ChangeKind::Equal;
    finding.status = Status::Lint;
    finding.matched_by = None;
    finding.values = values(Some(&value), None);
    match side {
        Side::Primary => finding.primary = Some(value),
        Side::Staging => finding.staging = Some(value),
    }
    let object = &context.configuration(side).objects[rule.object];
    finding.locations.extend(context.place(side, object.location));
    finding.server = Some(server);
    finding
}

/// Two live rules with one number have no defined order.
fn duplicates(context: &Context<'_>, side: Side, findings: &mut [Finding], lints: &mut Vec<Finding>) {
    let mut by_number: BTreeMap<i64, Vec<&RuleView>> = BTreeMap::new();
    for rule in context.views(side).iter().filter(|rule| rule.live) {
        if let Some(number) = rule.precedence {
            by_number.entry(number).or_default().push(rule);
        }
    }
    for (number, mut rules) in by_number {
        if rules.len() < 2 {
            continue;
        }
        rules.sort_by(|a, b| (&a.name, a.object).cmp(&(&b.name, b.object)));
        let others: Vec<&str> = rules[1..].iter().map(|rule| rule.name.as_str()).collect();
        let value = format!("precedence {number}, shared with {}", others.join(", "));
        if let Some(cause) = findings.iter_mut().find(|finding| {
            finding.id == ids::RULE_PRECEDENCE
                && rules
                    .iter()
                    .any(|rule| finding.fingerprint == moved_fingerprint(context, side, rule))
        }) {
            cause
                .consequences
                .push(format!("On {}: {value}.", context.server_name(side)));
            continue;
        }
        let row = context.row(ids::PRECEDENCE_DUPLICATE);
        lints.push(lint(
            context,
            ids::PRECEDENCE_DUPLICATE,
            side,
            rules[0],
            &row.title,
            value,
        ));
    }
}

/// Fingerprint of the finding that this rule moved.
fn moved_fingerprint(context: &Context<'_>, side: Side, rule: &RuleView) -> String {
    let pair = match side {
        Side::Primary => context.comparison.pairs.of_left[rule.object],
        Side::Staging => context.comparison.pairs.of_right[rule.object],
    };
    context
        .finding(context.row(ids::RULE_PRECEDENCE), pair, "", "")
        .fingerprint
}

/// Numbers from 100 on belong to default rules and shift with them.
fn reserved(context: &Context<'_>, side: Side, lints: &mut Vec<Finding>) {
    const FIRST_DEFAULT: i64 = 100;
    for rule in context.views(side).iter().filter(|rule| rule.live && !rule.standard) {
        if let Some(number) = rule.precedence.filter(|number| *number >= FIRST_DEFAULT) {
            let row = context.row(ids::PRECEDENCE_RESERVED);
            let value = format!("precedence {number}");
            lints.push(lint(context, ids::PRECEDENCE_RESERVED, side, rule, &row.title, value));
        }
    }
}

/// Expressions that do not tokenise are compared as text, and say so.
fn unreadable(context: &Context<'_>, side: Side, lints: &mut Vec<Finding>) {
    let configuration = context.configuration(side);
    for rule in context.views(side) {
        for &flow in &rule.flows {
            let flow = &configuration.objects[flow];
            let Some(Value::Expression {
                raw, canonical: None, ..
            }) = flow.value(ids::FLOW_EXPRESSION)
            else {
                continue;
            };
            let title = format!("Flow to {}", flow.name);
            let mut finding = lint(
                context,
                ids::EXPRESSION_UNREADABLE,
                side,
                rule,
                &title,
                raw.trim().to_owned(),
            );
            if let Err(error) = crate::expression::canonical(raw) {
                finding.consequences.push(error.to_string());
            }
            lints.push(finding);
        }
    }
}
