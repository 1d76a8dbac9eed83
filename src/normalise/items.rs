//! Items of a bundle on their way to documents.
//!
//! In: what was asked of a server and the JSON that came. Out: the text of a
//! document where the catalogue knows the item, and what is to be said of the
//! others. Must not know: what any item means.

use super::plan::Plan;
use super::value;
use crate::catalogue::{Catalogue, Row, ids};
use crate::intake::{Answer, Document, Intake, Json, JsonProblem, Limits, Part, item};
use crate::model::{BundleNotes, Configuration, Gap, Object, Setting, SettingKey};
use std::collections::BTreeSet;

/// What is wrong, and at which line and column.
pub type Problem = (String, Option<(u32, u32)>);

/// The document of an item; `None` for what is no setting.
///
/// # Errors
/// There is no answer, or it cannot be read.
pub fn text(plan: &Plan, document: &Document, answer: &Answer, limits: &Limits) -> Result<Option<String>, Problem> {
    let root = item::root_of(&answer.id);
    let Some(place) = plan.root(&root) else {
        return Ok(None);
    };
    if let Some(problem) = &answer.problem {
        return Err((problem.clone(), None));
    }
    let failed = |problem: JsonProblem| {
        let words = format!("{}; run the collector again", problem.problem);
        (words, Some((problem.line, problem.column)))
    };
    let json = Json::parse(&document.text, limits).map_err(failed)?;
    let Some(data) = json.get("data") else {
        let problem = "the item has no data; run the collector again".to_owned();
        return Err((problem, Some((json.line, 1))));
    };
    let text = item::document(&root, answer.of.as_deref(), data, plan.is_list(place));
    text.map(Some).map_err(failed)
}

/// Items that hold settings, of each server; none where it has no bundle.
fn settings(documents: &[Document], catalogue: &Catalogue) -> BTreeSet<String> {
    let asked = documents.iter().filter_map(|document| document.item.as_ref());
    let is_setting = |id: &str| {
        let root = item::root_of(id);
        let kind = catalogue
            .objects
            .iter()
            .find(|kind| kind.document.as_ref() == Some(&root));
        kind.is_some_and(|kind| !kind.witness)
    };
    asked
        .filter(|answer| is_setting(&answer.id))
        .map(|answer| answer.id.clone())
        .collect()
}

/// What one bundle was not asked for, and that of another server was: nobody knows whether it is the same there.
pub fn unasked(inputs: &[Intake], catalogue: &Catalogue) -> Vec<Vec<Gap>> {
    let asked: Vec<BTreeSet<String>> = inputs
        .iter()
        .map(|input| settings(&input.documents, catalogue))
        .collect();
    let all: BTreeSet<&String> = asked.iter().flatten().collect();
    let gaps = |own: &BTreeSet<String>| {
        let missing = all.iter().filter(|id| !own.is_empty() && !own.contains(**id));
        missing
            .map(|id| Gap {
                part: format!("{}/{id}", Part::Item.folder()),
                problem:
                    "the manifest of the bundle does not mention it; run the collector again, of one version on every \
                          server"
                        .to_owned(),
                file: None,
                line: None,
                column: None,
            })
            .collect()
    };
    asked.iter().map(gaps).collect()
}

/// What is to be said of a bundle whose items these documents are.
pub fn notes(documents: &[Document], modified: Vec<String>, catalogue: &Catalogue) -> BundleNotes {
    let mut notes = BundleNotes {
        modified,
        ..BundleNotes::default()
    };
    for answer in documents.iter().filter_map(|document| document.item.as_ref()) {
        let root = item::root_of(&answer.id);
        let kind = catalogue
            .objects
            .iter()
            .find(|kind| kind.document.as_ref() == Some(&root));
        let evidence = catalogue.facts.bundle_evidence.contains(&answer.id);
        match (kind, &answer.problem) {
            (None, _) if !evidence => notes.unknown.push(answer.id.clone()),
            (None, Some(problem)) if !answer.required => notes.unread.push(problem.clone()),
            _ => {}
        }
    }
    notes.unknown.dedup();
    notes
}

/// Where an export has no global settings, what witnesses say of them is all that is known.
pub fn stand_in(configuration: &mut Configuration, catalogue: &'static Catalogue) {
    let global = ids::kinds::GLOBAL;
    if configuration.of_kind(global).next().is_some() {
        return;
    }
    let mut known: Option<Object> = None;
    for witness in &configuration.witnesses {
        for (key, setting) in &witness.settings {
            let original = |row: &'static Row| catalogue.row(row.witness_of.as_deref()?);
            let Some(row) = catalogue
                .row(key.row)
                .and_then(original)
                .filter(|row| row.object == global)
            else {
                continue;
            };
            let value = value::read(row, &setting.value.display(), &catalogue.facts);
            let object = known.get_or_insert_with(|| Object {
                kind: global_kind(catalogue),
                partial: true,
                settings: std::collections::BTreeMap::new(),
                ..witness.clone()
            });
            let read = Setting::new(value, setting.location, None);
            object.settings.entry(SettingKey::row(&row.id)).or_insert(read);
        }
    }
    if let (Some(mut object), Some(kind)) = (known, catalogue.kind(global)) {
        object.name = kind.name.clone().unwrap_or_default();
        object.key = object.name.to_lowercase();
        configuration.objects.push(object);
    }
}

fn global_kind(catalogue: &'static Catalogue) -> &'static str {
    catalogue.kind(ids::kinds::GLOBAL).map_or("", |kind| kind.kind.as_str())
}
