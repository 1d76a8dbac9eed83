//! The entries of an archive by their names.
//!
//! In: an open archive and a name. Out: the bytes of the entry, or their
//! digest, within what all entries may unfold to. Must not know: what they
//! mean.

use super::inflate::{Budget, Inflating};
use super::open::{self, Archive};
use crate::intake::bundle::Files;
use crate::intake::{IntakeError, hex};
use std::collections::HashMap;
use std::io::{self, Read};

/// Entries, and what is left to unfold.
pub(super) struct Entries<'e, 'a> {
    pub(super) archive: &'e mut Archive,
    pub(super) budget: &'e mut Budget<'a>,
    /// Positions by name.
    pub(super) entries: &'e HashMap<String, usize>,
}

impl Entries<'_, '_> {
    fn with<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<Result<T, String>, IntakeError> {
        let Some(&index) = self.entries.get(name) else {
            return Ok(Err("it is not there".to_owned()));
        };
        self.archive.meter.restart();
        let entry = match self.archive.zip.by_index(index) {
            Ok(entry) => entry,
            Err(error) => return Ok(Err(open::words_of(&error).into_owned())),
        };
        let mut entry = Inflating::new(entry, &self.archive.meter, self.budget, name);
        let done = read(&mut entry).map_err(|error| error.to_string());
        match entry.refusal() {
            Some(refusal) => Err(refusal),
            None => Ok(done),
        }
    }
}

impl Files for Entries<'_, '_> {
    fn read(&mut self, path: &str, most: u64) -> Result<Result<Vec<u8>, String>, IntakeError> {
        let mut bytes = Vec::new();
        let read = self.with(path, |entry| entry.take(most.saturating_add(1)).read_to_end(&mut bytes))?;
        Ok(match read {
            Ok(_) if bytes.len() as u64 > most => Err(format!("it has more than {most} bytes")),
            Ok(_) => Ok(bytes),
            Err(problem) => Err(problem),
        })
    }

    fn digest(&mut self, path: &str) -> Result<Result<(String, u64), String>, IntakeError> {
        self.with(path, |entry| hex::sha256_of(entry))
    }
}
