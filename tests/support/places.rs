//! Where the catalogue's rows are read, as whole paths from a document's root,
//! and whether such a path is that of an edit.

use super::edits::Edit;
use std::collections::HashMap;
use std::sync::OnceLock;
use syncdrift::catalogue::{Catalogue, Key, Path, Step};

/// Steps of a row; of a row without a path those of its objects.
pub struct Place {
    steps: Vec<Step>,
    /// Whether the row is read at this place, or says something about the object there.
    pub read: bool,
}

/// The place of a row.
pub fn of(id: &str) -> Option<&'static Place> {
    static PLACES: OnceLock<HashMap<&str, Place>> = OnceLock::new();
    PLACES.get_or_init(all).get(id)
}

fn all() -> HashMap<&'static str, Place> {
    let catalogue = Catalogue::builtin();
    let place = |row: &'static syncdrift::catalogue::Row| {
        let mut steps = object(catalogue, &row.object);
        if let Some(path) = &row.path {
            let path = Path::parse(path).expect("a path").0;
            if path.first() == Some(&Step::Wrapper) {
                steps.clear();
            }
            steps.extend(path);
        }
        let read = row.path.is_some();
        (row.id.as_str(), Place { steps, read })
    };
    catalogue.rows.iter().map(place).collect()
}

/// Steps from the root to a kind of object; none for what is about both servers.
fn object(catalogue: &Catalogue, kind: &str) -> Vec<Step> {
    let Some(kind) = catalogue.kind(kind) else {
        return Vec::new();
    };
    if let Some(document) = &kind.document {
        return vec![Step::Child(document.clone(), Key::One)];
    }
    let mut steps = kind
        .parent
        .as_deref()
        .map(|parent| object(catalogue, parent))
        .unwrap_or_default();
    let path = kind.path.as_deref().expect("a path");
    steps.extend(Path::parse(path).expect("a path").0);
    steps
}

impl Place {
    /// Whether the place is that of an edit, or one above it.
    pub fn holds(&self, edit: &Edit) -> bool {
        let mut names = edit.path.split('/').zip(&edit.keys);
        for step in &self.steps {
            let Some((name, key)) = names.next() else {
                // `**` is everything below, the element itself included.
                return *step == Step::Deep;
            };
            let met = match step {
                Step::Deep => return true,
                Step::Wildcard => true,
                Step::Wrapper => name == "^",
                Step::Attribute(attribute) => name.strip_prefix('@') == Some(local(attribute)),
                Step::Child(child, wanted) => {
                    local(child) == name
                        && match wanted {
                            Key::One | Key::Repeated | Key::Any => true,
                            Key::Named(wanted) => key.as_deref().is_some_and(|key| key.to_lowercase() == *wanted),
                        }
                }
            };
            if !met {
                return false;
            }
        }
        true
    }

    /// Whether the place is below an element that an edit removed.
    pub fn is_below(&self, edit: &Edit) -> bool {
        let names: Vec<&str> = edit.path.split('/').collect();
        names.len() <= self.steps.len()
            && self.steps.iter().zip(names).all(|(step, name)| match step {
                Step::Child(child, _) => local(child) == name,
                Step::Wildcard | Step::Deep => true,
                Step::Attribute(_) | Step::Wrapper => false,
            })
    }

    /// Keys that tell settings of this row apart must be named.
    pub fn key<'e>(&self, edit: &'e Edit) -> Option<&'e str> {
        let at = self
            .steps
            .iter()
            .position(|step| matches!(step, Step::Child(_, Key::Any)))?;
        edit.keys.get(at)?.as_deref()
    }
}

/// A name without the prefix of its namespace.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
