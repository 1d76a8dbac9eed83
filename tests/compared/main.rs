//! Comparing and judging: nothing is left out, nothing is invented, and what owners accept.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod accept;
mod accept_files;
mod accept_unused;
mod completeness;
mod deletion;
mod judgement;
mod leaves;
mod ledger;
mod meaning;
mod schema;
mod scope;
