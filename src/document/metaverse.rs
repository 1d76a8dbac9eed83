//! The metaverse: object types with their attributes, who feeds each in which
//! order, and what keeps an object alive.
//!
//! In: a server. Out: a section. Must not know: connectors' own attributes.

use super::book::{Attribute, Book};
use super::flows;
use super::parts::{Runs, connector, counted, joined, plain, row, rule, section, table, text, yes};
use super::settings;
use crate::catalogue::ids;
use crate::model::{Object, ObjectIndex, Value};
use crate::report::document::{Row, Section};
use crate::trace::scope;
use std::collections::BTreeMap;

/// The section.
pub fn metaverse(book: &Book<'_>) -> Section {
    let schema = Schema::of(book);
    let types = book.server.types.keys().enumerate();
    let mut sections: Vec<Section> = types
        .map(|(at, key)| object_type(book, &schema, &format!("m{}", at + 1), key))
        .collect();
    let any = book.server.views.iter().filter(|view| view.live && view.inbound);
    let any = any.filter(|view| view.target_type == book.server.any).count();
    sections.push(deletion(book));
    let mut blocks = vec![text(
        "The first rule by rank that has a value for an object wins; the others win where its scope does not apply or \
         where it contributes nothing.",
    )];
    if any > 0 {
        blocks.push(text(format!(
            "{} into every object type (*) and {} ranked in each.",
            counted(any, "live rule flows", "live rules flow"),
            if any == 1 { "is" } else { "are" }
        )));
    }
    Section {
        sections,
        ..section("metaverse", "Metaverse", blocks)
    }
}

/// Objects of the schema by key.
struct Schema {
    attributes: BTreeMap<String, ObjectIndex>,
    types: BTreeMap<String, ObjectIndex>,
    bindings: BTreeMap<Attribute, ObjectIndex>,
}

impl Schema {
    fn of(book: &Book<'_>) -> Schema {
        let of_kind = |kind| book.configuration.of_kind(kind);
        let by_key = |kind| of_kind(kind).map(|(at, object)| (object.key.clone(), at)).collect();
        let bindings = of_kind(ids::kinds::METAVERSE_BINDING).filter_map(|(at, object)| {
            let owner = book.object(object.parent?);
            let key = object.key.strip_prefix('#').unwrap_or(&object.key);
            Some(((owner.key.clone(), key.to_owned()), at))
        });
        Schema {
            attributes: by_key(ids::kinds::METAVERSE_ATTRIBUTE),
            types: by_key(ids::kinds::METAVERSE_TYPE),
            bindings: bindings.collect(),
        }
    }
}

fn object_type(book: &Book<'_>, schema: &Schema, id: &str, key: &str) -> Section {
    let name = book.server.type_name(key);
    let mut blocks = Vec::new();
    match schema.types.get(key) {
        Some(&at) => blocks.extend(settings::blocks(book, at, &[])),
        None => blocks.push(text(
            "Rules name this object type; the metaverse schema does not have it.",
        )),
    }
    let attributes = book.attributes_of(key);
    let rows = attributes
        .iter()
        .map(|attribute| attribute_row(book, schema, key, attribute));
    let columns = [
        "Attribute",
        "Type",
        "Multi-valued",
        "Indexed",
        "Required",
        "Rules that feed it",
        "Flows out to",
    ];
    blocks.extend(table("Attributes", &columns, rows.collect(), false));
    let fed = attributes.iter().flat_map(|attribute| precedence(book, key, attribute));
    let columns = ["Attribute", "Rank", "Connector", "Inbound rule", "Source", "Scope"];
    blocks.extend(table("Inbound precedence", &columns, fed.collect(), false));
    let other = attributes
        .iter()
        .flat_map(|attribute| detail(book, schema, key, attribute));
    blocks.extend(table(
        "Other settings of the attributes",
        &["Attribute", "Setting", "Value"],
        other.collect(),
        true,
    ));
    section(id, name, blocks)
}

fn attribute_row(book: &Book<'_>, schema: &Schema, object_type: &str, key: &str) -> Row {
    let own = (object_type.to_owned(), key.to_owned());
    let object = schema.attributes.get(key).map(|&at| book.object(at));
    let binding = schema.bindings.get(&own).map(|&at| book.object(at));
    let flag = |object: Option<&Object>, row| object.map(|object| object.canonical(row) == "true");
    let known = |flag: Option<bool>| flag.map_or_else(Runs::new, yes);
    let syntax = object
        .map(|object| object.display(ids::METAVERSE_SYNTAX))
        .unwrap_or_default();
    let fed = book.inbound.get(&own).map_or(0, |ranking| ranking.rules);
    let read = book.outbound.get(&own).map(Vec::as_slice).unwrap_or_default();
    let indexed = match (
        flag(object, ids::METAVERSE_INDEXED),
        flag(object, ids::METAVERSE_INDEXABLE),
    ) {
        (Some(true), _) => plain("Yes"),
        (Some(false), Some(true)) => plain("No (indexable)"),
        (Some(false), _) => plain("No (non-indexable)"),
        (None, _) => Runs::new(),
    };
    Row {
        id: book.attribute_link(object_type, key).map(str::to_owned),
        ..row(vec![
            plain(book.server.spelling(true, key)),
            plain(book.catalogue.layout.syntax(&syntax).unwrap_or(&syntax)),
            known(flag(object, ids::METAVERSE_SINGLE_VALUE).map(|single| !single)),
            indexed,
            known(flag(binding, ids::BINDING_REQUIRED)),
            plain(match fed {
                0 => String::new(),
                fed => fed.to_string(),
            }),
            targets(book, read),
        ])
    }
}

/// Connectors with the attributes that an attribute flows out to.
fn targets(book: &Book<'_>, read: &[(usize, ObjectIndex)]) -> Runs {
    let mut by_connector: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for &(rule, flow) in read {
        let names = by_connector.entry(&book.view(rule).connector).or_default();
        let name = book.object(flow).name.as_str();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let lines = by_connector.into_iter().map(|(connector, names)| {
        let name = book.connector_name(connector);
        plain(format!("{name}: {}", names.join(", ")))
    });
    joined(lines, "\n")
}

fn precedence(book: &Book<'_>, object_type: &str, key: &str) -> Vec<Row> {
    let own = (object_type.to_owned(), key.to_owned());
    let Some(ranking) = book.inbound.get(&own) else {
        return Vec::new();
    };
    let one = |&(rule_at, flow): &(usize, ObjectIndex)| {
        let view = book.view(rule_at);
        row(vec![
            vec![super::parts::attribute(book, object_type, key)],
            flows::rank(ranking, flow),
            vec![connector(book, &view.connector)],
            vec![rule(book, rule_at)],
            flows::source(book, flow),
            plain(scope(book.object(view.object))),
        ])
    };
    ranking.order.iter().map(one).collect()
}

/// What no column shows: settings of an attribute that are of no known kind.
fn detail(book: &Book<'_>, schema: &Schema, object_type: &str, key: &str) -> Vec<Row> {
    let shown = [
        ids::METAVERSE_SYNTAX,
        ids::METAVERSE_SINGLE_VALUE,
        ids::METAVERSE_INDEXABLE,
        ids::METAVERSE_INDEXED,
        ids::BINDING_REQUIRED,
    ];
    let own = (object_type.to_owned(), key.to_owned());
    let objects = [schema.attributes.get(key), schema.bindings.get(&own)];
    let mut rows = Vec::new();
    for &at in objects.into_iter().flatten() {
        for (setting_key, setting) in &book.object(at).settings {
            // The name is the row's already.
            let name =
                matches!(&setting.value, Value::Text { canonical, .. } if canonical.trim_start_matches('#') == key);
            if name || shown.contains(&setting_key.row) || setting.value.display().is_empty() {
                continue;
            }
            let row_of = book.row(setting_key.row);
            let title = row_of.map_or(setting_key.row, |row| row.title.as_str());
            let title = setting_key.name.as_deref().unwrap_or(title);
            rows.push(row(vec![
                vec![super::parts::attribute(book, object_type, key)],
                plain(title),
                settings::value(book, row_of, &setting.value),
            ]));
        }
    }
    rows
}

/// Rules that keep objects alive, by type.
fn deletion(book: &Book<'_>) -> Section {
    let mut rows = Vec::new();
    let mut blocks = vec![text(
        "A metaverse object is deleted when no live inbound rule that provisions it (or joins it for good) holds it any \
         more: these rules keep the objects of each type.",
    )];
    for (at, key) in book.server.types.keys().enumerate() {
        let keeps = |rule: &usize| {
            let view = book.view(*rule);
            view.live && view.inbound && view.provisions && book.server.takes(view, key)
        };
        for &keeper in book.by_precedence.iter().filter(|rule| keeps(rule)) {
            let view = book.view(keeper);
            rows.push(row(vec![
                vec![super::parts::link(book.server.type_name(key), format!("m{}", at + 1))],
                vec![connector(book, &view.connector)],
                vec![rule(book, keeper)],
                plain(book.object(view.object).display(ids::RULE_LINK_TYPE)),
            ]));
        }
    }
    let columns = ["Object type", "Connector", "Rule", "Link type"];
    match table("", &columns, rows, false) {
        Some(table) => blocks.push(table),
        None => blocks.push(text("No live rule keeps any object.")),
    }
    section("deletion", "Metaverse deletion rules", blocks)
}
