//! What commands about one server share: reading it, and writing what is said
//! of it.
//!
//! In: arguments. Out: the server, and bytes in every format. Must not know:
//! what is said.

use super::input;
use super::output;
use super::page::{Forms, Page};
use super::places::{self, Places};
use crate::catalogue::Catalogue;
use crate::cli::OneServer;
use crate::model::Configuration;
use crate::redact::Masks;
use anyhow::{Result, anyhow};
use serde::Serialize;
use std::path::Path;

/// What the server is called where names are masked.
const SERVER: &str = "SERVER";

/// A server that was read, and what is needed to write about it.
pub struct Opened<'w> {
    /// The server; what it was read from is masked where that is wanted.
    pub server: Configuration,
    /// Masks of its names, where they are wanted.
    pub masks: Option<Masks>,
    /// The time, as Unix seconds.
    pub now: i64,
    page: Page<'w>,
}

/// Runs a command; names in its errors are masked where that is wanted.
///
/// # Errors
/// Those of the command.
pub fn masked(wanted: &OneServer, run: impl FnOnce() -> Result<u8>) -> Result<u8> {
    run().map_err(|error| match wanted.redact && !super::closed_pipe(&error) {
        true => anyhow!(places(wanted).masked(&format!("{error:#}"))),
        false => error,
    })
}

/// What the arguments are called where names are masked.
fn places(wanted: &OneServer) -> Places {
    let mut places = Places::default();
    places.name(&wanted.server, SERVER);
    places.files(wanted.page.output.iter().chain(&wanted.page.templates));
    places
}

/// Checks where the answer goes, and reads the server.
///
/// # Errors
/// A file that cannot be written, a template that cannot be used, a server that cannot be read.
pub fn open<'w>(wanted: &'w OneServer, catalogue: &'static Catalogue) -> Result<Opened<'w>> {
    let page = Page::prepare(&wanted.page)?;
    let now = output::now()?;
    let mut server = input::read(&wanted.server, catalogue, &input::limits(wanted.allow_modified_bundle))?;
    let source = Path::new(&server.source);
    for sink in &page.sinks {
        let files = server.files.iter().map(|file| source.join(&file.path));
        sink.refuse(files.chain([wanted.server.clone()]))?;
    }
    if wanted.redact {
        places::hide_source(&mut server, SERVER);
    }
    Ok(Opened {
        masks: wanted.redact.then(|| Masks::learn(&[&server], catalogue)),
        server,
        now,
        page,
    })
}

/// Writes an answer wherever it is wanted.
///
/// # Errors
/// A write failed, or a template asks for what is not there.
pub fn write<T: Serialize>(opened: Opened<'_>, value: &T, forms: &Forms<'_>) -> Result<()> {
    let Opened { server, page, .. } = opened;
    // The process is about to end, and giving back every value takes longer than the answer.
    std::mem::forget(server);
    page.write(value, forms)
}
