//! `syncdrift export`, ended from outside: nothing goes on, and nothing stays.

use super::export::{bundle, left};
use crate::support::bundle::Site;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A `pwsh` that waits for a child of its own.
const WAITING: &str =
    "sleep 60 & echo $! > \"$here/new-$server\"; mv \"$here/new-$server\" \"$here/child-$server\"; wait";

fn wait_for(path: &Path) -> String {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) {
        if let Ok(text) = fs::read_to_string(path) {
            return text.trim().to_owned();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{} never came", path.display());
}

fn signal(name: &str, process: &str) -> bool {
    let kill = Command::new("sh")
        .args(["-c", "kill -\"$0\" \"$1\"", name, process])
        .stderr(Stdio::null())
        .status();
    kill.unwrap().success()
}

/// A process that has ended and was not waited for counts as gone.
fn is_gone(process: &str) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(5) {
        let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        if !signal("0", process) || state.contains(") Z ") {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

fn start(site: &Site, arguments: &[&str]) -> Child {
    let mut command = listening(site.command(arguments));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What `nohup` starts is deaf to hang-ups, and what a script starts in the background to interrupts; so is all that these
/// start, and the program stays as it was started.
fn listening(command: Command) -> Command {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    const HUP_INT_TERM: u64 = 1 | 1 << 1 | 1 << 14;
    if ignored.is_none_or(|bits| bits & HUP_INT_TERM == 0) {
        return command;
    }
    let mut env = Command::new("env");
    env.arg("--default-signal=HUP,INT,TERM")
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => env.env(name, value),
            None => env.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        env.current_dir(folder);
    }
    env
}

#[test]
fn a_signal_ends_everything() {
    for name in ["INT", "TERM", "HUP"] {
        let site = Site::doing(WAITING);
        let run = start(&site, &["--server", "SYNC01", "--server", "SYNC02", "-o", "out"]);
        let children = ["SYNC01", "SYNC02"].map(|server| wait_for(&site.path(&format!("bin/child-{server}"))));
        assert!(signal(name, &run.id().to_string()));
        let ended = run.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{name}: {stderr}");
        assert_eq!(
            stderr.matches("nothing was collected: it was stopped").count(),
            2,
            "{name}: {stderr}"
        );
        for child in children {
            assert!(is_gone(&child), "{name}: what pwsh started went on");
        }
        assert_eq!(left(&site), ["out"], "{name}");
    }
}

/// A bundle that had come before stays, and the exit code says that the job was not done.
#[test]
fn what_had_come_before_a_signal_stays() {
    let code = format!("case $server in SYNC01) cp \"$here/bundle.zip\" \"$target\"; exit 0;; esac; {WAITING}");
    let site = Site::doing(&code).with("bundle.zip", &bundle().zip());
    let run = start(&site, &["--server", "SYNC01", "--server", "SYNC02", "-o", "out"]);
    wait_for(&site.path("out/SYNC01/manifest.json"));
    wait_for(&site.path("bin/child-SYNC02"));
    assert!(signal("TERM", &run.id().to_string()));
    assert_eq!(run.wait_with_output().unwrap().status.code(), Some(2));
    assert_eq!(left(&site), ["out", "out/SYNC01"]);
}

/// Nobody can clean up after SIGKILL but the next run.
#[test]
fn the_next_run_removes_what_a_killed_one_left() {
    let site = Site::doing(WAITING);
    let mut run = start(&site, &["--server", "SYNC01", "-o", "out"]);
    let child = wait_for(&site.path("bin/child-SYNC01"));
    run.kill().unwrap();
    run.wait().unwrap();
    signal("KILL", &child);
    assert!(site.path("out").read_dir().unwrap().next().is_some());
    assert!(site.temporary().read_dir().unwrap().next().is_some());
    let site = site.with("do", b"exit 1");
    assert_eq!(site.export(&["--server", "SYNC01", "-o", "out"]).code, 2);
    assert_eq!(left(&site), ["out"]);
}
