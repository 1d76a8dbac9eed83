//! Applies the differences.
//!
//! In: a server as described and a list of differences. Out: the server with those that name its folder.
//! A difference that finds nothing to change is an error.

use crate::describe::{
    ConnectorDifference, Differences, RuleDifference, SchemaDifference, SettingDifference, StepText,
};
use crate::model::{Directory, Server};
use crate::{Result, rule, schema};

/// Severities and marks that a description may expect.
const EXPECTED: [&str; 8] = ["block", "high", "medium", "low", "info", "policy", "lint", "same"];

/// Applies those differences of a list that belong to the server.
pub fn apply(server: &mut Server, list: &Differences) -> Result<()> {
    for difference in &list.rule {
        known(&difference.shows, &difference.expect)?;
        if difference.server == server.about.folder {
            change_rule(server, difference)?;
        }
    }
    for difference in &list.setting {
        known(&difference.shows, &difference.expect)?;
        if difference.server == server.about.folder {
            change_setting(server, difference)?;
        }
    }
    for difference in &list.connector {
        known(&difference.shows, &difference.expect)?;
        if difference.server == server.about.folder {
            change_connector(server, difference)?;
        }
    }
    for difference in &list.schema {
        known(&difference.shows, &difference.expect)?;
        if difference.server == server.about.folder {
            change_schema(server, difference)?;
        }
    }
    Ok(())
}

fn known(shows: &str, expect: &str) -> Result<()> {
    if EXPECTED.contains(&expect) {
        return Ok(());
    }
    Err(format!("{shows}: expect must be one of {EXPECTED:?}"))
}

fn change_rule(server: &mut Server, difference: &RuleDifference) -> Result<()> {
    let place = difference.on.as_deref();
    let mut found = 0;
    for item in &mut server.rules {
        if item.name != difference.rule || place.is_some_and(|place| place != item.on) {
            continue;
        }
        found += 1;
        rule::change(item, &difference.set)?;
        if let Some(number) = difference.precedence {
            item.precedence = number;
        }
    }
    if found == 0 {
        return Err(format!("{}: no rule {}", difference.shows, difference.rule));
    }
    let is_meant =
        |item: &crate::model::Rule| item.name == difference.rule && place.is_none_or(|place| place == item.on);
    if difference.remove {
        server.rules.retain(|item| !is_meant(item));
    }
    if let Some(name) = &difference.rename {
        for item in server.rules.iter_mut().filter(|item| is_meant(item)) {
            item.name.clone_from(name);
        }
    }
    Ok(())
}

fn change_setting(server: &mut Server, difference: &SettingDifference) -> Result<()> {
    match server.settings.get_mut(&difference.name) {
        Some(value) => value.clone_from(&difference.value),
        None => return Err(format!("{}: no parameter {}", difference.shows, difference.name)),
    }
    Ok(())
}

fn change_connector(server: &mut Server, difference: &ConnectorDifference) -> Result<()> {
    let missing = |what: &str| format!("{}: no {what}", difference.shows);
    if let Some(other) = &difference.account_of {
        if difference.connector != "entra" {
            return Err(missing("account of this connector"));
        }
        server.account_of.clone_from(other);
        return Ok(());
    }
    let directory = server
        .directories
        .iter_mut()
        .find(|directory| directory.forest == difference.connector);
    let directory = directory.ok_or_else(|| missing(&difference.connector))?;
    if let Some(name) = &difference.rename {
        directory.name.clone_from(name);
    }
    if let Some(attribute) = &difference.deselect {
        let place = directory.attributes.iter().position(|name| name == attribute);
        directory.attributes.remove(place.ok_or_else(|| missing(attribute))?);
    }
    for (name, value) in &difference.options {
        let option = directory.options.get_mut(name).ok_or_else(|| missing(name))?;
        option.clone_from(value);
    }
    match &difference.domain {
        Some(dn) => change_domain(directory, dn, difference),
        None => Ok(()),
    }
}

fn change_domain(directory: &mut Directory, dn: &str, difference: &ConnectorDifference) -> Result<()> {
    let domain = directory.domains.iter_mut().find(|domain| domain.dn == dn);
    let domain = domain.ok_or_else(|| format!("{}: no {dn}", difference.shows))?;
    if let Some(containers) = &difference.exclusions {
        domain.exclusions.clone_from(containers);
    }
    if let Some(containers) = &difference.inclusions {
        domain.inclusions.clone_from(containers);
    }
    if let Some(profile) = &difference.profile {
        if difference.step == StepText::default() {
            return Err(format!("{}: the step changes nothing", difference.shows));
        }
        let place = (profile.clone(), dn.to_owned());
        directory.steps.insert(place, difference.step.clone());
    }
    Ok(())
}

fn change_schema(server: &mut Server, difference: &SchemaDifference) -> Result<()> {
    let missing = |what: &str| format!("{}: no {what}", difference.shows);
    let text = if difference.of == "metaverse" {
        &mut server.metaverse
    } else {
        let directory = server.directories.iter_mut().find(|item| item.forest == difference.of);
        &mut directory.ok_or_else(|| missing(&difference.of))?.schema
    };
    let name = &difference.attribute;
    let done = match (&difference.add, &difference.to, difference.indexable) {
        (Some(kind), Some(class), None) => schema::add(text, name, kind, class),
        (None, None, Some(indexable)) => schema::mark(text, name, indexable),
        (None, None, None) if difference.remove => schema::remove(text, name),
        _ => return Err(format!("{}: one of remove, add with to, indexable", difference.shows)),
    };
    if done { Ok(()) } else { Err(missing(name)) }
}
