//! A part of a document, kept to be read later.
//!
//! In: an element. Out: a [`Slice`] that outlives the tree. What it holds comes
//! out through [`Slice::read`] only, as a tree that masks secrets. Must not know:
//! what the element means.

use super::xml::{Node, Tree};
use super::{Limits, XmlProblem, parse};

/// The text of an element with the namespaces it was written under.
#[derive(Clone, PartialEq, Eq)]
pub struct Slice {
    /// Well-formed by itself: an element around it declares the namespaces.
    text: String,
}

impl std::fmt::Debug for Slice {
    /// Secrets may be in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slice of {} bytes", self.text.len())
    }
}

impl Slice {
    /// Keeps an element.
    pub fn of(node: Node<'_>) -> Slice {
        let element = node.source();
        let mut text = String::with_capacity(element.len() + 128);
        text.push_str("<part");
        for (prefix, uri) in node.namespaces() {
            text.push_str(" xmlns");
            if let Some(prefix) = prefix {
                text.push(':');
                text.push_str(prefix);
            }
            text.push_str("=\"");
            for c in uri.chars() {
                match c {
                    '&' => text.push_str("&amp;"),
                    '<' => text.push_str("&lt;"),
                    '"' => text.push_str("&quot;"),
                    c => text.push(c),
                }
            }
            text.push('"');
        }
        text.push('>');
        text.push_str(element);
        text.push_str("</part>");
        Slice { text }
    }

    /// Parses it; the element is the only child of the tree's root.
    ///
    /// # Errors
    /// Never for what [`Slice::of`] made of a tree within the same limits.
    pub fn read(&self, limits: &Limits) -> Result<Tree<'_>, XmlProblem> {
        parse(&self.text, limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_reads_like_the_element_it_was() {
        let limits = Limits::default();
        let text = "<a xmlns='urn:&amp;1' xmlns:m='http://www.microsoft.com/MMS/DSML'><b><c m:d='1'>x</c><password>p</password></b></a>";
        let tree = parse(text, &limits).unwrap();
        let slice = Slice::of(tree.root().elements().next().unwrap());
        let again = slice.read(&limits).unwrap();
        let b = again.root().elements().next().unwrap();
        assert_eq!(b.name(), "{urn:&1}b");
        let names: Vec<_> = b.elements().map(|child| child.name().into_owned()).collect();
        assert_eq!(names, ["{urn:&1}c", "{urn:&1}password"]);
        assert_eq!(b.elements().next().unwrap().attribute("ms-dsml:d"), Some("1"));
        assert!(!format!("{slice:?} {:?}", b.elements().nth(1).unwrap().content()).contains("\"p\""));
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
