//! A rule without flows and joins may still keep links and stop flows: its
//! link type says so.

use crate::support::export::{Rule, direct};
use crate::support::text;
use crate::support::traps::{compare_rules, user_common, user_join};

fn inbound(link: &str) -> Rule {
    Rule::inbound("In from AD - Cloud Sync", 20)
        .link(link)
        .scope(&[("department", "EQUAL", "Sales")])
}

fn outbound() -> Rule {
    Rule::outbound("Out to AAD - Cloud Sync", 30)
        .link("JoinNoFlow")
        .scope(&[("cloudNoFlow", "EQUAL", "True")])
}

#[test]
fn a_rule_that_keeps_links_on_one_server_only_is_drift() {
    let rest = || [user_join(100), user_common(101)];
    let with = |rule: Rule| rest().into_iter().chain([rule]);
    for rule in [
        inbound("JoinNoFlow"),
        outbound(),
        // Flows of such a rule do not run, so that other rules write the same makes up for nothing.
        inbound("JoinNoFlow").flow(direct("title", "title")),
        // What a link type does that nobody knows is not nothing.
        inbound("JoinSomehow"),
        Rule {
            soft_delete: "1.00:00:00".to_owned(),
            ..inbound("Join")
        },
    ] {
        for compared in [
            compare_rules(with(rule.clone()), rest()),
            compare_rules(rest(), with(rule.clone())),
        ] {
            compared.assert_findings(&["high custom-rule-missing"]);
            assert_eq!(compared.code, 1);
            let said = compared.one("custom-rule-missing").to_string();
            assert!(
                !said.contains("does nothing") && !said.contains("has no effect"),
                "{said}"
            );
        }
    }
    let compared = compare_rules(with(inbound("Join")), rest());
    compared.assert_findings(&["info custom-rule-missing"]);
}

#[test]
fn it_says_what_becomes_of_the_links() {
    let rest = || [user_join(100), user_common(101)];
    let with = |rule: Rule| rest().into_iter().chain([rule]);
    let rule = || inbound("JoinNoFlow");
    for compared in [
        compare_rules(with(rule()), rest()),
        compare_rules(with(rule()), with(rule().disabled())),
        compare_rules(with(outbound()), with(outbound().disabled())),
    ] {
        let effect = text(&compared.findings()[0]["effect"]);
        assert!(effect.contains("does not keep the link"), "{effect}");
    }
}

#[test]
fn another_name_does_nothing_and_another_place_is_told() {
    let rest = || [user_join(100), user_common(101)];
    let with = |rule: Rule| rest().into_iter().chain([rule]);
    let rule = || inbound("JoinNoFlow");
    compare_rules(with(rule()), with(rule().named("In from AD - New name"))).assert_findings(&["info rule-name"]);
    for moved in [
        Rule::outbound("In from AD - Cloud Sync", 20).link("JoinNoFlow"),
        rule().types("contact", "person"),
        rule().link("Join"),
    ] {
        let compared = compare_rules(with(rule()), with(moved));
        assert_eq!(compared.code, 1, "{:#?}", compared.brief());
    }
}
