//! Stored servers as configurations, and what differs between two.
//!
//! In: stored snapshots. Out: configurations and reports. Must not know: which
//! of them follow each other.

use super::Work;
use super::request::HistoryError;
use crate::assess::{self, Options};
use crate::model::Configuration;
use crate::report::Report;
use crate::snapshot::{self, Repository, Stale, Stored};
use std::borrow::Cow;
use std::sync::Arc;

/// A thread's own way to the repository; keeps the configuration that it read last.
pub(super) struct Reader<'w> {
    work: &'w Work<'w>,
    repository: Repository,
    kept: Option<(Arc<Stored>, Schemas, Configuration)>,
}

/// Whether schemas of connectors are read. They are most of a server, and where two servers have the same ones they say
/// nothing about what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schemas {
    Read,
    LeftOut,
}

impl<'w> Reader<'w> {
    pub(super) fn new(work: &'w Work<'w>) -> Result<Reader<'w>, HistoryError> {
        Ok(Reader {
            work,
            repository: Repository::open(work.folder)?,
            kept: None,
        })
    }

    /// The server as it was last known then.
    pub(super) fn configuration(
        &mut self,
        stored: &Arc<Stored>,
        exported: Option<&str>,
        schemas: Schemas,
    ) -> Result<Configuration, HistoryError> {
        if let Some((kept, known, configuration)) = &self.kept
            && Arc::ptr_eq(kept, stored)
            && *known == schemas
        {
            return Ok(configuration.clone());
        }
        let server = &stored.manifest.server;
        let some = match schemas {
            Schemas::Read => Cow::Borrowed(&**stored),
            Schemas::LeftOut => Cow::Owned(stored.without_schemas(self.work.catalogue)),
        };
        let catalogue = self.work.catalogue;
        let read = snapshot::rebuild(&self.repository, &some, Stale::LastKnown, exported, server, catalogue)?;
        let configuration = read.configuration(catalogue);
        self.kept = Some((Arc::clone(stored), schemas, configuration.clone()));
        Ok(configuration)
    }
}

impl Work<'_> {
    /// Whether the schemas of two servers are needed to tell what differs.
    pub(super) fn schemas(&self, one: &Stored, other: &Stored) -> Schemas {
        match one.has_schemas_of(other, self.catalogue) {
            true => Schemas::LeftOut,
            false => Schemas::Read,
        }
    }

    /// What changed on one server.
    pub(super) fn changes(&self, before: &Configuration, after: &mut Configuration) -> Result<Report, HistoryError> {
        self.compare(before, after, true)
    }

    /// In what two servers differ.
    pub(super) fn drift(&self, primary: &Configuration, staging: &mut Configuration) -> Result<Report, HistoryError> {
        self.compare(primary, staging, false)
    }

    fn compare(
        &self,
        before: &Configuration,
        after: &mut Configuration,
        same_server: bool,
    ) -> Result<Report, HistoryError> {
        let options = Options {
            accepted: (!same_server).then(|| self.request.accepted.clone()).flatten(),
            ..Options::without_flags(same_server, self.request.now, self.request.now_is_set)
        };
        Ok(assess::assess(before, after, self.catalogue, &options)?)
    }
}
