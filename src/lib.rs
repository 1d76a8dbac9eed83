//! syncdrift keeps a staging Microsoft Entra Connect Sync server matched to
//! its primary: it reads both servers' exports, compares what they mean,
//! and says what differs, how bad it is and how to mend it.
//!
//! # The pipeline
//!
//! Settings are data and the pipeline runs one way:
//!
//! 1. [`intake`]: bytes → documents. Encodings, limits, secrets, gaps. Counts
//!    every leaf before the catalogue sees any.
//! 2. [`normalise`]: documents × [`catalogue`] → [`model::Configuration`], a
//!    map of objects with typed settings, and the ledger: every leaf is
//!    compared, noise, secret or uncatalogued, and none is missing.
//! 3. [`mod@derive`]: computed facts, such as which rules compete for a target.
//! 4. [`diff`]: which object is which, and which settings differ. Pure.
//! 5. [`assess`]: changes × catalogue × versions × accepted drift ([`settings`])
//!    → findings and a verdict.
//! 6. [`report`]: the one serialisable result; the JSON format *is* this type.
//! 7. [`redact`]: on request, names in the report become masks.
//! 8. [`render`]: report → bytes.
//!
//! [`mod@snapshot`] keeps a server's configuration in git, and makes a server of what git has;
//! [`mod@history`] says what changed between snapshots, [`report::history`].
//!
//! [`collect`] brings a server's export, and what else decides a failover, from the server: it runs
//! a PowerShell script there.
//!
//! [`powershell`] quotes names for commands that people copy, whatever the names hold.
//!
//! Beside it [`trace`] answers a question about one server: the end-to-end path
//! of an attribute, [`report::flow`]; and [`mod@document`] lays out all of it,
//! [`report::document`].
//!
//! # Architecture notes
//!
//! * **A configuration is a flat list of objects**; an object has an identity
//!   (kind, parent and a case-folded key), never a GUID or a bare position,
//!   and settings under the id of their catalogue row. A row may stand for
//!   many settings (a parameter an admin added); then the key has a name too.
//! * **Equality lives with the kind of value**: [`model::Value::compare`] says
//!   equal, equivalent (written differently, an `expected` entry) or different.
//! * **The catalogue is the only place that knows a setting.** Typed code that
//!   needs a setting's meaning names it in `catalogue/ids.rs` and nowhere else;
//!   constants of the product (the Entra connector's GUID, names of link
//!   types) stand in `catalogue/facts.toml`.
//! * **The walk** ([`normalise`]) follows a tree of the catalogue's paths. What
//!   no row knows is kept under its path as an `uncatalogued-setting` of the
//!   nearest object. Sub-trees that make one value (scoping filter, join
//!   groups, source of a flow) are read by Rust; what such a reader does not
//!   understand stays unticked and is swept up in the same way.
//! * **Speed**: documents of all servers are shared among as many [`threads`] as there
//!   are servers (of a single one among two), large ones first; every document gives a fragment, and fragments are
//!   joined in the order of the documents, so threads never show. A connector's schema
//!   is most of an export: its content is cut out ([`intake::Cut`]), parsed strictly
//!   once for all servers that have the same one, and read only when servers differ.
//!   A document whose cut or schema is not well-formed is parsed whole, for the
//!   parser's words. Threads ask for their memory at once.
//! * **Secrets** are masked in [`intake`] by the shape of their node, whatever
//!   the catalogue says; only a digest for comparing leaves it, in memory.
//! * **References**: a GUID becomes the key of what it points to once all
//!   documents of a server are read; staging's keys become the primary's when
//!   connectors are matched, so a renamed or remapped connector is one object.
//! * **Precedence is rank**: the number never drifts. `derive::compare_order`
//!   finds the longest common order of rules that compete for a target; the
//!   rules outside it moved. Where the order of two forests explains it, that
//!   is the one finding.
//! * **Folding**: differences of a default rule that the builds explain go into
//!   one `expected` line. A default rule's counterpart is the live copy beside its
//!   disabled original, where the other server has one: equal, they are one `info`
//!   finding, and otherwise each part that differs is a finding, as in any rule.
//! * **Effective flows**: a target's live rules in rank order, with who is in their
//!   scope and what they write; two servers that agree in that do the same, whatever
//!   rules are called or copied. Of two contributions the order counts only where some
//!   object may be in both scopes and they write different values; what another one covers
//!   (a constant before it, the same value for more objects) and what never has a value
//!   (`NULL`) does not count (`assess/flows/lineup.rs`). Changed winners hang under the finding of the setting
//!   that causes them. Below lies a net: a target that differs though nothing that was
//!   judged explains it is a finding of its own. Rules of one connector for two object
//!   types can have no object in common: they are no rivals (`derive::arenas`).
//! * **Effects** are sentences of `catalogue/effects.toml`, filled with what the rule
//!   says: the text's situation is data, which situations hold is Rust. Staging is the
//!   server that takes over: what only the primary does is lost, the rest gained.
//! * **Used by a live rule**: `derive::Uses` indexes which attributes, object
//!   types and parameters live rules name. A row says in `names` what rules call
//!   its setting or object; severity and consequences follow from that. Rules of
//!   either server count.
//! * **The path of an attribute** ranks outbound rules among those that read the
//!   same metaverse object type. A name that the metaverse knows is a metaverse attribute;
//!   other flows of connectors' attributes of that name are hints.
//! * **The document of a server** is `objects` for programs and `sections` for
//!   readers: headings, tables and links, so that no renderer knows a setting.
//!   How settings are grouped is data (`catalogue/layout.toml`). A rule's scope
//!   and the ranks of an attribute are written once and linked to; of a
//!   connector's schema, what is used is listed and the rest counted.
//! * **Schemas**: what one server lacks is one finding per connector (or for the
//!   metaverse: kinds with `gathered`) and direction; what live rules use, and
//!   properties that changed, are findings of their own. What object types say of
//!   an attribute that is gone goes with the attribute. Builds explain a
//!   metaverse that differs, unless a custom rule or a rule of the server that
//!   lacks something uses it.
//! * **Copies**: a row may be a `copy-of` another one of its object. Both changed
//!   alike are one finding; a copy that disagrees on one server is a finding that
//!   says so, whatever its class.
//! * **Sequences** (steps of a run profile) are aligned by content. What has its
//!   counterpart at another place makes one finding of the order; a step of a
//!   domain that only one server has, or reads, hangs under that domain's finding.
//! * **OU scope is what the lists result in**: `derive::scope` asks both servers
//!   about every container that a list names; one finding for the topmost
//!   container of each part that differs, and every entry that differs as text is
//!   named by a finding it causes or is `expected`. A change of what keeps
//!   metaverse objects is a sentence under the findings that cause it.
//! * **Expressions** are compared as text in one form, without brackets that change
//!   nothing however operators bind; that they are trees serves
//!   people: the smallest parts that changed are details of the flow's finding,
//!   long ones are laid out over lines, and lints say what does not parse or is
//!   in no table. `build.rs` turns the table of functions into Rust, so it costs
//!   nothing at start. Nothing in [`expression`] calls itself.
//! * **Lints are faults of one server.** One that both servers have is a lint of each; one that
//!   a single server has becomes a consequence of the worst finding about the objects that
//!   may have caused it, where there is one. Whether two scopes meet is decided from their
//!   clauses (`derive::disjoint`), and whether two let in the same objects where they are
//!   compared (`derive::same_objects`); what cannot be known for certain says "may" and is `info`.
//!   What could not be read claims nothing.
//! * **Acceptance comes last**: fingerprints are final by then, counts and verdict
//!   come after it. An accepted finding keeps its data and changes its status. The
//!   hash of values of an object that one server lacks covers all it holds, so
//!   that nobody accepts what is put into it later.
//! * **Formats for people** are templates ([handlebars](https://docs.rs/handlebars)) over one view model:
//!   `render/view` holds every text of HTML and Markdown in the order in which it appears, clean
//!   and not yet escaped, and the template engine escapes it for its target. Templates compute
//!   nothing; a user's own ones replace built-in ones by name. An HTML page asks for nothing,
//!   and its policy allows its own style and script by hash. What a format shows of a long list
//!   is bounded and says so; the JSON has it all.
//! * **Formats for machines** say no more than the report: JUnit has a case for every
//!   row of `checked`, and as many failures as open findings; SARIF is not successful
//!   while something is unknown, or a gap would close alerts. A saved report is read
//!   back whole or not at all: a field that would be lost is an error.
//! * A severity is a row's, raised by its `escalate` predicates and lowered to
//!   `low` where a rule is disabled, or a partition unselected, on both servers.
//! * **The collector is read before it is run.** One script, `templates/collector.ps1`, the same bytes
//!   in the repository, printed and on servers. It records every item with a status, so that what
//!   was denied is a gap and never equal. What it may run is a list with reasons that a test keeps
//!   (`tests/powershell.toml`). PowerShell connects, with its own credentials; names go to it in an
//!   environment variable as base64. What comes back proves itself by the hashes of its manifest
//!   before it takes the place of an earlier bundle.
//! * **Snapshots hold the source**: leaves by their path in the export, as `normalise` keeps
//!   them by what the catalogue says of noise, secrets and order; read back they are documents
//!   again, so that today's catalogue judges old ones ([`mod@snapshot`] has the design).
//!   A secret that a snapshot left out equals any other, and a warning says so. A schema that
//!   was seen before is recognised by its text, and its stored file is taken as it is.
//! * **A bundle is more documents.** JSON becomes a tree whose elements begin on the lines of
//!   their keys ([`intake::item`]), so rows, ledger, masks, snapshots and places work as for the export.
//!   What no kind of the catalogue reads is evidence (`bundle-evidence` in `facts.toml`), without leaves.
//!   What was denied is a gap of its item; what was not asked for is judged by nobody; what does not
//!   exist is an object that lacks everything, and rows say what that means. What could not be read
//!   within an item is a gap with its place, and the object around it is known in part: what such an
//!   object lacks is unknown. To be silent alike is no parity: kinds say which items every
//!   bundle has (`required`), what no server lacks (`everywhere`, `indispensable`), how much an answer
//!   holds at least (`least`) and when nothing is an answer (`known-while`), rows what every answer
//!   says (`always`).
//! * **Hosts are unlike each other**, and rows say in what: keys begin below folders of the product
//!   (`folders`), members of groups are who they are (`identified-by`, `of-computer`), a policy does
//!   not decide that one server has nothing (`lacking`), and a proxy that is switched off is none
//!   (`says`). What several places tell together is one finding (`catalogue/causes.toml`). Builds explain
//!   what the newer one brings, not what it lacks (`assess/brought.rs`). What moves by itself is noise.
//!   A server that was not at rest (`alert`, `again`, several builds) is told once: a cycle is a
//!   warning, anything else leaves all of the server unknown, which is a gap and no lint beside it.
//!   Where only one server is upgraded by half, that is the finding, and files and versions are its details.
//! * **Witnesses** repeat a setting: the wizard's policy, the tenant, some cmdlets. They are held
//!   against the setting of their own server, a lint where they contradict, and never compared. A
//!   `copy-of` of another document is compared: the scheduler tells what holds now, and both are one finding.
//! * **Who moved** (`--baseline`) is found by evidence, never guessed: each server is compared with
//!   its approved state, and the approved states with each other. A finding whose fingerprint is in
//!   one of the first was moved by that server, in both by both, in the last by neither; where
//!   findings fold differently the object they are about decides, and without evidence nobody is
//!   named (`assess/baseline/evidence.rs` has the order). It changes no verdict.
//! * **Pictures are data**: `assess::views` is filled last, from the findings as they are
//!   printed; a finding's fingerprint leads back to its objects. Nothing is computed that no
//!   finding asks for; each picture and their number are bounded, and what is left out is
//!   counted. What `flow` says of a rule's place, source and scope (`trace`) is said there,
//!   too. While a rule file cannot be read nothing is pictured that shows ranks.
//!
//! Module borders are kept by a test (`tests/project/architecture.rs`) that reads the
//! `use` lines.

pub mod assess;
pub mod catalogue;
pub mod cli;
pub mod collect;
pub mod command;
pub mod derive;
pub mod diff;
pub mod document;
pub mod expression;
pub mod history;
pub mod intake;
pub mod model;
pub mod normalise;
pub mod powershell;
pub mod redact;
pub mod render;
pub mod report;
pub mod settings;
pub mod snapshot;
pub mod threads;
pub mod trace;

#[cfg(test)]
mod schema_tests;
