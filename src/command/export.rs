//! `export`: bundles from live servers.

use super::output::{self, NewFile};
use super::progress::Progress;
use super::{FAILED, INCOMPLETE};
use crate::cli::Export as Arguments;
use crate::collect::{self, Brought, CollectError, Place, ServerName, Task, Way};
use crate::render;
use crate::threads;
use anyhow::{Result, anyhow, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2 before a server is asked.
pub fn run(arguments: &Arguments) -> Result<u8> {
    if arguments.print_script {
        return print(arguments.output.as_deref());
    }
    let servers = servers(arguments)?;
    let shell = shell(arguments)?;
    let stop = stop();
    let temporary = std::env::temp_dir();
    let mut tasks = Vec::new();
    for (server, place) in places(arguments.output.as_deref(), servers)? {
        let name = server
            .as_ref()
            .map_or_else(this_computer, |server| server.as_str().to_owned());
        let task = Task::prepare(server, place, &temporary).map_err(|error| match error {
            CollectError::Temporary { .. } => anyhow!("{error}"),
            _ => anyhow!("-o {error}"),
        })?;
        tasks.push((name, task));
    }
    let begin = Instant::now();
    let way = Way {
        shell,
        ssh: arguments.ssh,
        csexport: arguments.csexport,
        limit: Duration::from_secs(arguments.timeout),
        stopwatch: &|| begin.elapsed(),
        stop: &stop,
    };
    let names = tasks.iter().map(|(name, _)| render::clean(name)).collect();
    let ended = Progress::around(names, |progress| {
        threads::each(tasks, |(name, task)| {
            let result = task.run(&way);
            progress.done(&render::clean(&name));
            let earlier = task.earlier().filter(|_| result.is_err()).map(Path::to_owned);
            Ended { name, result, earlier }
        })
    });
    say(&ended, arguments.quiet)?;
    match stop.load(Ordering::Relaxed) && ended.iter().any(|ended| ended.result.is_err()) {
        true => Ok(FAILED),
        false => Ok(code(&ended)),
    }
}

/// Set by Ctrl+C and by whoever asks the program to end: what runs is ended then, and nothing stays of it.
fn stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    // Where the program was started deaf to one of them (nohup), it stays so, and they work as without this.
    let _ = ctrlc::try_set_handler(move || set.store(true, Ordering::Relaxed));
    stop
}

/// The collector as it is: byte for byte what runs on servers.
fn print(file: Option<&Path>) -> Result<u8> {
    match file.filter(|path| *path != Path::new("-")) {
        Some(path) => NewFile::prepare("-o", path)?.write(collect::SCRIPT)?,
        None => output::stdout(collect::SCRIPT)?,
    }
    Ok(0)
}

/// The servers, each once; none of them is this computer.
fn servers(arguments: &Arguments) -> Result<Vec<ServerName>> {
    let mut servers = Vec::new();
    let mut folders = BTreeSet::new();
    for name in &arguments.server {
        let server = ServerName::parse(name, arguments.ssh).map_err(|error| anyhow!("--server: {error}"))?;
        if !folders.insert(server.folder().to_lowercase()) {
            bail!("--server {name}: it is named twice");
        }
        servers.push(server);
    }
    Ok(servers)
}

/// Where each server's bundle goes.
fn places(output: Option<&Path>, servers: Vec<ServerName>) -> Result<Vec<(Option<ServerName>, Place)>> {
    let output = output.unwrap_or(Path::new("."));
    if output == Path::new("-") {
        bail!("-o -: a bundle has many files, and none is printed; name a folder or a .zip");
    }
    let is_archive = output
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    if is_archive && output.to_string_lossy().ends_with(std::path::is_separator) {
        bail!(
            "-o {}: a .zip is no folder; leave out the / at its end",
            output::shown(output)
        );
    }
    let mut servers: Vec<Option<ServerName>> = servers.into_iter().map(Some).collect();
    if servers.is_empty() {
        servers.push(None);
    }
    if is_archive && servers.len() > 1 {
        bail!(
            "-o {}: a .zip holds the bundle of one server; name a folder for several",
            output::shown(output)
        );
    }
    let place = |server: Option<ServerName>| {
        let folder = server.as_ref().map_or_else(this_computer, ServerName::folder);
        match is_archive {
            true => (server, Place::Archive(output.to_owned())),
            false => (server, Place::Folder(output.join(folder))),
        }
    };
    Ok(servers.into_iter().map(place).collect())
}

/// Windows knows its name; elsewhere nothing is collected from this computer.
fn this_computer() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "localhost".to_owned())
}

/// The program of PowerShell that can reach the servers.
fn shell(arguments: &Arguments) -> Result<PathBuf> {
    let local = arguments.server.is_empty();
    if cfg!(windows) && !arguments.ssh {
        // Windows PowerShell is part of Windows; only it can load the ADSync module.
        let root = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
        return Ok(Path::new(&root).join("System32\\WindowsPowerShell\\v1.0\\powershell.exe"));
    }
    if local {
        bail!(
            "this computer is no Windows server; name one with --server, or {}",
            by_hand("SYNC01")
        );
    }
    let name = if cfg!(windows) { "pwsh.exe" } else { "pwsh" };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    found.ok_or_else(|| {
        let server = arguments.server.first().map_or("SYNC01", String::as_str);
        anyhow!(
            "there is no {name} in PATH; install PowerShell 7, or {}",
            by_hand(server)
        )
    })
}

/// What to do where nothing can connect.
fn by_hand(server: &str) -> String {
    format!(
        "collect by hand: `syncdrift export --print-script -o collector.ps1`, copy the file to {server}, run there as an \
         administrator `powershell.exe -NoProfile -NonInteractive -File .\\collector.ps1 -OutputPath \
         C:\\export\\{server}.zip`, and bring the .zip"
    )
}

/// What came of a server.
struct Ended {
    name: String,
    result: Result<Brought, CollectError>,
    /// The bundle of an earlier run, which is no answer to this one.
    earlier: Option<PathBuf>,
}

/// A line for each server, with what is missing below it. What is missing failed, too.
fn say(ended: &[Ended], quiet: bool) -> Result<()> {
    let mut text = String::new();
    let mut problems = String::new();
    for (at, one) in ended.iter().enumerate() {
        match &one.result {
            Ok(brought) if quiet && brought.missing.is_empty() => {}
            Ok(brought) => text.push_str(&told(
                &one.name,
                brought,
                &same(brought, ended.get(..at).unwrap_or_default()),
            )),
            Err(error) => problems.push_str(&failed(one, error)),
        }
    }
    output::say(&problems);
    match output::stdout(render::clean(&text).as_bytes()) {
        // A reader that has seen enough changes nothing: the bundles are there.
        Err(error) if super::closed_pipe(&error) => Ok(()),
        written => written,
    }
}

fn failed(ended: &Ended, error: &CollectError) -> String {
    let earlier = ended.earlier.as_deref().map_or_else(String::new, |path| {
        format!("; the earlier bundle of {} stays: {}", ended.name, output::shown(path))
    });
    format!("{}: nothing was collected: {error}{earlier}\n", ended.name)
}

/// Servers before it that are the same computer under another name.
fn same<'e>(brought: &Brought, before: &'e [Ended]) -> Vec<&'e str> {
    let host = |brought: &Brought| brought.host.as_deref().map(str::to_lowercase);
    let is_same = |other: &&Ended| {
        let other = other.result.as_ref().ok().and_then(host);
        other.is_some() && other == host(brought)
    };
    before.iter().filter(is_same).map(|other| other.name.as_str()).collect()
}

fn told(name: &str, brought: &Brought, same: &[&str]) -> String {
    let mut text = format!("{name}: {} items were read", brought.read);
    if brought.absent > 0 {
        text.push_str(&format!(", {} do not exist there", brought.absent));
    }
    if !brought.missing.is_empty() {
        text.push_str(&format!(", {} are missing", brought.missing.len()));
    }
    text.push_str(&format!(": {}\n", output::shown(&brought.path)));
    if let Some(host) = brought.host.as_deref().filter(|host| !is_of(name, host)) {
        text.push_str(&format!(
            "  the server calls itself {}\n",
            crate::model::on_one_line(host)
        ));
    }
    for other in same {
        text.push_str(&format!("  it is the same server as {other}\n"));
    }
    for missing in &brought.missing {
        let problem = crate::model::on_one_line(&missing.problem);
        text.push_str(&format!("  {:<7} {}: {problem}\n", missing.status, missing.item));
    }
    text
}

/// Whether a name that was given begins with the computer's own, which has at most 15 characters.
fn is_of(name: &str, host: &str) -> bool {
    let server = name.rsplit('@').next().unwrap_or_default();
    let label = server.split(['.', ':']).next().unwrap_or_default().to_lowercase();
    let host = host.to_lowercase();
    label == host || host.chars().count() == 15 && label.starts_with(&host)
}

fn code(ended: &[Ended]) -> u8 {
    let whole = |ended: &Ended| ended.result.as_ref().is_ok_and(|brought| brought.missing.is_empty());
    match ended {
        _ if ended.iter().all(|ended| ended.result.is_err()) => FAILED,
        _ if ended.iter().all(whole) => 0,
        _ => INCOMPLETE,
    }
}
