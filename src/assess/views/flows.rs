//! The ways of attributes that findings change.
//!
//! In: metaverse attributes and both servers' live rules. Out: who writes and
//! who reads them. Must not know: findings, how a picture is drawn.

use super::keys::Key;
use super::words;
use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::derive::{Contest, Reads, RuleView};
use crate::model::ObjectIndex;
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

/// Per side and metaverse attribute the outbound rules and flows that read it.
type Readers = HashMap<(Side, String), Vec<(usize, ObjectIndex)>>;

/// Makes pictures.
pub struct Pictures<'a> {
    context: &'a Context<'a>,
    readers: Readers,
    /// Attributes as rules spell them.
    spelled: HashMap<String, String>,
}

impl<'a> Pictures<'a> {
    /// Looks for what reads these attributes.
    pub fn of(context: &'a Context<'a>, keys: &BTreeSet<&Key>) -> Pictures<'a> {
        let mut pictures = Pictures {
            context,
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
        let mut inbound = self.rows(|side| self.writers(side, &contest));
        let mut outbound = self.rows(|side| self.takers(side, key));
        let ranks = |row: &FlowRow| {
            let rank = |place: &Option<FlowPlace>| place.as_ref().map_or(usize::MAX, |place| place.rank);
            (rank(&row.primary), rank(&row.staging))
        };
        inbound.sort_by_key(ranks);
        outbound.sort_by_cached_key(|row| {
            let place = [&row.connector, &row.connector_object_type, &row.target].map(|name| name.to_lowercase());
            (place, ranks(row))
        });
        FlowPicture {
            findings,
            attribute: self.attribute(&contest),
            object_type: self.object_type(&key.object_type),
            more_inbound: cut(&mut inbound),
            more_outbound: cut(&mut outbound),
            inbound,
            outbound,
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

    /// Rows of both servers, a flow that both have in one.
    fn rows(&self, of: impl Fn(Side) -> Vec<Taker>) -> Vec<FlowRow> {
        let mut rows: BTreeMap<usize, FlowRow> = BTreeMap::new();
        for side in [Side::Primary, Side::Staging] {
            for taker in of(side) {
                let pair = self.context.pair_of(side, taker.flow);
                let row = rows.entry(pair).or_insert_with(|| self.row(side, &taker));
                let place = Some(self.place(side, &taker));
                match side {
                    Side::Primary => row.primary = place,
                    Side::Staging => row.staging = place,
                }
            }
        }
        let mut rows: Vec<FlowRow> = rows.into_values().collect();
        // Pairs are numbered as files stand; names are not.
        rows.sort_by(|a, b| (&a.connector, &a.rule, &a.target).cmp(&(&b.connector, &b.rule, &b.target)));
        rows
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
            winner: taker.place.rank == 1,
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

/// Leaves the rows that fit, those that differ before the others, and counts the rest.
fn cut(rows: &mut Vec<FlowRow>) -> usize {
    let more = rows.len().saturating_sub(ROWS);
    if more > 0 {
        let alike = |at: usize| rows[at].primary == rows[at].staging;
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&at| alike(at));
        let kept: BTreeSet<usize> = order.into_iter().take(ROWS).collect();
        let mut at = 0;
        rows.retain(|_| {
            at += 1;
            kept.contains(&(at - 1))
        });
    }
    more
}
