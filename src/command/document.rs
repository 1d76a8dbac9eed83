//! `document`: the whole configuration of one server.

use super::page::Forms;
use super::{INCOMPLETE, one};
use crate::assess::{self, header};
use crate::catalogue::Catalogue;
use crate::cli::Document as Arguments;
use crate::document::{Parts, document};
use crate::model::Configuration;
use crate::render;
use crate::report::document::{Document, DocumentOptions, SCHEMA};
use anyhow::Result;

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Arguments) -> Result<u8> {
    one::masked(&arguments.one, || documented(arguments))
}

fn documented(arguments: &Arguments) -> Result<u8> {
    let catalogue = Catalogue::builtin();
    let mut opened = one::open(&arguments.one, catalogue)?;
    let mut document = laid_out(&opened.server, catalogue, opened.now)?;
    if let Some(masks) = &mut opened.masks {
        masks.document(&mut document);
    }
    let forms = Forms {
        text: &|| render::document(&document),
        markdown: &|_| Ok(render::document_markdown(&document)),
        html: &|templates| render::document_html(&document, templates),
    };
    one::write(opened, &document, &forms)?;
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
