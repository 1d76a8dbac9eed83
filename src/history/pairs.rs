//! Which servers stand for each other.
//!
//! In: the servers of the last commit. Out: an active server with each server
//! in staging mode beside it. Must not know: settings.

use super::Work;
use crate::report::Warning;
use crate::snapshot::{Role, Stored};
use std::collections::BTreeMap;

/// Folders of two servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folders {
    pub primary: String,
    pub staging: String,
}

/// Pairs, and why some servers are in none.
pub(super) struct Pairs {
    pub pairs: Vec<Folders>,
    pub warnings: Vec<Warning>,
}

/// Servers in one folder (`snapshot --path`) belong together.
pub(super) fn pairs(work: &Work<'_>) -> Pairs {
    let mut groups: BTreeMap<&str, Vec<&Stored>> = BTreeMap::new();
    for stored in work.log.moments.first().into_iter().flat_map(|moment| &moment.servers) {
        let folder = stored.folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        groups.entry(folder).or_default().push(stored);
    }
    let mut found = Pairs {
        pairs: Vec::new(),
        warnings: Vec::new(),
    };
    for servers in groups.values().filter(|servers| servers.len() > 1) {
        let of = |role: Role| servers.iter().filter(move |stored| stored.manifest.role == role);
        let (active, staging): (Vec<_>, Vec<_>) = (of(Role::Active).collect(), of(Role::Staging).collect());
        match active.as_slice() {
            [primary] if !staging.is_empty() => found.pairs.extend(staging.iter().map(|staging| Folders {
                primary: primary.folder.clone(),
                staging: staging.folder.clone(),
            })),
            _ => found.warnings.push(unpaired(servers, active.len(), staging.len())),
        }
    }
    found
}

fn unpaired(servers: &[&Stored], active: usize, staging: usize) -> Warning {
    let names: Vec<&str> = servers.iter().map(|stored| stored.manifest.server.as_str()).collect();
    Warning {
        id: "servers-unpaired".to_owned(),
        text: format!(
            "{} are not compared with each other: by their last snapshots {active} of them are active and {staging} in \
             staging mode, so nobody can tell which stand for each other. Servers of other pairs belong in another folder \
             (`snapshot --path`).",
            names.join(", ")
        ),
    }
}
