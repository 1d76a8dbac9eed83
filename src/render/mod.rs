//! Report → bytes: one file per format.
//!
//! In: result types. Out: text. Must not know: how a result was computed; it
//! reads no configuration.

mod accept_draft;
mod accepted;
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
mod html;
mod json;
mod markdown;
mod templates;
mod terminal;
mod text;
mod view;
mod words;

pub use accept_draft::accept_draft;
pub use document::document;
pub use document_html::document_html;
pub use document_markdown::document_markdown;
pub use explain::{explain, explain_list};
pub use flow::{Detail as FlowDetail, flow};
pub use flow_markdown::flow_markdown;
pub use json::json;
pub use templates::Templates;
pub use terminal::clean;
pub use text::{Detail, text};
