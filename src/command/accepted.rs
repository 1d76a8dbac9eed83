//! Reading the file of accepted drift.

use super::output;
use crate::settings::Accepted;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads accepted drift; no person writes more than a few thousand entries.
///
/// # Errors
/// The file cannot be read, or is no file of accepted drift.
pub fn read(path: &Path) -> Result<Accepted> {
    const LARGEST: u64 = 4 << 20;
    let name = output::shown(path);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .with_context(|| format!("--accept {name}: cannot be read; name the file of accepted drift"))?;
    if bytes.len() as u64 > LARGEST {
        bail!("--accept {name}: the file has more than {LARGEST} bytes; it is no file of accepted drift");
    }
    Ok(Accepted::parse(&name, &bytes)?)
}
