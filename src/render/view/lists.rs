//! The long lists of a report: expected differences, what was checked, what
//! was read.
//!
//! In: a report. Out: groups with counts. Must not know: markup.

use super::area_title;
use super::server;
use crate::catalogue::Catalogue;
use crate::powershell;
use crate::render::accepted::unused_words;
use crate::render::finding::absent;
use crate::render::headline::grouped;
use crate::render::moved;
use crate::render::terminal::{clean, name};
use crate::report::{CheckedStatus, Finding, Report, Server};
use serde::Serialize;

/// Characters of a value in a list.
const LONG: usize = 160;

/// Expected differences.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    count: String,
    none: bool,
    groups: Vec<Group>,
}

/// Those of one reason.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    reason: String,
    primary: String,
    staging: String,
    count: usize,
    more: usize,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    object: String,
    setting: String,
    primary: String,
    staging: String,
}

/// Expected differences by their reason, the most frequent last: it says least.
pub fn expected(report: &Report, rows: usize) -> Expected {
    let mut groups: Vec<Group> = Vec::new();
    for finding in &report.expected {
        let reason = clean(finding.reason.as_deref().unwrap_or_default());
        let at = groups
            .iter()
            .position(|group| group.reason == reason)
            .unwrap_or_else(|| {
                groups.push(Group {
                    reason,
                    primary: server::names(report).0,
                    staging: server::names(report).1,
                    count: 0,
                    more: 0,
                    rows: Vec::new(),
                });
                groups.len() - 1
            });
        let group = &mut groups[at];
        group.count += 1;
        match group.rows.len() < rows {
            true => group.rows.push(row(finding)),
            false => group.more += 1,
        }
    }
    groups.sort_by_key(|group| group.count);
    Expected {
        count: grouped(report.expected.len() as u64),
        none: groups.is_empty(),
        groups,
    }
}

fn row(finding: &Finding) -> Row {
    let value = |value: &Option<String>| match value {
        Some(text) => cut(&clean(text)),
        None => absent(&finding.id),
    };
    let path: Vec<String> = finding.object_path.iter().map(|part| name(part)).collect();
    Row {
        object: path.join(" / "),
        setting: clean(&finding.setting),
        primary: value(&finding.primary),
        staging: value(&finding.staging),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONG) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}

/// Catalogue rows of an area.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    title: String,
    equal: usize,
    drift: usize,
    unknown: usize,
    absent: usize,
    rows: Vec<Check>,
}

#[derive(Debug, Serialize)]
struct Check {
    id: String,
    title: String,
    objects: usize,
    status: &'static str,
}

/// What was checked, by area.
pub fn areas(report: &Report) -> Vec<Area> {
    let mut areas: Vec<(&str, Area)> = Vec::new();
    for row in &report.checked {
        let at = areas.iter().position(|(area, _)| *area == row.area).unwrap_or_else(|| {
            let area = Area {
                title: area_title(&row.area),
                equal: 0,
                drift: 0,
                unknown: 0,
                absent: 0,
                rows: Vec::new(),
            };
            areas.push((&row.area, area));
            areas.len() - 1
        });
        let area = &mut areas[at].1;
        let status = match row.status {
            CheckedStatus::Equal => {
                area.equal += 1;
                "equal"
            }
            CheckedStatus::Drift => {
                area.drift += 1;
                "drift"
            }
            CheckedStatus::Unknown => {
                area.unknown += 1;
                "unknown"
            }
            CheckedStatus::NotPresent => {
                area.absent += 1;
                continue;
            }
        };
        area.rows.push(Check {
            id: clean(&row.id),
            title: title_of(&row.id),
            objects: row.objects,
            status,
        });
    }
    areas.into_iter().map(|(_, area)| area).collect()
}

fn title_of(id: &str) -> String {
    Catalogue::builtin()
        .row(id)
        .map_or_else(|| clean(id), |row| row.title.clone())
}

/// Entries of the file of accepted drift that accept nothing.
pub fn unused(report: &Report) -> Vec<String> {
    report
        .unused_acceptances
        .iter()
        .map(|entry| clean(&unused_words(report, entry)))
        .collect()
}

/// Input files of a server.
#[derive(Debug, Serialize)]
pub struct Files {
    server: String,
    count: usize,
    files: Vec<FileRow>,
}

#[derive(Debug, Serialize)]
struct FileRow {
    path: String,
    sha256: String,
}

/// Every file that was read.
pub fn files(report: &Report) -> Vec<Files> {
    let of = |server: &Server| Files {
        server: name(&server.server),
        count: server.files.len(),
        files: server
            .files
            .iter()
            .map(|file| FileRow {
                path: name(&file.path),
                sha256: clean(&file.sha256),
            })
            .collect(),
    };
    let mut files = vec![of(&report.primary), of(&report.staging)];
    files.extend(moved::states(report).into_iter().map(|state| Files {
        server: format!("{}, approved", name(&state.server)),
        ..of(state)
    }));
    if let Some(file) = &report.options.accept {
        files.push(Files {
            server: "Accepted drift".to_owned(),
            count: 1,
            files: vec![FileRow {
                path: name(&file.path),
                sha256: clean(&file.sha256),
            }],
        });
    }
    files
}

/// How to see the whole configuration of a server.
#[derive(Debug, Serialize)]
pub struct DocumentCommand {
    server: String,
    command: String,
}

/// The command line for each server.
pub fn commands(report: &Report) -> Vec<DocumentCommand> {
    [&report.primary, &report.staging]
        .map(|server| DocumentCommand {
            server: name(&server.server),
            command: format!(
                "syncdrift document {} -o {}.html",
                argument(&server.source),
                file_name(&server.server)
            ),
        })
        .into()
}

/// An argument as a person would type it; whatever a shell could take for its own is quoted.
fn argument(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/\\._-:".contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        true => text.to_owned(),
        false => powershell::quote(text),
    }
}

/// A server's name as far as a file can have it.
fn file_name(server: &str) -> String {
    let name: String = server
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
        .collect();
    match name.trim_start_matches('-') {
        "" => "server".to_owned(),
        name => name.to_owned(),
    }
}
