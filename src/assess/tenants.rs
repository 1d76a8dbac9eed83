//! Which tenant a server belongs to, by all who name one.
//!
//! In: one server's settings and witnesses. Out: its tenants, the surest place
//! first, and warnings about policies of another one. Must not know: findings.

use super::context::server_name;
use crate::catalogue::ids;
use crate::model::{Configuration, Object};
use crate::report::Warning;
use std::collections::BTreeSet;

/// Warning: a policy of another tenant.
const FOREIGN: &str = "policy-of-another-tenant";

/// The tenants that both exports show in the same place, the surest place first.
pub fn witness(left: &Configuration, right: &Configuration) -> Option<(String, String)> {
    let (left, right) = (tenants(left)?, tenants(right)?);
    left.into_iter().zip(right).find_map(|(left, right)| left.zip(right))
}

/// The tenant by the Entra connector's credential, account and name, by where password writeback signs in, and by the
/// wizard's policies.
type Tenants = [Option<String>; 5];

/// The tenant of a server; `None` without an Entra connector.
pub fn tenants(configuration: &Configuration) -> Option<Tenants> {
    let (_, connector) = configuration
        .of_kind(ids::kinds::CONNECTOR)
        .find(|(_, connector)| connector.key == ids::ENTRA)?;
    let mut credentials = configuration.of_kind(ids::kinds::CREDENTIAL);
    let by_credential = credentials.next().map(|(_, own)| own.canonical(ids::CREDENTIAL_TENANT));
    let account = connector
        .settings
        .iter()
        .find(|(key, _)| key.row == ids::CONNECTOR_USER_NAME)
        .map(|(_, setting)| setting.value.display());
    let by_account = account.and_then(|account| account.rsplit_once('@').map(|(_, domain)| domain.trim().to_owned()));
    let by_name = connector
        .name
        .split_once(" - ")
        .map(|(tenant, _)| tenant.trim().to_owned())
        .filter(|tenant| tenant.contains('.'));
    let by_policy = match policies(configuration).as_slice() {
        [one] if is_identifier(one) => Some(one.clone()),
        _ => None,
    };
    let known = |tenant: Option<String>| tenant.filter(|tenant| !tenant.trim().is_empty());
    Some([
        known(by_credential),
        known(by_account),
        by_name,
        known(authority(connector)),
        by_policy,
    ])
}

/// The tenant in the address at which password writeback signs in.
fn authority(connector: &Object) -> Option<String> {
    let authority = connector.display(ids::WRITEBACK_AUTHORITY);
    let (_, rest) = authority.split_once("://")?;
    let (_, path) = rest.trim_end_matches('/').split_once('/')?;
    path.rsplit('/').next().map(str::to_owned)
}

/// What the policies of the wizard name, each once.
fn policies(configuration: &Configuration) -> Vec<String> {
    let named = configuration
        .witnesses
        .iter()
        .map(|policy| plain(&policy.canonical(ids::POLICY_TENANT)));
    let named: BTreeSet<String> = named.filter(|tenant| !tenant.is_empty()).collect();
    named.into_iter().collect()
}

/// An identifier without what may stand around it.
fn plain(tenant: &str) -> String {
    tenant.trim().trim_matches(['{', '}']).to_lowercase()
}

/// Whether a text is an identifier, and no name of a domain.
fn is_identifier(tenant: &str) -> bool {
    let is = |(at, c): (usize, char)| match at {
        8 | 13 | 18 | 23 => c == '-',
        _ => c.is_ascii_hexdigit(),
    };
    tenant.len() == 36 && tenant.char_indices().all(is)
}

/// Policies of two servers that name different tenants where nothing surer does.
pub fn policies_apart(left: &Configuration, right: &Configuration) -> Option<Warning> {
    let one = |server| match policies(server).as_slice() {
        [one] if is_identifier(one) => Some(one.clone()),
        _ => None,
    };
    let (first, second) = one(left).zip(one(right)).filter(|(l, r)| l != r)?;
    let known = witness(left, right).is_some_and(|(l, r)| !l.eq_ignore_ascii_case(&r));
    let text = format!(
        "The policies of the wizard name different tenants: {first} on {}, {second} on {}. One of the files is of another \
         tenant: remove it, and export the policy again (Entra Connect wizard, View or export current configuration).",
        server_name(left),
        server_name(right)
    );
    (!known).then(|| Warning {
        id: FOREIGN.to_owned(),
        text,
    })
}

/// Policies of the wizard that are of several tenants, or of another one than their server.
pub fn foreign_policies(configuration: &Configuration) -> Option<Warning> {
    let mut policies = policies(configuration);
    let own = tenants(configuration)
        .map(|[credential, _, _, authority, _]| [credential, authority])
        .unwrap_or_default();
    let own = own.into_iter().flatten().map(|tenant| plain(&tenant));
    // A name and an identifier may be those of one tenant.
    let own: BTreeSet<String> = own.filter(|tenant| is_identifier(tenant)).collect();
    let others = policies
        .iter()
        .filter(|tenant| is_identifier(tenant) && !own.contains(*tenant));
    let is_other = !own.is_empty() && others.count() > 0;
    if policies.len() < 2 && !is_other {
        return None;
    }
    policies.extend(own);
    policies.sort();
    policies.dedup();
    let text = format!(
        "Policies of the wizard of {} and the server itself do not name one tenant: {}. What such a policy says is of \
         another tenant: remove the file that does not belong there, and export the policy again (Entra Connect wizard, \
         View or export current configuration).",
        server_name(configuration),
        policies.join(", ")
    );
    Some(Warning {
        id: FOREIGN.to_owned(),
        text,
    })
}
