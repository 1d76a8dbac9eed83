//! One place where two expressions differ, and the words for it.
//!
//! In: steps from the whole expression to a part. Out: [`Edit`]. Must not know:
//! how the place was found.

/// One sub-expression that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What happened to it.
    pub kind: EditKind,
    /// Where, from the outside in: `IIF › 2nd argument › Left › 1st argument`. Empty for the whole expression.
    pub path: String,
    /// Before, on one line; `None` where it was added.
    pub before: Option<String>,
    /// After, on one line; `None` where it was removed.
    pub after: Option<String>,
}

/// What happened to a sub-expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditKind {
    /// It is another one.
    Changed,
    /// The same arguments go to another function; before and after are the functions' names.
    Function,
    /// Arguments or operands that were not there before.
    Added,
    /// Arguments or operands that are there no longer.
    Removed,
    /// It stands, unchanged, inside calls or brackets that are new: `LCase( )`.
    Wrapped(String),
    /// The calls or brackets around it are gone, it stands itself.
    Unwrapped(String),
    /// Two arguments or operands, which changed places.
    Swapped,
}

impl Edit {
    /// Place and kind in words: `IIF › 2nd argument: wrapped in LCase( )`.
    pub fn what(&self) -> String {
        let kind = match &self.kind {
            EditKind::Changed => "",
            EditKind::Function => "function",
            EditKind::Added => "added",
            EditKind::Removed => "removed",
            EditKind::Wrapped(_) => "wrapped in",
            EditKind::Unwrapped(_) => "no longer in",
            EditKind::Swapped => "swapped",
        };
        let around = match &self.kind {
            EditKind::Wrapped(around) | EditKind::Unwrapped(around) => format!(" {around}"),
            _ => String::new(),
        };
        match (self.path.as_str(), kind) {
            ("", "") => "whole expression".to_owned(),
            ("", kind) => format!("{kind}{around}"),
            (path, "") => path.to_owned(),
            (path, kind) => format!("{path}: {kind}{around}"),
        }
    }
}

/// One step from a sub-expression into a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// A function and an argument of it, counted from 0.
    Argument(&'a str, usize),
    /// Two arguments of a function.
    Arguments(&'a str, usize, usize),
    /// Two operands.
    Operands(usize, usize),
    /// An operand among others, counted from 0.
    Operand(usize),
    /// An operator among others, counted from 0; whether it is the only one.
    Operator(usize, bool),
    /// Into brackets.
    Brackets,
    /// Behind a sign.
    Sign,
}

/// Steps of a path that are named; more of them are left out in the middle.
const STEPS: usize = 12;

/// A place in words, from steps in order.
pub(super) fn place(steps: &[Step<'_>]) -> String {
    let mut words: Vec<String> = Vec::new();
    let left_out = steps.len().saturating_sub(STEPS);
    for (at, step) in steps.iter().enumerate() {
        if left_out > 0 && at == STEPS / 2 {
            words.push("…".to_owned());
        }
        if left_out > 0 && (STEPS / 2..STEPS / 2 + left_out).contains(&at) {
            continue;
        }
        match step {
            Step::Argument(function, at) => {
                words.extend([(*function).to_owned(), format!("{} argument", ordinal(at + 1))]);
            }
            Step::Arguments(function, one, two) => {
                let both = format!("{} and {} argument", ordinal(one + 1), ordinal(two + 1));
                words.extend([(*function).to_owned(), both]);
            }
            Step::Operands(one, two) => words.push(format!("{} and {} operand", ordinal(one + 1), ordinal(two + 1))),
            Step::Operand(at) => words.push(format!("{} operand", ordinal(at + 1))),
            Step::Operator(_, true) => words.push("operator".to_owned()),
            Step::Operator(at, false) => words.push(format!("{} operator", ordinal(at + 1))),
            Step::Brackets => words.push("brackets".to_owned()),
            Step::Sign => words.push("sign".to_owned()),
        }
    }
    words.join(" › ")
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_in_words() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 111, 122]
            .into_iter()
            .map(ordinal)
            .collect();
        let expected = [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th", "122nd",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_long_way_is_shortened_in_the_middle() {
        let steps: Vec<Step<'_>> = (0..40).map(Step::Operand).collect();
        let place = place(&steps);
        assert!(place.starts_with("1st operand › 2nd operand"), "{place}");
        assert!(place.contains("6th operand › … › 35th operand"), "{place}");
        assert!(place.ends_with("40th operand"), "{place}");
    }
}
