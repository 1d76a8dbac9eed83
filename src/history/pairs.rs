//! Which servers stand for each other.
//!
//! In: the servers that the branch ever held. Out: an active server with each
//! other server of its folder. Must not know: settings.
//!
//! A failover changes roles and must not make the past disappear: the primary is the server that was
//! the only active one last.

use super::Work;
use crate::report::Warning;
use crate::snapshot::{Moment, Role, Stored};
use std::collections::{BTreeMap, BTreeSet};

/// Folders of two servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folders {
    pub primary: String,
    pub staging: String,
}

/// Pairs, and what is odd about the roles of servers now.
pub(super) struct Pairs {
    pub pairs: Vec<Folders>,
    pub warnings: Vec<Warning>,
}

fn group(stored: &Stored) -> &str {
    stored.folder.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Servers in one folder (`snapshot --path`) belong together.
pub(super) fn pairs(work: &Work<'_>) -> Pairs {
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for stored in work.log.moments.iter().flat_map(|moment| &moment.servers) {
        groups.entry(group(stored)).or_default().insert(&stored.folder);
    }
    let mut found = Pairs {
        pairs: Vec::new(),
        warnings: Vec::new(),
    };
    for (name, folders) in groups.iter().filter(|(_, folders)| folders.len() > 1) {
        let primary = work.log.moments.iter().find_map(|moment| only_active(moment, name));
        let primary = primary.or_else(|| folders.first().copied().filter(|_| folders.len() == 2));
        found.warnings.extend(odd_roles(work, name, primary.is_some()));
        let Some(primary) = primary else { continue };
        let others = folders.iter().filter(|folder| **folder != primary);
        found.pairs.extend(others.map(|staging| Folders {
            primary: primary.to_owned(),
            staging: (*staging).to_owned(),
        }));
    }
    found
}

fn of_group<'m>(moment: &'m Moment, name: &str) -> Vec<&'m Stored> {
    let servers = moment.servers.iter().map(|stored| &**stored);
    servers.filter(|stored| group(stored) == name).collect()
}

/// The folder of the only active server among several.
fn only_active<'m>(moment: &'m Moment, name: &str) -> Option<&'m str> {
    let servers = of_group(moment, name);
    let mut active = servers.iter().filter(|stored| stored.manifest.role == Role::Active);
    match (active.next(), active.next()) {
        (Some(stored), None) if servers.len() > 1 => Some(&stored.folder),
        _ => None,
    }
}

/// Not one active server among several now.
fn odd_roles(work: &Work<'_>, name: &str, paired: bool) -> Option<Warning> {
    let servers = of_group(work.log.moments.first()?, name);
    let active = servers
        .iter()
        .filter(|stored| stored.manifest.role == Role::Active)
        .count();
    if servers.len() < 2 || active == 1 {
        return None;
    }
    let names: Vec<&str> = servers.iter().map(|stored| stored.manifest.server.as_str()).collect();
    let names = names.join(", ");
    let fact = match active {
        0 => format!("By their last snapshots none of {names} is active: nobody exports, unless another server does."),
        _ => format!(
            "By their last snapshots {active} of {names} are active: two servers that export overwrite each other. Put all \
             but one into staging mode at once."
        ),
    };
    let way = match paired {
        true => "They are compared as they stood when one of them was the only active server.",
        false => {
            "They are not compared, for nobody can tell which stand for each other; servers of other pairs belong in \
                  another folder (`snapshot --path`)."
        }
    };
    Some(Warning {
        id: "roles-unclear".to_owned(),
        text: format!("{fact} {way}"),
    })
}
