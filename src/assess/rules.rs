//! Synchronization rules: one cause, one finding.
//!
//! In: changes of rules and their flows. Out: findings; differences that the
//! builds, a clone or a twin explain are folded. Must not know: precedence
//! order (that is `order`).

use super::context::{Context, Side};
use super::finding::{Drafts, change, shown, values, worst};
use super::unknown::Hidden;
use super::versions::Versions;
use super::{detail, severity};
use crate::catalogue::{Class, Severity, ids};
use crate::derive::RuleView;
use crate::diff::{Change, SettingChange};
use crate::model::{Object, Sameness, SettingKey};
use crate::report::{ChangeKind, Detail, Finding, Status};
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
pub fn judge(context: &Context<'_>, versions: &Versions, hidden: &Hidden, drafts: &mut Drafts) {
    let changes = gather(context);
    let clones = clones(context, &changes);
    let twins: BTreeSet<usize> = twins(context, &changes);
    for (&pair, change) in &changes {
        if hidden.covers(pair) || clones.iter().any(|clone| clone.copy == pair) {
            continue;
        }
        if change.presence {
            if !twins.contains(&pair) {
                presence(context, versions, pair, drafts);
            } else {
                twin(context, pair, drafts);
            }
            continue;
        }
        let clone = clones.iter().find(|clone| clone.original == pair);
        Judge {
            context,
            versions,
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

/// A default rule that is live on one server and, on the other, disabled beside a live custom rule of the same content.
struct Clone {
    original: usize,
    copy: usize,
}

fn clones(context: &Context<'_>, changes: &BTreeMap<usize, RuleChanges<'_>>) -> Vec<Clone> {
    let mut found: Vec<Clone> = Vec::new();
    for &original in changes.keys() {
        let (Some(left), Some(right)) = context.rules(original) else {
            continue;
        };
        if !left.standard || left.live == right.live {
            continue;
        }
        let (live, side) = if left.live {
            (left, Side::Staging)
        } else {
            (right, Side::Primary)
        };
        let copy = changes.iter().find_map(|(&pair, change)| {
            let (l, r) = context.rules(pair);
            let candidate = match side {
                Side::Primary => l,
                Side::Staging => r,
            };
            let free = change.presence && !found.iter().any(|clone| clone.copy == pair);
            (free && candidate.is_some_and(|rule| same_body(context, side.other(), live, side, rule))).then_some(pair)
        });
        if let Some(copy) = copy {
            found.push(Clone { original, copy });
        }
    }
    found
}

/// Whether two rules on opposite sides do the same, name, number and tag aside.
fn same_body(context: &Context<'_>, a_side: Side, a: &RuleView, b_side: Side, b: &RuleView) -> bool {
    let body = |side: Side, rule: &RuleView| {
        let object = &context.configuration(side).objects[rule.object];
        context
            .catalogue
            .rows
            .iter()
            .filter(|row| row.object == ids::kinds::RULE && row.versioned && row.class == Class::Equal)
            .filter(|row| row.id != ids::RULE_PRECEDENCE && row.severity > Severity::Low)
            .map(|row| match object.value(&row.id) {
                Some(value) => value.canonical(),
                None => crate::normalise::absent(row, &context.catalogue.facts),
            })
            .collect::<Vec<_>>()
    };
    a.live
        && b.live
        && !b.standard
        && a.connector == b.connector
        && a.direction == b.direction
        && a.features == b.features
        && body(a_side, a) == body(b_side, b)
}

/// Surplus disabled standard copies of a default rule that is matched itself.
fn twins(context: &Context<'_>, changes: &BTreeMap<usize, RuleChanges<'_>>) -> BTreeSet<usize> {
    let is_twin = |pair: usize| {
        let (left, right) = context.rules(pair);
        let (rule, side) = match (left, right) {
            (Some(rule), None) => (rule, Side::Primary),
            (None, Some(rule)) => (rule, Side::Staging),
            _ => return false,
        };
        rule.standard
            && !rule.live
            && context.views(side).iter().any(|other| {
                other.object != rule.object
                    && other.connector == rule.connector
                    && other.direction == rule.direction
                    && other.tag.as_ref().map(|t| &t.base) == rule.tag.as_ref().map(|t| &t.base)
            })
    };
    changes
        .iter()
        .filter(|(pair, change)| change.presence && is_twin(**pair))
        .map(|(&pair, _)| pair)
        .collect()
}

fn twin(context: &Context<'_>, pair: usize, drafts: &mut Drafts) {
    let mut finding = presence_finding(context, ids::DEFAULT_RULE_TWIN, pair);
    finding.severity = context.row(ids::DEFAULT_RULE_TWIN).severity;
    drafts.push(finding);
}

/// A rule on one server only.
fn presence(context: &Context<'_>, versions: &Versions, pair: usize, drafts: &mut Drafts) {
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
    if rule.standard && versions.newer(side) {
        let detail = Detail {
            id: id.to_owned(),
            what: rule.name.clone(),
            change: finding.change,
            primary: finding.primary,
            staging: finding.staging,
        };
        versions.fold(&rule.name, vec![detail]);
        return;
    }
    finding.severity = severity::of(context, versions, context.row(id), pair);
    if !rule.standard && !rule.has_effect() {
        finding.severity = Severity::Info;
        let why = if rule.live {
            "it flows, joins and filters nothing"
        } else {
            "it is disabled"
        };
        finding
            .consequences
            .push(format!("The rule has no effect on any object: {why}."));
    } else if rule.live {
        finding.consequences.extend(super::order::winners(context, pair));
    }
    drafts.push(finding);
}

fn presence_finding(context: &Context<'_>, id: &str, pair: usize) -> Finding {
    let row = context.row(id);
    let mut finding = context.finding(row, pair, &row.title, "");
    let text = |object: Option<&Object>, rule: Option<&RuleView>| {
        object.zip(rule).map(|(object, rule)| summary(object, rule))
    };
    let (left, right) = context.rules(pair);
    finding.primary = text(context.left(pair), left);
    finding.staging = text(context.right(pair), right);
    finding.change = change(left.is_some(), right.is_some());
    finding.values = values(finding.primary.as_deref(), finding.staging.as_deref());
    for (side, object) in [(Side::Primary, context.left(pair)), (Side::Staging, context.right(pair))] {
        finding
            .locations
            .extend(object.and_then(|object| context.place(side, object.location)));
    }
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

/// One matched rule.
struct Judge<'a> {
    context: &'a Context<'a>,
    versions: &'a Versions,
    pair: usize,
}

impl Judge<'_> {
    fn changed(&self, changes: &RuleChanges<'_>, clone: Option<&Clone>, drafts: &mut Drafts) {
        let context = self.context;
        let (Some(left), Some(right)) = context.rules(self.pair) else {
            return;
        };
        let mut findings = Vec::new();
        for change in &changes.settings {
            if change.key.row == ids::RULE_PRECEDENCE {
                continue;
            }
            findings.push(self.setting(self.pair, change));
        }
        for (&flow, settings) in &changes.flows {
            self.flow(flow, settings, &mut findings);
        }
        if let Some(clone) = clone {
            drafts.push(self.cloned(clone, &findings));
            drafts.expected.extend(findings.into_iter().filter(|f| f.status == Status::Expected));
            return;
        }
        let explained = self.versions.explain(left, right);
        let retagged = findings
            .iter()
            .any(|finding| finding.id == ids::RULE_TAG && finding.status == Status::Drift);
        let (body, rest): (Vec<Finding>, Vec<Finding>) = findings
            .into_iter()
            .partition(|finding| finding.status == Status::Drift && self.versioned(&finding.id));
        for finding in rest {
            drafts.push(finding);
        }
        if explained {
            if !body.is_empty() {
                self.versions
                    .fold(&left.name, body.iter().flat_map(|f| as_details(f, &left.name)).collect());
            }
        } else if retagged && left.standard && right.standard {
            drafts.push(self.retagged(body, &left.name));
        } else {
            let modified = left.standard || right.standard;
            for mut finding in body {
                if modified && finding.severity > Severity::Low {
                    finding.consequences.push(context.row(ids::DEFAULT_RULE_MODIFIED).why.clone());
                }
                drafts.push(finding);
            }
        }
    }

    /// Whether a newer build may change what this id is about.
    fn versioned(&self, id: &str) -> bool {
        id == ids::RULE_TAG || id == ids::FLOW || self.context.row(id).versioned
    }

    /// With equal builds another tag version means another generation of the rule: its body differs because of it.
    fn retagged(&self, body: Vec<Finding>, name: &str) -> Finding {
        let (mut tag, rest): (Vec<Finding>, Vec<Finding>) = body.into_iter().partition(|f| f.id == ids::RULE_TAG);
        let mut finding = match tag.pop() {
            Some(finding) => finding,
            None => presence_finding(self.context, ids::RULE_TAG, self.pair),
        };
        finding.severity = worst(rest.iter().map(|f| f.severity).chain([finding.severity]));
        finding.detail = rest.iter().flat_map(|f| as_details(f, name)).collect();
        finding
    }

    fn cloned(&self, clone: &Clone, findings: &[Finding]) -> Finding {
        let context = self.context;
        let row = context.row(ids::RULE_CLONED_DEFAULT);
        let mut finding = presence_finding(context, ids::RULE_CLONED_DEFAULT, clone.original);
        let copy = presence_finding(context, ids::RULE_CLONED_DEFAULT, clone.copy);
        finding.change = ChangeKind::Changed;
        finding.severity = row.severity;
        let name = context.object(clone.copy).map(|object| object.name.clone()).unwrap_or_default();
        finding.detail = findings
            .iter()
            .filter(|f| f.status == Status::Drift)
            .flat_map(|f| as_details(f, &finding.object))
            .collect();
        finding.detail.push(Detail {
            id: ids::CUSTOM_RULE_MISSING.to_owned(),
            what: name,
            change: copy.change,
            primary: copy.primary,
            staging: copy.staging,
        });
        finding
    }

    /// A setting of the rule, or of one of its flows.
    fn setting(&self, pair: usize, change: &SettingChange) -> Finding {
        let context = self.context;
        let row = context.row(change.key.row);
        let mut finding = context.setting_finding(row, pair, &change.key);
        let value = |side| context.setting(pair, side, &change.key).map(|setting| &setting.value);
        finding.detail = detail::of(&row.id, value(Side::Primary), value(Side::Staging));
        if row.id == ids::RULE_NAME && change.sameness == Sameness::Different {
            finding.change = ChangeKind::Renamed;
        }
        finding.severity = severity::of(context, self.versions, row, self.pair);
        super::settings::settle(&mut finding, row, change.sameness);
        if row.id == ids::RULE_DISABLED {
            finding.consequences.extend(super::order::winners(context, pair));
        }
        finding
    }

    /// Everything about one target attribute is one finding; noise and spelling stay apart.
    fn flow(&self, flow: usize, settings: &[&SettingChange], findings: &mut Vec<Finding>) {
        let context = self.context;
        let mut details = Vec::new();
        let mut severities = Vec::new();
        for change in settings {
            let row = context.row(change.key.row);
            if change.sameness == Sameness::Equivalent || matches!(row.class, Class::Noise | Class::Info) {
                let mut finding = self.setting(flow, change);
                self.name_flow(&mut finding, &format!("{}: {}", self.flow_title(flow), row.title));
                findings.push(finding);
                continue;
            }
            details.push(context.setting_detail(row, flow, &change.key));
            severities.push(severity::of(context, self.versions, row, flow));
        }
        let one_sided = context.left(flow).is_none() || context.right(flow).is_none();
        if details.is_empty() && !one_sided {
            return;
        }
        let row = context.row(ids::FLOW);
        severities.push(if one_sided {
            severity::of(context, self.versions, row, flow)
        } else {
            Severity::Info
        });
        let key = context.object(flow).map(|object| object.key.clone()).unwrap_or_default();
        let title = self.flow_title(flow);
        let mut finding = context.finding(row, flow, &title, &key);
        self.name_flow(&mut finding, &title);
        finding.severity = worst(severities);
        finding.primary = context.left(flow).map(flow_text);
        finding.staging = context.right(flow).map(flow_text);
        finding.change = change(finding.primary.is_some(), finding.staging.is_some());
        finding.values = values(finding.primary.as_deref(), finding.staging.as_deref());
        // A difference that the one-line texts do not show still gets its own hash.
        if finding.primary == finding.staging {
            let all = |side: fn(&Detail) -> &Option<String>| {
                details.iter().map(|d| format!("{}={:?};", d.id, side(d))).collect::<String>()
            };
            let (l, r) = (all(|d| &d.primary), all(|d| &d.staging));
            finding.values = values(Some(&l), Some(&r));
        }
        finding.detail = details;
        for (side, object) in [(Side::Primary, context.left(flow)), (Side::Staging, context.right(flow))] {
            finding
                .locations
                .extend(object.and_then(|object| context.place(side, object.location)));
        }
        findings.push(finding);
    }

    fn flow_title(&self, flow: usize) -> String {
        let target = self.context.object(flow).map(|object| object.name.as_str());
        format!("Flow to {}", target.filter(|name| !name.is_empty()).unwrap_or("(no target)"))
    }

    /// A flow is a setting of its rule: the rule is the object.
    fn name_flow(&self, finding: &mut Finding, title: &str) {
        finding.object_path = self.context.path(self.pair);
        finding.object = finding.object_path.last().cloned().unwrap_or_default();
        finding.setting = title.to_owned();
        finding.matched_by = Some(self.context.pair(self.pair).by.to_owned());
    }
}

/// A flow in one line: its source, with merge type and apply-once where they are not the usual.
fn flow_text(flow: &Object) -> String {
    let expression = flow.setting(ids::FLOW_EXPRESSION);
    let source = flow.setting(ids::FLOW_SOURCE);
    let mut text = shown(expression.or(source), None, Side::Primary).unwrap_or_default();
    if text.is_empty() {
        text.push_str("(nothing)");
    }
    let merge = flow.canonical(ids::FLOW_MERGE_TYPE);
    if !merge.is_empty() && merge != "update" {
        text.push_str(&format!(" ({})", flow.display(ids::FLOW_MERGE_TYPE)));
    }
    if flow.canonical(ids::FLOW_APPLY_ONCE) == "true" {
        text.push_str(" (apply once)");
    }
    text
}

/// A finding as parts of a larger one.
fn as_details(finding: &Finding, rule: &str) -> Vec<Detail> {
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

/// Key of the precedence setting.
pub fn precedence_key() -> SettingKey {
    SettingKey::row(ids::RULE_PRECEDENCE)
}
