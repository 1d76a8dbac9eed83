//! Objects that a witness names and the export lacks, or that the export has
//! and the witness does not name.
//!
//! In: one server's objects and witnesses. Out: one draft for each kind and
//! direction. Must not know: who the witnesses are, which objects they repeat.

use super::drafts::Draft;
use crate::assess::context::{Context, Side};
use crate::assess::unknown::hides;
use crate::catalogue::ObjectKind;
use crate::model::{Configuration, Location, Object, ObjectIndex};
use std::collections::{BTreeMap, BTreeSet};

/// What a witness that repeats objects says against an export.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let server = context.configuration(side);
    let mut groups: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for witness in &server.witnesses {
        groups.entry(witness.kind).or_default().push(witness);
    }
    for kind in context.catalogue.objects.iter().filter(|kind| kind.untold.is_some()) {
        // Who was asked and names none says that there are none.
        let around = server
            .witnesses
            .iter()
            .find(|one| kind.parent.as_deref() == Some(one.kind));
        if around.is_some_and(|around| !around.partial) {
            groups.entry(&kind.kind).or_default();
        }
    }
    for (kind, witnesses) in groups {
        let Some((kind, repeats)) = repeats(context, kind) else {
            continue;
        };
        // What the export, or the witness, could not tell is a gap already.
        if hides(context, side, repeats) {
            continue;
        }
        let around = server
            .witnesses
            .iter()
            .find(|one| kind.parent.as_deref() == Some(one.kind));
        let told: Vec<Vec<ObjectIndex>> = witnesses.iter().map(|one| counterparts(context, server, one)).collect();
        let unknown = witnesses.iter().zip(&told).filter(|(_, own)| own.is_empty());
        let unknown: Vec<&Object> = unknown.map(|(one, _)| *one).collect();
        let seen: BTreeSet<ObjectIndex> = told.iter().flatten().copied().collect();
        let untold = server.of_kind(repeats).filter(|(index, _)| !seen.contains(index));
        let whole = around.is_none_or(|around| !around.partial);
        let untold: Vec<&Object> = untold.filter(|_| whole).map(|(_, object)| object).collect();
        let first = witnesses
            .first()
            .copied()
            .or(around)
            .map(|one| one.location)
            .unwrap_or_default();
        let of =
            |row: &Option<String>, objects: &[&Object], place| list(context, side, row.as_deref()?, objects, place);
        drafts.extend(of(
            &kind.unknown,
            &unknown,
            unknown.first().map_or(first, |one| one.location),
        ));
        drafts.extend(of(&kind.untold, &untold, first));
    }
}

/// A kind of a witness's objects, and the kind of those that they repeat.
pub fn repeats<'c>(context: &Context<'c>, kind: &str) -> Option<(&'c ObjectKind, &'c str)> {
    let kind = context.catalogue.kind(kind)?;
    Some((kind, kind.repeats.as_deref()?))
}

/// The objects that an object of a witness repeats: the one with its identifier, or else all of its name.
pub fn counterparts(context: &Context<'_>, server: &Configuration, witness: &Object) -> Vec<ObjectIndex> {
    let Some((kind, repeats)) = repeats(context, witness.kind) else {
        return Vec::new();
    };
    let identifier = |kind: Option<&ObjectKind>, object: &Object| {
        let row = kind
            .and_then(|kind| kind.identifier.as_deref())
            .map(|id| context.row(id));
        row.map(|row| object.canonical(&row.id)).filter(|own| !own.is_empty())
    };
    let wanted = identifier(Some(kind), witness);
    let own = context.catalogue.kind(repeats);
    let by = |is: &dyn Fn(&Object) -> bool| -> Vec<ObjectIndex> {
        let objects = server.of_kind(repeats).filter(|(_, object)| is(object));
        objects.map(|(index, _)| index).collect()
    };
    let same = match wanted {
        Some(_) => by(&|object| identifier(own, object) == wanted),
        None => Vec::new(),
    };
    match same.is_empty() {
        // A connector's key need not be its name.
        true => by(&|object| object.key == witness.key || object.name.to_lowercase() == witness.name.to_lowercase()),
        false => same,
    }
}

/// One fault that names all of them; about the server as a whole, for what is missing has no place.
fn list(context: &Context<'_>, side: Side, row: &str, objects: &[&Object], place: Location) -> Option<Draft> {
    let at = super::anchor(context.configuration(side)).filter(|_| !objects.is_empty())?;
    let row = context.row(row);
    let server = context.server_name(side);
    let names: BTreeSet<&str> = objects.iter().map(|object| object.name.as_str()).collect();
    let names = super::quoted(names);
    let mut lint = super::lint(context, &row.id, side, at, (&row.title, names.clone()), &[]);
    lint.locations = context.place(side, place).into_iter().collect();
    Some(Draft {
        key: format!("{}:{}", row.id, names.to_lowercase()),
        setting: None,
        causes: Vec::new(),
        rows: &[],
        leads: None,
        sentence: format!("{}, on {server}: {names}.", row.title),
        lint,
    })
}
