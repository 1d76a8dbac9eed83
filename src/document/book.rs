//! One server with everything that its parts are looked up by: names, ranks,
//! users, and what links point to.
//!
//! In: a configuration. Out: answers. Must not know: how anything is laid out.

use super::schema::Schema;
use crate::catalogue::{Catalogue, Row, ids};
use crate::derive::{Contest, Part, RuleView, Uses};
use crate::model::{Configuration, Object, ObjectIndex, Value};
use crate::report::Finding;
use crate::report::document::SchemaCounts;
use crate::trace::{Ranking, Server};
use std::collections::{BTreeMap, HashMap};

/// An attribute of a metaverse object type: keys of both.
pub type Attribute = (String, String);

/// A server.
pub struct Book<'c> {
    /// Its configuration.
    pub configuration: &'c Configuration,
    /// What is known about settings.
    pub catalogue: &'c Catalogue,
    /// Its rules and names.
    pub server: Server<'c>,
    /// Its faults.
    pub lints: &'c [Finding],
    /// Direct children of each object.
    pub children: Vec<Vec<ObjectIndex>>,
    /// Rules by precedence, as indices into the views.
    pub by_precedence: Vec<usize>,
    /// Connectors by name.
    pub connectors: Vec<ObjectIndex>,
    /// What live rules use.
    pub uses: Uses,
    /// Live inbound flows into each metaverse attribute, ranked.
    pub inbound: BTreeMap<Attribute, Ranking>,
    /// Live outbound flows that read each metaverse attribute, by precedence.
    pub outbound: BTreeMap<Attribute, Vec<(usize, ObjectIndex)>>,
    /// Connectors' schemas by key.
    schemas: HashMap<String, Schema>,
    /// Where rules name attributes of connectors, as indices into the mentions, by connector and attribute.
    mentions: HashMap<(String, String), Vec<usize>>,
    rule_links: Vec<String>,
    attribute_links: HashMap<Attribute, String>,
}

impl<'c> Book<'c> {
    /// Reads a configuration.
    pub fn of(configuration: &'c Configuration, catalogue: &'c Catalogue, lints: &'c [Finding]) -> Book<'c> {
        let server = Server::of(configuration, catalogue);
        let uses = Uses::of(configuration, &server.views, &server.any);
        let by_precedence = by_precedence(&server.views);
        let mut connectors: Vec<ObjectIndex> = configuration.of_kind(ids::kinds::CONNECTOR).map(|(at, _)| at).collect();
        connectors.sort_by_key(|&at| {
            let connector = &configuration.objects[at];
            (connector.name.to_lowercase(), connector.ordinal, at)
        });
        let mut book = Book {
            configuration,
            catalogue,
            lints,
            children: configuration.children(),
            rule_links: rule_links(&server.views, &by_precedence),
            by_precedence,
            connectors,
            uses,
            inbound: BTreeMap::new(),
            outbound: BTreeMap::new(),
            schemas: HashMap::new(),
            mentions: HashMap::new(),
            attribute_links: HashMap::new(),
            server,
        };
        book.rank();
        book.read_schemas();
        book.index_mentions();
        book.name_attributes();
        book
    }

    fn rank(&mut self) {
        let mut feeding: BTreeMap<Attribute, Vec<usize>> = BTreeMap::new();
        for (rule, view) in self.server.views.iter().enumerate() {
            if !view.inbound || !view.flowing() {
                continue;
            }
            for object_type in self.types_of(view) {
                for &flow in &view.flows {
                    let target = self.object(flow).key.clone();
                    let rules = feeding.entry((object_type.clone(), target)).or_default();
                    if rules.last() != Some(&rule) {
                        rules.push(rule);
                    }
                }
            }
        }
        let Server { facts, views, .. } = &self.server;
        let ranked = feeding.into_iter().map(|((object_type, attribute), rules)| {
            let contest = Contest {
                connector: String::new(),
                object_type: object_type.clone(),
                attribute: attribute.clone(),
            };
            let ranking = Ranking::of(self.configuration, facts, views, rules, &contest);
            ((object_type, attribute), ranking)
        });
        self.inbound = ranked.collect();
        self.outbound = self.readers();
    }

    fn readers(&self) -> BTreeMap<Attribute, Vec<(usize, ObjectIndex)>> {
        let mut readers: BTreeMap<Attribute, Vec<(usize, ObjectIndex)>> = BTreeMap::new();
        for mention in &self.server.mentions {
            let view = &self.server.views[mention.rule];
            let Part::Reads(flow) = mention.part else { continue };
            if view.inbound || !view.flowing() || !mention.metaverse {
                continue;
            }
            for object_type in self.types_of(view) {
                let same = readers.entry((object_type, mention.key.clone())).or_default();
                if !same.contains(&(mention.rule, flow)) {
                    same.push((mention.rule, flow));
                }
            }
        }
        let place: HashMap<usize, usize> = self
            .by_precedence
            .iter()
            .enumerate()
            .map(|(at, &rule)| (rule, at))
            .collect();
        for same in readers.values_mut() {
            same.sort_by_key(|(rule, flow)| (place.get(rule).copied(), *flow));
        }
        readers
    }

    /// Metaverse object types that a rule takes.
    pub fn types_of(&self, view: &RuleView) -> Vec<String> {
        let own = self.server.metaverse_type(view);
        match own == self.server.any {
            true => self.server.types.keys().cloned().collect(),
            false => vec![own.to_owned()],
        }
    }

    fn read_schemas(&mut self) {
        for &at in &self.connectors {
            let connector = &self.configuration.objects[at];
            if let Some(Value::Schema(schema)) = connector.value(ids::CONNECTOR_SCHEMA) {
                self.schemas.insert(connector.key.clone(), Schema::read(schema.text()));
            }
        }
    }

    fn index_mentions(&mut self) {
        for (at, mention) in self.server.mentions.iter().enumerate() {
            if !mention.metaverse && self.server.views[mention.rule].live {
                let connector = self.server.views[mention.rule].connector.clone();
                let same = self.mentions.entry((connector, mention.key.clone())).or_default();
                same.push(at);
            }
        }
    }

    /// Links to the rows of each object type's attributes.
    fn name_attributes(&mut self) {
        for (number, (key, _)) in self.server.types.iter().enumerate() {
            for (place, attribute) in self.attributes_of(key).into_iter().enumerate() {
                let link = format!("m{}-{}", number + 1, place + 1);
                self.attribute_links.insert((key.clone(), attribute), link);
            }
        }
    }

    /// Keys of the attributes of a metaverse object type, by schema or by what live rules write.
    pub fn attributes_of(&self, object_type: &str) -> Vec<String> {
        let schema = self.server.schema.iter();
        let by_schema = schema.filter(|(_, (_, types))| types.contains(object_type));
        let mut keys: Vec<String> = by_schema.map(|(key, _)| key.clone()).collect();
        let own = |(of, _): &&Attribute| of == object_type;
        keys.extend(self.inbound.keys().filter(own).map(|(_, key)| key.clone()));
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// An object.
    pub fn object(&self, at: ObjectIndex) -> &'c Object {
        &self.configuration.objects[at]
    }

    /// A rule's view.
    pub fn view(&self, rule: usize) -> &RuleView {
        &self.server.views[rule]
    }

    /// Children of a kind, in the order of the export.
    pub fn children_of(&self, at: ObjectIndex, kind: &str) -> Vec<ObjectIndex> {
        let own = self.children[at].iter().copied();
        own.filter(|&child| self.object(child).kind == kind).collect()
    }

    /// A row.
    pub fn row(&self, id: &str) -> Option<&'c Row> {
        self.catalogue.row(id)
    }

    /// Name of a connector by its key.
    pub fn connector_name<'k>(&'k self, key: &'k str) -> &'k str {
        self.server.connectors.get(key).map_or(key, String::as_str)
    }

    /// A schema in numbers; the same that was read, where it is a connector's.
    pub fn counts_of(&self, schema: &crate::model::Schema) -> SchemaCounts {
        let own = |at: &&ObjectIndex| {
            let value = self.object(**at).value(ids::CONNECTOR_SCHEMA);
            matches!(value, Some(Value::Schema(own)) if std::ptr::eq(own, schema))
        };
        let read = self
            .connectors
            .iter()
            .find(own)
            .and_then(|&at| self.schema(&self.object(at).key));
        read.map_or_else(|| Schema::read(schema.text()).counts, |read| read.counts.clone())
    }

    /// A connector's schema.
    pub fn schema(&self, connector: &str) -> Option<&Schema> {
        self.schemas.get(connector)
    }

    /// Where live rules name a connector's attribute.
    pub fn naming(&self, connector: &str, attribute: &str) -> &[usize] {
        let key = (connector.to_owned(), attribute.to_owned());
        self.mentions.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Link of a rule.
    pub fn rule_link(&self, rule: usize) -> &str {
        &self.rule_links[rule]
    }

    /// Link of a metaverse attribute.
    pub fn attribute_link(&self, object_type: &str, attribute: &str) -> Option<&str> {
        let key = (object_type.to_owned(), attribute.to_owned());
        self.attribute_links.get(&key).map(String::as_str)
    }

    /// Link of a connector.
    pub fn connector_link(&self, key: &str) -> Option<String> {
        let own = |at: &ObjectIndex| self.object(*at).key == key;
        self.connectors.iter().position(own).map(|at| format!("c{}", at + 1))
    }

    /// Names from the outside in.
    pub fn path(&self, at: ObjectIndex) -> Vec<String> {
        let object = self.object(at);
        let mut path = match object.parent {
            Some(parent) => self.path(parent),
            None if object.kind == ids::kinds::RULE => {
                let connector = object.value(ids::RULE_CONNECTOR).map(Value::display);
                vec![connector.unwrap_or_default(), object.display(ids::RULE_DIRECTION)]
            }
            None => Vec::new(),
        };
        path.push(object.name.clone());
        path
    }
}

/// The lowest number first; a rule without one last.
fn by_precedence(views: &[RuleView]) -> Vec<usize> {
    let mut rules: Vec<usize> = (0..views.len()).collect();
    rules.sort_by(|&a, &b| {
        let key = |rule: usize| {
            let view = &views[rule];
            (
                view.precedence.unwrap_or(i64::MAX),
                &view.connector,
                &view.name_key,
                rule,
            )
        };
        key(a).cmp(&key(b))
    });
    rules
}

/// `r101` of the rule with that precedence; a second one is `r101-2`.
fn rule_links(views: &[RuleView], order: &[usize]) -> Vec<String> {
    let mut links = vec![String::new(); views.len()];
    let mut seen: HashMap<Option<i64>, usize> = HashMap::new();
    for &rule in order {
        let precedence = views[rule].precedence;
        let count = seen.entry(precedence).or_default();
        *count += 1;
        let number = precedence.map_or_else(|| "x".to_owned(), |number| number.to_string());
        links[rule] = match *count {
            1 => format!("r{number}"),
            count => format!("r{number}-{count}"),
        };
    }
    links
}
