//! The report on the samples, word for word.
//!
//! `samples/expected.txt` is what an operator reads about the samples. A
//! change of it is a change of the product: read it before committing it
//! (`SYNCDRIFT_UPDATE=1 cargo test --test golden` writes it).

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use support::{compare, run, sample, text};

/// Compares what is printed about a pair with the reviewed text.
fn reviewed(expected: &str, pair: &str, code: i32) {
    let path = sample(expected);
    let run = run([
        "compare".to_owned(),
        format!("samples/{pair}primary"),
        format!("samples/{pair}staging"),
        "--exit-zero".to_owned(),
    ]);
    assert_eq!(run.code, code, "{}", run.stderr);
    if std::env::var_os("SYNCDRIFT_UPDATE").is_some() {
        fs::write(&path, &run.stdout).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        run.stdout == wanted,
        "{} is not what the program prints; read the difference, then SYNCDRIFT_UPDATE=1 cargo test --test golden",
        path.display()
    );
}

#[test]
fn the_text_report_on_the_samples_is_the_reviewed_one() {
    reviewed("expected.txt", "", 0);
}

#[test]
fn what_cannot_be_read_is_unknown_and_no_exit_zero() {
    reviewed("unreadable/expected.txt", "unreadable/", 3);
}

#[test]
fn the_samples_show_every_severity_and_nothing_uncatalogued() {
    let compared = compare(&sample("primary"), &sample("staging"));
    assert_eq!(compared.code, 1);
    let summary = &compared.report["summary"];
    for severity in ["block", "high", "medium", "low", "info"] {
        assert!(summary[severity].as_u64().unwrap() > 0, "no {severity}: {summary}");
    }
    assert_eq!(
        compared.report["ledger"]["uncatalogued"], 0,
        "{}",
        compared.report["ledger"]
    );
    assert_eq!(compared.report["gaps"].as_array().unwrap().len(), 0);
    assert_eq!(compared.report["lints"].as_array().unwrap().len(), 0);
    let secret = compared
        .expected()
        .iter()
        .filter(|entry| text(&entry["id"]).contains("cookie"))
        .collect::<Vec<_>>();
    assert!(!secret.is_empty());
    for entry in secret {
        assert_eq!(entry["primary"], "(secret)");
        assert_eq!(entry["staging"], "(another secret)");
    }
}
