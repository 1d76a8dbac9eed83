//! Faults of one server's rules among each other.

use crate::support;
use crate::support::export::{Export, Rule, compare, constant, direct};
use crate::support::lints::{both, clone, consequences, lints, standard};
use crate::support::text;
use crate::support::twins::{Twins, on, swap};

const JOINS: [&str; 2] = ["rule-join-overlap", "rule-join-overlap-possible"];

fn own() -> Rule {
    Rule::inbound("Join by mail", 50).join(&[("mail", "mail")])
}

fn joins(rule: Rule) -> Vec<String> {
    let found = lints(&both(&[standard(), rule]), &JOINS);
    found.into_iter().filter(|lint| lint.contains("SYNC01")).collect()
}

#[test]
fn two_join_filters_for_the_same_objects_are_a_lint() {
    let certain = "high rule-join-overlap SYNC01 / Join by mail: meets \"In from AD - User Join\"";
    assert_eq!(joins(own()), [certain]);
    let narrower = own().scope(&[("adminDescription", "NOTSTARTSWITH", "user_"), ("c", "EQUAL", "DE")]);
    assert_eq!(joins(narrower), [certain]);
    let of_all_types = Rule {
        target_type: "*".to_owned(),
        ..own()
    };
    assert_eq!(joins(of_all_types), [certain]);
    let compared = both(&[standard(), own()]);
    assert!(compared.findings().is_empty(), "a lint is no drift");
    let said = consequences(&compared.report["lints"][0]);
    assert!(said.contains("\"Join by mail\" joins by 1. mail = mail."), "{said}");
}

#[test]
fn scopes_that_do_not_exclude_each_other_may_meet() {
    let possible = "info rule-join-overlap-possible SYNC01 / Join by mail: may meet \"In from AD - User Join\"";
    assert_eq!(joins(own().scope(&[("c", "EQUAL", "DE")])), [possible]);
}

#[test]
fn a_clone_beside_its_live_original_is_as_bad_as_another_join() {
    let certain = "high rule-join-overlap SYNC01 / Join by mail: meets \"In from AD - User Join\"";
    assert_eq!(joins(clone()), [certain]);
    let said = consequences(&both(&[standard(), clone()]).report["lints"][0]);
    let creates = "joins by 1. objectSid = objectSid and creates what finds no partner.";
    assert!(
        said.contains(&format!("\"In from AD - User Join\" {creates}")),
        "{said}"
    );
    assert!(said.contains(&format!("\"Join by mail\" {creates}")), "{said}");
    // With a scope of its own it may meet the original; one that only joins as the original does is no fault.
    let apart = Rule {
        scope: Vec::new(),
        ..clone()
    };
    let possible = "info rule-join-overlap-possible SYNC01 / Join by mail: may meet \"In from AD - User Join\"";
    assert_eq!(joins(apart.scope(&[("c", "EQUAL", "DE")])), [possible]);
    let joins_only = Rule {
        link_type: "Join".to_owned(),
        ..clone()
    };
    assert!(joins(joins_only).is_empty());
    assert!(joins(clone().disabled()).is_empty());
}

#[test]
fn what_a_live_clone_does_is_said_under_the_finding_that_makes_it_live() {
    let said = |link_type: &str, mail: &str| {
        let mut primary = Export::primary();
        let rule = Rule {
            link_type: link_type.to_owned(),
            ..clone().join(&[("mail", mail)])
        };
        primary.rules = vec![standard(), rule.disabled()];
        let mut staging = Export::staging_of(&primary);
        staging.rule_mut("Join by mail").disabled = Some("False".to_owned());
        consequences(&compare(&primary, &staging).findings()[0])
    };
    let both = "On SYNC02 \"Join by mail\" meets \"In from AD - User Join\": both join the same objects";
    let provisions = said("Provision", "mail");
    assert!(
        provisions.contains(&format!("{both}, and both create what finds no partner.")),
        "{provisions}"
    );
    let joins = said("Join", "mail");
    assert!(joins.contains(&format!("{both}.")), "{joins}");
}

#[test]
fn rules_that_never_meet_or_join_alike_are_none() {
    let same = Rule::inbound("Join by mail", 50).join(&[("ObjectSid", "objectsid")]);
    let other_type = Rule {
        source_type: "contact".to_owned(),
        ..own()
    };
    let keeps_links = Rule {
        link_type: "JoinNoFlow".to_owned(),
        ..own()
    };
    for rule in [
        own().scope(&[("adminDescription", "STARTSWITH", "User_")]),
        own().scope(&[("adminDescription", "EQUAL", "User_1")]),
        own().disabled(),
        own().tagged("Microsoft.Own.001"),
        Rule::inbound("Join by mail", 50).flow(direct("mail", "mail")),
        Rule::inbound("Join by mail", 50).join(&[]),
        same,
        other_type,
        keeps_links,
    ] {
        assert!(joins(rule.clone()).is_empty(), "{rule:?}");
    }
}

#[test]
fn joins_that_meet_on_one_server_only_hang_under_what_makes_them_meet() {
    let mut primary = Export::primary();
    primary.rules = vec![standard(), own().disabled()];
    let mut staging = Export::staging_of(&primary);
    staging.rule_mut("Join by mail").disabled = Some("False".to_owned());
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["block rule-disabled"]);
    assert!(lints(&compared, &JOINS).is_empty());
    let said = consequences(&compared.findings()[0]);
    assert!(
        said.contains("On SYNC02 \"Join by mail\" meets \"In from AD - User Join\""),
        "{said}"
    );
}

const EDITED: [&str; 1] = ["default-rule-edited"];

#[test]
fn a_standard_rule_beside_its_disabled_copy_was_edited() {
    let edited = standard().flow(constant("company", "Contoso"));
    let copy = Rule {
        precedence: "101".to_owned(),
        ..standard().disabled()
    };
    let line = |server: &str| {
        format!(
            "medium default-rule-edited {server} / In from AD - User Join: stands beside its disabled standard copy"
        )
    };
    let compared = both(&[edited.clone(), copy.clone()]);
    assert_eq!(lints(&compared, &EDITED), [line("SYNC01"), line("SYNC02")]);
    // The same body, another rule, nothing live.
    let same = Rule {
        precedence: "101".to_owned(),
        ..standard().disabled()
    };
    let other = copy.clone().tagged("Microsoft.InfromADGroupJoin.006");
    for rules in [
        [standard(), same],
        [edited.clone(), other],
        [edited.disabled(), copy.clone()],
    ] {
        assert!(lints(&both(&rules), &EDITED).is_empty(), "{rules:?}");
    }
}

const UNREAD: [&str; 1] = ["metaverse-attribute-unread"];

fn unread(rules: &[Rule]) -> Vec<String> {
    let found = lints(&both(rules), &UNREAD);
    found.into_iter().filter(|lint| lint.contains("SYNC01")).collect()
}

#[test]
fn what_custom_rules_write_and_nothing_reads_is_one_lint() {
    let writer = Rule::inbound("In", 50)
        .flow(direct("title", "title"))
        .flow(direct("badge", "employeeID"))
        .flow(constant("cloudFiltered", "True"));
    let reader = Rule::outbound("Out", 60).flow(direct("mail", "mail"));
    let line = |names: &str| format!("info metaverse-attribute-unread SYNC01 / Global settings: {names}");
    assert_eq!(unread(&[writer.clone(), reader.clone()]), [line("badge, title")]);
    // Read in a flow and in a scope; by a join.
    let reads = reader
        .clone()
        .flow(direct("jobTitle", "Title"))
        .scope(&[("badge", "ISNOTNULL", "")]);
    assert!(unread(&[writer.clone(), reads.clone()]).is_empty());
    let joins = Rule::inbound("In B", 55).join(&[("employeeID", "badge")]);
    assert_eq!(unread(&[writer.clone(), reader.clone(), joins]), [line("title")]);
    // Standard rules write it too, or there is nobody to read.
    let standard = Rule::inbound("In C", 100)
        .tagged("Microsoft.C.001")
        .flow(direct("badge", "info"))
        .disabled();
    assert_eq!(unread(&[writer.clone(), reader.clone(), standard]), [line("title")]);
    assert!(unread(std::slice::from_ref(&writer)).is_empty());
    // The rule that reads it is disabled on one server: a consequence of that.
    let mut primary = Export::primary();
    primary.rules = vec![
        writer,
        reader,
        Rule {
            name: "Out B".to_owned(),
            precedence: "61".to_owned(),
            ..reads
        },
    ];
    let mut staging = Export::staging_of(&primary);
    staging.rule_mut("Out B").disabled = Some("True".to_owned());
    let compared = compare(&primary, &staging);
    assert!(lints(&compared, &UNREAD).is_empty());
    let said = consequences(&compared.findings()[0]);
    assert!(
        said.contains("On SYNC02 no other enabled rule reads the metaverse attribute badge."),
        "{said}"
    );
}

const FORESTS: [&str; 2] = ["default-rule-forests", "default-rule-absent"];
const JOIN_OF_FABRIKAM: &str = "<precedence>101</precedence>";

#[test]
fn forests_with_unlike_bodies_of_one_release_are_a_lint() {
    let mut twins = Twins::of_sample();
    let edit = |text: &str| swap(text, "Left([mailNickname],14)", "Left([mailNickname],15)");
    twins.on_both(JOIN_OF_FABRIKAM, edit);
    let compared = twins.compare();
    assert!(compared.findings().is_empty(), "{:#?}", compared.brief());
    let found = lints(&compared, &FORESTS);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(
        found[0],
        "medium default-rule-forests SYNC01 / In from AD - User Join: not as on contoso.com: the flow to \"cloudFiltered\""
    );
    // Edited on one server only, it is drift and a sentence under it.
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, JOIN_OF_FABRIKAM, edit);
    let compared = twins.compare();
    assert!(lints(&compared, &FORESTS).is_empty());
    let all: Vec<String> = compared.findings().iter().map(consequences).collect();
    assert!(
        all.iter().any(|said| said.contains("not as on contoso.com")),
        "{all:#?}"
    );
}

/// The flow to this attribute, gone.
fn without_flow(text: &str, target: &str) -> String {
    let at = text.find(&format!("<dest>{target}</dest>")).expect("the flow");
    let start = text[..at].rfind("<mapping").expect("its start");
    let end = at + text[at..].find("</mapping>").expect("its end") + "</mapping>".len();
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn what_a_forest_does_not_select_is_left_out_of_its_rules() {
    let common = |text: &str| text.contains("In from AD - InetOrgPerson Common<") && text.contains("<precedence>115<");
    let mut twins = Twins::of_sample();
    for files in [&mut twins.primary, &mut twins.staging] {
        let rule = files.texts.values_mut().find(|text| common(text)).expect("the rule");
        *rule = without_flow(rule, "pager");
    }
    let found = lints(&twins.compare(), &FORESTS);
    assert!(
        found.len() == 2 && found[0].contains("the flow to \"pager\""),
        "{found:#?}"
    );
    twins.on_both(support::twins::FABRIKAM, |text| {
        swap(text, "<attribute>pager</attribute>", "")
    });
    assert!(lints(&twins.compare(), &FORESTS).is_empty());
}

#[test]
fn a_standard_rule_that_one_forest_lacks_is_a_lint_where_it_could_be() {
    let mut twins = Twins::of_sample();
    let gone = |text: &String| {
        text.contains("In from AD - InetOrgPerson AccountEnabled<") && text.contains("<precedence>107<")
    };
    for files in [&mut twins.primary, &mut twins.staging] {
        let before = files.texts.len();
        files.texts.retain(|_, text| !gone(text));
        assert_eq!(files.texts.len() + 1, before);
    }
    let found = lints(&twins.compare(), &FORESTS);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[0].ends_with(": on contoso.com, not on fabrikam.com"),
        "{found:#?}"
    );
    assert!(text(&twins.compare().report["lints"][0]["why"]).len() > 10);
    twins.on_both(support::twins::FABRIKAM, |text| {
        swap(text, "<attribute>userAccountControl</attribute>", "")
    });
    assert!(lints(&twins.compare(), &FORESTS).is_empty());
}
