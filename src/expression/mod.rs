//! The expression language of synchronization rules.
//!
//! In: the text of one expression, entities already resolved. Out: its
//! tokens, the form that is compared, what it reads, pieces for a word diff; its
//! tree, what is worth a word in it, its layout over lines, what changed between
//! two.
//! Must not know: rules, flows, files, findings; nothing outside `std`.
//!
//! # The language
//!
//! Microsoft describes it in
//! [Understanding Declarative Provisioning Expressions](https://learn.microsoft.com/entra/identity/hybrid/connect/concept-azure-ad-connect-sync-declarative-provisioning-expressions)
//! and its functions in the
//! [functions reference](https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-sync-functions-reference).
//! Where both are silent, the reading here is the careful one: two texts count
//! as equal only when no plausible reading tells them apart.
//!
//! * `[name]` attribute, `%name%` parameter, `"text"` string, `255` and `&HFF`
//!   numbers, words (functions, `NULL`, `True`, `vbTextCompare`, `$item`),
//!   operators `< <= <> = > >= + - * & && ||`, `( ) ,`. Case-sensitive.
//! * Layout is space, tab, carriage return and line feed, outside strings. Any
//!   other white space (a no-break space from a web page) is a stray character.
//! * A string ends at the first quote that no other quote follows directly.
//!   `"a""b"` is therefore one token, kept as written: whether the product
//!   reads two strings or an escaped quote, it begins and ends there in both.
//!   `"a" "b"` is two tokens and stays different. Line breaks within a string
//!   are kept as they are.
//! * A backslash escapes nothing (`Word([x],1,"\")` works in the field). If the
//!   product should read `\"` as a quote, such a text does not tokenise here
//!   and is compared as it stands, which is safe.
//! * `&H` with hexadecimal digits up to the end of the word is a number
//!   wherever it stands, also after an operand. With anything else (`&Hello`,
//!   `& HFF`, a bare `&H`) it is the operator and a word. `&&` is taken before
//!   `&`, so `&&HFF` is `&&` and the word `HFF`.
//! * Operators have equal rank and work from left to right, so nothing is
//!   rearranged or calculated. Rules of the product itself (`a || b = "x"`) only
//!   make sense where a comparison binds closer: a chain of operators is
//!   therefore one flat node of the tree, and no reading is put into it.
//! * Brackets are nodes for the same reason; those that change nothing in any
//!   reading (around everything, an argument, one operand) are left out. Two trees are equal exactly when the compared forms are.
//! * `-` and `+` before an operand are signs, as in VBA; only `-` is documented.
//! * An argument is never empty, and a word is called only where a bracket
//!   follows it. Words of other dialects (`And`, `Or`) are no operators.
//! * Functions are data (`functions.toml`). One that is not there is worth a
//!   word: four functions of standard rules stand in no reference.

mod align;
mod brackets;
mod canonical;
mod check;
mod class;
mod diff;
mod edit;
mod error;
pub mod functions;
mod inputs;
mod lexer;
mod parse;
mod pretty;
#[cfg(test)]
mod tests;
mod tree;
#[cfg(test)]
mod tree_tests;

pub use canonical::{canonical, without_layout};
pub use check::{Remark, RemarkKind, check};
pub use diff::diff;
pub use edit::{Edit, EditKind};
pub use error::TokenError;
pub use inputs::{Input, inputs};
pub use lexer::{Token, TokenKind, tokenize, words};
pub use parse::parse;
pub use pretty::pretty;
pub use tree::{Kind, Node, Tree};
