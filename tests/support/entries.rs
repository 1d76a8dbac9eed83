//! What a report says, line by line: every entry and every part of one, and
//! whether a line accounts for an edit of a rule file.

use super::edits::{Edit, Kind};
use super::{Compared, text};
use serde_json::Value;
use std::collections::BTreeMap;
use syncdrift::catalogue::{Catalogue, ids};

/// An entry of `findings` or `expected`, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub id: String,
    /// Names of the object from the outside in, the setting, the part.
    pub names: Vec<String>,
    pub primary: Option<String>,
    pub staging: Option<String>,
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
        primary: side("primary"),
        staging: side("staging"),
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

/// What is missing in the lines that an edit brought; `None` when they account for it.
pub fn missing(edit: &Edit, lines: &[Line], guids: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let about: Vec<&Line> = lines
        .iter()
        .filter(|line| line.primary != line.staging && names_the_path(line, &edit.path))
        .collect();
    let (old, new) = (edit.old.as_deref(), edit.new.as_deref());
    let flag = edit.path.ends_with("/caseSensitive");
    let shown = |line: &Line, side: &Option<String>, other: &Option<String>, value: &str| {
        shows(line, side, other, value, guids) || flag && shows_case(side, value)
    };
    let was = |value: &str| {
        let mut lines = about.iter();
        lines.any(|line| shown(line, &line.primary, &line.staging, value))
    };
    let is = |value: &str| {
        let mut lines = about.iter();
        lines.any(|line| shown(line, &line.staging, &line.primary, value))
    };
    if about.is_empty() {
        return Some("no entry names it".to_owned());
    }
    if matches!(edit.kind, Kind::Change | Kind::Remove)
        && let Some(old) = old.filter(|old| !old.trim().is_empty())
        && !was(old)
    {
        return Some(format!("the old value {old:?} is not shown"));
    }
    match new {
        Some(new) if !is(new) => Some(format!("the new value {new:?} is not shown")),
        _ => None,
    }
}

/// The row of the path, a row above it that reads a whole sub-tree, a fact about the whole rule or flow,
/// or a setting that no row knows and whose name ends like the path.
fn names_the_path(line: &Line, path: &str) -> bool {
    let catalogue = Catalogue::builtin();
    let Some(row) = catalogue.row(&line.id) else {
        return false;
    };
    if row.id == ids::UNCATALOGUED {
        let last = path.rsplit('/').find(|step| *step != "text()").unwrap_or_default();
        let own = line.names.iter().any(|name| name.contains(last));
        return own || (path.ends_with("text()") && line.names.iter().any(|name| name.contains("text()")));
    }
    let root = match row.object.as_str() {
        "sync-rule" => "synchronizationRule/",
        "attribute-flow" => "synchronizationRule/attribute-mappings/mapping/",
        "pair" => "",
        _ => return false,
    };
    match &row.path {
        None => true,
        Some(row) => {
            let row = format!("{root}{row}");
            path == row || path.strip_prefix(&row).is_some_and(|rest| rest.starts_with('/'))
        }
    }
}

/// Whether a line shows a value on a side. Where the object is on that side only, its name shows it too.
fn shows(
    line: &Line,
    side: &Option<String>,
    other: &Option<String>,
    value: &str,
    guids: &BTreeMap<String, Vec<String>>,
) -> bool {
    let folded = value.trim().trim_matches(['{', '}']).to_lowercase();
    let mut spellings = vec![squeezed(value)];
    if let Some(names) = guids.get(&folded) {
        spellings.extend(names.iter().map(|name| squeezed(name)));
    }
    let mut texts: Vec<String> = side.iter().map(|text| squeezed(text)).collect();
    if other.is_none() && side.is_some() {
        texts.extend(line.names.iter().map(|name| squeezed(name)));
    }
    spellings
        .iter()
        .any(|value| texts.iter().any(|text| text.contains(value)))
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
