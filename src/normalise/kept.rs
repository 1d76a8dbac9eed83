//! What a snapshot keeps of a document: its leaves by the path of the source,
//! without noise and secrets, in an order of its own where order means nothing.
//!
//! In: a document, the plan, and what the walk used every leaf as. Out: a
//! [`Kept`] of plain elements. Must not know: files, git, the other server.

use super::plan::{Plan, PlanIndex};
use super::schema::{self, SchemaText};
use super::ticks::{Ticks, Use};
use super::value;
use super::walk::{key_of, leaf_at, plain, row_of};
use crate::catalogue::{Catalogue, MatchingKind, ObjectKind, Row, ValueKind};
use crate::intake::{Content, MASK, Node, Part};
use crate::model::fold_guid;
use std::collections::HashMap;

/// Characters of a GUID.
const GUID: usize = 36;

/// What is kept of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Index into the files of intake.
    pub file: usize,
    /// What the document is.
    pub part: Part,
    /// Its root element.
    pub root: Piece,
    /// Its schema, if it has one.
    pub schema: Option<SchemaText>,
}

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// Name, as [`Node::name`] gives it.
    pub name: String,
    /// Attributes.
    pub attributes: Vec<(String, Leaf)>,
    /// Its own text: of an element without others, or beside them.
    pub text: Option<Leaf>,
    /// Elements in it; those of one name stand in the order that counts.
    pub children: Vec<Piece>,
    /// Whether there may be several of its name.
    pub repeats: bool,
    /// The object that begins here.
    pub object: Option<Begun>,
    /// Where it stands in a snapshot that was read back: index of a file, and line from 1.
    pub place: (usize, u32),
}

/// The object that begins with an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The GUID that others refer to it by, folded.
    pub identifier: Option<String>,
}

/// A text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaf {
    /// As written; secrets in it are masked.
    pub text: String,
    /// What is compared, where that is not the text: two spellings of one value have the same.
    pub meaning: Option<String>,
    /// Whether GUIDs in it point to objects.
    pub refers: bool,
}

impl Leaf {
    /// A text that means what it says.
    pub fn plain(text: impl Into<String>) -> Leaf {
        Leaf {
            text: text.into(),
            ..Leaf::default()
        }
    }
}

impl Piece {
    /// An element with a text.
    pub fn leaf(name: &str, text: impl Into<String>) -> Piece {
        Piece {
            name: name.to_owned(),
            text: Some(Leaf::plain(text)),
            ..Piece::default()
        }
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Piece> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Whether nothing is left in it.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.text.is_none() && self.children.is_empty()
    }

    /// Everything in it as one text, to put pieces in an order.
    fn content(&self, out: &mut String) {
        out.push_str(&self.name);
        for (name, leaf) in &self.attributes {
            out.extend(["\u{1}", name, "\u{2}", &leaf.text]);
        }
        if let Some(leaf) = &self.text {
            out.extend(["\u{3}", &leaf.text]);
        }
        for child in &self.children {
            out.push('\u{4}');
            child.content(out);
        }
        out.push('\u{5}');
    }
}

/// Where an element stands among those of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Order {
    /// Where the document has it.
    Listed,
    /// By a key; those of one key where the document has them.
    Keyed(String),
    /// By what is in it.
    Loose,
}

/// Rows of sub-trees whose elements have rows of their own no more.
#[derive(Debug, Clone, Copy)]
struct Within {
    kind: ValueKind,
    depth: usize,
}

/// Keeps what counts in documents.
pub struct Keeper<'k> {
    /// The catalogue's paths.
    pub plan: &'k Plan,
    /// Which leaves name objects.
    pub catalogue: &'static Catalogue,
    /// What became of every leaf.
    pub ticks: &'k Ticks,
}

impl Keeper<'_> {
    /// Keeps a document that begins at `root`, or within it where it is wrapped.
    pub fn document(&self, root: Node<'_>, document: Node<'_>, place: PlanIndex) -> Piece {
        let inner = self.element(document, &[place], &[]).unwrap_or_default();
        if root.id() == document.id() {
            return inner;
        }
        let places: Vec<PlanIndex> = self.plan.wrapper(place).into_iter().collect();
        let mut wrapper = self.shell(root, &places, &[]);
        let others = root.elements().filter(|child| child.id() != document.id());
        wrapper.children = self.children(others.collect::<Vec<_>>().iter().copied(), &places);
        wrapper.children.push(inner);
        wrapper
    }

    /// An element with all in it; nothing when nothing in it is kept. `keys` are leaves that tell it from its like.
    fn element(&self, node: Node<'_>, places: &[PlanIndex], keys: &[&str]) -> Option<Piece> {
        let begins = places.iter().find_map(|&place| self.plan.node(place).begins);
        let mut own: Vec<&str> = keys.to_vec();
        own.extend(begins.and_then(|kind| kind.key.as_deref()));
        let row = row_of(self.plan, node, places).map(|(row, _)| row);
        let mut piece = self.shell(node, places, &own);
        let tree = row.and_then(|row| row.value).filter(|kind| kind.is_tree());
        piece.children = match tree {
            Some(ValueKind::Schema) => self.schema(node),
            Some(kind) => self.subtree(node, Within { kind, depth: 0 }),
            None => self.named_children(node, places, &own),
        };
        // Text beside elements must not become the text of an element without any.
        let first = node
            .elements()
            .next()
            .filter(|_| piece.children.is_empty() && piece.text.is_some());
        let stands_for = first.map(|first| Piece::leaf(&first.name(), ""));
        piece.children.extend(stands_for);
        piece.object = begins.map(|kind| self.begun(kind, node));
        (begins.is_some() || !piece.is_empty()).then_some(piece)
    }

    fn children<'n>(&self, nodes: impl Iterator<Item = Node<'n>> + Clone, places: &[PlanIndex]) -> Vec<Piece> {
        let kept = nodes.clone().filter_map(|child| {
            let stands_for = || self.stands_for(child, nodes.clone());
            self.child(child, places).or_else(stands_for)
        });
        self.ordered(kept)
    }

    /// Noise before something of its name that is kept: without it the other one would be taken for the noise.
    fn stands_for<'n>(&self, noise: Node<'n>, mut nodes: impl Iterator<Item = Node<'n>>) -> Option<(Order, Piece)> {
        let is_leaf = !noise.has_elements() && noise.attributes().next().is_none();
        let other = nodes.any(|node| node.is(&noise.name()) && keeps(self.ticks.of_element(node)));
        (is_leaf && other).then(|| (Order::Listed, Piece::leaf(&noise.name(), "")))
    }

    fn named_children(&self, node: Node<'_>, places: &[PlanIndex], keys: &[&str]) -> Vec<Piece> {
        let all: Vec<Node<'_>> = node.elements().collect();
        let kept = all.iter().filter_map(|&child| {
            let name = child.name();
            if keys.contains(&name.as_ref()) && !child.has_elements() {
                let next = self.plan.next(places, &name, None);
                let row = row_of(self.plan, child, &next).map(|(row, _)| row);
                let mut piece = self.shell(child, &next, &[]);
                piece.text = Some(self.leaf(child.content(), row));
                return Some((Order::Listed, piece));
            }
            let stands_for = || self.stands_for(child, all.iter().copied());
            self.child(child, places).or_else(stands_for)
        });
        self.ordered(kept)
    }

    fn child(&self, child: Node<'_>, places: &[PlanIndex]) -> Option<(Order, Piece)> {
        let name = child.name();
        let key = self.plan.asks_key(places, &name).then(|| key_of(child).to_lowercase());
        let next = self.plan.next(places, &name, key.as_deref());
        let keys: &[&str] = if key.is_some() { key_leaf(child) } else { &[] };
        let mut piece = self.element(child, &next, keys)?;
        let row = row_of(self.plan, child, &next).map(|(row, _)| row);
        let begins = next.iter().find_map(|&place| {
            let kind = self.plan.node(place).begins?;
            let name = self.begun(kind, child).name;
            Some((kind, self.plan.object_key(place, &name, &self.catalogue.facts)))
        });
        let order = match (begins, key) {
            (Some((kind, _)), _) if kind.matching == MatchingKind::Sequence => Order::Listed,
            (Some((_, key)), _) | (None, Some(key)) => Order::Keyed(key),
            (None, None) if self.is_of_sets(child, &next) => Order::Loose,
            (None, None) => set_order(row, child),
        };
        piece.repeats = piece.object.is_some() || order != Order::Listed;
        Some((order, piece))
    }

    /// Whether an element only holds members of sets: then it has no place among its like.
    fn is_of_sets(&self, node: Node<'_>, places: &[PlanIndex]) -> bool {
        let of_set = |child: Node<'_>| {
            let row = row_of(self.plan, child, &self.plan.next(places, &child.name(), None));
            set_order(row.map(|(row, _)| row), child) != Order::Listed
        };
        node.has_elements() && node.elements().all(|child| !child.has_elements() && of_set(child))
    }

    /// Elements of a scoping filter, join groups or the source of a flow.
    fn subtree(&self, node: Node<'_>, within: Within) -> Vec<Piece> {
        let deeper = Within {
            depth: within.depth + 1,
            ..within
        };
        let kept = node.elements().filter_map(|child| {
            let mut piece = self.shell(child, &[], &[]);
            let names_object = matches!(within.kind, ValueKind::ScopeFilter | ValueKind::FlowSource);
            if let Some(text) = &mut piece.text {
                text.refers = names_object && self.ticks.of_element(child) == Some(Use::Compared);
            }
            piece.children = self.subtree(child, deeper);
            let order = match (within.kind, within.depth, &*child.name()) {
                (ValueKind::ScopeFilter, 0, "conditions") | (ValueKind::ScopeFilter, 1, "scope") => Order::Loose,
                (ValueKind::JoinFilter, 1, "condition") | (ValueKind::FlowSource, 0, "attr") => Order::Loose,
                _ => Order::Listed,
            };
            piece.repeats = order != Order::Listed || (within.depth == 0 && within.kind == ValueKind::JoinFilter);
            (!piece.is_empty()).then_some((order, piece))
        });
        self.ordered(kept)
    }

    /// A connector's schema: what is numbered goes by its name, and so does what points to it.
    fn schema(&self, node: Node<'_>) -> Vec<Piece> {
        self.numbered(node, &schema::names(node))
    }

    fn numbered(&self, node: Node<'_>, names: &HashMap<&str, String>) -> Vec<Piece> {
        let kept = node.elements().map(|child| {
            let mut piece = self.shell(child, &[], &[]);
            let name = schema::name(child);
            let numbered = schema::kind_of(&piece.name).is_some();
            if numbered {
                number(&mut piece, name.is_some(), names);
            }
            let points = piece
                .attributes
                .iter_mut()
                .filter(|(name, _)| !numbered || name != schema::NUMBER);
            for (_, leaf) in points {
                if let Some(number) = leaf.text.strip_prefix(schema::POINTS) {
                    let named = names.get(number).cloned();
                    leaf.text = named.unwrap_or_else(|| leaf.text.clone());
                    leaf.text.insert_str(0, schema::POINTS);
                }
            }
            let member = piece.attributes.iter().find(|(name, _)| name == schema::MEMBER);
            let order = match (name, member) {
                (Some(name), _) => Order::Keyed(name),
                (None, Some((_, member))) => Order::Keyed(member.text.clone()),
                (None, None) => Order::Listed,
            };
            piece.repeats = order != Order::Listed;
            piece.children = self.numbered(child, names);
            (order, piece)
        });
        self.ordered(kept)
    }

    /// An element without those in it.
    fn shell(&self, node: Node<'_>, places: &[PlanIndex], keys: &[&str]) -> Piece {
        let mut piece = Piece {
            name: node.name().into_owned(),
            ..Piece::default()
        };
        for attribute in node.attributes() {
            let used = self.ticks.of_attribute(node, attribute.index);
            let key = keys.iter().any(|key| key.strip_prefix('@') == Some(&*attribute.name));
            if keeps(used) || key {
                let row = places
                    .iter()
                    .find_map(|&place| self.plan.node(place).attributes.get(attribute.name.as_ref()));
                let row = row.copied().filter(|_| used == Some(Use::Compared));
                let leaf = self.leaf(attribute.content(), row);
                piece.attributes.push((attribute.name.into_owned(), leaf));
            }
        }
        let used = self.ticks.of_element(node);
        if (!node.has_elements() || node.is_mixed()) && keeps(used) {
            let row = row_of(self.plan, node, places).map(|(row, _)| row);
            // What a row reads once and stands twice is known to no row.
            let row = row.filter(|_| !node.has_elements() && used == Some(Use::Compared));
            piece.text = Some(self.leaf(node.content(), row));
        }
        piece
    }

    fn leaf(&self, content: Content<'_>, row: Option<&'static Row>) -> Leaf {
        let text = match content {
            Content::Plain(text) | Content::Masked { text, .. } => text.into_owned(),
            Content::Secret(secret) if secret.present => MASK.to_owned(),
            Content::Secret(_) => String::new(),
        };
        let Some(row) = row else { return Leaf::plain(text) };
        let meaning = value::read(row, &text, &self.catalogue.facts).canonical();
        Leaf {
            meaning: (meaning != text).then_some(meaning),
            refers: match row.value {
                // Whoever resolves one takes the whole text.
                Some(ValueKind::Reference) => fold_guid(&text).len() == GUID,
                kind => kind.is_none_or(refers),
            },
            text,
        }
    }

    fn begun(&self, kind: &'static ObjectKind, node: Node<'_>) -> Begun {
        let at = |path: &str| leaf_at(node, path);
        let identifier = kind.identifier.as_deref().and_then(|row| self.catalogue.row(row));
        let identifier = identifier.and_then(|row| row.path.as_deref());
        Begun {
            kind: &kind.kind,
            name: match &kind.name {
                Some(name) => name.clone(),
                None => kind.key.as_deref().map(at).unwrap_or_default(),
            },
            identifier: identifier
                .map(|path| fold_guid(&at(path)))
                .filter(|guid| !guid.is_empty()),
        }
    }

    /// Elements of one name in the order that counts; of several names in that of the names.
    fn ordered(&self, pieces: impl Iterator<Item = (Order, Piece)>) -> Vec<Piece> {
        let mut keyed: Vec<(String, String, Piece)> = pieces
            .map(|(order, piece)| {
                let key = match order {
                    Order::Listed => String::new(),
                    Order::Keyed(key) => key,
                    Order::Loose => {
                        let mut content = String::new();
                        piece.content(&mut content);
                        content
                    }
                };
                (piece.name.clone(), key, piece)
            })
            .collect();
        keyed.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        keyed.into_iter().map(|(_, _, piece)| piece).collect()
    }
}

/// The number of a part of a schema: none where its name stands for it, an empty one where it had none. What has no
/// name has the name of what shares its number, as a content rule that of its class; else the number, marked.
fn number(piece: &mut Piece, named: bool, names: &HashMap<&str, String>) {
    let at = piece.attributes.iter().position(|(name, _)| name == schema::NUMBER);
    match (at, named) {
        (Some(at), true) => drop(piece.attributes.remove(at)),
        (None, true) => piece.attributes.push((schema::NUMBER.to_owned(), Leaf::default())),
        (None, false) => {}
        (Some(at), false) => {
            if let Some((_, leaf)) = piece.attributes.get_mut(at) {
                let shared = names.get(leaf.text.as_str()).cloned();
                leaf.text = shared.unwrap_or_else(|| format!("{}{}", schema::POINTS, leaf.text));
            }
        }
    }
}

/// Whether a leaf is more than noise.
fn keeps(used: Option<Use>) -> bool {
    !matches!(used, Some(Use::Noise | Use::SecretNoise))
}

/// Whether GUIDs in values of this kind are resolved.
fn refers(kind: ValueKind) -> bool {
    let whole = matches!(kind, ValueKind::Guid | ValueKind::Secret | ValueKind::CommaSet);
    !(whole || kind.collects())
}

/// The leaf that [`key_of`] reads.
fn key_leaf(node: Node<'_>) -> &'static [&'static str] {
    if node.attribute("name").is_some_and(|name| !name.is_empty()) {
        &["@name"]
    } else if node.child("name").is_some() {
        &["name"]
    } else if node.attribute("id").is_some() {
        &["@id"]
    } else {
        &["text"]
    }
}

/// Members of a set stand in the order of what they mean.
fn set_order(row: Option<&'static Row>, node: Node<'_>) -> Order {
    match row.and_then(|row| row.value) {
        Some(kind @ (ValueKind::Set | ValueKind::DnSet)) => {
            let text = plain(node);
            Order::Keyed(
                value::member(kind, &text)
                    .map(|member| member.canonical)
                    .unwrap_or_default(),
            )
        }
        _ => Order::Listed,
    }
}
