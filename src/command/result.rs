//! A result to standard output and to files, in every format that results have.
//!
//! In: reports, where they go. Out: bytes. Must not know: where reports come from.

use super::output::{self, FileFormat, Sink};
use super::templates;
use crate::cli::{Format, ResultOutput};
use crate::render::{self, Detail, Templates};
use crate::report::{self, Report, Reports};
use anyhow::{Context, Result};

/// Formats of files.
const FILES: &[FileFormat] = &[
    FileFormat::Html,
    FileFormat::Markdown,
    FileFormat::Json,
    FileFormat::Junit,
    FileFormat::Sarif,
    FileFormat::Csv,
];

/// What is needed to write a result, checked before the work starts.
#[derive(Debug)]
pub struct Outputs {
    /// The files that are wanted.
    pub sinks: Vec<Sink>,
    templates: Templates,
}

/// Checks the files and templates that are wanted.
///
/// # Errors
/// One of the files cannot be written, or a template cannot be used.
pub fn outputs(wanted: &ResultOutput) -> Result<Outputs> {
    Ok(Outputs {
        sinks: Sink::prepare(&wanted.output, FILES)?,
        templates: templates::read(wanted.templates.as_deref())?,
    })
}

/// Writes everything that is wanted.
///
/// # Errors
/// A write failed, or a template asks for what is not there.
pub fn write(wanted: &ResultOutput, outputs: &Outputs, reports: &[Report]) -> Result<()> {
    let bytes = |format| bytes(format, wanted, reports, &outputs.templates);
    for sink in &outputs.sinks {
        sink.write(&bytes(sink.format)?)?;
    }
    let format = match wanted.format {
        Format::Text => return output::styled(&render::text(reports, detail(wanted)), wanted.color),
        Format::Json => FileFormat::Json,
        Format::Markdown => FileFormat::Markdown,
        Format::Html => FileFormat::Html,
        Format::Junit => FileFormat::Junit,
        Format::Sarif => FileFormat::Sarif,
    };
    output::stdout(&bytes(format)?)
}

fn detail(wanted: &ResultOutput) -> Detail {
    match (wanted.summary, wanted.quiet, wanted.verbose) {
        (true, _, _) => Detail::Summary,
        (_, true, _) => Detail::Verdict,
        (_, _, true) => Detail::Everything,
        _ => Detail::Findings,
    }
}

fn bytes(format: FileFormat, wanted: &ResultOutput, reports: &[Report], templates: &Templates) -> Result<Vec<u8>> {
    match format {
        FileFormat::Json => match reports {
            [report] => render::json(report),
            several => render::json(&Reports {
                schema: report::SCHEMA_MANY.to_owned(),
                reports: several.to_vec(),
            }),
        }
        .context("the result cannot be written as JSON"),
        FileFormat::Html => Ok(render::html(reports, templates)?.into_bytes()),
        FileFormat::Markdown => Ok(render::report_markdown(reports, templates, wanted.summary)?.into_bytes()),
        FileFormat::Junit => Ok(render::junit(reports).into_bytes()),
        FileFormat::Sarif => render::sarif(reports).context("the result cannot be written as SARIF"),
        FileFormat::Csv => Ok(render::csv(reports).into_bytes()),
    }
}
