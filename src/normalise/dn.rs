//! Distinguished names in one spelling.
//!
//! In: a DN as written. Out: the form that is compared: letter case folded,
//! no blanks around separators, one way of escaping. Must not know: OU scope.

/// The canonical spelling of a DN. Text that is no DN comes back folded.
pub fn canonical(text: &str) -> String {
    components(text)
        .iter()
        .map(|component| match component.split_once('=') {
            Some((kind, value)) => format!("{}={}", kind.trim(), value.trim()),
            None => component.trim().to_owned(),
        })
        .collect::<Vec<_>>()
        .join(",")
        .to_lowercase()
}

/// Components from the innermost outwards, with `\2C` and `\,` written alike.
fn components(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text.trim();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let Some(part) = parts.last_mut() else { break };
        match c {
            ',' => parts.push(String::new()),
            '\\' => match hex_pair(rest) {
                Some(byte) if byte.is_ascii() && !byte.is_ascii_control() => {
                    part.push('\\');
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
    use super::canonical;

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
}
