//! A connector's schema: attributes and classes by name, whatever numbers the
//! export gave them.
//!
//! In: the `schema` element. Out: one line per fact, sorted, with ids resolved
//! to names; and the numbering apart. Every leaf below the element is used.
//! Must not know: which connector it is.

use super::ticks::{Ticks, Use};
use crate::intake::{Content, Node};
use crate::model::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

/// The schema and its numbering, both as sorted lines.
pub fn read(node: Node<'_>, ticks: &mut Ticks) -> (Value, Value, Vec<[u8; 32]>) {
    let mut reader = Reader {
        ticks,
        names: HashMap::new(),
        lines: Vec::new(),
        numbers: Vec::new(),
        marks: Vec::new(),
    };
    reader.name(node);
    reader.walk(node, "schema", true);
    reader.lines.sort_unstable();
    reader.numbers.sort_unstable();
    (Value::Schema(reader.lines), Value::Schema(reader.numbers), reader.marks)
}

struct Reader<'t, 'n> {
    ticks: &'t mut Ticks,
    /// Id → kind and name of what it numbers.
    names: HashMap<&'n str, String>,
    lines: Vec<String>,
    numbers: Vec<String>,
    /// Digests of what was masked.
    marks: Vec<[u8; 32]>,
}

/// What an element that has an id is called, by its element name.
fn kind(node: Node<'_>) -> Option<&'static str> {
    if node.is("dsml:attribute-type") {
        Some("attribute")
    } else if node.is("dsml:class") {
        Some("class")
    } else if node.is("ms-dsml:dit-content-rule") {
        Some("content rule")
    } else {
        None
    }
}

impl<'n> Reader<'_, 'n> {
    /// First pass: what every id stands for.
    fn name(&mut self, node: Node<'n>) {
        for child in node.elements() {
            match (kind(child), child.attribute("id"), child.child("dsml:name")) {
                (Some(_), Some(id), Some(name)) => {
                    self.names.insert(id, text(name));
                }
                (Some(_), _, _) => {}
                (None, _, _) => self.name(child),
            }
        }
    }

    fn resolve(&self, value: &str) -> String {
        match value.strip_prefix('#').and_then(|id| self.names.get(id)) {
            Some(name) => name.clone(),
            None => value.to_owned(),
        }
    }

    /// Second pass: `owner` is the class, attribute or rule that the element belongs to.
    fn walk(&mut self, node: Node<'n>, owner: &str, outer: bool) {
        let mut line = String::new();
        for attribute in node.attributes() {
            let value = self.shown(attribute.content());
            if attribute.name == "id" && kind(node).is_some() {
                self.numbers.push(format!("{owner}: {value}"));
            } else {
                let value = self.resolve(&value);
                if outer {
                    self.lines
                        .push(format!("{owner}: {} = {value}", plain(&attribute.name)));
                } else {
                    // Writing to a String cannot fail.
                    let _ = write!(line, " {} = {value}", plain(&attribute.name));
                }
            }
            self.ticks.attribute(node, attribute.index, Use::Compared);
        }
        let name = node.name();
        if !node.has_elements() {
            self.ticks.element(node, Use::Compared);
            let text = self.shown(node.content());
            if !text.trim().is_empty() {
                let _ = write!(line, " {text}");
            }
            let repeats_owner = name == "dsml:name" && line.trim() == owner_name(owner);
            if !outer && !repeats_owner {
                self.lines.push(format!("{owner}: {}{line}", plain(&name)));
            }
            return;
        }
        if !outer && !line.is_empty() {
            self.lines.push(format!("{owner}: {}{line}", plain(&name)));
        }
        if stray(node) {
            self.ticks.element(node, Use::Compared);
            self.lines
                .push(format!("{owner}: {} text {}", plain(&name), text(node).trim()));
        }
        for child in node.elements() {
            match kind(child) {
                Some(kind) => {
                    let owner = self.owner(kind, child);
                    self.lines.push(owner.clone());
                    self.walk(child, &owner, true);
                }
                None => self.walk(child, owner, outer && owner == "schema"),
            }
        }
    }

    /// Text that may be shown; what is masked leaves its digest.
    fn shown<'c>(&mut self, content: Content<'c>) -> Cow<'c, str> {
        match content {
            Content::Plain(text) => text,
            Content::Masked { text, mark } => {
                self.marks.push(mark);
                text
            }
            Content::Secret(secret) => {
                self.marks.push(secret.mark);
                Cow::Borrowed("(secret)")
            }
        }
    }

    /// `attribute mail`, by its name or by what its id stands for.
    fn owner(&self, kind: &str, node: Node<'n>) -> String {
        let name = match node.child("dsml:name") {
            Some(name) => text(name),
            None => {
                let id = node.attribute("id").unwrap_or_default();
                self.names.get(id).cloned().unwrap_or_else(|| id.to_owned())
            }
        };
        format!("{kind} {name}")
    }
}

/// The name within `attribute mail` or `content rule user`.
fn owner_name(owner: &str) -> &str {
    ["attribute ", "class ", "content rule "]
        .iter()
        .find_map(|kind| owner.strip_prefix(kind))
        .unwrap_or(owner)
}

/// A name without the prefix of its namespace.
fn plain(name: &str) -> &str {
    name.strip_prefix("dsml:")
        .or_else(|| name.strip_prefix("ms-dsml:"))
        .unwrap_or(name)
}

fn stray(node: Node<'_>) -> bool {
    !text(node).trim().is_empty()
}

fn text(node: Node<'_>) -> String {
    match node.content() {
        Content::Plain(text) | Content::Masked { text, .. } => text.into_owned(),
        Content::Secret(_) => String::new(),
    }
}
