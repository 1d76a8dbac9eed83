//! A result to standard output and to files, in every format that results have.
//!
//! In: reports, where they go. Out: bytes. Must not know: where reports come from.

use super::output::{self, FileFormat, Sink};
use crate::cli::{Format, ResultOutput};
use crate::render::{self, Detail};
use crate::report::{self, Report, Reports};
use anyhow::{Context, Result, anyhow};

/// Formats of files.
const FILES: &[FileFormat] = &[FileFormat::Json, FileFormat::Junit, FileFormat::Sarif, FileFormat::Csv];

/// The files that are wanted, checked before the work starts.
///
/// # Errors
/// One of them cannot be written.
pub fn sinks(wanted: &ResultOutput) -> Result<Vec<Sink>> {
    Sink::prepare(&wanted.output, FILES)
}

/// Writes everything that is wanted.
///
/// # Errors
/// A write failed.
pub fn write(wanted: &ResultOutput, sinks: &[Sink], reports: &[Report]) -> Result<()> {
    for sink in sinks {
        sink.write(&bytes(sink.format, reports)?)?;
    }
    let format = match wanted.format {
        Format::Text => return output::styled(&render::text(reports, detail(wanted)), wanted.color),
        Format::Json => FileFormat::Json,
        Format::Junit => FileFormat::Junit,
        Format::Sarif => FileFormat::Sarif,
    };
    output::stdout(&bytes(format, reports)?)
}

fn detail(wanted: &ResultOutput) -> Detail {
    match (wanted.summary, wanted.quiet, wanted.verbose) {
        (true, _, _) => Detail::Summary,
        (_, true, _) => Detail::Verdict,
        (_, _, true) => Detail::Everything,
        _ => Detail::Findings,
    }
}

fn bytes(format: FileFormat, reports: &[Report]) -> Result<Vec<u8>> {
    match format {
        FileFormat::Json => match reports {
            [report] => render::json(report),
            several => render::json(&Reports {
                schema: report::SCHEMA_MANY.to_owned(),
                reports: several.to_vec(),
            }),
        }
        .context("the result cannot be written as JSON"),
        FileFormat::Junit => Ok(render::junit(reports).into_bytes()),
        FileFormat::Sarif => render::sarif(reports).context("the result cannot be written as SARIF"),
        FileFormat::Csv => Ok(render::csv(reports).into_bytes()),
        FileFormat::Markdown => Err(anyhow!("a result has no such format")),
    }
}
