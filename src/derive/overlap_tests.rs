//! Overlap of scoping filters: examples, and a property against brute force.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::overlap::{disjoint, same_objects, within};
use crate::model::Clause;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_assert, proptest};
use proptest::sample::select;
use std::cmp::Ordering;

/// `a EQUAL 1 & b ISNULL | c ISNOTNULL`
fn filter(text: &str) -> Vec<Vec<Clause>> {
    let clause = |text: &str| {
        let mut words = text.trim().splitn(3, ' ');
        Clause {
            attribute: words.next().unwrap().to_owned(),
            operator: words.next().unwrap().to_owned(),
            value: words.next().map(str::to_owned),
            resolved: None,
        }
    };
    let groups = text.split('|').filter(|group| !group.trim().is_empty());
    groups.map(|group| group.split('&').map(clause).collect()).collect()
}

fn apart(left: &str, right: &str) -> bool {
    let answer = disjoint(&filter(left), &filter(right));
    assert_eq!(answer, disjoint(&filter(right), &filter(left)), "{left} / {right}");
    answer
}

#[test]
fn contradictions_keep_filters_apart() {
    for (left, right) in [
        ("a EQUAL x", "a EQUAL y"),
        ("a EQUAL x", "A NOTEQUAL X"),
        ("a ISNULL", "a ISNOTNULL"),
        ("a ISNULL", "a STARTSWITH x"),
        ("a ISBITSET 2", "a ISBITNOTSET 2"),
        ("a EQUAL 514", "a ISBITNOTSET 2"),
        ("a EQUAL 512", "a ISBITSET 2"),
        ("a STARTSWITH User_", "a NOTSTARTSWITH user_"),
        ("a STARTSWITH User_1", "a NOTSTARTSWITH User_"),
        ("a STARTSWITH x", "a STARTSWITH y"),
        ("a EQUAL xy", "a STARTSWITH y"),
        ("a EQUAL xy", "a NOTCONTAINS x"),
        ("a ENDSWITH ab", "a NOTCONTAINS b"),
        ("a EQUAL 5", "a LESSTHAN 5"),
        ("a LESSTHAN 5", "a GREATERTHAN_OR_EQUAL 5"),
        ("a ISMEMBEROF CN=x", "a ISNOTMEMBEROF CN=x"),
        ("a EQUAL x & b ISNULL | a EQUAL y", "a EQUAL z | b EQUAL 1 & a EQUAL x"),
        // Nothing is in scope of the first one.
        ("a EQUAL x & a EQUAL y", "b EQUAL 1"),
    ] {
        assert!(apart(left, right), "{left} / {right}");
    }
}

#[test]
fn without_a_contradiction_filters_may_meet() {
    for (left, right) in [
        ("", ""),
        ("a EQUAL x", ""),
        ("a EQUAL x", "b EQUAL y"),
        ("a EQUAL x", "a EQUAL X"),
        ("a EQUAL 1", "a EQUAL 01"),
        ("a NOTEQUAL x", "a NOTEQUAL y"),
        ("a ISNULL", "a NOTEQUAL x"),
        ("a ISNULL", "a LESSTHAN 5"),
        ("a STARTSWITH User_", "a NOTSTARTSWITH User_1"),
        ("a STARTSWITH x", "a ENDSWITH y"),
        ("a LESSTHAN_OR_EQUAL 5", "a GREATERTHAN_OR_EQUAL 5"),
        ("a ISBITSET 6", "a ISBITNOTSET 2"),
        ("a EQUAL %x%", "a EQUAL y"),
        ("a UNHEARDOF x", "a NOTUNHEARDOF x"),
        ("a EQUAL x | a EQUAL y", "a EQUAL y"),
    ] {
        assert!(!apart(left, right), "{left} / {right}");
    }
}

#[test]
fn a_filter_lies_within_one_that_asks_for_less() {
    let inside = |inner: &str, outer: &str| within(&filter(inner), &filter(outer));
    assert!(inside("a EQUAL x & b ISNULL", "B isnull"));
    assert!(inside("a EQUAL x", "") && inside("", ""));
    assert!(inside(
        "a EQUAL x & b ISNULL | c EQUAL 1",
        "c EQUAL 1 | a EQUAL x | d ISNULL"
    ));
    assert!(!inside("a EQUAL x", "a EQUAL x & b ISNULL"));
    assert!(!inside("", "a EQUAL x"));
    assert!(!inside("a EQUAL x | b ISNULL", "a EQUAL x"));
}

#[test]
fn what_a_clause_includes_adds_nothing() {
    let same = |left: &str, right: &str| {
        let answer = same_objects(&filter(left), &filter(right));
        assert_eq!(answer, same_objects(&filter(right), &filter(left)), "{left} / {right}");
        answer
    };
    for (left, right) in [
        ("a EQUAL Sales & a ISNOTNULL", "a EQUAL Sales"),
        ("a STARTSWITH Sa & a STARTSWITH S", "a STARTSWITH Sa"),
        ("a STARTSWITH Sa | a STARTSWITH S", "a STARTSWITH S"),
        ("a LESSTHAN 5 & a LESSTHAN 10", "a LESSTHAN 5"),
        ("a ISNOTNULL x", "a ISNOTNULL"),
        ("a ISIN a;b", "a ISIN b;a"),
        ("a EQUAL b & a ISIN b;c", "A equal b"),
        ("a NOTCONTAINS x & a NOTSTARTSWITH xy", "a NOTCONTAINS x"),
        ("a EQUAL x & b EQUAL 1 | a ISNOTNULL", "a ISNOTNULL"),
    ] {
        assert!(same(left, right), "{left} / {right}");
    }
    for (left, right) in [
        ("a EQUAL Sales & b ISNOTNULL", "a EQUAL Sales"),
        ("a STARTSWITH Sa & a STARTSWITH S", "a STARTSWITH S"),
        ("a STARTSWITH sa & a STARTSWITH S", "a STARTSWITH sa"),
        ("a EQUAL % & a ISNOTNULL", "a EQUAL %"),
        ("a EQUAL & a ISNOTNULL", "a EQUAL"),
        ("a LESSTHAN x & a LESSTHAN y", "a LESSTHAN x"),
        ("a ISIN a;b", "a ISIN a;c"),
        // Of several values one may satisfy each.
        ("a EQUAL x & a NOTEQUAL y", "a EQUAL x"),
        ("a UNHEARDOF x & a UNHEARDOF xy", "a UNHEARDOF x"),
    ] {
        assert!(!same(left, right), "{left} / {right}");
    }
}

/// All that an attribute may hold here; nothing is one of it.
const VALUES: [Option<&str>; 9] = [
    None,
    Some("a"),
    Some("ab"),
    Some("b"),
    Some("ba"),
    Some("1"),
    Some("2"),
    Some("3"),
    Some("6"),
];
const OPERATORS: [&str; 16] = [
    "EQUAL",
    "NOTEQUAL",
    "LESSTHAN",
    "LESSTHAN_OR_EQUAL",
    "GREATERTHAN",
    "GREATERTHAN_OR_EQUAL",
    "CONTAINS",
    "NOTCONTAINS",
    "STARTSWITH",
    "NOTSTARTSWITH",
    "ENDSWITH",
    "NOTENDSWITH",
    "ISNULL",
    "ISNOTNULL",
    "ISBITSET",
    "ISBITNOTSET",
];

/// What a clause says of a value. Two readings of what is not documented: whether nothing and what is no number stand
/// `low` among numbers, and whether of several bits one is enough.
fn holds(clause: &Clause, value: Option<&str>, low: bool) -> bool {
    let operator = clause.operator.as_str();
    let other = clause.value.as_deref().unwrap();
    let Some(value) = value else {
        return match operator {
            "LESSTHAN" | "LESSTHAN_OR_EQUAL" => low,
            "GREATERTHAN" | "GREATERTHAN_OR_EQUAL" => !low,
            "ISNULL" => true,
            _ => operator.contains("NOT") && operator != "ISNOTNULL",
        };
    };
    let place = |text: &str| match text.parse::<i64>() {
        Ok(number) => (1, number, String::new()),
        Err(_) => (if low { 0 } else { 2 }, 0, text.to_owned()),
    };
    let order = |hold: fn(Ordering) -> bool| hold(place(value).cmp(&place(other)));
    let bits = || match (value.parse::<i64>(), other.parse::<i64>()) {
        (Ok(value), Ok(other)) if low => value & other != 0,
        (Ok(value), Ok(other)) => value & other == other,
        _ => low,
    };
    match operator {
        "EQUAL" => value == other,
        "NOTEQUAL" => value != other,
        "LESSTHAN" => order(Ordering::is_lt),
        "LESSTHAN_OR_EQUAL" => order(Ordering::is_le),
        "GREATERTHAN" => order(Ordering::is_gt),
        "GREATERTHAN_OR_EQUAL" => order(Ordering::is_ge),
        "CONTAINS" => value.contains(other),
        "NOTCONTAINS" => !value.contains(other),
        "STARTSWITH" => value.starts_with(other),
        "NOTSTARTSWITH" => !value.starts_with(other),
        "ENDSWITH" => value.ends_with(other),
        "NOTENDSWITH" => !value.ends_with(other),
        "ISNULL" => false,
        "ISNOTNULL" => true,
        "ISBITSET" => bits(),
        _ => !bits(),
    }
}

fn satisfied(filter: &[Vec<Clause>], values: [Option<&str>; 2], low: bool) -> bool {
    let value = |clause: &Clause| values[usize::from(clause.attribute == "y")];
    filter.is_empty()
        || filter
            .iter()
            .any(|group| group.iter().all(|clause| holds(clause, value(clause), low)))
}

fn some_filter() -> impl Strategy<Value = Vec<Vec<Clause>>> {
    let literals: Vec<&str> = VALUES.into_iter().flatten().collect();
    let clause = (select(vec!["x", "y"]), select(OPERATORS.to_vec()), select(literals)).prop_map(
        |(attribute, operator, value)| Clause {
            attribute: attribute.to_owned(),
            operator: operator.to_owned(),
            value: Some(value.to_owned()),
            resolved: None,
        },
    );
    vec(vec(clause, 1..3), 0..3)
}

/// Each group twice: with a clause, and with its opposite.
fn split(filter: &[Vec<Clause>], clause: &Clause) -> Vec<Vec<Clause>> {
    let at = OPERATORS.iter().position(|operator| *operator == clause.operator);
    // The order of nothing and something is not documented, so these are no opposites.
    let opposite = match at.unwrap() {
        at @ (0 | 1) => 1 - at,
        2..6 => return filter.to_vec(),
        at => at ^ 1,
    };
    let opposite = Clause {
        operator: OPERATORS[opposite].to_owned(),
        ..clause.clone()
    };
    let groups = filter
        .iter()
        .flat_map(|group| [clause, &opposite].map(|more| group.iter().chain([more]).cloned().collect::<Vec<Clause>>()));
    groups.collect()
}

proptest! {
    #[test]
    fn filters_that_are_called_the_same_let_in_the_same(left in some_filter(), right in some_filter(), more in some_filter()) {
        let clause = more.first().and_then(|group| group.first());
        let split = clause.map_or_else(|| left.clone(), |clause| split(&left, clause));
        prop_assert!(left.len() != 1 || same_objects(&left, &split), "{left:?} {split:?}");
        for other in [&right, &split] {
            let same = same_objects(&left, other);
            for (x, y, low) in VALUES.into_iter().flat_map(|x| VALUES.map(|y| [(x, y, true), (x, y, false)])).flatten() {
                let (one, two) = (satisfied(&left, [x, y], low), satisfied(other, [x, y], low));
                prop_assert!(!same || one == two, "{x:?} {y:?} satisfy one of {left:?} {other:?}");
            }
        }
    }

    #[test]
    fn no_object_is_in_scope_of_disjoint_filters(left in some_filter(), right in some_filter()) {
        let (apart, inside) = (disjoint(&left, &right), within(&left, &right));
        for (x, y, low) in VALUES.into_iter().flat_map(|x| VALUES.map(|y| [(x, y, true), (x, y, false)])).flatten() {
            let (one, other) = (satisfied(&left, [x, y], low), satisfied(&right, [x, y], low));
            prop_assert!(!(apart && one && other), "{x:?} {y:?} satisfy both of {left:?} {right:?}");
            prop_assert!(!inside || !one || other, "{x:?} {y:?} satisfy only the first of {left:?} {right:?}");
        }
    }
}
