//! When each setting of an object got the value that it has.
//!
//! In: the states of a server. Out: for each setting of the objects that are
//! asked for the commit that brought its value. Must not know: what values mean.

use super::Work;
use super::read::{Reader, Schemas};
use super::request::HistoryError;
use super::states::{Step, steps};
use crate::document;
use crate::model::Configuration;
use crate::report::history::Blame;
use crate::threads::each;
use std::collections::BTreeMap;

/// Path of an object, its number among those of one path, and the title of a setting.
type Key = (Vec<String>, Option<usize>, String);

/// Settings of the objects that are asked for, by server.
pub(super) fn blame(work: &Work<'_>) -> Result<Vec<Blame>, HistoryError> {
    if !work.filter.asks_for_objects() {
        return Ok(Vec::new());
    }
    let steps = steps(work.log);
    // A server that is gone has no settings now.
    let there = steps.into_values().filter(|steps| {
        let last = steps.last().and_then(|step| step.after);
        last.is_some_and(|stored| work.filter.server(&stored.manifest.server))
    });
    let done = each(there, |steps| of_server(work, &steps));
    let mut blame = Vec::new();
    for part in done {
        blame.extend(part?);
    }
    blame.sort_by(|a, b| (&a.server, &a.object_path, &a.setting).cmp(&(&b.server, &b.object_path, &b.setting)));
    Ok(blame)
}

fn of_server(work: &Work<'_>, steps: &[Step<'_>]) -> Result<Vec<Blame>, HistoryError> {
    let mut reader = Reader::new(work)?;
    let mut open: BTreeMap<Key, String> = BTreeMap::new();
    let mut found = Vec::new();
    let mut newer: Option<&Step<'_>> = None;
    for step in steps.iter().rev() {
        let Some(stored) = step.after else { break };
        let values = values(work, &reader.configuration(stored, None, Schemas::Read)?);
        match newer {
            None => open.clone_from(&values),
            Some(newer) => {
                let changed: Vec<Key> = open
                    .iter()
                    .filter(|(key, value)| values.get(*key) != Some(value))
                    .map(|(key, _)| key.clone())
                    .collect();
                for key in changed {
                    if let Some(value) = open.remove(&key) {
                        let before = values.get(&key).cloned();
                        found.extend(entry(work, newer, key, (value, before), false));
                    }
                }
            }
        }
        newer = Some(step);
        if open.is_empty() {
            break;
        }
    }
    for (key, value) in open {
        found.extend(newer.and_then(|step| entry(work, step, key, (value, None), true)));
    }
    Ok(found)
}

fn entry(
    work: &Work<'_>,
    step: &Step<'_>,
    (object_path, number, setting): Key,
    (value, before): (String, Option<String>),
    from_first: bool,
) -> Option<Blame> {
    let stored = step.after?;
    let moment = &work.log.moments[step.moment];
    let mut object_path = object_path;
    if let (Some(number), Some(name)) = (number, object_path.last_mut()) {
        *name = format!("{name} ({number})");
    }
    Some(Blame {
        server: stored.manifest.server.clone(),
        object_path,
        setting,
        value,
        commit: moment.commit.clone(),
        time: work.times.exported(moment, stored),
        author: moment.author.clone(),
        before,
        from_first,
    })
}

/// Values of the objects that are asked for.
fn values(work: &Work<'_>, configuration: &Configuration) -> BTreeMap<Key, String> {
    let all = document::written(configuration, work.catalogue).into_iter();
    let wanted = all.filter(|setting| {
        let name = setting.path.last().map_or("", String::as_str);
        work.filter.object(name, &setting.path)
    });
    wanted
        .map(|setting| ((setting.path, setting.number, setting.title), setting.value))
        .collect()
}
