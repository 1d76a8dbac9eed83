//! A pair of servers of which one file at a time is edited on one side: every
//! edit must be accounted for.

use super::edits::{self, Edit, Kind};
use super::entries::{self, Known, Line};
use super::files::Files;
use super::{Compared, inside};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use syncdrift::model::Configuration;
use tempfile::TempDir;

const MODE: &str =
    "name=\"Microsoft.Synchronize.StagingMode\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">";

/// The pair, and what its comparison says before any edit.
pub struct Bench {
    /// The server that stays as it is.
    other: Configuration,
    /// Files of the server that is edited.
    pub files: Files,
    /// Whether that is the primary.
    swapped: bool,
    before: Vec<Line>,
    leaves: u64,
    gaps: usize,
    /// Whether each report is checked against the schema as well; that takes its time.
    validate: bool,
    known: Known,
}

/// A staging server that differs in its name and its mode only, so that an edit's old value is the primary's.
pub fn staging_of(primary: &Files, from: &str, to: &str) -> Files {
    let mut staging = primary.clone();
    staging.replace(from, to);
    staging.replace(&format!("{MODE}False"), &format!("{MODE}True"));
    staging
}

impl Bench {
    /// A primary named `name` and its staging server, which is edited.
    pub fn of(primary: &Files, name: &str, validate: bool) -> Bench {
        Bench::with(primary, name, validate, false)
    }

    /// The same, but the primary is edited.
    pub fn swapped(primary: &Files, name: &str) -> Bench {
        Bench::with(primary, name, false, true)
    }

    fn with(primary: &Files, name: &str, validate: bool, swapped: bool) -> Bench {
        let other = format!("{name}B");
        let staging = staging_of(primary, name, &other);
        let folder = TempDir::new().unwrap();
        primary.write(&folder.path().join("primary"));
        staging.write(&folder.path().join("staging"));
        let left = inside::read(&folder.path().join("primary"));
        let right = inside::read(&folder.path().join("staging"));
        let compared = inside::judge(&left, right.clone(), false);
        let guids = guids(primary.texts.values().chain(staging.texts.values()));
        Bench {
            other: if swapped { right } else { left },
            before: lines(&compared, swapped),
            leaves: compared.report["ledger"]["leaves"].as_u64().unwrap(),
            gaps: compared.report["gaps"].as_array().unwrap().len(),
            files: if swapped { primary.clone() } else { staging },
            swapped,
            validate,
            known: Known {
                guids,
                name: if swapped { name.to_owned() } else { other },
            },
        }
    }

    /// Makes one edit in a folder that holds the files; what is wrong with the report.
    fn fault(&self, folder: &Path, file: &str, edit: &Edit) -> Option<String> {
        let path = folder.join(file);
        let before = &self.files.texts[file];
        let text = edit.apply(before);
        std::fs::write(&path, &text).unwrap();
        let edited = inside::read(folder);
        let after = if self.swapped {
            inside::unchecked(&edited, self.other.clone(), false)
        } else {
            inside::unchecked(&self.other, edited, false)
        };
        std::fs::write(&path, before).unwrap();
        let ledger = &after.report["ledger"];
        let number = |key: &str| ledger[key].as_u64().unwrap() as i64;
        let counted = number("leaves");
        if counted != number("compared") + number("noise") + number("secret") + number("uncatalogued") {
            return Some(format!("the ledger does not add up: {ledger}"));
        }
        if self.validate {
            super::validate(&after.report);
        }
        let wanted = self.leaves as i64 + edits::leaves(&text) as i64 - edits::leaves(before) as i64;
        // Text between elements may count as a leaf of its own.
        let stray = i64::from(edit.kind == Kind::StrayText);
        if counted != wanted && counted != wanted + stray {
            return Some(format!("the ledger counts {counted} leaves, not {wanted}"));
        }
        let gaps = after.report["gaps"].as_array().unwrap().len();
        // A rule that points to no connector is the one edit that leaves something unread.
        if gaps != self.gaps && !edit.path.ends_with("/connector") && edit.path != "ma-data/id" {
            return Some(format!("gaps: {:#}", after.report["gaps"]));
        }
        let lines = entries::new(&self.before, lines(&after, self.swapped));
        let missing = if hides(edit) {
            entries::missing_secret(edit, &lines).or_else(|| leaked(edit, &after.report.to_string()))
        } else {
            entries::missing(edit, &lines, &self.known)
        };
        missing.map(|missing| format!("{missing}, among {lines:#?}"))
    }

    /// Makes every edit by itself, on all processors.
    pub fn assert_accounted(&self, edits: &[(String, Edit)]) {
        let next = AtomicUsize::new(0);
        let faults: Mutex<BTreeMap<usize, String>> = Mutex::new(BTreeMap::new());
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let folder = TempDir::new().unwrap();
                    self.files.write(folder.path());
                    while let Some((at, (file, edit))) = {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        edits.get(at).map(|edit| (at, edit))
                    } {
                        if let Some(fault) = self.fault(folder.path(), file, edit) {
                            let what = format!("{:?} {} {:?} -> {:?}", edit.kind, edit.family, edit.old, edit.new);
                            faults
                                .lock()
                                .unwrap()
                                .insert(at, format!("{what}: {fault}\n  in {file}"));
                        }
                    }
                });
            }
        });
        let faults = faults.into_inner().unwrap();
        // One line each; the report's lines for the first few.
        let shown: Vec<&str> = faults
            .values()
            .enumerate()
            .map(|(at, fault)| {
                if at < 3 {
                    fault
                } else {
                    fault.lines().next().unwrap_or_default()
                }
            })
            .collect();
        assert!(
            faults.is_empty(),
            "{} of {} edits are not accounted for:\n{}",
            faults.len(),
            edits.len(),
            shown.join("\n")
        );
    }
}

/// Lines of a report, the side that stays as it is on the left.
fn lines(compared: &Compared, swapped: bool) -> Vec<Line> {
    let mut lines = entries::lines(compared);
    for line in lines.iter_mut().filter(|_| swapped) {
        std::mem::swap(&mut line.primary, &mut line.staging);
        line.change = match line.change.as_str() {
            "added" => "removed".to_owned(),
            "removed" => "added".to_owned(),
            _ => continue,
        };
    }
    lines
}

/// Values that no report may show: what a connector keeps for itself and what the product encrypts.
pub fn is_secret(edit: &Edit) -> bool {
    let last = edit.path.rsplit('/').next().unwrap_or_default();
    let key = edit.keys.last().and_then(Option::as_deref).unwrap_or_default();
    if edit.path.contains("/encrypted-attributes") {
        return true;
    }
    let above = edit
        .keys
        .iter()
        .rev()
        .nth(1)
        .and_then(Option::as_deref)
        .unwrap_or_default();
    let secret = matches!(last, "cookie" | "water-mark")
        || (last == "parameter" && matches!(key.to_lowercase().as_str(), "cookie" | "password"))
        || (last == "default-value" && above.eq_ignore_ascii_case("password"));
    secret && matches!(edit.kind, Kind::Change | Kind::Remove | Kind::Duplicate)
}

/// Whether the edit changes a secret, so that what changed must not be seen.
fn hides(edit: &Edit) -> bool {
    let nothing = edit.kind == Kind::Remove && edit.old.as_deref().is_none_or(|old| old.trim().is_empty());
    is_secret(edit) && !nothing
}

/// What a report shows of a secret.
fn leaked(edit: &Edit, report: &str) -> Option<String> {
    let values = [edit.old.as_deref(), Some(edits::MARK)];
    let seen = values
        .into_iter()
        .flatten()
        .find(|value| !value.trim().is_empty() && report.contains(*value))?;
    Some(format!("the secret {seen:?} is shown"))
}

/// Names of connectors and partitions by their GUIDs, of a schema's members by references to their numbers.
fn guids<'t>(texts: impl Iterator<Item = &'t String>) -> BTreeMap<String, Vec<String>> {
    let mut guids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in texts {
        let document = roxmltree::Document::parse(text).unwrap();
        for node in document.descendants() {
            let name = node.children().find(|child| child.has_tag_name("name"));
            if let (Some(id), Some(name)) = (node.attribute("id"), name.and_then(|name| name.text())) {
                guids
                    .entry(format!("#{}", id.to_lowercase()))
                    .or_default()
                    .push(name.to_owned());
            }
            if !["ma-data", "partition"].iter().any(|name| node.has_tag_name(*name)) {
                continue;
            }
            let child = |name: &str| {
                let child = node.children().find(|child| child.has_tag_name(name))?;
                child.text()
            };
            if let (Some(id), Some(name)) = (child("id"), child("name")) {
                let id = id.trim_matches(['{', '}']).to_lowercase();
                let entra = "Microsoft Entra ID".to_owned();
                guids.entry(id).or_default().extend([name.to_owned(), entra]);
            }
        }
    }
    guids
}
