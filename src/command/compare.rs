//! `compare`: what differs between a primary and its staging servers.

use super::baseline::{self, Approved};
use super::input;
use super::output::{self, NewFile, Sink};
use super::places::{self, Places};
use super::result;
use crate::assess::{self, Options, Outcome, WrongPair};
use crate::catalogue::{Catalogue, Severity};
use crate::cli::Compare;
use crate::diff;
use crate::model::Configuration;
use crate::normalise::Tenant;
use crate::redact::Masks;
use crate::render;
use crate::report::Report;
use anyhow::{Context, Result};
use std::path::Path;

/// What the primary is called where names are masked.
const PRIMARY: &str = "PRIMARY";

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Compare) -> Result<u8> {
    compare(arguments).map_err(|error| match arguments.redact && !super::closed_pipe(&error) {
        true => anyhow::anyhow!(places(arguments).masked(&format!("{error:#}"))),
        false => error,
    })
}

/// What the arguments are called where names are masked.
fn places(arguments: &Compare) -> Places {
    let mut places = Places::default();
    places.name(&arguments.primary, PRIMARY);
    for (path, word) in arguments.staging.iter().zip(places::staging(arguments.staging.len())) {
        places.name(path, &word);
    }
    if let Some(path) = &arguments.baseline {
        places.name(path, baseline::WORD);
    }
    let written = arguments.write_accept.iter().chain(&arguments.result.output);
    places.files(arguments.accept.iter().chain(&arguments.tenant).chain(written));
    places
}

fn compare(arguments: &Compare) -> Result<u8> {
    let outputs = result::outputs(&arguments.result)?;
    let drafts = arguments.write_accept.as_deref();
    let drafts = drafts
        .map(|path| NewFile::prepare("--write-accept", path))
        .transpose()?;
    let accepted = arguments.accept.as_deref().map(super::accepted::read).transpose()?;
    for staging in &arguments.staging {
        refuse_same_input(&arguments.primary, staging, arguments.same_server)?;
    }
    for (index, staging) in arguments.staging.iter().enumerate() {
        for other in &arguments.staging[..index] {
            refuse_same_input(other, staging, false)?;
        }
    }
    let catalogue = Catalogue::builtin();
    let options = Options {
        fail_on: arguments.fail_on.into(),
        same_server: arguments.same_server,
        exit_zero: arguments.exit_zero,
        matching: diff::Options {
            connectors: arguments.map_connector.clone(),
        },
        accepted,
        // Pairs have names in a configuration file only.
        pair: None,
        now: output::now()?,
        now_is_set: output::now_is_set(),
    };
    let limits = input::limits(arguments.allow_modified_bundle);
    let mut inputs = vec![arguments.primary.as_path()];
    inputs.extend(arguments.staging.iter().map(std::path::PathBuf::as_path));
    let mut servers = input::read_servers(&inputs, catalogue, &limits)?;
    let tenant = arguments.tenant.as_deref();
    if let Some(tenant) = tenant.map(|path| Tenant::read(path, catalogue, &limits)).transpose()? {
        servers.iter_mut().for_each(|server| tenant.say(server));
    }
    let baseline = arguments.baseline.as_deref();
    let approved = baseline
        .map(|path| baseline::read(path, &servers, catalogue, &limits))
        .transpose();
    let mut approved = approved.map_err(|error| match arguments.redact {
        // It lists servers by their names.
        true => {
            let mut masks = Masks::learn(&servers.iter().collect::<Vec<_>>(), catalogue);
            anyhow::anyhow!(masks.masked(&format!("{error:#}")))
        }
        false => error,
    })?;
    let states = approved.as_ref().map_or(&[][..], |approved| &approved.states);
    keep_inputs(arguments, &outputs.sinks, servers.iter().chain(states))?;
    if arguments.redact {
        approved.iter_mut().for_each(Approved::hide_sources);
        let words = [PRIMARY.to_owned()]
            .into_iter()
            .chain(places::staging(arguments.staging.len()));
        for (server, word) in servers.iter_mut().zip(words) {
            places::hide_source(server, &word);
        }
    }
    let states = approved.as_ref().map_or(&[][..], |approved| &approved.states);
    let mut masks = arguments
        .redact
        .then(|| Masks::learn(&servers.iter().chain(states).collect::<Vec<_>>(), catalogue));
    let judged = judge_all(servers, approved.as_ref(), catalogue, &options);
    let mut reports = judged.map_err(|error| match &mut masks {
        Some(masks) => anyhow::anyhow!(masks.masked(&format!("{error:#}"))),
        None => error,
    })?;
    if let Some(masks) = &mut masks {
        masks.reports(&mut reports);
    }
    if let Some(file) = drafts {
        file.write(render::accept_draft(&reports).as_bytes())?;
    }
    match result::write(&arguments.result, &outputs, &reports) {
        // A reader that has seen enough changes nothing in the answer.
        Err(error) if super::closed_pipe(&error) => {}
        written => written?,
    }
    let code = exit_code(&reports, options.fail_on, arguments.exit_zero);
    std::mem::forget(reports);
    Ok(code)
}

/// Compares each staging server with the first, the primary.
fn judge_all(
    servers: Vec<Configuration>,
    approved: Option<&Approved>,
    catalogue: &'static Catalogue,
    options: &Options,
) -> Result<Vec<Report>> {
    if let Some(approved) = approved {
        approved.check(&servers)?;
    }
    let mut servers = servers.into_iter();
    let primary = servers.next().context("no primary was given")?;
    let servers: Vec<Configuration> = servers.collect();
    let mut reports = Vec::new();
    for (index, staging) in servers.iter().enumerate() {
        for other in &servers[..index] {
            assess::wrong_pair(other, staging)?;
        }
    }
    let moved = approved.map(|approved| approved.primary(&primary, catalogue, options));
    let moved = moved.transpose()?;
    for (number, mut staging) in servers.into_iter().enumerate() {
        if !options.same_server {
            assess::wrong_pair(&primary, &staging)?;
        }
        let mut report = assess::assess(&primary, &mut staging, catalogue, options)?;
        if let (Some(approved), Some(moved)) = (approved, &moved) {
            approved.blame(&mut report, moved, (number, &mut staging), catalogue, options)?;
        }
        reports.push(report);
        // The process is about to end, and giving back thousands of values takes longer than judging them.
        std::mem::forget(staging);
    }
    std::mem::forget(primary);
    assess::keep_unused_everywhere(&mut reports);
    Ok(reports)
}

/// No output replaces what was read.
fn keep_inputs<'s>(
    arguments: &Compare,
    sinks: &[Sink],
    servers: impl Iterator<Item = &'s Configuration> + Clone,
) -> Result<()> {
    for sink in sinks {
        let in_server = servers.clone().flat_map(|server| {
            let source = Path::new(&server.source);
            server.files.iter().map(|file| source.join(&file.path))
        });
        let named = [&arguments.primary].into_iter().chain(&arguments.staging);
        let given = named
            .chain(&arguments.accept)
            .chain(&arguments.tenant)
            .chain(&arguments.baseline)
            .cloned();
        sink.refuse(given.chain(in_server))?;
    }
    Ok(())
}

fn refuse_same_input(primary: &Path, staging: &Path, same_server: bool) -> Result<(), WrongPair> {
    let same = match (primary.canonicalize(), staging.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => primary == staging,
    };
    if same && !same_server {
        return Err(WrongPair::SameSource {
            path: staging.display().to_string(),
        });
    }
    Ok(())
}

/// 1 if any report is drift, else 3 if any is incomplete, else 0.
fn exit_code(reports: &[Report], fail_on: Severity, exit_zero: bool) -> u8 {
    let outcomes: Vec<Outcome> = reports
        .iter()
        .map(|report| assess::outcome(report, fail_on, exit_zero))
        .collect();
    if outcomes.contains(&Outcome::Drift) {
        1
    } else if outcomes.contains(&Outcome::Incomplete) {
        3
    } else {
        0
    }
}
