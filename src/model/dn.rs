//! Distinguished names in one spelling.
//!
//! In: a DN as written. Out: the form that is compared (letter case folded,
//! no blanks around separators, one way of escaping) and its components from
//! the root outwards. Must not know: OU scope.

/// The canonical spelling of a DN. Text that is no DN comes back folded.
pub fn canonical(text: &str) -> String {
    components(text).join(",")
}

/// Canonical components from the root outwards (`dc=com`, `dc=contoso`, `ou=sales`); `None` for text that is no DN.
pub fn path(text: &str) -> Option<Vec<String>> {
    let mut path = components(text);
    path.reverse();
    let named = |component: &String| {
        let parts = component.split_once('=');
        parts.is_some_and(|(kind, value)| !kind.is_empty() && !value.is_empty())
    };
    path.iter().all(named).then_some(path)
}

/// Canonical components from the innermost outwards, with `\2C` and `\,` written alike.
fn components(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let Some(part) = parts.last_mut() else { break };
        match c {
            ',' => parts.push(String::new()),
            '\\' => match hex_pair(rest) {
                Some(byte) if byte.is_ascii() && !byte.is_ascii_control() => {
                    // Only where a character would mean something else is its escape kept.
                    if !byte.is_ascii_alphanumeric() {
                        part.push('\\');
                    }
                    part.push(char::from(byte));
                    rest = &rest[2..];
                }
                _ => {
                    part.push('\\');
                    if let Some(next) = rest.chars().next() {
                        part.push(next);
                        rest = &rest[next.len_utf8()..];
                    }
                }
            },
            _ => part.push(c),
        }
    }
    parts
        .iter()
        .map(|component| match component.split_once('=') {
            Some((kind, value)) => format!("{}={}", kind.trim(), trimmed(value)),
            None => trimmed(component).to_owned(),
        })
        .map(|component| component.to_lowercase())
        .collect()
}

/// Without the blanks around it; an escaped blank at the end belongs to the value.
fn trimmed(text: &str) -> &str {
    let text = text.trim_start();
    let short = text.trim_end();
    let escapes = short.chars().rev().take_while(|&c| c == '\\').count();
    match text[short.len()..].chars().next() {
        Some(blank) if escapes % 2 == 1 => &text[..short.len() + blank.len_utf8()],
        _ => short,
    }
}

/// A DN without its first components, and the first one that is left, both as written.
pub fn above(text: &str, components: usize) -> (&str, &str) {
    let mut rest = text;
    for _ in 0..components {
        rest = first(rest).1.trim_start();
    }
    (rest, first(rest).0.trim_end())
}

/// The first component and what follows its comma.
fn first(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    (text, "")
}

fn hex_pair(text: &str) -> Option<u8> {
    let pair = text.get(..2)?;
    if pair.chars().all(|c| c.is_ascii_hexdigit()) {
        u8::from_str_radix(pair, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{above, canonical, path};

    #[test]
    fn the_container_above_is_spelled_as_its_child_spells_it() {
        let dn = "OU=a\\,b, ou=C,DC=x";
        assert_eq!(above(dn, 0), (dn, "OU=a\\,b"));
        assert_eq!(above(dn, 1), ("ou=C,DC=x", "ou=C"));
        assert_eq!(above(dn, 2), ("DC=x", "DC=x"));
        assert_eq!(above(dn, 9), ("", ""));
    }

    #[test]
    fn spelling_does_not_count_and_meaning_does() {
        assert_eq!(
            canonical("OU=Sales, DC=contoso , DC=com"),
            canonical("ou=sales,dc=Contoso,dc=com")
        );
        assert_eq!(canonical(r"OU=A\,B,DC=x"), canonical(r"ou=a\2CB,dc=x"));
        assert_ne!(canonical(r"OU=A\,B,DC=x"), canonical("OU=A,OU=B,DC=x"));
        assert_ne!(canonical("OU=A,DC=x"), canonical("OU=B,DC=x"));
        assert_eq!(canonical("default"), "default");
        assert_eq!(canonical("OU=ends\\"), "ou=ends\\");
    }

    #[test]
    fn an_escaped_blank_is_part_of_the_name_and_swallows_no_comma() {
        assert_ne!(canonical(r"OU=A\ ,DC=x"), canonical(r"OU=A\,DC=x"));
        assert_eq!(canonical(r"OU=A\ ,DC=x"), canonical(r"ou=a\20 , dc=x"));
        assert_ne!(canonical(r"OU=A\ ,DC=x"), canonical("OU=A,DC=x"));
    }

    #[test]
    fn canonical_spelling_stays_when_it_is_read_again() {
        for text in [
            r"OU=\3231,DC=x",
            r"OU=\4131 \2C,DC=x",
            r"OU=A\ ,DC=x",
            r"OU=\0ACNF:1,DC=x",
            "ou= ,\\",
        ] {
            let once = canonical(text);
            assert_eq!(canonical(&once), once, "{text}");
        }
    }

    #[test]
    fn a_path_begins_at_the_root_and_other_text_has_none() {
        let sales = path("OU=Sales, DC=Contoso,DC=com").unwrap();
        assert_eq!(sales, ["dc=com", "dc=contoso", "ou=sales"]);
        assert_eq!(path(r"OU=A\,B,DC=x").unwrap(), ["dc=x", r"ou=a\,b"]);
        for text in ["", "default", "OU=,DC=x", "OU=A,,DC=x", "=A", "OU=A,"] {
            assert_eq!(path(text), None, "{text:?}");
        }
    }
}
