//! What a difference of a rule does at failover, in a sentence.

use crate::support::export::{Rule, constant, direct, expression};
use crate::support::text;
use crate::support::traps::{compare_rules, custom, user_common, user_join};
use syncdrift::catalogue::Catalogue;

type Clause = (&'static str, &'static str, &'static str);
type Filter = &'static [&'static [Clause]];

const SALES: Clause = ("department", "EQUAL", "Sales");
const GERMAN: Clause = ("country", "EQUAL", "DE");

fn filter(groups: &[&[Clause]]) -> Rule {
    let rule = Rule::inbound("In from AD - User Filter", 50).flow(constant("cloudFiltered", "True"));
    groups.iter().fold(rule, |rule, group| rule.scope(group))
}

fn department(groups: &[&[Clause]]) -> Rule {
    let rule = custom("In from AD - Department", 50, "department", "departmentNumber");
    groups.iter().fold(rule, |rule, group| rule.scope(group))
}

/// The effect of the one finding with this id.
fn effect(id: &str, primary: &[Rule], staging: &[Rule]) -> String {
    let with = |rules: &[Rule]| [rules, &[user_common(120)]].concat();
    let compared = compare_rules(with(primary), with(staging));
    text(&compared.one(id)["effect"]).to_owned()
}

#[test]
fn who_is_no_longer_filtered_out_is_added_and_who_is_newly_filtered_is_deleted() {
    let all: &[&[Clause]] = &[&[SALES]];
    let added = "On SYNC02 users with department = Sales are no longer filtered out: they would be added to Entra ID at failover.";
    let deleted =
        "On SYNC02 users with department = Sales are filtered out: they would be deleted from Entra ID at failover.";
    assert_eq!(effect("custom-rule-missing", &[filter(all)], &[]), added);
    assert_eq!(effect("custom-rule-missing", &[], &[filter(all)]), deleted);
    assert_eq!(
        effect("rule-disabled", &[filter(all)], &[filter(all).disabled()]),
        added
    );
    assert_eq!(
        effect("rule-disabled", &[filter(all).disabled()], &[filter(all)]),
        deleted
    );
    // A filter that depends on a value says less.
    let depends = |groups| Rule {
        flows: vec![expression("cloudFiltered", "IIF([title]=\"x\",True,NULL)")],
        ..filter(groups)
    };
    let some = effect("custom-rule-missing", &[depends(all)], &[]);
    assert!(
        some.contains("does not decide which users with department = Sales are filtered out"),
        "{some}"
    );
}

#[test]
fn a_scope_says_who_leaves_and_who_enters() {
    let cases: [(Filter, Filter, &str); 12] = [
        (
            &[&[SALES]],
            &[&[("department", "EQUAL", "HR")]],
            "users with department = Sales are no longer filtered out: they would be added|users with department = HR are filtered out: they would be deleted",
        ),
        (
            &[&[SALES]],
            &[&[SALES, GERMAN]],
            "users with department = Sales and with country other than DE are no longer filtered out",
        ),
        (
            &[&[SALES, GERMAN]],
            &[&[SALES]],
            "users with department = Sales and with country other than DE are filtered out",
        ),
        (
            &[&[SALES]],
            &[&[SALES], &[GERMAN]],
            "users with country = DE (where no other group holds) are filtered out",
        ),
        (
            &[&[SALES], &[GERMAN]],
            &[&[SALES]],
            "users with country = DE (where no other group holds) are no longer filtered out",
        ),
        (
            &[],
            &[&[SALES]],
            "users with department other than Sales are no longer filtered out",
        ),
        (
            &[&[SALES]],
            &[],
            "users with department other than Sales are filtered out",
        ),
        (
            &[&[SALES], &[GERMAN]],
            &[],
            "users with department other than Sales and with country other than DE are filtered out",
        ),
        // What stays in scope, or comes to, is not named.
        (
            &[&[("adminDescription", "NOTSTARTSWITH", "User_")]],
            &[&[("adminDescription", "NOTSTARTSWITH", "Usr_")]],
            "users with adminDescription not beginning with User_ and with adminDescription beginning with Usr_ are no longer filtered out|users with adminDescription not beginning with Usr_ and with adminDescription beginning with User_ are filtered out",
        ),
        (
            &[&[("mail", "STARTSWITH", "svc-")]],
            &[&[("mail", "STARTSWITH", "svc")]],
            "users with mail beginning with svc and with mail not beginning with svc- are filtered out",
        ),
        (
            &[&[("title", "EQUAL", "abc")]],
            &[&[("title", "ISNOTNULL", "")]],
            "users that have title and with title other than abc are filtered out",
        ),
        (
            &[&[SALES, GERMAN]],
            &[&[SALES], &[GERMAN]],
            "users with department = Sales, or with country = DE (where no other group holds) are filtered out",
        ),
    ];
    for (left, right, wanted) in cases {
        let said = effect("rule-scoping-filter", &[filter(left)], &[filter(right)]);
        for part in wanted.split('|') {
            assert!(said.contains(&format!("On SYNC02 {part}")), "{part}: {said}");
        }
        assert_eq!(said.matches("On SYNC02").count(), wanted.split('|').count(), "{said}");
    }
}

#[test]
fn the_other_roles_tell_the_opposite() {
    let (a, b) = (filter(&[&[SALES]]), filter(&[&[SALES, GERMAN]]));
    let narrower = effect(
        "rule-scoping-filter",
        std::slice::from_ref(&a),
        std::slice::from_ref(&b),
    );
    let wider = effect("rule-scoping-filter", &[b], &[a]);
    assert_eq!(
        narrower
            .replace("are no longer", "are")
            .replace("added to", "deleted from"),
        wider
    );
}

#[test]
fn every_operator_has_words_for_both_sides() {
    let operators = Catalogue::builtin().effects.operators.keys();
    for operator in operators {
        let clause: Clause = (
            "title",
            operator.as_str(),
            if operator.ends_with("NULL") { "" } else { "7" },
        );
        let inside = effect("custom-rule-missing", &[filter(&[&[clause]])], &[]);
        let outside = effect("rule-scoping-filter", &[filter(&[])], &[filter(&[&[clause]])]);
        for said in [&inside, &outside] {
            assert!(
                said.contains("title") && !said.contains(operator) && !said.contains('{'),
                "{operator}: {said}"
            );
        }
        assert_ne!(inside, outside, "{operator}");
    }
    let unknown = effect(
        "custom-rule-missing",
        &[filter(&[&[("title", "SOUNDSLIKE", "boss")]])],
        &[],
    );
    assert!(unknown.contains("users where title SOUNDSLIKE boss"), "{unknown}");
}

#[test]
fn rules_that_create_join_or_carry_passwords_say_what_is_lost() {
    let lost = effect("rule-link-type", &[user_join(100)], &[user_join(100).link("Join")]);
    assert!(
        lost.contains("does not bring users with isCriticalSystemObject other than True from contoso.com"),
        "{lost}"
    );
    let carries = Rule {
        passwords: Some("True".to_owned()),
        ..department(&[&[SALES]])
    };
    let lost = effect("rule-password-sync", &[carries], &[department(&[&[SALES]])]);
    assert!(
        lost.contains("does not carry the password hashes of users with department = Sales"),
        "{lost}"
    );
    let out = |link| {
        Rule::outbound("Out to AAD - User", 60)
            .link(link)
            .flow(direct("department", "department"))
    };
    let gained = effect("rule-link-type", &[out("Join")], &[out("Provision")]);
    assert!(
        gained.contains("provisions users to contoso.onmicrosoft.com - AAD"),
        "{gained}"
    );
    let joins = department(&[&[SALES]]).join(&[("mail", "mail")]);
    let others = department(&[&[SALES]]).join(&[("employeeID", "employeeID")]);
    let said = effect("rule-join-groups", &[joins], &[others]);
    assert!(
        said.contains("users with department = Sales are matched by other conditions"),
        "{said}"
    );
}

#[test]
fn a_flow_says_which_value_takes_the_place_of_which() {
    let plain = department(&[]);
    let other = Rule {
        flows: vec![direct("department", "division")],
        ..plain.clone()
    };
    assert_eq!(
        effect("rule-attribute-flow", std::slice::from_ref(&plain), &[other]),
        "On SYNC02 department of users is [division] instead of [departmentNumber]: the first cycles after failover write the other value."
    );
    let long = format!(
        "IIF(IsPresent([division]),{},[departmentNumber])",
        "Trim(".repeat(20) + "[division]" + &")".repeat(20)
    );
    let other = Rule {
        flows: vec![expression("department", &long)],
        ..plain.clone()
    };
    let said = effect("rule-attribute-flow", &[plain], &[other]);
    assert!(said.contains("department of users is computed otherwise"), "{said}");
}

#[test]
fn a_rule_that_moved_says_who_wins_on_staging() {
    let rival = |number| custom("In from AD - Rival", number, "department", "division");
    let said = effect(
        "rule-precedence",
        &[department(&[]), rival(60)],
        &[department(&[]), rival(40)],
    );
    assert_eq!(
        said,
        "On SYNC02 person.department of users comes from this rule where SYNC01 takes it from \"In from AD - Department\": the first cycles after failover write the other value."
    );
}

#[test]
fn what_has_no_effect_claims_none() {
    let disabled = department(&[]).disabled();
    let compared = compare_rules([disabled.clone(), user_common(120)], [user_common(120)]);
    assert_eq!(
        text(&compared.one("custom-rule-missing")["effect"]),
        "The rule does nothing: no object changes at failover."
    );
    let both = [
        disabled.clone(),
        Rule {
            flows: vec![direct("department", "division")],
            ..disabled
        },
    ];
    let compared = compare_rules([both[0].clone()], [both[1].clone()]);
    assert!(compared.one("rule-attribute-flow")["effect"].is_null());
}

#[test]
fn a_rule_that_creates_and_carries_passwords_says_that_objects_go() {
    let out = Rule {
        passwords: Some("True".to_owned()),
        ..Rule::outbound("Out to AAD - User", 60)
            .link("Provision")
            .flow(direct("department", "department"))
    };
    let said = effect("custom-rule-missing", std::slice::from_ref(&out), &[]);
    assert!(said.contains("deleted there at failover"), "{said}");
    let keeps = effect(
        "rule-link-type",
        std::slice::from_ref(&out),
        &[out.clone().link("JoinNoFlow")],
    );
    assert!(keeps.contains("does not provision users"), "{keeps}");
    let joined = department(&[]);
    let mute = effect(
        "rule-link-type",
        std::slice::from_ref(&joined),
        &[joined.clone().link("JoinNoFlow")],
    );
    assert!(mute.contains("does not write department of users"), "{mute}");
    let sticky = effect(
        "rule-link-type",
        std::slice::from_ref(&joined),
        &[joined.clone().link("StickyJoin")],
    );
    assert!(sticky.contains("links users as StickyJoin instead of Join"), "{sticky}");
}

#[test]
fn a_filter_that_is_no_longer_constant_says_who_comes_through() {
    let all: &[&[Clause]] = &[&[SALES]];
    let open = Rule {
        flows: vec![constant("cloudFiltered", "False")],
        ..filter(all)
    };
    let said = effect("rule-attribute-flow", &[filter(all)], &[open]);
    assert!(
        said.contains("users with department = Sales are no longer filtered out"),
        "{said}"
    );
}
