//! Many rules: nothing is paired wrongly because there are too many to try,
//! and nothing costs the square of their number.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::time::{Duration, Instant};
use support::compare;
use support::export::{Export, Pair, Rule, direct};

fn many(count: u32, name: impl Fn(u32) -> String, precedence: impl Fn(u32) -> u32) -> Vec<Rule> {
    (0..count)
        .map(|n| {
            Rule::inbound(&name(n), precedence(n))
                .flow(direct("displayName", "displayName"))
                .flow(direct("title", "title"))
        })
        .collect()
}

fn pair(primary: Vec<Rule>, staging: Vec<Rule>) -> Pair {
    let mut left = Export::primary();
    left.rules = primary;
    let mut right = Export::staging_of(&left);
    right.rules = staging;
    Pair::of(&left, &right)
}

#[test]
fn hundreds_of_rules_of_one_name_find_their_counterparts() {
    let rules = many(260, |_| "In from AD - Copy".to_owned(), |n| n + 1);
    let mut reversed = rules.clone();
    reversed.reverse();
    let compared = pair(rules, reversed).compare();
    compared.assert_findings(&[]);
    assert_eq!(compared.code, 0);
}

#[test]
fn hundreds_of_renamed_copies_are_renamed_and_nothing_is_missing() {
    let left = many(260, |n| format!("In from AD - Old {n:03}"), |n| n + 1);
    let right = many(260, |n| format!("In from AD - New {n:03}"), |n| n + 1);
    let compared = pair(left, right).compare();
    assert!(
        compared.findings().iter().all(|finding| finding["id"] == "rule-name"),
        "{:#?}",
        &compared.brief()[..5]
    );
    assert_eq!(compared.findings().len(), 260);
    assert_eq!(compared.code, 0);
    let warning = compared.report["warnings"].to_string();
    assert!(warning.contains("too many"), "the bound is said: {warning}");
}

#[test]
fn a_thousand_rules_in_reverse_order_take_seconds_not_minutes() {
    let name = |n| format!("In from AD - Rule {n}");
    let each_its_own = |rules: Vec<Rule>| -> Vec<Rule> {
        let own = rules.into_iter().enumerate();
        own.map(|(n, rule)| rule.flow(direct("info", &format!("extensionAttribute{n}"))))
            .collect()
    };
    let left = each_its_own(many(1_000, name, |n| n + 1));
    let right = each_its_own(many(1_000, name, |n| 1_000 - n));
    let pair = pair(left, right);
    let start = Instant::now();
    let compared = pair.compare();
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert_eq!(compared.code, 1);
    let size = compared.report.to_string().len();
    assert!(size < 20_000_000, "{size} bytes");
}

#[test]
fn names_of_files_do_not_matter_and_content_does() {
    let rules = many(8, |n| format!("In from AD - Rule {n}"), |n| n + 1);
    let pair = pair(rules.clone(), rules);
    let folder = pair.staging().join("SynchronizationRules");
    for (index, entry) in fs::read_dir(&folder).unwrap().enumerate() {
        let names = [
            "rule",
            "x.txt",
            "x.xml.bak",
            "x.XML",
            "x.old",
            "y.xml_",
            "ü.xml",
            "z.xml",
        ];
        fs::rename(entry.unwrap().path(), folder.join(names[index])).unwrap();
    }
    compare(&pair.primary(), &pair.staging()).assert_findings(&[]);
}
