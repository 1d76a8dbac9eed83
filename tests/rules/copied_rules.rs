//! A default rule against the copy that does its work beside the disabled
//! original: what somebody changed in the copy is named, part by part.

use crate::support::export::{Flow, Rule, direct};
use crate::support::text;
use crate::support::traps::{compare_rules, custom, user_common, user_join, words};
use serde_json::Value;

const STAMP: &str = "10/14/2019 11:09:04 AM";

/// The one finding of an edited copy of a rule that stands beside its disabled original, on staging and on the primary.
fn edited(rule: &Rule, edit: fn(Rule) -> Rule) -> [Value; 2] {
    let rest = || {
        [
            user_join(90),
            user_common(91),
            custom("In from AD - Other", 20, "info", "info"),
        ]
    };
    let others = || rest().into_iter().filter(|other| other.name != rule.name);
    let original: Vec<Rule> = others().chain([rule.clone()]).collect();
    let copy = edit(rule.cloned_as(STAMP, 50));
    let copied: Vec<Rule> = others().chain([copy, rule.clone().disabled()]).collect();
    [
        compare_rules(original.clone(), copied.clone()),
        compare_rules(copied, original),
    ]
    .map(|compared| {
        assert_eq!(compared.findings().len(), 1, "{:#?}", compared.brief());
        let entry = compared.expected_of("rule-cloned-default");
        assert_eq!(entry.len(), 1, "the copy has its entry: {:#?}", compared.expected());
        assert!(words(entry[0]).contains("Cloned"), "{}", entry[0]);
        compared.findings()[0].clone()
    })
}

#[test]
fn the_flow_that_was_changed_is_the_one_finding() {
    for finding in edited(&user_common(101), |rule| rule.instead(direct("department", "division"))) {
        assert_eq!(
            (
                text(&finding["id"]),
                text(&finding["setting"]),
                text(&finding["severity"])
            ),
            ("rule-attribute-flow", "Flow to department", "high")
        );
        let said = words(&finding);
        assert!(said.contains("does the work of the standard rule"), "{said}");
        assert!(!said.contains("title"), "{said}");
        // A copy is what the fix of a modified default rule asks for.
        assert!(!said.contains("edited in place"), "{said}");
    }
}

#[test]
fn a_merge_type_and_apply_once_are_named() {
    for edit in [
        (|rule| {
            rule.instead(Flow {
                merge: Some("MergeCaseInsensitive".to_owned()),
                ..direct("title", "title")
            })
        }) as fn(Rule) -> Rule,
        |rule| {
            rule.instead(Flow {
                once: Some("True".to_owned()),
                ..direct("title", "title")
            })
        },
    ] {
        for finding in edited(&user_common(101), edit) {
            assert_eq!(text(&finding["setting"]), "Flow to title");
        }
    }
}

#[test]
fn parts_of_a_copy_that_brings_objects_block_and_are_named() {
    let [narrower, wider] = edited(&user_join(100), |mut rule| {
        rule.scope[0].push(("department".to_owned(), "EQUAL".to_owned(), "Sales".to_owned()));
        rule
    });
    assert_eq!(
        (text(&narrower["id"]), text(&narrower["severity"])),
        ("rule-scoping-filter", "block")
    );
    let effect = text(&narrower["effect"]);
    assert!(effect.contains("department other than Sales"), "{effect}");
    assert!(
        effect.contains("does not bring") && !effect.contains("would be added"),
        "{effect}"
    );
    assert!(text(&wider["effect"]).contains("brings"), "{}", wider["effect"]);

    for finding in edited(&user_join(100), |rule| rule.join(&[("mail", "mail")])) {
        assert_eq!(
            (text(&finding["id"]), text(&finding["severity"])),
            ("rule-join-groups", "block")
        );
    }
    for finding in edited(&user_join(100), |rule| Rule {
        soft_delete: "1.00:00:00".to_owned(),
        ..rule
    }) {
        assert_eq!(text(&finding["id"]), "rule-soft-delete-expiry");
    }
}

#[test]
fn a_rule_that_both_servers_have_is_no_copy_of_another_one() {
    let large = |rule: Rule| {
        let more = ["info", "pager", "mobile"].map(|name| direct(name, name));
        more.into_iter().fold(rule, Rule::flow)
    };
    let common = || large(user_common(101));
    // Very much alike, and yet a rule of its own.
    let own = || Rule {
        tag: String::new(),
        ..large(user_common(50))
            .named("In from AD - Own")
            .instead(direct("title", "personalTitle"))
    };
    let compared = compare_rules(
        [user_join(100), common(), own()],
        [user_join(100), common().disabled(), own()],
    );
    compared.assert_findings(&["high rule-disabled"]);
    let renamed = compare_rules(
        [user_join(100), common(), own()],
        [
            user_join(100),
            common().disabled(),
            own().named("In from AD - New name"),
        ],
    );
    renamed.assert_findings(&["high rule-disabled", "info rule-name"]);
}

#[test]
fn a_default_rule_that_a_copy_replaced_altogether_is_one_finding() {
    for (left, right) in [
        (user_common(101), user_common(101).cloned_as(STAMP, 50)),
        (user_common(101).cloned_as(STAMP, 50), user_common(101)),
    ] {
        let compared = compare_rules([user_join(100), left], [user_join(100), right]);
        assert_eq!(compared.findings().len(), 1, "{:#?}", compared.brief());
        let said = words(compared.one("rule-immutable-tag"));
        assert!(said.contains("Cloned"), "{said}");
        assert!(!said.contains("different bodies"), "{said}");
    }
    let compared = compare_rules(
        [user_join(100), user_common(101)],
        [user_join(100), user_common(101).cloned_as(STAMP, 50).disabled()],
    );
    let ids: Vec<&str> = compared.findings().iter().map(|finding| text(&finding["id"])).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(
        ids.contains(&"rule-disabled") && ids.contains(&"rule-immutable-tag"),
        "{ids:?}"
    );
}

#[test]
fn a_flag_that_is_spelt_otherwise_is_not_called_missing() {
    let spelt = |flag: &str| Rule {
        passwords: Some(flag.to_owned()),
        ..user_join(100)
    };
    let compared = compare_rules([spelt("false")], [spelt("False")]);
    let entries = compared.expected_of("rule-password-sync");
    assert!(
        text(&entries[0]["reason"]).contains("Written differently"),
        "{}",
        entries[0]
    );
    let missing = Rule {
        passwords: None,
        ..user_join(100)
    };
    let compared = compare_rules([spelt("false")], [missing]);
    assert!(text(&compared.expected_of("rule-password-sync")[0]["reason"]).contains("missing flag"));
}
