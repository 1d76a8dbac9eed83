//! What a document is, by its first element.
//!
//! In: decoded text, possibly only its beginning. Out: a guess good enough to
//! order and classify files; parsing judges later. Must not know: file names.

use super::Part;

/// What the beginning of a text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniffed<'t> {
    /// A document of an export.
    Known(Part),
    /// An XML document of another kind, with the name of its root element.
    Other(&'t str),
    /// Only white space.
    Empty,
    /// Only zero bytes (and white space).
    Zeros,
    /// Text that is not XML.
    Text,
    /// Control characters that no text has.
    Binary,
    /// XML that ends before its first element.
    Unfinished,
}

/// Looks at the first element.
pub(super) fn sniff(text: &str) -> Sniffed<'_> {
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return Sniffed::Empty;
    }
    if rest.trim_start_matches('\0').trim().is_empty() {
        return Sniffed::Zeros;
    }
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!") {
            // Refused by the parser, with its reason; an internal subset ends with `]>`.
            match (rest.find('['), rest.find('>')) {
                (Some(subset), Some(end)) if subset < end => "]>",
                _ => ">",
            }
        } else {
            return root(rest);
        };
        match rest.split_once(end) {
            Some((_, after)) => rest = after.trim_start(),
            None => return Sniffed::Unfinished,
        }
        if rest.is_empty() {
            return Sniffed::Unfinished;
        }
    }
}

fn root(rest: &str) -> Sniffed<'_> {
    let Some(name) = rest.strip_prefix('<') else {
        let binary = |c: char| c.is_control() && !c.is_whitespace();
        return if rest.chars().take(4096).any(binary) {
            Sniffed::Binary
        } else {
            Sniffed::Text
        };
    };
    let name = name
        .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .next()
        .unwrap_or_default();
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Sniffed::Text;
    }
    Part::of_root(name).map_or(Sniffed::Other(name), Sniffed::Known)
}

#[cfg(test)]
mod tests {
    use super::{Sniffed, sniff};
    use crate::intake::Part;

    #[test]
    fn the_root_element_decides() {
        let known = |text: &str| match sniff(text) {
            Sniffed::Known(part) => Some(part),
            _ => None,
        };
        assert_eq!(known("<synchronizationRule>"), Some(Part::SyncRule));
        assert_eq!(
            known("<?xml version='1.0'?>\r\n<!-- <ma-data> -->\n<saved-mv-configuration server='x'>"),
            Some(Part::GlobalSettings)
        );
        for root in ["<ma-data/>", "<saved-ma-configuration a='b'>", "<export-ma\n>"] {
            assert_eq!(known(root), Some(Part::Connector));
        }
        assert_eq!(
            known("<!DOCTYPE ma-data [<!ENTITY a '>'>]><ma-data/>"),
            Some(Part::Connector)
        );
        assert_eq!(known("<!DOCTYPE ma-data><ma-data/>"), Some(Part::Connector));
        assert_eq!(sniff("<Rule/>"), Sniffed::Other("Rule"));
        assert_eq!(sniff("<SynchronizationRule/>"), Sniffed::Other("SynchronizationRule"));
    }

    #[test]
    fn what_is_no_document_is_told_apart() {
        assert_eq!(sniff(" \r\n"), Sniffed::Empty);
        assert_eq!(sniff("\0\0\0"), Sniffed::Zeros);
        assert_eq!(sniff("hello"), Sniffed::Text);
        assert_eq!(sniff("< b"), Sniffed::Text);
        assert_eq!(sniff("PK\u{3}\u{4}"), Sniffed::Binary);
        assert_eq!(sniff("<!-- x"), Sniffed::Unfinished);
        assert_eq!(sniff("<?xml version='1.0'?>\n"), Sniffed::Unfinished);
        assert_eq!(sniff("<!DOCTYPE a ["), Sniffed::Unfinished);
    }
}
