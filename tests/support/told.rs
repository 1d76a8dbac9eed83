//! Bundles whose cmdlets say what their export says, and what a report says of them.

use super::bundle::Bundle;
use super::bundles::list;
use super::export::{Export, Rule, direct};
use super::{Compared, text};
use serde_json::{Value, json};

/// Parameter of the source anchor.
pub const ANCHOR: &str = "Microsoft.SynchronizationOption.AnchorAttribute";
/// Parameter of staging mode.
pub const STAGING: &str = "Microsoft.Synchronize.StagingMode";
/// A parameter that nobody ships.
pub const OWN: &str = "Contoso.Own";

/// An export with some parameters and two rules.
pub fn export() -> Export {
    Export {
        parameters: [(ANCHOR, "mS-DS-ConsistencyGuid"), (OWN, "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..Export::primary()
            .rule(Rule::inbound("In from AD - User", 50).flow(direct("mail", "mail")))
            .rule(Rule::inbound("In from AD - Group", 51).flow(direct("mail", "mail")))
    }
}

/// A bundle whose cmdlets say what its export says.
pub fn bundle_of(export: &Export) -> Bundle {
    let parameter = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let staging = if export.staging { "True" } else { "False" };
    let rule = |(index, rule): (usize, &Rule)| {
        json!({
            "Identifier": export.guid(&format!("rule {index} {}", rule.name)), "Name": rule.name,
            "Precedence": rule.precedence.parse::<u64>().unwrap(), "Disabled": false, "Direction": "Inbound",
        })
    };
    Bundle::full(export)
        .instead(
            "global-settings",
            None,
            &json!({
                "Version": "613", "SqlSchemaVersion": "616", "InstanceId": "a",
                "Parameters": [
                    parameter(STAGING, staging), parameter(ANCHOR, "ms-ds-consistencyguid"), parameter(OWN, "1"),
                    parameter("Microsoft.AdminKey", "(not collected)"),
                ],
            }),
        )
        .instead(
            "rules",
            None,
            &export.rules.iter().enumerate().map(rule).collect::<Value>(),
        )
        .instead(
            "connectors",
            None,
            &json!([
                { "Identifier": export.connector("contoso.com"), "Name": "contoso.com", "Type": "AD" },
                { "Identifier": export.connector("entra"), "Name": "contoso.onmicrosoft.com - AAD", "Type": "Extensible2" },
            ]),
        )
}

/// Of the active server.
pub fn primary() -> Bundle {
    bundle_of(&export())
}

/// Of the staging server.
pub fn staging() -> Bundle {
    bundle_of(&Export::staging_of(&export()))
}

/// Server, severity, row, setting and value of each lint.
pub fn lints(compared: &Compared) -> Vec<String> {
    let one = |lint: &Value| {
        let value = lint["primary"].as_str().or(lint["staging"].as_str()).unwrap();
        let words = ["server", "severity", "id", "setting"].map(|key| text(&lint[key]));
        format!("{}: {value}", words.join(" "))
    };
    list(compared, "lints").iter().map(one).collect()
}

/// Server of each doubt about all of it, and what is said.
pub fn doubts(compared: &Compared) -> Vec<String> {
    let one = |gap: &Value| format!("{} {}", text(&gap["server"]), text(&gap["problem"]));
    list(compared, "gaps").iter().map(one).collect()
}

/// Asserts that these are all doubts, in any order: server, and words of what is said.
pub fn assert_doubts(compared: &Compared, wanted: &[(&str, &str)]) {
    let found = doubts(compared);
    let is = |doubt: &String, (server, words): &(&str, &str)| doubt.starts_with(server) && doubt.contains(words);
    let all = wanted
        .iter()
        .all(|one| found.iter().filter(|doubt| is(doubt, one)).count() == 1);
    assert!(all && found.len() == wanted.len(), "{found:#?}");
}

/// Texts of the warnings.
pub fn warnings(compared: &Compared) -> Vec<&str> {
    list(compared, "warnings")
        .iter()
        .map(|warning| text(&warning["text"]))
        .collect()
}
