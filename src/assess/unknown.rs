//! What gaps hide: objects that seem added or removed because the other
//! server's part could not be read.
//!
//! In: gaps and presence changes. Out: unknown findings, and which pairs they
//! cover. Must not know: rules.

use super::context::{Context, Side};
use super::finding::{Drafts, digest, values};
use crate::catalogue::{Catalogue, ids};
use crate::diff::Change;
use crate::intake::Part;
use crate::model::{Configuration, Gap, Object};
use crate::report::{ChangeKind, Detail, Status, Text};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How to get what could not be read.
pub fn export_again(servers: &str) -> String {
    format!("Mend the gap: export {servers} again with Get-ADSyncServerConfiguration -Path and compare again.")
}

/// How to get what the collector could not read.
fn collect_again(server: &str) -> String {
    format!(
        "Mend the gap: run the collector on {server} again as a local administrator (syncdrift export) and compare again."
    )
}

/// Pairs whose presence is unknown.
#[derive(Debug, Default)]
pub struct Hidden {
    pairs: BTreeSet<usize>,
}

impl Hidden {
    /// Whether a gap hides the answer for a pair.
    pub fn covers(&self, pair: usize) -> bool {
        self.pairs.contains(&pair)
    }
}

/// One unknown finding per server and kind stands for all objects a gap may hold.
pub fn judge(context: &Context<'_>, drafts: &mut Drafts) -> Hidden {
    let mut groups: BTreeMap<(Side, &'static str), Vec<usize>> = BTreeMap::new();
    let mut hidden = Hidden::default();
    for change in &context.comparison.changes {
        let Change::Presence { pair } = change else { continue };
        let side = if context.pair(*pair).left.is_some() {
            Side::Staging
        } else {
            Side::Primary
        };
        let kind = context.kind(*pair);
        let root = context.object(*pair).is_some_and(|object| object.parent.is_none());
        // What nobody was asked is not missing.
        if root && of_bundle(context.catalogue, kind) && !was_asked(context, side, kind) {
            hidden.pairs.insert(*pair);
            continue;
        }
        let whole = match root {
            true => hides(context, side, kind).then_some(kind),
            false if in_part(context, side, *pair) => Some(kind),
            false => known_in_part(context, side, *pair),
        };
        if let Some(whole) = whole {
            groups.entry((side, whole)).or_default().push(*pair);
            hidden.pairs.insert(*pair);
        } else if root && of_bundle(context.catalogue, kind) && holds_nothing(context, *pair) {
            // What one server does not have and the other one did not look for is on neither.
            hidden.pairs.insert(*pair);
        }
    }
    for ((side, kind), pairs) in groups {
        push(context, side, kind, &pairs, drafts);
    }
    hidden
}

/// The kind of what holds a pair, where the side that lacks the pair knows only some settings of it.
fn known_in_part(context: &Context<'_>, lacking: Side, pair: usize) -> Option<&'static str> {
    let own = context.configuration(lacking.other());
    let mut object = context.object(pair)?;
    let mut index = None;
    while let Some(parent) = object.parent {
        index = Some(parent);
        object = own.objects.get(parent)?;
    }
    let holder = context.pair_of(lacking.other(), index?);
    let counterpart = match lacking {
        Side::Primary => context.left(holder),
        Side::Staging => context.right(holder),
    };
    counterpart.filter(|other| other.partial).map(|other| other.kind)
}

/// Whether some gap of a side may hold an object of this kind.
pub fn hides(context: &Context<'_>, side: Side, kind: &str) -> bool {
    let part = part_of(context, kind);
    context
        .configuration(side)
        .gaps
        .iter()
        .any(|gap: &Gap| gap.part == "*" || part.as_ref().is_none_or(|part| is_in(part, &gap.part)))
}

/// Whether a part of an export lies in another one, or is it.
pub fn is_in(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the one object of its document says nothing but of what it was asked.
fn holds_nothing(context: &Context<'_>, pair: usize) -> bool {
    let named = context
        .catalogue
        .kind(context.kind(pair))
        .is_some_and(|kind| kind.name.is_some());
    let attribute = |row: &'static str| {
        let path = context.row(row).path.as_deref();
        path.is_some_and(|path| path.starts_with('@'))
    };
    let found = context.pair(pair);
    let childless = |side, index: Option<usize>| index.is_none_or(|index| context.children(side)[index].is_empty());
    let object = context.object(pair);
    named
        && childless(Side::Primary, found.left)
        && childless(Side::Staging, found.right)
        && object.is_some_and(|object| object.settings.keys().all(|key| attribute(key.row)))
}

/// Whether a server could tell only some of the objects among which this one of a bundle is missing.
fn in_part(context: &Context<'_>, side: Side, pair: usize) -> bool {
    let around = context.parent(pair).map(|parent| match side {
        Side::Primary => context.left(parent),
        Side::Staging => context.right(parent),
    });
    let around = around.flatten();
    around.is_some_and(|object| object.partial && of_bundle(context.catalogue, object.kind))
}

/// Whether a rule of either server may stand in a file that could not be read.
pub fn rules_hidden(context: &Context<'_>) -> bool {
    [Side::Primary, Side::Staging]
        .into_iter()
        .any(|side| hides(context, side, ids::kinds::RULE))
}

/// Part of the export that holds a kind of object.
fn part_of(context: &Context<'_>, kind: &str) -> Option<String> {
    Part::gap_of_root(context.catalogue.document(kind)?)
}

/// Whether a kind of object is of a bundle and not of the export.
pub fn of_bundle(catalogue: &Catalogue, kind: &str) -> bool {
    catalogue.document(kind).and_then(Part::of_root) == Some(Part::Item)
}

/// Whether a server was asked for a kind of object that is of a bundle, answered or not.
pub fn was_asked(context: &Context<'_>, side: Side, kind: &str) -> bool {
    let document = context.catalogue.document(kind);
    let same = |object: &Object| object.parent.is_none() && context.catalogue.document(object.kind) == document;
    context.configuration(side).objects.iter().any(same) || hides(context, side, kind)
}

/// Whether a server has a bundle at all.
pub fn has_bundle(configuration: &Configuration, catalogue: &Catalogue) -> bool {
    let item = |gap: &Gap| gap.part.starts_with(Part::Item.folder());
    let kinds: HashSet<&str> = configuration.objects.iter().map(|object| object.kind).collect();
    kinds.into_iter().any(|kind| of_bundle(catalogue, kind)) || configuration.gaps.iter().any(item)
}

fn push(context: &Context<'_>, side: Side, kind: &str, pairs: &[usize], drafts: &mut Drafts) {
    let Some(object) = context.catalogue.kind(kind) else {
        return;
    };
    let row = context.row(object.presence.as_deref().unwrap_or(ids::UNCATALOGUED));
    let server = context.server_name(side);
    let mut names: Vec<String> = pairs.iter().map(|&pair| context.path(pair).join(" / ")).collect();
    names.sort();
    let count = pairs.len();
    let what = if object.name.is_some() {
        object.plural.to_lowercase()
    } else if count == 1 {
        format!("1 {}", object.title.to_lowercase())
    } else {
        format!("{count} {}", object.plural.to_lowercase())
    };
    let present = Some(names.join("; "));
    let (primary, staging) = match side {
        Side::Staging => (present, None),
        Side::Primary => (None, present),
    };
    let change = match side {
        Side::Staging => ChangeKind::Removed,
        Side::Primary => ChangeKind::Added,
    };
    let mut finding = context.pair_finding(row, primary, staging);
    finding.fingerprint = digest(&[&row.id, "unknown", kind]);
    finding.area = Text::Borrowed(&object.area);
    finding.object = object.plural.clone();
    finding.object_path = vec![object.plural.clone()];
    finding.setting = format!("{what} not seen on {server}");
    finding.change = change;
    finding.values = values(finding.primary.as_deref(), finding.staging.as_deref());
    finding.status = Status::Unknown;
    finding.why = format!(
        "A part of {server}'s {} could not be read and may hold them. {}",
        if of_bundle(context.catalogue, kind) {
            "bundle"
        } else {
            "export"
        },
        row.why
    )
    .into();
    finding.fix = match of_bundle(context.catalogue, kind) {
        true => collect_again(&server).into(),
        false => export_again(&server).into(),
    };
    finding.detail = names
        .into_iter()
        .map(|name| Detail {
            id: Text::Borrowed(&row.id),
            what: object.title.clone(),
            change,
            primary: (side == Side::Staging).then(|| name.clone()),
            staging: (side == Side::Primary).then_some(name),
        })
        .collect();
    drafts.push(finding);
}
