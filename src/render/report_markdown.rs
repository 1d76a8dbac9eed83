//! Markdown for tickets, pull requests and wikis: the same content as the HTML
//! report.
//!
//! In: reports and templates. Out: Markdown for GitHub and Azure DevOps. Must
//! not know: how anything was computed.

use super::templates::{TemplateError, Templates};
use super::view;
use crate::report::Report;

/// Expected differences of one reason that are listed: the limits of comments are narrow.
const ROWS: usize = 3;

/// Renders one report or several; at most 15 lines each with `summary`.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn report_markdown(reports: &[Report], templates: &Templates, summary: bool) -> Result<String, TemplateError> {
    let name = if summary {
        "markdown-summary.hbs"
    } else {
        "markdown.hbs"
    };
    templates.markdown(name)?.fill(&view::page(reports, ROWS))
}
