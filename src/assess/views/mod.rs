//! What the pictures of a report show.
//!
//! In: the findings as they are printed, and what they were made of. Out:
//! [`Views`]. Must not know: how a picture is drawn.
//!
//! Nothing is computed that no finding asks for. Every picture is bounded, so
//! that a hostile export does not make a hostile report.

mod scope;

use super::context::Context;
use crate::report::{Finding, Views};

/// The pictures of the findings.
pub fn views(context: &Context<'_>, findings: &[Finding]) -> Views {
    Views {
        scope: scope::trees(context, findings),
        ..Views::default()
    }
}
