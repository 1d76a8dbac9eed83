//! GUIDs of objects become the file that holds the object, and back.
//!
//! In: which GUID belongs to which file. Out: texts with `⟦FILE⟧` in the place
//! of GUIDs; read back, a GUID that follows from server and file, the same
//! wherever the file is named. Must not know: which leaf a text is.

use super::names::hex;
use crate::normalise::Leaf;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

const OPEN: char = '⟦';
const CLOSE: char = '⟧';
/// Stands for the one identifier that is the same on every server.
const CONSTANT: &str = "Microsoft Entra ID";
const LENGTH: usize = 36;

/// Both ways.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    server: String,
    /// The identifier of the Entra connector.
    constant: String,
    files: HashMap<String, String>,
    /// Files of connectors of before, by what is known of their GUIDs.
    traces: HashMap<String, String>,
}

impl Tokens {
    /// No files yet. `constant` is the identifier that is the same on every server.
    pub fn new(server: &str, constant: &str) -> Tokens {
        Tokens {
            server: server.to_lowercase(),
            constant: constant.to_owned(),
            files: HashMap::from([(constant.to_owned(), CONSTANT.to_owned())]),
            traces: HashMap::new(),
        }
    }

    /// Connectors of before, for a GUID whose connector cannot be read now.
    pub fn know(&mut self, connectors: &BTreeMap<String, String>) {
        let traces = connectors.iter().map(|(file, trace)| (trace.clone(), escaped(file)));
        self.traces = traces.collect();
    }

    /// A GUID belongs to the object of a file. The constant has its name already.
    pub fn add(&mut self, guid: &str, file: &str) {
        if guid != self.constant && is_guid(guid) {
            self.files.insert(guid.to_owned(), escaped(file));
        }
    }

    /// Whether this is the identifier that is the same on every server.
    pub fn is_constant(&self, guid: &str) -> bool {
        guid == self.constant
    }

    /// The text as a snapshot has it.
    pub fn shown(&self, leaf: &Leaf) -> String {
        let text = leaf.text.replace(OPEN, "⟦⟦");
        if !leaf.refers || text.len() < LENGTH {
            return text;
        }
        let mut out = String::new();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let guid = text.get(at..at + LENGTH).filter(|piece| is_guid(piece));
            match guid.and_then(|guid| self.file(&guid.to_ascii_lowercase())) {
                Some(file) => {
                    out.push(OPEN);
                    out.push_str(file);
                    out.push(CLOSE);
                    at += LENGTH;
                }
                None => {
                    out.push(c);
                    at += c.len_utf8();
                }
            }
        }
        out
    }

    fn file(&self, guid: &str) -> Option<&String> {
        let known = || self.traces.get(&trace_of(guid)).filter(|_| !self.traces.is_empty());
        self.files.get(guid).or_else(known)
    }

    /// The text that a snapshot's text stands for.
    pub fn meant(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            out.push_str(before);
            rest = after;
            if let Some(after) = rest.strip_prefix(OPEN) {
                out.push(OPEN);
                rest = after;
            } else if let Some((token, after)) = rest.split_once(CLOSE) {
                out.push_str(&self.guid(token));
                rest = after;
            } else {
                out.push(OPEN);
            }
        }
        out.push_str(rest);
        out
    }

    /// The GUID of the object in a file.
    pub fn of_file(&self, file: &str) -> String {
        self.guid(&escaped(file))
    }

    fn guid(&self, token: &str) -> String {
        if token == CONSTANT {
            return self.constant.clone();
        }
        let mut digest = Sha256::new();
        digest.update(b"syncdrift snapshot\0");
        digest.update(self.server.as_bytes());
        digest.update(b"\0");
        digest.update(token.as_bytes());
        let digits = hex(&digest.finalize()[..16]);
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }
}

/// A path that neither bracket ends.
fn escaped(file: &str) -> String {
    file.replace('%', "%25").replace(OPEN, "%5B").replace(CLOSE, "%5D")
}

/// What a snapshot keeps to know a connector's GUID again: one cannot go back from it.
pub fn trace_of(guid: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"syncdrift identifier\0");
    digest.update(guid.as_bytes());
    hex(&digest.finalize()[..8])
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_guid(text: &str) -> bool {
    text.len() == LENGTH
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "2b7007df-9576-4566-a015-bf1a5f9d8ad0";
    const ENTRA: &str = "b891884f-051e-4a83-95af-2544101c9083";

    #[test]
    fn a_reference_reads_back_as_the_guid_of_its_file() {
        let mut tokens = Tokens::new("SYNC01", ENTRA);
        tokens.add(GUID, "Connectors/100% ⟦x⟧/connector");
        let leaf = |text: &str| Leaf {
            refers: true,
            ..Leaf::plain(text)
        };
        let text = format!(
            "{{{}}} é ⟦ {GUID}{ENTRA} {}",
            GUID.to_uppercase(),
            GUID.replace('2', "3")
        );
        let shown = tokens.shown(&leaf(&text));
        assert!(
            !shown.to_lowercase().contains(GUID) && !shown.contains(ENTRA),
            "{shown}"
        );
        let own = tokens.of_file("Connectors/100% ⟦x⟧/connector");
        assert_ne!(own, GUID);
        let wanted = format!("{{{own}}} é ⟦ {own}{ENTRA} {}", GUID.replace('2', "3"));
        assert_eq!(tokens.meant(&shown), wanted);
        // Elsewhere a GUID is only a text.
        let plain = Leaf::plain(&text);
        assert_eq!(tokens.meant(&tokens.shown(&plain)), text);
    }
}
