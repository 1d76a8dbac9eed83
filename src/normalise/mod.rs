//! Documents × catalogue → [`Configuration`].
//!
//! In: what intake found on one server. Out: objects with typed settings,
//! references resolved, every leaf in the ledger, gaps for what did not
//! parse. Must not know: the other server, severities.

mod plan;
mod resolve;
mod schema;
mod ticks;
mod tree;
mod unknown;
mod value;
mod walk;

pub use resolve::EMBEDDED;
pub use value::{absent, flag, rule_name};

use crate::catalogue::Catalogue;
use crate::intake::{self, Document, Intake, Limits, Part, Slots};
use crate::model::{Configuration, Gap, Ledger};
use plan::Plan;
use ticks::Ticks;
use walk::Walk;

/// Reads all documents of a server into one configuration.
pub fn normalise(input: Intake, catalogue: &'static Catalogue, limits: &Limits) -> Configuration {
    let plan = Plan::of(catalogue);
    let mut configuration = Configuration {
        source: input.source,
        files: input.files,
        objects: Vec::new(),
        gaps: input.gaps,
        ledger: Ledger::default(),
    };
    for document in input.documents {
        read(&document, &plan, catalogue, limits, &mut configuration);
    }
    resolve::resolve(&mut configuration, catalogue);
    if configuration.ledger.shortfall() != 0 {
        let problem = format!(
            "{} values were not accounted for; this is a fault of syncdrift, please report it",
            configuration.ledger.shortfall()
        );
        configuration.gaps.push(gap("*", problem));
    }
    configuration.gaps.sort();
    configuration
}

/// Part of a gap that concerns a whole part of the export.
fn gap(part: &str, problem: String) -> Gap {
    Gap {
        part: part.to_owned(),
        problem,
        file: None,
        line: None,
        column: None,
    }
}

fn read(
    document: &Document,
    plan: &Plan,
    catalogue: &'static Catalogue,
    limits: &Limits,
    configuration: &mut Configuration,
) {
    let file = configuration.files.get(document.file).map(|file| file.path.clone());
    let part = document.part.folder();
    let tree = match intake::parse_shared(&document.text, limits) {
        Ok(tree) => tree,
        Err(problem) => {
            configuration.gaps.push(Gap {
                part: part.to_owned(),
                problem: problem.problem,
                file,
                line: Some(problem.line),
                column: Some(problem.column),
            });
            return;
        }
    };
    let root = tree.root();
    let wanted = element_of(document.part);
    let inner = if root.is(wanted) {
        Some(root)
    } else {
        root.child(wanted)
    };
    let place = plan.root(wanted);
    let (Some(inner), Some(place)) = (inner, place) else {
        configuration.gaps.push(Gap {
            part: part.to_owned(),
            problem: format!(
                "the root element is <{}>, not <{wanted}>: this is not a document of {part}; export again",
                root.name()
            ),
            file,
            line: Some(tree.line(root)),
            column: Some(1),
        });
        return;
    };
    if !inner.has_elements() {
        configuration.gaps.push(Gap {
            part: part.to_owned(),
            problem: format!("<{wanted}> is empty: nothing was exported into this file; export again"),
            file,
            line: Some(tree.line(inner)),
            column: Some(1),
        });
        return;
    }
    let ticks = Ticks::new(Slots::of(&tree));
    let ledger = Walk::new(
        plan,
        &catalogue.facts,
        &tree,
        document.file,
        ticks,
        limits,
        configuration,
    )
    .run(inner, place);
    configuration.ledger.add(ledger);
}

/// Root element of a part's documents.
fn element_of(part: Part) -> &'static str {
    match part {
        Part::Connector => "ma-data",
        Part::GlobalSettings => "saved-mv-configuration",
        Part::SyncRule => "synchronizationRule",
    }
}
