//! A document's Markdown read back: headings, tables and links, with what is
//! escaped undone.

use std::collections::BTreeSet;

/// A heading with what stands directly below it.
#[derive(Debug, Default)]
pub struct Part {
    /// Headings from the outside in.
    pub path: Vec<String>,
    /// Paragraphs and lists, line by line.
    pub lines: Vec<String>,
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Default)]
pub struct Table {
    /// The bold line or the summary before it.
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The cells of a row by the titles of their columns.
    pub fn cell<'t>(&self, row: &'t [String], column: &str) -> &'t str {
        let at = self.columns.iter().position(|own| own == column);
        &row[at.unwrap_or_else(|| panic!("{column} of {:?}", self.columns))]
    }

    /// Rows as tuples of some columns, sorted.
    pub fn of<const N: usize>(&self, columns: [&str; N]) -> Vec<[String; N]> {
        let cells = |row: &Vec<String>| columns.map(|column| self.cell(row, column).to_owned());
        let mut rows: Vec<[String; N]> = self.rows.iter().map(cells).collect();
        rows.sort();
        rows
    }
}

/// Reads Markdown.
pub fn parts(markdown: &str) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut title = String::new();
    let mut in_table = false;
    for line in markdown.lines() {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if level > 0 && line[level..].starts_with(' ') {
            path.truncate(level - 1);
            while path.len() < level - 1 {
                path.push(String::new());
            }
            path.push(plain(&line[level + 1..]));
            all.push(Part {
                path: path.clone(),
                ..Part::default()
            });
            title.clear();
            in_table = false;
            continue;
        }
        let Some(part) = all.last_mut() else { continue };
        if let Some(rest) = line.strip_prefix("| ") {
            let cells = cells(rest.strip_suffix(" |").expect("a whole row"));
            if !in_table {
                part.tables.push(Table {
                    title: std::mem::take(&mut title),
                    columns: cells,
                    rows: Vec::new(),
                });
                in_table = true;
            } else if !cells.iter().all(|cell| cell == "---") {
                let table = part.tables.last_mut().unwrap();
                assert_eq!(cells.len(), table.columns.len(), "{line}");
                table.rows.push(cells);
            }
            continue;
        }
        in_table = false;
        if let Some(bold) = line.strip_prefix("**").and_then(|line| line.strip_suffix("**")) {
            title = plain(bold);
        } else if let Some(summary) = line.strip_prefix("<details><summary>") {
            let summary = summary.strip_suffix("</summary>").unwrap();
            title = plain(summary.rsplit_once(" (").unwrap().0);
        } else if !line.is_empty() && !line.starts_with('<') {
            part.lines.push(plain(line));
        }
    }
    all
}

/// Cells at pipes that are not escaped.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in row.chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else {
            cells.last_mut().unwrap().push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    cells.iter().map(|cell| plain(cell.trim())).collect()
}

/// Text without markup.
pub fn plain(text: &str) -> String {
    let mut text = text.replace("<br>", "\n").replace("<code>", "").replace("</code>", "");
    while let Some(at) = text.find("<a id=\"") {
        let end = text[at..].find("</a>").unwrap();
        text.replace_range(at..at + end + 4, "");
    }
    // A link: what is not escaped between brackets, before `](#`.
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            '[' => {}
            ']' => {
                if chars.peek() == Some(&'(') {
                    while chars.next().is_some_and(|c| c != ')') {}
                }
            }
            c => out.push(c),
        }
    }
    [
        ("&#64;", "@"),
        ("&#58;", ":"),
        ("&#46;", "."),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(out, |out, (entity, text)| out.replace(entity, text))
}

/// Where links point to, and what they may point to.
pub fn links(markdown: &str) -> (BTreeSet<String>, Vec<String>) {
    let between = |before: &str, after: char| {
        let pieces = markdown.split(before).skip(1);
        pieces
            .map(|piece| piece.split(after).next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    (between("](#", ')').into_iter().collect(), between("<a id=\"", '"'))
}
