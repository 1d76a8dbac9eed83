//! The collector is run on a live server, and its bundle is brought here.
//!
//! In: a server's name, the program of PowerShell, a place for the bundle and
//! a stopwatch. Out: a bundle whose every file was checked, put in place as a
//! whole, and what is missing in it; or why there is none. PowerShell makes
//! the connection, with its own credentials; no name is ever part of a
//! command's text (`request`). Must not know: the command line, the clock, what
//! the items of a bundle mean.

mod archive;
mod child;
mod error;
mod place;
mod request;
mod scratch;

pub use crate::intake::manifest::Missing;
pub use error::CollectError;
pub use place::Place;
pub use request::ServerName;

use crate::intake::manifest::{self, Manifest};
use crate::model::on_one_line;
use place::Work;
use scratch::Scratch;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The collector: what is printed, and what runs on servers.
pub const SCRIPT: &[u8] = include_bytes!("../../templates/collector.ps1");
/// What runs it there and copies the bundle.
const DRIVER: &[u8] = include_bytes!("../../templates/export.ps1");
/// So much of what PowerShell says goes into a message.
const WORDS: usize = 600;

/// How servers are reached.
pub struct Way<'w> {
    /// The program of PowerShell.
    pub shell: PathBuf,
    /// SSH in place of WinRM.
    pub ssh: bool,
    /// Also csexport of every connector.
    pub csexport: bool,
    /// How long one server may take.
    pub limit: Duration,
    /// Time since some moment.
    pub stopwatch: &'w (dyn Fn() -> Duration + Sync),
    /// Set when somebody wants all of it to end.
    pub stop: &'w AtomicBool,
}

/// A server, and where its bundle goes.
#[derive(Debug)]
pub struct Task {
    /// Its name; `None` is this computer.
    pub server: Option<ServerName>,
    work: Work,
    scripts: Scratch,
}

/// A bundle that is in its place.
#[derive(Debug)]
pub struct Brought {
    /// Where.
    pub path: PathBuf,
    /// The computer's own name.
    pub host: Option<String>,
    /// How many items were read.
    pub read: usize,
    /// How many do not exist on this server, and need not.
    pub absent: usize,
    /// What somebody has to miss.
    pub missing: Vec<Missing>,
}

impl Task {
    /// Checks before the work starts that the bundle can be put in place.
    ///
    /// The scripts go to a folder for temporary files, which is on a disk of this computer: from a share Windows runs
    /// none that is not signed.
    ///
    /// # Errors
    /// Something else is there, or nothing can be written there.
    pub fn prepare(server: Option<ServerName>, place: Place, temporary: &Path) -> Result<Task, CollectError> {
        let scripts = Scratch::within(temporary).map_err(|error| CollectError::Temporary {
            path: temporary.to_owned(),
            problem: error.to_string(),
        })?;
        Ok(Task {
            server,
            work: Work::prepare(place)?,
            scripts,
        })
    }

    /// The earlier bundle in its place.
    pub fn earlier(&self) -> Option<&Path> {
        self.work.earlier()
    }

    /// Runs the collector and puts its bundle in place; nothing stays where that fails.
    ///
    /// # Errors
    /// There is no bundle, or what came is none.
    pub fn run(&self, way: &Way<'_>) -> Result<Brought, CollectError> {
        let work = &self.work;
        let bundle = work.file("bundle.zip");
        self.bring(way, &bundle)?;
        let mut archive = archive::open(&bundle)?;
        let manifest = archive.manifest()?;
        let path = work.put(&bundle, &mut archive, &manifest)?;
        Ok(brought(path, &manifest))
    }

    /// Runs PowerShell until the bundle is there.
    fn bring(&self, way: &Way<'_>, bundle: &Path) -> Result<(), CollectError> {
        let work = &self.work;
        let collector = self.script("collector.ps1", SCRIPT)?;
        let driver = self.script("export.ps1", DRIVER)?;
        let problem = work.file("problem.txt");
        let request = request::encode(self.server.as_ref(), way, [&collector, bundle, &problem])?;
        let mut command = command(way, &driver);
        command.env(request::VARIABLE, request);
        let begin = (way.stopwatch)();
        let is_stopped = || way.stop.load(Ordering::Relaxed);
        let is_over = || is_stopped() || (way.stopwatch)().saturating_sub(begin) >= way.limit;
        let ended = child::run(&mut command, is_over).map_err(|error| CollectError::Shell {
            program: way.shell.clone(),
            problem: error.to_string(),
        })?;
        let Some(status) = ended.status else {
            return Err(match is_stopped() {
                true => CollectError::Stopped,
                false => CollectError::TimedOut {
                    seconds: way.limit.as_secs(),
                },
            });
        };
        let words = words(&[fs::read(&problem).unwrap_or_default(), ended.stderr]);
        match bundle.is_file() {
            true if status.success() => Ok(()),
            _ if words.is_empty() => Err(CollectError::Silent {
                status: status.to_string(),
            }),
            _ => Err(CollectError::Failed { words }),
        }
    }

    fn script(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, CollectError> {
        let path = self.scripts.file(name);
        fs::write(&path, bytes).map_err(|error| CollectError::write(&path, &error))?;
        Ok(path)
    }
}

/// PowerShell with the driver.
fn command(way: &Way<'_>, driver: &Path) -> Command {
    let mut command = Command::new(&way.shell);
    command.args(["-NoLogo", "-NoProfile", "-NonInteractive"]);
    if cfg!(windows) {
        // For this process alone, and a policy of the domain wins over it.
        command.args(["-ExecutionPolicy", "RemoteSigned"]);
    }
    command.arg("-File").arg(driver);
    // PowerShell 7 would tell Microsoft that it was started, and ask for updates.
    command
        .env("POWERSHELL_TELEMETRY_OPTOUT", "1")
        .env("POWERSHELL_UPDATECHECK", "Off");
    if way
        .shell
        .file_stem()
        .is_some_and(|name| name.eq_ignore_ascii_case("powershell"))
    {
        // Below PowerShell 7, Windows PowerShell would inherit the folders of its modules and load those.
        command.env_remove("PSModulePath");
    }
    command
}

/// What PowerShell says went wrong, as one line.
fn words(parts: &[Vec<u8>]) -> String {
    let mut said: Vec<String> = Vec::new();
    for part in parts {
        let text = String::from_utf8_lossy(part).replace('\0', "");
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        let line = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        if !line.is_empty() && !said.contains(&line) {
            said.push(line);
        }
    }
    let all = on_one_line(&said.join(" / "));
    match all.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{} …", all.get(..end).unwrap_or_default()),
        None => all,
    }
}

fn brought(path: PathBuf, manifest: &Manifest) -> Brought {
    let mut missing: Vec<Missing> = manifest.items.iter().filter_map(manifest::Item::missing).collect();
    let read = manifest.items.iter().filter(|item| item.is_read()).count();
    let absent = manifest.items.len() - read - missing.len();
    missing.extend(manifest.forgotten(required()));
    Brought {
        path,
        host: manifest.host().map(str::to_owned),
        read,
        absent,
        missing,
    }
}

/// Ids of the items that no server may lack, as the collector has them.
fn required() -> impl Iterator<Item = &'static str> {
    let script = std::str::from_utf8(SCRIPT).unwrap_or_default();
    script
        .lines()
        .filter(|line| line.contains(" -Required "))
        .filter_map(|line| {
            let (id, _) = line
                .trim_start()
                .strip_prefix("Read-Item $Bundle '")?
                .split_once('\'')?;
            Some(id)
        })
}

#[cfg(test)]
mod tests {
    use super::{Way, command, required, words};
    use std::path::{Path, PathBuf};
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    #[test]
    fn windows_powershell_gets_the_modules_of_its_own() {
        for (shell, own) in [("powershell.exe", true), ("pwsh", false), ("pwsh.exe", false)] {
            let way = Way {
                shell: PathBuf::from(shell),
                ssh: false,
                csexport: false,
                limit: Duration::ZERO,
                stopwatch: &|| Duration::ZERO,
                stop: &AtomicBool::new(false),
            };
            let command = command(&way, Path::new("export.ps1"));
            let removed = command
                .get_envs()
                .any(|(name, value)| name == "PSModulePath" && value.is_none());
            assert_eq!(removed, own, "{shell}");
        }
    }

    #[test]
    fn the_collector_says_what_is_required() {
        let ids: Vec<&str> = required().collect();
        assert!(
            ids.contains(&"server-configuration") && ids.contains(&"scheduler-after"),
            "{ids:?}"
        );
    }

    #[test]
    fn words_of_any_encoding_are_words() {
        let utf16: Vec<u8> = "no".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(words(&[utf16, vec![0; 100]]), "no");
    }
}
