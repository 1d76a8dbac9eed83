//! Every leaf of an export is accounted for: whatever is changed, removed or
//! added in the global settings or a connector of either server, an entry of the
//! report names it and shows the values; of a secret, that it differs.
//! (`leaves.rs` does the same for rules.)
//!
//! Sampled: of every element path the first, the middle and the last place,
//! of every parameter its value. Each document is edited in a cut-down export
//! around it: two rules, the other documents without their schemas. The
//! schema of Active Directory is cut to every 20th attribute, class and
//! content rule and to whatever has an element path that these lack; in it
//! every text and attribute is changed.

use crate::support;
use crate::support::bench::Bench;
use crate::support::edits::{self, Edit, Kind};
use crate::support::files::Files;
use std::collections::BTreeSet;

const NAME: &str = "CONTOSO-SYNC01";

/// The paths of the documents: global settings, Active Directory, Entra.
const DOCUMENTS: [&str; 3] = [
    "GlobalSettings/MV.xml",
    "Connectors/Connector_{ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d}.xml",
    "Connectors/Connector_{b891884f-051e-4a83-95af-2544101c9083}.xml",
];

/// More values to try where text of a fixed vocabulary stands.
fn vocabulary(path: &str, old: &str) -> Vec<String> {
    let words: &[&str] = match path.rsplit('/').next().unwrap_or_default() {
        "category" => &["Extensible2"],
        "@type" if path.ends_with("step-type/@type") => &["export", "delta-import"],
        "import-subtype" => &["to-file"],
        "id" if path == "ma-data/id" => &["{b891884f-051e-4a83-95af-2544101c9084}"],
        "selected" => &["False"],
        "name" if path.ends_with("partition/name") => &["DC=fabrikam,DC=com"],
        _ => &[],
    };
    edits::others(words, old)
}

/// The export around one document: it as it is, the others without their schemas, two rules.
fn around(document: &str, all: &Files) -> Files {
    let mut files = all.clone();
    let rules: BTreeSet<String> = files.rule_paths().into_iter().skip(2).collect();
    files.texts.retain(|path, _| !rules.contains(path));
    let whole = files.texts.remove(document).unwrap();
    files.without_schemas();
    files.texts.insert(document.to_owned(), whole);
    files
}

/// Edits of one document at the first, the middle and the last place of each sort.
fn sampled(bench: &Bench, document: &str) -> Vec<(String, Edit)> {
    let all = edits::all(&bench.files.texts[document], &vocabulary);
    let picked = edits::spread(all);
    picked.into_iter().map(|edit| (document.to_owned(), edit)).collect()
}

/// Edits one document on staging, then on the primary.
fn assert_accounted(files: &Files, document: &str) {
    for bench in [Bench::of(files, NAME, false), Bench::swapped(files, NAME)] {
        let edits = sampled(&bench, document);
        assert!(edits.len() > 200, "{} edits", edits.len());
        bench.assert_accounted(&edits);
    }
}

fn contoso() -> Option<Files> {
    support::data("contoso").map(|folder| Files::read(&folder))
}

#[test]
fn every_edit_of_the_global_settings_has_an_entry() {
    let Some(all) = contoso() else { return };
    assert_accounted(&around(DOCUMENTS[0], &all), DOCUMENTS[0]);
}

#[test]
fn every_edit_of_the_entra_connector_has_an_entry() {
    let Some(all) = contoso() else { return };
    assert_accounted(&around(DOCUMENTS[2], &all), DOCUMENTS[2]);
}

#[test]
fn every_edit_of_an_active_directory_connector_has_an_entry() {
    let Some(mut all) = contoso() else { return };
    all.without_schemas();
    assert_accounted(&around(DOCUMENTS[1], &all), DOCUMENTS[1]);
}

#[test]
fn every_edit_of_a_sample_of_the_active_directory_schema_has_an_entry() {
    let Some(all) = contoso() else { return };
    let whole = element_paths(&all.texts[DOCUMENTS[1]]);
    let mut files = around(DOCUMENTS[1], &all);
    let document = files.texts.get_mut(DOCUMENTS[1]).unwrap();
    *document = cut_schema(document);
    assert_eq!(
        element_paths(document),
        whole,
        "the sample has every path of the export"
    );
    let bench = Bench::of(&files, NAME, false);
    let inside = |edit: &Edit| edit.path.starts_with("ma-data/schema/");
    let all = edits::all(&bench.files.texts[DOCUMENTS[1]], &vocabulary);
    let changes = all.iter().filter(|edit| edit.kind == Kind::Change).cloned();
    let spread = edits::spread(all.clone())
        .into_iter()
        .filter(|edit| edit.kind != Kind::Change);
    let edits: Vec<(String, Edit)> = changes
        .chain(spread)
        .filter(inside)
        .map(|edit| (DOCUMENTS[1].to_owned(), edit))
        .collect();
    assert!(edits.len() > 500, "{} edits", edits.len());
    bench.assert_accounted(&edits);
}

/// Every path of elements and attributes of a document.
fn element_paths(text: &str) -> BTreeSet<String> {
    let document = roxmltree::Document::parse(text).unwrap();
    let mut paths = BTreeSet::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let path = edits::path(node);
        paths.extend(
            node.attributes()
                .map(|attribute| format!("{path}/@{}", attribute.name())),
        );
        paths.insert(path);
    }
    paths
}

/// The document with every 20th member of its schema, the first few members of those, and the first with each path.
fn cut_schema(text: &str) -> String {
    let document = roxmltree::Document::parse(text).unwrap();
    let mut seen = BTreeSet::new();
    let mut gone: Vec<std::ops::Range<usize>> = Vec::new();
    let schema = document
        .descendants()
        .find(|node| node.has_tag_name("directory-schema"))
        .unwrap();
    for (at, member) in schema.children().filter(|node| node.is_element()).enumerate() {
        let paths = |node: roxmltree::Node<'_, '_>| -> BTreeSet<String> {
            let elements = node.descendants().filter(|node| node.is_element());
            elements
                .flat_map(|node| {
                    let path = edits::path(node);
                    let own = node
                        .attributes()
                        .map(|a| format!("{path}/@{}", a.name()))
                        .collect::<Vec<_>>();
                    own.into_iter().chain([path])
                })
                .collect()
        };
        let here = paths(member);
        let news = here.difference(&seen).next().is_some();
        seen.extend(here);
        if !news && at % 20 != 0 {
            gone.push(member.range());
            continue;
        }
        let mut times = std::collections::BTreeMap::new();
        for child in member.children().filter(|node| node.is_element()) {
            let times = times.entry(child.tag_name().name()).or_insert(0);
            *times += 1;
            if *times > 2 {
                gone.push(child.range());
            }
        }
    }
    let mut text = text.to_owned();
    for range in gone.into_iter().rev() {
        text.replace_range(range, "");
    }
    text
}
