//! The committed JSON schemas are those of the types.

use crate::report::document::Document;
use crate::report::flow::Flow;
use crate::report::history::History;
use crate::report::{Report, Reports};
use std::path::Path;

fn check(name: &str, schema: &schemars::Schema) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema").join(name);
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("SYNCDRIFT_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{} is not up to date; run the test again with SYNCDRIFT_UPDATE=1 and commit it",
        path.display()
    );
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    check("report.json", &schemars::schema_for!(Report));
    check("reports.json", &schemars::schema_for!(Reports));
    check("flow.json", &schemars::schema_for!(Flow));
    check("history.json", &schemars::schema_for!(History));
    check("document.json", &schemars::schema_for!(Document));
}
