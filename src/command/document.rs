//! `document`: the whole configuration of one server.

use super::input;
use super::output::{self, FileFormat, Sink};
use super::places::{self, Places};
use super::templates;
use crate::assess::{self, header};
use crate::catalogue::Catalogue;
use crate::cli::{Document as Arguments, DocumentFormat};
use crate::document::{Parts, document};
use crate::model::Configuration;
use crate::redact::Masks;
use crate::render::{self, Templates};
use crate::report::document::{Document, DocumentOptions, SCHEMA};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;

/// What the server is called where names are masked.
const SERVER: &str = "SERVER";
/// Exit code where parts are missing.
const INCOMPLETE: u8 = 3;

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Arguments) -> Result<u8> {
    documented(arguments).map_err(|error| match arguments.redact && !super::closed_pipe(&error) {
        true => anyhow!(places(arguments).masked(&format!("{error:#}"))),
        false => error,
    })
}

/// What the arguments are called where names are masked.
fn places(arguments: &Arguments) -> Places {
    let mut places = Places::default();
    places.name(&arguments.server, SERVER);
    places.files(arguments.output.iter().chain(&arguments.templates));
    places
}

fn documented(arguments: &Arguments) -> Result<u8> {
    let sinks = Sink::prepare(
        &arguments.output,
        &[FileFormat::Html, FileFormat::Markdown, FileFormat::Json],
    )?;
    let templates = templates::read(arguments.templates.as_deref())?;
    let catalogue = Catalogue::builtin();
    let now = output::now()?;
    let mut server = input::read(&arguments.server, catalogue)?;
    let source = Path::new(&server.source);
    for sink in &sinks {
        let files = server.files.iter().map(|file| source.join(&file.path));
        sink.refuse(files.chain([arguments.server.clone()]))?;
    }
    if arguments.redact {
        places::hide_source(&mut server, SERVER);
    }
    let mut document = laid_out(&server, catalogue, now)?;
    if arguments.redact {
        Masks::learn(&[&server], catalogue).document(&mut document);
    }
    // The process is about to end, and giving back every value takes longer than the answer.
    std::mem::forget(server);
    match write(arguments, &templates, &sinks, &document) {
        // A reader that has seen enough changes nothing in the answer.
        Err(error) if super::closed_pipe(&error) => {}
        written => written?,
    }
    Ok(if document.gaps.is_empty() { 0 } else { INCOMPLETE })
}

fn laid_out(server: &Configuration, catalogue: &'static Catalogue, now: i64) -> Result<Document> {
    let lints = assess::lints(server, catalogue, now)?;
    let gaps = header::gaps(server);
    let head = header::server(server);
    let Parts {
        counts,
        objects,
        sections,
    } = document(server, catalogue, &head, &lints, &gaps);
    Ok(Document {
        schema: SCHEMA.to_owned(),
        tool: header::tool(),
        generated: header::generated(now),
        options: DocumentOptions { redact: false },
        server: head,
        ledger: header::ledger(server),
        counts,
        objects,
        lints,
        gaps,
        sections,
    })
}

fn write(arguments: &Arguments, templates: &Templates, sinks: &[Sink], document: &Document) -> Result<()> {
    let json = || render::json(document).context("the result cannot be written as JSON");
    let html = || render::document_html(document, templates);
    for sink in sinks {
        match sink.format {
            FileFormat::Json => sink.write(&json()?)?,
            FileFormat::Html => sink.write(html()?.as_bytes())?,
            FileFormat::Markdown => sink.write(render::document_markdown(document).as_bytes())?,
            other => bail!("the document of a server has no format {other:?}"),
        }
    }
    match arguments.format {
        DocumentFormat::Json => output::stdout(&json()?),
        DocumentFormat::Markdown => output::stdout(render::document_markdown(document).as_bytes()),
        DocumentFormat::Html => output::stdout(html()?.as_bytes()),
        DocumentFormat::Text => output::styled(&render::document(document), arguments.color),
    }
}
