//! A connector's schema: attributes and classes by name, whatever numbers the
//! export gave them.
//!
//! In: the `schema` element. Out: one line per fact with ids resolved to names,
//! in the order of the file (see [`Fact`](crate::model::Fact)); and the numbering
//! apart. Every leaf below the element is used. Must not know: which connector it is.

use super::ticks::{Ticks, Use};
use crate::intake::{Content, Limits, Node, Slice};
use crate::model::{FIELD, Schema, SchemaSource, Value};
use std::any::Any;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A schema as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaText {
    /// What it is recognised by: equal ones give equal pieces.
    pub digest: [u8; 32],
    /// It was recognised, and left out.
    pub left_out: bool,
}

/// The schemas that were met on any server, each once.
#[derive(Default)]
pub struct Schemas(Mutex<Vec<Arc<Document>>>);

impl Schemas {
    /// A schema to be read when somebody asks; every leaf below the element is used.
    pub fn keep(&self, node: Node<'_>, ticks: &mut Ticks, limits: &Limits) -> Arc<Document> {
        ticks.all(node, Use::Compared);
        let slice = Slice::of(node);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = known.iter().find(|document| document.slice == slice) {
            same.shared.store(true, Ordering::Relaxed);
            return Arc::clone(same);
        }
        let document = Arc::new(Document {
            slice,
            limits: *limits,
            claimed: AtomicBool::new(false),
            shared: AtomicBool::new(false),
            asked: Mutex::default(),
            leaves: OnceLock::new(),
            facts: OnceLock::new(),
        });
        known.push(Arc::clone(&document));
        document
    }

    /// Those that were met once.
    pub fn alone(&self) -> Vec<Arc<Document>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = known.iter().filter(|document| !document.shared.load(Ordering::Relaxed));
        alone.cloned().collect()
    }
}

/// A schema as it is written, and what it says once that was asked.
pub struct Document {
    slice: Slice,
    limits: Limits,
    claimed: AtomicBool,
    /// Whether it was met more than once.
    shared: AtomicBool,
    /// The last names that were asked for, and the answer: of two servers' schemas, the same is asked.
    asked: Mutex<Option<(Vec<String>, Vec<bool>)>>,
    /// What [`Slice::leaves`] says.
    leaves: OnceLock<Option<u64>>,
    facts: OnceLock<Facts>,
}

/// What a schema says. Both are one text of lines: a forest's schema has tens of thousands of facts, and a text costs no
/// allocation for each.
#[derive(Default)]
struct Facts {
    lines: String,
    numbers: String,
    marks: Vec<[u8; 32]>,
}

impl Document {
    /// The schema and its numbering, as values.
    pub fn values(self: &Arc<Document>) -> (Value, Value) {
        let part = |numbers| {
            Value::Schema(Schema::new(Part {
                document: Arc::clone(self),
                numbers,
            }))
        };
        (part(false), part(true))
    }

    /// Parses it unless another thread does; what it says is not kept, for nobody may ask.
    pub fn check(&self) {
        if !self.claimed.swap(true, Ordering::Relaxed) {
            self.leaves();
        }
    }

    /// Reads what it says.
    pub fn prepare(&self) {
        self.facts();
    }

    /// What [`Slice::may_hold`] says.
    fn may_hold(&self, names: &[&str]) -> Vec<bool> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = asked.as_ref().filter(|(before, _)| before == names) {
            return answer.clone();
        }
        let answer = self.slice.may_hold(names);
        *asked = Some((names.iter().map(|&name| name.to_owned()).collect(), answer.clone()));
        answer
    }

    /// Leaves of its content; `None` when it is not well-formed.
    pub fn leaves(&self) -> Option<u64> {
        *self.leaves.get_or_init(|| self.slice.leaves(&self.limits))
    }

    fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| {
            // It was read before, within the same limits.
            self.slice.read(&self.limits, Facts::of).unwrap_or_default()
        })
    }
}

/// The facts or the numbering of a schema.
struct Part {
    document: Arc<Document>,
    numbers: bool,
}

impl SchemaSource for Part {
    fn text(&self) -> &str {
        let facts = self.document.facts();
        if self.numbers { &facts.numbers } else { &facts.lines }
    }

    fn marks(&self) -> &[[u8; 32]] {
        &self.document.facts().marks
    }

    fn is_same(&self, other: &dyn SchemaSource) -> bool {
        let other = other.as_any().downcast_ref::<Part>();
        other.is_some_and(|other| {
            let same = Arc::ptr_eq(&self.document, &other.document) || self.document.slice == other.document.slice;
            self.numbers == other.numbers && same
        })
    }

    fn may_name(&self, names: &[&str]) -> Vec<bool> {
        self.document.may_hold(names)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Facts {
    fn of(schema: Node<'_>) -> Facts {
        let mut reader = Reader::default();
        reader.name(schema);
        reader.walk(schema, "schema", true);
        Facts {
            lines: reader.lines,
            numbers: reader.numbers,
            marks: reader.marks,
        }
    }
}

#[derive(Default)]
struct Reader<'n> {
    /// Id → name of what it numbers.
    names: HashMap<&'n str, String>,
    lines: String,
    numbers: String,
    marks: Vec<[u8; 32]>,
    /// The element that names the owner; a second name is one thing more that is said.
    named: Option<usize>,
    /// Kept between elements, so that not each one allocates.
    rest: String,
}

/// Attribute that points to another attribute or class.
pub const MEMBER: &str = "ref";
/// Attribute that numbers what has a name.
pub const NUMBER: &str = "id";
/// Sign before a number that something points to.
pub const POINTS: &str = "#";
/// Element with the name of what is numbered.
pub const NAME: &str = "dsml:name";

/// What an element that has an id is called, by its element name.
pub fn kind_of(element: &str) -> Option<&'static str> {
    match element {
        "dsml:attribute-type" => Some("attribute "),
        "dsml:class" => Some("class "),
        "ms-dsml:dit-content-rule" => Some("content rule "),
        _ => None,
    }
}

fn kind(node: Node<'_>) -> Option<&'static str> {
    // Most elements are none of these, and their local names tell.
    match node.local() {
        "attribute-type" | "class" | "dit-content-rule" => kind_of(&node.name()),
        _ => None,
    }
}

/// The name of something that is numbered.
pub fn name(node: Node<'_>) -> Option<String> {
    kind(node).and(node.child(NAME)).map(text)
}

/// What every number of a schema stands for.
pub fn names(schema: Node<'_>) -> HashMap<&str, String> {
    let mut reader = Reader::default();
    reader.name(schema);
    reader.names
}

impl<'n> Reader<'n> {
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

    /// Second pass: `owner` is the class, attribute or content rule that the element belongs to; `outer` tells
    /// whether the element is that owner itself.
    fn walk(&mut self, node: Node<'n>, owner: &str, outer: bool) {
        let numbered = kind(node).is_some();
        let mut member = String::new();
        let mut rest = std::mem::take(&mut self.rest);
        rest.clear();
        let mut attributes: Vec<_> = node.attributes().collect();
        // Their order means nothing.
        attributes.sort_by(|a, b| a.name.cmp(&b.name));
        for attribute in attributes {
            let value = self.shown(attribute.content());
            let name = plain(&attribute.name);
            let resolved = value.strip_prefix(POINTS).and_then(|id| self.names.get(id));
            let shown = resolved.map_or(&*value, String::as_str);
            if numbered && attribute.name == "id" {
                push(&mut self.numbers, &[owner, ": ", &value, "\n"]);
            } else if outer {
                fact(&mut self.lines, [owner, name, "", shown]);
            } else if name == MEMBER {
                push_line(&mut member, shown);
            } else {
                let gap = if rest.is_empty() { "" } else { " " };
                push(&mut rest, &[gap, name, " = ", shown]);
            }
        }
        let content = self.shown(node.content());
        let text = content.trim();
        if outer {
            if !text.is_empty() {
                fact(&mut self.lines, [owner, "", "", &content]);
            }
        } else {
            // The name is the owner's already, and a mere container says nothing.
            let bare = member.is_empty() && rest.is_empty();
            let repeats = bare && self.named == Some(node.id()) && owner_name(owner) == text;
            if !text.is_empty() {
                let gap = if rest.is_empty() { "" } else { " " };
                push(&mut rest, &[gap, &content]);
            }
            let container = node.has_elements() && member.is_empty() && rest.is_empty();
            if !repeats && !container {
                fact(&mut self.lines, [owner, node.local(), &member, &rest]);
            }
        }
        self.rest = rest;
        let named = node.child("dsml:name").map(|name| name.id());
        for child in node.elements() {
            self.named = named.filter(|_| outer);
            match kind(child) {
                Some(kind) => {
                    let owner = self.owner(kind, child);
                    // A member that is known by its number only is not the one that has a name.
                    let nameless = if child.child("dsml:name").is_none() {
                        " (no name)"
                    } else {
                        ""
                    };
                    push(&mut self.lines, &[&owner, nameless, "\n"]);
                    self.walk(child, &owner, true);
                }
                None => self.walk(child, owner, false),
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
        let mut owner = String::from(kind);
        match node.child("dsml:name") {
            Some(name) => push_line(&mut owner, &text(name)),
            None => {
                let id = node.attribute("id").unwrap_or_default();
                push_line(&mut owner, self.names.get(id).map_or(id, String::as_str));
            }
        }
        owner
    }
}

/// The name within `attribute mail` or `content rule user`.
fn owner_name(owner: &str) -> &str {
    ["attribute ", "class ", "content rule "]
        .iter()
        .find_map(|kind| owner.strip_prefix(kind))
        .unwrap_or(owner)
}

fn push(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// A line of four fields.
fn fact(out: &mut String, fields: [&str; 4]) {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            out.push(FIELD);
        }
        push_line(out, field);
    }
    out.push('\n');
}

/// Text in one line.
fn push_line(out: &mut String, text: &str) {
    if text.contains('\n') {
        out.push_str(&text.replace('\n', "\\n"));
    } else {
        out.push_str(text);
    }
}

/// A name without the prefix of its namespace.
fn plain(name: &str) -> &str {
    name.strip_prefix("dsml:")
        .or_else(|| name.strip_prefix("ms-dsml:"))
        .unwrap_or(name)
}

fn text(node: Node<'_>) -> String {
    match node.content() {
        Content::Plain(text) | Content::Masked { text, .. } => text.into_owned(),
        Content::Secret(_) => String::new(),
    }
}
