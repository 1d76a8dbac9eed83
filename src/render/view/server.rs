//! A server at the head of a report.
//!
//! In: a server. Out: its name, role, build, time and age in words. Must not
//! know: findings.

use crate::render::headline::short_time;
use crate::render::moved;
use crate::render::terminal::{clean, name};
use crate::report::{Report, Server};
use jiff::{Timestamp, Unit};
use serde::Serialize;

/// A server.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerView {
    role: &'static str,
    name: String,
    mode: &'static str,
    build: String,
    exported: String,
    age: String,
    source: String,
    files: usize,
}

/// What both sides are called beside values; two exports of one server by their order.
pub fn names(report: &Report) -> (String, String) {
    let (left, right) = (name(&report.primary.server), name(&report.staging.server));
    match left.eq_ignore_ascii_case(&right) {
        true => (format!("{left}, before"), format!("{right}, after")),
        false => (left, right),
    }
}

/// Primary and staging.
pub fn both(report: &Report) -> Vec<ServerView> {
    let (left, right) = match report.options.same_server {
        true => ("Before", "After"),
        false => ("Primary", "Staging"),
    };
    vec![
        of(left, &report.primary, &report.generated),
        of(right, &report.staging, &report.generated),
    ]
}

/// The approved states, if there are any.
pub fn approved(report: &Report) -> Vec<ServerView> {
    let states = moved::states(report);
    let roles: &[&'static str] = match states.len() {
        2 => &["Approved, primary", "Approved, staging"],
        _ => &["Approved state"],
    };
    let view = |(role, state): (&&'static str, &Server)| of(role, state, &report.generated);
    roles.iter().zip(states).map(view).collect()
}

/// A fact about both servers.
#[derive(Debug, Serialize)]
pub struct Row {
    label: &'static str,
    primary: String,
    staging: String,
}

/// The same as rows of a table.
pub fn rows(servers: &[ServerView]) -> Vec<Row> {
    let [primary, staging] = servers else {
        return Vec::new();
    };
    let exported = |server: &ServerView| match server.age.as_str() {
        "" => server.exported.clone(),
        age => format!("{} ({age})", server.exported),
    };
    let row = |label, of: &dyn Fn(&ServerView) -> String| Row {
        label,
        primary: of(primary),
        staging: of(staging),
    };
    vec![
        row("Side", &|server| server.role.to_owned()),
        row("Role", &|server| server.mode.to_owned()),
        row("Build", &|server| server.build.clone()),
        row("Exported", &exported),
        row("Source", &|server| server.source.clone()),
    ]
}

/// A server, of which one role is known.
pub fn of(role: &'static str, server: &Server, now: &str) -> ServerView {
    ServerView {
        role,
        name: name(&server.server),
        mode: match server.staging_mode {
            Some(true) => "staging mode",
            Some(false) => "active",
            None => "role unknown",
        },
        build: server.version.as_deref().map_or_else(|| "unknown".to_owned(), name),
        exported: server.exported.as_deref().map_or_else(|| "unknown".to_owned(), short),
        age: server
            .exported
            .as_deref()
            .and_then(|then| age(then, now))
            .unwrap_or_default(),
        source: name(&server.source),
        files: server.files.len(),
    }
}

/// `2026-11-20 23:30 UTC`
pub fn short(iso: &str) -> String {
    let text = short_time(iso);
    clean(
        &text
            .strip_suffix('Z')
            .map_or(text.clone(), |time| format!("{time} UTC")),
    )
}

/// `3 h 30 min old`, to two units.
fn age(then: &str, now: &str) -> Option<String> {
    let (then, now): (Timestamp, Timestamp) = (then.parse().ok()?, now.parse().ok()?);
    let minutes = (now - then).total(Unit::Minute).ok()?.floor();
    if minutes < 0.0 {
        return Some("from the future".to_owned());
    }
    // Exact: years of minutes are small numbers.
    let minutes = minutes as u64;
    Some(match minutes {
        0..60 => format!("{minutes} min old"),
        60..2_880 => format!("{} h {} min old", minutes / 60, minutes % 60),
        _ => format!("{} days old", minutes / 1_440),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_well() {
        let age = |then| age(then, "2026-11-21T03:00:00Z").unwrap();
        assert_eq!(age("2026-11-21T02:31:10Z"), "28 min old");
        assert_eq!(age("2026-11-20T23:30:00Z"), "3 h 30 min old");
        assert_eq!(age("2026-11-01T00:00:00Z"), "20 days old");
        assert_eq!(age("2026-11-22T00:00:00Z"), "from the future");
    }
}
