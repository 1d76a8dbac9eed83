//! What the templates of `history` show.
//!
//! In: the result of `history`. Out: one serialisable page. Must not know:
//! any markup.

use super::finding::{PartView, Value, parts, values};
use super::server::short;
use super::severity_words;
use super::timeline::Timeline;
use crate::render::history_words as words;
use crate::render::terminal::{clean, name};
use crate::report::history::{Blame, Deviation, Drift, Entry, Evidence, History, KnownServer, Pair, RunSeen};
use crate::report::{Finding, Status};
use serde::Serialize;

/// The page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    title: String,
    tool: String,
    generated: String,
    repository: String,
    branch: String,
    servers: Vec<ServerRow>,
    warnings: Vec<String>,
    timeline: Option<Timeline>,
    pairs: Vec<PairView>,
    evidence: Option<EvidenceView>,
    blame: Vec<BlameView>,
    changes_title: String,
    entries: Vec<EntryView>,
}

/// A server.
#[derive(Debug, Serialize)]
struct ServerRow {
    name: String,
    role: &'static str,
    build: String,
    snapshots: usize,
    first: String,
    changed: String,
    exported: String,
    gaps: usize,
}

/// Two servers.
#[derive(Debug, Serialize)]
struct PairView {
    title: String,
    drift: Vec<Card>,
}

/// A finding in short.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    anchor: Option<String>,
    class: &'static str,
    severity: &'static str,
    what: String,
    values: Vec<Value>,
    wide: bool,
    parts: Vec<PartView>,
    more_parts: usize,
    /// Since when, who accepts it and so on.
    facts: Vec<Fact>,
}

/// A label and what is said.
#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    text: String,
}

/// A commit of a server.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryView {
    anchor: String,
    time: String,
    server: String,
    commit: String,
    commit_short: String,
    author: String,
    notes: Vec<String>,
    changes: Vec<Card>,
}

/// An object whose settings are dated.
#[derive(Debug, Serialize)]
struct BlameView {
    object: String,
    server: String,
    /// Settings that changed.
    rows: Vec<BlameRow>,
    /// Settings that never changed, and that in words.
    old: Vec<BlameRow>,
    unchanged: String,
}

/// A setting.
#[derive(Debug, Serialize)]
struct BlameRow {
    setting: String,
    value: String,
    before: String,
    time: String,
    commit: String,
    author: String,
}

/// A period.
#[derive(Debug, Serialize)]
struct EvidenceView {
    title: String,
    facts: Vec<Fact>,
    runs: Vec<RunRow>,
    deviations: Vec<Card>,
    register: Vec<RegisterRow>,
}

/// A run.
#[derive(Debug, Serialize)]
struct RunRow {
    time: String,
    command: String,
    class: &'static str,
    outcome: String,
    commit: String,
    servers: Vec<String>,
}

/// An acceptance.
#[derive(Debug, Serialize)]
struct RegisterRow {
    what: String,
    reason: String,
    owner: String,
    ticket: String,
    expires: String,
    state: String,
}

/// The page of a history.
pub fn history_page(history: &History) -> HistoryPage {
    let names: Vec<String> = history.servers.iter().map(|server| name(&server.server)).collect();
    HistoryPage {
        title: format!("History of {}", names.join(", ")),
        tool: format!("{} {}", history.tool.name, history.tool.version),
        generated: short(&history.generated),
        repository: name(&history.repository),
        branch: name(&history.options.branch),
        servers: history.servers.iter().map(server).collect(),
        warnings: history.warnings.iter().map(|warning| clean(&warning.text)).collect(),
        timeline: Timeline::of(history),
        pairs: match &history.evidence {
            // What is open now is among the deviations, or not of the period.
            Some(_) => Vec::new(),
            None => history.pairs.iter().map(|one| pair(one, history)).collect(),
        },
        evidence: history.evidence.as_ref().map(|pack| evidence(pack, &history.pairs)),
        blame: blame(&history.blame),
        changes_title: clean(&words::changes_title(history)),
        entries: history.entries.iter().map(entry).collect(),
    }
}

fn server(server: &KnownServer) -> ServerRow {
    ServerRow {
        name: name(&server.server),
        role: words::role(server),
        build: server.version.as_deref().map_or_else(|| "unknown".to_owned(), name),
        snapshots: server.snapshots,
        first: short(&server.first.time),
        changed: short(&server.changed.time),
        exported: short(&server.exported),
        gaps: server.gaps,
    }
}

fn card(finding: &Finding, what: &str, sides: [&str; 2], only: [String; 2]) -> Card {
    let (class, severity) = match finding.status {
        Status::Unknown => ("unknown", "Unknown"),
        _ => severity_words(finding.severity),
    };
    let names = (name(sides[0]), name(sides[1]));
    let values = values(finding, &names);
    let (parts, more_parts) = parts(finding, &only);
    Card {
        anchor: None,
        class,
        severity,
        what: name(what),
        wide: values.iter().any(|value| value.code),
        values,
        parts,
        more_parts,
        facts: Vec::new(),
    }
}

fn between(finding: &Finding, what: &str, primary: &str, staging: &str) -> Card {
    let only = [primary, staging].map(|server| format!("only on {}", name(server)));
    card(finding, what, [primary, staging], only)
}

fn fact(label: &'static str, text: &str) -> Fact {
    Fact {
        label,
        text: clean(text),
    }
}

fn pair(pair: &Pair, history: &History) -> PairView {
    let now = &history.generated;
    let open = |drift: &Drift| {
        let finding = &drift.finding;
        let mut card = between(finding, &words::what(finding, pair), &pair.primary, &pair.staging);
        card.facts.push(fact("Open for", &words::open_since(drift, now)));
        let accepted = finding.accepted.as_ref();
        card.facts
            .extend(accepted.map(|entry| fact("Accepted", &words::accepted(entry))));
        card
    };
    PairView {
        title: clean(&words::pair_title(pair, history.options.object.as_deref())),
        drift: pair.drift.iter().map(open).collect(),
    }
}

fn entry(entry: &Entry) -> EntryView {
    let change = |finding: &Finding| {
        let only = ["no longer", "new"].map(str::to_owned);
        card(finding, &words::change(finding), ["before", "after"], only)
    };
    EntryView {
        anchor: anchor(entry),
        time: short(&entry.time),
        server: name(&entry.server),
        commit: clean(&entry.commit),
        commit_short: clean(words::short(&entry.commit)),
        author: name(&entry.author),
        notes: words::notes(entry).iter().map(|note| clean(note)).collect(),
        changes: entry.changes.iter().map(change).collect(),
    }
}

/// The commit and the server, which no later run of the command changes.
fn anchor(entry: &Entry) -> String {
    let server: String = entry
        .server
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    format!("c-{}-{server}", words::short(&entry.commit))
}

fn blame(blame: &[Blame]) -> Vec<BlameView> {
    let row = |line: &Blame| BlameRow {
        setting: clean(&line.setting),
        value: clean(&line.value),
        before: line.before.as_deref().map_or_else(|| "(new)".to_owned(), clean),
        time: short(&line.time),
        commit: clean(words::short(&line.commit)),
        author: name(&line.author),
    };
    let view = |(server, path, lines): (&str, &[String], &[Blame])| {
        let old: Vec<BlameRow> = lines.iter().filter(|line| line.from_first).map(row).collect();
        BlameView {
            object: name(&path.join(" / ")),
            server: name(server),
            rows: lines.iter().filter(|line| !line.from_first).map(row).collect(),
            unchanged: words::unchanged(old.len()),
            old,
        }
    };
    words::by_object(blame).map(view).collect()
}

fn evidence(evidence: &Evidence, pairs: &[Pair]) -> EvidenceView {
    let deviation = |deviation: &Deviation| {
        let (primary, staging) = (&deviation.primary, &deviation.staging);
        let mut card = between(&deviation.drift.finding, &words::deviation(deviation), primary, staging);
        card.facts = words::life(deviation)
            .iter()
            .map(|(label, text)| fact(capital(label), text))
            .collect();
        card
    };
    let facts = words::evidence(evidence, pairs);
    EvidenceView {
        title: format!("Evidence of {} to {}", evidence.from, evidence.to),
        facts: facts.iter().map(|(label, text)| fact(capital(label), text)).collect(),
        runs: evidence.runs.iter().map(run).collect(),
        deviations: evidence.deviations.iter().map(deviation).collect(),
        register: evidence
            .acceptances
            .iter()
            .map(|entry| RegisterRow {
                what: clean(&entry.what),
                reason: clean(&entry.reason),
                owner: clean(&entry.owner),
                ticket: clean(entry.ticket.as_deref().unwrap_or_default()),
                expires: clean(&entry.expires),
                state: clean(&entry.state),
            })
            .collect(),
    }
}

fn run(run: &RunSeen) -> RunRow {
    RunRow {
        time: short(&run.time),
        command: clean(&run.command),
        class: match run.exit {
            2 => "drift",
            3 => "unknown",
            _ => "equal",
        },
        outcome: clean(&words::outcome(run)),
        commit: run.commit.as_deref().map(words::short).map(clean).unwrap_or_default(),
        servers: run
            .servers
            .iter()
            .map(|server| name(&words::server_of_run(server)))
            .collect(),
    }
}

/// A label that begins a line.
fn capital(label: &str) -> &'static str {
    match label {
        "runs" => "Runs",
        "no run on" => "No run on",
        "deviations" => "Deviations",
        "checked" => "Checked",
        "versions" => "Versions",
        "tip" => "Branch",
        "first seen" => "First seen",
        "last seen" => "Last seen",
        "resolved" => "Resolved",
        "accepted" => "Accepted",
        _ => "",
    }
}
