//! A net below all others: targets whose effective flow differs though no
//! setting that was judged explains it.
//!
//! In: both servers' contributions and the pairs of rules that some finding
//! speaks of. Out: a finding for each such target. Must not know: why.

use super::{Effects, distinct, target_name, texts};
use crate::assess::context::{Context, Side};
use crate::assess::finding::{Drafts, digest, values};
use crate::assess::unknown;
use crate::catalogue::ids;
use crate::derive::Contest;
use std::collections::BTreeSet;

/// Judges every target that none of the `explained` pairs of rules feeds.
pub fn judge(context: &Context<'_>, effects: &Effects<'_>, explained: &BTreeSet<usize>, drafts: &mut Drafts) {
    let hidden = unknown::rules_hidden(context);
    let (left, right) = (context.contests(Side::Primary), context.contests(Side::Staging));
    let targets: BTreeSet<&Contest> = left.keys().chain(right.keys()).collect();
    drafts.derived(ids::EFFECTIVE_FLOW, targets.len(), hidden);
    if hidden {
        return;
    }
    for target in targets {
        let (l, r) = (
            pairs(context, Side::Primary, target),
            pairs(context, Side::Staging, target),
        );
        let told = l.iter().chain(&r).any(|pair| explained.contains(pair));
        if l != r && !told && effects.differ_at(target) {
            push(context, effects, target, drafts);
        }
    }
}

/// Pairs of the rules that feed a target, in rank order.
fn pairs(context: &Context<'_>, side: Side, target: &Contest) -> Vec<usize> {
    let rules = context.contests(side).get(target).into_iter().flatten();
    rules
        .map(|&rule| context.pair_of(side, context.views(side)[rule].object))
        .collect()
}

fn push(context: &Context<'_>, effects: &Effects<'_>, target: &Contest, drafts: &mut Drafts) {
    let row = context.row(ids::EFFECTIVE_FLOW);
    let names = |side: Side| {
        let rules = context.contests(side).get(target).into_iter().flatten();
        let names: Vec<&str> = rules.map(|&rule| context.views(side)[rule].name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", then "))
    };
    let fed = |side: Side| Some(distinct(&texts(context, side, target)).join("\n"));
    let mut finding = context.pair_finding(row, names(Side::Primary), names(Side::Staging));
    finding.fingerprint = digest(&[&row.id, &target.connector, &target.object_type, &target.attribute]);
    finding.object = target_name(context, target);
    finding.object_path = match target.connector.as_str() {
        "" => vec![finding.object.clone()],
        connector => vec![context.connector_name(connector), finding.object.clone()],
    };
    finding.values = values(fed(Side::Primary).as_deref(), fed(Side::Staging).as_deref());
    finding.consequences.extend(effects.winner(target));
    drafts.push(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Options, rules};
    use crate::catalogue::Catalogue;
    use crate::diff::{self, Options as MatchOptions};
    use crate::intake::{self, Limits};
    use crate::model::Configuration;

    fn sample(name: &str) -> Configuration {
        let limits = Limits::default();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/");
        let read = intake::read(format!("{folder}{name}").as_ref(), &limits).unwrap();
        crate::normalise::normalise(read, Catalogue::builtin(), &limits)
    }

    #[test]
    fn a_flow_that_differs_is_found_even_where_no_change_was() {
        let (left, mut right) = (sample("primary"), sample("staging"));
        let catalogue = Catalogue::builtin();
        let mut comparison = diff::compare(&left, &mut right, catalogue, &MatchOptions::default()).unwrap();
        let options = Options::without_flags(false, 0, false);
        let found = |comparison: &diff::Comparison| {
            let context = Context::new(&left, &right, comparison, catalogue, &options);
            let mut drafts = Drafts::default();
            judge(&context, &Effects::of(&context), &rules::touched(&context), &mut drafts);
            drafts.findings
        };
        assert!(
            found(&comparison).len() <= 2,
            "only targets of rules that moved: their order is not asked here"
        );
        comparison.changes.clear();
        let blind = found(&comparison);
        let department = blind.iter().find(|finding| finding.object == "person.displayName");
        let sentence = department
            .map(|finding| finding.consequences.join(" "))
            .unwrap_or_default();
        assert!(sentence.contains("wins on SYNC01"), "{blind:#?}");
    }
}
