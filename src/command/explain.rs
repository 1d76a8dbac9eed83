//! `explain`: what a finding id means.

use super::output;
use crate::catalogue::Catalogue;
use crate::cli::{Color, Explain, ExplainFormat};
use crate::render;
use anyhow::{Result, bail};

/// Prints one row, or all ids.
///
/// # Errors
/// The id is not in the catalogue.
pub fn run(arguments: &Explain) -> Result<u8> {
    let catalogue = Catalogue::builtin();
    let markdown = arguments.format == ExplainFormat::Markdown;
    let Some(id) = &arguments.id else {
        output::stdout(render::explain_list(catalogue, markdown).as_bytes())?;
        return Ok(0);
    };
    let Some(row) = catalogue.row(id) else {
        let suggestions = catalogue.suggestions(id);
        if suggestions.is_empty() {
            bail!("{id:?} is no finding id; `syncdrift explain --list` prints them all");
        }
        bail!("{id:?} is no finding id; did you mean {}?", suggestions.join(", "));
    };
    let text = render::explain(catalogue, row, markdown);
    output::styled(&text, Color::Auto)?;
    Ok(0)
}
