//! `flow`: the end-to-end path of an attribute of one server.

use super::one;
use super::page::Forms;
use crate::assess::header;
use crate::catalogue::Catalogue;
use crate::cli::Flow as Arguments;
use crate::model::Configuration;
use crate::render::{self, FlowDetail};
use crate::report::flow::{Flow, FlowOptions, SCHEMA};
use crate::trace::{Question, trace};
use anyhow::{Result, anyhow};

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Arguments) -> Result<u8> {
    one::masked(&arguments.one, || flow(arguments))
}

fn flow(arguments: &Arguments) -> Result<u8> {
    let catalogue = Catalogue::builtin();
    let mut opened = one::open(&arguments.one, catalogue)?;
    let answer = answer(arguments, &opened.server, catalogue, opened.now);
    let mut flow = answer.map_err(|error| match &mut opened.masks {
        Some(masks) => anyhow!(masks.masked(&format!("{error:#}"))),
        None => error,
    })?;
    if let Some(masks) = &mut opened.masks {
        masks.flow(&mut flow);
    }
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => FlowDetail::Winners,
        (_, true) => FlowDetail::Everything,
        _ => FlowDetail::Rules,
    };
    let forms = Forms {
        text: &|| render::flow(&flow, detail),
        markdown: &|_| Ok(render::flow_markdown(&flow)),
        html: &|templates| render::flow_html(&flow, templates),
    };
    one::write(opened, &flow, &forms)?;
    // What is missing stands in the answer; the question was answered.
    Ok(0)
}

fn answer(arguments: &Arguments, server: &Configuration, catalogue: &Catalogue, now: i64) -> Result<Flow> {
    let question = Question {
        attribute: arguments.attribute.clone(),
        object_type: arguments.object_type.clone(),
        connector: arguments.connector.clone(),
    };
    let header = header::server(server);
    let gaps = header::gaps(server);
    let traced = trace(server, catalogue, &question).map_err(|error| match gaps.as_slice() {
        [] => anyhow!("{}: {error}", header.server),
        // The name may stand in what could not be read.
        [gap, ..] => anyhow!(
            "{}: {error} (parts of the export could not be read, and the name may stand there: {}: {})",
            header.server,
            gap.part,
            gap.problem
        ),
    })?;
    Ok(Flow {
        schema: SCHEMA.to_owned(),
        tool: header::tool(),
        generated: header::generated(now),
        options: FlowOptions {
            object_type: question.object_type,
            connector: question.connector,
            redact: false,
        },
        server: header,
        attribute: traced.attribute,
        found_in: traced.found_in,
        paths: traced.paths,
        inbound: traced.inbound,
        outbound: traced.outbound,
        see_also: traced.see_also,
        disabled_rules: traced.disabled_rules,
        gaps,
    })
}
