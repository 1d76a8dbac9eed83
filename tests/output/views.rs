//! What the pictures of a report show, from outside.

use crate::support;
use crate::support::accepted::{LATER, accept, entry};
use crate::support::export::{Export, Pair, Rule, constant, direct, expression};
use crate::support::partitions::{DOMAIN, compare, short};
use crate::support::traps::{compare_rules, custom, primary_with, user_common, user_exchange, user_join};
use crate::support::{Compared, text};
use serde_json::{Value, json};

fn views<'c>(compared: &'c Compared, kind: &str) -> &'c [Value] {
    compared.report["views"][kind].as_array().map_or(&[], Vec::as_slice)
}

/// The one picture of its kind.
fn only<'c>(compared: &'c Compared, kind: &str) -> &'c Value {
    let all = views(compared, kind);
    assert_eq!(all.len(), 1, "{all:#?}\n{:#?}", compared.brief());
    &all[0]
}

/// Fingerprints of the findings with these ids, in the order of the report.
fn prints(compared: &Compared, ids: &[&str]) -> Vec<Value> {
    let named = compared.findings().iter().filter(|f| ids.contains(&text(&f["id"])));
    named.map(|f| f["fingerprint"].clone()).collect()
}

/// `  name primary staging`, indented by depth.
fn tree(picture: &Value) -> Vec<String> {
    let node = |node: &Value| {
        format!(
            "{}{} {} {}",
            "  ".repeat(usize::try_from(node["depth"].as_u64().unwrap()).unwrap()),
            text(&node["name"]),
            text(&node["primary"]),
            text(&node["staging"])
        )
    };
    picture["nodes"].as_array().unwrap().iter().map(node).collect()
}

#[test]
fn a_container_left_out_is_shown_with_those_around_it() {
    let staging = ["+", "-OU=Old,OU=Sales,OU=Corp", "-OU=Test"];
    let compared = compare(&["+", "-OU=Test"], &staging);
    assert_eq!(short(&compared).len(), 1, "{:#?}", compared.brief());
    let picture = only(&compared, "scope");
    assert_eq!(picture["connector"], "contoso.com");
    assert_eq!(picture["partition"], DOMAIN);
    assert_eq!(
        tree(picture),
        [
            "DC=contoso,DC=com in in",
            "  OU=Corp in in",
            "    OU=Sales in in",
            "      OU=Old in out",
            "  OU=Test out out",
        ]
    );
    let dns: Vec<&str> = picture["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| text(&n["dn"]))
        .collect();
    assert_eq!(dns[2], format!("OU=Sales,OU=Corp,{DOMAIN}"));
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["partition-ou-scope"]))
    );
    assert_eq!(picture["more"], Value::Null);
}

#[test]
fn a_tree_names_all_its_findings_worst_first() {
    let compared = compare(&["-", "+OU=A"], &["-", "+OU=B"]);
    let picture = only(&compared, "scope");
    assert_eq!(compared.findings()[0]["severity"], "block");
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["partition-ou-scope"]))
    );
    assert_eq!(picture["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn what_does_not_differ_has_no_picture() {
    let compared = compare(&["+", "-OU=A"], &["+", "-OU=A"]);
    assert_eq!(compared.report["views"], Value::Null);
}

#[test]
fn of_thousands_of_containers_those_that_differ_are_shown() {
    let names: Vec<String> = (0..3_000).map(|at| format!("-OU=L{at:04},OU=All")).collect();
    let mut left: Vec<&str> = vec!["+"];
    left.extend(names.iter().map(String::as_str));
    let mut right = left.clone();
    right.retain(|name| !name.contains("L2500"));
    let compared = compare(&left, &right);
    let picture = only(&compared, "scope");
    let nodes = tree(picture);
    assert_eq!(nodes.len(), 200);
    assert!(nodes.contains(&"    OU=L2500 out in".to_owned()), "{nodes:#?}");
    assert_eq!(nodes[1], "  OU=All in in");
    assert_eq!(picture["more"], 3_002 - 200);
}

/// `rule: rank source -> rank source`, with a star on the winner.
fn rows(list: &Value) -> Vec<String> {
    let place = |place: &Value| match place {
        Value::Null => "none".to_owned(),
        place => format!(
            "{}{} {}",
            if place["winner"] == true { "*" } else { "" },
            place["rank"],
            text(&place["source"])
        ),
    };
    let row = |row: &Value| {
        format!(
            "{}: {} -> {}",
            text(&row["rule"]),
            place(&row["primary"]),
            place(&row["staging"])
        )
    };
    list.as_array().unwrap().iter().map(row).collect()
}

/// `rule: rank (precedence) -> rank (precedence)`, with `moved`.
fn rungs(picture: &Value) -> Vec<String> {
    let place = |place: &Value| match place {
        Value::Null => "none".to_owned(),
        place => format!("{} ({})", place["rank"], place["precedence"]),
    };
    let rung = |rung: &Value| {
        format!(
            "{}: {} -> {}{}",
            text(&rung["rule"]),
            place(&rung["primary"]),
            place(&rung["staging"]),
            if rung["moved"] == true { " moved" } else { "" }
        )
    };
    picture["rungs"].as_array().unwrap().iter().map(rung).collect()
}

/// Groups as words; what only this server has stands in `<>`, a group elsewhere begins with `~`.
fn groups(side: &Value) -> Vec<String> {
    let part = |part: &Value| match part["both"] == true {
        true => text(&part["text"]).to_owned(),
        false => format!("<{}>", text(&part["text"])),
    };
    let group = |group: &Value| {
        let parts: Vec<String> = group["parts"].as_array().unwrap().iter().map(part).collect();
        format!(
            "{}{}",
            if group["moved"] == true { "~" } else { "" },
            parts.join(" AND ")
        )
    };
    side.as_array().unwrap().iter().map(group).collect()
}

fn renumbered(mut rules: Vec<Rule>, numbers: &[u32]) -> Vec<Rule> {
    for (rule, number) in rules.iter_mut().zip(numbers) {
        rule.precedence = number.to_string();
    }
    rules
}

fn departments() -> Vec<Rule> {
    vec![
        custom("A", 50, "department", "department"),
        custom("B", 51, "department", "division"),
        custom("C", 52, "department", "extensionAttribute1"),
        Rule::outbound("Out", 60).flow(direct("department", "department")),
    ]
}

#[test]
fn swapped_rules_stand_on_a_ladder() {
    let compared = compare_rules(departments(), renumbered(departments(), &[50, 52, 51, 60]));
    let picture = only(&compared, "precedence");
    assert_eq!(picture["targets"], json!(["person.department"]));
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["rule-precedence"]))
    );
    let shown = rungs(picture);
    assert_eq!(
        shown.len(),
        3,
        "the rule that reads it competes with nobody: {shown:#?}"
    );
    assert_eq!(shown[0], "A: 1 (50) -> 1 (50)");
    let moved: Vec<&String> = shown.iter().filter(|rung| rung.ends_with("moved")).collect();
    assert_eq!(moved.len(), 1, "{shown:#?}");
    assert_eq!(shown[1].trim_end_matches(" moved"), "B: 2 (51) -> 3 (52)");
    assert_eq!(shown[2].trim_end_matches(" moved"), "C: 3 (52) -> 2 (51)");
}

#[test]
fn a_rule_that_only_staging_has_stands_where_it_stands_there() {
    let mut staging = renumbered(departments(), &[50, 53, 52, 60]);
    staging.push(custom("New", 51, "department", "title"));
    staging.push(custom("First", 40, "department", "company"));
    let compared = compare_rules(departments(), staging);
    let shown = rungs(only(&compared, "precedence"));
    let names: Vec<&str> = shown.iter().filter_map(|rung| rung.split(':').next()).collect();
    assert_eq!(names, ["First", "A", "New", "B", "C"]);
    assert_eq!(shown[2], "New: none -> 3 (51)");
}

#[test]
fn a_long_ladder_is_cut_around_the_rule_that_moved() {
    let rules = |last: u32| -> Vec<Rule> {
        let names = (0..60).map(|at| custom(&format!("R{at:02}"), 100 + 2 * at, "department", &format!("a{at}")));
        names.chain([custom("Last", last, "department", "title")]).collect()
    };
    let compared = compare_rules(rules(400), rules(161));
    let picture = only(&compared, "precedence");
    let shown = rungs(picture);
    assert_eq!(shown.len(), 20);
    assert_eq!(picture["more"], 41);
    assert!(
        shown.contains(&"Last: 61 (400) -> 32 (161) moved".to_owned()),
        "{shown:#?}"
    );
}

#[test]
fn a_changed_winner_is_pictured_from_its_sources_to_its_targets() {
    let compared = compare_rules(departments(), renumbered(departments(), &[52, 51, 50, 60]));
    let all = views(&compared, "flows");
    assert_eq!(all.len(), 1, "{all:#?}");
    let picture = &all[0];
    assert_eq!(
        (text(&picture["attribute"]), text(&picture["objectType"])),
        ("department", "person")
    );
    assert_eq!(
        rows(&picture["inbound"]),
        [
            "A: *1 [department] -> 3 [department]",
            "B: 2 [division] -> 2 [division]",
            "C: 3 [extensionAttribute1] -> *1 [extensionAttribute1]",
        ]
    );
    assert_eq!(rows(&picture["outbound"]), ["Out: *1 [department] -> *1 [department]"]);
    let out = &picture["outbound"][0];
    assert_eq!(text(&out["connector"]), "contoso.onmicrosoft.com - AAD");
    assert_eq!(
        (text(&out["connectorObjectType"]), text(&out["target"])),
        ("user", "department")
    );
    let place = &picture["inbound"][0]["primary"];
    assert_eq!(
        (
            text(&place["standing"]),
            text(&place["sourceKind"]),
            text(&place["scope"])
        ),
        ("wins", "attribute", "(every object)")
    );
    let told = picture["findings"].as_array().unwrap();
    assert!(!told.is_empty());
    assert_eq!(told, &prints(&compared, &["rule-precedence"]));
}

/// Default rules of two forests, in this order.
fn grouped(export: &Export, forests: &[&str]) -> Export {
    let mut rules = Vec::new();
    for rule in [user_join, user_common, user_exchange] {
        for &forest in forests {
            rules.push(rule(100 + u32::try_from(rules.len()).unwrap()).on(forest));
        }
    }
    rules.push(Rule::outbound("Out to AAD - User Identity", 200).flow(direct("displayName", "displayName")));
    Export {
        forests: forests.iter().map(|&f| (f.to_owned(), f.to_owned())).collect(),
        rules,
        ..export.clone()
    }
}

#[test]
fn two_forests_in_another_order_are_one_ladder_and_a_few_flows() {
    let (primary, staging) = (Export::primary(), Export::staging_of(&Export::primary()));
    let pair = Pair::of(
        &grouped(&primary, &["contoso.com", "fabrikam.com"]),
        &grouped(&staging, &["fabrikam.com", "contoso.com"]),
    );
    let compared = pair.compare();
    compared.assert_findings(&["high connector-forest-order"]);
    let ladder = only(&compared, "precedence");
    assert_eq!(
        ladder["findings"],
        Value::from(prints(&compared, &["connector-forest-order"]))
    );
    let all = ladder["rungs"].as_array().unwrap();
    assert_eq!(all.len(), 2, "those of one target: {all:#?}");
    let connectors: Vec<&str> = all.iter().map(|rung| text(&rung["connector"])).collect();
    assert_eq!(connectors, ["contoso.com", "fabrikam.com"]);
    let moved = all.iter().filter(|rung| rung["moved"] == true).count();
    assert_eq!(moved, 1, "one of the two: {all:#?}");
    let flows = views(&compared, "flows");
    assert_eq!(flows.len(), 5, "of eight attributes");
    assert_eq!(compared.report["views"]["omitted"], 3);
    for flow in flows {
        let places: Vec<bool> = flow["inbound"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["primary"]["winner"] != row["staging"]["winner"])
            .collect();
        assert_eq!(places, [true, true], "{flow:#}");
    }
}

#[test]
fn a_flow_that_changed_is_pictured_and_so_is_what_an_outbound_one_reads() {
    let rules = |inbound: &str, outbound: &str| {
        vec![
            custom("In", 50, "title", inbound),
            Rule::outbound("Out", 60).flow(expression("displayName", outbound)),
        ]
    };
    let compared = compare_rules(
        rules("title", "Trim([title])"),
        rules("jobTitle", "Trim([title] & [company])"),
    );
    let all = views(&compared, "flows");
    let names: Vec<&str> = all.iter().map(|flow| text(&flow["attribute"])).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let of = |name: &str| all.iter().find(|flow| text(&flow["attribute"]) == name).unwrap();
    assert_eq!(rows(&of("title")["inbound"]), ["In: *1 [title] -> *1 [jobTitle]"]);
    assert_eq!(
        rows(&of("title")["outbound"]),
        ["Out: *1 Trim([title]) -> *1 Trim([title] & [company])"]
    );
    assert_eq!(of("title")["findings"].as_array().unwrap().len(), 2, "both change it");
    assert_eq!(
        rows(&of("company")["outbound"]),
        ["Out: none -> *1 Trim([title] & [company])"]
    );
    assert_eq!(of("company")["inbound"], json!([]));
}

#[test]
fn a_rule_of_one_server_is_pictured_where_another_one_wins() {
    let rules = || vec![custom("A", 50, "title", "title"), custom("B", 51, "title", "info")];
    let compared = compare_rules(rules(), rules().split_off(1));
    let picture = only(&compared, "flows");
    assert_eq!(
        rows(&picture["inbound"]),
        ["A: *1 [title] -> none", "B: 2 [info] -> *1 [info]"]
    );
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["custom-rule-missing"]))
    );
    assert!(views(&compared, "filters").is_empty() && views(&compared, "joins").is_empty());
}

#[test]
fn of_many_rules_those_that_differ_are_shown() {
    let rules = |last: &str| -> Vec<Rule> {
        let names = (0..30).map(|at| custom(&format!("R{at:02}"), 100 + at, "title", &format!("a{at}")));
        names.chain([custom("Last", 200, "title", last)]).collect()
    };
    let compared = compare_rules(rules("x"), rules("y"));
    let picture = only(&compared, "flows");
    let shown = rows(&picture["inbound"]);
    assert_eq!(shown.len(), 12);
    assert_eq!(shown[0], "R00: *1 [a0] -> *1 [a0]");
    assert_eq!(shown[11], "Last: 31 [x] -> 31 [y]");
    assert_eq!(picture["moreInbound"], 19);
}

#[test]
fn rules_that_are_disabled_or_change_nothing_have_no_flow_picture() {
    let rules = |value: &str| vec![Rule::inbound("A", 50).flow(constant("title", value)).disabled()];
    let compared = compare_rules(rules("x"), rules("y"));
    assert_eq!(prints(&compared, &["rule-attribute-flow"]).len(), 1);
    assert!(views(&compared, "flows").is_empty());
}

#[test]
fn a_filter_with_a_clause_less_says_which() {
    let rule = |clauses: &[(&str, &str, &str)]| {
        custom("A", 50, "title", "title")
            .scope(clauses)
            .scope(&[("company", "EQUAL", "Fabrikam")])
    };
    let whole = [("department", "EQUAL", "Sales"), ("mail", "ISNOTNULL", "")];
    let compared = compare_rules([rule(&whole)], [rule(&whole[..1])]);
    let picture = only(&compared, "filters");
    assert_eq!(
        groups(&picture["primary"]),
        ["department EQUAL Sales AND <mail ISNOTNULL>", "company EQUAL Fabrikam"]
    );
    assert_eq!(
        groups(&picture["staging"]),
        ["department EQUAL Sales", "company EQUAL Fabrikam"]
    );
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["rule-scoping-filter"]))
    );
}

#[test]
fn groups_are_matched_best_to_best_and_a_filter_that_is_gone_is_empty() {
    let rule = |groups: &[&[(&str, &str, &str)]]| {
        let rule = custom("A", 50, "title", "title");
        groups.iter().fold(rule, |rule, group| rule.scope(group))
    };
    let (a, b, c, d) = (
        ("a", "EQUAL", "1"),
        ("b", "EQUAL", "2"),
        ("c", "EQUAL", "3"),
        ("d", "EQUAL", "4"),
    );
    let compared = compare_rules([rule(&[&[a, b], &[c, d]])], [rule(&[&[d], &[a, c, b]])]);
    let picture = only(&compared, "filters");
    assert_eq!(
        groups(&picture["primary"]),
        ["a EQUAL 1 AND b EQUAL 2", "<c EQUAL 3> AND d EQUAL 4"]
    );
    assert_eq!(
        groups(&picture["staging"]),
        ["a EQUAL 1 AND b EQUAL 2 AND <c EQUAL 3>", "d EQUAL 4"],
        "in the primary's order"
    );
    let gone = compare_rules([rule(&[&[a]])], [rule(&[])]);
    let picture = only(&gone, "filters");
    assert_eq!(groups(&picture["primary"]), ["<a EQUAL 1>"]);
    assert_eq!(picture["staging"], json!([]));
}

#[test]
fn a_filter_of_hundreds_of_clauses_is_cut_and_counted() {
    let clauses: Vec<(String, String)> = (0..600).map(|at| (format!("a{at:04}"), at.to_string())).collect();
    let rule = |count: usize| {
        let named: Vec<(&str, &str, &str)> = clauses[..count]
            .iter()
            .map(|(a, v)| (a.as_str(), "EQUAL", v.as_str()))
            .collect();
        custom("A", 50, "title", "title").scope(&named)
    };
    let compared = compare_rules([rule(599)], [rule(600)]);
    let picture = only(&compared, "filters");
    let parts = picture["staging"][0]["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 21);
    assert_eq!(parts[19], json!({ "text": "a0599 EQUAL 599", "both": false }));
    assert_eq!(parts[20], json!({ "text": "and 580 more", "both": true }));
    let groups: Vec<Rule> = [599_usize, 600]
        .iter()
        .map(|&count| {
            let rule = custom("A", 50, "title", "title");
            clauses[..count]
                .iter()
                .fold(rule, |rule, (a, v)| rule.scope(&[(a, "EQUAL", v)]))
        })
        .collect();
    let compared = compare_rules([groups[0].clone()], [groups[1].clone()]);
    let all = only(&compared, "filters")["staging"].as_array().unwrap();
    assert_eq!(all.len(), 21);
    assert_eq!(
        all[20]["parts"],
        json!([{ "text": "and 580 more groups", "both": true }])
    );
}

#[test]
fn join_groups_in_another_order_say_which_moved() {
    let rule = |order: &[usize]| {
        let all = [
            ("mail", "mail"),
            ("objectSid", "objectSid"),
            ("employeeID", "employeeID"),
        ];
        let rule = Rule::inbound("A", 50).flow(direct("title", "title"));
        order.iter().fold(rule, |rule, &at| rule.join(&[all[at]]))
    };
    let compared = compare_rules([rule(&[0, 1, 2])], [rule(&[2, 0, 1])]);
    let picture = only(&compared, "joins");
    assert_eq!(
        groups(&picture["primary"]),
        ["mail = mail", "objectSid = objectSid", "~employeeID = employeeID"]
    );
    assert_eq!(
        groups(&picture["staging"]),
        ["~employeeID = employeeID", "mail = mail", "objectSid = objectSid"]
    );
    assert_eq!(
        picture["findings"],
        Value::from(prints(&compared, &["rule-join-groups"]))
    );
    let compared = compare_rules([rule(&[0, 1])], [rule(&[1])]);
    let picture = only(&compared, "joins");
    assert_eq!(groups(&picture["primary"]), ["<mail = mail>", "objectSid = objectSid"]);
    assert_eq!(groups(&picture["staging"]), ["objectSid = objectSid"]);
}

/// One of each: a filter, join groups, an order, a flow.
fn of_each() -> Pair {
    let rules = |turn: bool| {
        let joins = if turn {
            ["mail", "objectSid"]
        } else {
            ["objectSid", "mail"]
        };
        let rule = Rule::inbound("In from contoso.com", 50).flow(direct("department", "department"));
        vec![
            joins.iter().fold(rule, |rule, name| rule.join(&[(name, name)])),
            custom("In from SYNC01", if turn { 51 } else { 49 }, "department", "division").scope(&[(
                "userPrincipalName",
                "ENDSWITH",
                if turn { "@contoso.com" } else { "@hr.contoso.com" },
            )]),
            custom("Other", 60, "title", "title").flow(expression(
                "mail",
                if turn { "\"a@contoso.com\"" } else { "\"b@contoso.com\"" },
            )),
        ]
    };
    let primary = primary_with(rules(true));
    let staging = Export {
        rules: rules(false),
        ..Export::staging_of(&primary)
    };
    Pair::of(&primary, &staging)
}

const KINDS: [&str; 4] = ["flows", "precedence", "filters", "joins"];

#[test]
fn accepted_findings_are_pictured_all_the_same() {
    let pair = of_each();
    let before = pair.compare();
    for kind in KINDS {
        assert!(!views(&before, kind).is_empty(), "{kind}: {:#?}", before.brief());
    }
    let all: String = before.findings().iter().map(|f| entry(f, true, LATER)).collect();
    let compared = accept(&pair, &all);
    assert_eq!(compared.code, 0, "{:#?}", compared.brief());
    assert_eq!(compared.report["views"], before.report["views"]);
}

#[test]
fn no_name_is_left_in_a_redacted_picture() {
    let whole = of_each().compare().report["views"].to_string().to_lowercase();
    assert!(whole.contains("contoso") && whole.contains("sync01"), "{whole}");
    let masked = of_each().compare_with(&["--redact"]);
    let text = masked.report["views"].to_string().to_lowercase();
    for name in ["contoso", "sync01", "onmicrosoft"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    for kind in KINDS {
        assert!(!views(&masked, kind).is_empty(), "{kind}");
    }
    let tree = support::partitions::pair(
        &[support::partitions::Partition::domain(&["+"])],
        &[support::partitions::Partition::domain(&["+", "-OU=Sales"])],
    );
    let masked = tree.compare_with(&["--redact"]);
    let nodes = masked.report["views"].to_string().to_lowercase();
    assert!(nodes.contains("ou=sales") && !nodes.contains("contoso"), "{nodes}");
}

#[test]
fn nothing_with_ranks_is_pictured_while_a_rule_cannot_be_read() {
    let pair = of_each();
    let folder = pair.staging().join("SynchronizationRules");
    std::fs::write(folder.join("SynchronizationRule_{x}_9.xml"), "<synchronizationRule>").unwrap();
    let compared = pair.compare();
    assert!(views(&compared, "flows").is_empty() && views(&compared, "precedence").is_empty());
    assert!(!views(&compared, "filters").is_empty() && !views(&compared, "joins").is_empty());
}

#[test]
fn texts_of_any_length_do_not_make_long_pictures() {
    let rules = |end: &str| {
        let long = format!("\"{}{end}\"", "contoso.com ".repeat(2_000));
        let clause = "x".repeat(10);
        let rule = custom("A", 50, "title", "title").flow(expression("mail", &long));
        vec![(0..100).fold(rule, |rule, at| rule.scope(&[(&format!("a{at}"), "EQUAL", &clause)]))]
    };
    let compared = compare_rules(rules("x"), rules("y"));
    let picture = only(&compared, "flows");
    let place = &picture["inbound"][0]["primary"];
    assert_eq!(text(&place["source"]), "(24003 characters)");
    let scope = text(&place["scope"]);
    assert!(scope.ends_with("… and 60 more clauses"), "{scope}");
    assert!(picture.to_string().len() < 20_000);
}

#[test]
fn of_many_rules_the_one_that_moved_is_shown_and_so_are_both_winners() {
    let rules = |last: u32| -> Vec<Rule> {
        let names = (0..30).map(|at| custom(&format!("R{at:02}"), 100 + 2 * at, "title", &format!("a{at}")));
        names.chain([custom("Last", last, "title", "x")]).collect()
    };
    for (number, place) in [(131, "17"), (99, "*1")] {
        let compared = compare_rules(rules(200), rules(number));
        let shown = rows(&only(&compared, "flows")["inbound"]);
        assert_eq!(shown.len(), 12);
        assert!(shown[0].starts_with("R00: *1 [a0]"), "{shown:#?}");
        assert_eq!(shown[11], format!("Last: 31 [x] -> {place} [x]"));
    }
}
