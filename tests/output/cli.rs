//! The command line from outside: exit codes, streams, files, help.

use crate::support;
use crate::support::export::{Export, Pair, Rule, direct};
use crate::support::zipped::drifting;
use crate::support::{run, syncdrift};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

fn compare(pair: &Pair, more: &[&str]) -> support::Run {
    let mut arguments = vec![
        "compare".into(),
        pair.primary().into_os_string(),
        pair.staging().into_os_string(),
    ];
    arguments.extend(more.iter().map(std::ffi::OsString::from));
    run(arguments)
}

#[test]
fn the_threshold_and_exit_zero_decide_the_exit_code_and_nothing_else() {
    let pair = drifting();
    let codes = |more: &[&str]| compare(&pair, more).code;
    assert_eq!(codes(&[]), 1);
    assert_eq!(codes(&["--fail-on", "medium"]), 0);
    assert_eq!(codes(&["--fail-on", "info"]), 1);
    assert_eq!(codes(&["--exit-zero"]), 0);
    let lenient = compare(&pair, &["--fail-on", "block"]);
    assert!(lenient.stdout.starts_with("DRIFT"), "{}", lenient.stdout);
}

#[test]
fn drift_beside_something_unknown_is_3_with_exit_zero() {
    let pair = drifting();
    fs::remove_dir_all(pair.staging().join("Connectors")).unwrap();
    assert_eq!(compare(&pair, &[]).code, 1);
    assert_eq!(compare(&pair, &["--exit-zero"]).code, 3);
}

#[test]
fn the_verdict_is_the_first_line_and_every_line_fits_80_columns() {
    let pair = drifting();
    for more in [&[][..], &["-v"], &["-q"], &["--summary"]] {
        let run = compare(&pair, more);
        assert!(run.stdout.starts_with("DRIFT: "), "{}", run.stdout);
        for line in run.stdout.lines() {
            assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
        }
        assert_eq!(run.stderr, "");
    }
    assert!(compare(&pair, &["--summary"]).stdout.lines().count() <= 15);
}

#[test]
fn the_summary_names_what_was_not_read() {
    let primary = Export::primary().rule(Rule::inbound("In from AD - Mail", 50).flow(direct("mail", "mail")));
    let staging = Export::staging_of(&primary);
    let second = |pair: &Pair| {
        let settings = fs::read(pair.staging().join("GlobalSettings/MV.xml")).unwrap();
        fs::write(pair.staging().join("GlobalSettings/MV2.xml"), settings).unwrap();
    };
    let foreign = |pair: &Pair| fs::write(pair.staging().join("Connectors/other.xml"), "<other/>").unwrap();
    let many = |pair: &Pair| {
        for number in 0..20 {
            fs::write(
                pair.staging().join(format!("Connectors/other{number:02}.xml")),
                "<other",
            )
            .unwrap();
        }
    };
    for (spoil, files, more) in [
        (
            &second as &dyn Fn(&Pair),
            &["GlobalSettings/MV2.xml", "which is used"][..],
            false,
        ),
        (&foreign, &["Connectors/other.xml"], false),
        (&many, &["Connectors/other00.xml", "Connectors/other04.xml"], true),
    ] {
        let pair = Pair::of(&primary, &staging);
        spoil(&pair);
        let run = compare(&pair, &["--summary"]);
        assert_eq!(run.code, 3, "{}", run.stdout);
        assert!(run.stdout.starts_with("INCOMPLETE"), "{}", run.stdout);
        assert!(!run.stdout.contains("nothing differs"), "{}", run.stdout);
        for word in files.iter().chain(&["NOT READ"]) {
            assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
        }
        assert_eq!(
            run.stdout.contains("more; see without --summary"),
            more,
            "{}",
            run.stdout
        );
        assert!(run.stdout.lines().count() <= 15, "{}", run.stdout);
        assert!(
            run.stdout.lines().all(|line| line.chars().count() <= 80),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_summary_has_room_for_causes_and_findings() {
    let pair = drifting();
    for number in 0..20 {
        fs::write(
            pair.staging().join(format!("Connectors/other{number:02}.xml")),
            "<other",
        )
        .unwrap();
    }
    let text = compare(&pair, &["--summary"]).stdout;
    assert!(text.lines().count() <= 15, "{text}");
    assert!(
        text.contains("NOT READ") && text.contains("In from AD - Department"),
        "{text}"
    );
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let pair = drifting();
    assert!(!compare(&pair, &[]).stdout.contains('\u{1b}'));
    assert!(!compare(&pair, &["--color", "never"]).stdout.contains('\u{1b}'));
    assert!(compare(&pair, &["--color", "always"]).stdout.contains('\u{1b}'));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let pair = drifting();
    for format in ["text", "json"] {
        let first = compare(&pair, &["--format", format, "-v"]);
        let second = compare(&pair, &["--format", format, "-v"]);
        assert_eq!(first.stdout, second.stdout);
    }
}

#[test]
fn an_output_file_is_written_whole_beside_standard_output() {
    let pair = drifting();
    let file = pair.folder.path().join("report.json");
    fs::write(&file, "old").unwrap();
    let run = compare(&pair, &["-o", file.to_str().unwrap()]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("DRIFT"));
    let report: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    support::validate(&report);
    pair.assert_nothing_else_but(1);
}

#[test]
fn an_output_that_cannot_be_written_fails_before_the_work() {
    let pair = drifting();
    for (file, word) in [
        ("no/such/folder/report.json", "folder"),
        ("report.docx", "extension"),
        (".", "extension"),
    ] {
        let run = compare(&pair, &["-o", file]);
        assert_eq!(run.code, 2, "{file}");
        assert!(run.stderr.contains(word), "{file}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn several_staging_servers_give_one_report_each() {
    let pair = drifting();
    let third = Export {
        server: "SYNC03".to_owned(),
        ..Export::staging_of(
            &Export::primary()
                .rule(Rule::inbound("In from AD - Department", 50).flow(direct("department", "department"))),
        )
    };
    let folder = pair.folder.path().join("third");
    third.write(&folder);
    let more = [folder.to_str().unwrap(), "--format", "json"];
    let run = compare(&pair, &more);
    assert_eq!(run.code, 1);
    let reports: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(reports["schema"], "syncdrift.reports/1");
    let reports = reports["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 2);
    reports.iter().for_each(support::validate);
    assert_eq!(reports[0]["verdict"], "drift");
    assert_eq!(reports[1]["verdict"], "parity");
    let text = compare(&pair, &more[..1]).stdout;
    assert!(text.lines().next().unwrap().starts_with("SYNC02"), "{text}");
}

#[test]
fn input_that_cannot_be_read_is_2_with_path_and_remedy() {
    let pair = drifting();
    let empty = pair.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for (path, word) in [
        ("no-such-folder", "no-such-folder"),
        (empty.to_str().unwrap(), "Connectors"),
    ] {
        let run = run(["compare", path, pair.staging().to_str().unwrap()]);
        assert_eq!(run.code, 2, "{path}: {}", run.stdout);
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains(word),
            "{}",
            run.stderr
        );
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error() {
    let pair = drifting();
    let mut child = syncdrift()
        .args([
            "compare".as_ref(),
            pair.primary().as_os_str(),
            pair.staging().as_os_str(),
            "-v".as_ref(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn help_names_what_is_there_and_nothing_else() {
    let help = run(["--help"]);
    assert_eq!(help.code, 0);
    for command in [
        "compare", "document", "export", "flow", "history", "snapshot", "render", "explain", "schema",
    ] {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{}", help.stdout);
    }
    for later in ["check", "remedy", "pending", "run", "init"] {
        assert!(
            !help.stdout.contains(&format!("\n  {later} ")),
            "{later} is not there yet"
        );
    }
    assert!(help.stdout.contains("Exit codes:"));
    assert_eq!(run(["compare"]).code, 2);
    assert_eq!(run(["compare", "a", "b", "--fail-on", "never"]).code, 2);
    assert_eq!(run(["compare", "a", "b", "--map-connector", "a"]).code, 2);
    let help = run(["compare", "--help"]).stdout;
    assert!(
        help.contains("--accept <FILE>") && help.contains("--write-accept <FILE>"),
        "{help}"
    );
}

#[test]
fn explain_tells_what_a_finding_means_and_helps_with_typing_errors() {
    let found = run(["explain", "rule-scoping-filter"]);
    assert_eq!(found.code, 0);
    for word in ["why", "fix", "severity", "reference", "block"] {
        assert!(found.stdout.contains(word), "{}", found.stdout);
    }
    let markdown = run(["explain", "rule-scoping-filter", "--format", "markdown"]);
    assert!(markdown.stdout.starts_with("# "), "{}", markdown.stdout);
    let typo = run(["explain", "rule-scope-filter"]);
    assert_eq!(typo.code, 2);
    assert!(typo.stderr.contains("rule-scoping-filter"), "{}", typo.stderr);
    let list = run(["explain", "--list"]);
    assert!(list.stdout.contains("uncatalogued-setting") && list.stdout.contains("rule-join-groups"));
}

#[test]
fn hostile_names_cannot_write_to_the_terminal() {
    let mut primary = Export::primary();
    primary
        .rules
        .push(Rule::inbound("evil\u{202e}name", 1).flow(direct("a", "b")));
    let mut staging = Export::staging_of(&primary);
    staging.rules[0].description = "\u{200f}x".to_owned();
    let run = compare(&Pair::of(&primary, &staging), &[]);
    assert!(
        !run.stdout.contains('\u{202e}') && !run.stdout.contains('\u{200f}'),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("\\u{202e}"), "{}", run.stdout);
}
