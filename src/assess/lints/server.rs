//! Faults of one server's settings: protection that is off.
//!
//! In: one server's objects. Out: lints. Must not know: formats.

use crate::assess::context::{Context, Side};
use crate::catalogue::ids;
use crate::model::{Object, ObjectIndex};
use crate::report::Finding;

/// Lints of a side's settings.
pub fn judge(context: &Context<'_>, side: Side, findings: &mut [Finding], lints: &mut Vec<Finding>) {
    let configuration = context.configuration(side);
    for (index, object) in configuration.of_kind(ids::kinds::GLOBAL) {
        threshold(context, side, (index, object), findings, lints);
    }
}

/// Without the threshold a mistake deletes without limit. Where the export does not say, nothing is claimed.
fn threshold(
    context: &Context<'_>,
    side: Side,
    (index, object): (ObjectIndex, &Object),
    findings: &mut [Finding],
    lints: &mut Vec<Finding>,
) {
    let (enabled, number) = (
        object.canonical(ids::DELETION_THRESHOLD),
        object.canonical(ids::DELETION_THRESHOLD_VALUE),
    );
    let (cause, value) = if enabled == "false" {
        (ids::DELETION_THRESHOLD, "off".to_owned())
    } else if number == "0" {
        (ids::DELETION_THRESHOLD_VALUE, "0 objects".to_owned())
    } else {
        return;
    };
    if let Some(finding) = findings.iter_mut().find(|finding| finding.id == cause) {
        let sentence = format!("On {} nothing limits deletions: {value}.", context.server_name(side));
        finding.consequences.push(sentence);
        return;
    }
    let title = &context.row(ids::DELETION_THRESHOLD_OFF).title;
    lints.push(super::lint(
        context,
        ids::DELETION_THRESHOLD_OFF,
        side,
        index,
        (title, value),
        &[],
    ));
}
