//! Patterns of names that look like globs of other programs.
//!
//! In: a pattern as the user wrote it. Out: what is wrong with it. Must not
//! know: what it is matched with.

/// What globs here can do, for errors.
const SUPPORTED: &str = "globs know * (any text) and ? (one character) only; write ? for a bracket that stands in the \
    name itself, or one entry for each name";

/// Whether a pattern counts on a class `[a-z]` or on alternatives `{a,b}`.
///
/// Names may hold such brackets, too: `Users [old]`, `{guid}`. What stands apart as a word of its own is a name.
pub(super) fn unsupported(pattern: &str) -> Option<String> {
    let class = inside(pattern, '[', ']').into_iter().find(|(before, inner, after)| {
        let apart = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let range = inner
            .as_bytes()
            .windows(3)
            .any(|three| three[1] == b'-' && three[0].is_ascii_alphanumeric() && three[2].is_ascii_alphanumeric());
        let one_word = !inner.is_empty() && !inner.contains(char::is_whitespace);
        let short = inner.chars().count() <= 3;
        let word = apart(*before) && apart(*after);
        one_word && (inner.starts_with(['!', '^']) || (range && short) || !word)
    });
    let choice = inside(pattern, '{', '}')
        .into_iter()
        .find(|(_, inner, _)| inner.contains(','));
    let found = |(_, inner, _): (Option<char>, &str, Option<char>), open, close| {
        format!("{open}{inner}{close} is taken as it stands; {SUPPORTED}")
    };
    class
        .map(|part| found(part, '[', ']'))
        .or_else(|| choice.map(|part| found(part, '{', '}')))
}

/// What stands between brackets, with the characters around them.
fn inside(pattern: &str, open: char, close: char) -> Vec<(Option<char>, &str, Option<char>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = pattern[from..].find(open).map(|at| from + at) {
        let start = at + open.len_utf8();
        let Some(end) = pattern[start..].find(close).map(|end| start + end) else {
            break;
        };
        let after = pattern[end + close.len_utf8()..].chars().next();
        found.push((pattern[..at].chars().next_back(), &pattern[start..end], after));
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::unsupported;

    #[test]
    fn classes_and_alternatives_are_refused_and_names_with_brackets_are_not() {
        for pattern in [
            "SYNC0[12]",
            "rule-[a-z]*",
            "In from AD - [!X]*",
            "{a,b}",
            "In from {AD,LDAP} - *",
            "[a-c]",
        ] {
            let problem = unsupported(pattern).unwrap_or_default();
            assert!(
                problem.contains("* (any text) and ? (one character)"),
                "{pattern}: {problem}"
            );
        }
        for pattern in [
            "In from AD - *",
            "Users [old]",
            "[Pilot group] Users",
            "[opt-in users] x",
            "Rule [opt-in]",
            "{4cf09430-36e0-423d-8fd2-793369611c66}",
            "a [ b",
            "x ] y [",
            "[]",
        ] {
            assert_eq!(unsupported(pattern), None, "{pattern}");
        }
    }
}
