//! End-to-end attribute flows of a connector, in both directions.
//!
//! In: a server, a connector. Out: sections by object type; rules and
//! attributes are named by links, for they are written in full elsewhere. Must
//! not know: settings of the connector.

use super::book::Book;
use super::parts::{Runs, attribute, code, connector, joined, plain, row, rule, section, table, text};
use crate::catalogue::ids;
use crate::derive::{Contest, Part};
use crate::model::ObjectIndex;
use crate::report::document::{Block, Row, Run, Section};
use crate::report::flow::{SourceKind, Standing};
use crate::trace::{self, Ranking};
use std::collections::{BTreeMap, BTreeSet};

/// Where a flow gets its value: an expression, `[attribute]` or a constant.
pub fn source(book: &Book<'_>, flow: ObjectIndex) -> Runs {
    match trace::source(book.object(flow)) {
        (text, SourceKind::Expression) => code(text),
        (text, _) => plain(text),
    }
}

/// A flow's rank, with what is unusual about it.
pub fn rank(ranking: &Ranking, flow: ObjectIndex) -> Runs {
    let Some(place) = ranking.places.get(&flow) else {
        return Runs::new();
    };
    let note = match place.standing {
        Standing::Combines => " (values combined)",
        Standing::Mixed => " (some rules merge, some do not)",
        Standing::Undefined => " (shared: order undefined)",
        Standing::Silent => return plain("no value"),
        Standing::Wins | Standing::Follows | Standing::NoFlow => "",
    };
    plain(format!("{}{note}", place.rank))
}

/// The flows of a connector.
pub fn of_connector(book: &Book<'_>, id: &str, key: &str) -> Section {
    let live = |rule: &&usize| {
        let view = book.view(**rule);
        view.connector == key && view.flowing()
    };
    let rules: Vec<usize> = book.by_precedence.iter().filter(live).copied().collect();
    let types: BTreeSet<String> = rules
        .iter()
        .map(|&rule| connector_type(book, rule).to_owned())
        .collect();
    let mut sections = Vec::new();
    for (at, object_type) in types.iter().enumerate() {
        let own: Vec<usize> = rules
            .iter()
            .copied()
            .filter(|&rule| connector_type(book, rule) == object_type)
            .collect();
        let mut blocks: Vec<Block> = Vec::new();
        blocks.extend(inbound(book, &own));
        blocks.extend(outbound(book, &own));
        let name = own.first().map_or_else(String::new, |&rule| type_name(book, rule));
        sections.push(section(format!("{id}-{}", at + 1), name, blocks));
    }
    let note = match sections.is_empty() {
        true => "No live rule flows attributes of this connector.",
        false => {
            "Live rules only. A rule's scope stands with the rule, all that feeds an attribute with the attribute."
        }
    };
    Section {
        sections,
        ..section(id, "End-to-end attribute flows", vec![text(note)])
    }
}

/// The object type of its connector that a rule takes, folded.
fn connector_type<'b>(book: &'b Book<'_>, rule: usize) -> &'b str {
    let view = book.view(rule);
    match view.inbound {
        true => &view.source_type,
        false => &view.target_type,
    }
}

fn type_name(book: &Book<'_>, rule: usize) -> String {
    let view = book.view(rule);
    let row = match view.inbound {
        true => ids::RULE_SOURCE_TYPE,
        false => ids::RULE_TARGET_TYPE,
    };
    book.object(view.object).display(row).trim().to_owned()
}

fn inbound(book: &Book<'_>, rules: &[usize]) -> Option<Block> {
    // By metaverse attribute: rank, rule, flow.
    let mut fed: BTreeMap<(String, String), Vec<(usize, ObjectIndex)>> = BTreeMap::new();
    for &rule in rules.iter().filter(|&&rule| book.view(rule).inbound) {
        let view = book.view(rule);
        for &flow in &view.flows {
            let target = book.object(flow).key.clone();
            fed.entry((target, view.target_type.clone()))
                .or_default()
                .push((rule, flow));
        }
    }
    let mut rows = Vec::new();
    for ((key, object_type), flows) in fed {
        let ranking = book.inbound.get(&(object_type.clone(), key.clone()));
        for (place, (rule_at, flow)) in flows.into_iter().enumerate() {
            let goes = match place {
                0 => goes_to(book, &object_type, &key),
                _ => Runs::new(),
            };
            rows.push(row(vec![
                target(book, &object_type, &key),
                source(book, flow),
                vec![rule(book, rule_at)],
                ranking.map_or_else(Runs::new, |ranking| rank(ranking, flow)),
                goes,
            ]));
        }
    }
    let columns = ["Metaverse attribute", "Source", "Inbound rule", "Rank", "Goes out to"];
    table("Import flows", &columns, rows, false)
}

fn target(book: &Book<'_>, object_type: &str, key: &str) -> Runs {
    let mut cell = vec![attribute(book, object_type, key)];
    if *object_type == book.server.any {
        cell = plain(book.server.spelling(true, key));
    }
    cell.push(Run::Plain(format!(" of {}", book.server.type_name(object_type))));
    cell
}

/// Targets that a metaverse attribute flows out to, with the rules.
fn goes_to(book: &Book<'_>, object_type: &str, key: &str) -> Runs {
    let own = (object_type.to_owned(), key.to_owned());
    let read = book.outbound.get(&own).map(Vec::as_slice).unwrap_or_default();
    let mut by_target: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for &(rule_at, flow) in read {
        let target = (book.view(rule_at).connector.as_str(), book.object(flow).name.as_str());
        let rules = by_target.entry(target).or_default();
        if rules.last() != Some(&rule_at) {
            rules.push(rule_at);
        }
    }
    let line = |((connector, target), rules): ((&str, &str), Vec<usize>)| {
        let mut runs = plain(format!("{} {target}: ", book.connector_name(connector)));
        runs.extend(joined(rules.into_iter().map(|at| vec![rule(book, at)]), ", "));
        runs
    };
    joined(by_target.into_iter().map(line), "\n")
}

fn outbound(book: &Book<'_>, rules: &[usize]) -> Option<Block> {
    let mut fed: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for &rule in rules.iter().filter(|&&rule| !book.view(rule).inbound) {
        let view = book.view(rule);
        for &flow in &view.flows {
            let key = (book.object(flow).key.clone(), view.source_type.clone());
            let same = fed.entry(key).or_default();
            if same.last() != Some(&rule) {
                same.push(rule);
            }
        }
    }
    let mut rows = Vec::new();
    for ((key, _), rules) in fed {
        let Some(&first) = rules.first() else { continue };
        let view = book.view(first);
        let contest = Contest {
            connector: view.connector.clone(),
            object_type: view.target_type.clone(),
            attribute: key.clone(),
        };
        let rivals = book.server.rivals(view, &key, book.server.metaverse_type(view));
        let ranking = Ranking::of(
            book.configuration,
            book.server.facts,
            &book.server.views,
            rivals,
            &contest,
        );
        rows.extend(exported(book, &rules, &key, &ranking));
    }
    let columns = ["Target attribute", "Source", "Outbound rule", "Rank", "Fed by"];
    table("Export flows", &columns, rows, false)
}

fn exported(book: &Book<'_>, rules: &[usize], key: &str, ranking: &Ranking) -> Vec<Row> {
    let own = ranking.order.iter().filter(|(rule, _)| rules.contains(rule));
    let line = |&(rule_at, flow): &(usize, ObjectIndex)| {
        let object = book.object(flow);
        debug_assert_eq!(object.key, key);
        row(vec![
            plain(object.name.clone()),
            source(book, flow),
            vec![rule(book, rule_at)],
            rank(ranking, flow),
            fed_by(book, rule_at, flow),
        ])
    };
    own.map(line).collect()
}

/// Metaverse attributes that a flow reads, each with the rules that feed it.
fn fed_by(book: &Book<'_>, rule_at: usize, flow: ObjectIndex) -> Runs {
    let view = book.view(rule_at);
    let own = book.server.metaverse_type(view);
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for mention in book.server.of_rule(rule_at) {
        let reads = mention.metaverse && mention.part == Part::Reads(flow);
        if !reads || !seen.insert(&mention.key) {
            continue;
        }
        let mut cell = vec![attribute(book, own, &mention.key)];
        let key = (own.to_owned(), mention.key.clone());
        if let Some(ranking) = book.inbound.get(&key) {
            let mut connectors: Vec<&str> = Vec::new();
            for (feeding, _) in &ranking.order {
                let connector = book.view(*feeding).connector.as_str();
                if !connectors.contains(&connector) {
                    connectors.push(connector);
                }
            }
            let names = connectors.into_iter().map(|key| vec![connector(book, key)]);
            cell.push(Run::Plain(match ranking.rules {
                1 => ", 1 rule of ".to_owned(),
                count => format!(", {count} rules of "),
            }));
            cell.extend(joined(names, ", "));
        }
        lines.push(cell);
    }
    joined(lines, "\n")
}
