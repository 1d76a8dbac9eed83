//! What a connector's schema says of attributes and object types.
//!
//! In: its lines. Out: counts, and what is asked for by name. Must not know:
//! rules, layout.

use crate::model::Fact;
use crate::report::document::SchemaCounts;
use std::collections::HashMap;

/// One attribute or object type.
#[derive(Debug, Default)]
pub struct Entry {
    /// Element or attribute of the document, and its value.
    pub properties: Vec<(String, String)>,
    /// How many attributes it has.
    pub members: usize,
}

impl Entry {
    /// The value of a property, empty where there is none.
    pub fn property(&self, name: &str) -> &str {
        let own = self.properties.iter().find(|(own, _)| own == name);
        own.map_or("", |(_, value)| value.as_str())
    }
}

/// A schema, by folded names.
#[derive(Debug, Default)]
pub struct Schema {
    /// In numbers.
    pub counts: SchemaCounts,
    attributes: HashMap<String, Entry>,
    types: HashMap<String, Entry>,
}

impl Schema {
    /// Reads its lines.
    pub fn read(text: &str) -> Schema {
        let mut schema = Schema::default();
        for line in text.lines() {
            schema.counts.entries += 1;
            schema.fact(Fact::parse(line));
        }
        schema.counts.attributes = schema.attributes.len();
        schema.counts.object_types = schema.types.len();
        schema
    }

    fn fact(&mut self, fact: Fact<'_>) {
        let (all, name) = if let Some(name) = fact.owner.strip_prefix("attribute ") {
            (&mut self.attributes, name)
        } else if let Some(name) = fact.owner.strip_prefix("class ") {
            (&mut self.types, name)
        } else {
            let rule = fact.owner.starts_with("content rule ") && fact.detail.is_none();
            self.counts.content_rules += usize::from(rule);
            return;
        };
        let entry = all.entry(name.to_lowercase()).or_default();
        if let Some(detail) = fact.detail {
            if detail.member.is_empty() {
                entry.properties.push((detail.what.to_owned(), detail.value.to_owned()));
            } else if detail.what == "attribute" {
                entry.members += 1;
            }
        }
    }

    /// An attribute.
    pub fn attribute(&self, key: &str) -> Option<&Entry> {
        self.attributes.get(key)
    }

    /// An object type.
    pub fn object_type(&self, key: &str) -> Option<&Entry> {
        self.types.get(key)
    }
}
