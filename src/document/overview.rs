//! What stands first: the server, numbers, faults, what could not be read; and
//! the global settings.
//!
//! In: a server. Out: sections and counts. Must not know: how rules or
//! connectors are laid out.

use super::book::Book;
use super::objects::{clauses, join_of};
use super::parts::{Runs, code, link, paragraph, plain, row, section, table, text};
use super::settings;
use crate::catalogue::ids;
use crate::report::document::{Block, Count, Row, Run, Section};
use crate::report::{Finding, GapEntry, Server};

/// How many there are of what.
pub fn counts(book: &Book<'_>) -> Vec<Count> {
    let of_kind = |kind: &'static str| book.configuration.of_kind(kind).count();
    let views = &book.server.views;
    let rules = |test: &dyn Fn(usize) -> usize| (0..views.len()).map(test).sum::<usize>();
    let partitions = book.configuration.of_kind(ids::kinds::PARTITION);
    let selected = partitions.filter(|(_, partition)| partition.canonical(ids::PARTITION_SELECTED) == "true");
    let inbound = views.iter().filter(|view| view.inbound).count();
    let count = |title: &str, count, note: Option<String>| Count {
        title: title.to_owned(),
        count,
        note,
    };
    let disabled = views.iter().filter(|view| !view.live).count();
    let custom = views.iter().filter(|view| !view.standard).count();
    let steps = of_kind(ids::kinds::RUN_STEP);
    vec![
        count("Connectors", book.connectors.len(), None),
        count(
            "Partitions",
            of_kind(ids::kinds::PARTITION),
            Some(format!("{} selected", selected.count())),
        ),
        count("Metaverse object types", of_kind(ids::kinds::METAVERSE_TYPE), None),
        count("Metaverse attributes", of_kind(ids::kinds::METAVERSE_ATTRIBUTE), None),
        count(
            "Synchronization rules",
            views.len(),
            Some(format!(
                "{inbound} inbound, {} outbound, {custom} custom, {disabled} disabled",
                views.len() - inbound
            )),
        ),
        count("Attribute flows", of_kind(ids::kinds::FLOW), None),
        count(
            "Scoping clauses",
            rules(&|rule| clauses(book.object(views[rule].object))),
            None,
        ),
        count(
            "Join conditions",
            rules(&|rule| join_of(book.object(views[rule].object)).iter().map(Vec::len).sum()),
            None,
        ),
        count(
            "Run profiles",
            of_kind(ids::kinds::RUN_PROFILE),
            Some(format!("{steps} steps")),
        ),
    ]
}

/// The server in a page.
pub fn overview(book: &Book<'_>, server: &Server, counts: &[Count], gaps: &[GapEntry]) -> Section {
    let unknown = || "(not known)".to_owned();
    let mode = match server.staging_mode {
        Some(true) => "In staging mode".to_owned(),
        Some(false) => "Active".to_owned(),
        None => unknown(),
    };
    let facts = [
        ("Server", server.server.clone()),
        ("Role", mode),
        ("Build", server.version.clone().unwrap_or_else(unknown)),
        ("Exported", server.exported.clone().unwrap_or_else(unknown)),
        ("Read from", server.source.clone()),
    ];
    let mut blocks = Vec::new();
    let rows = facts.map(|(what, value)| row(vec![plain(what), plain(value)]));
    blocks.extend(table("", &["Fact", "Value"], rows.into(), false));
    let number = |count: &Count| {
        row(vec![
            plain(count.title.clone()),
            plain(count.count.to_string()),
            plain(count.note.clone().unwrap_or_default()),
        ])
    };
    let rows = counts.iter().map(number).collect();
    blocks.extend(table("What there is", &["What", "Count", "Of these"], rows, false));
    blocks.push(faults(book));
    let rows = gaps.iter().map(gap).collect();
    blocks.extend(table(
        "What could not be read",
        &["Part", "Problem", "File"],
        rows,
        false,
    ));
    let file = |file: &crate::report::File| row(vec![plain(file.path.clone()), code(file.sha256.clone())]);
    let rows = server.files.iter().map(file).collect();
    blocks.extend(table("Files", &["File", "SHA-256"], rows, true));
    section("overview", "Overview", blocks)
}

fn faults(book: &Book<'_>) -> Block {
    let cell = match book.lints.len() {
        0 => plain("No faults of the server by itself were found."),
        count => vec![
            link(super::parts::counted(count, "lint", "lints"), "lints"),
            Run::Plain(": faults of the server by itself.".to_owned()),
        ],
    };
    paragraph(cell)
}

fn gap(gap: &GapEntry) -> Row {
    let place = match (&gap.file, gap.line) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        (Some(file), None) => file.clone(),
        (None, _) => String::new(),
    };
    row(vec![plain(gap.part.clone()), plain(gap.problem.clone()), plain(place)])
}

/// Faults, each with what to do.
pub fn lints(book: &Book<'_>) -> Section {
    let rows = book.lints.iter().enumerate().map(|(at, lint)| Row {
        id: Some(format!("l{}", at + 1)),
        ..row(fault(book, lint))
    });
    let columns = ["Severity", "Object", "Fault", "Why", "Fix", "Reference"];
    let blocks = table("", &columns, rows.collect(), false).into_iter().collect();
    section("lints", "Lints", blocks)
}

fn fault(book: &Book<'_>, lint: &Finding) -> Vec<Runs> {
    let about = (0..book.server.views.len()).find(|&rule| book.path(book.view(rule).object) == lint.object_path);
    let object = match about {
        Some(rule) => vec![super::parts::rule(book, rule)],
        None => plain(lint.object_path.join(" / ")),
    };
    let value = lint.primary.as_deref().or(lint.staging.as_deref()).unwrap_or_default();
    let mut words = vec![lint.setting.clone()];
    if !value.is_empty() {
        words.push(value.to_owned());
    }
    words.extend(lint.consequences.iter().cloned());
    vec![
        plain(lint.severity.word()),
        object,
        plain(words.join("\n")),
        plain(lint.why.clone()),
        plain(lint.fix.clone()),
        plain(lint.reference.clone()),
    ]
}

/// Settings of the server as a whole.
pub fn global(book: &Book<'_>) -> Section {
    let mut blocks = Vec::new();
    for (at, _) in book.configuration.of_kind(ids::kinds::GLOBAL) {
        blocks.extend(settings::blocks(book, at, &[]));
    }
    if blocks.is_empty() {
        blocks.push(text("The export has no global settings."));
    }
    section("global", "Global settings", blocks)
}
