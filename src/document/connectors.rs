//! Connectors, each with all that belongs to it.
//!
//! In: a server. Out: a section for each connector, and one for rules whose
//! connector is not in the export. Must not know: how the parts are made.

use super::book::Book;
use super::parts::{section, text};
use super::{attributes, flows, partitions, profiles, rules, settings};
use crate::catalogue::ids;
use crate::model::ObjectIndex;
use crate::report::document::{Block, Section};

/// All of them, by name.
pub fn sections(book: &Book<'_>) -> Vec<Section> {
    let known = book.connectors.iter().enumerate();
    let mut sections: Vec<Section> = known
        .map(|(at, &connector)| one(book, &format!("c{}", at + 1), connector))
        .collect();
    let mut strangers: Vec<&str> = Vec::new();
    for &rule in &book.by_precedence {
        let view = book.view(rule);
        if book.connector_link(&view.connector).is_none() && !strangers.contains(&view.connector.as_str()) {
            strangers.push(&view.connector);
        }
    }
    for (at, key) in strangers.into_iter().enumerate() {
        let id = format!("x{}", at + 1);
        let name = book.connector_name(key);
        let words = text("Rules name this connector, and it is not in the export.");
        sections.push(Section {
            sections: vec![
                flows::of_connector(book, &format!("{id}-flows"), key),
                rules::full(book, &format!("{id}-rules"), key),
            ],
            ..section(id, format!("Connector {name}"), vec![words])
        });
    }
    sections
}

fn one(book: &Book<'_>, id: &str, at: ObjectIndex) -> Section {
    let connector = book.object(at);
    let elsewhere = [ids::ATTRIBUTE_INCLUSION, ids::CONNECTOR_SCHEMA];
    let mut sections: Vec<Section> = settings::groups(book, at, &elsewhere)
        .into_iter()
        .enumerate()
        .map(|(number, group)| section(format!("{id}-settings-{}", number + 1), group.title, group.blocks))
        .collect();
    sections.push(partitions::section_of(book, &format!("{id}-partitions"), at));
    sections.extend(kinds(book, id, at));
    sections.push(partitions::object_types(book, &format!("{id}-types"), at));
    sections.push(attributes::section_of(book, &format!("{id}-attributes"), connector));
    sections.push(flows::of_connector(book, &format!("{id}-flows"), &connector.key));
    sections.push(rules::summaries(book, &format!("{id}-joins"), &connector.key));
    sections.push(rules::full(book, &format!("{id}-rules"), &connector.key));
    sections.push(profiles::section_of(book, &format!("{id}-runs"), at));
    Section {
        sections,
        ..section(id, format!("Connector {}", connector.name), kind_of(book, at))
    }
}

fn kind_of(book: &Book<'_>, at: ObjectIndex) -> Vec<Block> {
    let connector = book.object(at);
    let rows = [ids::CONNECTOR_CATEGORY, ids::CONNECTOR_SUBTYPE];
    let words: Vec<String> = rows
        .iter()
        .map(|row| connector.display(row))
        .filter(|text| !text.is_empty())
        .collect();
    vec![text(words.join(", "))]
}

/// Other kinds of objects that a connector has, each in a table: provisioning hierarchy, class mappings, anchors.
fn kinds(book: &Book<'_>, id: &str, at: ObjectIndex) -> Vec<Section> {
    let with_sections = [ids::kinds::PARTITION, ids::kinds::RUN_PROFILE];
    let own = book.catalogue.objects.iter().filter(|kind| {
        kind.parent.as_deref() == Some(ids::kinds::CONNECTOR) && !with_sections.contains(&kind.kind.as_str())
    });
    let one = |kind: &crate::catalogue::ObjectKind| {
        let mut children = book.children_of(at, &kind.kind);
        children.sort_by_key(|&child| {
            let object = book.object(child);
            (object.key.clone(), object.ordinal)
        });
        let id = format!("{id}-{}", kind.kind);
        let blocks = match settings::of_kind(book, &children) {
            Some(block) => vec![block],
            None => vec![text("None.")],
        };
        section(id, kind.plural.clone(), blocks)
    };
    own.map(one).collect()
}
