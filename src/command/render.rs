//! `render`: a saved result in any other format.

use super::{output, result};
use crate::assess;
use crate::cli::Render;
use crate::render;
use crate::report::Report;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Results of the largest servers have a few hundred megabytes at most.
const LARGEST: u64 = 1 << 30;

/// Reads a result and writes it; 0 when written.
///
/// # Errors
/// The file is no result, or was changed; a write failed.
pub fn run(arguments: &Render) -> Result<u8> {
    let outputs = result::outputs(&arguments.result)?;
    for sink in &outputs.sinks {
        sink.refuse([arguments.report.clone()].into_iter())?;
    }
    let reports = read(&arguments.report)?;
    match result::write(&arguments.result, &outputs, &reports) {
        // A reader that has seen enough changes nothing in the answer.
        Err(error) if super::closed_pipe(&error) => {}
        written => written?,
    }
    Ok(0)
}

fn read(path: &Path) -> Result<Vec<Report>> {
    let name = output::shown(path);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .with_context(|| format!("{name}: cannot be read; name a result saved with -o FILE.json"))?;
    if bytes.len() as u64 > LARGEST {
        bail!("{name}: the file has more than {LARGEST} bytes; it is no result of syncdrift");
    }
    let reports = render::saved(&bytes).with_context(|| name.clone())?;
    for report in &reports {
        if assess::summary(&report.findings, &report.expected) != report.summary {
            bail!(
                "{name}: the counts of {} are not those of its findings; the file was changed after it was written: \
                 compare again",
                report.staging.server
            );
        }
    }
    Ok(reports)
}
