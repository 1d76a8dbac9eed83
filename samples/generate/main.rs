//! Writes the sample servers of this crate.
//!
//! In: the compact descriptions beside this file (`*.toml`): two servers, their connectors, settings and
//! rules, and the list of what differs between them. Out: one folder per server in the shape of
//! `Get-ADSyncServerConfiguration`, the same bytes on every run.
//!
//! ```text
//! cargo run --example generate-samples                 writes into the crate's samples folder
//! cargo run --example generate-samples -- DIR          writes into another folder
//! cargo run --example generate-samples -- --check      writes nothing, exit 1 if the files differ
//! ```

mod bundle;
mod connector;
mod describe;
mod differ;
mod entra;
mod layout;
mod model;
mod noise;
mod output;
mod partition;
mod rule;
mod schema;
mod settings;
mod verify;
mod xml;

use std::path::PathBuf;
use std::process::ExitCode;

/// What goes wrong is a text for the person who edits the descriptions.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Builds every server and writes or checks its folder; false when a check finds a difference.
fn run() -> Result<bool> {
    let mut check = false;
    let mut target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--check" => check = true,
            flag if flag.starts_with('-') => return Err(format!("unknown option {flag}")),
            folder => target = PathBuf::from(folder),
        }
    }
    let mut equal = true;
    for server in model::build()? {
        verify::attributes(&server)?;
        let mut files = vec![settings::file(&server)?];
        for directory in &server.directories {
            files.push(connector::file(&server, directory)?);
        }
        files.push(entra::file(&server)?);
        for rule in &server.rules {
            let mut file = rule::file(&server, rule)?;
            if server.about.cut.contains(&rule.name) {
                // As a full disk or a broken copy leaves it.
                file.bytes.truncate(file.bytes.len() / 2);
            }
            files.push(file);
        }
        let outer = target.join(&server.about.folder);
        let folder = if server.about.bundle {
            outer.join("export")
        } else {
            outer.clone()
        };
        let collected = server
            .about
            .bundle
            .then(|| bundle::files(&server, &files))
            .transpose()?;
        if check {
            equal &= output::check(&folder, &files)?;
            equal &= collected.is_none_or(|files| bundle::check(&outer, &files).unwrap_or_default());
        } else {
            output::write(&folder, &files)?;
            if let Some(files) = collected {
                bundle::write(&outer, &files)?;
            }
            println!(
                "{}: {} files, {} rules",
                folder.display(),
                files.len(),
                server.rules.len()
            );
        }
    }
    Ok(equal)
}
