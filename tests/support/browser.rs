//! Headless Chromium for the tests: where it is, what it is told to look at, what it found.
//!
//! In: pages. Out: problems. Skips with a visible line where the browser, Node.js or the packages are absent, unless
//! `SYNCDRIFT_BROWSER_TESTS=1` demands them.

use super::root;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A page and what is expected of it.
pub struct Page {
    pub name: String,
    /// Which checks: `page` for any page, `report` for a drift report.
    pub kind: &'static str,
    pub file: PathBuf,
    /// The JSON of the same result, from which the checks of a report know what must be seen.
    pub result: Option<PathBuf>,
    /// Texts that must be seen even with scripts off.
    pub shows: Vec<String>,
    /// Sheets of paper that it may take.
    pub sheets: Option<usize>,
    /// Only these checks; all of its kind where there are none.
    pub checks: Vec<&'static str>,
}

/// What the checks found, by page: (check, problem).
pub type Problems = BTreeMap<String, Vec<(String, String)>>;

/// What is needed to look at pages.
pub struct Browser {
    chromium: PathBuf,
    node: PathBuf,
    packages: PathBuf,
}

impl Browser {
    /// All that is needed, or `None` with a visible line.
    pub fn find() -> Option<Browser> {
        let packages =
            env::var_os("SYNCDRIFT_NODE_PACKAGES").map_or_else(|| root().join("tests/browser"), PathBuf::from);
        let chromium = ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| program(name));
        let there = |name: &str| packages.join("node_modules").join(name).is_dir();
        let missing = match (&chromium, program("node")) {
            (None, _) => "Chromium",
            (_, None) => "Node.js",
            (Some(chromium), Some(node)) => {
                if ["playwright-core", "axe-core", "html-validate"].into_iter().all(there) {
                    return Some(Browser {
                        chromium: chromium.clone(),
                        node,
                        packages,
                    });
                }
                "node_modules (npm ci in tests/browser, or set SYNCDRIFT_NODE_PACKAGES to the folder that holds it)"
            }
        };
        let demanded = env::var_os("SYNCDRIFT_BROWSER_TESTS").is_some_and(|value| value == "1");
        assert!(!demanded, "SYNCDRIFT_BROWSER_TESTS=1, but {missing} is absent");
        eprintln!("skipped: {missing} is absent");
        None
    }

    /// Looks at pages; pictures of them go to a folder.
    pub fn look(&self, out: &Path, pages: &[Page]) -> Problems {
        let plan = json!({
            "packages": self.packages, "chromium": self.chromium, "out": out,
            "pages": pages.iter().map(Page::plan).collect::<Vec<_>>(),
        });
        let file = out.join("plan.json");
        fs::write(&file, plan.to_string()).expect("a file");
        let run = Command::new(&self.node)
            .arg(root().join("tests/browser/check.mjs"))
            .arg(&file)
            .stderr(Stdio::inherit())
            .output()
            .expect("Node.js starts");
        assert!(run.status.success(), "the checks did not end: {}", run.status);
        let text = String::from_utf8(run.stdout).expect("UTF-8");
        let mut problems: Problems = pages.iter().map(|page| (page.name.clone(), Vec::new())).collect();
        for line in text.lines() {
            let found: Value = serde_json::from_str(line).expect("a problem");
            let part = |key: &str| super::text(&found[key]).to_owned();
            let of_page = problems.get_mut(&part("page")).expect("a page of the plan");
            of_page.push((part("check"), part("problem")));
        }
        problems
    }
}

impl Page {
    fn plan(&self) -> Value {
        json!({
            "name": self.name, "kind": self.kind, "file": self.file, "result": self.result,
            "shows": self.shows, "sheets": self.sheets,
            "checks": if self.checks.is_empty() { Value::Null } else { json!(self.checks) },
        })
    }
}

/// A folder for pages and pictures of them that stays after the test, named on stderr.
pub fn pictures(work: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(work);
    fs::create_dir_all(&out).expect("a folder");
    eprintln!("pages and pictures of them: {}", out.display());
    out
}

/// A program of the search path.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
