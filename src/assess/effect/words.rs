//! Objects in a scope, in words: "users with department = Sales".
//!
//! In: object types and scoping filters. Out: phrases. Must not know: rules.

use crate::catalogue::Effects;
use crate::derive::{disjoint, exclusive, same_objects};
use crate::model::{Clause, Value};
use std::collections::BTreeSet;

/// The operator that asks for one value.
const EQUAL: &str = "EQUAL";
/// More than this is not told clause by clause.
const LONGEST: usize = 160;

/// Words of the catalogue.
pub struct Words<'a> {
    effects: &'a Effects,
}

/// Objects that enter or leave a scope between primary and staging.
pub struct Moved {
    /// In scope on the primary only.
    pub lost: Option<String>,
    /// In scope on staging only.
    pub gained: Option<String>,
}

impl<'a> Words<'a> {
    /// With the words of the catalogue.
    pub fn new(effects: &'a Effects) -> Words<'a> {
        Words { effects }
    }

    /// All objects of a type that a filter lets in.
    pub fn objects(&self, object_type: &str, groups: &[Vec<Clause>]) -> String {
        let plural = self.named(object_type, groups);
        match self.any(groups) {
            None => plural,
            Some(phrase) if phrase.chars().count() <= LONGEST => format!("{plural} {phrase}"),
            Some(_) => format!("{plural} in its scope"),
        }
    }

    /// Objects of a type that two filters let in, where that is a phrase.
    pub fn of_both(&self, object_type: &str, one: &[Vec<Clause>], other: &[Vec<Clause>]) -> Option<String> {
        let ([one], [other]) = (one, other) else {
            return None;
        };
        let both = [one.as_slice(), other.as_slice()].concat();
        let phrase = self.all(&both).filter(|phrase| phrase.chars().count() <= LONGEST)?;
        Some(format!("{} {phrase}", self.named(object_type, &[both])))
    }

    /// Who leaves and who enters when one filter takes the place of another.
    pub fn moved(&self, object_type: &str, left: &[Vec<Clause>], right: &[Vec<Clause>]) -> Moved {
        let plural = self.named(object_type, if left.is_empty() { right } else { left });
        let (l, r) = (without(left, right), without(right, left));
        let objects = |phrase: Option<String>| {
            let phrase = phrase.filter(|phrase| phrase.chars().count() <= LONGEST);
            Some(match phrase {
                Some(phrase) => format!("{plural} {phrase}"),
                None => format!("some {plural}"),
            })
        };
        // Where a filter is gone, all others enter: that is said also where they are more than a phrase.
        let outside = |groups: &[Vec<Clause>]| {
            let phrase = self.outside(groups).filter(|phrase| phrase.chars().count() <= LONGEST);
            Some(phrase.map_or_else(
                || format!("all {plural} outside the filter"),
                |phrase| format!("{plural} {phrase}"),
            ))
        };
        match (l.as_slice(), r.as_slice()) {
            _ if takes_all(left) => Moved {
                lost: outside(right),
                gained: None,
            },
            _ if takes_all(right) => Moved {
                lost: None,
                gained: outside(left),
            },
            ([one], [other]) => Moved {
                lost: self.left_by(one, other).and_then(&objects),
                gained: self.left_by(other, one).and_then(&objects),
            },
            _ => Moved {
                lost: self.left_out(&plural, &l, right),
                gained: self.left_out(&plural, &r, left),
            },
        }
    }

    /// Who is in one group and not in the other: `None` when nobody is, else the phrase, where there is one.
    fn left_by(&self, group: &[Clause], other: &[Clause]) -> Option<Option<String>> {
        let added = clauses_without(other, group);
        if added.is_empty() || self.implies(group, other) {
            return None;
        }
        let kept = self.all(group);
        // Where no object is in both, there is no need to say so.
        if exclusive(group, other) {
            return Some(kept);
        }
        let open: Vec<Clause> = added
            .into_iter()
            .filter(|clause| !self.implied(group, clause))
            .collect();
        let outside = self.none_of(&open);
        let all = join(" and ", [kept, outside.clone()]);
        Some(match group {
            [] => outside,
            // What is new is told even where the rest is too much.
            _ if all.as_ref().is_some_and(|phrase| phrase.chars().count() > LONGEST) => {
                outside.map(|phrase| format!("of its scope {phrase}"))
            }
            _ => all,
        })
    }

    /// Who is in one of the groups and in none of the other filter's.
    fn left_out(&self, plural: &str, groups: &[Vec<Clause>], other: &[Vec<Clause>]) -> Option<String> {
        let covered = |group: &&Vec<Clause>| other.iter().any(|outer| self.implies(group, outer));
        let open: Vec<Vec<Clause>> = groups.iter().filter(|group| !covered(group)).cloned().collect();
        if open.is_empty() {
            return None;
        }
        let phrase = self.any(&open).filter(|phrase| phrase.chars().count() <= LONGEST);
        Some(match phrase {
            Some(phrase) if disjoint(&open, other) => format!("{plural} {phrase}"),
            Some(phrase) => format!("{plural} {phrase} (where no other group holds)"),
            None => format!("some {plural}"),
        })
    }

    /// Whether every object of a group is in the other one.
    fn implies(&self, group: &[Clause], other: &[Clause]) -> bool {
        other.iter().all(|clause| self.implied(group, clause))
    }

    /// Whether a clause holds for every object of a group: its opposite and the group exclude each other.
    fn implied(&self, group: &[Clause], clause: &Clause) -> bool {
        let opposite = self
            .effects
            .operators
            .get(&clause.operator.to_uppercase())
            .map(|(.., opposite)| Clause {
                operator: opposite.clone(),
                ..clause.clone()
            });
        opposite.is_some_and(|opposite| exclusive(group, &[opposite]))
    }

    /// What objects of a type are called that a filter lets in: one that asks where they come from says more.
    fn named(&self, object_type: &str, groups: &[Vec<Clause>]) -> String {
        let asks = |clause: &&Clause| {
            let mut names = self.effects.type_attributes.iter();
            clause.operator.eq_ignore_ascii_case(EQUAL)
                && names.any(|name| name.eq_ignore_ascii_case(&clause.attribute))
        };
        let of = |group: &Vec<Clause>| {
            let value = group.iter().find(asks)?.value.as_ref()?;
            self.effects.objects.get(&value.to_lowercase()).cloned()
        };
        let named: Option<BTreeSet<String>> = groups.iter().map(of).collect();
        let one = named
            .filter(|named| named.len() == 1)
            .and_then(|named| named.into_iter().next());
        one.unwrap_or_else(|| self.plural(object_type))
    }

    fn plural(&self, object_type: &str) -> String {
        self.effects.plural(object_type)
    }

    /// One of the groups holds; `None` where there is no filter.
    fn any(&self, groups: &[Vec<Clause>]) -> Option<String> {
        let phrases: Vec<Option<String>> = groups.iter().map(|group| self.all(group)).collect();
        join(", or ", phrases)
    }

    /// All clauses hold; `None` where there are none.
    fn all(&self, group: &[Clause]) -> Option<String> {
        join(" and ", group.iter().map(|clause| Some(self.clause(clause, true))))
    }

    /// Not all of the clauses hold.
    fn none_of(&self, group: &[Clause]) -> Option<String> {
        join(" or ", group.iter().map(|clause| Some(self.clause(clause, false))))
    }

    /// None of the groups holds; `None` where that is more than a phrase.
    fn outside(&self, groups: &[Vec<Clause>]) -> Option<String> {
        match groups {
            [group] => self.none_of(group),
            _ if groups.iter().all(|group| group.len() == 1) => join(
                " and ",
                groups.iter().flatten().map(|clause| Some(self.clause(clause, false))),
            ),
            _ => None,
        }
    }

    fn clause(&self, clause: &Clause, inside: bool) -> String {
        let value = clause.value.as_deref().unwrap_or_default();
        let place = |name: &str| match name {
            "a" => clause.attribute.clone(),
            _ if value.is_empty() => "(empty)".to_owned(),
            _ => value.to_owned(),
        };
        match self.effects.operators.get(&clause.operator.to_uppercase()) {
            Some((text, ..)) if inside => fill(text, place),
            Some((_, text, _)) => fill(text, place),
            None if inside => format!("where {} {} {value}", clause.attribute, clause.operator),
            None => format!("where not {} {} {value}", clause.attribute, clause.operator),
        }
    }
}

/// A text with its places in braces filled.
pub fn fill(text: &str, known: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                out.push_str(&known(name));
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// Phrases joined; `None` when one of them is missing or there are none.
fn join(with: &str, phrases: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let all: Option<Vec<String>> = phrases.into_iter().collect();
    all.filter(|all| !all.is_empty()).map(|all| all.join(with))
}

/// Whether a filter lets in every object: it has no groups, or one without clauses.
fn takes_all(groups: &[Vec<Clause>]) -> bool {
    same_objects(groups, &[]) || groups.iter().any(Vec::is_empty)
}

/// Groups that the other filter does not have in the same meaning.
fn without(groups: &[Vec<Clause>], other: &[Vec<Clause>]) -> Vec<Vec<Clause>> {
    let key = |group: &Vec<Clause>| Value::Scope(vec![group.clone()]).canonical();
    let known: BTreeSet<String> = other.iter().map(key).collect();
    groups
        .iter()
        .filter(|group| !known.contains(&key(group)))
        .cloned()
        .collect()
}

fn clauses_without(group: &[Clause], other: &[Clause]) -> Vec<Clause> {
    let key = |clause: &Clause| Value::Scope(vec![vec![clause.clone()]]).canonical();
    let known: BTreeSet<String> = other.iter().map(key).collect();
    group
        .iter()
        .filter(|clause| !known.contains(&key(clause)))
        .cloned()
        .collect()
}
