//! The bundle of the collector around an export.
//!
//! In: a server, the files of its export, `bundle.toml`. Out: the items, what
//! differs applied, and a manifest with the SHA-256 of every file.

use crate::Result;
use crate::model::Server;
use crate::output::{self, File};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// `bundle.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    item: Vec<Item>,
    difference: Vec<Difference>,
}

/// An item of every bundle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: String,
    of: Option<String>,
    #[serde(default)]
    required: bool,
    command: String,
    /// JSON, with places for what is each server's own.
    data: String,
}

/// What differs on a server.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    /// What it shows.
    #[serde(rename = "shows")]
    _shows: String,
    /// The severity to expect.
    #[serde(rename = "expect")]
    _expect: String,
    server: String,
    id: String,
    find: String,
    put: String,
}

/// Every file of the bundle, by path, the export's included.
pub fn files(server: &Server, export: &[File]) -> Result<BTreeMap<String, Vec<u8>>> {
    let text: Text =
        toml::from_str(include_str!("bundle.toml")).map_err(|problem| format!("bundle.toml: {problem}"))?;
    let mut files: BTreeMap<String, Vec<u8>> = export
        .iter()
        .map(|file| (format!("export/{}/{}", file.folder, file.name), file.bytes.clone()))
        .collect();
    let mut items = Vec::new();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for item in &text.item {
        let mut data = own(server, export, &item.data);
        for difference in &text.difference {
            if difference.server == server.about.folder && difference.id == item.id {
                if !data.contains(&difference.find) {
                    return Err(format!("bundle.toml: {:?} is not in {}", difference.find, item.id));
                }
                data = data.replace(&difference.find, &difference.put);
            }
        }
        let data: Value =
            serde_json::from_str(&data).map_err(|problem| format!("bundle.toml: {}: {problem}", item.id))?;
        let count = counts.entry(&item.id).or_default();
        *count += 1;
        let suffix = if *count > 1 { format!("-{count}") } else { String::new() };
        let path = format!("items/{}{suffix}.json", item.id);
        let time = server.about.exported.replace(' ', "T") + "Z";
        let record = json!({
            "id": item.id, "of": item.of, "status": "ok", "command": item.command,
            "started": time, "ended": time, "problem": null, "data": data,
        });
        items.push(json!({
            "id": item.id, "of": item.of, "file": path, "status": "ok", "required": item.required, "problem": null,
        }));
        files.insert(path, written(&record)?);
    }
    let listed: Vec<Value> = files
        .iter()
        .map(|(path, bytes)| json!({ "path": path, "bytes": bytes.len(), "sha256": hash(bytes) }))
        .collect();
    let time = server.about.exported.replace(' ', "T") + "Z";
    let manifest = json!({
        "schema": "syncdrift.bundle/1",
        "collector": { "version": "1.0.0", "sha256": null },
        "host": { "name": server.about.name, "user": "CONTOSO\\ops", "elevated": true },
        "powershell": "5.1.20348.2760", "culture": "en-US", "uiCulture": "en-US", "timeZone": "W. Europe Standard Time",
        "started": time, "ended": time, "options": { "csexport": false, "events": false },
        "items": items, "files": listed,
    });
    files.insert("manifest.json".to_owned(), written(&manifest)?);
    Ok(files)
}

/// JSON with what is the server's own in its places.
fn own(server: &Server, export: &[File], data: &str) -> String {
    let about = &server.about;
    let rules = ["id", "name", "precedence", "disabled"];
    data.replace("@FILES@", &export.len().to_string())
        .replace("@CONNECTORS@", &told(export, "Connectors", &["id", "name"]))
        .replace("@RULES@", &told(export, "SynchronizationRules", &rules))
        .replace("@SERVER@", &about.name)
        .replace("@STAGING@", if about.staging { "true" } else { "false" })
        .replace("@BUILD@", &server.build)
        .replace("@MACHINE@", &hash(about.name.as_bytes()))
        .replace("@APPLICATION@", &server.noise.guid("application", ""))
        .replace("@CERTIFICATE@", &hash(about.name.as_bytes())[..40])
        .replace("@LIBRARY@", &hash(b"library"))
}

/// What a cmdlet tells of the objects in a folder of the export: these elements, each the first of its name.
fn told(export: &[File], folder: &str, names: &[&str]) -> String {
    let one = |file: &File| {
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (value, _) = rest.split_once('<')?;
            Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        };
        let field = |name: &&str| {
            let value = element(name)?;
            Some(match *name {
                "id" => ("Identifier".to_owned(), json!(value.trim_matches(['{', '}']))),
                "precedence" => ("Precedence".to_owned(), json!(value.parse::<u32>().ok()?)),
                "disabled" => ("Disabled".to_owned(), json!(value == "True")),
                _ => ("Name".to_owned(), json!(value)),
            })
        };
        names.iter().filter_map(field).collect::<serde_json::Map<_, _>>()
    };
    let own = export.iter().filter(|file| file.folder == folder);
    Value::from(own.map(one).map(Value::from).collect::<Vec<_>>()).to_string()
}

fn written(value: &Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_string_pretty(value).map_err(|problem| problem.to_string())?;
    text.push('\n');
    Ok(text.into_bytes())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Writes the files that are not the export's, and removes other items.
pub fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let failed = |problem: std::io::Error| format!("{}: {problem}", folder.display());
    let items = folder.join("items");
    if items.is_dir() {
        fs::remove_dir_all(&items).map_err(failed)?;
    }
    fs::create_dir_all(&items).map_err(failed)?;
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("export/")) {
        fs::write(folder.join(path), bytes).map_err(failed)?;
    }
    Ok(())
}

/// Compares the files that are not the export's with those on disk; true when none differs.
pub fn check(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<bool> {
    let mut equal = true;
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("export/")) {
        let path = folder.join(path);
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            println!("differs: {}", path.display());
            equal = false;
        }
    }
    let there = fs::read_dir(folder.join("items")).map_err(|problem| output::failure(folder, &problem))?;
    let count = there.count();
    let wanted = files.keys().filter(|path| path.starts_with("items/")).count();
    if count != wanted {
        println!("surplus: {} items in {}", count.abs_diff(wanted), folder.display());
        equal = false;
    }
    Ok(equal)
}
