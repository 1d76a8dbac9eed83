//! What several settings tell together: `causes.toml` as types.
//!
//! In: what `build.rs` prepared. Out: causes, and the places where each shows.
//! Must not know: objects, findings.

use super::Severity;
use serde::Deserialize;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Causes {
    cause: Vec<Cause>,
}

/// Something that shows in several places.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// What to say where it shows in more than one.
    pub note: String,
    /// Whether places also change alike, and are not only there or missing.
    #[serde(default)]
    pub changed: bool,
    /// How bad it is where each server has it, but in other places.
    pub both: Option<Severity>,
    place: Vec<Place>,
}

/// Where it shows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The row.
    pub row: String,
    /// The value that means that a server has it; any, where none is named.
    pub has: Option<String>,
    /// The key of the objects; all, where none is named.
    pub like: Option<String>,
}

impl Causes {
    /// Where a row shows a cause of objects whose key passes the test: the cause's number, the place's, and both.
    pub fn of(&self, row: &str, like: impl Fn(&str) -> bool) -> Option<(usize, usize, &Cause, &Place)> {
        let of_row = |place: &Place| place.row == row && place.like.as_deref().is_none_or(&like);
        let mut causes = self.cause.iter().enumerate();
        causes.find_map(|(number, cause)| {
            let at = cause.place.iter().position(of_row)?;
            Some((number, at, cause, &cause.place[at]))
        })
    }

    /// All places.
    #[cfg(test)]
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.cause.iter().flat_map(|cause| &cause.place)
    }
}
