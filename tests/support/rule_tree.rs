//! A rule file as a tree that tests edit and write again.

use super::xml::escape;
use roxmltree::{Document, Node};

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Text of a leaf, empty otherwise.
    pub text: String,
    pub children: Vec<Element>,
    /// Raw XML to write instead of the escaped text.
    pub raw: Option<String>,
}

impl Element {
    /// Reads a file without namespaces.
    pub fn parse(text: &str) -> Element {
        let document = Document::parse(text).expect("XML");
        from(document.root_element())
    }

    /// A leaf.
    pub fn leaf(name: &str, text: &str) -> Element {
        Element {
            name: name.to_owned(),
            attributes: Vec::new(),
            text: text.to_owned(),
            children: Vec::new(),
            raw: None,
        }
    }

    /// An element with children.
    pub fn of(name: &str, children: Vec<Element>) -> Element {
        Element {
            children,
            ..Element::leaf(name, "")
        }
    }

    /// Writes the tree, a line for each element.
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out, 0);
        out
    }

    fn write_to(&self, out: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        out.push_str(&format!("{indent}<{}", self.name));
        for (name, value) in &self.attributes {
            out.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
        let text = self.raw.clone().unwrap_or_else(|| escape(&self.text));
        if self.children.is_empty() && text.is_empty() {
            out.push_str(" />\n");
        } else if self.children.is_empty() {
            out.push_str(&format!(">{text}</{}>\n", self.name));
        } else {
            out.push_str(">\n");
            for child in &self.children {
                child.write_to(out, depth + 1);
            }
            out.push_str(&format!("{indent}</{}>\n", self.name));
        }
    }

    /// The child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The child of this name, for editing.
    pub fn child_mut(&mut self, name: &str) -> Option<&mut Element> {
        self.children.iter_mut().find(|child| child.name == name)
    }

    /// Text of the child of this name.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_str())
    }

    /// Sets the text of a child; false when it has none.
    pub fn set(&mut self, name: &str, text: &str) -> bool {
        match self.child_mut(name) {
            Some(child) => {
                child.text = text.to_owned();
                true
            }
            None => false,
        }
    }

    /// The rule's flows.
    pub fn flows(&mut self) -> &mut Vec<Element> {
        &mut self.child_mut("attribute-mappings").expect("flows").children
    }

    /// Calls with every element, this one first.
    pub fn each(&mut self, edit: &mut dyn FnMut(&mut Element)) {
        edit(self);
        for child in &mut self.children {
            child.each(edit);
        }
    }
}

fn from(node: Node<'_, '_>) -> Element {
    let children: Vec<Element> = node.children().filter(Node::is_element).map(from).collect();
    let text = node
        .children()
        .filter(|child| child.is_text())
        .filter_map(|child| child.text())
        .collect();
    Element {
        name: node.tag_name().name().to_owned(),
        attributes: node
            .attributes()
            .map(|a| (a.name().to_owned(), a.value().to_owned()))
            .collect(),
        text: if children.is_empty() { text } else { String::new() },
        children,
        raw: None,
    }
}
