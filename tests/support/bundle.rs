//! Bundles as the collector makes them, and a stand-in for `pwsh` that brings them.

use super::Run;
use super::export::{Export, Rule};
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

/// What the cmdlets of a server say, as its export of so many files does.
fn said(export: &Export, id: &str, files: usize) -> Value {
    let connector = |name: &str, shown: &str| json!({ "Identifier": export.connector(name), "Name": shown });
    let rule = |(index, rule): (usize, &Rule)| {
        let own = export.guid(&format!("rule {index} {}", rule.name));
        let identifier = if rule.guid.is_empty() { own } else { rule.guid.clone() };
        json!({ "Identifier": identifier, "Name": rule.name })
    };
    match id {
        "module" => json!({ "Name": "ADSync", "Version": "1.0.0.0" }),
        "server-configuration" => json!({ "Files": files, "Cleared": 0 }),
        "global-settings" => json!({ "Version": "613", "Parameters": [] }),
        "connectors" => {
            let forests = export.forests.iter().map(|(name, _)| connector(name, name));
            let entra = connector("entra", &format!("{} - AAD", export.tenant));
            forests.chain([entra]).collect()
        }
        "rules" => export.rules.iter().enumerate().map(rule).collect(),
        _ => json!({
            "StagingModeEnabled": export.staging, "SyncCycleEnabled": true, "MaintenanceEnabled": true, "SchedulerSuspended": false,
            "SyncCycleInProgress": false, "PurgeRunHistoryInterval": "7.00:00:00", "AllowedSyncCycleInterval": "00:30:00",
            "CurrentlyEffectiveSyncCycleInterval": "00:30:00", "CustomizedSyncCycleInterval": null,
            "NextSyncCyclePolicyType": "Delta", "NextSyncCycleStartTimeInUTC": "2026-11-21T22:20:00.000Z",
        }),
    }
}

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
        let files = bundle.files.len();
        REQUIRED
            .iter()
            .fold(bundle, |bundle, id| bundle.required(id, &said(export, id, files)))
    }

    /// With an item that every bundle has to have.
    fn required(self, id: &str, data: &Value) -> Bundle {
        let mut bundle = self.data(id, None, data);
        let items = bundle.manifest["items"].as_array_mut().expect("a list");
        items.last_mut().expect("an item")["required"] = json!(true);
        bundle
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

    /// With an item that was read.
    pub fn data(mut self, id: &str, of: Option<&str>, data: &Value) -> Bundle {
        let items = self.manifest["items"].as_array_mut().expect("a list");
        let earlier = items.iter().filter(|item| item["id"] == id).count();
        let suffix = if earlier == 0 {
            String::new()
        } else {
            format!("-{}", earlier + 1)
        };
        let file = format!("items/{id}{suffix}.json");
        items.push(json!({ "id": id, "of": of, "file": file, "status": "ok", "required": false, "problem": null }));
        let record =
            json!({ "id": id, "of": of, "status": "ok", "command": "a command", "problem": null, "data": data });
        self.file(&file, serde_json::to_string_pretty(&record).expect("JSON").as_bytes())
    }

    /// Without an item and its file, as if nobody had asked for it.
    pub fn without(mut self, id: &str) -> Bundle {
        let path = format!("items/{id}.json");
        let entries = |bundle: &mut Bundle, list: &str, key: &str, value: &str| {
            bundle.manifest[list]
                .as_array_mut()
                .expect("a list")
                .retain(|entry| entry[key] != value);
        };
        entries(&mut self, "items", "id", id);
        entries(&mut self, "files", "path", &path);
        self.files.retain(|(name, _)| *name != path);
        self
    }

    /// With another answer to a question that was asked.
    pub fn instead(self, id: &str, of: Option<&str>, data: &Value) -> Bundle {
        self.without(id).data(id, of, data)
    }

    /// The data of an item.
    pub fn of_item(&self, id: &str) -> Value {
        let path = format!("items/{id}.json");
        let (_, bytes) = self.files.iter().find(|(name, _)| *name == path).expect("an item");
        serde_json::from_slice::<Value>(bytes).expect("JSON")["data"].clone()
    }

    /// With an item changed.
    pub fn edit(self, id: &str, change: impl FnOnce(&mut Value)) -> Bundle {
        let mut data = self.of_item(id);
        change(&mut data);
        self.instead(id, None, &data)
    }

    /// With other bytes in a file, and the manifest as if they had always been there.
    pub fn bytes(mut self, path: &str, bytes: &[u8]) -> Bundle {
        self.manifest["files"]
            .as_array_mut()
            .expect("a list")
            .retain(|file| file["path"] != path);
        self.files.retain(|(name, _)| name != path);
        self.file(path, bytes)
    }

    /// Into a new folder.
    pub fn folder(&self) -> TempDir {
        let folder = TempDir::new().expect("a folder");
        self.write(folder.path());
        folder
    }

    /// Into a folder.
    pub fn write(&self, folder: &Path) {
        let manifest = ("manifest.json".to_owned(), self.manifest.to_string().into_bytes());
        for (name, bytes) in self.files.iter().chain([&manifest]) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
    }

    /// Of a server, with every item that is a setting, and some that are none.
    pub fn full(export: &Export) -> Bundle {
        let server = export.server.clone();
        let hash = |text: &str| -> String {
            Sha256::digest(text.as_bytes())
                .iter()
                .map(|b| format!("{b:02X}"))
                .collect()
        };
        let net = "HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319";
        let client =
            "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client";
        let transcription = "HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell\\Transcription";
        Bundle::of(export)
            .data("auto-upgrade", None, &json!({ "AutoUpgradeState": "Disabled", "SuspensionReason": null }))
            .data("scheduled-tasks", None, &json!([{
                "Path": "\\Sync\\", "Name": "Nightly", "State": "Ready", "User": "SYSTEM",
                "Actions": [{ "Execute": "powershell.exe", "ArgumentsSha256": "AB12" }, { "Execute": "cmd.exe", "ArgumentsSha256": null }], "Triggers": ["MSFT_TaskDailyTrigger"],
            }]))
            .data("connector-credential", Some("Entra"), &json!({
                "ConnectorIdentityType": "Application", "ApplicationId": format!("{:032x}", u128::from(server.len() as u64 + server.bytes().map(u64::from).sum::<u64>())),
                "ApplicationManagedBy": "EntraConnect", "CertificateManagedBy": "EntraConnect", "CertificateId": hash(&server)[..40],
                "CertificateSubject": format!("CN={server}"), "Thumbprint": hash(&server)[..40],
                "NotBefore": "2026-10-01T00:00:00.000Z", "NotAfter": "2027-10-01T00:00:00.000Z",
                "ConnectorName": "Entra", "ConnectorId": "b891884f-051e-4a83-95af-2544101c9083", "UserName": format!("Sync_{server}"),
                "TenantId": "6e2f2f4e-0000-0000-0000-000000000001", "ManagedBy": "EntraConnect", "Others": ["Extra", "More"],
            }))
            .data("connect-registry", None, &json!({
                "WizardPath": "C:\\Program Files\\Wizard", "InstallationPath": "C:\\Program Files\\Connect", "AuditEventLogging": 1,
                "SyncMachineIdentifier": format!("sha256:{}", hash(&server)),
            }))
            .data("service-registry", None, &json!({
                "Server": "(localdb)", "SQLInstance": ".\\ADSync2019", "DBName": "ADSync", "Path": "C:\\Program Files\\Microsoft Azure AD Sync\\",
            }))
            .data("local-group", Some("ADSyncAdmins"), &json!([
                { "Name": "CONTOSO\\Ops", "ObjectClass": "Group", "SID": "S-1-5-21-1-2-3-1104" },
                { "Name": "CONTOSO\\Ada", "ObjectClass": "User", "SID": "S-1-5-21-1-2-3-1105" },
            ]))
            .data("local-group", Some("Administrators"), &json!([
                { "Name": "CONTOSO\\Tier0", "ObjectClass": "Group", "SID": "S-1-5-21-1-2-3-1100" },
            ]))
            .data("program-files", None, &json!([
                { "Path": "C:\\Program Files\\Microsoft Azure Active Directory Connect\\AzureADConnect.exe", "Bytes": 900, "FileVersion": "2.6.92.0",
                  "ProductVersion": "2.6.92.0", "Modified": "2026-10-01T00:00:00.000Z", "Sha256": hash("a") },
                { "Path": "C:\\Program Files\\Microsoft Azure AD Sync\\Extensions\\Hr.dll", "Bytes": 100, "FileVersion": "1.2.0.0",
                  "ProductVersion": "1.2", "Modified": "2026-10-01T00:00:00.000Z", "Sha256": hash("b") },
            ]))
            .data("service-configuration", None, &json!({
                "Sha256": hash("c"), "EnforceFIPSPolicy": "false", "DefaultProxy": null,
                "Redirects": [{ "Name": "Newtonsoft.Json", "OldVersion": "0.0.0.0-13.0.0.0", "NewVersion": "13.0.0.0" }],
            }))
            .data("services", None, &json!([
                { "Name": "ADSync", "DisplayName": "Microsoft Azure AD Sync", "State": "Running", "StartMode": "Auto", "DelayedAutoStart": true,
                  "StartName": "NT SERVICE\\ADSync", "ExitCode": 0, "PathName": "\"C:\\bin\\miiserver.exe\"", "FileVersion": "2.6.92.0", "FailureActions": "80-51" },
                { "Name": "AzureADConnectAuthenticationAgent", "DisplayName": "Agent", "State": "Running", "StartMode": "Auto", "DelayedAutoStart": false,
                  "StartName": "NT AUTHORITY\\NetworkService", "ExitCode": 0, "PathName": "agent.exe", "FileVersion": "1.5.0.0", "FailureActions": null },
            ]))
            .data("installed-programs", None, &json!([{ "Name": "Microsoft ODBC Driver 17 for SQL Server", "Version": "17.10.5.1", "Publisher": "Microsoft Corporation" }]))
            .data("operating-system", None, &json!({ "Caption": "Microsoft Windows Server 2022 Standard", "Version": "10.0.20348", "BuildNumber": "20348",
                "ProductType": 3, "OSLanguage": 1033, "LastBootUpTime": "2026-11-01T00:00:00.000Z", "UBR": 2762 }))
            .data("hotfixes", None, &json!(["KB5030001", "KB5030002"]))
            .data("computer", None, &json!({ "Name": server, "Domain": "contoso.com", "PartOfDomain": true, "DomainRole": 3,
                "TotalPhysicalMemory": 17179869184_u64, "NumberOfLogicalProcessors": 4 }))
            .data("disks", None, &json!([{ "DeviceID": "C:", "Size": 136365211648_u64, "FreeSpace": 90000000000_u64 }]))
            .data("dotnet", None, &json!({ "Release": 528449, "Version": "4.8.04161" }))
            .data("time", None, &json!({ "Type": "NT5DS", "NtpServer": "time.windows.com,0x8", "TimeZone": "W. Europe Standard Time" }))
            .data("powershell-policy", None, &json!({ "Execution": { "MachinePolicy": "Undefined", "LocalMachine": "RemoteSigned" },
                "Transcription": { transcription: { "EnableTranscripting": 0 } } }))
            .data("tls", None, &json!({ net: { "SchUseStrongCrypto": 1, "SystemDefaultTlsVersions": 1 },
                client: { "Enabled": 1, "DisabledByDefault": 0 }, "HKLM:\\TLS 1.3": null }))
            .data("fips", None, &json!({ "Enabled": 0 }))
            .data("proxy-machine-config", None, &json!({ "DefaultProxy": "<defaultProxy enabled=\"true\" />" }))
            .data("proxy-winhttp", None, &json!({ "Direct": false, "Proxy": "proxy:8080", "Bypass": "<local>" }))
            .data("proxy-service-account", None, &json!({ "ProxyEnable": 1, "ProxyServer": "proxy:8080", "ProxyOverride": "<local>", "AutoConfigURL": "http://proxy/a.pac" }))
            .data("proxy-environment", None, &json!({ "HTTP_PROXY": "http://proxy:8080", "HTTPS_PROXY": null, "NO_PROXY": null }))
            .data("database", None, &json!({ "SqlServerInstance": "(localdb)", "UsedSpaceInMb": 812, "IsLocalDb": true }))
            .data("company-features", None, &json!({ "PasswordHashSync": true, "DeviceWriteback": false, "UnifiedGroupWriteback": false }))
            .data("password-sync", Some("contoso.com"), &json!({ "SourceConnector": "contoso.com", "TargetConnector": "Entra", "Enabled": true }))
            .data("password-reset", Some("Entra"), &json!({ "Enabled": true }))
            .data("run-history", Some("contoso.com"), &json!([{ "Result": "success", "EndDate": "/Date(1649391053843)/" }]))
            .data("events", None, &json!([]))
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
