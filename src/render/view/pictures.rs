//! The pictures of a finding: what the report has of them, ready to be drawn.
//!
//! In: views of a report. Out: rows, words and coordinates. Must not know:
//! markup.

use super::way::{self, Way};
use crate::render::terminal::{clean, name};
use crate::report::Report;
use crate::report::views::{Group, InScope, Ladder, Rung, RungPlace, ScopeTree};
use serde::Serialize;

/// Steps of the tree that have an indentation of their own.
const DEEPEST: usize = 9;
/// Height of a rung in the drawing.
const RUNG: usize = 20;

/// Pictures of a finding.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pictures {
    scope: Vec<Tree>,
    /// They show both values whole.
    complete: bool,
    flows: Vec<Way>,
    ladders: Vec<LadderView>,
    filters: Vec<Groups>,
    joins: Vec<Groups>,
}

impl Pictures {
    /// Those that a finding is the first to ask for.
    pub fn of(fingerprint: &str, report: &Report) -> Pictures {
        let (primary, staging) = super::server::names(report);
        let names = &Names { primary, staging };
        let first = |findings: &[String]| findings.first().is_some_and(|first| first == fingerprint);
        let views = &report.views;
        let whole = |findings: &[String], primary: bool, staging: bool| first(findings) && primary && staging;
        Pictures {
            complete: views
                .filters
                .iter()
                .any(|it| whole(&it.findings, it.primary.is_some(), it.staging.is_some()))
                || views
                    .joins
                    .iter()
                    .any(|it| whole(&it.findings, it.primary.is_some(), it.staging.is_some())),
            scope: views
                .scope
                .iter()
                .filter(|tree| first(&tree.findings))
                .map(|view| tree(view, names))
                .collect(),
            flows: views
                .flows
                .iter()
                .filter(|flow| first(&flow.findings))
                .enumerate()
                .map(|(at, view)| way::of_picture(view, at == 0, names))
                .collect(),
            ladders: views
                .precedence
                .iter()
                .filter(|ladder| first(&ladder.findings))
                .map(|view| ladder(view, names))
                .collect(),
            filters: views
                .filters
                .iter()
                .filter(|filter| first(&filter.findings))
                .map(|filter| groups(filter.primary.as_deref(), filter.staging.as_deref(), false, names))
                .collect(),
            joins: views
                .joins
                .iter()
                .filter(|join| first(&join.findings))
                .map(|join| groups(join.primary.as_deref(), join.staging.as_deref(), true, names))
                .collect(),
        }
    }
}

/// What the servers are called.
pub(super) struct Names {
    pub primary: String,
    pub staging: String,
}

#[derive(Debug, Serialize)]
struct Tree {
    primary: String,
    staging: String,
    connector: String,
    partition: String,
    rows: Vec<TreeRow>,
}

#[derive(Debug, Serialize)]
struct TreeRow {
    depth: usize,
    name: String,
    dn: String,
    primary: Mark,
    staging: Mark,
    differs: bool,
}

/// A word and its class.
#[derive(Debug, Serialize)]
struct Mark {
    class: &'static str,
    text: &'static str,
}

fn tree(tree: &ScopeTree, names: &Names) -> Tree {
    let mark = |scope: InScope| match scope {
        InScope::In => Mark {
            class: "in",
            text: "in",
        },
        InScope::Out => Mark {
            class: "out",
            text: "out",
        },
        InScope::Unknown => Mark {
            class: "unknown",
            text: "unknown",
        },
    };
    Tree {
        primary: names.primary.clone(),
        staging: names.staging.clone(),
        connector: name(&tree.connector),
        partition: name(&tree.partition),
        rows: tree
            .nodes
            .iter()
            .map(|node| TreeRow {
                depth: node.depth.min(DEEPEST),
                name: name(&node.name),
                dn: name(&node.dn),
                primary: mark(node.primary),
                staging: mark(node.staging),
                differs: node.primary != node.staging,
            })
            .collect(),
    }
}

/// Rules in order on both servers, with a line from place to place.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LadderView {
    primary: String,
    staging: String,
    targets: String,
    height: usize,
    left: Vec<RungView>,
    right: Vec<RungView>,
    lines: Vec<LadderLine>,
    /// Both columns side by side.
    rows: Vec<LadderRow>,
}

#[derive(Debug, Serialize)]
struct LadderRow {
    left: Option<RungView>,
    right: Option<RungView>,
}

#[derive(Debug, Clone, Serialize)]
struct RungView {
    rank: usize,
    precedence: String,
    rule: String,
    connector: String,
    moved: bool,
    alone: bool,
}

#[derive(Debug, Serialize)]
struct LadderLine {
    from: usize,
    to: usize,
    moved: bool,
}

fn ladder(ladder: &Ladder, names: &Names) -> LadderView {
    let column = |place: fn(&Rung) -> Option<RungPlace>| {
        let mut column: Vec<(usize, RungPlace, &Rung)> = ladder
            .rungs
            .iter()
            .enumerate()
            .filter_map(|(at, rung)| Some((at, place(rung)?, rung)))
            .collect();
        column.sort_by_key(|(at, place, _)| (place.rank, *at));
        column
    };
    let (left, right) = (column(|rung| rung.primary), column(|rung| rung.staging));
    let middle = |at: usize| at * RUNG + RUNG / 2;
    let lines = left.iter().enumerate().filter_map(|(from, (rung, _, it))| {
        let to = right.iter().position(|(other, ..)| other == rung)?;
        Some(LadderLine {
            from: middle(from),
            to: middle(to),
            moved: it.moved,
        })
    });
    let view = |column: &[(usize, RungPlace, &Rung)]| -> Vec<RungView> {
        let rung = |(_, place, rung): &(usize, RungPlace, &Rung)| RungView {
            rank: place.rank,
            precedence: place
                .precedence
                .map_or_else(|| "unknown".to_owned(), |number| number.to_string()),
            rule: name(&rung.rule),
            connector: name(&rung.connector),
            moved: rung.moved,
            alone: rung.primary.is_none() || rung.staging.is_none(),
        };
        column.iter().map(rung).collect()
    };
    let (left, right, lines) = (view(&left), view(&right), lines.collect());
    let height = left.len().max(right.len());
    let row = |at: usize| LadderRow {
        left: left.get(at).cloned(),
        right: right.get(at).cloned(),
    };
    LadderView {
        primary: names.primary.clone(),
        staging: names.staging.clone(),
        targets: clean(&ladder.targets.join(", ")),
        height: height * RUNG,
        lines,
        rows: (0..height).map(row).collect(),
        left,
        right,
    }
}

/// Groups of clauses or conditions on both servers.
#[derive(Debug, Serialize)]
struct Groups {
    ordered: bool,
    sides: Vec<GroupSide>,
}

#[derive(Debug, Serialize)]
struct GroupSide {
    side: &'static str,
    server: String,
    /// The rule is there.
    there: bool,
    /// It takes all objects, or joins none.
    all: bool,
    groups: Vec<GroupView>,
}

#[derive(Debug, Serialize)]
struct GroupView {
    number: usize,
    moved: bool,
    only: bool,
    parts: Vec<PartView>,
}

#[derive(Debug, Serialize)]
struct PartView {
    text: String,
    only: bool,
}

fn groups(primary: Option<&[Group]>, staging: Option<&[Group]>, ordered: bool, names: &Names) -> Groups {
    let side = |side, server: &String, groups: Option<&[Group]>| GroupSide {
        side,
        server: server.clone(),
        there: groups.is_some(),
        all: groups.is_some_and(<[Group]>::is_empty),
        groups: groups
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(at, group)| GroupView {
                number: at + 1,
                moved: group.moved,
                only: group.parts.iter().all(|part| !part.both),
                parts: group
                    .parts
                    .iter()
                    .map(|part| PartView {
                        text: clean(&part.text),
                        only: !part.both,
                    })
                    .collect(),
            })
            .collect(),
    };
    Groups {
        ordered,
        sides: vec![
            side("primary", &names.primary, primary),
            side("staging", &names.staging, staging),
        ],
    }
}
