//! A part of a document, kept to be read later.
//!
//! In: an element. Out: a [`Slice`] that outlives the tree. What it holds comes
//! out through [`Slice::read`] only, as a tree that masks secrets. Must not know:
//! what the element means.

use super::xml::{self, Node};
use super::{Limits, Slots};
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::Arc;

/// An element as it is written, with the namespaces that are declared around it.
#[derive(Clone)]
pub struct Slice {
    /// The document, or as much of it as is needed.
    document: Arc<String>,
    range: Range<usize>,
    /// Start tag of an element that declares the namespaces.
    around: String,
}

/// Name of the element that declares the namespaces.
const AROUND: &str = "part";

impl PartialEq for Slice {
    fn eq(&self, other: &Slice) -> bool {
        self.text() == other.text() && self.around == other.around
    }
}

impl Eq for Slice {}

impl std::fmt::Debug for Slice {
    /// Secrets may be in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slice of {} bytes", self.range.len())
    }
}

impl Slice {
    /// Keeps an element.
    pub fn of(node: Node<'_>) -> Slice {
        let (document, range) = node.source();
        let mut around = format!("<{AROUND}");
        for (prefix, uri) in node.namespaces() {
            around.push_str(" xmlns");
            if let Some(prefix) = prefix {
                around.push(':');
                around.push_str(prefix);
            }
            around.push_str("=\"");
            for c in uri.chars() {
                match c {
                    '&' => around.push_str("&amp;"),
                    '<' => around.push_str("&lt;"),
                    '"' => around.push_str("&quot;"),
                    c => around.push(c),
                }
            }
            around.push('"');
        }
        around.push('>');
        Slice {
            document,
            range,
            around,
        }
    }

    fn text(&self) -> &str {
        self.document.get(self.range.clone()).unwrap_or_default()
    }

    /// Whether one of these names may be the whole text of an element in it; letter case does not count. False is certain.
    pub fn may_hold(&self, names: &[&str]) -> bool {
        let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let finders: Vec<Finder<'_>> = names.iter().map(Finder::new).collect();
        blocks(self.text()).any(|block| block_may_hold(&block.to_lowercase(), &finders))
    }

    /// Parses it and gives the element away; `None` when it is not well-formed, which only what was cut can be.
    pub fn read<T>(&self, limits: &Limits, reader: impl FnOnce(Node<'_>) -> T) -> Option<T> {
        if !self.declares() {
            return Some(reader(xml::parse_again(self.text(), limits)?.root()));
        }
        let text = format!("{}{}</{AROUND}>", self.around, self.text());
        let tree = xml::parse_again(&text, limits)?;
        let element = tree.root().elements().next()?;
        Some(reader(element))
    }

    /// Leaves of the element's content, itself included but not its attributes; `None` as for [`Slice::read`].
    pub fn leaves(&self, limits: &Limits) -> Option<u64> {
        self.read(limits, |element| {
            let (_, leaves) = Slots::of(element.tree()).below(element);
            (leaves - element.attribute_count()) as u64
        })
    }

    /// Whether namespaces are declared around it.
    fn declares(&self) -> bool {
        self.around.len() > AROUND.len() + 2
    }
}

/// Parts of a text that together are the text; no text of an element is cut. A copy of one is small enough to be
/// made again and again in the same memory.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    const BLOCK: usize = 32 << 10;
    let mut rest = text;
    std::iter::from_fn(move || {
        let tag = rest
            .as_bytes()
            .get(BLOCK..)
            .and_then(|after| memchr::memchr(b'<', after));
        let (block, after) = rest.split_at_checked(tag.map_or(rest.len(), |tag| BLOCK + tag))?;
        rest = after;
        (!block.is_empty()).then_some(block)
    })
}

/// Whether one of the names may be the whole text of an element in this lower-case text.
fn block_may_hold(text: &str, names: &[Finder<'_>]) -> bool {
    // Other ways to write a character.
    if text.contains("&#") || text.contains("<![cdata[") {
        return true;
    }
    let bytes = text.as_bytes();
    let edge = |byte: Option<&u8>, mark: u8| byte.is_none_or(|&byte| byte == mark || byte.is_ascii_whitespace());
    names.iter().any(|name| {
        let length = name.needle().len();
        name.find_iter(bytes)
            .any(|at| edge(bytes.get(at.wrapping_sub(1)), b'>') && edge(bytes.get(at + length), b'<'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::parse;

    #[test]
    fn a_slice_reads_like_the_element_it_was() {
        let limits = Limits::default();
        let text = "<a xmlns='urn:&amp;1' xmlns:m='http://www.microsoft.com/MMS/DSML'><b><c m:d='1'>x</c><password>p</password></b></a>";
        let tree = parse(text, &limits).unwrap();
        let slice = Slice::of(tree.root().elements().next().unwrap());
        let read = |b: Node<'_>| {
            assert_eq!(b.name(), "{urn:&1}b");
            let names: Vec<_> = b.elements().map(|child| child.name().into_owned()).collect();
            assert_eq!(names, ["{urn:&1}c", "{urn:&1}password"]);
            assert_eq!(b.elements().next().unwrap().attribute("ms-dsml:d"), Some("1"));
            assert!(!format!("{slice:?} {:?}", b.elements().nth(1).unwrap().content()).contains("\"p\""));
        };
        slice.read(&limits, read).unwrap();
    }

    #[test]
    fn names_are_found_without_reading() {
        let limits = Limits::default();
        let slice = |text: &str| Slice::of(parse(text, &limits).unwrap().root());
        let plain = slice("<a><n>mail</n><n> proxyAddresses </n><n>homeDn</n></a>");
        assert!(plain.may_hold(&["x", "MAIL"]) && plain.may_hold(&["proxyaddresses"]));
        assert!(!plain.may_hold(&["dn", "mai", "n"]));
        assert!(slice("<a><n>&#109;ail</n></a>").may_hold(&["mail"]));
        let long = format!(
            "<a>{}<n>mail</n>{}</a>",
            "<n>other</n>".repeat(9_000),
            "<n>more</n>".repeat(9_000)
        );
        assert!(slice(&long).may_hold(&["mail"]) && !slice(&long).may_hold(&["mails"]));
        assert_eq!(super::blocks(&long).collect::<String>(), long);
    }

    #[test]
    fn the_namespaces_count() {
        let limits = Limits::default();
        let slice = |text: &str| {
            let tree = parse(text, &limits).unwrap();
            Slice::of(tree.root().elements().next().unwrap())
        };
        assert_eq!(slice("<a><b>1</b></a>"), slice("<x>\n<b>1</b></x>"));
        assert_ne!(slice("<a><b>1</b></a>"), slice("<a xmlns='urn:1'><b>1</b></a>"));
        assert_ne!(slice("<a><b>1</b></a>"), slice("<a><b>2</b></a>"));
    }
}
