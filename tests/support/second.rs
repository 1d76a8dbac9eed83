//! A second server made of a first one: its configuration is the same, and
//! whatever every server has of its own is another.

use super::export::ENTRA;
use super::files::Files;
use std::collections::BTreeSet;

/// What a second server has of its own: identifiers, times, counters, accounts, its name, its mode.
pub fn second_server(first: &Files) -> Files {
    let mut files = first.clone();
    let guids: BTreeSet<String> = first.texts.values().flat_map(|text| own_guids(text)).collect();
    let texts = std::mem::take(&mut files.texts);
    files.texts = texts
        .into_iter()
        .map(|(path, text)| (with_other_guids(&path, &guids), with_other_guids(&text, &guids)))
        .collect();
    for text in files.texts.values_mut() {
        for name in ["creation-time", "last-modification-time", "modified-timestamp"] {
            *text = between(text, &format!("<{name}>"), "<", |_| {
                "2026-10-09 08:07:06.543".to_owned()
            });
        }
        for name in ["version", "internal-version"] {
            *text = between(text, &format!("<{name}>"), "<", |old| {
                old.parse::<u64>()
                    .map_or_else(|_| old.to_owned(), |number| (number + 17).to_string())
            });
        }
        for name in ["cookie", "water-mark", "last-dc"] {
            *text = between(text, &format!("<{name}>"), "<", |old| format!("OTHER{old}"));
        }
        for name in ["cookie", "last-dc"] {
            *text = parameter(text, name, |old| {
                if old.is_empty() {
                    String::new()
                } else {
                    format!("OTHER{old}")
                }
            });
        }
        for name in ["ApplicationId", "CertificateId"] {
            *text = parameter(text, name, |old| old.chars().map(other_digit).collect());
        }
        *text = parameter(text, "Microsoft.Synchronize.NextStartTime", |_| {
            "Fri, 09 Oct 2026 08:07:06 GMT".to_owned()
        });
        *text = parameter(text, "Microsoft.Synchronize.StagingMode", |_| "True".to_owned());
        *text = between(text, "MSOL_", "<", other_account);
        for quote in ["'", "\""] {
            *text = between(text, &format!("export-date={quote}"), quote, |old| {
                format!("{}123", &old[..old.len() - 3])
            });
        }
    }
    let name = server_name(first);
    for text in files.texts.values_mut() {
        *text = between(text, &format!("Sync_{name}_"), "@", |old| {
            old.chars().map(other_digit).collect()
        });
    }
    files.replace(&name, &format!("{name}B"));
    files
}

/// Name of the server whose export this is.
pub fn server_name(files: &Files) -> String {
    for text in files.texts.values() {
        if let Ok(document) = roxmltree::Document::parse(text)
            && let Some(name) = document.root_element().attribute("server")
        {
            return name.to_owned();
        }
    }
    panic!("no file names the server");
}

/// Identifiers that an export's `id` elements give.
fn own_guids(text: &str) -> Vec<String> {
    let zero = "00000000-0000-0000-0000-000000000000";
    text.match_indices("id>{")
        .filter_map(|(at, found)| text.get(at + found.len()..at + found.len() + 36))
        .map(str::to_lowercase)
        .filter(|guid| guid != ENTRA && guid != zero)
        .collect()
}

fn with_other_guids(text: &str, guids: &BTreeSet<String>) -> String {
    let mut out = text.to_owned();
    let folded = text.to_ascii_lowercase();
    for guid in guids {
        for (at, _) in folded.match_indices(guid.as_str()) {
            let other: String = out[at..at + 36].chars().map(other_digit).collect();
            out.replace_range(at..at + 36, &other);
        }
    }
    out
}

/// Another number of an account; other text stays, for names begin like an account, too.
fn other_account(number: &str) -> String {
    if number.len() == 12 && number.chars().all(|c| c.is_ascii_hexdigit()) {
        number.chars().map(other_digit).collect()
    } else {
        number.to_owned()
    }
}

/// Another hexadecimal digit of the same letter case.
fn other_digit(c: char) -> char {
    match c.to_digit(16) {
        Some(digit) => {
            let other = char::from_digit((digit + 5) % 16, 16).unwrap_or(c);
            if c.is_ascii_uppercase() || c.is_ascii_digit() && other.is_ascii_digit() {
                other.to_ascii_uppercase()
            } else {
                other
            }
        }
        None => c,
    }
}

/// Replaces what stands between two texts, everywhere.
fn between(text: &str, open: &str, close: &str, edit: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let (before, after) = rest.split_at(at + open.len());
        out.push_str(before);
        let end = after.find(close).unwrap_or(after.len());
        out.push_str(&edit(&after[..end]));
        rest = &after[end..];
    }
    out + rest
}

/// Replaces the text of a parameter.
pub fn parameter(text: &str, name: &str, edit: impl Fn(&str) -> String) -> String {
    between(
        text,
        &format!("<parameter name=\"{name}\""),
        "</parameter>",
        |old| match old.split_once('>') {
            Some((attributes, value)) => format!("{attributes}>{}", edit(value)),
            None => old.to_owned(),
        },
    )
}
