//! Known traps and kinds of noise, a file for each group of them; `inventory` is the table.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod inventory;
mod noise;
mod one_cause;
mod traps_builds;
mod traps_connectors;
mod traps_expressions;
mod traps_forests;
mod traps_gaps;
mod traps_matching;
mod traps_order;
mod traps_pairs;
mod traps_rules;
mod traps_settings;
mod traps_standard;
