//! Text for a terminal: nothing in it can move the cursor or turn the
//! direction of writing; lines fit 80 columns.
//!
//! In: untrusted text. Out: safe, wrapped lines. Must not know: reports.

use anstyle::{AnsiColor, Style};

/// Width that reports are written for.
pub const WIDTH: usize = 80;

/// Bold.
pub const BOLD: Style = Style::new().bold();
/// Faint.
pub const DIM: Style = Style::new().dimmed();
/// What only the primary has.
pub const REMOVED: Style = AnsiColor::Red.on_default();
/// What only staging has.
pub const ADDED: Style = AnsiColor::Green.on_default();
/// Bad.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// To be looked at.
pub const WARN: Style = AnsiColor::Yellow.on_default().bold();
/// Good.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Wraps text in a style.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Control, bidirectional and other invisible characters become visible; line ends and tabs stay.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || c == '\t' {
            out.push(c);
        } else if invisible(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// A file's or server's name stays on its line: in a name, even a line end is only a character.
pub fn name(text: &str) -> String {
    clean(text).replace('\n', "\\u{a}").replace('\t', "\\u{9}")
}

fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A run of text in one style, already clean.
#[derive(Debug, Clone)]
pub struct Span {
    /// Text.
    pub text: String,
    /// Its style.
    pub style: Option<Style>,
}

/// Wraps styled text after `label`; continuation lines begin under its first word. Every line ends with a line end.
pub fn wrap(label: &str, indent: usize, spans: &[Span]) -> String {
    let mut out = String::from(label);
    for _ in label.chars().count()..indent {
        out.push(' ');
    }
    let mut column = label.chars().count().max(indent);
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut pending = String::new();
    let new_line = |out: &mut String, column: &mut usize| {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        *column = indent;
    };
    for span in spans {
        for piece in pieces(&span.text) {
            if piece == "\n" {
                pending.clear();
                new_line(&mut out, &mut column);
                continue;
            }
            if piece.trim().is_empty() {
                pending.push_str(piece);
                continue;
            }
            let length = piece.chars().count();
            if column > indent && column + pending.chars().count() + length > WIDTH {
                pending.clear();
                new_line(&mut out, &mut column);
            } else if column > indent {
                out.push_str(&pending);
                column += pending.chars().count();
                pending.clear();
            } else {
                pending.clear();
            }
            let mut rest: Vec<char> = piece.chars().collect();
            while !rest.is_empty() {
                let left = (indent + room).saturating_sub(column).max(1);
                let part: String = rest.drain(..rest.len().min(left)).collect();
                column += part.chars().count();
                match span.style {
                    Some(style) => out.push_str(&paint(style, &part)),
                    None => out.push_str(&part),
                }
                if !rest.is_empty() {
                    new_line(&mut out, &mut column);
                }
            }
        }
    }
    out.push('\n');
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

/// Plain text as one span.
pub fn plain(text: &str) -> Vec<Span> {
    vec![Span {
        text: clean(text),
        style: None,
    }]
}

/// Words, blanks and line ends, in order.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let kind = |c: char| match c {
        '\n' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut last = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if last.is_some_and(|last| last != this || this == 0) {
            pieces.push(&text[start..at]);
            start = at;
        }
        last = Some(this);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c\r"), "a\\u{1b}[2Jb\\u{202e}c\\u{d}");
        assert_eq!(clean("naïve — ok\n"), "naïve — ok\n");
    }

    #[test]
    fn lines_fit() {
        let text = "word ".repeat(60) + &"x".repeat(200);
        for line in wrap("  fix", 11, &plain(&text)).lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
        assert_eq!(wrap("a", 3, &plain("b\nc")), "a  b\n   c\n");
    }
}
