//! Run profiles with their steps.
//!
//! In: a server, a connector. Out: a section. Must not know: rules.

use super::book::Book;
use super::parts::{plain, row, section, table, text};
use super::settings;
use crate::catalogue::{Class, ids};
use crate::model::{Object, ObjectIndex};
use crate::report::document::{Row, Section};

/// All run profiles of a connector, by name.
pub fn section_of(book: &Book<'_>, id: &str, connector: ObjectIndex) -> Section {
    let mut profiles = book.children_of(connector, ids::kinds::RUN_PROFILE);
    profiles.sort_by_key(|&at| {
        let profile = book.object(at);
        (profile.key.clone(), profile.ordinal)
    });
    let one = |(number, &at): (usize, &ObjectIndex)| {
        let mut blocks = settings::blocks(book, at, &[]);
        let steps = book.children_of(at, ids::kinds::RUN_STEP);
        let rows = steps
            .iter()
            .enumerate()
            .flat_map(|(step, &at)| step_rows(book, step + 1, at));
        let columns = ["Step", "What it does", "Setting", "Value"];
        blocks.extend(table("Steps", &columns, rows.collect(), false));
        section(format!("{id}-{}", number + 1), book.object(at).name.clone(), blocks)
    };
    let sections: Vec<Section> = profiles.iter().enumerate().map(one).collect();
    let blocks = match sections.is_empty() {
        true => vec![text("None.")],
        false => Vec::new(),
    };
    Section {
        sections,
        ..section(id, "Run profiles", blocks)
    }
}

/// What the run profile editor calls a step.
fn called(book: &Book<'_>, step: &Object) -> String {
    let code = step.display(ids::STEP_TYPE);
    let kinds = [ids::STEP_IMPORT_TYPE, ids::STEP_SYNCHRONIZATION_TYPE].map(|row| step.display(row));
    let kind = kinds.into_iter().find(|kind| !kind.is_empty()).unwrap_or_default();
    match book.catalogue.layout.step(code.trim(), kind.trim()) {
        Some(name) => name.to_owned(),
        None => format!("{} {kind}", step.name).trim().to_owned(),
    }
}

/// A row for each setting; number and name on the first.
fn step_rows(book: &Book<'_>, number: usize, at: ObjectIndex) -> Vec<Row> {
    let step = book.object(at);
    let mut rows = Vec::new();
    for (key, setting) in settings::ordered(book, step) {
        let own = book.row(key.row);
        if own.is_some_and(|row| row.class == Class::Noise) {
            continue;
        }
        let title = own.map_or(key.row, |row| row.title.as_str());
        let title = match &key.name {
            Some(name) if key.row == ids::UNCATALOGUED => name.clone(),
            Some(name) => format!("{title}: {}", setting.label.as_ref().unwrap_or(name)),
            None => title.to_owned(),
        };
        let first = rows.is_empty();
        rows.push(row(vec![
            plain(if first { number.to_string() } else { String::new() }),
            plain(if first { called(book, step) } else { String::new() }),
            plain(title),
            settings::value(book, own, &setting.value),
        ]));
    }
    rows
}
