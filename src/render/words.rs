//! The two values of a finding with the words that differ marked.
//!
//! In: two texts. Out: their pieces, each with whether only this side has it.
//! Must not know: what the texts mean, or how a mark looks.

use super::terminal::clean;
use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Longer texts are shown as they are: a marked-up page helps nobody, and hostile input must not cost minutes.
/// (A bound on time would not do: the same input gives the same bytes.)
pub const LONGEST: usize = 10_000;

/// A run of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Clean text.
    pub text: String,
    /// The other side lacks it.
    pub only: bool,
}

/// Both texts, marked where they differ.
pub fn marked(left: &str, right: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (left, right) = (clean(left), clean(right));
    if left == right {
        return (whole(left), whole(right));
    }
    if left.len() + right.len() > LONGEST {
        return ends(&left, &right);
    }
    let (l, r) = (split(&left), split(&right));
    let ops = capture_diff_slices(Algorithm::Myers, &l, &r);
    let shared: usize = ops
        .iter()
        .filter_map(|op| match op {
            DiffOp::Equal { old_index, len, .. } => Some(l[*old_index..old_index + len].concat().trim().len()),
            _ => None,
        })
        .sum();
    if shared * 4 < left.len().min(right.len()) {
        // Texts with little in common are easier to read unmarked.
        return (whole(left), whole(right));
    }
    let parts = ops.into_iter().map(|op| Part {
        equal: matches!(op, DiffOp::Equal { .. }),
        left: l[op.old_range()].concat(),
        right: r[op.new_range()].concat(),
    });
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for Part {
        equal,
        mut left,
        mut right,
    } in joined(parts.collect())
    {
        // A blank at the end of both is no part of the change.
        let blank = !equal && left.ends_with(' ') && right.ends_with(' ');
        if blank {
            left.pop();
            right.pop();
        }
        if equal {
            before.extend(piece(left, false));
            after.extend(piece(right, false));
        } else {
            before.extend(piece(left, true));
            after.extend(piece(right, true));
        }
        if blank {
            before.extend(piece(" ".to_owned(), false));
            after.extend(piece(" ".to_owned(), false));
        }
    }
    (before, after)
}

/// Long texts: what is between the beginning and the end that both have. Linear, however long they are.
fn ends(left: &str, right: &str) -> (Vec<Piece>, Vec<Piece>) {
    let start = common(left.chars().zip(right.chars()));
    let (l, r) = (&left[start..], &right[start..]);
    let end = common(l.chars().rev().zip(r.chars().rev()));
    let cut = |text: &str| -> Vec<Piece> {
        let (middle, last) = text[start..].split_at(text.len() - start - end);
        let pieces = [(&text[..start], false), (middle, true), (last, false)];
        pieces
            .into_iter()
            .filter_map(|(text, only)| piece(text.to_owned(), only))
            .collect()
    };
    (cut(left), cut(right))
}

/// Bytes of the characters that both have, from the first on.
fn common(both: impl Iterator<Item = (char, char)>) -> usize {
    both.take_while(|(one, other)| one == other)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

/// Pieces of a long text with what both sides have cut down to what stands around the changes; then, if that is still
/// too long, its beginning.
pub fn around_changes(pieces: Vec<Piece>, longest: usize) -> Vec<Piece> {
    const AROUND: usize = 200;
    let length = |pieces: &[Piece]| -> usize { pieces.iter().map(|piece| piece.text.chars().count()).sum() };
    if length(&pieces) <= longest {
        return pieces;
    }
    let changes = pieces.iter().any(|piece| piece.only);
    let last = pieces.len().saturating_sub(1);
    let cut = |(at, piece): (usize, Piece)| {
        let count = piece.text.chars().count();
        // Before the first change and behind the last one nothing more is needed.
        let (head, tail) = (if at == 0 { 0 } else { AROUND }, if at == last { 0 } else { AROUND });
        if piece.only || !changes || count <= AROUND * 2 + 100 {
            return piece;
        }
        let begin: String = piece.text.chars().take(head).collect();
        let end: String = piece.text.chars().skip(count - tail).collect();
        Piece {
            text: format!(
                "{begin} [… {} characters, the same on both …] {end}",
                count - head - tail
            )
            .trim_start()
            .to_owned(),
            only: false,
        }
    };
    let pieces = pieces.into_iter().enumerate().map(cut).collect();
    beginning(pieces, longest)
}

/// The beginning of what is too long.
fn beginning(pieces: Vec<Piece>, longest: usize) -> Vec<Piece> {
    let mut room = longest;
    let mut out = Vec::new();
    for mut piece in pieces {
        let count = piece.text.chars().count();
        if count > room {
            piece.text = piece.text.chars().take(room).collect::<String>() + " … (the JSON output has it whole)";
            out.push(piece);
            break;
        }
        room -= count;
        out.push(piece);
    }
    out
}

/// A run of words that both texts have, or that differ.
struct Part {
    equal: bool,
    left: String,
    right: String,
}

/// Blanks between two changes are no border: `[-a-] [-b-]` reads worse than `[-a b-]`.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let changed = |part: Option<&Part>| part.is_some_and(|part| !part.equal);
    let blank: Vec<bool> = (0..parts.len())
        .map(|at| {
            let around = at > 0 && changed(parts.get(at - 1)) && changed(parts.get(at + 1));
            parts[at].equal && around && parts[at].left.trim().is_empty()
        })
        .collect();
    let mut joined: Vec<Part> = Vec::new();
    for (part, blank) in parts.into_iter().zip(blank) {
        let equal = part.equal && !blank;
        match joined.last_mut().filter(|last| !last.equal && !equal) {
            Some(last) => {
                last.left.push_str(&part.left);
                last.right.push_str(&part.right);
            }
            None => joined.push(Part { equal, ..part }),
        }
    }
    joined
}

/// A text that is shown as it is.
pub fn whole(text: String) -> Vec<Piece> {
    piece(text, false).into_iter().collect()
}

/// A piece, unless it is empty.
pub fn piece(text: String, only: bool) -> Option<Piece> {
    (!text.is_empty()).then_some(Piece { text, only })
}

/// Runs of letters and digits, runs of blanks, single other characters.
pub fn split(text: &str) -> Vec<&str> {
    let kind = |c: char| {
        if c.is_alphanumeric() || c == '_' || c == '-' {
            0
        } else if c.is_whitespace() {
            1
        } else {
            2
        }
    };
    let mut parts = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if last.is_some_and(|last| last != this || this == 2) {
            parts.push(&text[start..at]);
            start = at;
        }
        last = Some(this);
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &[Piece]) -> String {
        let marked = |piece: &Piece| match piece.only {
            true => format!("<{}>", piece.text),
            false => piece.text.clone(),
        };
        pieces.iter().map(marked).collect()
    }

    #[test]
    fn only_the_words_that_differ_are_marked() {
        let (l, r) = marked("Word([mail],1,\"@\")", "Word([mail],2,\"@\")");
        assert_eq!(text(&l), "Word([mail],<1>,\"@\")");
        assert_eq!(text(&r), "Word([mail],<2>,\"@\")");
    }

    #[test]
    fn of_long_texts_the_change_is_seen() {
        let long = |middle: &str| {
            let words = |n: usize| (0..n).map(|at| format!("word{at} ")).collect::<String>();
            format!("{}{middle}{}", words(2_000), words(1_000))
        };
        let (l, r) = marked(&long("one"), &long("zwei"));
        let (l, r) = (text(&around_changes(l, 2_000)), text(&around_changes(r, 2_000)));
        assert!(l.contains("word1999 <one>word0 "), "{l}");
        assert!(r.contains("word1999 <zwei>word0 "), "{r}");
        assert!(l.contains("characters, the same on both") && l.len() < 1_000, "{l}");
    }

    #[test]
    fn blanks_between_two_changes_are_no_border() {
        let (l, r) = marked("in scope (by x)", "out of scope (by y z)");
        assert_eq!(text(&l), "<in> scope (by <x>)");
        assert_eq!(text(&r), "<out of> scope (by <y z>)");
    }

    #[test]
    fn a_blank_that_differs_is_seen() {
        let (l, _) = marked("\"a b\" & [displayName]", "\"ab\" & [displayName]");
        assert!(text(&l).contains('<'), "{}", text(&l));
        let (l, r) = marked("[mail]", "NULL");
        assert_eq!((text(&l).as_str(), text(&r).as_str()), ("[mail]", "NULL"));
    }
}
