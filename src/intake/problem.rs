//! What is wrong with a document, in words an operator can act on.
//!
//! In: what the parser or the look before it found. Out: a problem with
//! position, cause and remedy. Must not know: the parser.

use super::Limits;
use super::lines::{self, Lines};
use super::scan::{self, Refusal, Shape};

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct XmlProblem {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong and what to do about it.
    pub problem: String,
}

/// What the parser ran into.
pub(super) enum Fault<'e> {
    /// The text ends too early.
    Ends,
    /// The wrong end tag.
    Close {
        /// Name of the element that is open.
        expected: &'e str,
        /// Name in the tag.
        found: &'e str,
    },
    /// A character that XML does not allow.
    Character(char),
    /// An attribute of this name stands twice.
    Twice(&'e str),
    /// An undeclared prefix.
    Prefix(&'e str),
    /// No entity that XML knows.
    Entity,
    /// `<` in an attribute.
    LessThan,
    /// A limit.
    Large,
    /// Anything else.
    Other,
}

/// Why a document is not even parsed.
pub(super) fn refused(text: &str, refusal: Refusal, limits: &Limits) -> XmlProblem {
    let (at, problem) = match refusal {
        Refusal::Dtd(at) => (
            at,
            "document type definitions (DTDs) are refused, for they can pull in other files or expand without end, \
             and no export has one; export again"
                .to_owned(),
        ),
        Refusal::Deep(at) => (
            at,
            format!(
                "<{}> is nested more than {} elements deep, which no export does; export again",
                scan::name_at(text, at),
                limits.xml_depth
            ),
        ),
        Refusal::Attributes(at) => (
            at,
            format!(
                "<{}> has more attributes than any element of an export; export again",
                scan::name_at(text, at)
            ),
        ),
        Refusal::Large => (0, too_large(limits)),
    };
    at_offset(text, at, problem)
}

fn too_large(limits: &Limits) -> String {
    format!(
        "the document has more than {} nodes or attributes, or too many namespaces, which no export has; export again",
        limits.xml_nodes
    )
}

fn at_offset(text: &str, at: usize, problem: String) -> XmlProblem {
    let (line, column) = Lines::of(text).position(text, at);
    XmlProblem { line, column, problem }
}

/// Turns the parser's error into words an operator can act on. Never quotes text, which may be a secret.
pub(super) fn explain(text: &str, shape: &Shape, fault: &Fault<'_>, place: (u32, u32), limits: &Limits) -> XmlProblem {
    let table = Lines::of(text);
    let at = table.offset(text, place.0, place.1);
    let rest = text.get(at..).unwrap_or_default();
    // The last bytes may be half of `&amp;`.
    let half = matches!(fault, Fault::Entity) && rest.len() < 12 && !rest.contains([';', '<']);
    let open = !shape.open.is_empty() && rest.trim().is_empty();
    if text.trim().is_empty() {
        return at_offset(text, 0, "the file is empty; export again".to_owned());
    }
    if matches!(fault, Fault::Ends) || half || open || shape.cut.is_some_and(|cut| at >= cut) {
        return cut_off(text, shape, &table);
    }
    if !shape.root {
        return at_offset(
            text,
            0,
            "this is not XML: no element begins anywhere; export again".to_owned(),
        );
    }
    if let Some(second) = shape.second.filter(|second| at >= *second) {
        let problem = format!(
            "a second root element <{}> begins here: two files were joined; export again",
            scan::name_at(text, second)
        );
        return at_offset(text, second, problem);
    }
    let appended = shape.open.is_empty() && at > 0 && !rest.contains('<');
    at_offset(text, at, words_of(fault, appended, limits))
}

fn words_of(fault: &Fault<'_>, appended: bool, limits: &Limits) -> String {
    let damaged = "the file was edited or damaged; undo that or export again";
    match fault {
        Fault::Large => too_large(limits),
        Fault::Close { expected, found } => format!("</{found}> stands where </{expected}> has to: {damaged}"),
        Fault::Character('\0') => {
            "zero bytes begin here: the file was not written completely (disk full, or a copy that broke off); \
             export again"
                .to_owned()
        }
        Fault::Character(character) => {
            format!(
                "the character U+{:04X} is not allowed in XML: {damaged}",
                u32::from(*character)
            )
        }
        Fault::Twice(name) => format!("the attribute {name} stands twice in one element: {damaged}"),
        Fault::Prefix(prefix) => format!("the prefix {prefix} is not declared: {damaged}"),
        Fault::Entity => {
            format!("an & here does not begin an entity that XML knows (a plain & is written &amp;): {damaged}")
        }
        Fault::LessThan => format!("an attribute holds a plain < (written &lt;): {damaged}"),
        Fault::Ends | Fault::Other if appended => {
            "text follows the end of the document: something was appended; remove it or export again".to_owned()
        }
        Fault::Ends | Fault::Other => format!("this is not well-formed XML: {damaged}"),
    }
}

fn cut_off(text: &str, shape: &Shape, table: &Lines) -> XmlProblem {
    let (line, column) = lines::end_of(text);
    let inside = match shape.open.last() {
        Some(open) => format!(
            "inside <{}>, which begins in line {}",
            scan::name_at(text, *open),
            table.line(*open)
        ),
        None => match shape.cut {
            Some(cut) if shape.root => format!("inside the tag that begins in line {}", table.line(cut)),
            Some(cut) => format!(
                "inside a comment or declaration that begins in line {}",
                table.line(cut)
            ),
            None => "too early".to_owned(),
        },
    };
    XmlProblem {
        line,
        column,
        problem: format!("the file ends {inside}: it was cut off; export again"),
    }
}
