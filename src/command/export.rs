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
use std::io::Write;
use std::path::{Path, PathBuf};
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
    let mut tasks = Vec::new();
    for (server, place) in places(arguments.output.as_deref(), servers)? {
        let name = server
            .as_ref()
            .map_or_else(this_computer, |server| server.as_str().to_owned());
        let task = Task::prepare(server, place).map_err(|error| anyhow!("-o {error}"))?;
        tasks.push((name, task));
    }
    let begin = Instant::now();
    let way = Way {
        shell,
        ssh: arguments.ssh,
        csexport: arguments.csexport,
        limit: Duration::from_secs(arguments.timeout),
        stopwatch: &|| begin.elapsed(),
    };
    let names = tasks.iter().map(|(name, _)| render::clean(name)).collect();
    let ended = Progress::around(names, |progress| {
        threads::each(tasks, |(name, task)| {
            let ended = task.run(&way);
            progress.done(&render::clean(&name));
            (name, ended)
        })
    });
    say(&ended, arguments.quiet)?;
    Ok(code(&ended))
}

/// The collector as it is: byte for byte what runs on servers.
fn print(file: Option<&Path>) -> Result<u8> {
    match file {
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
    let is_archive = output
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
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
         administrator `powershell.exe -NoProfile -File .\\collector.ps1 -OutputPath C:\\export\\{server}.zip`, and bring the .zip"
    )
}

type Ended = (String, Result<Brought, CollectError>);

/// A line for each server, with what is missing below it.
fn say(ended: &[Ended], quiet: bool) -> Result<()> {
    let mut text = String::new();
    let mut problems = String::new();
    for (name, ended) in ended {
        match ended {
            Ok(brought) => text.push_str(&told(name, brought)),
            Err(error) => problems.push_str(&format!("{name}: nothing was collected: {error}\n")),
        }
    }
    // Nothing is left to report to when standard error is gone.
    let _ = std::io::stderr().write_all(render::clean(&problems).as_bytes());
    if quiet {
        return Ok(());
    }
    match output::stdout(render::clean(&text).as_bytes()) {
        // A reader that has seen enough changes nothing: the bundles are there.
        Err(error) if super::closed_pipe(&error) => Ok(()),
        written => written,
    }
}

fn told(name: &str, brought: &Brought) -> String {
    let mut text = format!("{name}: {} items were read", brought.read);
    if brought.absent > 0 {
        text.push_str(&format!(", {} do not exist there", brought.absent));
    }
    if !brought.missing.is_empty() {
        text.push_str(&format!(", {} are missing", brought.missing.len()));
    }
    text.push_str(&format!(": {}\n", output::shown(&brought.path)));
    for missing in &brought.missing {
        let problem = crate::model::on_one_line(&missing.problem);
        text.push_str(&format!("  {:<7} {}: {problem}\n", missing.status, missing.item));
    }
    text
}

fn code(ended: &[Ended]) -> u8 {
    let whole = |(_, ended): &Ended| ended.as_ref().is_ok_and(|brought| brought.missing.is_empty());
    match ended {
        _ if ended.iter().all(|(_, ended)| ended.is_err()) => FAILED,
        _ if ended.iter().all(whole) => 0,
        _ => INCOMPLETE,
    }
}
