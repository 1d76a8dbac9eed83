//! Every place where a rule names an attribute.
//!
//! In: a configuration and its views of rules. Out: [`Mention`]s, of disabled
//! rules too. Must not know: the other server, schemas, what is asked.

use super::inputs::flow_inputs;
use super::rules::RuleView;
use crate::catalogue::ids;
use crate::expression::Input;
use crate::model::{Configuration, Object, ObjectIndex, Value};

/// How a rule takes part in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A flow reads it.
    Reads(ObjectIndex),
    /// A flow writes it.
    Writes(ObjectIndex),
    /// It decides which objects the rule takes.
    Scope,
    /// Objects are matched by it.
    Join,
}

/// A rule names an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Index of the rule among the views.
    pub rule: usize,
    /// Whether it is a metaverse attribute; else it is one of the rule's connector.
    pub metaverse: bool,
    /// The attribute as written.
    pub name: String,
    /// The attribute, letter case folded.
    pub key: String,
    /// How it takes part.
    pub part: Part,
}

/// All of them, in the order of the rules.
pub fn mentions(configuration: &Configuration, views: &[RuleView]) -> Vec<Mention> {
    let mut found = Vec::new();
    for (rule, view) in views.iter().enumerate() {
        of_rule(configuration, view, |metaverse, name, part| {
            if !name.is_empty() {
                found.push(Mention {
                    rule,
                    metaverse,
                    name: name.to_owned(),
                    key: name.to_lowercase(),
                    part,
                });
            }
        });
    }
    found
}

fn of_rule(configuration: &Configuration, view: &RuleView, mut add: impl FnMut(bool, &str, Part)) {
    for &flow in &view.flows {
        let object = &configuration.objects[flow];
        add(view.inbound, &object.name, Part::Writes(flow));
        of_flow(object, view.inbound, |metaverse, name| {
            add(metaverse, name, Part::Reads(flow))
        });
    }
    of_filters(&configuration.objects[view.object], view.inbound, add);
}

/// What a flow reads: whether it is of the metaverse, and its name as written.
pub(super) fn of_flow(flow: &Object, inbound: bool, mut add: impl FnMut(bool, &str)) {
    for input in flow_inputs(flow) {
        match input {
            Input::Attribute(name) => add(!inbound, &name),
            // The value that was imported from the directory, in either direction.
            Input::Imported(name) => add(false, &name),
            Input::Parameter(_) => {}
        }
    }
}

/// What a rule's scope and join groups read.
pub(super) fn of_filters(rule: &Object, inbound: bool, mut add: impl FnMut(bool, &str, Part)) {
    if let Some(Value::Scope(groups)) = rule.value(ids::RULE_SCOPE) {
        for clause in groups.iter().flatten() {
            add(!inbound, &clause.attribute, Part::Scope);
        }
    }
    if let Some(Value::Join(groups)) = rule.value(ids::RULE_JOIN) {
        for condition in groups.iter().flatten() {
            add(false, &condition.connector_attribute, Part::Join);
            add(true, &condition.metaverse_attribute, Part::Join);
        }
    }
}
