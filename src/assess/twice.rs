//! Two files of one export with one identifier: somebody copied a file.
//!
//! In: one side's rules and connectors. Out: warnings, and the sentence under
//! the finding of a copy. Must not know: the other server.

use super::context::{Context, Side};
use crate::catalogue::ids;
use crate::model::{Object, fold_guid};
use crate::report::Warning;
use std::collections::BTreeMap;

/// Kinds that have a file of their own, with the row of their identifier.
const FILES: [(&str, &str); 2] = [
    (ids::kinds::RULE, ids::RULE_IDENTIFIER),
    (ids::kinds::CONNECTOR, ids::CONNECTOR_IDENTIFIER),
];

/// A warning for each identifier that stands in several files of a side.
pub fn warnings(context: &Context<'_>, side: Side) -> Vec<Warning> {
    let copies = FILES.iter().flat_map(|(kind, row)| copies(context, side, kind, row));
    let warning = |copies: Vec<&Object>| Warning {
        id: "same-identifier-twice".to_owned(),
        text: sentence(context, side, &copies),
    };
    copies.map(warning).collect()
}

/// What to say of a connector on one server only whose file was copied.
pub fn connector(context: &Context<'_>, pair: usize) -> Option<String> {
    let side = context.lacking(pair).other();
    let object = context.object(pair)?;
    copies(context, side, ids::kinds::CONNECTOR, ids::CONNECTOR_IDENTIFIER)
        .into_iter()
        .find(|copies| copies.iter().any(|copy| std::ptr::eq(*copy, object)))
        .map(|copies| sentence(context, side, &copies))
}

fn copies<'a>(context: &Context<'a>, side: Side, kind: &'a str, row: &'static str) -> Vec<Vec<&'a Object>> {
    let mut by_guid: BTreeMap<String, Vec<&Object>> = BTreeMap::new();
    for (_, object) in context.configuration(side).of_kind(kind) {
        let guid = fold_guid(&object.display(row));
        if !guid.is_empty() {
            by_guid.entry(guid).or_default().push(object);
        }
    }
    by_guid.into_values().filter(|objects| objects.len() > 1).collect()
}

fn sentence(context: &Context<'_>, side: Side, copies: &[&Object]) -> String {
    let configuration = context.configuration(side);
    let files: Vec<&str> = copies
        .iter()
        .filter_map(|object| configuration.files.get(object.location.file))
        .map(|file| file.path.as_str())
        .collect();
    let first = copies.first().copied();
    let kind = first.and_then(|object| context.catalogue.kind(object.kind));
    format!(
        "The export of {} holds the {} {} more than once ({}): a file was copied into it, so one of them is no {} of the server. Export again.",
        context.server_name(side),
        kind.map(|kind| kind.title.to_lowercase()).unwrap_or_default(),
        first.map(|object| object.name.clone()).unwrap_or_default(),
        files.join(", "),
        kind.map(|kind| kind.title.to_lowercase()).unwrap_or_default(),
    )
}
