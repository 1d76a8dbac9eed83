//! Secrets inside other values are masked in place.
//!
//! In: any text: a connection string, a script, escaped XML. Out: the text
//! with each secret replaced by the same mask, and a digest of what was
//! masked, so that two texts differ when only their secrets do. The digest is
//! compared in memory and never written: that of a short secret could be
//! guessed. Must not know: nodes, the catalogue.

use super::credential;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// What stands in the place of every masked secret.
pub const MASK: &str = "‹secret›";

/// How much of a text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Everything that looks like a credential.
    Full,
    /// Only segments of connection strings, for code in another language.
    Segments,
}

/// The text with its secrets masked, and a digest of them if there are any.
pub fn mask(text: &str) -> (String, Option<[u8; 32]>) {
    match within(text, Style::Full) {
        Some((masked, mark)) => (masked, Some(mark)),
        None => (text.to_owned(), None),
    }
}

/// The masked text and the digest; `None` when there is nothing to mask.
pub(super) fn within(text: &str, style: Style) -> Option<(String, [u8; 32])> {
    // Every secret follows one of these; most values end here.
    let worth = |byte: u8| matches!(byte, b'=' | b',' | b'(' | b':' | b'<' | b' ' | b'\t' | b'\n' | b'-');
    if text.len() < 4 || !(text.bytes().any(worth) || text.contains("eyJ")) {
        return None;
    }
    let spans = merge(credential::find(text, style));
    if spans.is_empty() {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut digest = Sha256::new();
    digest.update(b"syncdrift masked\0");
    let mut from = 0;
    for span in spans {
        masked.push_str(text.get(from..span.start)?);
        masked.push_str(MASK);
        let secret = text.get(span.clone())?;
        digest.update((secret.len() as u64).to_le_bytes());
        digest.update(secret.as_bytes());
        from = span.end;
    }
    masked.push_str(text.get(from..)?);
    Some((masked, digest.finalize().into()))
}

/// Sorts, and joins what overlaps.
fn merge(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.retain(|span| span.start < span.end);
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
#[path = "mask_tests.rs"]
mod tests;
