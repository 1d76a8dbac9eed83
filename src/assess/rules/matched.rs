//! A rule that both servers have: its settings and flows, and what explains
//! their differences.
//!
//! In: the changes of one pair. Out: findings. Must not know: other rules.

use super::clones::Clone;
use super::folded::{self, as_details, idle_flow};
use super::{NO_EFFECT, RuleChanges, presence_finding};
use crate::assess::context::{Context, Side};
use crate::assess::effect::{Idle, Teller};
use crate::assess::finding::{Drafts, change, shown, values, worst};
use crate::assess::flows::{self, Effects};
use crate::assess::versions::Versions;
use crate::assess::{detail, settings as generic, severity, unknown};
use crate::catalogue::{Class, Severity, ids};
use crate::derive::{Contest, RuleView, constant};
use crate::diff::SettingChange;
use crate::diff::matching::BY_CONTENT;
use crate::model::{Object, Sameness};
use crate::normalise::flag;
use crate::report::{ChangeKind, Detail, Finding, Status, Text};

/// Why a constant and an expression that is nothing but one are no difference.
const SAME_VALUE: &str = "Written differently, but both write the same value.";

/// One matched rule.
pub struct Judge<'a, 'e> {
    /// Everything.
    pub context: &'a Context<'a>,
    /// The builds.
    pub versions: &'a Versions,
    /// Which targets get other values.
    pub effects: &'a Effects<'e>,
    /// The rule's pair.
    pub pair: usize,
}

impl Judge<'_, '_> {
    /// Judges all changes of the rule.
    pub fn changed(&self, changes: &RuleChanges<'_>, clone: Option<&Clone>, drafts: &mut Drafts) {
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
            folded::copied(context, self.pair, clone, findings, drafts);
            return;
        }
        if left.standard != right.standard {
            folded::renamed(&mut findings);
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
            for sentence in flows::winners(context, self.effects, self.pair) {
                self.versions.consequence(sentence);
            }
            if !body.is_empty() {
                self.versions.fold(
                    &left.name,
                    context.connector_name(&left.connector),
                    body.iter().flat_map(|f| as_details(f, &left.name)).collect(),
                );
            }
        } else if retagged && left.standard && right.standard {
            drafts.push(self.retagged(body, &left.name));
        } else {
            let modified = left.standard || right.standard;
            // What was taken out of a default rule and stands elsewhere is one edit.
            let (split, body): (Vec<Finding>, Vec<Finding>) = body.into_iter().partition(|f| modified && idle_flow(f));
            drafts.extend(folded::split(context, self.pair, &split));
            for mut finding in body {
                // The tag alone is no other body.
                if modified && finding.severity > Severity::Low && finding.id != ids::RULE_TAG {
                    finding
                        .consequences
                        .push(context.row(ids::DEFAULT_RULE_MODIFIED).why.clone());
                }
                drafts.push(finding);
            }
        }
    }

    /// Whether the rule runs on one server only and other rules do there what it does.
    fn made_up_for(&self) -> bool {
        let (Some(left), Some(right)) = self.context.rules(self.pair) else {
            return false;
        };
        let none = |side, rule: &RuleView| self.effects.none_by(self.context.configuration(side), rule);
        match (left.live, right.live) {
            (true, false) => none(Side::Primary, left),
            (false, true) => none(Side::Staging, right),
            _ => false,
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
        // What the tag alone does is nothing; where more differs, the worst of it is told.
        let told = rest.iter().filter(|f| f.effect.is_some()).max_by_key(|f| f.severity);
        if let Some(worse) = told {
            finding.effect.clone_from(&worse.effect);
        }
        finding.severity = worst(rest.iter().map(|f| f.severity).chain([finding.severity]));
        finding.detail = rest.iter().flat_map(|f| as_details(f, name)).collect();
        finding
    }

    /// A setting of the rule, or of one of its flows.
    fn setting(&self, pair: usize, change: &SettingChange) -> Finding {
        let context = self.context;
        let row = context.row(change.key.row);
        let mut finding = context.setting_finding(row, pair, &change.key);
        let value = |side| context.setting(pair, side, &change.key).map(|setting| &setting.value);
        finding.detail = detail::of(row, value(Side::Primary), value(Side::Staging));
        if row.id == ids::RULE_NAME && change.sameness == Sameness::Different {
            finding.change = ChangeKind::Renamed;
        }
        let guessed = context.pair(self.pair).by == BY_CONTENT && unknown::rules_hidden(context);

        finding.severity = severity::of(context, self.versions, row, self.pair);
        generic::settle(&mut finding, row, change.sameness);
        if change.sameness == Sameness::Equivalent
            && let Some(reason) = generic::resolved_identifier(value(Side::Primary), value(Side::Staging))
        {
            generic::expect(&mut finding, reason);
        }
        if row.id == ids::RULE_NAME && guessed && finding.status == Status::Drift {
            finding.status = Status::Unknown;
            finding.consequences.push(
                "A rule file could not be read and may hold the real counterpart: these may be two rules.".to_owned(),
            );
        }
        if finding.status == Status::Drift && pair == self.pair {
            let teller = Teller::new(context, pair);
            finding.effect = teller.setting(change);
            if row.id == ids::RULE_SCOPE
                && let Some(moved) = teller.rescoped()
            {
                let sentences = flows::rescoped(context, self.effects, pair, &moved);
                finding.consequences.extend(sentences);
            }
        }
        if row.id == ids::RULE_DISABLED && finding.status == Status::Drift && self.made_up_for() {
            finding.severity = Severity::Info;
            finding.effect = Teller::new(context, pair).idle(ids::RULE_DISABLED, Idle::Covered);
            finding.consequences.push(NO_EFFECT.to_owned());
        } else if ids::DECIDE_WHERE.contains(&row.id.as_str()) && finding.status == Status::Drift {
            finding.consequences.extend(flows::winners(context, self.effects, pair));
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
        let key = context
            .object(flow)
            .map(|object| object.key.clone())
            .unwrap_or_default();
        let title = self.flow_title(flow);
        let mut finding = context.finding(row, flow, &title, &key);
        self.name_flow(&mut finding, &title);
        finding.severity = worst(severities);
        let kinds = (context.left(flow).map(flow_kind), context.right(flow).map(flow_kind));
        let named = kinds.0 != kinds.1;
        finding.primary = context.left(flow).map(|flow| flow_text(flow, named));
        finding.staging = context.right(flow).map(|flow| flow_text(flow, named));
        finding.change = change(finding.primary.is_some(), finding.staging.is_some());
        finding.values = values(finding.primary.as_deref(), finding.staging.as_deref());
        // A difference that the one-line texts do not show still gets its own hash.
        if finding.primary == finding.staging {
            let all = |side: fn(&Detail) -> &Option<String>| {
                details
                    .iter()
                    .map(|d| format!("{}={:?};", d.id, side(d)))
                    .collect::<String>()
            };
            let (l, r) = (all(|d| &d.primary), all(|d| &d.staging));
            finding.values = values(Some(&l), Some(&r));
        }
        if let (false, [only]) = (one_sided, details.as_slice()) {
            // What differs is known more exactly than "the flow".
            let row = context.row(&only.id);
            finding.why = Text::Borrowed(&row.why);
            finding.fix = Text::Borrowed(&row.fix);
            finding.reference = Text::Borrowed(&row.reference);
        }
        finding.detail = details;
        for change in settings.iter().filter(|change| change.key.row == ids::FLOW_EXPRESSION) {
            let value = |side| context.setting(flow, side, &change.key).map(|setting| &setting.value);
            let parts = detail::of(context.row(change.key.row), value(Side::Primary), value(Side::Staging));
            finding.detail.extend(parts);
        }
        if !one_sided && self.same_value(flow, settings) {
            generic::expect(&mut finding, SAME_VALUE);
        } else if !one_sided && self.outranked(flow) {
            let standard = context.rules(self.pair).0.is_some_and(|rule| rule.standard);
            // That a rule of the product was edited is still worth a look before the next upgrade.
            let least = if standard { Severity::Low } else { Severity::Info };
            finding.severity = finding.severity.min(least);
            finding.effect = Teller::new(context, self.pair).outranked(flow);
        } else if one_sided && self.without_effect(flow) {
            finding.severity = Severity::Info;
            finding.effect = Teller::new(context, self.pair).idle(ids::FLOW, Idle::Covered);
            finding.consequences.push(NO_EFFECT.to_owned());
        } else {
            let (before, after) = (finding.primary.as_deref(), finding.staging.as_deref());
            if one_sided {
                finding.consequences.extend(self.winners_of(flow));
            }
            let unless = self
                .target_of(flow)
                .map(|target| self.effects.unless(&target, self.pair));
            let teller = Teller::new(context, self.pair);
            finding.effect = teller.flow(flow, (before, after), &finding.detail, &unless.unwrap_or_default());
        }
        finding.locations = context.places(flow);
        findings.push(finding);
    }

    /// Who wins the target of a flow that one server's copy of the rule lacks.
    fn winners_of(&self, flow: usize) -> Vec<String> {
        let targets = self.target_of(flow).map(|target| self.effects.targets(&target));
        let targets = targets.into_iter().flatten();
        targets
            .filter_map(|target| self.effects.winner_by(&target, self.pair))
            .collect()
    }

    /// What a flow of the rule feeds.
    fn target_of(&self, flow: usize) -> Option<Contest> {
        let (left, right) = self.context.rules(self.pair);
        let pair = self.context.pair(flow);
        let of = |rule: Option<&RuleView>, flow: Option<usize>, configuration| Some(rule?.target(configuration, flow?));
        of(left, pair.left, self.context.left).or_else(|| of(right, pair.right, self.context.right))
    }

    /// Whether both servers' flows write one value, however it is written, and differ in nothing else.
    fn same_value(&self, flow: usize, settings: &[&SettingChange]) -> bool {
        let (Some(left), Some(right)) = (self.context.left(flow), self.context.right(flow)) else {
            return false;
        };
        let sources = [ids::FLOW_SOURCE, ids::FLOW_EXPRESSION];
        let only = settings
            .iter()
            .filter(|change| change.sameness == Sameness::Different)
            .all(|change| sources.contains(&change.key.row));
        let flags = &self.context.catalogue.facts.filtering_attributes;
        let is_flag = flags.iter().any(|name| name.eq_ignore_ascii_case(&left.key));
        match (constant(left), constant(right)) {
            (Some(l), Some(r)) => only && (l == r || (is_flag && flag(&l).is_some() && flag(&l) == flag(&r))),
            _ => false,
        }
    }

    /// Whether other rules write the target of a flow, whatever the rule says on either server.
    fn outranked(&self, flow: usize) -> bool {
        let (Some(left), Some(right)) = self.context.rules(self.pair) else {
            return false;
        };
        let pair = self.context.pair(flow);
        let (Some(on_left), Some(on_right)) = (pair.left, pair.right) else {
            return false;
        };
        left.flowing()
            && right.flowing()
            && !unknown::rules_hidden(self.context)
            && self.effects.none_at(self.context.left, left, on_left)
            && self.effects.none_at(self.context.right, right, on_right)
    }

    /// Whether a flow that one server's copy of the rule lacks is made up for by other rules.
    fn without_effect(&self, flow: usize) -> bool {
        let (left, right) = self.context.rules(self.pair);
        let pair = self.context.pair(flow);
        match (left, right, pair.left, pair.right) {
            (Some(left), Some(right), Some(flow), None) if left.live && right.live => {
                self.effects.none_at(self.context.left, left, flow)
            }
            (Some(left), Some(right), None, Some(flow)) if left.live && right.live => {
                self.effects.none_at(self.context.right, right, flow)
            }
            _ => false,
        }
    }

    fn flow_title(&self, flow: usize) -> String {
        let target = self.context.object(flow).map(|object| object.name.as_str());
        format!(
            "Flow to {}",
            target.filter(|name| !name.is_empty()).unwrap_or("(no target)")
        )
    }

    /// A flow is a setting of its rule: the rule is the object.
    fn name_flow(&self, finding: &mut Finding, title: &str) {
        finding.object_path = self.context.path(self.pair);
        finding.object = finding.object_path.last().cloned().unwrap_or_default();
        finding.setting = title.to_owned();
        finding.matched_by = Some(self.context.pair(self.pair).by.to_owned());
    }
}

/// Flow type, which the export does not write.
fn flow_kind(flow: &Object) -> &'static str {
    if flow.value(ids::FLOW_EXPRESSION).is_some() {
        "Expression"
    } else if flow.display(ids::FLOW_SOURCE).starts_with('[') {
        "Direct"
    } else {
        "Constant"
    }
}

/// A flow in one line: its source, with merge type and apply-once where they are not the usual, and its type where that is news.
fn flow_text(flow: &Object, named: bool) -> String {
    let expression = flow.setting(ids::FLOW_EXPRESSION);
    let source = flow.setting(ids::FLOW_SOURCE);
    let mut text = shown(expression.or(source), None, Side::Primary).unwrap_or_default();
    if text.is_empty() {
        text.push_str("(nothing)");
    }
    if named {
        text = format!("{}: {text}", flow_kind(flow));
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
