//! Faults of one server by itself.
//!
//! In: one server's rules and settings. Out: lints, in the shape of findings.
//! Must not know: the other server, except to hang a lint under the finding
//! that has the same cause.

mod defaults;
mod drafts;
mod expressions;
mod flows;
mod forests;
mod joins;
mod partitions;
mod replaced;
mod rules;
mod schema;
mod server;
mod witness;

use super::context::{Context, Side};
use super::finding::{digest, values};
use crate::model::ObjectIndex;
use crate::report::{ChangeKind, Finding, Status};
use drafts::Draft;

/// Lints of both servers, primary first.
///
/// A lint with the same cause as a finding hangs under that finding instead.
pub fn judge(context: &Context<'_>, findings: &mut [Finding]) -> Vec<Finding> {
    let mut known = expressions::Known::default();
    let [(mut left, lefts), (right, rights)] = [Side::Primary, Side::Staging].map(|side| {
        let mut lints = Vec::new();
        rules::judge(context, side, findings, &mut lints);
        server::judge(context, side, findings, &mut lints);
        (lints, drafts(context, side, &mut known))
    });
    let [lefts, rights] = drafts::settle(context, lefts, rights, findings);
    left.extend(lefts);
    left.extend(right);
    left.extend(rights);
    left
}

/// Faults that may have the same cause as a finding.
fn drafts<'a>(context: &'a Context<'_>, side: Side, known: &mut expressions::Known<'a>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    expressions::judge(context, side, known, &mut drafts);
    joins::judge(context, side, &mut drafts);
    defaults::judge(context, side, &mut drafts);
    replaced::judge(context, side, &mut drafts);
    forests::judge(context, side, &mut drafts);
    flows::judge(context, side, &mut drafts);
    schema::judge(context, side, &mut drafts);
    partitions::judge(context, side, &mut drafts);
    witness::judge(context, side, &mut drafts);
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
