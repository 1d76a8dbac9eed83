//! Rules on a path, as entries of the result.
//!
//! In: a server, what is asked, a path. Out: [`FlowStep`]s in the order in
//! which rules are asked. Must not know: formats.

use super::contest::Ranking;
use super::server::Server;
use super::subject::Subject;
use super::wins;
use super::words::{scope, source};
use crate::catalogue::ids;
use crate::derive::{Contest, Mention, Part, RuleView};
use crate::model::{Object, ObjectIndex};
use crate::report::flow::{FlowStep, FoundIn, SourceKind, Standing, Via, Way};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Makes entries; remembers who competes for which target.
pub struct Steps<'s> {
    server: &'s Server<'s>,
    subject: &'s Subject,
    rankings: HashMap<(Contest, String), Rc<Ranking>>,
    /// Rules that have an entry.
    shown: BTreeSet<usize>,
}

/// A flow in its place, or a rule that flows nothing here.
struct Entry<'a> {
    rule: usize,
    flow: Option<(ObjectIndex, Rc<Ranking>)>,
    /// Keys of the path; no attribute where a rule only scopes or joins by one of its connector.
    path: (Option<&'a str>, &'a str),
}

impl<'s> Steps<'s> {
    /// For one question.
    pub fn new(server: &'s Server<'s>, subject: &'s Subject) -> Steps<'s> {
        Steps {
            server,
            subject,
            rankings: HashMap::new(),
            shown: BTreeSet::new(),
        }
    }

    /// What feeds a metaverse attribute, then rules that find metaverse objects by it.
    pub fn inbound(&mut self, attribute: &str, object_type: &str) -> Vec<FlowStep> {
        let mut feeding = BTreeSet::new();
        let mut joining = BTreeSet::new();
        for mention in self.server.naming_live(true, attribute) {
            let view = &self.server.views[mention.rule];
            if !view.inbound || !self.server.takes(view, object_type) {
                continue;
            }
            if matches!(mention.part, Part::Writes(_)) {
                feeding.insert(mention.rule);
            } else {
                joining.insert(mention.rule);
            }
        }
        let contest = Contest {
            connector: String::new(),
            object_type: object_type.to_owned(),
            attribute: attribute.to_owned(),
        };
        let rules = feeding.iter().copied().collect();
        let ranking = self.ranking(contest, object_type, rules);
        let path = (Some(attribute), object_type);
        let flows = ranking.order.iter().map(|&(rule, flow)| Entry {
            rule,
            flow: Some((flow, Rc::clone(&ranking))),
            path,
        });
        let joins = self
            .by_name(joining.difference(&feeding))
            .into_iter()
            .map(|rule| Entry { rule, flow: None, path });
        let entries: Vec<Entry<'_>> = flows.chain(joins).collect();
        self.steps(entries)
    }

    /// What reads a metaverse attribute, by connector and target, then rules that only scope or join by it.
    pub fn outbound(&mut self, attribute: &str, object_type: &str, forward: bool) -> Vec<FlowStep> {
        let mut flows: BTreeMap<(String, String, String), Vec<(usize, ObjectIndex)>> = BTreeMap::new();
        let mut others = BTreeSet::new();
        let mut flowing = BTreeSet::new();
        for mention in self.server.naming_live(true, attribute) {
            let view = &self.server.views[mention.rule];
            if view.inbound || !self.server.takes(view, object_type) {
                continue;
            }
            let Part::Reads(flow) = mention.part else {
                others.insert(mention.rule);
                continue;
            };
            flowing.insert(mention.rule);
            let target = self.server.configuration.objects[flow].key.clone();
            let asked = forward || target == self.subject.key;
            if asked && self.subject.of_connector(&view.connector) {
                let key = (self.connector(view), view.target_type.clone(), target);
                let same = flows.entry(key).or_default();
                if !same.contains(&(mention.rule, flow)) {
                    same.push((mention.rule, flow));
                }
            }
        }
        let path = (Some(attribute), object_type);
        let mut entries = Vec::new();
        for ((_, _, target), mut same) in flows {
            let place = |steps: &mut Self, rule: usize| steps.outbound_ranking(rule, &target, object_type);
            same.sort_by_cached_key(|&(rule, flow)| {
                let ranking = place(self, rule);
                let view = &self.server.views[rule];
                (
                    ranking.places.get(&flow).map(|place| place.rank),
                    view.name_key.clone(),
                    flow,
                )
            });
            for (rule, flow) in same {
                let ranking = place(self, rule);
                entries.push(Entry {
                    rule,
                    flow: Some((flow, ranking)),
                    path,
                });
            }
        }
        if forward {
            let others = self.by_name(others.difference(&flowing));
            entries.extend(others.into_iter().map(|rule| Entry { rule, flow: None, path }));
        }
        self.steps(entries)
    }

    /// Rules that name the connectors' attribute and are on no path: they scope or join by it, or write a constant to it.
    pub fn apart(&mut self) -> (Vec<FlowStep>, Vec<FlowStep>) {
        let mut rules: BTreeMap<usize, BTreeSet<ObjectIndex>> = BTreeMap::new();
        let server = self.server;
        for mention in server.naming_live(false, &self.subject.key) {
            let view = &server.views[mention.rule];
            let asked = self.subject.of_type(server.metaverse_type(view), &server.any);
            if self.shown.contains(&mention.rule) || !asked {
                continue;
            }
            let flows = rules.entry(mention.rule).or_default();
            if let Part::Writes(flow) = mention.part {
                flows.insert(flow);
            }
        }
        let mut entries = Vec::new();
        for rule in self.by_name(rules.keys()) {
            let view = &server.views[rule];
            let path = (None, server.metaverse_type(view));
            let flows = &rules[&rule];
            if flows.is_empty() {
                entries.push(Entry { rule, flow: None, path });
            }
            for &flow in flows {
                let ranking = self.outbound_ranking(rule, &self.subject.key, path.1);
                let flow = Some((flow, ranking));
                entries.push(Entry { rule, flow, path });
            }
        }
        self.steps(entries)
            .into_iter()
            .partition(|step| step.direction == Way::Inbound)
    }

    fn outbound_ranking(&mut self, rule: usize, target: &str, object_type: &str) -> Rc<Ranking> {
        let view = &self.server.views[rule];
        let contest = Contest {
            connector: view.connector.clone(),
            object_type: view.target_type.clone(),
            attribute: target.to_owned(),
        };
        if let Some(known) = self.rankings.get(&(contest.clone(), object_type.to_owned())) {
            return Rc::clone(known);
        }
        let rivals = self.server.rivals(view, target, object_type);
        self.ranking(contest, object_type, rivals)
    }

    fn ranking(&mut self, contest: Contest, object_type: &str, rules: Vec<usize>) -> Rc<Ranking> {
        let Server {
            configuration,
            facts,
            views,
            ..
        } = self.server;
        let ranking = Rc::new(Ranking::of(configuration, facts, views, rules, &contest));
        let key = (contest, object_type.to_owned());
        Rc::clone(self.rankings.entry(key).or_insert(ranking))
    }

    /// Rules in an order that does not depend on file names.
    fn by_name<'r>(&self, rules: impl Iterator<Item = &'r usize>) -> Vec<usize> {
        let mut rules: Vec<usize> = rules.copied().collect();
        rules.sort_by_cached_key(|&rule| {
            let view = &self.server.views[rule];
            (self.connector(view), view.precedence, view.name_key.clone(), rule)
        });
        rules
    }

    fn connector(&self, view: &RuleView) -> String {
        self.server.connectors.get(&view.connector).cloned().unwrap_or_default()
    }

    fn steps(&mut self, entries: Vec<Entry<'_>>) -> Vec<FlowStep> {
        let mut steps = Vec::new();
        for entry in entries {
            if self.subject.of_connector(&self.server.views[entry.rule].connector) {
                self.shown.insert(entry.rule);
                steps.push(self.step(&entry));
            }
        }
        steps
    }

    fn step(&self, entry: &Entry<'_>) -> FlowStep {
        let server = self.server;
        let view = &server.views[entry.rule];
        let object = &server.configuration.objects[view.object];
        let (source, source_kind) = entry
            .flow
            .as_ref()
            .map_or_else(|| (String::new(), SourceKind::None), |(flow, _)| self.source(*flow));
        let flow = entry
            .flow
            .as_ref()
            .map(|(flow, _)| &server.configuration.objects[*flow]);
        let place = entry
            .flow
            .as_ref()
            .and_then(|(flow, ranking)| ranking.places.get(flow).copied());
        let rank = place
            .filter(|place| place.standing != Standing::Silent)
            .map(|place| place.rank);
        let standing = place.map_or(Standing::NoFlow, |place| place.standing);
        let connector_type = match view.inbound {
            true => ids::RULE_SOURCE_TYPE,
            false => ids::RULE_TARGET_TYPE,
        };
        FlowStep {
            attribute: entry.path.0.map(|key| server.spelling(true, key)),
            object_type: server.type_name(entry.path.1),
            direction: if view.inbound { Way::Inbound } else { Way::Outbound },
            connector: self.connector(view),
            connector_object_type: object.display(connector_type).trim().to_owned(),
            rule: view.name.clone(),
            precedence: view.precedence,
            rank,
            rivals: entry.flow.as_ref().map_or(0, |(_, ranking)| ranking.rules),
            winner: wins(standing, rank),
            standing,
            behind: rank.filter(|rank| *rank > 1).and_then(|_| self.unseen_first(entry)),
            via: self.via(entry),
            source,
            source_kind,
            target: flow.map(|flow| flow.name.clone()),
            scope: scope(object),
            join: view.joins.then(|| object.display(ids::RULE_JOIN)),
            link_type: object.display(ids::RULE_LINK_TYPE).trim().to_owned(),
            merge_type: flow.and_then(|flow| self.merge_type(flow)),
            apply_once: flow.is_some_and(|flow| flow.canonical(ids::FLOW_APPLY_ONCE) == "true"),
        }
    }

    fn source(&self, flow: ObjectIndex) -> (String, SourceKind) {
        source(&self.server.configuration.objects[flow])
    }

    /// The rule that is asked first, where it has no entry of its own on the path.
    fn unseen_first(&self, entry: &Entry<'_>) -> Option<String> {
        let (_, ranking) = entry.flow.as_ref()?;
        let &(rule, flow) = ranking.order.first()?;
        let view = &self.server.views[rule];
        let on_path = |mention: &Mention| {
            let reads = matches!(mention.part, Part::Reads(of) | Part::Writes(of) if of == flow);
            reads && mention.metaverse && Some(mention.key.as_str()) == entry.path.0
        };
        let seen = self.server.of_rule(rule).iter().any(on_path) && self.subject.of_connector(&view.connector);
        (!seen).then(|| view.name.clone())
    }

    /// The merge type, where it is not the usual one.
    fn merge_type(&self, flow: &Object) -> Option<String> {
        let own = flow.canonical(ids::FLOW_MERGE_TYPE);
        let usual = own.is_empty() || own.eq_ignore_ascii_case(&self.server.facts.usual_merge_type);
        (!usual).then(|| flow.display(ids::FLOW_MERGE_TYPE).trim().to_owned())
    }

    /// How the attribute asked for takes part in an entry.
    fn via(&self, entry: &Entry<'_>) -> Vec<Via> {
        let own = entry.flow.as_ref().map(|(flow, _)| *flow);
        // A rule that flows nothing is there for the attribute of the path.
        let (metaverse, key) = match (own, entry.path.0) {
            (None, Some(attribute)) => (true, attribute),
            _ => (self.subject.found_in == FoundIn::Metaverse, self.subject.key.as_str()),
        };
        let named = self.server.of_rule(entry.rule).iter();
        let found: BTreeSet<Via> = named
            .filter(|mention| mention.metaverse == metaverse && mention.key == key)
            .filter_map(|mention| match mention.part {
                Part::Scope => Some(Via::Scope),
                Part::Join => Some(Via::Join),
                Part::Writes(flow) => (own == Some(flow)).then_some(Via::Target),
                Part::Reads(flow) if own == Some(flow) => match self.source(flow).1 {
                    SourceKind::Expression => Some(Via::Expression),
                    _ => Some(Via::Source),
                },
                Part::Reads(_) => None,
            })
            .collect();
        found.into_iter().collect()
    }
}
