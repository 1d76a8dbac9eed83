//! The document of a server as Markdown, for GitHub and Azure DevOps.
//!
//! In: the result of `document`. Out: Markdown with a table of contents and
//! links that both renderers follow. Must not know: how anything was computed.
//!
//! The two make other anchors of a heading with punctuation, so everything
//! that is linked to has an anchor of its own.

use super::headline::{gap_words, server_words};
use super::markdown::{cell, code_cell, row, table};

use crate::report::document::{Block, Cell, Document, Node, Row, Run, Section, Table};

/// Tables longer than this are folded.
const LONG: usize = 40;
/// Headings no deeper than this are in the table of contents.
const CONTENTS: usize = 2;

/// Renders a document.
pub fn document_markdown(document: &Document) -> String {
    let server = cell(&document.server.server);
    let mut out = format!(
        "# Configuration of {server}\n\n{}.\n\n",
        cell(&server_words(&document.server))
    );
    for gap in &document.gaps {
        out.push_str(&format!("* **Not read.** {}\n", cell(&gap_words(gap))));
    }
    out.push_str("\n## Contents\n\n");
    for section in &document.sections {
        contents(section, 0, &mut out);
    }
    for section in &document.sections {
        of_section(section, 2, &mut out);
    }
    out.push_str(&format!(
        "\n---\n\n{} values of the export, all accounted for: {} shown, {} of them known to no row of the catalogue; {} \
         of housekeeping; {} masked. Written by {} {} on {}.\n",
        document.ledger.leaves,
        document.ledger.compared + document.ledger.uncatalogued,
        document.ledger.uncatalogued,
        document.ledger.noise,
        document.ledger.secret,
        document.tool.name,
        document.tool.version,
        document.generated
    ));
    out
}

fn contents(section: &Section, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}* [{}](#{})\n", cell(&section.title), section.id));
    if depth < CONTENTS {
        for part in &section.sections {
            contents(part, depth + 1, out);
        }
    }
}

fn of_section(section: &Section, level: usize, out: &mut String) {
    // Markdown has six levels of headings.
    let marks = "#".repeat(level.min(6));
    out.push_str(&format!(
        "\n<a id=\"{}\"></a>\n\n{marks} {}\n",
        section.id,
        cell(&section.title)
    ));
    for block in &section.blocks {
        out.push('\n');
        match block {
            Block::Text { text } => out.push_str(&format!("{}\n", runs(text))),
            Block::Table(table) => of_table(table, out),
            Block::Tree { nodes } => nodes.iter().for_each(|node| out.push_str(&of_node(node))),
        }
    }
    for part in &section.sections {
        of_section(part, level + 1, out);
    }
}

fn of_table(of: &Table, out: &mut String) {
    let folded = of.folded || of.rows.len() > LONG;
    let title = cell(&of.title);
    if folded {
        let title = if title.is_empty() { "Rows" } else { &title };
        out.push_str(&format!("<details><summary>{title} ({})</summary>\n\n", of.rows.len()));
    } else if !title.is_empty() {
        out.push_str(&format!("**{title}**\n\n"));
    }
    let columns: Vec<String> = of.columns.iter().map(|column| cell(column)).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    out.push_str(&table(&columns));
    for row in &of.rows {
        out.push_str(&of_row(row));
    }
    if folded {
        out.push_str("\n</details>\n");
    }
}

fn of_row(of: &Row) -> String {
    let mut cells: Vec<String> = of.cells.iter().map(runs).collect();
    if let (Some(id), Some(first)) = (&of.id, cells.first_mut()) {
        first.insert_str(0, &format!("<a id=\"{id}\"></a>"));
    }
    row(&cells)
}

/// Runs on one line, as a table needs it.
fn runs(cell_of: &Cell) -> String {
    let of_run = |run: &Run| match run {
        Run::Plain(text) => kept(text),
        Run::Code { code } => code_cell(code),
        Run::Link { text, link } => format!("[{}](#{link})", cell(text)),
    };
    match cell_of {
        Cell::Text(text) => kept(text),
        Cell::Runs(runs) => runs.iter().map(of_run).collect(),
    }
}

/// Text between other runs: blanks and line ends at its borders count.
fn kept(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(one_line).collect();
    lines.join("<br>")
}

fn one_line(line: &str) -> String {
    let (before, after) = (line.starts_with(' '), line.ends_with(' ') && line.trim() != "");
    let inner = cell(line.trim_matches(' '));
    format!(
        "{}{inner}{}",
        if before { " " } else { "" },
        if after { " " } else { "" }
    )
}

fn of_node(node: &Node) -> String {
    let because = match node.because.is_empty() {
        true => String::new(),
        false => format!(" ({})", cell(&node.because)),
    };
    format!(
        "{}* {} — {}{because}\n",
        "  ".repeat(node.depth),
        cell(&node.name),
        if node.inside { "**in**" } else { "out" }
    )
}
