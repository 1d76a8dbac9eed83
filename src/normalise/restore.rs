//! A document made of what was kept of it, for intake to read again.
//!
//! In: a [`Piece`]. Out: the text of a document, and where each of its lines
//! stands in the snapshot. Must not know: files, git.

use super::kept::{Leaf, Piece};
use super::schema;
use crate::catalogue::{Catalogue, ValueKind};

/// Namespaces that names have a prefix for.
const NAMESPACES: &str = " xmlns:dsml=\"http://www.dsml.org/DSML\" xmlns:ms-dsml=\"http://www.microsoft.com/MMS/DSML\"";

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// Its text.
    pub text: String,
    /// Where each line stands in the snapshot: index of a file, and line from 1.
    pub places: Vec<(usize, u32)>,
}

/// Writes a document.
pub fn restore(mut root: Piece, catalogue: &Catalogue) -> Restored {
    for row in catalogue.rows.iter().filter(|row| row.value == Some(ValueKind::Schema)) {
        let document = catalogue.kind(&row.object).and_then(|kind| kind.document.as_deref());
        let schema = |piece: &Piece| Some(piece.name.as_str()) == row.path.as_deref();
        // The document may stand within a wrapper.
        let document = match Some(root.name.as_str()) == document {
            true => Some(&mut root),
            false => root
                .children
                .iter_mut()
                .find(|child| Some(child.name.as_str()) == document),
        };
        let children = document.into_iter().flat_map(|document| &mut document.children);
        children.filter(|child| schema(child)).for_each(number);
    }
    let mut restored = Restored::default();
    restored.element(&root, NAMESPACES, true);
    restored
}

/// Sign before a name that is used as a number: no number that the source had is one.
const NAMED: &str = "=";

/// Numbers what has a name by its name, for others point to it so.
fn number(schema: &mut Piece) {
    for child in &mut schema.children {
        let numbered = schema::kind_of(&child.name).is_some();
        for (attribute, leaf) in &mut child.attributes {
            let number = numbered && attribute == schema::NUMBER;
            match leaf.text.strip_prefix(schema::POINTS) {
                // A number that nothing has, or one that is no name.
                Some(rest) if number || rest.starts_with(schema::POINTS) => leaf.text = rest.to_owned(),
                Some(rest) => leaf.text = [schema::POINTS, NAMED, rest].concat(),
                None if number && !leaf.text.is_empty() => leaf.text.insert_str(0, NAMED),
                None => {}
            }
        }
        let has_number = child.attributes.iter().any(|(name, _)| name == schema::NUMBER);
        if numbered && !has_number {
            let name = child.child(schema::NAME).and_then(|name| name.text.as_ref());
            let number = name.map(|name| Leaf::plain([NAMED, name.text.as_str()].concat()));
            child
                .attributes
                .extend(number.map(|number| (schema::NUMBER.to_owned(), number)));
        }
        number(child);
    }
}

impl Restored {
    /// Every element begins a line, save where that would add to a text.
    fn element(&mut self, piece: &Piece, more: &str, lines: bool) {
        if lines {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.places.push(piece.place);
        }
        let (name, declared) = local(&piece.name, "e");
        self.text.extend(["<", &name, &declared, more]);
        for (at, (name, leaf)) in piece.attributes.iter().enumerate() {
            let (name, declared) = local(name, &format!("a{at}"));
            self.text.extend([&declared, " ", &name, "=\""]);
            self.escaped(leaf);
            self.text.push('"');
        }
        self.text.push('>');
        let lines = lines && piece.text.is_none();
        if let Some(leaf) = &piece.text {
            self.escaped(leaf);
        }
        for child in &piece.children {
            self.element(child, "", lines);
        }
        self.text.extend(["</", &name, ">"]);
    }

    /// White space as references, so that none is lost and each line is an element's.
    fn escaped(&mut self, leaf: &Leaf) {
        for c in leaf.text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\n' => self.text.push_str("&#10;"),
                '\r' => self.text.push_str("&#13;"),
                '\t' => self.text.push_str("&#9;"),
                c => self.text.push(c),
            }
        }
    }
}

/// A name with a prefix, and the declaration of its namespace unless the root has it.
fn local(name: &str, prefix: &str) -> (String, String) {
    let foreign = name.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    match foreign {
        None => (name.to_owned(), String::new()),
        Some((uri, name)) => {
            let uri = uri.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            (format!("{prefix}:{name}"), format!(" xmlns:{prefix}=\"{uri}\""))
        }
    }
}
