//! Strict parsing, and the only door to a document's content.
//!
//! In: decoded text. Out: a [`Tree`] whose nodes give names, positions and
//! content with secrets masked, or an [`XmlProblem`] with position and remedy.
//! The only user of roxmltree. Must not know: what a setting means.

use super::lines::{self, Lines};
use super::scan::{self, Refusal, Shape};
use super::secret::{self, Content};
use super::{Limits, MASK, Part};
use roxmltree::{Document, Error, NodeId, ParsingOptions};
use std::borrow::Cow;

const DSML: &str = "http://www.dsml.org/DSML";
const MS_DSML: &str = "http://www.microsoft.com/MMS/DSML";

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct XmlProblem {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong and what to do about it.
    pub problem: String,
}

/// A parsed document.
#[derive(Debug)]
pub struct Tree<'t> {
    document: Document<'t>,
    lines: Lines,
    nodes: usize,
    /// Ids of the nodes within `encrypted-attributes`: from, to (exclusive).
    sealed: Vec<(usize, usize)>,
    rule: bool,
}

/// Parses a decoded document.
///
/// # Errors
///
/// When the document is not well-formed, holds a document type definition, or exceeds a limit.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Result<Tree<'t>, XmlProblem> {
    let shape = scan::scan(text, limits).map_err(|refusal| refused(text, refusal, limits))?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits.xml_nodes,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(text, options).map_err(|error| explain(text, &shape, &error, limits))?;
    let rule = Part::of_root(document.root_element().tag_name().name()) == Some(Part::SyncRule);
    let mut tree = Tree {
        lines: Lines::of(text),
        nodes: document.descendants().count(),
        sealed: Vec::new(),
        rule,
        document,
    };
    if text.contains("encrypted-attributes") {
        tree.sealed = tree
            .document
            .descendants()
            .filter(|node| node.tag_name().name() == "encrypted-attributes")
            .map(|node| (index(node.id()), index(node.id()) + node.descendants().count()))
            .collect();
    }
    Ok(tree)
}

fn index(id: NodeId) -> usize {
    id.get_usize()
}

impl<'t> Tree<'t> {
    /// The root element.
    pub fn root(&self) -> Node<'_> {
        Node {
            inner: self.document.root_element(),
            tree: self,
        }
    }

    /// Every element, in document order.
    pub fn all(&self) -> impl Iterator<Item = Node<'_>> {
        self.document
            .descendants()
            .filter(|node| node.is_element())
            .map(|inner| Node { inner, tree: self })
    }

    /// More than the largest [`Node::id`].
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Line on which an element begins, from 1.
    pub fn line(&self, node: Node<'_>) -> u32 {
        self.lines.line(node.inner.range().start)
    }

    /// Column in characters at which an element begins, from 1.
    pub fn column(&self, node: Node<'_>) -> u32 {
        self.lines
            .position(self.document.input_text(), node.inner.range().start)
            .1
    }
}

/// An element.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    inner: roxmltree::Node<'a, 'a>,
    tree: &'a Tree<'a>,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}> in line {}", self.name(), self.tree.line(*self))
    }
}

/// An attribute.
#[derive(Debug, Clone)]
pub struct Attr<'a> {
    /// Name, prefixed like [`Node::name`].
    pub name: Cow<'a, str>,
    /// The value; [`MASK`] when it is, or holds, a secret.
    pub value: &'a str,
    /// Position within the element, from 0.
    pub index: usize,
    /// Line on which it begins, from 1.
    pub line: u32,
    content: Content<'a>,
}

impl<'a> Attr<'a> {
    /// The value with secrets masked.
    pub fn content(&self) -> Content<'a> {
        self.content.clone()
    }
}

impl<'a> Node<'a> {
    /// An index below [`Tree::nodes`].
    pub fn id(self) -> usize {
        index(self.inner.id())
    }

    /// Local name; `dsml:` or `ms-dsml:` before names of these namespaces, `{uri}` before those of others.
    pub fn name(self) -> Cow<'a, str> {
        let name = self.inner.tag_name();
        full_name(name.namespace(), name.name())
    }

    /// Whether [`Node::name`] is this.
    pub fn is(self, name: &str) -> bool {
        let own = self.inner.tag_name();
        same_name(own.namespace(), own.name(), name)
    }

    /// Child elements.
    pub fn elements(self) -> impl Iterator<Item = Node<'a>> {
        let tree = self.tree;
        self.inner
            .children()
            .filter(|child| child.is_element())
            .map(move |inner| Node { inner, tree })
    }

    /// The first child element of a name.
    pub fn child(self, name: &str) -> Option<Node<'a>> {
        self.elements().find(|child| child.is(name))
    }

    /// The element that holds this one.
    pub fn parent(self) -> Option<Node<'a>> {
        let tree = self.tree;
        self.inner.parent_element().map(|inner| Node { inner, tree })
    }

    /// Whether there are child elements.
    pub fn has_elements(self) -> bool {
        self.inner.first_element_child().is_some()
    }

    /// Attributes in document order; namespace declarations are none.
    pub fn attributes(self) -> impl Iterator<Item = Attr<'a>> {
        self.inner.attributes().enumerate().map(move |(index, attribute)| {
            let name = full_name(attribute.namespace(), attribute.name());
            let content = secret::of_attribute(self, attribute.name(), attribute.value());
            Attr {
                name,
                value: visible(&content, attribute.value()),
                index,
                line: self.tree.lines.line(attribute.range().start),
                content,
            }
        })
    }

    /// The value of an attribute; [`MASK`] when it is, or holds, a secret.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        let attribute = self
            .inner
            .attributes()
            .find(|attribute| same_name(attribute.namespace(), attribute.name(), name))?;
        let content = secret::of_attribute(self, attribute.name(), attribute.value());
        Some(visible(&content, attribute.value()))
    }

    /// The text directly in this element, secrets masked.
    pub fn content(self) -> Content<'a> {
        secret::of_element(self)
    }

    /// Number of attributes.
    pub(super) fn attribute_count(self) -> usize {
        self.inner.attributes().len()
    }

    /// Whether child elements stand beside text that is more than white space.
    pub(super) fn is_mixed(self) -> bool {
        self.texts().any(|text| !text.trim().is_empty()) && self.has_elements()
    }

    /// Name without namespace.
    pub(super) fn local_name(self) -> &'a str {
        self.inner.tag_name().name()
    }

    /// Text as it stands, for `secret` alone.
    pub(super) fn text(self) -> Cow<'a, str> {
        let mut texts = self.texts();
        match (texts.next(), texts.next()) {
            (None, _) => Cow::Borrowed(""),
            (Some(text), None) => Cow::Borrowed(text),
            (Some(first), Some(second)) => {
                let mut all = format!("{first}{second}");
                all.extend(texts);
                Cow::Owned(all)
            }
        }
    }

    /// Value of an attribute as it stands, for `secret` alone.
    pub(super) fn raw_attribute(self, name: &str) -> Option<&'a str> {
        self.inner.attribute(name)
    }

    /// Whether it is, or lies in, `encrypted-attributes`.
    pub(super) fn is_sealed(self) -> bool {
        let id = self.id();
        self.tree.sealed.iter().any(|(from, to)| (*from..*to).contains(&id))
    }

    /// Whether the document is a synchronization rule.
    pub(super) fn in_rule(self) -> bool {
        self.tree.rule
    }

    fn texts(self) -> impl Iterator<Item = &'a str> {
        self.inner
            .children()
            .filter(|child| child.is_text())
            .filter_map(|child| child.text())
    }
}

fn visible<'a>(content: &Content<'_>, value: &'a str) -> &'a str {
    match content {
        Content::Plain(_) => value,
        Content::Secret(secret) if !secret.present => "",
        Content::Secret(_) | Content::Masked { .. } => MASK,
    }
}

fn full_name<'a>(namespace: Option<&str>, name: &'a str) -> Cow<'a, str> {
    match namespace {
        None => Cow::Borrowed(name),
        Some(DSML) => Cow::Owned(format!("dsml:{name}")),
        Some(MS_DSML) => Cow::Owned(format!("ms-dsml:{name}")),
        Some(uri) => Cow::Owned(format!("{{{uri}}}{name}")),
    }
}

fn same_name(namespace: Option<&str>, name: &str, full: &str) -> bool {
    let rest = match namespace {
        None => Some(full),
        Some(DSML) => full.strip_prefix("dsml:"),
        Some(MS_DSML) => full.strip_prefix("ms-dsml:"),
        Some(uri) => full
            .strip_prefix('{')
            .and_then(|full| full.strip_prefix(uri))
            .and_then(|full| full.strip_prefix('}')),
    };
    rest == Some(name)
}

fn refused(text: &str, refusal: Refusal, limits: &Limits) -> XmlProblem {
    let (at, problem) = match refusal {
        Refusal::Dtd(at) => (
            at,
            "document type definitions (DTDs) are refused, for they can pull in other files or expand without end, \
             and no export has one; export again"
                .to_owned(),
        ),
        Refusal::Deep(at) => (
            at,
            format!(
                "<{}> is nested more than {} elements deep, which no export does; export again",
                scan::name_at(text, at),
                limits.xml_depth
            ),
        ),
        Refusal::Attributes(at) => (
            at,
            format!(
                "<{}> has more attributes than any element of an export; export again",
                scan::name_at(text, at)
            ),
        ),
        Refusal::Large => (0, too_large(limits)),
    };
    at_offset(text, at, problem)
}

fn too_large(limits: &Limits) -> String {
    format!(
        "the document has more than {} nodes or attributes, or too many namespaces, which no export has; export again",
        limits.xml_nodes
    )
}

fn at_offset(text: &str, at: usize, problem: String) -> XmlProblem {
    let (line, column) = Lines::of(text).position(text, at);
    XmlProblem { line, column, problem }
}

/// Turns the parser's error into words an operator can act on. Never quotes text, which may be a secret.
fn explain(text: &str, shape: &Shape, error: &Error, limits: &Limits) -> XmlProblem {
    let table = Lines::of(text);
    let place = error.pos();
    let at = table.offset(text, place.row, place.col);
    let ends = matches!(error, Error::UnclosedRootNode | Error::UnexpectedEndOfStream);
    let cut = shape.cut.is_some_and(|cut| at >= cut);
    if ends || cut || (at >= text.trim_end().len() && !shape.open.is_empty()) {
        return cut_off(text, shape, &table);
    }
    if text.trim().is_empty() {
        return at_offset(text, 0, "the file is empty; export again".to_owned());
    }
    if !shape.root {
        return at_offset(
            text,
            0,
            "this is not XML: no element begins anywhere; export again".to_owned(),
        );
    }
    if let Some(second) = shape.second.filter(|second| at >= *second) {
        let problem = format!(
            "a second root element <{}> begins here: two files were joined; export again",
            scan::name_at(text, second)
        );
        return at_offset(text, second, problem);
    }
    let problem = match error {
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => too_large(limits),
        Error::UnexpectedCloseTag(expected, found, _) => format!(
            "</{found}> stands where </{expected}> has to: the file was edited or damaged; undo that or export again"
        ),
        Error::NonXmlChar('\0', _) => {
            "zero bytes begin here: the file was not written completely (disk full, or a copy that broke off); \
             export again"
                .to_owned()
        }
        Error::NonXmlChar(character, _) => format!(
            "the character U+{:04X} is not allowed in XML: the file was edited or damaged; undo that or export again",
            u32::from(*character)
        ),
        Error::DuplicatedAttribute(name, _) => {
            format!("the attribute {name} stands twice in one element; undo the edit or export again")
        }
        Error::UnknownNamespace(prefix, _) => {
            format!("the prefix {prefix} is not declared; undo the edit or export again")
        }
        Error::UnknownEntityReference(..) | Error::MalformedEntityReference(_) => {
            "an & here does not begin an entity that XML knows (a plain & is written &amp;); \
             undo the edit or export again"
                .to_owned()
        }
        Error::InvalidAttributeValue(_) => {
            "an attribute holds a plain < (written &lt;); undo the edit or export again".to_owned()
        }
        _ if at > 0 && shape.open.is_empty() && after_root(text, at) => {
            "text follows the end of the document: something was appended; remove it or export again".to_owned()
        }
        _ => "this is not well-formed XML: the file was edited or damaged; undo that or export again".to_owned(),
    };
    at_offset(text, at, problem)
}

/// Whether nothing but text follows, the last tag being an end tag.
fn after_root(text: &str, at: usize) -> bool {
    !text.get(at..).unwrap_or_default().contains('<')
}

fn cut_off(text: &str, shape: &Shape, table: &Lines) -> XmlProblem {
    let (line, column) = lines::end_of(text);
    let inside = match shape.open.last() {
        Some(open) => format!(
            "inside <{}>, which begins in line {}",
            scan::name_at(text, *open),
            table.line(*open)
        ),
        None => match shape.cut {
            Some(cut) if shape.root => format!("inside the tag that begins in line {}", table.line(cut)),
            Some(cut) => format!(
                "inside a comment or declaration that begins in line {}",
                table.line(cut)
            ),
            None => "too early".to_owned(),
        },
    };
    XmlProblem {
        line,
        column,
        problem: format!("the file ends {inside}: it was cut off; export again"),
    }
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
