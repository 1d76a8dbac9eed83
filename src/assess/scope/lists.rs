//! The container lists of a partition on both servers.
//!
//! In: a pair of partitions. Out: members by side and list. Must not know:
//! what the lists mean.

use super::{List, Selection, row_of};
use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::model::{Member, Object, SettingKey, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Lists as members, and the name of the partition as each server spells it.
pub struct Lists<'a> {
    members: BTreeMap<(Side, List), &'a [Member]>,
    roots: BTreeMap<Side, String>,
    /// DNs that a server both includes and excludes.
    twice: BTreeSet<(Side, &'a str)>,
}

impl<'a> Lists<'a> {
    /// Reads them; `None` where something else stands there, or a secret was masked in a name.
    pub fn of(context: &Context<'a>, pair: usize) -> Option<Lists<'a>> {
        let mut lists = Lists {
            members: BTreeMap::new(),
            roots: BTreeMap::new(),
            twice: BTreeSet::new(),
        };
        for (side, object) in [
            (Side::Primary, context.left(pair)?),
            (Side::Staging, context.right(pair)?),
        ] {
            for list in [List::Inclusions, List::Exclusions] {
                lists.members.insert((side, list), read(object, list)?);
            }
            let name = object.display(ids::PARTITION_NAME);
            let name = if name.is_empty() { object.name.clone() } else { name };
            lists.roots.insert(side, name);
            lists.contradictions(side);
        }
        Some(lists)
    }

    fn contradictions(&mut self, side: Side) {
        let names = |list| -> BTreeSet<&'a str> { self.get(side, list).iter().map(|m| m.canonical.as_str()).collect() };
        let both = names(List::Inclusions);
        let both = both
            .intersection(&names(List::Exclusions))
            .map(|&name| (side, name))
            .collect::<Vec<_>>();
        self.twice.extend(both);
    }

    /// The members of a list.
    pub fn get(&self, side: Side, list: List) -> &'a [Member] {
        self.members.get(&(side, list)).copied().unwrap_or_default()
    }

    /// Name of the partition.
    pub fn root(&self, side: Side) -> &str {
        self.roots.get(&side).map_or("", String::as_str)
    }

    /// Both lists of a server, to be asked what they mean.
    pub fn selection(&self, side: Side) -> Selection<'a> {
        let [inclusions, exclusions] = [List::Inclusions, List::Exclusions].map(|list| self.get(side, list));
        Selection::read(self.root(side), inclusions, exclusions)
    }

    /// Whether a server both includes and excludes this DN.
    pub fn contradict(&self, side: Side, member: &Member) -> bool {
        self.twice.contains(&(side, member.canonical.as_str()))
    }
}

fn read(object: &Object, list: List) -> Option<&[Member]> {
    match object.settings.get(&SettingKey::row(row_of(list))) {
        None => Some(&[]),
        Some(setting) => match &setting.value {
            Value::Set(members) if setting.marks.is_empty() => Some(members),
            _ => None,
        },
    }
}
