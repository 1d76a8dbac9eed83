//! Every single edit of a document: each leaf and attribute changed, removed
//! or doubled, something new added to every element, small elements removed
//! with all they hold. The rest of the text stays as it is, byte for byte.

use super::xml::escape;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::ops::Range;

/// What every edit adds, so that it can be found in a report.
pub const MARK: &str = "Mutated7";

/// The words that are not the old one.
pub fn others(words: &[&str], old: &str) -> Vec<String> {
    let others = words.iter().filter(|word| **word != old);
    others.map(|&word| word.to_owned()).collect()
}

/// An element with more leaves than this is not removed as a whole.
const SMALL: usize = 12;

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Change,
    Remove,
    RemoveTree,
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
    /// For each step of the path the name that tells its element from its like, where it has one.
    pub keys: Vec<Option<String>>,
    /// Path with what distinguishes elements of one path: the kind of a flow, a parameter's name, an empty leaf.
    pub family: String,
    /// Value before, for edits of something that stood there; of an element with elements all its values.
    pub old: Option<String>,
    /// Value after, for edits that leave one.
    pub new: Option<String>,
    /// Attributes of an element that was doubled.
    pub beside: Vec<String>,
    range: Range<usize>,
    with: String,
}

impl Edit {
    /// The document after the edit.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        text.replace_range(self.range.clone(), &self.with);
        text
    }

    /// What tells edits of one place apart: a change to a word of a vocabulary is tried beside that to any other text.
    pub fn sort(&self) -> String {
        let word = match self.new.as_deref() {
            Some(new) if self.kind != Kind::Change || new.contains(MARK) => "",
            // Numbers and identifiers differ from place to place.
            Some(new) if new.contains(|c: char| c.is_ascii_digit()) => "number",
            Some(new) => new,
            None => "",
        };
        format!("{:?} {word}", self.kind)
    }
}

/// The first, the middle and the last edit of each family and sort.
pub fn spread(edits: Vec<Edit>) -> Vec<Edit> {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, edit) in edits.iter().enumerate() {
        groups.entry((edit.family.clone(), edit.sort())).or_default().push(at);
    }
    let mut wanted: Vec<usize> = groups
        .into_values()
        .flat_map(|group| [group[0], group[group.len() / 2], group[group.len() - 1]])
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut edits: Vec<Option<Edit>> = edits.into_iter().map(Some).collect();
    wanted.into_iter().filter_map(|at| edits[at].take()).collect()
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
            keys: keys(node),
            family: family(node),
            name: node.attribute("name").map(|name| format!(" {{{name}}}")),
        };
        place.attributes(others, &mut edits);
        if has_elements(node) {
            let close = place.close();
            edits.push(place.edit(Kind::NewLeaf, "/new-leaf", None, Some(MARK), close..close, &leaf_text()));
            edits.push(place.edit(Kind::StrayText, "/text()", None, Some(MARK), close..close, MARK));
            place.whole(&mut edits);
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
    keys: Vec<Option<String>>,
    family: String,
    /// What tells this element from its like.
    name: Option<String>,
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
        let mut keys = self.keys.clone();
        if !below.is_empty() {
            keys.push(None);
        }
        Edit {
            kind,
            path: format!("{}{below}", self.path),
            keys,
            // Each parameter is another setting; what attributes they have is the same for all.
            family: match &self.name {
                Some(name) if below.is_empty() => format!("{}{name}", self.family),
                _ => format!("{}{below}", self.family),
            },
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            beside: match kind {
                Kind::Duplicate => self.node.attributes().map(|a| a.value().to_owned()).collect(),
                _ => Vec::new(),
            },
            range,
            with: with.to_owned(),
        }
    }

    /// Removes an element with the few leaves it holds.
    fn whole(&self, edits: &mut Vec<Edit>) {
        let below = self.node.descendants().filter(Node::is_element);
        let count: usize = below
            .clone()
            .map(|node| node.attributes().len() + usize::from(!has_elements(node)))
            .sum();
        if count > SMALL || self.node.parent().is_none_or(|parent| !parent.is_element()) {
            return;
        }
        let texts = below.filter(|node| !has_elements(*node)).filter_map(|node| node.text());
        let values = self
            .node
            .descendants()
            .flat_map(|node| node.attributes().map(|a| a.value()));
        let old: Vec<&str> = texts.chain(values).filter(|text| !text.trim().is_empty()).collect();
        edits.push(self.edit(Kind::RemoveTree, "", Some(&old.join("\n")), None, self.node.range(), ""));
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
        let new = changed(&old).pop().expect("a value");
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

/// Other values of the same type, and one of none; each differs from the old one in any case.
fn changed(old: &str) -> Vec<String> {
    let trimmed = old.trim();
    let other = match trimmed {
        "True" => "False".to_owned(),
        "False" => "True".to_owned(),
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        "0" => "1".to_owned(),
        "1" => "0".to_owned(),
        _ if trimmed.starts_with('{') && trimmed.len() == 38 => "{77777777-1234-4321-8888-777777777777}".to_owned(),
        _ if is_date(trimmed) => format!("2017{}", &trimmed[4..]),
        _ if is_interval(trimmed) => "3.04:05:06".to_owned(),
        _ if trimmed.starts_with("0x") => "0x12345".to_owned(),
        _ if trimmed.contains("DC=") => format!("OU=Other,{trimmed}"),
        _ => match trimmed.parse::<u32>() {
            Ok(number) => (number + 1000).to_string(),
            Err(_) => return vec![format!("{old}{MARK}")],
        },
    };
    vec![other, format!("{old}{MARK}")]
}

/// `00:30:00`, `7.00:00:00`.
fn is_interval(text: &str) -> bool {
    text.split(':').count() == 3 && text.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.')
}

/// `2016-05-03 14:28:11.560`.
fn is_date(text: &str) -> bool {
    let digits = |range: Range<usize>| {
        text.get(range)
            .is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(0..4) && text.get(4..5) == Some("-") && digits(5..7) && text.get(7..8) == Some("-") && digits(8..10)
}

fn has_elements(node: Node<'_, '_>) -> bool {
    node.children().any(|child| child.is_element())
}

/// Names from the root to an element; what a connector's document may be wrapped in is `^`.
pub fn path(node: Node<'_, '_>) -> String {
    let mut names: Vec<&str> = node
        .ancestors()
        .filter(Node::is_element)
        .map(|a| a.tag_name().name())
        .collect();
    names.reverse();
    match names.as_slice() {
        ["export-ma", "ma-data", ..] => names.remove(0),
        ["export-ma", ..] => std::mem::replace(&mut names[0], "^"),
        _ => "",
    };
    names.join("/")
}

/// Names from the root to an element, each by its `name`, where it has one.
fn keys(node: Node<'_, '_>) -> Vec<Option<String>> {
    let mut keys: Vec<Option<String>> = node
        .ancestors()
        .filter(Node::is_element)
        .map(|a| {
            let child = |name: &str| {
                let child = a.children().find(|child| child.has_tag_name(name))?;
                child.text().map(str::to_owned)
            };
            let name = a.attribute("name").filter(|name| !name.is_empty()).map(str::to_owned);
            name.or_else(|| child("name"))
        })
        .collect();
    keys.reverse();
    let below = path(node).split('/').count();
    keys.split_off(keys.len() - below)
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
