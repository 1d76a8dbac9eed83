//! Three-way: who moved away from the approved state.
//!
//! In: a finished report of two servers, and each server's comparison with its
//! approved state. Out: the report with who moved on every finding, and the
//! departures that are no drift between the two. Verdict, counts and lints stay
//! as they are. Must not know: where approved states come from.
//!
//! Nothing is guessed: without evidence a finding says that nobody can tell.

mod evidence;
mod words;

use super::{Options, assess};
use super::{header, tenants};
use crate::catalogue::{Catalogue, ids};
use crate::diff::matching::MatchingError;
use crate::model::{Configuration, ObjectIndex, fold_guid, on_one_line};
use crate::report::{self, ChangeKind, Finding, GapEntry, MovedBy, Report, Status, Warning};
use evidence::{Judged, Moves};
use std::collections::BTreeSet;

/// An approved state that cannot stand for these servers.
#[derive(Debug, thiserror::Error)]
pub enum WrongBaseline {
    /// Another tenant's.
    #[error(
        "--baseline {}: it belongs to the tenant {approved}, and {server} to {tenant}; name the approved state of this pair",
        on_one_line(baseline)
    )]
    Tenant {
        /// Where the approved state was read.
        baseline: String,
        /// Its tenant.
        approved: String,
        /// The server.
        server: String,
        /// The server's tenant.
        tenant: String,
    },
    /// Another pair's.
    #[error(
        "--baseline {}: it is of the server {approved}, which is none of those compared ({servers}); name the approved \
         state of one of them",
        on_one_line(baseline)
    )]
    Server {
        /// Where the approved state was read.
        baseline: String,
        /// Its server.
        approved: String,
        /// Those compared.
        servers: String,
    },
}

/// Refuses the approved state of another tenant.
///
/// # Errors
/// Both tenants are known, and they differ.
pub fn wrong_tenant(approved: &Configuration, server: &Configuration) -> Result<(), WrongBaseline> {
    match tenants::witness(approved, server) {
        Some((left, right)) if !left.eq_ignore_ascii_case(&right) => Err(WrongBaseline::Tenant {
            baseline: approved.source.clone(),
            approved: left,
            server: header::server(server).server,
            tenant: right,
        }),
        _ => Ok(()),
    }
}

/// Refuses the approved state of a server that is none of those compared.
///
/// # Errors
/// All names are known, and it is none of them.
pub fn wrong_server(approved: &Configuration, servers: &[&Configuration]) -> Result<(), WrongBaseline> {
    let name = |configuration: &Configuration| super::context::text(configuration, ids::SERVER_NAME);
    let names: Option<Vec<String>> = servers.iter().map(|server| name(server)).collect();
    match (name(approved), names) {
        (Some(own), Some(names)) if !names.iter().any(|name| name.eq_ignore_ascii_case(&own)) => {
            Err(WrongBaseline::Server {
                baseline: approved.source.clone(),
                approved: own,
                servers: names.join(", "),
            })
        }
        _ => Ok(()),
    }
}

/// Whether both are one server: by its name, else by identifiers that no two servers share.
pub fn same_server(left: &Configuration, right: &Configuration, catalogue: &Catalogue) -> bool {
    let name = |configuration: &Configuration| super::context::text(configuration, ids::SERVER_NAME);
    if let (Some(left), Some(right)) = (name(left), name(right)) {
        return left.eq_ignore_ascii_case(&right);
    }
    let guids = |configuration: &Configuration| -> BTreeSet<String> {
        let connectors = configuration.of_kind(ids::kinds::CONNECTOR);
        let guids = connectors.map(|(_, connector): (ObjectIndex, _)| connector.display(ids::CONNECTOR_IDENTIFIER));
        let own = guids.map(|guid| fold_guid(&guid));
        own.filter(|guid| !guid.is_empty() && *guid != catalogue.facts.entra_connector_id)
            .collect()
    };
    !guids(left).is_disjoint(&guids(right))
}

/// One server held against its approved state.
#[derive(Debug)]
pub struct Departure {
    report: Report,
    /// Whether the approved state is of this server.
    own: bool,
    /// Gaps of the approved state.
    gaps: Vec<GapEntry>,
    /// Settings that the approved state holds without their secrets: row, and name of the object.
    withheld: BTreeSet<(&'static str, String)>,
}

/// Holds a server against its approved state. Its connectors get the keys of that state.
///
/// # Errors
/// Never: connectors that are not there are not mapped.
pub fn departure(
    approved: &Configuration,
    server: &mut Configuration,
    same_server: bool,
    catalogue: &'static Catalogue,
    options: &Options,
) -> Result<Departure, MatchingError> {
    let objects = approved.objects.iter();
    let withheld = objects.flat_map(|object| {
        let settings = object.settings.iter().filter(|(_, setting)| setting.is_withheld());
        settings.map(|(key, _)| (key.row, evidence::folded(&object.name)))
    });
    let withheld = withheld.collect();
    let report = compared(approved, server, same_server, catalogue, options)?;
    Ok(Departure {
        report,
        own: same_server,
        gaps: header::gaps(approved),
        withheld,
    })
}

/// Two approved states compared: the drift that was approved.
///
/// # Errors
/// Never: connectors that are not there are not mapped.
pub fn compared(
    left: &Configuration,
    right: &mut Configuration,
    same_server: bool,
    catalogue: &'static Catalogue,
    options: &Options,
) -> Result<Report, MatchingError> {
    let mut options = Options {
        same_server,
        accepted: None,
        pair: None,
        ..options.clone()
    };
    options.matching.connectors = mapped(left, right, &options.matching.connectors);
    assess(left, right, catalogue, &options)
}

/// Of the user's pairs of connectors those that are here, whichever side they are on.
fn mapped(left: &Configuration, right: &Configuration, pairs: &[(String, String)]) -> Vec<(String, String)> {
    let has = |configuration: &Configuration, name: &str| {
        let mut connectors = configuration.of_kind(ids::kinds::CONNECTOR);
        connectors.any(|(_, connector)| connector.name.eq_ignore_ascii_case(name))
    };
    let here = |(a, b): &(String, String)| match (has(left, a) && has(right, b), has(left, b) && has(right, a)) {
        (true, _) => Some((a.clone(), b.clone())),
        (false, true) => Some((b.clone(), a.clone())),
        (false, false) => None,
    };
    pairs.iter().filter_map(here).collect()
}

/// Says on every finding who moved. `agreed` compares the two approved states; none where they are one.
pub fn blame(
    report: &mut Report,
    primary: &Departure,
    staging: &Departure,
    agreed: Option<&Report>,
    catalogue: &'static Catalogue,
) {
    let names = [report.primary.server.clone(), report.staging.server.clone()];
    let mut moves = [Moves::of(primary, catalogue), Moves::of(staging, catalogue)];
    let renames = evidence::Renames::of(report);
    let mut judged: Vec<Option<Judged>> = report
        .findings
        .iter()
        .map(|finding| {
            (finding.status != Status::Unknown).then(|| evidence::judge(finding, &renames, &mut moves, agreed))
        })
        .collect();
    evidence::share(&report.findings, &mut judged, &mut moves);
    let mut unknown = 0;
    for (finding, judged) in report.findings.iter_mut().zip(judged) {
        let Some(judged) = judged else { continue };
        let approved = [0, 1].map(|side: usize| moves[side].approved(finding));
        let held = [finding.primary.as_deref(), finding.staging.as_deref()];
        finding.approved_value = words::approved(approved, held, &names);
        match judged {
            Judged::Moved(by) => finding.moved_by = Some(by),
            Judged::Neither => finding.in_baseline = true,
            Judged::Hidden | Judged::Unseen => unknown += 1,
        }
        let must_differ = finding.change == ChangeKind::Equal;
        finding.fix = words::fix(judged, must_differ, &names, &finding.fix).into();
    }
    let moved = departures(report, &moves, &names, agreed);
    let gaps = gaps(primary, staging);
    report.warnings.extend(words::gaps(&gaps, unknown));
    report.warnings.extend(words::departures(&moved, &names));
    report.warnings.extend(newer(&[
        (&primary.report.primary, &report.primary),
        (&staging.report.primary, &report.staging),
    ]));
    report.baseline = Some(report::Baseline {
        primary: primary.report.primary.clone(),
        staging: staging.report.primary.clone(),
        moved,
        gaps,
    });
}

/// Gaps of both approved states, each once.
fn gaps(primary: &Departure, staging: &Departure) -> Vec<GapEntry> {
    let mut gaps = primary.gaps.clone();
    let others = staging.gaps.iter().filter(|gap| !primary.gaps.contains(gap));
    gaps.extend(others.cloned());
    gaps
}

/// What departed from the approved state and is no drift between the two servers.
fn departures(report: &Report, moves: &[Moves<'_>; 2], names: &[String; 2], agreed: Option<&Report>) -> Vec<Finding> {
    let drift: BTreeSet<&str> = report
        .findings
        .iter()
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    let [primary, staging] = moves;
    let open = |side: &Moves<'_>| -> Vec<Finding> {
        let own = side.unused().map(|(_, finding)| finding);
        own.filter(|finding| !drift.contains(&*finding.fingerprint))
            .cloned()
            .collect()
    };
    let mut others = open(staging);
    let mut all = Vec::new();
    let mut add = |mut finding: Finding, by: MovedBy| {
        // What the approved states differed in, and the servers no longer do.
        let mut differed = agreed.into_iter().flat_map(|agreed| &agreed.findings);
        let healed = differed.any(|other| other.fingerprint == finding.fingerprint);
        finding.setting = words::since(&finding);
        finding.fix = words::departed(by, healed, names).into();
        finding.moved_by = Some(by);
        finding.status = Status::Departure;
        all.push(finding);
    };
    for finding in open(primary) {
        let same = others.iter().position(|other| evidence::alike(&finding, other));
        let by = match same {
            Some(at) => {
                others.remove(at);
                MovedBy::Both
            }
            None => MovedBy::Primary,
        };
        add(finding, by);
    }
    others.into_iter().for_each(|finding| add(finding, MovedBy::Staging));
    all
}

/// Approved states that are younger than what is held against them: old exports are no departure.
fn newer(states: &[(&report::Server, &report::Server)]) -> Option<Warning> {
    let time = |server: &report::Server| server.exported.as_deref()?.parse::<jiff::Timestamp>().ok();
    let newer = states
        .iter()
        .filter(|(approved, server)| time(approved) > time(server) && time(server).is_some());
    words::newer(&newer.map(|(_, server)| server.server.as_str()).collect::<BTreeSet<_>>())
}

/// A warning by its id.
fn warning(id: &str, text: String) -> Warning {
    Warning {
        id: id.to_owned(),
        text,
    }
}
