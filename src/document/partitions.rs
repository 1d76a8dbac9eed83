//! Partitions of a connector: settings, containers, object types.
//!
//! In: a server, a connector. Out: sections. Must not know: rules.

use super::book::Book;
use super::parts::{Runs, link, paragraph, plain, row, section, table, text};
use super::settings;
use crate::catalogue::ids;
use crate::derive::scope::{Selection, containers};
use crate::model::{Member, Object, ObjectIndex, Value};
use crate::report::document::{Block, Node, Section};
use std::collections::BTreeMap;

/// One section for each partition, the selected ones first.
pub fn section_of(book: &Book<'_>, id: &str, connector: ObjectIndex) -> Section {
    let mut partitions = book.children_of(connector, ids::kinds::PARTITION);
    partitions.sort_by_key(|&at| {
        let partition = book.object(at);
        (!selected(partition), partition.key.clone(), partition.ordinal)
    });
    let count = partitions.iter().filter(|&&at| selected(book.object(at))).count();
    let sections = partitions
        .iter()
        .enumerate()
        .map(|(at, &partition)| one(book, &format!("{id}-{}", at + 1), partition))
        .collect();
    let words = format!("{count} of {} selected.", partitions.len());
    Section {
        sections,
        ..section(id, "Partitions", vec![text(words)])
    }
}

fn selected(partition: &Object) -> bool {
    partition.canonical(ids::PARTITION_SELECTED) == "true"
}

fn one(book: &Book<'_>, id: &str, at: ObjectIndex) -> Section {
    let partition = book.object(at);
    let elsewhere = [
        ids::CONTAINER_INCLUSIONS,
        ids::CONTAINER_EXCLUSIONS,
        ids::PARTITION_OBJECT_TYPES,
    ];
    let mut blocks = Vec::new();
    if !selected(partition) {
        blocks.push(text("This partition is not selected."));
    }
    for group in settings::groups(book, at, &elsewhere) {
        blocks.extend(group.blocks.into_iter().map(|block| titled(block, &group.title)));
    }
    blocks.extend(container_lists(partition));
    let types = members(partition, ids::PARTITION_OBJECT_TYPES);
    let rows = types.iter().map(|member| row(vec![plain(member.raw.clone())]));
    blocks.extend(table("Object types", &["Object type"], rows.collect(), false));
    section(id, partition.name.clone(), blocks)
}

/// A table that has no title of its own gets that of its group.
fn titled(block: Block, title: &str) -> Block {
    match block {
        Block::Table(mut table) if table.title.is_empty() => {
            title.clone_into(&mut table.title);
            Block::Table(table)
        }
        other => other,
    }
}

fn members<'c>(object: &'c Object, row: &'static str) -> &'c [Member] {
    match object.value(row) {
        Some(Value::Set(members) | Value::List(members)) => members,
        _ => &[],
    }
}

/// The lists as they are, and the tree that they make.
fn container_lists(partition: &Object) -> Vec<Block> {
    let lists = [
        ("Include", members(partition, ids::CONTAINER_INCLUSIONS)),
        ("Exclude", members(partition, ids::CONTAINER_EXCLUSIONS)),
    ];
    let mut blocks = vec![text("Containers: the deepest entry above a container decides.")];
    let selection = Selection::read(&partition.name, lists[0].1, lists[1].1);
    let all = containers(&selection, &selection);
    let mut depths = vec![0; all.len()];
    let nodes = all.iter().enumerate().map(|(at, container)| {
        if let Some(parent) = container.parent {
            depths[at] = depths[parent] + 1;
        }
        Node {
            depth: depths[at],
            name: container
                .member
                .map_or_else(|| format!("{} (root)", partition.name), |member| member.raw.clone()),
            inside: container.left.inside,
            because: match container.left.by {
                Some(_) => String::new(),
                None => "no list names it".to_owned(),
            },
        }
    });
    blocks.push(Block::Tree { nodes: nodes.collect() });
    let rows = lists.iter().flat_map(|(word, members)| {
        let row_of = |member: &Member| row(vec![plain(member.raw.clone()), plain(*word)]);
        members.iter().map(row_of).collect::<Vec<_>>()
    });
    blocks.extend(table(
        "Lists of containers",
        &["Container", "Include / exclude"],
        rows.collect(),
        false,
    ));
    blocks
}

/// Object types of a connector, with the partitions that take them.
pub fn object_types(book: &Book<'_>, id: &str, connector: ObjectIndex) -> Section {
    let mut types: BTreeMap<String, (String, Vec<Runs>)> = BTreeMap::new();
    for at in book.children_of(connector, ids::kinds::PARTITION) {
        let partition = book.object(at);
        for member in members(partition, ids::PARTITION_OBJECT_TYPES) {
            let entry = types.entry(member.raw.to_lowercase());
            let (_, taking) = entry.or_insert_with(|| (member.raw.clone(), Vec::new()));
            taking.push(plain(partition.name.clone()));
        }
    }
    let connector = book.object(connector);
    let schema = book.schema(&connector.key);
    let rows = types.into_iter().map(|(key, (name, taking))| {
        let known = schema.and_then(|schema| schema.object_type(&key));
        let attributes = known.map_or_else(Runs::new, |entry| plain(entry.members.to_string()));
        row(vec![plain(name), super::parts::joined(taking, "\n"), attributes])
    });
    let columns = ["Object type", "Partitions", "Attributes of its own in the schema"];
    let mut blocks: Vec<Block> = table("", &columns, rows.collect(), false).into_iter().collect();
    if let Some(schema) = schema {
        let counts = &schema.counts;
        let mut words = plain(format!(
            "The connector's schema has {} attributes, {} object types and {} content rules; ",
            counts.attributes, counts.object_types, counts.content_rules
        ));
        let own = book.connector_link(&connector.key).unwrap_or_default();
        words.push(link("those in use", format!("{own}-attributes")));
        words.extend(plain(" are listed."));
        blocks.push(paragraph(words));
    }
    section(id, "Object types", blocks)
}
