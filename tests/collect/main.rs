//! The collector, the command that runs it, and reading what it brings.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod alike;
mod builds;
mod bundle;
mod causes;
mod collector;
mod export;
mod hosts;
mod redacted;
mod secrets;
#[cfg(unix)]
mod stopped;
mod told;
mod unmoved;
mod unread;
mod unrest;
mod values;
mod witnesses;
