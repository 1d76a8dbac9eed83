//! Servers as they were last seen.
//!
//! In: commits. Out: one entry for each server that the branch ever held.
//! Must not know: settings.

use super::Work;
use super::states::steps;
use super::times;
use crate::report::history::KnownServer;
use crate::snapshot::Role;

/// Servers by name; a server that was taken out of the repository is as it was last there.
pub(super) fn known(work: &Work<'_>) -> Vec<KnownServer> {
    let mut servers = Vec::new();
    for (folder, steps) in steps(work.log) {
        let seen: Vec<_> = steps
            .iter()
            .filter_map(|step| Some((step.moment, step.after?)))
            .collect();
        let (Some((first, _)), Some((last, stored))) = (seen.first(), seen.last()) else {
            continue;
        };
        if !work.filter.server(&stored.manifest.server) {
            continue;
        }
        let (first, last) = (&work.log.moments[*first], &work.log.moments[*last]);
        servers.push(KnownServer {
            server: stored.manifest.server.clone(),
            folder: folder.to_owned(),
            version: stored.manifest.build.clone(),
            staging_mode: match stored.manifest.role {
                Role::Active => Some(false),
                Role::Staging => Some(true),
                Role::Unknown => None,
            },
            first: times::seen(first),
            changed: times::seen(last),
            exported: work.times.last(last, stored),
            snapshots: seen.len(),
            gaps: stored.manifest.gaps.len(),
            gone: steps.last().is_some_and(|step| step.after.is_none()),
        });
    }
    servers.sort_by(|a, b| (&a.server, &a.folder).cmp(&(&b.server, &b.folder)));
    servers
}
