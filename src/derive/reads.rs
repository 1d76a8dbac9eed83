//! Which attributes one rule reads, and where.
//!
//! In: a rule or a flow. Out: names by their folded form. Must not know: other
//! rules, schemas.
//!
//! [`Uses`](super::Uses) is the index over all rules and would rather name one
//! attribute too many; this is exact, for those who accuse.

use super::rules::RuleView;
use crate::catalogue::ids;
use crate::expression::{Input, inputs};
use crate::model::{Configuration, Object, Value};
use std::collections::BTreeMap;

/// Names as written, by their folded form.
pub type Names = BTreeMap<String, String>;

/// What a rule reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// Attributes of connector space objects.
    pub connector: Names,
    /// Metaverse attributes.
    pub metaverse: Names,
}

impl Reads {
    /// What a rule's scope, join groups and flows read.
    pub fn of(configuration: &Configuration, view: &RuleView) -> Reads {
        let mut reads = Reads::of_filters(&configuration.objects[view.object], view.inbound);
        for &flow in &view.flows {
            reads.flow(&configuration.objects[flow], view.inbound);
        }
        reads
    }

    /// What a rule's scope and join groups read.
    pub fn of_filters(rule: &Object, inbound: bool) -> Reads {
        let mut reads = Reads::default();
        if let Some(Value::Scope(groups)) = rule.value(ids::RULE_SCOPE) {
            for clause in groups.iter().flatten() {
                add(reads.source(inbound), &clause.attribute);
            }
        }
        if let Some(Value::Join(groups)) = rule.value(ids::RULE_JOIN) {
            for condition in groups.iter().flatten() {
                add(&mut reads.connector, &condition.connector_attribute);
                add(&mut reads.metaverse, &condition.metaverse_attribute);
            }
        }
        reads
    }

    /// What a flow reads.
    pub fn of_flow(flow: &Object, inbound: bool) -> Reads {
        let mut reads = Reads::default();
        reads.flow(flow, inbound);
        reads
    }

    fn flow(&mut self, flow: &Object, inbound: bool) {
        if let Some(Value::Expression { raw, .. }) = flow.value(ids::FLOW_EXPRESSION) {
            for input in inputs(raw).unwrap_or_default() {
                match input {
                    Input::Attribute(name) => add(self.source(inbound), &name),
                    // The value that was imported from the directory, in either direction.
                    Input::Imported(name) => add(&mut self.connector, &name),
                    Input::Parameter(_) => {}
                }
            }
            return;
        }
        let source = flow.display(ids::FLOW_SOURCE);
        for piece in source.split('[').skip(1).filter(|_| source.starts_with('[')) {
            if let Some((name, _)) = piece.split_once(']') {
                add(self.source(inbound), name);
            }
        }
    }

    fn source(&mut self, inbound: bool) -> &mut Names {
        if inbound {
            &mut self.connector
        } else {
            &mut self.metaverse
        }
    }
}

fn add(names: &mut Names, name: &str) {
    if !name.is_empty() {
        names.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
    }
}
