//! Precedence as rank: moved rules, forest order, and who wins a target.
//!
//! In: views of rules and their pairs. Out: findings for rules outside the
//! longest common order; renumbering that overtakes nobody is expected. Must
//! not know: precedence numbers as such.

use super::context::{Context, Side};
use super::effect::{Idle, Teller, forests};
use super::finding::{Drafts, digest, values};
use super::flows::{Effects, list, shorten, target_name};
use super::rules::{NO_EFFECT, precedence_key};
use super::settings::expect;
use super::severity;
use super::versions::Versions;
use crate::catalogue::{Predicate, Row, Severity, ids};
use crate::derive::{Contest, Moved, RuleView, compare_order, same_objects, scope_of};
use crate::diff::Change;
use crate::model::{ObjectIndex, Sameness};
use crate::report::{ChangeKind, Detail, Text};
use std::collections::{BTreeMap, BTreeSet};

/// How the order of competing rules differs.
pub struct Ordered {
    /// Pairs of rules whose place some finding explains.
    pub explained: BTreeSet<usize>,
    /// Rules outside the longest common order.
    pub moved: Vec<Moved>,
    /// Forests whose rules follow each other the other way round.
    pub forests: Vec<Turned>,
    /// Rules that run in the place of a disabled default rule, and that rule's pair.
    pub stand_ins: BTreeMap<(Side, ObjectIndex), usize>,
}

/// Two forests that stand in the other order.
pub struct Turned {
    /// Keys of their connectors.
    pub connectors: (String, String),
    /// What rules of both feed on both servers.
    pub targets: Vec<Contest>,
}

/// Fingerprint of the finding about two forests.
pub fn forests_fingerprint(a: &str, b: &str) -> String {
    digest(&[ids::FOREST_ORDER, a, b])
}

/// Judges the order of competing rules.
pub fn judge(context: &Context<'_>, versions: &Versions, effects: &Effects<'_>, drafts: &mut Drafts) -> Ordered {
    let runners = runners(context);
    let shared = shared(context, &runners);
    let pairs: Vec<(usize, &RuleView, &RuleView)> = runners.iter().map(|(pair, (l, r))| (*pair, *l, *r)).collect();
    let order = compare_order(&pairs, &shared);
    let mut explained = BTreeSet::new();
    let mut forests = Vec::new();
    for (a, b, count) in &order.forests {
        let targets = contested(context, &shared, a, b);
        forest_order(context, effects, (a, b, *count), &targets, drafts);
        forests.push(Turned {
            connectors: (a.clone(), b.clone()),
            targets,
        });
        let of_both = |rule: &RuleView| rule.standard && (rule.connector == *a || rule.connector == *b);
        explained.extend(
            pairs
                .iter()
                .filter(|(_, left, _)| of_both(left))
                .map(|(pair, ..)| *pair),
        );
    }
    let mut moved = BTreeSet::new();
    let mut overtaken = BTreeSet::new();
    for rule in &order.moved {
        moved.insert(rule.pair);
        overtaken.extend(rule.against.iter().map(|(other, _)| *other));
        push_moved(context, (versions, effects), &runners, rule, drafts);
    }
    renumbered(context, versions, &moved, &(overtaken, explained.clone()), drafts);
    explained.extend(moved);
    Ordered {
        explained,
        stand_ins: stand_ins(context, &runners),
        moved: order.moved,
        forests,
    }
}

fn stand_ins(context: &Context<'_>, runners: &Runners<'_>) -> BTreeMap<(Side, ObjectIndex), usize> {
    let both = runners
        .iter()
        .flat_map(|(&pair, (left, right))| [(Side::Primary, left.object, pair), (Side::Staging, right.object, pair)]);
    both.filter(|&(side, object, pair)| context.pair_of(side, object) != pair)
        .map(|(side, object, pair)| ((side, object), pair))
        .collect()
}

const SAME_ORDER: &str = "Another number, the same order among the rules it competes with.";

type Runners<'a> = BTreeMap<usize, (&'a RuleView, &'a RuleView)>;

/// Rules that are live on both servers. A live copy of a disabled default rule runs in its place.
fn runners<'a>(context: &'a Context<'_>) -> Runners<'a> {
    let mut runners = BTreeMap::new();
    for pair in 0..context.comparison.pairs.all.len() {
        let (Some(left), Some(right)) = context.rules(pair) else {
            continue;
        };
        if left.live && right.live {
            runners.insert(pair, (left, right));
        } else if left.standard && left.live != right.live {
            let (live, side) = if left.live {
                (left, Side::Staging)
            } else {
                (right, Side::Primary)
            };
            let copy = context.views(side).iter().find(|rule| {
                let unmatched = match side {
                    Side::Primary => context.comparison.pairs.of_left[rule.object],
                    Side::Staging => context.comparison.pairs.of_right[rule.object],
                };
                let alone = context.rules(unmatched);
                (alone.0.is_none() || alone.1.is_none())
                    && rule.live
                    && !rule.standard
                    && rule.connector == live.connector
                    && rule.features == live.features
            });
            if let Some(copy) = copy {
                let both = match side {
                    Side::Staging => (live, copy),
                    Side::Primary => (copy, live),
                };
                runners.insert(pair, both);
            }
        }
    }
    runners
}

/// Per target the runners that feed it on both servers.
fn shared(context: &Context<'_>, runners: &Runners<'_>) -> BTreeMap<Contest, Vec<usize>> {
    let by_object = |side: Side| -> BTreeMap<ObjectIndex, usize> {
        runners
            .iter()
            .map(|(&pair, (l, r))| match side {
                Side::Primary => (l.object, pair),
                Side::Staging => (r.object, pair),
            })
            .collect()
    };
    let feed = |side: Side| -> BTreeMap<Contest, BTreeSet<usize>> {
        let pairs = by_object(side);
        let views = context.views(side);
        context
            .contests(side)
            .iter()
            .map(|(contest, rules)| {
                let members = rules
                    .iter()
                    .filter_map(|&at| pairs.get(&views[at].object).copied())
                    .collect();
                (contest.clone(), members)
            })
            .collect()
    };
    let right = feed(Side::Staging);
    feed(Side::Primary)
        .into_iter()
        .filter_map(|(contest, left)| {
            let both: Vec<usize> = left.intersection(right.get(&contest)?).copied().collect();
            (both.len() > 1).then_some((contest, both))
        })
        .collect()
}

/// A build may order default rules anew only where it brings them anew: a rule that moved among others of the same
/// release was moved by somebody.
fn by_build(context: &Context<'_>, versions: &Versions, moved: &Moved) -> bool {
    let explained = |pair: usize| match context.rules(pair) {
        (Some(left), Some(right)) => versions.explain(left, right),
        _ => false,
    };
    let standard = |pair: usize| match context.rules(pair) {
        (Some(left), Some(right)) => left.standard && right.standard,
        _ => false,
    };
    let rivals = || moved.against.iter().map(|(other, _)| *other);
    versions.differ()
        && standard(moved.pair)
        && rivals().all(standard)
        && (explained(moved.pair) || rivals().all(explained))
}

fn push_moved(
    context: &Context<'_>,
    (versions, effects): (&Versions, &Effects<'_>),
    runners: &Runners<'_>,
    moved: &Moved,
    drafts: &mut Drafts,
) {
    let row = context.row(ids::RULE_PRECEDENCE);
    let mut finding = context.setting_finding(row, moved.pair, &precedence_key());
    finding.change = ChangeKind::Reordered;
    finding.severity = severity::of(context, versions, row, moved.pair).max(of_contests(context, row, moved));
    let Some((left, right)) = runners.get(&moved.pair) else {
        return;
    };
    let relation = |own: &RuleView, other: &RuleView| match own.precedence.cmp(&other.precedence) {
        std::cmp::Ordering::Less => "before",
        std::cmp::Ordering::Greater => "after",
        std::cmp::Ordering::Equal => "level with",
    };
    let others = || moved.against.iter().filter_map(|(other, _)| runners.get(other));
    let called = |rule: &RuleView| {
        // Rules of several forests have one name.
        let mut known: Vec<&(&RuleView, &RuleView)> = others().collect();
        known.extend(runners.get(&moved.pair));
        let alike = known
            .iter()
            .filter(|(l, r)| l.name == rule.name || r.name == rule.name)
            .count();
        match alike {
            0 | 1 => rule.name.clone(),
            _ => format!("{} of {}", rule.name, context.connector_name(&rule.connector)),
        }
    };
    let mut first: Option<(String, String)> = None;
    // Rules of one number have no order, so nobody can tell what they write.
    let mut undefined = false;
    for (other, targets) in &moved.against {
        let Some((other_left, other_right)) = runners.get(other) else {
            continue;
        };
        let (l, r) = (relation(left, other_left), relation(right, other_right));
        let texts = (
            format!("{l} {}", called(other_left)),
            format!("{r} {}", called(other_right)),
        );
        first.get_or_insert_with(|| texts.clone());
        let ordered = [l, r].iter().all(|relation| matches!(*relation, "before" | "after"));
        undefined |= !ordered;
        if finding.effect.is_none() {
            let mut told = targets.iter().filter(|target| !ordered || effects.differ_at(target));
            finding.effect = told.find_map(|target| Teller::new(context, moved.pair).moved(effects, target));
        }
        finding.detail.push(Detail {
            id: Text::Borrowed(&row.id),
            what: format!(
                "Order for {}",
                list(targets.iter().map(|target| target_name(context, target)))
            ),
            change: ChangeKind::Reordered,
            primary: Some(texts.0),
            staging: Some(texts.1),
        });
    }
    // Rivals meet at the same few targets.
    let met: BTreeSet<&Contest> = moved.against.iter().flat_map(|(_, targets)| targets).collect();
    let told = met.iter().filter_map(|target| effects.winner_by(target, moved.pair));
    finding.consequences.extend(told);
    finding.consequences.sort();
    finding.consequences.dedup();
    shorten(&mut finding.consequences);
    let mut targets = moved.against.iter().flat_map(|(_, targets)| targets);
    let same = !undefined && !targets.any(|target| effects.differ_at(target));
    let turn = same.then(|| in_turn(context, runners, moved.pair)).flatten();
    if let Some(other) = turn {
        finding.effect = Teller::new(context, moved.pair).asked_in_turn(&called(other));
    } else if same {
        finding.severity = Severity::Info;
        finding.effect = Teller::new(context, moved.pair).idle(ids::RULE_PRECEDENCE, Idle::Covered);
        finding.consequences.push(NO_EFFECT.to_owned());
    }
    if let Some((l, r)) = first {
        finding.primary = Some(format!("{}, {l}", number(left)));
        finding.staging = Some(format!("{}, {r}", number(right)));
    }
    // The numbers shift with every rule that is added; the relations are what an owner accepts.
    let relations = |side: fn(&Detail) -> &Option<String>| -> String {
        let mut all: Vec<String> = finding
            .detail
            .iter()
            .filter_map(|detail| side(detail).clone())
            .collect();
        all.sort();
        all.join(";")
    };
    finding.values = values(Some(&relations(|d| &d.primary)), Some(&relations(|d| &d.staging)));
    if by_build(context, versions, moved) {
        let name = context.path(moved.pair).join(" / ");
        let place = "stands elsewhere among the default rules it competes with";
        versions.consequence(format!("{name} {place}."));
        for sentence in std::mem::take(&mut finding.consequences) {
            versions.consequence(sentence);
        }
        let reason = format!("Explained by the difference of builds ({}).", versions.words());
        expect(&mut finding, reason);
    }
    drafts.push(finding);
}

/// A rule that decides with this one which objects there are, and in another order on each server.
fn in_turn<'a>(context: &Context<'_>, runners: &Runners<'a>, pair: usize) -> Option<&'a RuleView> {
    let (left, right) = runners.get(&pair)?;
    let decides = |rule: &RuleView| rule.joins || rule.provisions || rule.passwords;
    // What rules with these settings do for an object does not depend on which is asked first.
    let settings = |rule: &RuleView| {
        let object = &context.left.objects[rule.object];
        let rows = [
            ids::RULE_JOIN,
            ids::RULE_LINK_TYPE,
            ids::RULE_PASSWORD,
            ids::RULE_SOFT_DELETE,
        ];
        rows.map(|row| object.canonical(row))
    };
    let alike = |other: &RuleView| {
        let scopes = [left, &other].map(|rule| scope_of(&context.left.objects[rule.object]));
        settings(left) == settings(other) && same_objects(scopes[0], scopes[1]) && left.target_type == other.target_type
    };
    if !decides(left) {
        return None;
    }
    runners.values().find_map(|(other, others)| {
        let turned = left.precedence.cmp(&other.precedence) != right.precedence.cmp(&others.precedence);
        let meets = left.connector == other.connector && left.inbound == other.inbound && left.meets(other);
        (turned && meets && decides(other) && !alike(other)).then_some(*other)
    })
}

fn number(rule: &RuleView) -> String {
    rule.precedence
        .map_or_else(|| "no number".to_owned(), |number| number.to_string())
}

fn forest_order(
    context: &Context<'_>,
    effects: &Effects<'_>,
    (a, b, count): (&str, &str, usize),
    targets: &[Contest],
    drafts: &mut Drafts,
) {
    let row = context.row(ids::FOREST_ORDER);
    let names = (context.connector_name(a), context.connector_name(b));
    let turned = |side: Side| -> bool {
        let lowest = |connector: &str| {
            context
                .views(side)
                .iter()
                .filter(|rule| rule.standard && rule.connector == connector)
                .filter_map(|rule| rule.precedence)
                .min()
        };
        lowest(a) > lowest(b)
    };
    let order = |side: Side| match turned(side) {
        false => (names.0.clone(), names.1.clone()),
        true => (names.1.clone(), names.0.clone()),
    };
    let (left, right) = (order(Side::Primary), order(Side::Staging));
    let shown = |(first, second): &(String, String)| Some(format!("{first}, then {second}"));
    let mut finding = context.pair_finding(row, shown(&left), shown(&right));
    finding.fingerprint = forests_fingerprint(a, b);
    finding.object = format!("{} and {}", names.0, names.1);
    finding.object_path = vec![finding.object.clone()];
    finding.area = "connectors".into();
    finding.change = ChangeKind::Reordered;
    if left.0 != right.0 {
        finding.effect = forests(context, left.0, right.0);
    }
    finding.consequences.push(format!(
        "{count} default rules of the two forests follow each other the other way round: where both forests have a value, the other one wins."
    ));
    let mut won: Vec<String> = targets.iter().filter_map(|target| effects.winner(target)).collect();
    shorten(&mut won);
    finding.consequences.extend(won);
    drafts.push(finding);
}

/// What rules of both connectors feed.
fn contested(context: &Context<'_>, shared: &BTreeMap<Contest, Vec<usize>>, a: &str, b: &str) -> Vec<Contest> {
    let feeds = |pairs: &[usize], connector: &str| {
        let mut rules = pairs.iter().filter_map(|&pair| context.rules(pair).0);
        rules.any(|rule| rule.connector == connector)
    };
    let contested = shared.iter().filter(|(_, pairs)| feeds(pairs, a) && feeds(pairs, b));
    contested.map(|(target, _)| target.clone()).collect()
}

/// Severity that the targets give to a move: who wins may decide which objects exist.
fn of_contests(context: &Context<'_>, row: &'static Row, moved: &Moved) -> Severity {
    let names = &context.catalogue.facts.filtering_attributes;
    let filters = |target: &Contest| {
        let named = names.iter().any(|name| name.eq_ignore_ascii_case(&target.attribute));
        target.connector.is_empty() && named
    };
    let decided = moved.against.iter().any(|(_, targets)| targets.iter().any(filters));
    let raised = row
        .escalate
        .iter()
        .filter(|escalation| decided && escalation.when == Predicate::FilteringTarget);
    raised
        .map(|escalation| escalation.severity)
        .max()
        .unwrap_or(row.severity)
}

/// Other numbers, same order.
///
/// `told`: rules that another one overtook, and rules of forests whose order differs.
fn renumbered(
    context: &Context<'_>,
    versions: &Versions,
    moved: &BTreeSet<usize>,
    told: &(BTreeSet<usize>, BTreeSet<usize>),
    drafts: &mut Drafts,
) {
    let row = context.row(ids::RULE_PRECEDENCE);
    for change in &context.comparison.changes {
        let Change::Settings { pair, settings } = change else {
            continue;
        };
        let Some(change) = settings.iter().find(|change| change.key.row == ids::RULE_PRECEDENCE) else {
            continue;
        };
        if moved.contains(pair) {
            continue;
        }
        let mut finding = context.setting_finding(row, *pair, &precedence_key());
        let comparable = |rule: Option<&RuleView>| rule.is_some_and(|rule| rule.precedence.is_some());
        let (left, right) = context.rules(*pair);
        if change.sameness == Sameness::Different && !(comparable(left) && comparable(right)) {
            // Not a number on one side: nobody can tell the rank.
            finding.severity = severity::of(context, versions, row, *pair);
        } else {
            let reason = match pair {
                pair if told.0.contains(pair) => "The rule that stands elsewhere among these has a finding of its own.",
                pair if told.1.contains(pair) => "The order of the forests is a finding of its own.",
                _ => row.reason.as_deref().unwrap_or(SAME_ORDER),
            };
            expect(&mut finding, reason);
        }
        drafts.push(finding);
    }
}
