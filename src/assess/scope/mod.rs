//! Effective OU scope: the container lists of a partition, judged by what
//! they result in.
//!
//! In: partitions whose lists differ. Out: one finding for each container
//! whose scope differs, with the entries that make it so; entries that change
//! nothing are expected. Must not know: how a scope is computed.

mod entries;
mod lists;

use super::context::{Context, Side};
use super::finding::{Drafts, values};
use super::settings::{self, expect};
use super::severity::{self, selected, unselected_everywhere};
use super::versions::Versions;
use crate::catalogue::{Predicate, ids};
use crate::derive::scope::{
    Container, Difference, Kind, List, Lone, Selection, State, containers, differences, lone, part_of,
};
use crate::diff::{Change, SettingChange};
use crate::model::Sameness;
use crate::report::{ChangeKind, Detail, Finding, Status};
use entries::shown;
pub use lists::Lists;

/// How an empty entry is shown.
const ROOT: &str = "(root of the partition)";
/// Said where only one server reads the partition.
const ONE_READS: &str =
    "Only one server reads this partition, which is the finding; the lists count as soon as both do.";

/// The list that a row reads; `None` for every other row.
pub fn list_of(row: &str) -> Option<List> {
    match row {
        ids::CONTAINER_INCLUSIONS => Some(List::Inclusions),
        ids::CONTAINER_EXCLUSIONS => Some(List::Exclusions),
        _ => None,
    }
}

fn row_of(list: List) -> &'static str {
    match list {
        List::Inclusions => ids::CONTAINER_INCLUSIONS,
        List::Exclusions => ids::CONTAINER_EXCLUSIONS,
    }
}

/// Judges the container lists of every partition that both servers have.
pub fn judge(context: &Context<'_>, versions: &Versions, drafts: &mut Drafts) {
    let both = |&pair: &usize| {
        context.kind(pair) == ids::kinds::PARTITION && context.left(pair).is_some() && context.right(pair).is_some()
    };
    let compared = (0..context.comparison.pairs.all.len()).filter(both).count();
    for row in [ids::OU_SCOPE, ids::NEW_OU_SCOPE] {
        drafts.derived(row, compared, false);
    }
    for change in &context.comparison.changes {
        let Change::Settings { pair, settings } = change else {
            continue;
        };
        let changed: Vec<&SettingChange> = settings.iter().filter(|c| list_of(c.key.row).is_some()).collect();
        if changed.is_empty() {
            continue;
        }
        match Lists::of(context, *pair) {
            Some(lists) => partition(context, versions, *pair, &lists, &changed, drafts),
            // Something else stands where a list was expected: it is compared as it is.
            None => drafts.extend(
                changed
                    .iter()
                    .map(|change| unreadable(context, versions, *pair, change)),
            ),
        }
    }
}

/// A list of which nobody can tell what it means.
fn unreadable(context: &Context<'_>, versions: &Versions, pair: usize, change: &SettingChange) -> Finding {
    let mut finding = settings::setting(context, versions, pair, change);
    if finding.status == Status::Drift {
        let known = [Predicate::UnreadableContainer];
        finding.severity = severity::with(context, versions, context.row(change.key.row), pair, &known);
    }
    finding
}

fn partition(
    context: &Context<'_>,
    versions: &Versions,
    pair: usize,
    lists: &Lists<'_>,
    changed: &[&SettingChange],
    drafts: &mut Drafts,
) {
    let (left, right) = (lists.selection(Side::Primary), lists.selection(Side::Staging));
    let all = containers(&left, &right);
    let found = differences(&all);
    let lone = lone(&left, &right, &all, &found);
    let judge = Judge {
        context,
        versions,
        pair,
        lists,
        all: &all,
        parts: parts(&all, &found, &lone),
        found: &found,
        lone: &lone,
    };
    let read = [Side::Primary, Side::Staging].map(|side| selected(context, pair, side));
    if matches!(read, [Some(l), Some(r)] if l != r) {
        for change in changed {
            let mut finding = settings::setting(context, versions, pair, change);
            if change.sameness == Sameness::Different {
                expect(&mut finding, ONE_READS);
            }
            drafts.push(finding);
        }
        return;
    }
    let empty = |selection: &Selection<'_>| selection.all().next().is_none();
    if found.is_empty() && empty(&left) != empty(&right) {
        let side = if empty(&left) { Side::Primary } else { Side::Staging };
        for change in changed {
            let mut finding = unreadable(context, versions, pair, change);
            finding.consequences.push(format!(
                "The filter of {} has no entry at all. It is taken for every container, but no document says so: look \
                 at the selection on that server.",
                context.server_name(side)
            ));
            drafts.push(finding);
        }
        return;
    }
    for index in 0..found.len() {
        drafts.push(judge.scope(index, changed));
    }
    for change in changed {
        drafts.extend(judge.foreign(change));
        drafts.extend(judge.without_effect(change));
    }
}

/// What belongs to a difference.
#[derive(Default)]
struct Part<'j, 's> {
    /// Entries that make or limit it.
    entries: Vec<&'j Lone<'s>>,
    /// Containers in which it ends: named, directly below it, and not in it.
    borders: Vec<usize>,
}

fn inside_or_out(state: State<'_>) -> &'static str {
    if state.inside { "in scope" } else { "out of scope" }
}

/// For each difference what belongs to it, in one go: there can be thousands.
fn parts<'j, 's>(all: &[Container<'s>], found: &[Difference], lone: &'j [Lone<'s>]) -> Vec<Part<'j, 's>> {
    let mut parts: Vec<Part<'j, 's>> = found.iter().map(|_| Part::default()).collect();
    let part_of = part_of(found, all.len());
    for (at, container) in all.iter().enumerate() {
        if let Some(index) = container.parent.and_then(|parent| part_of[parent])
            && part_of[at] != Some(index)
        {
            parts[index].borders.push(at);
        }
    }
    for entry in lone {
        if let Some(index) = entry.difference {
            parts[index].entries.push(entry);
        }
    }
    parts
}

/// One partition with all that is known of its containers.
struct Judge<'j, 's> {
    context: &'j Context<'j>,
    versions: &'j Versions,
    pair: usize,
    lists: &'j Lists<'s>,
    all: &'j [Container<'s>],
    found: &'j [Difference],
    lone: &'j [Lone<'s>],
    parts: Vec<Part<'j, 's>>,
}

impl Judge<'_, '_> {
    fn root(&self) -> &str {
        self.lists.root(Side::Primary)
    }

    /// Name of a container.
    fn name(&self, at: usize) -> &str {
        self.all[at].member.map_or(self.root(), |member| &member.raw)
    }

    /// The finding of one difference.
    fn scope(&self, index: usize, changed: &[&SettingChange]) -> Finding {
        let (context, difference) = (self.context, &self.found[index]);
        let container = &self.all[difference.container];
        let (id, known): (_, &[Predicate]) = match difference.kind {
            Kind::Scope if difference.narrower => (ids::OU_SCOPE, &[Predicate::NarrowerOnStaging]),
            Kind::Scope => (ids::OU_SCOPE, &[]),
            Kind::NewContainers => (ids::NEW_OU_SCOPE, &[]),
        };
        let row = context.row(id);
        let canonical = container.member.map_or("", |member| &member.canonical);
        let mut finding = context.finding(row, self.pair, &row.title, canonical);
        if let Some(member) = container.member {
            finding.object.clone_from(&member.raw);
            finding.object_path.push(member.raw.clone());
        }
        finding.change = ChangeKind::Changed;
        finding.primary = Some(self.state(Side::Primary, container.left));
        finding.staging = Some(self.state(Side::Staging, container.right));
        finding.values = self.values(index);
        finding.severity = severity::with(context, self.versions, row, self.pair, known);
        finding.detail = self.details(index);
        finding.effect = self.effect(index);
        if unselected_everywhere(context, self.pair) {
            finding.effect = None;
            let harmless = "Neither server reads this partition: it counts as soon as somebody selects it.";
            finding.consequences.push(harmless.to_owned());
        }
        for change in changed {
            for side in [Side::Primary, Side::Staging] {
                let setting = context.setting(self.pair, side, &change.key);
                let place = setting.and_then(|setting| context.place(side, setting.location));
                // Both lists can stand on one line.
                let new = place.filter(|place| !finding.locations.contains(place));
                finding.locations.extend(new);
            }
        }
        finding
    }

    /// `in scope (included by OU=…)`.
    fn state(&self, side: Side, state: State<'_>) -> String {
        let word = inside_or_out(state);
        let why = match state.by {
            Some(entry) => {
                let name = shown(entry.member);
                let verb = if state.inside { "included" } else { "excluded" };
                if self.lists.contradict(side, entry.member) {
                    format!("{verb} by {name}, which stands in both lists")
                } else {
                    format!("{verb} by {name}")
                }
            }
            None if state.inside => "no list of included containers".to_owned(),
            None => "not among the included containers".to_owned(),
        };
        format!("{word} ({why})")
    }

    /// What an owner accepts: this container on this side, but for those below it in which that ends.
    fn values(&self, index: usize) -> String {
        let word = |inside: bool| if inside { "in" } else { "out" };
        let (difference, borders) = (&self.found[index], &self.parts[index].borders);
        let text = |side: fn(&Container<'_>) -> bool| {
            let mut lines = vec![word(side(&self.all[difference.container])).to_owned()];
            lines.extend(borders.iter().map(|&at| {
                let name = self.all[at].member.map_or("", |member| &member.canonical);
                format!("{name} {}", word(side(&self.all[at])))
            }));
            lines.join("\n")
        };
        values(
            Some(&text(|container| container.left.inside)),
            Some(&text(|container| container.right.inside)),
        )
    }

    /// Entries that make the difference, containers that follow it, and those in which it ends.
    fn details(&self, index: usize) -> Vec<Detail> {
        let part = &self.parts[index];
        let entries = part.entries.iter().map(|lone| self.entry(lone));
        let also = self.found[index].folded.iter().map(|&at| self.container("Also", at));
        let ends = part.borders.iter().map(|&at| match self.all[at].narrower() {
            Some(_) => self.container("The other way round, a finding of its own:", at),
            None => self.alike("But not", at),
        });
        entries.chain(also).chain(ends).collect()
    }

    fn container(&self, what: &str, at: usize) -> Detail {
        let container = &self.all[at];
        Detail {
            id: ids::OU_SCOPE.into(),
            what: format!("{what} {}", self.name(at)),
            change: ChangeKind::Changed,
            primary: Some(self.state(Side::Primary, container.left)),
            staging: Some(self.state(Side::Staging, container.right)),
        }
    }

    /// A container that both servers treat alike, whatever entry makes it so.
    fn alike(&self, what: &str, at: usize) -> Detail {
        let word = inside_or_out(self.all[at].left);
        Detail {
            id: ids::OU_SCOPE.into(),
            what: format!("{what} {}", self.name(at)),
            change: ChangeKind::Equal,
            primary: Some(word.to_owned()),
            staging: Some(word.to_owned()),
        }
    }

    /// Who is affected when staging takes over.
    fn effect(&self, index: usize) -> Option<String> {
        if self.context.options.same_server {
            return None;
        }
        let server = self.context.server_name(Side::Staging);
        let happens = match (self.of_entra(), self.found[index].narrower) {
            (true, true) => "are no longer read from Microsoft Entra ID",
            (true, false) => "are read from Microsoft Entra ID as well",
            (false, true) => "leave the scope and are deleted from Microsoft Entra ID",
            (false, false) => "come into scope and are added to Microsoft Entra ID",
        };
        Some(format!(
            "When {server} takes over, objects {} {happens}.",
            self.place(index)
        ))
    }

    /// `below OU=A,…, except OU=B,OU=A,…,`
    fn place(&self, index: usize) -> String {
        /// So many exceptions are named.
        const NAMED: usize = 3;
        let difference = &self.found[index];
        let name = self.name(difference.container);
        if difference.kind == Kind::NewContainers {
            return format!("in containers below {name} that no list names");
        }
        let borders = &self.parts[index].borders;
        let mut except: Vec<String> = borders.iter().take(NAMED).map(|&at| self.name(at).to_owned()).collect();
        if borders.len() > NAMED {
            except.push(format!("{} more containers", borders.len() - NAMED));
        }
        if except.is_empty() {
            format!("below {name}")
        } else {
            format!("below {name}, except {},", except.join(" and "))
        }
    }

    /// Whether the partition is the tenant's.
    fn of_entra(&self) -> bool {
        self.context.root(self.pair).is_some_and(|root| root.key == ids::ENTRA)
    }
}
