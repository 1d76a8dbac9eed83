//! The document of a server as text: a page that says how much there is and
//! where to look.
//!
//! In: the result of `document`. Out: text with ANSI styles. Must not know:
//! how anything was computed.

use super::finding::label;
use super::headline::{gap_words, server_words};
use super::terminal::{BOLD, Span, WARN, clean, name, plain, wrap};

use crate::report::document::{Document, Section};

/// Column where numbers end.
const NUMBERS: usize = 29;
/// Lints that are named.
const LINTS: usize = 10;

/// Renders the overview.
pub fn document(document: &Document) -> String {
    let mut out = wrap(
        "",
        0,
        &[Span {
            text: format!("Configuration of {}", name(&server_words(&document.server))),
            style: Some(BOLD),
        }],
    );
    out.push('\n');
    for count in &document.counts {
        let gap = NUMBERS.saturating_sub(count.title.chars().count() + 2);
        let label = format!("  {}{:>gap$}", clean(&count.title), count.count);
        let note = count.note.as_deref().unwrap_or_default();
        out.push_str(&wrap(&label, NUMBERS + 2, &plain(note)));
    }
    out.push_str(&not_read(document));
    out.push_str(&lints(document));
    out.push_str("\nSections\n");
    for section in &document.sections {
        out.push_str(&parts(section));
    }
    out.push_str("\nThe whole of it: -o FILE.html, -o FILE.md or -o FILE.json (or --format)\n");
    out
}

fn not_read(document: &Document) -> String {
    let mut out = String::new();
    for gap in &document.gaps {
        let mut spans = vec![Span {
            text: "NOT READ ".to_owned(),
            style: Some(WARN),
        }];
        spans.extend(plain(&gap_words(gap)));
        out.push_str(&wrap("", 2, &spans));
    }
    match out.is_empty() {
        true => out,
        false => format!("\n{out}"),
    }
}

fn lints(document: &Document) -> String {
    if document.lints.is_empty() {
        return "\nNo lints: no faults of the server by itself were found.\n".to_owned();
    }
    let mut out = format!("\nLints: {}\n", document.lints.len());
    for lint in document.lints.iter().take(LINTS) {
        let text = format!("{}: {}", lint.object, lint.setting);
        let label = label(lint);
        out.push_str(&format!("  {label} {}", wrap("", 10, &plain(&text)).trim_start()));
    }
    match document.lints.len().saturating_sub(LINTS) {
        0 => out,
        more => format!("{out}  and {more} more\n"),
    }
}

fn parts(section: &Section) -> String {
    let names: Vec<&str> = section.sections.iter().map(|part| part.title.as_str()).collect();
    let mut spans = vec![Span {
        text: name(&section.title),
        style: Some(BOLD),
    }];
    if !names.is_empty() {
        spans.extend(plain(&format!(": {}", names.join(", "))));
    }
    let line = wrap("", 2, &spans);
    format!("  {}", line.trim_start())
}
