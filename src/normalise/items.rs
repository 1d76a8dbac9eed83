//! Items of a bundle on their way to documents.
//!
//! In: what was asked of a server and the JSON that came. Out: the text of a
//! document where the catalogue knows the item, and what is to be said of the
//! others; what every server has to say and this one does not. Must not know:
//! what any item means.

use super::plan::Plan;
use super::value;
use crate::catalogue::{Catalogue, Class, Least, ObjectKind, ids};
use crate::intake::manifest::READ;
use crate::intake::{Answer, Document, Intake, Json, JsonProblem, JsonValue, Limits, Part, item};
use crate::model::{BundleNotes, Configuration, Gap, Object, Setting, SettingKey, on_one_line};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, and at which line and column.
pub type Problem = (String, Option<(u32, u32)>);

/// The document of an item; `None` for what is no setting.
///
/// # Errors
/// There is no answer, or it cannot be read.
pub fn text(plan: &Plan, document: &Document, answer: &Answer, limits: &Limits) -> Result<Option<String>, Problem> {
    let json = json(document, answer, limits)?;
    let root = item::root_of(&answer.id);
    let Some(place) = plan.root(&root) else {
        return Ok(None);
    };
    let Some(data) = json.get("data") else {
        let problem = "the item has no data; run the collector again".to_owned();
        return Err((problem, Some((json.line, 1))));
    };
    if let Some(problem) = plan.node(place).begins.and_then(|kind| nothing(kind, answer, data)) {
        return Err((problem, Some((data.line, 1))));
    }
    let text = item::document(&root, answer.of.as_deref(), data, plan.is_list(place));
    text.map(Some).map_err(failed)
}

/// Why an item says nothing though every server has something to say.
fn nothing(kind: &ObjectKind, answer: &Answer, data: &Json) -> Option<String> {
    if answer.status != READ {
        let missed = kind.required || kind.everywhere;
        let problem = format!(
            "the collector found nothing there ({}), and every server has it; run the collector again",
            on_one_line(&answer.status)
        );
        return missed.then_some(problem);
    }
    let least = kind.least.filter(|least| !holds(data, *least));
    least.map(|_| "the answer is empty, and every server has something to say here; run the collector again".to_owned())
}

/// Whether data hold at least so much.
fn holds(data: &Json, least: Least) -> bool {
    match (&data.value, least) {
        (JsonValue::Null, _) => false,
        (JsonValue::List(_) | JsonValue::Table(_), Least::Table) => true,
        (JsonValue::List(list), Least::Entry) => !list.is_empty(),
        (JsonValue::Table(fields), Least::Entry) => !fields.is_empty(),
        (JsonValue::List(list), Least::Value) => list.iter().any(|one| holds(one, least)),
        (JsonValue::Table(fields), Least::Value) => fields.iter().any(|(_, one)| holds(one, least)),
        (JsonValue::Text(text), _) => !text.trim().is_empty(),
        (JsonValue::Flag(_) | JsonValue::Number(_), _) => true,
    }
}

/// What an item's file says, once it agrees with the manifest that there is an answer.
fn json(document: &Document, answer: &Answer, limits: &Limits) -> Result<Json, Problem> {
    if let Some(problem) = &answer.problem {
        return Err((problem.clone(), None));
    }
    let json = Json::parse(&document.text, limits).map_err(failed)?;
    if let Some(id) = json.get("id").filter(|id| id.text().is_some_and(|id| id != answer.id)) {
        let problem = format!(
            "the file holds the item {}; run the collector again",
            on_one_line(id.text().unwrap_or_default())
        );
        return Err((problem, Some((id.line, 1))));
    }
    let status = json.get("status");
    match status.zip(status.and_then(Json::text)) {
        Some((status, said)) if said != answer.status => {
            let problem = format!(
                "the file says that the item is {}, the manifest says {}; run the collector again",
                on_one_line(said),
                on_one_line(&answer.status)
            );
            Err((problem, Some((status.line, 1))))
        }
        _ => Ok(json),
    }
}

fn failed(problem: JsonProblem) -> Problem {
    let words = format!("{}; run the collector again", problem.problem);
    (words, Some((problem.line, problem.column)))
}

/// A gap where an item should be; without the one that says how the export went, anything may be missing.
pub fn missing(id: &str, problem: String, catalogue: &Catalogue) -> Gap {
    match id == catalogue.facts.bundle_export {
        true => super::gap("*", problem),
        false => gap(id, problem),
    }
}

/// A gap where an item should be.
fn gap(id: &str, problem: String) -> Gap {
    super::gap(&format!("{}/{id}", Part::Item.folder()), problem)
}

/// What the collector asked.
fn asked(documents: &[Document]) -> impl Iterator<Item = (&Document, &Answer)> {
    let items = documents
        .iter()
        .filter_map(|document| Some((document, document.item.as_ref()?)));
    items.filter(|(_, answer)| answer.asked)
}

/// Items that hold settings or that every server has to tell; none where it has no bundle.
fn settings(documents: &[Document], catalogue: &Catalogue) -> BTreeSet<String> {
    let is_setting = |id: &str| {
        let kind = catalogue.of_document(&item::root_of(id));
        kind.is_some_and(|kind| !kind.witness)
    };
    asked(documents)
        .filter(|(_, answer)| answer.required || is_setting(&answer.id))
        .map(|(_, answer)| answer.id.clone())
        .collect()
}

/// What every bundle has to have.
fn required(catalogue: &Catalogue) -> impl Iterator<Item = String> {
    let kinds = catalogue.objects.iter().filter(|kind| kind.required);
    let documents = kinds.filter_map(|kind| kind.document.as_deref());
    documents.filter_map(|root| root.strip_prefix(item::ROOT).map(str::to_owned))
}

/// What no server was asked for though each has to be, what one was asked for and another one was not, and what nobody here can read and is not the same
/// everywhere: nobody knows whether it is.
pub fn unasked(inputs: &[Intake], catalogue: &Catalogue, limits: &Limits) -> Vec<Vec<Gap>> {
    let known: Vec<BTreeSet<String>> = inputs
        .iter()
        .map(|input| settings(&input.documents, catalogue))
        .collect();
    let required: BTreeSet<String> = required(catalogue).collect();
    let all: BTreeSet<&String> = known.iter().flatten().chain(&required).collect();
    let strange = strange(inputs, catalogue, limits);
    let gaps = |input: &Intake| {
        let own: BTreeSet<&String> = asked(&input.documents).map(|(_, answer)| &answer.id).collect();
        if own.is_empty() && input.exported.is_some() {
            let problem = "the manifest of the bundle lists none; run the collector again";
            return vec![super::gap(Part::Item.folder(), problem.to_owned())];
        }
        let lacking = all.iter().filter(|id| !own.is_empty() && !own.contains(**id));
        let unasked = lacking.map(|id| {
            let problem =
                "the manifest of the bundle does not mention it; run the collector again, of one version on every server";
            missing(id, problem.to_owned(), catalogue)
        });
        let has = |id: &&String| asked(&input.documents).any(|(_, answer)| answer.id == **id);
        let unread = strange.iter().filter(has).map(|id| {
            let problem = "this version does not know the item, and it is not the same on every server; use the version \
                           that the collector belongs to";
            gap(id, problem.to_owned())
        });
        unasked.chain(unread).collect()
    };
    inputs.iter().map(gaps).collect()
}

/// Items that nobody knows and that are not the same in all bundles.
fn strange(inputs: &[Intake], catalogue: &Catalogue, limits: &Limits) -> BTreeSet<String> {
    let bundles: Vec<&Intake> = inputs
        .iter()
        .filter(|input| asked(&input.documents).next().is_some())
        .collect();
    let mut all: BTreeMap<(&str, Option<&str>), Vec<Option<Json>>> = BTreeMap::new();
    for (document, answer) in bundles.iter().flat_map(|input| asked(&input.documents)) {
        if is_unknown(&answer.id, catalogue) {
            let read = json(document, answer, limits)
                .ok()
                .and_then(|json| json.get("data").cloned());
            all.entry((&answer.id, answer.of.as_deref())).or_default().push(read);
        }
    }
    let differs = |answers: &[Option<Json>]| match answers {
        [Some(first), others @ ..] if answers.len() == bundles.len() => !others
            .iter()
            .all(|other| other.as_ref().is_some_and(|other| other.says(first))),
        _ => bundles.len() > 1,
    };
    let strange = all.iter().filter(|(_, answers)| differs(answers));
    strange.map(|((id, _), _)| (*id).to_owned()).collect()
}

fn is_unknown(id: &str, catalogue: &Catalogue) -> bool {
    catalogue.of_document(&item::root_of(id)).is_none() && !catalogue.facts.bundle_evidence.iter().any(|own| own == id)
}

/// What was not found where something may be all the same: that there is nothing is known only while another setting of
/// the server has a value. What its object lacks is unknown then.
pub fn perhaps(documents: &[Document], configuration: &mut Configuration, catalogue: &'static Catalogue) {
    let absent = asked(documents).filter(|(_, answer)| answer.status != READ && answer.problem.is_none());
    for (_, answer) in absent {
        let kind = catalogue.of_document(&item::root_of(&answer.id));
        let Some((kind, known)) = kind.and_then(|kind| Some((kind, kind.known_while.as_ref()?))) else {
            continue;
        };
        let Some(row) = catalogue.row(&known.row) else { continue };
        let mut values = configuration.objects.iter().filter_map(|object| object.value(&row.id));
        if values.any(|value| value.canonical() == known.at) {
            continue;
        }
        let problem = format!(
            "the collector found nothing there, which is an answer only while {}; see to that and run the collector again",
            known.words
        );
        configuration.gaps.push(gap(&answer.id, problem));
        let own = configuration
            .objects
            .iter_mut()
            .filter(|object| object.kind == kind.kind);
        own.for_each(|object| object.partial = true);
    }
}

/// What answers lack that every server says.
pub fn incomplete(documents: &[Document], configuration: &mut Configuration, catalogue: &'static Catalogue) {
    let items: BTreeMap<usize, &str> = asked(documents)
        .filter(|(_, answer)| answer.status == READ)
        .map(|(document, answer)| (document.file, answer.id.as_str()))
        .collect();
    let always: Vec<_> = catalogue.rows.iter().filter(|row| row.always).collect();
    let all = configuration.objects.iter_mut().chain(&mut configuration.witnesses);
    for object in all.filter(|object| !object.partial) {
        let Some(id) = items.get(&object.location.file) else {
            continue;
        };
        for row in always.iter().filter(|row| row.object == object.kind) {
            if !object.canonical(&row.id).is_empty() {
                continue;
            }
            object.partial = true;
            let name = on_one_line(&object.name);
            let problem = format!(
                "{name}: {} is not there, and every server has it; run the collector again",
                row.title
            );
            configuration.gaps.push(gap(id, problem));
        }
    }
}

/// What is to be said of a bundle whose items these documents are.
pub fn notes(input: &mut Intake, catalogue: &Catalogue) -> BundleNotes {
    let mut notes = BundleNotes {
        modified: std::mem::take(&mut input.modified),
        exported: input.exported,
        ..BundleNotes::default()
    };
    let unknown = asked(&input.documents).filter(|(_, answer)| is_unknown(&answer.id, catalogue));
    notes.unknown = unknown.map(|(_, answer)| answer.id.clone()).collect();
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
            // What the tenant has is no setting of the server.
            let own = catalogue.row(key.row).filter(|row| row.class != Class::Tenant);
            let original = own.and_then(|row| catalogue.witnessed(row, &witness.name));
            // A parameter that nobody ships may hold a secret that only the export would show to be one.
            let Some((row, None)) = original.filter(|(row, _)| row.object == global) else {
                continue;
            };
            let said = setting.value.display();
            if catalogue.facts.is_withheld(&said) {
                continue;
            }
            let value = value::read(row, &said, &catalogue.facts);
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
        object.parent = None;
        object.key = object.name.to_lowercase();
        configuration.objects.push(object);
    }
}

fn global_kind(catalogue: &'static Catalogue) -> &'static str {
    catalogue.kind(ids::kinds::GLOBAL).map_or("", |kind| kind.kind.as_str())
}
