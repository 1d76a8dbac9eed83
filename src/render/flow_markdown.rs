//! The path of an attribute as Markdown: a table of rules in each direction.
//!
//! In: the result of `flow`. Out: Markdown for GitHub and Azure DevOps. Must
//! not know: how anything was computed.

use super::flow_words as words;
use super::headline::{gap_words, server_words};
use super::markdown::{cell, code_cell, escape, row, table};
use crate::report::flow::{Flow, FlowPath, FlowStep};

/// Renders the path.
pub fn flow_markdown(flow: &Flow) -> String {
    let mut out = format!(
        "# Path of {}\n\n{}: {}.\n\n",
        line(&flow.attribute),
        line(&server_words(&flow.server)),
        words::headline(flow)
    );
    for gap in &flow.gaps {
        out.push_str(&format!("* **Not read.** {}\n", line(&gap_words(gap))));
    }
    for note in words::notes(flow) {
        out.push_str(&format!("* {}\n", line(&note)));
    }
    for path in &flow.paths {
        out.push_str(&of_path(flow, path));
    }
    let apart = words::apart(flow);
    if !apart.is_empty() {
        out.push_str(&format!("\n## Other rules that name {}\n\n", line(&flow.attribute)));
        out.push_str(&others(&apart));
    }
    if !flow.see_also.is_empty() {
        out.push_str("\n## See also\n\n");
    }
    for hint in &flow.see_also {
        out.push_str(&format!("* {}\n", line(&words::hint(hint, &flow.attribute))));
    }
    out
}

/// Text outside of tables stays on its line, too.
fn line(text: &str) -> String {
    cell(text)
}

fn of_path(flow: &Flow, path: &FlowPath) -> String {
    let mut out = format!("\n## {}\n", line(&words::path_name(path)));
    let split = |steps: &'_ [FlowStep]| -> (Vec<FlowStep>, Vec<FlowStep>) {
        let own = words::of_path(steps, path).into_iter().cloned();
        own.partition(|step| step.target.is_some())
    };
    let (fed, joining) = split(&flow.inbound);
    let (read, scoping) = split(&flow.outbound);
    out.push_str("\n### Into the metaverse\n\n");
    out.push_str(&inbound(&fed));
    out.push_str("\n### Out of the metaverse\n\n");
    out.push_str(&outbound(&read));
    let rest: Vec<&FlowStep> = joining.iter().chain(&scoping).collect();
    if !rest.is_empty() {
        out.push_str("\n### Rules that only scope or join by it\n\n");
        out.push_str(&others(&rest));
    }
    out
}

fn inbound(steps: &[FlowStep]) -> String {
    if steps.is_empty() {
        return "No live rule feeds it.\n".to_owned();
    }
    let titles = [
        "Rank",
        "Rule",
        "Connector",
        "Source",
        "Scope",
        "Rule settings",
        "Effect",
    ];
    let mut out = table(&titles);
    for step in steps {
        out.push_str(&row(&[
            rank(step),
            cell(&step.rule),
            cell(&place(step)),
            code_cell(&step.source),
            cell(&step.scope),
            cell(&words::settings(step)),
            effect(step),
        ]));
    }
    out
}

fn outbound(steps: &[FlowStep]) -> String {
    if steps.is_empty() {
        return "No live rule flows it out.\n".to_owned();
    }
    let titles = [
        "Connector",
        "Target",
        "Rank",
        "Rule",
        "Source",
        "Scope",
        "Rule settings",
        "Effect",
    ];
    let mut out = table(&titles);
    for step in steps {
        out.push_str(&row(&[
            cell(&place(step)),
            cell(step.target.as_deref().unwrap_or_default()),
            rank(step),
            cell(&step.rule),
            code_cell(&step.source),
            cell(&step.scope),
            cell(&words::settings(step)),
            effect(step),
        ]));
    }
    out
}

fn others(steps: &[&FlowStep]) -> String {
    let mut out = table(&["Rule", "Connector", "Use", "Scope", "Join"]);
    for step in steps {
        let used = match &step.target {
            Some(target) => format!("{} -> {target}", step.source),
            None => words::use_of(step).to_owned(),
        };
        out.push_str(&row(&[
            cell(&step.rule),
            cell(&place(step)),
            cell(&used),
            cell(&step.scope),
            cell(step.join.as_deref().unwrap_or_default()),
        ]));
    }
    out
}

fn rank(step: &FlowStep) -> String {
    step.rank.map(|rank| rank.to_string()).unwrap_or_default()
}

fn place(step: &FlowStep) -> String {
    format!("{} {}", step.connector, step.connector_object_type)
}

fn effect(step: &FlowStep) -> String {
    let text = escape(&words::standing(step));
    match &step.behind {
        Some(behind) => format!("{text}; first is {}", cell(behind)),
        None if step.winner => format!("**{text}**"),
        None => text,
    }
}
