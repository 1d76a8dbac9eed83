//! When two expressions are the same.
//!
//! In: the text of an expression. Out: the form that is compared, and the form
//! that tells layout from everything else. Must not know: what functions do;
//! there is no algebra here, and `NULL`, `AuthoritativeNull` and
//! `IgnoreThisFlow` are three words like any other.

use super::brackets;
use super::error::TokenError;
use super::lexer::{Token, TokenKind, is_layout, tokenize};
use std::borrow::Cow;

/// The tokens joined without layout, spelling kept: texts that differ here differ in more than layout.
///
/// A single space stands only where two tokens would otherwise join into another one (`a b`, `"a" "b"`, `< =`,
/// `& HFF`). A text that does not tokenise comes back with `\r\n` as `\n` and without white space around it.
pub fn without_layout(text: &str) -> String {
    match tokenize(text) {
        Ok(tokens) => join(tokens.iter().map(|token| (token.kind, Cow::Borrowed(token.text)))),
        Err(_) => text.replace("\r\n", "\n").trim_matches(is_layout).to_owned(),
    }
}

/// The form that is compared: expressions are the same exactly when this is.
///
/// Compared with [`without_layout`] it also drops brackets that change nothing (those around the whole expression, however
/// many, also where the text does not parse) and spells numbers one way: `&HFF` and `0255` are `255`. Letter case, other
/// brackets, signs and strings stay as they are.
///
/// Some numbers keep their own spelling, since equality is not certain: decimals beyond 64 bits, fractions and the
/// undocumented prefix `&h` as written; hexadecimals from `&H8000000000000000`, which may be read as negative, in
/// upper case and without leading zeros.
///
/// # Errors
///
/// Those of [`tokenize`].
pub fn canonical(text: &str) -> Result<String, TokenError> {
    let tokens = tokenize(text)?;
    let tokens = brackets::kept(&tokens);
    Ok(join(without_outer_brackets(&tokens).iter().map(
        |token| match token.kind {
            TokenKind::Number => (token.kind, number(token.text)),
            _ => (token.kind, Cow::Borrowed(token.text)),
        },
    )))
}

/// Writes tokens so that reading them again gives the same tokens.
fn join<'a>(tokens: impl Iterator<Item = (TokenKind, Cow<'a, str>)>) -> String {
    let mut joined = String::new();
    let mut before: Option<(TokenKind, Cow<'a, str>)> = None;
    for (kind, text) in tokens {
        if before.is_some_and(|(left, spelling)| would_merge(left, &spelling, kind, &text)) {
            joined.push(' ');
        }
        joined.push_str(&text);
        before = Some((kind, text));
    }
    joined
}

fn would_merge(left: TokenKind, left_text: &str, right: TokenKind, right_text: &str) -> bool {
    use TokenKind::{Number, Operator, Text, Word};
    match (left, right) {
        (Word | Number, Word | Number) | (Text, Text) => true,
        (Operator, _) => match left_text {
            "&" => right_text.starts_with(['&', 'H', 'h']),
            "<" => right_text.starts_with(['=', '>']),
            ">" => right_text.starts_with('='),
            _ => false,
        },
        _ => false,
    }
}

/// Brackets around everything go; `()` alone stays, there is nothing that it encloses.
fn without_outer_brackets<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let opening = tokens.iter().take_while(|token| token.kind == TokenKind::Open).count();
    let closing = tokens
        .iter()
        .rev()
        .take_while(|token| token.kind == TokenKind::Close)
        .count();
    let between = tokens.len().saturating_sub(opening + closing);
    // As many pairs enclose everything as the depth never falls below on the way. Counting that once keeps a
    // million brackets linear, where peeling pair by pair would not be.
    let mut depth = opening;
    let mut pairs = opening.min(closing);
    for token in tokens.iter().skip(opening).take(between) {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        pairs = pairs.min(depth);
    }
    if pairs * 2 == tokens.len() {
        pairs = pairs.saturating_sub(1);
    }
    tokens.get(pairs..tokens.len() - pairs).unwrap_or(tokens)
}

/// One spelling for one number, where it is certain that it is one.
pub(super) fn number(text: &str) -> Cow<'_, str> {
    if let Some(digits) = text.strip_prefix("&H") {
        let value = i64::from_str_radix(digits, 16);
        let digits = digits.trim_start_matches('0');
        return value
            .map_or_else(
                |_| format!("&H{}", digits.to_ascii_uppercase()),
                |value| value.to_string(),
            )
            .into();
    }
    // Fractions and `&h` do not parse, and stay.
    text.parse::<u64>()
        .map_or(Cow::Borrowed(text), |value| value.to_string().into())
}

#[cfg(test)]
#[path = "canonical_tests.rs"]
mod tests;
