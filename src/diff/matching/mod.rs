//! Finds every object's counterpart on the other server and says how.
//!
//! In: two configurations. Out: [`Pairs`], parents before children. Must not
//! know: severities. Nothing here is "first wins", and nothing is quadratic
//! without a bound.

mod children;
mod connectors;
mod content;
mod copies;
mod rules;

use crate::catalogue::{Catalogue, MatchingKind, ids};
use crate::derive::{self, RuleView};
use crate::model::{Configuration, Object, ObjectIndex, Value};
use crate::normalise::EMBEDDED;
pub(super) use children::MOVED;
pub use copies::BY_COPY;
pub use rules::BY_CONTENT;
use rules::Bounds;
use std::collections::{BTreeMap, BTreeSet};

/// What the user decided.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--map-connector PRIMARY=STAGING`, by name.
    pub connectors: Vec<(String, String)>,
}

/// Two objects that are one, or one without a counterpart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Object of the primary.
    pub left: Option<ObjectIndex>,
    /// Object of staging.
    pub right: Option<ObjectIndex>,
    /// How they were matched, in words.
    pub by: &'static str,
    /// Inside an object that exists on one server only: not reported again.
    pub folded: bool,
}

/// All pairs.
#[derive(Debug, Default)]
pub struct Pairs {
    /// Pairs; a parent's pair stands before its children's.
    pub all: Vec<Pair>,
    /// Pair of each object of the primary.
    pub of_left: Vec<usize>,
    /// Pair of each object of staging.
    pub of_right: Vec<usize>,
}

/// The outcome of matching.
#[derive(Debug)]
pub struct Matched {
    /// The pairs.
    pub pairs: Pairs,
    /// Views of staging's rules, with connector keys settled.
    pub right_rules: Vec<RuleView>,
    /// Bounds that were reached.
    pub notes: Vec<String>,
}

/// A `--map-connector` that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum MatchingError {
    /// No such connector.
    #[error("--map-connector {argument}: the {side} has no connector named {name:?}; it has {known}")]
    UnknownConnector {
        /// The argument as given.
        argument: String,
        /// `primary` or `staging server`.
        side: &'static str,
        /// The name that was not found.
        name: String,
        /// Names that exist.
        known: String,
    },
    /// Connectors of two kinds.
    #[error(
        "--map-connector {argument}: {primary:?} is a connector of category {left}, {staging:?} one of category {right}; only connectors of one category can be the same; name another pair"
    )]
    OtherCategory {
        /// The argument as given.
        argument: String,
        /// The primary's connector.
        primary: String,
        /// Staging's connector.
        staging: String,
        /// Category of the primary's.
        left: String,
        /// Category of staging's.
        right: String,
    },
    /// One connector was named twice.
    #[error("--map-connector {argument}: {name:?} is mapped twice")]
    MappedTwice {
        /// The argument as given.
        argument: String,
        /// The name.
        name: String,
    },
}

/// Matches connectors, then rules, then everything by its key under its parent.
pub fn match_all(
    left: &Configuration,
    right: &mut Configuration,
    (left_rules, mut right_rules): (&[RuleView], Vec<RuleView>),
    catalogue: &Catalogue,
    options: &Options,
) -> Result<Matched, MatchingError> {
    let facts = &catalogue.facts;
    let mut builder = Builder::new(left.objects.len(), right.objects.len());
    let mut notes = Vec::new();
    let connectors = connectors::pair(left, right, left_rules, &right_rules, &options.connectors)?;
    if !connectors.renamed.is_empty() {
        adopt_keys(right, &connectors.renamed);
        right_rules = derive::rules(right, facts);
    }
    for (l, r, by) in connectors.pairs {
        builder.pair(Some(l), Some(r), by);
    }
    let bounds = Bounds {
        lone_left: lone(left, &builder.pairs.of_left),
        lone_right: lone(right, &builder.pairs.of_right),
    };
    let rules = rules::pair(left_rules, &right_rules, &bounds, &mut notes);
    for (l, r, by) in rules {
        builder.pair(Some(left_rules[l].object), Some(right_rules[r].object), by);
    }
    let left_children = left.children();
    let right_children = right.children();
    builder.documents(left, right);
    let mut next = 0;
    while next < builder.pairs.all.len() {
        let pair = builder.pairs.all[next].clone();
        let lefts = pair.left.map_or(&[][..], |l| &left_children[l]);
        let rights = pair.right.map_or(&[][..], |r| &right_children[r]);
        if pair.left.is_some() && pair.right.is_some() {
            children::pair(left, right, lefts, rights, catalogue, &mut builder);
        } else {
            for &l in lefts {
                builder.fold(Some(l), None);
            }
            for &r in rights {
                builder.fold(None, Some(r));
            }
        }
        next += 1;
    }
    Ok(Matched {
        pairs: builder.pairs,
        right_rules,
        notes,
    })
}

/// Keys of connectors that are in the export and have no counterpart.
fn lone(configuration: &Configuration, pairs: &[usize]) -> BTreeSet<String> {
    configuration
        .of_kind(ids::kinds::CONNECTOR)
        .filter(|(index, _)| pairs[*index] == NONE)
        .map(|(_, connector)| connector.key.clone())
        .collect()
}

/// Staging's connectors take the keys of their counterparts, wherever a reference holds them.
fn adopt_keys(right: &mut Configuration, renamed: &BTreeMap<String, String>) {
    let embedded: Vec<(String, String)> = renamed
        .iter()
        .map(|(from, to)| {
            (
                format!("{}{from}{}", EMBEDDED.0, EMBEDDED.1),
                format!("{}{to}{}", EMBEDDED.0, EMBEDDED.1),
            )
        })
        .collect();
    let replace = |text: &mut String| {
        if text.contains(EMBEDDED.0) {
            for (from, to) in &embedded {
                *text = text.replace(from, to);
            }
        }
    };
    for object in &mut right.objects {
        if object.kind == ids::kinds::CONNECTOR
            && let Some(key) = renamed.get(&object.key)
        {
            object.key.clone_from(key);
        }
        for setting in object.settings.values_mut() {
            match &mut setting.value {
                Value::Reference { raw, target } => adopt_reference(raw, target, renamed),
                Value::Text { canonical, .. } => replace(canonical),
                Value::Expression {
                    canonical: Some(canonical),
                    ..
                } => replace(canonical),
                Value::Scope(groups) => {
                    for clause in groups.iter_mut().flatten() {
                        if let Some(resolved) = &mut clause.resolved {
                            replace(resolved);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn adopt_reference(raw: &str, target: &mut Option<crate::model::Target>, renamed: &BTreeMap<String, String>) {
    match target {
        Some(target) => {
            let (connector, rest) = match target.key.split_once('/') {
                Some((connector, rest)) => (connector.to_owned(), Some(rest.to_owned())),
                None => (target.key.clone(), None),
            };
            if let Some(key) = renamed.get(&connector) {
                target.key = match rest {
                    Some(rest) => format!("{key}/{rest}"),
                    None => key.clone(),
                };
            }
        }
        // A connector that is not in the export is known only by its GUID.
        None => {
            if let Some(key) = renamed.get(&crate::model::fold_guid(raw)) {
                *target = Some(crate::model::Target {
                    key: key.clone(),
                    name: raw.to_owned(),
                });
            }
        }
    }
}

/// Collects pairs, each object once.
pub(super) struct Builder {
    pub(super) pairs: Pairs,
}

/// No pair yet.
const NONE: usize = usize::MAX;

impl Builder {
    fn new(left: usize, right: usize) -> Builder {
        Builder {
            pairs: Pairs {
                all: Vec::new(),
                of_left: vec![NONE; left],
                of_right: vec![NONE; right],
            },
        }
    }

    pub(super) fn pair(&mut self, left: Option<ObjectIndex>, right: Option<ObjectIndex>, by: &'static str) {
        let taken = left.is_some_and(|l| self.pairs.of_left[l] != NONE)
            || right.is_some_and(|r| self.pairs.of_right[r] != NONE);
        if taken {
            return;
        }
        let index = self.pairs.all.len();
        if let Some(l) = left {
            self.pairs.of_left[l] = index;
        }
        if let Some(r) = right {
            self.pairs.of_right[r] = index;
        }
        self.pairs.all.push(Pair {
            left,
            right,
            by,
            folded: false,
        });
    }

    pub(super) fn has_left(&self, object: ObjectIndex) -> bool {
        self.pairs.of_left[object] != NONE
    }

    pub(super) fn has_right(&self, object: ObjectIndex) -> bool {
        self.pairs.of_right[object] != NONE
    }

    fn fold(&mut self, left: Option<ObjectIndex>, right: Option<ObjectIndex>) {
        let before = self.pairs.all.len();
        self.pair(left, right, "");
        if let Some(pair) = self.pairs.all.get_mut(before) {
            pair.folded = true;
        }
    }

    /// Documents other than connectors and rules, then whatever is left over on either side.
    fn documents(&mut self, left: &Configuration, right: &Configuration) {
        let roots = |configuration: &Configuration, taken: &[usize]| -> Vec<ObjectIndex> {
            configuration
                .objects
                .iter()
                .enumerate()
                .filter(|(index, object)| object.parent.is_none() && taken[*index] == NONE)
                .map(|(index, _)| index)
                .collect()
        };
        let single = |object: &Object| object.kind != ids::kinds::RULE && object.kind != ids::kinds::CONNECTOR;
        let rights = roots(right, &self.pairs.of_right);
        for l in roots(left, &self.pairs.of_left) {
            let object = &left.objects[l];
            let same = |&r: &ObjectIndex| {
                let other = &right.objects[r];
                other.kind == object.kind && other.key == object.key && other.ordinal == object.ordinal
            };
            // Thousands of rules without a counterpart must not cost their square.
            let counterpart = if single(object) {
                rights.iter().copied().find(same)
            } else {
                None
            };
            let by = if counterpart.is_some() { "kind of document" } else { "" };
            self.pair(Some(l), counterpart, by);
        }
        for r in roots(right, &self.pairs.of_right) {
            self.pair(None, Some(r), "");
        }
    }
}

/// How objects of a kind are matched.
fn kind_of(catalogue: &Catalogue, object: &Object) -> MatchingKind {
    catalogue
        .kind(object.kind)
        .map_or(MatchingKind::Key, |kind| kind.matching)
}
