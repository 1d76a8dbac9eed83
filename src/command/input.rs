//! Server arguments read: folders and archives by intake, `git:` addresses by
//! the repository they name.

use crate::catalogue::Catalogue;
use crate::intake::{self, Intake, Limits};
use crate::model::Configuration;
use crate::normalise::{Kept, normalise_all, normalise_and_keep};
use crate::snapshot::{self, Address, Lines, Stale};
use crate::threads::each;
use anyhow::Result;
use std::path::Path;

/// What a server argument gives.
pub struct Input {
    /// Its documents.
    pub intake: Intake,
    /// Of a snapshot, where lines of its documents stand.
    pub lines: Option<Lines>,
}

/// Reads one server.
///
/// # Errors
/// It is no export, or cannot be read.
pub fn read(path: &Path, catalogue: &'static Catalogue, limits: &Limits) -> Result<Configuration> {
    let mut servers = read_servers(&[path], catalogue, limits)?;
    Ok(servers.pop().unwrap_or_default())
}

/// Reads every server, with a thread for each.
///
/// # Errors
/// The first server that cannot stand for one.
pub fn read_servers(paths: &[&Path], catalogue: &'static Catalogue, limits: &Limits) -> Result<Vec<Configuration>> {
    Ok(configurations(find(paths, catalogue, limits)?, catalogue))
}

/// Finds the documents of every server.
///
/// # Errors
/// The first server that cannot stand for one.
pub fn find(paths: &[&Path], catalogue: &'static Catalogue, limits: &Limits) -> Result<Vec<Input>> {
    each(paths, |path| one(path, catalogue, limits)).into_iter().collect()
}

/// Reads the documents of every server.
pub fn configurations(inputs: Vec<Input>, catalogue: &'static Catalogue) -> Vec<Configuration> {
    let (intakes, lines): (Vec<_>, Vec<_>) = inputs.into_iter().map(|input| (input.intake, input.lines)).unzip();
    let mut servers = normalise_all(intakes, catalogue, &Limits::default());
    placed(&mut servers, lines);
    servers
}

/// Reads the documents of every server, and what a snapshot keeps of each; a schema that is `known` is left out.
pub fn kept(
    inputs: Vec<Input>,
    catalogue: &'static Catalogue,
    known: impl Fn(&[u8; 32]) -> bool + Sync,
) -> (Vec<Configuration>, Vec<Vec<Kept>>) {
    let (intakes, lines): (Vec<_>, Vec<_>) = inputs.into_iter().map(|input| (input.intake, input.lines)).unzip();
    let read = normalise_and_keep(intakes, catalogue, &Limits::default(), known);
    let (mut servers, kept): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    placed(&mut servers, lines);
    (servers, kept)
}

/// Of what was read from a snapshot, places become places in its files.
fn placed(servers: &mut [Configuration], lines: Vec<Option<Lines>>) {
    for (server, lines) in servers.iter_mut().zip(lines) {
        if let Some(lines) = lines {
            lines.apply(server);
        }
    }
}

/// What is refused, but for what the user allows.
pub fn limits(allow_modified_bundle: bool) -> Limits {
    Limits {
        modified_bundles: allow_modified_bundle,
        ..Limits::default()
    }
}

fn one(path: &Path, catalogue: &'static Catalogue, limits: &Limits) -> Result<Input> {
    let Some(address) = Address::parse(path) else {
        return Ok(Input {
            intake: intake::read(path, limits)?,
            lines: None,
        });
    };
    let (repository, stored, exported) = snapshot::find(&address)?;
    let read = snapshot::rebuild(
        &repository,
        &stored,
        Stale::LeftOut,
        exported.as_deref(),
        &address.whole,
        catalogue,
    )?;
    let (intake, lines) = read.split();
    Ok(Input {
        intake,
        lines: Some(lines),
    })
}
