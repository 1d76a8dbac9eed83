//! What is written: the command line and every format.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod cli;
mod document;
mod document_inventory;
mod formats;
mod golden;
mod hostile_reports;
mod markdown_pictures;
mod powershell;
mod redact;
mod render;
mod views;
