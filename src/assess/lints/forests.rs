//! Standard rules that are not the same on all forests of one server.
//!
//! In: one server's rules and connectors of forests. Out: lints about copies of
//! one release with different bodies, and about copies that are missing. Must not
//! know: the other server's rules.
//!
//! The installer leaves out what a forest's schema does not have, so a difference
//! counts only where every attribute that it is about is selected on both.

use super::drafts::Draft;
use super::quoted;
use super::rules::{beside, lint};
use crate::assess::context::{Context, Side};
use crate::assess::unknown;
use crate::catalogue::ids;
use crate::derive::{Names, Reads, RuleView};
use crate::model::{Object, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Direction, object types and version-agnostic tag.
type Release<'v> = (&'v str, &'v str, &'v str, &'v str);
/// Copies of a release by connector.
type Copies<'v> = BTreeMap<&'v str, Vec<&'v RuleView>>;

/// One server's standard rules of forests.
struct Forests<'a, 'c> {
    context: &'a Context<'c>,
    side: Side,
    releases: BTreeMap<Release<'c>, Copies<'c>>,
    /// Selected attributes by connector; forests whose selection is not in the export are not here.
    selected: BTreeMap<&'c str, BTreeSet<&'c str>>,
    objects: &'c [Object],
}

/// Lints of a side's forests.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let configuration = context.configuration(side);
    let selected: BTreeMap<&str, BTreeSet<&str>> = configuration
        .of_kind(ids::kinds::CONNECTOR)
        .filter(|(_, connector)| connector.key.starts_with(ids::FOREST))
        .filter_map(|(_, connector)| match connector.value(ids::ATTRIBUTE_INCLUSION)? {
            Value::Set(members) => {
                let names = members.iter().map(|member| member.canonical.as_str()).collect();
                Some((connector.key.as_str(), names))
            }
            _ => None,
        })
        .collect();
    if selected.len() < 2 {
        return;
    }
    let mut releases: BTreeMap<Release<'_>, Copies<'_>> = BTreeMap::new();
    for rule in context.views(side).iter().filter(|rule| rule.standard) {
        if let Some(tag) = rule
            .tag
            .as_ref()
            .filter(|_| selected.contains_key(rule.connector.as_str()))
        {
            let release: Release<'_> = (&rule.direction, &rule.source_type, &rule.target_type, &tag.base);
            let copies = releases.entry(release).or_default();
            copies.entry(&rule.connector).or_default().push(rule);
        }
    }
    let forests = Forests {
        context,
        side,
        releases,
        selected,
        objects: &configuration.objects,
    };
    forests.unlike(drafts);
    if !unknown::hides(context, side, ids::kinds::RULE) {
        forests.missing(drafts);
    }
}

impl Forests<'_, '_> {
    /// Each copy that is not like the most frequent one of its version.
    fn unlike(&self, drafts: &mut Vec<Draft>) {
        for copies in self.releases.values() {
            let mut versions: BTreeMap<&str, Vec<&RuleView>> = BTreeMap::new();
            for rules in copies.values() {
                // An edited rule has its standard copy beside it, and that is said already.
                if let ([rule], Some(tag)) = (rules.as_slice(), rules.first().and_then(|rule| rule.tag.as_ref()))
                    && rule.live
                {
                    versions.entry(&tag.version).or_default().push(rule);
                }
            }
            for rules in versions.values().filter(|rules| rules.len() > 1) {
                self.compare(rules, drafts);
            }
        }
    }

    fn compare(&self, rules: &[&RuleView], drafts: &mut Vec<Draft>) {
        let mut bodies: HashMap<&[String], usize> = HashMap::new();
        for rule in rules {
            *bodies.entry(&rule.features).or_default() += 1;
        }
        let frequent = rules.iter().max_by_key(|rule| {
            // The first of equals.
            let place = rules.iter().position(|one| one.object == rule.object);
            (bodies[rule.features.as_slice()], std::cmp::Reverse(place))
        });
        let Some(reference) = frequent else { return };
        for rule in rules.iter().filter(|rule| rule.object != reference.object) {
            let parts = self.parts(reference, rule);
            if !parts.is_empty() {
                drafts.push(self.unlike_draft(reference, rule, &parts));
            }
        }
    }

    /// Parts in which two copies differ.
    fn parts(&self, one: &RuleView, other: &RuleView) -> Vec<String> {
        let (left, right) = (&self.objects[one.object], &self.objects[other.object]);
        let mut parts: Vec<String> = self
            .rows(ids::kinds::RULE)
            .filter(|(id, _)| left.canonical(id) != right.canonical(id))
            .filter(|(id, _)| {
                let filter = [ids::RULE_SCOPE, ids::RULE_JOIN].contains(id);
                !filter
                    || [left, right]
                        .iter()
                        .all(|rule| self.both_select(one, other, &Reads::of_filters(rule, one.inbound).connector))
            })
            .map(|(_, title)| title.to_lowercase())
            .collect();
        let flows = |rule: &RuleView| -> BTreeMap<&str, &Object> {
            let all = rule.flows.iter().map(|&flow| &self.objects[flow]);
            all.map(|flow| (flow.key.as_str(), flow)).collect()
        };
        let (lefts, rights) = (flows(one), flows(other));
        let targets: BTreeSet<&str> = lefts.keys().chain(rights.keys()).copied().collect();
        let differ = |target: &&str| match (lefts.get(target), rights.get(target)) {
            (Some(left), Some(right)) => self
                .rows(ids::kinds::FLOW)
                .any(|(id, _)| left.canonical(id) != right.canonical(id)),
            (Some(flow), None) | (None, Some(flow)) => self.both_select(one, other, &names(flow, one.inbound)),
            (None, None) => false,
        };
        let named = |target: &str| lefts.get(target).or(rights.get(target)).map(|flow| flow.name.as_str());
        let unlike: Vec<&str> = targets.into_iter().filter(differ).filter_map(named).collect();
        if !unlike.is_empty() {
            parts.push(format!("the flow to {}", quoted(unlike)));
        }
        parts
    }

    /// Rows of a kind that belong to a release's body, without those that only describe it.
    fn rows(&self, kind: &'static str) -> impl Iterator<Item = (&'static str, &str)> {
        let rows = self.context.catalogue.rows.iter();
        rows.filter(move |row| row.object == kind && row.versioned && row.path.is_some())
            .filter(|row| ![ids::RULE_PRECEDENCE, ids::RULE_DESCRIPTION, ids::FLOW_TARGET].contains(&row.id.as_str()))
            .map(|row| (row.id.as_str(), row.title.as_str()))
    }

    fn both_select(&self, one: &RuleView, other: &RuleView, names: &Names) -> bool {
        [one, other].iter().all(|rule| self.selects(&rule.connector, names))
    }

    fn selects(&self, connector: &str, names: &Names) -> bool {
        let pseudo = &self.context.catalogue.facts.pseudo_attributes;
        let known = |name: &String| pseudo.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(name));
        let selected = self.selected.get(connector);
        selected.is_some_and(|selected| names.keys().all(|name| selected.contains(name.as_str()) || known(name)))
    }

    fn unlike_draft(&self, reference: &RuleView, rule: &RuleView, parts: &[String]) -> Draft {
        let (context, side) = (self.context, self.side);
        let than = context.connector_name(&reference.connector);
        let value = format!("not as on {than}: {}", parts.join(", "));
        let sentence = format!("On {} the rule is {value}.", context.server_name(side));
        let id = ids::DEFAULT_RULE_FORESTS;
        beside(context, id, side, [rule, reference], value, sentence)
    }

    /// Standard rules that a forest lacks though another one has them and the forest has all they need.
    fn missing(&self, drafts: &mut Vec<Draft>) {
        for &connector in self.selected.keys() {
            let (mut shared, mut absent) = (0_usize, Vec::new());
            for (release, copies) in &self.releases {
                match copies.values().flatten().next() {
                    _ if copies.contains_key(connector) => shared += usize::from(copies.len() > 1),
                    // Rules that write into a directory belong to features of one forest.
                    Some(rule) if rule.inbound && rule.live => absent.push((release, rule)),
                    _ => {}
                }
            }
            // A forest with other rules altogether is another kind of forest.
            if absent.len() * 4 > shared {
                continue;
            }
            for (release, rule) in absent {
                if self.expected(connector, release, rule) {
                    drafts.push(self.missing_draft(connector, rule));
                }
            }
        }
    }

    fn expected(&self, connector: &str, release: &Release<'_>, rule: &RuleView) -> bool {
        let same_types = self.releases.iter().any(|(other, copies)| {
            (other.0, other.1, other.2) == (release.0, release.1, release.2) && copies.contains_key(connector)
        });
        let reads = || Reads::of(self.context.configuration(self.side), rule).connector;
        same_types && self.selects(connector, &reads())
    }

    fn missing_draft(&self, connector: &str, rule: &RuleView) -> Draft {
        let (context, side) = (self.context, self.side);
        let id = ids::DEFAULT_RULE_ABSENT;
        let (has, lacks) = (
            context.connector_name(&rule.connector),
            context.connector_name(connector),
        );
        let value = format!("on {has}, not on {lacks}");
        let mut lint = lint(context, id, side, rule, &context.row(id).title, value.clone());
        lint.fingerprint = crate::assess::finding::digest(&[&lint.fingerprint, connector]);
        let pair = context.pair_of(side, rule.object);
        // The same rule of the connector on the other server, where it may still be.
        let there = |other: &&RuleView| {
            other.connector == connector
                && other.direction == rule.direction
                && other.tag.as_ref().map(|tag| &tag.base) == rule.tag.as_ref().map(|tag| &tag.base)
        };
        let twin = context.views(side.other()).iter().find(there);
        let causes = twin.map(|rule| context.pair_of(side.other(), rule.object));
        Draft {
            lint,
            key: format!("{id} {pair} {connector}"),
            setting: None,
            causes: causes.into_iter().chain([pair]).collect(),
            rows: &[],
            leads: None,
            sentence: format!("On {} \"{}\" is {value}.", context.server_name(side), rule.name),
        }
    }
}

/// Connector attributes that a flow is about.
fn names(flow: &Object, inbound: bool) -> Names {
    let mut names = Reads::of_flow(flow, inbound).connector;
    if !inbound {
        names.insert(flow.key.clone(), flow.name.clone());
    }
    names
}
