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
use crate::report::Report;
use crate::report::history::Blame;
use crate::threads::each;
use std::collections::BTreeMap;

/// Path of an object, its number among those of one path, and the title of a setting.
type Key = (Vec<String>, Option<usize>, String);

/// Names that objects got, oldest first: the path with the old name, and the new name.
#[derive(Default)]
struct Renames(Vec<(Vec<String>, String)>);

impl Renames {
    /// Puts those of an older commit before the others.
    fn extend(&mut self, report: &Report) {
        let all = report.findings.iter().chain(&report.expected);
        let renamed = all.filter(|finding| finding.is_rename());
        let older = renamed.filter_map(|finding| Some((finding.object_path.clone(), finding.staging.clone()?)));
        self.0.splice(0..0, older);
    }

    fn apply(&self, path: &mut [String]) {
        for (old, new) in &self.0 {
            if let (true, Some(step)) = (path.starts_with(old), path.get_mut(old.len().saturating_sub(1))) {
                step.clone_from(new);
            }
        }
    }
}

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
    let mut names = Renames::default();
    let mut newer: Option<(&Step<'_>, Configuration)> = None;
    for step in steps.iter().rev() {
        let Some(stored) = step.after else { break };
        let configuration = reader.configuration(stored, None, Schemas::Read)?;
        let mut values = values(work, &configuration, &names);
        match &mut newer {
            None => open.clone_from(&values),
            Some((newer, known)) => {
                // What seems to have come with this commit may only have got its name with it.
                if open.keys().any(|key| !values.contains_key(key)) {
                    names.extend(&work.changes(&configuration, known)?);
                    values = self::values(work, &configuration, &names);
                }
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
        newer = Some((step, configuration));
        if open.is_empty() {
            break;
        }
    }
    for (key, value) in open {
        let first = newer.as_ref().map(|(step, _)| *step);
        found.extend(first.and_then(|step| entry(work, step, key, (value, None), true)));
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

/// Values of the objects that are asked for, by the names that these have now.
fn values(work: &Work<'_>, configuration: &Configuration, names: &Renames) -> BTreeMap<Key, String> {
    let mut all = document::written(configuration, work.catalogue);
    all.iter_mut().for_each(|setting| names.apply(&mut setting.path));
    let wanted = all.into_iter().filter(|setting| {
        let name = setting.path.last().map_or("", String::as_str);
        work.filter.object(name, &setting.path)
    });
    wanted
        .map(|setting| ((setting.path, setting.number, setting.title), setting.value))
        .collect()
}
