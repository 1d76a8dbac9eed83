//! What a changed scoping filter, or another order of join groups, says.

use crate::support::export::{Rule, constant, expression};
use crate::support::traps::{compare_rules, custom, user_common};
use crate::support::{Compared, text};
use serde_json::Value;

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
            text(&expected[0]["reason"]).contains("leave nobody out"),
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
        text(&expected[0]["reason"]).contains("brackets that change nothing"),
        "{}",
        expected[0]
    );
    let other = compare(&[rule("[a] + [b] * [c]")], &[rule("[a] + ([b] * [c])")]);
    other.assert_findings(&["high rule-attribute-flow"]);
}

/// What stands under the finding about a scoping filter.
fn consequences(compared: &Compared, id: &str) -> Vec<String> {
    let all = compared.one(id)["consequences"].as_array().unwrap();
    all.iter().map(|sentence| text(sentence).to_owned()).collect()
}

#[test]
fn a_filter_says_who_writes_for_those_who_moved() {
    let own = |groups: Filter| scoped(custom("In from AD - Own", 50, "department", "division"), groups);
    let narrower = compare(&[own(&[&[SALES]])], &[own(&[&[SALES, GERMAN]])]);
    assert_eq!(
        consequences(&narrower, "rule-scoping-filter"),
        [
            "person.department: \"In from AD - User Common\" writes it on SYNC02 for users with department = Sales and with \
             country other than DE, where SYNC01 takes it from \"In from AD - Own\""
        ]
    );
    let wider = compare(&[own(&[&[SALES, GERMAN]])], &[own(&[&[SALES]])]);
    assert_eq!(
        consequences(&wider, "rule-scoping-filter"),
        [
            "person.department: \"In from AD - Own\" writes it on SYNC02 for users with department = Sales and with country \
             other than DE, where SYNC01 takes it from \"In from AD - User Common\""
        ]
    );
    // A rule that writes the same, one for nobody of these, and one for another type make no difference.
    let same = custom("In from AD - Same", 60, "department", "division");
    let with = |groups: Filter, rival: &Rule| [own(groups), rival.clone()];
    let none = |rival: Rule| {
        let compared = compare(&with(&[&[SALES]], &rival), &with(&[&[SALES, GERMAN]], &rival));
        consequences(&compared, "rule-scoping-filter")
    };
    assert_eq!(none(same), Vec::<String>::new());
    let rival = |name: &str| custom(name, 60, "department", "departmentNumber");
    let hr = scoped(rival("In from AD - HR"), &[&[("department", "EQUAL", "HR")]]);
    let other = rival("In from AD - Other type").types("inetOrgPerson", "person");
    for rival in [hr, other] {
        let said = none(rival).join(" ");
        assert!(
            said.contains("\"In from AD - User Common\" writes it on SYNC02"),
            "{said}"
        );
    }
    // What a rule before has its say about is said, too.
    let first = rival("In from AD - First").at(10);
    let said = none(first).join(" ");
    assert!(
        said.contains("where \"In from AD - First\" has no value, \"In from AD - User Common\" writes"),
        "{said}"
    );
}

#[test]
fn rules_for_two_object_types_are_no_rivals() {
    let own = |number| custom("In from AD - Own", number, "department", "division");
    let rival =
        |of: &str, number| custom("In from AD - Rival", number, "department", "employeeType").types(of, "person");
    let turned = |of: &str| compare(&[own(50), rival(of, 60)], &[own(50), rival(of, 40)]);
    turned("inetOrgPerson").assert_findings(&[]);
    turned("user").assert_findings(&["high rule-precedence"]);
    turned("*").assert_findings(&["high rule-precedence"]);
    // Nor is the one told as the winner in the place of the other.
    let inet = rival("inetOrgPerson", 60);
    let compared = compare(&[own(50), inet.clone()], std::slice::from_ref(&inet));
    assert_eq!(
        consequences(&compared, "custom-rule-missing"),
        [
            "person.department of users: \"In from AD - Own\" wins on SYNC01, \"In from AD - User Common\" wins on SYNC02"
        ]
    );
    let any = rival("*", 60);
    let compared = compare(&[own(50), any.clone()], std::slice::from_ref(&any));
    let said = consequences(&compared, "custom-rule-missing").join(" ");
    assert!(said.contains("\"In from AD - Rival\" wins on SYNC02"), "{said}");
}
