//! The picture of a history: a lane of commits for each server, and a bar for
//! each open difference.
//!
//! In: the result of `history`. Out: places in percent of the width. Must not
//! know: any markup.

use super::severity_words;
use crate::render::headline::short_time;
use crate::render::history_words as words;
use crate::render::terminal::name;
use crate::report::Status;
use crate::report::history::{Entry, History};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

/// Open differences that get a bar; the list has them all.
const BARS: usize = 12;
/// Marks of the axis.
const TICKS: usize = 6;

/// The picture.
#[derive(Debug, Serialize)]
pub struct Timeline {
    lanes: Vec<Lane>,
    bars: Vec<Bar>,
    more: usize,
    ticks: Vec<Tick>,
}

/// Commits of a server.
#[derive(Debug, Serialize)]
struct Lane {
    name: String,
    /// What it shows, for those who do not see it.
    summary: String,
    dots: Vec<Dot>,
}

/// A commit.
#[derive(Debug, Serialize)]
struct Dot {
    x: String,
    class: &'static str,
    /// Radius in pixels.
    r: u32,
    title: String,
}

/// An open difference.
#[derive(Debug, Serialize)]
struct Bar {
    what: String,
    class: &'static str,
    x: String,
    width: String,
    title: String,
}

/// A mark of the axis.
#[derive(Debug, Serialize)]
struct Tick {
    x: String,
    label: String,
    /// The label ends here and does not begin.
    last: bool,
}

/// From the first to the last moment.
struct Axis {
    begin: i64,
    end: i64,
}

impl Axis {
    fn at(&self, time: i64) -> f64 {
        let (time, length) = (
            time.clamp(self.begin, self.end) - self.begin,
            (self.end - self.begin).max(1),
        );
        // Room for half a dot on both sides. Exact: years of seconds are small numbers.
        1.0 + 98.0 * time as f64 / length as f64
    }
}

fn percent(x: f64) -> String {
    format!("{x:.2}%")
}

fn seconds(iso: &str) -> Option<i64> {
    iso.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

impl Timeline {
    /// The picture; none where nothing lies between two moments.
    pub fn of(history: &History) -> Option<Timeline> {
        let entries = history.entries.iter().filter_map(|entry| seconds(&entry.time));
        let drift = || {
            history
                .pairs
                .iter()
                .flat_map(|pair| pair.drift.iter().map(move |drift| (pair, drift)))
        };
        let begun = drift().filter_map(|(_, drift)| seconds(&drift.first.time));
        let seen = history.servers.iter().filter_map(|server| seconds(&server.exported));
        let all: Vec<i64> = entries.chain(begun).chain(seen).collect();
        let axis = Axis {
            begin: *all.iter().min()?,
            end: *all.iter().max()?,
        };
        if axis.begin == axis.end {
            return None;
        }
        let lanes: Vec<Lane> = history
            .servers
            .iter()
            .map(|server| lane(&axis, history, &server.server))
            .collect();
        let bars: Vec<Bar> = drift()
            .filter_map(|(pair, drift)| {
                let x = axis.at(seconds(&drift.first.time)?);
                let mut what = words::what(&drift.finding, pair);
                if history.pairs.len() > 1 {
                    what = format!("{}, {}: {what}", pair.primary, pair.staging);
                }
                Some(Bar {
                    title: format!("{}, since {}", name(&what), name(&words::since(drift))),
                    what: name(&what),
                    class: match drift.finding.status {
                        Status::Accepted => "accepted",
                        _ => severity_words(drift.finding.severity).0,
                    },
                    x: percent(x),
                    width: percent((99.0 - x).max(0.4)),
                })
            })
            .collect();
        Some(Timeline {
            lanes,
            more: bars.len().saturating_sub(BARS),
            bars: bars.into_iter().take(BARS).collect(),
            ticks: ticks(&axis),
        })
    }
}

fn lane(axis: &Axis, history: &History, server: &str) -> Lane {
    let own = history.entries.iter().filter(|entry| entry.server == server);
    let dots: Vec<Dot> = own.filter_map(|entry| dot(axis, entry)).collect();
    Lane {
        name: name(server),
        summary: format!(
            "{} commits from {} to {}, listed below",
            dots.len(),
            day(axis.begin),
            day(axis.end)
        ),
        dots,
    }
}

fn dot(axis: &Axis, entry: &Entry) -> Option<Dot> {
    let worst = entry.changes.iter().map(|change| change.severity).max();
    let (class, size) = match worst {
        _ if entry.first => ("first", 4),
        Some(worst) => (severity_words(worst).0, 6),
        None => ("none", 4),
    };
    let changes = match entry.changes.len() {
        _ if entry.first => "first snapshot".to_owned(),
        0 => words::notes(entry).join("; "),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    Some(Dot {
        x: percent(axis.at(seconds(&entry.time)?)),
        class,
        r: size,
        title: format!("{}: {changes}", name(&short_time(&entry.time))),
    })
}

fn day(time: i64) -> String {
    date(time).map_or_else(String::new, |date| date.to_string())
}

fn date(time: i64) -> Option<Date> {
    Some(Timestamp::from_second(time).ok()?.to_zoned(TimeZone::UTC).date())
}

/// Whole days at even distances.
fn ticks(axis: &Axis) -> Vec<Tick> {
    let (Some(first), Some(last)) = (date(axis.begin), date(axis.end)) else {
        return Vec::new();
    };
    let days = usize::try_from((last - first).get_days()).unwrap_or_default();
    let step = days.div_ceil(TICKS - 1).max(1);
    let mut ticks = Vec::new();
    let mut end = 0.0;
    for days in (0..=days).step_by(step) {
        let at = i64::try_from(days)
            .ok()
            .and_then(|days| first.checked_add(days.days()).ok());
        let time = at.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
        if let (Some(date), Some(time)) = (at, time) {
            let x = axis.at(time.timestamp().as_second());
            ticks.push(Tick {
                x: percent(x),
                label: date.to_string(),
                last: x > 85.0,
            });
            end = x;
        }
    }
    if end < 88.0 {
        ticks.push(Tick {
            x: percent(axis.at(axis.end)),
            label: last.to_string(),
            last: true,
        });
    }
    ticks
}
