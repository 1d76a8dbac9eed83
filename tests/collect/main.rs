//! The collector, and the command that runs it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod collector;
mod export;
mod secrets;
#[cfg(unix)]
mod stopped;
