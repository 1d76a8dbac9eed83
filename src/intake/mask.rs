//! Secrets inside other values are masked in place.
//!
//! In: any text: a connection string, a script, escaped XML. Out: the text
//! with each secret replaced by the same mask, and a digest of what was
//! masked, so that two texts differ when only their secrets do. The digest is
//! compared in memory and never written: that of a short secret could be
//! guessed. Must not know: nodes, the catalogue.

use super::{credential, words};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands in the place of every masked secret.
pub const MASK: &str = "‹secret›";

/// A shorter secret is looked for only where a name says that it stands.
const SHORTEST: usize = 4;
/// Bytes that are searched for secrets that stand again; no text that a person wrote needs so many.
const EFFORT: usize = 1 << 27;

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
    if text.len() < 4 || !(text.bytes().any(worth) || text.contains("eyJ") || words::may_hold_token(text)) {
        return None;
    }
    let mut spans = merge(credential::find(text, style));
    if spans.is_empty() {
        return None;
    }
    spans.extend(again(text, &spans));
    let spans = merge(spans);
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

/// Where secrets stand again, without a name: a password is often read once and used below.
fn again(text: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let secrets: BTreeSet<&str> = spans
        .iter()
        .filter_map(|span| text.get(span.clone()))
        .filter(|secret| secret.chars().count() >= SHORTEST && !words::is_credential(secret))
        .collect();
    let most = (EFFORT / text.len().max(1)).max(1);
    let mut found = Vec::new();
    for secret in secrets.into_iter().take(most) {
        // A secret of letters only may be part of any word.
        let word = secret.chars().all(char::is_alphabetic);
        let places = memchr::memmem::find_iter(text.as_bytes(), secret).map(|at| at..at + secret.len());
        found.extend(places.filter(|place| !word || is_alone(text, place)));
    }
    found
}

/// Whether no letter or digit stands before or after.
fn is_alone(text: &str, place: &Range<usize>) -> bool {
    let before = text.get(..place.start).and_then(|before| before.chars().next_back());
    let after = text.get(place.end..).and_then(|after| after.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
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
