//! What rules say and do: expressions, flows, effects, lints.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod copied_rules;
mod effects;
mod effects_flows;
mod effects_order;
mod effects_scope;
mod effects_values;
mod expressions;
mod flow;
mod link_types;
mod lints;
mod lints_folded;
mod lints_replaced;
mod lints_rules;
mod lints_schema;
mod lints_standard;
mod published;
mod rule_types;
mod semantics;
mod used_by_rule;
