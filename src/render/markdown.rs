//! Markdown for GitHub and Azure DevOps: no text in it can become markup.
//!
//! In: untrusted text. Out: text, cells of a table, code. Must not know:
//! reports.

use super::terminal::clean;

/// Text without markup, on its own line or lines.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = clean(text);
    for (at, c) in text.char_indices() {
        match c {
            // Neither a link nor a mention comes of a name.
            '@' => out.push_str("&#64;"),
            ':' if text[at..].starts_with("://") => out.push_str("&#58;"),
            '.' if text[..at].to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            // Entities and tags: both renderers know HTML.
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Text within an HTML element that begins a line, such as a summary: on that line nothing is Markdown.
pub fn inside_element(text: &str) -> String {
    let text = clean(text).replace(['\n', '\t'], " ");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text in a cell of a table, where even a line end would end the row.
pub fn cell(text: &str) -> String {
    let text = clean(text);
    let lines: Vec<String> = text.trim_end_matches('\n').split('\n').map(escape).collect();
    lines.join("<br>").replace('\t', " ")
}

/// Code in a cell of a table. It is HTML, for in a span of backticks a pipe ends the cell with one renderer and its
/// escape is shown by the other.
pub fn code_cell(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("<code>{}</code>", cell(text))
}

/// A table's head: titles and the line below.
pub fn table(titles: &[&str]) -> String {
    row(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())
        + &row(&vec!["---".to_owned(); titles.len()])
}

/// A row of cells that are escaped already.
pub fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_becomes_markup() {
        assert_eq!(
            escape("a|b `c` *d* _e_ [f](g) #1 ~h~ $i$"),
            r"a\|b \`c\` \*d\* \_e\_ \[f\](g) \#1 \~h\~ \$i\$"
        );
        assert_eq!(escape("<b>&lt;"), "&lt;b&gt;&amp;lt;");
        assert_eq!(escape("\u{1b}[2J"), r"\\u{1b}\[2J");
    }

    #[test]
    fn within_an_element_nothing_needs_a_backslash() {
        assert_eq!(inside_element("a_b <c>\n\n*d* &lt;"), "a_b &lt;c&gt;  *d* &amp;lt;");
    }

    #[test]
    fn a_cell_stays_in_its_row() {
        assert_eq!(cell("a\r\n\tb|c\n"), r"a\\u{d}<br> b\|c");
        assert_eq!(code_cell("IIF([x]|1)"), r"<code>IIF(\[x\]\|1)</code>");
        assert_eq!(row(&["a".to_owned(), cell("b\nc")]).lines().count(), 1);
    }
}
