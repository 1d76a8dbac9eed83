//! One server's rules, and where they name attributes, ready to be asked.
//!
//! In: a configuration. Out: names of connectors, object types and attributes
//! and the rules that name them. Must not know: what was asked.

use crate::catalogue::{Catalogue, Facts, ids};
use crate::derive::{Mention, Part, RuleView, mentions, rules};
use crate::model::Configuration;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A server.
pub struct Server<'c> {
    /// Its configuration.
    pub configuration: &'c Configuration,
    /// Constants of the product.
    pub facts: &'c Facts,
    /// Its rules.
    pub views: Vec<RuleView>,
    /// Where they name attributes.
    pub mentions: Vec<Mention>,
    /// Names of connectors by key.
    pub connectors: BTreeMap<String, String>,
    /// The object type that stands for all, folded.
    pub any: String,
    /// Names of metaverse object types by key.
    pub types: BTreeMap<String, String>,
    /// Metaverse attributes by key: name and object types that the schema gives it.
    pub schema: BTreeMap<String, (String, BTreeSet<String>)>,
    /// Live outbound rules by connector and target attribute.
    outbound: HashMap<(String, String), Vec<usize>>,
}

impl<'c> Server<'c> {
    /// Reads the rules.
    pub fn of(configuration: &'c Configuration, catalogue: &'c Catalogue) -> Server<'c> {
        let facts = &catalogue.facts;
        let views = rules(configuration, facts);
        let mentions = mentions(configuration, &views);
        let mut server = Server {
            configuration,
            facts,
            connectors: connectors(configuration, &views),
            any: facts.any_object_type.to_lowercase(),
            types: BTreeMap::new(),
            schema: BTreeMap::new(),
            outbound: HashMap::new(),
            views,
            mentions,
        };
        server.read_types();
        server.read_schema();
        server.index_targets();
        server
    }

    fn read_types(&mut self) {
        for (_, object) in self.configuration.of_kind(ids::kinds::METAVERSE_TYPE) {
            self.types.insert(object.key.clone(), object.name.clone());
        }
        for view in &self.views {
            let key = self.metaverse_type(view);
            let row = if view.inbound {
                ids::RULE_TARGET_TYPE
            } else {
                ids::RULE_SOURCE_TYPE
            };
            if !key.is_empty() && key != self.any && !self.types.contains_key(key) {
                let name = self.configuration.objects[view.object].display(row);
                self.types.insert(key.to_owned(), name.trim().to_owned());
            }
        }
    }

    fn read_schema(&mut self) {
        for (_, binding) in self.configuration.of_kind(ids::kinds::METAVERSE_BINDING) {
            let Some(owner) = binding.parent.map(|parent| &self.configuration.objects[parent]) else {
                continue;
            };
            // A reference within the document begins with a sign that is no part of the name.
            let (key, name) = (reference(&binding.key), reference(&binding.name));
            let entry = self.schema.entry(key.to_owned());
            let (_, types) = entry.or_insert_with(|| (name.to_owned(), BTreeSet::new()));
            types.insert(owner.key.clone());
        }
    }

    fn index_targets(&mut self) {
        for mention in &self.mentions {
            let view = &self.views[mention.rule];
            if view.flowing() && !view.inbound && matches!(mention.part, Part::Writes(_)) {
                let key = (view.connector.clone(), mention.key.clone());
                self.outbound.entry(key).or_default().push(mention.rule);
            }
        }
    }

    /// The object type that a rule reads from or writes to in the metaverse, folded.
    pub fn metaverse_type<'v>(&self, view: &'v RuleView) -> &'v str {
        if view.inbound {
            &view.target_type
        } else {
            &view.source_type
        }
    }

    /// Whether a rule takes objects of a metaverse type; `*` on either side is every type.
    pub fn takes(&self, view: &RuleView, object_type: &str) -> bool {
        let own = self.metaverse_type(view);
        own == object_type || own == self.any || object_type == self.any
    }

    /// Live outbound rules that may write the same target as this rule, from the same metaverse type.
    pub fn rivals(&self, view: &RuleView, target: &str, object_type: &str) -> Vec<usize> {
        let key = (view.connector.clone(), target.to_owned());
        let all = self.outbound.get(&key).map(Vec::as_slice).unwrap_or_default();
        let may = |other: &RuleView| {
            let types = [&other.target_type, &view.target_type];
            self.takes(other, object_type) && (types[0] == types[1] || types.iter().any(|own| **own == self.any))
        };
        all.iter().copied().filter(|&rule| may(&self.views[rule])).collect()
    }

    /// What rules say of an attribute of the metaverse, or of connectors.
    pub fn naming<'s>(&'s self, metaverse: bool, key: &'s str) -> impl Iterator<Item = &'s Mention> {
        let of = move |mention: &&Mention| mention.metaverse == metaverse && mention.key == key;
        self.mentions.iter().filter(of)
    }

    /// The same of live rules only.
    pub fn naming_live<'s>(&'s self, metaverse: bool, key: &'s str) -> impl Iterator<Item = &'s Mention> {
        let live = |mention: &&Mention| {
            let view = &self.views[mention.rule];
            match mention.part {
                Part::Reads(_) | Part::Writes(_) => view.flowing(),
                Part::Scope | Part::Join => view.live,
            }
        };
        self.naming(metaverse, key).filter(live)
    }

    /// Metaverse object types that have an attribute, by schema or by the rules.
    pub fn types_of(&self, key: &str) -> BTreeSet<String> {
        let typed = |mention: &Mention| {
            let own = self.metaverse_type(&self.views[mention.rule]);
            (own != self.any).then(|| own.to_owned())
        };
        let mut types: BTreeSet<String> = self.naming_live(true, key).filter_map(typed).collect();
        if let Some((_, schema)) = self.schema.get(key) {
            types.extend(schema.iter().cloned());
        }
        if types.is_empty() && self.naming_live(true, key).next().is_none() {
            types = self.naming(true, key).filter_map(typed).collect();
        }
        if types.is_empty() {
            types.insert(self.any.clone());
        }
        types
    }

    /// An attribute in the spelling of the schema, or else of the first rule that names it.
    pub fn spelling(&self, metaverse: bool, key: &str) -> String {
        let schema = self.schema.get(key).filter(|_| metaverse);
        match (schema, self.naming(metaverse, key).next()) {
            (Some((name, _)), _) => name.clone(),
            (None, Some(mention)) => mention.name.clone(),
            (None, None) => key.to_owned(),
        }
    }

    /// A metaverse object type as the server spells it.
    pub fn type_name(&self, key: &str) -> String {
        self.types.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// Where one rule names attributes.
    pub fn of_rule(&self, rule: usize) -> &[Mention] {
        let first = self.mentions.partition_point(|mention| mention.rule < rule);
        let count = self.mentions[first..].partition_point(|mention| mention.rule == rule);
        &self.mentions[first..first + count]
    }

    /// Metaverse attributes at the other end of a flow that a mention of a connector's attribute is about.
    pub fn other_end<'s>(&'s self, mention: &'s Mention) -> impl Iterator<Item = &'s Mention> {
        self.of_rule(mention.rule).iter().filter(|other| {
            other.metaverse
                && match (mention.part, other.part) {
                    (Part::Reads(flow), Part::Writes(of)) | (Part::Writes(flow), Part::Reads(of)) => flow == of,
                    _ => false,
                }
        })
    }
}

fn reference(name: &str) -> &str {
    name.strip_prefix('#').unwrap_or(name)
}

/// Names by key; a connector that is not in the export goes by what its rules call it.
fn connectors(configuration: &Configuration, views: &[RuleView]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = configuration
        .of_kind(ids::kinds::CONNECTOR)
        .map(|(_, object)| (object.key.clone(), object.name.clone()))
        .collect();
    for view in views {
        let name = || configuration.objects[view.object].display(ids::RULE_CONNECTOR);
        names.entry(view.connector.clone()).or_insert_with(name);
    }
    names
}
