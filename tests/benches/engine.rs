//! How fast a comparison is, as ratios within one run on one machine.
//!
//! `cargo bench` prints, for the samples and (where it is present) a real
//! export against itself as a second server:
//! (a) reading both exports and parsing them with bare roxmltree,
//! (b) the whole comparison to JSON in process,
//! (c) the whole process,
//! (d) `git diff --no-index` of the two folders,
//! (e) the HTML report and (f) the Markdown report of a result, in process,
//! (g) the whole process of a snapshot of both servers: the first one, an
//! unchanged one, and one after a rule of each changed, as ratios to (c),
//! and a table of growth over forests and rules. Claims about speed are these
//! ratios; times depend on the machine and on what else it does.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::export::{Export, Rule, direct, expression};
use support::files::Files;
use support::inside::options;
use syncdrift::assess::assess;
use syncdrift::catalogue::Catalogue;
use syncdrift::intake::{self, Limits};
use syncdrift::normalise::read_servers;
use syncdrift::render::{self, Templates};
use syncdrift::report::Report;

/// Runs of each measurement; the best counts.
const RUNS: usize = 15;

fn best(mut work: impl FnMut()) -> Duration {
    (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(xml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files
}

/// (a): both sides, one thread each.
fn bare(left: &Path, right: &Path) {
    std::thread::scope(|scope| {
        for side in [left, right] {
            scope.spawn(|| {
                for file in xml_files(side) {
                    let text = intake::decode(&fs::read(file).unwrap()).unwrap();
                    let document = roxmltree::Document::parse(&text).unwrap();
                    std::hint::black_box(document.root_element());
                }
            });
        }
    });
}

fn compared(left: &Path, right: &Path) -> Report {
    let mut servers = read_servers(&[left, right], Catalogue::builtin(), &Limits::default()).unwrap();
    let (mut staging, primary) = (servers.pop().unwrap(), servers.pop().unwrap());
    let options = options(false);
    assess(&primary, &mut staging, Catalogue::builtin(), &options).unwrap()
}

/// (b)
fn whole(left: &Path, right: &Path) {
    std::hint::black_box(render::json(&compared(left, right)).unwrap());
}

fn process(program: &str, arguments: &[&str], left: &Path, right: &Path) {
    Command::new(program)
        .args(arguments)
        .args([left, right])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
}

fn pair(name: &str, left: &Path, right: &Path) {
    let a = best(|| bare(left, right));
    let b = best(|| whole(left, right));
    let c = best(|| {
        process(
            env!("CARGO_BIN_EXE_syncdrift"),
            &["compare", "--format", "json"],
            left,
            right,
        )
    });
    let d = best(|| process("git", &["diff", "--no-index", "--quiet"], left, right));
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let ratio = |time: Duration, to: Duration| time.as_secs_f64() / to.as_secs_f64();
    println!("{name}");
    println!("  (a) read and bare parse     {:8.1} ms", ms(a));
    println!(
        "  (b) compare to JSON         {:8.1} ms   {:5.2} x (a)",
        ms(b),
        ratio(b, a)
    );
    println!(
        "  (c) whole process           {:8.1} ms   {:5.2} x (a)",
        ms(c),
        ratio(c, a)
    );
    let report = compared(left, right);
    let reports = std::slice::from_ref(&report);
    let templates = Templates::default();
    let e = best(|| {
        std::hint::black_box(render::html(reports, &templates).unwrap());
    });
    let f = best(|| {
        std::hint::black_box(render::report_markdown(reports, &templates, false).unwrap());
    });
    for (name, time) in [("(e) HTML    ", e), ("(f) Markdown", f)] {
        println!(
            "  {name}                {:8.1} ms   {:5.2} x (b)",
            ms(time),
            ratio(time, b)
        );
    }
    snapshots(left, right, ms(c));
    println!(
        "  (d) git diff --no-index     {:8.1} ms   {:5.2} x (a)",
        ms(d),
        ratio(d, a)
    );
}

/// (g)
fn snapshots(left: &Path, right: &Path, compared: f64) {
    let folder = tempfile::TempDir::new().unwrap();
    let changed = [left, right].map(|server| {
        let name = server.to_string_lossy().replace(['/', '\\', ':'], "_");
        let mut files = Files::read(server);
        let rule = files.rule_paths().pop().unwrap();
        let text = files.texts.get_mut(&rule).unwrap();
        *text = text.replace("<description", "<comment>changed</comment><description");
        files.write(&folder.path().join(&name));
        folder.path().join(name)
    });
    let repo = folder.path().join("repo");
    let snapshot = |left: &Path, right: &Path| {
        let start = Instant::now();
        let repo = repo.to_str().unwrap();
        process(
            env!("CARGO_BIN_EXE_syncdrift"),
            &["snapshot", "--repo", repo],
            left,
            right,
        );
        start.elapsed().as_secs_f64() * 1_000.0
    };
    let line = |name: &str, time: f64| println!("  {name:27} {time:8.1} ms   {:5.2} x (c)", time / compared);
    line("(g) first snapshot", snapshot(left, right));
    let rounds = || {
        (0..6).map(|round| match round % 2 {
            0 => snapshot(&changed[0], &changed[1]),
            _ => snapshot(left, right),
        })
    };
    let unchanged = (0..6).map(|_| snapshot(left, right)).fold(f64::MAX, f64::min);
    line("    unchanged", unchanged);
    line("    two rules changed", rounds().fold(f64::MAX, f64::min));
}

/// A real export and a copy of it as a second server.
fn contoso(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let left = support::data("contoso")?;
    let right = folder.join("contoso");
    for file in xml_files(&left) {
        let target = right.join(file.strip_prefix(&left).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let text = text
            .replace("CONTOSO-SYNC01", "CONTOSO-SYNC02")
            .replace(
                "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d",
                "11111111-2222-3333-4444-555555555555",
            )
            .replace(
                "AE4DB4CC-B16B-4EB2-ACF5-837CA84E4D7D",
                "11111111-2222-3333-4444-555555555555",
            );
        fs::write(target, text).unwrap();
    }
    Some((left, right))
}

/// A pair with many forests and rules, staging renumbered and with one drift.
fn grown(folder: &Path, forests: usize, rules: usize) -> (PathBuf, PathBuf) {
    let mut primary = Export::primary();
    primary.forests = (0..forests)
        .map(|n| (format!("f{n}.com"), format!("f{n}.com")))
        .collect();
    for n in 0..rules {
        let mut rule = Rule::inbound(&format!("In from AD - Rule {n}"), 100 + u32::try_from(n).unwrap())
            .flow(direct("displayName", "displayName"))
            .flow(expression(
                &format!("extensionAttribute{}", n % 40),
                &format!("Left([mail],{n}) & \"x\""),
            ))
            .flow(direct("title", "title"));
        rule.connector = format!("f{}.com", n % forests);
        primary.rules.push(rule);
    }
    let mut staging = Export::staging_of(&primary);
    for (n, rule) in staging.rules.iter_mut().enumerate() {
        rule.precedence = (100 + 2 * n).to_string();
    }
    staging.rules[rules / 2].precedence = "99".to_owned();
    let (left, right) = (
        folder.join(format!("l{forests}-{rules}")),
        folder.join(format!("r{forests}-{rules}")),
    );
    primary.write(&left);
    staging.write(&right);
    (left, right)
}

fn main() {
    let folder = tempfile::TempDir::new().unwrap();
    pair(
        "samples (two forests, 194 rules)",
        &support::sample("primary"),
        &support::sample("staging"),
    );
    if let Some((left, right)) = contoso(folder.path()) {
        pair("contoso (a real forest's schema, 62 rules)", &left, &right);
    }
    println!("growth of (b), one rule moved");
    println!("  forests   rules         ms   us per rule");
    for (forests, rules) in [(1, 60), (4, 240), (16, 960), (1, 600), (1, 6_000)] {
        let (left, right) = grown(folder.path(), forests, rules);
        let runs = if rules > 1_000 { 3 } else { RUNS };
        let time = (0..runs)
            .map(|_| {
                let start = Instant::now();
                whole(&left, &right);
                start.elapsed()
            })
            .min()
            .unwrap();
        println!(
            "  {forests:7} {rules:7} {:10.1} {:13.1}",
            time.as_secs_f64() * 1_000.0,
            time.as_secs_f64() * 1e6 / rules as f64
        );
    }
}
