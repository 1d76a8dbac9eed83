//! What became of each row of the catalogue.
//!
//! In: findings, gaps and how often each row was compared. Out: one line for
//! every row, none left out. Must not know: how findings came to be.

use super::context::{Context, Side, text};
use super::finding::Judged;
use super::{pair, unknown};
use crate::catalogue::{Row, Source, ids};
use crate::report::{Checked, CheckedStatus, Finding, Status, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that concern default rules only.
const OF_DEFAULT_RULES: [&str; 5] = [
    ids::DEFAULT_RULE_MISSING,
    ids::DEFAULT_RULE_MODIFIED,
    ids::DEFAULT_RULES_UPDATED,
    ids::RULE_CLONED_DEFAULT,
    ids::DEFAULT_RULE_TWIN,
];

/// What became of each row.
pub fn checked(context: &Context<'_>, findings: &[Finding], judged: &BTreeMap<&'static str, Judged>) -> Vec<Checked> {
    let found = Found::of(findings);
    let matched = Matched::of(context);
    let rows = context.catalogue.rows.iter();
    rows.map(|row| {
        let computed = judged.get(row.id.as_str());
        let objects = computed.map_or_else(|| matched.objects(context, row), |judged| judged.objects);
        let hidden = computed.is_some_and(|judged| judged.hidden) || hidden(context, row);
        Checked {
            id: Text::Borrowed(&row.id),
            area: Text::Borrowed(context.catalogue.area(row)),
            objects,
            status: found.status(row, objects, hidden, &matched),
        }
    })
    .collect()
}

/// Rows with findings.
struct Found<'f> {
    drift: BTreeSet<&'f str>,
    unknown: BTreeSet<&'f str>,
}

impl<'f> Found<'f> {
    fn of(findings: &'f [Finding]) -> Found<'f> {
        let mut found = Found {
            drift: BTreeSet::new(),
            unknown: BTreeSet::new(),
        };
        for finding in findings {
            if finding.status == Status::Unknown {
                found.unknown.insert(&finding.id);
            } else {
                found.drift.insert(&finding.id);
                found
                    .drift
                    .extend(finding.detail.iter().map(|detail| detail.id.as_ref()));
            }
        }
        found
    }

    fn status(&self, row: &'static Row, objects: usize, hidden: bool, matched: &Matched<'_>) -> CheckedStatus {
        let id = row.id.as_str();
        if self.drift.contains(id) {
            CheckedStatus::Drift
        } else if self.unknown.contains(id) || hidden {
            CheckedStatus::Unknown
        } else if objects > 0 {
            CheckedStatus::Equal
        } else if matched.unasked.contains(row.object.as_str()) {
            CheckedStatus::NotPresent
        } else if matched.somewhere.contains(id) {
            // Only objects that one server lacks have it: their finding stands for it.
            CheckedStatus::Drift
        } else {
            CheckedStatus::NotPresent
        }
    }
}

/// Whether a gap hides part of the answer.
fn hidden(context: &Context<'_>, row: &'static Row) -> bool {
    let hides = |kind: &str| {
        let mut sides = [Side::Primary, Side::Staging].into_iter();
        sides.any(|side| unknown::hides(context, side, kind))
    };
    match row.id.as_str() {
        ids::ENTRA_TENANT => hides(ids::kinds::CONNECTOR) || pair::tenant_is_unknown(context),
        ids::FOREST_ORDER => hides(ids::kinds::CONNECTOR),
        ids::EXPORTS_FAR_APART | ids::EXPORT_FROM_FUTURE => dates(context) < 2,
        // What could not be read may hold anything.
        ids::UNCATALOGUED => !context.gaps().is_empty(),
        _ => row.object != ids::kinds::PAIR && hides(&row.object),
    }
}

/// Servers whose export has a date.
fn dates(context: &Context<'_>) -> usize {
    let sides = [context.left, context.right].into_iter();
    sides.filter(|side| text(side, ids::EXPORT_DATE).is_some()).count()
}

/// Kinds of a bundle that one server was not asked for.
fn unasked<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let kinds = context.catalogue.objects.iter().map(|kind| kind.kind.as_str());
    let of_bundle = kinds.filter(|kind| unknown::of_bundle(context.catalogue, kind));
    let asked = |side, kind| unknown::was_asked(context, side, kind);
    of_bundle
        .filter(|kind| !asked(Side::Primary, kind) || !asked(Side::Staging, kind))
        .collect()
}

/// What both servers have.
struct Matched<'a> {
    kinds: BTreeMap<&'a str, usize>,
    default_rules: usize,
    forests: usize,
    /// Kinds of a bundle that one server was not asked for.
    unasked: BTreeSet<&'a str>,
    /// Rows of objects that are not on both servers, or not known whole.
    somewhere: BTreeSet<&'a str>,
}

impl<'a> Matched<'a> {
    fn of(context: &Context<'a>) -> Matched<'a> {
        let mut matched = Matched {
            kinds: BTreeMap::new(),
            default_rules: 0,
            forests: 0,
            unasked: unasked(context),
            somewhere: BTreeSet::new(),
        };
        for at in 0..context.comparison.pairs.all.len() {
            let sides = [context.left(at), context.right(at)];
            // Of whole objects on both servers every row was compared.
            if sides.iter().any(|side| side.is_none_or(|object| object.partial)) {
                let rows = sides.into_iter().flatten().flat_map(|object| object.settings.keys());
                matched.somewhere.extend(rows.map(|key| key.row));
            }
            let [Some(left), Some(_)] = sides else {
                continue;
            };
            *matched.kinds.entry(left.kind).or_default() += 1;
            let standard = context.rules(at).0.is_some_and(|rule| rule.standard);
            matched.default_rules += usize::from(standard);
            let forest = left.kind == ids::kinds::CONNECTOR && !left.canonical(ids::CONNECTOR_FOREST).is_empty();
            matched.forests += usize::from(forest);
        }
        matched
    }

    /// Objects in which a row was compared; of a row without a path, those it could say something of.
    fn objects(&self, context: &Context<'_>, row: &'static Row) -> usize {
        let id = row.id.as_str();
        let kind = |kind: &str| self.kinds.get(kind).copied().unwrap_or(0);
        let compared = context.comparison.compared.get(id).copied();
        match (compared, row.source) {
            (Some(objects), _) => objects,
            (None, None | Some(Source::Fallback)) => 0,
            (None, Some(Source::Presence | Source::Derived)) => match id {
                ids::CUSTOM_RULE_MISSING => kind(ids::kinds::RULE).saturating_sub(self.default_rules),
                ids::ENTRA_TENANT => usize::from(pair::tenant_is_known(context)),
                // One forest has no order.
                ids::FOREST_ORDER => Some(self.forests).filter(|forests| *forests > 1).unwrap_or(0),
                ids::EXPORTS_FAR_APART | ids::EXPORT_FROM_FUTURE => dates(context),
                ids::SCHEMA_NUMBERING => 0,
                _ if OF_DEFAULT_RULES.contains(&id) => self.default_rules,
                _ => kind(&row.object),
            },
        }
    }
}
