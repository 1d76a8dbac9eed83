//! Tables of an object's settings.
//!
//! In: an object, and which of its rows are shown elsewhere. Out: groups of
//! settings, what is declared of parameters, housekeeping. Must not know: what
//! any setting means; the catalogue says how they are grouped.

use super::book::Book;
use super::parts::{Runs, code, joined, link, plain, row, rule, table, yes};
use crate::catalogue::{Class, Named, Row as CatalogueRow, ValueKind, ids};
use crate::derive::Thing;
use crate::model::{Member, Object, ObjectIndex, Setting, SettingKey, Value};
use crate::report::document::{Block, Row};
use std::collections::BTreeMap;

/// Settings that belong together.
pub struct Group {
    /// What they are; empty for an object whose settings are not grouped.
    pub title: String,
    /// Their tables.
    pub blocks: Vec<Block>,
}

/// What a setting declares of a parameter stands in the path of its row after this.
const EACH: &str = "{*}/";

/// All settings of an object, those of `elsewhere` left out.
pub fn groups(book: &Book<'_>, at: ObjectIndex, elsewhere: &[&str]) -> Vec<Group> {
    let object = book.object(at);
    let layout = &book.catalogue.layout;
    let mut titles: Vec<&str> = layout.groups(object.kind).collect();
    if titles.is_empty() {
        titles.push("");
    }
    let mut sorted: BTreeMap<&str, Sorted<'_>> = BTreeMap::new();
    for (key, setting) in &object.settings {
        if elsewhere.contains(&key.row) {
            continue;
        }
        let row = book.row(key.row);
        let path = row.and_then(|row| row.path.as_deref());
        let path = path.or(key.name.as_deref().filter(|_| key.row == ids::UNCATALOGUED));
        let title = layout.group(object.kind, path.unwrap_or_default()).unwrap_or_default();
        sorted.entry(title).or_default().add(row, key, setting);
    }
    let group = |title: &str| {
        let blocks = sorted.get(title)?.blocks(book, at);
        let title = title.to_owned();
        (!blocks.is_empty()).then_some(Group { title, blocks })
    };
    titles.into_iter().filter_map(group).collect()
}

/// The tables of an object whose settings are not grouped.
pub fn blocks(book: &Book<'_>, at: ObjectIndex, elsewhere: &[&str]) -> Vec<Block> {
    let groups = groups(book, at, elsewhere);
    groups.into_iter().flat_map(|group| group.blocks).collect()
}

type Entry<'c> = (Option<&'c CatalogueRow>, &'c SettingKey, &'c Setting);

/// Settings of a group, by where they are shown.
#[derive(Default)]
struct Sorted<'c> {
    settings: Vec<Entry<'c>>,
    housekeeping: Vec<Entry<'c>>,
    /// Parameter → what is declared of it.
    declared: BTreeMap<&'c str, BTreeMap<&'c str, Entry<'c>>>,
}

impl<'c> Sorted<'c> {
    fn add(&mut self, row: Option<&'c CatalogueRow>, key: &'c SettingKey, setting: &'c Setting) {
        let path = row.and_then(|row| row.path.as_deref()).unwrap_or_default();
        match (path.split_once(EACH), &key.name) {
            (Some((_, what)), Some(name)) => {
                self.declared.entry(name).or_default().insert(what, (row, key, setting));
            }
            _ if row.is_some_and(|row| row.class == Class::Noise) => self.housekeeping.push((row, key, setting)),
            _ => self.settings.push((row, key, setting)),
        }
    }

    fn blocks(&self, book: &Book<'_>, at: ObjectIndex) -> Vec<Block> {
        let order = |entry: &&Entry<'c>| position(book, entry);
        let mut settings: Vec<&Entry<'c>> = self.settings.iter().collect();
        settings.sort_by_key(order);
        let mut housekeeping: Vec<&Entry<'c>> = self.housekeeping.iter().collect();
        housekeeping.sort_by_key(order);
        let used: Vec<Runs> = settings.iter().map(|entry| users(book, at, entry)).collect();
        let some = used.iter().any(|cell| !cell.is_empty());
        let rows = settings.iter().zip(used).map(|(entry, users)| {
            let mut cells = shown(book, entry);
            cells.extend(some.then_some(users));
            row(cells)
        });
        let columns = ["Setting", "Value", "In the export", "Used by rules"];
        let main = table("", &columns[..if some { 4 } else { 3 }], rows.collect(), false);
        let rest = housekeeping.iter().map(|entry| row(shown(book, entry))).collect();
        let blocks = [main, self.declared(), table("Housekeeping", &columns[..3], rest, true)];
        blocks.into_iter().flatten().collect()
    }

    /// One row for each parameter, one column for each thing that is declared.
    fn declared(&self) -> Option<Block> {
        const NAME: [&str; 2] = ["@name", "name"];
        let mut columns: Vec<&str> = Vec::new();
        for what in self.declared.values().flat_map(BTreeMap::keys) {
            if !columns.contains(what) && !NAME.contains(what) {
                columns.push(what);
            }
        }
        columns.sort_unstable();
        let rows = self.declared.iter().map(|(name, declared)| {
            let written = NAME.iter().find_map(|name| declared.get(name));
            let label = declared.values().find_map(|(_, _, setting)| setting.label.as_deref());
            let name = written.map_or_else(
                || label.unwrap_or(name).to_owned(),
                |(_, _, setting)| setting.value.display(),
            );
            let cell = |what: &&str| {
                let entry = declared.get(what);
                entry.map_or_else(Runs::new, |(_, _, setting)| plain(setting.value.display()))
            };
            row([plain(name)].into_iter().chain(columns.iter().map(cell)).collect())
        });
        let rows: Vec<Row> = rows.collect();
        let titles: Vec<&str> = ["name"]
            .into_iter()
            .chain(columns.iter().map(|column| column.trim_start_matches('@')))
            .collect();
        table("How parameters are declared", &titles, rows, true)
    }
}

/// Settings of an object in the order of their rows.
pub fn ordered<'c>(book: &Book<'c>, object: &'c Object) -> Vec<(&'c SettingKey, &'c Setting)> {
    let mut all: Vec<(&SettingKey, &Setting)> = object.settings.iter().collect();
    all.sort_by_key(|(key, setting)| position(book, &(book.row(key.row), key, setting)));
    all
}

/// Known settings in the order of the catalogue, then those that no row knows.
fn position<'c>(book: &Book<'_>, (row, key, _): &Entry<'c>) -> (usize, &'c SettingKey) {
    let known = row.filter(|_| key.row != ids::UNCATALOGUED);
    let at = known.and_then(|row| book.catalogue.rows.iter().position(|own| own.id == row.id));
    (at.unwrap_or(usize::MAX), *key)
}

/// Title, value, and what the export calls it.
fn shown(book: &Book<'_>, (row, key, setting): &Entry<'_>) -> Vec<Runs> {
    let name = setting.label.as_deref().or(key.name.as_deref());
    // One of several settings of a thing that the name tells.
    let several = |row: &CatalogueRow| {
        row.path
            .as_deref()
            .is_some_and(|path| path.split('/').rev().skip(1).any(|step| step == "*"))
    };
    let title = match (row, name) {
        (Some(row), Some(name)) if several(row) => format!("{}: {name}", row.title),
        (_, Some(name)) if key.row != ids::UNCATALOGUED => name.to_owned(),
        (Some(row), _) => row.title.clone(),
        (None, _) => key.row.to_owned(),
    };
    let exported = match (row.and_then(|row| row.path.as_deref()), name) {
        (_, Some(name)) => name.to_owned(),
        (Some(path), None) => last_name(path),
        (None, None) => String::new(),
    };
    vec![plain(title), value(book, *row, &setting.value), code(exported)]
}

/// The last name of a row's path: the key in braces, or the last step.
fn last_name(path: &str) -> String {
    let before = path.trim_end_matches("/**").trim_end_matches("[]");
    let last = match (before.rfind('{'), before.strip_suffix('}')) {
        (Some(at), Some(inner)) => &inner[at + 1..],
        _ => before.rsplit('/').next().unwrap_or(before),
    };
    last.trim_start_matches('@').to_owned()
}

/// A value, as an operator would read it.
pub fn value(book: &Book<'_>, row: Option<&CatalogueRow>, value: &Value) -> Runs {
    let flag = row.is_some_and(|row| row.value == Some(ValueKind::Flag));
    if value.display().is_empty() {
        return plain("(empty)");
    }
    match (value, value.canonical().as_str()) {
        (Value::Text { .. }, "true") if flag => yes(true),
        (Value::Text { .. }, "false") if flag => yes(false),
        (
            Value::Reference {
                target: Some(target), ..
            },
            _,
        ) => match book.connector_link(&target.key) {
            Some(at) => vec![link(target.name.clone(), at)],
            None => plain(target.name.clone()),
        },
        (Value::Expression { raw, .. }, _) => code(raw.trim()),
        (Value::Set(members), _) => {
            let mut members = members.clone();
            members.sort_unstable();
            lines(&members)
        }
        (Value::List(members), _) => lines(members),
        (Value::Leaves(leaves), _) => plain(leaves.join("\n")),
        _ => plain(value.display()),
    }
}

/// Members on a line each.
pub fn lines(members: &[Member]) -> Runs {
    let texts: Vec<&str> = members.iter().map(|member| member.raw.as_str()).collect();
    plain(texts.join("\n"))
}

/// Live rules that use a parameter.
fn users(book: &Book<'_>, at: ObjectIndex, (row, key, setting): &Entry<'_>) -> Runs {
    const MANY: usize = 6;
    let Some(row) = row.filter(|row| row.names == Some(Named::Parameter)) else {
        return Runs::new();
    };
    let name = setting.label.as_deref().or(key.name.as_deref());
    let name = name.map_or_else(|| last_name(row.path.as_deref().unwrap_or_default()), str::to_owned);
    let thing = Thing::Parameter(around(book, at), name.to_lowercase());
    let users = book.uses.users(&thing);
    let mut cells: Vec<Runs> = users.iter().take(MANY).map(|&user| vec![rule(book, user)]).collect();
    if users.len() > MANY {
        cells.push(plain(format!("and {} more", users.len() - MANY)));
    }
    joined(cells, "\n")
}

/// Key of the connector around an object; none for what belongs to the server.
fn around(book: &Book<'_>, at: ObjectIndex) -> Option<String> {
    let mut at = Some(at);
    while let Some(here) = at {
        let object = book.object(here);
        if object.kind == ids::kinds::CONNECTOR {
            return Some(object.key.clone());
        }
        at = object.parent;
    }
    None
}

/// Objects of a kind in one table: a row each, a column for each setting.
pub fn of_kind(book: &Book<'_>, children: &[ObjectIndex]) -> Option<Block> {
    let kind = children.first().map(|&at| book.object(at).kind)?;
    let title = &book.catalogue.kind(kind)?.plural;
    let mut keys: Vec<(usize, &SettingKey)> = Vec::new();
    for &child in children {
        for (key, setting) in &book.object(child).settings {
            let place = position(book, &(book.row(key.row), key, setting));
            if !keys.contains(&place) {
                keys.push(place);
            }
        }
    }
    keys.sort_unstable();
    let columns: Vec<String> = keys.iter().map(|(_, key)| column(book, key)).collect();
    let cells = |object: &Object| -> Vec<Runs> {
        let cell = |(_, key): &(usize, &SettingKey)| {
            let setting = object.settings.get(*key);
            setting.map_or_else(Runs::new, |setting| value(book, book.row(key.row), &setting.value))
        };
        keys.iter().map(cell).collect()
    };
    let rows = children.iter().map(|&child| row(cells(book.object(child)))).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    table(title, &columns, rows, false)
}

fn column(book: &Book<'_>, key: &SettingKey) -> String {
    match (book.row(key.row), &key.name) {
        (_, Some(name)) => name.clone(),
        (Some(row), None) => row.title.clone(),
        (None, None) => key.row.to_owned(),
    }
}
