//! Synchronization rules: what they join and provision in short, and each in
//! full.
//!
//! In: a server, a connector. Out: sections, rules by precedence. Must not
//! know: other parts of the connector.

use super::book::Book;
use super::flows;
use super::objects::join_of;
use super::parts::{Runs, attribute, counted, link, paragraph, plain, row, section, table, text, yes};
use super::settings;
use crate::catalogue::{Class, ids};
use crate::derive::{RuleView, scope_of};
use crate::model::{ObjectIndex, SettingKey};
use crate::report::document::{Block, Row, Run, Section};
use crate::report::flow::SourceKind;
use crate::trace::{scope as scope_words, source};

fn of_connector(book: &Book<'_>, key: &str) -> Vec<usize> {
    let own = |rule: &usize| book.view(*rule).connector == key;
    book.by_precedence.iter().copied().filter(own).collect()
}

/// Whether a rule belongs to a summary.
type Takes<'t> = &'t dyn Fn(&RuleView) -> bool;

/// Live rules that provision, join for good, or join where a condition holds.
pub fn summaries(book: &Book<'_>, id: &str, key: &str) -> Section {
    let rules = of_connector(book, key);
    let facts = book.server.facts;
    let kinds: [(&str, Takes<'_>); 3] = [
        ("Provisioning rules", &|view| view.creates),
        ("Sticky join rules", &|view| view.provisions && !view.creates),
        ("Conditional join rules", &|view| {
            let rule = book.object(view.object);
            !view.provisions && (view.joins || !scope_of(rule).is_empty())
        }),
    ];
    let sections = kinds.into_iter().enumerate().map(|(at, (title, takes))| {
        let own = rules.iter().filter(|&&rule| {
            let view = book.view(rule);
            view.live && takes(view)
        });
        let rows: Vec<Row> = own.map(|&rule| summary(book, rule)).collect();
        let columns = ["Direction", "Precedence", "Rule", "Object types", "Scope", "Join"];
        let blocks = match table("", &columns, rows, false) {
            Some(table) => vec![table],
            None => vec![text("None.")],
        };
        section(format!("{id}-{}", at + 1), title, blocks)
    });
    let words = format!(
        "Live rules with link type {} create objects; those that only keep or join them follow.",
        facts.creating_link_types.join(" or ")
    );
    Section {
        sections: sections.collect(),
        ..section(id, "Provisioning and joins", vec![text(words)])
    }
}

fn summary(book: &Book<'_>, rule: usize) -> Row {
    let view = book.view(rule);
    let object = book.object(view.object);
    let types = [ids::RULE_SOURCE_TYPE, ids::RULE_TARGET_TYPE].map(|row| object.display(row));
    row(vec![
        plain(object.display(ids::RULE_DIRECTION)),
        plain(object.display(ids::RULE_PRECEDENCE)),
        vec![super::parts::rule(book, rule)],
        plain(types.join(" → ")),
        plain(scope_words(object)),
        plain(object.display(ids::RULE_JOIN)),
    ])
}

/// Every rule of a connector, disabled ones too.
pub fn full(book: &Book<'_>, id: &str, key: &str) -> Section {
    let rules = of_connector(book, key);
    let (inbound, outbound): (Vec<usize>, Vec<usize>) = rules.iter().partition(|&&rule| book.view(rule).inbound);
    let disabled = rules.iter().filter(|&&rule| !book.view(rule).live).count();
    let words = format!(
        "{} inbound, {} outbound, {disabled} of them disabled; by precedence.",
        counted(inbound.len(), "rule", "rules"),
        outbound.len()
    );
    let directions = [("Inbound", "in", inbound), ("Outbound", "out", outbound)];
    let sections = directions
        .into_iter()
        .filter(|(_, _, rules)| !rules.is_empty())
        .map(|(title, way, rules)| Section {
            sections: rules.iter().map(|&rule| one(book, rule)).collect(),
            ..section(format!("{id}-{way}"), title, Vec::new())
        });
    Section {
        sections: sections.collect(),
        ..section(id, "Synchronization rules", vec![text(words)])
    }
}

fn one(book: &Book<'_>, rule: usize) -> Section {
    let view = book.view(rule);
    let object = book.object(view.object);
    let mut blocks = vec![paragraph(origin(book, view))];
    blocks.extend(settings::blocks(book, view.object, &[ids::RULE_SCOPE, ids::RULE_JOIN]));
    blocks.extend(scope(book, view));
    blocks.extend(join(book, view));
    blocks.extend(transformations(book, view));
    let number = object.display(ids::RULE_PRECEDENCE);
    let title = format!("{number} {}", view.name);
    section(book.rule_link(rule), title.trim(), blocks)
}

/// Where the rule comes from, whether it runs, and what is wrong with it.
fn origin(book: &Book<'_>, view: &RuleView) -> Runs {
    let path = book.path(view.object);
    let lints: Vec<usize> = (0..book.lints.len())
        .filter(|&at| book.lints[at].object_path == path)
        .collect();
    let edited = lints.iter().any(|&at| book.lints[at].id == ids::DEFAULT_RULE_EDITED);
    let mut words = String::from(match (view.standard, edited) {
        (true, true) => "Standard rule, edited in place",
        (true, false) => "Standard rule",
        (false, _) => "Custom rule",
    });
    words.push_str(if view.live { "." } else { ", disabled." });
    let mut cell = plain(words);
    for at in lints {
        cell.push(Run::Plain(" Lint: ".to_owned()));
        cell.push(link(book.lints[at].setting.clone(), format!("l{}", at + 1)));
        cell.push(Run::Plain(".".to_owned()));
    }
    cell
}

/// An attribute of the side that a rule reads, linked where it is the metaverse's.
fn read(book: &Book<'_>, view: &RuleView, name: &str, metaverse: bool) -> Runs {
    let own = book.server.metaverse_type(view);
    match metaverse && book.attribute_link(own, &name.to_lowercase()).is_some() {
        true => vec![attribute(book, own, &name.to_lowercase())],
        false => plain(name),
    }
}

fn scope(book: &Book<'_>, view: &RuleView) -> Vec<Block> {
    let object = book.object(view.object);
    let groups = scope_of(object);
    let mut blocks = vec![text(format!("Scope: {}", scope_words(object)))];
    let mut rows = Vec::new();
    for (group, clauses) in groups.iter().enumerate() {
        for clause in clauses {
            rows.push(row(vec![
                plain((group + 1).to_string()),
                read(book, view, &clause.attribute, !view.inbound),
                plain(clause.operator.clone()),
                plain(clause.value.clone().unwrap_or_default()),
            ]));
        }
    }
    let columns = ["Group", "Attribute", "Operator", "Value"];
    blocks.extend(table(
        "Scoping filter: any group, all of its clauses",
        &columns,
        rows,
        false,
    ));
    blocks
}

fn join(book: &Book<'_>, view: &RuleView) -> Vec<Block> {
    let mut rows = Vec::new();
    for (group, conditions) in join_of(book.object(view.object)).iter().enumerate() {
        for condition in conditions {
            rows.push(row(vec![
                plain((group + 1).to_string()),
                plain(condition.connector_attribute.clone()),
                read(book, view, &condition.metaverse_attribute, true),
                yes(condition.case_sensitive),
            ]));
        }
    }
    let columns = ["Group", "Connector attribute", "Metaverse attribute", "Case-sensitive"];
    let title = "Join rules: groups are tried in order, all conditions of one";
    table(title, &columns, rows, false).into_iter().collect()
}

fn transformations(book: &Book<'_>, view: &RuleView) -> Vec<Block> {
    let mut flows = view.flows.clone();
    flows.sort_by_key(|&flow| {
        let object = book.object(flow);
        (object.key.clone(), object.ordinal)
    });
    let rows = flows.iter().map(|&flow| transformation(book, view, flow)).collect();
    let columns = ["Target attribute", "Source", "Flow type", "Apply once", "Merge type"];
    let other = flows.iter().flat_map(|&flow| other(book, flow)).collect();
    let tables = [
        table("Transformations", &columns, rows, false),
        table(
            "Other settings of transformations",
            &["Target attribute", "Setting", "Value"],
            other,
            true,
        ),
    ];
    tables.into_iter().flatten().collect()
}

fn transformation(book: &Book<'_>, view: &RuleView, flow: ObjectIndex) -> Row {
    let object = book.object(flow);
    let kind = match source(object).1 {
        SourceKind::Expression => "Expression",
        SourceKind::Attribute => "Direct",
        SourceKind::Constant => "Constant",
        SourceKind::None => "",
    };
    row(vec![
        read(book, view, &object.name, view.inbound),
        flows::source(book, flow),
        plain(kind),
        yes(object.canonical(ids::FLOW_APPLY_ONCE) == "true"),
        plain(object.display(ids::FLOW_MERGE_TYPE)),
    ])
}

/// Settings of a flow that no column shows. What an export declares beside an expression is in the JSON form only.
fn other(book: &Book<'_>, flow: ObjectIndex) -> Vec<Row> {
    let shown = [
        ids::FLOW_TARGET,
        ids::FLOW_SOURCE,
        ids::FLOW_EXPRESSION,
        ids::FLOW_APPLY_ONCE,
        ids::FLOW_MERGE_TYPE,
    ];
    let object = book.object(flow);
    let rest = object.settings.iter().filter(|(key, _)| {
        let noise = book.row(key.row).is_some_and(|row| row.class == Class::Noise);
        !noise && !shown.contains(&key.row)
    });
    let title = |key: &SettingKey| {
        let row = book.row(key.row).map_or(key.row, |row| row.title.as_str());
        key.name.clone().unwrap_or_else(|| row.to_owned())
    };
    rest.map(|(key, setting)| {
        row(vec![
            plain(object.name.clone()),
            plain(title(key)),
            settings::value(book, book.row(key.row), &setting.value),
        ])
    })
    .collect()
}
