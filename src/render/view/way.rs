//! The way of an attribute: rules by rank into the metaverse and out of it.
//!
//! In: a picture of two servers, or the path on one. Out: steps to draw. Must
//! not know: markup.

use super::pictures::Names;
use crate::render::flow_words as words;
use crate::render::terminal::{clean, name};
use crate::report::flow::{Flow, FlowPath, FlowStep, SourceKind, Standing};
use crate::report::views::{FlowPicture, FlowPlace, FlowRow};
use serde::Serialize;

/// The way of an attribute.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Way {
    pub(super) attribute: String,
    pub(super) object_type: String,
    /// What the servers are called; of a path on one server neither is.
    pub(super) primary: Option<String>,
    pub(super) staging: Option<String>,
    /// Drawn at once; the others of a finding on demand.
    pub(super) open: bool,
    pub(super) inbound: Column,
    pub(super) outbound: Column,
    /// What is left out where only steps that win or differ are shown.
    pub(super) rest_text: Option<String>,
}

/// The rules of a direction: those that win or differ, and the rest.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Column {
    steps: Vec<Step>,
    rest: Vec<Step>,
    rest_text: String,
    more: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    connector: String,
    object_type: String,
    rule: String,
    /// Precedence and so, where it is told.
    setting: Option<String>,
    /// Attribute that an outbound rule writes.
    to: Option<String>,
    /// Told once where both servers agree.
    source: Option<String>,
    scope: Option<String>,
    /// They do not.
    differs: bool,
    wins: bool,
    /// The picture is of one server.
    single: bool,
    places: Vec<Place>,
}

#[derive(Debug, Serialize)]
pub(super) struct Place {
    side: &'static str,
    server: String,
    there: bool,
    rank: String,
    words: String,
    wins: bool,
    /// Where it is another one than on the other server.
    source: Option<String>,
    scope: Option<String>,
}

/// The way of an attribute on both servers.
pub(super) fn of_picture(picture: &FlowPicture, open: bool, names: &Names) -> Way {
    let inbound = column(&picture.inbound, picture.more_inbound, false, names);
    let outbound = column(&picture.outbound, picture.more_outbound, true, names);
    let left_out = inbound.rest.len() + inbound.more + outbound.rest.len() + outbound.more;
    Way {
        attribute: name(&picture.attribute),
        object_type: name(&picture.object_type),
        primary: Some(names.primary.clone()),
        staging: Some(names.staging.clone()),
        open,
        inbound,
        outbound,
        rest_text: (left_out > 0).then(|| match left_out {
            1 => "1 more rule, alike on both servers".to_owned(),
            count => format!("{count} more rules, alike on both servers"),
        }),
    }
}

fn column(rows: &[FlowRow], more: usize, outbound: bool, names: &Names) -> Column {
    let all = rows.iter().map(|row| step(row, outbound, names));
    let (mut steps, mut rest): (Vec<Step>, Vec<Step>) = all.partition(|step| step.differs || step.wins);
    // One or two take no more room than the line that folds them.
    if rest.len() <= 2 {
        steps = rows.iter().map(|row| step(row, outbound, names)).collect();
        rest = Vec::new();
    }
    Column {
        steps,
        rest_text: format!("{} more rules, alike on both servers", rest.len()),
        rest,
        more,
    }
}

fn step(row: &FlowRow, outbound: bool, names: &Names) -> Step {
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
        words: place
            .map_or("not live here", |place| standing(place.standing))
            .to_owned(),
        wins: place.is_some_and(|place| place.winner),
        source: place.filter(|_| source.is_none()).map(self::source),
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
        setting: None,
        to: outbound.then(|| name(&row.target)),
        single: false,
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
        Standing::Silent => "no value",
        Standing::NoFlow => "no flow",
    }
}

/// The same of a path on one server.
pub(super) fn of_path(flow: &Flow, path: &FlowPath) -> Way {
    let column = |steps: &[FlowStep]| {
        let flowing = words::of_path(steps, path)
            .into_iter()
            .filter(|step| step.target.is_some());
        Column {
            steps: flowing.map(single).collect(),
            rest: Vec::new(),
            rest_text: String::new(),
            more: 0,
        }
    };
    Way {
        attribute: name(&path.attribute),
        object_type: name(&path.object_type),
        primary: None,
        staging: None,
        open: true,
        inbound: column(&flow.inbound),
        outbound: column(&flow.outbound),
        rest_text: None,
    }
}

fn single(step: &FlowStep) -> Step {
    let mut standing = words::standing(step);
    if let Some(behind) = &step.behind {
        standing.push_str(&format!("; first is {behind}"));
    }
    Step {
        connector: name(&step.connector),
        object_type: name(&step.connector_object_type),
        rule: name(&step.rule),
        setting: Some(clean(&words::settings(step))),
        to: match step.direction {
            crate::report::flow::Way::Inbound => None,
            crate::report::flow::Way::Outbound => step.target.as_deref().map(name),
        },
        source: Some(clean(&step.source)).filter(|source| !source.is_empty()),
        scope: Some(clean(&step.scope)).filter(|scope| !scope.is_empty()),
        differs: false,
        wins: step.winner,
        single: true,
        places: vec![Place {
            side: "own",
            server: String::new(),
            there: true,
            rank: step.rank.map_or_else(|| "\u{2013}".to_owned(), |rank| rank.to_string()),
            words: clean(&standing),
            wins: step.winner,
            source: None,
            scope: None,
        }],
    }
}
