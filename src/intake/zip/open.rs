//! An archive is opened without trusting what it says of itself.
//!
//! In: a path. Out: its directory of entries, its digest, and a meter of the
//! bytes read; or the reason why it cannot be opened. Memory is bounded by the
//! limit on entries, not by the number that the archive claims. Must not know:
//! what the entries are.

use crate::intake::{IntakeError, Limits, hex};
use crate::model::SourceFile;
use ::zip::ZipArchive;
use ::zip::read::{ArchiveOffset, Config};
use ::zip::result::ZipError;
use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

/// What an archive begins with: an entry, the end of an empty one, the mark of one in parts.
const SIGNATURES: [[u8; 4]; 3] = [*b"PK\x03\x04", *b"PK\x05\x06", *b"PK\x07\x08"];
/// Signatures of the records that claim a number of entries beyond 65535.
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const ZIP64_END: [u8; 4] = *b"PK\x06\x06";
/// The end record, the locator before it, and the longest comment after it.
const TAIL: u64 = 22 + 20 + (64 << 10);
/// Room for an entry in the directory: its name, times, comment.
const ENTRY: u64 = 1 << 10;

/// An open archive.
pub(super) struct Archive {
    /// The directory and the bytes.
    pub(super) zip: ZipArchive<BufReader<Tap>>,
    /// How much is read.
    pub(super) meter: Rc<Meter>,
    /// Name, digest and size of the archive itself.
    pub(super) file: SourceFile,
}

impl Archive {
    /// Opens a file whose content is that of an archive.
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Archive, IntakeError> {
        let unreadable = |error: io::Error| IntakeError::of_root(path, &error);
        let mut file = File::open(path).map_err(unreadable)?;
        let mut start = Vec::new();
        file.by_ref().take(4).read_to_end(&mut start).map_err(unreadable)?;
        if !SIGNATURES.iter().any(|signature| start == signature) {
            return Err(IntakeError::NotAFolder {
                path: path.to_path_buf(),
            });
        }
        // Its digest needs every byte.
        if file.metadata().map_err(unreadable)?.len() > limits.total_bytes {
            return Err(IntakeError::LargeArchive {
                path: path.to_path_buf(),
                limit: limits.total_bytes,
            });
        }
        file.rewind().map_err(unreadable)?;
        let (sha256, bytes) = hex::sha256_of(&mut file).map_err(unreadable)?;
        let too_many = || IntakeError::TooManyEntries {
            path: path.to_path_buf(),
            limit: limits.files,
        };
        if claimed(&mut file, bytes).map_err(unreadable)? > limits.files as u64 {
            return Err(too_many());
        }
        let meter = Rc::new(Meter::default());
        meter
            .left
            .set(ENTRY.saturating_mul(limits.files as u64).saturating_add(1 << 20));
        let tap = BufReader::new(Tap {
            file,
            meter: Rc::clone(&meter),
        });
        // It begins with a signature, so nothing stands before it.
        let config = Config {
            archive_offset: ArchiveOffset::Known(0),
        };
        let zip = match ZipArchive::with_config(config, tap) {
            Ok(zip) => zip,
            Err(_) if meter.left.get() == 0 => return Err(too_many()),
            Err(error) => return Err(damaged(path, &error)),
        };
        if zip.len() > limits.files {
            return Err(too_many());
        }
        if zip.has_duplicate_names() {
            return Err(IntakeError::DuplicateName {
                path: path.to_path_buf(),
                name: None,
            });
        }
        meter.left.set(u64::MAX);
        let name = path.file_name().unwrap_or(path.as_os_str());
        let file = SourceFile {
            path: name.to_string_lossy().into_owned(),
            sha256,
            bytes,
        };
        Ok(Archive { zip, meter, file })
    }
}

/// The largest number of entries that a record of large archives claims; room is made for them before they are read.
fn claimed(file: &mut File, bytes: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(bytes.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL).read_to_end(&mut tail)?;
    let mut most = 0;
    for locator in tail.windows(16).filter(|window| window.starts_with(&LOCATOR)) {
        file.seek(SeekFrom::Start(number(locator, 8)))?;
        let mut record = Vec::new();
        file.by_ref().take(40).read_to_end(&mut record)?;
        if record.starts_with(&ZIP64_END) {
            most = most.max(number(&record, 24)).max(number(&record, 32));
        }
    }
    Ok(most)
}

/// A number of 8 bytes; 0 where they are not there.
fn number(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..at + 8)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u64::from_le_bytes)
}

/// An archive whose directory cannot be read.
pub(super) fn damaged(path: &Path, error: &ZipError) -> IntakeError {
    IntakeError::DamagedArchive {
        path: path.to_path_buf(),
        problem: words_of(error).into_owned(),
    }
}

/// What the library says, without its preface.
pub(super) fn words_of(error: &ZipError) -> Cow<'_, str> {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => "it ends too early".into(),
        ZipError::Io(error) => error.to_string().into(),
        ZipError::InvalidArchive(words) => Cow::Borrowed(words),
        ZipError::UnsupportedArchive(words) => Cow::Borrowed(words),
        other => other.to_string().into(),
    }
}

/// Counts the bytes of the archive that are read.
#[derive(Default)]
pub(super) struct Meter {
    read: Cell<u64>,
    /// How many more may be read.
    left: Cell<u64>,
}

impl Meter {
    /// Begins to count from nothing.
    pub(super) fn restart(&self) {
        self.read.set(0);
    }

    /// Bytes since then, some of them read ahead.
    pub(super) fn read(&self) -> u64 {
        self.read.get()
    }
}

/// A file whose bytes are counted.
pub(super) struct Tap {
    file: File,
    meter: Rc<Meter>,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let left = self.meter.left.get().saturating_sub(count as u64);
        self.meter.left.set(left);
        if left == 0 {
            return Err(io::Error::other("more bytes than the directory of an export has"));
        }
        self.meter.read.set(self.meter.read.get().saturating_add(count as u64));
        Ok(count)
    }
}

impl Seek for Tap {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
