//! A rule that reads or writes other objects on one server: what it did for the
//! one stops, as if it were disabled there.

use crate::support;
use crate::support::export::{Export, Rule, constant};
use crate::support::text;
use crate::support::traps::{compare_rules, primary_with, user_common, user_join, words};

#[test]
fn a_rule_that_brings_other_objects_blocks_and_says_who_goes() {
    for changed in [user_join(100).types("contact", "person"), user_join(100).on("entra")] {
        for (left, right) in [(user_join(100), changed.clone()), (changed.clone(), user_join(100))] {
            let compared = compare_rules([left, user_common(101)], [right, user_common(101)]);
            compared.assert_findings(&[if changed.source_type == "user" {
                "block rule-connector"
            } else {
                "block rule-source-object-type"
            }]);
            let said = words(&compared.findings()[0]);
            assert!(
                said.contains("What keeps person objects of the metaverse alive"),
                "{said}"
            );
            let effect = text(&compared.findings()[0]["effect"]);
            assert!(
                effect.contains("does not bring") && effect.contains("this rule brings"),
                "{effect}"
            );
        }
    }
    let filter = || Rule::inbound("In from AD - Filter", 40).flow(constant("cloudFiltered", "True"));
    let compared = compare_rules(
        [user_join(100), filter()],
        [user_join(100), filter().types("contact", "person")],
    );
    compared.assert_findings(&["block rule-source-object-type"]);
}

#[test]
fn winners_hang_under_a_rule_that_works_on_other_objects() {
    let rules = |common: Rule| [user_join(100), common];
    for (changed, id) in [
        (user_common(101).types("contact", "person"), "rule-source-object-type"),
        (user_common(101).types("user", "group"), "rule-target-object-type"),
        (user_common(101).on("fabrikam.com"), "rule-connector"),
        (
            Rule {
                direction: "Outbound".to_owned(),
                ..user_common(101)
            },
            "rule-direction",
        ),
    ] {
        let two = |common: Rule| Export {
            forests: vec![
                ("contoso.com".to_owned(), "contoso.com".to_owned()),
                ("fabrikam.com".to_owned(), "fabrikam.com".to_owned()),
            ],
            ..primary_with(rules(common))
        };
        let compared = support::export::compare(&two(user_common(101)), &Export::staging_of(&two(changed)));
        compared.assert_findings(&[&format!("high {id}")]);
        let said = words(compared.one(id));
        assert!(said.contains("person.department"), "{id}: {said}");
    }
}

#[test]
fn every_type_holds_each_of_them() {
    let effect = |left: Rule, right: Rule| {
        let compared = compare_rules([user_join(100), left], [user_join(100), right]);
        assert_eq!(compared.findings().len(), 1, "{:#?}", compared.brief());
        text(&compared.findings()[0]["effect"]).to_owned()
    };
    let plain = || user_common(101);
    for (source, target) in [("user", "*"), ("*", "person")] {
        let wider = effect(plain(), plain().types(source, target));
        assert!(
            wider.contains("every type, not only") && !wider.contains("stops"),
            "{wider}"
        );
        let narrower = effect(plain().types(source, target), plain());
        assert!(
            narrower.contains("for the others stops") || narrower.contains("to the others stops"),
            "{narrower}"
        );
    }
}

#[test]
fn what_a_default_rule_lost_to_an_equal_custom_rule_is_one_info() {
    let rest = || user_join(100);
    let mut less = user_common(101);
    let moved: Vec<_> = less.flows.drain(..2).collect();
    let own = Rule {
        flows: moved,
        ..Rule::inbound("In from AD - Own", 99)
    };
    for (left, right) in [
        (vec![rest(), user_common(101)], vec![rest(), less.clone(), own.clone()]),
        (vec![rest(), less.clone(), own.clone()], vec![rest(), user_common(101)]),
    ] {
        let compared = compare_rules(left, right);
        compared.assert_findings(&["info custom-rule-missing", "info default-rule-modified"]);
        let said = compared.one("default-rule-modified").to_string();
        assert!(
            said.contains("Flow to company") && said.contains("Flow to department"),
            "{said}"
        );
        assert!(!said.contains("cleared"), "{said}");
    }
    // Without the other rule each flow counts.
    let compared = compare_rules([rest(), user_common(101)], [rest(), less]);
    compared.assert_findings(&["high rule-attribute-flow", "high rule-attribute-flow"]);
}

#[test]
fn an_original_enabled_beside_its_equal_clone_changes_nothing() {
    let clone = || user_common(101).cloned_as("10/14/2019 11:09:04 AM", 50);
    let compared = compare_rules(
        [user_join(100), clone(), user_common(101).disabled()],
        [user_join(100), clone(), user_common(101)],
    );
    compared.assert_findings(&["info rule-disabled"]);
    assert!(text(&compared.one("rule-disabled")["effect"]).contains("no object changes"));
    // A rule that joins does more than to write.
    let clone = || user_join(100).cloned_as("10/14/2019 11:09:04 AM", 50);
    let compared = compare_rules([clone(), user_join(100).disabled()], [clone(), user_join(100)]);
    compared.assert_findings(&["block rule-disabled"]);
}
