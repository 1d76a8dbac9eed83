//! TOML becomes what the program can use at once when it is built: reading it at
//! every start would cost more than comparing two small servers.
//!
//! In: `src/catalogue/*.toml`; `src/expression/functions.toml`. Out, in
//! `OUT_DIR`: `catalogue.json` with `facts`, `effects`, `layout`, `snapshot`, `causes` and `files` by name;
//! `functions.rs`, two sorted tables of the types in `src/expression/functions.rs`.
//! What the rows mean is not known here.

use std::path::Path;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("catalogue.json"), serde_json::to_vec(&catalogue()?)?)?;
    fs::write(out.join("functions.rs"), functions()?)?;
    Ok(())
}

fn read(path: &Path) -> Result<serde_json::Value, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::to_value(table)?)
}

fn catalogue() -> Result<serde_json::Value, Box<dyn Error>> {
    let folder = Path::new("src/catalogue");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = serde_json::Map::new();
    let mut facts = serde_json::Value::Null;
    let mut effects = serde_json::Value::Null;
    let mut layout = serde_json::Value::Null;
    let mut snapshot = serde_json::Value::Null;
    let mut causes = serde_json::Value::Null;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let value = read(&path)?;
        match name.as_str() {
            "facts.toml" => facts = value,
            "effects.toml" => effects = value,
            "layout.toml" => layout = value,
            "snapshot.toml" => snapshot = value,
            "causes.toml" => causes = value,
            _ => {
                files.insert(name, value);
            }
        }
    }
    Ok(serde_json::json!({
        "facts": facts, "effects": effects, "layout": layout, "snapshot": snapshot, "causes": causes,
        "files": files
    }))
}

/// Rust source of the tables; a word that the types do not know fails to compile.
fn functions() -> Result<String, Box<dyn Error>> {
    let path = Path::new("src/expression/functions.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    let tables = read(path)?;
    let rows = |name: &str| {
        let mut rows = tables[name].as_array().cloned().unwrap_or_default();
        rows.sort_by_key(|row| text(row, "name"));
        rows
    };
    let functions: String = rows("function").iter().map(function).collect();
    let parameters: String = rows("parameter").iter().map(parameter).collect();
    Ok(format!(
        "const FUNCTIONS: &[Function] = &[{functions}];\nconst PARAMETERS: &[KnownParameter] = &[{parameters}];\n"
    ))
}

fn text(row: &serde_json::Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn function(row: &serde_json::Value) -> String {
    let layout = match text(row, "layout").as_str() {
        "" | "list" => "List".to_owned(),
        "condition" => "Condition".to_owned(),
        "pairs" => "Pairs".to_owned(),
        other => format!("unknown layout {other}"),
    };
    let takes: String = row["takes"].as_array().into_iter().flatten().map(argument).collect();
    format!(
        "Function {{ name: {:?}, about: {:?}, takes: &[{takes}], gives: {:?}, layout: Layout::{layout}, note: {:?}, \
         reference: {:?} }},\n",
        text(row, "name"),
        text(row, "about"),
        text(row, "gives"),
        text(row, "note"),
        text(row, "reference"),
    )
}

fn argument(row: &serde_json::Value) -> String {
    format!(
        "Argument {{ name: {:?}, kind: {:?}, optional: {}, repeated: {} }},",
        text(row, "name"),
        text(row, "type"),
        row["optional"] == true,
        row["repeated"] == true,
    )
}

fn parameter(row: &serde_json::Value) -> String {
    format!(
        "KnownParameter {{ name: {:?}, about: {:?}, reference: {:?} }},\n",
        text(row, "name"),
        text(row, "about"),
        text(row, "reference"),
    )
}
