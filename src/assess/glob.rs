//! Globs over names: `*` is any text, `?` one character, letter case does not count.
//!
//! In: a pattern and names. Out: whether they match. Must not know: what the
//! names belong to.

/// A pattern.
#[derive(Debug, Clone)]
pub struct Glob {
    pattern: Vec<char>,
}

impl Glob {
    /// Reads a pattern; every text is one.
    pub fn new(pattern: &str) -> Glob {
        let mut pattern: Vec<char> = pattern.to_lowercase().chars().collect();
        pattern.dedup_by(|a, b| *a == '*' && *b == '*');
        Glob { pattern }
    }

    /// Whether the whole name matches.
    ///
    /// Only the last star is ever tried again, so that the work is bounded by
    /// pattern × name whatever they hold, and linear in the name in practice.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let (mut at, mut next) = (0, 0);
        // Behind the last star: where the pattern goes on, and where in the name that was tried.
        let mut star: Option<(usize, usize)> = None;
        while let Some(&c) = name.get(at) {
            match (self.pattern.get(next), star) {
                (Some('*'), _) => {
                    next += 1;
                    star = Some((next, at));
                }
                (Some(&p), _) if p == '?' || p == c => {
                    at += 1;
                    next += 1;
                }
                (_, Some((behind, tried))) => {
                    at = tried + 1;
                    next = behind;
                    star = Some((behind, at));
                }
                (_, None) => return false,
            }
        }
        self.pattern.iter().skip(next).all(|c| *c == '*')
    }

    /// The pattern has no wildcard and can mean one name only.
    pub fn is_plain(&self) -> bool {
        !self.pattern.iter().any(|c| matches!(c, '*' | '?'))
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    fn matches(pattern: &str, name: &str) -> bool {
        Glob::new(pattern).matches(name)
    }

    #[test]
    fn stars_and_question_marks_stand_for_text_and_letter_case_does_not_count() {
        for (pattern, name) in [
            ("contoso.com", "Contoso.COM"),
            ("*", ""),
            ("*", "anything at all"),
            ("In from AD - *", "in from ad - User Join"),
            ("*user*join", "In from AD - User Join"),
            ("rule-?cope", "rule-scope"),
            ("a*b*c", "abbbxbc"),
            ("**a**", "xay"),
            ("M?LLER", "Müller"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("contoso.com", "contoso.com.au"),
            ("contoso.com", "contosoxcom"),
            ("?", ""),
            ("", "a"),
            ("a*b", "abc"),
            ("a?c", "ac"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_hostile_pattern_costs_no_more_than_its_size() {
        assert!(!matches(&format!("{}b", "a*".repeat(2_000)), &"a".repeat(5_000)));
    }

    #[test]
    fn a_pattern_without_wildcards_is_plain() {
        assert!(Glob::new("rule-name").is_plain());
        assert!(!Glob::new("rule-*").is_plain() && !Glob::new("rule-?ame").is_plain());
    }
}
