//! What stands at the head of each result about a server.
//!
//! In: a configuration. Out: parts of results. Must not know: findings, the
//! other server.

use super::context::{server_name, text};
use super::pair;
use crate::catalogue::{VERSION, ids};
use crate::model::Configuration;
use crate::report::{File, GapEntry, LedgerCounts, Server, Tool};

/// This program.
pub fn tool() -> Tool {
    Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalogue: VERSION.to_owned(),
    }
}

/// The time of a result, UTC, ISO 8601, of Unix seconds.
pub fn generated(now: i64) -> String {
    pair::iso(now)
}

/// A server and its files.
pub fn server(configuration: &Configuration) -> Server {
    Server {
        server: server_name(configuration),
        version: text(configuration, ids::SERVER_BUILD),
        exported: text(configuration, ids::EXPORT_DATE).map(|date| pair::iso_text(&date)),
        staging_mode: text(configuration, ids::STAGING_MODE).and_then(|text| crate::normalise::flag(&text)),
        source: configuration.source.clone(),
        files: configuration
            .files
            .iter()
            .map(|file| File {
                path: file.path.clone(),
                sha256: file.sha256.clone(),
            })
            .collect(),
    }
}

/// Leaves of a server. A shortfall is a gap already; here it counts as uncatalogued so that the sum holds.
pub fn ledger(configuration: &Configuration) -> LedgerCounts {
    super::verdict::ledger(configuration, &Configuration::default())
}

/// What could not be read of a server.
pub fn gaps(configuration: &Configuration) -> Vec<GapEntry> {
    let server = server_name(configuration);
    let entry = |gap: &crate::model::Gap| GapEntry {
        server: server.clone(),
        part: gap.part.clone(),
        problem: gap.problem.clone(),
        file: gap.file.clone(),
        line: gap.line,
        column: gap.column,
    };
    configuration.gaps.iter().map(entry).collect()
}
