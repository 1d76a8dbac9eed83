//! Snapshots in repositories that somebody else uses, too, and runs that do
//! not end as they should: nothing is lost, and errors say what to do.

#![cfg(unix)]

use crate::support::files::Files;
use crate::support::sample;
use crate::support::snapshots::{Repo, compare_same, git};
use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BRANCH: &str = "syncdrift/snapshots";
const RUNS: &str = "syncdrift/runs";

/// Copies of a sample that differ in every rule and connector.
fn variants(folder: &Path, count: usize) -> Vec<PathBuf> {
    let variant = |number: usize| {
        let mut files = Files::read(&sample("primary"));
        files.each_text("SynchronizationRules", |text| {
            text.replace(
                "<description",
                &format!("<comment>variant {number}</comment><description"),
            )
        });
        let path = folder.join(format!("variant{number}"));
        files.write(&path);
        path
    };
    (0..count).map(variant).collect()
}

/// A repository with a work tree that somebody is working in.
fn in_use(repo: &Repo) {
    fs::create_dir(repo.path()).unwrap();
    repo.git(&["init", "--quiet", "--initial-branch", "main"]);
    fs::write(repo.path().join("README"), "ours").unwrap();
    fs::write(repo.path().join("staged"), "1").unwrap();
    repo.git(&["add", "."]);
    repo.git(&["commit", "--quiet", "-m", "ours"]);
    repo.git(&["branch", "other"]);
    repo.git(&["remote", "add", "origin", "https://example.com/x.git"]);
    fs::write(repo.path().join("staged"), "2").unwrap();
    repo.git(&["add", "."]);
    fs::write(repo.path().join("README"), "ours, edited").unwrap();
    fs::write(repo.path().join("new"), "untracked").unwrap();
}

#[test]
fn a_work_tree_in_use_and_other_branches_stay_as_they_are() {
    let repo = Repo::new();
    in_use(&repo);
    let state = || {
        let refs = repo.git(&["for-each-ref", "refs/heads/main", "refs/tags"]);
        let status = repo.git(&["status", "--porcelain"]);
        let config = fs::read_to_string(repo.path().join(".git/config")).unwrap();
        let index = fs::read(repo.path().join(".git/index")).unwrap();
        (refs, status, config, index, repo.git(&["symbolic-ref", "HEAD"]))
    };
    let before = state();
    repo.assert_snapshot(&sample("primary"), 0);
    assert_eq!(state(), before);
    // A branch with something else on it keeps that; one that is checked out is refused.
    let other = repo.snapshot(&sample("primary"), &["--branch", "other", "--path", "servers"]);
    assert_eq!(other.code, 0, "{}", other.stderr);
    assert_eq!(repo.git(&["show", "other:README"]), "ours");
    repo.git(&["show", "other:servers/SYNC01/snapshot.json"]);
    compare_same(&sample("primary"), &repo.address("@other")).assert_findings(&[]);
    // So does a folder or a file that is called like a server, and what somebody put beside our files.
    repo.git(&["worktree", "add", "--quiet", "../beside", "other"]);
    let beside = repo.folder.path().join("beside");
    fs::create_dir_all(beside.join("servers/SYNC02")).unwrap();
    fs::write(beside.join("servers/SYNC02/notes.txt"), "ours").unwrap();
    fs::write(beside.join("servers/SYNC01/notes.txt"), "ours").unwrap();
    git(&beside, &["add", "."]);
    git(&beside, &["commit", "--quiet", "-m", "notes"]);
    repo.git(&["worktree", "remove", "../beside"]);
    for server in ["primary", "staging", "unreadable/primary"] {
        let run = repo.snapshot(&sample(server), &["--branch", "other", "--path", "servers"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    for notes in ["other:servers/SYNC01/notes.txt", "other:servers/SYNC02/notes.txt"] {
        assert_eq!(repo.git(&["show", notes]), "ours");
    }
    compare_same(&sample("staging"), &repo.address("@other#SYNC02")).assert_findings(&[]);
    let file = repo.snapshot(&sample("primary"), &["--branch", "other", "--path", "README/x"]);
    assert!(
        file.code == 2 && file.stderr.contains("README is a file"),
        "{}",
        file.stderr
    );
    let refused = repo.snapshot(&sample("primary"), &["--branch", "main"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("this branch is checked out"),
        "{}",
        refused.stderr
    );
    repo.git(&["worktree", "add", "--quiet", "../linked", "-b", "linked"]);
    let linked = repo.snapshot(&sample("primary"), &["--branch", "linked"]);
    assert!(
        linked.stderr.contains("this branch is checked out"),
        "{}",
        linked.stderr
    );
    for branch in ["syncdrift", RUNS, "syncdrift/runs/x", "bad..name", "-x"] {
        let run = repo.snapshot(&sample("primary"), &[&format!("--branch={branch}")]);
        assert_eq!(run.code, 2, "{branch}");
        assert!(run.stderr.contains("--branch"), "{}", run.stderr);
    }
    for path in ["../out", "a/../../b", ".git", "con"] {
        let run = repo.snapshot(&sample("primary"), &["--path", path]);
        assert!(run.code == 2 && run.stderr.contains("--path"), "{path}: {}", run.stderr);
    }
    repo.assert_whole();
}

#[test]
fn what_is_no_repository_is_left_alone() {
    let repo = Repo::new();
    fs::create_dir(repo.path()).unwrap();
    fs::write(repo.path().join("letter.txt"), "dear").unwrap();
    let run = repo.snapshot(&sample("primary"), &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("this is no git repository, and it is not empty"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read_dir(repo.path()).unwrap().count(), 1);
    // What a stopped `init` left is completed.
    fs::remove_file(repo.path().join("letter.txt")).unwrap();
    fs::create_dir(repo.path().join("objects")).unwrap();
    fs::write(repo.path().join("HEAD"), "").unwrap();
    repo.assert_snapshot(&sample("primary"), 0);
    repo.assert_whole();
}

#[test]
fn a_run_that_is_killed_leaves_the_last_snapshot() {
    let repo = Repo::new();
    let variants = variants(repo.folder.path(), 2);
    repo.assert_snapshot(&variants[0], 0);
    let start = Instant::now();
    repo.assert_snapshot(&variants[1], 0);
    let whole = start.elapsed() + Duration::from_millis(20);
    let (mut killed, mut seed) = (0, 7_u64);
    for round in 0..24_usize {
        let mut child = repo
            .command(&[&variants[round % 2]])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the run, never twice the same.
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let micros = whole.as_micros() as u64;
        std::thread::sleep(Duration::from_micros(
            micros * (round as u64) / 24 + seed % (micros / 24 + 1),
        ));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        repo.assert_whole();
        let tip = repo.git(&["show", &format!("{BRANCH}:SYNC01/snapshot.json")]);
        assert!(tip.contains("\"server\": \"SYNC01\""));
    }
    assert!(killed > 5, "{killed} runs were killed");
    let found = compare_same(&variants[0], &repo.address("")).findings().len();
    let other = compare_same(&variants[1], &repo.address("")).findings().len();
    assert!(
        found == 0 || other == 0,
        "one of the two states, whole: {found} {other}"
    );
    for lock in [BRANCH, RUNS] {
        let lock = repo.path().join(format!("refs/heads/{lock}.lock"));
        if lock.exists() {
            // Git's own lock; the error says that it may be deleted.
            let run = repo.snapshot(&variants[0], &[]);
            assert!(run.code == 2 && run.stderr.contains(".lock"), "{}", run.stderr);
            fs::remove_file(lock).unwrap();
        }
    }
    repo.assert_snapshot(&variants[0], 0);
    compare_same(&variants[0], &repo.address("")).assert_findings(&[]);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let repo = Repo::new();
    let variants = variants(repo.folder.path(), 3);
    repo.assert_snapshot(&variants[0], 0);
    let lock = File::options()
        .write(true)
        .open(repo.path().join("syncdrift.lock"))
        .unwrap();
    lock.lock().unwrap();
    let run = repo.snapshot(&variants[1], &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("another run of syncdrift is writing"),
        "{}",
        run.stderr
    );
    drop(lock);
    let start = |at: usize| {
        repo.command(&[&variants[at % 3]])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..6).map(start).collect();
    let mut done = 1;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => done += 1,
            code => assert!(
                code == Some(2) && said.contains("another run of syncdrift"),
                "{code:?} {said}"
            ),
        }
    }
    assert!(done > 1);
    let lines = repo.git(&["show", &format!("{RUNS}:2026-11.jsonl")]).lines().count();
    assert_eq!(lines, done, "a line for each run that was done");
    repo.assert_whole();
}

/// Runs a command that needs rights this test may not have.
fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_loses_nothing() {
    let repo = Repo::new();
    fs::create_dir(repo.path()).unwrap();
    let variants = variants(repo.folder.path(), 2);
    let mount = |options: &str| {
        works(
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", options, "tmpfs"])
                .arg(repo.path()),
        )
    };
    if !mount("size=2m") {
        eprintln!("skipped: needs the right to mount a tmpfs");
        return;
    }
    let result = std::panic::catch_unwind(|| {
        repo.assert_snapshot(&variants[0], 0);
        let before = repo.git(&["rev-parse", BRANCH, RUNS]);
        // Room for less and less of the next one.
        let fill = repo.path().join("fill");
        let mut failed = 0;
        for left in [0, 4, 16, 40, 80, 160] {
            fill_up(&repo.path(), &fill, left);
            let run = repo.snapshot(&variants[1], &[]);
            if run.code != 0 {
                failed += 1;
                assert!(
                    run.code == 2 && run.stderr.contains("nothing that was there is lost"),
                    "{}",
                    run.stderr
                );
                assert_eq!(repo.git(&["rev-parse", BRANCH, RUNS]), before);
                compare_same(&variants[0], &repo.address("")).assert_findings(&[]);
            }
            fs::remove_file(&fill).unwrap();
            repo.assert_whole();
        }
        assert!(failed > 0, "the disk was full");
        repo.assert_snapshot(&variants[1], 0);
    });
    assert!(works(Command::new("umount").arg("-l").arg(repo.path())));
    result.unwrap();
}

/// Fills a disk but for so many KiB.
fn fill_up(disk: &Path, file: &Path, left: u64) {
    let output = Command::new("df")
        .args(["--output=avail", "-k"])
        .arg(disk)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let free: u64 = text.lines().last().unwrap().trim().parse().unwrap();
    fs::write(file, vec![0_u8; (free.saturating_sub(left) * 1024) as usize]).unwrap();
}

/// A snapshot as an account without rights; nothing where there is none to take.
fn as_nobody(repo: &Repo, server: &Path) -> Option<(i32, String)> {
    let binary = Path::new(env!("CARGO_BIN_EXE_syncdrift"));
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
        .arg(binary);
    command.arg("snapshot").arg(server).arg("--repo").arg(repo.path());
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", "/nonexistent")
        .current_dir("/");
    let output = command.output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(code) if !said.contains("setpriv") => Some((code, said)),
        _ => {
            eprintln!("skipped: needs root, setpriv and a binary that everyone may run");
            None
        }
    }
}

fn give(path: &Path, owner: u32) {
    for entry in walkdir::WalkDir::new(path) {
        chown(entry.unwrap().path(), Some(owner), Some(owner)).unwrap();
    }
}

#[test]
fn somebody_elses_repository_is_refused_with_the_way_out() {
    let repo = Repo::new();
    repo.assert_snapshot(&sample("primary"), 0);
    if chown(repo.path(), Some(65_534), Some(65_534)).is_err() {
        eprintln!("skipped: needs root");
        return;
    }
    give(&repo.path(), 65_534);
    let before = git(&repo.path(), &["rev-parse", BRANCH, RUNS]);
    let run = repo.snapshot(&sample("staging"), &[]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    let way = format!("git config --global --add safe.directory {}", repo.path().display());
    assert!(
        run.stderr.contains("belongs to another user") && run.stderr.contains(&way),
        "{}",
        run.stderr
    );
    assert_eq!(git(&repo.path(), &["rev-parse", BRANCH, RUNS]), before);
    // Its owner may not write it either where its rights say so.
    use std::os::unix::fs::PermissionsExt;
    for folder in [repo.folder.path().to_path_buf(), repo.path()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    give(&repo.path(), 0);
    chown(repo.path(), Some(65_534), Some(65_534)).unwrap();
    fs::set_permissions(repo.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let server = repo.folder.path().join("export");
    Files::read(&sample("staging")).write(&server);
    if let Some((code, said)) = as_nobody(&repo, &server) {
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("ermission denied"), "{said}");
        assert_eq!(git(&repo.path(), &["rev-parse", BRANCH, RUNS]), before);
    }
}

#[test]
fn a_push_is_gits_and_loses_nothing() {
    let repo = Repo::new();
    let remote = repo.folder.path().join("remote.git");
    git(repo.folder.path(), &["init", "--quiet", "--bare", "remote.git"]);
    let pushed = repo.snapshot(&sample("primary"), &["--push", remote.to_str().unwrap()]);
    assert_eq!(pushed.code, 0, "{}", pushed.stderr);
    let tips = |folder: &Path| git(folder, &["rev-parse", BRANCH, RUNS]);
    assert_eq!(tips(&remote), tips(&repo.path()));
    let lost = repo.snapshot(&sample("staging"), &["--push=--upload-pack=evil"]);
    assert_eq!(lost.code, 2);
    assert!(
        lost.stderr.contains("git push failed") && lost.stderr.contains("The snapshot is written"),
        "{}",
        lost.stderr
    );
    assert_eq!(repo.commits(BRANCH), 2);
}
