//! What the template of `flow` shows.
//!
//! In: the path of an attribute. Out: one serialisable page. Must not know:
//! any markup.

use super::server::{self, ServerView};
use super::way::{self, Way};
use crate::render::flow_words as words;
use crate::render::headline::gap_words;
use crate::render::terminal::{clean, name};
use crate::report::flow::{Flow, FlowPath, FlowStep};
use serde::Serialize;

/// The page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowPage {
    title: String,
    attribute: String,
    headline: String,
    tool: String,
    generated: String,
    server: ServerView,
    gaps: Vec<String>,
    notes: Vec<String>,
    paths: Vec<PathView>,
    /// Rules that name the attribute and belong to no path.
    apart: Vec<Other>,
    see_also: Vec<String>,
}

/// The path of one metaverse attribute.
#[derive(Debug, Serialize)]
struct PathView {
    anchor: String,
    title: String,
    way: Way,
    /// Rules that only scope or join by it.
    others: Vec<Other>,
}

/// A rule that flows nothing.
#[derive(Debug, Serialize)]
struct Other {
    rule: String,
    place: String,
    used: String,
    scope: String,
    join: String,
}

/// The page of a path.
pub fn flow_page(flow: &Flow) -> FlowPage {
    FlowPage {
        title: format!("Path of {} on {}", name(&flow.attribute), name(&flow.server.server)),
        attribute: name(&flow.attribute),
        headline: clean(&words::headline(flow)),
        tool: format!("{} {}", flow.tool.name, flow.tool.version),
        generated: server::short(&flow.generated),
        server: server::of("Server", &flow.server, &flow.generated),
        gaps: flow.gaps.iter().map(|gap| clean(&gap_words(gap))).collect(),
        notes: words::notes(flow).iter().map(|note| clean(note)).collect(),
        paths: flow
            .paths
            .iter()
            .enumerate()
            .map(|(at, of)| path(flow, of, at))
            .collect(),
        apart: words::apart(flow).into_iter().map(other).collect(),
        see_also: flow
            .see_also
            .iter()
            .map(|hint| clean(&words::hint(hint, &flow.attribute)))
            .collect(),
    }
}

fn path(flow: &Flow, path: &FlowPath, at: usize) -> PathView {
    let own = words::of_path(&flow.inbound, path).into_iter();
    let all = own.chain(words::of_path(&flow.outbound, path));
    PathView {
        anchor: format!("path-{}", at + 1),
        title: clean(&words::path_name(path)),
        way: way::of_path(flow, path),
        others: all.filter(|step| step.target.is_none()).map(other).collect(),
    }
}

fn other(step: &FlowStep) -> Other {
    Other {
        rule: name(&step.rule),
        place: format!("{} {}", name(&step.connector), name(&step.connector_object_type)),
        used: match &step.target {
            Some(target) => format!("{} \u{2192} {}", clean(&step.source), name(target)),
            None => words::use_of(step).to_owned(),
        },
        scope: clean(&step.scope),
        join: step.join.as_deref().map(clean).unwrap_or_default(),
    }
}
