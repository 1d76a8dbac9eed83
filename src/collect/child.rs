//! A program is run for no longer than it may take.
//!
//! In: a command, and whether its time is over. Out: how it ended and what it
//! said. When its time is over, it and all it started are ended. Must not know:
//! what it is.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(25);
/// How long its last words may take; what it left behind may hold them open for ever.
const LAST: Duration = Duration::from_secs(1);
/// More than anybody reads of what it says.
const MOST: usize = 64 << 10;

/// How a program ended.
pub(super) struct Ended {
    /// `None` when it was ended.
    pub(super) status: Option<ExitStatus>,
    /// What it wrote to standard error, no more than anybody reads.
    pub(super) stderr: Vec<u8>,
}

/// Runs it with nothing to read, until it ends or its time is over.
pub(super) fn run(command: &mut Command, is_over: impl Fn() -> bool) -> io::Result<Ended> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    apart(command);
    let mut child = command.spawn()?;
    let words = child.stderr.take().map(Words::of);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if is_over() {
            end(&mut child);
            break None;
        }
        std::thread::sleep(PAUSE);
    };
    Ok(Ended {
        status,
        stderr: words.map(Words::last).unwrap_or_default(),
    })
}

/// What it says, read by a thread of its own: all of it, so that it never waits, and kept up to a limit.
struct Words {
    kept: Arc<Mutex<Vec<u8>>>,
    end: mpsc::Receiver<()>,
}

impl Words {
    fn of(mut pipe: impl Read + Send + 'static) -> Words {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (done, end) = mpsc::channel::<()>();
        let words = Words {
            kept: Arc::clone(&kept),
            end,
        };
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut part) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let room = MOST.saturating_sub(kept.len());
                kept.extend(part.iter().take(count.min(room)));
            }
            drop(done);
        });
        words
    }

    fn last(self) -> Vec<u8> {
        // An error either way: the thread is at the end, or takes too long.
        let _ = self.end.recv_timeout(LAST);
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
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
