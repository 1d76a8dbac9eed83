//! Trees of containers, for partitions whose effective OU scope differs.
//!
//! In: findings of OU scope. Out: a tree per partition. Must not know: how a
//! scope is computed, how a tree is drawn.

use crate::assess::context::{Context, Side};
use crate::assess::finding::digest;
use crate::assess::scope::{Lists, list_of};
use crate::catalogue::ids;
use crate::derive::scope::{Container, Node, State, containers, differences, tree};
use crate::diff::Change;
use crate::model::dn;
use crate::report::Finding;
use crate::report::views::{InScope, ScopeNode, ScopeTree};
use std::collections::{BTreeSet, HashMap};

/// Findings that are shown as a tree.
const SHOWN: [&str; 2] = [ids::OU_SCOPE, ids::NEW_OU_SCOPE];
/// Containers of one tree; more than that nobody reads.
const NODES: usize = 200;
/// Containers that are looked at to choose them: a DN may have any number of components.
const KNOWN: usize = 100_000;
/// Characters of all DNs of one tree.
const TEXT: usize = 200_000;

/// A tree for each partition that a finding is about, in the order of the findings.
pub fn trees(context: &Context<'_>, findings: &[Finding]) -> Vec<ScopeTree> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if SHOWN.contains(&finding.id.as_ref()) {
            places.insert(&finding.fingerprint, at);
        }
    }
    if places.is_empty() {
        return Vec::new();
    }
    let mut trees: Vec<(usize, ScopeTree)> = Vec::new();
    for change in &context.comparison.changes {
        let Change::Settings { pair, settings } = change else {
            continue;
        };
        if settings.iter().any(|change| list_of(change.key.row).is_some()) {
            trees.extend(partition(context, *pair, &places));
        }
    }
    trees.sort_by_key(|(worst, _)| *worst);
    let tree = |(_, mut tree): (usize, ScopeTree)| {
        let place = |fingerprint: &String| places.get(fingerprint.as_str()).copied();
        tree.findings.sort_by_key(place);
        tree
    };
    trees.into_iter().map(tree).collect()
}

/// The tree of a partition, with the place of its worst finding.
fn partition(context: &Context<'_>, pair: usize, places: &HashMap<&str, usize>) -> Option<(usize, ScopeTree)> {
    let lists = Lists::of(context, pair)?;
    let (left, right) = (lists.selection(Side::Primary), lists.selection(Side::Staging));
    let all = containers(&left, &right);
    let identity = context.identity(pair);
    let mut findings = Vec::new();
    for difference in differences(&all) {
        let member = all[difference.container].member;
        let canonical = member.map_or("", |member| &member.canonical);
        let prints = SHOWN.map(|id| digest(&[id, identity, canonical]));
        findings.extend(prints.into_iter().filter(|print| places.contains_key(print.as_str())));
    }
    let worst = findings.iter().filter_map(|print| places.get(print.as_str())).min()?;
    let nodes = tree(&all, KNOWN);
    let chosen = choose(&all, &nodes);
    let root = lists.root(Side::Primary);
    let mut shown = Vec::new();
    let mut characters = 0;
    for &at in &chosen {
        let node = node(&all, &nodes[at], root);
        characters += node.dn.len();
        if characters > TEXT {
            break;
        }
        shown.push(node);
    }
    let tree = ScopeTree {
        findings,
        connector: context.root(pair).map(|root| root.name.clone()).unwrap_or_default(),
        partition: root.to_owned(),
        more: nodes.len() - shown.len(),
        nodes: shown,
    };
    Some((*worst, tree))
}

/// The nodes that are shown, in order: those that differ with all around them, then from the top as many as fit.
fn choose(all: &[Container<'_>], nodes: &[Node]) -> BTreeSet<usize> {
    if nodes.len() <= NODES {
        return (0..nodes.len()).collect();
    }
    let mut chosen = BTreeSet::new();
    // Nodes from the root to the current one.
    let mut open: Vec<usize> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        open.truncate(node.depth);
        open.push(at);
        if all[node.answers].narrower().is_some() {
            let new = open.iter().filter(|at| !chosen.contains(*at)).count();
            if chosen.len() + new > NODES {
                break;
            }
            chosen.extend(&open);
        }
    }
    // A node without its parent would stand in the wrong place.
    let mut kept: Vec<bool> = vec![false; nodes.len()];
    open.clear();
    for (at, node) in nodes.iter().enumerate() {
        open.truncate(node.depth);
        let below = open.last().is_none_or(|&parent| kept[parent]);
        open.push(at);
        kept[at] = chosen.contains(&at) || (below && chosen.len() < NODES);
        if kept[at] {
            chosen.insert(at);
        }
    }
    chosen
}

fn node(all: &[Container<'_>], node: &Node, root: &str) -> ScopeNode {
    let written = all[node.container].member.map_or(root, |member| &member.raw);
    let (dn, own) = dn::above(written, node.above);
    let (dn, name) = if node.depth == 0 { (root, root) } else { (dn, own) };
    let answers = &all[node.answers];
    ScopeNode {
        depth: node.depth,
        name: name.to_owned(),
        dn: dn.to_owned(),
        primary: in_scope(answers.left),
        staging: in_scope(answers.right),
    }
}

fn in_scope(state: State<'_>) -> InScope {
    if state.inside { InScope::In } else { InScope::Out }
}
