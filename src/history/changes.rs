//! What each commit changed, as findings.
//!
//! In: the steps of every server. Out: entries, newest first. Must not know:
//! other servers.

use super::Work;
use super::read::Reader;
use super::request::HistoryError;
use super::states::{Step, steps};
use crate::report::history::Entry;
use crate::threads::each;

/// So many threads read at a time.
const THREADS: usize = 4;

/// Entries of the commits and servers that are asked for.
pub(super) fn entries(work: &Work<'_>) -> Result<Vec<Entry>, HistoryError> {
    let steps = steps(work.log);
    let wanted: Vec<Step<'_>> = steps
        .into_values()
        .flatten()
        .filter(|step| is_wanted(work, step))
        .collect();
    let size = wanted.len().div_ceil(THREADS).max(1);
    // Steps of one server stand together, so that each is read once.
    let done = each(wanted.chunks(size), |chunk| part(work, chunk));
    let mut entries = Vec::new();
    for part in done {
        entries.extend(part?);
    }
    entries.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.server.cmp(&other.server)));
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn is_wanted(work: &Work<'_>, step: &Step<'_>) -> bool {
    let named = step
        .stored()
        .is_some_and(|stored| work.filter.server(&stored.manifest.server));
    named && work.filter.time(work.log.moments[step.moment].time)
}

fn part(work: &Work<'_>, steps: &[Step<'_>]) -> Result<Vec<(usize, Entry)>, HistoryError> {
    let mut reader = Reader::new(work)?;
    let mut entries = Vec::new();
    for step in steps {
        if let Some(entry) = entry(work, &mut reader, step)? {
            entries.push((step.moment, entry));
        }
    }
    Ok(entries)
}

/// One commit of a server; none where nothing of it is asked for.
fn entry(work: &Work<'_>, reader: &mut Reader<'_>, step: &Step<'_>) -> Result<Option<Entry>, HistoryError> {
    let moment = &work.log.moments[step.moment];
    let Some(stored) = step.stored() else { return Ok(None) };
    let mut entry = Entry {
        commit: moment.commit.clone(),
        time: work.times.exported(moment, stored),
        author: moment.author.clone(),
        server: stored.manifest.server.clone(),
        first: step.before.is_none(),
        gone: step.after.is_none(),
        by_hand: work.times.is_by_hand(moment),
        tool: None,
        gaps: Vec::new(),
        changes: Vec::new(),
        expected: Vec::new(),
    };
    if let Some(after) = step.after {
        entry.gaps = after
            .manifest
            .gaps
            .iter()
            .map(|gap| format!("{}: {}", gap.part, gap.problem))
            .collect();
    }
    if let (Some(before), Some(after)) = (step.before, step.after) {
        let (old, new) = (&before.manifest.tool, &after.manifest.tool);
        entry.tool = (old != new).then(|| format!("{} ({})", new.version, new.catalogue));
        let schemas = work.schemas(before, after);
        let before = reader.configuration(before, None, schemas)?;
        let mut after = reader.configuration(after, None, schemas)?;
        let report = work.changes(&before, &mut after)?;
        entry.changes = report.findings;
        entry.expected = report.expected;
        entry.changes.retain(|finding| work.filter.finding(finding));
        entry.expected.retain(|finding| work.filter.finding(finding));
    }
    let asked = !work.filter.asks_for_objects() || !entry.changes.is_empty() || !entry.expected.is_empty();
    Ok(asked.then_some(entry))
}
