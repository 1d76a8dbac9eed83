//! Snapshots in repositories of their own, made by the program or in process.

use super::{Run, run, syncdrift};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use syncdrift::assess::header;
use syncdrift::catalogue::Catalogue;
use syncdrift::intake::{self, Intake, Limits};
use syncdrift::model::Configuration;
use syncdrift::normalise::{normalise, normalise_and_keep};
use syncdrift::snapshot::{self, BRANCH, Person, Plan, Repository, Taken};
use tempfile::TempDir;

/// A folder for a repository.
pub struct Repo {
    pub folder: TempDir,
}

impl Repo {
    /// Nothing is there yet.
    pub fn new() -> Repo {
        Repo {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// The repository.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// `snapshot SERVER --repo …` with more arguments.
    pub fn snapshot(&self, server: &Path, more: &[&str]) -> Run {
        let mut command = self.command(&[server]);
        command.args(more).output().expect("the binary starts").into()
    }

    /// The same, and it must end with this code.
    pub fn assert_snapshot(&self, server: &Path, code: i32) -> String {
        let run = self.snapshot(server, &[]);
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        run.stdout
    }

    /// `snapshot SERVER... --repo …`.
    pub fn command(&self, servers: &[&Path]) -> Command {
        let mut command = syncdrift();
        command.arg("snapshot").args(servers).arg("--repo").arg(self.path());
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", self.folder.path());
        command
    }

    /// `git:REPO` with what follows.
    pub fn address(&self, more: &str) -> PathBuf {
        PathBuf::from(format!("git:{}{more}", self.path().display()))
    }

    /// What git says; it must succeed.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.path(), arguments)
    }

    /// How many commits a branch has.
    pub fn commits(&self, branch: &str) -> usize {
        self.git(&["rev-list", branch]).lines().count()
    }

    /// Files of the snapshots' branch.
    pub fn files(&self) -> Vec<String> {
        let listed = self.git(&["ls-tree", "-r", "-z", "--name-only", BRANCH]);
        listed.split_terminator('\0').map(str::to_owned).collect()
    }

    /// The text of a file of the snapshots' branch.
    pub fn file(&self, path: &str) -> String {
        self.git(&["show", &format!("{BRANCH}:{path}")])
    }

    /// Every object of the repository as text: blobs, trees and commits, reachable or not.
    pub fn everything(&self) -> String {
        let listed = self.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
        let objects: Vec<&str> = listed.lines().collect();
        let shown = objects.iter().map(|object| self.git(&["cat-file", "-p", object]));
        shown.collect::<Vec<_>>().join("\n")
    }

    /// Nothing is broken.
    pub fn assert_whole(&self) {
        self.git(&["fsck", "--strict", "--no-dangling"]);
    }
}

/// Runs git in a folder; what it says.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-c")
        .arg("safe.directory=*")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Test")
        .env("GIT_AUTHOR_EMAIL", "test@example.com")
        .env("GIT_COMMITTER_NAME", "Test")
        .env("GIT_COMMITTER_EMAIL", "test@example.com")
        .output()
        .expect("git is installed");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `compare LEFT RIGHT --same-server`.
pub fn compare_same(left: &Path, right: &Path) -> super::Compared {
    super::compare_with(left, right, &["--same-server"])
}

/// A command with two servers.
pub fn run_two(command: &str, left: &Path, right: &Path) -> Run {
    run([command.as_ref(), left.as_os_str(), right.as_os_str()])
}

/// A server as it was read, and as its snapshot reads back.
pub struct There {
    pub live: Configuration,
    pub back: Configuration,
    /// The snapshot of what was read back, against the snapshot it was read from.
    pub again: Taken,
}

/// Writes a snapshot and reads it back, in process.
pub fn there_and_back(repository: &Repository, folder: &Path) -> There {
    let limits = Limits::default();
    let input = intake::read(folder, &limits).expect("an export");
    let catalogue = Catalogue::builtin();
    let live = normalise(input.clone(), catalogue, &limits);
    let taken = take(repository, &input, &live, None);
    let server = taken.server.server.clone();
    // Each on a branch of its own: nothing is there yet.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let branch = format!("b{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let plan = Plan {
        branch: branch.clone(),
        folder: String::new(),
        person: Person {
            name: "Test".to_owned(),
            mail: "test@example.com".to_owned(),
        },
        now: 1_795_219_200,
    };
    let lock = repository.lock().expect("nobody else writes");
    let line = snapshot::Run::new("snapshot", header::generated(plan.now), &header::tool(), &branch);
    snapshot::write(repository, &lock, &plan, &[taken], || "test".to_owned(), line).expect("written");
    let all = repository.on_branch(&branch).expect("a branch");
    let stored = snapshot::last_of(&all, "", &server).expect("the server");
    let exported = header::server(&live).exported;
    let stale = snapshot::Stale::LeftOut;
    let read = snapshot::rebuild(repository, &stored, stale, exported.as_deref(), "git", catalogue).expect("read back");
    let (intake, lines) = read.split();
    let mut back = normalise(intake.clone(), catalogue, &limits);
    lines.apply(&mut back);
    let again = take(repository, &intake, &back, Some(stored));
    There { live, back, again }
}

fn take(
    repository: &Repository,
    input: &Intake,
    configuration: &Configuration,
    last: Option<snapshot::Stored>,
) -> Taken {
    let (server, gaps) = (header::server(configuration), header::gaps(configuration));
    let (catalogue, known) = (Catalogue::builtin(), snapshot::known(repository));
    let read = normalise_and_keep(vec![input.clone()], catalogue, &Limits::default(), known);
    let kept = read.into_iter().flat_map(|(_, kept)| kept).collect();
    snapshot::take(repository, (input, kept), server, gaps, last, catalogue).expect("a snapshot")
}
