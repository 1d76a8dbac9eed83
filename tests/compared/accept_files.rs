//! Accepted drift from outside: the file, how it is refused and written, and
//! what the text shows of it.

use crate::support;
use crate::support::accepted::{LATER, accept, accept_as_text, drifting, entry, named, unused};
use crate::support::export::{Export, Pair};
use crate::support::traps::{custom, primary_with};
use crate::support::{compare_with, run, sample};
use std::fs;

#[test]
fn the_text_counts_on_the_first_screen_and_lists_after_the_findings() {
    let pair = drifting();
    let before = pair.compare();
    let shown = accept_as_text(&pair, &entry(&before.findings()[0], true, LATER), &[]).stdout;
    assert!(shown.lines().nth(1).unwrap().contains("1 low, 1 accepted"), "{shown}");
    let (open, accepted) = shown.split_once("\nAccepted").expect("a section");
    assert!(
        open.contains("In from AD - Office") && !open.contains("In from AD - Department"),
        "{shown}"
    );
    for word in [
        "In from AD - Department",
        "ours",
        "identity team, CHG-1042",
        "2027-03-31",
        "another text",
    ] {
        assert!(accepted.contains(word), "{word}: {shown}");
    }
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let all: String = before.findings().iter().map(|f| entry(f, true, LATER)).collect();
    let parity = accept_as_text(&pair, &all, &["--summary"]).stdout;
    assert!(
        parity.starts_with("PARITY: ") && parity.contains("2 accepted"),
        "{parity}"
    );
    assert!(!parity.contains("LOW"), "{parity}");
}

#[test]
fn a_file_that_cannot_be_used_is_2_with_file_line_column_and_remedy() {
    let pair = drifting();
    let good = named("*", "*");
    for (text, words) in [
        (good.replace("owner", "woner"), ":5:1: unknown field `woner`, expected"),
        (
            good.replace("owner = \"identity team\"\n", ""),
            ":1:1: this entry has no owner; add owner = ",
        ),
        (
            good.replace(LATER, ""),
            ":1:1: this entry has no expires; add expires = 2027-03-31",
        ),
        (good.replace("\"ours\"", "\"\""), ":4:10: reason is empty; fill it in"),
        (
            good.replace("2027-03-31", "\"2027-03-31\""),
            ":7:11: expires is no date; write ",
        ),
        (good.replace("[[accept]]", "[[accept]"), ":1:"),
    ] {
        let run = accept_as_text(&pair, &text, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text}");
        assert!(
            run.stderr.contains("accepted.toml") && run.stderr.contains(words),
            "{}",
            run.stderr
        );
    }
    let run = pair.run(&["--accept", "no-such.toml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("no-such.toml") && run.stderr.contains("name the file"),
        "{}",
        run.stderr
    );
    let marked = format!("\u{feff}{}", named("*", "*"));
    assert_eq!(
        accept(&pair, &marked).report["summary"]["accepted"],
        2,
        "a byte order mark is no harm"
    );
}

#[test]
fn a_written_file_is_refused_until_it_is_filled_in_and_then_accepts_everything() {
    let pair = drifting();
    let draft = pair.folder.path().join("draft.toml");
    let write = ["--write-accept", draft.to_str().unwrap()];
    assert_eq!(pair.run(&write).code, 1);
    let text = fs::read_to_string(&draft).unwrap();
    for words in [
        "# low contoso.com / Inbound / In from AD - Department",
        "# staging: SYNC02: another text",
        "# primary: SYNC01: ",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(text.matches("[[accept]]").count(), 2);
    let refused = pair.run(&["--accept", draft.to_str().unwrap()]);
    assert_eq!(refused.code, 2);
    assert_eq!(refused.stderr.matches(" is empty; ").count(), 6, "{}", refused.stderr);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| line.ends_with(" \"\"")) {
        assert!(
            refused.stderr.contains(&format!("draft.toml:{}:", number + 1)),
            "{line}: {}",
            refused.stderr
        );
    }
    let filled = text
        .replace("reason = \"\"", "reason = \"ours\"")
        .replace("owner = \"\"", "owner = \"identity team\"")
        .replace("expires = \"\"", "expires = 2027-03-31");
    assert_eq!(accept(&pair, &filled).code, 0);
    // What is accepted is not written again.
    let rest = pair.folder.path().join("rest.toml");
    accept_as_text(&pair, &filled, &["--write-accept", rest.to_str().unwrap()]);
    assert!(!fs::read_to_string(&rest).unwrap().contains("[[accept]]"));
}

#[test]
fn values_in_comments_cannot_write_entries() {
    let primary = primary_with([custom("In from AD - Department", 50, "department", "department")]);
    let mut staging = Export::staging_of(&primary);
    staging.rules[0].description = "x\n[[accept]]\nid = \"*\"\u{202e}".to_owned();
    let pair = Pair::of(&primary, &staging);
    let draft = pair.folder.path().join("draft.toml");
    pair.run(&["--write-accept", draft.to_str().unwrap()]);
    let text = fs::read_to_string(&draft).unwrap();
    assert_eq!(
        text.lines().filter(|line| line.starts_with("[[accept]]")).count(),
        1,
        "{text}"
    );
    assert!(!text.contains('\u{202e}'), "{text}");
}

#[test]
fn a_file_is_never_written_over_and_a_bad_path_fails_before_the_work() {
    let pair = drifting();
    let existing = pair.folder.path().join("mine.toml");
    fs::write(&existing, "# mine\n").unwrap();
    for (path, word) in [
        (existing.to_str().unwrap(), "the file exists"),
        ("no/such/folder/accepted.toml", "folder"),
    ] {
        // The primary does not exist: the path is judged before it is read.
        let run = run(["compare", "no-such-export", "nor-this", "--write-accept", path]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(path) && run.stderr.contains(word), "{}", run.stderr);
    }
    assert_eq!(fs::read_to_string(&existing).unwrap(), "# mine\n");
    pair.assert_nothing_else_but(1);
}

#[test]
fn the_sample_accepts_two_findings_and_each_entry_is_used() {
    let file = support::root().join("samples/accepted.toml");
    let compared = compare_with(
        &sample("primary"),
        &sample("staging"),
        &["--accept", file.to_str().unwrap()],
    );
    assert_eq!(compared.report["summary"]["accepted"], 2, "{:#?}", compared.brief());
    assert!(unused(&compared).is_empty(), "{:#?}", unused(&compared));
}

#[test]
fn globs_of_other_programs_are_refused_with_what_is_supported() {
    let pair = drifting();
    for (object, place) in [
        ("In from AD - [A-Z]*", ":3:10: "),
        ("In from {AD,LDAP} - *", ":3:10: "),
        ("*[12]", ":3:10: "),
    ] {
        let run = accept_as_text(&pair, &named("rule-description", object), &[]);
        assert_eq!(run.code, 2, "{object}");
        for words in [place, "* (any text) and ? (one character) only"] {
            assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        }
    }
    let named_so = named("rule-description", "In from AD [old]");
    assert_eq!(
        accept_as_text(&pair, &named_so, &[]).code,
        1,
        "a name may hold brackets"
    );
}

#[test]
fn a_list_that_is_cut_in_a_comment_says_how_many_more() {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.toml");
    run([
        "compare",
        "samples/primary",
        "samples/staging",
        "-q",
        "--write-accept",
        draft.to_str().unwrap(),
    ]);
    let text = fs::read_to_string(&draft).unwrap();
    let list = text
        .lines()
        .find(|line| line.starts_with("# primary: SYNC01: adminDescription"))
        .unwrap();
    let (shown, more) = list.split_once(" … and ").expect("how many more");
    let more: usize = more.strip_suffix(" more").unwrap().parse().unwrap();
    let report = run(["compare", "samples/primary", "samples/staging", "--format", "json"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let finding = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == "connector-attribute-inclusion");
    let all = finding.unwrap()["primary"].as_str().unwrap().split(", ").count();
    assert_eq!(shown.split(", ").count() + more, all);
    assert!(text.contains("#   Attribute: only on SYNC01: pager\n"), "{text}");
}
