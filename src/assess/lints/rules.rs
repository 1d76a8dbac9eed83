//! Faults of one server's rules: numbers of precedence.
//!
//! In: views of rules. Out: lints. Must not know: the other server's rules.

use super::drafts::Draft;
use crate::assess::context::{Context, Side, text};
use crate::assess::versions;
use crate::catalogue::ids;
use crate::derive::RuleView;
use crate::report::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// A lint about a rule or one of its settings.
pub(super) fn lint(
    context: &Context<'_>,
    id: &str,
    side: Side,
    rule: &RuleView,
    setting: &str,
    value: String,
) -> Finding {
    let identity: [&str; 4] = [&rule.connector, &rule.direction, &rule.name_key, setting];
    super::lint(context, id, side, rule.object, (setting, value), &identity)
}

/// A fault of a rule that shows beside another rule of its server: both are its places and may be its cause.
pub(super) fn beside(
    context: &Context<'_>,
    id: &str,
    side: Side,
    [rule, other]: [&RuleView; 2],
    value: String,
    sentence: String,
) -> Draft {
    let mut lint = lint(context, id, side, rule, &context.row(id).title, value);
    let place = context.configuration(side).objects[other.object].location;
    lint.locations.extend(context.place(side, place));
    let pair = context.pair_of(side, rule.object);
    Draft {
        lint,
        key: format!("{id} {pair}"),
        setting: None,
        causes: vec![pair, context.pair_of(side, other.object)],
        rows: &[],
        leads: None,
        sentence,
    }
}

/// Numbers are unique over all rules of a server, whatever their direction and connector and also while disabled: the
/// product refuses a rule whose number is taken, and the order of two such rules is not defined.
pub fn duplicates(context: &Context<'_>, side: Side, findings: &mut [Finding]) -> Vec<Finding> {
    let mut lints = Vec::new();
    let mut by_number: BTreeMap<i64, Vec<&RuleView>> = BTreeMap::new();
    for rule in context.views(side) {
        if let Some(number) = rule.precedence {
            by_number.entry(number).or_default().push(rule);
        }
    }
    for (number, mut rules) in by_number {
        if rules.len() < 2 || allowed_once(context, side, &rules) || are_twins(&rules) {
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
    lints
}

/// The product shows a disabled copy beside a modified default rule: one rule, not two.
fn are_twins(rules: &[&RuleView]) -> bool {
    let base = |rule: &RuleView| rule.tag.as_ref().map(|tag| tag.base.clone());
    let same = |rule: &&RuleView| rule.connector == rules[0].connector && base(rule) == base(rules[0]);
    rules[0].standard && rules.iter().all(same) && rules.iter().filter(|rule| rule.live).count() <= 1
}

/// Older builds let outbound rules of different connectors share a number.
fn allowed_once(context: &Context<'_>, side: Side, rules: &[&RuleView]) -> bool {
    let since = &context.catalogue.facts.unique_precedence_since;
    let older = text(context.configuration(side), ids::SERVER_BUILD)
        .is_some_and(|build| versions::compare(&build, since).is_lt());
    let connectors: BTreeSet<&str> = rules.iter().map(|rule| rule.connector.as_str()).collect();
    older && connectors.len() == rules.len() && rules.iter().all(|rule| !rule.inbound)
}

/// Fingerprint of the finding that this rule moved.
fn moved_fingerprint(context: &Context<'_>, side: Side, rule: &RuleView) -> String {
    let pair = context.pair_of(side, rule.object);
    context
        .finding(context.row(ids::RULE_PRECEDENCE), pair, "", "")
        .fingerprint
}

/// Numbers from 100 on belong to default rules and shift with them.
pub fn reserved(context: &Context<'_>, side: Side) -> Vec<Finding> {
    let mut lints = Vec::new();
    const FIRST_DEFAULT: i64 = 100;
    for rule in context.views(side).iter().filter(|rule| !rule.standard) {
        if let Some(number) = rule.precedence.filter(|number| *number >= FIRST_DEFAULT) {
            let row = context.row(ids::PRECEDENCE_RESERVED);
            let value = format!("precedence {number}");
            lints.push(lint(context, ids::PRECEDENCE_RESERVED, side, rule, &row.title, value));
        }
    }
    lints
}
