//! What names a value holds, by its shape.
//!
//! In: a value and what its row says it holds. Out: names with their kinds.
//! Must not know: masks.

use super::masks::SHORTEST;
use crate::catalogue::NameKind;

/// A name found in a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// What it names.
    pub(super) kind: NameKind,
    /// As written.
    pub(super) text: String,
}

/// The names in a value: `name@domain`, `DOMAIN\name`, a DN, a URL or the name alone.
pub(super) fn names(kind: NameKind, value: &str) -> Vec<Name> {
    let value = value.trim();
    if value.is_empty() || is_built_in(value) {
        return Vec::new();
    }
    let one = |kind, text: &str| Name {
        kind,
        text: text.to_owned(),
    };
    if let Some((_, rest)) = value.split_once("://") {
        let mut parts = rest.trim_end_matches('/').split('/');
        // Whose authority it is stands last: https://login.example/contoso.onmicrosoft.com
        return parts.next_back().map_or_else(Vec::new, |last| vec![one(kind, last)]);
    }
    if let Some((name, domain)) = value.split_once('@') {
        return vec![one(kind, name), one(domain_kind(domain), domain)];
    }
    if let Some((domain, name)) = value.split_once('\\') {
        return vec![one(kind, name), one(NameKind::Domain, domain)];
    }
    if let Some(domain) = domain_of(value) {
        return vec![one(NameKind::Domain, &domain)];
    }
    let kind = if kind == NameKind::Domain {
        domain_kind(value)
    } else {
        kind
    };
    vec![one(kind, value)]
}

/// Whether a name is the same on every computer.
fn is_built_in(value: &str) -> bool {
    const DOMAINS: [&str; 3] = ["NT SERVICE", "NT AUTHORITY", "BUILTIN"];
    const NAMES: [&str; 6] = ["SYSTEM", "LocalSystem", "(localdb)", "(local)", "localhost", "."];
    let domain = value.split_once('\\').map_or("", |(domain, _)| domain);
    let is = |list: &[&str], text: &str| list.iter().any(|known| known.eq_ignore_ascii_case(text));
    is(&DOMAINS, domain) || is(&NAMES, value)
}

/// Names inside a longer value: `Server=name` of a connection string, `\\\\name\\share`, `name@domain.tld`.
pub(super) fn within(text: &str) -> Vec<Name> {
    const KEYS: [&str; 6] = ["server=", "data source=", "host=", "address=", "addr=", "\\\\"];
    let mut found = Vec::new();
    let mut add = |kind, text: &str| {
        if text.chars().any(char::is_alphabetic) {
            let text = text.to_owned();
            found.push(Name { kind, text });
        }
    };
    let is_label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let folded = text.to_ascii_lowercase();
    for key in KEYS {
        for (at, _) in folded.match_indices(key) {
            let rest = text.get(at + key.len()..).unwrap_or_default().trim_start();
            let rest = rest.strip_prefix("tcp:").unwrap_or(rest);
            add(
                NameKind::Server,
                rest.split(|c| !is_label(c)).next().unwrap_or_default(),
            );
        }
    }
    for (at, _) in text.match_indices('@') {
        let name = text.get(..at).unwrap_or_default();
        let name = name.rsplit(|c| !is_label(c) && c != '+').next().unwrap_or_default();
        let domain = text.get(at + 1..).unwrap_or_default();
        let domain = domain
            .split(|c| !is_label(c))
            .next()
            .unwrap_or_default()
            .trim_end_matches('.');
        if !name.is_empty() && domain.contains('.') {
            add(NameKind::Account, name);
            add(domain_kind(domain), domain);
        }
    }
    found
}

/// Whether a domain is a tenant's own.
fn domain_kind(domain: &str) -> NameKind {
    match domain.to_ascii_lowercase().contains(".onmicrosoft.") {
        true => NameKind::Tenant,
        false => NameKind::Domain,
    }
}

/// `contoso.com` of a DN that ends in `DC=contoso,DC=com`.
fn domain_of(dn: &str) -> Option<String> {
    let labels: Vec<&str> = dn
        .split(',')
        .filter_map(|part| part.split_once('='))
        .filter(|(kind, _)| kind.trim().eq_ignore_ascii_case("dc"))
        .map(|(_, label)| label.trim())
        .collect();
    (!labels.is_empty()).then(|| labels.join("."))
}

/// Other ways in which a name is written.
pub(super) fn spellings(name: &Name) -> Vec<String> {
    let text = name.text.as_str();
    let labels: Vec<&str> = text.split('.').collect();
    let several = labels.len() > 1;
    match name.kind {
        NameKind::Identifier => {
            let text: String = text.split_whitespace().collect();
            vec![name.text.clone(), text]
        }
        NameKind::Server if several => vec![text.to_owned(), labels[0].to_owned()],
        NameKind::Domain | NameKind::Tenant if several => {
            let parts: Vec<String> = labels.iter().map(|label| format!("DC={label}")).collect();
            vec![text.to_owned(), parts.join(",")]
        }
        _ => vec![text.to_owned()],
    }
}

/// The installation that an account belongs to, which stands at its end: `e3c03195e061` of `MSOL_e3c03195e061`.
pub(super) fn installation(name: &Name) -> Option<&str> {
    const DIGITS: usize = 8;
    let (_, id) = name.text.rsplit_once('_')?;
    let hex = id.len() >= DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = id.bytes().any(|byte| byte.is_ascii_digit());
    (name.kind == NameKind::Account && hex && number).then_some(id)
}

/// The label that an organisation is called by: `contoso` of `emea.contoso.com` and `contoso.onmicrosoft.com`.
pub(super) fn organisation(name: &Name) -> Option<&str> {
    let labels: Vec<&str> = name.text.split('.').collect();
    let own = labels.split_last().map(|(_, own)| own)?;
    match name.kind {
        NameKind::Tenant => own.first().copied(),
        // Not the `co` of contoso.co.uk.
        NameKind::Domain => own.iter().rev().find(|label| label.chars().count() > SHORTEST).copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: NameKind, value: &str) -> Vec<(NameKind, String)> {
        names(kind, value)
            .into_iter()
            .map(|name| (name.kind, name.text))
            .collect()
    }

    #[test]
    fn names_within_longer_values() {
        use NameKind::{Account, Domain, Server};
        let of = |text: &str| -> Vec<_> { within(text).into_iter().map(|name| (name.kind, name.text)).collect() };
        assert_eq!(
            of("Data Source=db1.x.intern,1433;Timeout=3"),
            [(Server, "db1.x.intern".to_owned())]
        );
        assert_eq!(of(r"Server=tcp:SQL01\INST"), [(Server, "SQL01".to_owned())]);
        assert_eq!(of(r"\\files9\share"), [(Server, "files9".to_owned())]);
        assert_eq!(
            of("by anna.b@fabrikam.org."),
            [(Account, "anna.b".to_owned()), (Domain, "fabrikam.org".to_owned())]
        );
        assert_eq!(of("\"smtp:\" & [a] & \"@contoso.com\""), []);
    }

    #[test]
    fn shapes_of_values() {
        use NameKind::{Account, Domain, Server, Tenant};
        assert_eq!(
            found(Account, "Sync_S1_ab@contoso.onmicrosoft.com"),
            [
                (Account, "Sync_S1_ab".to_owned()),
                (Tenant, "contoso.onmicrosoft.com".to_owned())
            ]
        );
        assert_eq!(
            found(Account, r"CONTOSO\svc-sync"),
            [(Account, "svc-sync".to_owned()), (Domain, "CONTOSO".to_owned())]
        );
        assert_eq!(
            found(Domain, "OU=A,DC=contoso,DC=com"),
            [(Domain, "contoso.com".to_owned())]
        );
        assert_eq!(
            found(Tenant, "https://login.windows.net/contoso.onmicrosoft.com"),
            [(Tenant, "contoso.onmicrosoft.com".to_owned())]
        );
        assert_eq!(
            found(Server, "dc01.contoso.com"),
            [(Server, "dc01.contoso.com".to_owned())]
        );
        assert_eq!(found(Server, " "), []);
    }
}
