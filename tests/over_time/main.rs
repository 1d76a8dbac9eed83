//! Snapshots in git, history, and who moved away from an approved state.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod baseline;
mod baseline_bundles;
mod history;
mod snapshot;
mod snapshot_back;
mod snapshot_repository;
