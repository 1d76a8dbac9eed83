//! What changed, in the words of the field, for a commit.
//!
//! In: for each server its comparison with its last snapshot. Out: a title of
//! counts, and a body with every finding. Must not know: files, git.

use crate::catalogue::{Catalogue, Class, Noun, ValueKind, ids};
use crate::report::{ChangeKind, Finding, Report, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Findings of one server that a message lists.
const LISTED: usize = 200;
/// Characters of a value that it shows.
const SHOWN: usize = 160;
/// Characters of a title.
const TITLE: usize = 120;

/// What became of a server.
#[derive(Debug)]
pub enum News {
    /// The first snapshot.
    First,
    /// Compared with the last one.
    Compared(Box<Report>),
}

/// A server in a commit.
#[derive(Debug)]
pub struct Changed {
    /// Its name.
    pub server: String,
    /// Build and role, in words.
    pub about: String,
    /// What became of it.
    pub news: News,
    /// Whether another version of the program wrote the last snapshot.
    pub tool: Option<String>,
    /// Parts that could not be read.
    pub gaps: Vec<String>,
    /// Files that were kept from before.
    pub kept: usize,
}

/// The whole message.
pub fn message(servers: &[Changed], version: &str, catalogue: &Catalogue) -> String {
    let titles: Vec<String> = servers.iter().map(|server| title(server, catalogue)).collect();
    let mut text = shortened(&titles.join("; "), TITLE);
    for (server, title) in servers.iter().zip(&titles) {
        text.push_str("\n\n");
        text.push_str(title);
        text.push_str(&format!(" ({})\n", server.about));
        body(server, catalogue, &mut text);
    }
    text.push_str(&format!("\nWritten by syncdrift {version}\n"));
    text
}

/// What became of a server, in one line.
pub fn title(server: &Changed, catalogue: &Catalogue) -> String {
    let words = match &server.news {
        News::First => vec!["first snapshot".to_owned()],
        News::Compared(report) => counted(report, catalogue),
    };
    let mut words = words;
    if !server.gaps.is_empty() {
        let parts: BTreeSet<&str> = server.gaps.iter().filter_map(|gap| gap.split(':').next()).collect();
        let parts: Vec<&str> = parts.into_iter().collect();
        words.push(format!("could not be read: {}", parts.join(", ")));
    }
    if words.is_empty() {
        words.push(match &server.tool {
            Some(before) => format!("nothing changed; files of syncdrift {before} were written anew"),
            None => "nothing that counts changed".to_owned(),
        });
    }
    format!("{}: {}", server.server, words.join(", "))
}

/// Things that changed in one way.
struct Counted<'c> {
    noun: &'c Noun,
    seen: BTreeSet<Vec<String>>,
}

/// `2 rules changed`, in the order of the catalogue's kinds of change and nouns.
fn counted(report: &Report, catalogue: &Catalogue) -> Vec<String> {
    let mut things: BTreeMap<(&str, ChangeKind), Counted<'_>> = BTreeMap::new();
    let mut other = 0;
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.status != Status::Unknown)
    {
        match noun(finding, catalogue) {
            Some((noun, what)) => {
                let change = change(finding, noun, catalogue);
                let seen = BTreeSet::new();
                let counted = things.entry((&noun.many, change)).or_insert(Counted { noun, seen });
                counted.seen.insert(what);
            }
            None => other += 1,
        }
    }
    let mut words: Vec<String> = things
        .iter()
        .map(|((_, change), Counted { noun, seen })| {
            let count = seen.len();
            let word = if count == 1 { &noun.one } else { &noun.many };
            format!("{count} {word} {}", verb(*change))
        })
        .collect();
    if words.is_empty() {
        other += report.expected.iter().filter(|entry| counts(entry, catalogue)).count();
    }
    if other > 0 {
        words.push(format!(
            "{other} other setting{} changed",
            if other == 1 { "" } else { "s" }
        ));
    }
    words
}

/// What a finding is counted as, and which thing it is about.
fn noun<'c>(finding: &Finding, catalogue: &'c Catalogue) -> Option<(&'c Noun, Vec<String>)> {
    let layout = &catalogue.snapshot;
    let mut path = finding.object_path.clone();
    if let Some(noun) = layout.of_row(&finding.id) {
        path.extend(noun.settings.then(|| finding.setting.clone()));
        return Some((noun, path));
    }
    let row = catalogue.row(&finding.id)?;
    let mut kind = row.object.as_str();
    // A flow has the path of its rule.
    let mut within = kind == ids::kinds::FLOW;
    loop {
        if let Some(noun) = layout.of_kind(kind) {
            if noun.settings {
                path.push(finding.setting.clone());
            }
            return Some((noun, path));
        }
        kind = catalogue.kind(kind)?.parent.as_deref()?;
        if !std::mem::take(&mut within) {
            path.pop();
        }
    }
}

fn change(finding: &Finding, noun: &Noun, catalogue: &Catalogue) -> ChangeKind {
    let starts = |value: &Option<String>| {
        let there = noun.there.as_deref()?;
        Some(value.as_deref()?.starts_with(there))
    };
    match (starts(&finding.primary), starts(&finding.staging)) {
        (Some(false), Some(true)) => ChangeKind::Added,
        (Some(true), Some(false)) => ChangeKind::Removed,
        (None, _) | (_, None) if noun.settings => ChangeKind::Changed,
        (None, _) | (_, None) if is_presence(finding, catalogue) => finding.change,
        _ => match finding.change {
            ChangeKind::Renamed => ChangeKind::Renamed,
            ChangeKind::Reordered => ChangeKind::Reordered,
            _ => ChangeKind::Changed,
        },
    }
}

/// Whether what is counted came or went as a whole, and not a part of it.
fn is_presence(finding: &Finding, catalogue: &Catalogue) -> bool {
    let row = catalogue.row(&finding.id);
    let counted = row.filter(|row| catalogue.snapshot.of_kind(&row.object).is_some());
    let kind = counted.and_then(|row| catalogue.kind(&row.object));
    let own = kind.is_some_and(|kind| kind.presence.as_deref() == Some(&finding.id));
    own || finding.id == ids::DEFAULT_RULE_MISSING
}

fn verb(change: ChangeKind) -> &'static str {
    match change {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        ChangeKind::Renamed => "renamed",
        ChangeKind::Reordered => "moved",
        ChangeKind::Changed | ChangeKind::Equal => "changed",
    }
}

/// Whether an expected difference is one that a snapshot holds.
fn counts(entry: &Finding, catalogue: &Catalogue) -> bool {
    let row = catalogue.row(&entry.id);
    // A reference whose object keeps its name differs in its identifier only.
    row.is_some_and(|row| row.class != Class::Noise && row.value != Some(ValueKind::Reference))
}

fn body(server: &Changed, catalogue: &Catalogue, text: &mut String) {
    if let News::Compared(report) = &server.news {
        let expected = report.expected.iter().filter(|entry| counts(entry, catalogue));
        let all: Vec<&Finding> = report.findings.iter().chain(expected).collect();
        for finding in all.iter().take(LISTED) {
            text.push_str(&line(finding));
        }
        if all.len() > LISTED {
            text.push_str(&format!("- and {} more\n", all.len() - LISTED));
        }
    }
    for gap in &server.gaps {
        text.push_str(&format!("- [gap] {}\n", shortened(gap, 2 * SHOWN)));
    }
    if server.kept > 0 {
        text.push_str(&format!("- {} files were kept from the last snapshot\n", server.kept));
    }
}

fn line(finding: &Finding) -> String {
    let status = match finding.status {
        Status::Expected => "expected",
        Status::Unknown => "unknown",
        _ => finding.severity.word(),
    };
    let value = |value: &Option<String>| match value {
        Some(value) => format!("\"{}\"", shortened(value, SHOWN)),
        None => "(none)".to_owned(),
    };
    let values = match (&finding.primary, &finding.staging) {
        (None, None) => String::new(),
        (before, after) => format!(": {} -> {}", value(before), value(after)),
    };
    let path = finding.object_path.join(" / ");
    let text = format!(
        "[{status}] {path}: {} {}{values}",
        finding.setting,
        verb(finding.change)
    );
    format!("- {}\n", crate::model::on_one_line(&text))
}

fn shortened(text: &str, characters: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
