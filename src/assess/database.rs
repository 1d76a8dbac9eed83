//! One database for both servers.
//!
//! In: what either server says of its database. Out: a finding. Must not know:
//! who else speaks of databases.

use super::context::{Context, Side, server_name};
use super::finding::{Drafts, values};
use crate::catalogue::{Facts, ids};
use crate::model::{Configuration, Object, ObjectIndex};
use crate::report::ChangeKind;

/// Where a server keeps its data.
struct Database {
    /// The computer, without port and protocol.
    host: String,
    instance: String,
    name: String,
    /// As the server says it.
    shown: String,
    /// The object that says it.
    object: ObjectIndex,
}

impl Database {
    /// Whether both are one. A name without a domain is that computer in any domain.
    fn is(&self, other: &Database) -> bool {
        let short = |host: &str| !host.contains('.');
        let label = |host: &str| host.split('.').next().unwrap_or_default().to_owned();
        let either_short = short(&self.host) || short(&other.host);
        let one_host = self.host == other.host || (either_short && label(&self.host) == label(&other.host));
        one_host && self.instance == other.instance && self.name == other.name
    }
}

/// Who tells where the database is: settings of the service, and a cmdlet.
const TELLERS: [(&str, [&str; 3]); 2] = [
    (
        ids::kinds::SYNC_DATABASE,
        [
            ids::SYNC_DATABASE_SERVER,
            ids::SYNC_DATABASE_INSTANCE,
            ids::SYNC_DATABASE_NAME,
        ],
    ),
    (
        ids::kinds::DATABASE,
        [ids::DATABASE_SERVER, ids::DATABASE_INSTANCE, ids::DATABASE_NAME],
    ),
];

/// Two servers with one database spoil each other's data.
pub fn shared(context: &Context<'_>, drafts: &mut Drafts) {
    let [left, right] = [Side::Primary, Side::Staging].map(|side| databases(context, side));
    let shared = left.iter().find_map(|l| Some((l, right.iter().find(|r| l.is(r))?)));
    let Some((l, r)) = shared else { return };
    let row = context.row(ids::SYNC_DATABASE_SHARED);
    let pair = context.pair_of(Side::Primary, l.object);
    let mut finding = context.finding(row, pair, &row.title, "");
    finding.change = ChangeKind::Equal;
    finding.values = values(Some(&l.shown), Some(&r.shown));
    finding.primary = Some(l.shown.clone());
    finding.staging = Some(r.shown.clone());
    let places = [(Side::Primary, l), (Side::Staging, r)].into_iter();
    finding.locations = places
        .filter_map(|(side, one)| context.place(side, context.configuration(side).objects[one.object].location))
        .collect();
    drafts.push(finding);
}

/// The database of a server as each tells it; without one that is not known.
fn databases(context: &Context<'_>, side: Side) -> Vec<Database> {
    let configuration = context.configuration(side);
    let told = TELLERS.iter().flat_map(|(kind, rows)| {
        let objects = configuration.of_kind(kind);
        objects.filter_map(|(index, object)| database(context, side, (index, object), rows))
    });
    told.collect()
}

/// The database of a server as one tells it.
fn database(
    context: &Context<'_>,
    side: Side,
    (index, object): (ObjectIndex, &Object),
    rows: &[&'static str; 3],
) -> Option<Database> {
    let [server, instance, name] = rows.map(|row| object.canonical(row));
    let shown = [server.as_str(), instance.as_str(), name.as_str()].join(" / ");
    let (host, instance) = host_and_instance(&server, &instance, &context.catalogue.facts);
    let local = &context.catalogue.facts.local_database_servers;
    let own = names(context.configuration(side));
    let label = host.split('.').next().unwrap_or_default();
    let is_local = own.iter().any(|name| name == label) || local.iter().any(|known| known.eq_ignore_ascii_case(&host));
    // The other server may use it, too, and then has to name this one.
    let host = match own.into_iter().next().filter(|_| is_local) {
        Some(own) => own,
        None => host,
    };
    (!name.is_empty()).then_some(Database {
        host,
        instance,
        name,
        shown,
        object: index,
    })
}

/// What a computer is called, in lower case and without its domain.
fn names(configuration: &Configuration) -> Vec<String> {
    let computers = configuration.of_kind(ids::kinds::COMPUTER);
    let told = computers.map(|(_, computer)| computer.canonical(ids::COMPUTER_NAME));
    let all = told.chain([server_name(configuration)]).map(|name| name.to_lowercase());
    all.filter(|name| !name.is_empty())
        .map(|name| name.split('.').next().unwrap_or_default().to_owned())
        .collect()
}

/// `tcp:sql01.contoso.com\inst,1433` is the computer `sql01.contoso.com` with the instance `inst`.
fn host_and_instance(server: &str, instance: &str, facts: &Facts) -> (String, String) {
    let (usual, usual_port) = (&facts.usual_database_instance, facts.usual_database_port.as_str());
    let protocol = facts
        .database_protocols
        .iter()
        .find_map(|name| server.strip_prefix(name.as_str()));
    let server = protocol.unwrap_or(server).trim();
    let (server, port) = server.split_once(',').unwrap_or((server, usual_port));
    let (host, inner) = server.split_once('\\').unwrap_or((server, ""));
    let named = [instance, inner].into_iter().find(|name| !name.is_empty());
    let named = named
        .filter(|name| !name.eq_ignore_ascii_case(usual))
        .unwrap_or_default();
    // Who names a port reaches what is behind it, whatever instance he names beside it.
    let instance = match port.trim() {
        port if port == usual_port => named.to_owned(),
        port => format!(",{port}"),
    };
    (host.trim().trim_end_matches('.').to_owned(), instance)
}
