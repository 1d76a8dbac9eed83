//! The pages that the program writes, in headless Chromium: they run without errors and requests, keep to their policy,
//! can be read by everyone on any width, on paper and with scripts off, and what is to be clicked works.
//!
//! `tests/browser/*.mjs` are the checks, one function each. A page more is a row of `PAGES`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::browser::{Browser, Page, Problems, pictures};
use support::files::Files;
use support::hostile::Hostile;
use support::second::second_server;
use support::twins::Twins;
use support::{run, sample, text};
use tempfile::TempDir;

/// Name, kind of page, and the command that writes it; words in braces are folders that the test makes.
const PAGES: &[(&str, &str, &[&str])] = &[
    ("samples", "report", &["compare", "samples/primary", "samples/staging"]),
    (
        "accepted",
        "report",
        &[
            "compare",
            "samples/unreadable/primary",
            "{edited}",
            "--accept",
            "{accepted}",
        ],
    ),
    (
        "unreadable",
        "report",
        &["compare", "samples/unreadable/primary", "samples/unreadable/staging"],
    ),
    (
        "several",
        "report",
        &[
            "compare",
            "samples/unreadable/primary",
            "{edited}",
            "samples/unreadable/staging",
        ],
    ),
    ("parity", "report", &["compare", "{primary}", "{twin}"]),
    (
        "hostile",
        "report",
        &[
            "compare",
            "{hostile}/primary",
            "{hostile}/staging",
            "--accept",
            "{hostile}/accepted.toml",
        ],
    ),
    ("flow", "page", &["flow", "samples/primary", "department"]),
    ("document", "document", &["document", "samples/unreadable/primary"]),
    (
        "history",
        "page",
        &[
            "history",
            "--repo",
            "{history}",
            "--evidence",
            "2026-11-01..2026-11-30",
            "--object",
            "In from AD - User F*",
            "--accept",
            "samples/accepted.toml",
        ],
    ),
    ("hostile-history", "page", &["history", "--repo", "{hostile-history}"]),
    ("hostile-document", "document", &["document", "{few}"]),
    ("hostile-flow", "page", &["flow", "{hostile}/primary", "department"]),
];
/// Bytes of the samples' report.
const LARGEST: u64 = 400 * 1024;

/// The folders that words in braces stand for, and where pages go.
struct Work {
    folder: TempDir,
    out: PathBuf,
    hostile: Hostile,
}

impl Work {
    fn new(name: &str) -> Work {
        let folder = TempDir::new().unwrap();
        let twins = Twins::of_sample();
        twins.primary.write(&folder.path().join("primary"));
        twins.staging.write(&folder.path().join("twin"));
        let mut edited = second_server(&Files::read(&sample("unreadable/primary")));
        edit_descriptions(&mut edited);
        edited.write(&folder.path().join("edited"));
        let accepted = "[[accept]]\nid = \"rule-description\"\nobject = \"*User*\"\nreason = \"wording\"\n\
                        owner = \"identity team\"\nticket = \"CHG-1\"\nexpires = 2099-01-01\n";
        fs::write(folder.path().join("accepted.toml"), accepted).unwrap();
        let hostile = Hostile::new();
        // All kinds of rules, and not all rules: a document has a table for each.
        let mut few = Files::read(&hostile.staging());
        let left_out: Vec<String> = few
            .rule_paths()
            .into_iter()
            .enumerate()
            .filter(|(n, _)| n % 5 > 0)
            .map(|(_, path)| path)
            .collect();
        for path in left_out {
            few.texts.remove(&path);
        }
        few.write(&folder.path().join("few"));
        Work {
            folder,
            out: pictures(name),
            hostile,
        }
    }

    fn filled(&self, argument: &str) -> String {
        match argument {
            "{history}" => return self.repository("history", [sample("primary"), sample("staging")]),
            "{hostile-history}" => {
                let hostile = self.hostile.folder.path();
                return self.repository(argument, [hostile.join("primary"), hostile.join("staging")]);
            }
            _ => {}
        }
        let folder = |path: &Path| path.to_str().unwrap().to_owned();
        argument
            .replace("{hostile}", &folder(self.hostile.folder.path()))
            .replace("{twin}", &folder(&self.folder.path().join("twin")))
            .replace("{primary}", &folder(&self.folder.path().join("primary")))
            .replace("{edited}", &folder(&self.folder.path().join("edited")))
            .replace("{accepted}", &folder(&self.folder.path().join("accepted.toml")))
            .replace("{few}", &folder(&self.folder.path().join("few")))
    }

    /// A repository in which the first server changed after its first snapshot.
    fn repository(&self, name: &str, servers: [PathBuf; 2]) -> String {
        let [repository, edited] =
            ["repository", "edited"].map(|part| self.folder.path().join(format!("{name}-{part}")));
        let mut files = Files::read(&servers[0]);
        edit_descriptions(&mut files);
        files.replace("2026-11-20 ", "2026-11-21 ");
        files.write(&edited);
        for first in [&servers[0], &edited] {
            let run = run(["snapshot", path(first), path(&servers[1]), "--repo", path(&repository)]);
            assert!(run.code != 2, "{}", run.stderr);
        }
        path(&repository).to_owned()
    }

    /// Writes a page and, for a report, its result.
    fn page(&self, name: &str, kind: &'static str, command: &[&str]) -> Page {
        let file = |extension: &str| self.out.join(format!("{name}.{extension}"));
        let (html, json) = (file("html"), file("json"));
        let mut arguments: Vec<String> = command.iter().map(|one| self.filled(one)).collect();
        for path in [&html, &json] {
            arguments.extend(["-o".to_owned(), path.to_str().unwrap().to_owned()]);
        }
        let run = run(&arguments);
        assert!(run.code != 2, "{}", run.stderr);
        let result: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
        let (shows, sheets) = if kind == "report" {
            seen(&result)
        } else {
            (Vec::new(), 0)
        };
        Page {
            name: name.to_owned(),
            kind,
            file: html,
            result: (kind == "report").then_some(json),
            shows,
            sheets: (kind == "report").then_some(sheets),
            checks: Vec::new(),
        }
    }
}

fn edit_descriptions(files: &mut Files) {
    files.each_rule(|rule| {
        if let Some(description) = rule.child_mut("description") {
            description.text.push_str(" ***changed*** <b>");
        }
    });
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What every reader of a report must see: verdicts, servers, and the object of each finding; how many sheets of paper it
/// may take: one for each finding and some for each report.
fn seen(result: &Value) -> (Vec<String>, usize) {
    let one = [result.clone()];
    let reports = result["reports"].as_array().map_or(&one[..], Vec::as_slice);
    let mut shows = Vec::new();
    let mut sheets = 0;
    for report in reports {
        sheets += 8;
        shows.push(text(&report["verdict"]).to_uppercase());
        for side in ["primary", "staging"] {
            shows.push(shown(text(&report[side]["server"])));
        }
        for finding in ["findings", "lints"]
            .iter()
            .flat_map(|key| report[key].as_array().unwrap())
        {
            shows.push(shown(text(&finding["object"])));
            sheets += 1;
        }
    }
    shows.dedup();
    (shows, sheets)
}

/// A name as reports show it: what cannot be seen is spelt out.
fn shown(name: &str) -> String {
    let hidden = |c: char| c.is_control() || "\u{202e}\u{200b}\u{2066}".contains(c);
    name.chars()
        .map(|c| {
            if hidden(c) {
                format!("\\u{{{:x}}}", u32::from(c))
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// Pages whose name begins so, or does not.
fn hold(folder: &str, hostile: bool) {
    let Some(browser) = Browser::find() else { return };
    let work = Work::new(folder);
    let wanted = PAGES
        .iter()
        .filter(|(name, _, _)| name.starts_with("hostile") == hostile);
    let pages: Vec<Page> = wanted
        .map(|(name, kind, command)| work.page(name, kind, command))
        .collect();
    let problems = browser.look(&work.out, &pages);
    assert!(problems.values().all(Vec::is_empty), "\n{}", brief(&problems));
}

#[test]
fn pages_hold_in_a_browser() {
    hold("pages", false);
}

#[test]
fn pages_of_hostile_exports_hold_in_a_browser() {
    hold("hostile", true);
}

/// The first problems that each check has with each page.
fn brief(problems: &Problems) -> String {
    let mut lines = String::new();
    for (page, all) in problems {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (check, problem) in all {
            let count = counts.entry(check).or_default();
            *count += 1;
            if *count <= 3 {
                lines.push_str(&format!("{page}: {check}: {problem}\n"));
            }
        }
        for (check, count) in counts.into_iter().filter(|(_, count)| *count > 3) {
            lines.push_str(&format!("{page}: {check}: {count} problems in all\n"));
        }
    }
    lines
}

#[test]
fn the_report_of_the_samples_is_small() {
    let work = Work::new("size");
    let (name, kind, command) = PAGES[0];
    let bytes = fs::metadata(work.page(name, kind, command).file).unwrap().len();
    assert!(bytes <= LARGEST, "{bytes} bytes");
}

/// What is wrong with a page, by the check that has to see it: a text of the page and what stands there instead.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "quiet",
        "</main>",
        "</main><img src=\"http://127.0.0.1:9/x.png\" alt=\"\">",
    ),
    ("quiet", "<script>", "<script>0;"),
    ("policy", "default-src &#x27;none&#x27;; ", ""),
    (
        "policy",
        "script-src &#x27;",
        "script-src &#x27;unsafe-inline&#x27; &#x27;",
    ),
    ("valid", "<h2 ", "<h2 class=\"a\" class=\"b\" "),
    ("accessible", "<html lang=\"en\">", "<html>"),
    ("narrow", "</h1>", "</h1><table><tr><td><pre>{wide}</pre></table>"),
    ("elements", "</h1>", "<img alt=\"\"></h1>"),
    ("elements", "</h1>", "<b onclick=\"x\"></b></h1>"),
    ("elements", "href=\"#", "href=\"javascript:#"),
    (
        "scriptless",
        "<section class=\"findings\"",
        "<section hidden class=\"findings\"",
    ),
    ("print", "</h1>", "</h1><table><tr><td><pre>{wide}</pre></table>"),
    (
        "print",
        "<div class=\"cards\"",
        "<select><option>x</option></select><div class=\"cards\"",
    ),
    ("cards", "<h3>In from AD", "<h3>In  from AD"),
    ("filters", "data-severity=\"block\"", "data-severity=\"low\""),
    ("filters", "<output aria-live=\"polite\">", "<output>"),
    ("filters", "name=\"area\"", "name=\"other\""),
    ("links", "id=\"f-", "id=\"g-"),
    ("keys", "name=\"keys\" checked", "name=\"other\" checked"),
    ("copies", "class=\"copy-this\">", "class=\"copy-this\">x"),
    ("paper", "<section class=\"board\"", "<section hidden class=\"board\""),
];

/// The same of a server's document.
const FAULTS_OF_DOCUMENTS: &[(&str, &str, &str)] =
    &[("search", "<button type=\"submit\"", "<button type=\"submit\" hidden")];

/// Each check says something about a page that is wrong in its own way.
#[test]
fn each_check_sees_what_is_wrong() {
    let Some(browser) = Browser::find() else { return };
    let work = Work::new("faults");
    let mut pages = Vec::new();
    for (of, faults) in [("report", FAULTS), ("document", FAULTS_OF_DOCUMENTS)] {
        let &(name, kind, command) = PAGES.iter().find(|(_, kind, _)| *kind == of).unwrap();
        let whole = work.page(name, kind, command);
        let html = fs::read_to_string(&whole.file).unwrap();
        for (index, (check, from, to)) in faults.iter().enumerate() {
            assert!(html.contains(from), "{from} is not in the page");
            let name = format!("{check}-{index}");
            let file: PathBuf = work.out.join(format!("{name}.html"));
            let to = to.replace("{wide}", &"&nbsp;wide".repeat(400));
            fs::write(&file, html.replacen(from, &to, 1)).unwrap();
            pages.push(Page {
                name,
                kind,
                file,
                result: whole.result.clone(),
                shows: whole.shows.clone(),
                sheets: whole.sheets,
                checks: vec![check],
            });
        }
    }
    let problems = browser.look(&work.out, &pages);
    let unseen: Vec<&String> = problems
        .iter()
        .filter(|(_, all)| all.is_empty())
        .map(|(name, _)| name)
        .collect();
    assert!(unseen.is_empty(), "not seen: {unseen:?}");
}
