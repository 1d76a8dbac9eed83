//! The catalogue's TOML becomes JSON when the program is built: reading TOML at
//! every start would cost more than comparing two small servers.
//!
//! In: `src/catalogue/*.toml`. Out: `catalogue.json` in `OUT_DIR` with `facts`,
//! `effects`, and `files` by name. What the rows mean is not known here.

use std::path::Path;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("src/catalogue");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = serde_json::Map::new();
    let mut facts = serde_json::Value::Null;
    let mut effects = serde_json::Value::Null;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path)?;
        let table: toml::Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let value = serde_json::to_value(table)?;
        match name.as_str() {
            "facts.toml" => facts = value,
            "effects.toml" => effects = value,
            _ => {
                files.insert(name, value);
            }
        }
    }
    let prepared = serde_json::json!({ "facts": facts, "effects": effects, "files": files });
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("catalogue.json"), serde_json::to_vec(&prepared)?)?;
    Ok(())
}
