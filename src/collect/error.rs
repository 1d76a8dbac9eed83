//! What can go wrong with a server, and what to do about it.
//!
//! In: causes. Out: texts with remedy. Must not know: commands.

use crate::model::on_one_line;
use std::path::{Path, PathBuf};

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No name of a server.
    #[error(
        "{:?} is no name of a server; it begins with a letter or digit and has only letters, digits, '.', '-', '_' and ':' \
         (with --ssh also USER@, DOMAIN\\\\USER@ or USER@DOMAIN@ before it)",
        name
    )]
    Name {
        /// What was given.
        name: String,
    },
    /// Something else is in the place of the bundle.
    #[error("{}: {what}, and it would be replaced; name another place or remove it", shown(path))]
    Occupied {
        /// The place.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// Nothing can be written.
    #[error("{}: cannot write there: {problem}; choose another place", shown(path))]
    Write {
        /// The place.
        path: PathBuf,
        /// What the system says.
        problem: String,
    },
    /// No place for the scripts.
    #[error(
        "{}: no temporary folder can be made there: {problem}; set TMPDIR, or on Windows TEMP, to a folder of yours",
        shown(path)
    )]
    Temporary {
        /// The folder for temporary files.
        path: PathBuf,
        /// What the system says.
        problem: String,
    },
    /// A path that cannot be passed on.
    #[error(
        "{}: PowerShell cannot be told of a path that is no Unicode; choose another place",
        shown(path)
    )]
    NoUnicode {
        /// The path.
        path: PathBuf,
    },
    /// PowerShell cannot be started.
    #[error("{} cannot be started: {problem}", shown(program))]
    Shell {
        /// The program.
        program: PathBuf,
        /// What the system says.
        problem: String,
    },
    /// It took too long.
    #[error(
        "nothing came within {seconds} seconds, and PowerShell was stopped; allow more with --timeout, or run the collector by \
         hand (a folder syncdrift-… may be left in the server's temporary folder)"
    )]
    TimedOut {
        /// How long it may take.
        seconds: u64,
    },
    /// Somebody ended it.
    #[error("it was stopped (a folder syncdrift-… may be left in the server's temporary folder)")]
    Stopped,
    /// It failed and says why.
    #[error("{words}")]
    Failed {
        /// What it says.
        words: String,
    },
    /// It brought nothing and does not say why.
    #[error("PowerShell brought no bundle and does not say why ({status})")]
    Silent {
        /// How it ended.
        status: String,
    },
    /// Something came that is no bundle.
    #[error("what came is no bundle: {problem}; run it again, or run the collector by hand")]
    NoBundle {
        /// What is wrong with it.
        problem: String,
    },
}

impl CollectError {
    pub(super) fn write(path: &Path, error: &std::io::Error) -> CollectError {
        CollectError::Write {
            path: path.to_owned(),
            problem: error.to_string(),
        }
    }

    pub(super) fn bundle(problem: impl Into<String>) -> CollectError {
        CollectError::NoBundle {
            problem: problem.into(),
        }
    }
}

fn shown(path: &Path) -> String {
    on_one_line(&path.display().to_string())
}
