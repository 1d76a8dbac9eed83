//! Entries of accepted drift that accept nothing, so that the file cannot rot.
//!
//! In: entries and what became of each. Out: the useless ones, each with the
//! reason and what to do. Must not know: values, dates.

use super::accept::Entry;
use super::context::Context;
use crate::report::{Status, UnusedAcceptance};
use crate::settings::{Acceptance, Target};

/// What became of an entry.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    /// It accepts a finding.
    pub accepts: bool,
    /// A finding says why it is drift again.
    pub explained: bool,
    /// It names a finding that takes fingerprint and values.
    pub loose: bool,
    /// Another entry accepts what this one does not.
    pub superseded: bool,
    /// It names something that cannot be accepted.
    pub names: Option<Status>,
}

/// The entries that accept nothing, in the order of the file.
pub fn unused(context: &Context<'_>, entries: &[Entry<'_>], fates: &[Fate]) -> Vec<UnusedAcceptance> {
    entries
        .iter()
        .zip(fates)
        .filter(|(_, fate)| !fate.accepts && !fate.explained)
        .map(|(entry, fate)| useless(entry.written, problem(context, entry, fate)))
        .collect()
}

/// The entries that are limited to pairs while this comparison is of none.
pub fn of_no_pair(entries: &[Acceptance], pair: Option<&str>) -> Vec<UnusedAcceptance> {
    let limited = entries.iter().filter(|_| pair.is_none());
    limited
        .filter_map(|entry| {
            let glob = entry.pair.as_ref()?;
            let problem = format!(
                "it is limited to the pair \"{glob}\" of syncdrift.toml, and servers that are named on the command line \
                 are no pair; remove the line pair = \"{glob}\" if the entry is meant for these servers, too"
            );
            Some(useless(entry, problem))
        })
        .collect()
}

fn useless(entry: &Acceptance, problem: String) -> UnusedAcceptance {
    let (fingerprint, id, object) = match &entry.target {
        Target::Fingerprint(fingerprint) => (Some(fingerprint.clone()), None, None),
        Target::Named { id, object } => (None, Some(id.clone()), Some(object.clone())),
    };
    UnusedAcceptance {
        fingerprint,
        id,
        object,
        reason: entry.reason.clone(),
        owner: entry.owner.clone(),
        line: entry.line,
        problem,
    }
}

fn problem(context: &Context<'_>, entry: &Entry<'_>, fate: &Fate) -> String {
    let known = match fate.names {
        _ if fate.loose => Some(
            "it names a block finding or an identity that must differ; these are accepted only by fingerprint and values",
        ),
        _ if fate.superseded => {
            Some("what it names is accepted by another entry, and its own date or values no longer hold; remove it")
        }
        Some(Status::Unknown) => {
            Some("it names a finding that is unknown, and what could not be read cannot be accepted; mend the gap")
        }
        Some(Status::Lint) => Some(
            "it names a lint, a fault of one server by itself, which counts nowhere and cannot be accepted; remove it",
        ),
        Some(Status::Expected) => Some("it names an expected difference, which needs no acceptance; remove it"),
        _ => None,
    };
    known.map_or_else(|| nothing(context, entry), str::to_owned)
}

fn nothing(context: &Context<'_>, entry: &Entry<'_>) -> String {
    if let (Some((glob, _)), Target::Named { id, .. }) = (&entry.globs, &entry.written.target)
        && glob.is_plain()
        && context.catalogue.row(&id.to_lowercase()).is_none()
    {
        let suggestions = context.catalogue.suggestions(id);
        let hint = match suggestions.is_empty() {
            true => "`syncdrift explain --list` prints them all".to_owned(),
            false => format!("did you mean {}?", suggestions.join(", ")),
        };
        return format!("no finding has this id; {hint}");
    }
    let hidden = [context.left, context.right].iter().any(|side| !side.gaps.is_empty());
    if hidden {
        "it matches no finding; mend the gaps before you remove it, for they may hide what it names".to_owned()
    } else {
        "it matches no finding; remove it if the difference is gone".to_owned()
    }
}
