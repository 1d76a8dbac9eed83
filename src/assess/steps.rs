//! Run profile steps: the order in which they run, and those that one server
//! lacks because it lacks their partition.
//!
//! In: changes of run profiles. Out: findings, and what hangs under a partition's
//! finding. Must not know: what a step does.

use super::context::{Context, Side, called};
use super::finding::{Drafts, change, values};
use super::versions::Versions;
use super::{settings, severity};
use crate::catalogue::ids;
use crate::model::{Configuration, Object, ObjectIndex, SettingKey, Value};
use crate::report::{ChangeKind, Detail};

/// A step that one server has otherwise or not at all, and what explains it.
pub struct Follower {
    step: usize,
    /// The setting that differs; none where the step stands on one server only.
    setting: Option<SettingKey>,
    partition: usize,
    /// Row of the partition's finding.
    cause: String,
}

/// The partition that a step runs on.
pub fn partition(configuration: &Configuration, step: &Object) -> Option<ObjectIndex> {
    let Some(Value::Reference {
        target: Some(target), ..
    }) = step.value(ids::STEP_PARTITION)
    else {
        return None;
    };
    let within = |partition: &Object| {
        let connector = partition.parent.map_or("", |parent| &configuration.objects[parent].key);
        let rest = target.key.strip_prefix(connector)?.strip_prefix('/')?;
        (rest == partition.key).then_some(())
    };
    configuration
        .of_kind(ids::kinds::PARTITION)
        .find(|(_, partition)| within(partition).is_some())
        .map(|(index, _)| index)
}

/// Whether a step is on one server only because only that server has, or reads, its partition.
pub fn follower(context: &Context<'_>, step: usize) -> Option<Follower> {
    let side = context.lacking(step).other();
    let runs_on = partition(context.configuration(side), context.object(step)?)?;
    let partition = context.pair_of(side, runs_on);
    let pair = context.pair(partition);
    let cause = if pair.left.is_none() || pair.right.is_none() {
        context.catalogue.kind(ids::kinds::PARTITION)?.presence.clone()?
    } else {
        let reads = |side| severity::selected(context, partition, side);
        let only_here = reads(side) == Some(true) && reads(side.other()) == Some(false);
        only_here.then(|| ids::PARTITION_SELECTED.to_owned())?
    };
    Some(Follower {
        step,
        setting: None,
        partition,
        cause,
    })
}

/// Whether a step of both servers names a partition that only one of them has.
pub fn dangling(context: &Context<'_>, step: usize, key: &SettingKey) -> Option<Follower> {
    if key.row != ids::STEP_PARTITION {
        return None;
    }
    [
        (Side::Primary, context.left(step)?),
        (Side::Staging, context.right(step)?),
    ]
    .into_iter()
    .find_map(|(side, object)| {
        let partition = context.pair_of(side, partition(context.configuration(side), object)?);
        let pair = context.pair(partition);
        let lone = pair.left.is_none() || pair.right.is_none();
        let cause = context.catalogue.kind(ids::kinds::PARTITION)?.presence.clone()?;
        lone.then_some(Follower {
            step,
            setting: Some(key.clone()),
            partition,
            cause,
        })
    })
}

/// Hangs each step under its partition's finding; a step whose partition has none is a finding itself.
pub fn hang(context: &Context<'_>, versions: &Versions, followers: &[Follower], drafts: &mut Drafts) {
    for follower in followers {
        let row = context.row(&follower.cause);
        let fingerprint = context.finding(row, follower.partition, "", "").fingerprint;
        let mut causes = drafts.findings.iter_mut().chain(&mut drafts.expected);
        let Some(finding) = causes.find(|finding| finding.fingerprint == fingerprint) else {
            alone(context, versions, follower, drafts);
            continue;
        };
        finding.detail.push(detail(context, follower));
        let sentence = match follower.setting {
            Some(_) => "Run profile steps on it are left that name a partition nobody knows.".to_owned(),
            None => {
                let side = context.lacking(follower.step).other();
                format!(
                    "Run profile steps on it exist only on {}, too.",
                    context.server_name(side)
                )
            }
        };
        if !finding.consequences.contains(&sentence) {
            finding.consequences.push(sentence);
        }
    }
}

fn alone(context: &Context<'_>, versions: &Versions, follower: &Follower, drafts: &mut Drafts) {
    match &follower.setting {
        None => drafts.extend(settings::presence(context, versions, follower.step)),
        Some(key) => drafts.push(context.setting_finding(context.row(key.row), follower.step, key)),
    }
}

fn detail(context: &Context<'_>, follower: &Follower) -> Detail {
    let what = context.path(follower.step).join(" / ");
    if let Some(key) = &follower.setting {
        let detail = context.setting_detail(context.row(key.row), follower.step, key);
        return Detail { what, ..detail };
    }
    let (left, right) = (context.left(follower.step), context.right(follower.step));
    let kind = context.catalogue.kind(context.kind(follower.step));
    Detail {
        id: kind.and_then(|kind| kind.presence.clone()).unwrap_or_default().into(),
        what,
        change: change(left.is_some(), right.is_some()),
        primary: left.map(called),
        staging: right.map(called),
    }
}

/// The same members of a sequence in another order.
pub fn reordered(context: &Context<'_>, versions: &Versions, pair: usize, kind: &str, drafts: &mut Drafts) {
    let Some(row) = context.catalogue.kind(kind).and_then(|kind| kind.order.as_deref()) else {
        return;
    };
    let row = context.row(row);
    let mut finding = context.finding(row, pair, &row.title, "");
    finding.change = ChangeKind::Reordered;
    finding.severity = severity::of(context, versions, row, pair);
    let (left, right) = (
        order(context, Side::Primary, pair, kind),
        order(context, Side::Staging, pair, kind),
    );
    finding.values = values(Some(&left), Some(&right));
    finding.primary = Some(left);
    finding.staging = Some(right);
    finding.locations = context.places(pair);
    drafts.push(finding);
}

/// Members that both servers have, in the order of one.
fn order(context: &Context<'_>, side: Side, pair: usize, kind: &str) -> String {
    let holder = match side {
        Side::Primary => context.pair(pair).left,
        Side::Staging => context.pair(pair).right,
    };
    let members = holder.map_or(&[][..], |holder| &context.children(side)[holder]);
    let objects = &context.configuration(side).objects;
    let shared = members.iter().filter(|&&member| {
        let pair = context.pair(context.pair_of(side, member));
        objects[member].kind == kind && pair.left.is_some() && pair.right.is_some()
    });
    let names: Vec<String> = shared.map(|&member| called(&objects[member])).collect();
    names.join(", then ")
}
