//! Faults of one server by itself.
//!
//! In: one server's rules and settings. Out: lints, in the shape of findings.
//! Must not know: the other server, except to hang a lint under the finding
//! that has the same cause.

mod collected;
mod defaults;
mod drafts;
mod expressions;
mod flows;
mod forests;
mod joins;
mod partitions;
mod repeated;
mod replaced;
mod rules;
mod schema;
mod server;
mod witness;

use super::context::{Context, Side};
use super::finding::{digest, values};
use crate::catalogue::ids;
use crate::model::{Configuration, ObjectIndex};
use crate::report::{ChangeKind, Finding, Status};
use crate::threads::both;
use drafts::Draft;

/// Lints of both servers, primary first.
///
/// A lint with the same cause as a finding hangs under that finding instead; what is the cause itself becomes one, and is
/// given apart as the lint that it was.
pub fn judge(context: &Context<'_>, findings: &mut Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
    let of = |side| (rules::reserved(context, side), drafts(context, side));
    let (left, right) = both(|| of(Side::Primary), || of(Side::Staging));
    let mut of_server = |side, reserved| {
        let mut lints = rules::duplicates(context, side, findings);
        lints.extend::<Vec<Finding>>(reserved);
        server::judge(context, side, findings, &mut lints);
        lints
    };
    let (mut lints, others) = (of_server(Side::Primary, left.0), of_server(Side::Staging, right.0));
    let settled = drafts::settle(context, left.1, right.1, findings);
    let [lefts, rights] = settled.lints;
    lints.extend(lefts);
    lints.extend(others);
    lints.extend(rights);
    (lints, settled.leading)
}

/// Faults that may have the same cause as a finding.
fn drafts(context: &Context<'_>, side: Side) -> Vec<Draft> {
    let mut drafts = Vec::new();
    expressions::judge(context, side, &mut drafts);
    joins::judge(context, side, &mut drafts);
    defaults::judge(context, side, &mut drafts);
    replaced::judge(context, side, &mut drafts);
    forests::judge(context, side, &mut drafts);
    flows::judge(context, side, &mut drafts);
    schema::judge(context, side, &mut drafts);
    partitions::judge(context, side, &mut drafts);
    witness::judge(context, side, &mut drafts);
    collected::judge(context, side, &mut drafts);
    drafts
}

/// Names in quotation marks, the ninth and following only counted.
fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const NAMES: usize = 8;
    let all: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = all.iter().take(NAMES).map(|name| format!("\"{name}\"")).collect();
    match all.len().saturating_sub(NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The object that stands for a server as a whole.
fn anchor(server: &Configuration) -> Option<ObjectIndex> {
    let global = server.of_kind(ids::kinds::GLOBAL).next();
    global
        .map(|(index, _)| index)
        .or((!server.objects.is_empty()).then_some(0))
}

/// A lint about an object of a side; `identity` tells it from other lints of the row on that server.
fn lint(
    context: &Context<'_>,
    id: &str,
    side: Side,
    object: ObjectIndex,
    (setting, value): (&str, String),
    identity: &[&str],
) -> Finding {
    let row = context.row(id);
    let server = context.server_name(side);
    let mut finding = context.finding(row, context.pair_of(side, object), setting, "");
    let mut parts: Vec<&str> = vec![&row.id, &server];
    parts.extend(identity);
    finding.fingerprint = digest(&parts);
    let object = &context.configuration(side).objects[object];
    // As this server calls it.
    finding.object.clone_from(&object.name);
    if let Some(last) = finding.object_path.last_mut() {
        last.clone_from(&object.name);
    }
    finding.change = ChangeKind::Equal;
    finding.status = Status::Lint;
    finding.matched_by = None;
    finding.values = values(Some(&value), None);
    match side {
        Side::Primary => finding.primary = Some(value),
        Side::Staging => finding.staging = Some(value),
    }
    finding.locations.extend(context.place(side, object.location));
    finding.server = Some(server);
    finding
}
