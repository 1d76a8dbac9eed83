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
    match kind {
        NameKind::Hosts => return hosts(value),
        NameKind::Folder => return folder(value).into_iter().collect(),
        NameKind::Database if is_usual_database(value) => return Vec::new(),
        _ => {}
    }
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

/// The hosts in a longer value: `http://proxy:8080`, `http=a:80;https=b:80`, `*.contoso.com;intranet`, an element.
fn hosts(value: &str) -> Vec<Name> {
    let element = value.starts_with('<')
        && (value.contains("=\"") || value.contains("='") || value.contains("</") || value.ends_with("/>"));
    let apart = |c: char| c.is_whitespace() || matches!(c, ';' | ',' | '"' | '\'' | '<' | '>' | '=');
    let mut found = Vec::new();
    for token in value.split(apart) {
        let (address, rest) = token.split_once("://").map_or((false, token), |(_, rest)| (true, rest));
        let rest = rest.rsplit('@').next().unwrap_or_default();
        let host = rest.split([':', '/', '?']).next().unwrap_or_default();
        let (domain, host) = host.strip_prefix("*.").map_or((false, host), |rest| (true, rest));
        let label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let port = rest.strip_prefix(host).is_some_and(|rest| rest.starts_with(':'));
        // Elements and attributes have names, too; who stands beside them shows that he is a host.
        let shows = !element || address || port || host.contains('.');
        let is_word = NOT_HOSTS.iter().any(|word| word.eq_ignore_ascii_case(host)) || host.starts_with("0x");
        if shows && !is_word && host.chars().all(label) && host.chars().any(char::is_alphabetic) {
            let kind = if domain { domain_kind(host) } else { NameKind::Server };
            found.push(Name {
                kind,
                text: host.to_owned(),
            });
        }
    }
    found
}

/// Words of lists of proxies that are no hosts.
const NOT_HOSTS: [&str; 6] = ["local", "http", "https", "ftp", "socks", "localhost"];

/// A folder of scheduled tasks, unless it is that of Windows.
fn folder(value: &str) -> Option<Name> {
    let own = value.trim_matches('\\');
    let windows = own
        .split('\\')
        .next()
        .is_some_and(|first| first.eq_ignore_ascii_case("Microsoft"));
    (!own.is_empty() && !windows).then(|| Name {
        kind: NameKind::Folder,
        text: value.to_owned(),
    })
}

/// Whether a database or instance has the name that the product gives it: `ADSync`, `.\\ADSync2019`.
fn is_usual_database(value: &str) -> bool {
    let name = value.rsplit('\\').next().unwrap_or_default().to_ascii_lowercase();
    let year = name.strip_prefix("adsync");
    name == "mssqlserver" || year.is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
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
    fn hosts_of_proxies() {
        let of = |value: &str| -> Vec<String> {
            let found = names(NameKind::Hosts, value).into_iter();
            found.map(|name| name.text).collect()
        };
        assert_eq!(
            of("<defaultProxy enabled=\"true\"><proxy proxyaddress=\"http://proxy1:8080\" /></defaultProxy>"),
            ["proxy1"]
        );
        assert_eq!(of("http=p1:80;https=p2.contoso.com:443"), ["p1", "p2.contoso.com"]);
        assert_eq!(of("<local>;*.contoso.com;intranet;10.*"), ["contoso.com", "intranet"]);
        assert_eq!(of("http://pac.contoso.com/p.pac"), ["pac.contoso.com"]);
        assert_eq!(of("ntp1,0x8 ntp2,0x8"), ["ntp1", "ntp2"]);
        assert_eq!(of("<defaultProxy />"), Vec::<String>::new());
    }

    #[test]
    fn what_the_product_or_windows_names_names_nobody() {
        let of = |kind, value: &str| names(kind, value).len();
        for value in ["ADSync", "ADSync2019", ".\\ADSync2022", "MSSQLSERVER"] {
            assert_eq!(of(NameKind::Database, value), 0, "{value}");
        }
        assert_eq!(of(NameKind::Database, "ADSync_Fabrikam"), 1);
        for value in ["\\", "\\Microsoft\\Windows\\"] {
            assert_eq!(of(NameKind::Folder, value), 0, "{value}");
        }
        assert_eq!(of(NameKind::Folder, "\\Hans Meier\\"), 1);
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
