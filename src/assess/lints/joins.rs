//! Rules of one server that join, or create, the same objects.
//!
//! In: live rules that join or create. Out: lints about pairs of them whose scopes
//! meet. Must not know: the other server's rules.
//!
//! The manual calls two join filters in scope of one object an error that
//! precedence does not settle. Standard rules of one family share a scope and a
//! join filter by design, so rules that join alike are no fault unless both
//! provision, as a clone beside its enabled original does, and standard rules among themselves never are.

use super::drafts::Draft;
use super::{quoted, rules::lint};
use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::derive::{RuleView, disjoint, scope_of, within};
use crate::model::Object;
use std::collections::{BTreeMap, BTreeSet};

/// Rules of one group that are compared with each other.
const MOST: usize = 100;

/// Who joins what: connector and direction, then object types.
type Groups<'v> = BTreeMap<(&'v str, &'v str), BTreeMap<(&'v str, &'v str), Vec<&'v RuleView>>>;

/// Partners of a rule: those that certainly meet it, and those that may.
#[derive(Default)]
struct Partners<'v> {
    certain: BTreeSet<(&'v str, usize)>,
    possible: BTreeSet<(&'v str, usize)>,
}

/// Lints of a side's joins.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    let configuration = context.configuration(side);
    let any = context.catalogue.facts.any_object_type.to_lowercase();
    let mut groups = Groups::new();
    for rule in context.views(side) {
        // A rule that keeps a link and flows nothing is made to stand beside others.
        if rule.live && (rule.joins || rule.creates) && !rule.mute {
            let types = groups.entry((&rule.connector, &rule.direction)).or_default();
            types
                .entry((&rule.source_type, &rule.target_type))
                .or_default()
                .push(rule);
        }
    }
    let mut met: BTreeMap<usize, (&RuleView, Partners<'_>)> = BTreeMap::new();
    for types in groups.values() {
        for members in members(types, &any) {
            for (at, one) in members.iter().enumerate() {
                for other in &members[at + 1..] {
                    meet(&configuration.objects, one, other, &mut met);
                }
            }
        }
    }
    for (rule, partners) in met.values() {
        let Partners { certain, possible } = partners;
        for (id, partners, words) in [
            (ids::JOIN_OVERLAP, certain, "meets"),
            (ids::JOIN_OVERLAP_POSSIBLE, possible, "may meet"),
        ] {
            if !partners.is_empty() {
                drafts.push(draft(context, side, id, rule, partners, words));
            }
        }
    }
}

/// Rules that may have the same objects, in rank order, of each combination of types those of every type included.
fn members<'v>(types: &BTreeMap<(&'v str, &'v str), Vec<&'v RuleView>>, any: &str) -> Vec<Vec<&'v RuleView>> {
    let alike = |one: &str, other: &str| one == other || one == any || other == any;
    let all = types.keys().map(|(source, target)| {
        let mut members: Vec<&RuleView> = types
            .iter()
            .filter(|((own, central), _)| alike(own, source) && alike(central, target))
            // Two combinations with one wild card are not each other's; who has none decides.
            .filter(|(own, _)| *own == &(*source, *target) || own.0 == any || own.1 == any)
            .flat_map(|(_, rules)| rules.iter().copied())
            .collect();
        members.sort_by_key(|rule| (rule.precedence.unwrap_or(i64::MAX), rule.object));
        members.truncate(MOST);
        members
    });
    all.collect()
}

fn meet<'v>(
    objects: &[Object],
    one: &'v RuleView,
    other: &'v RuleView,
    met: &mut BTreeMap<usize, (&'v RuleView, Partners<'v>)>,
) {
    if one.standard && other.standard {
        return;
    }
    let (first, second) = (&objects[one.object], &objects[other.object]);
    let same = first.canonical(ids::RULE_JOIN) == second.canonical(ids::RULE_JOIN);
    let collide = one.joins && other.joins && !same;
    let both_provision = one.provisions && other.provisions;
    if !collide && !both_provision {
        return;
    }
    let (left, right) = (scope_of(first), scope_of(second));
    if disjoint(left, right) {
        return;
    }
    // It is said of the custom rule, which is the one to change.
    let (rule, partner) = if one.standard { (other, one) } else { (one, other) };
    let partners = &mut met.entry(rule.object).or_insert_with(|| (rule, Partners::default())).1;
    let certain = within(left, right) || within(right, left);
    let list = if certain {
        &mut partners.certain
    } else {
        &mut partners.possible
    };
    list.insert((&partner.name, partner.object));
}

fn draft(
    context: &Context<'_>,
    side: Side,
    id: &'static str,
    rule: &RuleView,
    partners: &BTreeSet<(&str, usize)>,
    words: &str,
) -> Draft {
    let names = quoted(partners.iter().map(|(name, _)| *name));
    let mut lint = lint(
        context,
        id,
        side,
        rule,
        &context.row(id).title,
        format!("{words} {names}"),
    );
    let object = |at: usize| &context.configuration(side).objects[at];
    let joins = |name: &str, at: usize| {
        let rest = if is(context, side, at, |rule| rule.creates) {
            " and creates what finds no partner"
        } else {
            ""
        };
        if !is(context, side, at, |rule| rule.joins) {
            return format!("\"{name}\" has no join rules and creates each object in its scope.");
        }
        format!("\"{name}\" joins by {}{rest}.", object(at).display(ids::RULE_JOIN))
    };
    lint.consequences.push(joins(&rule.name, rule.object));
    for (name, partner) in partners.iter().take(8) {
        lint.consequences.push(joins(name, *partner));
    }
    let pair = context.pair_of(side, rule.object);
    let own = std::iter::once(pair);
    let joining = rule.joins && partners.iter().all(|(_, at)| is(context, side, *at, |rule| rule.joins));
    Draft {
        key: format!("{id} {pair}"),
        setting: None,
        causes: own
            .chain(partners.iter().map(|(_, at)| context.pair_of(side, *at)))
            .collect(),
        rows: &[],
        leads: None,
        sentence: format!(
            "On {} \"{}\" {words} {names}: both {} {}{}.",
            context.server_name(side),
            rule.name,
            if joining { "join" } else { "join or create" },
            if id == ids::JOIN_OVERLAP {
                "the same objects"
            } else {
                "what is in both scopes"
            },
            if joining
                && rule.creates
                && partners
                    .iter()
                    .any(|(_, at)| is(context, side, *at, |rule| rule.creates))
            {
                ", and both create what finds no partner"
            } else {
                ""
            }
        ),
        lint,
    }
}

/// Whether something holds for a rule of a side.
fn is(context: &Context<'_>, side: Side, rule: usize, holds: fn(&RuleView) -> bool) -> bool {
    context.view(side, rule).is_some_and(holds)
}
