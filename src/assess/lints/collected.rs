//! A server that was not at rest when it was collected: during a cycle, with the
//! wizard open, changed meanwhile, or upgraded by half; and an export that is not whole.
//!
//! In: one server's settings, witnesses and files. Out: drafts. Must not know:
//! which values are alerts, or which questions are asked twice: rows and kinds
//! say so.

use super::drafts::Draft;
use crate::assess::context::{Context, Side, text};
use crate::catalogue::{Class, Row, Severity, ids};
use crate::model::{Configuration, Location, Object, ObjectIndex, Setting};
use crate::normalise::read_value;
use std::collections::{BTreeMap, BTreeSet};

/// Something that was seen: in words, and where.
type Seen = (String, Location);

/// What says that a side was not at rest.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    alerts(context, side, drafts);
    changed(context, side, drafts);
    builds(context, side, drafts);
    drafts.extend(files(context, side));
}

/// Files of the export that were lost, or added, since the product wrote them.
fn files(context: &Context<'_>, side: Side) -> Option<Draft> {
    let server = context.configuration(side);
    let mut said = server.witnesses.iter();
    let written = said.find_map(|witness| witness.setting(ids::EXPORTED_FILES))?;
    let number = written.value.canonical();
    let there = server.bundle.exported?.to_string();
    if number.is_empty() || number == there {
        return None;
    }
    let words = format!("{number} were written, {there} are in the bundle");
    draft(
        context,
        side,
        ids::EXPORTED_FILES,
        &[(words, written.location)],
        Vec::new(),
    )
}

/// Values that are a fault by themselves; several that say the same are one.
fn alerts(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let rows = context.catalogue.rows.iter().filter(|row| row.alert.is_some());
    let kinds: BTreeSet<&str> = rows.map(|row| row.object.as_str()).collect();
    let mut found: BTreeMap<&str, Vec<Seen>> = BTreeMap::new();
    let all = server.objects.iter().chain(&server.witnesses);
    for object in all.filter(|object| kinds.contains(object.kind)) {
        for (key, setting) in &object.settings {
            let row = context.row(key.row);
            let alert = row.alert.as_ref();
            if let Some(alert) = alert.filter(|alert| setting.value.canonical() == alert.at) {
                let seen = (row.title.clone(), setting.location);
                found.entry(&alert.row).or_default().push(seen);
            }
        }
    }
    drafts.extend(
        found
            .into_iter()
            .filter_map(|(row, seen)| draft(context, side, row, &seen, Vec::new())),
    );
}

/// Questions that were asked twice, and settings to which the second answer was another one.
fn changed(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let mut seen: Vec<Seen> = Vec::new();
    for again in &server.witnesses {
        let kind = context.catalogue.kind(again.kind);
        let first = kind.and_then(|kind| server.of_kind(kind.again.as_deref()?).next());
        if let Some((_, first)) = first {
            seen.extend(other_answers(context, first, again));
        }
    }
    if !seen.is_empty() {
        drafts.extend(draft(context, side, ids::CHANGED_WHILE_COLLECTED, &seen, Vec::new()));
    }
}

fn other_answers(context: &Context<'_>, first: &Object, again: &Object) -> Vec<Seen> {
    let differs = |(key, before): (&crate::model::SettingKey, &Setting)| {
        let row = context.row(key.row);
        // What moves by itself from cycle to cycle.
        if row.class == Class::Noise || row.severity == Severity::Info {
            return None;
        }
        let after = answer(again, row)?;
        let value = read_value(row, &after.value.display(), &context.catalogue.facts);
        let same = value.canonical() == before.value.canonical();
        let shown = |text: String| if text.is_empty() { "nothing".to_owned() } else { text };
        (!same).then(|| {
            let (before, after_text) = (shown(before.value.display()), shown(value.display()));
            (format!("{}: {before}, then {after_text}", row.title), after.location)
        })
    };
    first.settings.iter().filter_map(differs).collect()
}

/// The second answer to the question of a row.
fn answer<'o>(again: &'o Object, row: &Row) -> Option<&'o Setting> {
    let path = row.path.as_deref()?;
    let mut settings = again.settings.iter();
    let named = |name: &Option<String>| name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(path));
    settings.find_map(|(key, setting)| named(&key.name).then_some(setting))
}

/// A part of the product: the object that tells of it, its name, its version, and where that stands.
type Part = (Option<ObjectIndex>, String, String, Location);

/// What another build of one part shows in, beside being a fault.
const OF_A_BUILD: [&str; 6] = [
    ids::PROGRAM_FILE_HASH,
    ids::PROGRAM_FILE_VERSION,
    ids::PROGRAM_FILE_MISSING,
    ids::INSTALLED_PROGRAM_VERSION,
    ids::INSTALLED_PROGRAM_MISSING,
    ids::SERVICE_VERSION,
];

/// Parts of the product that are not all of one build. Where only one server has such, that leads.
fn builds(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let parts = parts(context, server);
    let different: BTreeSet<[u64; 4]> = parts.iter().filter_map(|(_, _, version, _)| build(version)).collect();
    if different.len() < 2 {
        return;
    }
    let seen = |parts: &[Part]| -> Vec<Seen> {
        let one = |(_, name, version, location): &Part| (format!("{name} {}", version.trim()), *location);
        parts.iter().map(one).collect()
    };
    let service = server.of_kind(ids::kinds::SYNC_SERVICE).map(|(index, _)| index);
    let causes = parts.iter().filter_map(|(index, ..)| *index).chain(service);
    let causes = causes.map(|index| context.pair_of(side, index)).collect();
    let others: Vec<Seen> = seen(&self::parts(context, context.configuration(side.other())));
    let others: Vec<String> = others.into_iter().map(|(words, _)| words).collect();
    let found = draft(context, side, ids::HALF_UPGRADED, &seen(&parts), causes);
    drafts.extend(found.map(|draft| Draft {
        rows: &OF_A_BUILD,
        leads: Some(others.join("; ")),
        ..draft
    }));
}

/// Parts of the product whose build is known; none where only the configuration has one.
fn parts(context: &Context<'_>, server: &Configuration) -> Vec<Part> {
    let facts = &context.catalogue.facts;
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |index: ObjectIndex, name: &str, row: &'static str| {
        let object = &server.objects[index];
        let location = object.setting(row).map_or(object.location, |setting| setting.location);
        parts.push((Some(index), name.to_owned(), object.display(row), location));
    };
    for (index, file) in server.of_kind(ids::kinds::PROGRAM_FILE) {
        let name = file.name.rsplit(['\\', '/']).next().unwrap_or_default();
        if is_among(&facts.product_programs, name) {
            add(index, name, ids::PROGRAM_FILE_VERSION);
        }
    }
    for (index, program) in server.of_kind(ids::kinds::INSTALLED_PROGRAM) {
        if is_among(&facts.product_names, &program.name) {
            add(index, &program.name, ids::INSTALLED_PROGRAM_VERSION);
        }
    }
    if !parts.is_empty() {
        parts.extend(configured(context, server));
    }
    parts.retain(|(_, _, version, _)| build(version).is_some());
    parts
}

/// The build that wrote the configuration.
fn configured(context: &Context<'_>, server: &Configuration) -> Option<Part> {
    let version = text(server, ids::SERVER_BUILD)?;
    let (_, global) = server.of_kind(ids::kinds::GLOBAL).next()?;
    let location = global.setting(ids::SERVER_BUILD)?.location;
    let title = context.row(ids::SERVER_BUILD).title.clone();
    Some((None, title, version, location))
}

fn is_among(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
}

/// The numbers of a build; what stands behind them says who made it.
fn build(version: &str) -> Option<[u64; 4]> {
    let numbers = version.split_whitespace().next()?;
    let mut build = [0; 4];
    for (at, number) in numbers.split('.').enumerate() {
        *build.get_mut(at)? = number.parse().ok()?;
    }
    Some(build)
}

fn draft(context: &Context<'_>, side: Side, id: &str, seen: &[Seen], causes: Vec<usize>) -> Option<Draft> {
    let row = context.row(id);
    let server = context.configuration(side);
    let about = [row.object.as_str(), ids::kinds::GLOBAL];
    let index = about
        .iter()
        .find_map(|kind| server.of_kind(kind).next())
        .map(|(index, _)| index);
    let index = index.or_else(|| (!server.objects.is_empty()).then_some(0))?;
    let words: Vec<&str> = seen.iter().map(|(words, _)| words.as_str()).collect();
    let value = words.join("; ");
    let sentence = format!(
        "On {}: {} ({value}).",
        context.server_name(side),
        row.title.to_lowercase()
    );
    let mut lint = super::lint(context, id, side, index, (&row.title, value), &[]);
    lint.locations = seen
        .iter()
        .filter_map(|(_, location)| context.place(side, *location))
        .collect();
    Some(Draft {
        lint,
        key: format!("{id}:{side:?}"),
        setting: None,
        causes,
        rows: &[],
        sentence,
        leads: None,
    })
}
