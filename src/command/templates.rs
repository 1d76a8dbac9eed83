//! Templates of the user's own.
//!
//! In: a folder. Out: the built-in templates with those of the folder in their
//! place. Must not know: what they show.

use super::output;
use crate::render::Templates;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Reads the files of a folder that have a meaning; the built-in ones without a folder.
///
/// # Errors
/// No folder, none of its files has a meaning, a file cannot be read or is no template.
pub fn read(folder: Option<&Path>) -> Result<Templates> {
    let mut templates = Templates::default();
    let Some(folder) = folder else {
        return Ok(templates);
    };
    let shown = output::shown(folder);
    if !folder.is_dir() {
        bail!("--templates {shown}: there is no such folder");
    }
    let mut found = false;
    for name in Templates::names() {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        let text = fs::read_to_string(&path)
            .with_context(|| format!("--templates: {} cannot be read as UTF-8 text", output::shown(&path)))?;
        templates.replace(name, text);
        found = true;
    }
    if !found {
        let known: Vec<&str> = Templates::names().collect();
        bail!(
            "--templates {shown}: none of its files replaces a built-in one; those are {}",
            known.join(", ")
        );
    }
    templates.check().with_context(|| format!("--templates {shown}"))?;
    Ok(templates)
}
