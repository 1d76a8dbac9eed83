//! How the rules that feed one target stand to each other.
//!
//! In: the flows into a target. Out: rank and standing of each. Must not know:
//! what was asked.

use crate::catalogue::{Facts, ids};
use crate::derive::{Contest, RuleView, contributions, in_rank_order};
use crate::model::{Configuration, ObjectIndex};
use crate::report::flow::Standing;
use std::collections::HashMap;

/// One flow's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// 1 is asked first.
    pub rank: usize,
    /// What that means.
    pub standing: Standing,
}

/// All flows into a target.
#[derive(Debug, Default)]
pub struct Ranking {
    /// Rule and flow, in rank order; last those that never have a value.
    pub order: Vec<(usize, ObjectIndex)>,
    /// Their places.
    pub places: HashMap<ObjectIndex, Place>,
    /// How many rules there are that can have a value.
    pub rules: usize,
}

impl Ranking {
    /// Ranks the live rules that feed a target.
    pub fn of(
        configuration: &Configuration,
        facts: &Facts,
        views: &[RuleView],
        mut rules: Vec<usize>,
        target: &Contest,
    ) -> Ranking {
        in_rank_order(&mut rules, views);
        let all = contributions(configuration, views, &rules, target);
        let all = all.iter().map(|of| (of.rule, of.flow));
        // What never has a value is asked and passed over.
        let (silent, order): (Vec<_>, Vec<_>) =
            all.partition(|(rule, flow): &(usize, ObjectIndex)| views[*rule].silent.contains(flow));
        let combining = order
            .iter()
            .filter(|(_, flow)| combines(configuration, facts, *flow))
            .count();
        let mut places = HashMap::new();
        let level = |rule: usize| views[rule].precedence;
        for (at, same) in order.chunk_by(|a, b| level(a.0) == level(b.0)).enumerate() {
            let standing = match combining {
                _ if order.len() == 1 => Standing::Wins,
                0 if same.len() > 1 => Standing::Undefined,
                0 if at == 0 => Standing::Wins,
                0 => Standing::Follows,
                many if many == order.len() => Standing::Combines,
                _ => Standing::Mixed,
            };
            let rank = at + 1;
            places.extend(same.iter().map(|&(_, flow)| (flow, Place { rank, standing })));
        }
        let mut speaking: Vec<usize> = order.iter().map(|(rule, _)| *rule).collect();
        speaking.dedup();
        let after = order.chunk_by(|a, b| level(a.0) == level(b.0)).count();
        for (at, &(_, flow)) in silent.iter().enumerate() {
            let place = Place {
                rank: after + at + 1,
                standing: Standing::Silent,
            };
            places.insert(flow, place);
        }
        Ranking {
            order: [order, silent].concat(),
            places,
            rules: speaking.len(),
        }
    }
}

/// Whether the values of a flow are added to those of other rules.
fn combines(configuration: &Configuration, facts: &Facts, flow: ObjectIndex) -> bool {
    let merge = configuration.objects[flow].canonical(ids::FLOW_MERGE_TYPE);
    let mut known = facts.combining_merge_types.iter();
    known.any(|combining| combining.eq_ignore_ascii_case(&merge))
}
