//! What the collector tells besides the export: scheduler, sign-in, identity,
//! host.
//!
//! In: a server. Out: a section for each area of which something is known. Must
//! not know: which settings there are.

use super::book::Book;
use super::parts::{plain, row, section, table};
use super::settings;
use crate::model::{Object, ObjectIndex};
use crate::report::document::Section;

/// All of them, in the order of the layout.
pub fn sections(book: &Book<'_>) -> Vec<Section> {
    let areas = book.catalogue.layout.area.iter();
    let one = |area: &crate::catalogue::AreaTitle| {
        let id = format!("a-{}", area.area);
        let sections: Vec<Section> = roots(book, &area.area)
            .into_iter()
            .enumerate()
            .filter_map(|(number, at)| object(book, &format!("{id}-{}", number + 1), at))
            .chain(witnesses(book, &id, &area.area))
            .collect();
        (!sections.is_empty()).then(|| Section {
            sections,
            ..section(id, area.title.clone(), Vec::new())
        })
    };
    areas.filter_map(one).collect()
}

/// Objects of an area that nothing holds, in the order of the catalogue.
fn roots(book: &Book<'_>, area: &str) -> Vec<ObjectIndex> {
    let kinds = book.catalogue.objects.iter().filter(|kind| kind.area == area);
    let of_kind = |kind: &str| {
        let own = book.configuration.of_kind(kind);
        let roots = own.filter(|(_, object)| object.parent.is_none());
        roots.map(|(at, _)| at).collect::<Vec<_>>()
    };
    kinds.flat_map(|kind| of_kind(&kind.kind)).collect()
}

/// What is only held against settings: the features of the tenant, cmdlets that repeat the export.
fn witnesses(book: &Book<'_>, id: &str, area: &str) -> Vec<Section> {
    let all = book.configuration.witnesses.iter().enumerate();
    // What lies in a witness repeats objects that have a place of their own.
    let all = all.filter(|(_, witness)| witness.parent.is_none());
    let own = all.filter(|(_, witness)| book.catalogue.kind(witness.kind).is_some_and(|kind| kind.area == area));
    let one = |(number, witness): (usize, &Object)| {
        let rows = settings::ordered(book, witness)
            .into_iter()
            .filter_map(|(key, setting)| {
                let known = book.row(key.row).filter(|_| key.name.is_none())?;
                Some(row(vec![
                    plain(known.title.clone()),
                    settings::value(book, Some(known), &setting.value),
                ]))
            });
        let blocks = table("", &["Setting", "Value"], rows.collect(), false)?;
        Some(section(
            format!("{id}-w{}", number + 1),
            witness.name.clone(),
            vec![blocks],
        ))
    };
    own.filter_map(one).collect()
}

/// An object with those in it; nothing where it says nothing.
fn object(book: &Book<'_>, id: &str, at: ObjectIndex) -> Option<Section> {
    let object = book.object(at);
    let mut blocks = settings::blocks(book, at, &[]);
    let held = book
        .catalogue
        .objects
        .iter()
        .filter(|kind| kind.parent.as_deref() == Some(object.kind));
    blocks.extend(held.filter_map(|kind| settings::of_kind(book, &book.children_of(at, &kind.kind))));
    let title = match book.catalogue.kind(object.kind) {
        Some(kind) if kind.name.is_none() => format!("{} {}", kind.title, object.name),
        _ => object.name.clone(),
    };
    (!blocks.is_empty()).then(|| section(id, title, blocks))
}
