//! Text to tokens.
//!
//! In: the text of one expression. Out: its tokens with their places, or what
//! is wrong and where; and the pieces for a word diff, whatever the text is.
//! Must not know: what a token means, which functions there are, what is equal.
//!
//! One pass without recursion. A search that fails stops at the latest where
//! the next one of its kind could begin, so that a text full of faults is
//! still read in linear time.

use super::error::{Fault, TokenError};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `[attributeName]`, with its brackets.
    Attribute,
    /// `%Parameter.Name%`, with its percent signs.
    Parameter,
    /// `"text"`, with its quotes; doubled quotes inside belong to it.
    Text,
    /// `255`, `1.5` or `&HFF`, without sign.
    Number,
    /// Function, keyword (`NULL`), literal of an enumeration or `$variable`.
    Word,
    /// `<`, `<=`, `<>`, `=`, `>`, `>=`, `+`, `-`, `*`, `&`, `&&` or `||`.
    Operator,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
}

/// A token as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its spelling, with brackets, quotes or percent signs.
    pub text: &'a str,
    /// Where it begins: byte offset into the expression.
    pub offset: usize,
}

/// Longest first: `&&` before `&`.
const OPERATORS: [&str; 12] = ["&&", "||", "<=", "<>", ">=", "&", "<", "=", ">", "+", "-", "*"];

/// Takes an expression apart. White space outside strings separates and is dropped; an empty text has no tokens.
///
/// ```text
/// IIF([a] = &HFF, "x", %Domain.FQDN%)
/// Word Open Attribute Operator Number Comma Text Comma Parameter Close
/// ```
///
/// # Errors
///
/// Strings, attributes and parameters that do not end (the latter two on their line), attributes, parameters and
/// variables without a name, brackets without partner, words or numbers that run into each other (`12ab`), and any
/// character that is not part of the documented language. The first one is reported. Grammar is not checked.
pub fn tokenize(text: &str) -> Result<Vec<Token<'_>>, TokenError> {
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    // Where a word or number ended: another one must not begin there.
    let mut word_end = None;
    for Piece { text, offset, content } in Pieces::new(text) {
        let kind = match content {
            Content::Layout => continue,
            Content::Token(kind) => kind,
            Content::Fault(fault) => return Err(fault.at(offset)),
        };
        match kind {
            TokenKind::Open => open.push(offset),
            TokenKind::Close if open.pop().is_none() => return Err(Fault::Unopened.at(offset)),
            TokenKind::Word if word_end == Some(offset) => return Err(Fault::RunOn.at(offset)),
            _ => {}
        }
        if matches!(kind, TokenKind::Word | TokenKind::Number) {
            word_end = Some(offset + text.len());
        }
        tokens.push(Token { kind, text, offset });
    }
    match open.pop() {
        Some(offset) => Err(Fault::Unclosed.at(offset)),
        None => Ok(tokens),
    }
}

/// Pieces for a word diff: the tokens and the white space between them.
///
/// Joined they give `text` back exactly. A character that begins no token is a piece by itself, so this works for
/// any text and does not fail.
pub fn words(text: &str) -> Vec<&str> {
    Pieces::new(text).map(|piece| piece.text).collect()
}

/// White space that separates tokens and means nothing.
pub(super) fn is_layout(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// A stretch of the text; the next one begins where it ends.
struct Piece<'a> {
    text: &'a str,
    offset: usize,
    content: Content,
}

enum Content {
    /// A run of white space.
    Layout,
    Token(TokenKind),
    /// One character that begins no token.
    Fault(Fault),
}

/// Cuts a text into pieces without losing a byte.
struct Pieces<'a> {
    rest: &'a str,
    offset: usize,
}

impl<'a> Pieces<'a> {
    fn new(text: &'a str) -> Self {
        Pieces { rest: text, offset: 0 }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let first = self.rest.chars().next()?;
        let (content, length) = if is_layout(first) {
            (Content::Layout, run(self.rest, is_layout))
        } else {
            match scan(first, self.rest) {
                Ok((kind, length)) => (Content::Token(kind), length),
                Err(fault) => (Content::Fault(fault), first.len_utf8()),
            }
        };
        // Every length ends at a character; should one not, the rest is one piece rather than a panic.
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        let offset = self.offset;
        self.offset += text.len();
        self.rest = rest;
        Some(Piece { text, offset, content })
    }
}

/// Kind and length of the token at the start of `rest`, which begins with `first`.
fn scan(first: char, rest: &str) -> Result<(TokenKind, usize), Fault> {
    Ok(match first {
        '"' => (TokenKind::Text, string(rest).ok_or(Fault::OpenText)?),
        '[' => (
            TokenKind::Attribute,
            enclosed(rest, ']', Fault::OpenAttribute, Fault::EmptyAttribute)?,
        ),
        '%' => (
            TokenKind::Parameter,
            enclosed(rest, '%', Fault::OpenParameter, Fault::EmptyParameter)?,
        ),
        '(' => (TokenKind::Open, 1),
        ')' => (TokenKind::Close, 1),
        ',' => (TokenKind::Comma, 1),
        '0'..='9' => (TokenKind::Number, decimal(rest)),
        '$' => match run(after(rest, 1), is_word) {
            0 => return Err(Fault::EmptyVariable),
            name => (TokenKind::Word, 1 + name),
        },
        _ if first == '_' || first.is_alphabetic() => (TokenKind::Word, run(rest, is_word)),
        _ => match (
            hexadecimal(rest),
            OPERATORS.iter().find(|operator| rest.starts_with(**operator)),
        ) {
            (Some(length), _) => (TokenKind::Number, length),
            (None, Some(operator)) => (TokenKind::Operator, operator.len()),
            (None, None) => return Err(Fault::Stray(first)),
        },
    })
}

/// Up to the first quote that no other one follows directly.
fn string(rest: &str) -> Option<usize> {
    let mut quotes = rest.match_indices('"').map(|(at, _)| at).skip(1).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return Some(at + 1);
        }
    }
    None
}

/// A name between two signs. It holds no line break and no quote, nor what would begin another name or an argument
/// list: a forgotten sign shall be reported where it is missing and not swallow the next string.
fn enclosed(rest: &str, close: char, unclosed: Fault, empty: Fault) -> Result<usize, Fault> {
    let inside = after(rest, 1);
    let ends = |c: char| match c {
        '\r' | '\n' | '"' | '[' => true,
        ']' | '(' | ')' | ',' if close == '%' => true,
        _ => c == close,
    };
    match inside.char_indices().find(|(_, c)| ends(*c)) {
        Some((at, found)) if found == close => match run(inside, is_layout) {
            blank if blank == at => Err(empty),
            _ => Ok(at + 2),
        },
        _ => Err(unclosed),
    }
}

/// Digits, and a fraction where digits follow the point.
fn decimal(rest: &str) -> usize {
    let whole = run(rest, |c| c.is_ascii_digit());
    let fraction = after(rest, whole)
        .strip_prefix('.')
        .map_or(0, |digits| run(digits, |c| c.is_ascii_digit()));
    if fraction == 0 { whole } else { whole + 1 + fraction }
}

/// `&H` and hexadecimal digits, if the word ends after them.
fn hexadecimal(rest: &str) -> Option<usize> {
    let digits = rest.strip_prefix("&H").or_else(|| rest.strip_prefix("&h"))?;
    let length = run(digits, |c| c.is_ascii_hexdigit());
    (length > 0 && !after(digits, length).starts_with(is_word)).then_some(2 + length)
}

/// What words consist of after their first character.
fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Length in bytes of the run at the start.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn after(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or("")
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
