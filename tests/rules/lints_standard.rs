//! Standard rules that were deleted or edited in place, told from one server of one forest.

use crate::support;
use crate::support::Compared;
use crate::support::export::{Export, Rule, compare, constant, direct, expression};
use crate::support::lints::{consequences, lints};

const ROWS: [&str; 2] = ["default-rule-deleted", "default-rule-sisters"];

fn rule(name: &str, precedence: u32) -> Rule {
    let tag: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let rule = Rule::inbound(name, precedence).tagged(&format!("Microsoft.{tag}.004"));
    Rule {
        source_type: if name.contains("InetOrgPerson") {
            "inetOrgPerson".to_owned()
        } else {
            "user".to_owned()
        },
        ..rule
    }
}

fn family() -> Vec<Rule> {
    vec![
        rule("In from AD - User Join", 100).flow(constant("sourceObjectType", "User")),
        rule("In from AD - User AccountEnabled", 102).flow(direct("accountEnabled", "userAccountControl")),
        rule("In from AD - User Common", 106).flow(expression("displayName", "Trim([displayName])")),
    ]
}

fn both(rules: Vec<Rule>) -> Compared {
    let primary = Export {
        rules,
        ..Export::primary()
    };
    compare(&primary, &Export::staging_of(&primary))
}

fn found(rules: Vec<Rule>) -> Vec<String> {
    let found = lints(&both(rules), &ROWS);
    found.into_iter().filter(|lint| lint.contains("SYNC01")).collect()
}

#[test]
fn a_rule_without_those_that_are_always_installed_with_it_lost_them() {
    assert!(found(family()).is_empty());
    let mut lost = family();
    lost.remove(2);
    let line = |name: &str| {
        format!(
            "medium default-rule-deleted SYNC01 / In from AD - {name}: \"In from AD - {name}\" is missing on contoso.com"
        )
    };
    assert_eq!(found(lost.clone()), [line("User Common")]);
    assert!(both(lost.clone()).findings().is_empty(), "a lint is no drift");
    // Also where all that is left is disabled, and each one is told.
    let join = lost[0].clone().disabled();
    assert_eq!(found(vec![join]), [line("User AccountEnabled"), line("User Common")]);
    // A disabled rule is there, whatever the version of its tag.
    let mut disabled = family();
    disabled[2] = family()[2]
        .clone()
        .disabled()
        .tagged("Microsoft.InfromADUserCommon.009");
    assert!(found(disabled).is_empty());
    // None of the family, or rules that depend on a schema: nothing is known.
    assert!(found(vec![rule("In from AD - User Lync", 110)]).is_empty());
    // A rule of the name without the tag is somebody's own.
    lost.push(rule("In from AD - User Common", 106).tagged(""));
    assert_eq!(found(lost), [line("User Common")]);
}

#[test]
fn a_rule_that_only_one_server_lost_is_drift_and_no_lint() {
    let primary = Export {
        rules: family(),
        ..Export::primary()
    };
    let mut staging = Export::staging_of(&primary);
    staging.rules.remove(2);
    let compared = compare(&primary, &staging);
    let ids: Vec<_> = compared
        .findings()
        .iter()
        .map(|finding| finding["id"].clone())
        .collect();
    assert_eq!(ids, ["default-rule-missing"]);
    assert!(lints(&compared, &ROWS).is_empty());
    let said = consequences(&compared.findings()[0]);
    assert!(
        said.contains("On SYNC02 \"In from AD - User Common\" is missing on contoso.com"),
        "{said}"
    );
}

#[test]
fn rules_that_cannot_be_read_may_be_the_missing_one() {
    let mut primary = Export {
        rules: family(),
        ..Export::primary()
    };
    primary.rules.remove(2);
    let staging = Export::staging_of(&primary);
    let folder = tempfile::TempDir::new().unwrap();
    let (left, right) = (folder.path().join("left"), folder.path().join("right"));
    primary.write(&left);
    staging.write(&right);
    std::fs::write(
        left.join("SynchronizationRules/SynchronizationRule_x.xml"),
        "<synchronizationRule>",
    )
    .unwrap();
    let found = lints(&support::compare(&left, &right), &ROWS);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("SYNC02"), "{found:#?}");
}

fn sisters(text: &str) -> Vec<Rule> {
    let mut rules = family();
    for part in ["Join", "AccountEnabled"] {
        rules.push(rule(&format!("In from AD - InetOrgPerson {part}"), 120));
    }
    rules.push(rule("In from AD - InetOrgPerson Common", 107).flow(expression("displayName", text)));
    // The second one may lack what the first one writes.
    rules[2].flows.push(direct("pager", "pager"));
    for (at, rule) in rules.iter_mut().enumerate() {
        rule.precedence = (100 + at).to_string();
    }
    rules
}

#[test]
fn a_rule_that_writes_an_attribute_unlike_its_sister_was_edited() {
    assert!(found(sisters("Trim( [displayName] )")).is_empty());
    let line = "info default-rule-sisters SYNC01 / In from AD - User Common: not as \"In from AD - InetOrgPerson \
                Common\": the flow to \"displayName\"";
    assert_eq!(found(sisters("[cn]")), [line]);
    // What runs nowhere, and an edited rule beside its standard copy, which is told apart.
    let mut disabled = sisters("[cn]");
    disabled[2] = disabled[2].clone().disabled();
    assert!(found(disabled).is_empty());
    let mut copy = sisters("[cn]");
    copy.push(Rule {
        precedence: "120".to_owned(),
        ..family()[2].clone().disabled()
    });
    assert!(found(copy).is_empty());
}

#[test]
fn a_rule_edited_on_one_server_is_drift() {
    let primary = Export {
        rules: sisters("Trim([displayName])"),
        ..Export::primary()
    };
    let mut staging = Export::staging_of(&primary);
    staging.rules = sisters("[cn]");
    let compared = compare(&primary, &staging);
    assert!(lints(&compared, &ROWS).is_empty());
    let said: Vec<String> = compared.findings().iter().map(consequences).collect();
    assert!(
        said.iter().any(|said| said.contains("not as \"In from AD")),
        "{said:#?}"
    );
}

fn exchange(name: &str, precedence: u32) -> Rule {
    rule(name, precedence).flow(direct("mail", "mail"))
}

#[test]
fn a_rule_whose_sister_is_there_is_missing() {
    let all = || {
        vec![
            exchange("In from AD - User Exchange", 110),
            exchange("In from AD - InetOrgPerson Exchange", 111),
            exchange("In from AD - User Lync", 112),
            exchange("In from AD - InetOrgPerson Lync", 113),
        ]
    };
    assert!(found(all()).is_empty());
    for (at, name) in [(2, "User Lync"), (3, "InetOrgPerson Lync")] {
        let mut lost = all();
        lost.remove(at);
        assert_eq!(
            found(lost),
            [format!(
                "medium default-rule-deleted SYNC01 / In from AD - {name}: \"In from AD - {name}\" is missing on contoso.com"
            )]
        );
    }
    // A server that has no such objects at all has none of their rules.
    let users = all().into_iter().step_by(2).collect();
    assert!(found(users).is_empty());
}

#[test]
fn sisters_join_alike_and_the_first_writes_what_the_second_does() {
    let sisters = |edit: fn(&mut Rule)| {
        let mut rules = vec![
            exchange("In from AD - User Exchange", 110).join(&[("mail", "mail")]),
            exchange("In from AD - InetOrgPerson Exchange", 111).join(&[("mail", "mail")]),
        ];
        edit(&mut rules[0]);
        found(rules)
    };
    let line = |said: &str| {
        [format!(
            "info default-rule-sisters SYNC01 / In from AD - User Exchange: not as \"In from AD - InetOrgPerson Exchange\": {said}"
        )]
    };
    assert!(sisters(|_| {}).is_empty());
    assert_eq!(sisters(|rule| rule.joins.clear()), line("join rules"));
    assert_eq!(
        sisters(|rule| rule.link_type = "Provision".to_owned()),
        line("link type")
    );
    assert_eq!(sisters(|rule| rule.flows.clear()), line("no flow to \"mail\""));
    assert!(sisters(|rule| rule.flows.push(direct("title", "title"))).is_empty());
}
