//! What the tests share: small exports written by hand, the binary run on
//! them, and its JSON checked against the committed schema.

#![allow(dead_code)]

pub mod accepted;
pub mod bench;
pub mod browser;
pub mod bundle;
pub mod bundles;
pub mod damage;
pub mod edits;
pub mod entries;
pub mod export;
pub mod files;
pub mod forms;
pub mod hostile;
pub mod inside;
pub mod lints;
pub mod meant;
pub mod pages;
pub mod partitions;
pub mod places;
pub mod property;
pub mod published;
pub mod pwsh;
pub mod rule_tree;
pub mod second;
pub mod snapshots;
pub mod spellings;
pub mod tables;
pub mod told;
pub mod traps;
pub mod trial;
pub mod twins;
pub mod xml;
pub mod zipped;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Root of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of real exports, or `None` with a visible line when it is absent.
pub fn data(part: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SYNCDRIFT_TEST_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let part = folder.join(part);
    if part.is_dir() {
        return Some(part);
    }
    eprintln!("skipped: {} is absent (set SYNCDRIFT_TEST_DATA)", part.display());
    None
}

/// A folder of the project's own samples.
pub fn sample(name: &str) -> PathBuf {
    root().join("samples").join(name)
}

/// The binary, at a fixed time and without colour.
pub fn syncdrift() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncdrift"));
    command
        .env("SOURCE_DATE_EPOCH", "1795219200")
        .env_remove("NO_COLOR")
        .current_dir(root());
    command
}

/// Exit code and texts of a run.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().expect("the program was killed"),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

/// Runs `syncdrift` with arguments.
pub fn run<I, S>(arguments: I) -> Run
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    syncdrift().args(arguments).output().expect("the binary starts").into()
}

/// A comparison as JSON, valid against the committed schema.
pub struct Compared {
    pub code: i32,
    pub report: Value,
    pub stderr: String,
}

/// `compare LEFT RIGHT --format json` with more arguments.
pub fn compare_with(left: &Path, right: &Path, more: &[&str]) -> Compared {
    let mut arguments = vec!["compare".as_ref(), left.as_os_str(), right.as_os_str()];
    arguments.extend(["--format", "json"].map(std::ffi::OsStr::new));
    arguments.extend(more.iter().map(std::ffi::OsStr::new));
    let run = run(arguments);
    assert!(run.code != 2, "exit 2: {}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout));
    validate(&report);
    Compared {
        code: run.code,
        report,
        stderr: run.stderr,
    }
}

/// `compare LEFT RIGHT --format json`.
pub fn compare(left: &Path, right: &Path) -> Compared {
    compare_with(left, right, &[])
}

/// Checks a report against the committed schema, and that its ledger and counts add up.
pub fn validate(report: &Value) {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let run = run(["schema", "report"]);
        let schema: Value = serde_json::from_str(&run.stdout).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("the schema is a schema")
    });
    let problems: Vec<String> = schema.iter_errors(report).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    let ledger = &report["ledger"];
    let number = |key: &str| ledger[key].as_u64().expect("a count");
    assert_eq!(
        number("leaves"),
        number("compared") + number("noise") + number("secret") + number("uncatalogued"),
        "the ledger adds up"
    );
    let mut seen = std::collections::BTreeSet::new();
    for finding in report["findings"].as_array().expect("findings") {
        assert!(
            seen.insert(finding["fingerprint"].to_string()),
            "a fingerprint stands twice"
        );
        for key in ["why", "fix", "reference"] {
            assert_ne!(finding[key], "", "{key} of {}", finding["id"]);
        }
    }
}

impl Compared {
    /// All findings.
    pub fn findings(&self) -> &[Value] {
        self.report["findings"].as_array().expect("findings")
    }

    /// All expected differences.
    pub fn expected(&self) -> &[Value] {
        self.report["expected"].as_array().expect("expected")
    }

    /// Findings about rules.
    pub fn rule_findings(&self) -> Vec<&Value> {
        self.findings()
            .iter()
            .filter(|finding| finding["area"] == "sync-rules")
            .collect()
    }

    /// `severity id object: setting` of every finding, for messages and short assertions.
    pub fn brief(&self) -> Vec<String> {
        self.findings().iter().map(brief).collect()
    }

    /// The one finding with this id.
    pub fn one(&self, id: &str) -> &Value {
        let found: Vec<&Value> = self.findings().iter().filter(|finding| finding["id"] == id).collect();
        assert_eq!(found.len(), 1, "findings named {id} among {:#?}", self.brief());
        found[0]
    }

    /// Asserts that these are all findings, as `severity id`.
    pub fn assert_findings(&self, wanted: &[&str]) {
        let mut found: Vec<String> = self
            .findings()
            .iter()
            .map(|f| format!("{} {}", text(&f["severity"]), text(&f["id"])))
            .collect();
        found.sort();
        let mut wanted: Vec<String> = wanted.iter().map(|&word| word.to_owned()).collect();
        wanted.sort();
        assert_eq!(found, wanted, "{:#?}", self.brief());
    }
}

/// `severity id object: setting`.
pub fn brief(finding: &Value) -> String {
    format!(
        "{} {} {} {}: {}: {} -> {}",
        text(&finding["severity"]),
        text(&finding["status"]),
        text(&finding["id"]),
        text(&finding["object"]),
        text(&finding["setting"]),
        finding["primary"],
        finding["staging"]
    )
}

/// Text of a JSON string, empty otherwise.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
