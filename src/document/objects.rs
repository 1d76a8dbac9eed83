//! Every object with its settings, for programs.
//!
//! In: a server. Out: entries in the order in which an engineer would read
//! them. Must not know: sections.

use super::book::Book;
use crate::catalogue::{Class, ids};
use crate::derive::scope_of;
use crate::model::{Clause, JoinCondition, Member, Object, ObjectIndex, Setting, SettingKey, Value};
use crate::report::document::{DocumentObject, DocumentSetting, JoinPair, ScopeClause, SettingValue};
use std::collections::{BTreeMap, HashMap};

/// Global settings and the metaverse, then connectors by name, then rules by precedence.
pub fn objects(book: &Book<'_>) -> Vec<DocumentObject> {
    let mut entries = Vec::new();
    for (at, path, number) in in_order(book) {
        let object = book.object(at);
        entries.push(DocumentObject {
            kind: object.kind.to_owned(),
            path,
            number,
            settings: settings(book, object),
        });
    }
    entries
}

/// A setting of an object, as an operator would write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// Names from the outside in.
    pub path: Vec<String>,
    /// 2, 3 … where several objects of the kind have this path.
    pub number: Option<usize>,
    /// What the setting is called.
    pub title: String,
    /// Its value.
    pub value: String,
}

/// Every setting that says what the server does.
pub fn written(book: &Book<'_>) -> Vec<Written> {
    let mut all = Vec::new();
    for (at, path, number) in in_order(book) {
        for (key, setting) in &book.object(at).settings {
            if !is_noise(book, key) {
                all.push(Written {
                    path: path.clone(),
                    number,
                    title: title(book, key, setting),
                    value: setting.value.display(),
                });
            }
        }
    }
    all
}

/// Objects with their paths, and a number for each but the first of those that have the same.
fn in_order(book: &Book<'_>) -> Vec<(ObjectIndex, Vec<String>, Option<usize>)> {
    let mut order = Vec::new();
    let roots = book.configuration.objects.iter().enumerate();
    let others = roots.filter(|(_, object)| {
        object.parent.is_none() && ![ids::kinds::CONNECTOR, ids::kinds::RULE].contains(&object.kind)
    });
    for (at, _) in others {
        collect(book, at, &mut order);
    }
    book.connectors.iter().for_each(|&at| collect(book, at, &mut order));
    for &rule in &book.by_precedence {
        collect(book, book.view(rule).object, &mut order);
    }
    let mut seen: HashMap<(&str, Vec<String>), usize> = HashMap::new();
    let numbered = order.into_iter().map(|at| {
        let path = book.path(at);
        let count = seen.entry((book.object(at).kind, path.clone())).or_default();
        *count += 1;
        (at, path, (*count > 1).then_some(*count))
    });
    numbered.collect()
}

/// An object and all that it holds; what has no order of its own by name.
fn collect(book: &Book<'_>, at: ObjectIndex, order: &mut Vec<ObjectIndex>) {
    order.push(at);
    let mut children = book.children[at].clone();
    if book.object(at).kind != ids::kinds::RUN_PROFILE {
        children.sort_by_key(|&child| {
            let object = book.object(child);
            (object.kind, object.key.as_str(), object.ordinal, child)
        });
    }
    for child in children {
        collect(book, child, order);
    }
}

fn settings(book: &Book<'_>, object: &Object) -> BTreeMap<String, DocumentSetting> {
    let entry = |(key, setting): (&SettingKey, &Setting)| {
        let shown = DocumentSetting {
            title: title(book, key, setting),
            value: value(book, &setting.value),
            housekeeping: is_noise(book, key),
        };
        (name(key, setting), shown)
    };
    object.settings.iter().map(entry).collect()
}

fn is_noise(book: &Book<'_>, key: &SettingKey) -> bool {
    book.row(key.row).is_some_and(|row| row.class == Class::Noise)
}

fn title(book: &Book<'_>, key: &SettingKey, setting: &Setting) -> String {
    match (book.row(key.row), &setting.label, &key.name) {
        (Some(row), Some(name), _) | (Some(row), None, Some(name)) => format!("{}: {name}", row.title),
        (Some(row), None, None) => row.title.clone(),
        (None, _, name) => name.clone().unwrap_or_else(|| key.row.to_owned()),
    }
}

/// The id of a setting; of one that no row knows, its path.
fn name(key: &SettingKey, setting: &Setting) -> String {
    match &key.name {
        Some(path) if key.row == ids::UNCATALOGUED => path.clone(),
        // The folded name tells two apart that the label does not.
        Some(name) => {
            let label = setting.label.as_ref().filter(|label| label.to_lowercase() == *name);
            format!("{}{{{}}}", key.row, label.unwrap_or(name))
        }
        None => key.row.to_owned(),
    }
}

fn value(book: &Book<'_>, value: &Value) -> SettingValue {
    let members = |members: &[Member]| members.iter().map(|member| member.raw.clone()).collect();
    match value {
        Value::Set(all) => {
            let mut all = all.clone();
            all.sort_unstable();
            SettingValue::Members(members(&all))
        }
        Value::List(all) => SettingValue::Members(members(all)),
        Value::Leaves(leaves) => SettingValue::Members(leaves.clone()),
        Value::Scope(groups) => {
            SettingValue::Scope(groups.iter().map(|group| group.iter().map(clause).collect()).collect())
        }
        Value::Join(groups) => {
            SettingValue::Join(groups.iter().map(|group| group.iter().map(pair).collect()).collect())
        }
        Value::Schema(schema) => SettingValue::Schema(book.counts_of(schema)),
        Value::Expression { raw, .. } => SettingValue::Text(raw.clone()),
        Value::Text { .. } | Value::Reference { .. } | Value::Secret { .. } => SettingValue::Text(value.display()),
    }
}

fn clause(clause: &Clause) -> ScopeClause {
    ScopeClause {
        attribute: clause.attribute.clone(),
        operator: clause.operator.clone(),
        value: clause.value.clone(),
    }
}

fn pair(condition: &JoinCondition) -> JoinPair {
    JoinPair {
        connector_attribute: condition.connector_attribute.clone(),
        metaverse_attribute: condition.metaverse_attribute.clone(),
        case_sensitive: condition.case_sensitive,
    }
}

/// Conditions and clauses of a rule, for counting.
pub fn clauses(object: &Object) -> usize {
    scope_of(object).iter().map(Vec::len).sum()
}

/// Join groups of a rule.
pub fn join_of(object: &Object) -> &[Vec<JoinCondition>] {
    match object.value(ids::RULE_JOIN) {
        Some(Value::Join(groups)) => groups,
        _ => &[],
    }
}
