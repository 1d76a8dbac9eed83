//! Differences of a rule that are told together: a default rule and its copy,
//! and what was taken out of a default rule.
//!
//! In: findings about the parts of one rule. Out: findings that fold some of
//! them. Must not know: how the parts were judged.

use super::clones::Clone;
use super::{NO_EFFECT, presence_finding};
use crate::assess::context::{Context, Side};
use crate::assess::effect::Teller;
use crate::assess::finding::{Drafts, change, values};
use crate::assess::settings as generic;
use crate::catalogue::{Severity, ids};
use crate::report::{Detail, Finding, Status};

/// A default rule and the copy that does its work: what a copy has by its nature is one entry, and every other
/// difference is a finding as in any rule.
pub fn copied(context: &Context<'_>, pair: usize, clone: &Clone, findings: Vec<Finding>, drafts: &mut Drafts) {
    let nature = [ids::RULE_NAME, ids::RULE_TAG, ids::RULE_DESCRIPTION];
    let (own, edits): (Vec<Finding>, Vec<Finding>) = findings
        .into_iter()
        .partition(|f| f.status == Status::Drift && nature.contains(&f.id.as_ref()));
    let mut copy = copy_entry(context, pair, clone, &own);
    let edited = edits.iter().any(|f| f.status == Status::Drift);
    if edited {
        generic::expect(
            &mut copy,
            "The copy stands in for the disabled standard rule; what it does otherwise has findings of its own.",
        );
        copy.effect = None;
    }
    let stands_in = stands_in(context, pair);
    for mut finding in edits {
        if finding.status == Status::Drift && finding.severity > Severity::Low {
            finding.consequences.extend(stands_in.clone());
        }
        drafts.push(finding);
    }
    drafts.push(copy);
}

/// `On SYNC02 the copy "A" does the work of the standard rule "B", which is disabled there.`
fn stands_in(context: &Context<'_>, pair: usize) -> Option<String> {
    let (left, right) = context.rules(pair);
    let (original, copy, side) = match (left?, right?) {
        (left, right) if left.standard => (left, right, Side::Staging),
        (left, right) => (right, left, Side::Primary),
    };
    Some(format!(
        "On {} the copy \"{}\" does the work of the standard rule \"{}\", which is disabled there: the two were compared.",
        context.side_name(side),
        copy.name,
        original.name
    ))
}

/// The entry of the copy itself.
fn copy_entry(context: &Context<'_>, pair: usize, clone: &Clone, own: &[Finding]) -> Finding {
    let row = context.row(ids::RULE_CLONED_DEFAULT);
    let mut finding = presence_finding(context, ids::RULE_CLONED_DEFAULT, pair);
    finding.severity = row.severity;
    finding.effect = Teller::new(context, pair).cloned();
    finding.detail = own.iter().flat_map(|f| as_details(f, &finding.object)).collect();
    if let Some(original) = clone.original {
        let off = presence_finding(context, ids::RULE_DISABLED, original);
        finding.detail.push(Detail {
            id: ids::RULE_DISABLED.into(),
            what: context
                .object(original)
                .map(|object| object.name.clone())
                .unwrap_or_default(),
            change: off.change,
            primary: off.primary,
            staging: off.staging,
        });
        finding.locations.extend(context.places(original));
    }
    finding
}

/// A default rule and the copy that took its place have two names because of what the tag tells: one finding.
pub fn renamed(findings: &mut Vec<Finding>) {
    let is = |id: &str, finding: &Finding| finding.id == id && finding.status == Status::Drift;
    if !findings.iter().any(|finding| is(ids::RULE_TAG, finding)) {
        return;
    }
    let (names, rest): (Vec<Finding>, Vec<Finding>) = std::mem::take(findings)
        .into_iter()
        .partition(|finding| is(ids::RULE_NAME, finding));
    *findings = rest;
    if let Some(tag) = findings.iter_mut().find(|finding| is(ids::RULE_TAG, finding)) {
        tag.detail
            .extend(names.iter().flat_map(|name| as_details(name, &name.object)));
    }
}

/// Flows that only one server's copy of a default rule has, and that other rules make up for.
pub fn split(context: &Context<'_>, pair: usize, flows: &[Finding]) -> Option<Finding> {
    let first = flows.first()?;
    let row = context.row(ids::DEFAULT_RULE_MODIFIED);
    let mut finding = context.finding(row, pair, &row.title, "");
    let written = |value: fn(&Finding) -> &Option<String>| {
        let own: Vec<&str> = flows
            .iter()
            .filter(|flow| value(flow).is_some())
            .map(|flow| flow.setting.as_str())
            .collect();
        (!own.is_empty()).then(|| own.join(", "))
    };
    finding.primary = written(|flow| &flow.primary);
    finding.staging = written(|flow| &flow.staging);
    finding.change = change(finding.primary.is_some(), finding.staging.is_some());
    finding.values = values(finding.primary.as_deref(), finding.staging.as_deref());
    finding.severity = Severity::Info;
    finding.effect.clone_from(&first.effect);
    finding.consequences.push(NO_EFFECT.to_owned());
    finding.locations = flows.iter().flat_map(|flow| flow.locations.clone()).collect();
    finding.detail = flows
        .iter()
        .flat_map(|flow| as_details(flow, &finding.object))
        .collect();
    Some(finding)
}

/// Whether a finding is a flow of one server that other rules make up for.
pub fn idle_flow(finding: &Finding) -> bool {
    let one_sided = finding.primary.is_none() || finding.staging.is_none();
    finding.id == ids::FLOW && one_sided && finding.severity == Severity::Info
}

/// A finding as parts of a larger one.
pub fn as_details(finding: &Finding, rule: &str) -> Vec<Detail> {
    let mut details = vec![Detail {
        id: finding.id.clone(),
        what: format!("{rule}: {}", finding.setting),
        change: finding.change,
        primary: finding.primary.clone(),
        staging: finding.staging.clone(),
    }];
    details.extend(finding.detail.iter().map(|detail| Detail {
        what: format!("{rule}: {}: {}", finding.setting, detail.what),
        ..detail.clone()
    }));
    details
}
