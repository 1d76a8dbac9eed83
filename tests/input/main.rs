//! What is read, and what cannot be.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod bad_input_unix;
mod bad_input_zip;
mod ecma2;
mod zip;
mod zip_hostile;
