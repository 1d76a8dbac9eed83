//! Each server's own snapshot among those of a revision.
//!
//! In: an address without a server, and servers. Out: the snapshot that is of
//! each: by its name, else by its connectors. Must not know: what they are
//! compared for.

use super::SnapshotError;
use super::address::Address;
use super::repository::Repository;
use super::runs;
use super::stored::{self, Stored};
use super::taken;
use crate::catalogue::Catalogue;
use crate::model::{Configuration, on_one_line};

/// All snapshots of a revision.
pub struct Revision {
    /// The repository that holds them.
    pub repository: Repository,
    address: Address,
    all: Vec<Stored>,
    /// When the commit was authored, as ISO 8601.
    authored: Option<String>,
}

/// A server's own snapshot.
pub struct Own<'r> {
    /// Where it is.
    pub stored: &'r Stored,
    /// When its export was made, as ISO 8601.
    pub exported: Option<String>,
    /// The address that names it alone.
    pub source: String,
}

impl Revision {
    /// Opens the revision that an address names.
    ///
    /// # Errors
    /// There is no such repository or commit, or no snapshot in it.
    pub fn open(address: Address) -> Result<Revision, SnapshotError> {
        let repository = Repository::open(&address.repository)?;
        let (all, authored) = {
            let commit = stored::commit(&repository, &address)?;
            let authored = jiff::Timestamp::from_second(commit.author().when().seconds());
            (
                stored::all(&repository, &commit)?,
                authored.ok().map(|time| time.to_string()),
            )
        };
        if all.is_empty() {
            return Err(SnapshotError::NoSnapshot {
                path: address.repository.clone(),
                revision: address.revision.clone().unwrap_or_else(|| "the repository".to_owned()),
            });
        }
        Ok(Revision {
            repository,
            address,
            all,
            authored,
        })
    }

    /// The snapshot of a server. `name` is what its export calls it; `shown` what people know it by.
    ///
    /// # Errors
    /// There is none, or several.
    pub fn own(
        &self,
        name: Option<&str>,
        shown: &str,
        server: &Configuration,
        catalogue: &Catalogue,
    ) -> Result<Own<'_>, SnapshotError> {
        let is_named =
            |stored: &&Stored| name.is_some_and(|name| stored.manifest.server.to_lowercase() == name.to_lowercase());
        let traces = taken::traces(server, catalogue);
        let mut own: Vec<&Stored> = self.all.iter().filter(is_named).collect();
        if name.is_none() {
            let known = self.all.iter().filter(|stored| taken::is_known(stored, &traces));
            own.extend(known);
        }
        let [stored] = own[..] else {
            return Err(self.not_one(own.len(), shown));
        };
        let exported = runs::exported(&self.repository, stored)?;
        Ok(Own {
            stored,
            exported: exported.or_else(|| self.authored.clone()),
            source: format!("{}#{}", self.address.whole, stored.manifest.server),
        })
    }

    fn not_one(&self, count: usize, server: &str) -> SnapshotError {
        let held = self.all.iter().map(|stored| stored.folder.as_str());
        let server = on_one_line(server);
        SnapshotError::WhichServer {
            path: self.address.repository.clone(),
            problem: match count {
                0 => format!(
                    "the approved state holds no snapshot of {server}; take one with `syncdrift snapshot`, or hold all \
                     servers against one snapshot"
                ),
                _ => format!("the approved state holds several snapshots of {server}; hold all servers against one"),
            },
            servers: held.collect::<Vec<_>>().join(", "),
        }
    }
}
