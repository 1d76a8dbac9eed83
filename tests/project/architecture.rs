//! The borders between modules, read from their `use` lines.

use std::fs;
use std::path::{Path, PathBuf};

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            // What only tests use is no border.
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
            (name, code)
        })
        .collect()
}

fn is_test(name: &str) -> bool {
    name.ends_with("tests.rs")
}

/// Code lines of a file, comments left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

fn module(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Modules of ours that a file refers to.
fn refers<'t>(text: &'t str) -> Vec<&'t str> {
    let mut found: Vec<&'t str> = Vec::new();
    for line in code(text) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + 7..];
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            if end > 0 {
                found.push(&rest[..end]);
            } else if let Some(list) = rest.strip_prefix('{') {
                found.extend(
                    list.split([',', '}'])
                        .map(|part| part.trim().split("::").next().unwrap()),
                );
            }
        }
    }
    found
}

#[test]
fn modules_depend_one_way() {
    // Who may refer to whom.
    let allowed: &[(&str, &[&str])] = &[
        ("model", &[]),
        ("expression", &[]),
        ("report", &["catalogue"]),
        ("catalogue", &[]),
        ("intake", &["model"]),
        ("powershell", &[]),
        // What comes is read by the same rules on both sides.
        ("collect", &["intake", "model"]),
        ("threads", &[]),
        ("normalise", &["model", "catalogue", "intake", "expression", "threads"]),
        ("derive", &["model", "catalogue", "expression"]),
        ("diff", &["model", "catalogue", "derive", "normalise", "threads"]),
        (
            "assess",
            &[
                "model",
                "catalogue",
                "derive",
                "diff",
                "normalise",
                "intake",
                "expression",
                "report",
                "settings",
                "threads",
                // Pictures say of a rule what `flow` says of it.
                "trace",
            ],
        ),
        ("settings", &[]),
        ("trace", &["model", "catalogue", "derive", "report"]),
        ("document", &["model", "catalogue", "derive", "report", "trace"]),
        ("redact", &["model", "catalogue", "report"]),
        (
            "history",
            &[
                "assess",
                "catalogue",
                "diff",
                "document",
                "intake",
                "model",
                "normalise",
                "report",
                "settings",
                "snapshot",
                "threads",
            ],
        ),
        ("snapshot", &["catalogue", "intake", "model", "normalise", "report"]),
        // The layout of an expression is no knowledge of what it belongs to.
        ("render", &["report", "catalogue", "expression", "powershell"]),
        ("cli", &["catalogue"]),
        ("main", &[]),
        ("lib", &[]),
    ];
    for (name, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        let module = module(name);
        if module == "command" {
            continue;
        }
        let (_, allowed) = allowed
            .iter()
            .find(|(known, _)| *known == module)
            .unwrap_or_else(|| panic!("{name}: the module {module} has no place in the architecture"));
        for other in refers(text) {
            assert!(
                other == module || allowed.contains(&other),
                "src/{name} refers to {other}, which {module} must not know"
            );
        }
    }
}

#[test]
fn each_library_has_one_user() {
    let users: &[(&str, &[&str])] = &[
        ("roxmltree", &["intake"]),
        ("encoding_rs", &["intake"]),
        ("walkdir", &["intake"]),
        ("zip", &["intake", "collect"]),
        ("clap", &["cli", "command"]),
        ("toml", &["catalogue", "settings"]),
        ("anyhow", &["command"]),
        ("serde_json", &["render", "catalogue", "snapshot", "collect", "intake"]),
        ("base64", &["render", "collect"]),
        ("rustix", &["collect"]),
        ("ctrlc", &["command"]),
        ("git2", &["snapshot"]),
        ("memchr", &["intake"]),
    ];
    for (name, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        for (library, modules) in users {
            let used = code(text).any(|line| line.contains(&format!("{library}::")));
            assert!(
                !used || modules.contains(&module(name)),
                "src/{name} uses {library}; only {modules:?} may"
            );
        }
    }
}

#[test]
fn nothing_below_command_reads_clock_environment_or_chance() {
    for (name, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        if matches!(module(name), "command" | "main") {
            continue;
        }
        for forbidden in [
            "SystemTime",
            "Instant",
            "std::env",
            "Timestamp::now",
            "Zoned::now",
            "rand::",
            "TcpStream",
            "UdpSocket",
        ] {
            assert!(
                !code(text).any(|line| line.contains(forbidden)),
                "src/{name} uses {forbidden}"
            );
        }
    }
}

#[test]
fn diff_knows_no_severity_and_assess_no_format() {
    for (name, text) in sources() {
        let words: &[&str] = match module(&name) {
            "diff" => &["Severity", "severity:"],
            "assess" => &["\\u{1b}", "<html", "serde_json"],
            _ => continue,
        };
        for word in words {
            assert!(
                !code(&text).any(|line| line.contains(word)),
                "src/{name} speaks of {word}"
            );
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (name, text) in sources() {
        assert!(text.starts_with("//!"), "src/{name} has no module header");
        assert!(text.lines().count() <= 450, "src/{name} is too long: a room is missing");
    }
}
