//! Lints of a report, as lines.

use super::export::{Export, Rule, compare, constant};
use super::{Compared, text};
use serde_json::Value;

/// `severity row server / object: value` of each lint of one of the rows.
pub fn lints(compared: &Compared, rows: &[&str]) -> Vec<String> {
    let lints = compared.report["lints"].as_array().expect("lints");
    let line = |lint: &Value| {
        let value = lint["primary"].as_str().or(lint["staging"].as_str());
        format!(
            "{} {} {} / {}: {}",
            text(&lint["severity"]),
            text(&lint["id"]),
            text(&lint["server"]),
            text(&lint["object"]),
            value.expect("a value")
        )
    };
    let asked = |lint: &&Value| rows.contains(&text(&lint["id"]));
    lints.iter().filter(asked).map(line).collect()
}

/// What hangs under a finding or lint, as one text.
pub fn consequences(finding: &Value) -> String {
    let all = finding["consequences"].as_array().expect("consequences");
    all.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Two servers with these rules.
pub fn both(rules: &[Rule]) -> Compared {
    let primary = Export {
        rules: rules.to_vec(),
        ..Export::primary()
    };
    compare(&primary, &Export::staging_of(&primary))
}

/// A standard rule that joins and provisions.
pub fn standard() -> Rule {
    Rule {
        link_type: "Provision".to_owned(),
        ..Rule::inbound("In from AD - User Join", 100)
    }
    .tagged("Microsoft.InfromADUserJoin.006")
    .join(&[("objectSid", "objectSid")])
    .scope(&[("adminDescription", "NOTSTARTSWITH", "User_")])
    .flow(constant("sourceObjectType", "User"))
}

/// A clone of the standard rule.
pub fn clone() -> Rule {
    Rule {
        name: "Join by mail".to_owned(),
        precedence: "50".to_owned(),
        ..standard().tagged("")
    }
}
