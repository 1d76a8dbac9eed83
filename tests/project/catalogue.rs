//! Every row of the catalogue can be reached: a document made from a row's
//! path gives a setting of that row.

use std::collections::BTreeSet;
use syncdrift::catalogue::{Catalogue, Key, Path, Row, Source, Step, ValueKind, ids};
use syncdrift::intake::{Document, Intake, Limits, Part, item};
use syncdrift::model::{Configuration, SourceFile};
use syncdrift::normalise::normalise;

/// An element while it is built.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn named(name: &str) -> Element {
        Element {
            name: name.to_owned(),
            ..Element::default()
        }
    }

    /// Follows steps from this element, making what is missing; the last one gets `text`.
    fn grow(&mut self, steps: &[Step], text: &str) {
        let Some((step, rest)) = steps.split_first() else {
            self.text = text.to_owned();
            return;
        };
        let mut child = match step {
            Step::Attribute(name) => {
                self.attributes.push((name.clone(), text.to_owned()));
                return;
            }
            Step::Child(name, key) => {
                // A key of JSON may be no name of XML.
                let spelled = if name.contains(' ') {
                    item::element_name(name)
                } else {
                    name.into()
                };
                let mut child = Element::named(&spelled);
                match key {
                    Key::Named(key) => child.attributes.push(("name".to_owned(), key.clone())),
                    Key::Any => child.attributes.push(("name".to_owned(), "some name".to_owned())),
                    Key::One | Key::Repeated => {}
                }
                child
            }
            Step::Wildcard | Step::Deep => Element::named("anything"),
            Step::Wrapper => panic!("a wrapper stands only at the beginning"),
        };
        // A leaf's own key attribute is the one that a row may ask for.
        if let [Step::Attribute(name)] = rest {
            child.attributes.retain(|(known, _)| known != name);
        }
        child.grow(rest, text);
        self.children.push(child);
    }

    fn xml(&self) -> String {
        let attributes: String = self
            .attributes
            .iter()
            .map(|(name, value)| format!(" {name}=\"{value}\""))
            .collect();
        let inside: String = self.children.iter().map(Element::xml).collect();
        format!("<{0}{attributes}>{1}{inside}</{0}>", self.name, self.text)
    }
}

/// Element and steps from the document's root to a kind of object.
fn chain(catalogue: &Catalogue, kind: &str) -> (String, Vec<Step>) {
    let object = catalogue.kind(kind).unwrap();
    if let Some(document) = &object.document {
        return (document.clone(), Vec::new());
    }
    let (document, mut steps) = chain(catalogue, object.parent.as_deref().unwrap());
    steps.extend(Path::parse(object.path.as_deref().unwrap()).unwrap().0);
    (document, steps)
}

/// A document in which this row is read.
fn document(catalogue: &Catalogue, row: &Row) -> (Part, String) {
    let (root, mut steps) = chain(catalogue, &row.object);
    let path = Path::parse(row.path.as_deref().unwrap()).unwrap().0;
    let part = Part::of_root(&root).unwrap();
    let text = match row.value.unwrap() {
        ValueKind::Flag => "True",
        ValueKind::Expression => "[mail]",
        _ => "value",
    };
    let mut element = Element::named(&root);
    element
        .attributes
        .push(("xmlns:dsml".to_owned(), "http://www.dsml.org/DSML".to_owned()));
    element.attributes.push((
        "xmlns:ms-dsml".to_owned(),
        "http://www.microsoft.com/MMS/DSML".to_owned(),
    ));
    if matches!(path.as_slice(), [Step::Attribute(_)] | [Step::Wrapper, ..]) && steps.is_empty() {
        // A document without any element is refused.
        element.children.push(Element::named("nothing"));
    }
    if path.first() == Some(&Step::Wrapper) {
        let mut wrapper = Element::named("export-ma");
        wrapper.children.push(element);
        wrapper.grow(&path[1..], text);
        return (part, wrapper.xml());
    }
    steps.extend(path.clone());
    element.grow(&steps, text);
    if let Some(sibling) = &row.beside {
        let mut at = &mut element;
        for _ in 0..steps.len() - 1 {
            at = at.children.last_mut().unwrap();
        }
        at.children.push(Element {
            text: "x".to_owned(),
            ..Element::named(sibling)
        });
    }
    (part, element.xml())
}

fn read(part: Part, text: String) -> Configuration {
    let input = Intake {
        source: "test".to_owned(),
        files: vec![SourceFile {
            path: "document.xml".to_owned(),
            sha256: String::new(),
            bytes: 0,
        }],
        documents: vec![Document {
            file: 0,
            part,
            text: text.into(),
            item: None,
        }],
        ..Intake::default()
    };
    normalise(input, Catalogue::builtin(), &Limits::default())
}

#[test]
fn every_row_with_a_path_is_read_from_a_document_of_that_shape() {
    let catalogue = Catalogue::builtin();
    let mut unreachable = Vec::new();
    for row in catalogue.rows.iter().filter(|row| row.path.is_some()) {
        let (part, text) = document(catalogue, row);
        let configuration = read(part, text.clone());
        // A rule of a connector that is not in this tiny export is a gap, and rightly so.
        let parsed = configuration.gaps.iter().all(|gap| gap.file.is_none());
        assert!(parsed, "{text}: {:?}", configuration.gaps);
        assert_eq!(configuration.ledger.shortfall(), 0, "{text}");
        let found = configuration
            .objects
            .iter()
            .chain(&configuration.witnesses)
            .any(|object| object.settings.keys().any(|key| key.row == row.id));
        if !found {
            unreachable.push(format!("{}: {text}", row.id));
        }
    }
    assert!(unreachable.is_empty(), "{unreachable:#?}");
}

#[test]
fn every_row_without_a_path_is_asked_for_by_code_or_by_a_kind() {
    let catalogue = Catalogue::builtin();
    let mut asked: BTreeSet<&str> = ids::ALL.iter().copied().collect();
    asked.extend(catalogue.objects.iter().flat_map(|kind| kind.references()));
    let alerts = catalogue.rows.iter().filter_map(|row| row.alert.as_ref());
    asked.extend(alerts.map(|alert| alert.row.as_str()));
    for row in &catalogue.rows {
        if matches!(row.source, Some(Source::Derived | Source::Presence | Source::Fallback)) {
            assert!(asked.contains(row.id.as_str()), "nothing can give {}", row.id);
        }
    }
}

#[test]
fn explain_prints_every_row() {
    for row in &Catalogue::builtin().rows {
        let text = syncdrift::render::explain(Catalogue::builtin(), row, false);
        assert!(text.contains(&row.id), "{text}");
        let markdown = syncdrift::render::explain(Catalogue::builtin(), row, true);
        assert!(markdown.contains("**Fix.**"), "{markdown}");
    }
}
