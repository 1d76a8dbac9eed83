//! `flow`: the end-to-end path of an attribute of one server.

use super::input;
use super::output::{self, FileFormat, Sink};
use super::places::{self, Places};
use super::templates;
use crate::assess::header;
use crate::catalogue::Catalogue;
use crate::cli::{Flow as Arguments, FlowFormat};
use crate::model::Configuration;
use crate::redact::Masks;
use crate::render::{self, FlowDetail, Templates};
use crate::report::flow::{Flow, FlowOptions, SCHEMA};
use crate::trace::{Question, trace};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;

/// What the server is called where names are masked.
const SERVER: &str = "SERVER";

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Arguments) -> Result<u8> {
    flow(arguments).map_err(|error| match arguments.redact && !super::closed_pipe(&error) {
        true => anyhow!(places(arguments).masked(&format!("{error:#}"))),
        false => error,
    })
}

/// What the arguments are called where names are masked.
fn places(arguments: &Arguments) -> Places {
    let mut places = Places::default();
    places.name(&arguments.server, SERVER);
    places.files(arguments.output.iter());
    places
}

fn flow(arguments: &Arguments) -> Result<u8> {
    let sinks = Sink::prepare(
        &arguments.output,
        &[FileFormat::Html, FileFormat::Markdown, FileFormat::Json],
    )?;
    let templates = templates::read(arguments.templates.as_deref())?;
    let catalogue = Catalogue::builtin();
    let now = output::now()?;
    let mut server = input::read(&arguments.server, catalogue)?;
    let source = Path::new(&server.source);
    for sink in &sinks {
        let files = server.files.iter().map(|file| source.join(&file.path));
        sink.refuse(files.chain([arguments.server.clone()]))?;
    }
    if arguments.redact {
        places::hide_source(&mut server, SERVER);
    }
    let mut masks = arguments.redact.then(|| Masks::learn(&[&server], catalogue));
    let mut flow = answer(arguments, &server, catalogue, now).map_err(|error| match &mut masks {
        Some(masks) => anyhow!(masks.masked(&format!("{error:#}"))),
        None => error,
    })?;
    // The process is about to end, and giving back every value takes longer than the answer.
    std::mem::forget(server);
    if let Some(masks) = &mut masks {
        masks.flow(&mut flow);
    }
    match write(arguments, &sinks, &templates, &flow) {
        // A reader that has seen enough changes nothing in the answer.
        Err(error) if super::closed_pipe(&error) => {}
        written => written?,
    }
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

fn write(arguments: &Arguments, sinks: &[Sink], templates: &Templates, flow: &Flow) -> Result<()> {
    let json = || render::json(flow).context("the result cannot be written as JSON");
    let html = || render::flow_html(flow, templates);
    for sink in sinks {
        match sink.format {
            FileFormat::Json => sink.write(&json()?)?,
            FileFormat::Markdown => sink.write(render::flow_markdown(flow).as_bytes())?,
            FileFormat::Html => sink.write(html()?.as_bytes())?,
            other => bail!("the path of an attribute has no format {other:?}"),
        }
    }
    match arguments.format {
        FlowFormat::Json => output::stdout(&json()?),
        FlowFormat::Html => output::stdout(html()?.as_bytes()),
        FlowFormat::Markdown => output::stdout(render::flow_markdown(flow).as_bytes()),
        FlowFormat::Text => {
            let detail = match (arguments.quiet, arguments.verbose) {
                (true, _) => FlowDetail::Winners,
                (_, true) => FlowDetail::Everything,
                _ => FlowDetail::Rules,
            };
            output::styled(&render::flow(flow, detail), arguments.color)
        }
    }
}
