//! `snapshot`: the configuration of servers as files in git.

use super::{FAILED, INCOMPLETE, input, output};
use crate::assess::{self, Options, header};
use crate::catalogue::Catalogue;
use crate::cli::Snapshot as Arguments;
use crate::model::Configuration;
use crate::render;
use crate::report::Server;
use crate::snapshot::{self, Changed, Lock, News, Person, Plan, RUNS, Repository, Run, Stale, Stored, Taken};
use crate::threads::each;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Arguments) -> Result<u8> {
    let now = output::now()?;
    let folder = snapshot::check_path(&arguments.path)?;
    let repository = Repository::open_or_make(&arguments.repo)?;
    repository.check_branch(&arguments.branch)?;
    let lock = repository.lock()?;
    let plan = Plan {
        branch: arguments.branch.clone(),
        folder,
        person: person(arguments, &repository),
        now,
    };
    let line = Run::new("snapshot", header::generated(now), &header::tool(), &plan.branch);
    let work = Work {
        repository: &repository,
        lock: &lock,
        plan: &plan,
        catalogue: Catalogue::builtin(),
    };
    let code = work.all(arguments, line.clone()).inspect_err(|error| {
        let failed = Run {
            exit: FAILED,
            problem: Some(render::clean(&format!("{error:#}"))),
            ..line
        };
        // What is wrong was said; a record that cannot be written says nothing more.
        let _ = snapshot::fail(&repository, &lock, &plan, failed);
    })?;
    drop(lock);
    if let Some(remote) = &arguments.push {
        push(&arguments.repo, remote, &plan.branch)?;
    }
    Ok(code)
}

/// From the command line, else from git's configuration; a scheduled task has neither.
fn person(arguments: &Arguments, repository: &Repository) -> Person {
    let given = arguments.author.clone().map(|(name, mail)| Person { name, mail });
    given.or_else(|| repository.person()).unwrap_or_else(|| Person {
        name: "syncdrift".to_owned(),
        mail: "syncdrift@localhost".to_owned(),
    })
}

struct Work<'w> {
    repository: &'w Repository,
    lock: &'w Lock,
    plan: &'w Plan,
    catalogue: &'static Catalogue,
}

impl Work<'_> {
    fn all(&self, arguments: &Arguments, mut line: Run) -> Result<u8> {
        let paths: Vec<&Path> = arguments.servers.iter().map(|path| path.as_path()).collect();
        let inputs = input::find(&paths, self.catalogue, &input::limits(arguments.allow_modified_bundle))?;
        let intakes: Vec<_> = inputs.iter().map(|input| input.intake.clone()).collect();
        let (servers, kept) = input::kept(inputs, self.catalogue, snapshot::known(self.repository));
        let all = self.repository.on_branch(&self.plan.branch)?;
        let mut names = BTreeSet::new();
        let mut named = Vec::new();
        for ((intake, kept), configuration) in intakes.iter().zip(kept).zip(&servers) {
            let server = self.named(configuration, &all)?;
            if !names.insert(server.server.to_lowercase()) {
                bail!(snapshot::SnapshotError::Twice { server: server.server });
            }
            let last = snapshot::last_of(&all, &self.plan.folder, &server.server);
            let mut gaps = header::gaps(configuration);
            gaps.extend(assess::doubts(configuration, self.catalogue, self.plan.now)?);
            named.push((intake, kept, gaps, server, last));
        }
        let (folder, catalogue) = (self.repository.folder(), self.catalogue);
        let take = |(intake, kept, gaps, server, last)| {
            // Each thread has its own way to the repository.
            snapshot::take(
                &Repository::open(folder)?,
                (intake, kept),
                server,
                gaps,
                last,
                catalogue,
            )
        };
        let taken: Result<Vec<Taken>, _> = each(named, take).into_iter().collect();
        let taken = taken?;
        self.warn_of_older(&taken)?;
        line.exit = match taken.iter().all(|taken| taken.manifest.gaps.is_empty()) {
            true => 0,
            false => INCOMPLETE,
        };
        let exit = line.exit;
        let changed = self.changed(&taken, servers)?;
        for server in &changed {
            if let News::Compared(report) = &server.news {
                line.fingerprints
                    .extend(report.findings.iter().map(|finding| finding.fingerprint.clone()));
            }
        }
        let message = || render::clean(&snapshot::message(&changed, env!("CARGO_PKG_VERSION"), self.catalogue));
        let commit = snapshot::write(self.repository, self.lock, self.plan, &taken, message, line)?;
        if !arguments.quiet {
            self.say(&taken, &changed, commit.as_deref())?;
        }
        std::mem::forget((taken, changed, intakes));
        Ok(exit)
    }

    /// History goes by the order of snapshots: an export older than the last one shows its changes the wrong way round.
    fn warn_of_older(&self, taken: &[Taken]) -> Result<()> {
        for Taken { server, last, .. } in taken {
            let Some(last) = last else { continue };
            let before = snapshot::exported(self.repository, last)?;
            let time = |text: &Option<String>| text.as_ref()?.parse::<jiff::Timestamp>().ok();
            if let (Some(new), Some(old)) = (time(&server.exported), time(&before))
                && new < old
            {
                output::say(&format!(
                    "warning: {}: its export ({new}) is older than the one of its last snapshot ({old}); history will show \
                     what changed between them the wrong way round\n",
                    server.server
                ));
            }
        }
        Ok(())
    }

    /// An export that does not name its server is known by its connectors, else by its folder or archive.
    fn named(&self, configuration: &Configuration, all: &[Stored]) -> Result<Server> {
        let mut server = header::server(configuration);
        if server.server == server.source {
            let known = snapshot::known_by_connectors(all, &self.plan.folder, configuration, self.catalogue)?;
            let path = Path::new(&server.source).canonicalize().ok();
            let folder = path.and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
            server.server = known.or(folder).unwrap_or(server.server);
        }
        Ok(server)
    }

    /// What changed of each server, by comparing it with its last snapshot.
    fn changed(&self, taken: &[Taken], servers: Vec<Configuration>) -> Result<Vec<Changed>> {
        let (folder, now, catalogue) = (self.repository.folder(), self.plan.now, self.catalogue);
        let changed = taken.iter().zip(servers).filter(|(taken, _)| taken.changed);
        let all = each(changed, |(taken, server)| {
            let gaps = taken.manifest.gaps.iter().map(|gap| match &gap.file {
                Some(file) => format!("{}: {file}: {}", gap.part, gap.problem),
                None => format!("{}: {}", gap.part, gap.problem),
            });
            let build = taken.manifest.build.as_deref().unwrap_or("unknown");
            let tool = taken.last.as_ref().map(|last| last.manifest.tool.clone());
            Ok(Changed {
                server: taken.server.server.clone(),
                about: format!("build {build}, {}", taken.manifest.role.words()),
                news: news(&Repository::open(folder)?, taken, server, now, catalogue)?,
                tool: tool
                    .filter(|tool| *tool != taken.manifest.tool)
                    .map(|tool| tool.version),
                gaps: gaps.collect(),
                kept: taken.manifest.stale.len(),
            })
        });
        all.into_iter().collect()
    }

    fn say(&self, taken: &[Taken], changed: &[Changed], commit: Option<&str>) -> Result<()> {
        let mut text = String::new();
        for server in taken {
            let name = &server.server.server;
            match changed.iter().find(|changed| changed.server == *name) {
                Some(changed) => text.push_str(&format!("{}\n", snapshot::title(changed, self.catalogue))),
                None => text.push_str(&format!("{name}: unchanged since {}\n", since(server))),
            }
        }
        if let Some(commit) = commit {
            let short = commit.get(..12).unwrap_or(commit);
            text.push_str(&format!("commit {short} on {}\n", self.plan.branch));
        }
        match output::stdout(render::clean(&text).as_bytes()) {
            // A reader that has seen enough changes nothing: the snapshot is written.
            Err(error) if super::closed_pipe(&error) => Ok(()),
            written => written,
        }
    }
}

/// What changed since the last snapshot.
fn news(
    repository: &Repository,
    taken: &Taken,
    mut server: Configuration,
    now: i64,
    catalogue: &'static Catalogue,
) -> Result<News> {
    let Some(last) = taken.before(&mut server, catalogue) else {
        return Ok(News::First);
    };
    // What a gap hid is told once it can be read again.
    let source = "the last snapshot";
    let read = snapshot::rebuild(repository, &last, Stale::LastKnown, None, source, catalogue)?;
    let before = read.configuration(catalogue);
    let options = Options::without_flags(true, now, true);
    let report = assess::assess(&before, &mut server, catalogue, &options)?;
    // The process is about to end, and giving back thousands of values takes its time.
    std::mem::forget((before, server));
    Ok(News::Compared(Box::new(report)))
}

fn since(server: &Taken) -> String {
    let commit = server
        .last
        .as_ref()
        .map(|last| last.commit.to_string())
        .unwrap_or_default();
    format!("commit {}", commit.get(..12).unwrap_or_default())
}

/// `git push`: credentials and connections are git's.
fn push(repository: &Path, remote: &str, branch: &str) -> Result<()> {
    let refs = [branch, RUNS].map(|branch| format!("refs/heads/{branch}:refs/heads/{branch}"));
    let status = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(["push", "--quiet", "--", remote])
        .args(refs)
        // A hook of another repository may have started us.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .status()
        .context("--push: git cannot be started; install git, or push by hand. The snapshot is written")?;
    match status.success() {
        true => Ok(()),
        false => Err(anyhow!(
            "--push {remote}: git push failed ({status}); what git says stands above. The snapshot is written, push it again"
        )),
    }
}
