//! `tenant.json`: what an operator says of the tenant.
//!
//! In: the file. Out: a witness for every server, or the first thing in it that
//! is not as its schema says, with file, line and key. Must not know: what the
//! servers say.

use super::normalise;
use crate::catalogue::{Catalogue, ValueKind};
use crate::intake::{self, Document, Intake, Json, JsonValue, Limits, item};
use crate::model::{Configuration, Object, SourceFile, on_one_line};
use std::io::Read;
use std::path::Path;

/// Id of the item that the file is read as.
const ITEM: &str = "tenant";
/// Schema of the file.
const SCHEMA: &str = "syncdrift.tenant/1";
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
        check(catalogue, &json, "").map_err(|(problem, line)| failed(problem, Some(line)))?;
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

/// The first thing that no row of the tenant reads so.
fn check(catalogue: &Catalogue, json: &Json, path: &str) -> Result<(), (String, u32)> {
    let root = item::root_of(ITEM);
    let kind = catalogue.of_document(&root);
    let own = |row: &&crate::catalogue::Row| kind.is_some_and(|kind| kind.kind == row.object);
    let rows = || catalogue.rows.iter().filter(own);
    let wrong = |problem: String| Err((problem, json.line));
    let inside = |path: &str| rows().any(|row| within(row.path.as_deref(), path));
    if let Some(row) = rows().find(|row| row.path.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(path))) {
        return match (&json.value, row.value) {
            (JsonValue::Null | JsonValue::Flag(_), Some(ValueKind::Flag)) => Ok(()),
            (JsonValue::Null | JsonValue::Number(_), Some(ValueKind::Number)) => Ok(()),
            (_, Some(ValueKind::Flag)) => wrong(format!("the key {path:?} must be true or false")),
            (_, Some(ValueKind::Number)) => wrong(format!("the key {path:?} must be a number")),
            (JsonValue::Text(text), _) if path == "schema" && text != SCHEMA => {
                wrong(format!("the schema is {text:?}, not {SCHEMA}"))
            }
            (JsonValue::Null | JsonValue::Text(_), _) => Ok(()),
            _ => wrong(format!("the key {path:?} must be a text")),
        };
    }
    match &json.value {
        JsonValue::Table(fields) if path.is_empty() || inside(path) => fields.iter().try_for_each(|(key, value)| {
            let next = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}/{key}")
            };
            check(catalogue, value, &next)
        }),
        JsonValue::List(list) if inside(&format!("{path}[]")) => list
            .iter()
            .try_for_each(|value| check(catalogue, value, &format!("{path}[]"))),
        _ if path.is_empty() => wrong("a table in braces is expected".to_owned()),
        _ if inside(path) => wrong(format!("the key {path:?} must be a table")),
        _ if inside(&format!("{path}[]")) => wrong(format!("the key {path:?} must be a list")),
        _ => wrong(format!(
            "the key {path:?} is unknown; see `syncdrift explain --list` for tenant-…"
        )),
    }
}

/// Whether a row reads below a path.
fn within(row: Option<&str>, path: &str) -> bool {
    let rest = row.and_then(|row| {
        row.get(path.len()..)
            .filter(|_| row[..path.len()].eq_ignore_ascii_case(path))
    });
    rest.is_some_and(|rest| rest.starts_with('/'))
}
