//! Whether one object can be in scope of two rules.
//!
//! In: two scoping filters. Out: whether they exclude each other, whether one
//! lies within the other, and whether they let in the same. Must not know: rules, findings.
//!
//! Answers are given only where they are certain: filters that exclude each
//! other for a reason that is not written in them are not disjoint here. Letter
//! case does not count, as in the product.

use crate::model::{Clause, Value};
use std::collections::BTreeSet;

/// A scoping filter: groups (any) of clauses (all).
type Filter = [Vec<Clause>];

/// What stands between the members of a list.
const LIST: char = ';';
/// Pairs of groups that are looked at; filters with more are not called disjoint.
const MANY: usize = 4_096;
/// Clauses of both filters that are compared with each other; filters with more are not called disjoint.
const CLAUSES: usize = 512;

/// Whether no object can satisfy both filters.
pub fn disjoint(left: &Filter, right: &Filter) -> bool {
    let every = [Vec::new()];
    let (left, right) = (groups(left, &every), groups(right, &every));
    let clauses: usize = left.iter().chain(right).map(Vec::len).sum();
    if left.len().saturating_mul(right.len()) > MANY || clauses > CLAUSES {
        return false;
    }
    left.iter().all(|one| right.iter().all(|other| exclude(one, other)))
}

/// Whether no object can satisfy both groups.
pub fn exclusive(left: &[Clause], right: &[Clause]) -> bool {
    left.len() + right.len() <= CLAUSES && exclude(left, right)
}

/// Whether every object that satisfies the first filter satisfies the second: each group repeats all clauses of one of
/// the second's.
pub fn within(inner: &Filter, outer: &Filter) -> bool {
    let every = [Vec::new()];
    let (inner, outer) = (groups(inner, &every), groups(outer, &every));
    let texts = |groups: &Filter| -> Vec<BTreeSet<String>> {
        groups.iter().map(|group| group.iter().map(text).collect()).collect()
    };
    if inner.len().saturating_mul(outer.len()) > MANY {
        return false;
    }
    let (inner, outer) = (texts(inner), texts(outer));
    inner.iter().all(|one| outer.iter().any(|other| other.is_subset(one)))
}

/// Whether the same objects satisfy both filters for certain: two groups that differ only in clauses of which one always
/// holds are one group without them.
pub fn same_objects(left: &Filter, right: &Filter) -> bool {
    objects(left) == objects(right)
}

/// A text that filters share which let in the same objects.
pub fn objects(filter: &Filter) -> String {
    Value::Scope(simplified(filter)).canonical()
}

/// Groups of which no two can be made one, without clauses that others include; none where every object satisfies the
/// filter.
fn simplified(filter: &Filter) -> Vec<Vec<Clause>> {
    /// Filters with more groups than this are taken as they stand.
    const GROUPS: usize = 64;
    let clauses: usize = filter.iter().map(Vec::len).sum();
    // What a group without clauses lets in is not documented.
    if filter.len() > GROUPS || clauses > CLAUSES || filter.iter().any(Vec::is_empty) {
        return filter.to_vec();
    }
    // What a clause and its opposite complete is seen before either goes for another reason.
    let groups = merged_all(filter.to_vec());
    let groups = merged_all(groups.iter().map(|group| tightest(group)).collect());
    if groups.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    widest(groups)
}

fn merged_all(mut groups: Vec<Vec<Clause>>) -> Vec<Vec<Clause>> {
    while let Some((at, other, one)) = mergeable(&groups) {
        groups.remove(other);
        groups[at] = one;
    }
    groups
}

/// A group without clauses that another one of it implies, each value in one spelling.
fn tightest(group: &[Clause]) -> Vec<Clause> {
    let all: Vec<(Clause, Test)> = group.iter().map(spelled).collect();
    let needless = |at: usize| {
        all.iter().enumerate().any(|(other, (_, test))| {
            let implied = test.implies(&all[at].1);
            // Of two that imply each other the first one stays.
            other != at && implied && (other < at || !all[at].1.implies(test))
        })
    };
    let kept = (0..all.len()).filter(|&at| !needless(at));
    kept.map(|at| all[at].0.clone()).collect()
}

/// Groups without those of which all objects are in another one.
fn widest(groups: Vec<Vec<Clause>>) -> Vec<Vec<Clause>> {
    let tests: Vec<Vec<Test>> = groups
        .iter()
        .map(|group| group.iter().map(Test::exact).collect())
        .collect();
    let inside =
        |inner: &[Test], outer: &[Test]| outer.iter().all(|clause| inner.iter().any(|one| one.implies(clause)));
    let needless = |at: usize| {
        (0..tests.len()).any(|other| {
            other != at
                && !tests[other].is_empty()
                && inside(&tests[at], &tests[other])
                && (other < at || !inside(&tests[other], &tests[at]))
        })
    };
    let kept: Vec<bool> = (0..groups.len()).map(|at| !needless(at)).collect();
    let mut kept = kept.into_iter();
    groups.into_iter().filter(|_| kept.next().unwrap_or_default()).collect()
}

/// A clause with nothing in it that has no meaning: a value where none is asked for, the order of a list.
fn spelled(clause: &Clause) -> (Clause, Test) {
    let mut clause = clause.clone();
    match Operator::of(&clause.operator) {
        O::Null | O::NotNull => (clause.value, clause.resolved) = (None, None),
        O::In | O::NotIn if clause.resolved.is_none() => {
            clause.value = clause.value.map(|list| {
                let mut members: Vec<&str> = list.split(LIST).collect();
                members.sort_unstable();
                members.dedup();
                members.join(&LIST.to_string())
            });
        }
        _ => {}
    }
    let test = Test::exact(&clause);
    (clause, test)
}

/// The first two groups that are one, and that one.
fn mergeable(groups: &Filter) -> Option<(usize, usize, Vec<Clause>)> {
    groups.iter().enumerate().find_map(|(at, left)| {
        let others = groups.iter().enumerate().skip(at + 1);
        others
            .filter(|(_, right)| right.len() == left.len())
            .find_map(|(other, right)| Some((at, other, merged(left, right)?)))
    })
}

/// What two groups have in common, if one clause of each is all that differs and one of these always holds.
fn merged(left: &[Clause], right: &[Clause]) -> Option<Vec<Clause>> {
    // Letter case counts here: that it does not in the product must not make filters equal.
    let key = |clause: &Clause| Value::Scope(vec![vec![clause.clone()]]).canonical();
    let keys = |group: &[Clause]| -> BTreeSet<String> { group.iter().map(key).collect() };
    let (lefts, rights) = (keys(left), keys(right));
    let without = |group: &[Clause], others: &BTreeSet<String>| -> Vec<Clause> {
        let own = group.iter().filter(|clause| !others.contains(&key(clause)));
        own.cloned().collect()
    };
    let (one, other) = (without(left, &rights), without(right, &lefts));
    let ([one], [other]) = (one.as_slice(), other.as_slice()) else {
        return None;
    };
    let (a, b) = (Test::of(one), Test::of(other));
    let one_value = [a.operator, b.operator].contains(&O::Null) || one.value == other.value;
    let complete = a.attribute == b.attribute && one_value && (a.complements(&b) || b.complements(&a));
    complete.then(|| left.iter().filter(|clause| *clause != one).cloned().collect())
}

/// A filter without groups lets everything through.
fn groups<'f>(filter: &'f Filter, every: &'f Filter) -> &'f Filter {
    if filter.is_empty() { every } else { filter }
}

/// A clause that means the same has the same text.
fn text(clause: &Clause) -> String {
    let attribute = clause.attribute.to_lowercase();
    format!("{attribute} {} {}", clause.operator.to_uppercase(), value(clause))
}

fn value(clause: &Clause) -> String {
    let value = clause.resolved.as_deref().or(clause.value.as_deref());
    value.unwrap_or_default().to_lowercase()
}

/// Whether no object can satisfy all clauses of both groups. A group may also contradict itself.
fn exclude(left: &[Clause], right: &[Clause]) -> bool {
    let all: Vec<Test> = left.iter().chain(right).map(Test::of).collect();
    all.iter().enumerate().any(|(at, one)| {
        all[at + 1..]
            .iter()
            .any(|other| one.attribute == other.attribute && (one.contradicts(other) || other.contradicts(one)))
    })
}

/// A clause, folded.
struct Test {
    attribute: String,
    operator: Operator,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    NotContains,
    Starts,
    NotStarts,
    Ends,
    NotEnds,
    Null,
    NotNull,
    In,
    NotIn,
    Bit,
    NotBit,
    Member,
    NotMember,
    Other,
}

use Operator as O;

impl Operator {
    fn of(text: &str) -> Operator {
        match text.to_uppercase().as_str() {
            "EQUAL" => O::Equal,
            "NOTEQUAL" => O::NotEqual,
            "LESSTHAN" => O::Less,
            "LESSTHAN_OR_EQUAL" => O::LessOrEqual,
            "GREATERTHAN" => O::Greater,
            "GREATERTHAN_OR_EQUAL" => O::GreaterOrEqual,
            "CONTAINS" => O::Contains,
            "NOTCONTAINS" => O::NotContains,
            "STARTSWITH" => O::Starts,
            "NOTSTARTSWITH" => O::NotStarts,
            "ENDSWITH" => O::Ends,
            "NOTENDSWITH" => O::NotEnds,
            "ISNULL" => O::Null,
            "ISNOTNULL" => O::NotNull,
            "ISIN" => O::In,
            "ISNOTIN" => O::NotIn,
            "ISBITSET" => O::Bit,
            // A page of the manual prints the second form.
            "ISBITNOTSET" | "ISNOTBITSET" => O::NotBit,
            "ISMEMBEROF" => O::Member,
            "ISNOTMEMBEROF" => O::NotMember,
            _ => O::Other,
        }
    }

    /// The operator that holds exactly where this one does not.
    fn opposite(self) -> Option<Operator> {
        Some(match self {
            O::Equal => O::NotEqual,
            O::Contains => O::NotContains,
            O::Starts => O::NotStarts,
            O::Ends => O::NotEnds,
            O::Null => O::NotNull,
            O::In => O::NotIn,
            O::Bit => O::NotBit,
            O::Member => O::NotMember,
            _ => return None,
        })
    }

    /// Whether it never holds where the attribute has no value. The order of nothing and something is not documented.
    fn needs_value(self) -> bool {
        matches!(
            self,
            O::Equal | O::Contains | O::Starts | O::Ends | O::NotNull | O::In | O::Bit | O::Member
        )
    }
}

impl Test {
    fn of(clause: &Clause) -> Test {
        Test {
            attribute: clause.attribute.to_lowercase(),
            operator: Operator::of(&clause.operator),
            value: value(clause),
        }
    }

    /// The same with letter case kept: what holds with and without it is certain.
    fn exact(clause: &Clause) -> Test {
        let value = clause.resolved.as_deref().or(clause.value.as_deref());
        let value = value.unwrap_or_default();
        let flag = ["true", "false"].iter().any(|flag| flag.eq_ignore_ascii_case(value));
        Test {
            value: if flag { value.to_lowercase() } else { value.to_owned() },
            ..Test::of(clause)
        }
    }

    /// Whether every object that satisfies this satisfies the other, whatever the values of a multi-valued attribute are.
    fn implies(&self, other: &Test) -> bool {
        let (own, others) = (self.value.as_str(), other.value.as_str());
        if self.attribute != other.attribute {
            return false;
        }
        if self.operator == other.operator && own == others && self.operator != O::Other {
            return true;
        }
        if !self.literal() {
            return false;
        }
        if other.operator == O::NotNull {
            return self.operator.needs_value();
        }
        if !other.literal() {
            return false;
        }
        let numbers = number(own).zip(number(others));
        let ordered = |hold: fn(&i64, &i64) -> bool| numbers.is_some_and(|(a, b)| hold(&a, &b));
        match (self.operator, other.operator) {
            (O::Equal | O::Starts, O::Starts) => own.starts_with(others),
            (O::Equal | O::Ends, O::Ends) => own.ends_with(others),
            (O::Equal | O::Starts | O::Ends | O::Contains, O::Contains) => own.contains(others),
            (O::Equal, O::In) => others.split(LIST).any(|member| member == own),
            (O::NotStarts, O::NotStarts) => others.starts_with(own),
            (O::NotEnds, O::NotEnds) => others.ends_with(own),
            (O::NotContains, O::NotContains | O::NotStarts | O::NotEnds | O::NotEqual) => others.contains(own),
            (O::Equal, O::Less) => ordered(i64::lt),
            (O::Less, O::Less | O::LessOrEqual) => ordered(i64::le),
            (O::LessOrEqual, O::Less) => ordered(i64::lt),
            (O::LessOrEqual | O::Equal, O::LessOrEqual) => ordered(i64::le),
            (O::Equal, O::Greater) => ordered(i64::gt),
            (O::Greater, O::Greater | O::GreaterOrEqual) => ordered(i64::ge),
            (O::GreaterOrEqual, O::Greater) => ordered(i64::gt),
            (O::GreaterOrEqual | O::Equal, O::GreaterOrEqual) => ordered(i64::ge),
            _ => false,
        }
    }

    /// Whether its value is a text of its own: a parameter may stand for any, and an empty text for nothing.
    fn literal(&self) -> bool {
        !self.value.is_empty() && !self.value.contains('%')
    }

    /// Whether each object satisfies exactly one of both; asked in both directions.
    fn complements(&self, other: &Test) -> bool {
        self.operator.opposite() == Some(other.operator) && (self.operator == O::Null || self.value == other.value)
    }

    /// Whether no value satisfies both; asked in both directions.
    fn contradicts(&self, other: &Test) -> bool {
        let (own, others) = (self.value.as_str(), other.value.as_str());
        if self.complements(other) {
            return true;
        }
        if self.operator == O::Null {
            return other.operator.needs_value() && other.literal();
        }
        if !self.literal() || !other.literal() {
            return false;
        }
        match (self.operator, other.operator) {
            (O::Equal, _) => other.holds(own) == Some(false),
            (O::Starts, O::Starts) => !own.starts_with(others) && !others.starts_with(own),
            (O::Ends, O::Ends) => !own.ends_with(others) && !others.ends_with(own),
            (O::Starts, O::NotStarts) => own.starts_with(others),
            (O::Ends, O::NotEnds) => own.ends_with(others),
            (O::Starts | O::Ends | O::Contains, O::NotContains) => own.contains(others),
            (O::Less | O::LessOrEqual, O::Greater | O::GreaterOrEqual) => self.below(other),
            _ => false,
        }
    }

    /// Whether a value satisfies it, where that is certain.
    fn holds(&self, value: &str) -> Option<bool> {
        let own = self.value.as_str();
        let ordered = |hold: fn(&i64, &i64) -> bool| Some(hold(&number(value)?, &number(own)?));
        let bits = number(own).filter(|bits| *bits != 0);
        match self.operator {
            O::Equal => Some(same(value, own)),
            O::NotEqual => Some(!same(value, own)),
            O::Less => ordered(i64::lt),
            O::LessOrEqual => ordered(i64::le),
            O::Greater => ordered(i64::gt),
            O::GreaterOrEqual => ordered(i64::ge),
            O::Contains => Some(value.contains(own)),
            O::NotContains => Some(!value.contains(own)),
            O::Starts => Some(value.starts_with(own)),
            O::NotStarts => Some(!value.starts_with(own)),
            O::Ends => Some(value.ends_with(own)),
            O::NotEnds => Some(!value.ends_with(own)),
            // Of several bits one may be enough.
            O::Bit => Some(number(value)? & bits? != 0),
            O::NotBit => Some(number(value)? & bits? != bits?),
            _ => None,
        }
    }

    /// Whether all that is less than this is less than the other's lowest.
    fn below(&self, other: &Test) -> bool {
        let (Some(top), Some(bottom)) = (number(&self.value), number(&other.value)) else {
            return false;
        };
        let both = self.operator == O::LessOrEqual && other.operator == O::GreaterOrEqual;
        top < bottom || (top == bottom && !both)
    }
}

/// One number may be written in several ways.
fn same(one: &str, other: &str) -> bool {
    one == other || number(one).is_some_and(|one| number(other) == Some(one))
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}
