//! Checks that the parts of a server fit together.
//!
//! In: a server. Out: nothing, or the list of attributes that a rule uses and no schema or selection has.
//! Keeps a new case from adding faults that it does not mean to show.

use crate::Result;
use crate::describe::SchemaText;
use crate::model::{Rule, Server, Source};
use crate::{rule, schema};
use std::collections::BTreeSet;

/// Every attribute that a rule reads or writes must exist on its side of the flow, and be selected.
pub fn attributes(server: &Server) -> Result<()> {
    let mut faults: BTreeSet<String> = BTreeSet::new();
    let forests = server.directories.iter().map(|directory| &directory.schema);
    for schema in [&server.metaverse, &server.entra.schema].into_iter().chain(forests) {
        let known: BTreeSet<&str> = schema::attributes(schema)?
            .iter()
            .map(|attribute| attribute.name)
            .collect();
        for class in schema.classes.keys() {
            for (name, _) in schema::members(schema, class)? {
                if !known.contains(name) {
                    faults.insert(format!("class {class}: no type for {name}"));
                }
            }
        }
    }
    for rule in &server.rules {
        let (outside, metaverse) = used(rule);
        let forest = server.directories.iter().find(|directory| directory.forest == rule.on);
        let (shared, schema) = match forest {
            Some(directory) => (&server.active_directory, &directory.schema),
            None => (&server.entra, &server.entra.schema),
        };
        let (outer_class, inner_class) = if rule.is_inbound() {
            (&rule.source, &rule.target)
        } else {
            (&rule.target, &rule.source)
        };
        missing(schema, outer_class, &outside, rule, &mut faults)?;
        missing(&server.metaverse, inner_class, &metaverse, rule, &mut faults)?;
        let left_out: Vec<&str> = shared.not_selected.split_whitespace().collect();
        for name in outside.iter().filter(|name| left_out.contains(name)) {
            faults.insert(format!("{}: {name} is not selected", rule.key()));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = faults.into_iter().collect();
    Err(format!(
        "{}: the rules do not fit the schema\n  {}",
        server.about.folder,
        list.join("\n  ")
    ))
}

/// What a rule uses: attributes of the connector, attributes of the metaverse.
fn used(rule: &Rule) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let (mut read, mut written) = (BTreeSet::new(), BTreeSet::new());
    for flow in &rule.flows {
        written.insert(flow.target.as_str());
        match &flow.source {
            Source::Direct(name) => {
                read.insert(name.as_str());
            }
            Source::Expression(text) => read.extend(rule::attributes(text)),
            Source::Constant(_) => {}
        }
    }
    for [attribute, _, _] in rule.scope.iter().flatten() {
        read.insert(attribute);
    }
    let (mut outside, mut metaverse) = if rule.is_inbound() {
        (read, written)
    } else {
        (written, read)
    };
    for (left, right, _) in rule.join.iter().flatten() {
        outside.insert(left);
        metaverse.insert(right);
    }
    // The distinguished name is no attribute of a class.
    outside.remove("dn");
    (outside, metaverse)
}

fn missing(
    schema: &SchemaText,
    class: &str,
    names: &BTreeSet<&str>,
    rule: &Rule,
    faults: &mut BTreeSet<String>,
) -> Result<()> {
    if class == "*" {
        return Ok(());
    }
    let members: BTreeSet<&str> = schema::members(schema, class)?.iter().map(|(name, _)| *name).collect();
    for name in names.difference(&members) {
        faults.insert(format!("{} ({class}): no attribute {name}", rule.name));
    }
    Ok(())
}
