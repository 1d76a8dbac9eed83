//! What is worth a word in an expression that parses.
//!
//! In: a tree. Out: [`Remark`]s in the order of the text. Must not know:
//! servers, rules; which parameters an administrator added.

use super::functions::{self, Function};
use super::tree::{Kind, Tree};
use std::fmt;

/// Something that the tables do not know or know otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is.
    pub kind: RemarkKind,
    /// Function or parameter, as written; without percent signs.
    pub name: String,
    /// Byte offset into the expression.
    pub offset: usize,
}

/// What a remark is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemarkKind {
    /// No reference and no rule of the product names the function.
    UnknownFunction,
    /// The function is known in this letter case; names are case-sensitive.
    LetterCase(&'static str),
    /// The function does not take so many arguments.
    ArgumentCount {
        /// How many it is given.
        given: usize,
        /// What it takes, in words.
        signature: String,
    },
    /// The product fills in no parameter of this name. An administrator may have added it.
    UnknownParameter,
}

impl fmt::Display for Remark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.kind {
            RemarkKind::UnknownFunction => write!(out, "No function {name} is known."),
            RemarkKind::LetterCase(known) => {
                write!(
                    out,
                    "Function names are case-sensitive: {known} is known, {name} is not."
                )
            }
            RemarkKind::ArgumentCount { given, signature } => {
                let plural = if *given == 1 { "" } else { "s" };
                write!(
                    out,
                    "{name} is given {given} argument{plural}; documented is {signature}."
                )
            }
            RemarkKind::UnknownParameter => write!(out, "The product fills in no parameter %{name}%."),
        }
    }
}

/// Everything worth a word. None of it says that the expression fails: the product may know more than its reference.
pub fn check(tree: &Tree<'_>) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    for (at, node) in tree.nodes().iter().enumerate() {
        let (name, kind) = match node.kind {
            Kind::Call => (node.text, call(node.text, || tree.children(at).len())),
            Kind::Parameter => {
                let name = node.text.trim_matches('%');
                (
                    name,
                    functions::parameter(name)
                        .is_none()
                        .then_some(RemarkKind::UnknownParameter),
                )
            }
            _ => continue,
        };
        remarks.extend(kind.map(|kind| Remark {
            kind,
            name: name.to_owned(),
            offset: node.offset,
        }));
    }
    remarks.sort_by_key(|remark| remark.offset);
    remarks
}

fn call(name: &str, given: impl FnOnce() -> usize) -> Option<RemarkKind> {
    let Some(function) = functions::known(name) else {
        return Some(
            functions::resembling(name).map_or(RemarkKind::UnknownFunction, |Function { name, .. }| {
                RemarkKind::LetterCase(name)
            }),
        );
    };
    let given = given();
    (!function.accepts(given)).then(|| RemarkKind::ArgumentCount {
        given,
        signature: function.signature(),
    })
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
