//! What a report says, line by line: every entry and every part of one, and
//! whether a line accounts for an edit of a document. Which row an entry has
//! does not matter, as long as it is about the place and shows the values.

use super::edits::{Edit, Kind};
use super::{Compared, places, text};
use serde_json::Value;
use std::collections::BTreeMap;
use syncdrift::catalogue::{Catalogue, ValueKind, ids};

/// An entry of `findings` or `expected`, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub id: String,
    /// Names of the object from the outside in, the setting, the part.
    pub names: Vec<String>,
    pub change: String,
    pub primary: Option<String>,
    pub staging: Option<String>,
    pub reason: String,
}

/// All lines of a report. File names and hashes are no part of a line.
pub fn lines(compared: &Compared) -> Vec<Line> {
    let mut lines = Vec::new();
    for entry in compared.findings().iter().chain(compared.expected()) {
        let mut names: Vec<String> = entry["objectPath"]
            .as_array()
            .expect("a path")
            .iter()
            .map(|name| text(name).to_owned())
            .collect();
        names.push(text(&entry["setting"]).to_owned());
        lines.push(line(entry, names.clone()));
        for part in entry["detail"].as_array().expect("parts") {
            let mut names = names.clone();
            names.push(text(&part["what"]).to_owned());
            lines.push(line(part, names));
        }
    }
    lines
}

fn line(value: &Value, names: Vec<String>) -> Line {
    let side = |key: &str| value[key].as_str().map(str::to_owned);
    Line {
        id: text(&value["id"]).to_owned(),
        names,
        change: text(&value["change"]).to_owned(),
        primary: side("primary"),
        staging: side("staging"),
        reason: text(&value["reason"]).to_owned(),
    }
}

/// Lines of `after` that `before` does not have.
pub fn new(before: &[Line], after: Vec<Line>) -> Vec<Line> {
    let mut known: BTreeMap<&Line, usize> = BTreeMap::new();
    for line in before {
        *known.entry(line).or_default() += 1;
    }
    let mut fresh = Vec::new();
    for line in &after {
        match known.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => fresh.push(line.clone()),
        }
    }
    fresh
}

/// What the tests know about an export beside its text.
pub struct Known {
    /// What a GUID may be shown as.
    pub guids: BTreeMap<String, Vec<String>>,
    /// Staging's name: a value with it stands in staging's documents only, so that no edit shows it as the primary's.
    pub name: String,
}

/// What is missing in the lines that an edit brought; `None` when they account for it.
pub fn missing(edit: &Edit, lines: &[Line], known: &Known) -> Option<String> {
    let about: Vec<&Line> = lines
        .iter()
        .filter(|line| (line.primary != line.staging || line.change == "equal") && names_the_path(line, edit))
        .collect();
    // Numbers of a schema are counted, not listed.
    let counted = |line: &Line| line.reason.contains("place differs") || line.reason.contains("places differ");
    if is_numbering(edit) && lines.iter().any(counted) {
        return None;
    }
    if about.is_empty() {
        return Some("no entry names it".to_owned());
    }
    let flag = edit.path.ends_with("/caseSensitive");
    let shown = |line: &Line, side: &Option<String>, other: &Option<String>, value: &str| {
        shows(line, side, other, value, known) || flag && shows_case(side, value)
    };
    let was = |value: &str| {
        let mut lines = about.iter();
        lines.any(|line| shown(line, &line.primary, &line.staging, value))
    };
    let is = |value: &str| {
        let mut lines = about.iter();
        lines.any(|line| shown(line, &line.staging, &line.primary, value))
    };
    let old = edit.old.as_deref().unwrap_or_default();
    let key = edit.keys.last().and_then(Option::as_deref).unwrap_or_default();
    let own = old.contains(&known.name) || key == "Microsoft.Synchronize.StagingMode";
    let mut olds = old.lines().filter(|line| !line.trim().is_empty()).peekable();
    let gone = match edit.kind {
        _ if own || olds.peek().is_none() => None,
        // What an object held is not listed again, but one of its values names it.
        Kind::RemoveTree if !olds.any(was) => Some(old),
        Kind::Change | Kind::Remove if !was(old) => Some(old),
        _ => None,
    };
    if let Some(old) = gone {
        return Some(format!("the old value {old:?} is not shown"));
    }
    // An object that only one server has is one entry; its name stands for what it holds.
    let added = edit.kind == Kind::Duplicate
        && about.iter().any(|line| {
            let object = places::of(&line.id).is_some_and(|place| !place.read);
            let mut values = edit.beside.iter();
            object && values.any(|value| shown(line, &line.staging, &line.primary, value))
        });
    match edit.new.as_deref() {
        // A pointer to an attribute is shown as the attribute's name.
        Some(new) if edit.path.ends_with("/@ref") && is(new.trim_start_matches('#')) => None,
        Some(new) if !is(new) && !added => Some(format!("the new value {new:?} is not shown")),
        _ => None,
    }
}

/// What is missing in the lines about a secret: one that says that it differs, and nothing of what it was or is.
pub fn missing_secret(edit: &Edit, lines: &[Line]) -> Option<String> {
    let secret = |side: &Option<String>| {
        side.as_ref()
            .is_none_or(|text| text == "(empty)" || text.contains("secret"))
    };
    let about = lines.iter().any(|line| {
        line.primary != line.staging && secret(&line.primary) && secret(&line.staging) && names_the_path(line, edit)
    });
    (!about).then(|| "no entry says that the secret differs".to_owned())
}

/// An id that an export gives to an attribute or class of a connector's schema.
fn is_numbering(edit: &Edit) -> bool {
    edit.path.starts_with("ma-data/schema/") && edit.path.ends_with("/@id")
}

/// The row of the path, a row above it that reads a whole sub-tree, a fact about an object that holds it, or a setting
/// that no row knows and whose name ends like the path.
fn names_the_path(line: &Line, edit: &Edit) -> bool {
    if line.id == ids::UNCATALOGUED {
        let last = edit.path.rsplit('/').find(|step| *step != "text()").unwrap_or_default();
        let own = line.names.iter().any(|name| name.contains(last));
        return own || (edit.path.ends_with("text()") && line.names.iter().any(|name| name.contains("text()")));
    }
    let Some(place) = places::of(&line.id) else {
        return false;
    };
    if edit.kind == Kind::RemoveTree && place.is_below(edit) {
        return true;
    }
    let named = place
        .key(edit)
        .is_none_or(|key| line.names.iter().any(|name| squeezed(name).contains(&squeezed(key))));
    place.holds(edit) && named
}

/// Whether a line shows a value on a side. Where the object is on that side only, its name shows it too.
fn shows(line: &Line, side: &Option<String>, other: &Option<String>, value: &str, known: &Known) -> bool {
    let folded = value.trim().trim_matches(['{', '}']).to_lowercase();
    let mut spellings = vec![squeezed(value)];
    if value.starts_with('{') {
        spellings.push(folded.clone());
    }
    let flag = Catalogue::builtin()
        .row(&line.id)
        .is_some_and(|row| row.value == Some(ValueKind::Flag));
    match folded.as_str() {
        // A flag is shown in one spelling.
        "1" | "true" | "yes" if flag => spellings.push("True".to_owned()),
        "0" | "false" | "no" if flag => spellings.push("False".to_owned()),
        _ => {}
    }
    if let Some(names) = known.guids.get(&folded) {
        spellings.extend(names.iter().map(|name| squeezed(name)));
    }
    let mut texts: Vec<String> = side.iter().map(|text| squeezed(text)).collect();
    if other.is_none() && side.is_some() {
        texts.extend(line.names.iter().map(|name| squeezed(name)));
    }
    spellings
        .iter()
        .any(|value| texts.iter().any(|text| holds_word(text, value)))
}

/// Whether a text holds another that is no part of a longer word, so that a `1` of another number shows nothing.
fn holds_word(text: &str, word: &str) -> bool {
    let inner = |c: Option<char>, end: Option<char>| {
        c.is_some_and(char::is_alphanumeric) && end.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(word).any(|(at, _)| {
        let before = inner(text[..at].chars().next_back(), word.chars().next());
        let after = inner(text[at + word.len()..].chars().next(), word.chars().next_back());
        !before && !after
    })
}

/// A join condition says in words that letter case counts, and nothing where it does not.
fn shows_case(side: &Option<String>, value: &str) -> bool {
    let words = side.as_ref().is_some_and(|text| text.contains("case-sensitive"));
    match value.trim().to_lowercase().as_str() {
        "true" | "1" => words,
        "false" | "0" | "" => !words,
        _ => false,
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
