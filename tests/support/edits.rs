//! Every single edit of a document: each leaf and attribute changed, removed
//! or doubled, something new added to every element. The rest of the text
//! stays as it is, byte for byte.

use super::xml::escape;
use roxmltree::{Document, Node};

/// What every edit adds, so that it can be found in a report.
pub const MARK: &str = "Mutated7";

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Change,
    Remove,
    Duplicate,
    NewLeaf,
    NewAttribute,
    StrayText,
}

/// One edit of a document.
#[derive(Debug, Clone)]
pub struct Edit {
    pub kind: Kind,
    /// Names from the root to the element, an attribute with `@`.
    pub path: String,
    /// Path with what distinguishes elements of one path: the kind of a flow, an empty leaf.
    pub family: String,
    /// Value before, for edits of something that stood there.
    pub old: Option<String>,
    /// Value after, for edits that leave one.
    pub new: Option<String>,
    /// The document after the edit.
    pub text: String,
}

/// Number of leaves: attributes, and elements without children.
pub fn leaves(text: &str) -> usize {
    let document = Document::parse(text).expect("XML");
    document
        .descendants()
        .filter(Node::is_element)
        .map(|node| node.attributes().len() + usize::from(!has_elements(node)))
        .sum()
}

/// All edits of a document. `others` gives more values to try at a path, beside the ones that fit any text.
pub fn all(text: &str, others: &dyn Fn(&str, &str) -> Vec<String>) -> Vec<Edit> {
    let document = Document::parse(text).expect("XML");
    let mut edits = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        let place = Place {
            text,
            node,
            path: path(node),
            family: family(node),
        };
        place.attributes(others, &mut edits);
        if has_elements(node) {
            let close = place.close();
            edits.push(place.edit(Kind::NewLeaf, "/new-leaf", None, Some(MARK), close..close, &leaf_text()));
            edits.push(place.edit(Kind::StrayText, "/text()", None, Some(MARK), close..close, MARK));
        } else {
            place.leaf(others, &mut edits);
        }
    }
    edits
}

fn leaf_text() -> String {
    format!("<new-leaf>{MARK}</new-leaf>")
}

struct Place<'t, 'd> {
    text: &'t str,
    node: Node<'d, 't>,
    path: String,
    family: String,
}

impl Place<'_, '_> {
    fn edit(
        &self,
        kind: Kind,
        below: &str,
        old: Option<&str>,
        new: Option<&str>,
        range: std::ops::Range<usize>,
        with: &str,
    ) -> Edit {
        let mut text = self.text.to_owned();
        text.replace_range(range, with);
        Edit {
            kind,
            path: format!("{}{below}", self.path),
            family: format!("{}{below}", self.family),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            text,
        }
    }

    fn attributes(&self, others: &dyn Fn(&str, &str) -> Vec<String>, edits: &mut Vec<Edit>) {
        let start = self.node.range().start;
        let name_end = start
            + 1
            + self.text[start + 1..]
                .find([' ', '>', '/', '\n', '\r', '\t'])
                .expect("a tag");
        let with = format!(" new-attribute=\"{MARK}\"");
        edits.push(self.edit(
            Kind::NewAttribute,
            "/@new-attribute",
            None,
            Some(MARK),
            name_end..name_end,
            &with,
        ));
        for attribute in self.node.attributes() {
            let below = format!("/@{}", attribute.name());
            let old = attribute.value();
            for new in changed(old)
                .into_iter()
                .chain(others(&format!("{}{below}", self.path), old))
            {
                let (range, with) = (attribute.range_value(), escape(&new));
                edits.push(self.edit(Kind::Change, &below, Some(old), Some(&new), range, &with));
            }
            edits.push(self.edit(Kind::Remove, &below, Some(old), None, attribute.range(), ""));
        }
    }

    fn leaf(&self, others: &dyn Fn(&str, &str) -> Vec<String>, edits: &mut Vec<Edit>) {
        let range = self.node.range();
        let old: String = self
            .node
            .children()
            .filter(|child| child.is_text())
            .filter_map(|child| child.text())
            .collect();
        for new in changed(&old).into_iter().chain(others(&self.path, &old)) {
            let with = self.with_text(&new);
            edits.push(self.edit(Kind::Change, "", Some(&old), Some(&new), range.clone(), &with));
        }
        let new = changed(&old).remove(0);
        let both = format!("{}{}", &self.text[range.clone()], self.with_text(&new));
        edits.push(self.edit(Kind::Duplicate, "", Some(&old), Some(&new), range.clone(), &both));
        edits.push(self.edit(Kind::Remove, "", Some(&old), None, range, ""));
    }

    /// The element with another text.
    fn with_text(&self, new: &str) -> String {
        let source = &self.text[self.node.range()];
        let open = open_tag(source).trim_end_matches('>').trim_end_matches('/').trim_end();
        let name = open[1..].split_whitespace().next().expect("a name");
        format!("{open}>{}</{name}>", escape(new))
    }

    /// Where the closing tag begins.
    fn close(&self) -> usize {
        let range = self.node.range();
        range.start + self.text[range].rfind("</").expect("a closing tag")
    }
}

/// The first tag of a text, attribute values with `>` minded.
fn open_tag(source: &str) -> &str {
    let mut quote = None;
    for (at, c) in source.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '>') => return &source[..=at],
            _ => {}
        }
    }
    source
}

/// Other values of the same type; the first differs from the old one in any case.
fn changed(old: &str) -> Vec<String> {
    let trimmed = old.trim();
    let new = match trimmed {
        "True" => "False".to_owned(),
        "False" => "True".to_owned(),
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        _ if trimmed.starts_with('{') && trimmed.len() == 38 => "{77777777-1234-4321-8888-777777777777}".to_owned(),
        _ => match trimmed.parse::<u32>() {
            Ok(number) => (number + 1000).to_string(),
            Err(_) => format!("{old}{MARK}"),
        },
    };
    vec![new]
}

fn has_elements(node: Node<'_, '_>) -> bool {
    node.children().any(|child| child.is_element())
}

fn path(node: Node<'_, '_>) -> String {
    let mut names: Vec<&str> = node
        .ancestors()
        .filter(Node::is_element)
        .map(|a| a.tag_name().name())
        .collect();
    names.reverse();
    names.join("/")
}

fn family(node: Node<'_, '_>) -> String {
    let mut family = path(node);
    let flow = node.ancestors().find(|a| a.has_tag_name("mapping"));
    if let Some(flow) = flow {
        let child = |name: &str| flow.children().find(|child| child.has_tag_name(name));
        family.push_str(match (child("expression"), child("src")) {
            (Some(_), Some(_)) => " (expression, declared)",
            (Some(_), None) => " (expression)",
            (None, Some(src)) if has_elements(src) => " (direct)",
            (None, Some(_)) => " (constant)",
            (None, None) => " (nothing)",
        });
    }
    if !has_elements(node) && node.text().is_none_or(|text| text.trim().is_empty()) {
        family.push_str(" (empty)");
    }
    family
}
