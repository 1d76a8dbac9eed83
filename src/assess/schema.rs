//! A connector's schema: what one server lacks, and properties that changed.
//!
//! In: the facts of both servers' schemas. Out: one finding for what staging
//! lacks and one for what only staging has; attributes and object types that
//! live rules use, and changed properties, are findings of their own. What a
//! class says of an attribute that is gone goes with the attribute. Must not
//! know: how a schema is written in an export.

use super::context::{Context, Side};
use super::finding::{Drafts, change, values};
use super::settings::settle;
use super::versions::Versions;
use super::{severity, used};
use crate::catalogue::{Row, ids};
use crate::derive::Thing;
use crate::model::{Fact, FactDetail, Sameness, SettingKey, Value};
use crate::report::{Detail, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// Judges a schema that both servers have; false when no fact differs.
pub fn judge(context: &Context<'_>, versions: &Versions, pair: usize, key: &SettingKey, drafts: &mut Drafts) -> bool {
    let value = |side| context.setting(pair, side, key).map(|setting| &setting.value);
    let (Some(Value::Schema(left)), Some(Value::Schema(right))) = (value(Side::Primary), value(Side::Staging)) else {
        return false;
    };
    let (left, right) = only(left, right);
    let mut judge = Judge {
        context,
        versions,
        pair,
        key,
        connector: context.root(pair).map(|root| root.key.clone()).unwrap_or_default(),
        drafts,
    };
    let found = !(left.is_empty() && right.is_empty());
    let [left, right] = judge.properties(left, right);
    judge.lost(Side::Staging, &left);
    judge.lost(Side::Primary, &right);
    found
}

/// Whether live rules use anything of the connector, so that they need a schema at all.
pub fn in_use(context: &Context<'_>, pair: usize) -> bool {
    let connector = context.root(pair).map(|root| root.key.as_str()).unwrap_or_default();
    [Side::Primary, Side::Staging]
        .into_iter()
        .any(|side| !context.uses(side).connector_attributes(connector).is_empty())
}

/// Facts that only one side has, each as often as it has more of it.
fn only<'a>(left: &'a str, right: &'a str) -> (Vec<Fact<'a>>, Vec<Fact<'a>>) {
    let sorted = |text: &'a str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines
    };
    let (l, r) = (sorted(left), sorted(right));
    let (mut lefts, mut rights) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < l.len() || j < r.len() {
        let order = match (l.get(i), r.get(j)) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, _) => std::cmp::Ordering::Greater,
        };
        if order.is_le() {
            if order.is_lt() {
                lefts.push(Fact::parse(l[i]));
            }
            i += 1;
        }
        if order.is_ge() {
            if order.is_gt() {
                rights.push(Fact::parse(r[j]));
            }
            j += 1;
        }
    }
    (lefts, rights)
}

struct Judge<'j, 'c> {
    context: &'j Context<'c>,
    versions: &'j Versions,
    pair: usize,
    key: &'j SettingKey,
    connector: String,
    drafts: &'j mut Drafts,
}

/// Something that one side lacks, with what goes with it.
struct Lost<'a> {
    row: &'static str,
    /// `Attribute`, `Object type` …
    what: String,
    name: &'a str,
    thing: Option<Thing>,
    facts: Vec<Fact<'a>>,
}

impl Judge<'_, '_> {
    /// Findings of properties that changed; what is left has a counterpart on neither side.
    fn properties<'a>(&mut self, left: Vec<Fact<'a>>, right: Vec<Fact<'a>>) -> [Vec<Fact<'a>>; 2] {
        let gone: BTreeSet<&str> = left
            .iter()
            .chain(&right)
            .filter(|fact| fact.detail.is_none())
            .map(|f| f.owner)
            .collect();
        type Values<'a> = [Vec<&'a str>; 2];
        let mut places: BTreeMap<(&str, &str, &str), Values<'_>> = BTreeMap::new();
        for (at, facts) in [&left, &right].into_iter().enumerate() {
            for fact in facts.iter().filter(|fact| !gone.contains(fact.owner)) {
                if let Some(detail) = fact.detail {
                    places.entry((fact.owner, detail.what, detail.member)).or_default()[at].push(detail.value);
                }
            }
        }
        // A member on one side only is no property of it.
        places.retain(|(_, _, member), [l, r]| member.is_empty() || (!l.is_empty() && !r.is_empty()));
        for (place, values) in &places {
            self.property(*place, values);
        }
        [left, right].map(|facts| {
            let open = |fact: &Fact<'_>| {
                fact.detail
                    .is_none_or(|detail| !places.contains_key(&(fact.owner, detail.what, detail.member)))
            };
            facts.into_iter().filter(open).collect()
        })
    }

    fn property(&mut self, (owner, what, member): (&str, &str, &str), [left, right]: &[Vec<&str>; 2]) {
        let row = self.context.row(ids::SCHEMA_PROPERTY);
        let (kind, name) = split(owner);
        let of = format!("{} {name}", kind.to_lowercase());
        let label = match (name.is_empty(), member.is_empty()) {
            (true, _) => what.to_owned(),
            (false, true) => format!("{what} of {of}"),
            (false, false) => format!("{what} {member} of {of}"),
        };
        let shown = |values: &[&str]| (!values.is_empty()).then(|| values.join(", "));
        let mut finding = self.finding(row, &label, &[owner, what, member].join("/"));
        finding.primary = shown(left);
        finding.staging = shown(right);
        finding.change = change(finding.primary.is_some(), finding.staging.is_some());
        finding.values = values(finding.primary.as_deref(), finding.staging.as_deref());
        let thing = if member.is_empty() {
            self.owner_thing(owner)
        } else {
            self.member_thing(owner, what, member)
        };
        let users = thing.map(|thing| used::rules(self.context, &thing)).unwrap_or_default();
        finding.severity = severity::of_used(self.context, self.versions, row, self.pair, !users.is_empty());
        let name = if member.is_empty() { name } else { member };
        finding.consequences.extend(used::sentence(name, &users));
        if let ([one], []) | ([], [one]) = (left.as_slice(), right.as_slice())
            && row
                .absent
                .as_deref()
                .is_some_and(|meant| meant.eq_ignore_ascii_case(one))
        {
            settle(&mut finding, row, Sameness::Equivalent);
        }
        self.drafts.push(finding);
    }

    /// Findings of what a side lacks.
    fn lost(&mut self, lacking: Side, facts: &[Fact<'_>]) {
        let mut gathered = Vec::new();
        for lost in self.sort(facts) {
            let users = lost
                .thing
                .as_ref()
                .map(|thing| used::rules(self.context, thing))
                .unwrap_or_default();
            if users.is_empty() {
                gathered.push(lost);
            } else {
                self.used(lacking, &lost, &users);
            }
        }
        if !gathered.is_empty() {
            self.gathered(lacking, &gathered);
        }
    }

    /// What is gone, each with what goes with it.
    fn sort<'a>(&self, facts: &[Fact<'a>]) -> Vec<Lost<'a>> {
        let mut all: BTreeMap<(&str, &str, &str), Lost<'a>> = BTreeMap::new();
        for fact in facts.iter().filter(|fact| fact.detail.is_none()) {
            let (what, name) = split(fact.owner);
            let thing = self.owner_thing(fact.owner);
            let row = match thing {
                Some(Thing::ConnectorAttribute(..)) => ids::SCHEMA_ATTRIBUTE,
                _ => ids::SCHEMA_TYPE,
            };
            let lost = Lost {
                row,
                what: what.to_owned(),
                name,
                thing,
                facts: Vec::new(),
            };
            all.entry((fact.owner, "", "")).or_insert(lost).facts.push(*fact);
        }
        let owners: BTreeSet<&'a str> = all.keys().map(|(owner, ..)| *owner).collect();
        for fact in facts {
            let Some(detail) = fact.detail.filter(|_| !all.contains_key(&(fact.owner, "", ""))) else {
                continue;
            };
            let target = ["attribute", "class"].map(|kind| format!("{kind} {}", detail.member));
            let cause = target.iter().find_map(|owner| owners.get(owner.as_str()).copied());
            let key = match cause {
                Some(owner) => (owner, "", ""),
                None => (fact.owner, detail.what, detail.member),
            };
            let lost = all.entry(key).or_insert_with(|| Lost {
                row: ids::SCHEMA_BINDING,
                what: within(fact.owner, detail),
                name: detail.member,
                thing: self.member_thing(fact.owner, detail.what, detail.member),
                facts: Vec::new(),
            });
            lost.facts.push(*fact);
        }
        all.into_values().collect()
    }

    fn used(&mut self, lacking: Side, lost: &Lost<'_>, users: &[String]) {
        let row = self.context.row(lost.row);
        let label = if lost.row == ids::SCHEMA_BINDING {
            format!("{} ({})", lost.name, lost.what.to_lowercase())
        } else {
            lost.name.to_owned()
        };
        let mut finding = self.finding(row, &label, &[&lost.what, "/", lost.name].concat());
        self.place(&mut finding, lacking, lost.name.to_owned(), &[lost]);
        finding.severity = severity::of_used(self.context, self.versions, row, self.pair, true);
        finding.consequences.extend(used::sentence(lost.name, users));
        self.drafts.push(finding);
    }

    fn gathered(&mut self, lacking: Side, lost: &[Lost<'_>]) {
        let row = self.context.row(self.key.row);
        // By the server that lacks them, which a swap of roles does not change.
        let server = self.context.server_name(lacking);
        let mut finding = self.finding(row, "", &server);
        finding.setting = format!("{}: only on {}", row.title, self.context.server_name(lacking.other()));
        let all: Vec<&Lost<'_>> = lost.iter().collect();
        self.place(&mut finding, lacking, count(lost), &all);
        finding.severity = severity::of_used(self.context, self.versions, row, self.pair, false);
        self.drafts.push(finding);
    }

    fn place(&self, finding: &mut Finding, lacking: Side, shown: String, lost: &[&Lost<'_>]) {
        let present = |text: String| match lacking {
            Side::Staging => (Some(text), None),
            Side::Primary => (None, Some(text)),
        };
        let mut hashed: Vec<String> = Vec::new();
        for one in lost {
            for fact in &one.facts {
                hashed.push(format!("{fact:?}"));
                let (what, text) = described(fact);
                let (primary, staging) = present(text);
                finding.detail.push(Detail {
                    id: one.row.into(),
                    what,
                    change: change(primary.is_some(), staging.is_some()),
                    primary,
                    staging,
                });
            }
        }
        hashed.sort_unstable();
        let (left, right) = present(hashed.join("\n"));
        finding.values = values(left.as_deref(), right.as_deref());
        (finding.primary, finding.staging) = present(shown);
        finding.change = change(finding.primary.is_some(), finding.staging.is_some());
    }

    fn finding(&self, row: &'static Row, label: &str, identity: &str) -> Finding {
        let title = format!("{}: {label}", row.title);
        let mut finding = self.context.finding(row, self.pair, &title, identity);
        for side in [Side::Primary, Side::Staging] {
            let setting = self.context.setting(self.pair, side, self.key);
            let place = setting.and_then(|setting| self.context.place(side, setting.location));
            finding.locations.extend(place);
        }
        finding
    }

    fn owner_thing(&self, owner: &str) -> Option<Thing> {
        let (kind, name) = split(owner);
        match kind {
            ATTRIBUTE => Some(Thing::ConnectorAttribute(self.connector.clone(), name.to_lowercase())),
            OBJECT_TYPE => Some(Thing::ConnectorType(self.connector.clone(), name.to_lowercase())),
            _ => None,
        }
    }

    /// Only attributes of an object type are what rules use; how classes build on each other is not.
    fn member_thing(&self, owner: &str, what: &str, member: &str) -> Option<Thing> {
        let (kind, name) = split(owner);
        (what == "attribute" && !kind.is_empty() && kind != ATTRIBUTE)
            .then(|| Thing::ConnectorBinding(self.connector.clone(), name.to_lowercase(), member.to_lowercase()))
    }
}

const ATTRIBUTE: &str = "Attribute";
const OBJECT_TYPE: &str = "Object type";

/// What an owner is, in words, and its name.
fn split(owner: &str) -> (&'static str, &str) {
    for (prefix, words) in [
        ("attribute ", ATTRIBUTE),
        ("class ", OBJECT_TYPE),
        ("content rule ", "Content rule"),
    ] {
        if let Some(name) = owner.strip_prefix(prefix) {
            return (words, name);
        }
    }
    ("", "")
}

/// `Attribute of object type user`
fn within(owner: &str, detail: FactDetail<'_>) -> String {
    let (kind, name) = split(owner);
    let mut what = detail.what.to_owned();
    if let Some(first) = what.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!("{what} of {} {name}", kind.to_lowercase())
}

/// A fact as a line of detail: what it is and what it says.
fn described(fact: &Fact<'_>) -> (String, String) {
    match fact.detail {
        None => {
            let (what, name) = split(fact.owner);
            (what.to_owned(), name.to_owned())
        }
        Some(detail) if detail.value.is_empty() => (within(fact.owner, detail), detail.member.to_owned()),
        Some(detail) => (
            within(fact.owner, detail),
            format!("{} ({})", detail.member, detail.value),
        ),
    }
}

/// `2 attributes, 1 object type`
fn count(lost: &[Lost<'_>]) -> String {
    let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for one in lost {
        let words = one.what.split(" of ").next().unwrap_or_default();
        *counts.entry((one.row == ids::SCHEMA_BINDING, words)).or_default() += 1;
    }
    let part = |((member, what), count): (&(bool, &str), &usize)| {
        let plural = if *count == 1 { "" } else { "s" };
        let of = if *member { " of object types" } else { "" };
        format!("{count} {}{plural}{of}", what.to_lowercase())
    };
    counts.iter().map(part).collect::<Vec<_>>().join(", ")
}
