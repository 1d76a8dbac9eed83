//! Small pieces that all parts are made of: runs, cells, rows, links.
//!
//! In: texts. Out: pieces of the result. Must not know: what they are about.

use super::book::Book;
use crate::report::document::{Block, Cell, Row, Run, Section, Table};

/// Runs of text, one after the other.
pub type Runs = Vec<Run>;

/// A cell of plain text.
pub fn plain(text: impl Into<String>) -> Runs {
    let text = text.into();
    if text.is_empty() {
        return Vec::new();
    }
    vec![Run::Plain(text)]
}

/// A cell of code.
pub fn code(text: impl Into<String>) -> Runs {
    vec![Run::Code { code: text.into() }]
}

/// A run that links.
pub fn link(text: impl Into<String>, link: impl Into<String>) -> Run {
    Run::Link {
        text: text.into(),
        link: link.into(),
    }
}

/// A run that links to a rule.
pub fn rule(book: &Book<'_>, rule: usize) -> Run {
    link(book.view(rule).name.clone(), book.rule_link(rule))
}

/// A run that links to a metaverse attribute, where the document has it.
pub fn attribute(book: &Book<'_>, object_type: &str, key: &str) -> Run {
    let name = book.server.spelling(true, key);
    match book.attribute_link(object_type, key) {
        Some(at) => link(name, at),
        None => Run::Plain(name),
    }
}

/// A run that links to a connector, where it is in the export.
pub fn connector(book: &Book<'_>, key: &str) -> Run {
    let name = book.connector_name(key).to_owned();
    match book.connector_link(key) {
        Some(at) => link(name, at),
        None => Run::Plain(name),
    }
}

/// Runs between separators.
pub fn joined(cells: impl IntoIterator<Item = Runs>, separator: &str) -> Runs {
    let mut out = Runs::new();
    for cell in cells {
        if !out.is_empty() {
            out.push(Run::Plain(separator.to_owned()));
        }
        out.extend(cell);
    }
    out
}

/// A row without a link.
pub fn row(cells: Vec<Runs>) -> Row {
    Row {
        id: None,
        cells: cells.into_iter().map(Cell::from).collect(),
    }
}

/// A paragraph.
pub fn text(text: impl Into<String>) -> Block {
    paragraph(plain(text))
}

/// A paragraph of runs.
pub fn paragraph(runs: Runs) -> Block {
    Block::Text { text: runs.into() }
}

/// A table; nothing where it has no rows.
pub fn table(title: &str, columns: &[&str], rows: Vec<Row>, folded: bool) -> Option<Block> {
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            title: title.to_owned(),
            folded,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows,
        })
    })
}

/// A section without parts.
pub fn section(id: impl Into<String>, title: impl Into<String>, blocks: Vec<Block>) -> Section {
    Section {
        id: id.into(),
        title: title.into(),
        blocks,
        ..Section::default()
    }
}

/// `1 rule`, `2 rules`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// `Yes` or `No`.
pub fn yes(is: bool) -> Runs {
    plain(if is { "Yes" } else { "No" })
}
