//! `tenant.json`: what an operator says of the tenant.
//!
//! In: the file. Out: a witness for every server, or the first thing in it that
//! is not as its schema says, with file, line and key. Must not know: what the
//! servers say.

use super::normalise;
use crate::catalogue::{Catalogue, Row, ValueKind};
use crate::intake::{self, Document, Intake, Json, JsonValue, Limits, item};
use crate::model::{Configuration, Object, SourceFile, on_one_line};
use std::io::Read;
use std::path::Path;

/// Id of the item that the file is read as.
const ITEM: &str = "tenant";
/// Schema of the file.
const SCHEMA: &str = "syncdrift.tenant/1";
/// Its key in the file; the only one that must be there.
const KEY: &str = "schema";
/// No such file has more bytes.
const LARGEST: u64 = 4 << 20;

/// A file that says nothing of a tenant.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", on_one_line(file), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct TenantError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: Option<u32>,
    /// What is wrong, with the key.
    pub problem: String,
}

/// Facts of a tenant.
#[derive(Debug, Clone)]
pub struct Tenant {
    file: SourceFile,
    facts: Vec<Object>,
}

impl Tenant {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, or something in it is not as its schema says.
    pub fn read(path: &Path, catalogue: &'static Catalogue, limits: &Limits) -> Result<Tenant, TenantError> {
        let file = path.display().to_string();
        let failed = |problem: String, line| TenantError {
            file: file.clone(),
            line,
            problem,
        };
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
            .map_err(|error| failed(format!("the file cannot be read: {error}"), None))?;
        if bytes.len() as u64 > LARGEST {
            return Err(failed(format!("the file has more than {LARGEST} bytes"), None));
        }
        let text = intake::decode(&bytes).map_err(|error| failed(error.problem, Some(error.line)))?;
        let json = Json::parse(&text, limits).map_err(|error| failed(error.problem, Some(error.line)))?;
        check(catalogue, &json).map_err(|(problem, line)| failed(problem, Some(line)))?;
        let source = SourceFile {
            path: file.clone(),
            sha256: intake::sha256(&bytes),
            bytes: bytes.len() as u64,
        };
        let input = Intake {
            files: vec![source.clone()],
            documents: vec![Document::said(0, ITEM, intake::as_item(&text))],
            ..Intake::default()
        };
        Ok(Tenant {
            file: source,
            facts: normalise(input, catalogue, limits).witnesses,
        })
    }

    /// Holds the facts against a server.
    pub fn say(&self, server: &mut Configuration) {
        let file = server.files.len();
        server.files.push(self.file.clone());
        let before = server.witnesses.len();
        server.witnesses.extend(self.facts.iter().cloned().map(|mut fact| {
            fact.location.file = file;
            fact.parent = fact.parent.map(|parent| parent + before);
            fact.settings
                .values_mut()
                .for_each(|setting| setting.location.file = file);
            fact
        }));
    }
}

/// The first thing in the file that is not as its schema says.
fn check(catalogue: &Catalogue, json: &Json) -> Result<(), (String, u32)> {
    let kind = catalogue.of_document(&item::root_of(ITEM));
    let own = |row: &&Row| kind.is_some_and(|kind| kind.kind == row.object);
    let rows: Vec<&Row> = catalogue.rows.iter().filter(own).collect();
    below(&rows, json, "")?;
    match json.get(KEY) {
        Some(_) => Ok(()),
        None => Err((
            format!("the key {KEY:?} is missing; write \"{KEY}\": \"{SCHEMA}\""),
            json.line,
        )),
    }
}

/// The first thing that no row of the tenant reads so.
fn below(rows: &[&Row], json: &Json, path: &str) -> Result<(), (String, u32)> {
    let wrong = |problem: String| Err((problem, json.line));
    let inside = |path: &str| rows.iter().any(|row| within(row.path.as_deref(), path));
    let is_here = |row: &&&Row| row.path.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(path));
    if let Some(row) = rows.iter().find(is_here) {
        return leaf(row, json, path).map_or(Ok(()), |words| wrong(format!("the key {path:?} must be {words}")));
    }
    match &json.value {
        JsonValue::Table(fields) if path.is_empty() || inside(path) => fields.iter().try_for_each(|(key, value)| {
            let next = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}/{key}")
            };
            below(rows, value, &next)
        }),
        JsonValue::List(list) if inside(&format!("{path}[]")) => list
            .iter()
            .try_for_each(|value| below(rows, value, &format!("{path}[]"))),
        _ if path.is_empty() => wrong("a table in braces is expected".to_owned()),
        _ if inside(path) => wrong(format!("the key {path:?} must be a table")),
        _ if inside(&format!("{path}[]")) => wrong(format!("the key {path:?} must be a list")),
        _ => wrong(format!(
            "the key {path:?} is unknown; see `syncdrift explain --list` for tenant-…"
        )),
    }
}

/// What a value must be and is not.
fn leaf(row: &Row, json: &Json, path: &str) -> Option<String> {
    let words = match (&json.value, row.value) {
        (JsonValue::Text(text), _) if path.eq_ignore_ascii_case(KEY) => {
            return (text != SCHEMA).then(|| format!("{SCHEMA:?}, not {text:?}"));
        }
        (JsonValue::Null, _) if !path.eq_ignore_ascii_case(KEY) => return None,
        (JsonValue::Flag(_), Some(ValueKind::Flag)) => return None,
        (JsonValue::Number(number), Some(ValueKind::Number)) if number.parse::<u64>().is_ok() => return None,
        (JsonValue::Text(text), Some(ValueKind::Timestamp)) if is_time(text) => return None,
        (_, Some(ValueKind::Flag)) => "true or false",
        (_, Some(ValueKind::Number)) => "a whole number, 0 or more",
        (_, Some(ValueKind::Timestamp)) => "a day or a time as ISO 8601 writes it, such as 2026-11-20",
        (JsonValue::Text(_), _) => return None,
        _ => "a text",
    };
    Some(words.to_owned())
}

/// Whether a text is a day, or a moment.
fn is_time(text: &str) -> bool {
    let day = text
        .parse::<jiff::civil::Date>()
        .is_ok_and(|day| day.to_string() == text);
    let local = || text.contains('T') && text.parse::<jiff::civil::DateTime>().is_ok();
    day || local() || text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether a row reads below a path.
fn within(row: Option<&str>, path: &str) -> bool {
    let rest = row.and_then(|row| {
        row.get(path.len()..)
            .filter(|_| row[..path.len()].eq_ignore_ascii_case(path))
    });
    rest.is_some_and(|rest| rest.starts_with('/'))
}
