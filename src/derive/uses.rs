//! What live rules use: attributes and object types of a connector or of the
//! metaverse, and parameters.
//!
//! In: a configuration and its views of rules. Out: [`Uses`], asked by
//! [`Thing`]. Must not know: the other server, schemas (a rule may name what
//! no schema has), severities.

use super::inputs::{flow_inputs, parameters};
use super::rules::RuleView;
use crate::catalogue::ids;
use crate::expression::Input;
use crate::model::{Configuration, Object, Value};
use std::collections::HashMap;

/// Something that a rule may use; names in folded letter case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// An attribute of a connector's objects.
    ConnectorAttribute(String, String),
    /// An object type of a connector.
    ConnectorType(String, String),
    /// An attribute of one object type of a connector: connector, object type, attribute.
    ConnectorBinding(String, String, String),
    /// A metaverse attribute.
    MetaverseAttribute(String),
    /// A metaverse object type.
    MetaverseType(String),
    /// An attribute of one metaverse object type: object type, attribute.
    MetaverseBinding(String, String),
    /// A parameter of a connector (or of a part of it), or of the server.
    Parameter(Option<String>, String),
}

/// Which live rules use what, as indices into the views.
#[derive(Debug, Default)]
pub struct Uses {
    users: HashMap<Thing, Vec<usize>>,
    /// Object types of each rule, in the connector and in the metaverse.
    types: HashMap<usize, (String, String)>,
    any: String,
}

impl Uses {
    /// Reads all live rules; `any` is the object type that stands for all.
    pub fn of(configuration: &Configuration, views: &[RuleView], any: &str) -> Uses {
        let mut uses = Uses {
            any: any.to_lowercase(),
            ..Uses::default()
        };
        for (at, view) in views.iter().enumerate().filter(|(_, view)| view.live) {
            uses.rule(configuration, view, at);
        }
        for users in uses.users.values_mut() {
            users.dedup();
        }
        uses
    }

    /// The rules that use a thing.
    pub fn users(&self, thing: &Thing) -> Vec<usize> {
        let direct = |thing: &Thing| self.users.get(thing).cloned().unwrap_or_default();
        match thing {
            Thing::ConnectorBinding(connector, object_type, attribute) => {
                let mut users = direct(&Thing::ConnectorAttribute(connector.clone(), attribute.clone()));
                // A class that no rule names lends its attributes to those that rules do name.
                let named = Thing::ConnectorType(connector.clone(), object_type.clone());
                if self.users.contains_key(&named) {
                    users.retain(|user| self.types.get(user).is_some_and(|(own, _)| self.is(own, object_type)));
                }
                users
            }
            Thing::MetaverseBinding(object_type, attribute) => {
                let mut users = direct(&Thing::MetaverseAttribute(attribute.clone()));
                users.retain(|user| self.types.get(user).is_some_and(|(_, own)| self.is(own, object_type)));
                users
            }
            _ => direct(thing),
        }
    }

    /// Attributes of a connector that rules use, with the rules, by name.
    pub fn connector_attributes(&self, connector: &str) -> Vec<(&str, &[usize])> {
        self.named(|thing| match thing {
            Thing::ConnectorAttribute(of, attribute) if of == connector => Some(attribute),
            _ => None,
        })
    }

    /// Metaverse attributes that rules use, with the rules, by name.
    pub fn metaverse_attributes(&self) -> Vec<(&str, &[usize])> {
        self.named(|thing| match thing {
            Thing::MetaverseAttribute(attribute) => Some(attribute),
            _ => None,
        })
    }

    fn named(&self, name: impl Fn(&Thing) -> Option<&String>) -> Vec<(&str, &[usize])> {
        let known = self.users.iter();
        let mut found: Vec<(&str, &[usize])> = known
            .filter_map(|(thing, users)| Some((name(thing)?.as_str(), users.as_slice())))
            .collect();
        found.sort_unstable();
        found
    }

    fn is(&self, own: &str, object_type: &str) -> bool {
        own == object_type || own == self.any
    }

    fn add(&mut self, thing: Thing, user: usize) {
        self.users.entry(thing).or_default().push(user);
    }

    fn rule(&mut self, configuration: &Configuration, view: &RuleView, user: usize) {
        let rule = &configuration.objects[view.object];
        let (own, central) = if view.inbound {
            (&view.source_type, &view.target_type)
        } else {
            (&view.target_type, &view.source_type)
        };
        self.types.insert(user, (own.clone(), central.clone()));
        self.add(Thing::ConnectorType(view.connector.clone(), own.clone()), user);
        self.add(Thing::MetaverseType(central.clone()), user);
        let mut reader = Reader { uses: self, view, user };
        if let Some(Value::Scope(groups)) = rule.value(ids::RULE_SCOPE) {
            for clause in groups.iter().flatten() {
                reader.source(&clause.attribute);
                reader.parameters(clause.value.as_deref().unwrap_or_default());
            }
        }
        if let Some(Value::Join(groups)) = rule.value(ids::RULE_JOIN) {
            for condition in groups.iter().flatten() {
                reader.connector(&condition.connector_attribute);
                reader.metaverse(&condition.metaverse_attribute);
            }
        }
        for &flow in &view.flows {
            reader.flow(&configuration.objects[flow]);
        }
    }
}

/// One rule while it is read.
struct Reader<'u, 'v> {
    uses: &'u mut Uses,
    view: &'v RuleView,
    user: usize,
}

impl Reader<'_, '_> {
    fn connector(&mut self, attribute: &str) {
        if !attribute.is_empty() {
            let thing = Thing::ConnectorAttribute(self.view.connector.clone(), attribute.to_lowercase());
            self.uses.add(thing, self.user);
        }
    }

    fn metaverse(&mut self, attribute: &str) {
        if !attribute.is_empty() {
            let thing = Thing::MetaverseAttribute(attribute.to_lowercase());
            self.uses.add(thing, self.user);
        }
    }

    fn source(&mut self, attribute: &str) {
        if self.view.inbound {
            self.connector(attribute);
        } else {
            self.metaverse(attribute);
        }
    }

    fn target(&mut self, attribute: &str) {
        if self.view.inbound {
            self.metaverse(attribute);
        } else {
            self.connector(attribute);
        }
    }

    /// A name may be a parameter of the connector or one of the server; who asks knows which.
    fn parameter(&mut self, name: &str) {
        let name = name.to_lowercase();
        let connector = Some(self.view.connector.clone());
        self.uses.add(Thing::Parameter(connector, name.clone()), self.user);
        self.uses.add(Thing::Parameter(None, name), self.user);
    }

    /// `%name%` within a text that is no expression.
    fn parameters(&mut self, text: &str) {
        parameters(text).for_each(|name| self.parameter(name));
    }

    fn flow(&mut self, flow: &Object) {
        self.target(&flow.name);
        for input in flow_inputs(flow) {
            match input {
                Input::Attribute(name) => self.source(&name),
                // The value that was imported from the directory, in either direction.
                Input::Imported(name) => self.connector(&name),
                Input::Parameter(name) => self.parameter(&name),
            }
        }
    }
}
