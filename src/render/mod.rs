//! Report → bytes: one file per format.
//!
//! In: result types. Out: text. Must not know: how a result was computed; it
//! reads no configuration.

mod accept_draft;
mod accepted;
mod csv;
mod document;
mod document_html;
mod document_markdown;
mod evidence;
mod explain;
mod expression;
mod finding;
mod flow;
mod flow_markdown;
mod flow_words;
mod headline;
mod history;
mod history_markdown;
mod history_words;
mod html;
mod json;
mod junit;
mod markdown;
mod moved;
mod plain;
mod report_markdown;
mod sarif;
mod sarif_place;
mod saved;
mod templates;
mod terminal;
mod text;
mod view;
mod words;
mod xml;

pub use accept_draft::accept_draft;
pub use csv::csv;
pub use document::document;
pub use document_html::document_html;
pub use document_markdown::document_markdown;
pub use explain::{explain, explain_list};
pub use flow::{Detail as FlowDetail, flow};
pub use flow_markdown::flow_markdown;
pub use history::history;
pub use history_markdown::history_markdown;
pub use html::{flow_html, history_html, html};
pub use json::json;
pub use junit::junit;
pub use report_markdown::report_markdown;
pub use sarif::sarif;
pub use saved::{SavedError, saved};
pub use templates::{TemplateError, Templates};
pub use terminal::clean;
pub use text::{Detail, text};
