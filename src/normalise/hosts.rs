//! What a host calls its own becomes the same on every server: folders of the
//! product, accounts of the computer, members by their identifier.
//!
//! In: all objects of one server. Out: keys and members that do not depend on
//! where the product is installed, on the computer's name, or on how an account
//! is called. Must not know: the other server.

use super::resolve;
use crate::catalogue::{Catalogue, ObjectKind, Row, ids};
use crate::model::{Configuration, Member, Object, SettingKey, Value};

/// What stands for the computer itself before an account.
const ITSELF: &str = ".";
/// What stands for the account of the service that synchronizes.
const SERVICE: &str = "(service)";

/// Settles everything in place.
pub(super) fn own_names(configuration: &mut Configuration, catalogue: &'static Catalogue) {
    for kind in catalogue.objects.iter().filter(|kind| !kind.folders.is_empty()) {
        relative_keys(configuration, kind, catalogue);
    }
    let own = Own {
        service: service(configuration),
        computers: computers(configuration),
    };
    for row in catalogue
        .rows
        .iter()
        .filter(|row| row.of_computer || row.identified_by.is_some())
    {
        for object in &mut configuration.objects {
            settle(object, row, &own);
        }
    }
}

/// What accounts of a server are called.
struct Own {
    /// The account of the service that synchronizes.
    service: Option<String>,
    /// The computer's own names.
    computers: Vec<String>,
}

/// The account of the service that synchronizes, as its computer calls it.
fn service(configuration: &Configuration) -> Option<String> {
    let own = configuration.of_kind(ids::kinds::SYNC_SERVICE).next();
    let account = own?.1.canonical(ids::SERVICE_ACCOUNT);
    (!account.is_empty()).then_some(account)
}

/// A folder of the product, and the name that it usually has.
type Folder = (Option<String>, String);

/// Keys begin with the usual name of the folder; identifiers in them become what they point to.
fn relative_keys(configuration: &mut Configuration, kind: &'static ObjectKind, catalogue: &'static Catalogue) {
    if configuration.of_kind(&kind.kind).next().is_none() {
        return;
    }
    let folders: Vec<Folder> = kind
        .folders
        .iter()
        .map(|(row, name)| (folder(configuration, row), name.to_lowercase()))
        .collect();
    let targets = resolve::targets(configuration, catalogue);
    for object in configuration
        .objects
        .iter_mut()
        .filter(|object| object.kind == kind.kind)
    {
        if let Some(key) = relative(&object.key, &folders) {
            object.key = key;
        }
        if let Some(key) = resolve::replace(&object.key, &targets) {
            object.key = key;
        }
        object.key = without_identifiers(&object.key);
    }
}

/// A folder that is called after an identifier which is no connector's is called otherwise on every server.
fn without_identifiers(key: &str) -> String {
    let part = |part: &str| {
        let bare = part.trim_start_matches('{').trim_end_matches('}');
        if resolve::is_guid(bare) { "{*}" } else { part }.to_owned()
    };
    key.split('\\').map(part).collect::<Vec<_>>().join("\\")
}

/// The folder that a setting of this server names.
fn folder(configuration: &Configuration, row: &'static str) -> Option<String> {
    let mut named = configuration.objects.iter().filter_map(|object| object.value(row));
    let path = named.next()?.display().trim().to_lowercase();
    let path = path.trim_end_matches(['\\', '/']);
    (!path.is_empty()).then(|| path.to_owned())
}

/// A path below a folder, from the folder's usual name on.
fn relative(key: &str, folders: &[Folder]) -> Option<String> {
    let known = folders.iter().find_map(|(path, name)| {
        let rest = key.strip_prefix(path.as_deref()?)?;
        rest.starts_with('\\').then(|| format!("{name}{rest}"))
    });
    let usual = || {
        folders.iter().find_map(|(_, name)| {
            let at = key.rfind(&format!("\\{name}\\"))?;
            key.get(at + 1..).map(str::to_owned)
        })
    };
    known.or_else(usual)
}

/// What the computer is called, without its domain.
fn computers(configuration: &Configuration) -> Vec<String> {
    let computer = configuration.of_kind(ids::kinds::COMPUTER);
    let server = configuration.of_kind(ids::kinds::GLOBAL);
    let names = computer.map(|(_, object)| object.display(ids::COMPUTER_NAME));
    names
        .chain(server.map(|(_, object)| object.display(ids::SERVER_NAME)))
        .filter_map(|name| Some(name.trim().split('.').next()?.to_lowercase()))
        .filter(|name| !name.is_empty())
        .collect()
}

fn settle(object: &mut Object, row: &'static Row, own: &Own) {
    let identifiers: Vec<String> = match row.identified_by.as_deref().and_then(|row| object.value(row)) {
        Some(Value::Set(members)) => members.iter().map(|member| member.canonical.clone()).collect(),
        _ => Vec::new(),
    };
    let Some(setting) = object.settings.get_mut(&SettingKey::row(&row.id)) else {
        return;
    };
    let Value::Set(members) = &mut setting.value else {
        return;
    };
    // One that lacks an identifier leaves nobody known for whose the others are.
    let all = identifiers.len() == members.len();
    for (at, member) in members.iter_mut().enumerate() {
        let local = row.of_computer.then(|| of_server(member, own)).flatten();
        let identifier = identifiers.get(at).filter(|_| all);
        if let Some(canonical) = local.or_else(|| identifier.cloned()) {
            member.canonical = canonical;
        }
    }
}

/// An account of the computer itself or of its service, as it is called on any computer.
fn of_server(member: &Member, own: &Own) -> Option<String> {
    let (before, name) = member.canonical.split_once('\\')?;
    let is_local = own.computers.iter().any(|computer| computer == before);
    let local = is_local.then(|| format!("{ITSELF}\\{name}"));
    let is_service = |account: &String| own.service.as_ref() == Some(account);
    match local.as_ref().is_some_and(is_service) || is_service(&member.canonical) {
        true => Some(SERVICE.to_owned()),
        false => local,
    }
}
