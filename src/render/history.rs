//! A history as text: servers, what is open since when, then every commit,
//! newest first.
//!
//! In: the result of `history`. Out: lines of at most 80 columns with ANSI
//! styles. Must not know: how anything was computed.

use super::finding::{VALUE, label, parts_of, values_of};
use super::headline::short_time;
use super::history_words as words;
use super::terminal::{BOLD, DIM, GOOD, Span, WARN, clean, name, paint, plain, wrap};
use crate::report::Finding;
use crate::report::history::{Blame, Drift, Entry, Evidence, History, KnownServer, Pair};

/// Changes of one commit that are printed.
const CHANGES: usize = 25;

/// Renders the history.
pub fn history(history: &History) -> String {
    let mut out = paint(BOLD, &format!("History of {}", name(&history.repository)));
    out.push_str(&format!(", branch {}\n", name(&history.options.branch)));
    for server in &history.servers {
        out.push_str(&known(server));
    }
    for warning in &history.warnings {
        out.push_str(&wrap("WARNING", VALUE, &plain(&warning.text)));
    }
    match &history.evidence {
        // What is open now is among the deviations, or not of the period.
        Some(evidence) => out.push_str(&pack(evidence, &history.pairs)),
        None => {
            for pair in &history.pairs {
                out.push_str(&of_pair(pair, history));
            }
        }
    }
    out.push_str(&blame(&history.blame));
    out.push_str(&format!("\n{}\n", paint(BOLD, &words::changes_title(history))));
    for entry in &history.entries {
        out.push_str(&commit(entry));
    }
    out
}

fn known(server: &KnownServer) -> String {
    wrap(
        &format!("  {} ", name(&server.server)),
        VALUE,
        &plain(&words::server(server)),
    )
}

fn of_pair(pair: &Pair, history: &History) -> String {
    let now = &history.generated;
    let (title, style) = (
        words::pair_title(pair, history.options.object.as_deref()),
        if pair.drift.is_empty() { GOOD } else { WARN },
    );
    let mut out = format!(
        "\n{}",
        wrap(
            "",
            0,
            &[Span {
                text: clean(&title),
                style: Some(style)
            }]
        )
    );
    for drift in &pair.drift {
        out.push_str(&open(drift, pair, now));
    }
    out
}

fn open(drift: &Drift, pair: &Pair, now: &str) -> String {
    let mut out = headed(&drift.finding, &words::what(&drift.finding, pair));
    out.push_str(&wrap("  open for", VALUE, &plain(&words::open_since(drift, now))));
    if let Some(accepted) = &drift.finding.accepted {
        out.push_str(&wrap("  accepted", VALUE, &plain(&words::accepted(accepted))));
    }
    out
}

/// A finding's severity and what it is about.
fn headed(finding: &Finding, what: &str) -> String {
    let text = wrap("", 8, &plain(what));
    format!("{} {}", label(finding), text.trim_start())
}

fn commit(entry: &Entry) -> String {
    let title = [
        Span {
            text: format!("{}  {}", short_time(&entry.time), name(&entry.server)),
            style: Some(BOLD),
        },
        Span {
            text: format!("  {}  {}", words::short(&entry.commit), name(&entry.author)),
            style: Some(DIM),
        },
    ];
    let mut out = format!("\n{}", wrap("", 0, &title));
    for note in words::notes(entry) {
        out.push_str(&wrap("  note", VALUE, &plain(&note)));
    }
    for change in entry.changes.iter().take(CHANGES) {
        out.push_str(&headed(change, &words::change(change)));
        out.push_str(&values_of(change, &("before".to_owned(), "after".to_owned())));
        out.push_str(&parts_of(change, ["no longer", "new"]));
    }
    match entry.changes.len().saturating_sub(CHANGES) {
        0 => out,
        more => format!("{out}  and {more} more changes; the other formats list them all\n"),
    }
}

fn blame(blame: &[Blame]) -> String {
    let mut out = String::new();
    for (server, path, lines) in words::by_object(blame) {
        let title = Span {
            text: clean(&format!("{server}: {}", path.join(" / "))),
            style: Some(BOLD),
        };
        let changed: Vec<&Blame> = lines.iter().filter(|line| !line.from_first).collect();
        let old = lines.len() - changed.len();
        if changed.is_empty() {
            out.push_str(&wrap(
                "",
                2,
                &[title, plain_span(&format!(": {}", words::unchanged(old)))],
            ));
            continue;
        }
        out.push_str(&wrap("", 2, &[title]));
        for line in changed {
            let label = format!(
                "    {}  {}",
                line.time.get(..10).unwrap_or_default(),
                words::short(&line.commit)
            );
            out.push_str(&wrap(&label, 28, &plain(&words::blame(line))));
        }
        if old > 0 {
            out.push_str(&wrap("", 28, &plain(&format!("and {}", words::unchanged(old)))));
        }
    }
    match out.is_empty() {
        true => out,
        false => format!("\n{}\n{out}", paint(BOLD, words::BLAME_TITLE)),
    }
}

fn plain_span(text: &str) -> Span {
    Span {
        text: clean(text),
        style: None,
    }
}

fn pack(evidence: &Evidence, pairs: &[Pair]) -> String {
    let title = format!("Evidence of {} to {}", evidence.from, evidence.to);
    let mut out = format!("\n{}\n", paint(BOLD, &title));
    for (label, text) in words::evidence(evidence, pairs) {
        out.push_str(&wrap(&format!("  {label}"), VALUE + 3, &plain(&text)));
    }
    for deviation in &evidence.deviations {
        out.push_str(&headed(&deviation.drift.finding, &words::deviation(deviation)));
        for (label, text) in words::life(deviation) {
            out.push_str(&wrap(&format!("  {label}"), VALUE + 3, &plain(&text)));
        }
    }
    for run in &evidence.runs {
        let servers: Vec<&str> = run.servers.iter().map(|server| server.server.as_str()).collect();
        let text = format!(
            "{}, {}: {}",
            short_time(&run.time),
            words::outcome(run),
            servers.join(", ")
        );
        out.push_str(&wrap("  run", VALUE + 3, &plain(&text)));
    }
    for entry in &evidence.acceptances {
        out.push_str(&wrap("  register", VALUE + 3, &plain(&words::register(entry))));
    }
    out
}
