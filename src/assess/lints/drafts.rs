//! Faults of a server while nobody knows whether a finding has the same cause.
//!
//! In: faults of both servers, findings. Out: lints; what only one server has and
//! a finding explains becomes a consequence of that finding, or takes its place where
//! the fault is the cause. Must not know: what the faults are.

use crate::assess::context::Context;
use crate::assess::finding::values;
use crate::catalogue::{Severity, ids};
use crate::report::{ChangeKind, Detail, Finding, Status};
use std::collections::{BTreeSet, HashMap};

/// A fault of one server.
pub struct Draft {
    /// The lint it may become.
    pub lint: Finding,
    /// The same for the same fault of the other server.
    pub key: String,
    /// The setting that such a finding is about; any where none is named. A finding about the whole object is one, too.
    pub setting: Option<String>,
    /// Pairs whose findings may be the cause, the likeliest first.
    pub causes: Vec<usize>,
    /// Rows of such findings; any that matters where none is named.
    pub rows: &'static [&'static str],
    /// What is said under such a finding.
    pub sentence: String,
    /// What the other server has, where the fault is the cause of such findings and they are its details.
    pub leads: Option<String>,
}

/// What drafts became.
#[derive(Default)]
pub struct Settled {
    /// Lints of both servers, primary first.
    pub lints: [Vec<Finding>; 2],
    /// Faults that are findings now.
    pub leading: Vec<Finding>,
}

/// Rows about a rule as a whole.
const WHOLE: [&str; 3] = [ids::CUSTOM_RULE_MISSING, ids::DEFAULT_RULE_MISSING, ids::RULE_DISABLED];

/// Findings by the object they are about and by those around it.
type Index = HashMap<Vec<String>, Vec<usize>>;

/// Lints of both servers. A fault that both have is no consequence of what differs between them.
pub fn settle(context: &Context<'_>, left: Vec<Draft>, right: Vec<Draft>, findings: &mut Vec<Finding>) -> Settled {
    let keys = |drafts: &[Draft]| -> BTreeSet<String> { drafts.iter().map(|draft| draft.key.clone()).collect() };
    let (lefts, rights) = (keys(&left), keys(&right));
    let mut index: Option<Index> = None;
    let mut leading = Vec::new();
    let lints = [(left, &rights), (right, &lefts)].map(|(drafts, others)| {
        let mut lints = Vec::new();
        for draft in drafts {
            let lone = !others.contains(&draft.key) && !draft.causes.is_empty();
            if let Some(other) = draft.leads.as_ref().filter(|_| lone)
                && let Some(lead) = led(context, &draft, other, findings)
            {
                index = None;
                findings.push(lead);
                leading.push(draft.lint);
                continue;
            }
            let index = lone.then(|| &*index.get_or_insert_with(|| indexed(findings)));
            match index.and_then(|index| cause(context, &draft, index, findings)) {
                Some(cause) => findings[cause].consequences.push(draft.sentence),
                None => lints.push(draft.lint),
            }
        }
        lints
    });
    Settled { lints, leading }
}

/// The finding about a fault of one server that takes in what follows from it; `None` where nothing does.
fn led(context: &Context<'_>, draft: &Draft, other: &str, findings: &mut Vec<Finding>) -> Option<Finding> {
    let paths: Vec<Vec<String>> = draft.causes.iter().map(|&pair| context.path(pair)).collect();
    let follows = |finding: &Finding| {
        let about = finding.status == Status::Drift && draft.rows.contains(&finding.id.as_ref());
        about && paths.contains(&finding.object_path)
    };
    let followers: Vec<Finding> = findings.extract_if(.., |finding| follows(finding)).collect();
    let worst = followers.iter().map(|finding| finding.severity).max()?;
    let mut lead = draft.lint.clone();
    lead.server = None;
    lead.status = Status::Drift;
    lead.change = ChangeKind::Changed;
    lead.severity = lead.severity.max(worst);
    let shown = Some(other.to_owned()).filter(|other| !other.is_empty());
    match lead.primary {
        None => lead.primary = shown,
        Some(_) => lead.staging = shown,
    }
    lead.values = values(lead.primary.as_deref(), lead.staging.as_deref());
    for follower in followers {
        lead.consequences.extend(follower.consequences);
        lead.locations.extend(follower.locations);
        lead.detail.push(Detail {
            what: format!("{}: {}", follower.object, follower.setting),
            id: follower.id,
            change: follower.change,
            primary: follower.primary,
            staging: follower.staging,
        });
    }
    Some(lead)
}

fn indexed(findings: &[Finding]) -> Index {
    let mut index = Index::new();
    for (at, finding) in findings
        .iter()
        .enumerate()
        .filter(|(_, one)| one.status == Status::Drift)
    {
        for length in 1..=finding.object_path.len() {
            let path = finding.object_path[..length].to_vec();
            index.entry(path).or_default().push(at);
        }
    }
    index
}

/// The worst finding about the first pair that has one.
fn cause(context: &Context<'_>, draft: &Draft, index: &Index, findings: &[Finding]) -> Option<usize> {
    let part = |finding: &Finding| match &draft.setting {
        Some(setting) => *setting == finding.setting || WHOLE.contains(&finding.id.as_ref()),
        None => true,
    };
    let fits = |finding: &Finding| match draft.rows {
        _ if !part(finding) => false,
        // The finding about the very setting may be of any severity.
        [] if draft.setting.is_some() => true,
        // A new name or description causes nothing.
        [] => finding.severity > Severity::Low,
        rows => rows.contains(&finding.id.as_ref()),
    };
    draft.causes.iter().find_map(|&pair| {
        let about = index.get(&context.path(pair))?.iter().copied();
        // The first of equals: positions do not change from run to run.
        about
            .filter(|&at| fits(&findings[at]))
            .max_by_key(|&at| (findings[at].severity, std::cmp::Reverse(at)))
    })
}
