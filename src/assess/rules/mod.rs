//! Synchronization rules: one cause, one finding.
//!
//! In: changes of rules and their flows. Out: findings; differences that the
//! builds, a clone or a twin explain are folded. Must not know: precedence
//! order (that is `order`).

mod clones;
mod folded;
mod matched;

use super::context::{Context, Side};
use super::effect::{Idle, Teller};
use super::finding::{Drafts, change, values};
use super::flows::{self, Effects};
use super::severity;
use super::unknown::Hidden;
use super::versions::Versions;
use crate::catalogue::{Class, Severity, ids};
use crate::derive::RuleView;
use crate::diff::{Change, SettingChange};
use crate::model::{Object, Sameness, SettingKey};
use crate::report::{Detail, Finding};
use clones::{clones, twins};
use matched::Judge;
use std::collections::{BTreeMap, BTreeSet};

/// All changes of one pair of rules.
#[derive(Debug, Default)]
struct RuleChanges<'a> {
    settings: Vec<&'a SettingChange>,
    /// Flow pair → its changed settings, or none when the flow is on one side only.
    flows: BTreeMap<usize, Vec<&'a SettingChange>>,
    presence: bool,
}

/// Judges every rule that changed.
pub fn judge(context: &Context<'_>, versions: &Versions, effects: &Effects<'_>, hidden: &Hidden, drafts: &mut Drafts) {
    let changes = gather(context);
    let clones = clones(context);
    let twins: BTreeSet<usize> = twins(context, &changes);
    for (&pair, change) in &changes {
        // A default rule is disabled beside the copy that does its work: that is told with the copy.
        let beside = change.presence && clones.iter().any(|clone| clone.original == Some(pair));
        if hidden.covers(pair) || beside {
            continue;
        }
        if change.presence {
            if !twins.contains(&pair) {
                presence(context, versions, effects, pair, drafts);
            } else {
                twin(context, pair, drafts);
            }
            continue;
        }
        let clone = clones.iter().find(|clone| clone.pair == pair);
        Judge {
            context,
            versions,
            effects,
            pair,
        }
        .changed(change, clone, drafts);
    }
}

fn gather<'a>(context: &'a Context<'_>) -> BTreeMap<usize, RuleChanges<'a>> {
    let mut all: BTreeMap<usize, RuleChanges<'a>> = BTreeMap::new();
    for change in &context.comparison.changes {
        let (pair, settings) = match change {
            Change::Presence { pair } => (*pair, None),
            Change::Settings { pair, settings } => (*pair, Some(settings)),
            Change::Reordered { .. } => continue,
        };
        match context.kind(pair) {
            ids::kinds::RULE => {
                let entry = all.entry(pair).or_default();
                match settings {
                    Some(settings) => entry.settings.extend(settings),
                    None => entry.presence = true,
                }
            }
            ids::kinds::FLOW => {
                if let Some(rule) = context.parent(pair) {
                    let flows = all.entry(rule).or_default().flows.entry(pair).or_default();
                    flows.extend(settings.into_iter().flatten());
                }
            }
            _ => {}
        }
    }
    all
}

/// Pairs of rules that differ in more than their number and what never counts: whatever else differs because of
/// them has its explanation.
pub fn touched(context: &Context<'_>) -> BTreeSet<usize> {
    let judged = |change: &&&SettingChange| {
        let class = context.row(change.key.row).class;
        let counts = !matches!(class, Class::Noise | Class::Info) && change.key.row != ids::RULE_PRECEDENCE;
        counts && change.sameness == Sameness::Different
    };
    // A rule without a number has no place that could be compared.
    let unnumbered = |pair: usize| {
        let (left, right) = context.rules(pair);
        let numbered = |rule: Option<&RuleView>| rule.is_none_or(|rule| rule.precedence.is_some());
        !numbered(left) || !numbered(right)
    };
    gather(context)
        .into_iter()
        .filter(|(pair, change)| {
            let flows = change
                .flows
                .values()
                .any(|flow| flow.is_empty() || flow.iter().any(|f| judged(&f)));
            change.presence || unnumbered(*pair) || flows || change.settings.iter().any(|setting| judged(&setting))
        })
        .map(|(pair, _)| pair)
        .collect()
}

fn twin(context: &Context<'_>, pair: usize, drafts: &mut Drafts) {
    let mut finding = presence_finding(context, ids::DEFAULT_RULE_TWIN, pair);
    finding.severity = context.row(ids::DEFAULT_RULE_TWIN).severity;
    finding.effect = Teller::new(context, pair).idle(ids::DEFAULT_RULE_TWIN, Idle::Silent);
    drafts.push(finding);
}

/// Said of rules and flows that were split, copied or moved without changing a value.
pub const NO_EFFECT: &str =
    "Every attribute it writes gets the same values on both servers, whatever this rule adds or where it stands.";

/// A rule on one server only.
fn presence(context: &Context<'_>, versions: &Versions, effects: &Effects<'_>, pair: usize, drafts: &mut Drafts) {
    let (left, right) = context.rules(pair);
    let (rule, side) = match (left, right) {
        (Some(rule), _) => (rule, Side::Primary),
        (None, Some(rule)) => (rule, Side::Staging),
        (None, None) => return,
    };
    let id = if rule.standard {
        ids::DEFAULT_RULE_MISSING
    } else {
        ids::CUSTOM_RULE_MISSING
    };
    let mut finding = presence_finding(context, id, pair);
    if context.lone_connector(side, &rule.connector).is_some() {
        // The connector itself is the finding; what it contains is folded into it.
        return;
    }
    if rule.standard && versions.newer(side) {
        let detail = Detail {
            id: id.into(),
            what: rule.name.clone(),
            change: finding.change,
            primary: finding.primary,
            staging: finding.staging,
        };
        versions.fold(&rule.name, context.connector_name(&rule.connector), vec![detail]);
        for sentence in flows::winners(context, effects, pair) {
            versions.consequence(sentence);
        }
        return;
    }
    finding.severity = severity::of(context, versions, context.row(id), pair);
    if !rule.standard && !rule.has_effect() {
        finding.severity = Severity::Info;
        finding.effect = Teller::new(context, pair).idle(id, Idle::Silent);
        let why = if rule.live {
            "it flows, joins and filters nothing"
        } else {
            "it is disabled"
        };
        finding
            .consequences
            .push(format!("The rule has no effect on any object: {why}."));
    } else if !rule.standard && rule.live && effects.none_by(context.configuration(side), rule) {
        finding.severity = Severity::Info;
        finding.effect = Teller::new(context, pair).idle(id, Idle::Covered);
        finding.consequences.push(NO_EFFECT.to_owned());
    } else if !rule.live {
        finding.effect = Teller::new(context, pair).idle(id, Idle::Silent);
    } else {
        finding.effect = Teller::new(context, pair).whole();
        finding.consequences.extend(flows::winners(context, effects, pair));
    }
    drafts.push(finding);
}

fn presence_finding(context: &Context<'_>, id: &str, pair: usize) -> Finding {
    let row = context.row(id);
    let mut finding = context.finding(row, pair, &row.title, "");
    let text =
        |object: Option<&Object>, rule: Option<&RuleView>| object.zip(rule).map(|(object, rule)| summary(object, rule));
    let (left, right) = context.rules(pair);
    finding.primary = text(context.left(pair), left);
    finding.staging = text(context.right(pair), right);
    finding.change = change(left.is_some(), right.is_some());
    let contents = context.contents(pair);
    finding.values = values(contents.0.as_deref(), contents.1.as_deref());
    finding.locations = context.places(pair);
    finding
}

/// A rule in a line: `Join, user -> person, precedence 42, 3 flows, disabled`.
fn summary(object: &Object, rule: &RuleView) -> String {
    let mut words = vec![
        object.display(ids::RULE_LINK_TYPE),
        format!(
            "{} -> {}",
            object.display(ids::RULE_SOURCE_TYPE),
            object.display(ids::RULE_TARGET_TYPE)
        ),
        format!("precedence {}", object.display(ids::RULE_PRECEDENCE)),
        match rule.flows.len() {
            1 => "1 flow".to_owned(),
            count => format!("{count} flows"),
        },
    ];
    if !rule.live {
        words.push("disabled".to_owned());
    }
    words.join(", ")
}

/// Key of the precedence setting.
pub fn precedence_key() -> SettingKey {
    SettingKey::row(ids::RULE_PRECEDENCE)
}
