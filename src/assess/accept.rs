//! Accepted drift: findings that their owners let stand until a date.
//!
//! In: findings with their final fingerprints, and the user's entries. Out:
//! findings marked as accepted, or told why they are drift again, and the
//! entries that accept nothing. Must not know: files, how findings came to be.

use super::accept_unused::{Fate, of_no_pair, unused};
use super::context::Context;
use super::glob::Glob;
use super::pair::day;
use crate::catalogue::{Class, Severity};
use crate::report::{self, ChangeKind, Finding, Report, Status, UnusedAcceptance};
use crate::settings::{Acceptance, Target};
use jiff::civil::Date;
use std::collections::HashMap;

/// Marks what is accepted; the entries that accept nothing.
pub fn judge(
    context: &Context<'_>,
    findings: &mut [Finding],
    expected: &[Finding],
    lints: &[Finding],
) -> Vec<UnusedAcceptance> {
    let Some(accepted) = &context.options.accepted else {
        return Vec::new();
    };
    let entries = Entries::new(&accepted.entries, context.options.pair.as_deref());
    let mut fates = vec![Fate::default(); entries.all.len()];
    let refusals = accept(context, &entries, findings, &mut fates);
    say_why_not(&entries, findings, &refusals, &mut fates);
    for list in [expected, lints] {
        for finding in list {
            for entry in entries.of(finding) {
                fates[entry].names = fates[entry].names.or(Some(finding.status));
            }
        }
    }
    // Within a severity, what is open comes before what is accepted.
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.status.cmp(&b.status)));
    let mut unused = unused(context, &entries.all, &fates);
    unused.extend(of_no_pair(&accepted.entries, context.options.pair.as_deref()));
    unused.sort_by_key(|entry| entry.line);
    unused
}

/// Of several staging servers one file speaks: an entry is unused when it is so for each of them.
pub fn keep_unused_everywhere(reports: &mut [Report]) {
    let lines: Vec<Vec<u32>> = reports
        .iter()
        .map(|report| report.unused_acceptances.iter().map(|entry| entry.line).collect())
        .collect();
    for report in reports {
        report
            .unused_acceptances
            .retain(|entry| lines.iter().all(|lines| lines.contains(&entry.line)));
    }
}

/// An entry with its globs read.
pub struct Entry<'e> {
    /// As the user wrote it.
    pub written: &'e Acceptance,
    /// Over ids and objects.
    pub globs: Option<(Glob, Glob)>,
}

/// The entries that hold for this pair of servers.
struct Entries<'e> {
    all: Vec<Entry<'e>>,
    by_fingerprint: HashMap<&'e str, Vec<usize>>,
}

impl<'e> Entries<'e> {
    fn new(written: &'e [Acceptance], pair: Option<&str>) -> Entries<'e> {
        let holds = |entry: &&Acceptance| match (&entry.pair, pair) {
            (None, _) => true,
            (Some(glob), Some(pair)) => Glob::new(glob).matches(pair),
            (Some(_), None) => false,
        };
        let mut entries = Entries {
            all: Vec::new(),
            by_fingerprint: HashMap::new(),
        };
        for written in written.iter().filter(holds) {
            let globs = match &written.target {
                Target::Fingerprint(fingerprint) => {
                    let same = entries.by_fingerprint.entry(fingerprint).or_default();
                    same.push(entries.all.len());
                    None
                }
                Target::Named { id, object } => Some((Glob::new(id), Glob::new(object))),
            };
            entries.all.push(Entry { written, globs });
        }
        entries
    }

    /// Entries that name a finding, in the order of the file.
    fn of(&self, finding: &Finding) -> Vec<usize> {
        let mut found = self
            .by_fingerprint
            .get(finding.fingerprint.as_str())
            .cloned()
            .unwrap_or_default();
        for (index, entry) in self.all.iter().enumerate() {
            if let Some((id, object)) = &entry.globs
                && id.matches(&finding.id)
                && names(finding).iter().any(|name| object.matches(name))
            {
                found.push(index);
            }
        }
        found.sort_unstable();
        found
    }
}

/// What an object may be called: its name, its path, a domain's partition by its DNS name.
fn names(finding: &Finding) -> Vec<String> {
    let mut names = vec![finding.object.clone(), finding.object_path.join(" / ")];
    let labels: Option<Vec<&str>> = finding
        .object
        .split(',')
        .map(|part| match part.trim().split_once('=') {
            Some((kind, label)) if kind.eq_ignore_ascii_case("dc") => Some(label),
            _ => None,
        })
        .collect();
    names.extend(labels.map(|labels| labels.join(".")));
    names
}

/// Why an entry that names a finding does not accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// It takes fingerprint and values to accept this.
    Loose,
    /// Other values were accepted.
    Changed,
    /// Its last day is over.
    Expired,
}

/// A finding that an entry names and does not accept.
struct Refused {
    finding: usize,
    entry: usize,
    why: Refusal,
}

fn accept(context: &Context<'_>, entries: &Entries<'_>, findings: &mut [Finding], fates: &mut [Fate]) -> Vec<Refused> {
    let today = day(context.options.now);
    let mut refused = Vec::new();
    for (index, finding) in findings.iter_mut().enumerate() {
        for entry in entries.of(finding) {
            if finding.status == Status::Unknown {
                fates[entry].names = Some(Status::Unknown);
                continue;
            }
            let written = entries.all[entry].written;
            match refusal(context, written, finding, today) {
                None => {
                    fates[entry].accepts = true;
                    finding.status = Status::Accepted;
                    finding.accepted.get_or_insert_with(|| acceptance(written));
                }
                Some(why) => refused.push(Refused {
                    finding: index,
                    entry,
                    why,
                }),
            }
        }
    }
    refused
}

fn refusal(context: &Context<'_>, entry: &Acceptance, finding: &Finding, today: Date) -> Option<Refusal> {
    let exact = matches!(entry.target, Target::Fingerprint(_)) && entry.values.is_some();
    if strict(context, finding) && !exact {
        Some(Refusal::Loose)
    } else if entry.values.as_ref().is_some_and(|values| *values != finding.values) {
        Some(Refusal::Changed)
    } else if entry.expires < today {
        Some(Refusal::Expired)
    } else {
        None
    }
}

/// What nobody may accept without having seen its values.
fn strict(context: &Context<'_>, finding: &Finding) -> bool {
    let class = context.row(&finding.id).class;
    finding.severity == Severity::Block
        || finding.change == ChangeKind::Equal
        || matches!(class, Class::MustDiffer | Class::OneActive)
}

fn acceptance(entry: &Acceptance) -> report::Acceptance {
    report::Acceptance {
        reason: entry.reason.clone(),
        owner: entry.owner.clone(),
        ticket: entry.ticket.clone(),
        expires: entry.expires.to_string(),
    }
}

/// Findings that an entry names and does not accept say so, unless another entry accepts them.
fn say_why_not(entries: &Entries<'_>, findings: &mut [Finding], refused: &[Refused], fates: &mut [Fate]) {
    for Refused { finding, entry, why } in refused {
        let (finding, fate) = (&mut findings[*finding], &mut fates[*entry]);
        // By name and values, one of many objects is meant: the others have not changed.
        let another_is_meant = *why == Refusal::Changed && entries.all[*entry].globs.is_some() && fate.accepts;
        if finding.status == Status::Accepted {
            fate.superseded = true;
        } else if !another_is_meant {
            fate.loose |= *why == Refusal::Loose;
            fate.explained |= *why != Refusal::Loose;
            let sentence = sentence(entries.all[*entry].written, finding, *why);
            if !finding.consequences.contains(&sentence) {
                finding.consequences.push(sentence);
            }
        }
    }
}

fn sentence(entry: &Acceptance, finding: &Finding, why: Refusal) -> String {
    let ticket = entry.ticket.as_ref().map(|t| format!(", {t}")).unwrap_or_default();
    let who = format!("{} (\"{}\"{ticket})", entry.owner, entry.reason);
    match why {
        Refusal::Loose => format!(
            "Line {} of the accepted drift names it, for {who}, and does not accept it: a finding as grave as this is \
             accepted only by fingerprint and values (fingerprint = \"{}\", values = \"{}\").",
            entry.line, finding.fingerprint, finding.values
        ),
        Refusal::Changed => format!(
            "Other values were accepted by {who} until {}; they have changed since, so it is drift again.",
            entry.expires
        ),
        Refusal::Expired => format!(
            "It was accepted by {who} until {}; that has expired, so it is drift again since {}.",
            entry.expires,
            entry.expires.tomorrow().unwrap_or(entry.expires)
        ),
    }
}
