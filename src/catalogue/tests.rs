//! The catalogue's own rules: everything registered, nothing empty, every path well-formed.

use super::*;
use std::collections::BTreeSet;
use std::path::Path as FsPath;

fn folder() -> std::path::PathBuf {
    FsPath::new(env!("CARGO_MANIFEST_DIR")).join("src/catalogue")
}

#[test]
fn every_file_of_the_folder_is_registered() {
    let on_disk: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            name.ends_with(".toml")
                && ![
                    "facts.toml",
                    "effects.toml",
                    "layout.toml",
                    "snapshot.toml",
                    "causes.toml",
                ]
                .contains(&name.as_str())
        })
        .collect();
    let registered: BTreeSet<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(on_disk, registered);
}

#[test]
fn rows_are_well_formed() {
    let catalogue = Catalogue::builtin();
    for row in &catalogue.rows {
        let id = &row.id;
        assert!(
            id.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                && !id.starts_with('-'),
            "{id} is not kebab-case"
        );
        for (name, text) in [
            ("title", &row.title),
            ("why", &row.why),
            ("fix", &row.fix),
            ("reference", &row.reference),
        ] {
            assert!(!text.trim().is_empty(), "{name} of {id} is empty");
            assert_eq!(text.trim(), text, "{name} of {id} has blanks around it");
        }
        assert!(
            row.object == ids::kinds::PAIR || catalogue.kind(&row.object).is_some(),
            "{id} belongs to the unknown kind {}",
            row.object
        );
        assert_ne!(
            row.path.is_some(),
            row.source.is_some(),
            "{id} needs a path or a source, not both"
        );
        assert_eq!(
            row.path.is_some(),
            row.value.is_some(),
            "{id}: a path needs a kind of value"
        );
        if let Some(path) = &row.path {
            assert!(Path::parse(path).is_ok(), "{id}: {:?}", Path::parse(path));
        }
        if matches!(row.class, Class::Noise | Class::Info | Class::Policy) {
            assert!(row.reason.is_some(), "{id} needs a reason why a difference is expected");
        }
        if let Some(original) = &row.copy_of {
            let original = catalogue
                .row(original)
                .unwrap_or_else(|| panic!("{id} is a copy of nothing"));
            let single = catalogue
                .kind(&original.object)
                .is_some_and(|kind| kind.name.is_some() || kind.kind == ids::kinds::CONNECTOR);
            assert!(
                original.object == row.object || single,
                "{id} is a copy of a setting of which there may be several"
            );
            assert_eq!(original.value, row.value, "{id} is not read as its original");
            assert_eq!(original.severity, row.severity, "{id} is not as bad as its original");
        }
        if let Some(original) = &row.witness_of {
            let original = catalogue
                .row(original)
                .unwrap_or_else(|| panic!("{id} is a witness of nothing"));
            assert_eq!(original.value, row.value, "{id} is not read as what it is a witness of");
            assert!(
                row.class == Class::Noise || catalogue.kind(&row.object).is_some_and(|kind| kind.witness),
                "{id} is no witness"
            );
        }
        let named = [
            row.identified_by.as_deref(),
            row.goes_with.as_deref(),
            row.alert.as_ref().map(|alert| alert.row.as_str()),
        ];
        for other in named.into_iter().flatten() {
            assert!(catalogue.row(other).is_some(), "{id} names the unknown row {other}");
        }
        let of_bundle = catalogue
            .document(&row.object)
            .is_some_and(|root| root.starts_with("item."));
        assert!(of_bundle || !row.always, "{id} is no setting of an item");
        for escalation in &row.escalate {
            assert!(escalation.severity > row.severity, "{id} escalates to what it is");
        }
    }
}

#[test]
fn kinds_refer_to_rows_and_kinds_that_exist() {
    let catalogue = Catalogue::builtin();
    for kind in &catalogue.objects {
        assert!(
            kind.document.is_some() != (kind.parent.is_some() && kind.path.is_some()),
            "{} needs a document, or a parent and a path",
            kind.kind
        );
        for row in kind.references() {
            assert!(
                catalogue.row(row).is_some(),
                "{} names the unknown row {row}",
                kind.kind
            );
        }
        for row in kind.folders.keys() {
            assert!(
                catalogue.row(row).is_some(),
                "{} names the unknown row {row}",
                kind.kind
            );
        }
        if let Some(known) = &kind.known_while {
            assert!(
                catalogue.row(&known.row).is_some(),
                "{} names the unknown row {}",
                kind.kind,
                known.row
            );
        }
        let of_bundle = kind.document.as_ref().is_some_and(|root| root.starts_with("item."));
        let asked = kind.required || kind.everywhere || kind.least.is_some() || kind.known_while.is_some();
        assert!(of_bundle || !asked, "{} is no item of a bundle", kind.kind);
        assert!(
            !kind.indispensable || kind.parent.is_some() && kind.presence.is_some(),
            "{}",
            kind.kind
        );
        if let Some(parent) = kind.parent.as_ref().or(kind.again.as_ref()) {
            assert!(
                catalogue.kind(parent).is_some(),
                "{} names the unknown kind {parent}",
                kind.kind
            );
        }
    }
}

#[test]
fn members_of_sets_have_a_name_and_one_sided_objects_one_wording() {
    let catalogue = Catalogue::builtin();
    for row in &catalogue.rows {
        let set = matches!(row.value, Some(ValueKind::Set | ValueKind::DnSet | ValueKind::CommaSet));
        assert_eq!(set, row.member.is_some(), "{}", row.id);
    }
    // Headings say which server has it.
    for kind in catalogue.objects.iter().filter_map(|kind| kind.presence.as_deref()) {
        let row = catalogue.row(kind).unwrap();
        let one_sided = row.title.ends_with(ONE_SIDED);
        // A flow on one server is called after its target, as one that changed.
        assert!(one_sided || row.id == ids::FLOW, "{}: {}", row.id, row.title);
    }
}

#[test]
fn ids_that_code_asks_for_exist() {
    let catalogue = Catalogue::builtin();
    for id in ids::ALL {
        assert!(catalogue.row(id).is_some(), "no row {id}");
    }
}

#[test]
fn two_rows_never_read_one_path() {
    let catalogue = Catalogue::builtin();
    let mut seen = BTreeSet::new();
    for row in &catalogue.rows {
        if let Some(path) = &row.path {
            let key = (&row.object, path, &row.beside);
            assert!(
                seen.insert(key),
                "{} reads a path that another row reads, too: {path}",
                row.id
            );
        }
    }
}

#[test]
fn faults_of_a_file_are_named() {
    let row = r#"{"id":"a","object":"pair","title":"A","source":"derived","class":"equal","severity":"low",
        "why":"w","fix":"f","reference":"r"}"#;
    let prepared: serde_json::Value = serde_json::from_str(BUILTIN).unwrap();
    let with = |rule: &str| {
        let files: Vec<String> = FILES
            .iter()
            .map(|name| format!("{name:?}: {}", if *name == "rule.toml" { rule } else { "{}" }))
            .collect();
        format!(
            "{{\"facts\": {}, \"effects\": {}, \"layout\": {}, \"snapshot\": {}, \"causes\": {}, \"files\": {{ {} }} }}",
            prepared["facts"],
            prepared["effects"],
            prepared["layout"],
            prepared["snapshot"],
            prepared["causes"],
            files.join(", ")
        )
    };
    assert!(Catalogue::prepared(&with(&format!(r#"{{"row": [{row}]}}"#))).is_ok());
    let error = Catalogue::prepared(&with(&format!(r#"{{"row": [{row}, {row}]}}"#))).unwrap_err();
    assert_eq!(error.to_string(), "catalogue file rule.toml: the id a stands twice");
    let error = Catalogue::prepared(&with(r#"{"row": [{"colour": 1}]}"#)).unwrap_err();
    assert!(error.to_string().contains("colour"), "{error}");
    let error = Catalogue::prepared(&with("{}").replace("pair.toml", "x.toml")).unwrap_err();
    assert!(error.to_string().contains("pair.toml is missing"), "{error}");
}

#[test]
fn causes_name_rows_that_exist_once_for_the_same_objects() {
    let catalogue = Catalogue::builtin();
    let mut places = catalogue.causes.places();
    assert!(places.all(|place| catalogue.row(&place.row).is_some()));
    let mut seen = BTreeSet::new();
    let mut twice = catalogue
        .causes
        .places()
        .filter(|place| !seen.insert((&place.row, &place.like)));
    assert!(twice.next().is_none());
}

#[test]
fn effects_name_rows_and_places_that_exist() {
    const PLACES: [&str; 8] = [
        "server",
        "primary",
        "objects",
        "connector",
        "targets",
        "before",
        "after",
        "other",
    ];
    let catalogue = Catalogue::builtin();
    for effect in &catalogue.effects.effect {
        let row = effect.row.as_deref();
        assert!(row.is_none_or(|row| catalogue.row(row).is_some()), "{row:?}");
        for place in effect.text.split('{').skip(1) {
            let name = place.split('}').next().unwrap();
            assert!(PLACES.contains(&name), "{name} in {}", effect.text);
        }
        assert!(effect.text.ends_with('.'), "{}", effect.text);
    }
    let values = catalogue.effects.values.values();
    assert!(
        values
            .clone()
            .all(|(inbound, outbound)| ![inbound, outbound].iter().any(|text| text.is_empty()))
    );
    assert_eq!(values.count(), 3);
    let operators = catalogue.effects.operators.values();
    assert!(
        operators
            .clone()
            .all(|(inside, outside, _)| inside.contains("{a}") && outside.contains("{a}"))
    );
    assert_eq!(operators.count(), 20);
    let operators = &catalogue.effects.operators;
    for (operator, (.., opposite)) in operators {
        assert_eq!(operators.get(opposite).map(|(.., back)| back), Some(operator));
    }
}

#[test]
fn a_snapshot_has_a_file_for_every_document_and_every_object_that_others_refer_to() {
    let catalogue = Catalogue::builtin();
    let parts = catalogue.snapshot.parts();
    for kind in catalogue.objects.iter().filter(|kind| !kind.witness) {
        let first = |document: &String| {
            parts
                .iter()
                .any(|part| part.document == *document && part.path.is_none())
        };
        assert!(kind.document.as_ref().is_none_or(first), "no file for {}", kind.kind);
        let own = parts.iter().any(|part| part.kind.as_ref() == Some(&kind.kind));
        assert!(
            kind.identifier.is_none() || kind.document.is_some() || own,
            "no file for {}",
            kind.kind
        );
        if let Some(row) = kind.identifier.as_deref() {
            let path = catalogue.row(row).and_then(|row| row.path.as_deref()).unwrap();
            assert!(!path.contains(['/', '@', '[', '{']), "{row}: {path} is no child");
        }
    }
    let known: Vec<&str> = catalogue.objects.iter().map(|kind| kind.kind.as_str()).collect();
    for part in parts {
        assert!(
            part.kind.as_ref().is_none_or(|kind| known.contains(&kind.as_str())),
            "{part:?}"
        );
        assert!(
            catalogue
                .objects
                .iter()
                .any(|kind| kind.document.as_ref() == Some(&part.document)),
            "{part:?}"
        );
    }
    for row in &catalogue.rows {
        assert!(catalogue.snapshot.of_row(&row.id).is_none() || row.source.is_some() || row.path.is_some());
    }
}
