//! Rules that can meet in one object.
//!
//! In: rules that feed one target. Out: the groups within which every rule can
//! have its say about the same object. Must not know: the order of the rules.
//!
//! No object is a user and an inetOrgPerson at once, so rules of one connector
//! for the one and for the other are no rivals. Rules of two connectors meet in
//! the metaverse, and a rule for every type meets all.

use super::rules::RuleView;
use std::collections::BTreeMap;

/// Types beyond which all rules count as rivals: the search would cost their square.
const TYPES: usize = 32;

/// What a rule reads: its connector and the object type, where it is not every type.
type Class<'a> = (&'a str, Option<&'a str>);

impl RuleView {
    /// Whether both may have their say about one object.
    pub fn meets(&self, other: &RuleView) -> bool {
        meet(class(self), class(other))
    }
}

fn class(rule: &RuleView) -> Class<'_> {
    (&rule.connector, (!rule.any_source).then_some(rule.source_type.as_str()))
}

fn meet(one: Class<'_>, other: Class<'_>) -> bool {
    one.0 != other.0 || one.1.is_none() || other.1.is_none() || one.1 == other.1
}

/// Places of the rules that can meet, each group in the given order; one group where all can.
///
/// Two orders of the same rules mean the same when they agree in every group: a group holds what two classes read, so
/// every two rivals stand in one.
pub fn arenas<'a>(rules: impl Iterator<Item = &'a RuleView>) -> Vec<Vec<usize>> {
    let mut members: BTreeMap<Class<'a>, Vec<usize>> = BTreeMap::new();
    let mut count = 0;
    for rule in rules {
        members.entry(class(rule)).or_default().push(count);
        count += 1;
    }
    let classes: Vec<Class<'a>> = members.keys().copied().collect();
    let apart = |one: &Class<'a>| classes.iter().any(|other| !meet(*one, *other));
    if classes.len() > TYPES || !classes.iter().any(apart) {
        return vec![(0..count).collect()];
    }
    let mut groups = Vec::new();
    for (at, one) in classes.iter().enumerate() {
        let before = groups.len();
        for other in classes[at + 1..].iter().filter(|other| meet(*one, **other)) {
            let mut both = [members[one].as_slice(), members[other].as_slice()].concat();
            both.sort_unstable();
            groups.push(both);
        }
        let told = groups.len() > before || classes[..at].iter().any(|other| meet(*one, *other));
        if !told {
            groups.push(members[one].clone());
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_types_of_one_connector_keep_rules_apart() {
        let class = |connector: &'static str, of: Option<&'static str>| (connector, of);
        assert!(!meet(class("a", Some("user")), class("a", Some("group"))));
        assert!(meet(class("a", Some("user")), class("a", Some("user"))));
        assert!(meet(class("a", Some("user")), class("a", None)));
        assert!(meet(class("a", Some("user")), class("b", Some("group"))));
    }
}
