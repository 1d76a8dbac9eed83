//! What commands about one server share: reading it, and writing what is said
//! of it.
//!
//! In: arguments. Out: the server, and bytes in every format. Must not know:
//! what is said.

use super::input;
use super::output::{self, FileFormat, Sink};
use super::places::{self, Places};
use super::templates;
use crate::catalogue::Catalogue;
use crate::cli::{OneServer, PageFormat};
use crate::model::Configuration;
use crate::redact::Masks;
use crate::render::{self, TemplateError, Templates};
use anyhow::{Context, Result, anyhow, bail};
use serde::Serialize;
use std::path::Path;

/// What the server is called where names are masked.
const SERVER: &str = "SERVER";

/// A server that was read, and what is needed to write about it.
pub struct Opened {
    /// The server; what it was read from is masked where that is wanted.
    pub server: Configuration,
    /// Masks of its names, where they are wanted.
    pub masks: Option<Masks>,
    /// The time, as Unix seconds.
    pub now: i64,
    templates: Templates,
    sinks: Vec<Sink>,
}

/// What is said of a server, in the formats that need code of their own.
pub struct Forms<'f> {
    /// Text with ANSI styles.
    pub text: &'f dyn Fn() -> String,
    /// Markdown.
    pub markdown: &'f dyn Fn() -> String,
    /// HTML.
    pub html: &'f dyn Fn(&Templates) -> Result<String, TemplateError>,
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
    places.files(wanted.output.iter().chain(&wanted.templates));
    places
}

/// Checks where the answer goes, and reads the server.
///
/// # Errors
/// A file that cannot be written, a template that cannot be used, a server that cannot be read.
pub fn open(wanted: &OneServer, catalogue: &'static Catalogue) -> Result<Opened> {
    let sinks = Sink::prepare(
        &wanted.output,
        &[FileFormat::Html, FileFormat::Markdown, FileFormat::Json],
    )?;
    let templates = templates::read(wanted.templates.as_deref())?;
    let now = output::now()?;
    let mut server = input::read(&wanted.server, catalogue, &input::limits(wanted.allow_modified_bundle))?;
    let source = Path::new(&server.source);
    for sink in &sinks {
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
        templates,
        sinks,
    })
}

/// Writes an answer wherever it is wanted.
///
/// # Errors
/// A write failed, or a template asks for what is not there.
pub fn write<T: Serialize>(wanted: &OneServer, opened: Opened, value: &T, forms: &Forms<'_>) -> Result<()> {
    let Opened {
        server,
        templates,
        sinks,
        ..
    } = opened;
    // The process is about to end, and giving back every value takes longer than the answer.
    std::mem::forget(server);
    match written(wanted, &templates, &sinks, value, forms) {
        // A reader that has seen enough changes nothing in the answer.
        Err(error) if super::closed_pipe(&error) => Ok(()),
        written => written,
    }
}

fn written<T: Serialize>(
    wanted: &OneServer,
    templates: &Templates,
    sinks: &[Sink],
    value: &T,
    forms: &Forms<'_>,
) -> Result<()> {
    let json = || render::json(value).context("the result cannot be written as JSON");
    for sink in sinks {
        match sink.format {
            FileFormat::Json => sink.write(&json()?)?,
            FileFormat::Html => sink.write((forms.html)(templates)?.as_bytes())?,
            FileFormat::Markdown => sink.write((forms.markdown)().as_bytes())?,
            other => bail!("what is said of one server has no format {other:?}"),
        }
    }
    match wanted.format {
        PageFormat::Json => output::stdout(&json()?),
        PageFormat::Markdown => output::stdout((forms.markdown)().as_bytes()),
        PageFormat::Html => output::stdout((forms.html)(templates)?.as_bytes()),
        PageFormat::Text => output::styled(&(forms.text)(), wanted.color),
    }
}
