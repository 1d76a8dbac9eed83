//! `compare --baseline` where servers are bundles of the collector.

use crate::support::bundle::Bundle;
use crate::support::export::Export;
use crate::support::snapshots::Repo;
use crate::support::{Compared, compare_with, text};

/// Compares two bundles with the approved state of two others.
fn compare(approved: [&Bundle; 2], now: [&Bundle; 2]) -> Compared {
    let repo = Repo::new();
    let [left, right] = approved.map(Bundle::folder);
    let made = repo.command(&[left.path(), right.path()]).output().unwrap();
    assert!(matches!(made.status.code(), Some(0 | 3)), "{made:?}");
    let [left, right] = now.map(Bundle::folder);
    let baseline = repo.address("").display().to_string();
    compare_with(left.path(), right.path(), &["--baseline", &baseline])
}

fn bundles() -> [Bundle; 2] {
    let primary = Export::primary();
    let staging = Export::staging_of(&primary);
    [Bundle::full(&primary), Bundle::full(&staging)]
}

fn slower(bundle: &Bundle) -> Bundle {
    bundle.clone().edit("scheduler", |scheduler| {
        scheduler["PurgeRunHistoryInterval"] = "30.00:00:00".into();
    })
}

#[test]
fn settings_of_a_bundle_have_an_approved_value() {
    let [primary, staging] = bundles();
    let compared = compare([&primary, &staging], [&primary, &slower(&staging)]);
    assert_eq!(compared.one("scheduler-purge-interval")["movedBy"], "staging");
}

#[test]
fn an_item_that_was_not_read_when_it_was_approved_makes_nobody_guilty() {
    let [primary, staging] = bundles();
    let unread = staging
        .clone()
        .without("scheduler")
        .item("scheduler", None, "denied", true, Some("Access is denied"));
    // What the approved state of staging lacks may have been so.
    let compared = compare([&primary, &unread], [&slower(&primary), &staging]);
    let finding = compared.one("scheduler-purge-interval");
    assert!(finding["movedBy"].is_null(), "{finding}");
    let fix = text(&finding["fix"]);
    assert!(
        fix.contains("what the approved state held here cannot be told"),
        "{fix}"
    );
}
