//! Building findings: identity, texts, order.
//!
//! In: a row, a pair and two values. Out: [`Finding`]s, sorted and with
//! unique fingerprints. Must not know: why somebody thought it a finding.

use super::context::{Context, Side};
use crate::catalogue::{Row, Severity, ValueKind};
use crate::model::{Setting, SettingKey, Value};
use crate::report::{ChangeKind, Detail, Finding, Status, Text};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

/// Findings and expected differences while they are collected.
#[derive(Debug, Default)]
pub struct Drafts {
    /// Drift and unknown.
    pub findings: Vec<Finding>,
    /// What no one need act on.
    pub expected: Vec<Finding>,
    /// Rows of computed facts that were judged.
    pub judged: BTreeMap<&'static str, Judged>,
}

/// How much a computed fact was compared.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    /// Objects in which it was compared.
    pub objects: usize,
    /// Whether a gap hides part of the answer.
    pub hidden: bool,
}

impl Drafts {
    /// Adds a finding under its status.
    pub fn push(&mut self, finding: Finding) {
        if finding.status == Status::Expected {
            self.expected.push(finding);
        } else {
            self.findings.push(finding);
        }
    }

    /// Adds several.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Adds what somebody else collected.
    pub fn join(&mut self, other: Drafts) {
        self.findings.extend(other.findings);
        self.expected.extend(other.expected);
        self.judged.extend(other.judged);
    }

    /// Notes that a computed fact was compared.
    pub fn derived(&mut self, row: &'static str, objects: usize, hidden: bool) {
        self.judged.insert(row, Judged { objects, hidden });
    }

    /// Sorts worst first and makes fingerprints unique.
    pub fn finish(mut self) -> (Vec<Finding>, Vec<Finding>) {
        self.findings.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then_with(|| a.status.cmp(&b.status))
                .then_with(|| key(a).cmp(&key(b)))
        });
        self.expected.sort_by(|a, b| key(a).cmp(&key(b)));
        for list in [&mut self.findings, &mut self.expected] {
            for finding in list.iter_mut().filter(|finding| finding.consequences.len() > 1) {
                // Several judges may say the same of one cause.
                let mut said = HashSet::new();
                finding.consequences.retain(|sentence| said.insert(sentence.clone()));
            }
            let mut seen: HashMap<String, u32> = HashMap::new();
            for finding in list.iter_mut() {
                let count = seen.entry(finding.fingerprint.clone()).or_insert(0);
                *count += 1;
                if *count > 1 {
                    finding.fingerprint = digest(&[&finding.fingerprint, &count.to_string()]);
                }
            }
        }
        (self.findings, self.expected)
    }
}

type SortKey<'f> = (
    &'f str,
    &'f [String],
    &'f str,
    &'f str,
    Option<&'f str>,
    Option<&'f str>,
);

fn key(finding: &Finding) -> SortKey<'_> {
    (
        &finding.area,
        &finding.object_path,
        &finding.id,
        &finding.setting,
        finding.primary.as_deref(),
        finding.staging.as_deref(),
    )
}

/// Twelve hex digits of a SHA-256 over the parts.
pub fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let first = hasher
        .finalize()
        .iter()
        .take(6)
        .fold(0, |bits: u64, byte| (bits << 8) | u64::from(*byte));
    format!("{first:012x}")
}

/// Of a finding without values.
static NO_VALUES: LazyLock<String> = LazyLock::new(|| values(None, None));

/// Hash of both values, the same whichever side they are on.
pub fn values(left: Option<&str>, right: Option<&str>) -> String {
    let mark = |value: Option<&str>| value.map_or_else(|| "-".to_owned(), |value| format!("+{value}"));
    let mut both = [mark(left), mark(right)];
    both.sort();
    digest(&[&both[0], &both[1]])
}

/// How a value is shown; a secret's is never.
pub fn shown(setting: Option<&Setting>, other: Option<&Setting>, side: Side) -> Option<String> {
    let setting = setting?;
    Some(match (&setting.value, other.map(|other| &other.value)) {
        (Value::Secret { present: true, .. }, Some(Value::Secret { present: true, .. })) if side == Side::Staging => {
            "(another secret)".to_owned()
        }
        (value, Some(another))
            if side == Side::Staging
                && other.is_some_and(|other| other.marks != setting.marks)
                && another.display() == value.display() =>
        {
            format!("{} (with another secret)", setting.value.display())
        }
        // Two identifiers of one object: what differs is the identifier.
        (
            Value::Reference {
                raw,
                target: Some(target),
            },
            Some(another),
        ) if another.display() == target.name && setting.value != *another => {
            format!("{} {raw}", target.name)
        }
        (Value::Leaves(leaves), _) if leaves.len() == 1 && leaves[0].is_empty() => EMPTY.to_owned(),
        (value, _) => value.display(),
    })
}

/// The same for a row: a flag in one spelling, and an empty value as a word.
pub fn spelled(row: &'static Row, setting: Option<&Setting>, other: Option<&Setting>, side: Side) -> Option<String> {
    let text = shown(setting, other, side)?;
    let meaning = |setting: Option<&Setting>| setting.map(|setting| setting.value.canonical());
    let (own, others) = (meaning(setting), meaning(other));
    Some(match own.as_deref() {
        _ if text.is_empty() => EMPTY.to_owned(),
        _ if text.trim().is_empty() => "(only white space)".to_owned(),
        // Where nothing but the spelling differs, the spelling is the news.
        Some("true") if row.value == Some(ValueKind::Flag) && own != others => "True".to_owned(),
        Some("false") if row.value == Some(ValueKind::Flag) && own != others => "False".to_owned(),
        _ => text,
    })
}

/// How a value is shown that is there and says nothing.
pub const EMPTY: &str = "(empty)";

/// Which kind of change two optional values make.
pub fn change(left: bool, right: bool) -> ChangeKind {
    match (left, right) {
        (true, false) => ChangeKind::Removed,
        (false, true) => ChangeKind::Added,
        _ => ChangeKind::Changed,
    }
}

impl Context<'_> {
    /// A finding with everything the row and the pair say; values, status and the rest are the caller's.
    pub fn finding(&self, row: &'static Row, pair: usize, setting: &str, setting_identity: &str) -> Finding {
        let path = self.path(pair);
        Finding {
            id: Text::Borrowed(&row.id),
            fingerprint: digest(&[&row.id, self.identity(pair), setting_identity]),
            area: Text::Borrowed(self.catalogue.area(row)),
            object: path.last().cloned().unwrap_or_default(),
            object_path: path,
            setting: setting.to_owned(),
            change: ChangeKind::Changed,
            primary: None,
            staging: None,
            values: NO_VALUES.clone(),
            detail: Vec::new(),
            severity: row.severity,
            status: Status::Drift,
            why: Text::Borrowed(&row.why),
            fix: Text::Borrowed(&row.fix),
            reference: Text::Borrowed(&row.reference),
            effect: None,
            matched_by: Some(self.pair(pair).by.to_owned()).filter(|by| !by.is_empty()),
            locations: Vec::new(),
            consequences: Vec::new(),
            accepted: None,
            reason: None,
            server: None,
            moved_by: None,
            approved_value: None,
            in_baseline: false,
        }
    }

    /// A finding about the two servers, not about an object.
    pub fn pair_finding(&self, row: &'static Row, left: Option<String>, right: Option<String>) -> Finding {
        let change = change(left.is_some(), right.is_some());
        Finding {
            id: Text::Borrowed(&row.id),
            fingerprint: digest(&[&row.id]),
            area: Text::Borrowed(self.catalogue.area(row)),
            object: "Both servers".to_owned(),
            object_path: vec!["Both servers".to_owned()],
            setting: row.title.clone(),
            change,
            values: values(left.as_deref(), right.as_deref()),
            primary: left,
            staging: right,
            detail: Vec::new(),
            severity: row.severity,
            status: Status::Drift,
            why: Text::Borrowed(&row.why),
            fix: Text::Borrowed(&row.fix),
            reference: Text::Borrowed(&row.reference),
            effect: None,
            matched_by: None,
            locations: Vec::new(),
            consequences: Vec::new(),
            accepted: None,
            reason: None,
            server: None,
            moved_by: None,
            approved_value: None,
            in_baseline: false,
        }
    }

    /// A finding about one setting of a pair, with both values.
    pub fn setting_finding(&self, row: &'static Row, pair: usize, key: &SettingKey) -> Finding {
        let left = self.setting(pair, Side::Primary, key);
        let right = self.setting(pair, Side::Staging, key);
        let mut finding = self.finding(
            row,
            pair,
            &self.title(row, pair, key),
            key.name.as_deref().unwrap_or_default(),
        );
        finding.change = change(left.is_some(), right.is_some());
        finding.primary = spelled(row, left, right, Side::Primary);
        finding.staging = spelled(row, right, left, Side::Staging);
        let hashed = |setting: Option<&Setting>| setting.map(|setting| setting.value.canonical());
        finding.values = values(hashed(left).as_deref(), hashed(right).as_deref());
        for (side, setting) in [(Side::Primary, left), (Side::Staging, right)] {
            finding
                .locations
                .extend(setting.and_then(|setting| self.place(side, setting.location)));
        }
        finding
    }

    /// Title of a setting, with its name where a row stands for many.
    pub fn title(&self, row: &'static Row, pair: usize, key: &SettingKey) -> String {
        let label = self
            .setting(pair, Side::Primary, key)
            .or_else(|| self.setting(pair, Side::Staging, key))
            .and_then(|setting| setting.label.clone())
            .or_else(|| key.name.clone());
        match label {
            Some(label) => format!("{}: {label}", row.title),
            None => row.title.clone(),
        }
    }

    /// One setting as a part of a larger finding.
    pub fn setting_detail(&self, row: &'static Row, pair: usize, key: &SettingKey) -> Detail {
        let left = self.setting(pair, Side::Primary, key);
        let right = self.setting(pair, Side::Staging, key);
        Detail {
            id: Text::Borrowed(&row.id),
            what: self.title(row, pair, key),
            change: change(left.is_some(), right.is_some()),
            primary: spelled(row, left, right, Side::Primary),
            staging: spelled(row, right, left, Side::Staging),
        }
    }
}

/// The worse of two severities.
pub fn worst(severities: impl IntoIterator<Item = Severity>) -> Severity {
    severities.into_iter().max().unwrap_or(Severity::Info)
}
