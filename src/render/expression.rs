//! Two long expressions over lines, the words that differ marked.
//!
//! In: two texts. Out: lines with their indentation; layout that differs only
//! because lines break elsewhere is not marked. Must not know: findings.

use super::terminal::clean;
use super::words::{LONGEST, Piece, piece, split};
use crate::expression::{parse, pretty, words};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// Lines of one side that a reader takes in.
const MOST: usize = 60;

/// Indentation and text of each line.
pub type Lines = Vec<(usize, Vec<Piece>)>;

/// Both expressions over lines; nothing where both fit on one, or one does not parse, or they are equal but for layout.
pub fn laid_out(left: &str, right: &str, width: usize) -> Option<(Lines, Lines)> {
    let (l, r) = (parse(left).ok()?, parse(right).ok()?);
    let fits = |text: &str| text.trim().chars().count() <= width;
    if l == r || (fits(left) && fits(right)) {
        return None;
    }
    let (left, right) = (pretty(&l, width), pretty(&r, width));
    // What has more lines than are shown is shown around its changes instead.
    if left.len() + right.len() > LONGEST || left.lines().count().max(right.lines().count()) > MOST {
        return None;
    }
    let (gone, come) = differing(&tokens(&left), &tokens(&right));
    Some((lines(&left, &gone), lines(&right, &come)))
}

/// Tokens, strings cut into their words, and whether each is layout, which a blank within a string is not.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let cut = |piece| match piece {
        string if str::starts_with(string, '"') => split(string).into_iter().map(|part| (part, false)).collect(),
        piece => vec![(piece, piece.trim().is_empty())],
    };
    words(text).into_iter().flat_map(cut).collect()
}

fn tokens(text: &str) -> Vec<&str> {
    let pieces = pieces(text).into_iter().filter(|(_, layout)| !layout);
    pieces.map(|(piece, _)| piece).collect()
}

/// Stretches of tokens that only one side has; none where there is little in common.
fn differing(left: &[&str], right: &[&str]) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let ops = capture_diff_slices(Algorithm::Myers, left, right);
    let shared: usize = ops
        .iter()
        .filter(|op| matches!(op, DiffOp::Equal { .. }))
        .map(|op| op.old_range().len())
        .sum();
    if shared * 4 < left.len().min(right.len()) {
        return (Vec::new(), Vec::new());
    }
    let changes = || ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    (
        changes().map(DiffOp::old_range).collect(),
        changes().map(DiffOp::new_range).collect(),
    )
}

/// A text cut into lines; a stretch that is marked ends with its line and begins again on the next one.
fn lines(text: &str, marked: &[Range<usize>]) -> Lines {
    let mut lines: Lines = vec![(0, Vec::new())];
    let mut run = (String::new(), false);
    let mut token = 0;
    let mut ranges = marked.iter().filter(|range| !range.is_empty()).peekable();
    let close_run = |lines: &mut Lines, run: &mut (String, bool)| {
        let (text, marks) = std::mem::take(run);
        if let Some((_, pieces)) = lines.last_mut() {
            pieces.extend(piece(text, marks));
        }
    };
    for (token_text, layout) in pieces(text) {
        if layout && token_text.contains('\n') {
            close_run(&mut lines, &mut run);
            lines.push((token_text.chars().rev().take_while(|c| *c == ' ').count(), Vec::new()));
            continue;
        }
        while ranges.next_if(|range| range.end <= token).is_some() {}
        let mut inside = |at: usize| ranges.peek().is_some_and(|range| range.contains(&at));
        let marks = if layout {
            // A blank belongs to a mark that goes on behind it.
            run.1 && inside(token)
        } else {
            token += 1;
            inside(token - 1)
        };
        if marks != run.1 {
            close_run(&mut lines, &mut run);
        }
        run = (run.0 + &clean(token_text), marks);
    }
    close_run(&mut lines, &mut run);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &Lines) -> String {
        let shown = |piece: &Piece| match piece.only {
            true => format!("<{}>", piece.text),
            false => piece.text.clone(),
        };
        let line = |(lead, pieces): &(usize, Vec<Piece>)| {
            let text: String = pieces.iter().map(shown).collect();
            format!("{}{text}", " ".repeat(*lead))
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn only_words_are_marked_and_lines_stay_lines() {
        let left = "IIF(IsPresent([mail]),Trim([mail]),NULL)";
        let right = "IIF(IsPresent([mail]),Left(Trim([mail]),64),NULL)";
        let (l, r) = laid_out(left, right, 30).expect("too long for a line");
        assert_eq!(text(&l), "IIF(IsPresent([mail]),\n  Trim([mail]),\n  NULL\n)");
        assert_eq!(
            text(&r),
            "IIF(IsPresent([mail]),\n  <Left(>Trim([mail]), <64),>\n  NULL\n)"
        );
    }

    #[test]
    fn strings_are_marked_word_by_word_and_their_blanks_count() {
        let left = "IIF([a],\"one two\",\"three @contoso.com\")";
        let right = "IIF([a],\"onetwo\",\"three @contoso.net\")";
        let (l, r) = laid_out(left, right, 30).expect("too long for a line");
        assert_eq!(text(&l), "IIF([a],\n  \"<one two>\",\n  \"three @contoso.<com>\"\n)");
        assert!(text(&r).contains("@contoso.<net>"), "{}", text(&r));
    }

    #[test]
    fn what_fits_or_does_not_parse_is_left_to_others() {
        assert!(laid_out("Trim([a])", "Trim([b])", 30).is_none());
        assert!(laid_out("Trim([a]) [b]", "Trim([b])", 5).is_none());
        assert!(laid_out("Trim( [a] )", "Trim([a])", 5).is_none());
    }

    #[test]
    fn what_never_ends_is_left_to_others() {
        let long = |name: &str| format!("Join({})", vec![format!("[{name}]"); 5_000].join(","));
        assert!(laid_out(&long("a"), &long("b"), 30).is_none());
    }
}
