//! Changes × catalogue × versions → findings and a verdict.
//!
//! In: two configurations and their comparison. Out: a [`Report`]. Must not
//! know: any output format, files, the clock (the time is given).

mod accept;
mod accept_unused;
pub mod baseline;
mod brought;
mod bundle;
mod causes;
mod checked;
mod content;
mod context;
mod copies;
mod database;
mod deletion;
mod detail;
mod effect;
mod finding;
mod flows;
mod gathered;
mod glob;
pub mod header;
mod lacking;
mod lints;
mod order;
mod pair;
mod rules;
mod schema;
mod scope;
mod settings;
mod severity;
mod steps;
mod tenants;
mod twice;
mod unknown;
mod used;
mod verdict;
mod versions;
mod views;

pub use accept::keep_unused_everywhere;
pub use glob::Glob;
pub use pair::{WrongPair, wrong_pair};
pub use verdict::{Outcome, outcome, summary};

use crate::catalogue::{Catalogue, Severity};
use crate::diff::{Comparison, Options as MatchOptions, matching::MatchingError};
use crate::model::Configuration;
use crate::report::{self, Report};
use crate::settings::Accepted;
use crate::threads::both;
use context::Context;

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Least severity that makes the exit code 1.
    pub fail_on: Severity,
    /// Two exports of one server.
    pub same_server: bool,
    /// Drift does not change the exit code.
    pub exit_zero: bool,
    /// `--map-connector`.
    pub matching: MatchOptions,
    /// Drift that its owners accept.
    pub accepted: Option<Accepted>,
    /// Name of the pair in the user's configuration, where there is one.
    pub pair: Option<String>,
    /// The time of the report, as Unix seconds.
    pub now: i64,
    /// Whether the user sets that time, so that it need not be today.
    pub now_is_set: bool,
}

impl Options {
    /// What is asked for where nobody says more; `now` as Unix seconds.
    pub fn without_flags(same_server: bool, now: i64, now_is_set: bool) -> Options {
        Options {
            fail_on: Severity::Low,
            same_server,
            exit_zero: false,
            matching: MatchOptions::default(),
            accepted: None,
            pair: None,
            now,
            now_is_set,
        }
    }
}

/// Compares and judges two servers.
///
/// # Errors
/// A `--map-connector` that names no connector.
pub fn assess(
    primary: &Configuration,
    staging: &mut Configuration,
    catalogue: &'static Catalogue,
    options: &Options,
) -> Result<Report, MatchingError> {
    let comparison = crate::diff::compare(primary, staging, catalogue, &options.matching)?;
    let report = judge(primary, staging, &comparison, catalogue, options);
    crate::threads::give_up(comparison);
    Ok(report)
}

/// Faults of a server by itself.
///
/// A server has the faults that it shares with its twin: both are judged, and those of one are kept.
///
/// # Errors
/// Never: no connector is mapped.
pub fn lints(
    server: &Configuration,
    catalogue: &'static Catalogue,
    now: i64,
) -> Result<Vec<report::Finding>, MatchingError> {
    let options = Options::without_flags(true, now, false);
    let mut twin = server.clone();
    let comparison = crate::diff::compare(server, &mut twin, catalogue, &options.matching)?;
    let context = Context::new(server, &twin, &comparison, catalogue, &options);
    let (mut lints, _) = lints::judge(&context, &mut Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    lints.retain(|lint| lint.primary.is_some() && seen.insert(lint.fingerprint.clone()));
    Ok(lints)
}

/// What makes all that is known of a server doubtful; only a bundle tells such things.
///
/// # Errors
/// Never: no connector is mapped.
pub fn doubts(
    server: &Configuration,
    catalogue: &'static Catalogue,
    now: i64,
) -> Result<Vec<report::GapEntry>, MatchingError> {
    match server.witnesses.is_empty() {
        true => Ok(Vec::new()),
        false => Ok(bundle::doubts(catalogue, &lints(server, catalogue, now)?)),
    }
}

fn judge(
    primary: &Configuration,
    staging: &Configuration,
    comparison: &Comparison,
    catalogue: &'static Catalogue,
    options: &Options,
) -> Report {
    let context = Context::new(primary, staging, comparison, catalogue, options);
    let mut drafts = finding::Drafts::default();
    let mut versions = versions::judge(&context, &mut drafts);
    let hidden = unknown::judge(&context, &mut drafts);
    let effects = flows::Effects::of(&context);
    let ordered = bodies_and_order(&context, &mut versions, &effects, &hidden, &mut drafts);
    // Last of those that look at rules: it hangs sentences under their findings.
    deletion::judge(&context, &versions, &hidden, &mut drafts);
    pair::judge(&context, &mut drafts);
    versions.finish(&context, &mut drafts);
    let (lints, leading) = lints::judge(&context, &mut drafts.findings);
    let judged = std::mem::take(&mut drafts.judged);
    let (mut findings, expected) = drafts.finish();
    let unused_acceptances = accept::judge(&context, &mut findings, &expected, &lints);
    let checked = checked::checked(&context, &findings, &judged);
    let summary = verdict::summary(&findings, &expected);
    let mut gaps = context.gaps();
    gaps.extend(bundle::doubts(catalogue, lints.iter().chain(&leading)));
    let (warnings, views) = both(
        || warnings(&context, &lints),
        || views::views(&context, &effects, &ordered, &findings),
    );
    let lints = bundle::told_once(&context, lints);
    Report {
        schema: report::SCHEMA.to_owned(),
        tool: header::tool(),
        options: report::Options {
            fail_on: options.fail_on,
            same_server: options.same_server,
            exit_zero: options.exit_zero,
            redact: false,
            accept: options.accepted.as_ref().map(|accepted| report::File {
                path: accepted.file.clone(),
                sha256: accepted.sha256.clone(),
            }),
            map_connector: options
                .matching
                .connectors
                .iter()
                .map(|(primary, staging)| format!("{primary}={staging}"))
                .collect(),
        },
        generated: header::generated(options.now),
        primary: header::server(primary),
        staging: header::server(staging),
        verdict: verdict::verdict(&findings, &gaps),
        ledger: verdict::ledger(primary, staging),
        summary,
        findings,
        expected,
        warnings,
        lints,
        gaps,
        checked,
        unused_acceptances,
        baseline: None,
        views,
    }
}

/// What to say about the comparison, each thing once: two exports of one server have much in common.
fn warnings(context: &Context<'_>, lints: &[report::Finding]) -> Vec<report::Warning> {
    let mut all = pair::warnings(context);
    all.extend(bundle::warnings(context));
    all.extend(bundle::unrest(context, lints));
    all.extend(bundle::contradicted(context, lints));
    let mut said = std::collections::HashSet::new();
    all.retain(|warning| said.insert((warning.id.clone(), warning.text.clone())));
    all
}

/// What rules say, and at the same time their order and all other settings: neither asks the other.
fn bodies_and_order(
    context: &Context<'_>,
    versions: &mut versions::Versions,
    effects: &flows::Effects<'_>,
    hidden: &unknown::Hidden,
    drafts: &mut finding::Drafts,
) -> order::Ordered {
    let told = versions.fresh();
    // Each is moved to its thread: what was told is not shared.
    let (own, bodies) = (&mut *versions, &mut *drafts);
    let ((), (ordered, told, others)) = both(
        move || rules::judge(context, own, effects, hidden, bodies),
        move || {
            let mut drafts = finding::Drafts::default();
            let mut ordered = order::judge(context, &told, effects, &mut drafts);
            ordered.explained.extend(rules::touched(context));
            flows::judge(context, effects, &ordered.explained, &mut drafts);
            settings::judge(context, &told, hidden, &mut drafts);
            scope::judge(context, &told, &mut drafts);
            (ordered, told, drafts)
        },
    );
    versions.join(told);
    drafts.join(others);
    ordered
}
