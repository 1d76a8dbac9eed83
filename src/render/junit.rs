//! JUnit XML, as Azure DevOps, GitLab and Jenkins read it.
//!
//! In: reports. Out: XML that holds against Jenkins' schema (junit-10.xsd) and
//! Ant's, the strictest: hence no attributes at the root, `properties` first,
//! `system-out` and `system-err` last, one outcome for each case. Must not know: files.
//!
//! One suite for each area of a pair, one case for each catalogue row; of a row
//! with findings, one case for each finding, so that as many cases fail as
//! findings are open at or above `--fail-on`. Accepted drift is skipped with its
//! reason, what is unknown is an error, as is each gap. Findings below the
//! threshold pass and are listed in `system-out`. Expected differences and lints
//! are no tests. Times are 0: the same input gives the same bytes.

use super::moved;
use super::plain;
use super::xml::escape;
use crate::catalogue::Catalogue;
use crate::report::{Checked, CheckedStatus, Finding, GapEntry, Report, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a message, which lists show in a line.
const MESSAGE: usize = 1_000;
/// Characters of one text in the body of an outcome.
const TEXT: usize = 20_000;

/// What became of a case.
enum Outcome {
    Pass,
    Skipped(String),
    Failure(Problem),
    Error(Problem),
}

/// Why a case did not pass.
struct Problem {
    kind: String,
    message: String,
    body: String,
}

struct Case {
    class: String,
    name: String,
    outcome: Outcome,
}

#[derive(Default)]
struct Suite {
    cases: Vec<Case>,
    /// Findings that pass.
    notes: Vec<String>,
}

/// All suites of all reports.
pub fn junit(reports: &[Report]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    let mut id = 0;
    for report in reports {
        for (name, suite) in suites(report) {
            write_suite(&mut out, id, &name, &suite, report);
            id += 1;
        }
    }
    out.push_str("</testsuites>\n");
    out
}

fn suites(report: &Report) -> Vec<(String, Suite)> {
    let mut suites = Suites {
        report,
        order: Vec::new(),
        by_name: BTreeMap::new(),
        names: BTreeSet::new(),
    };
    let mut by_row: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_row.entry(&finding.id).or_default().push(finding);
    }
    for checked in &report.checked {
        match by_row.remove(&*checked.id) {
            Some(findings) => findings.into_iter().for_each(|finding| suites.finding(finding)),
            None => suites.row(checked),
        }
    }
    by_row
        .into_values()
        .flatten()
        .for_each(|finding| suites.finding(finding));
    report.gaps.iter().for_each(|gap| suites.gap(gap));
    moved::departures(report)
        .iter()
        .for_each(|finding| suites.departure(finding));
    let Suites { order, mut by_name, .. } = suites;
    order
        .into_iter()
        .map(|name| {
            let suite = by_name.remove(&name).unwrap_or_default();
            (name, suite)
        })
        .collect()
}

struct Suites<'r> {
    report: &'r Report,
    order: Vec<String>,
    by_name: BTreeMap<String, Suite>,
    /// Tests are known by class and name, so no two may share both.
    names: BTreeSet<(String, String)>,
}

impl Suites<'_> {
    fn suite(&mut self, name: &str) -> &mut Suite {
        if !self.by_name.contains_key(name) {
            self.order.push(name.to_owned());
        }
        self.by_name.entry(name.to_owned()).or_default()
    }

    fn case(&mut self, area: &str, class: &str, name: String, mark: &str, outcome: Outcome) {
        let class = format!("{}.{class}", self.report.staging.server);
        let mut unique = name.clone();
        let mut number = 1;
        while !self.names.insert((class.clone(), unique.clone())) {
            unique = format!("{name} [{mark}]");
            if number > 1 {
                unique = format!("{name} [{mark} {number}]");
            }
            number += 1;
        }
        let name = unique;
        self.suite(area).cases.push(Case { class, name, outcome });
    }

    fn finding(&mut self, finding: &Finding) {
        let report = self.report;
        let outcome = match finding.status {
            Status::Unknown => Outcome::Error(problem(finding, report)),
            Status::Accepted => {
                Outcome::Skipped(format!("Accepted: {}", plain::acceptance(finding).unwrap_or_default()))
            }
            _ if finding.severity >= report.options.fail_on => Outcome::Failure(problem(finding, report)),
            _ => Outcome::Pass,
        };
        if matches!(outcome, Outcome::Pass) {
            let note = format!("{}: {}", finding.severity.word(), message(finding, report));
            self.suite(&finding.area).notes.push(note);
        }
        let class = format!("{}.{}", finding.area, finding.id);
        let name = format!("{}: {}", finding.setting, finding.object_path.join(" / "));
        self.case(&finding.area, &class, name, &finding.fingerprint, outcome);
    }

    /// No drift between the servers, so it is no failure.
    fn departure(&mut self, finding: &Finding) {
        let who = moved::of(finding, self.report).map_or_else(String::new, |moved| moved.words);
        let value = |value: &Option<String>| plain::value(finding, value.as_deref());
        let text = format!(
            "Approved: {}; now: {}; moved: {who}",
            value(&finding.primary),
            value(&finding.staging)
        );
        let name = format!("{}: {}", finding.setting, finding.object_path.join(" / "));
        let outcome = Outcome::Skipped(plain::cut(&text.replace('\n', " "), MESSAGE));
        self.case("approved-state", &finding.id, name, &finding.fingerprint, outcome);
    }

    fn row(&mut self, checked: &Checked) {
        let outcome = match checked.status {
            CheckedStatus::Equal => Outcome::Pass,
            CheckedStatus::NotPresent => Outcome::Skipped("Neither server has it.".to_owned()),
            CheckedStatus::Drift => {
                Outcome::Skipped("It differs as part of another finding, which has a case of its own.".to_owned())
            }
            CheckedStatus::Unknown => Outcome::Error(Problem {
                kind: "unknown".to_owned(),
                message: "A gap hides part of the answer.".to_owned(),
                body: "What could not be read is unknown, never equal. See the cases of the suite gaps.".to_owned(),
            }),
        };
        let row = Catalogue::builtin().row(&checked.id);
        let title = row.map_or(&*checked.id, |row| &*row.title).to_owned();
        let class = format!("{}.{}", checked.area, checked.id);
        self.case(&checked.area, &class, title, &checked.id, outcome);
    }

    fn gap(&mut self, gap: &GapEntry) {
        let place = gap.file.as_ref().map_or_else(|| gap.part.clone(), Clone::clone);
        let position = match (gap.line, gap.column) {
            (Some(line), Some(column)) => format!(", line {line}, column {column}"),
            (Some(line), None) => format!(", line {line}"),
            _ => String::new(),
        };
        let outcome = Outcome::Error(Problem {
            kind: "gap".to_owned(),
            message: plain::cut(&gap.problem, MESSAGE),
            body: format!(
                "Server: {}\nPart: {}\nFile: {place}{position}\nProblem: {}",
                gap.server, gap.part, gap.problem
            ),
        });
        let name = format!("{}: {place}", gap.server);
        self.case("gaps", "gaps", name, &gap.part, outcome);
    }
}

fn message(finding: &Finding, report: &Report) -> String {
    let values = plain::values(finding, report);
    let values: Vec<String> = values.iter().map(|(whose, text)| format!("{whose}: {text}")).collect();
    let text = format!("{}: {}", plain::headline(finding, report), values.join("; "));
    plain::cut(&text.replace('\n', " "), MESSAGE)
}

fn problem(finding: &Finding, report: &Report) -> Problem {
    let lines = plain::lines(finding, report, TEXT);
    let body: Vec<String> = lines.iter().map(|(label, text)| format!("{label}: {text}")).collect();
    let kind = match finding.status {
        Status::Unknown => "unknown",
        _ => finding.severity.word(),
    };
    Problem {
        kind: kind.to_owned(),
        message: message(finding, report),
        body: body.join("\n"),
    }
}

fn write_suite(out: &mut String, id: usize, name: &str, suite: &Suite, report: &Report) {
    let count = |wanted: fn(&Outcome) -> bool| suite.cases.iter().filter(|case| wanted(&case.outcome)).count();
    let attribute = |text: &str| escape(text, true);
    // The strictest reader knows no time zone and no fraction.
    let time: String = report.generated.chars().take("2026-11-21T03:00:00".len()).collect();
    out.push_str(&format!(
        "  <testsuite id=\"{id}\" name=\"{}\" package=\"{}\" hostname=\"{}\" timestamp=\"{}\" tests=\"{}\" \
         failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">\n",
        attribute(&format!("{}.{name}", report.staging.server)),
        attribute(&report.tool.name),
        attribute(&report.staging.server),
        attribute(&time),
        suite.cases.len(),
        count(|outcome| matches!(outcome, Outcome::Failure(_))),
        count(|outcome| matches!(outcome, Outcome::Error(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    ));
    out.push_str("    <properties>\n");
    for (name, value) in properties(report) {
        out.push_str(&format!(
            "      <property name=\"{name}\" value=\"{}\"/>\n",
            attribute(&value)
        ));
    }
    out.push_str("    </properties>\n");
    suite.cases.iter().for_each(|case| write_case(out, case));
    out.push_str(&format!(
        "    <system-out>{}</system-out>\n    <system-err>{}</system-err>\n  </testsuite>\n",
        escape(&suite.notes.join("\n"), false),
        escape(&warnings(report), false)
    ));
}

fn properties(report: &Report) -> Vec<(&'static str, String)> {
    let build = |version: &Option<String>| version.clone().unwrap_or_else(|| "unknown".to_owned());
    vec![
        ("tool", format!("{} {}", report.tool.name, report.tool.version)),
        ("catalogue", report.tool.catalogue.clone()),
        ("fail-on", report.options.fail_on.word().to_owned()),
        ("primary", report.primary.server.clone()),
        ("primary-build", build(&report.primary.version)),
        ("staging", report.staging.server.clone()),
        ("staging-build", build(&report.staging.version)),
    ]
}

fn warnings(report: &Report) -> String {
    let texts: Vec<&str> = report.warnings.iter().map(|warning| &*warning.text).collect();
    texts.join("\n")
}

fn write_case(out: &mut String, case: &Case) {
    out.push_str(&format!(
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
        escape(&case.class, true),
        escape(&case.name, true)
    ));
    let (tag, problem) = match &case.outcome {
        Outcome::Pass => return out.push_str("/>\n"),
        Outcome::Skipped(reason) => {
            let reason = escape(reason, true);
            return out.push_str(&format!("><skipped message=\"{reason}\"/></testcase>\n"));
        }
        Outcome::Failure(problem) => ("failure", problem),
        Outcome::Error(problem) => ("error", problem),
    };
    out.push_str(&format!(
        ">\n      <{tag} type=\"{}\" message=\"{}\">{}</{tag}>\n    </testcase>\n",
        escape(&problem.kind, true),
        escape(&problem.message, true),
        escape(&problem.body, false)
    ));
}
