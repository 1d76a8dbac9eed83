//! A line on a terminal that says what is not done yet, and for how long.
//!
//! In: names, and which of them are done. Out: a line on standard error, gone
//! at the end; nothing where that is no terminal. Must not know: what is done.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often the line is written again.
const TICK: Duration = Duration::from_millis(250);
/// Fits every terminal.
const WIDTH: usize = 78;

/// What is not done yet.
pub struct Progress {
    waiting: Mutex<Vec<String>>,
}

impl Progress {
    /// Does the work while the line stands.
    pub fn around<R>(names: Vec<String>, work: impl FnOnce(&Progress) -> R) -> R {
        let progress = Progress {
            waiting: Mutex::new(names),
        };
        if !std::io::stderr().is_terminal() {
            return work(&progress);
        }
        std::thread::scope(|scope| {
            scope.spawn(|| progress.stand());
            let result = work(&progress);
            progress.with(Vec::clear);
            result
        })
    }

    /// One of them is done.
    pub fn done(&self, name: &str) {
        self.with(|waiting| waiting.retain(|other| other != name));
    }

    fn with<R>(&self, use_it: impl FnOnce(&mut Vec<String>) -> R) -> R {
        // A list of names is whole whoever panicked meanwhile.
        use_it(&mut self.waiting.lock().unwrap_or_else(|poison| poison.into_inner()))
    }

    fn stand(&self) {
        let begin = Instant::now();
        loop {
            let waiting = self.with(|waiting| waiting.join(", "));
            if waiting.is_empty() {
                break;
            }
            show(&format!("collecting for {} s: {waiting}", begin.elapsed().as_secs()));
            std::thread::sleep(TICK);
        }
        show("");
    }
}

/// Blanks, for not every console of Windows knows the sequences that clear a line. One that cannot be written to is no
/// reason to stop.
fn show(line: &str) {
    let line: String = line.chars().take(WIDTH).collect();
    let _ = write!(std::io::stderr().lock(), "\r{line:<WIDTH$}\r");
}
