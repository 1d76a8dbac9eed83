//! A saved result back into reports, strictly.
//!
//! In: bytes of a file. Out: reports, or what is wrong, where, and what to do.
//! Nothing is left out: a field that this version does not know is an error, for
//! a rendering without it could say less than the result does. Must not know: files.

use crate::report::{Report, Reports, SCHEMA, SCHEMA_MANY};
use serde::Deserialize;
use serde_json::Value;

/// Why a file is no saved result.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// UTF-16 that is none.
    #[error("the text is damaged UTF-16; save the result again with -o FILE.json")]
    Encoding,
    /// No JSON, or not the right one.
    #[error("line {line}, column {column}: {problem}; save the result again with -o FILE.json")]
    Damaged {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// Another schema.
    #[error(
        "its schema is {0:?}; this version reads {SCHEMA} and {SCHEMA_MANY}, which `compare` writes with -o FILE.json"
    )]
    Schema(String),
    /// A field that would be lost.
    #[error(
        "it holds {field}, which this version does not know; render it with the version that wrote it ({version}) or a newer one"
    )]
    Unknown {
        /// Path of the field.
        field: String,
        /// What the file says of its version.
        version: String,
    },
    /// A list of reports without any.
    #[error("it holds no report; compare again")]
    Empty,
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// The reports of a saved result.
///
/// # Errors
/// The text is damaged, of another schema, or holds what this version does not know.
pub fn saved(bytes: &[u8]) -> Result<Vec<Report>, SavedError> {
    let text = decoded(bytes)?;
    let text = text.as_ref();
    let head: Head = parsed(text)?;
    let (reports, kept) = match head.schema.as_str() {
        SCHEMA => {
            let report: Report = parsed(text)?;
            let kept = serde_json::to_value(&report);
            (vec![report], kept)
        }
        SCHEMA_MANY => {
            let several: Reports = parsed(text)?;
            let kept = serde_json::to_value(&several);
            (several.reports, kept)
        }
        _ => return Err(SavedError::Schema(head.schema)),
    };
    if let Some(other) = reports.iter().find(|report| report.schema != SCHEMA) {
        return Err(SavedError::Schema(other.schema.clone()));
    }
    let Some(first) = reports.first() else {
        return Err(SavedError::Empty);
    };
    let kept = kept.map_err(damaged)?;
    match lost(&parsed(text)?, &kept, "") {
        Some(field) => Err(SavedError::Unknown {
            field,
            version: first.tool.version.clone(),
        }),
        None => Ok(reports),
    }
}

/// UTF-8, or the UTF-16 that Windows PowerShell's `>` writes.
fn decoded(bytes: &[u8]) -> Result<Vec<u8>, SavedError> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [0xef, 0xbb, 0xbf, rest @ ..] => return Ok(rest.to_vec()),
        _ => return Ok(bytes.to_vec()),
    };
    let (units, rest) = bytes[2..].as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|&pair| unit(pair)).collect();
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() => Ok(text.into_bytes()),
        _ => Err(SavedError::Encoding),
    }
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Result<T, SavedError> {
    serde_json::from_slice(text).map_err(damaged)
}

fn damaged(error: serde_json::Error) -> SavedError {
    let place = format!(" at line {} column {}", error.line(), error.column());
    SavedError::Damaged {
        line: error.line(),
        column: error.column(),
        problem: error.to_string().replace(&place, ""),
    }
}

/// The path of the first field that reading lost.
fn lost(read: &Value, kept: &Value, path: &str) -> Option<String> {
    match (read, kept) {
        (Value::Object(read), Value::Object(kept)) => read.iter().find_map(|(key, value)| {
            let path = match path {
                "" => key.clone(),
                _ => format!("{path}.{key}"),
            };
            match kept.get(key) {
                Some(kept) => lost(value, kept, &path),
                // An optional field may be written as null.
                None if value.is_null() => None,
                None => Some(path),
            }
        }),
        (Value::Array(read), Value::Array(kept)) => read
            .iter()
            .zip(kept)
            .enumerate()
            .find_map(|(at, (read, kept))| lost(read, kept, &format!("{path}[{at}]"))),
        _ => None,
    }
}
