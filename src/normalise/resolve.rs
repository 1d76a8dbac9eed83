//! GUIDs of connectors, partitions, run profiles and rules become the names
//! of what they point to; objects with one key get an ordinal.
//!
//! In: all objects of one server. Out: the same objects with resolved
//! references and keys that are the same on both servers. Must not know: the
//! other server.

use super::hosts;
use crate::catalogue::{Catalogue, Facts, ValueKind, ids};
use crate::model::{Configuration, Gap, Object, Target, Value, fold_guid};
use std::collections::{BTreeSet, HashMap};

/// Brackets around a key that replaced a GUID inside a longer text.
pub const EMBEDDED: (char, char) = ('\u{27e6}', '\u{27e7}');

/// Resolves everything in place.
pub fn resolve(configuration: &mut Configuration, catalogue: &'static Catalogue) {
    let facts = &catalogue.facts;
    key_connectors(configuration, facts);
    hosts::own_names(configuration, catalogue);
    number_equals(configuration, catalogue);
    let targets = targets(configuration, catalogue);
    // An object's own identifier names nobody else.
    let own: BTreeSet<&str> = catalogue
        .rows
        .iter()
        .filter(|row| row.value == Some(ValueKind::Guid))
        .map(|row| row.id.as_str())
        .collect();
    for object in &mut configuration.objects {
        for (key, setting) in &mut object.settings {
            if !own.contains(key.row) {
                rewrite(&mut setting.value, &targets);
            }
        }
    }
    missing_connectors(configuration, facts);
}

/// Active Directory connectors are known by forest, the Entra connector by its subtype or constant GUID, others by type and name.
fn key_connectors(configuration: &mut Configuration, facts: &Facts) {
    for object in &mut configuration.objects {
        if object.kind == ids::kinds::CONNECTOR {
            object.key = connector_key(object, facts);
        }
    }
}

fn connector_key(object: &Object, facts: &Facts) -> String {
    let subtype = object.display(ids::CONNECTOR_SUBTYPE);
    let entra = facts
        .entra_connector_subtypes
        .iter()
        .any(|known| known.eq_ignore_ascii_case(subtype.trim()))
        || fold_guid(&object.display(ids::CONNECTOR_IDENTIFIER)) == facts.entra_connector_id;
    if entra {
        return ids::ENTRA.to_owned();
    }
    let category = object.display(ids::CONNECTOR_CATEGORY);
    let forest = object.canonical(ids::CONNECTOR_FOREST);
    if category.eq_ignore_ascii_case(&facts.active_directory_category) && !forest.is_empty() {
        return format!("{}{forest}", ids::FOREST);
    }
    format!("{category}:{subtype}:{}", object.name).to_lowercase()
}

/// Objects of one kind and key under one parent are told apart by an ordinal; objects without a key by their position.
fn number_equals(configuration: &mut Configuration, catalogue: &Catalogue) {
    let mut seen: HashMap<(&'static str, Option<usize>, &str), u32> = HashMap::new();
    let objects = configuration.objects.iter();
    let ordinals: Vec<u32> = objects
        .map(|object| {
            let next = seen.entry((object.kind, object.parent, &object.key)).or_insert(0);
            *next += 1;
            *next - 1
        })
        .collect();
    for (object, ordinal) in configuration.objects.iter_mut().zip(ordinals) {
        object.ordinal = ordinal;
        if object.name.is_empty() && object.key.is_empty() {
            let title = catalogue.kind(object.kind).map_or("", |kind| kind.title.as_str());
            object.name = format!("{title} {}", object.ordinal + 1);
        }
    }
}

/// What each GUID of this server points to.
pub(super) fn targets(configuration: &Configuration, catalogue: &'static Catalogue) -> HashMap<String, Target> {
    let mut targets = HashMap::new();
    targets.insert(
        catalogue.facts.entra_connector_id.clone(),
        Target {
            key: ids::ENTRA.to_owned(),
            name: "Microsoft Entra ID".to_owned(),
        },
    );
    for object in &configuration.objects {
        let Some(row) = catalogue.kind(object.kind).and_then(|kind| kind.identifier.as_deref()) else {
            continue;
        };
        let guid = fold_guid(&object.display(row));
        if is_guid(&guid) {
            targets.insert(
                guid,
                Target {
                    key: path_key(configuration, object),
                    name: object.name.clone(),
                },
            );
        }
    }
    targets
}

/// Keys from the outermost object inwards. A connector's key stands alone, as references to it are the commonest.
fn path_key(configuration: &Configuration, object: &Object) -> String {
    match object.parent.and_then(|parent| configuration.objects.get(parent)) {
        Some(parent) => format!("{}/{}", path_key(configuration, parent), object.key),
        None if object.kind == ids::kinds::CONNECTOR => object.key.clone(),
        None => format!("{}:{}", object.kind, object.key),
    }
}

fn rewrite(value: &mut Value, targets: &HashMap<String, Target>) {
    match value {
        Value::Reference { raw, target } => *target = targets.get(&fold_guid(raw)).cloned(),
        Value::Text { canonical, .. } => {
            if let Some(text) = replace(canonical, targets) {
                *canonical = text;
            }
        }
        Value::Expression {
            canonical: Some(canonical),
            ..
        } => {
            if let Some(text) = replace(canonical, targets) {
                *canonical = text;
            }
        }
        Value::Scope(groups) => {
            for clause in groups.iter_mut().flatten() {
                clause.resolved = clause.value.as_deref().and_then(|value| replace(value, targets));
            }
        }
        Value::Leaves(_)
        | Value::Schema(_)
        | Value::Set(_)
        | Value::List(_)
        | Value::Join(_)
        | Value::Secret { .. } => {}
        Value::Expression { canonical: None, .. } => {}
    }
}

/// The text with known GUIDs replaced; `None` when it holds none.
pub(super) fn replace(text: &str, targets: &HashMap<String, Target>) -> Option<String> {
    const LENGTH: usize = 36;
    if text.len() < LENGTH {
        return None;
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at + LENGTH <= text.len() {
        let found = text
            .get(at..at + LENGTH)
            .filter(|piece| is_guid(piece))
            .and_then(|piece| targets.get(&piece.to_ascii_lowercase()));
        match found {
            Some(target) => {
                let braced = text[..at].ends_with('{') && text[at + LENGTH..].starts_with('}');
                let (from, to) = if braced {
                    (at - 1, at + LENGTH + 1)
                } else {
                    (at, at + LENGTH)
                };
                out.push_str(text.get(copied..from)?);
                out.push(EMBEDDED.0);
                out.push_str(&target.key);
                out.push(EMBEDDED.1);
                copied = to;
                at = to;
            }
            None => at += 1,
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// 8-4-4-4-12 hex digits.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A connector that rules refer to and that is not in the export is a gap.
fn missing_connectors(configuration: &mut Configuration, facts: &Facts) {
    let known: BTreeSet<&str> = configuration
        .objects
        .iter()
        .filter(|object| object.kind == ids::kinds::CONNECTOR)
        .map(|object| object.key.as_str())
        .collect();
    let mut missing: BTreeSet<String> = BTreeSet::new();
    for object in &configuration.objects {
        if object.kind != ids::kinds::RULE {
            continue;
        }
        if let Some(Value::Reference { raw, target }) = object.value(ids::RULE_CONNECTOR) {
            let present = target
                .as_ref()
                .is_some_and(|target| known.contains(target.key.as_str()));
            if !present && !raw.is_empty() {
                missing.insert(fold_guid(raw));
            }
        }
    }
    let folder = "Connectors";
    // The file that could not be read is most likely the one; one cause is one gap.
    if configuration
        .gaps
        .iter()
        .any(|gap| gap.part == folder && gap.file.is_some())
    {
        return;
    }
    for guid in missing {
        let name = if guid == facts.entra_connector_id {
            "the Entra connector".to_owned()
        } else {
            format!("the connector {{{guid}}}")
        };
        configuration.gaps.push(Gap {
            part: folder.to_owned(),
            problem: format!("rules refer to {name}, but its file is not in the export; export again"),
            file: None,
            line: None,
            column: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_inside_text_become_keys_whatever_their_spelling() {
        let targets = HashMap::from([(
            "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d".to_owned(),
            Target {
                key: "ad:contoso.com".to_owned(),
                name: "contoso.com".to_owned(),
            },
        )]);
        let a = replace(
            "IIF(%Connector.ID%=\"{AE4DB4CC-B16B-4EB2-ACF5-837CA84E4D7D}\",1,2)",
            &targets,
        );
        let b = replace(
            "IIF(%Connector.ID%=\"ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d\",1,2)",
            &targets,
        );
        assert_eq!(a, b);
        assert!(a.is_some_and(|text| text.contains("ad:contoso.com")));
        assert_eq!(replace("no guid here, however long the text may be, é", &targets), None);
        assert_eq!(replace("00000000-0000-0000-0000-000000000000", &targets), None);
    }
}
