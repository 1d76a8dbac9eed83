//! Quoting for PowerShell, in one place.
//!
//! In: any text, such as a name that somebody chose. Out: an expression that
//! Windows PowerShell 5.1 and PowerShell 7 evaluate to the very same text, and
//! that can stand as one argument of a command. Must not know: commands.
//!
//! Printable ASCII stands in single quotes, `'` doubled: nothing in it is
//! expanded. Everything else is joined in as `[char]0x2019`. Typographic quotes
//! end a string for PowerShell, control and bidirectional characters hide what
//! a line does, and 5.1 reads a file without a byte order mark in the ANSI code
//! page: so the whole expression is ASCII, and means the same in every file,
//! console and mail. What is beyond 16 bits is joined in as its two halves.

/// Operands of one chain of `+`: evaluating a chain takes stack for each.
const CHAIN: usize = 64;

/// A text as an expression: `'plain'`, or `('it' + [char]0x2019 + 's')`.
pub fn quote(text: &str) -> String {
    let operands = operands(text);
    match operands.as_slice() {
        [] => "''".to_owned(),
        [only] if only.starts_with('\'') => only.clone(),
        _ => joined(operands),
    }
}

/// Literals in quotes and single characters, in order.
fn operands(text: &str) -> Vec<String> {
    let mut operands = Vec::new();
    let mut literal = String::new();
    for c in text.chars() {
        match c {
            '\'' => literal.push_str("''"),
            ' '..='~' => literal.push(c),
            _ => {
                end(&mut literal, &mut operands);
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    operands.push(format!("[char]0x{unit:X}"));
                }
            }
        }
    }
    end(&mut literal, &mut operands);
    operands
}

fn end(literal: &mut String, operands: &mut Vec<String>) {
    if !literal.is_empty() {
        operands.push(format!("'{literal}'"));
        literal.clear();
    }
}

/// One expression in parentheses, as flat as a tree of short chains is.
fn joined(mut operands: Vec<String>) -> String {
    while operands.len() > CHAIN {
        operands = operands.chunks(CHAIN).map(chain).collect();
    }
    chain(&operands)
}

/// A chain begins with a string, or `+` would add numbers.
fn chain(operands: &[String]) -> String {
    let first = operands.first().map_or("", String::as_str);
    let lead = if first.starts_with('\'') { "" } else { "'' + " };
    format!("({lead}{})", operands.join(" + "))
}
