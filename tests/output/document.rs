//! `document`: the whole configuration of one server, from outside. What it
//! holds of a real export is counted in `document_inventory.rs`.

use crate::support::export::{Export, Rule, constant, direct, expression};
use crate::support::pages::{Part, links, parts};
use crate::support::{Run, run, sample, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

fn document_at(server: &Path, arguments: &[&str]) -> Run {
    let mut all = vec!["document".as_ref(), server.as_os_str()];
    all.extend(arguments.iter().map(std::ffi::OsStr::new));
    run(all)
}

/// Runs `document` on an export.
fn document(export: &Export, format: &str) -> String {
    let folder = TempDir::new().unwrap();
    export.write(folder.path());
    let run = document_at(folder.path(), &["--format", format]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

/// The document as JSON, valid against the committed schema.
fn of_json(text: &str) -> Value {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let schema: Value = serde_json::from_str(&run(["schema", "document"]).stdout).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    let document: Value = serde_json::from_str(text).unwrap();
    let problems: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(document["schema"], "syncdrift.document/1");
    document
}

fn part<'p>(parts: &'p [Part], title: &str) -> &'p Part {
    let of = |part: &&Part| part.path.last().is_some_and(|last| last == title);
    parts.iter().find(of).unwrap_or_else(|| panic!("{title}"))
}

/// Two inbound rules for one attribute, one that reads it.
fn department() -> Export {
    Export::primary()
        .rule(
            Rule::inbound("In Common", 110)
                .tagged("Microsoft.InCommon.001")
                .flow(direct("department", "department")),
        )
        .rule(
            Rule::inbound("In Sales", 50)
                .scope(&[("company", "EQUAL", "Contoso"), ("mail", "ISNOTNULL", "")])
                .scope(&[("division", "EQUAL", "7")])
                .join(&[("mail", "mail"), ("cn", "cn")])
                .join(&[("objectSid", "objectSid")])
                .flow(expression("department", "Trim([extensionAttribute9])")),
        )
        .rule(Rule::inbound("In Old", 40).flow(constant("department", "x")).disabled())
        .rule(Rule::outbound("Out Common", 120).flow(direct("team", "department")))
}

#[test]
fn a_metaverse_attribute_names_who_feeds_it_in_which_order_and_for_whom() {
    let parts = parts(&document(&department(), "markdown"));
    let table = &part(&parts, "person").tables;
    let precedence = table.iter().find(|table| table.title == "Inbound precedence").unwrap();
    let wanted = [
        [
            "1",
            "In Sales",
            "Trim([extensionAttribute9])",
            "(company EQUAL Contoso AND mail ISNOTNULL) OR (division EQUAL 7)",
        ],
        ["2", "In Common", "[department]", "(every object)"],
    ];
    assert_eq!(precedence.of(["Rank", "Inbound rule", "Source", "Scope"]), wanted);
    let attributes = table.iter().find(|table| table.title == "Attributes").unwrap();
    let row = &attributes.of(["Attribute", "Rules that feed it", "Flows out to"])[0];
    assert_eq!(*row, ["department", "2", "contoso.onmicrosoft.com - AAD: team"]);
}

#[test]
fn flows_are_followed_to_the_other_end() {
    let parts = parts(&document(&department(), "markdown"));
    let flows: Vec<&Part> = parts
        .iter()
        .filter(|part| part.path.contains(&"End-to-end attribute flows".to_owned()) && !part.tables.is_empty())
        .collect();
    let [inbound, outbound] = flows[..] else {
        panic!("{flows:#?}")
    };
    let found = inbound.tables[0].of(["Rank", "Inbound rule", "Goes out to"]);
    assert_eq!(
        found[0],
        ["1", "In Sales", "contoso.onmicrosoft.com - AAD team: Out Common"]
    );
    assert_eq!(found[1], ["2", "In Common", ""], "said once");
    let found = outbound.tables[0].of(["Target attribute", "Source", "Outbound rule", "Fed by"]);
    assert_eq!(
        found[0],
        [
            "team",
            "[department]",
            "Out Common",
            "department, 2 rules of contoso.com"
        ]
    );
}

#[test]
fn a_rule_says_where_it_comes_from_and_what_is_wrong_with_it() {
    let export = department().rule(Rule::inbound("In Late", 300).flow(direct("mail", "mail")));
    let parts = parts(&document(&export, "markdown"));
    let first = |title: &str| part(&parts, title).lines[0].clone();
    assert_eq!(first("110 In Common"), "Standard rule.");
    assert_eq!(first("40 In Old"), "Custom rule, disabled.");
    assert_eq!(
        first("300 In Late"),
        "Custom rule. Lint: Custom rule in the reserved range."
    );
    let lints = &part(&parts, "Lints").tables[0];
    assert!(lints.of(["Object"]).contains(&["In Late".to_owned()]), "{lints:?}");
    let groups = part(&parts, "50 In Sales")
        .tables
        .iter()
        .find(|table| table.title.starts_with("Join"))
        .unwrap();
    assert_eq!(
        groups.of(["Group", "Connector attribute"]),
        [["1", "cn"], ["1", "mail"], ["2", "objectSid"]]
    );
}

#[test]
fn objects_hold_every_setting_with_its_title() {
    let document = of_json(&document(&department(), "json"));
    let objects = document["objects"].as_array().unwrap();
    let of = |kind: &str, path: Value| {
        let found = objects
            .iter()
            .find(|object| object["kind"] == kind && object["path"] == path);
        found.unwrap_or_else(|| panic!("{kind} {path}"))
    };
    let rule = of("sync-rule", json!(["contoso.com", "Inbound", "In Sales"]));
    let setting = &rule["settings"]["rule-precedence"];
    assert_eq!(
        (&setting["title"], &setting["value"]),
        (&json!("Precedence"), &json!("50"))
    );
    let wanted = json!([
        [
            { "attribute": "company", "operator": "EQUAL", "value": "Contoso" },
            { "attribute": "mail", "operator": "ISNOTNULL", "value": "" }
        ],
        [{ "attribute": "division", "operator": "EQUAL", "value": "7" }]
    ]);
    assert_eq!(rule["settings"]["rule-scoping-filter"]["value"], wanted);
    assert_eq!(rule["settings"]["rule-identifier"]["housekeeping"], true);
    let flow = of(
        "attribute-flow",
        json!(["contoso.com", "Inbound", "In Sales", "department"]),
    );
    assert_eq!(
        flow["settings"]["rule-flow-expression"]["value"],
        "Trim([extensionAttribute9])"
    );
    let global = of("global-settings", json!(["Global settings"]));
    let parameter = &global["settings"]["global-parameter-use{Microsoft.Synchronize.StagingMode}"];
    assert_eq!(parameter["value"], "SynchronizationGlobal");
    assert_eq!(document["server"]["server"], "SYNC01");
    let ledger = &document["ledger"];
    let number = |key: &str| ledger[key].as_u64().unwrap();
    assert_eq!(
        number("leaves"),
        number("compared") + number("noise") + number("secret") + number("uncatalogued")
    );
    let order: Vec<&str> = objects
        .iter()
        .filter(|object| object["kind"] == "sync-rule")
        .map(|object| text(&object["path"][2]))
        .collect();
    assert_eq!(
        order,
        ["In Old", "In Sales", "In Common", "Out Common"],
        "by precedence"
    );
}

#[test]
fn what_no_row_knows_is_shown_with_its_path() {
    let mut export = department();
    export.rule_mut("In Sales").extra = "<novelty kind=\"a\">b</novelty>".to_owned();
    let parts = parts(&document(&export, "markdown"));
    let values = part(&parts, "50 In Sales").tables[0].of(["In the export", "Value"]);
    let found: Vec<&[String; 2]> = values.iter().filter(|row| row[0].starts_with("novelty")).collect();
    assert_eq!(found.len(), 2, "{values:#?}");
    let document = of_json(&document(&export, "json"));
    let rules = document["objects"].as_array().unwrap().iter();
    let novel = rules.filter(|object| object["settings"].get("novelty").is_some());
    assert_eq!(novel.count(), 1);
}

#[test]
fn rules_of_one_name_one_precedence_or_no_known_connector_are_all_there() {
    let stranger = "7c0f5bd2-0000-4000-8000-000000000001";
    let twin = |precedence: u32, target: &str| Rule::inbound("Twin", precedence).flow(direct(target, "mail"));
    let export = Export::primary()
        .rule(twin(60, "mail"))
        .rule(twin(60, "cn"))
        .rule(Rule {
            connector: stranger.to_owned(),
            ..Rule::inbound("Astray", 61)
        })
        .rule(Rule {
            precedence: "soon".to_owned(),
            ..Rule::inbound("Unnumbered", 0)
        });
    let folder = TempDir::new().unwrap();
    export.write(folder.path());
    let run = document_at(folder.path(), &["--format", "markdown"]);
    assert_eq!(run.code, 3, "a connector is missing: {}", run.stderr);
    let parts = parts(&run.stdout);
    let titled = |title: &str| parts.iter().filter(|part| part.path.last().unwrap() == title).count();
    assert_eq!(
        (titled("60 Twin"), titled("61 Astray"), titled("soon Unnumbered")),
        (2, 1, 1)
    );
    assert!(
        part(&parts, "61 Astray")
            .path
            .iter()
            .any(|title| title.contains(stranger))
    );
    let (to, there) = links(&run.stdout);
    assert!(to.contains("r60") && there.contains(&"r60-2".to_owned()));
    let run = document_at(folder.path(), &["--format", "json"]);
    let document = of_json(&run.stdout);
    let twins: Vec<Value> = document["objects"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|object| object["kind"] == "sync-rule" && object["path"][2] == "Twin")
        .map(|object| object["number"].clone())
        .collect();
    assert_eq!(twins, [Value::Null, json!(2)]);
}

/// Ids and links of a page.
fn of_page(page: &str) -> (BTreeSet<String>, Vec<String>) {
    let between = |before: &str| -> Vec<String> {
        let pieces = page.split(before).skip(1);
        pieces
            .map(|piece| piece.split('"').next().unwrap().to_owned())
            .collect()
    };
    (between("href=\"#").into_iter().collect(), between(" id=\""))
}

#[test]
fn every_link_leads_somewhere_and_no_two_places_have_one_name() {
    let server = sample("primary");
    let of = |format: &str| document_at(&server, &["--format", format]).stdout;
    for (to, there) in [links(&of("markdown")), of_page(&of("html"))] {
        let places: BTreeSet<String> = there.iter().cloned().collect();
        assert_eq!(places.len(), there.len(), "a place stands twice");
        let lost: Vec<&String> = to.difference(&places).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert!(to.len() > 100 && to.contains("overview"), "{}", to.len());
    }
}

#[test]
fn no_name_becomes_markup() {
    let nasty = "<script>alert(1)</script>|](#overview) `x` \"&amp;\u{202e}";
    let export = Export::primary().rule(
        Rule::inbound(nasty, 50)
            .scope(&[(nasty, "EQUAL", nasty)])
            .join(&[(nasty, nasty)])
            .flow(constant(nasty, nasty))
            .flow(expression("b", &format!("\"{nasty}\""))),
    );
    let plain = document(
        &Export::primary().rule(Rule::inbound("x", 50).flow(constant("a", "b"))),
        "html",
    );
    let page = document(&export, "html");
    let scripts = |page: &str| page.matches("<script").count();
    assert_eq!(scripts(&page), scripts(&plain));
    assert!(!page.contains('\u{202e}') && page.contains("&lt;script&gt;alert(1)"));
    let markdown = document(&export, "markdown");
    assert!(!markdown.contains("<script") && !markdown.contains('\u{202e}'));
    let rules = parts(&markdown);
    let shown = nasty.replace('\u{202e}', "\\u{202e}");
    let own = part(&rules, &format!("50 {shown}"));
    let table = own
        .tables
        .iter()
        .find(|table| table.title == "Transformations")
        .unwrap();
    assert_eq!(table.of(["Target attribute"])[0], [shown]);
}

#[test]
fn the_page_asks_for_nothing() {
    let page = document(&department(), "html");
    assert!(page.contains("default-src &#x27;none&#x27;"));
    for forbidden in [
        "http://",
        "https://",
        "src=",
        "<link",
        "@import",
        "url(",
        " style=",
        " onclick=",
    ] {
        // A reference of a lint is text.
        let found = page.matches(forbidden).count();
        let quoted = page.matches(&format!("<td>{forbidden}")).count();
        assert_eq!(found, quoted, "{forbidden}");
    }
    assert!(
        page.contains("In Sales") && page.contains("(every object)"),
        "readable without its script"
    );
}

#[test]
fn the_exit_code_says_whether_parts_are_missing() {
    let folder = TempDir::new().unwrap();
    department().write(folder.path());
    assert_eq!(document_at(folder.path(), &[]).code, 0);
    fs::remove_dir_all(folder.path().join("GlobalSettings")).unwrap();
    let run = document_at(folder.path(), &[]);
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("NOT READ"), "{}", run.stdout);
    for format in ["markdown", "html"] {
        let run = document_at(folder.path(), &["--format", format]);
        assert!(run.code == 3 && run.stdout.contains("GlobalSettings"));
    }
    let run = document_at(&folder.path().join("nowhere"), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

#[test]
fn files_follow_their_extensions_and_stdout_gets_the_overview() {
    let folder = TempDir::new().unwrap();
    let server = folder.path().join("server");
    department().write(&server);
    let files: Vec<String> = ["a.md", "a.json", "a.html"]
        .map(|name| folder.path().join(name).display().to_string())
        .to_vec();
    let run = document_at(&server, &["-o", &files[0], "-o", &files[1], "-o", &files[2]]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in ["SYNC01", "Synchronization rules", "Connector contoso.com"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert!(
        run.stdout.lines().all(|line| line.chars().count() <= 80),
        "{}",
        run.stdout
    );
    let [markdown, json, page] = [0, 1, 2].map(|at| fs::read_to_string(&files[at]).unwrap());
    assert!(markdown.starts_with("# Configuration of SYNC01"));
    assert!(page.starts_with("<!DOCTYPE html>"));
    of_json(&json);
    // The same bytes again.
    for (format, first) in [("markdown", &markdown), ("json", &json), ("html", &page)] {
        let again = document_at(&server, &["--format", format]).stdout;
        assert!(again == *first, "{format}");
    }
    let run = document_at(&server, &["-o", &folder.path().join("a.csv").display().to_string()]);
    assert_eq!(run.code, 2);
}

#[test]
fn no_name_is_left_under_redact() {
    let server = sample("primary");
    for format in ["text", "json", "markdown", "html"] {
        let plain = document_at(&server, &["--format", format]).stdout.to_lowercase();
        let masked = document_at(&server, &["--redact", "--format", format])
            .stdout
            .to_lowercase();
        for name in [
            "sync01",
            "contoso",
            "fabrikam",
            "onmicrosoft",
            "msol_7",
            "msol_d",
            "dc01.",
        ] {
            assert!(!masked.contains(name), "{format}: {name}");
        }
        assert!(plain.contains("sync01") && masked.contains("server-1"), "{format}");
    }
    let masked = document_at(&server, &["--redact", "--format", "json"]).stdout;
    of_json(&masked);
    let plain = document_at(&server, &["--format", "json"]).stdout;
    let lines = |text: &str| text.lines().count();
    assert_eq!(lines(&masked), lines(&plain), "nothing else changes");
}

#[test]
fn a_template_of_the_users_own_takes_the_place_of_the_built_in_one() {
    let folder = TempDir::new().unwrap();
    let (server, own) = (folder.path().join("server"), folder.path().join("own"));
    department().write(&server);
    fs::create_dir(&own).unwrap();
    fs::write(own.join("document.hbs"), "<p>{{title}}</p>").unwrap();
    let own = own.to_str().unwrap();
    let page = document_at(&server, &["--format", "html", "--templates", own]);
    assert_eq!((page.code, page.stdout.as_str()), (0, "<p>Configuration of SYNC01</p>"));
}
