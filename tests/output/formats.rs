//! JUnit, SARIF and CSV of comparisons: valid, whole, the same every time, and
//! no name in an export can be more than text in them.

use crate::support::export::{Export, Pair, Rule, direct, expression};
use crate::support::{Run, root, run, tables, text};
use roxmltree::{Document, Node};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const FORMATS: [&str; 4] = ["json", "junit.xml", "sarif", "csv"];

/// One comparison in every format.
struct All {
    run: Run,
    report: Value,
    junit: String,
    sarif: Value,
    csv: Vec<Vec<String>>,
}

fn all(primary: &Path, staging: &Path, more: &[&str]) -> All {
    let folder = TempDir::new().unwrap();
    let path = |format: &str| folder.path().join(format!("result.{format}"));
    let mut arguments = vec![
        "compare".into(),
        primary.as_os_str().to_owned(),
        staging.as_os_str().to_owned(),
    ];
    for format in FORMATS {
        arguments.extend(["-o".into(), path(format).into_os_string()]);
    }
    arguments.extend(more.iter().map(Into::into));
    let run = run(&arguments);
    assert!(run.code != 2, "{}", run.stderr);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), FORMATS.len());
    let read = |format: &str| fs::read(path(format)).unwrap();
    All {
        run,
        report: serde_json::from_slice(&read("json")).unwrap(),
        junit: String::from_utf8(read("junit.xml")).unwrap(),
        sarif: serde_json::from_slice(&read("sarif")).unwrap(),
        csv: tables::csv(&read("csv")),
    }
}

fn samples(more: &[&str]) -> All {
    all(Path::new("samples/primary"), Path::new("samples/staging"), more)
}

fn unreadable() -> All {
    all(
        Path::new("samples/unreadable/primary"),
        Path::new("samples/unreadable/staging"),
        &[],
    )
}

/// What an attacker would call a rule.
const EVIL: &str = "=HYPERLINK(\"http://evil\",\"x\");+1]]>--><script>alert('1')</script>&amp;\u{202e}\u{85}\u{200b}\u{2028}\
                    ’\t[a](https://evil){0}|*_`";

fn hostile() -> All {
    let primary = Export::primary()
        .rule(Rule::inbound(EVIL, 50).flow(expression("department", &format!("\"{}\"", EVIL.replace('"', "'")))))
        .rule(Rule::inbound("@SUM(1)", 51).flow(direct("mail", "mail")))
        .rule(Rule::inbound("＝1", 52).flow(direct("title", "title")));
    let mut staging = Export::staging_of(&primary);
    for rule in &mut staging.rules {
        rule.description = format!(" -2+{EVIL}");
        rule.link_type = "Provision".to_owned();
    }
    staging.rule_mut(EVIL).flows[0] = expression("department", "\"\"");
    let pair = Pair::of(&primary, &staging);
    all(&pair.primary(), &pair.staging(), &[])
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap()
}

fn with<'v>(report: &'v Value, status: &str) -> Vec<&'v Value> {
    list(report, "findings")
        .iter()
        .filter(|f| f["status"] == status)
        .collect()
}

#[test]
fn every_format_is_the_same_every_time() {
    let [first, second] = [(); 2].map(|()| samples(&["--accept", "samples/accepted.toml"]));
    assert_eq!(first.report, second.report);
    assert_eq!(first.junit, second.junit);
    assert_eq!(first.sarif.to_string(), second.sarif.to_string());
    assert_eq!(first.csv, second.csv);
    assert_eq!(first.run.code, 1);
    for format in ["junit", "sarif"] {
        let run = run(["compare", "samples/primary", "samples/staging", "--format", format]);
        assert_eq!(run.code, 1);
        let (wanted, shown) = match format {
            "junit" => (samples(&[]).junit, run.stdout),
            _ => (
                samples(&[]).sarif.to_string(),
                serde_json::from_str::<Value>(&run.stdout).unwrap().to_string(),
            ),
        };
        assert!(wanted == shown, "{format}");
    }
}

#[test]
fn pages_are_the_same_bytes_every_time() {
    let folder = TempDir::new().unwrap();
    for extension in ["html", "md"] {
        let [first, second] = ["first", "second"].map(|name| {
            let path = folder.path().join(format!("{name}.{extension}"));
            let run = run([
                "compare",
                "samples/primary",
                "samples/staging",
                "--accept",
                "samples/accepted.toml",
                "-o",
                path.to_str().unwrap(),
            ]);
            assert_eq!(run.code, 1, "{}", run.stderr);
            fs::read(path).unwrap()
        });
        assert!(!first.is_empty() && first == second, "{extension}");
    }
}

#[test]
fn redaction_holds_in_every_format() {
    let all = samples(&["--redact"]);
    let csv: String = all.csv.concat().concat();
    for shown in [all.junit, all.sarif.to_string(), csv] {
        let shown = shown.to_lowercase();
        for name in ["sync01", "sync02", "contoso", "fabrikam"] {
            assert!(!shown.contains(name), "{name}");
        }
        assert!(shown.contains("server-1") && shown.contains("domain-1"));
    }
}

/// No character that hides what stands there; line ends and, in XML, tabs are layout.
fn visible(text: &str) {
    let hidden = |c: &char| c.is_control() && !matches!(c, '\n' | '\t') || "\u{202e}\u{200b}\u{2028}".contains(*c);
    assert_eq!(text.chars().find(hidden), None);
    assert!(text.contains("\\u{202e}") && text.contains("\\u{85}") && text.contains("\\u{2028}"));
}

// JUnit.

/// What the strictest schemas (Jenkins' junit-10.xsd and Ant's) have in common; the counts add up.
fn valid_junit(xml: &str) -> Document<'_> {
    let document = Document::parse(xml).unwrap();
    let elements = |node: Node<'_, '_>| -> Vec<String> {
        let children = node.children().filter(Node::is_element);
        children.map(|child| child.tag_name().name().to_owned()).collect()
    };
    let attributes = |node: Node<'_, '_>| -> BTreeSet<String> {
        node.attributes().map(|attribute| attribute.name().to_owned()).collect()
    };
    let names = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|&name| name.to_owned()).collect() };
    let suites = document.root_element();
    assert_eq!(
        (suites.tag_name().name(), suites.attributes().count()),
        ("testsuites", 0)
    );
    let mut seen = BTreeSet::new();
    for (index, suite) in suites.children().filter(Node::is_element).enumerate() {
        assert_eq!(suite.tag_name().name(), "testsuite");
        let wanted = [
            "id",
            "name",
            "package",
            "hostname",
            "timestamp",
            "tests",
            "failures",
            "errors",
            "skipped",
            "time",
        ];
        assert_eq!(attributes(suite), names(&wanted));
        assert_eq!(suite.attribute("id"), Some(index.to_string().as_str()));
        assert_eq!(suite.attribute("timestamp"), Some("2026-11-21T00:00:00"));
        let mut parts = elements(suite);
        assert_eq!(parts.remove(0), "properties");
        assert_eq!(parts.split_off(parts.len() - 2), ["system-out", "system-err"]);
        assert!(parts.iter().all(|part| part == "testcase"));
        let cases: Vec<Node<'_, '_>> = suite
            .children()
            .filter(|child| child.has_tag_name("testcase"))
            .collect();
        let outcomes: Vec<String> = cases.iter().flat_map(|case| elements(*case)).collect();
        for (attribute, outcome) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
            let count = outcomes.iter().filter(|one| *one == outcome).count().to_string();
            assert_eq!(suite.attribute(attribute), Some(count.as_str()));
        }
        assert_eq!(suite.attribute("tests"), Some(cases.len().to_string().as_str()));
        for case in cases {
            assert_eq!(attributes(case), names(&["classname", "name", "time"]));
            assert!(elements(case).len() <= 1);
            assert!(
                seen.insert((case.attribute("classname"), case.attribute("name"))),
                "{case:?}"
            );
            for outcome in case.children().filter(Node::is_element) {
                let skipped = outcome.has_tag_name("skipped");
                let wanted: &[&str] = if skipped { &["message"] } else { &["type", "message"] };
                assert_eq!(attributes(outcome), names(wanted));
            }
        }
    }
    document
}

/// Texts of the outcomes of one kind.
fn outcomes(document: &Document<'_>, kind: &str) -> Vec<String> {
    let found = document.descendants().filter(|node| node.has_tag_name(kind));
    found
        .map(|node| {
            format!(
                "{}\n{}",
                node.attribute("message").unwrap(),
                node.text().unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn as_many_cases_fail_as_findings_are_open() {
    for (threshold, severities) in [("info", 5), ("low", 4), ("medium", 3), ("high", 2), ("block", 1)] {
        let all = samples(&["--accept", "samples/accepted.toml", "--fail-on", threshold]);
        let document = valid_junit(&all.junit);
        let counted = &["block", "high", "medium", "low", "info"][..severities];
        let open = with(&all.report, "drift");
        let open: Vec<&&Value> = open
            .iter()
            .filter(|f| counted.contains(&text(&f["severity"])))
            .collect();
        let failures = outcomes(&document, "failure");
        assert_eq!(failures.len(), open.len(), "{threshold}");
        for finding in open {
            let id = format!("\nId: {} {}\n", text(&finding["id"]), text(&finding["fingerprint"]));
            let [failure] = failures
                .iter()
                .filter(|failure| failure.contains(&id))
                .collect::<Vec<_>>()[..]
            else {
                panic!("{id}")
            };
            for key in ["object", "setting", "why", "fix", "reference"] {
                assert!(failure.contains(text(&finding[key])), "{key} of {id}");
            }
            for side in ["primary", "staging"] {
                assert!(failure.contains(text(&finding[side])), "{side} of {id}");
            }
        }
        assert_eq!(outcomes(&document, "error"), Vec::<String>::new());
    }
}

#[test]
fn every_row_has_a_case_and_what_is_accepted_is_skipped_with_its_reason() {
    let all = samples(&["--accept", "samples/accepted.toml"]);
    let document = valid_junit(&all.junit);
    let classes: BTreeSet<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("classname"))
        .collect();
    for row in list(&all.report, "checked") {
        let class = format!("SYNC02.{}.{}", text(&row["area"]), text(&row["id"]));
        assert!(classes.contains(class.as_str()), "{class}");
    }
    let skipped = outcomes(&document, "skipped");
    let accepted = with(&all.report, "accepted");
    assert_eq!(
        skipped.iter().filter(|one| one.starts_with("Accepted: ")).count(),
        accepted.len()
    );
    assert_eq!(accepted.len(), 2);
    for finding in accepted {
        let reason = text(&finding["accepted"]["reason"]);
        assert!(skipped.iter().any(|one| one.contains(reason)), "{reason}");
    }
    let notes: String = document
        .descendants()
        .filter(|node| node.has_tag_name("system-out"))
        .filter_map(|node| node.text())
        .collect();
    for finding in with(&all.report, "drift").iter().filter(|f| f["severity"] == "info") {
        assert!(notes.contains(text(&finding["object"])), "{finding}");
    }
}

#[test]
fn what_is_unknown_and_each_gap_is_an_error() {
    let all = unreadable();
    let document = valid_junit(&all.junit);
    let errors = outcomes(&document, "error");
    assert_eq!(all.run.code, 3);
    assert_eq!(outcomes(&document, "failure"), Vec::<String>::new());
    let found: BTreeSet<&str> = list(&all.report, "findings").iter().map(|f| text(&f["id"])).collect();
    let rows = list(&all.report, "checked").iter();
    let rows = rows
        .filter(|row| row["status"] == "unknown" && !found.contains(text(&row["id"])))
        .count();
    let (unknown, gaps) = (with(&all.report, "unknown"), list(&all.report, "gaps"));
    assert!(rows > 0 && !unknown.is_empty() && !gaps.is_empty());
    assert_eq!(errors.len(), unknown.len() + rows + gaps.len());
    for gap in gaps {
        assert!(
            errors.iter().any(|error| error.contains(text(&gap["problem"]))),
            "{gap}"
        );
    }
}

#[test]
fn parity_passes_and_several_servers_keep_their_cases_apart() {
    let primary = Export::primary().rule(Rule::inbound("In from AD - Mail", 50).flow(direct("mail", "mail")));
    let pair = Pair::of(&primary, &Export::staging_of(&primary));
    let third = pair.folder.path().join("third");
    let mut other = Export::staging_of(&primary);
    other.server = "SYNC03".to_owned();
    other.rules[0].description = "another".to_owned();
    other.write(&third);
    let parity = all(&pair.primary(), &pair.staging(), &[]);
    let document = valid_junit(&parity.junit);
    assert_eq!(parity.run.code, 0, "{}", parity.run.stdout);
    assert_eq!(
        outcomes(&document, "failure").len() + outcomes(&document, "error").len(),
        0
    );
    let both = all(&pair.primary(), &pair.staging(), &[third.to_str().unwrap()]);
    let document = valid_junit(&both.junit);
    assert_eq!(outcomes(&document, "failure").len(), 1);
    let classes: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("classname"))
        .collect();
    for server in ["SYNC02.", "SYNC03."] {
        assert!(classes.iter().any(|class| class.starts_with(server)));
    }
    valid_sarif(&both.sarif);
    assert_eq!(list(&both.sarif, "runs").len(), 2);
    assert_ne!(
        both.sarif["runs"][0]["automationDetails"],
        both.sarif["runs"][1]["automationDetails"]
    );
    let servers: BTreeSet<&str> = both.csv[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(servers, ["SYNC02", "SYNC03"].into());
}

// SARIF.

fn valid_sarif(sarif: &Value) {
    let schema = fs::read_to_string(root().join("tests/fixtures/sarif-schema-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // Its one pattern that is no regular expression, of a property that is not written.
    for part in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][part]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    let schema = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = schema
        .iter_errors(sarif)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    for run in list(sarif, "runs") {
        let rules = list(&run["tool"]["driver"], "rules");
        let ids: BTreeSet<&str> = rules.iter().map(|rule| text(&rule["id"])).collect();
        assert_eq!(ids.len(), rules.len(), "each rule once");
        for result in list(run, "results") {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(result["ruleId"], rules[index]["id"]);
            for location in list(result, "locations") {
                let place = &location["physicalLocation"]["artifactLocation"];
                assert!(run["originalUriBaseIds"].get(text(&place["uriBaseId"])).is_some());
                let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
                assert!(text(&place["uri"]).chars().all(plain), "{place}");
            }
        }
    }
}

/// How often each finding, by id and fingerprint.
fn counted<'v>(entries: impl Iterator<Item = (&'v str, &'v str)>) -> BTreeMap<(&'v str, &'v str), usize> {
    let mut counts = BTreeMap::new();
    entries.for_each(|entry| *counts.entry(entry).or_default() += 1);
    counts
}

fn identity(finding: &Value) -> (&str, &str) {
    (text(&finding["id"]), text(&finding["fingerprint"]))
}

#[test]
fn every_finding_and_lint_is_one_result_with_its_level() {
    for all in [samples(&["--accept", "samples/accepted.toml"]), unreadable(), hostile()] {
        valid_sarif(&all.sarif);
        let run = &all.sarif["runs"][0];
        let entries = list(&all.report, "findings").iter().chain(list(&all.report, "lints"));
        let results = list(run, "results");
        let shown = results.iter().map(|result| {
            (
                text(&result["ruleId"]),
                text(&result["partialFingerprints"]["syncdrift/v1"]),
            )
        });
        assert_eq!(counted(entries.clone().map(identity)), counted(shown));
        for (finding, result) in entries.zip(results) {
            let level = match (text(&finding["status"]), text(&finding["severity"])) {
                ("lint", _) | (_, "info") => "note",
                (_, "block" | "high") => "error",
                _ => "warning",
            };
            assert_eq!(result["level"], level, "{finding}");
            for key in ["severity", "area", "status"] {
                assert_eq!(result["properties"][key], finding[key]);
            }
            let suppressed = result.get("suppressions").map(|all| text(&all[0]["justification"]));
            let reason = finding.get("accepted").map(|accepted| text(&accepted["reason"]));
            assert_eq!(suppressed.is_some(), reason.is_some());
            assert!(suppressed.unwrap_or_default().contains(reason.unwrap_or_default()));
        }
    }
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn locations_lead_to_lines_of_the_exports() {
    let all = samples(&[]);
    let run = &all.sarif["runs"][0];
    let mut sides = BTreeSet::new();
    for result in list(run, "results") {
        for location in list(result, "locations") {
            let physical = &location["physicalLocation"];
            let base = text(&physical["artifactLocation"]["uriBaseId"]);
            let folder = text(&run["originalUriBaseIds"][base]["uri"]);
            let file = root()
                .join(folder)
                .join(decoded(text(&physical["artifactLocation"]["uri"])));
            let line = physical["region"]["startLine"].as_u64().unwrap();
            let lines = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(line <= lines.split(|&byte| byte == b'\n').count() as u64);
            sides.insert(base);
        }
    }
    assert_eq!(sides, ["PRIMARY", "STAGING"].into());
}

#[test]
fn a_gap_is_a_notification_and_the_execution_did_not_succeed() {
    let invocation = |all: &All| all.sarif["runs"][0]["invocations"][0].clone();
    assert_eq!(invocation(&samples(&[]))["executionSuccessful"], true);
    let all = unreadable();
    let invocation = invocation(&all);
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = list(&invocation, "toolExecutionNotifications");
    for gap in list(&all.report, "gaps") {
        let of_gap =
            |note: &&Value| note["level"] == "error" && text(&note["message"]["text"]).contains(text(&gap["problem"]));
        let [note] = notes.iter().filter(of_gap).collect::<Vec<_>>()[..] else {
            panic!("{notes:#?}")
        };
        let region = &note["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], gap["line"]);
    }
}

/// GitHub takes 25,000 results of a run.
#[test]
fn results_beyond_the_limit_are_left_out_aloud() {
    let mut report = samples(&[]).report;
    let mut finding = list(&report, "findings")[0].clone();
    for key in ["detail", "consequences", "locations"] {
        finding[key] = json!([]);
    }
    for key in ["why", "fix", "reference", "primary", "staging", "object"] {
        finding[key] = json!("x");
    }
    for key in ["lints", "expected", "checked"] {
        report[key] = json!([]);
    }
    report["findings"] = json!(vec![finding; 25_001]);
    for key in ["block", "high", "medium", "low", "info", "expected"] {
        report["summary"][key] = json!(if key == "block" { 25_001 } else { 0 });
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("many.json");
    fs::write(&file, report.to_string()).unwrap();
    let run = run(["render", file.to_str().unwrap(), "--format", "sarif"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let sarif: Value = serde_json::from_str(&run.stdout).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(list(run, "results").len(), 25_000);
    // A result without a place would make GitHub refuse all.
    assert_eq!(list(&run["results"][0], "locations").len(), 1);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert!(
        invocation["toolExecutionNotifications"]
            .to_string()
            .contains("1 results beyond the first 25000")
    );
}

// CSV.

#[test]
fn every_entry_is_a_row_of_the_table() {
    for all in [samples(&["--accept", "samples/accepted.toml"]), unreadable(), hostile()] {
        let head: Vec<&str> = all.csv[0].iter().map(String::as_str).collect();
        let at = |title: &str| head.iter().position(|one| *one == title).unwrap();
        assert!(all.csv.iter().all(|row| row.len() == head.len()));
        let (id, fingerprint, status) = (at("Id"), at("Fingerprint"), at("Status"));
        let (gaps, rows): (Vec<_>, Vec<_>) = all.csv[1..].iter().partition(|row| row[status] == "gap");
        assert_eq!(gaps.len(), list(&all.report, "gaps").len());
        let entries = ["findings", "expected", "lints"]
            .into_iter()
            .flat_map(|key| list(&all.report, key));
        let shown = rows.iter().map(|row| (row[id].as_str(), row[fingerprint].as_str()));
        assert_eq!(counted(entries.clone().map(identity)), counted(shown));
        for (entry, row) in entries.zip(rows) {
            let columns = [
                ("Status", "status"),
                ("Severity", "severity"),
                ("Change", "change"),
                ("Area", "area"),
            ];
            for (title, key) in columns {
                assert_eq!(row[at(title)], text(&entry[key]));
            }
        }
    }
}

// Hostile names.

#[test]
fn names_are_text_in_junit() {
    let all = hostile();
    let document = valid_junit(&all.junit);
    let failures = outcomes(&document, "failure");
    assert!(failures.len() >= 6, "{}", failures.len());
    assert!(
        failures
            .iter()
            .any(|failure| failure.contains("]]>--><script>alert('1')</script>&amp;"))
    );
    assert!(!document.descendants().any(|node| node.has_tag_name("script")));
    visible(&all.junit);
}

#[test]
fn names_are_text_in_sarif() {
    let all = hostile();
    valid_sarif(&all.sarif);
    let sarif = all.sarif.to_string();
    for message in list(&all.sarif["runs"][0], "results")
        .iter()
        .map(|result| text(&result["message"]["text"]))
    {
        assert!(
            !message.replace("\\](", "").contains("](") && !message.replace("{{0}}", "").contains("{0}"),
            "{message}"
        );
    }
    visible(&sarif.replace("\\\\u", "\\u"));
}

#[test]
fn names_are_text_in_cells() {
    let all = hostile();
    let cells: Vec<&String> = all.csv.iter().flatten().collect();
    for cell in &cells {
        for part in cell.split(['\n', ';']) {
            let start = part.trim_start_matches([' ', '"', '\u{3000}']);
            assert!(!start.starts_with(['=', '+', '-', '@', '＝', '\t', '\r']), "{cell}");
        }
    }
    for name in ["'=HYPERLINK(", "'@SUM(1)", "'＝1", "' -2+="] {
        assert!(cells.iter().any(|cell| cell.starts_with(name)), "{name}");
    }
    visible(&cells.into_iter().cloned().collect::<String>());
}
