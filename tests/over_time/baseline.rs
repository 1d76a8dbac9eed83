//! `compare --baseline`: who moved away from the approved state, from outside:
//! approved states are snapshots in real repositories.

use crate::support;
use crate::support::export::{Export, Rule, constant, direct, expression};
use crate::support::files::Files;
use crate::support::forms::every_form;
use crate::support::inside;
use crate::support::meant;
use crate::support::property::check;
use crate::support::second::second_server;
use crate::support::snapshots::Repo;
use crate::support::{Compared, Run, run, text, validate};
use proptest::collection::btree_map;
use proptest::prelude::{any, prop_assert};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syncdrift::assess::{self, baseline};
use syncdrift::catalogue::Catalogue;
use tempfile::TempDir;

/// Two servers, and the repository with what was approved of them.
struct Estate {
    repo: Repo,
    primary: Export,
    staging: Export,
}

fn rules() -> Export {
    let mut export = Export::primary();
    export
        .forests
        .push(("fabrikam.com".to_owned(), "fabrikam.com".to_owned()));
    for (at, name) in ["One", "Two", "Three", "Four", "Five"].into_iter().enumerate() {
        export.rules.push(
            Rule::inbound(&format!("In from AD - {name}"), 50 + at as u32)
                .scope(&[("department", "EQUAL", name)])
                .flow(direct(&format!("extensionAttribute{at}"), "title"))
                .flow(direct("displayName", &format!("extensionAttribute{at}"))),
        );
    }
    let mut rule = Rule::inbound("In from AD - Other forest", 80).flow(direct("company", "company"));
    rule.connector = "fabrikam.com".to_owned();
    export.rule(rule)
}

impl Estate {
    /// The approved state of a primary and its staging server.
    fn approved(primary: Export, staging: Export) -> Estate {
        let estate = Estate {
            repo: Repo::new(),
            primary,
            staging,
        };
        let [left, right] = estate.folders();
        let made = estate.repo.command(&[&left, &right]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        estate
    }

    fn new() -> Estate {
        let primary = rules();
        let staging = Export::staging_of(&primary);
        Estate::approved(primary, staging)
    }

    /// Both servers as they are now.
    fn folders(&self) -> [PathBuf; 2] {
        [("primary", &self.primary), ("staging", &self.staging)].map(|(name, export)| {
            let path = self.repo.folder.path().join(name);
            let _ = std::fs::remove_dir_all(&path);
            export.write(&path);
            path
        })
    }

    fn baseline(&self, more: &str) -> String {
        self.repo.address(more).display().to_string()
    }

    fn compare(&self) -> Compared {
        let [left, right] = self.folders();
        let compared = support::compare_with(&left, &right, &["--baseline", &self.baseline("")]);
        assert_same_answer(&support::compare(&left, &right), &compared);
        compared
    }

    fn rule(&mut self, side: Side, name: &str) -> &mut Rule {
        let export = match side {
            Side::Primary => &mut self.primary,
            Side::Staging => &mut self.staging,
        };
        export.rule_mut(&format!("In from AD - {name}"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Primary,
    Staging,
}

/// An approved state changes nothing but what it adds.
fn assert_same_answer(without: &Compared, with: &Compared) {
    assert_eq!(without.code, with.code);
    for key in ["verdict", "summary", "gaps", "expected", "ledger", "lints"] {
        assert_eq!(without.report[key], with.report[key], "{key}");
    }
    let plain = |compared: &Compared| -> Vec<Value> {
        let mut findings = compared.findings().to_vec();
        for finding in &mut findings {
            let finding = finding.as_object_mut().unwrap();
            for key in ["movedBy", "inBaseline", "approvedValue", "fix"] {
                finding.remove(key);
            }
        }
        findings
    };
    assert_eq!(plain(without), plain(with));
    for finding in without.findings() {
        assert_eq!(
            (&finding["movedBy"], &finding["inBaseline"]),
            (&Value::Null, &Value::Null)
        );
    }
    assert_eq!(without.report["baseline"], Value::Null);
    // The neutral fix stands behind the side.
    for (old, new) in without.findings().iter().zip(with.findings()) {
        assert!(text(&new["fix"]).ends_with(text(&old["fix"])), "{new:#}");
    }
}

/// Object, and who moved: `neither` where the approved state differs so already, `unknown` where nobody can tell.
fn who(findings: &[Value]) -> Vec<(String, &str)> {
    let mut found: Vec<(String, &str)> = findings
        .iter()
        .map(|finding| {
            let by = match (finding["movedBy"].as_str(), &finding["inBaseline"]) {
                (Some(by), _) => by,
                (None, Value::Bool(true)) => "neither",
                _ => "unknown",
            };
            (
                format!("{}: {}", text(&finding["object"]), text(&finding["setting"])),
                by,
            )
        })
        .collect();
    found.sort();
    found
}

fn assert_who(findings: &[Value], wanted: &[(&str, &str)]) {
    let mut wanted: Vec<(String, &str)> = wanted.iter().map(|(what, by)| ((*what).to_owned(), *by)).collect();
    wanted.sort();
    assert_eq!(who(findings), wanted);
}

fn departures(compared: &Compared) -> &[Value] {
    compared.report["baseline"]["moved"].as_array().unwrap()
}

fn warning<'r>(compared: &'r Compared, id: &str) -> Option<&'r str> {
    let warnings = compared.report["warnings"].as_array().unwrap();
    let found = warnings.iter().find(|warning| warning["id"] == id);
    found.map(|warning| text(&warning["text"]))
}

#[test]
fn each_finding_says_who_moved() {
    let primary = rules();
    let mut staging = Export::staging_of(&primary);
    staging.rule_mut("In from AD - Four").flows[0] = constant("extensionAttribute3", "approved");
    let mut estate = Estate::approved(primary, staging);
    estate.rule(Side::Primary, "One").scope[0][0].2 = "Another".to_owned();
    estate.rule(Side::Staging, "Two").scope[0][0].2 = "Another".to_owned();
    estate.rule(Side::Primary, "Three").flows[0] = constant("extensionAttribute2", "p");
    estate.rule(Side::Staging, "Three").flows[0] = constant("extensionAttribute2", "s");
    for side in [Side::Primary, Side::Staging] {
        estate.rule(side, "Five").flows[0] = constant("extensionAttribute4", "alike");
    }
    // What both servers agree in again was approved to differ.
    let compared = estate.compare();
    assert_who(
        compared.findings(),
        &[
            ("In from AD - One: Scoping filter", "primary"),
            ("In from AD - Two: Scoping filter", "staging"),
            ("In from AD - Three: Flow to extensionAttribute2", "both"),
            ("In from AD - Four: Flow to extensionAttribute3", "neither"),
        ],
    );
    let fix = |object: &str| {
        let finding = compared.findings().iter().find(|finding| finding["object"] == object);
        text(&finding.unwrap()["fix"]).split(". ").next().unwrap().to_owned()
    };
    assert!(
        fix("In from AD - One")
            .ends_with("take the change back on SYNC01, or have it approved and make it on SYNC02, too")
    );
    assert!(fix("In from AD - Two").ends_with("mend it on SYNC02, not on SYNC01"));
    assert!(fix("In from AD - Three").starts_with("Both SYNC01 and SYNC02 moved"));
    assert!(fix("In from AD - Four").starts_with("Neither server moved"));
    // Both changed alike: no drift, and nobody approved it.
    assert_who(
        departures(&compared),
        &[("In from AD - Five: Flow to extensionAttribute4", "both")],
    );
    let departure = &departures(&compared)[0];
    assert_eq!(
        (text(&departure["primary"]), text(&departure["staging"])),
        ("Direct: [title]", "Constant: \"alike\"")
    );
    let said = warning(&compared, "baseline-departures").unwrap();
    assert!(
        said.starts_with("1 departure from the approved state") && said.contains("1 by both"),
        "{said}"
    );
    for (side, server) in [("primary", "SYNC01"), ("staging", "SYNC02")] {
        let state = &compared.report["baseline"][side];
        assert_eq!(state["server"], server);
        assert!(text(&state["source"]).ends_with(&format!("#{server}")));
    }
    // One state for both: what is not as the primary was approved to be.
    let [left, right] = estate.folders();
    let one = support::compare_with(&left, &right, &["--baseline", &estate.baseline("#SYNC01")]);
    assert_who(
        one.findings(),
        &[
            ("In from AD - One: Scoping filter", "primary"),
            ("In from AD - Two: Scoping filter", "staging"),
            ("In from AD - Three: Flow to extensionAttribute2", "both"),
            ("In from AD - Four: Flow to extensionAttribute3", "staging"),
        ],
    );
    assert_eq!(one.report["baseline"]["primary"], one.report["baseline"]["staging"]);
}

#[test]
fn objects_that_come_go_move_and_are_renamed() {
    let mut estate = Estate::new();
    let new = Rule::inbound("In from AD - New", 90).flow(expression("info", "Left([info],3)"));
    estate.staging.rules.push(new);
    estate.primary.rules.retain(|rule| rule.name != "In from AD - Five");
    estate.rule(Side::Staging, "One").name = "In from AD - First".to_owned();
    estate.rule(Side::Primary, "Two").precedence = "70".to_owned();
    let compared = estate.compare();
    let found = who(compared.findings());
    let by = |object: &str| -> Vec<&str> {
        let named = found.iter().filter(|(what, _)| what.starts_with(object));
        named.map(|(_, by)| *by).collect()
    };
    for (object, side) in [
        ("In from AD - New:", "staging"),
        ("In from AD - Five:", "primary"),
        ("In from AD - One:", "staging"),
        ("In from AD - Two:", "primary"),
    ] {
        let by = by(object);
        assert!(!by.is_empty() && by.iter().all(|by| *by == side), "{object} {found:#?}");
    }
    assert!(departures(&compared).is_empty(), "{:#?}", departures(&compared));
}

#[test]
fn what_one_server_renamed_and_the_other_removed_was_moved_by_both() {
    for sides in [[Side::Primary, Side::Staging], [Side::Staging, Side::Primary]] {
        let mut estate = Estate::new();
        estate.rule(sides[0], "One").name = "In from AD - First".to_owned();
        let export = match sides[1] {
            Side::Primary => &mut estate.primary,
            Side::Staging => &mut estate.staging,
        };
        export.rules.retain(|rule| rule.name != "In from AD - One");
        let compared = estate.compare();
        let found = who(compared.findings());
        assert!(
            !found.is_empty() && found.iter().all(|(_, by)| *by == "both"),
            "{found:#?}"
        );
        assert!(departures(&compared).is_empty(), "{:#?}", departures(&compared));
    }
}

#[test]
fn what_must_differ_is_put_back_where_it_was_changed() {
    let mut estate = Estate::new();
    estate.primary.staging = true;
    let compared = estate.compare();
    let [finding] = compared.findings() else {
        panic!("{:#?}", compared.findings())
    };
    assert_eq!(
        (&finding["id"], &finding["movedBy"]),
        (&"staging-mode".into(), &"primary".into())
    );
    let fix = text(&finding["fix"]);
    assert!(
        fix.starts_with("SYNC01 left its approved value: put it back on SYNC01, and leave SYNC02."),
        "{fix}"
    );
    // Of another server's state nobody can tell what this one should be.
    let [left, right] = estate.folders();
    let one = support::compare_with(&left, &right, &["--baseline", &estate.baseline("#SYNC02")]);
    assert_who(one.findings(), &[("Global settings: Staging mode", "unknown")]);
}

#[test]
fn the_approved_value_is_shown_where_neither_server_has_it() {
    let mut estate = Estate::new();
    estate.rule(Side::Primary, "One").scope[0][0].2 = "Left".to_owned();
    estate.rule(Side::Staging, "One").scope[0][0].2 = "Right".to_owned();
    estate.rule(Side::Staging, "Two").scope[0][0].2 = "Right".to_owned();
    let compared = estate.compare();
    let approved: Vec<&Value> = compared
        .findings()
        .iter()
        .map(|finding| &finding["approvedValue"])
        .collect();
    assert_eq!(approved, [&"department EQUAL One".into(), &Value::Null]);
    let [left, right] = estate.folders();
    let baseline = estate.baseline("");
    for (format, wanted) in [
        ("text", "  approved department EQUAL One"),
        ("markdown", "**Approved:** department EQUAL One"),
        ("html", "<div><dt>Approved</dt><dd>department EQUAL One</dd></div>"),
    ] {
        let arguments = ["compare", "--baseline", &baseline, "--format", format];
        let run = run(arguments
            .iter()
            .map(std::ffi::OsStr::new)
            .chain([left.as_os_str(), right.as_os_str()]));
        assert!(run.stdout.contains(wanted), "{format}: {}", run.stdout);
        // How many moved where stands beside the verdict; the page has a filter for it.
        assert!(
            format == "html" || run.stdout.contains("moved: SYNC02 1, both 1"),
            "{format}: {}",
            run.stdout
        );
    }
}

#[test]
fn each_server_has_its_approved_value_where_these_differ() {
    let primary = rules();
    let mut staging = Export::staging_of(&primary);
    staging.rule_mut("In from AD - One").scope[0][0].2 = "Approved there".to_owned();
    let mut estate = Estate::approved(primary, staging);
    estate.rule(Side::Primary, "One").scope[0][0].2 = "Left".to_owned();
    estate.rule(Side::Staging, "One").scope[0][0].2 = "Right".to_owned();
    let compared = estate.compare();
    assert_eq!(
        compared.one("rule-scoping-filter")["approvedValue"],
        "SYNC01: department EQUAL One; SYNC02: department EQUAL Approved there"
    );
}

#[test]
fn a_departure_that_made_servers_agree_is_to_be_approved() {
    let primary = rules();
    let mut staging = Export::staging_of(&primary);
    staging.rule_mut("In from AD - One").scope[0][0].2 = "Another".to_owned();
    let mut estate = Estate::approved(primary, staging);
    estate.rule(Side::Staging, "One").scope[0][0].2 = "One".to_owned();
    let compared = estate.compare();
    assert_eq!(compared.code, 0);
    let [departure] = departures(&compared) else {
        panic!("{:#?}", departures(&compared))
    };
    assert_eq!(departure["status"], "departure");
    let fix = text(&departure["fix"]);
    assert!(
        fix.starts_with("SYNC02 has what SYNC01 has now") && fix.contains("Taken back, it would be drift"),
        "{fix}"
    );
}

#[test]
fn exports_older_than_the_approved_state_are_told() {
    let estate = Estate::new();
    let [left, right] = estate.folders();
    let mut files = Files::read(&left);
    files.replace("2026-11-20 ", "2026-11-19 ");
    files.write(&left);
    let compared = support::compare_with(&left, &right, &["--baseline", &estate.baseline("")]);
    let said = warning(&compared, "baseline-newer").unwrap();
    assert!(
        said.starts_with("The export of SYNC01 is older than the approved state"),
        "{said}"
    );
}

#[test]
fn a_connector_that_goes_takes_its_rules_with_it() {
    let mut estate = Estate::new();
    estate.staging.forests.retain(|(name, _)| name != "fabrikam.com");
    estate.staging.rules.retain(|rule| rule.connector != "fabrikam.com");
    // The primary renamed a rule of it: two moves, told apart.
    estate.rule(Side::Primary, "Other forest").name = "In from AD - Fabrikam".to_owned();
    let compared = estate.compare();
    let found = who(compared.findings());
    assert!(
        !found.is_empty() && found.iter().all(|(_, by)| *by == "staging"),
        "{found:#?}"
    );
    assert_who(
        departures(&compared),
        &[("In from AD - Other forest: Rule name", "primary")],
    );
}

#[test]
fn several_staging_servers_are_held_against_their_own_state() {
    let primary = rules();
    let mut second = Export::staging_of(&primary);
    second.server = "SYNC03".to_owned();
    let repo = Repo::new();
    let folder = |name: &str, export: &Export| {
        let path = repo.folder.path().join(name);
        let _ = std::fs::remove_dir_all(&path);
        export.write(&path);
        path
    };
    let mut first = Export::staging_of(&primary);
    let folders = [folder("p", &primary), folder("a", &first), folder("b", &second)];
    let servers: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    assert!(repo.command(&servers).output().unwrap().status.success());
    first.rule_mut("In from AD - One").scope[0][0].2 = "A".to_owned();
    second.rule_mut("In from AD - Two").scope[0][0].2 = "B".to_owned();
    let mut moved = primary.clone();
    moved.rule_mut("In from AD - Three").scope[0][0].2 = "C".to_owned();
    folder("p", &moved);
    folder("a", &first);
    folder("b", &second);
    let baseline = repo.address("");
    let mut arguments = vec![
        "compare".as_ref(),
        "--format".as_ref(),
        "json".as_ref(),
        "--baseline".as_ref(),
    ];
    arguments.push(baseline.as_os_str());
    arguments.extend(servers.iter().map(|server| server.as_os_str()));
    let run = run(arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let reports: Value = serde_json::from_str(&run.stdout).unwrap();
    for (report, own) in reports["reports"].as_array().unwrap().iter().zip(["One", "Two"]) {
        validate(report);
        assert_who(
            report["findings"].as_array().unwrap(),
            &[
                (&format!("In from AD - {own}: Scoping filter"), "staging"),
                ("In from AD - Three: Scoping filter", "primary"),
            ],
        );
    }
}

#[test]
fn a_gap_in_the_approved_state_makes_nobody_guilty() {
    let estate = Estate::new();
    let [left, right] = estate.folders();
    // The approved state of staging lacks its rules.
    std::fs::remove_dir_all(right.join("SynchronizationRules")).unwrap();
    let repo = Repo::new();
    let made = repo.command(&[&left, &right]).output().unwrap();
    assert_eq!(made.status.code(), Some(3));
    let mut estate = Estate { repo, ..estate };
    estate.rule(Side::Staging, "One").scope[0][0].2 = "Another".to_owned();
    estate.rule(Side::Primary, "Two").scope[0][0].2 = "Another".to_owned();
    estate.staging.parameters.push(("Mine".to_owned(), "1".to_owned()));
    // Verdict and exit code are those without it.
    let compared = estate.compare();
    assert_who(
        compared.findings(),
        &[
            ("In from AD - One: Scoping filter", "unknown"),
            ("In from AD - Two: Scoping filter", "unknown"),
            ("Global settings: Global parameter: Mine", "staging"),
        ],
    );
    let said = warning(&compared, "baseline-incomplete").unwrap();
    assert!(
        said.contains("who moved is unknown for 2 findings") && said.contains("SynchronizationRules"),
        "{said}"
    );
    assert_eq!(compared.report["baseline"]["gaps"].as_array().unwrap().len(), 1);
    assert!(compared.report["gaps"].as_array().unwrap().is_empty());
    let fix = text(&compared.one("global-parameter")["fix"]).to_owned();
    assert!(fix.starts_with("Staging moved"), "{fix}");
}

fn failed(arguments: &[&std::ffi::OsStr]) -> String {
    let Run { code, stderr, stdout } = run(arguments);
    assert_eq!(code, 2, "{stdout}{stderr}");
    stderr
}

#[test]
fn the_approved_state_of_others_is_refused() {
    let estate = Estate::new();
    let [left, right] = estate.folders();
    let folder = estate.repo.folder.path();
    let with = |baseline: &Path| {
        failed(&[
            "compare".as_ref(),
            left.as_os_str(),
            right.as_os_str(),
            "--baseline".as_ref(),
            baseline.as_os_str(),
        ])
    };
    let mut other = rules();
    other.tenant = "fabrikam.onmicrosoft.com".to_owned();
    other.write(&folder.join("tenant"));
    let said = with(&folder.join("tenant"));
    assert!(
        said.contains("fabrikam.onmicrosoft.com") && said.contains("contoso.onmicrosoft.com"),
        "{said}"
    );
    let mut other = rules();
    other.server = "SYNC09".to_owned();
    other.write(&folder.join("server"));
    let said = with(&folder.join("server"));
    assert!(said.contains("SYNC09") && said.contains("SYNC01, SYNC02"), "{said}");
    // No snapshot of one of them.
    let repo = Repo::new();
    repo.assert_snapshot(&left, 0);
    let said = with(&repo.address(""));
    assert!(
        said.contains("no snapshot of SYNC02") && said.contains("SYNC01"),
        "{said}"
    );
    let said = with(&repo.address("@nothing"));
    assert!(said.contains("there is no commit nothing"), "{said}");
    let said = failed(&[
        "compare".as_ref(),
        left.as_os_str(),
        left.as_os_str(),
        "--same-server".as_ref(),
        "--baseline".as_ref(),
        left.as_os_str(),
    ]);
    assert!(said.contains("--same-server"), "{said}");
}

#[test]
fn staging_itself_may_be_the_approved_state() {
    let mut estate = Estate::new();
    estate.rule(Side::Staging, "One").scope[0][0].2 = "Another".to_owned();
    let [left, right] = estate.folders();
    let compared = support::compare_with(&left, &right, &["--baseline", right.to_str().unwrap()]);
    assert_who(compared.findings(), &[("In from AD - One: Scoping filter", "primary")]);
    assert!(departures(&compared).is_empty());
}

#[test]
fn every_format_says_who_moved() {
    let mut estate = Estate::new();
    estate.rule(Side::Staging, "One").scope[0][0].2 = "Another".to_owned();
    for side in [Side::Primary, Side::Staging] {
        estate.rule(side, "Two").description = "Alike".to_owned();
    }
    let [left, right] = estate.folders();
    let out = TempDir::new().unwrap();
    let formats = ["json", "html", "md", "csv", "junit.xml", "sarif"];
    let write = |folder: &Path, head: &[&std::ffi::OsStr], more: &[&str]| -> BTreeMap<&str, String> {
        let mut arguments: Vec<std::ffi::OsString> = head.iter().map(|&word| word.to_owned()).collect();
        arguments.extend(more.iter().map(Into::into));
        for format in formats {
            arguments.extend(["-o".into(), folder.join(format!("r.{format}")).into_os_string()]);
        }
        let run = run(&arguments);
        assert_ne!(run.code, 2, "{}", run.stderr);
        let read = |format| std::fs::read_to_string(folder.join(format!("r.{format}"))).unwrap();
        let mut all: BTreeMap<&str, String> = formats.map(|format| (format, read(format))).into();
        all.insert("text", run.stdout);
        all
    };
    let baseline = estate.baseline("");
    let head = ["compare".as_ref(), left.as_os_str(), right.as_os_str()];
    let more = ["--baseline", &baseline];
    std::fs::create_dir(out.path().join("a")).unwrap();
    let all = write(&out.path().join("a"), &head, &more);
    for (format, part) in [
        ("text", "  moved    staging, SYNC02"),
        ("text", "(moved: both,"),
        ("html", "data-moved=\"staging\""),
        ("html", ">Staging moved</span>"),
        ("html", "<select name=\"moved\">"),
        ("html", "<h2 id=\"departures\">Departures from the approved state</h2>"),
        ("md", "**Moved:** staging, SYNC02"),
        ("md", "## Departures from the approved state"),
        ("csv", ",Moved,Approved\r\n"),
        ("csv", ",departure,"),
        ("csv", ",staging,\r\n"),
        ("junit.xml", "Moved: staging, SYNC02"),
        ("junit.xml", "moved: both, SYNC01 and SYNC02"),
        ("sarif", "\"moved\": \"staging\""),
        ("sarif", "baseline-departures"),
    ] {
        assert!(all[format].contains(part), "{format} lacks {part}:\n{}", all[format]);
    }
    // A saved result has it all.
    std::fs::create_dir(out.path().join("b")).unwrap();
    let saved = out.path().join("a/r.json");
    let again = write(&out.path().join("b"), &["render".as_ref(), saved.as_os_str()], &[]);
    assert_eq!(all, again);
    std::fs::create_dir(out.path().join("c")).unwrap();
    let masked = write(&out.path().join("c"), &head, &["--baseline", &baseline, "--redact"]);
    for (format, text) in &masked {
        let folded = text.to_lowercase();
        for name in ["sync01", "sync02", "contoso", "repo/"] {
            assert!(!folded.contains(name), "{name} in {format}");
        }
        let names = ["text", "json", "html", "md"].contains(format);
        assert!(!names || text.contains("BASELINE"), "{format}");
    }
}

/// Each rule is edited on one server, or on both in their own way: whoever was edited is named, and nobody else.
#[test]
fn random_edits_are_laid_at_the_door_of_whoever_made_them() {
    let folder = TempDir::new().unwrap();
    every_form().write(folder.path());
    let primary = Files::read(folder.path());
    let staging = second_server(&primary);
    let approved = [read(&primary), read(&staging)];
    let options = inside::options(false);
    let catalogue = Catalogue::builtin();
    let count = primary.rule_paths().len();
    check(30, btree_map(0..count, (any::<u8>(), any::<bool>()), 1..6), |edits| {
        let mut sides = [primary.clone(), staging.clone()];
        let mut made: BTreeMap<String, &str> = BTreeMap::new();
        for (rule, (edit, on_staging)) in edits {
            let side = usize::from(on_staging);
            // Files of both servers have other names, and the rules' order is that of the names.
            let path = path_of(&primary, &sides[side], rule);
            if let Some(name) = edited(sides[side].texts.get_mut(&path).unwrap(), edit) {
                made.insert(name, ["primary", "staging"][side]);
            }
        }
        let (left, mut right) = (read(&sides[0]), read(&sides[1]));
        let mut report = assess::assess(&left, &mut right, catalogue, &options).unwrap();
        let agreed = baseline::compared(&approved[0], &mut approved[1].clone(), false, catalogue, &options).unwrap();
        let mut left = left;
        let moved = baseline::departure(&approved[0], &mut left, true, catalogue, &options).unwrap();
        let other = baseline::departure(&approved[1], &mut right, true, catalogue, &options).unwrap();
        baseline::blame(&mut report, &moved, &other, Some(&agreed), catalogue);
        let report = serde_json::to_value(&report).unwrap();
        for finding in report["findings"].as_array().unwrap() {
            let by = text(&finding["movedBy"]);
            match made.get(text(&finding["object"])) {
                Some(side) => prop_assert!(by == *side, "{made:?} {finding:#}"),
                None => prop_assert!(made.values().any(|side| *side == by), "{made:?} {finding:#}"),
            }
        }
        prop_assert!(report["baseline"]["moved"].as_array().unwrap().is_empty(), "{report:#}");
        Ok(())
    });
}

fn read(files: &Files) -> syncdrift::model::Configuration {
    let folder = TempDir::new().unwrap();
    files.write(folder.path());
    inside::read(folder.path())
}

/// The file on a side of the rule at an index of the primary's.
fn path_of(primary: &Files, side: &Files, rule: usize) -> String {
    let name = |text: &str| support::rule_tree::Element::parse(text).text_of("name").to_owned();
    let wanted = name(&primary.texts[&primary.rule_paths()[rule]]);
    let paths = side.rule_paths();
    paths
        .into_iter()
        .find(|path| name(&side.texts[path]) == wanted)
        .unwrap()
}

/// The name of the rule, edited with the first edit from `at` on that it has a part for.
fn edited(text: &mut String, at: u8) -> Option<String> {
    for step in 0..meant::ALL.len() {
        let edit = meant::ALL[(usize::from(at) + step) % meant::ALL.len()];
        let mut tree = support::rule_tree::Element::parse(text);
        if meant::apply(edit, &mut tree).is_some() {
            *text = tree.write();
            return Some(tree.text_of("name").to_owned());
        }
    }
    None
}
