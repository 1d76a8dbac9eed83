//! What a bundle of the collector shows beside its settings: that only one
//! server has one, that it was changed, what makes it doubtful.
//!
//! In: both servers and their lints. Out: warnings and gaps. Must not know: files,
//! which items there are.

use super::context::{Context, server_name, text};
use super::pair::{FAR_APART, days, instant};
use super::tenants;
use super::unknown::has_bundle;
use crate::catalogue::{Catalogue, Row, Severity, ids};
use crate::model::{Configuration, Object, on_one_line};
use crate::report::{Finding, GapEntry, Warning};
use std::collections::BTreeSet;

/// Hours between an export and what somebody wrote down of the tenant: features of a tenant change seldom.
const FACTS_FAR_APART: i64 = 30 * 24;

/// Warnings about bundles and policies of the wizard.
pub fn warnings(context: &Context<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let sides = [context.left, context.right];
    let has = sides.map(|side| has_bundle(side, context.catalogue));
    for (with, without) in [(0, 1), (1, 0)] {
        if has[with] && !has[without] {
            let text = format!(
                "There is a bundle of the collector of {} but none of {}: scheduler, sign-in, host and identity were not \
                 compared. Run syncdrift export for both servers.",
                server_name(sides[with]),
                server_name(sides[without])
            );
            warnings.push(warning("bundle-on-one-side", text));
        }
    }
    warnings.extend(tenants::policies_apart(context.left, context.right));
    for server in sides {
        warnings.extend(notes(server));
        warnings.extend(old_policy(server));
        warnings.extend(tenants::foreign_policies(server));
        warnings.extend(other_day(server));
        warnings.extend(old_facts(context, server));
    }
    warnings
}

/// Servers that a cycle ran on while they were collected: it changes no settings.
pub fn unrest(context: &Context<'_>, lints: &[Finding]) -> Vec<Warning> {
    let cycles = lints
        .iter()
        .filter(|lint| row_of(context, lint).is_some_and(|row| row.unrest));
    let mut said = BTreeSet::new();
    let one = |lint: &Finding| {
        let server = lint.server.as_deref().unwrap_or_default();
        let text = format!(
            "{server} was not at rest when it was collected ({}). {}",
            lint.setting.to_lowercase(),
            lint.fix
        );
        said.insert(text.clone()).then(|| warning("server-not-at-rest", text))
    };
    cycles.filter_map(one).collect()
}

/// What makes all that is known of a server doubtful, so that no comparison with it can say that nothing differs: it
/// was changed while it was collected, or its bundle is of another computer than the export in it or contradicts it.
pub fn doubts<'f>(catalogue: &'static Catalogue, lints: impl IntoIterator<Item = &'f Finding>) -> Vec<GapEntry> {
    let mut gaps: Vec<GapEntry> = Vec::new();
    for lint in lints {
        if !casts_doubt(catalogue, lint) {
            continue;
        }
        let said = lint.primary.as_deref().or(lint.staging.as_deref()).unwrap_or_default();
        let place = lint.locations.first();
        let gap = GapEntry {
            server: lint.server.clone().unwrap_or_default(),
            part: "*".to_owned(),
            problem: format!(
                "{}{}: {said}. So what was read of the server need not be what it does. {}",
                lint.setting,
                of_which(catalogue, lint),
                lint.fix
            ),
            file: place.map(|place| place.file.clone()),
            line: place.map(|place| place.line),
            column: None,
        };
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps
}

/// Of which object a witness speaks, where it speaks of one among others.
fn of_which(catalogue: &'static Catalogue, lint: &Finding) -> String {
    let row = catalogue.row(&lint.id).filter(|row| row.witness_of.is_some());
    let kind = row.and_then(|row| catalogue.kind(&row.object));
    match kind.is_some_and(|kind| kind.repeats.is_some()) {
        true => format!(" of \"{}\"", on_one_line(&lint.object)),
        false => String::new(),
    }
}

/// Lints that are neither a gap nor a warning already; of one server over time those that both exports have only once.
pub fn told_once(context: &Context<'_>, mut lints: Vec<Finding>) -> Vec<Finding> {
    let unrest = |lint: &Finding| row_of(context, lint).is_some_and(|row| row.unrest);
    let mut said = BTreeSet::new();
    let mut again = |lint: &Finding| {
        let value = lint.primary.clone().or_else(|| lint.staging.clone());
        context.options.same_server && !said.insert((lint.fingerprint.clone(), value))
    };
    lints.retain(|lint| !casts_doubt(context.catalogue, lint) && !unrest(lint) && !again(lint));
    lints
}

/// Exports that their own bundles contradict: what was compared may be another server than the one that runs.
pub fn contradicted(context: &Context<'_>, lints: &[Finding]) -> Vec<Warning> {
    let warns = |lint: &&Finding| {
        let kind = row_of(context, lint).and_then(|row| context.catalogue.kind(&row.object));
        kind.is_some_and(|kind| kind.warns) && !casts_doubt(context.catalogue, lint)
    };
    let of = |server: &Configuration| {
        let name = server_name(server);
        let own = lints.iter().filter(|lint| lint.server.as_ref() == Some(&name));
        let said: BTreeSet<&str> = own.filter(warns).map(|lint| lint.setting.as_str()).collect();
        let said: Vec<&str> = said.into_iter().collect();
        (!said.is_empty()).then(|| {
            let text = format!(
                "The bundle of {name} contradicts the export in it ({}): what was compared need not be what the server does. \
                 Collect the server again while nobody changes it.",
                said.join("; ")
            );
            warning("bundle-contradicts-export", text)
        })
    };
    [context.left, context.right].into_iter().filter_map(of).collect()
}

fn casts_doubt(catalogue: &'static Catalogue, lint: &Finding) -> bool {
    let row = catalogue.row(&lint.id);
    let kind = row.and_then(|row| catalogue.kind(&row.object));
    row.is_some_and(|row| row.doubts) || kind.is_some_and(|kind| kind.warns && lint.severity >= Severity::High)
}

fn row_of(context: &Context<'_>, lint: &Finding) -> Option<&'static Row> {
    context.catalogue.row(&lint.id)
}

fn warning(id: &str, text: String) -> Warning {
    Warning {
        id: id.to_owned(),
        text,
    }
}

fn notes(server: &Configuration) -> Vec<Warning> {
    let name = server_name(server);
    let notes = &server.bundle;
    let list = |all: &[String], between: &str| all.join(between);
    let mut warnings = Vec::new();
    if !notes.modified.is_empty() {
        let text = format!(
            "The bundle of {name} is not as its collector wrote it, and is read all the same: {}.",
            list(&notes.modified, "; ")
        );
        warnings.push(warning("bundle-modified", text));
    }
    if !notes.unknown.is_empty() {
        let known: Vec<String> = notes.unknown.iter().map(|id| on_one_line(id)).collect();
        let text = format!(
            "The bundle of {name} holds items that this version does not know, and does not read: {}. A newer collector \
             made it; use the version it belongs to.",
            list(&known, ", ")
        );
        warnings.push(warning("bundle-item-unknown", text));
    }
    for problem in &notes.unread {
        let text = format!("Evidence of {name}, beside the settings that are compared, could not be read: {problem}.");
        warnings.push(warning("bundle-evidence-missing", text));
    }
    warnings
}

/// A bundle that was not made with the export in it.
fn other_day(server: &Configuration) -> Option<Warning> {
    let mut said = server
        .witnesses
        .iter()
        .map(|witness| witness.display(ids::BUNDLE_STARTED));
    let collected = said.find_map(|time| instant(&time))?;
    let exported = text(server, ids::EXPORT_DATE).and_then(|date| instant(&date))?;
    let hours = (collected.as_second() - exported.as_second()).abs() / 3_600;
    (hours >= FAR_APART).then(|| {
        let text = format!(
            "The bundle of {} was collected at {collected}, and the export in it was made at {exported}: they are {} apart, \
             so the one need not tell what the server was like at the time of the other. Collect the server again.",
            server_name(server),
            days(hours)
        );
        warning("bundle-of-another-day", text)
    })
}

/// Facts of the tenant of another time than the exports.
fn old_facts(context: &Context<'_>, server: &Configuration) -> Option<Warning> {
    let mut said = server
        .witnesses
        .iter()
        .map(|witness| witness.display(ids::TENANT_AS_OF));
    let told = said.find(|day| !day.trim().is_empty())?;
    let sides = [context.left, context.right].into_iter();
    let exported = sides.filter_map(|side| instant(&text(side, ids::EXPORT_DATE)?)).max()?;
    let hours = (instant(&told)?.as_second() - exported.as_second()).abs() / 3_600;
    (hours >= FACTS_FAR_APART).then(|| {
        let text = format!(
            "The facts of the tenant say that they are of {}, {} before or after the exports: they need not tell what the \
             tenant is like. Write the file again, with the right day in asOf.",
            told.trim(),
            days(hours)
        );
        warning("tenant-facts-of-another-time", text)
    })
}

/// A policy of the wizard that was written before a connector was changed.
fn old_policy(server: &Configuration) -> Vec<Warning> {
    let time = |object: &Object, row| instant(&object.display(row));
    let written = server.witnesses.iter();
    let Some(written) = written.filter_map(|witness| time(witness, ids::POLICY_TIME)).max() else {
        return Vec::new();
    };
    let changed = server.of_kind(ids::kinds::CONNECTOR);
    let Some(changed) = changed
        .filter_map(|(_, connector)| time(connector, ids::CONNECTOR_CHANGED))
        .max()
    else {
        return Vec::new();
    };
    if written >= changed {
        return Vec::new();
    }
    let text = format!(
        "The newest policy of the wizard of {} was written at {written}, before a connector was changed at {changed}: it need \
         not tell what the server does now. Export it again with the wizard, View or export current configuration.",
        server_name(server)
    );
    vec![warning("policy-older", text)]
}
