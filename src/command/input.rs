//! A server argument read.

use crate::catalogue::Catalogue;
use crate::intake::{self, Limits};
use crate::model::Configuration;
use crate::normalise::normalise;
use anyhow::Result;
use std::path::Path;

/// Reads one server.
///
/// # Errors
/// It is no export, or cannot be read.
pub fn read(path: &Path, catalogue: &'static Catalogue) -> Result<Configuration> {
    let limits = Limits::default();
    let input = intake::read(path, &limits)?;
    Ok(normalise(input, catalogue, &limits))
}
