//! One short file per command, joining stages. The only place with a clock,
//! an environment and standard output.
//!
//! In: parsed arguments. Out: bytes and an exit code. Must not know: how a
//! stage works.

mod accepted;
mod baseline;
mod compare;
mod document;
mod explain;
mod export;
mod flow;
mod history;
mod input;
mod one;
mod output;
mod page;
mod places;
mod progress;
mod render;
mod result;
mod schema;
mod snapshot;
mod templates;

use crate::cli::{Cli, Command};
use clap::Parser;
use std::io::ErrorKind;
use std::process::ExitCode;

/// Exit code where the job could not be done.
const FAILED: u8 = 2;
/// Exit code where parts are missing.
const INCOMPLETE: u8 = 3;

/// Parses arguments, runs the command, maps the outcome to an exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Flow(arguments) => flow::run(&arguments),
        Command::Document(arguments) => document::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
        Command::History(arguments) => history::run(&arguments),
        Command::Render(arguments) => render::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // A reader that closes the pipe has seen enough.
        Err(error) if closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("error: {error:#}\n"));
            ExitCode::from(FAILED)
        }
    }
}

/// Whether nobody reads what is written any more.
fn closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    })
}
