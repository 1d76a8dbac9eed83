//! Metaverse attributes that custom rules write and nothing reads.
//!
//! In: one server's live rules. Out: one lint that lists the attributes. Must not
//! know: schemas.
//!
//! Standard rules write many attributes that only optional features read, so what
//! they write, and whoever replaces one of them, is no news.

use super::drafts::Draft;
use super::quoted;
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::catalogue::ids;
use crate::derive::{Names, Reads, RuleView};
use crate::report::{ChangeKind, Detail};
use std::collections::{BTreeMap, BTreeSet};

/// An attribute that nothing reads.
struct Unread<'v> {
    /// As the first rule spells it.
    name: String,
    writers: BTreeSet<&'v str>,
    /// Pairs of rules that read it on the other server.
    readers: Vec<usize>,
}

/// The lint of a side's flows.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let views = context.views(side);
    // What cannot be read may be the reader; without any outbound rule nobody says what is written.
    let outbound = views.iter().any(|rule| rule.live && !rule.inbound);
    if unknown::hides(context, side, ids::kinds::RULE) || !outbound {
        return;
    }
    let mut candidates = custom_targets(context, side);
    let metaverse: BTreeSet<&str> = context
        .configuration(side)
        .of_kind(ids::kinds::METAVERSE_ATTRIBUTE)
        .map(|(_, attribute)| attribute.key.as_str())
        .collect();
    // What the metaverse does not have nobody can read; that is another fault.
    candidates.retain(|attribute, _| metaverse.is_empty() || metaverse.contains(attribute));
    let (mut gathered, mut explained) = (Vec::new(), Vec::new());
    for (attribute, (name, writers)) in candidates {
        if !readers(context, side, attribute).is_empty() {
            continue;
        }
        let readers = readers(context, side.other(), attribute);
        let unread = Unread { name, writers, readers };
        let list = if unread.readers.is_empty() {
            &mut gathered
        } else {
            &mut explained
        };
        list.push(unread);
    }
    drafts.extend(draft(context, side, &gathered));
    for unread in explained {
        drafts.extend(draft(context, side, &[unread]));
    }
}

/// Targets of live custom rules that no standard rule writes, disabled ones included.
fn custom_targets<'v>(context: &Context<'v>, side: Side) -> BTreeMap<&'v str, (String, BTreeSet<&'v str>)> {
    let objects = &context.configuration(side).objects;
    let filtering = &context.catalogue.facts.filtering_attributes;
    let mut targets: BTreeMap<&str, (String, BTreeSet<&str>)> = BTreeMap::new();
    let inbound = || context.views(side).iter().filter(|rule| rule.inbound);
    for rule in inbound().filter(|rule| rule.live && !rule.standard) {
        for flow in rule.flows.iter().map(|&flow| &objects[flow]) {
            if !filtering.iter().any(|name| name.eq_ignore_ascii_case(&flow.key)) {
                let (_, writers) = targets
                    .entry(&flow.key)
                    .or_insert_with(|| (flow.name.clone(), BTreeSet::new()));
                writers.insert(&rule.name);
            }
        }
    }
    for rule in inbound().filter(|rule| rule.standard) {
        for &flow in &rule.flows {
            targets.remove(objects[flow].key.as_str());
        }
    }
    targets
}

/// Pairs of live rules that read a metaverse attribute. What does not tokenise may read anything that it names.
fn readers(context: &Context<'_>, side: Side, attribute: &str) -> Vec<usize> {
    let thing = crate::derive::Thing::MetaverseAttribute(attribute.to_owned());
    let reads = |rule: &&RuleView| !rule.inbound || joins_on(context, side, rule, attribute);
    let users = crate::assess::used::views(context, side, &thing);
    let readers = users.into_iter().filter(reads);
    readers.map(|rule| context.pair_of(side, rule.object)).collect()
}

fn joins_on(context: &Context<'_>, side: Side, rule: &RuleView, attribute: &str) -> bool {
    let object = &context.configuration(side).objects[rule.object];
    let names: Names = Reads::of_filters(object, rule.inbound).metaverse;
    names.contains_key(attribute)
}

fn draft(context: &Context<'_>, side: Side, unread: &[Unread<'_>]) -> Option<Draft> {
    let id = ids::METAVERSE_UNREAD;
    let (global, _) = context.configuration(side).of_kind(ids::kinds::GLOBAL).next()?;
    let first = unread.first()?;
    let names: Vec<&str> = unread.iter().map(|one| one.name.as_str()).collect();
    let all = names.join(", ");
    let title = &context.row(id).title;
    // The list is one lint; what another rule explains is one of its own.
    let own = if first.readers.is_empty() {
        ""
    } else {
        first.name.as_str()
    };
    let mut lint = super::lint(context, id, side, global, (title, all.clone()), &[own]);
    for one in unread {
        let rules = quoted(one.writers.iter().copied());
        lint.consequences.push(format!("{} is written by {rules}.", one.name));
        lint.detail.push(Detail {
            id: id.into(),
            what: "Metaverse attribute".to_owned(),
            change: ChangeKind::Equal,
            primary: (side == Side::Primary).then(|| one.name.clone()),
            staging: (side == Side::Staging).then(|| one.name.clone()),
        });
    }
    Some(Draft {
        lint,
        key: format!("{id} {}", all.to_lowercase()),
        setting: None,
        causes: first.readers.clone(),
        rows: &[],
        leads: None,
        sentence: format!(
            "On {} no other enabled rule reads the metaverse attribute {}.",
            context.server_name(side),
            first.name
        ),
    })
}
