//! The catalogue's paths of one document kind, as a tree to walk along.
//!
//! In: the catalogue. Out: [`Plan`]. Must not know: documents or values.

use super::value;
use crate::catalogue::{Catalogue, Facts, Key, ObjectKind, Path, Row, Step, ValueKind};
use crate::intake::item;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by names of the catalogue. They are few and nobody outside chooses them, so a plain hash does.
type Names<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// The hash of Fowler, Noll and Vo: fast for short names.
#[derive(Debug, Clone, Copy)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Index of a node of the plan.
pub type PlanIndex = usize;

/// Children of one name.
#[derive(Debug, Default)]
pub struct Branch {
    one: Option<PlanIndex>,
    named: Names<String, PlanIndex>,
    any: Option<PlanIndex>,
}

impl Branch {
    /// Whether a child's key has to be read at all.
    pub fn keyed(&self) -> bool {
        self.any.is_some() || !self.named.is_empty()
    }
}

/// One place in a document that the catalogue knows.
#[derive(Debug, Default)]
pub struct PlanNode {
    /// Rows read here; several when `beside` tells them apart.
    pub rows: Vec<&'static Row>,
    /// An object begins here.
    pub begins: Option<&'static ObjectKind>,
    /// Row of the leaf that names the objects that begin here.
    key_row: Option<&'static Row>,
    /// Rows of attributes.
    pub attributes: Names<&'static str, &'static Row>,
    /// Row for everything below.
    pub deep: Option<&'static Row>,
    /// Whether a key chose this place, so that settings here need a name.
    pub keyed: bool,
    /// Whether letter case of names does not count.
    fold: bool,
    children: Names<String, Branch>,
    wildcard: Option<PlanIndex>,
    wrapper: Option<PlanIndex>,
}

impl PlanNode {
    /// Whether the catalogue knows something below this place but nothing here.
    pub fn is_passage(&self) -> bool {
        self.rows.is_empty() && (!self.children.is_empty() || self.wildcard.is_some())
    }

    /// Whether the catalogue knows something below this place.
    pub fn has_children(&self) -> bool {
        !self.children.is_empty() || self.wildcard.is_some()
    }

    /// Whether settings or objects lie below this place.
    pub fn holds_more(&self) -> bool {
        self.begins.is_some() || self.is_passage()
    }

    fn spelled<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.fold {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        }
    }
}

/// The plan of all documents.
#[derive(Debug)]
pub struct Plan {
    nodes: Vec<PlanNode>,
    roots: Vec<(&'static str, PlanIndex)>,
}

impl Plan {
    /// Builds the plan. Rows whose path does not parse are left out; a catalogue test refuses them.
    pub fn of(catalogue: &'static Catalogue) -> Plan {
        let mut plan = Plan {
            nodes: Vec::new(),
            roots: Vec::new(),
        };
        let mut places: HashMap<&str, PlanIndex> = HashMap::new();
        for object in &catalogue.objects {
            let place = match (&object.document, &object.parent, &object.path) {
                (Some(document), _, _) => {
                    let place = plan.add(false, document.starts_with(item::ROOT));
                    plan.roots.push((document, place));
                    Some(place)
                }
                (None, Some(parent), Some(path)) => places
                    .get(parent.as_str())
                    .copied()
                    .zip(Path::parse(path).ok())
                    .and_then(|(from, path)| plan.descend(from, &path.0)),
                _ => None,
            };
            if let Some(place) = place {
                plan.nodes[place].begins = Some(object);
                plan.nodes[place].key_row = object.key.as_ref().and_then(|key| {
                    catalogue
                        .rows
                        .iter()
                        .find(|row| row.object == object.kind && row.path.as_ref() == Some(key))
                });
                // Keys above an object tell objects apart, not its settings.
                plan.nodes[place].keyed = false;
                places.insert(&object.kind, place);
            }
        }
        for row in &catalogue.rows {
            if let (Some(&place), Some(Ok(path))) =
                (places.get(row.object.as_str()), row.path.as_deref().map(Path::parse))
            {
                plan.insert(place, &path.0, row);
            }
        }
        plan
    }

    fn add(&mut self, keyed: bool, fold: bool) -> PlanIndex {
        self.nodes.push(PlanNode {
            keyed,
            fold,
            ..PlanNode::default()
        });
        self.nodes.len() - 1
    }

    fn insert(&mut self, from: PlanIndex, path: &[Step], row: &'static Row) {
        let Some((last, before)) = path.split_last() else {
            return;
        };
        match last {
            Step::Attribute(_) => {
                if let (Some(place), Some(Step::Attribute(_))) = (self.descend(from, before), path.last()) {
                    // The name borrows from the row, not from the parsed path.
                    let name = row.path.as_deref().and_then(|path| path.rsplit('@').next());
                    if let Some(name) = name {
                        self.nodes[place].attributes.insert(name, row);
                    }
                }
            }
            Step::Deep => {
                if let Some(place) = self.descend(from, before) {
                    self.nodes[place].deep = Some(row);
                }
            }
            _ => {
                if let Some(place) = self.descend(from, path) {
                    self.nodes[place].rows.push(row);
                }
            }
        }
    }

    fn descend(&mut self, from: PlanIndex, steps: &[Step]) -> Option<PlanIndex> {
        let mut place = from;
        for step in steps {
            let (keyed, fold) = (self.nodes[place].keyed, self.nodes[place].fold);
            place = match step {
                Step::Child(name, key) => self.child(place, name, key, keyed),
                Step::Wildcard => match self.nodes[place].wildcard {
                    Some(next) => next,
                    None => {
                        let next = self.add(true, fold);
                        self.nodes[place].wildcard = Some(next);
                        next
                    }
                },
                Step::Wrapper => match self.nodes[place].wrapper {
                    Some(next) => next,
                    None => {
                        let next = self.add(keyed, fold);
                        self.nodes[place].wrapper = Some(next);
                        next
                    }
                },
                Step::Attribute(_) | Step::Deep => return None,
            };
        }
        Some(place)
    }

    fn child(&mut self, place: PlanIndex, name: &str, key: &Key, keyed: bool) -> PlanIndex {
        // As the documents spell it.
        let fold = self.nodes[place].fold;
        let spelled = match fold {
            true => item::element_name(name).to_ascii_lowercase(),
            false => name.to_owned(),
        };
        let branch = self.nodes[place].children.get(&spelled);
        let known = branch.and_then(|branch| match key {
            Key::One | Key::Repeated => branch.one,
            Key::Named(key) => branch.named.get(key).copied(),
            Key::Any => branch.any,
        });
        if let Some(known) = known {
            return known;
        }
        let next = self.add(keyed || *key == Key::Any, fold);
        let branch = self.nodes[place].children.entry(spelled).or_default();
        match key {
            Key::One | Key::Repeated => branch.one = Some(next),
            Key::Named(key) => {
                branch.named.insert(key.clone(), next);
            }
            Key::Any => branch.any = Some(next),
        }
        next
    }

    /// Where a document with this root element begins.
    pub fn root(&self, element: &str) -> Option<PlanIndex> {
        self.roots
            .iter()
            .find(|(name, _)| *name == element)
            .map(|(_, place)| *place)
    }

    /// Whether a document's content is a list.
    pub fn is_list(&self, root: PlanIndex) -> bool {
        self.nodes[root].children.contains_key(item::ENTRY)
    }

    /// Whether what a document says is no setting of its own.
    pub fn is_witness(&self, root: PlanIndex) -> bool {
        self.nodes[root].begins.is_some_and(|kind| kind.witness)
    }

    /// Whether every server has a document.
    pub fn is_required(&self, root: PlanIndex) -> bool {
        let kind = self.nodes[root].begins;
        kind.is_some_and(|kind| kind.required || kind.everywhere)
    }

    /// Name of the child of a document's root that is a schema.
    pub fn schema(&self, root: PlanIndex) -> Option<&str> {
        let is_schema = |branch: &Branch| {
            let rows = branch.one.map(|place| &self.nodes[place].rows);
            rows.is_some_and(|rows| rows.iter().any(|row| row.value == Some(ValueKind::Schema)))
        };
        let mut children = self.nodes[root].children.iter();
        children.find_map(|(name, branch)| is_schema(branch).then_some(name.as_str()))
    }

    /// What identifies an object that begins here, from its name.
    pub fn object_key(&self, place: PlanIndex, name: &str, facts: &Facts) -> String {
        match self.nodes[place].key_row {
            Some(row) => value::read(row, name, facts).canonical(),
            None => name.to_lowercase(),
        }
    }

    /// A node.
    pub fn node(&self, place: PlanIndex) -> &PlanNode {
        &self.nodes[place]
    }

    /// The wrapper's place of a document.
    pub fn wrapper(&self, root: PlanIndex) -> Option<PlanIndex> {
        self.nodes[root].wrapper
    }

    /// Whether the key of a child of this name decides where it leads.
    pub fn asks_key(&self, places: &[PlanIndex], child: &str) -> bool {
        places.iter().any(|&place| {
            let node = &self.nodes[place];
            node.children
                .get(node.spelled(child).as_ref())
                .is_some_and(Branch::keyed)
        })
    }

    /// Places that a child leads to, the most specific first.
    pub fn next(&self, places: &[PlanIndex], child: &str, key: Option<&str>) -> Vec<PlanIndex> {
        let mut next = Vec::new();
        for &place in places {
            let node = &self.nodes[place];
            if let Some(branch) = node.children.get(node.spelled(child).as_ref()) {
                next.extend(key.and_then(|key| branch.named.get(key)));
                next.extend(branch.one);
                next.extend(branch.any.filter(|_| key.is_some()));
            }
            next.extend(node.wildcard);
        }
        next
    }
}
