//! `--baseline`: the approved state of each server, and who moved away from it.
//!
//! In: the argument, and the servers that are compared. Out: reports that say
//! who moved. Must not know: how that is found out.

use super::{input, places};
use crate::assess::baseline::{self, Departure};
use crate::assess::{Options, header};
use crate::catalogue::Catalogue;
use crate::intake::Limits;
use crate::model::Configuration;
use crate::report::Report;
use crate::snapshot::{self, Address, Revision, Stale};
use anyhow::{Context, Result};
use std::path::Path;

/// What an approved state is called where names are masked.
pub const WORD: &str = "BASELINE";

/// Approved states, and which of them is whose.
pub struct Approved {
    /// One for all servers, or one for each in their order.
    pub states: Vec<Configuration>,
    /// Of each server: the position of its state, and whether that is its own.
    of: Vec<(usize, bool)>,
}

/// Reads the approved state of every server, the primary first.
///
/// # Errors
/// It cannot be read, or holds no snapshot of one of the servers.
pub fn read(
    path: &Path,
    servers: &[Configuration],
    catalogue: &'static Catalogue,
    limits: &Limits,
) -> Result<Approved> {
    let address = Address::parse(path).filter(|address| address.server.is_none());
    match address {
        Some(address) => own(address, servers, catalogue),
        None => one(path, servers, catalogue, limits),
    }
}

/// Each server's own snapshot of a revision.
fn own(address: Address, servers: &[Configuration], catalogue: &'static Catalogue) -> Result<Approved> {
    let revision = Revision::open(address).context("--baseline")?;
    let mut inputs = Vec::new();
    for server in servers {
        let shown = header::server(server).server;
        let name = Some(shown.as_str()).filter(|name| *name != server.source);
        let own = revision.own(name, &shown, server, catalogue).context("--baseline")?;
        let read = snapshot::rebuild(
            &revision.repository,
            own.stored,
            Stale::LeftOut,
            own.exported.as_deref(),
            &own.source,
            catalogue,
        )?;
        let (intake, lines) = read.split();
        inputs.push(input::Input {
            intake,
            lines: Some(lines),
        });
    }
    Ok(Approved {
        states: input::configurations(inputs, catalogue),
        of: (0..servers.len()).map(|at| (at, true)).collect(),
    })
}

/// One state for all servers.
fn one(path: &Path, servers: &[Configuration], catalogue: &'static Catalogue, limits: &Limits) -> Result<Approved> {
    let state = input::read(path, catalogue, limits).context("--baseline")?;
    let same = |server| baseline::same_server(&state, server, catalogue);
    Ok(Approved {
        of: servers.iter().map(|server| (0, same(server))).collect(),
        states: vec![state],
    })
}

impl Approved {
    /// From here on a word stands for where the states were read.
    pub fn hide_sources(&mut self) {
        for state in &mut self.states {
            places::hide_source(state, WORD);
        }
    }

    /// Refuses what cannot be the approved state of these servers.
    ///
    /// # Errors
    /// It is another tenant's, or another server's.
    pub fn check(&self, servers: &[Configuration]) -> Result<()> {
        if let [state] = &self.states[..] {
            baseline::wrong_server(state, &servers.iter().collect::<Vec<_>>())?;
        }
        for (number, server) in servers.iter().enumerate() {
            baseline::wrong_tenant(self.of(number)?.0, server)?;
        }
        Ok(())
    }

    /// The primary held against its state.
    ///
    /// # Errors
    /// Never: connectors that are not there are not mapped.
    pub fn primary(
        &self,
        primary: &Configuration,
        catalogue: &'static Catalogue,
        options: &Options,
    ) -> Result<Departure> {
        let (state, same) = self.of(0)?;
        let departure = baseline::departure(state, &mut primary.clone(), same, catalogue, options)?;
        Ok(departure)
    }

    /// Says in the report of a staging server, which is counted from 0, who moved.
    ///
    /// # Errors
    /// Never: connectors that are not there are not mapped.
    pub fn blame(
        &self,
        report: &mut Report,
        primary: &Departure,
        (number, staging): (usize, &mut Configuration),
        catalogue: &'static Catalogue,
        options: &Options,
    ) -> Result<()> {
        let (first, _) = self.of(0)?;
        let (state, same) = self.of(number + 1)?;
        if std::ptr::eq(first, state) {
            let staging = baseline::departure(state, staging, same, catalogue, options)?;
            baseline::blame(report, primary, &staging, None, catalogue);
            return Ok(());
        }
        // The connectors of both states get one name each, as those of the servers have.
        let mut state = state.clone();
        let agreed = baseline::compared(first, &mut state, false, catalogue, options)?;
        let staging = baseline::departure(&state, staging, same, catalogue, options)?;
        baseline::blame(report, primary, &staging, Some(&agreed), catalogue);
        Ok(())
    }

    fn of(&self, server: usize) -> Result<(&Configuration, bool)> {
        let (at, same) = self.of.get(server).context("a server without approved state")?;
        Ok((self.states.get(*at).context("a server without approved state")?, *same))
    }
}
