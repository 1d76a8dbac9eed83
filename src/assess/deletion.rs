//! Metaverse deletion rules: what follows for the life of objects from rules
//! that differ.
//!
//! In: which rules keep each object type, and the findings so far. Out: a
//! sentence under each finding that causes a change, which is as bad as that;
//! a finding of its own only where none does. Must not know: how keepers are found.

use super::context::{Context, Side};
use super::finding::{Drafts, change, digest, values};
use super::unknown::{self, Hidden};
use super::versions::Versions;
use crate::catalogue::ids;
use crate::derive::{DeletionChange, DeletionSide, RuleView, compare_deletion};
use crate::report::{Finding, Status};
use std::collections::BTreeSet;

/// So many rules are named.
const NAMED: usize = 3;

/// Judges what keeps each object type.
pub fn judge(context: &Context<'_>, versions: &Versions, hidden: &Hidden, drafts: &mut Drafts) {
    let (left, right) = (side(context, Side::Primary), side(context, Side::Staging));
    // A rule that could not be read may keep what seems lost.
    let unread = unknown::rules_hidden(context);
    drafts.derived(ids::DELETION_RULE, object_types(context), unread);
    if unread {
        return;
    }
    for change in compare_deletion(left, right, &context.catalogue.facts.any_object_type) {
        let causes: BTreeSet<usize> = change
            .causes
            .iter()
            .copied()
            .filter(|&c| !unseen(context, hidden, c))
            .collect();
        let sentence = sentence(context, &change);
        let mut explained = causes.len() < change.causes.len();
        for &cause in &causes {
            if attach(context, cause, &sentence, drafts) {
                explained = true;
            } else if by_build(context, versions, cause) {
                versions.consequence(sentence.clone());
                explained = true;
            }
        }
        if !explained {
            drafts.push(finding(context, &change, sentence));
        }
    }
}

fn side<'a>(context: &Context<'a>, side: Side) -> DeletionSide<'a> {
    let pairs = &context.comparison.pairs;
    DeletionSide {
        rules: context.views(side),
        pair_of: match side {
            Side::Primary => &pairs.of_left,
            Side::Staging => &pairs.of_right,
        },
    }
}

/// How many object types are provisioned on either server.
fn object_types(context: &Context<'_>) -> usize {
    let rules = context.views(Side::Primary).iter().chain(context.views(Side::Staging));
    let keepers = rules.filter(|rule| rule.live && rule.inbound && rule.provisions);
    keepers
        .map(|rule| rule.target_type.as_str())
        .collect::<BTreeSet<_>>()
        .len()
}

/// Whether a gap hides a rule or the connector that it belongs to.
fn unseen(context: &Context<'_>, hidden: &Hidden, pair: usize) -> bool {
    hidden.covers(pair) || lone_connector(context, pair).is_some_and(|connector| hidden.covers(connector))
}

/// The connector on one server only that takes a rule with it.
fn lone_connector(context: &Context<'_>, pair: usize) -> Option<usize> {
    let (left, right) = context.rules(pair);
    match (left, right) {
        (Some(rule), None) => context.lone_connector(Side::Primary, &rule.connector),
        (None, Some(rule)) => context.lone_connector(Side::Staging, &rule.connector),
        _ => None,
    }
}

/// Whether the difference of a default rule was folded because the builds explain it.
fn by_build(context: &Context<'_>, versions: &Versions, pair: usize) -> bool {
    match context.rules(pair) {
        (Some(left), Some(right)) => versions.explain(left, right),
        (Some(rule), None) => rule.standard && versions.newer(Side::Primary),
        (None, Some(rule)) => rule.standard && versions.newer(Side::Staging),
        (None, None) => false,
    }
}

/// Whether a difference of this row can make a rule keep objects or stop doing so.
fn decides(id: &str) -> bool {
    ids::DECIDE_WHERE.contains(&id) || [ids::CUSTOM_RULE_MISSING, ids::DEFAULT_RULE_MISSING].contains(&id)
}

/// Puts the sentence under the findings of a cause; false when there is none.
fn attach(context: &Context<'_>, cause: usize, sentence: &str, drafts: &mut Drafts) -> bool {
    let (object, any) = match lone_connector(context, cause) {
        Some(connector) => (connector, true),
        None => (cause, false),
    };
    let identity = context.identity(object);
    let path = context.path(object);
    let grave = context.row(ids::DELETION_RULE).severity;
    let mut found = false;
    for finding in drafts.findings.iter_mut().filter(|finding| finding.object_path == path) {
        let about = finding.fingerprint == digest(&[&finding.id, identity, ""]);
        let mut ids = finding
            .detail
            .iter()
            .map(|part| part.id.as_ref())
            .chain([finding.id.as_ref()]);
        let causes = any || ids.any(decides);
        if about && causes && finding.status == Status::Drift {
            finding.consequences.push(sentence.to_owned());
            // A cause is as bad as what follows from it.
            finding.severity = finding.severity.max(grave);
            found = true;
        }
    }
    found
}

/// `On SYNC02 nothing keeps person objects of the metaverse alive; on SYNC01 "A" (contoso.com) does.`
fn sentence(context: &Context<'_>, change: &DeletionChange) -> String {
    let name = object_type(context, change);
    let (primary, staging) = (context.side_name(Side::Primary), context.side_name(Side::Staging));
    let (left, right) = (
        keepers(context, Side::Primary, change),
        keepers(context, Side::Staging, change),
    );
    let nothing = |server: &str, other: &str, keepers: &str, count: usize| {
        let verb = if count == 1 { "does" } else { "do" };
        format!("On {server} nothing keeps {name} objects of the metaverse alive; on {other} {keepers} {verb}.")
    };
    match (change.left.len(), change.right.len()) {
        (count, 0) => nothing(&staging, &primary, &left, count),
        (0, count) => nothing(&primary, &staging, &right, count),
        _ => format!("What keeps {name} objects of the metaverse alive: on {primary} {left}; on {staging} {right}."),
    }
}

/// The object type as a rule spells it.
fn object_type(context: &Context<'_>, change: &DeletionChange) -> String {
    let rule = |side: Side, indices: &[usize]| -> Option<String> {
        let rule: &RuleView = context.views(side).get(*indices.first()?)?;
        Some(context.configuration(side).objects[rule.object].display(ids::RULE_TARGET_TYPE))
    };
    rule(Side::Primary, &change.left)
        .or_else(|| rule(Side::Staging, &change.right))
        .unwrap_or_else(|| change.object_type.clone())
}

/// Names of keepers with their connectors, those that make the difference first; with the objects they read, where
/// these make it.
fn keepers(context: &Context<'_>, side: Side, change: &DeletionChange) -> String {
    let indices = of_side(change, side);
    let pairs = |side: Side| -> BTreeSet<usize> {
        let views = context.views(side);
        let all = of_side(change, side).iter();
        all.map(|&at| context.pair_of(side, views[at].object)).collect()
    };
    let there = pairs(side.other());
    let mut names: Vec<String> = indices
        .iter()
        .take(NAMED)
        .map(|&at| &context.views(side)[at])
        .map(|rule| {
            let pair = context.pair_of(side, rule.object);
            let connector = context.connector_name(&rule.connector);
            if change.causes.contains(&pair) && there.contains(&pair) {
                let objects = context.catalogue.effects.plural(&rule.source_type);
                format!("\"{}\" ({objects} of {connector})", rule.name)
            } else {
                format!("\"{}\" ({connector})", rule.name)
            }
        })
        .collect();
    if indices.len() > NAMED {
        names.push(format!("{} more rules", indices.len() - NAMED));
    }
    names.join(" and ")
}

fn of_side(change: &DeletionChange, side: Side) -> &[usize] {
    match side {
        Side::Primary => &change.left,
        Side::Staging => &change.right,
    }
}

/// A change that no other finding explains.
fn finding(context: &Context<'_>, keep: &DeletionChange, sentence: String) -> Finding {
    let row = context.row(ids::DELETION_RULE);
    let name = object_type(context, keep);
    let text = |side: Side, rules: &[usize]| (!rules.is_empty()).then(|| keepers(context, side, keep));
    let (left, right) = (text(Side::Primary, &keep.left), text(Side::Staging, &keep.right));
    let mut finding = context.pair_finding(row, left, right);
    finding.fingerprint = digest(&[&row.id, &keep.object_type]);
    finding.object_path = vec![name.clone()];
    finding.object = name;
    finding.change = change(!keep.left.is_empty(), !keep.right.is_empty());
    let all = |side: Side, rules: &[usize]| {
        let mut keys: Vec<&str> = rules
            .iter()
            .map(|&at| context.identity(context.pair_of(side, context.views(side)[at].object)))
            .collect();
        keys.sort();
        (!keys.is_empty()).then(|| keys.join("\n"))
    };
    let (left, right) = (all(Side::Primary, &keep.left), all(Side::Staging, &keep.right));
    finding.values = values(left.as_deref(), right.as_deref());
    finding.consequences.push(sentence);
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Options, finding::Drafts};
    use crate::catalogue::{Catalogue, Severity};
    use crate::intake::{Document, Intake, Limits, Part};
    use crate::model::{Configuration, SourceFile};

    fn server(disabled: &str) -> Configuration {
        let text = format!(
            "<synchronizationRule><id>{{1}}</id><name>In</name><direction>Inbound</direction><disabled>{disabled}</disabled>\
             <linkType>Provision</linkType><targetObjectType>Person</targetObjectType></synchronizationRule>"
        );
        let input = Intake {
            source: "test".to_owned(),
            files: vec![SourceFile {
                path: "rule.xml".to_owned(),
                sha256: String::new(),
                bytes: 0,
            }],
            documents: vec![Document {
                file: 0,
                part: Part::of_root("synchronizationRule").unwrap(),
                text: text.into(),
                item: None,
            }],
            ..Intake::default()
        };
        let mut read = crate::normalise::normalise(input, Catalogue::builtin(), &Limits::default());
        read.gaps.clear();
        read
    }

    #[test]
    fn a_change_that_no_finding_explains_is_one_by_itself() {
        let (left, mut right) = (server("False"), server("True"));
        let options = Options::without_flags(false, 0, false);
        let catalogue = Catalogue::builtin();
        let comparison = crate::diff::compare(&left, &mut right, catalogue, &options.matching).unwrap();
        let context = Context::new(&left, &right, &comparison, catalogue, &options);
        let versions = crate::assess::versions::judge(&context, &mut Drafts::default());
        let mut drafts = Drafts::default();
        judge(&context, &versions, &Hidden::default(), &mut drafts);
        assert_eq!(drafts.findings.len(), 1);
        let finding = &drafts.findings[0];
        assert_eq!(
            (finding.id.as_ref(), finding.object.as_str()),
            (ids::DELETION_RULE, "Person")
        );
        assert_eq!(finding.severity, Severity::Block);
        assert_eq!(finding.staging, None);
        assert!(
            finding.consequences[0].contains("nothing keeps Person objects"),
            "{:?}",
            finding.consequences
        );
    }
}
