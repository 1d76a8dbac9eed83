//! `schema`: the JSON schema of an output.

use super::output;
use crate::cli::{Schema, SchemaName};
use anyhow::Result;

/// Prints a schema.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(arguments: &Schema) -> Result<u8> {
    let text = match arguments.name {
        SchemaName::Report => include_str!("../schema/report.json"),
        SchemaName::Reports => include_str!("../schema/reports.json"),
        SchemaName::Document => include_str!("../schema/document.json"),
        SchemaName::History => include_str!("../schema/history.json"),
        SchemaName::Flow => include_str!("../schema/flow.json"),
    };
    output::stdout(text.as_bytes())?;
    Ok(0)
}
