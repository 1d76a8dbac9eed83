//! Parts of a rule: scope, joins, flags, and rules that one server lacks.

use crate::support::export::{Rule, constant, direct};
use crate::support::text;
use crate::support::traps::{compare_rules, custom, user_common, user_exchange, user_join, words};

const SALES: &[(&str, &str, &str)] = &[("department", "EQUAL", "Sales"), ("company", "EQUAL", "Contoso")];
const IT: &[(&str, &str, &str)] = &[("department", "EQUAL", "IT")];

fn scoped(groups: &[&[(&str, &str, &str)]]) -> [Rule; 1] {
    let rule = custom("In from AD - Department", 50, "department", "division");
    [groups.iter().fold(rule, |rule, group| rule.scope(group))]
}

#[test]
fn the_order_of_scope_groups_and_clauses_does_not_count() {
    let turned: Vec<_> = SALES.iter().rev().copied().collect();
    for right in [scoped(&[IT, SALES]), scoped(&[SALES, IT]), scoped(&[IT, &turned])] {
        let compared = compare_rules(scoped(&[SALES, IT]), right);
        compared.assert_parity();
        assert!(
            compared.expected_of("rule-scoping-filter").is_empty(),
            "order is no difference at all"
        );
    }
}

#[test]
fn clauses_moved_between_groups_are_another_filter() {
    let compared = compare_rules(scoped(&[SALES, IT]), scoped(&[&SALES[..1], &[IT[0], SALES[1]]]));
    compared.assert_findings(&["high rule-scoping-filter"]);
    compare_rules(scoped(&[&[SALES[0], IT[0]]]), scoped(&[&SALES[..1], IT]))
        .assert_findings(&["high rule-scoping-filter"]);
}

#[test]
fn scopes_equal_in_logic_are_expected() {
    let subsumed: &[(&str, &str, &str)] = &[IT[0], ("title", "ISNOTNULL", "")];
    let twice: &[(&str, &str, &str)] = &[IT[0], IT[0]];
    for (what, right) in [
        ("a clause twice", scoped(&[SALES, twice])),
        ("a group twice", scoped(&[SALES, IT, SALES])),
        ("a subsumed group", scoped(&[SALES, IT, subsumed])),
    ] {
        for (l, r) in [
            (scoped(&[SALES, IT]), right.clone()),
            (right.clone(), scoped(&[SALES, IT])),
        ] {
            let compared = compare_rules(l, r);
            assert_eq!(compared.brief(), Vec::<String>::new(), "{what}");
            assert_eq!(
                compared.expected_of("rule-scoping-filter").len(),
                1,
                "{what} has its entry"
            );
        }
    }
}

#[test]
fn a_scope_that_decides_existence_blocks() {
    let scope = |rule: Rule| rule.scope(IT);
    let department = || custom("In from AD - Department", 50, "department", "division");
    let filter = || Rule::inbound("In from AD - Filter", 50).flow(constant("cloudFiltered", "True"));
    let passwords = || Rule {
        passwords: Some("true".to_owned()),
        ..department()
    };
    for (rule, severity) in [
        (department(), "high"),
        (user_join(100), "block"),
        (filter(), "block"),
        (passwords(), "block"),
        (department().link("Provision"), "block"),
    ] {
        let compared = compare_rules([rule.clone()], [scope(rule)]);
        compared.assert_findings(&[&format!("{severity} rule-scoping-filter")]);
        let finding = compared.one("rule-scoping-filter");
        assert!(text(&finding["staging"]).contains("department EQUAL IT"), "{finding}");
        assert!(!finding["detail"].as_array().unwrap().is_empty(), "the clause is named");
    }
}

#[test]
fn letter_case_and_blanks_of_a_clause_value_count_as_written() {
    let value = |value: &'static str| scoped(&[&[("department", "EQUAL", value)]]);
    compare_rules(value("Sales"), value("Sales ")).assert_findings(&["high rule-scoping-filter"]);
    compare_rules(
        scoped(&[&[("Department", "EQUAL", "x")]]),
        scoped(&[&[("department", "Equal", "x")]]),
    )
    .assert_parity();
}

fn joined(groups: &[&[(&str, &str)]]) -> [Rule; 1] {
    let rule = custom("In from AD - Join", 50, "department", "division");
    [groups.iter().fold(rule, |rule, group| rule.join(group))]
}

#[test]
fn the_order_of_join_groups_counts_and_that_of_conditions_does_not() {
    let mail: &[(&str, &str)] = &[("mail", "mail"), ("sn", "sn")];
    let turned: &[(&str, &str)] = &[("sn", "sn"), ("mail", "mail")];
    let id: &[(&str, &str)] = &[("employeeID", "employeeID")];
    compare_rules(joined(&[mail, id]), joined(&[turned, id])).assert_parity();
    let compared = compare_rules(joined(&[mail, id]), joined(&[id, mail]));
    compared.assert_findings(&["block rule-join-groups"]);
    let finding = compared.one("rule-join-groups");
    assert!(words(finding).contains("employeeID"), "{}", words(finding));
    compare_rules(joined(&[mail, id]), joined(&[mail])).assert_findings(&["block rule-join-groups"]);
}

#[test]
fn absent_flags_of_a_rule_mean_no() {
    let rule = |disabled: Option<&str>, passwords: Option<&str>, case: Option<&str>, once: Option<&str>| {
        let mut rule = custom("In from AD - Flags", 50, "department", "division").join(&[("mail", "mail")]);
        rule.disabled = disabled.map(str::to_owned);
        rule.passwords = passwords.map(str::to_owned);
        rule.joins[0][0].2 = case.map(str::to_owned);
        rule.flows[0].once = once.map(str::to_owned);
        [rule]
    };
    let absent = || rule(None, None, None, None);
    let written = rule(Some("False"), Some("false"), Some("False"), Some("False"));
    for (left, right) in [(absent(), written.clone()), (written, absent())] {
        let compared = compare_rules(left, right);
        compared.assert_parity();
        for id in ["rule-disabled", "rule-password-sync", "rule-flow-apply-once"] {
            assert_eq!(compared.expected_of(id).len(), 1, "{id} has its entry");
        }
    }
    compare_rules(absent(), rule(Some("True"), None, None, None)).assert_findings(&["block rule-disabled"]);
    compare_rules(absent(), rule(None, Some("True"), None, None)).assert_findings(&["block rule-password-sync"]);
    compare_rules(absent(), rule(None, None, Some("True"), None)).assert_findings(&["block rule-join-groups"]);
    compare_rules(absent(), rule(None, None, None, Some("True"))).assert_findings(&["medium rule-attribute-flow"]);
    compare_rules(rule(Some("1"), None, None, None), rule(Some("true"), None, None, None)).assert_parity();
}

#[test]
fn each_header_field_is_one_finding() {
    let mut staging = user_join(100).link("Join");
    staging.description = "another".to_owned();
    staging.soft_delete = "7.00:00:00".to_owned();
    staging.passwords = Some("true".to_owned());
    compare_rules([user_join(100)], [staging.clone()]).assert_findings(&[
        "block rule-link-type",
        "block rule-password-sync",
        "low rule-description",
        "medium rule-soft-delete-expiry",
    ]);
    let mut other = staging.clone();
    other.soft_delete = "7.0:0:0".to_owned();
    compare_rules([staging], [other]).assert_parity();
}

#[test]
fn a_rule_that_is_disabled_on_both_is_low_whatever_differs() {
    let original = user_common(101).join(&[("mail", "mail")]).disabled();
    let mut changed = user_common(150)
        .join(&[("employeeID", "employeeID")])
        .scope(IT)
        .link("Provision")
        .instead(direct("department", "division"))
        .disabled();
    changed.flows.remove(0);
    changed.passwords = Some("true".to_owned());
    changed.soft_delete = "1.00:00:00".to_owned();
    let compared = compare_rules([original.clone()], [changed.clone()]);
    assert_eq!(compared.findings().len(), 7, "{:#?}", compared.brief());
    assert!(
        compared.findings().iter().all(|f| f["severity"] == "low"),
        "{:#?}",
        compared.brief()
    );
    assert_eq!(compared.expected_of("rule-precedence").len(), 1);
    assert_eq!(compared.code, 1);
    // A tag of another version and a custom rule are no exceptions.
    let tagged = original.clone().tagged("Microsoft.InfromADUserCommon.008");
    compare_rules([original], [tagged]).assert_findings(&["low rule-immutable-tag"]);
    let own = || custom("In from AD - Own", 50, "department", "division").disabled();
    compare_rules([own()], [own().scope(IT)]).assert_findings(&["low rule-scoping-filter"]);
    compare_rules([own()], [own().types("contact", "person")]).assert_findings(&["low rule-source-object-type"]);
    // Live on one side is another matter.
    let compared = compare_rules(
        [own()],
        [custom("In from AD - Own", 50, "department", "division").scope(IT)],
    );
    compared.assert_findings(&["high rule-disabled", "high rule-scoping-filter"]);
}

#[test]
fn a_live_custom_rule_on_one_side_blocks_when_it_decides_existence() {
    let department = || custom("In from AD - Department", 50, "department", "division");
    for (rule, severity) in [
        (department(), "high"),
        (department().join(&[("mail", "mail")]), "block"),
        (department().link("Provision"), "block"),
        (department().link("StickyJoin"), "block"),
        (
            Rule::inbound("In from AD - Filter", 50).flow(constant("cloudFiltered", "True")),
            "block",
        ),
    ] {
        let other = || user_exchange(110);
        let compared = compare_rules([rule.clone(), other()], [other()]);
        compared.assert_findings(&[&format!("{severity} custom-rule-missing")]);
        assert_eq!(compared.one("custom-rule-missing")["change"], "removed");
        let compared = compare_rules([other()], [rule, other()]);
        compared.assert_findings(&[&format!("{severity} custom-rule-missing")]);
        assert_eq!(compared.one("custom-rule-missing")["change"], "added");
        assert_eq!(compared.code, 1);
    }
}

#[test]
fn a_missing_rule_names_the_winners_it_changes_and_nothing_else_is_found() {
    let common = user_common(101);
    let department = custom("In from AD - Department", 50, "department", "division");
    let compared = compare_rules([department, common.clone().at(102)], [common]);
    compared.assert_findings(&["high custom-rule-missing"]);
    let consequences = compared.one("custom-rule-missing")["consequences"].to_string();
    for word in ["person.department", "In from AD - User Common", "SYNC02"] {
        assert!(consequences.contains(word), "{word}: {consequences}");
    }
}

#[test]
fn rules_without_effect_are_info() {
    let disabled = user_join(100).tagged("").named("In from AD - Test").disabled();
    let empty = Rule::inbound("In from AD - Nothing", 50);
    for rule in [disabled, empty] {
        let both = || [user_exchange(110), rule.clone()];
        for compared in [
            compare_rules([user_exchange(110)], both()),
            compare_rules(both(), [user_exchange(110)]),
        ] {
            compared.assert_findings(&["info custom-rule-missing"]);
            assert_eq!((compared.code, text(&compared.report["verdict"])), (0, "parity"));
            assert!(words(compared.one("custom-rule-missing")).contains("no effect"));
        }
    }
}

#[test]
fn a_rule_split_in_two_without_effect_is_info() {
    let whole = Rule::inbound("In from AD - Work", 50)
        .scope(IT)
        .flow(direct("department", "division"))
        .flow(direct("title", "title"));
    let part = |name: &str, number, target: &str, source: &str| custom(name, number, target, source).scope(IT);
    let compared = compare_rules(
        [whole],
        [
            part("In from AD - Work", 50, "department", "division"),
            part("In from AD - Work 2", 51, "title", "title"),
        ],
    );
    assert!(!compared.findings().is_empty(), "the split is told");
    assert!(
        compared.findings().iter().all(|f| f["severity"] == "info"),
        "{:#?}",
        compared.brief()
    );
    assert_eq!((compared.code, text(&compared.report["verdict"])), (0, "parity"));
}

#[test]
fn a_live_copy_of_a_custom_rule_that_changes_no_value_is_info() {
    let rule = custom("In from AD - Department", 50, "department", "division").scope(IT);
    let copy = rule.clone().named("Copy of In from AD - Department").at(51);
    let compared = compare_rules([rule.clone()], [rule, copy]);
    compared.assert_findings(&["info custom-rule-missing"]);
    assert_eq!(compared.code, 0);
}

#[test]
fn the_order_and_layout_of_a_rule_file_do_not_count() {
    let mut turned = user_common(101);
    turned.flows.reverse();
    compare_rules([user_common(101)], [turned]).assert_parity();
}

#[test]
fn what_no_row_knows_is_a_low_finding_with_its_path() {
    let mut staging = user_common(101);
    staging.extra = "<newSetting><mode>strict</mode></newSetting>".to_owned();
    let compared = compare_rules([user_common(101)], [staging]);
    compared.assert_findings(&["low uncatalogued-setting"]);
    let finding = compared.one("uncatalogued-setting");
    assert!(text(&finding["setting"]).contains("newSetting/mode"), "{finding}");
    assert_eq!(finding["staging"], "strict");
    assert_eq!(finding["object"], "In from AD - User Common");
}
