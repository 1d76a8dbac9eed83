//! What others say of a server, and its settings do not: the wizard's policy,
//! the tenant, cmdlets that repeat the export.
//!
//! In: one server's settings and witnesses. Out: one draft for each setting
//! that is contradicted. Must not know: who the witnesses are.

use super::drafts::Draft;
use super::repeated;
use crate::assess::context::{Context, Side};
use crate::assess::copies;
use crate::assess::unknown::of_bundle;
use crate::catalogue::{Class, NameKind, Row, ValueKind};
use crate::model::{Configuration, Location, Object, ObjectIndex, Setting, SettingKey, Value};
use crate::normalise::{flag, read_value};
use crate::report::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// What is said against one setting.
struct Against {
    /// The row of who says it.
    row: &'static Row,
    /// What it says.
    says: String,
    location: Location,
    /// The objects whose setting it is about, and what they say.
    objects: Vec<ObjectIndex>,
    own: String,
    original: Original,
    /// Whether the witness speaks of one object among others.
    one: bool,
}

/// A setting that somebody else speaks of.
#[derive(Clone)]
struct Original {
    row: &'static Row,
    key: SettingKey,
    /// Whether the witness speaks of whichever setting it names.
    any: bool,
}

/// Contradictions of a side, the worst of each setting first.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let mut found: BTreeMap<(SettingKey, Option<ObjectIndex>), Vec<Against>> = BTreeMap::new();
    // Most objects are rules and their flows, which say nothing of others.
    let rows = context.catalogue.rows.iter();
    let speaking = rows.filter(|row| row.witness_of.is_some() || row.copy_of.is_some());
    let kinds: BTreeSet<&str> = speaking.map(|row| row.object.as_str()).collect();
    let witnesses = server.witnesses.iter().chain(&server.objects);
    for witness in witnesses.filter(|witness| kinds.contains(witness.kind)) {
        for (key, setting) in &witness.settings {
            let row = context.row(key.row);
            if copies::contradicts(context, side, row) {
                continue;
            }
            if let Some(against) = against(context, server, witness, row, setting) {
                let about = (against.original.key.clone(), against.objects.first().copied());
                found.entry(about).or_default().push(against);
            }
        }
    }
    for mut all in found.into_values() {
        all.sort_by_key(|against| std::cmp::Reverse(against.row.severity));
        drafts.extend(draft(context, side, &all));
    }
    faults(context, side, drafts);
    repeated::judge(context, side, drafts);
}

/// What is a fault of a server by itself wherever a witness says it.
fn faults(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let said = server.witnesses.iter().flat_map(|witness| &witness.settings);
    for (key, setting) in said {
        let row = context.row(key.row);
        let is_fault = row
            .fault
            .as_ref()
            .is_some_and(|fault| same(row, fault, &setting.value.canonical()));
        let Some(object) = super::anchor(server).filter(|_| is_fault) else {
            continue;
        };
        let value = setting.value.display();
        let mut lint = super::lint(context, &row.id, side, object, (&row.title, value.clone()), &[]);
        lint.locations = context.place(side, setting.location).into_iter().collect();
        drafts.push(Draft {
            key: row.id.clone(),
            setting: None,
            causes: Vec::new(),
            rows: &[],
            leads: None,
            sentence: format!("{}: {value}.", row.title),
            lint,
        });
    }
}

/// What a setting of a witness says against the server.
fn against(
    context: &Context<'_>,
    server: &Configuration,
    witness: &Object,
    row: &'static Row,
    setting: &Setting,
) -> Option<Against> {
    let original = original(context, row, witness)?;
    let objects = originals(context, server, witness, &original);
    let one = repeated::repeats(context, witness.kind).is_some();
    let own = says(server, &objects, &original, !one)?;
    let says = setting.value.display();
    let meant = match original.any {
        true => read_value(original.row, &says, &context.catalogue.facts).canonical(),
        false => setting.value.canonical(),
    };
    if meant.is_empty() || context.catalogue.facts.is_withheld(&says) || same(original.row, &own, &meant) {
        return None;
    }
    Some(Against {
        row,
        says,
        location: setting.location,
        objects,
        own,
        original,
        one,
    })
}

/// The setting that a row speaks of; what changes from hour to hour is none where it speaks of any.
fn original(context: &Context<'_>, row: &'static Row, witness: &Object) -> Option<Original> {
    let catalogue = context.catalogue;
    let copied = || {
        Some((
            context.row(row.copy_of.as_deref().filter(|_| of_another(context, row))?),
            None,
        ))
    };
    let (original, name) = catalogue.witnessed(row, &witness.name).or_else(copied)?;
    let any = row.witness_of.as_deref().is_some_and(|id| id != original.id) || name.is_some();
    let changes = matches!(original.class, Class::Noise | Class::Info);
    let key = SettingKey {
        row: &original.id,
        name,
    };
    (!(any && changes)).then_some(Original {
        row: original,
        key,
        any,
    })
}

/// Whether both mean the same. A computer's short name is the beginning of its long one.
fn same(original: &Row, own: &str, meant: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or(name).to_lowercase();
    match original.value {
        Some(ValueKind::Flag) => flag(own) == flag(meant),
        _ if original.mask == Some(NameKind::Server) => short(own) == short(meant),
        _ => own.eq_ignore_ascii_case(meant),
    }
}

/// Whether a copy is one of a setting of another object; in one object copies are judged with it.
fn of_another(context: &Context<'_>, row: &Row) -> bool {
    row.copy_of
        .as_deref()
        .is_some_and(|id| context.row(id).object != row.object)
}

/// The objects that have the setting; where the witness speaks of one of them, that one.
fn originals(context: &Context<'_>, server: &Configuration, witness: &Object, original: &Original) -> Vec<ObjectIndex> {
    if repeated::repeats(context, witness.kind).is_some_and(|(_, kind)| kind == original.row.object) {
        return repeated::counterparts(context, server, witness);
    }
    let of_kind = server.of_kind(&original.row.object);
    let all = of_kind.filter(|(_, object)| object.settings.contains_key(&original.key));
    let named = |name: &str| {
        let mut settings = witness.settings.iter();
        settings
            .any(|(key, setting)| context.row(key.row).subject && setting.value.display().eq_ignore_ascii_case(name))
    };
    let all: Vec<(ObjectIndex, &Object)> = all.collect();
    let own: Vec<ObjectIndex> = all
        .iter()
        .filter(|(_, object)| named(&object.name))
        .map(|(index, _)| *index)
        .collect();
    match own.is_empty() {
        true => all.into_iter().map(|(index, _)| index).collect(),
        false => own,
    }
}

/// What the server says; `None` where it says nothing, or several things. Of several flags, where the witness speaks of
/// all of them, whether any is true.
fn says(server: &Configuration, objects: &[ObjectIndex], original: &Original, of_all: bool) -> Option<String> {
    let setting = |&index: &ObjectIndex| server.objects[index].settings.get(&original.key);
    // What the export keeps to itself is not said by showing what somebody else says.
    let secret = |setting: &Setting| matches!(setting.value, Value::Secret { .. }) || !setting.marks.is_empty();
    if objects.iter().filter_map(setting).any(secret) {
        return None;
    }
    let value = |index: &ObjectIndex| Some(setting(index)?.value.canonical());
    let mut values: Vec<String> = objects
        .iter()
        .filter_map(value)
        .filter(|value| !value.is_empty())
        .collect();
    if of_all && original.row.value == Some(ValueKind::Flag) && values.len() > 1 {
        return Some(values.iter().any(|value| flag(value) == Some(true)).to_string());
    }
    values.sort();
    values.dedup();
    match values.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

fn draft(context: &Context<'_>, side: Side, all: &[Against]) -> Option<Draft> {
    let worst = all.first()?;
    let object = *worst.objects.first()?;
    let (row, original) = (worst.row, &worst.original);
    let server = context.server_name(side);
    let own = match original.row.value {
        Some(ValueKind::Flag) => spelled(original.row, &worst.own),
        _ => {
            let setting = context.configuration(side).objects[object].settings.get(&original.key);
            setting.map_or(worst.own.clone(), |setting| setting.value.display())
        }
    };
    let title = match original.any {
        true => format!("{}: {}", row.title, title(original)),
        false => row.title.clone(),
    };
    // Several settings may have one row: of several parameters, or of several rules.
    let path = context.path(context.pair_of(side, object)).join("/");
    let identity = match original.any || worst.one {
        true => vec![
            original.key.row,
            original.key.name.as_deref().unwrap_or_default(),
            &path,
        ],
        false => Vec::new(),
    };
    let who = who(context, original);
    let said = spelled(original.row, &worst.says);
    let value = format!("{said} ({who} says {own})");
    let mut lint: Finding = super::lint(context, &row.id, side, object, (&title, value), &identity);
    if original.any {
        lint.severity = original.row.severity;
    }
    lint.locations.extend(context.place(side, worst.location));
    let others = all.iter().skip(1);
    lint.consequences
        .extend(others.map(|other| format!("{} says {}, too.", other.row.title, spelled(original.row, &other.says))));
    Some(Draft {
        key: format!("{title}:{path}:{}", worst.says.to_lowercase()),
        setting: Some(original.row.title.clone()),
        causes: worst
            .objects
            .iter()
            .map(|&object| context.pair_of(side, object))
            .collect(),
        rows: &[],
        leads: None,
        sentence: format!("On {server} {title} says {said}, {who} says {own}."),
        lint,
    })
}

/// Who says what is contradicted: the export, or another answer of the bundle.
fn who<'c>(context: &Context<'c>, original: &'c Original) -> &'c str {
    match of_bundle(context.catalogue, &original.row.object) {
        true => title(original),
        false => "the export",
    }
}

/// A flag in one spelling, anything else as it is.
fn spelled(row: &Row, text: &str) -> String {
    match flag(text).filter(|_| row.value == Some(ValueKind::Flag)) {
        Some(true) => "True".to_owned(),
        Some(false) => "False".to_owned(),
        None => text.to_owned(),
    }
}

/// What a setting is called.
fn title(original: &Original) -> &str {
    original.key.name.as_deref().unwrap_or(&original.row.title)
}
