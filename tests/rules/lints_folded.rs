//! A fault of one server hangs under the finding that has the same cause, and
//! stands alone where none has.

use crate::support::export::{Rule, compare, expression};
use crate::support::lints::lints;
use crate::support::traps::{compare_rules, custom, primary_with, staging_with, user_common, user_join, words};

const ROWS: [&str; 4] = [
    "expression-malformed",
    "expression-unknown-function",
    "expression-unknown-parameter",
    "expression-argument-count",
];

fn with(text: &str) -> [Rule; 2] {
    let own = custom("In from AD - Own", 50, "title", "title").flow(expression("department", text));
    [user_join(100), own]
}

#[test]
fn an_expression_that_one_server_broke_is_one_finding() {
    for broken in [
        "Trim([department]",
        "Trimm([department])",
        "Trim([department], %My.Own%)",
    ] {
        let compared = compare_rules(with("Trim([department])"), with(broken));
        compared.assert_findings(&["high rule-attribute-flow"]);
        assert!(
            lints(&compared, &ROWS).is_empty(),
            "{broken}: {:?}",
            lints(&compared, &ROWS)
        );
        let said = words(compared.one("rule-attribute-flow"));
        assert!(
            said.contains("On SYNC02 in the flow to department: "),
            "{broken}: {said}"
        );
        // Both have it: no difference is its cause.
        let compared = compare_rules(with(broken), with(broken));
        assert!(lints(&compared, &ROWS).len() >= 2, "{:?}", compared.lints());
    }
}

#[test]
fn another_flow_of_the_rule_is_no_cause() {
    let [join, own] = with("Trim([department], %My.Own%)");
    let other = [join.clone(), own.clone().instead(expression("title", "Trim([title])"))];
    let mut primary = primary_with([join, own]);
    primary.parameters.push(("My.Own".to_owned(), "x".to_owned()));
    let compared = compare(&primary, &staging_with(other));
    // Only staging does not know the parameter; that the rule writes another title there is not why.
    let row = ["expression-unknown-parameter"];
    assert_eq!(lints(&compared, &row).len(), 1, "{:?}", compared.lints());
    assert!(!words(compared.one("rule-attribute-flow")).contains("department"));
}

#[test]
fn two_live_rules_that_create_the_same_objects_overlap() {
    let creates = |name: &str, number: u32| {
        Rule::inbound(name, number)
            .link("Provision")
            .flow(expression("department", "Trim([department])"))
    };
    let row = ["rule-join-overlap"];
    let both = [creates("In from AD - A", 40), creates("In from AD - B", 41)];
    let compared = compare_rules(both.clone(), both.clone());
    assert_eq!(lints(&compared, &row).len(), 2, "{:?}", compared.lints());
    let lint = compared.report["lints"].to_string();
    assert!(lint.contains("has no join rules and creates each object"), "{lint}");
    // One that only joins nothing and creates nothing collides with nobody.
    let plain = [both[0].clone(), both[1].clone().link("Join")];
    assert!(lints(&compare_rules(plain.clone(), plain), &row).is_empty());
    let apart = [
        both[0].clone().scope(&[("department", "EQUAL", "Sales")]),
        both[1].clone().scope(&[("department", "EQUAL", "HR")]),
    ];
    assert!(lints(&compare_rules(apart.clone(), apart), &row).is_empty());
    let on_one = compare_rules(
        [user_common(101), both[0].clone()],
        both.iter().cloned().chain([user_common(101)]),
    );
    assert!(
        lints(&on_one, &row).is_empty(),
        "it hangs under the rule that was added"
    );
    let said = words(on_one.one("custom-rule-missing"));
    assert!(said.contains("both join or create the same objects"), "{said}");
}
