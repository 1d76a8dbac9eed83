//! A catalogue row for people.
//!
//! In: a row. Out: text or Markdown. Must not know: servers.

use super::markdown::{cell, escape};
use super::terminal::{BOLD, paint, plain, wrap};
use crate::catalogue::{Catalogue, Row};

/// Column where texts begin.
const COLUMN: usize = 11;

/// One row.
pub fn explain(catalogue: &Catalogue, row: &Row, markdown: bool) -> String {
    if markdown {
        in_markdown(catalogue, row)
    } else {
        in_text(catalogue, row)
    }
}

/// All ids with their titles, by area.
pub fn explain_list(catalogue: &Catalogue, markdown: bool) -> String {
    let mut rows: Vec<&Row> = catalogue.rows.iter().collect();
    rows.sort_by(|a, b| (catalogue.area(a), &a.id).cmp(&(catalogue.area(b), &b.id)));
    let mut out = String::new();
    if markdown {
        out.push_str("| id | title | area | class | severity |\n|---|---|---|---|---|\n");
        for row in rows {
            out.push_str(&format!(
                "| `{}` | {} | {} | {} | {} |\n",
                row.id,
                cell(&row.title),
                catalogue.area(row),
                row.class.word(),
                row.severity.word()
            ));
        }
        return out;
    }
    let mut area = "";
    for row in rows {
        if catalogue.area(row) != area {
            if !area.is_empty() {
                out.push('\n');
            }
            area = catalogue.area(row);
            out.push_str(&format!("{area}\n"));
        }
        out.push_str(&wrap(
            &format!("  {:<44} {:<7}", row.id, row.severity.word()),
            55,
            &plain(&row.title),
        ));
    }
    out
}

fn severity(row: &Row) -> String {
    let mut words = row.severity.word().to_owned();
    for escalation in &row.escalate {
        words.push_str(&format!(
            "; {} when {}",
            escalation.severity.word(),
            escalation.when.words()
        ));
    }
    words
}

fn place(catalogue: &Catalogue, row: &Row) -> String {
    let kind = catalogue
        .kind(&row.object)
        .map_or("both servers", |kind| kind.title.as_str());
    match &row.path {
        Some(path) => format!("{kind}: {path}"),
        None => format!("{kind}: computed, not read from one place"),
    }
}

fn in_text(catalogue: &Catalogue, row: &Row) -> String {
    let mut out = format!("{}  {}\n", paint(BOLD, &row.title), row.id);
    out.push_str(&wrap("why", COLUMN, &plain(&row.why)));
    out.push_str(&wrap("fix", COLUMN, &plain(&row.fix)));
    if let Some(reason) = &row.reason {
        out.push_str(&wrap("expected", COLUMN, &plain(reason)));
    }
    out.push_str(&wrap("severity", COLUMN, &plain(&severity(row))));
    out.push_str(&wrap("class", COLUMN, &plain(row.class.word())));
    out.push_str(&wrap("read at", COLUMN, &plain(&place(catalogue, row))));
    out.push_str(&wrap("reference", COLUMN, &plain(&row.reference)));
    out
}

fn in_markdown(catalogue: &Catalogue, row: &Row) -> String {
    let mut out = format!("# {} (`{}`)\n\n", escape(&row.title), row.id);
    out.push_str(&format!("{}\n\n**Fix.** {}\n\n", escape(&row.why), escape(&row.fix)));
    if let Some(reason) = &row.reason {
        out.push_str(&format!("**Expected.** {}\n\n", escape(reason)));
    }
    out.push_str(&format!(
        "| severity | class | read at | reference |\n|---|---|---|---|\n| {} | {} | `{}` | {} |\n",
        severity(row),
        row.class.word(),
        place(catalogue, row).replace('|', "\\|"),
        escape(&row.reference)
    ));
    out
}
