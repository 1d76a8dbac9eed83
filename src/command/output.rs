//! Standard output, files and the clock.

use crate::cli::Color;
use crate::model::on_one_line;
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970; `SOURCE_DATE_EPOCH` rules, so that the same input can give the same bytes.
///
/// # Errors
/// `SOURCE_DATE_EPOCH` is no number.
pub fn now() -> Result<i64> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .trim()
            .parse()
            .with_context(|| format!("SOURCE_DATE_EPOCH is {text:?}; it must be a number of seconds since 1970")),
        Err(_) => Ok(SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))),
    }
}

/// Whether `SOURCE_DATE_EPOCH` rules.
pub fn now_is_set() -> bool {
    std::env::var_os("SOURCE_DATE_EPOCH").is_some()
}

/// Writes bytes to standard output.
///
/// # Errors
/// The write failed.
pub fn stdout(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// Says something on standard error, cleaned for the terminal. Where that is gone nothing is left to say it to.
pub fn say(text: &str) {
    let _ = std::io::stderr().write_all(crate::render::clean(text).as_bytes());
}

/// Writes styled text, with or without colour.
///
/// # Errors
/// The write failed.
pub fn styled(text: &str, color: Color) -> Result<()> {
    let choice = match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let mut out = AutoStream::new(std::io::stdout().lock(), choice);
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// Format of a file, by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// `.json`
    Json,
    /// `.md`
    Markdown,
    /// `.html`
    Html,
    /// `.junit.xml`
    Junit,
    /// `.sarif`
    Sarif,
    /// `.csv`
    Csv,
}

impl FileFormat {
    fn extension(self) -> &'static str {
        match self {
            FileFormat::Json => ".json",
            FileFormat::Markdown => ".md",
            FileFormat::Html => ".html",
            FileFormat::Junit => ".junit.xml",
            FileFormat::Sarif => ".sarif",
            FileFormat::Csv => ".csv",
        }
    }
}

/// A file that will be written whole or not at all.
#[derive(Debug)]
pub struct Sink {
    path: PathBuf,
    /// What goes into it.
    pub format: FileFormat,
}

impl Sink {
    /// Checks every output before the work starts, so that a bad path fails early.
    ///
    /// # Errors
    /// An extension without one of these formats, or a folder that cannot be written.
    pub fn prepare(paths: &[PathBuf], formats: &[FileFormat]) -> Result<Vec<Sink>> {
        paths.iter().map(|path| Sink::check(path, formats)).collect()
    }

    fn check(path: &Path, formats: &[FileFormat]) -> Result<Sink> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let format = formats.iter().find(|format| name.ends_with(format.extension()));
        let Some(&format) = format.filter(|_| !name.ends_with(".junit.json")) else {
            let known: Vec<&str> = formats.iter().map(|format| format.extension()).collect();
            bail!(
                "-o {}: the format follows the extension; use one of {}",
                shown(path),
                known.join(" ")
            );
        };
        if path.is_dir() {
            bail!("-o {}: this is a folder; name a file in it", shown(path));
        }
        if path.metadata().is_ok_and(|there| !there.is_file()) {
            bail!(
                "-o {}: this is no regular file, and it would be replaced; name another",
                shown(path)
            );
        }
        probe("-o", path)?;
        Ok(Sink {
            path: path.to_owned(),
            format,
        })
    }

    /// Checks that what is there is none of these files, for it will be replaced.
    ///
    /// # Errors
    /// It is one of them.
    pub fn refuse(&self, inputs: impl Iterator<Item = PathBuf>) -> Result<()> {
        let Ok(own) = self.path.canonicalize() else {
            return Ok(());
        };
        for input in inputs {
            if input.canonicalize().is_ok_and(|input| input == own) {
                bail!(
                    "-o {}: this is an input, and it would be replaced; name another file",
                    shown(&self.path)
                );
            }
        }
        Ok(())
    }

    /// Writes beside the file, flushes and renames.
    ///
    /// # Errors
    /// The write failed; the old file is then still there.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        beside(&self.path, bytes, |temporary| fs::rename(temporary, &self.path))
            .with_context(|| format!("cannot write {}", shown(&self.path)))
    }
}

/// A file for the user to edit: written whole, and never over another.
#[derive(Debug)]
pub struct NewFile {
    flag: &'static str,
    path: PathBuf,
}

impl NewFile {
    /// Checks before the work starts that nothing is there and that it can be written.
    ///
    /// # Errors
    /// Something of that name exists, or its folder cannot be written.
    pub fn prepare(flag: &'static str, path: &Path) -> Result<NewFile> {
        let file = NewFile {
            flag,
            path: path.to_owned(),
        };
        if path.symlink_metadata().is_ok() {
            bail!(file.exists());
        }
        probe(flag, path)?;
        Ok(file)
    }

    /// Writes beside the file, flushes and gives it its name.
    ///
    /// # Errors
    /// The write failed, or somebody else wrote a file of that name in the meantime.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let name = |temporary: &Path| match fs::hard_link(temporary, &self.path) {
            // A link, unlike a rename, replaces nothing. Some file systems have none.
            Err(error) if error.kind() != ErrorKind::AlreadyExists && self.path.symlink_metadata().is_err() => {
                fs::rename(temporary, &self.path)
            }
            Err(error) => Err(error),
            Ok(()) => fs::remove_file(temporary),
        };
        beside(&self.path, bytes, name).or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => bail!(self.exists()),
            _ => Err(error).with_context(|| format!("cannot write {}", shown(&self.path))),
        })
    }

    fn exists(&self) -> String {
        format!(
            "{} {}: the file exists, and what you added may be in it; choose another name or remove it",
            self.flag,
            shown(&self.path)
        )
    }
}

/// Whether a file can be created in the folder of a path.
fn probe(flag: &str, path: &Path) -> Result<()> {
    let probe = temporary(path);
    File::create(&probe).with_context(|| {
        format!(
            "{flag} {}: cannot write in {}; create the folder or choose another",
            shown(path),
            shown(&folder_of(path))
        )
    })?;
    fs::remove_file(&probe).with_context(|| format!("cannot remove {}", shown(&probe)))
}

/// Writes and flushes a temporary file beside a path, then lets `name` give it its name.
fn beside(path: &Path, bytes: &[u8], name: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let temporary = temporary(path);
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| name(&temporary));
    if written.is_err() {
        // The error to report is the write's; a left-over beside it is the lesser evil.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A path in a message.
pub fn shown(path: &Path) -> String {
    on_one_line(&path.display().to_string())
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    folder_of(path).join(name)
}
