//! Files that the user writes for us, read strictly: what is not understood is
//! refused, never ignored.
//!
//! In: the bytes of a file and its name. Out: typed settings, or every problem
//! with file, line, column and remedy. Must not know: findings, the clock, the
//! file system.

mod accepted;
mod pattern;

pub use accepted::{Acceptance, Accepted, Target};

use std::fmt;

/// Problems shown at once: a file made from a hundred findings would fill the screen.
const SHOWN: usize = 20;

/// What is wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, and what to do.
    pub text: String,
}

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError {
    /// The file as given.
    pub file: String,
    /// Everything that is wrong, in the order of the file.
    pub problems: Vec<Problem>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().take(SHOWN).enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{}:{}: {}", self.file, problem.line, problem.column, problem.text)?;
        }
        match self.problems.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more problems"),
        }
    }
}

/// The text of a file: UTF-8, with or without byte order mark.
fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(good);
        problem(
            &before,
            before.len(),
            "the file is not UTF-8 here; save it as UTF-8 (in Windows PowerShell: -Encoding UTF8)",
        )
    })
}

/// A problem at a byte offset.
fn problem(text: &str, at: usize, what: impl Into<String>) -> Problem {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Problem {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        text: what.into(),
    }
}
