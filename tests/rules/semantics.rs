//! What rules do counts, not how they are numbered, named or copied: on the
//! samples and on a real export.

use crate::support;
use crate::support::export::{Export, Rule, constant, direct};
use crate::support::files::Files;
use crate::support::inside::compare_files as compare;
use crate::support::property::check;
use crate::support::rule_tree::Element;
use crate::support::second::second_server;
use crate::support::traps::{primary_with, user_common, user_join};
use crate::support::{Compared, inside, text};
use proptest::collection::vec;
use proptest::prelude::{any, prop_assert};
use serde_json::Value;
use tempfile::TempDir;

/// The samples' primary, and a real export where there is one; schemas left out.
fn servers() -> Vec<Files> {
    let folders = [Some(support::sample("primary")), support::data("contoso")];
    folders
        .into_iter()
        .flatten()
        .map(|folder| {
            let mut files = Files::read(&folder);
            files.without_schemas();
            files
        })
        .collect()
}

fn is_default(rule: &Element) -> bool {
    rule.text_of("immutable-tag").starts_with("Microsoft.")
}

fn precedence(rule: &Element) -> i64 {
    rule.text_of("precedence").parse().unwrap()
}

fn raise(rule: &mut Element, by: i64) {
    let raised = (precedence(rule) + by).to_string();
    rule.set("precedence", &raised);
}

/// A custom rule that stands alone at 82.
fn with_custom(files: &Files) -> Files {
    let path = files.rule_paths()[0].clone();
    let mut custom = Element::parse(&files.texts[&path]);
    custom.set("name", "In from AD - Own Rule");
    custom.set("immutable-tag", "");
    custom.set("precedence", "82");
    custom.set("id", "{0f0f0f0f-1111-4222-8333-444444444444}");
    custom.set("linkType", "Join");
    let mut files = files.clone();
    files.texts.insert(
        path.replace("SynchronizationRules/", "SynchronizationRules/Own"),
        custom.write(),
    );
    files
}

/// The names of default rules that are live, without repeats.
fn live_defaults(files: &Files) -> Vec<(String, String)> {
    let rule = |path: &String| (path.clone(), Element::parse(&files.texts[path]));
    let all = files.rule_paths().iter().map(rule).collect::<Vec<_>>();
    all.into_iter()
        .filter(|(_, rule)| is_default(rule) && rule.text_of("disabled") != "True")
        .map(|(path, rule)| (path, rule.text_of("name").to_owned()))
        .collect()
}

fn rule_findings(compared: &Compared) -> Vec<&Value> {
    let rules = compared
        .findings()
        .iter()
        .filter(|finding| finding["area"] == "sync-rules");
    rules.collect()
}

fn assert_nothing_above_info(compared: &Compared) {
    let above: Vec<_> = rule_findings(compared)
        .into_iter()
        .filter(|finding| finding["severity"] != "info")
        .collect();
    assert!(above.is_empty(), "{:#?}", compared.brief());
    let unexplained = compared
        .expected()
        .iter()
        .find(|entry| text(&entry["reason"]).is_empty());
    assert!(unexplained.is_none(), "{unexplained:?}");
}

#[test]
fn numbers_of_default_rules_that_shift_together_are_no_drift() {
    for primary in servers() {
        let mut staging = second_server(&primary);
        let mut shifted = 0;
        staging.each_rule(|rule| {
            if is_default(rule) {
                raise(rule, 24);
                shifted += 1;
            }
        });
        let compared = compare(&primary, &staging);
        assert_nothing_above_info(&compared);
        assert!(rule_findings(&compared).is_empty(), "{:#?}", compared.brief());
        let explained = compared
            .expected()
            .iter()
            .filter(|entry| entry["id"] == "rule-precedence")
            .count();
        assert_eq!(explained, shifted, "each has its entry");
    }
}

#[test]
fn a_custom_rule_that_is_renumbered_and_overtakes_nobody_is_no_drift() {
    for primary in servers() {
        let primary = with_custom(&primary);
        let mut staging = second_server(&primary);
        staging.each_rule(|rule| {
            if rule.text_of("name") == "In from AD - Own Rule" {
                raise(rule, 6);
            }
        });
        let compared = compare(&primary, &staging);
        assert!(rule_findings(&compared).is_empty(), "{:#?}", compared.brief());
    }
}

#[test]
fn a_clone_beside_its_disabled_original_equals_the_modified_default_rule() {
    for server in servers() {
        // Each takes four times as long as a comparison.
        for (path, name) in live_defaults(&server).into_iter().step_by(5) {
            let edit = |rule: &mut Element| {
                let Some(flow) = rule.flows().first_mut() else {
                    return false;
                };
                flow.attributes.retain(|(name, _)| name != "execute-once");
                flow.attributes.push(("execute-once".to_owned(), "True".to_owned()));
                true
            };
            // One server has it edited in place …
            let mut modified = Element::parse(&server.texts[&path]);
            if !edit(&mut modified) {
                continue;
            }
            let mut primary = server.clone();
            primary.texts.insert(path.clone(), modified.write());
            // … the other has a clone with the edit, and the original disabled.
            let mut clone = modified.clone();
            clone.set("name", &format!("{name} - Cloned - 1/2/2026 3:04:05 PM"));
            clone.set("immutable-tag", "");
            clone.set("id", "{0f0f0f0f-1111-4222-8333-444444444444}");
            let mut original = Element::parse(&server.texts[&path]);
            original.set("disabled", "True");
            let mut other = server.clone();
            other.texts.insert(path.clone(), original.write());
            other.texts.insert(
                path.replace("SynchronizationRules/", "SynchronizationRules/Clone"),
                clone.write(),
            );
            for (left, right) in [(&primary, &other), (&other, &primary)] {
                let compared = compare(left, &second_server(right));
                assert_nothing_above_info(&compared);
                let ids: Vec<&str> = rule_findings(&compared)
                    .iter()
                    .map(|finding| text(&finding["id"]))
                    .collect();
                assert_eq!(ids, ["rule-cloned-default"], "{name}: {:#?}", compared.brief());
            }
        }
    }
}

#[test]
fn each_default_rule_that_is_disabled_on_one_server_is_one_finding() {
    for primary in servers() {
        let twin = second_server(&primary);
        for (path, name) in live_defaults(&twin).into_iter().step_by(3) {
            let mut staging = twin.clone();
            let mut rule = Element::parse(&staging.texts[&path]);
            rule.set("disabled", "True");
            staging.texts.insert(path, rule.write());
            let compared = compare(&primary, &staging);
            let findings = rule_findings(&compared);
            let ids: Vec<&str> = findings.iter().map(|finding| text(&finding["id"])).collect();
            assert_eq!(ids, ["rule-disabled"], "{name}: {:#?}", compared.brief());
            assert_eq!(text(&findings[0]["object"]), name);
            // Some of them write nothing that another one does not write, too.
            let effect = text(&findings[0]["effect"]);
            let idle = findings[0]["severity"] == "info" && effect.starts_with("Other rules write the same");
            assert!(effect.starts_with("On ") || idle, "{name}: {}", findings[0]);
            let consequences = findings[0]["consequences"].as_array().unwrap().len();
            assert!(consequences <= 12, "{name}: {consequences} sentences");
        }
    }
}

/// Rules that compete for three attributes, with these numbers and states.
fn rivals(numbers: &[u8], live: &[bool]) -> Export {
    let rules = numbers.iter().zip(live).enumerate().map(|(at, (&number, &live))| {
        let rule = Rule::inbound(&format!("In from AD - Rival {at}"), u32::from(number) % 12 + 1)
            .flow(direct(
                ["department", "title", "company"][at % 3],
                &format!("source{at}"),
            ))
            .flow(constant(
                ["title", "company", "department"][at % 3],
                &format!("Value {}", at % 2),
            ));
        if live { rule } else { rule.disabled() }
    });
    primary_with(rules.chain([user_join(100), user_common(101)]))
}

/// Per target the sources in rank order, as far as an operator can tell them apart.
fn by_hand(numbers: &[u8], live: &[bool]) -> Vec<Vec<(u32, String)>> {
    ["department", "title", "company"]
        .map(|target| {
            let mut all: Vec<(u32, String)> = Vec::new();
            for (at, (&number, &live)) in numbers.iter().zip(live).enumerate() {
                let level = u32::from(number) % 12 + 1;
                let own = [
                    (["department", "title", "company"][at % 3], format!("source{at}")),
                    (
                        ["title", "company", "department"][at % 3],
                        format!("\"Value {}\"", at % 2),
                    ),
                ];
                let flows = own.into_iter().filter(|(to, _)| live && *to == target);
                all.extend(flows.map(|(_, source)| (level, source)));
            }
            all.sort();
            // A value that stands before is never asked again; who stands level has no order.
            let mut seen = std::collections::BTreeSet::new();
            all.retain(|(_, source)| seen.insert(source.clone()));
            let mut levels: Vec<u32> = all.iter().map(|(level, _)| *level).collect();
            levels.dedup();
            for (level, _) in &mut all {
                *level = levels.iter().position(|known| known == level).unwrap() as u32;
            }
            all
        })
        .to_vec()
}

#[test]
fn whatever_rules_do_otherwise_has_a_finding_that_explains_it() {
    let rules = (vec(any::<u8>(), 6), vec(any::<bool>(), 6));
    check(60, (rules.clone(), rules), |((numbers, live), (others, lives))| {
        let (primary, staging) = (rivals(&numbers, &live), Export::staging_of(&rivals(&others, &lives)));
        let folder = TempDir::new().unwrap();
        let (left, right) = (folder.path().join("primary"), folder.path().join("staging"));
        primary.write(&left);
        staging.write(&right);
        let compared = inside::compare(&left, &right);
        let flows_differ = by_hand(&numbers, &live) != by_hand(&others, &lives);
        let drift = compared.report["verdict"] == "drift";
        prop_assert!(drift || !flows_differ, "{:#?}", compared.brief());
        let ids: Vec<&str> = compared.findings().iter().map(|finding| text(&finding["id"])).collect();
        prop_assert!(
            !ids.contains(&"effective-attribute-flow"),
            "a setting explains each: {ids:?}"
        );
        if live == lives && !flows_differ {
            prop_assert!(!drift, "nothing but numbers: {:#?}", compared.brief());
        }
        Ok(())
    });
}

#[test]
fn a_rule_that_keeps_the_link_only_flows_nothing() {
    let keeps = |link: &str| {
        let rule = Rule::inbound("In from AD - Kept", 10).flow(direct("department", "division"));
        Rule {
            link_type: link.to_owned(),
            ..rule
        }
    };
    let rival = |number| Rule::inbound("In from AD - Rival", number).flow(direct("department", "departmentNumber"));
    let compare = |left: [Rule; 2], right: [Rule; 2]| {
        let more = |rules: [Rule; 2]| primary_with(rules.into_iter().chain([user_join(100)]));
        support::export::compare(&more(left), &Export::staging_of(&more(right)))
    };
    // Overtaking a rule that flows nothing is no drift, and the same rule with a flow is one that competes.
    compare([keeps("JoinNoFlow"), rival(20)], [keeps("JoinNoFlow"), rival(5)]).assert_findings(&[]);
    compare([keeps("Join"), rival(20)], [keeps("Join"), rival(5)]).assert_findings(&["high rule-precedence"]);
}

#[test]
fn a_rule_for_every_object_type_that_wins_is_drift() {
    let own = [user_join(100), user_common(101)];
    let any = Rule {
        target_type: "*".to_owned(),
        ..Rule::inbound("In from AD - Any", 50).flow(constant("displayName", "q"))
    };
    let staging = own.iter().cloned().chain([any.clone()]);
    let compared = support::export::compare(&primary_with(own.clone()), &Export::staging_of(&primary_with(staging)));
    compared.assert_findings(&["high custom-rule-missing"]);
    assert!(support::traps::words(compared.one("custom-rule-missing")).contains("person.displayName"));
    // Also where nobody else feeds the attribute.
    let alone = Rule {
        flows: vec![constant("info", "q")],
        ..any
    };
    let staging = own.iter().cloned().chain([alone]);
    let compared = support::export::compare(&primary_with(own.clone()), &Export::staging_of(&primary_with(staging)));
    compared.assert_findings(&["high custom-rule-missing"]);
}

#[test]
fn rules_that_write_the_same_may_stand_in_any_order() {
    let twin = |name: &str, number| Rule::inbound(name, number).flow(direct("department", "division"));
    let pair = |a, b| primary_with([twin("In from AD - A", a), twin("In from AD - B", b), user_join(100)]);
    let compared = support::export::compare(&pair(10, 20), &Export::staging_of(&pair(20, 10)));
    compared.assert_findings(&["info rule-precedence"]);
    assert_eq!(compared.code, 0);
}
