//! Folders to work in, for their owner only.
//!
//! In: the folder that holds one. Out: a new folder, gone when the work is
//! done, together with what runs left there that were ended by force. Must not
//! know: what is in it.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const START: &str = ".syncdrift-";
const END: &str = ".partial";
/// Locked as long as the folder is in use. A number of a process would say nothing where several computers share a folder.
const LOCK: &str = "lock";
/// In a folder with this name in it lies the only copy of an earlier bundle.
pub(super) const OLD: &str = "old";

/// A folder of this run.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: PathBuf,
    lock: Option<File>,
}

impl Scratch {
    /// Makes a folder in this one.
    pub(super) fn within(parent: &Path) -> io::Result<Scratch> {
        sweep(parent);
        for number in 0_u32.. {
            let folder = parent.join(format!("{START}{}-{number}{END}", std::process::id()));
            match private(&folder) {
                Ok(()) => return Scratch { folder, lock: None }.locked(),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    fn locked(mut self) -> io::Result<Scratch> {
        let lock = File::create_new(self.file(LOCK))?;
        // Where files cannot be locked, nobody else can lock it either, and it is left alone.
        let _ = lock.try_lock();
        self.lock = Some(lock);
        Ok(self)
    }

    /// A path in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Windows removes no folder in which a file is open.
        self.lock = None;
        // Nothing is lost by what cannot be removed.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes folders whose run has ended; what is in doubt stays.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name
            .to_str()
            .is_some_and(|name| name.starts_with(START) && name.ends_with(END));
        if is_ours && is_over(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_over(folder: &Path) -> bool {
    let is = |path: &Path, kind: fn(&fs::FileType) -> bool| {
        path.symlink_metadata()
            .is_ok_and(|metadata| kind(&metadata.file_type()))
    };
    let lock = folder.join(LOCK);
    is(folder, fs::FileType::is_dir)
        && is(&lock, fs::FileType::is_file)
        && !folder.join(OLD).exists()
        && File::options()
            .write(true)
            .open(&lock)
            .is_ok_and(|file| file.try_lock().is_ok())
}

/// A new folder for its owner only.
#[cfg(unix)]
pub(super) fn private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)?;
    close(folder, "(OI)(CI)F")
}

/// A file for its owner only, and all of it on the disk.
pub(super) fn closed(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    if cfg!(windows) {
        close(file, "F")?;
    }
    fs::OpenOptions::new().write(true).open(file)?.sync_all()
}

/// Windows: rights of its own in place of inherited ones, for the system, administrators and the owner.
fn close(path: &Path, rights: &str) -> io::Result<()> {
    let ended = Command::new("icacls.exe")
        .arg(path)
        .args(access(rights))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    match ended.success() {
        true => Ok(()),
        false => Err(io::Error::other(
            "icacls.exe cannot close it to others, as on a disk that knows no rights",
        )),
    }
}

/// Identifiers, for names of groups are in the language of Windows.
fn access(rights: &str) -> Vec<String> {
    let mut arguments = vec!["/inheritance:r".to_owned(), "/grant:r".to_owned()];
    arguments.extend(["S-1-5-18", "S-1-5-32-544", "S-1-3-4"].map(|who| format!("*{who}:{rights}")));
    arguments
}

#[cfg(test)]
mod tests {
    use super::{LOCK, OLD, Scratch, access, is_over};
    use std::fs;

    #[test]
    fn what_a_run_left_goes_and_what_one_uses_stays() {
        let parent = tempfile::TempDir::new().unwrap();
        let used = Scratch::within(parent.path()).unwrap();
        let left = parent.path().join(".syncdrift-1-0.partial");
        let kept = parent.path().join(".syncdrift-1-1.partial");
        let begun = parent.path().join(".syncdrift-1-2.partial");
        let other = parent.path().join("syncdrift-1-3.partial");
        for folder in [&left, &kept, &begun, &other] {
            fs::create_dir(folder).unwrap();
            if folder != &begun {
                fs::write(folder.join(LOCK), "").unwrap();
            }
        }
        fs::create_dir(kept.join(OLD)).unwrap();
        assert!(!is_over(&used.file("")));
        let next = Scratch::within(parent.path()).unwrap();
        assert!(!left.exists());
        assert!(kept.exists() && begun.exists() && other.exists() && used.file(LOCK).exists());
        drop((used, next));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 3);
    }

    #[test]
    fn windows_is_asked_in_no_language() {
        let expected = "/inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-3-4:(OI)(CI)F";
        assert_eq!(access("(OI)(CI)F").join(" "), expected);
    }
}
