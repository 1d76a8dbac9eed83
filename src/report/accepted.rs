//! Accepted drift in a report.
//!
//! In: filled by `assess`. Out: parts of `syncdrift.report/1`. Must not know:
//! the user's file, how an entry was judged.

use serde::{Deserialize, Serialize};

/// Why a finding may stay, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Acceptance {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Last day on which it holds, UTC, ISO 8601.
    pub expires: String,
}

/// An entry of the file of accepted drift that accepts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnusedAcceptance {
    /// Fingerprint, where the entry has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Glob over ids, where the entry has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Glob over objects, where the entry has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The entry's reason.
    pub reason: String,
    /// The entry's owner.
    pub owner: String,
    /// Line of the entry, from 1.
    pub line: u32,
    /// Why it accepts nothing, and what to do.
    pub problem: String,
}
