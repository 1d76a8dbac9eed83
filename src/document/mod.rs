//! The whole configuration of one server, for people and for programs.
//!
//! In: a configuration, the catalogue, the server's lints. Out: what
//! [`report::document`](crate::report::document) holds. Must not know: the
//! other server, formats, files.
//!
//! Every setting of every object is shown: in a table of its own kind where its
//! meaning is known, else in the tables of its object's settings. Identifiers,
//! times and counters are folded. What is long and stands in a rule, its scope
//! above all, is written there once and linked to.

mod areas;
mod attributes;
mod book;
mod connectors;
mod flows;
mod metaverse;
mod objects;
mod overview;
mod partitions;
mod parts;
mod profiles;
mod rules;
mod schema;
mod settings;

use crate::catalogue::Catalogue;
use crate::model::Configuration;
use crate::report::document::{Count, DocumentObject, Section};
use crate::report::{Finding, GapEntry, Server};
use book::Book;
pub use objects::Written;

/// What was made of a configuration.
#[derive(Debug)]
pub struct Parts {
    /// Numbers for the overview.
    pub counts: Vec<Count>,
    /// Every object.
    pub objects: Vec<DocumentObject>,
    /// What the readable forms show.
    pub sections: Vec<Section>,
}

/// Every setting of a server that says what it does, in the order of an engineer.
pub fn written(configuration: &Configuration, catalogue: &Catalogue) -> Vec<Written> {
    objects::written(&Book::of(configuration, catalogue, &[]))
}

/// Lays out a server; `lints` and `gaps` are shown with what they are about.
pub fn document(
    configuration: &Configuration,
    catalogue: &Catalogue,
    server: &Server,
    lints: &[Finding],
    gaps: &[GapEntry],
) -> Parts {
    let book = Book::of(configuration, catalogue, lints);
    let counts = overview::counts(&book);
    let mut sections = vec![overview::overview(&book, server, &counts, gaps)];
    if !lints.is_empty() {
        sections.push(overview::lints(&book));
    }
    sections.push(overview::global(&book));
    sections.push(metaverse::metaverse(&book));
    sections.extend(connectors::sections(&book));
    sections.extend(areas::sections(&book));
    Parts {
        counts,
        objects: objects::objects(&book),
        sections,
    }
}
