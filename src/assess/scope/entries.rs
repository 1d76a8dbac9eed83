//! Entries of a list that make no difference of scope.
//!
//! In: entries that only one server has, and spellings. Out: a finding for
//! what names no container, an expected difference for what means the same.
//! Must not know: differences of scope.

use super::{Judge, ROOT, list_of, row_of};
use crate::assess::context::Side;
use crate::assess::finding::{change, values};
use crate::assess::settings::expect;
use crate::assess::{detail, severity};
use crate::catalogue::Predicate;
use crate::derive::scope::{List, Lone};
use crate::diff::SettingChange;
use crate::model::{Member, Sameness, dn};
use crate::report::{ChangeKind, Detail, Finding, Text};
use std::collections::BTreeMap;

/// Said of entries that have no part in any difference.
const EQUAL_IN_MEANING: &str = "Equal in meaning: these entries change nothing in what is in scope.";

impl Judge<'_, '_> {
    /// An entry as a part of a finding.
    pub fn entry(&self, lone: &Lone<'_>) -> Detail {
        let row = self.context.row(row_of(lone.list));
        let name = shown(lone.member);
        Detail {
            id: Text::Borrowed(&row.id),
            what: row.title.clone(),
            change: change(!lone.staging, lone.staging),
            primary: (!lone.staging).then(|| name.clone()),
            staging: lone.staging.then_some(name),
        }
    }

    /// Entries of a list that name no container of the partition: they decide nothing, and nobody meant that.
    pub fn foreign(&self, differs: &SettingChange) -> Option<Finding> {
        let list = list_of(differs.key.row)?;
        let these: Vec<&Lone<'_>> = self
            .lone
            .iter()
            .filter(|lone| lone.list == list && lone.foreign && lone.difference.is_none())
            .collect();
        if these.is_empty() {
            return None;
        }
        let row = self.context.row(differs.key.row);
        let mut finding = self.context.setting_finding(row, self.pair, &differs.key);
        let of = |staging: bool, name: fn(&Member) -> &str| -> Option<String> {
            let mut names: Vec<&str> = these
                .iter()
                .filter(|l| l.staging == staging)
                .map(|l| name(l.member))
                .collect();
            names.sort_unstable();
            (!names.is_empty()).then(|| names.join(", "))
        };
        finding.primary = of(false, |member| &member.raw);
        finding.staging = of(true, |member| &member.raw);
        finding.change = change(finding.primary.is_some(), finding.staging.is_some());
        let canonical = |staging| of(staging, |member| &member.canonical);
        finding.values = values(canonical(false).as_deref(), canonical(true).as_deref());
        finding.detail = these.iter().map(|lone| self.entry(lone)).collect();
        let unreadable = these.iter().any(|lone| dn::path(&lone.member.raw).is_none());
        let known: &[Predicate] = if unreadable {
            &[Predicate::UnreadableContainer]
        } else {
            &[]
        };
        finding.severity = severity::with(self.context, self.versions, row, self.pair, known);
        Some(finding)
    }

    /// What is left of a list: entries that change nothing, and other spellings.
    pub fn without_effect(&self, differs: &SettingChange) -> Option<Finding> {
        let list = list_of(differs.key.row)?;
        let lone = self.lone.iter().filter(|lone| lone.list == list);
        let mut details: Vec<Detail> = lone
            .clone()
            .filter(|lone| lone.difference.is_none() && !lone.foreign)
            .map(|lone| self.entry(lone))
            .collect();
        let spelled = details.is_empty();
        details.extend(self.spellings(list));
        // A list that is empty on one server and not there on the other has no members that differ.
        if details.is_empty() && (differs.sameness != Sameness::Equivalent || lone.count() > 0) {
            return None;
        }
        let row = self.context.row(differs.key.row);
        let mut finding = self.context.setting_finding(row, self.pair, &differs.key);
        finding.detail = details;
        let reason = row.reason.as_deref().filter(|_| spelled).unwrap_or(EQUAL_IN_MEANING);
        expect(&mut finding, reason);
        Some(finding)
    }

    /// Members that both servers have, written differently.
    fn spellings(&self, list: List) -> Vec<Detail> {
        let written = |side| {
            let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for member in self.lists.get(side, list) {
                names.entry(&member.canonical).or_default().push(&member.raw);
            }
            names.values_mut().for_each(|names| names.sort_unstable());
            names
        };
        let (left, right) = (written(Side::Primary), written(Side::Staging));
        left.iter()
            .filter_map(|(canonical, names)| Some((names, right.get(canonical)?)))
            .filter(|(l, r)| l != r)
            .map(|(l, r)| Detail {
                id: row_of(list).into(),
                what: detail::member(self.context.row(row_of(list))),
                change: ChangeKind::Changed,
                primary: Some(l.join(", ")),
                staging: Some(r.join(", ")),
            })
            .collect()
    }
}

/// An entry as an operator would name it.
pub fn shown(member: &Member) -> String {
    if member.raw.is_empty() {
        ROOT.to_owned()
    } else {
        member.raw.clone()
    }
}
