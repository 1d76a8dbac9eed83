//! What neither server has though every one needs it: to agree in that is no parity.
//!
//! In: pairs of what should hold it. Out: findings. Must not know: what it is,
//! the catalogue says so.

use super::context::{Context, Side};
use super::finding::{Drafts, values};
use crate::catalogue::ids;
use crate::report::ChangeKind;

/// Findings about what both servers lack.
pub fn judge(context: &Context<'_>, drafts: &mut Drafts) {
    for kind in context.catalogue.objects.iter().filter(|kind| kind.indispensable) {
        let holder = kind.parent.as_deref().unwrap_or_default();
        for pair in 0..context.comparison.pairs.all.len() {
            let whole = context.left(pair).zip(context.right(pair));
            let whole = whole.is_some_and(|(left, right)| left.kind == holder && !left.partial && !right.partial);
            let has = |side| {
                let mut all = context.configuration(side).of_kind(&kind.kind);
                all.next().is_some()
            };
            if !whole || has(Side::Primary) || has(Side::Staging) {
                continue;
            }
            let row = context.row(kind.presence.as_deref().unwrap_or(ids::UNCATALOGUED));
            let mut finding = context.finding(row, pair, &kind.title, &kind.kind);
            finding.change = ChangeKind::Equal;
            finding.values = values(None, None);
            finding.locations = context.places(pair);
            finding.consequences.push(format!(
                "Neither {} nor {} has it.",
                context.server_name(Side::Primary),
                context.server_name(Side::Staging)
            ));
            drafts.push(finding);
        }
    }
}
