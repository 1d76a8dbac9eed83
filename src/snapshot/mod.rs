//! Snapshots: a server's configuration as files in git, and git as a server.
//!
//! In: what intake found on a server and what normalising made of it; or an
//! address `git:DIR@REV#SERVER`. Out: a commit; or what intake would have found.
//! The only user of git2. Must not know: commands, how findings are judged.
//!
//! # Design
//!
//! * **Files hold the source's leaves by their source path**, not our model's
//!   values: what `normalise` keeps of a document ([`crate::normalise::Kept`]) as
//!   JSON. Reading back makes documents of them and feeds those to today's reader, so
//!   a newer catalogue judges old snapshots, too.
//! * **Canonical**: noise is left out, a secret is only there or not, elements whose
//!   order means nothing are sorted, numbers of a schema are names, and a GUID of an
//!   object is the path of the object's file (`⟦Connectors/contoso.com/connector⟧`). Values
//!   keep the spelling of the source, for people read it; a file whose values only are
//!   spelled differently stays as it was.
//! * **Read back**, a GUID follows from server and path, and secrets are withheld: they
//!   equal any other, and a comparison says so.
//! * **Layout** is data (`catalogue/snapshot.toml`): a folder for each server with
//!   `snapshot.json`, and a file for each rule, connector, its schema, partition and
//!   run profile, for global settings and for the metaverse.
//! * **Gaps keep files**: what a gap may hide stays as last committed and is stale in
//!   the manifest; read back, stale files are left out and the gap is there.
//! * **One commit** for all servers of a run, only when something changed; its author
//!   date is the time of the export. `syncdrift/runs` gets a line for each run.
//! * **Nothing is checked out.** Only the branch of snapshots (`syncdrift/snapshots`
//!   unless named, never one that is checked out) and the record of runs move, together,
//!   after their objects are on the disk. A lock of the operating system keeps a second
//!   run out and cannot outlive its program.

mod address;
mod cache;
mod error;
mod layout;
mod log;
mod manifest;
mod message;
mod names;
mod own;
mod rebuild;
mod repository;
mod runs;
mod stored;
mod taken;
mod text;
mod tokens;
mod write;

pub use address::Address;
pub use error::SnapshotError;
pub use log::{Log, Moment, log};
pub use manifest::{Manifest, Role};
pub use message::{Changed, News, message, title};
pub use own::{Own, Revision};
pub use rebuild::{Lines, ReadBack, Stale, rebuild};
pub use repository::{BRANCH, Lock, Person, RUNS, Repository};
pub use runs::{Run, RunServer, exported};
pub use stored::{Stored, find};
pub use taken::{Taken, known, known_by_connectors, last_of, take};
pub use write::{Plan, check_path, fail, write};
