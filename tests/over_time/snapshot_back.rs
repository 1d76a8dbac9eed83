//! A snapshot reads back as the export it was made from, whatever the export
//! holds: no edit is lost, and none looks like a change.

use crate::support;
use crate::support::edits::{self, Edit};
use crate::support::files::Files;
use crate::support::inside;
use crate::support::snapshots::{Repo, compare_same, there_and_back};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use syncdrift::snapshot::Repository;
use tempfile::TempDir;

fn reads_back(server: &Path, code: i32) {
    let repo = Repo::new();
    repo.assert_snapshot(server, code);
    let compared = compare_same(server, &repo.address(""));
    assert_eq!(compared.code, code, "{:#?}", compared.brief());
    compared.assert_findings(&[]);
    let (old, new) = (&compared.report["primary"], &compared.report["staging"]);
    assert_eq!(old["exported"], new["exported"]);
    assert_eq!(old["version"], new["version"]);
    assert_eq!(old["stagingMode"], new["stagingMode"]);
    // The other way round, too.
    compare_same(&repo.address(""), server).assert_findings(&[]);
    repo.assert_whole();
}

#[test]
fn the_samples_read_back() {
    reads_back(&support::sample("primary"), 0);
    reads_back(&support::sample("staging"), 0);
    reads_back(&support::sample("unreadable/primary"), 0);
    reads_back(&support::sample("unreadable/staging"), 3);
}

#[test]
fn a_real_export_reads_back() {
    if let Some(contoso) = support::data("contoso") {
        reads_back(&contoso, 0);
    }
}

#[test]
fn what_is_masked_within_a_schema_reads_back() {
    let folder = TempDir::new().unwrap();
    let mut files = Files::read(&support::sample("unreadable/primary"));
    let end = "</dsml:directory-schema>";
    let planted = "<dsml:note>Server=db;User=sa;Pwd=Planted;</dsml:note><dsml:password>Planted</dsml:password>";
    files.each_text("Connectors", |text| text.replace(end, &format!("{planted}{end}")));
    assert!(files.texts.values().any(|text| text.contains(planted)));
    files.write(folder.path());
    reads_back(folder.path(), 0);
    let repo = Repo::new();
    repo.assert_snapshot(folder.path(), 0);
    assert!(!repo.everything().contains("Planted"));
    // What is not masked still counts.
    files.each_text("Connectors", |text| text.replace("Server=db;", "Server=other;"));
    files.write(folder.path());
    assert!(!compare_same(folder.path(), &repo.address("")).findings().is_empty());
}

/// What is wrong with a snapshot of the export in a folder.
fn fault(repository: &Repository, folder: &Path) -> Option<String> {
    let there = there_and_back(repository, folder);
    let stored = there.again.last.as_ref().map_or(0, |last| last.files.len());
    if !there.again.texts.is_empty() || there.again.kept.len() != stored {
        let texts: Vec<&String> = there.again.texts.keys().collect();
        return Some(format!("read back it is another one: {texts:?}"));
    }
    if there.live.ledger.uncatalogued != there.back.ledger.uncatalogued {
        return Some("what no row knows was lost".to_owned());
    }
    let compared = inside::unchecked(&there.live, there.back, true);
    let found = compared.brief();
    (!found.is_empty()).then(|| format!("{found:#?}"))
}

fn assert_read_back(files: &Files, picked: &[(String, Edit)]) {
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |count| count.get().min(4)) {
            scope.spawn(|| {
                let folder = TempDir::new().unwrap();
                files.write(&folder.path().join("export"));
                let repository = Repository::open_or_make(&folder.path().join("repo")).unwrap();
                while let Some((file, edit)) = picked.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let path = folder.path().join("export").join(file);
                    let before = &files.texts[file];
                    std::fs::write(&path, edit.apply(before)).unwrap();
                    if let Some(fault) = fault(&repository, &folder.path().join("export")) {
                        let what = format!("{:?} {} {:?} -> {:?}", edit.kind, edit.family, edit.old, edit.new);
                        faults.lock().unwrap().push(format!("{what}: {fault}"));
                    }
                    std::fs::write(&path, before).unwrap();
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(
        faults.is_empty(),
        "{} of {} edits:\n{}",
        faults.len(),
        picked.len(),
        faults.join("\n")
    );
}

/// Every edit of every sort at one place of the small sample, as many as the step lets through.
fn sampled(files: &Files, offset: usize, step: usize) -> Vec<(String, Edit)> {
    let mut picked = Vec::new();
    for (file, text) in &files.texts {
        let edits = edits::spread(edits::all(text, &|_, _| Vec::new()));
        picked.extend(edits.into_iter().map(|edit| (file.clone(), edit)));
    }
    picked.into_iter().skip(offset).step_by(step).collect()
}

#[test]
fn every_sort_of_edit_reads_back() {
    let files = Files::read(&support::sample("unreadable/primary"));
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (step, offset) = (number("SYNCDRIFT_TEST_STEP"), number("SYNCDRIFT_TEST_OFFSET"));
    assert_read_back(&files, &sampled(&files, offset.unwrap_or(0), step.unwrap_or(61)));
}
