//! Rules that the project keeps.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod architecture;
mod catalogue;
