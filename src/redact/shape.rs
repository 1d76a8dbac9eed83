//! Names that their shape gives away: identifiers and network addresses.
//!
//! In: a place in a text. Out: how long such a name is and what it is,
//! whatever its spelling. Must not know: masks, settings.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A name recognised by its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shaped {
    /// Characters it takes.
    pub(super) length: usize,
    /// What masks of its kind are called.
    pub(super) word: &'static str,
    /// The same for every spelling.
    pub(super) key: String,
}

/// What directory extensions are called before the identifier of their application.
const EXTENSION: &str = "extension_";
/// Groups of a GUID.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
/// Words before a number that is no address, without the first letter.
const VERSIONS: [&str; 2] = ["ersion", "uild"];
/// How far before a number they may stand.
const NEAR: usize = 12;

/// The identifier or address that begins here; none that are the same for every customer.
pub(super) fn at(chars: &[char], at: usize) -> Option<Shaped> {
    identifier(chars, at)
        .or_else(|| security(chars, at))
        .or_else(|| address(chars, at))
        .or_else(|| long_address(chars, at))
}

/// A GUID without its brackets.
pub(super) fn guid_key(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_hexdigit)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// A GUID, or 32 digits of one in the name of a directory extension.
fn identifier(chars: &[char], at: usize) -> Option<Shaped> {
    let length = guid(chars, at).or_else(|| extension(chars, at))?;
    if chars.get(at + length).is_some_and(|next| next.is_alphanumeric()) {
        return None;
    }
    let text: String = chars.get(at..at + length)?.iter().collect();
    let key = guid_key(&text);
    // All zeros: nothing is named.
    key.bytes().any(|byte| byte != b'0').then_some(Shaped {
        length,
        word: "id",
        key,
    })
}

/// The security identifier of an account of a domain, a computer or a tenant; those of Windows are everybody's.
fn security(chars: &[char], at: usize) -> Option<Shaped> {
    const OWN: [&str; 2] = ["S-1-5-21-", "S-1-12-1-"];
    OWN.iter().find(|own| {
        let start = chars.get(at..at + own.len()).unwrap_or_default();
        start.iter().collect::<String>().eq_ignore_ascii_case(own)
    })?;
    let part = |c: &&char| c.is_ascii_digit() || **c == '-';
    let digits: String = chars.get(at + 1..)?.iter().take_while(part).collect();
    let key = format!("s{}", digits.trim_end_matches('-'));
    Some(Shaped {
        length: key.len(),
        word: "sid",
        key,
    })
}

/// 32 digits that may be those of a GUID.
pub(super) fn digits(chars: &[char], at: usize) -> Option<Shaped> {
    const ALL: usize = 32;
    let text: String = chars.get(at..at + ALL)?.iter().collect();
    let next = chars.get(at + ALL);
    let alone = text.bytes().all(|byte| byte.is_ascii_hexdigit()) && !next.is_some_and(|next| next.is_alphanumeric());
    alone.then(|| Shaped {
        length: ALL,
        word: "id",
        key: guid_key(&text),
    })
}

/// The keys of the GUIDs in a text.
pub(super) fn guids(text: &str) -> Vec<String> {
    const LENGTH: usize = 36;
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words
        .filter(|word| word.len() == LENGTH)
        .filter(|word| guid(&word.chars().collect::<Vec<_>>(), 0) == Some(LENGTH))
        .map(guid_key)
        .collect()
}

/// The components `dc=a,dc=b` of a DN that begin here: characters and text without blanks, of the first, the first two …
pub(super) fn domains(folded: &[char], at: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut text = String::new();
    let blanks = |mut here: usize| {
        while folded.get(here) == Some(&' ') {
            here += 1;
        }
        here
    };
    let mut here = at;
    loop {
        if folded.get(here..here + 2) != Some(&['d', 'c']) {
            return found;
        }
        let equals = blanks(here + 2);
        if folded.get(equals) != Some(&'=') {
            return found;
        }
        let start = blanks(equals + 1);
        let part = |c: &&char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let label: String = folded
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(part)
            .collect();
        if label.is_empty() {
            return found;
        }
        let end = start + label.chars().count();
        text.push_str(if text.is_empty() { "dc=" } else { ",dc=" });
        text.push_str(&label);
        found.push((end - at, text.clone()));
        let comma = blanks(end);
        if folded.get(comma) != Some(&',') {
            return found;
        }
        here = blanks(comma + 1);
    }
}

fn guid(chars: &[char], at: usize) -> Option<usize> {
    let mut here = at;
    for (index, group) in GROUPS.into_iter().enumerate() {
        if index > 0 {
            (chars.get(here) == Some(&'-')).then_some(())?;
            here += 1;
        }
        let digits = chars.get(here..here + group)?;
        digits.iter().all(char::is_ascii_hexdigit).then_some(())?;
        here += group;
    }
    Some(here - at)
}

fn extension(chars: &[char], at: usize) -> Option<usize> {
    let before = chars.get(at.checked_sub(EXTENSION.len())?..at)?;
    let named = before.iter().map(char::to_ascii_lowercase).eq(EXTENSION.chars());
    let digits = chars.get(at..at + 32)?;
    (named && digits.iter().all(char::is_ascii_hexdigit)).then_some(32)
}

/// The longest run of such characters, without the dots or colons of a sentence.
fn run(chars: &[char], at: usize, part: impl Fn(char) -> bool) -> Option<String> {
    let run: String = chars.get(at..)?.iter().take(64).take_while(|c| part(**c)).collect();
    let own = run
        .strip_suffix("::")
        .map_or_else(|| run.trim_end_matches(['.', ':']), |_| &run);
    let next = chars.get(at + own.len());
    (!next.is_some_and(|next| next.is_alphanumeric())).then(|| own.to_owned())
}

/// `10.1.2.3`, unless it is the number of a version.
fn address(chars: &[char], at: usize) -> Option<Shaped> {
    if at > 0 && (chars[at - 1] == '.' || chars[at - 1].is_alphanumeric()) {
        return None;
    }
    let text = run(chars, at, |c| c.is_ascii_digit() || c == '.')?;
    let address: Ipv4Addr = text.parse().ok()?;
    let first = address.octets()[0];
    let public = address.is_loopback() || matches!(first, 0 | 255);
    let before: String = chars[at.saturating_sub(NEAR)..at].iter().collect();
    let version = VERSIONS.iter().any(|word| before.to_lowercase().contains(word));
    (!public && !version).then(|| Shaped {
        length: text.len(),
        word: "address",
        key: text.clone(),
    })
}

/// `2001:db8::7`; a colon pair alone is code.
fn long_address(chars: &[char], at: usize) -> Option<Shaped> {
    if at > 0 && (chars[at - 1].is_alphanumeric() || matches!(chars[at - 1], ':' | ']' | '.')) {
        return None;
    }
    let text = run(chars, at, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'))?;
    let address: Ipv6Addr = text.parse().ok()?;
    let plain = address.is_loopback() || address.is_unspecified() || !text.bytes().any(|byte| byte.is_ascii_digit());
    (!plain).then(|| Shaped {
        length: text.len(),
        word: "address",
        key: address.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Shaped, at};

    fn keys(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        let mut here = 0;
        while here < chars.len() {
            let begins = here == 0 || !(chars[here - 1].is_alphanumeric() && chars[here].is_alphanumeric());
            match at(&chars, here).filter(|_| begins) {
                Some(Shaped { length, key, .. }) => {
                    found.push(key);
                    here += length;
                }
                None => here += 1,
            }
        }
        found
    }

    #[test]
    fn identifiers_and_addresses_in_every_spelling() {
        assert_eq!(
            keys("{AE4D1F00-0000-4000-8000-00000000000A} extension_ae4d1f0000004000800000000000000a_x"),
            ["ae4d1f0000004000800000000000000a"; 2]
        );
        assert_eq!(
            keys("10.1.2.3:443, https://192.168.0.9/x. On 10.1.2.4."),
            ["10.1.2.3", "192.168.0.9", "10.1.2.4"]
        );
        assert_eq!(
            keys("[2001:DB8::7]:389 fe80::1%4, 2001:db8:0:0:0:0:0:7"),
            ["2001:db8::7", "fe80::1", "2001:db8::7"]
        );
    }

    #[test]
    fn security_identifiers_of_domains() {
        assert_eq!(
            keys("S-1-5-21-1004336348-1177238915-682003330-512, s-1-12-1-5-6-7-8; S-1-5-18 S-1-5-32-544"),
            ["s-1-5-21-1004336348-1177238915-682003330-512", "s-1-12-1-5-6-7-8"]
        );
    }

    #[test]
    fn what_everybody_has_is_no_name() {
        for text in [
            "build 2.6.92.0",
            "Version=6.0.0.0, Culture=neutral",
            "1.2.840.113556.1.4.803",
            "127.0.0.1 and 255.255.255.0 and ::1",
            "12:30:15 2026-11-21T12:30:15Z",
            "[Convert]::FromBase64String [x]::Add(1)",
            "00000000-0000-0000-0000-000000000000",
            "6C1E4340142D4906B50004CC0F450305",
            "256.1.1.1 1.2.3",
        ] {
            assert_eq!(keys(text), Vec::<String>::new(), "{text}");
        }
    }
}
