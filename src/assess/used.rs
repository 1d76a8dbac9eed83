//! Which live rules use what a difference is about.
//!
//! In: a row that says what rules call it (`names`), and a pair. Out: names of
//! rules, as sentences for consequences. Must not know: severities.

use super::context::{Context, Side};
use crate::catalogue::{Key, Named, Path, Row, Step, ids};
use crate::derive::{RuleView, Thing};
use crate::model::{Member, SettingKey, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What differs, as people and as rules call it.
pub type Things = Vec<(String, Thing)>;

/// More names than this are counted.
const NAMES: usize = 8;

/// What a difference of a pair, or of one of its settings, is about; nothing where rules have no name for it.
pub fn things(context: &Context<'_>, row: &'static Row, pair: usize, key: Option<&SettingKey>) -> Things {
    let Some(named) = row.names else {
        return Things::new();
    };
    let root = context.root(pair);
    let connector = || root.map(|root| root.key.clone()).unwrap_or_default();
    let object = |pair: usize| context.object(pair).map(|object| member_name(&object.name));
    match named {
        Named::ConnectorAttribute => members(context, pair, key)
            .map(|name| thing(&name, |name| Thing::ConnectorAttribute(connector(), name)))
            .collect(),
        Named::ConnectorType => members(context, pair, key)
            .map(|name| thing(&name, |name| Thing::ConnectorType(connector(), name)))
            .collect(),
        Named::MetaverseAttribute => object(pair)
            .map(|name| thing(name, Thing::MetaverseAttribute))
            .into_iter()
            .collect(),
        Named::MetaverseType => object(pair)
            .map(|name| thing(name, Thing::MetaverseType))
            .into_iter()
            .collect(),
        Named::MetaverseBinding => object(pair)
            .zip(context.parent(pair).and_then(object))
            .map(|(name, of)| thing(name, |name| Thing::MetaverseBinding(of.to_lowercase(), name)))
            .into_iter()
            .collect(),
        Named::Parameter => {
            let of = root
                .filter(|root| root.kind == ids::kinds::CONNECTOR)
                .map(|root| root.key.clone());
            parameter(context, row, pair, key)
                .map(|name| thing(&name, |name| Thing::Parameter(of, name)))
                .into_iter()
                .collect()
        }
    }
}

fn thing(name: &str, make: impl FnOnce(String) -> Thing) -> (String, Thing) {
    (name.to_owned(), make(name.to_lowercase()))
}

/// A reference within a schema is written `#name`.
fn member_name(name: &str) -> &str {
    name.strip_prefix('#').unwrap_or(name)
}

/// Members that only one side has, each once.
fn members(context: &Context<'_>, pair: usize, key: Option<&SettingKey>) -> impl Iterator<Item = String> {
    let of = |side| match key.and_then(|key| context.setting(pair, side, key)).map(|s| &s.value) {
        Some(Value::Set(members) | Value::List(members)) => members.as_slice(),
        _ => &[],
    };
    let (left, right): (&[Member], &[Member]) = (of(Side::Primary), of(Side::Staging));
    let keys = |members: &[Member]| -> BTreeSet<String> { members.iter().map(|m| m.canonical.clone()).collect() };
    let (lefts, rights) = (keys(left), keys(right));
    let mut names: Vec<&Member> = left.iter().filter(|m| !rights.contains(&m.canonical)).collect();
    names.extend(right.iter().filter(|m| !lefts.contains(&m.canonical)));
    names.sort();
    names.dedup_by(|a, b| a.canonical == b.canonical);
    let names: Vec<String> = names.into_iter().map(|member| member.raw.clone()).collect();
    names.into_iter()
}

/// A parameter is named by its key in the document: the setting's own, or the one in the row's path.
fn parameter(context: &Context<'_>, row: &'static Row, pair: usize, key: Option<&SettingKey>) -> Option<String> {
    let key = key?;
    let label = |side| {
        context
            .setting(pair, side, key)
            .and_then(|setting| setting.label.clone())
    };
    let own = label(Side::Primary).or_else(|| label(Side::Staging));
    own.or_else(|| {
        let steps = Path::parse(row.path.as_deref()?).ok()?.0;
        steps.into_iter().rev().find_map(|step| match step {
            Step::Child(_, Key::Named(name)) => Some(name),
            _ => None,
        })
    })
}

/// Live rules of a side that use a thing.
pub fn views<'a>(context: &'a Context<'_>, side: Side, thing: &Thing) -> Vec<&'a RuleView> {
    let users = context.uses(side).users(thing);
    users.into_iter().map(|at| &context.views(side)[at]).collect()
}

/// Names of the live rules of either server that use a thing, each once.
pub fn rules(context: &Context<'_>, thing: &Thing) -> Vec<String> {
    let mut by_pair: BTreeMap<usize, &str> = BTreeMap::new();
    for side in [Side::Primary, Side::Staging] {
        for view in views(context, side, thing) {
            // A renamed rule is one rule; the primary's name stands first.
            by_pair.entry(context.pair_of(side, view.object)).or_insert(&view.name);
        }
    }
    let names: BTreeSet<&str> = by_pair.into_values().collect();
    names.into_iter().map(str::to_owned).collect()
}

/// One sentence for each thing that a live rule uses.
pub fn sentences(context: &Context<'_>, things: &Things) -> Vec<String> {
    things
        .iter()
        .filter_map(|(name, thing)| sentence(name, &rules(context, thing)))
        .collect()
}

/// `mail is used by "In from AD - User Common" and 3 more enabled rules.`; nothing where no rule uses it.
pub fn sentence(name: &str, rules: &[String]) -> Option<String> {
    let shown: Vec<String> = rules.iter().take(NAMES).map(|rule| format!("\"{rule}\"")).collect();
    let more = rules.len().saturating_sub(NAMES);
    let what = if rules.len() == 1 {
        "the enabled rule"
    } else {
        "the enabled rules"
    };
    let tail = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    (!rules.is_empty()).then(|| format!("{name} is used by {what} {}{tail}.", shown.join(", ")))
}

/// Whether a thing is missing where a rule needs it, or a custom rule uses it: then no build explains the difference.
pub fn beyond_builds(context: &Context<'_>, thing: &Thing, lacking: Side) -> bool {
    !views(context, lacking, thing).is_empty()
        || views(context, lacking.other(), thing).iter().any(|view| !view.standard)
}
