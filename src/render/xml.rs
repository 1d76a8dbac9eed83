//! Text in XML 1.0: no text becomes markup, and what XML cannot hold is shown.
//!
//! In: untrusted text. Out: text for an element or an attribute in double
//! quotes. Must not know: formats.

use super::terminal::clean;

/// Control, bidirectional and non-characters become visible, markup becomes entities. In an attribute a reader would
/// take line ends and tabs for blanks, so they are written as references, which content has, too.
pub fn escape(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' | '\t' if attribute => out.push_str(&format!("&#{};", u32::from(c))),
            // Every plane ends with two code points that are no characters; XML forbids the first plane's.
            _ if u32::from(c) & 0xfffe == 0xfffe => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn every_text_is_read_back_as_text() {
        let hostile: String = (0..0x3000u32)
            .chain([0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1_f600, 0x1_ffff])
            .filter_map(char::from_u32)
            .collect();
        let hostile = format!("]]><!--{hostile}");
        let xml = format!("<a b=\"{}\">{}</a>", escape(&hostile, true), escape(&hostile, false));
        let document = roxmltree::Document::parse(&xml).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("b"), root.text());
        let text = root.text().unwrap();
        assert!(text.starts_with("]]><!--\\u{0}") && text.contains("\\u{202e}") && text.contains("\\u{ffff}"));
        assert!(text.contains("\t\n") && text.contains("\"#$%&'()") && text.contains('\u{1f600}'));
    }
}
