//! Strict parsing, and the only door to a document's content.
//!
//! In: decoded text. Out: a [`Tree`] whose nodes give names, positions and
//! content with secrets masked, or an [`XmlProblem`] with position and remedy.
//! The only user of roxmltree. Must not know: what a setting means.

use super::cut::Cut;
use super::item::key_of_name;
use super::lines::Lines;
use super::names::{full_name, same_name};
use super::problem::{self, Fault};
use super::scan;
use super::secret::{self, Content};
use super::{Limits, MASK, Part, XmlProblem};
use roxmltree::{Document, Error, NodeId, ParsingOptions};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A parsed document.
#[derive(Debug)]
pub struct Tree<'t> {
    document: Document<'t>,
    /// The text as it was read.
    whole: &'t str,
    /// Made when somebody asks for a place.
    lines: OnceCell<Lines>,
    nodes: usize,
    /// Ids of the nodes within `encrypted-attributes`: from, to (exclusive).
    sealed: Vec<(usize, usize)>,
    rule: bool,
    /// Whether it was JSON: letter case of names does not count.
    item: bool,
    /// The text, where its owner shares it.
    shared: Option<&'t Arc<String>>,
    /// Which part of the text was left out.
    cut: Option<&'t Cut>,
}

/// Parses a document whose text may be kept.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_shared<'t>(text: &'t Arc<String>, limits: &Limits) -> Result<Tree<'t>, XmlProblem> {
    let mut tree = parse(text, limits)?;
    tree.shared = Some(text);
    Ok(tree)
}

/// Parses a decoded document.
///
/// # Errors
///
/// When the document is not well-formed, holds a document type definition, or exceeds a limit.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Result<Tree<'t>, XmlProblem> {
    let shape = scan::scan(text, limits).map_err(|refusal| problem::refused(text, refusal, limits))?;
    tree(text, limits).map_err(|error| {
        let place = error.pos();
        problem::explain(text, &shape, &fault(&error), (place.row, place.col), limits)
    })
}

/// Parses what was left of a document; `None` when that is not well-formed.
pub(super) fn parse_cut<'t>(cut: &'t Cut, limits: &Limits) -> Option<Tree<'t>> {
    let tree = tree(cut.rest(), limits).ok()?;
    Some(Tree {
        whole: cut.whole(),
        shared: Some(cut.whole()),
        cut: Some(cut),
        ..tree
    })
}

/// Parses a text that was scanned before.
pub(super) fn parse_again<'t>(text: &'t str, limits: &Limits) -> Option<Tree<'t>> {
    tree(text, limits).ok()
}

fn tree<'t>(text: &'t str, limits: &Limits) -> Result<Tree<'t>, Error> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits.xml_nodes,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)?;
    let part = Part::of_root(document.root_element().tag_name().name());
    let mut tree = Tree {
        whole: text,
        lines: OnceCell::new(),
        nodes: last_id(&document) + 1,
        sealed: Vec::new(),
        rule: part == Some(Part::SyncRule),
        item: part == Some(Part::Item),
        document,
        shared: None,
        cut: None,
    };
    if memchr::memmem::find(text.as_bytes(), b"encrypted-attributes").is_some() {
        tree.sealed = tree
            .document
            .descendants()
            .filter(|node| node.tag_name().name() == "encrypted-attributes")
            .map(|node| (index(node.id()), index(node.id()) + node.descendants().count()))
            .collect();
    }
    Ok(tree)
}

/// The largest id: that of the last node.
fn last_id(document: &Document<'_>) -> usize {
    let mut last = document.root();
    while let Some(child) = last.last_child() {
        last = child;
    }
    index(last.id())
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
        self.lines().line(self.offset(node.inner.range().start))
    }

    /// Column in characters at which an element begins, from 1.
    pub fn column(&self, node: Node<'_>) -> u32 {
        let at = self.offset(node.inner.range().start);
        self.lines().position(self.whole, at).1
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(self.whole))
    }

    /// Where in the text as it was read something stands that was parsed.
    fn offset(&self, at: usize) -> usize {
        self.cut.map_or(at, |cut| cut.offset(at))
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
#[derive(Clone)]
pub struct Attr<'a> {
    /// Name, prefixed like [`Node::name`].
    pub name: Cow<'a, str>,
    /// The value; [`MASK`] when it is, or holds, a secret.
    pub value: &'a str,
    /// Position within the element, from 0.
    pub index: usize,
    offset: usize,
    tree: &'a Tree<'a>,
    content: Content<'a>,
}

impl fmt::Debug for Attr<'_> {
    /// Only what may be shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?}", self.name, self.value)
    }
}

impl<'a> Attr<'a> {
    /// Line, from 1.
    pub fn line(&self) -> u32 {
        self.tree.lines().line(self.tree.offset(self.offset))
    }

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

    /// Name without its namespace.
    pub fn local(self) -> &'a str {
        self.inner.tag_name().name()
    }

    /// Whether [`Node::name`] is this.
    pub fn is(self, name: &str) -> bool {
        let own = self.inner.tag_name();
        if self.tree.item {
            return own.name().eq_ignore_ascii_case(name);
        }
        same_name(own.namespace(), own.name(), name)
    }

    /// Whether it stands for a JSON file as a whole: it is a leaf only if it has text.
    pub fn is_file(self) -> bool {
        self.tree.item && self.inner.parent_element().is_none()
    }

    /// Whether the text directly in it is more than white space.
    pub fn says_something(self) -> bool {
        self.texts().any(says_something)
    }

    /// The key in a JSON file that it stands for; elsewhere its name.
    pub fn key(self) -> Cow<'a, str> {
        match self.tree.item {
            true => key_of_name(self.inner.tag_name().name()),
            false => self.name(),
        }
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

    /// Line on which it begins, from 1.
    pub fn line(self) -> u32 {
        self.tree.line(self)
    }

    /// The element that holds this one.
    pub fn parent(self) -> Option<Node<'a>> {
        let tree = self.tree;
        self.inner.parent_element().map(|inner| Node { inner, tree })
    }

    /// The first element after this one and all below it, in document order.
    pub(super) fn after(self) -> Option<Node<'a>> {
        let tree = self.tree;
        let next = std::iter::successors(Some(self.inner), |node| node.parent())
            .find_map(|node| node.next_sibling_element())?;
        Some(Node { inner: next, tree })
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
                offset: attribute.range().start,
                tree: self.tree,
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

    /// The text that holds the element as it is written, and where in it; for `slice` alone.
    pub(super) fn source(self) -> (Arc<String>, Range<usize>) {
        let range = self.inner.range();
        let range = self.tree.offset(range.start)..self.tree.offset(range.end);
        match self.tree.shared {
            Some(text) => (Arc::clone(text), range),
            None => {
                let text = self.tree.whole.get(range).unwrap_or_default();
                (Arc::new(text.to_owned()), 0..text.len())
            }
        }
    }

    /// Prefixes and names of the namespaces that are declared here or further out.
    pub(super) fn namespaces(self) -> impl Iterator<Item = (Option<&'a str>, &'a str)> {
        self.inner
            .namespaces()
            .map(|namespace| (namespace.name(), namespace.uri()))
            .filter(|(prefix, _)| *prefix != Some("xml"))
    }

    /// Whether the text directly in it is a leaf.
    pub(super) fn is_leaf(self) -> bool {
        let silent = self.is_file() && !self.says_something();
        (!self.has_elements() || self.is_mixed()) && !self.is_cut() && !silent
    }

    /// Whether its content was left out; whoever keeps it as a [`Slice`](super::Slice) has to count its leaves.
    pub fn is_cut(self) -> bool {
        let cut = self.tree.cut;
        cut.is_some_and(|cut| cut.is_element(self.inner.range().start))
    }

    /// The document it is part of.
    pub(super) fn tree(self) -> &'a Tree<'a> {
        self.tree
    }

    /// Number of attributes.
    pub(super) fn attribute_count(self) -> usize {
        self.inner.attributes().len()
    }

    /// Whether child elements stand beside text that is more than white space.
    pub fn is_mixed(self) -> bool {
        self.has_elements() && self.texts().any(says_something)
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

/// Whether a text is more than white space. Nearly all is the layout of a document, which a look at its bytes settles.
fn says_something(text: &str) -> bool {
    !text.trim_ascii().is_empty() && !text.trim().is_empty()
}

fn visible<'a>(content: &Content<'_>, value: &'a str) -> &'a str {
    match content {
        Content::Plain(_) => value,
        Content::Secret(secret) if !secret.present => "",
        Content::Secret(_) | Content::Masked { .. } => MASK,
    }
}

/// The parser's error in words of our own.
fn fault(error: &Error) -> Fault<'_> {
    match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => Fault::Ends,
        Error::UnexpectedCloseTag(expected, found, _) => Fault::Close { expected, found },
        Error::NonXmlChar(character, _) => Fault::Character(*character),
        Error::DuplicatedAttribute(name, _) => Fault::Twice(name),
        Error::UnknownNamespace(prefix, _) => Fault::Prefix(prefix),
        Error::UnknownEntityReference(..) | Error::MalformedEntityReference(_) => Fault::Entity,
        Error::InvalidAttributeValue(_) | Error::InvalidChar(b'"' | b'\'', b'<', _) => Fault::LessThan,
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => Fault::Large,
        _ => Fault::Other,
    }
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
