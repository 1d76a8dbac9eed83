//! Settings of everything that is no rule, by parity class.
//!
//! In: changes. Out: findings and expected differences. Must not know: any
//! particular setting, and what lists of containers mean together (`scope`).

use super::causes::Causes;
use super::context::{Context, Side, called};
use super::copies::{self, Copies, Disagree, Role};
use super::finding::{Drafts, change, values};
use super::gathered::Gathered;
use super::glob::Glob;
use super::steps::Follower;
use super::unknown::Hidden;
use super::versions::Versions;
use super::{brought, database, detail, lacking, schema, scope, severity, steps, twice, used};
use crate::catalogue::{Class, Row, ValueKind, ids};
use crate::diff::{Change, SettingChange};
use crate::model::{Object, Sameness, SettingKey, Value};
use crate::normalise::EMBEDDED;
use crate::report::{ChangeKind, Finding, Status, Text};
use std::collections::BTreeSet;

/// What a spelling difference without a reason of its own is called.
const EQUIVALENT: &str = "Written differently, but it means the same.";

/// Why a copy may be missing.
const SAID_BY_ORIGINAL: &str = "One server says it only in its export, where it is compared.";

/// Judges every object that is no rule and no flow.
pub fn judge(context: &Context<'_>, versions: &Versions, hidden: &Hidden, drafts: &mut Drafts) {
    let mut gathered = Gathered::default();
    let mut followers = Vec::new();
    let mut causes = Causes::default();
    for change in &context.comparison.changes {
        match change {
            Change::Presence { pair } if !of_a_rule(context, *pair) && !hidden.covers(*pair) => {
                let kind = context.catalogue.kind(context.kind(*pair));
                match (
                    kind.and_then(|kind| kind.gathered.as_deref()),
                    steps::follower(context, *pair),
                ) {
                    (Some(row), _) => gathered.add(row, *pair),
                    (None, Some(follower)) => followers.push(follower),
                    (None, None) => {
                        let finding = presence(context, versions, *pair);
                        drafts.extend(finding.and_then(|finding| causes.take(context, *pair, None, finding)));
                    }
                }
            }
            Change::Settings { pair, settings } if !of_a_rule(context, *pair) => {
                let held = (&mut followers, &mut causes);
                all_settings(context, versions, *pair, settings, held, drafts);
            }
            Change::Reordered { pair, kind } => steps::reordered(context, versions, *pair, kind, drafts),
            _ => {}
        }
    }
    steps::hang(context, versions, &followers, drafts);
    gathered.judge(context, versions, drafts);
    if !context.options.same_server {
        equal_where_it_must_differ(context, versions, &mut causes, drafts);
        database::shared(context, drafts);
        lacking::judge(context, drafts);
    }
    causes.judge(drafts);
}

fn of_a_rule(context: &Context<'_>, pair: usize) -> bool {
    matches!(context.kind(pair), ids::kinds::RULE | ids::kinds::FLOW)
}

/// The settings of one object that differ.
fn all_settings(
    context: &Context<'_>,
    versions: &Versions,
    pair: usize,
    settings: &[SettingChange],
    (followers, causes): (&mut Vec<Follower>, &mut Causes),
    drafts: &mut Drafts,
) {
    let copies = Copies::of(context, pair, settings);
    for change in settings
        .iter()
        .filter(|change| scope::list_of(change.key.row).is_none())
    {
        let whole = || setting(context, versions, pair, change);
        let row = context.row(change.key.row);
        match copies.role(&change.key) {
            _ if row.value == Some(ValueKind::Schema)
                && change.sameness == Sameness::Different
                && schema::judge(context, versions, pair, &change.key, drafts) => {}
            Role::Folded => {}
            Role::Alone if let Some(follower) = steps::dangling(context, pair, &change.key) => followers.push(follower),
            Role::Alone => drafts.extend(causes.take(context, pair, Some(&change.key), whole())),
            Role::First { parts, disagree } => {
                let mut finding = whole();
                finding.detail.extend(parts);
                if let Some(disagree) = disagree {
                    contradicted(&mut finding, row, disagree);
                }
                drafts.push(finding);
            }
        }
    }
}

/// One server has two values. That two servers have accounts or roles of their own does not explain it.
fn contradicted(finding: &mut Finding, row: &'static Row, disagree: Disagree) {
    finding.consequences.push(disagree.sentence);
    if !matches!(row.class, Class::Policy | Class::OneActive | Class::Info) {
        return;
    }
    finding.status = Status::Drift;
    finding.reason = None;
    let Some((side, copy, says)) = disagree.copy else {
        return;
    };
    // What is wrong is not that the servers differ.
    finding.why = Text::Borrowed(&copy.why);
    finding.fix = Text::Borrowed(&copy.fix);
    finding.reference = Text::Borrowed(&copy.reference);
    let value = match side {
        Side::Primary => &mut finding.primary,
        Side::Staging => &mut finding.staging,
    };
    let export = value.take().unwrap_or_default();
    *value = Some(format!("{export} ({} says {says})", copy.title));
}

/// An object on one server only.
pub fn presence(context: &Context<'_>, versions: &Versions, pair: usize) -> Option<Finding> {
    let kind = context.catalogue.kind(context.kind(pair))?;
    let row = context.row(kind.presence.as_deref().unwrap_or(ids::UNCATALOGUED));
    let title = if kind.presence.is_some() {
        &row.title
    } else {
        &kind.title
    };
    let mut finding = context.finding(row, pair, title, "");
    let (left, right) = (context.left(pair), context.right(pair));
    finding.primary = left.map(whole_name);
    finding.staging = right.map(whole_name);
    finding.change = change(left.is_some(), right.is_some());
    let held = context.contents(pair);
    finding.values = values(held.0.as_deref(), held.1.as_deref());
    finding.severity = severity::of(context, versions, row, pair);
    finding.locations = context.places(pair);
    if kind.kind == ids::kinds::CONNECTOR {
        finding.consequences.extend(contents(context, pair));
        if let Some(sentence) = twice::connector(context, pair) {
            finding.status = Status::Unknown;
            finding.consequences.push(sentence);
        }
    }
    let things = used::things(context, row, pair, None);
    finding.consequences.extend(used::sentences(context, &things));
    let lacking = context.lacking(pair);
    let unexplained = things
        .iter()
        .any(|(_, thing)| used::beyond_builds(context, thing, lacking));
    if !unexplained {
        by_class(context, versions, &mut finding, row, pair, Sameness::Different);
    }
    Some(finding)
}

/// A connector may be called otherwise than its forest.
fn whole_name(object: &Object) -> String {
    let forest = object.display(ids::CONNECTOR_FOREST);
    match called(object) {
        name if forest.is_empty() || name.eq_ignore_ascii_case(&forest) => name,
        name => format!("{name} (forest {forest})"),
    }
}

/// What a connector on one server only takes with it.
fn contents(context: &Context<'_>, pair: usize) -> Option<String> {
    let side = context.lacking(pair).other();
    let key = &context.object(pair)?.key;
    let rules = context.views(side).iter().filter(|rule| rule.connector == *key).count();
    (rules > 0).then(|| {
        format!(
            "Its {rules} synchronization rules, its partitions and its run profiles exist only on {}, too.",
            context.server_name(side)
        )
    })
}

/// A setting that differs, judged by its row alone.
pub fn setting(context: &Context<'_>, versions: &Versions, pair: usize, change: &SettingChange) -> Finding {
    let row = context.row(change.key.row);
    let mut finding = context.setting_finding(row, pair, &change.key);
    let value = |side| context.setting(pair, side, &change.key).map(|setting| &setting.value);
    finding.detail = detail::of(row, value(Side::Primary), value(Side::Staging));
    finding.severity = severity::of_setting(context, versions, row, pair, Some(&change.key));
    if row.value == Some(ValueKind::Schema) {
        finding.severity = severity::of_used(context, versions, row, pair, schema::in_use(context, pair));
    }
    let things = used::things(context, row, pair, Some(&change.key));
    finding.consequences.extend(used::sentences(context, &things));
    if copies::said_by_original(context, row, pair, &change.key) {
        expect(&mut finding, SAID_BY_ORIGINAL);
        return finding;
    }
    if let Some(other) = goes_with(context, row, pair, &change.key) {
        expect(
            &mut finding,
            format!("It goes with \"{}\", which differs.", other.title),
        );
        return finding;
    }
    match row.lacking.filter(|_| is_one_sided(context, pair, &change.key)) {
        Some(severity) => finding.severity = severity,
        None => by_class(context, versions, &mut finding, row, pair, change.sameness),
    }
    if change.sameness == Sameness::Equivalent
        && let Some(reason) = resolved_identifier(value(Side::Primary), value(Side::Staging))
    {
        expect(&mut finding, reason);
    }
    if row.id == ids::SCHEMA_NUMBERING {
        count_places(&mut finding);
    }
    finding
}

/// The other setting for which one server lacks this one.
fn goes_with(context: &Context<'_>, row: &'static Row, pair: usize, key: &SettingKey) -> Option<&'static Row> {
    let other = context.row(row.goes_with.as_deref()?);
    let value = |side| {
        let setting = context.setting(pair, side, &SettingKey::row(other.id.as_str()));
        setting.map(|setting| setting.value.canonical())
    };
    let differs = value(Side::Primary) != value(Side::Staging);
    (differs && is_one_sided(context, pair, key)).then_some(other)
}

/// Whether only one server has a value that says something.
fn is_one_sided(context: &Context<'_>, pair: usize, key: &SettingKey) -> bool {
    let [left, right] = [Side::Primary, Side::Staging].map(|side| {
        let setting = context.setting(pair, side, key);
        setting.is_some_and(|setting| !setting.value.canonical().is_empty())
    });
    left != right
}

/// Thousands of numbers that mean nothing are counted, not listed.
fn count_places(finding: &mut Finding) {
    let removed = finding.detail.iter().filter(|part| part.primary.is_some()).count();
    let added = finding.detail.len() - removed;
    finding.detail.clear();
    if let Some(reason) = &mut finding.reason {
        let words = match removed.max(added) {
            1 => "1 place differs".to_owned(),
            count => format!("{count} places differ"),
        };
        reason.to_mut().push_str(&format!(" {words}."));
    }
}

/// The class that holds for a pair: a row may be special to one connector only.
fn class(context: &Context<'_>, row: &'static Row, pair: usize) -> Class {
    let elsewhere = row
        .only
        .as_deref()
        .is_some_and(|key| context.root(pair).is_none_or(|root| root.key != key));
    let excepted = row.except.iter().map(|like| Glob::new(like)).any(|like| {
        let mut objects = [context.root(pair), context.object(pair)].into_iter().flatten();
        objects.any(|object| like.matches(&object.key))
    });
    if elsewhere || excepted {
        Class::Policy
    } else {
        row.class
    }
}

/// What becomes of a difference by its parity class.
pub fn by_class(
    context: &Context<'_>,
    versions: &Versions,
    finding: &mut Finding,
    row: &'static Row,
    pair: usize,
    sameness: Sameness,
) {
    match class(context, row, pair) {
        _ if sameness == Sameness::Equivalent => settle(finding, row, sameness),
        Class::Policy if context.options.same_server => expect(
            finding,
            "One server over time: it changed between the two exports, and the owner decides whether it may.",
        ),
        Class::Info | Class::Noise if context.options.same_server => {
            expect(finding, "One server over time: what changed is shown, not judged.")
        }
        Class::Policy => expect(finding, row.reason.as_deref().unwrap_or("The owner decides.")),
        Class::OneActive | Class::MustDiffer if context.options.same_server => {
            expect(
                finding,
                "One server over time: what two servers must not share is shown, not judged.",
            );
        }
        Class::OneActive | Class::MustDiffer if finding.primary.is_none() || finding.staging.is_none() => {
            expect(finding, "Only one server has it, so they do not share it.");
        }
        Class::OneActive | Class::MustDiffer => {
            expect(finding, "It must differ between the two servers, and it does.");
        }
        // The builds themselves are one finding of their own.
        Class::Version if row.id == ids::SERVER_BUILD && !versions.differ() => {
            finding.status = Status::Unknown;
            finding
                .consequences
                .push("The build of one server is not known, so nobody can tell what it explains.".to_owned());
        }
        Class::Version if row.id == ids::SERVER_BUILD => {
            expect(finding, "Reported once, as the difference of builds.");
        }
        Class::Version if row.explains_absence_only && finding.primary.is_some() && finding.staging.is_some() => {}
        Class::Version if versions.differ() && brought::explains(context, versions, finding, row, pair) => {
            let reason = format!("Explained by the difference of builds ({}).", versions.words());
            expect(finding, reason);
        }
        _ => settle(finding, row, sameness),
    }
}

/// Why two spellings mean the same, when that is an identifier that was resolved.
pub fn resolved_identifier(left: Option<&Value>, right: Option<&Value>) -> Option<&'static str> {
    let embedded = |value: Option<&Value>| value.is_some_and(|value| value.canonical().contains(EMBEDDED.0));
    (embedded(left) && embedded(right)).then_some("The identifier is compared as the object it names.")
}

/// Moves a finding to the expected ones where its class or its meaning says so.
pub fn settle(finding: &mut Finding, row: &'static Row, sameness: Sameness) {
    if sameness == Sameness::Equivalent || matches!(row.class, Class::Noise | Class::Info | Class::Policy) {
        // Why a missing flag is equal does not explain one that is spelt otherwise.
        let spelt = row.value == Some(ValueKind::Flag) && finding.primary.is_some() && finding.staging.is_some();
        // Nor does why some objects are excepted.
        let reason = row.reason.as_deref();
        let reason = reason.filter(|_| !(spelt && row.absent.is_some()) && row.except.is_empty());
        expect(finding, reason.unwrap_or(EQUIVALENT));
    }
}

/// Marks a difference as expected.
pub fn expect(finding: &mut Finding, reason: impl Into<Text>) {
    finding.status = Status::Expected;
    finding.reason = Some(reason.into());
}

/// Settings whose equality is the fault, always or at one value.
fn equal_where_it_must_differ(context: &Context<'_>, versions: &Versions, causes: &mut Causes, drafts: &mut Drafts) {
    let rows: Vec<&Row> = context
        .catalogue
        .rows
        .iter()
        .filter(|row| row.fault.is_some() || matches!(row.class, Class::MustDiffer | Class::OneActive))
        .collect();
    let kinds: BTreeSet<&str> = rows.iter().map(|row| row.object.as_str()).collect();
    for pair in 0..context.comparison.pairs.all.len() {
        let (Some(left), Some(right)) = (context.left(pair), context.right(pair)) else {
            continue;
        };
        if !kinds.contains(left.kind) {
            continue;
        }
        for (key, setting) in &left.settings {
            let Some(row) = rows.iter().find(|row| row.id == key.row) else {
                continue;
            };
            let text = setting.value.canonical();
            let special = matches!(class(context, row, pair), Class::MustDiffer | Class::OneActive);
            let faulty = row
                .fault
                .as_ref()
                .is_some_and(|fault| fault.eq_ignore_ascii_case(&text));
            let Some(other) = right.settings.get(key).filter(|_| special || faulty) else {
                continue;
            };
            if text.is_empty() || text != other.value.canonical() || copies::of_equal(context, row) {
                continue;
            }
            let mut finding = context.setting_finding(row, pair, key);
            finding.change = ChangeKind::Equal;
            finding.severity = severity::of(context, versions, row, pair);
            if row.class == Class::OneActive {
                finding.consequences.push(one_active(context, &text));
            }
            // Two spellings of what must differ are this finding, not an expected one.
            drafts
                .expected
                .retain(|other| other.id != finding.id || other.fingerprint != finding.fingerprint);
            drafts.extend(causes.take(context, pair, Some(key), finding));
        }
    }
}

fn one_active(context: &Context<'_>, text: &str) -> String {
    let (primary, staging) = (context.server_name(Side::Primary), context.server_name(Side::Staging));
    if crate::normalise::flag(text) == Some(true) {
        format!("Both {primary} and {staging} are in staging mode: no server exports anything.")
    } else {
        format!("Both {primary} and {staging} are active: they overwrite each other in every cycle.")
    }
}
