//! One document along the plan: objects, settings, and whatever no row knows.
//!
//! In: a parsed document. Out: objects added to the configuration; every leaf
//! ticked exactly once. Must not know: any particular setting.

use super::plan::{Plan, PlanIndex};
use super::schema::{self, Schemas};
use super::ticks::{Ticks, Use};
use super::{tree, value};
use crate::catalogue::{Class, Facts, ObjectKind, Row, ValueKind, ids};
use crate::intake::{Content, Limits, Node, Slots, Tree};
use crate::model::{Configuration, Location, Object, ObjectIndex, Setting, SettingKey, Value, on_one_line};
use std::collections::BTreeMap;
use std::sync::Arc;

/// State of the walk through one document.
pub struct Walk<'w, 't> {
    pub(super) plan: &'w Plan,
    facts: &'static Facts,
    pub(super) tree: &'w Tree<'t>,
    pub(super) file: usize,
    pub(super) ticks: Ticks,
    pub(super) configuration: &'w mut Configuration,
    limits: &'w Limits,
    schemas: &'w Schemas,
    /// The schema whose leaves were not counted, for its content was left out.
    cut: Option<Arc<schema::Document>>,
    /// Path from the current object, for settings no row knows.
    pub(super) path: String,
    /// Keys chosen on the way, for rows that stand for many settings.
    keys: Vec<String>,
    /// Row for everything below some element, and how long the path was there.
    pub(super) deep: Option<(&'static Row, usize)>,
}

/// Where a leaf belongs.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub(super) object: ObjectIndex,
    /// First of the keys that belong to this object.
    keys_from: usize,
}

impl<'w, 't> Walk<'w, 't> {
    /// Prepares a walk.
    pub fn new(
        plan: &'w Plan,
        facts: &'static Facts,
        tree: &'w Tree<'t>,
        file: usize,
        limits: &'w Limits,
        schemas: &'w Schemas,
        configuration: &'w mut Configuration,
    ) -> Self {
        Walk {
            plan,
            facts,
            tree,
            file,
            ticks: Ticks::new(Slots::of(tree)),
            configuration,
            limits,
            schemas,
            cut: None,
            path: String::new(),
            keys: Vec::new(),
            deep: None,
        }
    }

    /// Walks the document; `document` is its root or, inside a wrapper, the root's child. Gives what became of every
    /// leaf, and the schema whose content was left out.
    pub fn run(mut self, document: Node<'w>, place: PlanIndex) -> (Ticks, Option<Arc<schema::Document>>) {
        let root = self.tree.root();
        self.element(document, &[place], None);
        if root.id() != document.id()
            && let Some(first) = self.configuration.objects.iter().rposition(|o| o.parent.is_none())
        {
            self.wrapper(root, document, place, first);
        }
        (self.ticks, self.cut)
    }

    /// Attributes and stray children of the element around the document.
    fn wrapper(&mut self, root: Node<'w>, document: Node<'w>, place: PlanIndex, object: ObjectIndex) {
        let places: Vec<PlanIndex> = self.plan.wrapper(place).into_iter().collect();
        let owner = Owner { object, keys_from: 0 };
        self.path.push('^');
        self.attributes(root, &places, owner);
        self.stray_text(root, owner);
        for child in root.elements().filter(|child| child.id() != document.id()) {
            self.child(child, &places, owner);
        }
        self.path.clear();
    }

    fn element(&mut self, node: Node<'w>, places: &[PlanIndex], owner: Option<Owner>) {
        let begins = places
            .iter()
            .find_map(|&place| self.plan.node(place).begins.map(|kind| (place, kind)));
        match (begins, owner) {
            (Some((_, kind)), Some(owner)) if self.unread_object(node, kind, owner) => {}
            (Some((place, kind)), _) => {
                let parent = owner.map(|owner| owner.object);
                let object = self.begin(node, kind, place, parent);
                // A new object: its settings' paths and keys start here.
                let path = std::mem::take(&mut self.path);
                let keys_from = self.keys.len();
                self.content(node, places, Owner { object, keys_from });
                self.path = path;
            }
            (None, Some(owner)) if self.unread_entry(node, owner) => {}
            (None, Some(owner)) => self.content(node, places, owner),
            (None, None) => {}
        }
    }

    fn begin(
        &mut self,
        node: Node<'w>,
        kind: &'static ObjectKind,
        place: PlanIndex,
        parent: Option<ObjectIndex>,
    ) -> ObjectIndex {
        let name = match (&kind.name, &kind.key) {
            (Some(name), _) => name.clone(),
            (None, Some(path)) => leaf_at(node, path),
            (None, None) => String::new(),
        };
        let key = self.plan.object_key(place, &name, self.facts);
        self.configuration.objects.push(Object {
            kind: &kind.kind,
            key,
            // Anybody may call a service or task as he likes.
            name: if self.is_item() { on_one_line(&name) } else { name },
            ordinal: 0,
            parent,
            settings: BTreeMap::new(),
            location: Location {
                file: self.file,
                line: self.tree.line(node),
            },
            partial: false,
        });
        self.configuration.objects.len() - 1
    }

    fn content(&mut self, node: Node<'w>, places: &[PlanIndex], owner: Owner) {
        let deep = self.deep;
        if let Some(row) = places.iter().find_map(|&place| self.plan.node(place).deep) {
            self.deep = Some((row, self.path.len()));
        }
        self.attributes(node, places, owner);
        let row = row_of(self.plan, node, places);
        match row {
            _ if self.unread(node, row.map(|(row, _)| row), owner) => {}
            Some((row, keyed)) if row.value.is_some_and(|kind| kind.is_tree()) => {
                self.subtree(node, row, keyed, owner);
            }
            _ if node.is_file() && !node.has_elements() && !node.says_something() => {}
            Some((row, keyed)) if !node.has_elements() => self.leaf(node, row, keyed, owner),
            _ if !node.has_elements() => self.unread_leaf(node, places, owner),
            _ => {
                self.stray_text(node, owner);
                for child in node.elements() {
                    self.child(child, places, owner);
                }
            }
        }
        self.deep = deep;
    }

    fn child(&mut self, child: Node<'w>, places: &[PlanIndex], owner: Owner) {
        let length = self.path.len();
        let name = child.name();
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(&child.key());
        let keys = self.keys.len();
        let key = self.plan.asks_key(places, &name).then(|| key_of(child));
        let unknown_key = child.attribute("name").filter(|_| key.is_none() && places.is_empty());
        if let Some(text) = key.as_deref().or(unknown_key) {
            self.path.push('{');
            self.path.push_str(text);
            self.path.push('}');
        }
        let folded = key.as_deref().map(str::to_lowercase);
        let next = self.plan.next(places, &name, folded.as_deref());
        if let Some(key) = key {
            self.keys.push(key);
        } else if next.iter().any(|&place| self.plan.node(place).keyed)
            && !places.iter().any(|&place| self.plan.node(place).keyed)
        {
            // `*` steps: the element's name tells settings apart.
            self.keys.push(child.key().into_owned());
        }
        self.element(child, &next, Some(owner));
        self.keys.truncate(keys);
        self.path.truncate(length);
    }

    fn attributes(&mut self, node: Node<'w>, places: &[PlanIndex], owner: Owner) {
        for attribute in node.attributes() {
            let known = places.iter().find_map(|&place| {
                let here = self.plan.node(place);
                here.attributes
                    .get(attribute.name.as_ref())
                    .map(|row| (*row, here.keyed))
            });
            let line = attribute.line();
            match known {
                Some((row, keyed)) => {
                    let key = self.key(row, keyed, owner);
                    let value = self.value(row, attribute.content());
                    let how = usage(row, &value.0);
                    if self.put(owner.object, &key, row, value, line) {
                        self.ticks.attribute(node, attribute.index, how);
                        continue;
                    }
                    self.unknown_attribute(node, &attribute.name, attribute.index, attribute.content(), line, owner);
                }
                None => {
                    self.unknown_attribute(node, &attribute.name, attribute.index, attribute.content(), line, owner);
                }
            }
        }
    }

    fn leaf(&mut self, node: Node<'w>, row: &'static Row, keyed: bool, owner: Owner) {
        let key = self.key(row, keyed, owner);
        let value = self.value(row, node.content());
        let how = usage(row, &value.0);
        if self.put(owner.object, &key, row, value, self.tree.line(node)) {
            self.ticks.element(node, how);
        } else {
            self.unknown_leaf(node, owner);
        }
    }

    fn subtree(&mut self, node: Node<'w>, row: &'static Row, keyed: bool, owner: Owner) {
        let key = self.key(row, keyed, owner);
        if self.configuration.objects[owner.object].settings.contains_key(&key.0) {
            self.sweep(node, owner);
            return;
        }
        let how = if row.class == Class::Noise {
            Use::Noise
        } else {
            Use::Compared
        };
        let kind = row.value.unwrap_or(ValueKind::Text);
        if kind == ValueKind::Schema {
            self.schema(node, row, owner);
            return;
        }
        let value = tree::read(kind, node, &mut self.ticks, how);
        let line = self.tree.line(node);
        self.put(owner.object, &key, row, value, line);
        self.sweep(node, owner);
    }

    /// The schema and its numbering are two settings of one element.
    fn schema(&mut self, node: Node<'w>, row: &'static Row, owner: Owner) {
        let location = Location {
            file: self.file,
            line: self.tree.line(node),
        };
        let document = self.schemas.keep(node, &mut self.ticks, self.limits);
        let (lines, numbers) = document.values();
        self.cut = node.is_cut().then_some(document).or(self.cut.take());
        let settings = &mut self.configuration.objects[owner.object].settings;
        for (id, value) in [(row.id.as_str(), lines), (ids::SCHEMA_NUMBERING, numbers)] {
            settings.insert(SettingKey::row(id), Setting::new(value, location, None));
        }
    }

    /// Reports what a reader of sub-trees left unticked.
    fn sweep(&mut self, node: Node<'w>, owner: Owner) {
        if node.has_elements() {
            self.stray_text(node, owner);
        } else if !self.ticks.has_element(node) {
            self.unknown_leaf(node, owner);
        }
        for child in node.elements() {
            let length = self.path.len();
            self.path.push('/');
            self.path.push_str(&child.name());
            let attributes: Vec<_> = child
                .attributes()
                .filter(|attribute| !self.ticks.has_attribute(child, attribute.index))
                .collect();
            for attribute in attributes {
                self.unknown_attribute(
                    child,
                    &attribute.name,
                    attribute.index,
                    attribute.content(),
                    attribute.line(),
                    owner,
                );
            }
            self.sweep(child, owner);
            self.path.truncate(length);
        }
    }

    fn key(&self, row: &'static Row, keyed: bool, owner: Owner) -> (SettingKey, Option<String>) {
        let id = row.id.as_str();
        if !keyed {
            return (SettingKey::row(id), None);
        }
        let label = self.keys[owner.keys_from..].join(" / ");
        let key = SettingKey {
            row: id,
            name: Some(label.to_lowercase()),
        };
        (key, Some(label))
    }

    /// The value of a leaf, with the digest of what is masked in it.
    fn value(&self, row: &Row, content: Content<'_>) -> (Value, Vec<[u8; 32]>) {
        match content {
            Content::Plain(text) => (value::read(row, &text, self.facts), Vec::new()),
            Content::Masked { text, mark } => (value::read(row, &text, self.facts), vec![mark]),
            Content::Secret(secret) => {
                let value = Value::Secret {
                    present: secret.present,
                    mark: secret.mark,
                };
                (value, Vec::new())
            }
        }
    }

    /// Stores a setting; false when the object has it already.
    fn put(
        &mut self,
        object: ObjectIndex,
        key: &(SettingKey, Option<String>),
        row: &Row,
        (value, marks): (Value, Vec<[u8; 32]>),
        line: u32,
    ) -> bool {
        let settings = &mut self.configuration.objects[object].settings;
        if let Some(existing) = settings.get_mut(&key.0) {
            if !row.value.is_some_and(|kind| kind.collects()) {
                return false;
            }
            return match (&mut existing.value, value) {
                (Value::Set(members), Value::Set(more)) | (Value::List(members), Value::List(more)) => {
                    members.extend(more);
                    existing.mark(&marks);
                    true
                }
                _ => false,
            };
        }
        let mut setting = Setting::new(value, Location { file: self.file, line }, key.1.clone());
        setting.mark(&marks);
        settings.insert(key.0.clone(), setting);
        true
    }
}

/// The row that reads this element, and whether its setting needs a name.
pub(super) fn row_of(plan: &Plan, node: Node<'_>, places: &[PlanIndex]) -> Option<(&'static Row, bool)> {
    places.iter().find_map(|&place| {
        let here = plan.node(place);
        // In JSON a key may be there and hold nothing.
        let has = |sibling: &str| {
            let parent = node.parent()?;
            parent
                .child(sibling)
                .filter(|own| !parent.is_file() || own.says_something())
        };
        let beside = here
            .rows
            .iter()
            .find(|row| row.beside.as_deref().and_then(has).is_some());
        beside
            .or_else(|| here.rows.iter().find(|row| row.beside.is_none()))
            .map(|row| (*row, here.keyed))
    })
}

fn usage(row: &Row, value: &Value) -> Use {
    match (value, row.class) {
        (Value::Secret { .. }, Class::Noise) => Use::SecretNoise,
        (Value::Secret { .. }, _) => Use::Secret,
        (_, Class::Noise) => Use::Noise,
        _ => Use::Compared,
    }
}

/// Key of a child among its like: attribute `name`, else child `name`, else `id`; nameless ones are told apart by their text.
pub(super) fn key_of(node: Node<'_>) -> String {
    let named = node
        .attribute("name")
        .map(str::to_owned)
        .filter(|name| !name.is_empty())
        .or_else(|| node.child("name").map(plain).filter(|name| !name.is_empty()))
        .or_else(|| node.attribute("id").map(str::to_owned));
    named
        .or_else(|| node.child("text").map(plain))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// Text of the leaf at a path of child steps and one last attribute.
pub(super) fn leaf_at(node: Node<'_>, path: &str) -> String {
    let mut at = node;
    for step in path.split('/') {
        if let Some(attribute) = step.strip_prefix('@') {
            return at.attribute(attribute).unwrap_or_default().to_owned();
        }
        match at.child(step) {
            Some(child) => at = child,
            None => return String::new(),
        }
    }
    plain(at).trim().to_owned()
}

pub(super) fn plain(node: Node<'_>) -> String {
    match node.content() {
        Content::Plain(text) | Content::Masked { text, .. } => text.into_owned(),
        Content::Secret(_) => String::new(),
    }
}
