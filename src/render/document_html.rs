//! The document of a server as HTML: one self-contained file.
//!
//! In: the result of `document`, templates. Out: HTML. Must not know: how
//! anything was computed.

use super::headline::{gap_words, server_words};
use super::html::policy;
use super::templates::{TemplateError, Templates};
use super::terminal::{clean, name};
use crate::report::document::{Block, Cell, Document, Node, Row, Run, Section, Table};
use serde::Serialize;

/// Tables longer than this are folded.
const LONG: usize = 40;
/// Tables with so many columns may be wider than the page.
const WIDE: usize = 4;
/// Deeper containers are drawn like this one.
const DEEPEST: usize = 9;

#[derive(Serialize)]
struct Page {
    policy: String,
    tool: String,
    generated: String,
    title: String,
    words: String,
    gaps: Vec<String>,
    contents: Vec<Entry>,
    parts: Vec<Part>,
    ledger: String,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    parts: Vec<Entry>,
}

#[derive(Serialize)]
struct Part {
    id: String,
    title: String,
    level: usize,
    blocks: Vec<Shown>,
    parts: Vec<Part>,
}

/// One of these.
#[derive(Serialize)]
struct Shown {
    text: Option<Vec<Piece>>,
    table: Option<Grid>,
    tree: Option<Vec<Leaf>>,
}

#[derive(Serialize)]
struct Grid {
    title: String,
    /// The heading says what it is.
    untitled: bool,
    folded: bool,
    wide: bool,
    count: usize,
    columns: Vec<String>,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: Option<String>,
    cells: Vec<Vec<Piece>>,
}

#[derive(Serialize)]
struct Piece {
    text: String,
    code: bool,
    link: Option<String>,
}

#[derive(Serialize)]
struct Leaf {
    depth: usize,
    name: String,
    class: &'static str,
    because: String,
}

/// Renders a document.
///
/// # Errors
/// A template of the user's that cannot be used.
pub fn document_html(document: &Document, templates: &Templates) -> Result<String, TemplateError> {
    let ledger = &document.ledger;
    let page = Page {
        policy: policy(templates, &["style.css", "document.css"], &["document.js"]),
        tool: format!("{} {}", document.tool.name, document.tool.version),
        generated: super::view::short_time(&document.generated),
        title: format!("Configuration of {}", name(&document.server.server)),
        words: name(&server_words(&document.server)),
        gaps: document.gaps.iter().map(|gap| clean(&gap_words(gap))).collect(),
        contents: document.sections.iter().map(|section| entry(section, 1)).collect(),
        parts: document.sections.iter().map(|section| part(section, 2)).collect(),
        ledger: format!(
            "{} values of the export, all accounted for: {} shown, {} of them known to no row of the catalogue; {} of \
             housekeeping; {} masked.",
            ledger.leaves,
            ledger.compared + ledger.uncatalogued,
            ledger.uncatalogued,
            ledger.noise,
            ledger.secret
        ),
    };
    templates.html("document.hbs", &page)
}

/// An entry of the table of contents, with those of the next level.
fn entry(section: &Section, depth: usize) -> Entry {
    const DEEPEST: usize = 2;
    let parts = section.sections.iter().filter(|_| depth < DEEPEST);
    Entry {
        id: section.id.clone(),
        title: clean(&section.title),
        parts: parts.map(|part| entry(part, depth + 1)).collect(),
    }
}

fn part(section: &Section, level: usize) -> Part {
    Part {
        id: section.id.clone(),
        title: clean(&section.title),
        // HTML has six levels of headings.
        level: level.min(6),
        blocks: section.blocks.iter().map(shown).collect(),
        parts: section.sections.iter().map(|own| part(own, level + 1)).collect(),
    }
}

fn shown(block: &Block) -> Shown {
    let mut shown = Shown {
        text: None,
        table: None,
        tree: None,
    };
    match block {
        Block::Text { text } => shown.text = Some(pieces(text)),
        Block::Table(table) => shown.table = Some(grid(table)),
        Block::Tree { nodes } => shown.tree = Some(nodes.iter().map(leaf).collect()),
    }
    shown
}

fn grid(table: &Table) -> Grid {
    Grid {
        title: match table.title.is_empty() {
            true => "Rows".to_owned(),
            false => clean(&table.title),
        },
        untitled: table.title.is_empty(),
        folded: table.folded || table.rows.len() > LONG,
        wide: table.columns.len() >= WIDE,
        count: table.rows.len(),
        columns: table.columns.iter().map(|column| clean(column)).collect(),
        rows: table.rows.iter().map(line).collect(),
    }
}

fn line(row: &Row) -> Line {
    Line {
        id: row.id.clone(),
        cells: row.cells.iter().map(pieces).collect(),
    }
}

fn pieces(cell: &Cell) -> Vec<Piece> {
    let piece = |text: &str, code: bool, link: Option<&String>| Piece {
        text: clean(text),
        code,
        link: link.cloned(),
    };
    let of_run = |run: &Run| match run {
        Run::Plain(text) => piece(text, false, None),
        Run::Code { code } => piece(code, true, None),
        Run::Link { text, link } => piece(text, false, Some(link)),
    };
    match cell {
        Cell::Text(text) => vec![piece(text, false, None)],
        Cell::Runs(runs) => runs.iter().map(of_run).collect(),
    }
}

fn leaf(node: &Node) -> Leaf {
    Leaf {
        depth: node.depth.min(DEEPEST),
        name: name(&node.name),
        class: if node.inside { "in" } else { "out" },
        because: node.because.clone(),
    }
}
