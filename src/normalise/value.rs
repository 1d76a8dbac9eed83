//! One leaf's text becomes a typed value with its canonical form.
//!
//! In: a row and the text. Out: [`Value`]. Must not know: where in a
//! document the leaf stood.

use crate::catalogue::{Facts, Row, ValueKind};
use crate::expression;
use crate::model::{Member, Value, dn, fold_guid};

/// Reads the text of a leaf as the row's kind of value.
pub fn read(row: &Row, raw: &str, facts: &Facts) -> Value {
    let kind = row.value.unwrap_or(ValueKind::Text);
    match kind {
        ValueKind::Expression => expression_value(raw),
        ValueKind::Reference => Value::Reference {
            raw: raw.trim().to_owned(),
            target: None,
        },
        ValueKind::Set | ValueKind::DnSet => Value::Set(member(kind, raw).into_iter().collect()),
        ValueKind::List => Value::List(member(kind, raw).into_iter().collect()),
        ValueKind::CommaSet => Value::Set(raw.split(',').filter_map(|part| member(kind, part)).collect()),
        _ => {
            let canonical = canonical(row, kind, raw, facts);
            Value::Text {
                raw: raw.to_owned(),
                canonical,
            }
        }
    }
}

/// What an absent leaf of this row means.
pub fn absent(row: &Row, facts: &Facts) -> String {
    match &row.absent {
        Some(text) => canonical(row, row.value.unwrap_or(ValueKind::Text), text, facts),
        None => String::new(),
    }
}

/// A member of a set or list; `None` for an empty one. An empty DN is a member: it names the root.
pub fn member(kind: ValueKind, raw: &str) -> Option<Member> {
    let trimmed = raw.trim();
    if trimmed.is_empty() && kind != ValueKind::DnSet {
        return None;
    }
    let canonical = match kind {
        ValueKind::DnSet => dn::canonical(trimmed),
        _ => trimmed.to_lowercase(),
    };
    Some(Member {
        canonical,
        raw: trimmed.to_owned(),
    })
}

fn expression_value(raw: &str) -> Value {
    Value::Expression {
        tokens: expression::without_layout(raw),
        canonical: expression::canonical(raw).ok(),
        raw: raw.to_owned(),
    }
}

fn canonical(row: &Row, kind: ValueKind, raw: &str, facts: &Facts) -> String {
    let trimmed = raw.trim();
    if trimmed.is_empty() || !row.says.something(trimmed) {
        return match &row.absent {
            Some(absent) if absent != raw => canonical(row, kind, absent, facts),
            _ => String::new(),
        };
    }
    let text = row
        .aliases
        .iter()
        .find(|(alias, _)| alias.eq_ignore_ascii_case(trimmed))
        .map_or(trimmed, |(_, meaning)| meaning.as_str());
    match kind {
        ValueKind::Name | ValueKind::Tag => text.to_lowercase(),
        ValueKind::Number => number(text).unwrap_or_else(|| text.to_lowercase()),
        ValueKind::Flag => flag(text).map_or_else(|| text.to_lowercase(), |flag| flag.to_string()),
        ValueKind::Interval => interval(text).map_or_else(|| text.to_lowercase(), |seconds| format!("{seconds} s")),
        ValueKind::Dn => dn::canonical(text),
        ValueKind::Guid => fold_guid(text),
        ValueKind::Thumbprint => thumbprint(text),
        ValueKind::RuleName => rule_name(text, facts),
        ValueKind::Version | ValueKind::Timestamp => text.to_owned(),
        // Exact: what is compared is what was written, line ends aside.
        _ => raw.replace("\r\n", "\n"),
    }
}

/// True, true, 1 are one value; so are False, false, 0.
pub fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A thumbprint as the certificate store shows it: spaces between the bytes, and an invisible mark before them.
fn thumbprint(text: &str) -> String {
    let apart = |c: &char| c.is_whitespace() || matches!(c, ':' | '\u{200e}' | '\u{200f}' | '\u{feff}');
    text.to_lowercase().chars().filter(|c| !apart(c)).collect()
}

/// Whether a text is a number as it is compared by value.
pub fn is_number(text: &str) -> bool {
    number(text).is_some() || text.parse::<f64>().is_ok()
}

/// Whether a text is an interval.
pub fn is_interval(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    // Fractions of a second, which are kept out of the value.
    let whole = text.rsplit_once('.').filter(|(_, part)| digits(part));
    interval(text).is_some() || whole.is_some_and(|(whole, _)| interval(whole).is_some())
}

fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u128::from_str_radix(hex, 16).ok()?,
        None => digits.parse::<u128>().ok()?,
    };
    Some(if value == 0 {
        "0".to_owned()
    } else {
        format!("{sign}{value}")
    })
}

/// Seconds of a TimeSpan `[-][d.]hh:mm[:ss[.fff]]` or of a bare number of days, as .NET reads them; fractions are kept out.
fn interval(text: &str) -> Option<i128> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let parts: Vec<&str> = text.split(':').collect();
    let whole = |text: &str| text.parse::<u64>().ok().map(i128::from);
    let seconds = match parts.as_slice() {
        [days] => whole(days)? * 86_400,
        [first, minutes, rest @ ..] if rest.len() <= 1 => {
            let (days, hours) = match first.split_once('.') {
                Some((days, hours)) => (whole(days)?, whole(hours)?),
                None => (0, whole(first)?),
            };
            let seconds = match rest.first() {
                Some(seconds) => {
                    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
                    if fraction.chars().any(|digit| digit != '0') {
                        return None;
                    }
                    whole(seconds)?
                }
                None => 0,
            };
            days * 86_400 + hours * 3_600 + whole(minutes)? * 60 + seconds
        }
        _ => return None,
    };
    Some(sign * seconds)
}

/// A rule's name without a clone's time stamp, with renames of the service settled, letter case folded.
pub fn rule_name(text: &str, facts: &Facts) -> String {
    let mut name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A clone of a clone carries two stamps; each is followed by a date.
    while let Some(at) = name.rfind(&facts.clone_marker) {
        let stamp = &name[at + facts.clone_marker.len()..];
        if !stamp.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        name.truncate(at);
        name.push_str(facts.clone_marker.trim_end_matches(['-', ' ']));
    }
    let mut name = name.to_lowercase();
    for (from, to) in &facts.name_aliases {
        name = name.replace(&from.to_lowercase(), &to.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn intervals_are_compared_by_length() {
        assert_eq!(
            interval("00:00:00").map(|none| format!("{none} s")).as_deref(),
            Some(crate::model::NO_TIME)
        );
        assert_eq!(interval("7.00:00:00"), interval("7.0:0:0"));
        assert_eq!(interval("7.00:00:00"), Some(604_800));
        assert_eq!(interval("00:30:00"), Some(1_800));
        assert_eq!(interval("00:30"), Some(1_800));
        assert_eq!(interval("7"), Some(604_800));
        assert_eq!(interval("-00:00:01"), Some(-1));
        assert_eq!(interval("soon"), None);
        assert_eq!(interval("00:00:00.5"), None);
    }

    #[test]
    fn thumbprints_are_compared_by_their_digits() {
        assert_eq!(thumbprint("\u{200e}A1 B2 c3"), thumbprint("a1:b2:C3"));
        assert_ne!(thumbprint("a1b2"), thumbprint("a1b3"));
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert_eq!(number("0x10"), number("16"));
        assert_eq!(number("007"), Some("7".to_owned()));
        assert_eq!(number("-0"), Some("0".to_owned()));
        assert_eq!(number("ten"), None);
    }

    #[test]
    fn names_of_clones_and_renamed_services_are_one() {
        let facts = &Catalogue::builtin().facts;
        let base = rule_name("In from AD - User Common - Cloned - 3/14/2026 10:11:12 AM", facts);
        assert_eq!(
            base,
            rule_name("In from AD - User Common - Cloned - 14.03.2026 10:12:00", facts)
        );
        assert_ne!(base, rule_name("In from AD - User Common", facts));
        assert_eq!(
            rule_name("Out to Microsoft Entra ID - User Join", facts),
            rule_name("Out to AAD - User Join", facts)
        );
        assert_ne!(
            rule_name("X - Cloned - mine", facts),
            rule_name("X - Cloned - yours", facts)
        );
    }
}
