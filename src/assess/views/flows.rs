//! The ways of attributes that findings change.
//!
//! In: metaverse attributes and both servers' live rules. Out: who writes and
//! who reads them. Must not know: findings, how a picture is drawn.

use super::Ordered;
use super::keys::Key;
use super::words;
use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::derive::{Contest, Reads, RuleView};
use crate::model::ObjectIndex;
use crate::report::flow::Standing;
use crate::report::views::{FlowPicture, FlowPlace, FlowRow};
use crate::trace::{Place, Ranking, source};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows of a list.
const ROWS: usize = 12;

/// A flow of a side's rule, and its place.
struct Taker {
    rule: usize,
    flow: ObjectIndex,
    place: Place,
}

/// The flows of a pair.
#[derive(Default)]
struct Both {
    primary: Option<Taker>,
    staging: Option<Taker>,
}

impl Both {
    fn first(&self) -> Option<(Side, &Taker)> {
        let left = self.primary.as_ref().map(|taker| (Side::Primary, taker));
        left.or(self.staging.as_ref().map(|taker| (Side::Staging, taker)))
    }

    /// On the primary, then on staging; a server that has none comes last.
    fn ranks(&self) -> (usize, usize) {
        let rank = |taker: &Option<Taker>| taker.as_ref().map_or(usize::MAX, |taker| taker.place.rank);
        (rank(&self.primary), rank(&self.staging))
    }
}

/// Per side and metaverse attribute the outbound rules and flows that read it.
type Readers = HashMap<(Side, String), Vec<(usize, ObjectIndex)>>;

/// Makes pictures.
pub struct Pictures<'a> {
    context: &'a Context<'a>,
    /// Pairs of rules that stand elsewhere.
    moved: BTreeSet<usize>,
    readers: Readers,
    /// Attributes as rules spell them.
    spelled: HashMap<String, String>,
}

impl<'a> Pictures<'a> {
    /// Looks for what reads these attributes.
    pub fn of(context: &'a Context<'a>, ordered: &Ordered, keys: &BTreeSet<&Key>) -> Pictures<'a> {
        let mut pictures = Pictures {
            context,
            moved: ordered.moved.iter().map(|moved| moved.pair).collect(),
            readers: Readers::new(),
            spelled: HashMap::new(),
        };
        let wanted: BTreeSet<&str> = keys.iter().map(|key| key.attribute.as_str()).collect();
        for side in [Side::Primary, Side::Staging] {
            pictures.read(side, &wanted);
        }
        pictures
    }

    fn read(&mut self, side: Side, wanted: &BTreeSet<&str>) {
        if wanted.is_empty() {
            return;
        }
        let objects = &self.context.configuration(side).objects;
        for (rule, view) in self.context.views(side).iter().enumerate() {
            if view.inbound || !view.flowing() {
                continue;
            }
            for &flow in &view.flows {
                for (attribute, name) in Reads::of_flow(&objects[flow], false).metaverse {
                    if wanted.contains(attribute.as_str()) {
                        self.spelled.entry(attribute.clone()).or_insert(name);
                        let readers = self.readers.entry((side, attribute)).or_default();
                        readers.push((rule, flow));
                    }
                }
            }
        }
    }

    /// The picture of an attribute.
    pub fn picture(&self, key: &Key, findings: Vec<String>) -> FlowPicture {
        let contest = Contest {
            connector: String::new(),
            object_type: key.object_type.clone(),
            attribute: key.attribute.clone(),
        };
        let mut writers = self.both(|side| self.writers(side, &contest));
        let mut takers = self.both(|side| self.takers(side, key));
        writers.sort_by_cached_key(|both| (both.ranks(), self.name(both)));
        takers.sort_by_cached_key(|both| (self.target(both), both.ranks(), self.name(both)));
        let (inbound, more_inbound) = self.rows(&writers);
        let (outbound, more_outbound) = self.rows(&takers);
        FlowPicture {
            findings,
            attribute: self.attribute(&contest),
            object_type: self.object_type(&key.object_type),
            inbound,
            outbound,
            more_inbound,
            more_outbound,
        }
    }

    /// Live rules that write a metaverse attribute.
    fn writers(&self, side: Side, contest: &Contest) -> Vec<Taker> {
        let rules = self.context.contests(side).get(contest).cloned().unwrap_or_default();
        let ranking = self.ranking(side, contest, rules);
        let placed = |&(rule, flow): &(usize, ObjectIndex)| taker(&ranking, rule, flow);
        ranking.order.iter().filter_map(placed).collect()
    }

    /// Live rules that read it, each ranked among those that write its target from the same metaverse object type.
    fn takers(&self, side: Side, key: &Key) -> Vec<Taker> {
        let readers = self.readers.get(&(side, key.attribute.clone()));
        let configuration = self.context.configuration(side);
        let views = self.context.views(side);
        let mut rankings: BTreeMap<Contest, Ranking> = BTreeMap::new();
        let mut takers = Vec::new();
        for &(rule, flow) in readers.into_iter().flatten() {
            if !self.takes(&views[rule], &key.object_type) {
                continue;
            }
            let target = views[rule].target(configuration, flow);
            let ranking = rankings.entry(target).or_insert_with_key(|target| {
                let all = self.context.contests(side).get(target).into_iter().flatten();
                let rivals = all.copied().filter(|&at| self.takes(&views[at], &key.object_type));
                self.ranking(side, target, rivals.collect())
            });
            takers.extend(taker(ranking, rule, flow));
        }
        takers
    }

    fn ranking(&self, side: Side, target: &Contest, rules: Vec<usize>) -> Ranking {
        let facts = &self.context.catalogue.facts;
        let configuration = self.context.configuration(side);
        Ranking::of(configuration, facts, self.context.views(side), rules, target)
    }

    /// Whether an outbound rule takes objects of a metaverse type.
    fn takes(&self, view: &RuleView, object_type: &str) -> bool {
        let any = &self.context.catalogue.facts.any_object_type;
        view.source_type == object_type || view.source_type == *any || object_type == any
    }

    /// A flow that both servers have stands in one row.
    fn both(&self, of: impl Fn(Side) -> Vec<Taker>) -> Vec<Both> {
        let mut rows: BTreeMap<usize, Both> = BTreeMap::new();
        for side in [Side::Primary, Side::Staging] {
            for taker in of(side) {
                let both = rows.entry(self.context.pair_of(side, taker.flow)).or_default();
                match side {
                    Side::Primary => both.primary = Some(taker),
                    Side::Staging => both.staging = Some(taker),
                }
            }
        }
        rows.into_values().collect()
    }

    /// Pairs are numbered as files stand; names are not.
    fn name(&self, both: &Both) -> Option<(&str, &str)> {
        let (side, taker) = both.first()?;
        let view = &self.context.views(side)[taker.rule];
        Some((&view.connector, &view.name_key))
    }

    /// Connector, object type and attribute that an outbound flow writes.
    fn target(&self, both: &Both) -> Option<[String; 3]> {
        let (side, taker) = both.first()?;
        let view = &self.context.views(side)[taker.rule];
        let connector = self.context.connector_name(&view.connector).to_lowercase();
        let target = &self.context.configuration(side).objects[taker.flow].key;
        Some([connector, view.target_type.clone(), target.clone()])
    }

    /// The rows that fit, in order, and how many are left out.
    fn rows(&self, all: &[Both]) -> (Vec<FlowRow>, usize) {
        let mut order: Vec<usize> = (0..all.len()).collect();
        if all.len() > ROWS {
            order.sort_by_cached_key(|&at| self.weight(&all[at]));
            order.truncate(ROWS);
            order.sort_unstable();
        }
        let rows: Vec<FlowRow> = order.iter().filter_map(|&at| self.row_of(&all[at])).collect();
        let more = all.len() - rows.len();
        (rows, more)
    }

    /// Winners and rules that moved are shown first, then what else differs, then rules that only have another rank.
    fn weight(&self, both: &Both) -> u8 {
        let (Some(left), Some(right)) = (&both.primary, &both.staging) else {
            let wins = both.first().is_some_and(|(_, taker)| taker.place.rank == 1);
            return u8::from(!wins);
        };
        let object = |side: Side, index: ObjectIndex| &self.context.configuration(side).objects[index];
        let rule = self.context.views(Side::Primary)[left.rule].object;
        let moved = self.moved.contains(&self.context.pair_of(Side::Primary, rule));
        if moved || left.place.rank == 1 || right.place.rank == 1 {
            return 0;
        }
        let others = self.context.views(Side::Staging)[right.rule].object;
        let scope = |side: Side, rule: ObjectIndex| object(side, rule).canonical(ids::RULE_SCOPE);
        let alike = source(object(Side::Primary, left.flow)) == source(object(Side::Staging, right.flow))
            && scope(Side::Primary, rule) == scope(Side::Staging, others);
        match alike {
            false => 1,
            true if left.place != right.place => 2,
            true => 3,
        }
    }

    fn row_of(&self, both: &Both) -> Option<FlowRow> {
        let (side, taker) = both.first()?;
        let place = |side: Side, taker: &Option<Taker>| taker.as_ref().map(|taker| self.place(side, taker));
        let mut row = FlowRow {
            primary: place(Side::Primary, &both.primary),
            staging: place(Side::Staging, &both.staging),
            ..self.row(side, taker)
        };
        self.say_alike(self.context.pair_of(side, taker.flow), &mut row);
        Some(row)
    }

    /// What means the same is said in the primary's words.
    fn say_alike(&self, flow: usize, row: &mut FlowRow) {
        let (Some(left), Some(right)) = (&row.primary, &mut row.staging) else {
            return;
        };
        let alike = |pair: usize, rows: &[&'static str]| {
            let (left, right) = (self.context.left(pair), self.context.right(pair));
            left.zip(right)
                .is_some_and(|(left, right)| rows.iter().all(|row| left.canonical(row) == right.canonical(row)))
        };
        if alike(flow, &[ids::FLOW_SOURCE, ids::FLOW_EXPRESSION]) {
            right.source.clone_from(&left.source);
        }
        if self
            .context
            .parent(flow)
            .is_some_and(|rule| alike(rule, &[ids::RULE_SCOPE]))
        {
            right.scope.clone_from(&left.scope);
        }
    }

    fn row(&self, side: Side, taker: &Taker) -> FlowRow {
        let objects = &self.context.configuration(side).objects;
        let view = &self.context.views(side)[taker.rule];
        let object_type = if view.inbound {
            ids::RULE_SOURCE_TYPE
        } else {
            ids::RULE_TARGET_TYPE
        };
        FlowRow {
            connector: words::short(self.context.connector_name(&view.connector)),
            connector_object_type: words::short(objects[view.object].display(object_type).trim().to_owned()),
            rule: words::short(view.name.clone()),
            target: words::short(objects[taker.flow].name.clone()),
            primary: None,
            staging: None,
        }
    }

    fn place(&self, side: Side, taker: &Taker) -> FlowPlace {
        let objects = &self.context.configuration(side).objects;
        let view = &self.context.views(side)[taker.rule];
        let (source, source_kind) = source(&objects[taker.flow]);
        FlowPlace {
            rank: taker.place.rank,
            winner: taker.place.rank == 1 && taker.place.standing != Standing::Silent,
            standing: taker.place.standing,
            source: words::short(source),
            source_kind,
            scope: words::scope(&objects[view.object]),
        }
    }

    /// The attribute as the rules spell it that write it, or else read it.
    fn attribute(&self, contest: &Contest) -> String {
        let written = [Side::Primary, Side::Staging].into_iter().find_map(|side| {
            let objects = &self.context.configuration(side).objects;
            let rule = *self.context.contests(side).get(contest)?.first()?;
            let flows = &self.context.views(side)[rule].flows;
            let flow = flows.iter().find(|&&flow| objects[flow].key == contest.attribute)?;
            Some(objects[*flow].name.clone())
        });
        let read = || self.spelled.get(&contest.attribute).cloned();
        written.or_else(read).unwrap_or_else(|| contest.attribute.clone())
    }

    /// A metaverse object type as rules spell it.
    fn object_type(&self, key: &str) -> String {
        let spelled = [Side::Primary, Side::Staging].into_iter().find_map(|side| {
            self.context.views(side).iter().find_map(|view| {
                let (own, row) = if view.inbound {
                    (&view.target_type, ids::RULE_TARGET_TYPE)
                } else {
                    (&view.source_type, ids::RULE_SOURCE_TYPE)
                };
                let rule = &self.context.configuration(side).objects[view.object];
                (own == key).then(|| rule.display(row).trim().to_owned())
            })
        });
        spelled.unwrap_or_else(|| key.to_owned())
    }
}

fn taker(ranking: &Ranking, rule: usize, flow: ObjectIndex) -> Option<Taker> {
    let place = *ranking.places.get(&flow)?;
    Some(Taker { rule, flow, place })
}
