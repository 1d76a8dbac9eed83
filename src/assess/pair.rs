//! Facts about the two servers together: wrong pairs, tenants, times.
//!
//! In: both configurations. Out: findings, warnings, and the error of
//! comparing a server with itself. Must not know: rules.

use super::context::{Context, Side, server_name, text};
use super::finding::Drafts;
use super::tenants::{tenants, witness};
use super::{twice, unknown};
use crate::catalogue::ids;
use crate::model::{Configuration, on_one_line};
use crate::report::{Status, Warning};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// Hours between two records of which the one need not tell of the other.
pub const FAR_APART: i64 = 24;

/// Two inputs that cannot be primary and staging.
#[derive(Debug, thiserror::Error)]
pub enum WrongPair {
    /// One folder twice.
    #[error(
        "{}: the same input stands on both sides; name two exports, or add --same-server to compare two exports of one server over time",
        on_one_line(path)
    )]
    SameSource {
        /// The input.
        path: String,
    },
    /// One server twice.
    #[error(
        "{} and {} are both exports of the server {server}; name the export of the other server, or add --same-server to compare one server over time",
        on_one_line(left),
        on_one_line(right)
    )]
    SameServer {
        /// Name of the server.
        server: String,
        /// The primary's source.
        left: String,
        /// Staging's source.
        right: String,
    },
}

/// Refuses two exports of one server.
///
/// # Errors
/// Both exports carry the same server name.
pub fn wrong_pair(left: &Configuration, right: &Configuration) -> Result<(), WrongPair> {
    let (Some(l), Some(r)) = (text(left, ids::SERVER_NAME), text(right, ids::SERVER_NAME)) else {
        return Ok(());
    };
    if l.eq_ignore_ascii_case(&r) {
        return Err(WrongPair::SameServer {
            server: l,
            left: left.source.clone(),
            right: right.source.clone(),
        });
    }
    Ok(())
}

/// Two tenants are never a pair.
pub fn judge(context: &Context<'_>, drafts: &mut Drafts) {
    if context.options.same_server {
        return;
    }
    unknown_roles(context, drafts);
    match witness(context.left, context.right) {
        Some((l, r)) if !l.eq_ignore_ascii_case(&r) => {
            drafts.push(context.pair_finding(context.row(ids::ENTRA_TENANT), Some(l), Some(r)));
        }
        None if tenants(context.left).is_some() && tenants(context.right).is_some() => unknown_tenant(context, drafts),
        _ => {}
    }
}

/// Nobody can tell that two servers are a pair while their tenants cannot be compared.
fn unknown_tenant(context: &Context<'_>, drafts: &mut Drafts) {
    let shown =
        |configuration: &Configuration| tenants(configuration).and_then(|known| known.into_iter().flatten().next());
    let (left, right) = (shown(context.left), shown(context.right));
    let mut finding = context.pair_finding(context.row(ids::ENTRA_TENANT), left, right);
    finding.status = Status::Unknown;
    finding.consequences.push(
        "Account, name and sign-in authority of the Entra connectors do not tell whether both belong to one tenant."
            .to_owned(),
    );
    drafts.push(finding);
}

/// Whether the tenants were compared.
pub fn tenant_is_known(context: &Context<'_>) -> bool {
    witness(context.left, context.right).is_some()
}

/// Whether there is an Entra connector, but nobody can tell that both belong to one tenant.
pub fn tenant_is_unknown(context: &Context<'_>) -> bool {
    let some = tenants(context.left).is_some() || tenants(context.right).is_some();
    some && witness(context.left, context.right).is_none()
}

/// A server whose role cannot be told may be a second active one.
fn unknown_roles(context: &Context<'_>, drafts: &mut Drafts) {
    let role = |configuration: &Configuration| text(configuration, ids::STAGING_MODE);
    let known = |text: &Option<String>| text.as_deref().and_then(crate::normalise::flag).is_some();
    let (left, right) = (role(context.left), role(context.right));
    if known(&left) && known(&right) {
        return;
    }
    let unknown: Vec<String> = [(&left, context.left), (&right, context.right)]
        .into_iter()
        .filter(|(role, _)| !known(role))
        .map(|(_, configuration)| server_name(configuration))
        .collect();
    let unknown = unknown.join(" or ");
    let mut finding = context.pair_finding(context.row(ids::STAGING_MODE), left, right);
    finding.status = Status::Unknown;
    finding.fix = unknown::export_again(&unknown).into();
    finding.consequences.push(format!(
        "The export does not say whether {} is active or in staging mode.",
        unknown
    ));
    // The raw difference is this finding, not an expected one.
    drafts.expected.retain(|other| other.id != ids::STAGING_MODE);
    drafts.findings.retain(|other| other.id != ids::STAGING_MODE);
    drafts.push(finding);
}

/// Warnings: exports far apart or from the future, and bounds that were reached.
pub fn warnings(context: &Context<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let time = |configuration: &Configuration| text(configuration, ids::EXPORT_DATE).and_then(|date| instant(&date));
    let (left, right) = (time(context.left), time(context.right));
    if let (Some(l), Some(r)) = (left, right) {
        let hours = (l.as_second() - r.as_second()).abs() / 3_600;
        if hours >= FAR_APART && !context.options.same_server {
            warnings.push(Warning {
                id: ids::EXPORTS_FAR_APART.to_owned(),
                text: format!(
                    "The exports are {} apart: {} was exported at {}, {} at {}. A change in between looks like drift.",
                    days(hours),
                    server_name(context.left),
                    iso(l.as_second()),
                    server_name(context.right),
                    iso(r.as_second())
                ),
            });
        }
    }
    for (configuration, time) in [(context.left, left), (context.right, right)] {
        if let Some(time) = time.filter(|time| time.as_second() > context.options.now + 300) {
            warnings.push(Warning {
                id: ids::EXPORT_FROM_FUTURE.to_owned(),
                text: format!(
                    "The export of {} is dated {}, which is in the future: check the clock of that server and of this one.",
                    server_name(configuration),
                    iso(time.as_second())
                ),
            });
        }
    }
    for configuration in [context.left, context.right] {
        warnings.extend(unknown_header(configuration));
    }
    warnings.extend([context.left, context.right].into_iter().filter_map(withheld));
    let names = [context.left, context.right].map(|server| text(server, ids::SERVER_NAME));
    if let [Some(left), Some(right)] = names
        && context.options.same_server
        && !left.eq_ignore_ascii_case(&right)
    {
        warnings.push(Warning {
            id: "names-differ".to_owned(),
            text: format!(
                "--same-server was given, but the exports are of {left} and {right}: what two servers must not share was \
                 not judged. Compare again without it unless the server was renamed."
            ),
        });
    }
    let role = |configuration: &Configuration| {
        text(configuration, ids::STAGING_MODE).and_then(|text| crate::normalise::flag(&text))
    };
    if !context.options.same_server && role(context.left) == Some(true) && role(context.right) == Some(false) {
        warnings.push(Warning {
            id: "roles-swapped".to_owned(),
            text: format!(
                "{} stands on the primary's side but is in staging mode, and {} is active: name the active server first.",
                server_name(context.left),
                server_name(context.right)
            ),
        });
    }
    for side in [Side::Primary, Side::Staging] {
        warnings.extend(twice::warnings(context, side));
    }
    warnings.extend(set_time(context));
    for note in &context.comparison.notes {
        warnings.push(Warning {
            id: "too-many-candidates".to_owned(),
            text: note.clone(),
        });
    }
    warnings
}

/// A snapshot holds no secrets, so nobody knows whether they differ.
fn withheld(configuration: &Configuration) -> Option<Warning> {
    let count = configuration.withheld;
    (count > 0).then(|| Warning {
        id: "secrets-withheld".to_owned(),
        text: format!(
            "{} is a snapshot, which holds no secrets: {count} settings with passwords, keys and the like were compared \
             without them. Compare two exports to see whether they differ.",
            on_one_line(&configuration.source)
        ),
    })
}

/// What the head of the global settings should say and does not. A missing document is a gap already.
fn unknown_header(configuration: &Configuration) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if configuration
        .of_kind(ids::kinds::GLOBAL)
        .all(|(_, object)| object.partial)
    {
        return warnings;
    }
    let server = server_name(configuration);
    let date = text(configuration, ids::EXPORT_DATE);
    if date.as_deref().and_then(instant).is_none() {
        let says = date.map_or_else(
            || "does not say when it was made".to_owned(),
            |date| format!("says it was made at {date:?}, which is no date"),
        );
        warnings.push(Warning {
            id: "export-date-unknown".to_owned(),
            text: format!(
                "The export of {server} {says}: its age is unknown, and nobody can tell whether a change was made \
                 between the two exports. Export again with `Get-ADSyncServerConfiguration -Path`."
            ),
        });
    }
    if text(configuration, ids::SERVER_NAME).is_none() {
        warnings.push(Warning {
            id: "server-name-unknown".to_owned(),
            text: format!(
                "The export {server} does not tell the name of its server: whether both exports are of one server is \
                 unknown. Export again with `Get-ADSyncServerConfiguration -Path`."
            ),
        });
    }
    warnings
}

/// Entries of accepted drift expire on a day that somebody else chose.
fn set_time(context: &Context<'_>) -> Option<Warning> {
    let options = context.options;
    let entries = options.accepted.as_ref().map_or(0, |accepted| accepted.entries.len());
    (options.now_is_set && entries > 0).then(|| Warning {
        id: "expiry-by-set-time".to_owned(),
        text: format!(
            "SOURCE_DATE_EPOCH is set: whether accepted drift has expired was judged as of {}, which need not be today.",
            day(options.now)
        ),
    })
}

/// A span of hours in words.
pub fn days(hours: i64) -> String {
    if hours < 48 {
        format!("{hours} hours")
    } else {
        format!("{} days", hours / 24)
    }
}

/// An export's date is UTC without saying so.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil: DateTime = text.parse().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// ISO 8601 of an export's date, or the text as it stands when it is no date.
pub fn iso_text(text: &str) -> String {
    instant(text).map_or_else(|| text.trim().to_owned(), |time| time.to_string())
}

/// ISO 8601 of Unix seconds.
pub fn iso(seconds: i64) -> String {
    Timestamp::UNIX_EPOCH
        .checked_add(seconds.seconds())
        .map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

/// The day of Unix seconds, UTC; beyond the calendar, its last day.
pub fn day(seconds: i64) -> Date {
    Timestamp::from_second(seconds).map_or(Date::MAX, |time| time.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn export_dates_are_utc() {
        assert_eq!(iso_text("2016-05-03 14:28:09.784"), "2016-05-03T14:28:09.784Z");
        assert_eq!(iso_text("yesterday"), "yesterday");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
    }
}
