//! Names of objects become names of files that every system can have.
//!
//! In: any name. Out: a name without what Windows, macOS or git refuse, of
//! which no two in a folder are the same there. Must not know: what is named.

use crate::model::is_device;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// Bytes of a name, without a mark and an extension. Three of them and a folder stay below the 260 of Windows.
const LONGEST: usize = 72;

/// Names that are taken, letter case folded.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// A name in a folder for what is called `name`; nobody else gets it.
    pub fn take(&mut self, folder: &str, name: &str) -> String {
        let safe = safe(name);
        let marked = || format!("{}~{}", cut(&plain(name), LONGEST), mark(name));
        let first = [safe, marked()].into_iter();
        let numbered = (2_u64..).map(|number| format!("{}~{number}", marked()));
        for candidate in first.chain(numbered) {
            if self.0.insert(format!("{folder}/{candidate}").to_lowercase()) {
                return candidate;
            }
        }
        String::new()
    }
}

/// A name that is a file's as it stands, or one with a mark of what it was.
pub fn safe(name: &str) -> String {
    let plain = plain(name);
    if plain == name && name.len() <= LONGEST && !is_device(name) {
        return plain;
    }
    format!("{}~{}", cut(&plain, LONGEST), mark(name))
}

/// Without characters that some system refuses or does not show.
fn plain(name: &str) -> String {
    let name: String = name.chars().map(|c| if is_refused(c) { '_' } else { c }).collect();
    let ends = name.trim_end_matches(['.', ' ']);
    let inner = ends.trim_start_matches(['.', ' ']);
    // `git~1` and `.git` are the same folder to some systems; a leading dash looks like a switch.
    match inner {
        "" => "_".to_owned(),
        inner if inner.len() < ends.len() || inner.starts_with('-') => format!("_{inner}"),
        inner if inner.to_lowercase().starts_with("git~") => format!("_{inner}"),
        // A device is one with any extension, and with what marks a name, too.
        inner if is_device(inner) => format!("_{inner}"),
        inner => inner.to_owned(),
    }
}

fn is_refused(c: char) -> bool {
    let invisible = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..);
    // Marks that join the letter before them: some systems compose them, others do not.
    let joins = matches!(c, '\u{300}'..='\u{36f}');
    c.is_control() || invisible || joins || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
}

fn cut(name: &str, bytes: usize) -> &str {
    let mut end = name.len().min(bytes);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].trim_end_matches(['.', ' '])
}

/// What tells names apart of which the readable part is the same.
fn mark(name: &str) -> String {
    hex(&Sha256::digest(name.as_bytes())[..4])
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay() {
        for name in [
            "In from AD - User Join",
            "DC=contoso,DC=com",
            "Größe (2)",
            "contoso.com",
            "日本",
        ] {
            assert_eq!(safe(name), name);
        }
    }

    #[test]
    fn refused_names_are_marked_and_stay_apart() {
        let long = "x".repeat(400);
        let umlauts = "ü".repeat(200);
        let names = [
            "CON",
            "nul.txt",
            "COM1",
            "lpt³.x",
            "a/b",
            "a\\b",
            "a:b",
            "a|b",
            "name.",
            "name ",
            "name..",
            " name",
            ".git",
            "git~1",
            "GIT~2",
            "..",
            ".",
            "",
            "-rf",
            "a\u{202e}b",
            "a\nb",
            "e\u{301}",
            "con .x",
            &long,
            &umlauts,
        ];
        let mut seen = HashSet::new();
        for name in names {
            let safe = safe(name);
            assert!(safe.contains('~'), "{name:?} -> {safe:?}");
            assert!(safe.len() <= LONGEST + 9 && !safe.ends_with(['.', ' ']) && !safe.starts_with(['.', ' ', '-']));
            assert!(!safe.chars().any(is_refused) && !is_device(&safe), "{safe:?}");
            assert!(seen.insert(safe.to_lowercase()), "{name:?} -> {safe:?} twice");
        }
    }

    #[test]
    fn names_that_a_system_takes_for_one_stay_apart() {
        let mut names = Names::default();
        let taken: Vec<String> = ["Rule", "rule", "RULE", "Rule", "Rule"]
            .iter()
            .map(|name| names.take("folder", name))
            .collect();
        let folded: HashSet<String> = taken.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(folded.len(), 5, "{taken:?}");
        assert_eq!(taken[0], "Rule");
        assert_eq!(names.take("other folder", "rule"), "rule");
    }
}
