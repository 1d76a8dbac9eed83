//! A history as Markdown, for tickets and wikis.
//!
//! In: the result of `history` and templates. Out: Markdown. Must not know:
//! how anything was computed.

use super::templates::{TemplateError, Templates};
use super::view;
use crate::report::history::History;

/// Renders a history.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn history_markdown(history: &History, templates: &Templates) -> Result<String, TemplateError> {
    templates
        .markdown("markdown-history.hbs")?
        .fill(&view::history_page(history))
}
