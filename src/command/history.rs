//! `history`: changes of servers over time.

use super::accepted;
use super::output;
use super::page::{Forms, Page};
use crate::catalogue::Catalogue;
use crate::cli::History as Arguments;
use crate::history::{self, Period, Request, Since};
use crate::render;
use crate::snapshot::Repository;
use anyhow::{Result, anyhow, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Runs the command; the exit code.
///
/// # Errors
/// Anything that makes the exit code 2.
pub fn run(arguments: &Arguments) -> Result<u8> {
    let page = Page::prepare(&arguments.page)?;
    for sink in &page.sinks {
        sink.refuse(arguments.accept.iter().cloned())?;
    }
    let request = request(arguments)?;
    let repository = Repository::open(&arguments.repo)?;
    let history = history::history(&repository, &request, Catalogue::builtin())?;
    let forms = Forms {
        text: &|| render::history(&history),
        markdown: &|templates| render::history_markdown(&history, templates),
        html: &|templates| render::history_html(&history, templates),
    };
    page.write(&history, &forms)?;
    Ok(0)
}

fn request(arguments: &Arguments) -> Result<Request> {
    let now = output::now()?;
    Ok(Request {
        source: output::shown(&arguments.repo),
        branch: arguments.branch.clone(),
        server: arguments.server.clone(),
        object: arguments.object.clone(),
        since: arguments.since.as_deref().map(|text| since(text, now)).transpose()?,
        evidence: arguments.evidence.as_deref().map(period).transpose()?,
        accepted: arguments.accept.as_deref().map(accepted::read).transpose()?,
        now,
        now_is_set: output::now_is_set(),
    })
}

/// A day, a time, or so many days or weeks back.
fn since(text: &str, now: i64) -> Result<Since> {
    let unknown = || {
        anyhow!(
            "--since {text:?}: write a day (2026-10-01), a time (2026-10-01T03:00Z), or days or weeks back (30d, 8w)"
        )
    };
    let begin = |date: Date| -> Result<i64> { Ok(date.to_zoned(TimeZone::UTC)?.timestamp().as_second()) };
    let back = [("d", 1), ("w", 7)].into_iter().find_map(|(unit, days)| {
        let count: i64 = text.strip_suffix(unit)?.parse().ok()?;
        (0..=36_500).contains(&count).then_some(count * days)
    });
    if let Some(days) = back {
        let today = Timestamp::from_second(now)?.to_zoned(TimeZone::UTC).date();
        let day = today.checked_sub(days.days()).map_err(|_| unknown())?;
        return Ok(Since {
            said: day.to_string(),
            time: begin(day)?,
        });
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(Since {
            said: time.to_string(),
            time: time.as_second(),
        });
    }
    let day: Date = text.parse().map_err(|_| unknown())?;
    Ok(Since {
        said: day.to_string(),
        time: begin(day)?,
    })
}

/// Two days, both included.
fn period(text: &str) -> Result<Period> {
    let unknown = || anyhow!("--evidence {text:?}: write the first and the last day, as 2026-07-01..2026-09-30");
    let (from, to) = text.split_once("..").ok_or_else(unknown)?;
    let day = |text: &str| text.trim().parse::<Date>().map_err(|_| unknown());
    let (from, to) = (day(from)?, day(to)?);
    if to < from {
        bail!("--evidence {text:?}: the first day comes after the last one");
    }
    let next = to.tomorrow().map_err(|_| unknown())?;
    let begin = |date: Date| -> Result<i64> { Ok(date.to_zoned(TimeZone::UTC)?.timestamp().as_second()) };
    Ok(Period {
        from: from.to_string(),
        to: to.to_string(),
        begins: begin(from)?,
        ends: begin(next)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn times_are_read() {
        let now = 1_795_000_000;
        assert_eq!(since("2026-10-01", now).unwrap().time, 1_790_812_800);
        assert_eq!(since("2026-10-01T03:00Z", now).unwrap().time, 1_790_823_600);
        assert_eq!(since("1w", now).unwrap().said, "2026-11-11");
        for wrong in ["", "d", "-3d", "9999999999d", "yesterday", "2026-13-01"] {
            assert!(since(wrong, now).is_err(), "{wrong}");
        }
    }

    #[test]
    fn periods_are_read() {
        let days = period("2026-10-01..2026-10-02").unwrap();
        assert_eq!(days.ends - days.begins, 2 * 86_400);
        for wrong in ["", "2026-10-01", "2026-10-02..2026-10-01", "2026-10-01..", "x..y"] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }
}
