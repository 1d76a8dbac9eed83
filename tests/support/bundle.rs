//! Bundles as the collector makes them, and a stand-in for `pwsh` that brings them.

use super::Run;
use super::export::Export;
use super::zipped::Zip;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Items that no server may lack.
pub const REQUIRED: [&str; 7] = [
    "module",
    "scheduler",
    "server-configuration",
    "global-settings",
    "connectors",
    "rules",
    "scheduler-after",
];

/// A bundle in the making.
#[derive(Clone)]
pub struct Bundle {
    pub manifest: Value,
    pub files: Vec<(String, Vec<u8>)>,
}

impl Bundle {
    /// Of a server, with the items that every bundle has to have.
    pub fn of(export: &Export) -> Bundle {
        let folder = TempDir::new().expect("a folder");
        export.write(folder.path());
        let mut bundle = Bundle {
            manifest: json!({
                "schema": "syncdrift.bundle/1",
                "collector": { "version": "1.0.0", "sha256": null },
                "host": { "name": export.server, "user": "CONTOSO\\admin", "elevated": true },
                "started": "2026-11-21T22:00:00.000Z",
                "ended": "2026-11-21T22:01:00.000Z",
                "items": [],
                "files": [],
            }),
            files: Vec::new(),
        };
        for entry in walkdir::WalkDir::new(folder.path()).sort_by_file_name() {
            let entry = entry.expect("an entry");
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(folder.path()).expect("below the folder");
                bundle = bundle.file(
                    &format!("export/{}", path.display()),
                    &fs::read(entry.path()).expect("a file"),
                );
            }
        }
        REQUIRED
            .iter()
            .fold(bundle, |bundle, id| bundle.item(id, None, "ok", true, None))
    }

    /// With a file that the manifest lists.
    pub fn file(mut self, path: &str, bytes: &[u8]) -> Bundle {
        let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02X}")).collect();
        let listed = json!({ "path": path, "bytes": bytes.len(), "sha256": sha256 });
        self.manifest["files"].as_array_mut().expect("a list").push(listed);
        self.files.push((path.to_owned(), bytes.to_owned()));
        self
    }

    /// With an item.
    pub fn item(mut self, id: &str, of: Option<&str>, status: &str, required: bool, problem: Option<&str>) -> Bundle {
        let file = format!("items/{id}.json");
        let record = json!({ "id": id, "of": of, "status": status, "problem": problem, "data": null });
        let item =
            json!({ "id": id, "of": of, "file": file, "status": status, "required": required, "problem": problem });
        self.manifest["items"].as_array_mut().expect("a list").push(item);
        self.file(&file, record.to_string().as_bytes())
    }

    /// As it comes.
    pub fn zip(&self) -> Vec<u8> {
        let zip = Zip::default().file("manifest.json", self.manifest.to_string().as_bytes());
        let zip = self.files.iter().fold(zip, |zip, (name, bytes)| zip.file(name, bytes));
        zip.bytes()
    }
}

/// The stand-in: it notes what it was started with, then does what the test wrote into the file `do`.
const PWSH: &str = r#"#!/bin/sh
here=$(dirname "$0")
request=$(printf %s "$SYNCDRIFT_REQUEST" | base64 -d)
field() { printf %s "$request" | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }
server=$(field server)
target=$(field target)
problem=$(field problem)
printf '%s\n' "$@" > "$here/arguments-$server"
printf %s "$request" > "$here/request-$server"
env > "$here/environment-$server"
. "$here/do"
"#;

/// A place with a stand-in for `pwsh` and room for outputs.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// Whose `pwsh` runs this shell code; `$server`, `$target`, `$problem` and `$here` are there.
    pub fn doing(code: &str) -> Site {
        let site = Site {
            folder: TempDir::new().expect("a folder"),
        };
        fs::create_dir_all(site.temporary()).expect("a folder");
        let pwsh = site.bin().join("pwsh");
        fs::write(&pwsh, PWSH).expect("a file");
        #[cfg(unix)]
        fs::set_permissions(&pwsh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("rights");
        fs::write(site.bin().join("do"), code).expect("a file");
        site
    }

    /// Whose `pwsh` brings this file to every server.
    pub fn bringing(bytes: &[u8]) -> Site {
        Site::doing("cp \"$here/bundle.zip\" \"$target\"").with("bundle.zip", bytes)
    }

    /// With a file beside `pwsh`.
    pub fn with(self, name: &str, bytes: &[u8]) -> Site {
        fs::write(self.bin().join(name), bytes).expect("a file");
        self
    }

    fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// For temporary files of the runs.
    pub fn temporary(&self) -> PathBuf {
        self.bin().join("tmp")
    }

    /// A path for an output.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What `pwsh` noted.
    pub fn noted(&self, name: &str) -> String {
        fs::read_to_string(self.bin().join(name)).unwrap_or_default()
    }

    /// Whether `pwsh` was started at all.
    pub fn was_started(&self) -> bool {
        let names = fs::read_dir(self.bin()).expect("a folder");
        names.into_iter().any(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .starts_with("request-")
        })
    }

    /// `syncdrift export` with these arguments, in the site's folder; how long it took.
    pub fn timed(&self, arguments: &[&str]) -> (Run, Duration) {
        let begin = Instant::now();
        let run = self.command(arguments).output().expect("the binary starts");
        (run.into(), begin.elapsed())
    }

    /// The same, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = super::syncdrift();
        command
            .arg("export")
            .args(arguments)
            .env("PATH", format!("{}:/usr/bin:/bin", self.bin().display()))
            .env("TMPDIR", self.temporary())
            .current_dir(self.folder.path());
        command
    }

    /// The same, however long it takes.
    pub fn export(&self, arguments: &[&str]) -> Run {
        self.timed(arguments).0
    }

    /// Names of what is in the site's folder, besides `bin`.
    pub fn names(&self) -> Vec<String> {
        names(self.folder.path())
            .into_iter()
            .filter(|name| name != "bin")
            .collect()
    }
}

/// What is in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
