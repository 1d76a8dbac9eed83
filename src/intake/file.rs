//! One file becomes a document, a problem, or nothing of interest.
//!
//! In: a file's bytes and what its place suggests. Out: decoded text with the part
//! that its content shows. Never more in memory than a limit allows; a large
//! file of another kind is recognised by its beginning. Must not know: where the
//! bytes come from, other files.

use super::sniff::{Sniffed, sniff};
use super::text::decode_owned;
use super::{Limits, Part, decode, hex};
use crate::model::SourceFile;
use std::io::{self, Read};

/// What became of a file. The path in [`SourceFile`] is left to the caller.
pub(super) enum Loaded {
    /// A document of an export.
    Document {
        /// Digest and size.
        file: SourceFile,
        /// What it is.
        part: Part,
        /// Decoded.
        text: String,
    },
    /// It may have been one.
    Bad {
        /// Digest and size, when it could be read.
        file: Option<SourceFile>,
        /// What is wrong and what to do.
        problem: String,
        /// Line and column.
        place: Option<(u32, u32)>,
    },
    /// It has nothing to do with an export.
    Unrelated,
}

/// Enough of a file to see its root element.
const HEAD: u64 = 64 << 10;
/// First bytes of the companion files that macOS writes beside copies.
const APPLE_DOUBLE: [u8; 4] = [0x00, 0x05, 0x16, 0x07];

/// Whether the beginning of a file that is not named `*.xml` shows a document of an export. What cannot be read may
/// hold one.
pub(super) fn may_be_document(file: impl Read) -> bool {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).is_err()
        || (0..4)
            .filter_map(|cut| head.get(..head.len().saturating_sub(cut)))
            .find_map(|head| decode(head).ok())
            .is_some_and(|text| matches!(sniff(&text), Sniffed::Known(_)))
}

impl Loaded {
    /// A file that could not be read.
    pub(super) fn unreadable(problem: String) -> Loaded {
        Loaded::Bad {
            file: None,
            problem,
            place: None,
        }
    }
}

/// Reads, decodes and classifies a file of this size, where it is known; `failed` says in words why it cannot be read.
pub(super) fn load(
    file: impl Read,
    size: Option<u64>,
    place: Option<Part>,
    limits: &Limits,
    failed: impl Fn(&io::Error) -> String,
) -> Loaded {
    match bytes(file, size, place, limits, failed) {
        Ok(Some(bytes)) => classify(bytes, place),
        Ok(None) => Loaded::Unrelated,
        Err(problem) => Loaded::unreadable(problem),
    }
}

/// All bytes; `None` when the beginning already shows another kind of document.
fn bytes(
    mut file: impl Read,
    size: Option<u64>,
    place: Option<Part>,
    limits: &Limits,
    failed: impl Fn(&io::Error) -> String,
) -> Result<Option<Vec<u8>>, String> {
    let failed = |error: io::Error| failed(&error);
    let room = |bytes: u64| usize::try_from(bytes.saturating_add(1)).unwrap_or_default();
    // Room for all of it at once, so that it is read in one go.
    let mut bytes = Vec::with_capacity(room(size.unwrap_or_default().min(HEAD)));
    file.by_ref().take(HEAD).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 == HEAD {
        if place.is_none() && is_other(&bytes) {
            return Ok(None);
        }
        if size.is_some_and(|size| size > limits.file_bytes) {
            return Err(too_large(limits));
        }
        bytes.reserve_exact(room(size.unwrap_or_default().saturating_sub(HEAD)));
        let rest = limits.file_bytes.saturating_sub(HEAD).saturating_add(1);
        file.take(rest).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() as u64 > limits.file_bytes {
        return Err(too_large(limits));
    }
    Ok(Some(bytes))
}

fn too_large(limits: &Limits) -> String {
    format!(
        "the file has more than {} bytes, which no document of an export has; export again",
        limits.file_bytes
    )
}

/// Whether the beginning of a file shows the root element of something else.
fn is_other(head: &[u8]) -> bool {
    // The end may lie within a character.
    (0..4)
        .filter_map(|cut| head.get(..head.len().saturating_sub(cut)))
        .find_map(|head| decode(head).ok())
        .is_some_and(|text| matches!(sniff(&text), Sniffed::Other(_)))
}

fn classify(bytes: Vec<u8>, place: Option<Part>) -> Loaded {
    if bytes.starts_with(&APPLE_DOUBLE) {
        return Loaded::Unrelated;
    }
    let file = SourceFile {
        path: String::new(),
        sha256: hex::sha256(&bytes),
        bytes: bytes.len() as u64,
    };
    let bad = |problem: String, at: Option<(u32, u32)>| Loaded::Bad {
        file: Some(file.clone()),
        problem,
        place: at,
    };
    let looks_binary = is_binary(&bytes);
    let text = match decode_owned(bytes) {
        Ok(text) => text,
        Err(_) if looks_binary => return bad(binary(), None),
        Err(error) => return bad(error.problem, Some((error.line, error.column))),
    };
    let expected = match place {
        Some(Part::Connector) => "a connector",
        Some(Part::GlobalSettings) => "a document of global settings",
        Some(Part::SyncRule) => "a sync rule",
        Some(Part::Item) | None => "a sync rule, connector or global settings document",
    };
    match sniff(&text) {
        Sniffed::Known(part) => Loaded::Document { file, part, text },
        Sniffed::Empty => bad("the file is empty; export again".to_owned(), None),
        Sniffed::Zeros => bad(
            "the file holds nothing but zero bytes: it was not written (disk full, or a crash); export again"
                .to_owned(),
            None,
        ),
        Sniffed::Binary => bad(binary(), None),
        Sniffed::Other(_) | Sniffed::Text | Sniffed::Unfinished if place.is_none() => Loaded::Unrelated,
        Sniffed::Other(root) => bad(
            format!(
                "its root element is <{}>: this is not {expected}; put the right file in its place or export again",
                root.chars().filter(|c| !c.is_control()).take(60).collect::<String>()
            ),
            Some((1, 1)),
        ),
        Sniffed::Text => bad(
            format!("this is text, not XML, so not {expected}; export again"),
            Some((1, 1)),
        ),
        Sniffed::Unfinished => bad(
            "the file ends before its first element: it was cut off; export again".to_owned(),
            Some(super::lines::end_of(&text)),
        ),
    }
}

fn binary() -> String {
    "this is a binary file, not an XML document; export again".to_owned()
}

/// Whether bytes that are not text look as if they never were.
fn is_binary(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let xml =
        bytes.trim_ascii_start().first() == Some(&b'<') || bytes.get(1) == Some(&b'<') || bytes.get(1) == Some(&0);
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n');
    !marked && !xml && bytes.iter().take(4096).any(control)
}
