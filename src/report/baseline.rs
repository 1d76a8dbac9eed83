//! The approved state that a comparison was held against (`--baseline`).
//!
//! In: filled by `assess`. Out: who moved, and what else departed. Must not
//! know: how anything was computed.

use super::{Finding, GapEntry, Server};
use serde::{Deserialize, Serialize};

/// Which server moved away from the approved state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MovedBy {
    /// The primary was changed.
    Primary,
    /// Staging was changed.
    Staging,
    /// Both were.
    Both,
}

/// The approved state of both servers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Baseline {
    /// What the primary was held against.
    pub primary: Server,
    /// What staging was held against; may be the same one.
    pub staging: Server,
    /// Departures that are no drift between the two servers: `primary` is the approved value, `staging` the value now.
    pub moved: Vec<Finding>,
    /// Parts of the approved state that could not be read; they change no verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<GapEntry>,
}
