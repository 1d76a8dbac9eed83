//! HTML: one self-contained file that asks for nothing and runs only its own
//! script.
//!
//! In: reports and templates. Out: HTML. Must not know: how anything was
//! computed.

use super::templates::{TemplateError, Templates};
use super::view::{self, Page};
use crate::report::Report;
use crate::report::flow::Flow;
use crate::report::history::History;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Expected differences of one reason that are listed; the JSON has them all.
const ROWS: usize = 200;

/// A page with its policy: only this style and this script.
#[derive(Serialize)]
struct Document<'p, P> {
    policy: String,
    page: &'p P,
}

/// Renders one report or several.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn html(reports: &[Report], templates: &Templates) -> Result<String, TemplateError> {
    let mut page = view::page(reports, ROWS);
    let markdown = templates.markdown("markdown-finding.hbs")?;
    for finding in page.findings_mut() {
        finding.markdown = markdown.fill(finding)?;
    }
    document::<Page>(&page, "report.hbs", templates)
}

/// Renders the path of an attribute.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn flow_html(flow: &Flow, templates: &Templates) -> Result<String, TemplateError> {
    document(&view::flow_page(flow), "flow.hbs", templates)
}

/// Renders a history.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn history_html(history: &History, templates: &Templates) -> Result<String, TemplateError> {
    let page = view::history_page(history);
    let policy = policy(templates, &["style.css", "history.css"], &[]);
    templates.html("history.hbs", &Document { policy, page: &page })
}

/// Renders a page.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn document<P: Serialize>(page: &P, template: &str, templates: &Templates) -> Result<String, TemplateError> {
    let policy = policy(templates, &["style.css"], &["script.js"]);
    templates.html(template, &Document { policy, page })
}

/// Only these style sheets and scripts, and nothing from elsewhere.
pub fn policy(templates: &Templates, styles: &[&str], scripts: &[&str]) -> String {
    let hashes = |names: &[&str]| {
        let hashes = names.iter().map(|name| format!("'{}'", hash(templates.asset(name))));
        hashes.collect::<Vec<_>>().join(" ")
    };
    let scripts = match scripts {
        [] => "'none'".to_owned(),
        scripts => hashes(scripts),
    };
    let styles = hashes(styles);
    format!("default-src 'none'; style-src {styles}; script-src {scripts}; base-uri 'none'; form-action 'none'")
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
