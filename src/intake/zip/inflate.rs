//! Entries are inflated only as far as an export could go.
//!
//! In: the bytes of one entry after another. Out: the same bytes, or an error
//! as soon as an entry, or all together, unfold to more than the limits allow.
//! What counts is what was read and what came out of it, not what the headers
//! say. Must not know: what the bytes mean.

use super::open::Meter;
use crate::intake::{IntakeError, Limits};
use std::io::{self, Read};
use std::path::Path;

/// So much may come out of anything.
const SMALL: u64 = 1 << 20;

/// What all entries of an archive may unfold to.
pub(super) struct Budget<'a> {
    path: &'a Path,
    limits: &'a Limits,
    /// Size of the archive.
    size: u64,
    /// Bytes of all entries so far.
    total: u64,
}

impl<'a> Budget<'a> {
    /// Nothing is spent yet.
    pub(super) fn new(path: &'a Path, limits: &'a Limits, size: u64) -> Budget<'a> {
        Budget {
            path,
            limits,
            size,
            total: 0,
        }
    }

    /// Why an entry of which so much came out of so much is too large.
    fn refuse(&self, bytes: u64, of: u64, name: &str) -> Option<IntakeError> {
        let exceeds = |bytes: u64, of: u64| bytes > SMALL && bytes > of.saturating_mul(self.limits.zip_ratio);
        if exceeds(bytes, of) || exceeds(self.total, self.size) {
            return Some(IntakeError::Bomb {
                path: self.path.to_path_buf(),
                name: name.to_owned(),
                ratio: self.limits.zip_ratio,
            });
        }
        (self.total > self.limits.total_bytes).then(|| IntakeError::TooLarge {
            path: self.path.to_path_buf(),
            limit: self.limits.total_bytes,
        })
    }
}

/// An entry on its way out.
pub(super) struct Inflating<'b, 'a, R> {
    entry: R,
    meter: &'b Meter,
    budget: &'b mut Budget<'a>,
    name: &'b str,
    /// Bytes of this entry so far.
    bytes: u64,
    refusal: Option<IntakeError>,
}

impl<'b, 'a, R: Read> Inflating<'b, 'a, R> {
    /// An entry of which nothing is read; the meter has been restarted for it.
    pub(super) fn new(entry: R, meter: &'b Meter, budget: &'b mut Budget<'a>, name: &'b str) -> Self {
        Inflating {
            entry,
            meter,
            budget,
            name,
            bytes: 0,
            refusal: None,
        }
    }

    /// Why the whole archive is refused, if it is.
    pub(super) fn refusal(self) -> Option<IntakeError> {
        self.refusal
    }
}

impl<R: Read> Read for Inflating<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.entry.read(buffer)?;
        self.bytes = self.bytes.saturating_add(count as u64);
        self.budget.total = self.budget.total.saturating_add(count as u64);
        let Some(refusal) = self.budget.refuse(self.bytes, self.meter.read(), self.name) else {
            return Ok(count);
        };
        self.refusal = Some(refusal);
        Err(io::Error::other("it is refused"))
    }
}
