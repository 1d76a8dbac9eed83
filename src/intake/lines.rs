//! Byte offsets become lines and columns.
//!
//! In: a text, once. Out: line and column of any offset without reading the
//! text again: exports hold lines of a megabyte. Must not know: XML.

/// Bytes between two counts of characters.
const BLOCK: usize = 1024;

/// Where lines begin, and how many characters stand before each block.
#[derive(Debug)]
pub(super) struct Lines {
    /// Offset at which each line begins.
    starts: Vec<usize>,
    /// Characters before each block; empty when every character is one byte.
    characters: Vec<usize>,
}

impl Lines {
    /// Reads the text once.
    pub(super) fn of(text: &str) -> Lines {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                characters.push(sum);
                sum += count(block);
            }
            characters.push(sum);
        }
        Lines { starts, characters }
    }

    /// Line of an offset, from 1.
    pub(super) fn line(&self, at: usize) -> u32 {
        u32::try_from(self.index(at) + 1).unwrap_or(u32::MAX)
    }

    /// Line and column (in characters) of an offset, from 1. The text must be the one it was made of.
    pub(super) fn position(&self, text: &str, at: usize) -> (u32, u32) {
        let at = at.min(text.len());
        let start = self.starts.get(self.index(at)).copied().unwrap_or(0);
        let column = self.before(text, at).saturating_sub(self.before(text, start)) + 1;
        (self.line(at), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Offset of a line and column as [`Lines::position`] gives them; the end of the text when there is no such place.
    pub(super) fn offset(&self, text: &str, line: u32, column: u32) -> usize {
        let line = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(start) = self.starts.get(line).copied() else {
            return text.len();
        };
        let rest = text.get(start..).unwrap_or_default();
        rest.char_indices().nth(column).map_or(text.len(), |(at, _)| start + at)
    }

    fn index(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn before(&self, text: &str, at: usize) -> usize {
        if self.characters.is_empty() {
            return at;
        }
        let block = at / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..at).unwrap_or_default();
        self.characters.get(block).copied().unwrap_or(0) + count(rest)
    }
}

/// Characters that begin in these bytes of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Line and column of the end of a text, for those who need only that.
pub(super) fn end_of(text: &str) -> (u32, u32) {
    let line = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    let column = count(text.as_bytes().get(start..).unwrap_or_default()) + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::{Lines, end_of};

    #[test]
    fn agrees_with_counting_by_hand() {
        let long = "é".repeat(3000);
        for text in ["", "a", "a\r\nb\n\nüx\n", "ä\n𝄞z", &format!("x\n{long}y\n{long}")] {
            let lines = Lines::of(text);
            let (mut line, mut column) = (1, 1);
            for (at, character) in text.char_indices() {
                assert_eq!(lines.position(text, at), (line, column), "{at}");
                assert_eq!(lines.line(at), line);
                assert_eq!(lines.offset(text, line, column), at);
                (line, column) = if character == '\n' {
                    (line + 1, 1)
                } else {
                    (line, column + 1)
                };
            }
            assert_eq!(lines.position(text, text.len()), (line, column));
            assert_eq!(end_of(text), (line, column));
            assert_eq!(lines.position(text, usize::MAX), (line, column));
            assert_eq!(lines.offset(text, u32::MAX, u32::MAX), text.len());
        }
    }
}
