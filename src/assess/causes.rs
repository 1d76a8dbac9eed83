//! Differences that have one cause, although several settings or objects show it.
//!
//! In: findings about the places that the catalogue names. Out: one finding for
//! each cause. Must not know: which places these are.

use super::context::{Context, Side};
use super::finding::{Drafts, digest};
use super::glob::Glob;
use crate::catalogue::{Cause, ONE_SIDED};
use crate::model::SettingKey;
use crate::report::{Detail, Finding, Status};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Findings while they are collected, by the number of their cause.
#[derive(Default)]
pub struct Causes {
    told: BTreeMap<usize, Vec<Told>>,
}

/// A finding about one place of a cause.
struct Told {
    cause: &'static Cause,
    place: usize,
    /// The only server that has it.
    side: Option<Side>,
    finding: Finding,
}

impl Causes {
    /// Keeps a finding about a setting, or about an object as a whole, until all of its cause are known; the finding comes
    /// back where it has a cause of its own.
    pub fn take(
        &mut self,
        context: &Context<'_>,
        pair: usize,
        key: Option<&SettingKey>,
        finding: Finding,
    ) -> Option<Finding> {
        let object = context.object(pair).map_or("", |object| object.key.as_str());
        let like = |pattern: &str| Glob::new(pattern).matches(object);
        let known = context.catalogue.causes.of(&finding.id, like);
        let Some((number, place, cause, at)) = known.filter(|_| finding.status == Status::Drift) else {
            return Some(finding);
        };
        let has = |side: &Side| match key {
            None => context.lacking(pair) != *side,
            Some(key) => {
                let value = context
                    .setting(pair, *side, key)
                    .map(|setting| setting.value.canonical());
                let value = value.unwrap_or_default();
                at.has.as_ref().map_or(!value.is_empty(), |has| value == *has)
            }
        };
        let sides: Vec<Side> = [Side::Primary, Side::Staging].into_iter().filter(has).collect();
        let side = match sides.as_slice() {
            [one] => Some(*one),
            _ if cause.changed => None,
            _ => return Some(finding),
        };
        self.told.entry(number).or_default().push(Told {
            cause,
            place,
            side,
            finding,
        });
        None
    }

    /// One finding for each cause.
    pub fn judge(self, drafts: &mut Drafts) {
        drafts.extend(self.told.into_values().filter_map(together));
    }
}

/// The worst finding, with the others as its parts.
fn together(mut told: Vec<Told>) -> Option<Finding> {
    told.sort_by_key(|one| (Reverse(one.finding.severity), one.place));
    let sides: BTreeSet<Side> = told.iter().filter_map(|one| one.side).collect();
    let mut told = told.into_iter();
    let Told { cause, mut finding, .. } = told.next()?;
    let others: Vec<Finding> = told.map(|one| one.finding).collect();
    if others.is_empty() {
        return Some(finding);
    }
    if let Some(severity) = cause.both.filter(|_| sides.len() > 1) {
        finding.severity = finding.severity.min(severity);
    }
    let mut values: Vec<&str> = others.iter().map(|other| other.values.as_str()).collect();
    values.push(&finding.values);
    values.sort_unstable();
    finding.values = digest(&values);
    for other in others {
        finding.detail.push(part(&finding, &other));
        finding.detail.extend(other.detail);
        finding.consequences.extend(other.consequences);
        finding.locations.extend(other.locations);
    }
    finding.consequences.extend(alike(&finding));
    finding.consequences.push(cause.note.clone());
    Some(finding)
}

/// The parts that have the very values of the finding: nobody shows these twice.
fn alike(finding: &Finding) -> Option<String> {
    let same = |part: &&Detail| part.primary == finding.primary && part.staging == finding.staging;
    let names: Vec<&str> = finding
        .detail
        .iter()
        .filter(same)
        .map(|part| part.what.as_str())
        .collect();
    (!names.is_empty()).then(|| format!("The same holds for: {}.", names.join("; ")))
}

fn part(lead: &Finding, other: &Finding) -> Detail {
    let whole = other.setting.strip_suffix(ONE_SIDED);
    Detail {
        id: other.id.clone(),
        what: match whole {
            Some(kind) => kind.to_owned(),
            None if other.object_path == lead.object_path => other.setting.clone(),
            None => format!("{}: {}", other.object, other.setting),
        },
        change: other.change,
        primary: other.primary.clone(),
        staging: other.staging.clone(),
    }
}
