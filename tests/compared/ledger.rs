//! The ledger counts what an independent count of the XML gives, every leaf
//! once; and what is said to be checked is all there is.

use crate::support;
use crate::support::export::{Export, Pair, Rule, direct};
use crate::support::files::Files;
use crate::support::{Compared, edits, inside, text};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syncdrift::catalogue::{Catalogue, Source, ids};
use tempfile::TempDir;

/// Leaves of all XML of a folder, counted without any of the program's code.
fn leaves(folder: &Path) -> u64 {
    let texts = Files::read(folder).texts;
    texts.values().map(|text| edits::leaves(text) as u64).sum()
}

#[track_caller]
fn assert_counted(compared: &Compared, primary: &Path, staging: &Path) {
    let ledger = &compared.report["ledger"];
    let number = |key: &str| ledger[key].as_u64().unwrap();
    assert_eq!(number("leaves"), leaves(primary) + leaves(staging), "{ledger}");
    let parts = number("compared") + number("noise") + number("secret") + number("uncatalogued");
    assert_eq!(number("leaves"), parts, "{ledger}");
}

#[test]
fn every_leaf_of_the_samples_is_counted() {
    let (primary, staging) = (support::sample("primary"), support::sample("staging"));
    assert_counted(&inside::compare(&primary, &staging), &primary, &staging);
}

#[test]
fn every_leaf_of_a_real_export_is_counted() {
    let Some(primary) = support::data("contoso") else {
        return;
    };
    let staging = TempDir::new().unwrap();
    let mut files = Files::read(&primary);
    files.replace("CONTOSO-SYNC01", "CONTOSO-SYNC02");
    files.write(staging.path());
    let compared = inside::compare(&primary, staging.path());
    assert_counted(&compared, &primary, staging.path());
    assert_eq!(
        compared.report["ledger"]["uncatalogued"], 0,
        "the catalogue knows a real export"
    );
}

#[test]
fn every_leaf_of_connectors_of_another_kind_is_counted() {
    let Some(folder) = support::data("ecma2") else { return };
    let pair = Pair::of(&Export::primary(), &Export::staging_of(&Export::primary()));
    for server in [pair.primary(), pair.staging()] {
        for (name, text) in Files::read(&folder).texts {
            let (kind, _) = name.split_once('/').unwrap();
            std::fs::write(server.join(format!("Connectors/{kind}.xml")), text).unwrap();
        }
    }
    let compared = inside::compare(&pair.primary(), &pair.staging());
    assert_counted(&compared, &pair.primary(), &pair.staging());
}

/// What `checked` says of each row.
fn checked(compared: &Compared) -> BTreeMap<String, (String, u64)> {
    let rows = compared.report["checked"].as_array().unwrap();
    let found: BTreeMap<String, (String, u64)> = rows
        .iter()
        .map(|row| {
            let count = row["objects"].as_u64().unwrap();
            (text(&row["id"]).to_owned(), (text(&row["status"]).to_owned(), count))
        })
        .collect();
    assert_eq!(found.len(), rows.len(), "a row stands twice");
    found
}

#[test]
fn every_row_of_the_catalogue_is_checked_and_says_what_became_of_it() {
    let Some(primary) = support::data("contoso") else {
        return;
    };
    let staging = TempDir::new().unwrap();
    let files = support::bench::staging_of(&Files::read(&primary), "CONTOSO-SYNC01", "CONTOSO-SYNC02");
    files.write(staging.path());
    let compared = inside::compare(&primary, staging.path());
    let rows = checked(&compared);
    let catalogue: BTreeSet<&str> = Catalogue::builtin().rows.iter().map(|row| row.id.as_str()).collect();
    let named: BTreeSet<&str> = rows.keys().map(String::as_str).collect();
    assert_eq!(catalogue, named);
    let read = inside::read(&primary);
    let drift: BTreeSet<&str> = compared.findings().iter().map(|f| text(&f["id"])).collect();
    for row in Catalogue::builtin().rows.iter().filter(|row| row.path.is_some()) {
        let holds = |object: &&syncdrift::model::Object| object.settings.keys().any(|key| key.row == row.id);
        let objects = read.objects.iter().filter(holds).count() as u64;
        let (status, count) = &rows[&row.id];
        assert_eq!(*count, objects, "objects of {}", row.id);
        let wanted = match (drift.contains(row.id.as_str()), objects) {
            (true, _) => "drift",
            (false, 0) => "not-present",
            (false, _) => "equal",
        };
        assert_eq!(status, wanted, "{}", row.id);
    }
    // Rules, connectors and the like were looked for on both servers, and none is missing.
    let of = |row: &str| rows[row].clone();
    let equal = |objects: u64| {
        let status = if objects > 0 { "equal" } else { "not-present" };
        (status.to_owned(), objects)
    };
    for kind in &Catalogue::builtin().objects {
        let Some(presence) = &kind.presence else { continue };
        let objects = read.of_kind(&kind.kind).count() as u64;
        // All rules of this export are the product's own.
        let custom = presence == ids::CUSTOM_RULE_MISSING;
        assert_eq!(of(presence), equal(if custom { 0 } else { objects }), "{presence}");
    }
    let rules = read.of_kind(ids::kinds::RULE).count() as u64;
    assert_eq!(of(ids::DEFAULT_RULE_MISSING), equal(rules));
    assert_eq!(of(ids::DEFAULT_RULE_MODIFIED), equal(rules));
    assert_eq!(of(ids::ENTRA_TENANT), equal(1));
    assert_eq!(of(ids::FOREST_ORDER), equal(0), "one forest has no order");
    assert_eq!(of(ids::EXPORTS_FAR_APART), equal(2));
    assert_eq!(of(ids::UNCATALOGUED).0, "equal", "empty lists");
}

#[test]
fn nothing_is_equal_while_a_gap_hides_it() {
    let primary = Export::primary().rule(Rule::inbound("In from AD - User Own", 50).flow(direct("title", "title")));
    let staging = Export::staging_of(&primary);
    for (part, root) in [
        ("SynchronizationRules", "synchronizationRule"),
        ("Connectors", "ma-data"),
        ("GlobalSettings", "saved-mv-configuration"),
    ] {
        let pair = Pair::of(&primary, &staging);
        let file = std::fs::read_dir(pair.staging().join(part))
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        std::fs::write(file.path(), "<cut").unwrap();
        let compared = pair.compare();
        let rows = checked(&compared);
        let mut seen = 0;
        for row in &Catalogue::builtin().rows {
            let mut kind = Catalogue::builtin().kind(&row.object);
            while let Some(parent) = kind.and_then(|kind| kind.parent.as_deref()) {
                kind = Catalogue::builtin().kind(parent);
            }
            let hidden = kind.and_then(|kind| kind.document.as_deref()) == Some(root);
            if hidden {
                seen += 1;
                assert_ne!(rows[&row.id].0, "equal", "{} of {part}", row.id);
                assert_ne!(rows[&row.id].0, "not-present", "{} of {part}", row.id);
            } else if row.source != Some(Source::Derived) && row.object != ids::kinds::PAIR {
                assert_ne!(rows[&row.id].0, "unknown", "{} is no part of {part}", row.id);
            }
        }
        assert!(seen > 10, "{part}");
        assert_eq!(rows[ids::UNCATALOGUED].0, "unknown", "{part}");
        if part == "Connectors" {
            assert_eq!(rows[ids::FOREST_ORDER].0, "unknown");
        }
    }
}

#[test]
fn what_only_a_missing_object_has_is_not_said_to_be_on_no_server() {
    let primary = Export::primary()
        .rule(Rule::inbound("In from AD - User Own", 50).flow(direct("title", "title")))
        .rule(Rule::inbound("In from AD - User Second", 51).scope(&[("department", "EQUAL", "Sales")]));
    let mut staging = Export::staging_of(&primary);
    staging.rules.remove(0);
    let rows = checked(&support::export::compare(&primary, &staging));
    assert_eq!(rows["rule-flow-source"], ("drift".to_owned(), 0));
    assert_eq!(rows["rule-scoping-filter"], ("equal".to_owned(), 1));
    assert_eq!(rows["hierarchy-mapping-missing"], ("not-present".to_owned(), 0));
}
