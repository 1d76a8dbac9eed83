//! Sub-trees that make one value: scoping filter, join groups, source of a flow.
//!
//! In: an element of a rule. Out: a [`Value`], with every leaf it used ticked.
//! A leaf that is not understood stays unticked, so that the walk reports it.
//! Must not know: which row asked.

use super::ticks::{Ticks, Use};
use super::value::flag;
use crate::catalogue::ValueKind;
use crate::intake::{Content, Node};
use crate::model::{Clause, JoinCondition, Value};

/// Reads `node` as the given kind of sub-tree.
pub fn read(kind: ValueKind, node: Node<'_>, ticks: &mut Ticks, how: Use) -> (Value, Vec<[u8; 32]>) {
    let mut reader = Reader {
        ticks,
        how,
        marks: Vec::new(),
    };
    let value = match kind {
        ValueKind::ScopeFilter => Value::Scope(reader.scope(node)),
        ValueKind::JoinFilter => Value::Join(reader.join(node)),
        _ => reader.source(node),
    };
    (value, reader.marks)
}

struct Reader<'t> {
    ticks: &'t mut Ticks,
    how: Use,
    /// Digests of what was masked.
    marks: Vec<[u8; 32]>,
}

impl Reader<'_> {
    /// The text of the first leaf child of this name that nobody has read.
    fn leaf(&mut self, node: Node<'_>, name: &str) -> Option<String> {
        let child = node
            .elements()
            .find(|child| child.is(name) && !child.has_elements() && !self.ticks.has_element(*child))?;
        self.ticks.element(child, self.how);
        Some(self.text(child))
    }

    /// Text of a leaf; secrets inside are masked, a secret as a whole shows nothing. Both leave their digest.
    fn text(&mut self, node: Node<'_>) -> String {
        match node.content() {
            Content::Plain(text) => text.into_owned(),
            Content::Masked { text, mark } => {
                self.marks.push(mark);
                text.into_owned()
            }
            Content::Secret(secret) => {
                self.marks.push(secret.mark);
                String::new()
            }
        }
    }

    fn empty(&mut self, node: Node<'_>) {
        if !node.has_elements() && self.text(node).trim().is_empty() {
            self.ticks.element(node, self.how);
        }
    }

    fn scope(&mut self, node: Node<'_>) -> Vec<Vec<Clause>> {
        self.empty(node);
        let mut groups = Vec::new();
        for group in node.elements().filter(|child| child.is("conditions")) {
            self.empty(group);
            let mut clauses = Vec::new();
            for clause in group.elements().filter(|child| child.is("scope")) {
                self.empty(clause);
                clauses.push(Clause {
                    attribute: self.leaf(clause, "csAttribute").unwrap_or_default(),
                    operator: self.leaf(clause, "csOperator").unwrap_or_default(),
                    value: self.leaf(clause, "csValue"),
                    resolved: None,
                });
            }
            groups.push(clauses);
        }
        groups
    }

    fn join(&mut self, node: Node<'_>) -> Vec<Vec<JoinCondition>> {
        self.empty(node);
        let mut groups = Vec::new();
        for group in node.elements().filter(|child| child.is("conditions")) {
            self.empty(group);
            let mut conditions = Vec::new();
            for condition in group.elements().filter(|child| child.is("condition")) {
                self.empty(condition);
                let case_written = self.flag(condition, "caseSensitive");
                conditions.push(JoinCondition {
                    connector_attribute: self.leaf(condition, "csAttribute").unwrap_or_default(),
                    metaverse_attribute: self.leaf(condition, "ilmAttribute").unwrap_or_default(),
                    case_sensitive: case_written.as_deref().and_then(flag).unwrap_or_default(),
                    case_written,
                });
            }
            groups.push(conditions);
        }
        groups
    }

    /// A flag as written; text that is no flag stays unread and is reported as it stands.
    fn flag(&mut self, node: Node<'_>, name: &str) -> Option<String> {
        let child = node.elements().find(|child| child.is(name) && !child.has_elements())?;
        let text = self.text(child);
        if flag(&text).is_none() && !text.trim().is_empty() {
            return None;
        }
        self.ticks.element(child, self.how);
        Some(text)
    }

    /// `[attribute]` or `"constant"`, so that the two are never confused.
    fn source(&mut self, node: Node<'_>) -> Value {
        if !node.has_elements() {
            self.ticks.element(node, self.how);
            return constant(&self.text(node));
        }
        let mut attributes = Vec::new();
        while let Some(attribute) = self.leaf(node, "attr") {
            attributes.push(attribute);
        }
        if attributes.is_empty() {
            if let Some(text) = self.leaf(node, "text") {
                return constant(&text);
            }
            return Value::text("");
        }
        let raw = bracketed(&attributes);
        attributes.sort_unstable_by_key(|attribute| attribute.to_lowercase());
        Value::Text {
            raw,
            canonical: bracketed(&attributes).to_lowercase(),
        }
    }
}

/// `[a], [b]`
fn bracketed(names: &[String]) -> String {
    ["[", &names.join("], ["), "]"].concat()
}

fn constant(text: &str) -> Value {
    if text.is_empty() {
        Value::text("")
    } else {
        Value::text(["\"", text, "\""].concat())
    }
}
