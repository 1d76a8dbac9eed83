//! `snapshot` and `git:` addresses, as their user sees them.

use crate::support;
use crate::support::export::{Export, Rule, direct};
use crate::support::files::Files;
use crate::support::snapshots::{Repo, compare_same};
use crate::support::{run, sample};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const BRANCH: &str = "syncdrift/snapshots";
const RUNS: &str = "syncdrift/runs";

/// An edited copy of the sample's primary.
fn edited(folder: &Path, edit: impl FnOnce(&mut Files)) -> PathBuf {
    let mut files = Files::read(&sample("primary"));
    edit(&mut files);
    let path = folder.join("edited");
    let _ = std::fs::remove_dir_all(&path);
    files.write(&path);
    path
}

/// Path and text of the rule of a name, on the first connector that has it.
fn rule<'f>(files: &'f mut Files, name: &str) -> &'f mut String {
    let mark = format!("<name>{name}</name>");
    files
        .texts
        .values_mut()
        .find(|text| text.contains(&mark))
        .expect("the rule")
}

fn title(repo: &Repo) -> String {
    repo.git(&["log", "-1", "--format=%s", BRANCH]).trim().to_owned()
}

fn runs(repo: &Repo) -> Vec<serde_json::Value> {
    let text = repo.git(&["show", &format!("{RUNS}:2026-11.jsonl")]);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_unchanged_server_makes_no_commit_and_a_line_in_the_record() {
    let repo = Repo::new();
    repo.assert_snapshot(&sample("primary"), 0);
    // What changes in every cycle does not count.
    let later = edited(repo.folder.path(), |files| {
        files.replace("2026-11-20 23:30:04.127", "2026-11-21 23:30:04.127");
        files.each_text("Connectors", |text| {
            text.replace("<last-dc>", "<last-dc>x")
                .replace("<last-modification-time>2026", "<last-modification-time>2027")
        });
    });
    let said = repo.assert_snapshot(&later, 0);
    assert!(said.starts_with("SYNC01: unchanged since commit "), "{said}");
    assert_eq!((repo.commits(BRANCH), repo.commits(RUNS)), (1, 2));
    let runs = runs(&repo);
    assert_eq!(runs.len(), 2);
    assert_eq!(
        (&runs[0]["servers"][0]["changed"], &runs[1]["servers"][0]["changed"]),
        (&true.into(), &false.into())
    );
    assert_eq!(runs[1]["servers"][0]["exported"], "2026-11-21T23:30:04.127Z");
    assert_eq!(runs[0]["servers"][0]["tree"], runs[1]["servers"][0]["tree"]);
    assert_eq!(
        (&runs[1]["exit"], &runs[1]["verdict"]),
        (&0.into(), &serde_json::Value::Null)
    );
    // The old snapshot is as young as the last run that found it unchanged.
    let compared = compare_same(&later, &repo.address(""));
    assert_eq!(compared.report["staging"]["exported"], "2026-11-21T23:30:04.127Z");
    // An export of before is taken, and not without a word.
    let older = repo.snapshot(&sample("primary"), &[]);
    let warned = "SYNC01: its export (2026-11-20T23:30:04.127Z) is older than the one of its last snapshot";
    assert!(older.code == 0 && older.stderr.contains(warned), "{}", older.stderr);
}

#[test]
fn a_commit_says_what_changed() {
    let repo = Repo::new();
    repo.assert_snapshot(&sample("primary"), 0);
    assert_eq!(title(&repo), "SYNC01: first snapshot");
    let later = edited(repo.folder.path(), |files| {
        for name in ["In from AD - User Filter", "In from AD - User Cost Center"] {
            let text = rule(files, name);
            *text = text.replace("<disabled>False</disabled>", "<disabled>True</disabled>");
        }
        files.each_text("Connectors", |text| {
            text.replace(
                "<inclusion>OU=Groups,DC=contoso,DC=com</inclusion>",
                "<inclusion>OU=Groups,DC=contoso,DC=com</inclusion><inclusion>OU=New,DC=contoso,DC=com</inclusion>",
            )
        });
    });
    let said = repo.assert_snapshot(&later, 0);
    assert!(
        said.starts_with("SYNC01: 1 OU added, 2 rules changed\ncommit "),
        "{said}"
    );
    assert_eq!(title(&repo), "SYNC01: 1 OU added, 2 rules changed");
    let body = repo.git(&["log", "-1", "--format=%b", BRANCH]);
    assert!(
        body.contains("contoso.com / Inbound / In from AD - User Filter: Disabled changed: \"False\" -> \"True\""),
        "{body}"
    );
    assert!(body.contains("OU=New,DC=contoso,DC=com"), "{body}");
    // Author and times: that of the export, and now.
    let who = repo.git(&["log", "-1", "--format=%an <%ae> %at %ct", BRANCH]);
    assert_eq!(who.trim(), "syncdrift <syncdrift@localhost> 1795217404 1795219200");
    assert_eq!(runs(&repo)[1]["fingerprints"].as_array().unwrap().len(), 3);
    // Only what changed has another blob: two rules, a partition.
    let changed = repo.git(&["diff", "--name-only", &format!("{BRANCH}~"), BRANCH]);
    assert_eq!(changed.lines().count(), 3, "{changed}");
    // A part of something that goes is no thing that goes.
    let less = edited(repo.folder.path(), |files| {
        files
            .texts
            .retain(|_, text| !text.contains("<name>In from AD - User Cost Center</name>"));
        files.each_text("Connectors", |text| {
            let Some(from) = text
                .find("<step>")
                .filter(|_| text.contains("<name>contoso.com</name>"))
            else {
                return text.to_owned();
            };
            let to = text.find("</step>").unwrap() + "</step>".len();
            [&text[..from], &text[to..]].concat()
        });
    });
    repo.assert_snapshot(&less, 0);
    let wanted = "SYNC01: 1 OU removed, 1 rule removed, 1 rule changed, 1 run profile changed";
    assert_eq!(title(&repo), wanted);
    repo.git(&["update-ref", &format!("refs/heads/{BRANCH}"), &format!("{BRANCH}~1")]);
    // The old state is still there.
    let old = repo.address(&format!("@{BRANCH}~1#SYNC01"));
    compare_same(&sample("primary"), &old).assert_findings(&[]);
}

#[test]
fn what_no_row_knows_is_counted_as_such() {
    let repo = Repo::new();
    repo.assert_snapshot(&sample("primary"), 0);
    let later = edited(repo.folder.path(), |files| {
        for name in ["In from AD - User Filter", "In from AD - User Cost Center"] {
            let text = rule(files, name);
            *text = text.replace("<linkType>", "<note>new</note><linkType>");
        }
    });
    repo.assert_snapshot(&later, 0);
    assert_eq!(title(&repo), "SYNC01: 2 settings unknown to the catalogue changed");
    // The schemas were recognised, and are there.
    compare_same(&later, &repo.address("")).assert_findings(&[]);
    assert!(repo.path().join("syncdrift.schemas").is_file());
}

#[test]
fn another_spelling_is_no_change() {
    let repo = Repo::new();
    repo.assert_snapshot(&sample("primary"), 0);
    let later = edited(repo.folder.path(), |files| {
        let text = rule(files, "In from AD - User Filter");
        *text = text.replace("<disabled>False</disabled>", "<disabled>false</disabled>");
        files.each_text("Connectors", |text| {
            text.replace("<selected>1</selected>", "<selected>true</selected>")
        });
    });
    assert!(repo.assert_snapshot(&later, 0).contains("unchanged since"));
    assert_eq!(repo.commits(BRANCH), 1);
}

#[test]
fn servers_of_a_run_share_a_commit_and_are_read_by_name() {
    let repo = Repo::new();
    let output = repo
        .command(&[&sample("primary"), &sample("staging")])
        .args(["--path", "estate/sync"])
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(repo.commits(BRANCH), 1);
    assert!(repo.files().iter().all(|file| file.starts_with("estate/sync/SYNC0")));
    let wanted = support::compare(&sample("primary"), &sample("staging"));
    let (left, right) = (repo.address("#SYNC01"), repo.address(&format!("@{BRANCH}#sync02")));
    let compared = support::compare(&left, &right);
    let what = |compared: &support::Compared| {
        let findings = compared.findings().iter();
        findings
            .map(|finding| (finding["fingerprint"].clone(), finding["change"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(what(&compared), what(&wanted));
    // Places are those in the snapshot's files.
    let place = &compared.one("rule-scoping-filter")["locations"][0];
    let file = repo.file(&format!("estate/sync/SYNC01/{}", place["file"].as_str().unwrap()));
    let line = file.lines().nth(place["line"].as_u64().unwrap() as usize - 1).unwrap();
    assert!(line.contains("synchronizationCriteria"), "{line}");
    // Which one is meant has to be said, and has to be there.
    for (more, word) in [
        ("", "there are several servers"),
        ("#SYNC03", "there is no server SYNC03"),
    ] {
        let asked = run(["document".as_ref(), repo.address(more).as_os_str()]);
        assert_eq!(asked.code, 2);
        assert!(
            asked.stderr.contains(word) && asked.stderr.contains("SYNC01, SYNC02"),
            "{}",
            asked.stderr
        );
    }
    let asked = run(["flow".as_ref(), left.as_os_str(), "department".as_ref()]);
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    let document = run([
        "document".as_ref(),
        left.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ]);
    assert_eq!(document.code, 0, "{}", document.stderr);
    let missing = run(["document".as_ref(), repo.address("@nothing#SYNC01").as_os_str()]);
    assert!(
        missing.stderr.contains("there is no commit nothing"),
        "{}",
        missing.stderr
    );
    let twice = repo
        .command(&[&sample("primary"), &sample("primary")])
        .output()
        .unwrap();
    assert_eq!(twice.status.code(), Some(2));
    assert_eq!(runs(&repo)[1]["exit"], 2, "a failed run is in the record");
}

/// Values of noise and secrets in a server's files: whatever a snapshot must not hold.
fn hidden(files: &Files) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut secret, mut noise) = (BTreeSet::new(), BTreeSet::new());
    for text in files.texts.values() {
        let document = roxmltree::Document::parse(text).unwrap();
        for node in document.descendants().filter(|node| node.is_element()) {
            let name = node.tag_name().name();
            let value = node.text().unwrap_or_default().trim().to_owned();
            let parameter = node.attribute("name").unwrap_or_default();
            let encrypted = node.attribute("encrypted") == Some("1");
            let is_secret = ["cookie", "water-mark"].contains(&name)
                || node
                    .ancestors()
                    .any(|node| node.tag_name().name() == "encrypted-attributes")
                || (name == "parameter" && (encrypted || ["cookie", "password"].contains(&parameter)));
            let is_noise = [
                "creation-time",
                "last-modification-time",
                "last-dc",
                "internal-id",
                "modified-timestamp",
            ]
            .contains(&name)
                || (name == "id" && value.starts_with('{') && !value.to_lowercase().contains("b891884f"))
                || ["last-dc", "guid", "Microsoft.Synchronize.NextStartTime"].contains(&parameter);
            if value.len() > 3 && is_secret {
                secret.insert(value);
            } else if value.len() > 3 && is_noise {
                noise.insert(value.trim_matches(['{', '}']).to_owned());
            }
        }
        noise.extend(document.root_element().attribute("export-date").map(str::to_owned));
    }
    (secret, noise)
}

#[test]
fn no_object_of_the_repository_holds_a_secret_and_none_of_the_snapshots_noise() {
    let repo = Repo::new();
    let planted = edited(repo.folder.path(), |files| {
        files.each_text("Connectors", |text| {
            text.replace(
                "<encrypted-attributes />",
                "<encrypted-attributes><attribute>Planted-One</attribute></encrypted-attributes>",
            )
            .replace(
                "<description />",
                "<description>Server=db;User=sa;Pwd=Planted-Two;</description>",
            )
            .replace("</ma-data>", "<my-password>Planted-Three</my-password></ma-data>")
        });
        files.each_text("GlobalSettings", |text| {
            text.replace(
                "</parameter-values>",
                "<parameter name=\"ClientSecret\" type=\"string\">Planted-Four</parameter></parameter-values>",
            )
        });
    });
    repo.assert_snapshot(&planted, 0);
    let (secrets, noise) = hidden(&Files::read(&planted));
    assert!(
        secrets.len() > 5 && noise.len() > 50,
        "{} {}",
        secrets.len(),
        noise.len()
    );
    let everything = repo.everything();
    let folded = everything.to_lowercase();
    for secret in secrets.iter().map(String::as_str).chain(["Planted-"]) {
        assert!(!everything.contains(secret), "{secret}");
    }
    assert!(everything.contains("Pwd=‹secret›"));
    for value in &noise {
        assert!(!folded.contains(&value.to_lowercase()), "{value}");
    }
    // Nobody knows whether secrets differ, and the comparison says so.
    let compared = compare_same(&planted, &repo.address(""));
    compared.assert_findings(&[]);
    let warnings = compared.report["warnings"].to_string();
    assert!(warnings.contains("secrets-withheld"), "{warnings}");
    let plain = compare_same(&planted, &planted).report["warnings"].to_string();
    assert!(!plain.contains("secrets-withheld"), "{plain}");
}

#[test]
fn every_name_makes_a_file_that_every_system_can_have() {
    let long = "Long ".repeat(60);
    let names = [
        "CON", "nul.txt", "a/b", "a\\b", "Rule", "rule", "RULE", "Rule", "dot.", " blank", "..", ".git", "x:y*?",
        "ümlaut", &long,
    ];
    let mut export = Export::primary();
    for (at, name) in names.iter().enumerate() {
        let rule = Rule::inbound(name, 10 + at as u32).flow(direct("department", "department"));
        export.rules.push(rule);
    }
    let repo = Repo::new();
    let folder = repo.folder.path().join("export");
    export.write(&folder);
    repo.assert_snapshot(&folder, 0);
    let files = repo.files();
    let folded: BTreeSet<String> = files.iter().map(|file| file.to_lowercase()).collect();
    assert_eq!(folded.len(), files.len(), "{files:?}");
    let rules = files.iter().filter(|file| file.contains("/SynchronizationRules/"));
    assert_eq!(rules.count(), names.len());
    for step in files.iter().flat_map(|file| file.split('/')) {
        assert!(
            step.len() < 120 && !step.contains(['\\', ':', '*', '?', '"', '<', '>', '|']),
            "{step}"
        );
        assert!(!step.ends_with(['.', ' ']) && !step.starts_with(['.', ' ']), "{step:?}");
        assert!(
            !["con.json", "nul.txt.json"].contains(&step.to_lowercase().as_str()),
            "{step}"
        );
    }
    compare_same(&folder, &repo.address("")).assert_findings(&[]);
    repo.assert_whole();
    // A clone of it can be checked out.
    repo.git(&["clone", "--quiet", "--branch", BRANCH, ".", "../clone"]);
}

#[test]
fn what_cannot_be_read_keeps_its_files_and_is_a_gap() {
    let repo = Repo::new();
    repo.assert_snapshot(&sample("primary"), 0);
    let before = repo.files();
    let broken = edited(repo.folder.path(), |files| {
        let text = rule(files, "In from AD - User Filter");
        text.truncate(text.len() / 2);
        let connector = files
            .texts
            .iter_mut()
            .find(|(path, text)| path.starts_with("Connectors/") && text.contains("<name>fabrikam.com</name>"));
        let (_, text) = connector.unwrap();
        text.truncate(text.len() / 2);
    });
    let said = repo.assert_snapshot(&broken, 3);
    assert!(
        said.contains("could not be read: Connectors, SynchronizationRules"),
        "{said}"
    );
    assert_eq!(repo.files(), before, "no file is lost");
    let changed = repo.git(&["diff", "--name-only", &format!("{BRANCH}~"), BRANCH]);
    assert_eq!(changed.trim(), "SYNC01/snapshot.json");
    let manifest: serde_json::Value = serde_json::from_str(&repo.file("SYNC01/snapshot.json")).unwrap();
    let stale = manifest["stale"].as_object().unwrap();
    let reason =
        &stale["SYNC01/SynchronizationRules/contoso.com/In from AD - User Filter.json".trim_start_matches("SYNC01/")];
    assert!(reason.as_str().unwrap().contains("it was cut off"), "{reason}");
    assert!(stale.contains_key("Connectors/fabrikam.com/connector.json"));
    // Read back: unknown, neither there nor removed.
    let compared = compare_same(&sample("primary"), &repo.address(""));
    assert_eq!(compared.code, 3, "{:#?}", compared.brief());
    assert_eq!(compared.report["gaps"].as_array().unwrap().len(), 2);
    assert!(!compared.findings().is_empty());
    assert!(
        compared.findings().iter().all(|finding| finding["status"] == "unknown"),
        "{:#?}",
        compared.brief()
    );
    // The same gap again changes nothing; once it is mended nothing is stale.
    assert!(repo.assert_snapshot(&broken, 3).contains("unchanged"));
    repo.assert_snapshot(&sample("primary"), 0);
    assert!(repo.file("SYNC01/snapshot.json").contains("\"stale\": {}"));
    compare_same(&sample("primary"), &repo.address("")).assert_findings(&[]);
    // Without global settings the server is known by its connectors.
    let nameless = edited(repo.folder.path(), |files| {
        files.texts.retain(|path, _| !path.starts_with("GlobalSettings"))
    });
    repo.assert_snapshot(&nameless, 3);
    assert_eq!(repo.files(), before);
}

#[test]
fn an_export_that_may_be_of_two_servers_replaces_neither() {
    let repo = Repo::new();
    let mut files = Files::read(&sample("primary"));
    let write = |files: &Files, name: &str| {
        let path = repo.folder.path().join(name);
        files.write(&path);
        path
    };
    repo.assert_snapshot(&write(&files, "one"), 0);
    // Restored from a backup of the first, it has the same identifiers.
    files.replace("SYNC01", "SYNC02");
    repo.assert_snapshot(&write(&files, "two"), 0);
    files.texts.retain(|path, _| !path.starts_with("GlobalSettings"));
    let run = repo.snapshot(&write(&files, "nameless"), &[]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("SYNC01 and SYNC02"), "{}", run.stderr);
    assert_eq!(repo.commits(BRANCH), 2);
}
