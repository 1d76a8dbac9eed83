//! Which attributes one rule reads.
//!
//! In: a rule or a flow. Out: names by their folded form. Must not know: other
//! rules, schemas.
//!
//! [`Uses`](super::Uses) is the index over all rules and would rather name one
//! attribute too many; this is exact, for those who accuse.

use super::mentions::{of_filters, of_flow};
use super::rules::RuleView;
use crate::catalogue::ids;
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
        of_filters(rule, inbound, |metaverse, name, _| reads.add(metaverse, name));
        reads
    }

    /// What a flow reads.
    pub fn of_flow(flow: &Object, inbound: bool) -> Reads {
        let mut reads = Reads::default();
        reads.flow(flow, inbound);
        reads
    }

    /// Of an expression that does not tokenise nobody knows what it reads.
    fn flow(&mut self, flow: &Object, inbound: bool) {
        let unread = matches!(
            flow.value(ids::FLOW_EXPRESSION),
            Some(Value::Expression { canonical: None, .. })
        );
        if !unread {
            of_flow(flow, inbound, |metaverse, name| self.add(metaverse, name));
        }
    }

    fn add(&mut self, metaverse: bool, name: &str) {
        if !name.is_empty() {
            let names = if metaverse {
                &mut self.metaverse
            } else {
                &mut self.connector
            };
            names.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        }
    }
}
