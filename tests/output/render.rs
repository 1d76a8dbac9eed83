//! `render`: a saved result in every format is what `compare` writes, and a
//! file that is no whole result is refused with line and remedy.

use crate::support::{Run, run};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const FORMATS: [&str; 6] = ["json", "junit.xml", "sarif", "csv", "html", "md"];

fn compare(more: &[&str]) -> Run {
    let mut arguments = vec!["compare", "samples/primary", "samples/staging"];
    arguments.extend(more);
    run(arguments)
}

fn render(file: &Path, more: &[&str]) -> Run {
    let mut arguments = vec!["render", file.to_str().unwrap()];
    arguments.extend(more);
    run(arguments)
}

struct Saved {
    folder: TempDir,
    file: PathBuf,
}

fn saved() -> Saved {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("saved.json");
    let run = compare(&["-q", "-o", file.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    Saved { folder, file }
}

#[test]
fn a_saved_result_gives_the_same_bytes_as_the_comparison() {
    let saved = saved();
    let path = |stem: &str, format: &str| saved.folder.path().join(format!("{stem}.{format}"));
    let outputs = |stem: &str| -> Vec<String> {
        let paths = FORMATS
            .iter()
            .map(|format| path(stem, format).to_str().unwrap().to_owned());
        paths.flat_map(|path| ["-o".to_owned(), path]).collect()
    };
    let (first, second) = (outputs("compared"), outputs("rendered"));
    let borrowed = |all: &[String]| -> Vec<&'static str> { all.iter().map(|one| &*one.clone().leak()).collect() };
    let compared = compare(&borrowed(&first));
    let rendered = render(&saved.file, &borrowed(&second));
    assert_eq!((compared.code, rendered.code), (1, 0), "{}", rendered.stderr);
    assert_eq!(compared.stdout, rendered.stdout);
    for format in FORMATS {
        let bytes = |stem| fs::read(path(stem, format)).unwrap();
        assert!(!bytes("compared").is_empty());
        assert!(bytes("compared") == bytes("rendered"), "{format}");
    }
    for more in [
        &["-v"][..],
        &["--summary"],
        &["--format", "junit"],
        &["--format", "sarif"],
        &["--format", "json"],
    ] {
        assert!(compare(more).stdout == render(&saved.file, more).stdout, "{more:?}");
    }
}

#[test]
fn a_result_that_windows_powershell_redirected_is_read() {
    let saved = saved();
    let text = fs::read_to_string(&saved.file).unwrap();
    let wanted = render(&saved.file, &[]).stdout;
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (mark, rest) in [
        (&[0xff, 0xfe][..], &little[..]),
        (&[0xfe, 0xff], &big),
        (&[0xef, 0xbb, 0xbf], text.as_bytes()),
    ] {
        fs::write(&saved.file, [mark, rest].concat()).unwrap();
        let rendered = render(&saved.file, &[]);
        assert_eq!(rendered.code, 0, "{}", rendered.stderr);
        assert!(rendered.stdout == wanted);
    }
    fs::write(&saved.file, [&[0xff, 0xfe][..], &little[1..]].concat()).unwrap();
    assert_eq!(render(&saved.file, &[]).code, 2);
}

#[test]
fn several_results_are_rendered_together() {
    let saved = saved();
    let one: Value = serde_json::from_slice(&fs::read(&saved.file).unwrap()).unwrap();
    let mut other = one.clone();
    other["staging"]["server"] = json!("SYNC03");
    let several = json!({ "schema": "syncdrift.reports/1", "reports": [one, other] });
    fs::write(&saved.file, several.to_string()).unwrap();
    let rendered = render(&saved.file, &[]);
    assert_eq!(rendered.code, 0, "{}", rendered.stderr);
    let lines: Vec<&str> = rendered.stdout.lines().take(2).collect();
    assert!(
        lines[0].starts_with("SYNC02") && lines[1].starts_with("SYNC03"),
        "{lines:?}"
    );
    let again: Value = serde_json::from_str(&render(&saved.file, &["--format", "json"]).stdout).unwrap();
    assert_eq!(again, several);
}

/// Exit 2 with the file's name, these words, and nothing on standard output.
fn refused(file: &Path, words: &[&str]) {
    let run = render(file, &[]);
    assert_eq!(run.code, 2, "{words:?}: {}", run.stdout);
    assert_eq!(run.stdout, "");
    for word in ["error: ", "saved.json"].iter().chain(words) {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
}

#[test]
fn what_is_no_whole_result_is_refused() {
    let saved = saved();
    let text = fs::read_to_string(&saved.file).unwrap();
    let write = |text: &str| fs::write(&saved.file, text).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = value.clone();
        change(&mut value);
        write(&serde_json::to_string_pretty(&value).unwrap());
    };

    let half: String = text.lines().take(100).map(|line| format!("{line}\n")).collect();
    write(&half);
    refused(&saved.file, &["line 101, column 0", "save the result again"]);
    write("");
    refused(&saved.file, &["line 1"]);
    write("[]");
    refused(&saved.file, &["line 1"]);
    write(&"[".repeat(100_000));
    refused(&saved.file, &["line 1"]);
    changed(&|value| value["schema"] = json!("syncdrift.report/2"));
    refused(&saved.file, &["syncdrift.report/2", "syncdrift.report/1"]);
    changed(&|value| value["verdict"] = json!("fine"));
    refused(&saved.file, &["line ", "fine"]);
    changed(&|value| drop(value.as_object_mut().unwrap().remove("ledger")));
    refused(&saved.file, &["line ", "ledger"]);
    changed(&|value| value["findings"][3]["madeBy"] = json!("staging"));
    refused(&saved.file, &["findings[3].madeBy", "0.1.0", "newer"]);
    changed(&|value| drop(value["findings"].as_array_mut().unwrap().remove(0)));
    refused(&saved.file, &["counts of SYNC02", "compare again"]);
    changed(&|value| *value = json!({ "schema": "syncdrift.reports/1", "reports": [] }));
    refused(&saved.file, &["holds no report"]);
    changed(&|value| {
        value["schema"] = json!("syncdrift.report/9");
        *value = json!({ "schema": "syncdrift.reports/1", "reports": [value] });
    });
    refused(&saved.file, &["syncdrift.report/9"]);
    fs::remove_file(&saved.file).unwrap();
    refused(&saved.file, &["cannot be read", "-o FILE.json"]);
}

#[test]
fn the_saved_result_is_never_replaced() {
    let saved = saved();
    let before = fs::read(&saved.file).unwrap();
    let run = render(&saved.file, &["-o", saved.file.to_str().unwrap()]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("input"), "{}", run.stderr);
    assert!(fs::read(&saved.file).unwrap() == before);
    let plain_xml = saved.folder.path().join("report.xml");
    let run = render(&saved.file, &["-o", plain_xml.to_str().unwrap()]);
    assert_eq!(run.code, 2);
    for format in FORMATS {
        assert!(run.stderr.contains(&format!(".{format}")), "{}", run.stderr);
    }
}
