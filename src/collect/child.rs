//! A program is run for no longer than it may take.
//!
//! In: a command and a limit. Out: how it ended and what it said. When the
//! time is over, it and all it started are ended. Must not know: what it is.

use std::fs::{self, File};
use std::io;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(25);
/// More than anybody reads of what it says.
const MOST: u64 = 64 << 10;

/// How a program ended.
pub(super) struct Ended {
    /// `None` when the time was over.
    pub(super) status: Option<ExitStatus>,
    /// What it wrote to standard error.
    pub(super) stderr: Vec<u8>,
}

/// Runs it with nothing to read. Its words go through a file: a pipe could be held open by what it leaves behind.
pub(super) fn run(
    command: &mut Command,
    stderr: &Path,
    limit: Duration,
    stopwatch: &(dyn Fn() -> Duration + Sync),
) -> io::Result<Ended> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(stderr)?);
    apart(command);
    let begin = stopwatch();
    let mut child = command.spawn()?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if stopwatch().saturating_sub(begin) >= limit {
            end(&mut child);
            break None;
        }
        std::thread::sleep(PAUSE);
    };
    let mut words = Vec::new();
    File::open(stderr)?.take(MOST).read_to_end(&mut words)?;
    fs::remove_file(stderr)?;
    Ok(Ended { status, stderr: words })
}

/// In a group of its own, so that all of it can be ended.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}

/// Ends it and what it started. That it has ended by itself meanwhile is as good.
#[cfg(unix)]
fn end(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}

#[cfg(windows)]
fn end(child: &mut Child) {
    let _ = Command::new("taskkill.exe")
        .args(["/T", "/F", "/PID", &child.id().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let _ = child.kill();
    let _ = child.wait();
}
