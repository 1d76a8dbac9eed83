//! The pictures of a finding: what the report has of them, ready to be drawn.
//!
//! In: views of a report. Out: rows, words and coordinates. Must not know:
//! markup.

use crate::render::terminal::{clean, name};
use crate::report::Report;
use crate::report::flow::{SourceKind, Standing};
use crate::report::views::{FlowPicture, FlowPlace, FlowRow, Group, InScope, Ladder, Rung, RungPlace, ScopeTree};
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
    flows: Vec<Flow>,
    ladders: Vec<LadderView>,
    filters: Vec<Groups>,
    joins: Vec<Groups>,
}

impl Pictures {
    /// Those that a finding is the first to ask for.
    pub fn of(fingerprint: &str, report: &Report) -> Pictures {
        let names = &Names {
            primary: name(&report.primary.server),
            staging: name(&report.staging.server),
        };
        let first = |findings: &[String]| findings.first().is_some_and(|first| first == fingerprint);
        let views = &report.views;
        Pictures {
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
                .map(|view| flow(view, names))
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
struct Names {
    primary: String,
    staging: String,
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

/// The way of an attribute.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    attribute: String,
    object_type: String,
    inbound: Vec<Step>,
    outbound: Vec<Step>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    connector: String,
    object_type: String,
    rule: String,
    target: String,
    /// Told once where both servers agree.
    source: Option<String>,
    scope: Option<String>,
    /// They do not.
    differs: bool,
    wins: bool,
    places: Vec<Place>,
}

#[derive(Debug, Serialize)]
struct Place {
    side: &'static str,
    server: String,
    there: bool,
    rank: String,
    words: &'static str,
    wins: bool,
    /// Where it is another one than on the other server.
    source: Option<String>,
    scope: Option<String>,
}

fn flow(picture: &FlowPicture, names: &Names) -> Flow {
    Flow {
        attribute: name(&picture.attribute),
        object_type: name(&picture.object_type),
        inbound: picture.inbound.iter().map(|row| step(row, names)).collect(),
        outbound: picture.outbound.iter().map(|row| step(row, names)).collect(),
    }
}

fn step(row: &FlowRow, names: &Names) -> Step {
    let sides = [row.primary.as_ref(), row.staging.as_ref()];
    let shared = |of: &dyn Fn(&FlowPlace) -> String| match sides {
        [Some(left), Some(right)] if of(left) == of(right) => Some(of(left)),
        [Some(one), None] | [None, Some(one)] => Some(of(one)),
        _ => None,
    };
    let (source, scope) = (shared(&source), shared(&|place| clean(&place.scope)));
    let place = |side, server: &String, place: Option<&FlowPlace>| Place {
        side,
        server: server.clone(),
        there: place.is_some(),
        rank: place.map_or_else(|| "\u{2013}".to_owned(), |place| place.rank.to_string()),
        words: place.map_or("not here", |place| standing(place.standing)),
        wins: place.is_some_and(|place| place.winner),
        source: place.filter(|_| source.is_none()).map(|place| self::source(place)),
        scope: place.filter(|_| scope.is_none()).map(|place| clean(&place.scope)),
    };
    let differs = match sides {
        [Some(left), Some(right)] => left != right,
        _ => true,
    };
    Step {
        connector: name(&row.connector),
        object_type: name(&row.connector_object_type),
        rule: name(&row.rule),
        target: name(&row.target),
        differs,
        wins: sides.into_iter().flatten().any(|place| place.winner),
        places: vec![
            place("primary", &names.primary, sides[0]),
            place("staging", &names.staging, sides[1]),
        ],
        source,
        scope,
    }
}

fn source(place: &FlowPlace) -> String {
    match place.source_kind {
        SourceKind::None => "nothing".to_owned(),
        _ => clean(&place.source),
    }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Wins => "wins",
        Standing::Follows => "follows",
        Standing::Combines => "merges",
        Standing::Mixed => "mixed",
        Standing::Undefined => "undefined",
        Standing::NoFlow => "no flow",
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
}

#[derive(Debug, Serialize)]
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
    LadderView {
        primary: names.primary.clone(),
        staging: names.staging.clone(),
        targets: clean(&ladder.targets.join(", ")),
        height: left.len().max(right.len()) * RUNG,
        lines: lines.collect(),
        left: view(&left),
        right: view(&right),
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
