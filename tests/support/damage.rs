//! What happens to documents: cut off, emptied, written over, or made to do
//! harm. Each damage with the words that the gap must have.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Relative paths of one document of each part in [`super::export::Export`], by a text it holds.
pub const PARTS: [(&str, &str); 3] = [
    ("Connectors", "forest-name"),
    ("GlobalSettings", "saved-mv-configuration"),
    ("SynchronizationRules", "synchronizationRule"),
];

/// A way to damage a document.
pub struct Damage {
    pub name: &'static str,
    /// New content from the old.
    pub make: fn(&[u8]) -> Vec<u8>,
    /// Words of the problem.
    pub words: &'static [&'static str],
    /// Whether a line can be told.
    pub line: bool,
}

const fn damage(name: &'static str, line: bool, words: &'static [&'static str], make: fn(&[u8]) -> Vec<u8>) -> Damage {
    Damage {
        name,
        make,
        words,
        line,
    }
}

/// All damages that a document's bytes can show.
pub const DAMAGES: &[Damage] = &[
    damage("empty", false, &["is empty", "export again"], |_| Vec::new()),
    damage("blank", false, &["is empty", "export again"], |_| b" \r\n\t".to_vec()),
    damage("only a mark", false, &["is empty", "export again"], |_| {
        b"\xef\xbb\xbf".to_vec()
    }),
    damage("zeros", false, &["zero bytes", "export again"], |old| {
        vec![0; old.len()]
    }),
    damage("zeros at the end", true, &["export again"], |old| {
        let mut new = old.to_vec();
        let half = new.len() / 2;
        new[half..].fill(0);
        new
    }),
    damage("binary", false, &["binary", "export again"], |_| {
        (0..4_000_u32)
            .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect()
    }),
    damage("text", true, &["not XML", "export again"], |_| {
        b"Sign in to continue".to_vec()
    }),
    damage("inside a tag", true, &["cut off", "export again"], |old| {
        let at = find(old, b"</") + 4;
        old[..at].to_vec()
    }),
    damage(
        "inside a character",
        true,
        &["within a character", "cut off", "export again"],
        |old| {
            let at = find(old, b"</");
            [&old[..at], b"\xe2\x82"].concat()
        },
    ),
    damage("inside a unit of UTF-16", true, &["cut off", "export again"], |old| {
        let units = utf16(old);
        units[..(units.len() / 2) | 1].to_vec()
    }),
    damage("inside a pair of UTF-16", true, &["cut off", "export again"], |old| {
        let at = find(old, b"</");
        let mut bytes = utf16(&old[..at]);
        bytes.extend([0x3d, 0xd8]);
        bytes
    }),
    damage("external DTD", true, &["DTD", "export again"], |old| {
        [b"<!DOCTYPE x SYSTEM \"file:///etc/passwd\">\n", old].concat()
    }),
    damage("entity expansion", true, &["DTD", "export again"], |old| {
        let mut dtd = b"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>".to_vec();
        for level in 1..30 {
            dtd.extend(format!("<!ENTITY a{level} '&a{0};&a{0};&a{0};&a{0};'>", level - 1).bytes());
        }
        dtd.extend(b"]>");
        dtd.extend(with_inside(old, "&a29;").bytes());
        dtd
    }),
    damage("unknown entity", true, &["export again"], |old| {
        with_inside(old, "&a29;").into_bytes()
    }),
    damage("depth", true, &["<d>", "elements deep", "export again"], |old| {
        with_inside(old, &("<d>".repeat(100_000) + &"</d>".repeat(100_000))).into_bytes()
    }),
    damage(
        "depth without end",
        true,
        &["<d>", "elements deep", "export again"],
        |old| with_inside(old, &"<d>".repeat(1_000_000)).into_bytes(),
    ),
    damage("attributes", true, &["more attributes", "export again"], |old| {
        let many: String = (0..100_000).map(|number| format!(" a{number}='x'")).collect();
        with_inside(old, &format!("<e{many}/>")).into_bytes()
    }),
    damage("name with control characters", true, &["export again"], |old| {
        with_inside(old, "<a\u{1b}[2J>x</a\u{1b}[2J>").into_bytes()
    }),
    damage("control characters in text", true, &["U+001B", "export again"], |old| {
        with_inside(old, "<a>\u{1b}[31m</a>").into_bytes()
    }),
    damage("bidi in a name", true, &["export again"], |old| {
        with_inside(old, "<a\u{202e}b>").into_bytes()
    }),
    damage("another root", true, &["<html>", "put the right file"], |_| {
        b"<html><body>x</body></html>".to_vec()
    }),
    damage("a long root", true, &["put the right file"], |_| {
        format!("<{}/>", "x".repeat(100_000)).into_bytes()
    }),
    damage("two roots", true, &["second root", "export again"], |old| {
        [old, old].concat()
    }),
    damage("rubbish after the root", true, &["export again"], |old| {
        [old, b"rubbish"].concat()
    }),
    damage(
        "declared but unknown encoding",
        true,
        &["x-secret", "not supported", "export again"],
        |old| [b"<?xml version='1.0' encoding='x-secret'?>", old].concat(),
    ),
    damage("wrong declared encoding", true, &["not UTF-8", "export again"], |old| {
        let mut new = b"<?xml version='1.0' encoding='utf-8'?>".to_vec();
        new.extend(
            with_inside(old, "<a>x</a>")
                .bytes()
                .map(|byte| if byte == b'x' { 0x96 } else { byte }),
        );
        new
    }),
];

/// Whether a damage leaves the name of the root in reach, so that content still tells the part.
pub fn of(name: &str) -> &'static Damage {
    DAMAGES
        .iter()
        .find(|damage| damage.name == name)
        .expect("a damage of this name")
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes
        .windows(what.len())
        .position(|window| window == what)
        .expect("it is there")
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect()
}

/// With more just before the end of the root.
fn with_inside(old: &[u8], more: &str) -> String {
    let text = String::from_utf8(old.to_vec()).expect("UTF-8");
    let at = text.rfind("</").expect("an end tag");
    format!("{}\n{more}{}", &text[..at], &text[at..])
}

/// A file of many gigabytes that fills none: these bytes, then nothing.
pub fn sparse(file: &Path, start: &[u8], bytes: u64) {
    fs::write(file, start).expect("a file");
    let file = OpenOptions::new().append(true).open(file).expect("a file");
    file.set_len(bytes).expect("room for a sparse file");
    let _ = (&file).flush();
}
