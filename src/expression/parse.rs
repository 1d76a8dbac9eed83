//! Text to tree.
//!
//! In: the text of one expression. Out: its [`Tree`], or what is wrong and
//! where. Must not know: which functions there are and what they take.
//!
//! ```text
//! expression = operand { operator operand }
//! operand    = { "-" | "+" } ( literal | word | call | "(" expression ")" )
//! call       = word "(" [ expression { "," expression } ] ")"
//! ```
//!
//! One pass without recursion: brackets and calls that are open stand in a list.

use super::brackets;
use super::error::{Fault, TokenError};
use super::lexer::{Token, TokenKind, tokenize};
use super::tree::{Kind, Node, Tree};
use std::borrow::Cow;

/// Takes an expression apart; brackets that change nothing are left out.
///
/// # Errors
///
/// Those of [`tokenize`], and what the grammar does not allow: an operand or operator that is missing, an empty
/// argument, brackets around nothing, a comma outside a call, a variable that is called. The first one is reported.
pub fn parse(text: &str) -> Result<Tree<'_>, TokenError> {
    let tokens = tokenize(text)?;
    let whole = tree(&tokens)?;
    match brackets::kept(&tokens) {
        Cow::Borrowed(_) => Ok(whole),
        Cow::Owned(kept) => tree(&kept),
    }
}

/// The tree of tokens as they stand.
pub(super) fn tree<'a>(tokens: &[Token<'a>]) -> Result<Tree<'a>, TokenError> {
    let mut parser = Parser::default();
    let mut rest = tokens.iter().peekable();
    while let Some(token) = rest.next() {
        if parser.complete {
            parser.after_operand(token)?;
        } else {
            let called = token.kind == TokenKind::Word && rest.next_if(|next| next.kind == TokenKind::Open).is_some();
            parser.operand(token, called)?;
        }
    }
    if !parser.complete {
        return Err(parser
            .missing(TokenKind::Close)
            .at(tokens.last().map_or(0, |token| token.offset)));
    }
    parser.end_chain();
    Tree::of(parser.nodes).ok_or_else(|| Fault::Empty.at(0))
}

/// A call or brackets that are open, or the whole expression.
#[derive(Debug, Clone, Copy, Default)]
struct Frame<'a> {
    /// What closes it makes of it; the whole expression has none.
    opened: Option<(Kind, &'a str, usize)>,
    /// Nodes that stood before it.
    start: usize,
    /// Where the current expression within it begins.
    expression: usize,
    /// Operators of the current expression.
    operators: usize,
    /// Signs that wait for operands outside it.
    signs: usize,
    /// What the operand is awaited after.
    after: After,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum After {
    #[default]
    Start,
    Operator,
    Comma,
}

#[derive(Default)]
struct Parser<'a> {
    nodes: Vec<Node<'a>>,
    /// The innermost one.
    frame: Frame<'a>,
    outer: Vec<Frame<'a>>,
    /// Signs whose operand has not come yet.
    signs: Vec<(&'a str, usize)>,
    /// An operand stands before: now an operator, a comma or the end may follow.
    complete: bool,
}

impl<'a> Parser<'a> {
    fn operand(&mut self, token: &Token<'a>, called: bool) -> Result<(), TokenError> {
        let Token { kind, text, offset } = *token;
        match kind {
            TokenKind::Operator if matches!(text, "-" | "+") => {
                self.signs.push((text, offset));
                self.frame.after = After::Operator;
            }
            TokenKind::Word if called => {
                if text.starts_with('$') {
                    return Err(Fault::CalledVariable.at(offset));
                }
                self.open(Kind::Call, text, offset);
            }
            TokenKind::Open => self.open(Kind::Group, "", offset),
            TokenKind::Close if self.is_call() && self.frame.after == After::Start => self.close(),
            TokenKind::Operator | TokenKind::Comma | TokenKind::Close => return Err(self.missing(kind).at(offset)),
            _ => {
                let size = 1;
                let kind = literal(kind);
                self.nodes.push(Node {
                    kind,
                    text,
                    offset,
                    size,
                });
                self.end_operand();
            }
        }
        Ok(())
    }

    fn after_operand(&mut self, token: &Token<'a>) -> Result<(), TokenError> {
        let Token { kind, text, offset } = *token;
        match kind {
            TokenKind::Operator => {
                let (kind, size) = (Kind::Operator, 1);
                self.nodes.push(Node {
                    kind,
                    text,
                    offset,
                    size,
                });
                self.frame.operators += 1;
                self.frame.after = After::Operator;
                self.complete = false;
            }
            TokenKind::Comma if self.is_call() => {
                self.end_chain();
                self.frame.expression = self.nodes.len();
                self.frame.after = After::Comma;
                self.complete = false;
            }
            TokenKind::Comma => return Err(Fault::CommaOutside.at(offset)),
            TokenKind::Close => self.close(),
            TokenKind::Word => return Err(Fault::no_operator(text).at(offset)),
            _ => return Err(Fault::NoOperator.at(offset)),
        }
        Ok(())
    }

    fn is_call(&self) -> bool {
        matches!(self.frame.opened, Some((Kind::Call, ..)))
    }

    fn open(&mut self, kind: Kind, text: &'a str, offset: usize) {
        self.outer.push(self.frame);
        self.frame = Frame {
            opened: Some((kind, text, offset)),
            start: self.nodes.len(),
            expression: self.nodes.len(),
            operators: 0,
            signs: self.signs.len(),
            after: After::Start,
        };
    }

    /// The innermost call or brackets become an operand. The tokens' brackets match, so there is always one.
    fn close(&mut self) {
        self.end_chain();
        if let Some((kind, text, offset)) = self.frame.opened {
            let size = self.nodes.len() - self.frame.start + 1;
            self.nodes.push(Node {
                kind,
                text,
                offset,
                size,
            });
        }
        self.frame = self.outer.pop().unwrap_or_default();
        self.end_operand();
    }

    /// The signs before an operand, innermost last.
    fn end_operand(&mut self) {
        while self.signs.len() > self.frame.signs {
            let (Some((text, offset)), Some(operand)) = (self.signs.pop(), self.nodes.last()) else {
                break;
            };
            let (kind, size) = (Kind::Sign, operand.size + 1);
            self.nodes.push(Node {
                kind,
                text,
                offset,
                size,
            });
        }
        self.complete = true;
    }

    /// Operands with operators between them become one node.
    fn end_chain(&mut self) {
        if self.frame.operators > 0 {
            let start = self.frame.expression;
            let size = self.nodes.len() - start + 1;
            let offset = self.nodes.get(start).map_or(0, |node| node.offset);
            let (kind, text) = (Kind::Chain, "");
            self.nodes.push(Node {
                kind,
                text,
                offset,
                size,
            });
            self.frame.operators = 0;
        }
    }

    /// What is wrong where an operand should stand and this does.
    fn missing(&self, found: TokenKind) -> Fault {
        match (self.frame.after, self.frame.opened) {
            (After::Operator, _) => Fault::NoOperand,
            (After::Comma, _) => Fault::EmptyArgument,
            (After::Start, Some((Kind::Call, ..))) if found == TokenKind::Comma => Fault::EmptyArgument,
            (After::Start, Some((Kind::Group, ..))) if found == TokenKind::Close => Fault::EmptyBrackets,
            (After::Start, None) if found == TokenKind::Close => Fault::Empty,
            _ => Fault::NoOperand,
        }
    }
}

fn literal(kind: TokenKind) -> Kind {
    match kind {
        TokenKind::Text => Kind::Text,
        TokenKind::Number => Kind::Number,
        TokenKind::Attribute => Kind::Attribute,
        TokenKind::Parameter => Kind::Parameter,
        _ => Kind::Word,
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
