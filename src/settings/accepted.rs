//! `accepted.toml`: drift that its owners accept until a date.
//!
//! In: the file's bytes. Out: [`Accepted`], every entry complete. Must not
//! know: which findings there are, what day it is.

use super::{Problem, SettingsError, pattern, problem, text};
use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::{Spanned, Value};

/// How an entry is written, for errors of the format itself.
const SHAPE: &str = "an entry is [[accept]] with fingerprint (or id and object), reason, owner and expires";

/// A file of accepted drift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The file as given.
    pub file: String,
    /// SHA-256 as `Get-FileHash` prints it.
    pub sha256: String,
    /// Entries in the order of the file.
    pub entries: Vec<Acceptance>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Line of its `[[accept]]`, from 1.
    pub line: u32,
    /// What it accepts.
    pub target: Target,
    /// Hash of both values, when only these values are accepted.
    pub values: Option<String>,
    /// Glob over the names of pairs to which it is limited.
    pub pair: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepts it.
    pub owner: String,
    /// Where that was decided.
    pub ticket: Option<String>,
    /// Last day on which it holds, UTC.
    pub expires: Date,
}

/// What an entry accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One finding.
    Fingerprint(String),
    /// Findings by globs.
    Named {
        /// Over the finding's id.
        id: String,
        /// Over the object's name or path.
        object: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    accept: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: Option<Spanned<String>>,
    id: Option<Spanned<String>>,
    object: Option<Spanned<String>>,
    values: Option<Spanned<String>>,
    pair: Option<Spanned<String>>,
    reason: Option<Spanned<String>>,
    owner: Option<Spanned<String>>,
    ticket: Option<Spanned<String>>,
    expires: Option<Spanned<Value>>,
}

impl Accepted {
    /// Reads a file; `name` is what errors call it.
    ///
    /// # Errors
    /// Every entry that is incomplete, or the first place that is no TOML or has an unknown key.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Accepted, SettingsError> {
        let fail = |problems| SettingsError {
            file: name.to_owned(),
            problems,
        };
        let text = text(bytes).map_err(|problem| fail(vec![problem]))?;
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let what = format!("{}; {SHAPE}", error.message().trim().replace('\n', ", "));
            fail(vec![problem(text, at, what)])
        })?;
        let mut reader = Reader {
            text,
            problems: Vec::new(),
        };
        let entries = file
            .accept
            .into_iter()
            .filter_map(|entry| reader.entry(entry))
            .collect();
        if !reader.problems.is_empty() {
            reader.problems.sort_by_key(|problem| (problem.line, problem.column));
            return Err(fail(reader.problems));
        }
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(Accepted {
            file: name.to_owned(),
            sha256,
            entries,
        })
    }
}

/// Reads entries and collects what is wrong with them.
struct Reader<'t> {
    text: &'t str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// An entry, or `None` after noting each of its problems.
    fn entry(&mut self, entry: Spanned<Entry>) -> Option<Acceptance> {
        let at = entry.span().start;
        let entry = entry.into_inner();
        let spans = [("id", &entry.id), ("object", &entry.object), ("pair", &entry.pair)];
        let unsupported: Vec<(usize, String)> = spans
            .into_iter()
            .filter_map(|(key, value)| {
                let value = value.as_ref()?;
                let what = pattern::unsupported(value.get_ref())?;
                Some((value.span().start, format!("{key}: {what}")))
            })
            .collect();
        for (at, what) in unsupported {
            self.note(at, what);
        }
        let fingerprint = self.filled("fingerprint", entry.fingerprint);
        let id = self.filled("id", entry.id);
        let object = self.filled("object", entry.object);
        let values = self.filled("values", entry.values);
        let pair = self.filled("pair", entry.pair);
        let reason = self.filled("reason", entry.reason);
        let owner = self.filled("owner", entry.owner);
        let ticket = self.filled("ticket", entry.ticket);
        let expires = self.date(entry.expires);
        let target = self.target(at, [fingerprint, id, object]);
        let reason = self.mandatory(at, reason, "reason", "reason = \"why the difference may stay\"");
        let owner = self.mandatory(at, owner, "owner", "owner = \"who answers for it\"");
        let expires = self.mandatory(at, expires, "expires", "expires = 2027-03-31, its last day");
        Some(Acceptance {
            line: problem(self.text, at, "").line,
            target: target?,
            values: values.flatten().map(|values| values.to_lowercase()),
            pair: pair.flatten(),
            reason: reason?,
            owner: owner?,
            ticket: ticket.flatten(),
            expires: expires?,
        })
    }

    fn note(&mut self, at: usize, what: impl Into<String>) {
        self.problems.push(problem(self.text, at, what));
    }

    /// `Some(None)` when the key is absent, `None` when it is empty, which is noted.
    fn filled(&mut self, key: &str, value: Option<Spanned<String>>) -> Option<Option<String>> {
        let Some(value) = value else {
            return Some(None);
        };
        let text = value.get_ref().trim();
        if text.is_empty() {
            self.note(
                value.span().start,
                format!("{key} is empty; fill it in{}", or_remove(key)),
            );
            return None;
        }
        Some(Some(text.to_owned()))
    }

    /// The value of a key that must be there.
    fn mandatory<T>(&mut self, at: usize, value: Option<Option<T>>, key: &str, example: &str) -> Option<T> {
        let value = value?;
        if value.is_none() {
            self.note(at, format!("this entry has no {key}; add {example}"));
        }
        value
    }

    fn date(&mut self, value: Option<Spanned<Value>>) -> Option<Option<Date>> {
        let Some(value) = value else {
            return Some(None);
        };
        let date = match value.get_ref() {
            Value::Datetime(time) if time.time.is_none() && time.offset.is_none() => time.date,
            _ => None,
        };
        let date = date.and_then(|date| {
            let year = i16::try_from(date.year).ok()?;
            let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
            Date::new(year, month, day).ok()
        });
        if date.is_none() {
            let empty = value.get_ref().as_str().is_some_and(|text| text.trim().is_empty());
            let what = if empty { "is empty" } else { "is no date" };
            self.note(
                value.span().start,
                format!(
                    "expires {what}; write the last day without quotes and without a time, as in expires = 2027-03-31"
                ),
            );
            return None;
        }
        Some(date)
    }

    /// The target from fingerprint, id and object.
    fn target(&mut self, at: usize, keys: [Option<Option<String>>; 3]) -> Option<Target> {
        let [fingerprint, id, object] = keys;
        match (fingerprint?, id?, object?) {
            (Some(fingerprint), None, None) => Some(Target::Fingerprint(fingerprint.to_lowercase())),
            (None, Some(id), Some(object)) => Some(Target::Named { id, object }),
            (Some(_), _, _) => {
                self.note(
                    at,
                    "this entry has a fingerprint and an id or object; keep the fingerprint alone, or id and object",
                );
                None
            }
            (None, Some(_), None) => {
                self.note(
                    at,
                    "this entry has an id and no object; add object = \"…\" (\"*\" is every object)",
                );
                None
            }
            (None, None, _) => {
                self.note(
                    at,
                    "this entry does not say what it accepts; add the finding's fingerprint, or id and object",
                );
                None
            }
        }
    }
}

fn or_remove(key: &str) -> &'static str {
    match key {
        "reason" | "owner" => "",
        _ => " or remove the line",
    }
}

#[cfg(test)]
#[path = "accepted_tests.rs"]
mod tests;
