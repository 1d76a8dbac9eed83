//! Layout that has no meaning.
//!
//! In: expressions and finished documents. Out: the same with line breaks and indent, or in the encoding
//! of an editor that re-saved the file.

use crate::describe::About;
use crate::noise::Noise;

/// Indent of a broken expression, as the rules editor of later builds leaves it.
const INDENT: &str = "\n        ";

/// An expression with line breaks after the commas of its outermost call; strings stay whole.
pub fn indent(expression: &str) -> String {
    let mut text = String::from(INDENT);
    let (mut quoted, mut depth) = (false, 0_i32);
    for letter in expression.chars() {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        text.push(letter);
        if letter == ',' && !quoted && depth == 1 {
            text.push_str(INDENT);
        }
    }
    text
}

/// Whether this server shows that expression indented.
pub fn is_indented(about: &About, noise: &Noise, place: &str, expression: &str) -> bool {
    about.indented && expression.contains(',') && expression.len() > 40 && noise.number("layout", place, 2) == 0
}

/// The bytes of a document on this server.
pub fn encode(about: &About, noise: &Noise, place: &str, document: &str) -> Vec<u8> {
    let choice = if about.resaved {
        noise.number("encoding", place, 6)
    } else {
        0
    };
    match choice {
        1 => [b"\xef\xbb\xbf", document.as_bytes()].concat(),
        2 => {
            let saved = format!("\u{feff}{}\r\n", document.replace('\n', "\r\n"));
            saved.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        _ => document.as_bytes().to_vec(),
    }
}
