//! Documents × catalogue → [`Configuration`].
//!
//! In: what intake found on one server. Out: objects with typed settings,
//! references resolved, every leaf in the ledger, gaps for what did not
//! parse. Must not know: the other server, severities.

mod hosts;
mod items;
mod kept;
mod plan;
mod resolve;
mod restore;
mod schema;
mod shape;
mod tenant;
mod ticks;
mod tree;
mod unknown;
mod unread;
mod value;
mod walk;
mod work;

pub use kept::{Begun, Kept, Leaf, Piece};
pub use resolve::EMBEDDED;
pub use restore::{Restored, restore};
pub use schema::SchemaText;
pub use tenant::{Tenant, TenantError};
pub use value::{absent, flag, read as read_value, rule_name};

use crate::catalogue::Catalogue;
use crate::intake::{self, Intake, IntakeError, Limits, Part};
use crate::model::{Configuration, Gap, Ledger};
use crate::threads::each;
use std::path::Path;
use work::{Fragment, Known, Work};

/// Finds and reads every server, with a thread for each.
///
/// # Errors
/// The first server that cannot stand for one.
pub fn read_servers(
    paths: &[&Path],
    catalogue: &'static Catalogue,
    limits: &Limits,
) -> Result<Vec<Configuration>, IntakeError> {
    let inputs = each(paths, |path| intake::read(path, limits));
    let inputs = inputs.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(normalise_all(inputs, catalogue, limits))
}

/// Reads all documents of a server into one configuration.
pub fn normalise(input: Intake, catalogue: &'static Catalogue, limits: &Limits) -> Configuration {
    normalise_all(vec![input], catalogue, limits).pop().unwrap_or_default()
}

/// Reads all documents of some servers, and what a snapshot keeps of each: what cannot be parsed is left out, and a gap of
/// the configuration; so is a schema whose digest is `known`.
pub fn normalise_and_keep(
    inputs: Vec<Intake>,
    catalogue: &'static Catalogue,
    limits: &Limits,
    known: impl Fn(&[u8; 32]) -> bool + Sync,
) -> Vec<(Configuration, Vec<Kept>)> {
    all(inputs, catalogue, limits, Some(&known))
}

/// Reads all documents of some servers, with a thread for each server; a schema that several have is read once.
pub fn normalise_all(inputs: Vec<Intake>, catalogue: &'static Catalogue, limits: &Limits) -> Vec<Configuration> {
    let read = all(inputs, catalogue, limits, None);
    read.into_iter().map(|(configuration, _)| configuration).collect()
}

fn all(
    inputs: Vec<Intake>,
    catalogue: &'static Catalogue,
    limits: &Limits,
    known: Option<Known<'_>>,
) -> Vec<(Configuration, Vec<Kept>)> {
    let work = Work::new(&inputs, catalogue, limits, known);
    let mut fragments = work.run(inputs.len()).into_iter();
    let mut unasked = items::unasked(&inputs, catalogue, limits).into_iter();
    let own = |mut input: Intake| {
        input.gaps.extend(unasked.next().unwrap_or_default());
        let mut fragments: Vec<Fragment> = fragments.by_ref().take(input.documents.len()).collect();
        let kept: Vec<Kept> = fragments
            .iter_mut()
            .filter_map(|fragment| fragment.kept.take())
            .collect();
        (input, fragments, kept)
    };
    let servers: Vec<_> = inputs.into_iter().map(own).collect();
    each(servers, |(input, fragments, kept)| {
        (joined(input, fragments, catalogue), kept)
    })
}

fn joined(mut input: Intake, fragments: Vec<Fragment>, catalogue: &'static Catalogue) -> Configuration {
    let bundle = items::notes(&mut input, catalogue);
    let mut configuration = Configuration {
        withheld: 0,
        source: input.source,
        files: input.files,
        objects: Vec::new(),
        gaps: input.gaps,
        ledger: Ledger::default(),
        witnesses: Vec::new(),
        bundle,
    };
    for fragment in fragments {
        fragment.join(&mut configuration);
    }
    items::incomplete(&input.documents, &mut configuration, catalogue);
    items::perhaps(&input.documents, &mut configuration, catalogue);
    finish(&mut configuration, catalogue);
    configuration
}

/// What can be done only when all documents of a server are read.
fn finish(configuration: &mut Configuration, catalogue: &'static Catalogue) {
    items::stand_in(configuration, catalogue);
    resolve::resolve(configuration, catalogue);
    if configuration.ledger.shortfall() != 0 {
        let problem = format!(
            "{} values were not accounted for; this is a fault of syncdrift, please report it",
            configuration.ledger.shortfall()
        );
        configuration.gaps.push(gap("*", problem));
    }
    configuration.gaps.sort();
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

/// Root element of a part's documents; `None` where each has its own.
fn element_of(part: Part) -> Option<&'static str> {
    match part {
        Part::Connector => Some("ma-data"),
        Part::GlobalSettings => Some("saved-mv-configuration"),
        Part::SyncRule => Some("synchronizationRule"),
        Part::Item => None,
    }
}
