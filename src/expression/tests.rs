//! The module as a whole: real expressions, random ones, and very long ones.
//!
//! In: exports and published rules from the folder `SYNCDRIFT_TEST_DATA`
//! (default `../shared/data` beside the crate), and a fixed seed. Out:
//! assertions; a visible `skipped:` line where the folder is absent. Must not
//! know: the XML and JSON readers of the tool, a few lines here do.

use super::*;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Files of a folder with this ending, sorted.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let data = std::env::var_os("SYNCDRIFT_TEST_DATA")
        .map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
            PathBuf::from,
        )
        .join(folder);
    let Ok(entries) = std::fs::read_dir(&data) else {
        // The handle itself: the test harness would swallow eprintln.
        let _ = writeln!(std::io::stderr(), "skipped: no folder {}", data.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// What stands between two marks, again and again.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before)
        .skip(1)
        .filter_map(move |rest| rest.split_once(after))
        .map(|(found, _)| found)
}

pub(super) fn contoso() -> Vec<String> {
    let plain = |xml: &str| {
        xml.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&")
    };
    let files = files("contoso/SynchronizationRules", "xml");
    files
        .iter()
        .flat_map(|file| between(file, "<expression>", "</expression>").map(plain))
        .collect()
}

pub(super) fn published() -> Vec<String> {
    let files = files("rules-published", "json");
    let mut found = Vec::new();
    for rest in files.iter().flat_map(|file| file.split("\"Expression\": \"").skip(1)) {
        let mut text = String::new();
        let mut characters = rest.chars();
        while let Some(character) = characters.next().filter(|c| *c != '"') {
            text.push(match character {
                '\\' => match characters.next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    other => other.unwrap(),
                },
                plain => plain,
            });
        }
        found.push(text);
    }
    found
}

/// Everything that holds for every text, whatever it is.
#[track_caller]
fn check(text: &str) {
    assert_eq!(words(text).concat(), text);
    let plain = without_layout(text);
    assert_eq!(without_layout(&plain), plain, "{text:?}");
    let tokens = match tokenize(text) {
        Ok(tokens) => tokens,
        Err(error) => {
            assert!(
                text.is_char_boundary(error.offset) && error.offset < text.len(),
                "{text:?}: {error}"
            );
            assert!(
                canonical(text).is_err() && inputs(text).is_err() && tokenize(&plain).is_err(),
                "{text:?}"
            );
            return;
        }
    };
    let spelled = |tokens: &[Token<'_>]| tokens.iter().map(|t| (t.kind, t.text.to_owned())).collect::<Vec<_>>();
    assert_eq!(
        spelled(&tokenize(&plain).unwrap()),
        spelled(&tokens),
        "{text:?} as {plain:?}"
    );
    let pieces = words(text).into_iter().filter(|piece| !piece.trim().is_empty());
    assert!(pieces.eq(tokens.iter().map(|token| token.text)), "{text:?}");

    let form = canonical(text).unwrap();
    assert_eq!(canonical(&form).unwrap(), form, "{text:?}");
    assert_eq!(canonical(&plain).unwrap(), form, "{text:?}");
    assert_eq!(
        canonical(&format!("( {text}\n)")).unwrap(),
        if tokens.is_empty() { "()" } else { &form },
        "{text:?}"
    );
    assert_eq!(inputs(&form).unwrap(), inputs(text).unwrap(), "{text:?}");
    for layout in [" ", "\r\n\t"] {
        let spread: String = tokens
            .iter()
            .flat_map(|token| [layout, token.text])
            .chain([layout])
            .collect();
        assert_eq!(canonical(&spread).unwrap(), form, "{text:?} as {spread:?}");
    }
}

#[test]
fn real_expressions_are_understood() {
    for (expressions, least) in [(contoso(), 300), (published(), 60)] {
        assert!(
            expressions.is_empty() || expressions.len() >= least,
            "only {} found",
            expressions.len()
        );
        for text in expressions {
            assert!(tokenize(&text).is_ok(), "{text}: {:?}", tokenize(&text));
            check(&text);
        }
    }
}

#[test]
fn real_expressions_differ_when_a_part_of_them_does() {
    let mut texts = contoso();
    texts.sort();
    texts.dedup();
    let mut forms: Vec<String> = texts.iter().map(|text| canonical(text).unwrap()).collect();
    forms.sort();
    forms.dedup();
    assert_eq!(forms.len(), texts.len());
}

/// Xorshift: the same numbers on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "[a]", "[mS-DS b]", "%a%", "%Domain.FQDN%", "\"\"", "\"a  (b\"", "\"c\"\"d\"", "0", "007", "1.50", "&HFF", "&hff",
    "&H0FFFFFFFFFFFFFFFF", "99999999999999999999999", "Trim", "NULL", "H", "HFF", "hello", "$item", "<", "<=", "<>",
    "=", ">", ">=", "+", "-", "*", "&", "&&", "||", ",", "ImportedValue(\"x\")", "((", "))",
];

#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "\"", "[", "]", "%", "&", "&H", "H", "F", "1", ".", "<", ">", "=", "|", "(", ")", ",", "$", "_", "a", "é",
    "\u{A0}", "\u{1F600}", "\0", "\\", "'", " ", "\n", "\r\n", "\t",
];

#[test]
fn random_token_sequences_keep_every_promise() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut understood = 0;
    for _ in 0..20_000 {
        let mut text = String::new();
        let mut depth = 0;
        for _ in 0..random.below(12) {
            text.push_str(random.pick(&["", "", " ", "\n"]));
            match random.below(8) {
                0 => (text.push('('), depth += 1).1,
                1 if depth > 0 => (text.push(')'), depth -= 1).1,
                _ => text.push_str(random.pick(TOKENS)),
            }
        }
        text.push_str(&")".repeat(depth));
        understood += usize::from(tokenize(&text).is_ok());
        check(&text);
    }
    assert!(
        understood > 5_000,
        "only {understood} texts tokenised: the test has lost its point"
    );
}

#[test]
fn random_fragments_and_bytes_never_panic() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..20_000 {
        let text: String = (0..random.below(16)).map(|_| random.pick(FRAGMENTS)).collect();
        check(&text);
        let bytes: Vec<u8> = (0..random.below(40)).map(|_| random.below(256) as u8).collect();
        check(&String::from_utf8_lossy(&bytes));
    }
}

#[rustfmt::skip]
const UNITS: &[&str] = &[
    "(", ")", "()", "((a)", "\"", "\"\"\"", "\"a", "\"[", "[", "[a", "[\"]", "%", "%a\n", "% ", "%[\"", "&", "&H",
    "&HF", "1", "1.", "1a", "0", "$", "$a", "|", "<", "é", "\0", " ", "\r", "a ", "ValueCount(\"", "[\"x",
];

#[test]
fn long_texts_take_linear_time() {
    let many = 50_000;
    let nested = "(".repeat(many) + "[a]" + &")".repeat(many);
    assert_eq!(canonical(&nested).as_deref(), Ok("[a]"));
    assert_eq!(canonical(&("()".repeat(many) + "1")), Ok("()".repeat(many) + "1"));
    let started = Instant::now();
    for unit in UNITS {
        for text in [
            unit.repeat(many),
            format!("\"{}", unit.repeat(many)),
            format!("&H{}_", unit.repeat(many)),
        ] {
            assert_eq!(words(&text).concat(), text);
            let _ = (canonical(&text), inputs(&text), without_layout(&text));
        }
        // Some seconds in all on a slow machine; one quadratic step takes longer than this.
        assert!(started.elapsed() < Duration::from_secs(30), "{unit:?} is slow");
    }
}
