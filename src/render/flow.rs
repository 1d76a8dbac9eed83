//! The path of an attribute as text: a picture that runs from the source down
//! through the rules to the target.
//!
//! In: the result of `flow`. Out: lines of at most 80 columns with ANSI styles
//! (the caller strips them where they are not wanted). Must not know: how
//! anything was computed.

use super::flow_words as words;
use super::headline::gap_words;
use super::terminal::{BOLD, DIM, GOOD, Span, WARN, clean, name, plain, wrap};
use super::text::server;
use crate::report::flow::{Flow, FlowPath, FlowStep, Standing};

/// How much to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Which rule wins.
    Winners,
    /// Every rule on the path.
    Rules,
    /// Join conditions, and scopes of rules that flow nothing, too.
    Everything,
}

/// Column where values begin at the head.
const VALUE: usize = 11;
/// Column of the line that runs down.
const LINE: usize = 4;
/// Column where values of a rule begin.
const RULE: usize = 16;
/// Gaps that are printed.
const GAPS: usize = 10;

/// Renders the path.
pub fn flow(flow: &Flow, detail: Detail) -> String {
    let mut out = head(flow);
    let mut bare: Vec<String> = Vec::new();
    for path in &flow.paths {
        let inbound = words::of_path(&flow.inbound, path);
        let outbound = words::of_path(&flow.outbound, path);
        if inbound.is_empty() && outbound.is_empty() {
            bare.push(words::path_name(path));
        } else if detail == Detail::Winners {
            out.push_str(&winners(path, &inbound, &outbound));
        } else {
            out.push_str(&picture(path, &inbound, &outbound, detail));
        }
    }
    if !bare.is_empty() {
        let text = format!("No live rule feeds or reads {}.", bare.join(", "));
        out.push_str(&format!("\n{}", wrap("", 0, &plain(&text))));
    }
    if detail != Detail::Winners {
        out.push_str(&apart(flow, detail));
        out.push_str(&hints(flow));
    }
    out
}

fn head(flow: &Flow) -> String {
    let title = [
        span(name(&flow.attribute), BOLD),
        plain_span(&format!(": {}", words::headline(flow))),
    ];
    let mut out = wrap("", 2, &title).trim_start().to_owned();
    out.push_str(&server("server", &flow.server));
    for gap in flow.gaps.iter().take(GAPS) {
        out.push_str(&wrap("NOT READ", VALUE, &plain(&gap_words(gap))));
    }
    if flow.gaps.len() > GAPS {
        let more = format!("and {} more gaps", flow.gaps.len() - GAPS);
        out.push_str(&wrap("", VALUE, &plain(&more)));
    }
    if !flow.gaps.is_empty() {
        let text = "Rules that could not be read may feed or read it, too.";
        out.push_str(&wrap("INCOMPLETE", VALUE, &plain(text)));
    }
    for note in words::notes(flow) {
        out.push_str(&wrap("note", VALUE, &plain(&note)));
    }
    out
}

fn winners(path: &FlowPath, inbound: &[&FlowStep], outbound: &[&FlowStep]) -> String {
    let mut out = String::new();
    for step in inbound.iter().filter(|step| step.winner) {
        let text = format!(
            "{} <- {} [{}]: {}",
            words::path_name(path),
            step.source,
            step.connector,
            step.rule
        );
        out.push_str(&wrap("", 2, &plain(&text)));
    }
    for step in outbound.iter().filter(|step| step.winner) {
        let text = format!("{} -> {}: {}", words::path_name(path), target(step), step.rule);
        out.push_str(&wrap("", 2, &plain(&text)));
    }
    out
}

fn picture(path: &FlowPath, inbound: &[&FlowStep], outbound: &[&FlowStep], detail: Detail) -> String {
    let (fed, joining): (Vec<&FlowStep>, Vec<&FlowStep>) = inbound.iter().partition(|step| step.target.is_some());
    let (read, scoping): (Vec<&FlowStep>, Vec<&FlowStep>) = outbound.iter().partition(|step| step.target.is_some());
    let mut out = String::from("\n");
    for step in &fed {
        let place = format!("{} {}: ", step.connector, step.connector_object_type);
        out.push_str(&wrap("", 2, &[plain_span(&place), span(clean(&step.source), BOLD)]));
        out.push_str(&rule(step, detail));
    }
    out.push_str(match fed.as_slice() {
        [] => "  (no live rule feeds it)\n",
        _ => "    v\n",
    });
    let title = format!("METAVERSE {}", words::path_name(path));
    out.push_str(&wrap("", 2, &[span(clean(&title), BOLD)]));
    for (at, step) in read.iter().enumerate() {
        out.push_str(&rule(step, detail));
        // Rules of one target stand above it together.
        if read.get(at + 1).is_none_or(|next| target(next) != target(step)) {
            out.push_str("    v\n");
            out.push_str(&wrap("", 2, &[span(clean(&target(step)), BOLD)]));
        }
    }
    if read.is_empty() {
        out.push_str("  (no live rule flows it out)\n");
    }
    let others: Vec<&FlowStep> = joining.into_iter().chain(scoping).collect();
    if !others.is_empty() {
        out.push_str("\n  Rules that only scope or join by it:\n");
        out.extend(others.into_iter().map(|step| other(step, detail)));
    }
    out
}

/// A rule beside the line that runs down.
fn rule(step: &FlowStep, detail: Detail) -> String {
    let style = match step.standing {
        Standing::Wins | Standing::Combines => Some(GOOD),
        Standing::Mixed | Standing::Undefined => Some(WARN),
        Standing::Follows | Standing::Silent | Standing::NoFlow => None,
    };
    let standing = Span {
        text: format!("{}: {}", words::rank(step), words::standing(step)),
        style,
    };
    let mut out = line("", &[span(name(&step.rule), BOLD)]);
    out.push_str(&line("", &[standing]));
    if let Some(behind) = &step.behind {
        out.push_str(&line("first", &plain(behind)));
    }
    if !matches!(step.direction, crate::report::flow::Way::Inbound) {
        out.push_str(&line("source", &plain(&step.source)));
    }
    out.push_str(&line("scope", &plain(&step.scope)));
    if let Some(join) = step.join.as_ref().filter(|_| detail == Detail::Everything) {
        out.push_str(&line("join", &plain(join)));
    }
    out.push_str(&line("rule", &plain(&words::settings(step))));
    out
}

/// Lines to the right of the one that runs down.
fn line(label: &str, spans: &[Span]) -> String {
    let indent = if label.is_empty() { LINE + 3 } else { RULE };
    let label = format!("{}{label}", " ".repeat(LINE + 3));
    let text = wrap(&label, indent, spans);
    // Every line begins with blanks, save one that is empty.
    let rest = |line: &str| line.get(LINE + 1..).unwrap_or_default().to_owned();
    text.lines()
        .map(|line| format!("{}|{}\n", " ".repeat(LINE), rest(line)))
        .collect()
}

fn other(step: &FlowStep, detail: Detail) -> String {
    let mut text = format!("{} ({}): {}", step.rule, step.connector, words::use_of(step));
    if detail == Detail::Everything {
        text.push_str(&format!("; {}; scope {}", words::settings(step), step.scope));
        if let Some(join) = &step.join {
            text.push_str(&format!("; join {join}"));
        }
    }
    wrap("    -", 6, &plain(&text))
}

/// Rules that name a connector's attribute and are on no path.
fn apart(flow: &Flow, detail: Detail) -> String {
    let steps = words::apart(flow);
    if steps.is_empty() {
        return String::new();
    }
    let title = format!("Other rules that name {}:", flow.attribute);
    let mut out = format!("\n{}", wrap("", 0, &plain(&title)));
    for step in steps {
        out.push_str(&match &step.target {
            None => other(step, detail),
            Some(_) => wrap(
                "    -",
                6,
                &plain(&format!("{} -> {}: {}", step.source, target(step), step.rule)),
            ),
        });
    }
    out
}

fn hints(flow: &Flow) -> String {
    let mut out = String::new();
    for hint in &flow.see_also {
        out.push_str(&wrap(
            "see also",
            VALUE,
            &[span(clean(&words::hint(hint, &flow.attribute)), DIM)],
        ));
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}

/// `contoso.onmicrosoft.com - AAD user: department`
fn target(step: &FlowStep) -> String {
    format!(
        "{} {}: {}",
        step.connector,
        step.connector_object_type,
        step.target.as_deref().unwrap_or_default()
    )
}

fn span(text: String, style: anstyle::Style) -> Span {
    Span {
        text,
        style: Some(style),
    }
}

fn plain_span(text: &str) -> Span {
    Span {
        text: clean(text),
        style: None,
    }
}
