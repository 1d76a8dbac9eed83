//! Reads CSV strictly, as RFC 4180 has it.

/// Rows of cells; fails on anything that the format does not allow.
pub fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).expect("a byte order mark");
    let text = std::str::from_utf8(text).expect("UTF-8");
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (cell, after) = cell(rest);
        row.push(cell);
        if let Some(after) = after.strip_prefix(',') {
            rest = after;
        } else {
            rest = after.strip_prefix("\r\n").expect("a line end");
            rows.push(std::mem::take(&mut row));
        }
    }
    assert!(row.is_empty(), "the last line has no end");
    rows
}

fn cell(text: &str) -> (String, &str) {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\r']).expect("an end of the cell");
        assert!(!text[..end].contains(['"', '\n']), "unquoted: {}", &text[..end]);
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut out = String::new();
    loop {
        let (before, after) = rest.split_once('"').expect("a closing quote");
        out.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                out.push('"');
                rest = after;
            }
            None => return (out, after),
        }
    }
}
