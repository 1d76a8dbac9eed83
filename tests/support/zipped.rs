//! Archives of exports, well made or not, and what is read of them.

use super::export::{Export, Pair, Rule, direct};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use syncdrift::intake::{self, Intake, IntakeError, Limits};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Documents of the three parts.
pub const RULE: &[u8] = b"<synchronizationRule><name>x</name></synchronizationRule>";
pub const MV: &[u8] = b"<saved-mv-configuration server='S'><mv-data/></saved-mv-configuration>";
pub const CONNECTOR: &[u8] = b"<ma-data><name>contoso.com</name></ma-data>";

/// An archive with one document of each part.
pub fn export() -> Zip {
    Zip::default()
        .file("GlobalSettings/MV.xml", MV)
        .file("Connectors/Connector_{a}.xml", CONNECTOR)
        .file("SynchronizationRules/SynchronizationRule_{a}.xml", RULE)
}

/// Reads an archive with these limits.
pub fn read_with(bytes: &[u8], limits: &Limits) -> Result<Intake, IntakeError> {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("SYNC01.zip");
    fs::write(&path, bytes).expect("a file");
    intake::read(&path, limits)
}

/// Reads an archive.
pub fn read(bytes: &[u8]) -> Result<Intake, IntakeError> {
    read_with(bytes, &Limits::default())
}

/// Part, file and problem of the only gap.
pub fn gap(bytes: &[u8]) -> (String, String, String) {
    let intake = read(bytes).expect("an export");
    assert_eq!(intake.gaps.len(), 1, "{:?}", intake.gaps);
    let gap = &intake.gaps[0];
    (
        gap.part.clone(),
        gap.file.clone().unwrap_or_default(),
        gap.problem.clone(),
    )
}

/// Two servers with one difference.
pub fn drifting() -> Pair {
    let primary =
        Export::primary().rule(Rule::inbound("In from AD - Department", 50).flow(direct("department", "department")));
    let mut staging = Export::staging_of(&primary);
    staging.rules[0].description = "another text".to_owned();
    Pair::of(&primary, &staging)
}

/// An archive in the making.
pub struct Zip {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    options: SimpleFileOptions,
}

impl Default for Zip {
    fn default() -> Zip {
        Zip {
            writer: ZipWriter::new(Cursor::new(Vec::new())),
            options: SimpleFileOptions::default().compression_method(CompressionMethod::Deflated),
        }
    }
}

impl Zip {
    /// Without compression, so that contents stand in the bytes.
    pub fn stored() -> Zip {
        Zip {
            options: SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
            ..Zip::default()
        }
    }

    /// With all files below a folder, under names made from their paths.
    pub fn folder(mut self, folder: &Path, name: impl Fn(&str) -> String) -> Zip {
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.expect("an entry");
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(folder).expect("below the folder");
                let path = path.to_string_lossy().replace('\\', "/");
                self = self.file(&name(&path), &fs::read(entry.path()).expect("a file"));
            }
        }
        self
    }

    /// With one more file.
    pub fn file(mut self, name: &str, bytes: &[u8]) -> Zip {
        self.writer.start_file(name, self.options).expect("a name");
        self.writer.write_all(bytes).expect("bytes");
        self
    }

    /// With a file of many zero bytes.
    pub fn zeros(self, name: &str, mebibytes: usize) -> Zip {
        self.padded(name, b"", mebibytes)
    }

    /// With a file that begins so and goes on with many zero bytes.
    pub fn padded(mut self, name: &str, start: &[u8], mebibytes: usize) -> Zip {
        self.writer.start_file(name, self.options).expect("a name");
        self.writer.write_all(start).expect("bytes");
        let zeros = vec![0; 1 << 20];
        for _ in 0..mebibytes {
            self.writer.write_all(&zeros).expect("bytes");
        }
        self
    }

    /// With a folder.
    pub fn directory(mut self, name: &str) -> Zip {
        self.writer.add_directory(name, self.options).expect("a name");
        self
    }

    /// With a symbolic link.
    pub fn link(mut self, name: &str, target: &str) -> Zip {
        self.writer.add_symlink(name, target, self.options).expect("a name");
        self
    }

    /// All bytes.
    pub fn bytes(self) -> Vec<u8> {
        self.writer.finish().expect("an archive").into_inner()
    }

    /// Into a file.
    pub fn write(self, path: &Path) {
        fs::write(path, self.bytes()).expect("a file");
    }
}

/// The same folder as an archive.
pub fn of_folder(folder: &Path, path: &Path) {
    Zip::default().folder(folder, str::to_owned).write(path);
}

/// Replaces a text by one of the same length, in both headers or wherever it stands.
pub fn replace(bytes: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(from.as_bytes()))
        .collect();
    assert!(!places.is_empty(), "{from:?} is not there");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
}

/// Sets bytes of an entry's header in the directory.
pub fn set(bytes: &mut [u8], name: &str, at: usize, to: &[u8]) {
    let header = (0..bytes.len() - 46)
        .find(|header| bytes[*header..].starts_with(b"PK\x01\x02") && bytes[header + 46..].starts_with(name.as_bytes()))
        .expect("a header");
    bytes[header + at..header + at + to.len()].copy_from_slice(to);
}
