//! Precedence is rank among competitors: renumbering, moved rules, forests
//! in another order, numbers used twice.

use crate::support::export::{Pair, Rule, direct};
use crate::support::text;
use crate::support::traps::{
    compare_rules, custom, primary_with, staging_with, user_common, user_exchange, user_join, words,
};

/// Custom rules that all write one attribute, with these numbers.
fn rivals(numbers: &[u32]) -> Vec<Rule> {
    ["North", "South", "West", "East"]
        .iter()
        .zip(numbers)
        .map(|(name, &number)| {
            custom(
                &format!("In from AD - {name}"),
                number,
                "department",
                &format!("{name}Code"),
            )
        })
        .collect()
}

#[test]
fn gaps_between_numbers_do_not_count() {
    let compared = compare_rules(rivals(&[50, 60, 99]), rivals(&[1, 2, 3]));
    compared.assert_parity();
    let renumbered = compared.expected_of("rule-precedence");
    assert_eq!(renumbered.len(), 3, "each has its entry");
    assert!(renumbered.iter().all(|entry| !text(&entry["reason"]).is_empty()));
}

#[test]
fn two_competing_rules_that_swapped_are_one_finding_that_names_target_and_winners() {
    for (left, right) in [([10, 20], [20, 10]), ([10, 20], [10, 5]), ([1, 99], [99, 1])] {
        let compared = compare_rules(rivals(&left), rivals(&right));
        compared.assert_findings(&["high rule-precedence"]);
        let finding = compared.one("rule-precedence");
        assert_eq!(finding["change"], "reordered");
        for word in [
            "person.department",
            "In from AD - North",
            "In from AD - South",
            "SYNC01",
            "SYNC02",
        ] {
            assert!(words(finding).contains(word), "{word}: {}", words(finding));
        }
        assert_eq!(compared.code, 1);
    }
}

#[test]
fn one_rule_that_overtakes_three_is_one_finding() {
    let compared = compare_rules(rivals(&[10, 20, 30, 40]), rivals(&[20, 30, 40, 10]));
    compared.assert_findings(&["high rule-precedence"]);
    assert_eq!(compared.one("rule-precedence")["object"], "In from AD - East");
    let compared = compare_rules(rivals(&[10, 20, 30, 40]), rivals(&[50, 20, 30, 40]));
    assert_eq!(compared.one("rule-precedence")["object"], "In from AD - North");
    assert_eq!(compared.findings().len(), 1);
}

#[test]
fn a_moved_rule_is_the_same_finding_when_the_roles_are_swapped() {
    let cases = [
        (&[10, 20][..], &[20, 10][..]),
        (&[10, 20, 30, 40], &[20, 30, 40, 10]),
        (&[10, 20, 30, 40], &[40, 10, 20, 30]),
        (&[10, 20, 30], &[30, 20, 10]),
        (&[10, 20, 30, 40], &[20, 10, 40, 30]),
    ];
    let unlike: Vec<_> = cases
        .into_iter()
        .filter(|(left, right)| {
            let pair = Pair::of(&primary_with(rivals(left)), &staging_with(rivals(right)));
            pair.compare().identities() != pair.swapped().identities()
        })
        .collect();
    assert!(unlike.is_empty(), "another rule is said to have moved: {unlike:?}");
}

#[test]
fn rules_that_do_not_compete_may_swap() {
    let department = |number| custom("In from AD - Department", number, "department", "department");
    let office = |number| custom("In from AD - Office", number, "office", "physicalDeliveryOfficeName");
    let compared = compare_rules([department(10), office(20)], [department(20), office(10)]);
    compared.assert_parity();
    assert_eq!(compared.expected_of("rule-precedence").len(), 2);
}

#[test]
fn rules_for_other_object_types_or_connectors_do_not_compete() {
    let types = |first, second| {
        [
            custom("In from AD - User", first, "displayName", "displayName"),
            custom("In from AD - Group", second, "displayName", "displayName").types("group", "group"),
        ]
    };
    compare_rules(types(10, 20), types(20, 10)).assert_parity();
    let out = |connector: &str, number| {
        Rule::outbound(&format!("Out to {connector}"), number)
            .flow(direct("displayName", "displayName"))
            .on(connector)
    };
    compare_rules(
        [out("contoso.com", 10), out("entra", 20)],
        [out("contoso.com", 20), out("entra", 10)],
    )
    .assert_parity();
}

#[test]
fn a_disabled_rule_does_not_compete() {
    let rules = |first, second| {
        let mut rules = rivals(&[first, second]);
        rules[1] = rules[1].clone().disabled();
        rules
    };
    let compared = compare_rules(rules(10, 20), rules(20, 10));
    compared.assert_parity();
}

#[test]
fn a_changed_rule_that_moved_as_well_is_two_findings() {
    let mut staging = rivals(&[20, 10]);
    staging[0] = staging[0].clone().scope(&[("department", "ISNOTNULL", "")]);
    compare_rules(rivals(&[10, 20]), staging).assert_findings(&["high rule-precedence", "high rule-scoping-filter"]);
}

#[test]
fn a_number_used_twice_is_a_lint_of_each_server_that_does_so() {
    let compared = compare_rules(rivals(&[10, 10]), rivals(&[10, 10]));
    compared.assert_parity();
    let lints = compared.lints();
    assert_eq!(lints.len(), 2, "{lints:?}");
    for server in ["SYNC01", "SYNC02"] {
        let start = format!("rule-precedence-duplicate {server}");
        assert!(lints.iter().any(|lint| lint.starts_with(&start)), "{lints:?}");
    }
    let lint = &compared.report["lints"][0];
    assert_eq!(lint["status"], "lint");
    assert!(
        words(lint).contains("In from AD - North") && words(lint).contains("In from AD - South"),
        "{lint}"
    );
}

#[test]
fn a_number_used_twice_on_one_server_makes_the_order_differ() {
    let compared = compare_rules(rivals(&[10, 11]), rivals(&[10, 10]));
    compared.assert_findings(&["high rule-precedence"]);
    // The lint has the same cause, so it hangs under the finding.
    assert_eq!(compared.lints(), Vec::<String>::new());
    let consequences = compared.one("rule-precedence")["consequences"].to_string();
    assert!(consequences.contains("precedence 10"), "{consequences}");
}

#[test]
fn a_custom_rule_among_the_default_rules_is_a_lint_and_no_drift_when_only_renumbered() {
    let rules = |shift: u32| {
        [
            user_join(100),
            custom("In from AD - Department", 101 + shift, "department", "division"),
            user_common(102 + shift),
            user_exchange(103 + 2 * shift),
        ]
    };
    let compared = compare_rules(rules(0), rules(5));
    compared.assert_parity();
    let mut lints = compared.lints();
    // That the rest of the family is not there is true.
    lints.retain(|lint| !lint.starts_with("default-rule-deleted"));
    assert_eq!(
        lints,
        [
            "rule-precedence-reserved SYNC01 In from AD - Department",
            "rule-precedence-reserved SYNC02 In from AD - Department"
        ]
    );
}

#[test]
fn a_custom_rule_among_the_default_rules_that_changes_sides_is_drift() {
    let rules = |number, common| {
        [
            custom("In from AD - Department", number, "department", "division"),
            user_common(common),
        ]
    };
    let compared = compare_rules(rules(101, 102), rules(103, 102));
    compared.assert_findings(&["high rule-precedence"]);
    assert_eq!(
        compared.one("rule-precedence")["object"],
        "In from AD - Department",
        "the default rule stays"
    );
    assert!(words(compared.one("rule-precedence")).contains("person.department"));
    let compared = compare_rules(rules(101, 103), rules(101, 100));
    assert_eq!(compared.findings().len(), 1);
}

#[test]
fn a_rule_for_every_object_type_competes_with_all() {
    let rules = |first, second| {
        [
            custom("In from AD - Any", first, "displayName", "cn").types("user", "*"),
            custom("In from AD - User", second, "displayName", "displayName"),
        ]
    };
    compare_rules(rules(10, 20), rules(20, 10)).assert_findings(&["high rule-precedence"]);
}
