//! `flow`: the end-to-end path of an attribute, from outside.

use crate::support;
use crate::support::export::{Export, Flow, Rule, constant, direct, expression};
use crate::support::{Run, run, sample, text};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Runs `flow` on an export.
fn flow(export: &Export, arguments: &[&str]) -> Run {
    let folder = TempDir::new().unwrap();
    export.write(folder.path());
    flow_at(folder.path(), arguments)
}

fn flow_at(server: &Path, arguments: &[&str]) -> Run {
    let mut all = vec!["flow".as_ref(), server.as_os_str()];
    all.extend(arguments.iter().map(std::ffi::OsStr::new));
    run(all)
}

/// The answer as JSON, valid against the committed schema.
fn answer(export: &Export, arguments: &[&str]) -> Value {
    let run = flow(export, &[arguments, &["--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    valid(&run.stdout)
}

fn valid(text: &str) -> Value {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let schema: Value = serde_json::from_str(&run(["schema", "flow"]).stdout).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    let answer: Value = serde_json::from_str(text).unwrap();
    let problems: Vec<String> = schema.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(answer["schema"], "syncdrift.flow/1");
    answer
}

/// `objectType: rank rule: source -> target standing` of each step.
fn steps(answer: &Value, way: &str) -> Vec<String> {
    let line = |step: &Value| {
        format!(
            "{}: {} {}: {} -> {} {}",
            text(&step["objectType"]),
            step["rank"],
            text(&step["rule"]),
            text(&step["source"]),
            text(&step["target"]),
            text(&step["standing"])
        )
    };
    answer[way].as_array().unwrap().iter().map(line).collect()
}

fn wrong(export: &Export, arguments: &[&str]) -> String {
    let run = flow(export, arguments);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    run.stderr
}

fn merged(flow: Flow, merge: &str) -> Flow {
    Flow {
        merge: Some(merge.to_owned()),
        ..flow
    }
}

/// Two inbound rules, a disabled one between them, and two outbound ones.
fn department() -> Export {
    Export::primary()
        .rule(Rule::inbound("In Common", 110).flow(direct("department", "department")))
        .rule(
            Rule::inbound("In Sales", 50)
                .scope(&[("company", "EQUAL", "Contoso")])
                .flow(expression("department", "Trim([extensionAttribute9])")),
        )
        .rule(Rule::inbound("In Old", 40).flow(constant("department", "x")).disabled())
        .rule(Rule::outbound("Out Common", 120).flow(direct("department", "department")))
        .rule(
            Rule::outbound("Out Scope", 130)
                .scope(&[("department", "ISNOTNULL", "")])
                .flow(direct("mail", "mail")),
        )
}

#[test]
fn the_path_runs_from_the_source_to_the_target_in_rank_order() {
    let answer = answer(&department(), &["DEPARTMENT"]);
    assert_eq!(
        steps(&answer, "inbound"),
        [
            "person: 1 In Sales: Trim([extensionAttribute9]) -> department wins",
            "person: 2 In Common: [department] -> department follows"
        ]
    );
    assert_eq!(
        steps(&answer, "outbound"),
        [
            "person: 1 Out Common: [department] -> department wins",
            "person: null Out Scope:  ->  no-flow"
        ]
    );
    assert_eq!(answer["attribute"], "department");
    assert_eq!(answer["foundIn"], "metaverse");
    assert_eq!(
        answer["paths"],
        json!([{ "attribute": "department", "objectType": "person" }])
    );
    let first = &answer["inbound"][0];
    assert_eq!(
        (
            &first["winner"],
            &first["precedence"],
            text(&first["scope"]),
            text(&first["linkType"])
        ),
        (&json!(true), &json!(50), "company EQUAL Contoso", "Join")
    );
    assert_eq!(answer["inbound"][1]["winner"], false);
    assert_eq!(answer["inbound"][1]["scope"], "(every object)");
    assert_eq!(answer["outbound"][1]["via"], json!(["scope"]));
    assert_eq!(answer["server"]["server"], "SYNC01");
}

#[test]
fn disabled_rules_are_counted_and_do_not_take_part() {
    let run = flow(&department(), &["department", "-v"]);
    assert!(!run.stdout.contains("In Old"), "{}", run.stdout);
    assert!(run.stdout.contains("1 disabled rule names it"), "{}", run.stdout);
    let only = Export::primary().rule(Rule::inbound("In Old", 40).flow(constant("department", "x")).disabled());
    let answer = answer(&only, &["department"]);
    assert_eq!((&answer["inbound"], &answer["disabledRules"]), (&json!([]), &json!(1)));
    let run = flow(&only, &["department"]);
    assert!(
        run.stdout.contains("No live rule feeds or reads person.department."),
        "{}",
        run.stdout
    );
}

#[test]
fn a_name_that_only_connectors_know_leads_to_the_metaverse() {
    let answer = answer(&department(), &["extensionattribute9"]);
    assert_eq!(
        (text(&answer["foundIn"]), text(&answer["attribute"])),
        ("connector", "extensionAttribute9")
    );
    assert_eq!(
        answer["paths"],
        json!([{ "attribute": "department", "objectType": "person" }])
    );
    assert_eq!(
        steps(&answer, "inbound").len(),
        2,
        "who else feeds it belongs to the answer"
    );
    assert_eq!(answer["inbound"][0]["via"], json!(["expression"]));
    assert_eq!(answer["inbound"][1]["via"], json!([]));
    assert_eq!(steps(&answer, "outbound").len(), 2, "and so does where it goes");
}

#[test]
fn a_targets_name_leads_back_to_what_feeds_it() {
    let export = department().rule(Rule::outbound("Out Alias", 140).flow(direct("physicalOffice", "department")));
    let answer = answer(&export, &["physicalOffice"]);
    assert_eq!(steps(&answer, "inbound").len(), 2);
    assert_eq!(
        steps(&answer, "outbound"),
        ["person: 1 Out Alias: [department] -> physicalOffice wins"]
    );
}

#[test]
fn a_connectors_attribute_on_no_path_is_no_empty_answer() {
    let export = department().rule(Rule::outbound("Out Constant", 140).flow(constant("usageLocation", "SE")));
    let scoped = answer(&export, &["company"]);
    assert_eq!(steps(&scoped, "inbound"), ["person: null In Sales:  ->  no-flow"]);
    assert_eq!(scoped["inbound"][0]["attribute"], Value::Null);
    let written = answer(&export, &["usageLocation"]);
    assert_eq!(
        steps(&written, "outbound"),
        ["person: 1 Out Constant: \"SE\" -> usageLocation wins"]
    );
    let text = flow(&export, &["company"]).stdout;
    assert!(text.contains("In Sales (contoso.com): scopes by it"), "{text}");
}

#[test]
fn other_flows_of_connectors_attributes_of_that_name_are_hints() {
    let export = department()
        .rule(Rule::inbound("In Division", 60).flow(direct("division", "department")))
        .rule(Rule::outbound("Out Team", 150).flow(expression("department", "Trim([team])")));
    let answer = answer(&export, &["department"]);
    let hints: Vec<(&str, bool, &str)> = answer["seeAlso"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| {
            (
                text(&hint["attribute"]),
                hint["feeds"].as_bool().unwrap(),
                text(&hint["rule"]),
            )
        })
        .collect();
    assert_eq!(hints, [("division", true, "In Division"), ("team", false, "Out Team")]);
}

#[test]
fn rules_for_every_type_count_for_each() {
    let export = department()
        .rule(Rule {
            target_type: "*".to_owned(),
            ..Rule::inbound("In Any", 10).flow(constant("department", "all"))
        })
        .rule(Rule {
            target_type: "group".to_owned(),
            source_type: "group".to_owned(),
            ..Rule::inbound("In Group", 20).flow(direct("department", "department"))
        });
    let both = answer(&export, &["department"]);
    assert_eq!(
        steps(&both, "inbound"),
        [
            "group: 1 In Any: \"all\" -> department wins",
            "group: 2 In Group: [department] -> department follows",
            "person: 1 In Any: \"all\" -> department wins",
            "person: 2 In Sales: Trim([extensionAttribute9]) -> department follows",
            "person: 3 In Common: [department] -> department follows"
        ]
    );
    let one = answer(&export, &["department", "--object-type", "Group"]);
    assert_eq!(steps(&one, "inbound").len(), 2);
    assert_eq!(steps(&one, "outbound"), Vec::<String>::new());
    let only = Export::primary()
        .rule(Rule {
            target_type: "*".to_owned(),
            ..Rule::inbound("In Any", 10).flow(constant("marker", "1"))
        })
        .rule(Rule::outbound("Out", 120).flow(direct("mail", "mail")));
    let nowhere = answer(&only, &["marker"]);
    assert_eq!(steps(&nowhere, "inbound"), ["*: 1 In Any: \"1\" -> marker wins"]);
    let person = answer(&only, &["marker", "--object-type", "person"]);
    assert_eq!(steps(&person, "inbound"), ["person: 1 In Any: \"1\" -> marker wins"]);
}

#[test]
fn merged_values_are_combined_and_mixed_merge_types_are_said() {
    let rules = |second: &str| {
        Export::primary()
            .rule(Rule::inbound("In A", 1).flow(merged(direct("proxy", "a"), "MergeCaseInsensitive")))
            .rule(Rule::inbound("In B", 2).flow(merged(direct("proxy", "b"), second)))
    };
    let all = answer(&rules("Merge"), &["proxy"]);
    for (step, winner) in all["inbound"].as_array().unwrap().iter().zip([true, false]) {
        assert_eq!((text(&step["standing"]), &step["winner"]), ("combines", &json!(winner)));
    }
    assert_eq!(all["inbound"][0]["mergeType"], "MergeCaseInsensitive");
    let shown = flow(&rules("Merge"), &["proxy"]).stdout;
    assert!(
        shown.contains("its values are combined with those of the other rules"),
        "{shown}"
    );
    let mixed = answer(&rules("Replace"), &["proxy"]);
    assert_eq!(mixed["inbound"][1]["standing"], "mixed");
    assert_eq!(mixed["inbound"][1]["mergeType"], Value::Null);
}

#[test]
fn rules_of_one_precedence_share_a_rank_and_nobody_knows_who_wins() {
    let export = Export::primary()
        .rule(Rule::inbound("In B", 7).flow(direct("mail", "b")))
        .rule(Rule::inbound("In A", 7).flow(direct("mail", "a")))
        .rule(Rule::inbound("In C", 9).flow(Flow {
            once: Some("true".to_owned()),
            ..direct("mail", "c")
        }));
    let answer = answer(&export, &["mail"]);
    assert_eq!(
        steps(&answer, "inbound"),
        [
            "person: 1 In A: [a] -> mail undefined",
            "person: 1 In B: [b] -> mail undefined",
            "person: 2 In C: [c] -> mail follows"
        ]
    );
    assert_eq!(answer["inbound"][2]["applyOnce"], true);
    assert!(flow(&export, &["mail"]).stdout.contains("applied once"));
}

#[test]
fn an_outbound_rule_behind_one_that_does_not_read_the_attribute_says_so() {
    let export = department().rule(Rule::outbound("Out Fixed", 5).flow(constant("department", "none")));
    let answer = answer(&export, &["department"]);
    assert_eq!(
        steps(&answer, "outbound")[0],
        "person: 2 Out Common: [department] -> department follows"
    );
    assert_eq!(answer["outbound"][0]["behind"], "Out Fixed");
    assert!(answer["inbound"][1].get("behind").is_none(), "it is on the path");
    // Rules of another metaverse type are no rivals.
    let other = department().rule(Rule {
        source_type: "group".to_owned(),
        ..Rule::outbound("Out Fixed", 5).flow(constant("department", "none"))
    });
    assert_eq!(
        steps(&self::answer(&other, &["department"]), "outbound")[0],
        "person: 1 Out Common: [department] -> department wins"
    );
}

#[test]
fn a_connector_narrows_what_is_shown_and_keeps_the_ranks() {
    let mut export = department();
    export
        .forests
        .push(("fabrikam.com".to_owned(), "fabrikam.com".to_owned()));
    let export = export.rule(Rule {
        connector: "fabrikam.com".to_owned(),
        ..Rule::inbound("In Fabrikam", 60).flow(direct("department", "department"))
    });
    let answer = answer(&export, &["department", "--connector", "FABRIKAM.com"]);
    assert_eq!(
        steps(&answer, "inbound"),
        ["person: 2 In Fabrikam: [department] -> department follows"]
    );
    assert_eq!(answer["inbound"][0]["behind"], "In Sales");
    assert_eq!(answer["outbound"], json!([]));
    let none = wrong(&export, &["department", "--connector", "fabrikan.com"]);
    assert!(
        none.contains("\"fabrikam.com\"") && none.contains("\"contoso.com\""),
        "{none}"
    );
    let other = wrong(&export, &["extensionAttribute9", "--connector", "fabrikam.com"]);
    assert!(other.contains("rules of \"contoso.com\" do"), "{other}");
}

#[test]
fn unknown_names_are_2_with_the_closest() {
    let export = department();
    let attribute = wrong(&export, &["departmant"]);
    assert!(
        attribute.contains("\"departmant\"") && attribute.contains("did you mean department?"),
        "{attribute}"
    );
    let far = wrong(&export, &["zzz"]);
    assert!(
        far.contains("metaverse attribute") && !far.contains("did you mean"),
        "{far}"
    );
    let object_type = wrong(&export, &["department", "--object-type", "persn"]);
    assert!(
        object_type.contains("no object type \"persn\"") && object_type.contains("\"person\""),
        "{object_type}"
    );
    let group = Rule {
        target_type: "group".to_owned(),
        ..Rule::inbound("In Group", 20).flow(direct("info", "info"))
    };
    let not_of = wrong(&export.rule(group), &["department", "--object-type", "group"]);
    assert!(
        not_of.contains("no attribute of \"group\"") && not_of.contains("\"person\""),
        "{not_of}"
    );
    assert_eq!(run(["flow", "no-such-folder", "mail"]).code, 2);
}

#[test]
fn a_gap_is_shown_in_an_answer_that_is_given_all_the_same() {
    let folder = TempDir::new().unwrap();
    department().write(folder.path());
    fs::write(
        folder.path().join("SynchronizationRules/broken.xml"),
        "<synchronizationRule><name>",
    )
    .unwrap();
    let shown = flow_at(folder.path(), &["department"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stdout.contains("NOT READ") && shown.stdout.contains("broken.xml"),
        "{}",
        shown.stdout
    );
    assert!(shown.stdout.contains("In Sales"));
    let json = flow_at(folder.path(), &["department", "--format", "json"]);
    assert_eq!(json.code, 0);
    assert_eq!(valid(&json.stdout)["gaps"].as_array().unwrap().len(), 1);
    let markdown = flow_at(folder.path(), &["department", "--format", "markdown"]);
    assert!(
        markdown.code == 0 && markdown.stdout.contains("**Not read.**"),
        "{}",
        markdown.stdout
    );
    let unknown = flow_at(folder.path(), &["otherName"]);
    assert!(
        unknown.code == 2 && unknown.stderr.contains("could not be read"),
        "{}",
        unknown.stderr
    );
}

/// Names that try to move the cursor, to end a cell or to be markup.
fn hostile() -> Export {
    Export::primary()
        .rule(
            Rule::inbound("evil\u{202e} | `name` <b>\n# x", 1)
                .scope(&[("a|b", "EQUAL", "*x* \u{200f}")])
                .flow(expression("mail", "IIF([mail]=\"a|b\",\n\n  \"`\",[mail])")),
        )
        .rule(Rule::outbound("out|", 2).flow(direct("mail", "mail")))
}

#[test]
fn hostile_names_stay_names() {
    for detail in ["-q", "-v", "--color=never"] {
        let shown = flow(&hostile(), &["mail", detail]).stdout;
        assert!(!shown.contains(['\u{202e}', '\u{200f}', '\u{1b}']), "{shown}");
        assert!(shown.contains("\\u{202e}"), "{shown}");
        assert!(!shown.lines().any(|line| line.starts_with('#')), "{shown}");
        for line in shown.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let markdown = flow(&hostile(), &["mail", "--format", "markdown"]).stdout;
    assert!(!markdown.contains(['\u{202e}', '\u{200f}']), "{markdown}");
    assert!(
        !markdown.contains("<b>") && markdown.contains("\\`name\\` &lt;b&gt;"),
        "{markdown}"
    );
    let mut columns = 0;
    for line in markdown.lines().filter(|line| line.starts_with('|')) {
        // Pipes that are not escaped end a cell; backslashes are escaped themselves.
        let own = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        columns = if line.contains("| Rank |") { own } else { columns };
        assert_eq!(own, columns, "{line}");
    }
    assert_eq!(columns, 9, "{markdown}");
    assert_eq!(
        markdown.lines().filter(|line| line.starts_with('#')).count(),
        4,
        "{markdown}"
    );
}

#[test]
fn files_take_their_format_from_their_extension() {
    let folder = TempDir::new().unwrap();
    let server = folder.path().join("server");
    department().write(&server);
    let (json, markdown) = (folder.path().join("a.json"), folder.path().join("a.md"));
    let shown = flow_at(
        &server,
        &[
            "department",
            "-q",
            "-o",
            json.to_str().unwrap(),
            "-o",
            markdown.to_str().unwrap(),
        ],
    );
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("person.department <- "), "{}", shown.stdout);
    valid(&fs::read_to_string(json).unwrap());
    assert!(
        fs::read_to_string(markdown)
            .unwrap()
            .starts_with("# Path of department\n")
    );
    for wrong in ["a.txt", "no/such/folder/a.json"] {
        assert_eq!(flow_at(&server, &["department", "-o", wrong]).code, 2);
    }
}

#[test]
fn colour_and_masks_are_given_on_request() {
    let export = department();
    assert!(
        flow(&export, &["department", "--color", "always"])
            .stdout
            .contains('\u{1b}')
    );
    assert!(!flow(&export, &["department"]).stdout.contains('\u{1b}'));
    for format in ["text", "json", "markdown"] {
        let masked = flow(&export, &["department", "--redact", "--format", format]);
        assert_eq!(masked.code, 0, "{}", masked.stderr);
        for name in ["SYNC01", "contoso"] {
            let found = masked.stdout.to_lowercase().contains(&name.to_lowercase());
            assert!(!found, "{name} in {format}: {}", masked.stdout);
        }
    }
    let error = wrong(&export, &["department", "--redact", "--connector", "x"]);
    assert!(!error.contains("contoso") && !error.contains("SYNC01"), "{error}");
}

#[test]
fn thousands_of_rules_are_followed_at_once() {
    let mut export = Export::primary();
    for n in 0..3_000 {
        export
            .rules
            .push(Rule::inbound(&format!("In {n}"), n).flow(direct("mail", "mail")));
        export
            .rules
            .push(Rule::outbound(&format!("Out {n}"), 3_000 + n).flow(expression("mail", "Trim([mail])")));
    }
    let folder = TempDir::new().unwrap();
    export.write(folder.path());
    let began = Instant::now();
    let shown = flow_at(folder.path(), &["mail", "--format", "json"]);
    let took = began.elapsed();
    assert_eq!(valid(&shown.stdout)["outbound"].as_array().unwrap().len(), 3_000);
    // The aim is a second of a quiet machine; something that costs the square takes minutes.
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// A change here is a change of the product: read it before committing it.
#[test]
fn the_text_on_the_samples_is_the_reviewed_one() {
    let shown = run(["flow", "samples/primary", "department"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let path = sample("flow.txt");
    if std::env::var_os("SYNCDRIFT_UPDATE").is_some() {
        fs::write(&path, &shown.stdout).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        shown.stdout == wanted,
        "{} is not what the program prints; read the difference, then SYNCDRIFT_UPDATE=1 cargo test --test rules flow",
        path.display()
    );
    for attribute in ["department", "sAMAccountName", "cloudFiltered", "proxyAddresses"] {
        let json = flow_at(&sample("primary"), &[attribute, "--format", "json"]);
        assert_eq!(json.code, 0, "{attribute}: {}", json.stderr);
        valid(&json.stdout);
    }
}

#[test]
fn a_real_export_is_followed() {
    let Some(folder) = support::data("contoso") else { return };
    let json = flow_at(
        &folder,
        &["extensionattribute5", "--object-type", "person", "--format", "json"],
    );
    assert_eq!(json.code, 0, "{}", json.stderr);
    let answer = valid(&json.stdout);
    let inbound = answer["inbound"].as_array().unwrap();
    assert_eq!(inbound.len(), 7);
    assert_eq!(
        (&inbound[0]["precedence"], &inbound[0]["winner"]),
        (&json!(104), &json!(true))
    );
    let targets: Vec<&str> = answer["outbound"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| text(&step["connectorObjectType"]))
        .collect();
    assert_eq!(targets, ["contact", "contact", "user", "user"]);
    // The rule for every type only joins: it is no contribution.
    let joined = flow_at(&folder, &["objectSidString", "--format", "json"]);
    let joined = valid(&joined.stdout);
    let all = joined["inbound"].as_array().unwrap().iter();
    let any: Vec<&Value> = all
        .filter(|step| text(&step["rule"]).contains("ForeignSecurityPrincipal"))
        .collect();
    assert_eq!(
        any.len(),
        joined["paths"].as_array().unwrap().len(),
        "one for every type"
    );
    for step in any {
        assert_eq!((&step["via"], &step["rank"]), (&json!(["join"]), &Value::Null));
    }
}
