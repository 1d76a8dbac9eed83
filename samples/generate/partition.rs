//! Partitions and run profiles.
//!
//! In: the partitions of a connector. Out: the elements that name them: `partition`, and the steps of
//! `run-configuration` that point to them.

use crate::describe::StepText;
use crate::model::Server;
use crate::xml::Xml;
use std::collections::BTreeMap;

/// A run profile of the product: name, step type, element and text of its subtype, batch size.
type Profile = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The five profiles that the scheduler runs.
const PROFILES: [Profile; 5] = [
    ("Full Import", "full-import", "import-subtype", "to-cs", "50"),
    (
        "Full Synchronization",
        "apply-rules",
        "apply-rules-subtype",
        "reevaluate-flow-connectors",
        "0",
    ),
    ("Delta Import", "delta-import", "import-subtype", "to-cs", "50"),
    (
        "Delta Synchronization",
        "apply-rules",
        "apply-rules-subtype",
        "apply-pending",
        "0",
    ),
    ("Export", "export", "", "", "30"),
];

/// The part of a partition that all connectors share, up to the filter.
pub fn head(xml: &mut Xml, server: &Server, name: &str, selected: bool, display_name: &str) {
    let noise = &server.noise;
    xml.leaf("id", &noise.braced("partition", name));
    xml.leaf("name", name);
    xml.leaf(
        "creation-time",
        &noise.time_in_hour(&server.about.installed, 13, "partition created", name),
    );
    xml.leaf(
        "last-modification-time",
        &noise.time(&server.about.changed, "partition changed", name),
    );
    xml.leaf(
        "version",
        &(20 + noise.number("partition version", name, 700)).to_string(),
    );
    xml.leaf("selected", if selected { "1" } else { "0" });
    xml.leaf("display-name", display_name);
}

/// Object types and containers of a partition.
pub fn filter(xml: &mut Xml, server: &Server, types: &str, name: &str, exclusions: &[String], inclusions: &[String]) {
    let mut types: Vec<&str> = types.split_whitespace().collect();
    if server.about.shuffled {
        server.noise.shuffle("object types", name, &mut types);
    }
    xml.open("filter", &[]);
    xml.open("object-classes", &[]);
    for name in types {
        xml.leaf("object-class", name);
    }
    xml.close();
    xml.open("containers", &[]);
    for (list, item, names) in [
        ("exclusions", "exclusion", exclusions),
        ("inclusions", "inclusion", inclusions),
    ] {
        xml.open(list, &[]);
        for name in names {
            xml.leaf(item, name);
        }
        xml.close();
    }
    xml.close();
    xml.close();
}

/// The run profiles of a connector: one step for each of `partitions`, changed as `steps` says by profile and
/// partition; `own` writes a step's own data from its changes and the batch size.
pub fn profiles(
    xml: &mut Xml,
    server: &Server,
    connector: &str,
    partitions: &[&str],
    steps: &BTreeMap<(String, String), StepText>,
    own: impl Fn(&mut Xml, &StepText, &str),
) {
    xml.open("ma-run-data", &[]);
    for (profile, kind, subtype, text, batch) in PROFILES {
        let key = format!("{connector}/{profile}");
        xml.open("run-configuration", &[]);
        xml.leaf("id", &server.noise.braced("profile", &key));
        xml.leaf("name", profile);
        xml.leaf(
            "version",
            &(1 + server.noise.number("profile version", &key, 9)).to_string(),
        );
        xml.open("configuration", &[]);
        for partition in partitions {
            let place = (profile.to_owned(), (*partition).to_owned());
            let step = steps.get(&place).cloned().unwrap_or_default();
            if step.remove {
                continue;
            }
            xml.open("step", &[]);
            xml.open("step-type", &[("type", kind)]);
            if !subtype.is_empty() {
                xml.leaf(subtype, text);
            }
            xml.close();
            xml.open("threshold", &[]);
            xml.leaf("object", &step.object_limit.unwrap_or(0).to_string());
            xml.leaf("batch-size", batch);
            xml.close();
            xml.leaf("partition", &server.noise.braced("partition", partition).to_uppercase());
            xml.open("custom-data", &[]);
            own(xml, &step, batch);
            xml.close();
            xml.close();
        }
        xml.close();
        xml.close();
    }
    xml.close();
}

/// The end of every connector file.
pub fn tail(xml: &mut Xml) {
    xml.open("component_mappings", &[]);
    xml.close();
    xml.open("password-sync", &[]);
    for (name, value) in [
        ("maximum-retry-count", "10"),
        ("retry-interval", "60"),
        ("allow-low-security", "0"),
        ("unlock-account", "0"),
    ] {
        xml.leaf(name, value);
    }
    xml.close();
    xml.leaf("encrypted-attributes", "");
}

/// One `parameter` of a connector; `extra` are further marks.
pub fn parameter(xml: &mut Xml, name: &str, kind: &str, usage: &str, extra: Option<(&str, &str)>, value: &str) {
    let mut marks = vec![("name", name), ("type", kind), ("use", usage), ("dataType", "String")];
    marks.extend(extra);
    xml.leaf_with("parameter", &marks, value);
}
