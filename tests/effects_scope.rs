//! What a changed scoping filter, or another order of join groups, says.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::export::{Rule, constant, expression};
use support::traps::{compare_rules, custom, user_common};
use support::{Compared, text};

type Clause = (&'static str, &'static str, &'static str);
type Filter = &'static [&'static [Clause]];

const SALES: Clause = ("department", "EQUAL", "Sales");
const GERMAN: Clause = ("country", "EQUAL", "DE");
const NO_TITLE: Clause = ("title", "ISNULL", "");
const TITLE: Clause = ("title", "ISNOTNULL", "");

fn scoped(rule: Rule, groups: Filter) -> Rule {
    groups.iter().fold(rule, |rule, group| rule.scope(group))
}

fn filter(groups: Filter) -> Rule {
    let rule = Rule::inbound("In from AD - User Filter", 50).flow(constant("cloudFiltered", "True"));
    scoped(rule, groups)
}

fn compare(primary: &[Rule], staging: &[Rule]) -> Compared {
    let with = |rules: &[Rule]| [rules, &[user_common(120)]].concat();
    compare_rules(with(primary), with(staging))
}

#[test]
fn a_filter_that_is_gone_takes_in_all_others() {
    let mixed: Filter = &[&[SALES, GERMAN], &[("title", "EQUAL", "x")]];
    let said = |left: Filter, right: Filter| {
        let compared = compare(&[filter(left)], &[filter(right)]);
        text(&compared.one("rule-scoping-filter")["effect"]).to_owned()
    };
    assert_eq!(
        said(mixed, &[]),
        "On SYNC02 all users outside the filter are filtered out: they would be deleted from Entra ID at failover."
    );
    assert!(said(&[], mixed).contains("all users outside the filter are no longer filtered out"));
    let all: Filter = &[&[NO_TITLE], &[TITLE]];
    assert!(said(mixed, all).contains("all users outside the filter are filtered out"));
    assert!(said(&[&[SALES]], &[&[]]).contains("users with department other than Sales are filtered out"));
    assert!(said(mixed, &[&[]]).contains("all users outside the filter are filtered out"));
}

#[test]
fn groups_that_leave_nobody_out_are_no_filter() {
    let cases: [(Filter, Filter); 4] = [
        (&[], &[&[NO_TITLE], &[TITLE]]),
        (&[], &[&[SALES], &[("department", "NOTEQUAL", "Sales")]]),
        (&[&[SALES]], &[&[SALES, NO_TITLE], &[TITLE, SALES]]),
        (
            &[],
            &[
                &[SALES, NO_TITLE],
                &[TITLE],
                &[("department", "NOTEQUAL", "Sales"), NO_TITLE],
            ],
        ),
    ];
    for (left, right) in cases {
        let compared = compare(&[filter(left)], &[filter(right)]);
        compared.assert_findings(&[]);
        let expected = compared.expected_of("rule-scoping-filter");
        assert_eq!(expected.len(), 1, "{right:?}");
        assert!(
            text(&expected[0]["reason"]).contains("means the same"),
            "{}",
            expected[0]["reason"]
        );
    }
    let others: [(Filter, Filter); 4] = [
        (&[], &[&[NO_TITLE], &[("info", "ISNOTNULL", "")]]),
        (&[], &[&[SALES], &[("department", "NOTEQUAL", "HR")]]),
        (&[&[SALES]], &[&[SALES, NO_TITLE], &[TITLE, GERMAN]]),
        (&[&[SALES]], &[&[NO_TITLE], &[TITLE]]),
    ];
    for (left, right) in others {
        compare(&[filter(left)], &[filter(right)]).one("rule-scoping-filter");
    }
}

/// Detail lines of the finding about join groups.
fn moved_groups(left: &[&str], right: &[&str]) -> Vec<String> {
    let rule = |groups: &[&str]| {
        let rule = custom("In from AD - Joined", 50, "info", "info");
        groups.iter().fold(rule, |rule, name| rule.join(&[(*name, *name)]))
    };
    let compared = compare(&[rule(left)], &[rule(right)]);
    let parts = compared.one("rule-join-groups")["detail"].as_array().unwrap().clone();
    let line = |part: &Value| format!("{} -> {}", text(&part["primary"]), text(&part["staging"]));
    parts.iter().map(line).collect()
}

#[test]
fn of_join_groups_in_another_order_the_fewest_moved() {
    assert_eq!(
        moved_groups(&["a", "b", "c"], &["b", "c", "a"]),
        ["1. a = a -> 3. a = a"]
    );
    assert_eq!(
        moved_groups(&["a", "b", "c"], &["c", "a", "b"]),
        ["3. c = c -> 1. c = c"]
    );
    assert_eq!(
        moved_groups(&["a", "b", "c", "d"], &["d", "b", "a", "c"]),
        ["1. a = a -> 3. a = a", "4. d = d -> 1. d = d"]
    );
    assert_eq!(moved_groups(&["a", "b"], &["b", "a"]).len(), 1);
}

#[test]
fn brackets_that_change_nothing_are_no_drift() {
    let rule = |text: &str| Rule::inbound("In from AD - Computed", 50).flow(expression("displayName", text));
    let compared = compare(
        &[rule("IIF([a]>1,[b] & \"x\",NULL)")],
        &[rule("IIF(([a]>1),([b]) & \"x\",(NULL))")],
    );
    compared.assert_findings(&[]);
    let expected = compared.expected_of("rule-flow-expression");
    assert_eq!(expected.len(), 1);
    assert!(
        text(&expected[0]["reason"]).contains("means the same"),
        "{}",
        expected[0]
    );
    let other = compare(&[rule("[a] + [b] * [c]")], &[rule("[a] + ([b] * [c])")]);
    other.assert_findings(&["high rule-attribute-flow"]);
}
