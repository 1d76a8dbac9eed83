//! What can be wrong with the text of an expression, in words that help.
//!
//! In: a fault and where it is. Out: [`TokenError`], a sentence that says what
//! to do. Must not know: how a text is taken apart, or in which rule it stands.

use std::fmt;

/// Why a text is no expression, and where.
///
/// Shown as `at byte 12: This string has no closing quote: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenError {
    /// Byte offset into the text, always at the start of a character. What is not closed is shown where it opens.
    pub offset: usize,
    /// What is wrong and what to do about it, one sentence.
    pub problem: String,
}

impl fmt::Display for TokenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "at byte {}: {}", self.offset, self.problem)
    }
}

impl std::error::Error for TokenError {}

/// The fault itself. Its sentence is written only when somebody reads it: a word diff passes over any number of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// `"` without its partner.
    OpenText,
    /// `[` without its partner.
    OpenAttribute,
    /// `[]`.
    EmptyAttribute,
    /// `%` without its partner.
    OpenParameter,
    /// `%%`.
    EmptyParameter,
    /// `$` without a name.
    EmptyVariable,
    /// `12ab` or `a$b`: two words that nothing separates.
    RunOn,
    /// `)` without its partner.
    Unopened,
    /// `(` without its partner.
    Unclosed,
    /// Anything that begins no token.
    Stray(char),
    /// No token at all.
    Empty,
    /// `[a] &` or `Trim(= 1)`: an operator, bracket or comma where a value should stand.
    NoOperand,
    /// `[a] [b]`: two values that no operator joins.
    NoOperator,
    /// `[a] And [b]`: an operator of another language.
    Foreign(&'static str),
    /// `Left([a],)`
    EmptyArgument,
    /// `()` that no function stands before.
    EmptyBrackets,
    /// `[a], [b]` outside the brackets of a function.
    CommaOutside,
    /// `$item(…)`
    CalledVariable,
}

impl Fault {
    /// The error for this fault at this byte.
    pub(super) fn at(self, offset: usize) -> TokenError {
        let problem = match self {
            Fault::OpenText => "This string has no closing quote: add a straight double quote where it ends.".into(),
            Fault::OpenAttribute => "This attribute name is not closed on its line: add ] after the name.".into(),
            Fault::EmptyAttribute => "These brackets name no attribute: write its name between [ and ].".into(),
            Fault::OpenParameter => "This parameter is not closed on its line: add % after its name.".into(),
            Fault::EmptyParameter => {
                "These percent signs name no parameter: write its name between them, as in %Domain.FQDN%.".into()
            }
            Fault::EmptyVariable => {
                "This $ names no variable: write its name after it, as in $item, or remove it.".into()
            }
            Fault::RunOn => {
                "Two words or numbers run into each other here: put an operator, a comma or a space between them."
                    .into()
            }
            Fault::Unopened => "This bracket closes nothing: remove it, or add the ( it belongs to.".into(),
            Fault::Unclosed => "This bracket is never closed: add the ) it needs, or remove it.".into(),
            Fault::Stray(character) => stray(character),
            Fault::Empty => "There is no expression here: write one, or make the flow direct.".into(),
            Fault::NoOperand => {
                "A value is missing here: write one, or remove the operator or bracket that waits for it.".into()
            }
            Fault::NoOperator => {
                "Nothing joins this to what stands before it: put an operator or a comma between them.".into()
            }
            Fault::Foreign(operator) => {
                format!("This word joins nothing: write {operator}, which is the operator in this language.")
            }
            Fault::EmptyArgument => {
                "This argument is empty: write a value (NULL for none), or remove the comma.".into()
            }
            Fault::EmptyBrackets => "These brackets enclose nothing: remove them, or write a value into them.".into(),
            Fault::CommaOutside => {
                "This comma separates no arguments: only the brackets of a function have commas in them.".into()
            }
            Fault::CalledVariable => {
                "A variable is no function: write the function's name before the bracket, or remove the bracket.".into()
            }
        };
        TokenError { offset, problem }
    }

    /// For a word where an operator should stand: other dialects spell some operators as words.
    pub(super) fn no_operator(word: &str) -> Fault {
        match word.to_ascii_lowercase().as_str() {
            "and" | "andalso" => Fault::Foreign("&&"),
            "or" | "orelse" => Fault::Foreign("||"),
            _ => Fault::NoOperator,
        }
    }
}

/// The usual accidents get advice of their own. What is not plain ASCII is named by its code point, since it may be
/// invisible or turn the text around it.
fn stray(character: char) -> String {
    let name = if character.is_ascii_graphic() {
        character.to_string()
    } else {
        format!("U+{:04X}", u32::from(character))
    };
    match character {
        '\'' | '\u{2018}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => {
            format!("{name} begins no string: write straight double quotes around the text.")
        }
        '|' => "A single | is no operator: write || for a logical or.".into(),
        ']' => "This ] closes nothing: put [ before the attribute name, or remove it.".into(),
        _ if character.is_whitespace() => format!("{name} is not plain white space: replace it by a space."),
        _ => format!(
            "{name} is not part of the documented expression language: remove it, or put it into a string between \
             straight double quotes."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_a_sentence_with_its_place() {
        let shown = Fault::OpenText.at(12).to_string();
        assert!(shown.starts_with("at byte 12: This string "), "{shown}");
        assert!(shown.ends_with('.'), "{shown}");
    }

    #[test]
    fn invisible_characters_are_named_and_not_printed() {
        for character in ['\0', '\u{7}', '\u{A0}', '\u{202E}', '\u{FEFF}', '\u{201C}'] {
            let problem = Fault::Stray(character).at(0).problem;
            assert!(!problem.contains(character) && problem.starts_with("U+"), "{problem:?}");
        }
    }

    #[test]
    fn the_usual_accidents_get_their_own_advice() {
        let problem = |character| Fault::Stray(character).at(0).problem;
        assert!(problem('\u{201D}').contains("straight double quotes around"));
        assert!(problem('\'').contains("straight double quotes around"));
        assert!(problem('\u{A0}').contains("replace it by a space"));
        assert!(problem('|').contains("||"));
        assert!(problem('/').starts_with("/ is not part"));
    }
}
