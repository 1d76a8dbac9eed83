//! One run of the program on input that nobody meant well: bounded in time
//! and memory, and judged by what must hold whatever the input is.

use super::text;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Address space of a run in KiB, far below what the inputs could fill.
const MEMORY: &str = "ulimit -v 500000; exec \"$0\" \"$@\"";
/// Far above what any run takes.
const TIME: Duration = Duration::from_secs(30);

/// What a run said.
#[derive(Debug)]
pub struct Trial {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The program, with bounded memory where the system can bound it.
fn program() -> Command {
    let binary = env!("CARGO_BIN_EXE_syncdrift");
    let mut command = if cfg!(unix) {
        Command::new("sh")
    } else {
        Command::new(binary)
    };
    if cfg!(unix) {
        command.args(["-c", MEMORY, binary]);
    }
    command
        .env("SOURCE_DATE_EPOCH", "1795219200")
        .current_dir(super::root());
    command
}

/// Runs with arguments; asserts what must hold on any input.
pub fn trial<S: AsRef<OsStr>>(arguments: &[S]) -> Trial {
    judged(program().args(arguments), &format!("{:?}", shown(arguments)))
}

/// The same as an account without rights; `None`, visibly, where there is none to take.
pub fn trial_as_nobody<S: AsRef<OsStr>>(arguments: &[S]) -> Option<Trial> {
    let nobody = |more: &[&OsStr]| {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
            .arg(env!("CARGO_BIN_EXE_syncdrift"))
            .args(more)
            .env("SOURCE_DATE_EPOCH", "1795219200")
            .current_dir("/");
        command
    };
    let works = nobody(&["--version".as_ref()])
        .output()
        .is_ok_and(|run| run.status.success());
    if !works {
        eprintln!("skipped: needs root, setpriv and a binary that everyone may run");
        return None;
    }
    let more: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
    Some(judged(&mut nobody(&more), &format!("{:?}", shown(arguments))))
}

fn shown<S: AsRef<OsStr>>(arguments: &[S]) -> Vec<&OsStr> {
    arguments.iter().map(AsRef::as_ref).collect()
}

fn judged(command: &mut Command, what: &str) -> Trial {
    let trial = bounded(command, what);
    assert!((0..=3).contains(&trial.code), "{what}: {trial:?}");
    for word in ["panicked", "backtrace", "memory allocation"] {
        assert!(!trial.stderr.contains(word), "{what}: {}", trial.stderr);
    }
    assert_eq!(trial.code == 2, !trial.stderr.is_empty(), "{what}: {trial:?}");
    if trial.code == 2 {
        assert_eq!(trial.stdout, "", "{what}");
        assert!(trial.stderr.starts_with("error: "), "{what}: {}", trial.stderr);
    }
    if trial.stdout.starts_with('{') {
        super::validate(&trial.report());
    } else {
        assert_clean(&trial.stdout, what);
    }
    assert_clean(&trial.stderr, what);
    trial
}

/// Nothing on a terminal may move the cursor or turn the direction of writing.
fn assert_clean(text: &str, what: &str) {
    let bad = |c: char| (c.is_control() && c != '\n') || ('\u{200e}'..='\u{202e}').contains(&c) && c != '\u{2013}';
    let bad: Vec<char> = text
        .chars()
        .filter(|c| bad(*c) && !('\u{2010}'..='\u{2027}').contains(c))
        .collect();
    assert!(bad.is_empty(), "{what}: {bad:?} in {text}");
}

/// Runs to the end or to the limit.
fn bounded(command: &mut Command, what: &str) -> Trial {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (mut out, mut err) = (
        child.stdout.take().expect("a pipe"),
        child.stderr.take().expect("a pipe"),
    );
    let reader = |stream: &mut dyn Read| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("a pipe");
        String::from_utf8(bytes).expect("UTF-8")
    };
    std::thread::scope(|scope| {
        let stdout = scope.spawn(move || reader(&mut out));
        let stderr = scope.spawn(move || reader(&mut err));
        let begin = Instant::now();
        let status = loop {
            match child.try_wait().expect("a child") {
                Some(status) => break status,
                None if begin.elapsed() > TIME => {
                    child.kill().expect("a child");
                    panic!("{what}: still running after {TIME:?}");
                }
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        Trial {
            code: status.code().unwrap_or(-1),
            stdout: stdout.join().expect("a reader"),
            stderr: stderr.join().expect("a reader"),
        }
    })
}

impl Trial {
    /// The report as JSON.
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The gap about this file.
    pub fn gap(&self, file: &str) -> Value {
        let report = self.report();
        let gaps = report["gaps"].as_array().expect("gaps");
        let found: Vec<&Value> = gaps.iter().filter(|gap| text(&gap["file"]) == file).collect();
        assert_eq!(found.len(), 1, "gaps about {file}: {gaps:#?}");
        found[0].clone()
    }

    /// Asserts exit 2 with all these words.
    pub fn assert_refused(&self, words: &[&str]) {
        assert_eq!(self.code, 2, "{words:?}: {self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} in {}", self.stderr);
        }
    }
}

/// Everything below a folder, with sizes: what failing must not change.
pub fn listing(folder: &Path) -> Vec<(String, u64)> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("an entry"))
        .map(|entry| {
            (
                entry.path().to_string_lossy().into_owned(),
                entry.metadata().map_or(0, |data| data.len()),
            )
        })
        .collect()
}
