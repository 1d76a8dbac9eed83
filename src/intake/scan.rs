//! A quick look at the shape of a document before it is parsed.
//!
//! In: decoded text. Out: a refusal of what would cost too much to parse, or
//! what is open where the text ends. One pass, no recursion, memory bounded
//! by the depth limit. Exact for well-formed documents; of others it knows
//! enough to explain what the parser found. Must not know: the parser.

use super::Limits;
use std::ops::Range;

/// Attributes of one element; comparing their names is quadratic.
const ATTRIBUTES: usize = 256;
/// Namespace declarations of a document; every one is inherited by what it holds.
const NAMESPACES: usize = 10_000;

/// What is refused unparsed, with the offset where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A document type definition.
    Dtd(usize),
    /// Elements nested deeper than allowed.
    Deep(usize),
    /// An element with too many attributes.
    Attributes(usize),
    /// Too many nodes, attributes or namespaces in all.
    Large,
}

/// The shape of a document.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Offsets of the start tags that are open at the end, outermost first.
    pub(super) open: Vec<usize>,
    /// Offset of a tag, comment or CDATA section that the end cuts in two.
    pub(super) cut: Option<usize>,
    /// Offset of a second root element.
    pub(super) second: Option<usize>,
    /// Whether there is any element.
    pub(super) root: bool,
}

impl Shape {
    /// Whether every element is closed and there is one root.
    pub(super) fn is_whole(&self) -> bool {
        self.root && self.open.is_empty() && self.cut.is_none() && self.second.is_none()
    }
}

/// Looks out for one element while a document is scanned.
#[derive(Debug)]
pub(super) struct Watch<'w> {
    /// Name of the element around it, which is the root or a child of the root.
    parent: &'w str,
    name: &'w str,
    /// Depth of the element around it, while that is open.
    within: Option<usize>,
    /// Where it and its content begin, while it is open.
    open: Option<(usize, usize)>,
    /// How many there are.
    seen: usize,
    found: Option<Found>,
}

/// Where an element stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// With its tags.
    pub(super) element: Range<usize>,
    /// Between its tags.
    pub(super) content: Range<usize>,
}

impl<'w> Watch<'w> {
    /// Looks out for the children of this name of an element of that name.
    pub(super) fn new(parent: &'w str, name: &'w str) -> Watch<'w> {
        Watch {
            parent,
            name,
            within: None,
            open: None,
            seen: 0,
            found: None,
        }
    }

    /// The element, if there was just one and it was not empty.
    pub(super) fn only(self) -> Option<Found> {
        self.found.filter(|_| self.seen == 1)
    }

    /// A start tag at this depth.
    fn opens(&mut self, text: &str, start: usize, tag: &Tag, depth: usize) {
        match self.within {
            None if depth <= 1 && !tag.empty && name_at(text, start) == self.parent => self.within = Some(depth),
            Some(parent) if depth == parent + 1 && name_at(text, start) == self.name => {
                self.seen += 1;
                self.open = (!tag.empty).then_some((start, tag.end));
            }
            _ => {}
        }
    }

    /// An end tag, after which this many elements are open.
    fn closes(&mut self, start: usize, end: usize, depth: usize) {
        if self.within == Some(depth) {
            self.within = None;
        } else if self.within.is_some_and(|parent| depth == parent + 1)
            && let Some((from, content)) = self.open.take()
        {
            self.found = Some(Found {
                element: from..end,
                content: content..start,
            });
        }
    }
}

/// Looks at the shape of a document.
pub(super) fn scan(text: &str, limits: &Limits) -> Result<Shape, Refusal> {
    // No element has an empty name.
    scan_for(text, limits, &mut Watch::new("", ""))
}

/// Looks at the shape of a document, and out for an element.
pub(super) fn scan_for(text: &str, limits: &Limits, watch: &mut Watch<'_>) -> Result<Shape, Refusal> {
    check_amounts(text, limits)?;
    let mut shape = Shape::default();
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(start) = near(bytes, at, |byte| byte == b'<', |rest| memchr::memchr(b'<', rest)) {
        let rest = bytes.get(start..).unwrap_or_default();
        let end = match rest.get(1) {
            Some(b'!') if rest.starts_with(b"<!--") => find(text, start + 4, "-->").map(|end| end + 3),
            Some(b'!') if rest.starts_with(b"<![CDATA[") => find(text, start + 9, "]]>").map(|end| end + 3),
            Some(b'!') if rest.starts_with(b"<!DOCTYPE") && shape.open.is_empty() => {
                return Err(Refusal::Dtd(start));
            }
            Some(b'?') => find(text, start + 2, "?>").map(|end| end + 2),
            _ => element(text, start, limits, &mut shape, watch)?,
        };
        let Some(end) = end else {
            shape.cut = Some(start);
            break;
        };
        at = end;
    }
    Ok(shape)
}

/// The parser reserves memory for every `<` and `=`, so these are bounded first.
fn check_amounts(text: &str, limits: &Limits) -> Result<(), Refusal> {
    let limit = usize::try_from(limits.xml_nodes).unwrap_or(usize::MAX);
    let equals = count(text, b'=');
    // A declaration has a `=`, so few of these are few of those.
    let namespaces = if equals > NAMESPACES {
        memchr::memmem::find_iter(text.as_bytes(), "xmlns").count()
    } else {
        0
    };
    // Every element but an empty one has two tags.
    if count(text, b'<') > limit.saturating_mul(2) || equals > limit || namespaces > NAMESPACES {
        return Err(Refusal::Large);
    }
    Ok(())
}

/// How often a byte occurs; blocks this small are counted many bytes at a time.
fn count(text: &str, wanted: u8) -> usize {
    let block = |block: &[u8]| block.iter().map(|byte| u8::from(*byte == wanted)).sum::<u8>();
    text.as_bytes().chunks(255).map(|bytes| usize::from(block(bytes))).sum()
}

/// Reads a start or end tag; returns where it ends.
fn element(
    text: &str,
    start: usize,
    limits: &Limits,
    shape: &mut Shape,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Refusal> {
    let Some(tag) = Tag::read(text, start)? else {
        // Even a start tag that is cut shows that a root was there.
        shape.root = true;
        return Ok(None);
    };
    if text.as_bytes().get(start + 1) == Some(&b'/') {
        shape.open.pop();
        watch.closes(start, tag.end, shape.open.len());
    } else {
        if shape.open.is_empty() && shape.root {
            shape.second.get_or_insert(start);
        }
        shape.root = true;
        if shape.open.len() >= usize::try_from(limits.xml_depth).unwrap_or(usize::MAX) {
            return Err(Refusal::Deep(start));
        }
        watch.opens(text, start, &tag, shape.open.len());
        if !tag.empty {
            shape.open.push(start);
        }
    }
    Ok(Some(tag.end))
}

struct Tag {
    /// Just after `>`.
    end: usize,
    /// Ends with `/>`.
    empty: bool,
}

impl Tag {
    /// Finds the end of a tag, past `>` within quotes; `None` when the text ends first.
    fn read(text: &str, start: usize) -> Result<Option<Tag>, Refusal> {
        let bytes = text.as_bytes();
        let mut at = start + 1;
        let mut quoted = 0;
        let ends = |byte| matches!(byte, b'>' | b'"' | b'\'');
        while let Some(found) = near(bytes, at, ends, |rest| memchr::memchr3(b'>', b'"', b'\'', rest)) {
            at = found;
            match bytes[at] {
                b'>' => {
                    return Ok(Some(Tag {
                        end: at + 1,
                        empty: bytes.get(at - 1) == Some(&b'/'),
                    }));
                }
                byte => {
                    quoted += 1;
                    if quoted > ATTRIBUTES {
                        return Err(Refusal::Attributes(start));
                    }
                    match near(bytes, at + 1, |it| it == byte, |rest| memchr::memchr(byte, rest)) {
                        Some(end) => at = end + 1,
                        None => return Ok(None),
                    }
                }
            }
        }
        Ok(None)
    }
}

/// Name in the tag that begins at an offset.
pub(super) fn name_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.trim_start_matches(['<', '/']);
    let end = rest
        .char_indices()
        .take(120)
        .find(|(_, c)| c.is_whitespace() || matches!(c, '>' | '/' | '<' | '=' | '"' | '\''))
        .map_or_else(
            || rest.char_indices().nth(120).map_or(rest.len(), |(at, _)| at),
            |(at, _)| at,
        );
    rest.get(..end).unwrap_or_default()
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    memchr::memmem::find(rest, what.as_bytes()).map(|at| from + at)
}

/// The first wanted byte. Names and values are so short that a search of many bytes at a time costs more than a look
/// at the first few.
fn near(
    bytes: &[u8],
    from: usize,
    wanted: impl Fn(u8) -> bool,
    far: impl FnOnce(&[u8]) -> Option<usize>,
) -> Option<usize> {
    const FEW: usize = 32;
    let rest = bytes.get(from..)?;
    let (few, after) = rest.split_at(rest.len().min(FEW));
    match few.iter().position(|byte| wanted(*byte)) {
        Some(at) => Some(from + at),
        None => far(after).map(|at| from + FEW + at),
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, Shape, name_at, scan};
    use crate::intake::Limits;

    fn shape(text: &str) -> Shape {
        scan(text, &Limits::default()).unwrap()
    }

    #[test]
    fn a_whole_document_leaves_nothing_open() {
        let text = "<?xml version='1.0'?><!-- <a> --><a b='>' c=\"/>'\"><![CDATA[<x>]]><d/>t</a>\n";
        assert_eq!(
            shape(text),
            Shape {
                root: true,
                ..Shape::default()
            }
        );
    }

    #[test]
    fn what_is_open_at_the_end_is_known() {
        assert_eq!(shape("<a><b>x").open, [0, 3]);
        assert_eq!(shape("<a><b/><c").cut, Some(7));
        assert_eq!(shape("<a><b/><c d='").cut, Some(7));
        assert_eq!(shape("<a><!-- x").cut, Some(3));
        assert_eq!(shape("<a/><b/>").second, Some(4));
        assert!(!shape("text").root);
    }

    #[test]
    fn what_would_cost_too_much_is_refused() {
        let limits = Limits {
            xml_depth: 3,
            xml_nodes: 50,
            ..Limits::default()
        };
        assert!(scan("<a><b><c/></b></a>", &limits).is_ok());
        assert_eq!(scan("<a><b><c><d/></c></b></a>", &limits), Err(Refusal::Deep(9)));
        assert_eq!(scan("\n<!DOCTYPE a><a/>", &limits), Err(Refusal::Dtd(1)));
        assert_eq!(scan(&"<a/>".repeat(101), &limits), Err(Refusal::Large));
        assert_eq!(scan(&"=".repeat(51), &limits), Err(Refusal::Large));
        assert_eq!(
            scan(&" xmlns:a=''".repeat(10_001), &Limits::default()),
            Err(Refusal::Large)
        );
        let many: String = (0..300).map(|number| format!(" a{number}=''")).collect();
        assert_eq!(
            scan(&format!("<a{many}/>"), &Limits::default()),
            Err(Refusal::Attributes(0))
        );
    }

    #[test]
    fn names_are_short_and_stop_at_the_right_place() {
        assert_eq!(name_at("<scope>", 0), "scope");
        assert_eq!(name_at("x</dsml:a >", 1), "dsml:a");
        assert_eq!(name_at("<scope", 0), "scope");
        assert_eq!(name_at(&format!("<{}", "é".repeat(500)), 0).chars().count(), 120);
        assert_eq!(name_at("é", 1), "");
    }
}
