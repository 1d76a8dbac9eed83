//! Metaverse deletion rules: which rules keep an object of a type alive.
//!
//! In: views of both servers' rules and how they pair. Out: object types that
//! different rules keep, and the rules that make the difference. Must not
//! know: findings, names of servers.
//!
//! A metaverse object lives as long as a live inbound rule with a provisioning
//! link type holds it; the catalogue's facts say which link types those are.

use super::RuleView;
use std::collections::{BTreeMap, BTreeSet};

/// Views of rules, and for each object of their configuration the pair it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Views of all rules.
    pub rules: &'a [RuleView],
    /// Pair of each object.
    pub pair_of: &'a [usize],
}

/// An object type that other rules keep on the other server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionChange {
    /// Metaverse object type, folded.
    pub object_type: String,
    /// Keepers on the primary, as indices into its views; those that only one server has stand first.
    pub left: Vec<usize>,
    /// Keepers on staging.
    pub right: Vec<usize>,
    /// Pairs of the rules that keep the type on one server only.
    pub causes: BTreeSet<usize>,
}

/// Per object type the rules that keep its objects: pair → index of the view.
type Keepers = BTreeMap<String, BTreeMap<usize, usize>>;

/// Compares what keeps each object type. A rule for `any` type keeps objects of all of them.
pub fn compare_deletion(left: Side<'_>, right: Side<'_>, any: &str) -> Vec<DeletionChange> {
    let (all_left, all_right) = (keepers(left), keepers(right));
    let types: BTreeSet<&String> = all_left.keys().chain(all_right.keys()).collect();
    let mut changes = Vec::new();
    for object_type in types {
        let (l, r) = (
            of_type(&all_left, object_type, any),
            of_type(&all_right, object_type, any),
        );
        // The same rule for other objects keeps others alive.
        let lasts = |pair: &usize| match (l.get(pair), r.get(pair)) {
            (Some(&one), Some(&other)) => source(&left.rules[one]) == source(&right.rules[other]),
            _ => false,
        };
        let causes: BTreeSet<usize> = l.keys().chain(r.keys()).filter(|pair| !lasts(pair)).copied().collect();
        if causes.is_empty() {
            continue;
        }
        let ordered = |keepers: &BTreeMap<usize, usize>| -> Vec<usize> {
            let mut all: Vec<(bool, usize)> = keepers
                .iter()
                .map(|(pair, &view)| (!causes.contains(pair), view))
                .collect();
            // Stable: within each half in the order of the pairs.
            all.sort_by_key(|(shared, _)| *shared);
            all.into_iter().map(|(_, view)| view).collect()
        };
        changes.push(DeletionChange {
            object_type: object_type.clone(),
            left: ordered(&l),
            right: ordered(&r),
            causes,
        });
    }
    changes
}

/// Whose objects a rule keeps.
fn source(rule: &RuleView) -> (&str, &str) {
    (&rule.connector, &rule.source_type)
}

fn of_type(keepers: &Keepers, object_type: &str, any: &str) -> BTreeMap<usize, usize> {
    let own = [object_type, any].into_iter().filter_map(|name| keepers.get(name));
    own.flatten().map(|(&pair, &view)| (pair, view)).collect()
}

fn keepers(side: Side<'_>) -> Keepers {
    let mut keepers = Keepers::new();
    for (index, rule) in side.rules.iter().enumerate() {
        if !(rule.live && rule.inbound && rule.provisions) {
            continue;
        }
        let Some(pair) = side.pair_of.get(rule.object) else {
            continue;
        };
        keepers
            .entry(rule.target_type.clone())
            .or_default()
            .insert(*pair, index);
    }
    keepers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(object: usize, target: &str, live: bool) -> RuleView {
        RuleView {
            object,
            name: format!("rule {object}"),
            name_key: format!("rule {object}"),
            cloned_from: None,
            connector: "ad:contoso.com".to_owned(),
            connector_known: true,
            direction: "inbound".to_owned(),
            inbound: true,
            source_type: "user".to_owned(),
            any_source: false,
            target_type: target.to_owned(),
            live,
            tag: None,
            standard: false,
            precedence: None,
            provisions: true,
            creates: true,
            mute: false,
            plain: false,
            joins: false,
            passwords: false,
            filters: false,
            delays_deletion: false,
            flows: Vec::new(),
            silent: Vec::new(),
            features: Vec::new(),
            guid: String::new(),
        }
    }

    fn compare(left: &[RuleView], right: &[RuleView]) -> Vec<DeletionChange> {
        let pair_of = [0, 1, 2, 3];
        let side = |rules| Side {
            rules,
            pair_of: &pair_of,
        };
        compare_deletion(side(left), side(right), "*")
    }

    #[test]
    fn the_same_keepers_in_another_order_are_no_change() {
        let left = [rule(0, "person", true), rule(1, "group", true)];
        let right = [rule(1, "group", true), rule(0, "person", true)];
        assert!(compare(&left, &right).is_empty());
    }

    #[test]
    fn a_disabled_rule_keeps_nothing_and_is_the_cause() {
        let left = [rule(0, "person", true), rule(1, "person", true)];
        let right = [rule(0, "person", true), rule(1, "person", false)];
        let changes = compare(&left, &right);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].left, [1, 0], "the one that differs stands first");
        assert_eq!(changes[0].right, [0]);
        assert_eq!(changes[0].causes, BTreeSet::from([1]));
    }

    #[test]
    fn outbound_and_joining_rules_keep_nothing() {
        let mut outbound = rule(0, "user", true);
        outbound.inbound = false;
        let mut joining = rule(1, "person", true);
        joining.provisions = false;
        assert!(compare(&[outbound, joining], &[]).is_empty());
    }

    #[test]
    fn another_target_type_changes_both_types() {
        let changes = compare(&[rule(0, "person", true)], &[rule(0, "group", true)]);
        let types: Vec<&str> = changes.iter().map(|change| change.object_type.as_str()).collect();
        assert_eq!(types, ["group", "person"]);
    }

    #[test]
    fn the_same_rule_for_other_objects_keeps_others() {
        let contacts = RuleView {
            source_type: "contact".to_owned(),
            ..rule(0, "person", true)
        };
        let changes = compare(&[rule(0, "person", true)], &[contacts]);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].causes, BTreeSet::from([0]));
        assert_eq!(
            (changes[0].left.as_slice(), changes[0].right.as_slice()),
            (&[0][..], &[0][..])
        );
    }

    #[test]
    fn a_rule_for_every_type_keeps_each() {
        let left = [rule(0, "person", true), rule(1, "*", true)];
        let changes = compare(&left, &[rule(1, "*", true)]);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].right, [0], "the rule for every type is left");
    }
}
