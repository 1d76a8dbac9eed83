//! Which object a finding is about.
//!
//! In: findings, and changes that may have made them. Out: pairs of rules and
//! flows by finding. Must not know: pictures.
//!
//! A finding is what the report prints and knows no pair; its fingerprint is
//! made of the pair's identity and leads back to it.

use super::Ordered;
use crate::assess::context::Context;
use crate::assess::finding::digest;
use crate::catalogue::ids;
use crate::diff::Change;
use crate::report::Finding;
use std::collections::{HashMap, HashSet};

/// Rows that make a finding of their own for a rule that both servers have.
const OF_RULES: [&str; 4] = [ids::RULE_SCOPE, ids::RULE_JOIN, ids::RULE_DISABLED, ids::RULE_LINK_TYPE];
/// Findings of rules that one server lacks.
const OF_LONE_RULES: [&str; 2] = [ids::CUSTOM_RULE_MISSING, ids::DEFAULT_RULE_MISSING];

/// Pairs by fingerprint.
pub struct Subjects<'a> {
    context: &'a Context<'a>,
    /// Ids of the findings.
    wanted: HashSet<&'a str>,
    pairs: HashMap<String, Vec<usize>>,
}

impl<'a> Subjects<'a> {
    /// Those of the findings' ids that may have a picture.
    pub fn of(context: &'a Context<'a>, ordered: &Ordered, findings: &'a [Finding]) -> Subjects<'a> {
        let mut subjects = Subjects {
            context,
            wanted: findings.iter().map(|finding| finding.id.as_ref()).collect(),
            pairs: HashMap::new(),
        };
        for change in &context.comparison.changes {
            subjects.change(change);
        }
        for moved in &ordered.moved {
            subjects.add(ids::RULE_PRECEDENCE, moved.pair, "");
        }
        subjects.number();
        subjects
    }

    fn change(&mut self, change: &Change) {
        let (pair, settings) = match change {
            Change::Presence { pair } => (*pair, None),
            Change::Settings { pair, settings } => (*pair, Some(settings)),
            Change::Reordered { .. } => return,
        };
        let context = self.context;
        match (context.kind(pair), settings) {
            (ids::kinds::RULE, Some(settings)) => {
                for change in settings.iter().filter(|change| OF_RULES.contains(&change.key.row)) {
                    self.add(change.key.row, pair, "");
                }
            }
            (ids::kinds::RULE, None) => OF_LONE_RULES.into_iter().for_each(|id| self.add(id, pair, "")),
            (ids::kinds::FLOW, _) => {
                if let Some(flow) = context.object(pair) {
                    self.add(ids::FLOW, pair, &flow.key);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, id: &str, pair: usize, setting: &str) {
        if self.wanted.contains(id) {
            let print = digest(&[id, self.context.identity(pair), setting]);
            self.pairs.entry(print).or_default().push(pair);
        }
    }

    /// Where several objects have one identity, the findings of all but the first have a number in their fingerprint.
    fn number(&mut self) {
        let several: Vec<(String, Vec<usize>)> = self
            .pairs
            .iter()
            .filter(|(_, pairs)| pairs.len() > 1)
            .map(|(print, pairs)| (print.clone(), pairs.clone()))
            .collect();
        for (print, pairs) in several {
            for count in 2..=pairs.len() {
                let numbered = digest(&[&print, &count.to_string()]);
                self.pairs.entry(numbered).or_insert_with(|| pairs.clone());
            }
        }
    }

    /// The pair that a finding is about.
    pub fn pair(&self, finding: &Finding) -> Option<usize> {
        match self.pairs.get(&finding.fingerprint)?.as_slice() {
            [only] => Some(*only),
            several => {
                let file = |pair: &&usize| {
                    let places = self.context.places(**pair);
                    places.iter().any(|place| {
                        let same =
                            |other: &crate::report::Place| (&other.server, &other.file) == (&place.server, &place.file);
                        finding.locations.iter().any(same)
                    })
                };
                several.iter().find(file).copied()
            }
        }
    }
}
