//! Custom rules that people published, as rules of an export. Their JSON is
//! no input format of the program.

use super::export::{Export, Flow, Rule, constant, direct, expression};
use super::text;
use serde_json::Value;
use std::path::Path;

/// All rules of a folder of JSON files.
pub fn rules(folder: &Path) -> Vec<Rule> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| -> Value {
        let text = std::fs::read_to_string(path).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    };
    files
        .iter()
        .map(read)
        .flat_map(|file| file["rules"].as_array().expect("rules").clone())
        .map(|value| rule(&value))
        .collect()
}

fn rule(value: &Value) -> Rule {
    let own = |key: &str| text(&value[key]).to_owned();
    let flag = |value: &Value| {
        value
            .as_bool()
            .map(|flag| if flag { "True" } else { "False" }.to_owned())
    };
    let list = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    let group = |group: &Value| group.as_array().cloned().unwrap_or_default();
    Rule {
        guid: own("Identifier"),
        description: own("Description"),
        direction: own("Direction"),
        disabled: flag(&value["Disabled"]),
        connector: match text(&value["Connector"]) {
            "AAD" => "entra".to_owned(),
            _ => Export::primary().forests[0].0.clone(),
        },
        source_type: own("SourceObjectType"),
        target_type: own("TargetObjectType"),
        link_type: own("LinkType"),
        precedence: value["Precedence"].to_string(),
        passwords: flag(&value["EnablePasswordSync"]),
        flows: list("AttributeFlowMappings").iter().map(flow).collect(),
        joins: list("JoinFilter")
            .iter()
            .map(|conditions| {
                let condition = |c: &Value| {
                    let attribute = |key: &str| text(&c[key]).to_owned();
                    (
                        attribute("CSAttribute"),
                        attribute("MVAttribute"),
                        flag(&c["CaseSensitive"]),
                    )
                };
                group(conditions).iter().map(condition).collect()
            })
            .collect(),
        scope: list("ScopeFilter")
            .iter()
            .map(|clauses| {
                let clause = |c: &Value| {
                    let part = |key: &str| text(&c[key]).to_owned();
                    (part("Attribute"), part("ComparisonOperator"), part("ComparisonValue"))
                };
                group(clauses).iter().map(clause).collect()
            })
            .collect(),
        ..Rule::inbound(text(&value["Name"]), 1)
    }
}

fn flow(value: &Value) -> Flow {
    let target = text(&value["Destination"]);
    let source = text(&value["Source"][0]);
    let flow = match text(&value["FlowType"]) {
        "Expression" => expression(target, text(&value["Expression"])),
        "Constant" => constant(target, source),
        _ => direct(target, source),
    };
    Flow {
        merge: Some(text(&value["ValueMergeType"]).to_owned()),
        once: value["ExecuteOnce"]
            .as_bool()
            .filter(|once| *once)
            .map(|_| "True".to_owned()),
        ..flow
    }
}
