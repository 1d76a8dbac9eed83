//! Applies the differences.
//!
//! In: a server as described and a list of differences. Out: the server with those that name its folder.
//! A difference that finds nothing to change is an error.

use crate::Result;
use crate::describe::{ConnectorDifference, Differences, RuleDifference, SettingDifference};
use crate::model::Server;
use crate::rule;

/// Severities and marks that a description may expect.
const EXPECTED: [&str; 7] = ["block", "high", "medium", "low", "info", "policy", "same"];

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
    let Some(dn) = &difference.domain else { return Ok(()) };
    let domain = directory
        .domains
        .iter_mut()
        .find(|domain| domain.dn == *dn)
        .ok_or_else(|| missing(dn))?;
    if let Some(containers) = &difference.exclusions {
        domain.exclusions.clone_from(containers);
    }
    if let Some(containers) = &difference.inclusions {
        domain.inclusions.clone_from(containers);
    }
    if let (Some(profile), Some(size)) = (&difference.profile, difference.page_size) {
        directory.page_sizes.insert((profile.clone(), dn.clone()), size);
    }
    Ok(())
}
