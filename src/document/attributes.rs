//! Selected attributes of a connector: their type, and where rules use them.
//!
//! In: a server, a connector. Out: tables. Must not know: settings.

use super::book::Book;
use super::parts::{Runs, attribute, counted, joined, plain, row, rule, section, table, text, yes};
use super::schema::Schema;
use crate::catalogue::ids;
use crate::derive::{Mention, Part};
use crate::model::{Object, ObjectIndex, Value};
use crate::report::document::{Block, Row, Section};
use std::collections::{BTreeMap, BTreeSet};

/// Selected attributes, and those that rules use all the same.
pub fn section_of(book: &Book<'_>, id: &str, connector: &Object) -> Section {
    let mut names: BTreeMap<String, (String, bool)> = BTreeMap::new();
    if let Some(Value::Set(members)) = connector.value(ids::ATTRIBUTE_INCLUSION) {
        for member in members {
            names.insert(member.raw.to_lowercase(), (member.raw.clone(), true));
        }
    }
    let selected = names.len();
    for (key, _) in book.uses.connector_attributes(&connector.key) {
        let pseudo = &book.server.facts.pseudo_attributes;
        if pseudo.iter().any(|name| name.eq_ignore_ascii_case(key)) {
            continue;
        }
        names
            .entry(key.to_owned())
            .or_insert_with(|| (book.server.spelling(false, key), false));
    }
    let rows: Vec<Row> = names
        .iter()
        .map(|(key, (name, selected))| attribute_row(book, connector, key, name, *selected))
        .collect();
    let columns = [
        "Attribute",
        "Selected",
        "Type",
        "Multi-valued",
        "Flows in to",
        "Flows out from",
        "Scopes and joins",
    ];
    let mut blocks = vec![text(format!(
        "{} selected; {} not selected, but named by live rules.",
        counted(selected, "attribute is", "attributes are"),
        names.len() - selected
    ))];
    blocks.extend(table("", &columns, rows, false));
    if let Some(schema) = book.schema(&connector.key) {
        blocks.extend(other(schema, &names));
    }
    section(id, "Selected attributes", blocks)
}

fn attribute_row(book: &Book<'_>, connector: &Object, key: &str, name: &str, selected: bool) -> Row {
    let entry = book.schema(&connector.key).map(|schema| schema.attribute(key));
    let (kind, many) = match entry {
        None => (Runs::new(), Runs::new()),
        Some(None) => (plain("(not in the schema)"), Runs::new()),
        Some(Some(entry)) => {
            let syntax = entry.property("syntax");
            (
                plain(book.catalogue.layout.syntax(syntax).unwrap_or(syntax)),
                yes(!matches!(entry.property("single-value"), "true" | "1")),
            )
        }
    };
    let [flows_in, flows_out, filters] = used(book, &connector.key, key);
    row(vec![
        plain(name),
        yes(selected),
        kind,
        many,
        flows_in,
        flows_out,
        filters,
    ])
}

/// Metaverse attributes at the other end of flows in and out, and rules that only scope or join.
fn used(book: &Book<'_>, connector: &str, key: &str) -> [Runs; 3] {
    let mut ends: [BTreeSet<(String, String)>; 2] = Default::default();
    let mut constant = false;
    let mut filters: BTreeMap<usize, &str> = BTreeMap::new();
    for &at in book.naming(connector, key) {
        let mention = &book.server.mentions[at];
        let view = book.view(mention.rule);
        match mention.part {
            Part::Scope => drop(filters.insert(mention.rule, "scope")),
            Part::Join => drop(filters.entry(mention.rule).or_insert("join")),
            Part::Reads(flow) | Part::Writes(flow) if view.flowing() => {
                let others = other_ends(book, mention, flow);
                constant |= others.is_empty();
                let own = &mut ends[usize::from(!view.inbound)];
                own.extend(
                    others
                        .into_iter()
                        .map(|key| (book.server.metaverse_type(view).to_owned(), key)),
                );
            }
            Part::Reads(_) | Part::Writes(_) => {}
        }
    }
    let filters = filters.into_iter().map(|(at, how)| {
        let mut cell = plain(format!("{how} of "));
        cell.push(rule(book, at));
        cell
    });
    let [flows_in, mut flows_out] = ends.map(|ends| attributes(book, &ends));
    if constant {
        flows_out = joined(
            [flows_out, plain("(a constant)")]
                .into_iter()
                .filter(|cell| !cell.is_empty()),
            "\n",
        );
    }
    [flows_in, flows_out, joined(filters, "\n")]
}

/// Keys of the metaverse attributes that a flow reads or writes.
fn other_ends(book: &Book<'_>, mention: &Mention, flow: ObjectIndex) -> Vec<String> {
    let of_flow =
        |other: &&Mention| other.metaverse && matches!(other.part, Part::Reads(of) | Part::Writes(of) if of == flow);
    let others = book.server.of_rule(mention.rule).iter().filter(of_flow);
    others.map(|other| other.key.clone()).collect()
}

/// Each attribute once, linked to the first object type that has it.
fn attributes(book: &Book<'_>, ends: &BTreeSet<(String, String)>) -> Runs {
    let mut by_key: BTreeMap<&str, &str> = BTreeMap::new();
    for (object_type, key) in ends {
        by_key.entry(key).or_insert(object_type);
    }
    let cells = by_key
        .into_iter()
        .map(|(key, object_type)| vec![attribute(book, object_type, key)]);
    joined(cells, ", ")
}

/// What the schema says of these attributes besides their type.
fn other(schema: &Schema, names: &BTreeMap<String, (String, bool)>) -> Option<Block> {
    const SHOWN: [&str; 3] = ["syntax", "single-value", "name"];
    let mut rows = Vec::new();
    for (key, (name, _)) in names {
        let Some(entry) = schema.attribute(key) else { continue };
        for (what, value) in &entry.properties {
            if !SHOWN.contains(&what.as_str()) {
                rows.push(row(vec![
                    plain(name.clone()),
                    plain(what.clone()),
                    plain(value.clone()),
                ]));
            }
        }
    }
    let columns = ["Attribute", "Property", "Value"];
    table(
        "Other properties of these attributes in the schema",
        &columns,
        rows,
        true,
    )
}
