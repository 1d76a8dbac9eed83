//! A part of a document, kept to be read later.
//!
//! In: an element. Out: a [`Slice`] that outlives the tree. What it holds comes
//! out through [`Slice::read`] only, as a tree that masks secrets. Must not know:
//! what the element means.

use super::xml::{self, Node};
use super::{Limits, Slots};
use memchr::memmem;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
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

    /// SHA-256 of all that it says.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.around.as_bytes());
        digest.update(b"\0");
        digest.update(self.text().as_bytes());
        digest.finalize().into()
    }

    fn text(&self) -> &str {
        self.document.get(self.range.clone()).unwrap_or_default()
    }

    /// For each name whether it may be the whole text of an element in it; letter case does not count. False is certain.
    pub fn may_hold(&self, names: &[&str]) -> Vec<bool> {
        let text = self.text();
        let has = |piece: &str| memmem::find(text.as_bytes(), piece.as_bytes()).is_some();
        // Other ways to write a character.
        if has(CDATA) {
            return vec![true; names.len()];
        }
        let references = has(REFERENCE);
        let mut sought = Sought::of(names);
        for text in texts(text) {
            if references && text.contains(REFERENCE) {
                return vec![true; names.len()];
            }
            sought.see(text);
        }
        sought.answer()
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

/// What stands between two tags, without white space around it. A comment that holds tags gives more.
fn texts(text: &str) -> impl Iterator<Item = &str> {
    let mut last = 0;
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(move |end| {
        let before = &text[last..end];
        last = end;
        // The last one: what a start tag says in quotation marks may hold others.
        let start = memchr::memrchr(b'>', before.as_bytes())? + 1;
        Some(before[start..].trim())
    })
}

const CDATA: &str = "<![CDATA[";
const REFERENCE: &str = "&#";

/// Names that are looked for, letter case folded. Most texts have a length that no name has.
struct Sought {
    folded: Vec<String>,
    places: HashMap<String, bool>,
    /// Whether a name has so many bytes.
    lengths: Vec<bool>,
    small: String,
}

impl Sought {
    fn of(names: &[&str]) -> Sought {
        let folded: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let longest = folded.iter().map(String::len).max().unwrap_or_default();
        let mut lengths = vec![false; longest + 1];
        for name in &folded {
            lengths[name.len()] = true;
        }
        Sought {
            places: folded.iter().map(|name| (name.clone(), false)).collect(),
            folded,
            lengths,
            small: String::new(),
        }
    }

    fn see(&mut self, text: &str) {
        let fits = self.lengths.get(text.len()).copied().unwrap_or_default();
        // Folding gives some letters another length, none of ASCII.
        if text.is_empty() || (!fits && (text.len() >= self.lengths.len() * 4 || text.is_ascii())) {
            return;
        }
        self.small.clear();
        self.small.extend(text.chars().flat_map(char::to_lowercase));
        if let Some(seen) = self.places.get_mut(self.small.as_str()) {
            *seen = true;
        }
    }

    fn answer(&self) -> Vec<bool> {
        let seen = self.folded.iter().map(|name| self.places.get(name) == Some(&true));
        seen.collect()
    }
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
        let quoted = slice("<a><n m='>'>mail</n><n>ſtaße</n></a>");
        let asked = ["mail", "Staße", "ſTASSE", "ſtaße"];
        assert_eq!(quoted.may_hold(&asked), [true, false, false, true]);
        let names = ["x", "MAIL", "proxyaddresses", "dn", "mai", "n", "mail"];
        assert_eq!(plain.may_hold(&names), [false, true, true, false, false, false, true]);
        for hidden in [
            "&#109;ail",
            "<![CDATA[mail]]>",
            "m<![CDATA[ail]]>",
            "<!-- -->m<![CDATA[ail]]>",
        ] {
            let slice = slice(&format!("<a><m/><n>{hidden}</n></a>"));
            assert_eq!(slice.may_hold(&["mail"]), [true], "{hidden}");
        }
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
