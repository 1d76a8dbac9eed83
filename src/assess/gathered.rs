//! Small objects that one server lacks, in one finding per server that lacks
//! them; those that live rules use are findings of their own.
//!
//! In: lone objects of kinds that name a row to gather them under. Out:
//! findings. Must not know: which kinds these are.

use super::context::{Context, Side};
use super::finding::{Drafts, change, values};
use super::settings::{by_class, presence};
use super::used;
use super::versions::Versions;
use crate::catalogue::{Named, ONLY_ON, Row};
use crate::derive::Thing;
use crate::model::Sameness;
use crate::report::{Detail, Finding, Text};
use std::collections::{BTreeMap, HashMap};

/// Lone objects while they are collected.
#[derive(Debug, Default)]
pub struct Gathered<'r> {
    /// By row and pair.
    pairs: Vec<(&'r str, usize)>,
}

/// An attribute of an object type goes with the attribute.
type Attached = HashMap<usize, Vec<usize>>;

impl<'r> Gathered<'r> {
    /// Adds a lone object.
    pub fn add(&mut self, row: &'r str, pair: usize) {
        self.pairs.push((row, pair));
    }

    /// Judges all of them.
    pub fn judge(self, context: &Context<'_>, versions: &Versions, drafts: &mut Drafts) {
        let (pairs, attached) = self.attach(context);
        let mut groups: BTreeMap<(&str, Side), Vec<usize>> = BTreeMap::new();
        for (row, pair) in pairs {
            let things = used::things(context, presence_row(context, pair), pair, None);
            let used = things.iter().any(|(_, thing)| !used::rules(context, thing).is_empty());
            if !used {
                groups.entry((row, context.lacking(pair))).or_default().push(pair);
                continue;
            }
            let mut finding = presence(context, versions, pair);
            if let Some(finding) = &mut finding {
                for &part in attached.get(&pair).into_iter().flatten() {
                    finding.detail.push(detail(context, part));
                }
            }
            drafts.extend(finding);
        }
        for ((row, side), mut pairs) in groups {
            let more: Vec<usize> = pairs
                .iter()
                .filter_map(|pair| attached.get(pair))
                .flatten()
                .copied()
                .collect();
            let count = pairs.len();
            pairs.extend(more);
            drafts.push(group(context, versions, context.row(row), side, &pairs, count));
        }
    }

    /// Parts what stands for itself from what goes with a lone attribute.
    fn attach(self, context: &Context<'_>) -> (Vec<(&'r str, usize)>, Attached) {
        let name = |pair: usize, named: Named| -> Option<(Side, String)> {
            let row = presence_row(context, pair);
            let (_, thing) = used::things(context, row, pair, None)
                .pop()
                .filter(|_| row.names == Some(named))?;
            match thing {
                Thing::MetaverseAttribute(name) | Thing::MetaverseBinding(_, name) => {
                    Some((context.lacking(pair), name))
                }
                _ => None,
            }
        };
        let causes: HashMap<(Side, String), usize> = self
            .pairs
            .iter()
            .filter_map(|&(_, pair)| Some((name(pair, Named::MetaverseAttribute)?, pair)))
            .collect();
        let mut attached = Attached::new();
        let mut pairs = Vec::new();
        for (row, pair) in self.pairs {
            match name(pair, Named::MetaverseBinding).and_then(|name| causes.get(&name)) {
                Some(&cause) => attached.entry(cause).or_default().push(pair),
                None => pairs.push((row, pair)),
            }
        }
        (pairs, attached)
    }
}

fn presence_row(context: &Context<'_>, pair: usize) -> &'static Row {
    let kind = context.catalogue.kind(context.kind(pair));
    context.row(kind.and_then(|kind| kind.presence.as_deref()).unwrap_or_default())
}

/// One line of a finding: what is missing, and in what.
fn detail(context: &Context<'_>, pair: usize) -> Detail {
    let row = presence_row(context, pair);
    let kind = context.catalogue.kind(context.kind(pair));
    let mut what = kind.map(|kind| kind.title.clone()).unwrap_or_default();
    // The object around all of them says nothing.
    let within = context.parent(pair).filter(|&parent| context.parent(parent).is_some());
    if let Some(parent) = within.and_then(|parent| context.object(parent)) {
        what = format!("{what} ({})", parent.name);
    }
    let name = |present: bool| {
        let name = context.object(pair).filter(|_| present)?.name.clone();
        Some(name.strip_prefix('#').map(str::to_owned).unwrap_or(name))
    };
    let (primary, staging) = (name(context.left(pair).is_some()), name(context.right(pair).is_some()));
    Detail {
        id: Text::Borrowed(&row.id),
        what,
        change: change(primary.is_some(), staging.is_some()),
        primary,
        staging,
    }
}

fn group(
    context: &Context<'_>,
    versions: &Versions,
    row: &'static Row,
    side: Side,
    pairs: &[usize],
    count: usize,
) -> Finding {
    let around = pairs
        .iter()
        .find_map(|&pair| outermost(context, pair))
        .unwrap_or_default();
    // By the server that lacks them, which a swap of roles does not change.
    let title = format!("{}{ONLY_ON}{}", row.title, context.server_name(side.other()));
    let mut finding = context.finding(row, around, &title, &context.server_name(side));
    finding.detail = pairs.iter().map(|&pair| detail(context, pair)).collect();
    finding
        .detail
        .sort_by(|a, b| (&a.what, &a.primary, &a.staging).cmp(&(&b.what, &b.primary, &b.staging)));
    let mut held: Vec<String> = pairs
        .iter()
        .flat_map(|&pair| <[Option<String>; 2]>::from(context.contents(pair)))
        .flatten()
        .collect();
    held.sort_unstable();
    let text = counted(context, &pairs[..count.min(pairs.len())]);
    let (hashed, shown) = match side {
        Side::Staging => ([Some(held.join("\n")), None], [Some(text), None]),
        Side::Primary => ([None, Some(held.join("\n"))], [None, Some(text)]),
    };
    finding.values = values(hashed[0].as_deref(), hashed[1].as_deref());
    [finding.primary, finding.staging] = shown;
    finding.change = change(finding.primary.is_some(), finding.staging.is_some());
    if let Some(&pair) = pairs.first() {
        let object = context.object(pair);
        let place = object.and_then(|object| context.place(side.other(), object.location));
        finding.locations.extend(place);
    }
    by_class(context, versions, &mut finding, row, around, Sameness::Different);
    finding
}

fn outermost(context: &Context<'_>, pair: usize) -> Option<usize> {
    let parent = context.parent(pair)?;
    Some(outermost(context, parent).unwrap_or(parent))
}

/// `2 metaverse attributes, 1 metaverse object type`
fn counted(context: &Context<'_>, pairs: &[usize]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &pair in pairs {
        *counts.entry(context.kind(pair)).or_default() += 1;
    }
    let part = |(kind, count): (&&str, &usize)| {
        let kind = context.catalogue.kind(kind);
        let words = kind.map(|kind| if *count == 1 { &kind.title } else { &kind.plural });
        format!(
            "{count} {}",
            words.map(|words| words.to_lowercase()).unwrap_or_default()
        )
    };
    counts.iter().map(part).collect::<Vec<_>>().join(", ")
}
