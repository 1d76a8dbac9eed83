//! What others say of a server, and its settings do not: the wizard's policy,
//! the tenant, cmdlets that repeat the export.
//!
//! In: one server's settings and witnesses. Out: one draft for each setting
//! that is contradicted. Must not know: who the witnesses are.

use super::drafts::Draft;
use crate::assess::context::{Context, Side};
use crate::catalogue::{Row, ValueKind};
use crate::model::{Configuration, Location, Object, ObjectIndex, Setting};
use crate::normalise::flag;
use crate::report::{ChangeKind, Finding, Status};
use std::collections::BTreeMap;

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
    original: &'static Row,
}

/// Contradictions of a side, the worst of each setting first.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let mut found: BTreeMap<&str, Vec<Against>> = BTreeMap::new();
    let witnesses = server.witnesses.iter().chain(&server.objects);
    for witness in witnesses {
        for (key, setting) in &witness.settings {
            let row = context.row(key.row);
            if let Some(against) = against(context, server, witness, row, setting) {
                found.entry(&against.original.id).or_default().push(against);
            }
        }
    }
    for mut all in found.into_values() {
        all.sort_by_key(|against| std::cmp::Reverse(against.row.severity));
        drafts.extend(draft(context, side, &all));
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
    let other = row.copy_of.as_deref().filter(|_| of_another(context, row));
    let original = context.row(row.witness_of.as_deref().or(other)?);
    let objects: Vec<ObjectIndex> = originals(server, witness, original);
    let own = says(server, &objects, original)?;
    let meant = setting.value.canonical();
    let same = match original.value {
        Some(ValueKind::Flag) => flag(&own) == flag(&meant),
        _ => own.eq_ignore_ascii_case(&meant),
    };
    if meant.is_empty() || same {
        return None;
    }
    Some(Against {
        row,
        says: setting.value.display(),
        location: setting.location,
        objects,
        own,
        original,
    })
}

/// Whether a copy is one of a setting of another object; in one object copies are judged with it.
fn of_another(context: &Context<'_>, row: &Row) -> bool {
    row.copy_of
        .as_deref()
        .is_some_and(|id| context.row(id).object != row.object)
}

/// The objects that have the setting; where the witness speaks of one of them, that one.
fn originals(server: &Configuration, witness: &Object, original: &'static Row) -> Vec<ObjectIndex> {
    let of_kind = server.of_kind(&original.object);
    let all = of_kind.filter(|(_, object)| object.value(original.id.as_str()).is_some());
    let named = |name: &str| {
        let mut settings = witness.settings.iter();
        settings.any(|(key, setting)| key.row.ends_with("-of") && setting.value.display().eq_ignore_ascii_case(name))
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

/// What the server says: of several flags whether any is true; `None` where it says nothing, or several things.
fn says(server: &Configuration, objects: &[ObjectIndex], original: &'static Row) -> Option<String> {
    let mut values: Vec<String> = objects
        .iter()
        .map(|&index| server.objects[index].canonical(original.id.as_str()))
        .filter(|value| !value.is_empty())
        .collect();
    if original.value == Some(ValueKind::Flag) && values.len() > 1 {
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
    let row = worst.row;
    let server = context.server_name(side);
    let own = match worst.original.value {
        Some(ValueKind::Flag) => {
            flag(&worst.own).map_or(worst.own.clone(), |flag| if flag { "True" } else { "False" }.to_owned())
        }
        _ => {
            let setting = context.configuration(side).objects[object].setting(worst.original.id.as_str());
            setting.map_or(worst.own.clone(), |setting| setting.value.display())
        }
    };
    let mut lint: Finding = super::lint(
        context,
        &row.id,
        side,
        object,
        (&row.title, format!("{} (the export says {own})", worst.says)),
        &[],
    );
    lint.locations.extend(context.place(side, worst.location));
    lint.change = ChangeKind::Equal;
    lint.status = Status::Lint;
    let others = all.iter().skip(1);
    lint.consequences
        .extend(others.map(|other| format!("{} says {}, too.", other.row.title, other.says)));
    Some(Draft {
        key: format!("{}:{}", row.id, worst.says.to_lowercase()),
        setting: Some(worst.original.title.clone()),
        causes: worst
            .objects
            .iter()
            .map(|&object| context.pair_of(side, object))
            .collect(),
        rows: &[],
        sentence: format!("On {server} {} says {}, the export says {own}.", row.title, worst.says),
        lint,
    })
}
