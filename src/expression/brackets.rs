//! Brackets that change nothing.
//!
//! In: the tokens of an expression. Out: the same without needless brackets.
//! Must not know: what functions do, spelling of numbers.
//!
//! Brackets go where they change nothing however operators bind: around the whole
//! expression or a whole argument, around a single operand, and around the
//! beginning of a chain of one operator (`([a] & [b]) & [c]`) or before `&&` and `||`
//! a comparison (`([a] = 1) && [b]`). The manual lets all
//! operators work from left to right, but rules of the product itself only make
//! sense where some bind closer, so `([a] || [b]) = "x"` keeps its brackets.

use super::lexer::{Token, TokenKind};
use super::parse;
use std::borrow::Cow;

/// The tokens without needless brackets; all of them where there are none, or where the text does not parse.
pub fn kept<'t, 'a>(tokens: &'t [Token<'a>]) -> Cow<'t, [Token<'a>]> {
    let grouped = (0..tokens.len()).any(|at| is_group(tokens, at));
    if !grouped || parse::tree(tokens).is_err() {
        return Cow::Borrowed(tokens);
    }
    let needless = needless(tokens);
    let kept = tokens.iter().zip(needless).filter(|(_, needless)| !needless);
    Cow::Owned(kept.map(|(token, _)| *token).collect())
}

/// Whether a bracket opens here that calls nothing.
fn is_group(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].kind == TokenKind::Open && before(tokens, at).is_none_or(|before| before.kind != TokenKind::Word)
}

fn before<'t, 'a>(tokens: &'t [Token<'a>], at: usize) -> Option<&'t Token<'a>> {
    tokens.get(at.checked_sub(1)?)
}

/// The operators of a chain, as far as it matters.
#[derive(Clone, Copy, PartialEq)]
enum Operators<'a> {
    None,
    /// One operator, however often.
    One(&'a str),
    /// Several, or signs, whose reach is not certain.
    Mixed,
}

impl<'a> Operators<'a> {
    fn with(self, other: Operators<'a>) -> Operators<'a> {
        match (self, other) {
            (one, Operators::None) | (Operators::None, one) => one,
            (one, other) if one == other => one,
            _ => Operators::Mixed,
        }
    }
}

/// A bracket that is open.
struct Open<'a> {
    at: usize,
    group: bool,
    operators: Operators<'a>,
}

fn needless(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut needless = vec![false; tokens.len()];
    let mut open: Vec<Open<'_>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(Open {
                at,
                group: is_group(tokens, at),
                operators: Operators::None,
            }),
            TokenKind::Operator => {
                let sign = begins(before(tokens, at)) || before(tokens, at).is_some_and(is_operator);
                let found = if sign {
                    Operators::Mixed
                } else {
                    Operators::One(token.text)
                };
                if let Some(frame) = open.last_mut() {
                    frame.operators = frame.operators.with(found);
                }
            }
            TokenKind::Close => {
                let Some(closed) = open.pop().filter(|closed| closed.group) else {
                    continue;
                };
                if !goes(before(tokens, closed.at), tokens.get(at + 1), closed.operators) {
                    continue;
                }
                (needless[closed.at], needless[at]) = (true, true);
                if let Some(frame) = open.last_mut() {
                    frame.operators = frame.operators.with(closed.operators);
                }
            }
            _ => {}
        }
    }
    needless
}

/// Whether brackets between these tokens, around a chain with these operators, change nothing.
fn goes(before: Option<&Token<'_>>, after: Option<&Token<'_>>, operators: Operators<'_>) -> bool {
    let first = begins(before);
    match after {
        _ if operators == Operators::None => true,
        Some(next) if is_operator(next) => first && binds(operators, next.text),
        // A comma, a closing bracket or the end.
        _ => first,
    }
}

/// Whether a chain at the beginning is done before the operator behind it, with and without brackets, from left to right
/// as well as where comparisons bind closer than `&&` and `||`.
fn binds(operators: Operators<'_>, next: &str) -> bool {
    match operators {
        Operators::One(one) => {
            let compares = matches!(one, "<" | "<=" | "<>" | "=" | ">" | ">=");
            one == next || (compares && matches!(next, "&&" | "||"))
        }
        _ => false,
    }
}

/// Whether an expression begins after this token.
fn begins(before: Option<&Token<'_>>) -> bool {
    before.is_none_or(|token| matches!(token.kind, TokenKind::Open | TokenKind::Comma))
}

fn is_operator(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Operator
}

#[cfg(test)]
mod tests {
    use crate::expression::{canonical, diff, parse};

    #[track_caller]
    fn form(text: &str) -> String {
        canonical(text).expect(text)
    }

    #[test]
    fn brackets_that_change_nothing_go() {
        for (text, plain) in [
            ("([a])&([b])", "[a]&[b]"),
            ("Trim(([a]))", "Trim([a])"),
            ("IIF(([a]>1),(1),((\"x\")))", "IIF([a]>1,1,\"x\")"),
            ("[a]=(NULL)", "[a]=NULL"),
            ("[a]&(Trim([b]&[c]))", "[a]&Trim([b]&[c])"),
            ("(([a]&[b])&[c])&[d]", "[a]&[b]&[c]&[d]"),
            ("Trim((([a]-[b]))-[c])", "Trim([a]-[b]-[c])"),
            ("-([a])", "-[a]"),
            ("[a]*(%x%)", "[a]*%x%"),
            ("[a]&(HFF)", "[a]& HFF"),
            ("([a]=\"x\")&&[b]", "[a]=\"x\"&&[b]"),
            ("IIF(([a]<>1)||[b],1,2)", "IIF([a]<>1||[b],1,2)"),
        ] {
            assert_eq!(form(text), plain, "{text}");
            let (bracketed, bare) = (parse(text).unwrap(), parse(plain).unwrap());
            assert!(bracketed == bare, "{text}");
            assert_eq!(diff(&bracketed, &bare).len(), 0, "{text}");
        }
    }

    #[test]
    fn brackets_that_may_change_something_stay() {
        for text in [
            "[a]&([b]&[c])",
            "[a]+([b]*[c])",
            "([a]+[b])*[c]",
            "([a]||[b])=\"x\"",
            "[b]&&([a]=\"x\")",
            "([a]=1&&[b]=2)&&[c]=3",
            "-([a]+[b])",
            "-(-1)",
            "(-[a]+[b])+[c]",
            "((-1)+[a])+[b]",
            "[a]-(([b]-[c])-[d])",
        ] {
            let kept = text
                .replace("(([b]-[c])-[d])", "([b]-[c]-[d])")
                .replace("((-1)+[a])", "(-1)+[a]");
            assert_eq!(form(text), kept, "{text}");
        }
        // What does not parse is compared as it stands.
        assert_eq!(form("[a]&(&)"), "[a]&(&)");
    }
}
