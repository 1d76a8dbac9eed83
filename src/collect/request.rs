//! What the driver is asked to do.
//!
//! In: a name, paths, switches. Out: a value for the environment of PowerShell:
//! JSON as base64, so that no text in it is read by a shell, an encoding or a
//! command line. Must not know: what the driver does.

use super::{CollectError, Way};
use crate::model::is_device;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::path::Path;

/// The environment variable of the driver.
pub(super) const VARIABLE: &str = "SYNCDRIFT_REQUEST";

/// The name of a server that can be nothing else.
///
/// Programs take names that begin with `-` for switches (`ssh -oProxyCommand=…`), so those are refused however they are
/// passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerName {
    name: String,
    /// Where its host begins.
    host: usize,
}

impl ServerName {
    /// Checks a name; over SSH a user's name may stand before it, also one of a domain.
    ///
    /// # Errors
    /// It is no name of a server.
    pub fn parse(name: &str, ssh: bool) -> Result<ServerName, CollectError> {
        let (user, host) = match name.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, name),
        };
        let good =
            is_plain(host) && !is_device(host) && name.len() <= 255 && user.is_none_or(|user| ssh && is_user(user));
        match good {
            true => Ok(ServerName {
                name: name.to_owned(),
                host: name.len() - host.len(),
            }),
            false => Err(CollectError::Name { name: name.to_owned() }),
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Without the user.
    pub fn host(&self) -> &str {
        self.name.get(self.host..).unwrap_or_default()
    }

    fn user(&self) -> Option<&str> {
        self.name.get(..self.host)?.strip_suffix('@')
    }

    /// A name for its folder.
    pub fn folder(&self) -> String {
        self.host().trim_end_matches('.').replace(':', "_")
    }
}

/// A user, alone or with a domain.
fn is_user(name: &str) -> bool {
    match name.split_once(['\\', '@']) {
        Some((left, right)) => is_plain(left) && is_plain(right),
        None => is_plain(name),
    }
}

/// Letters, digits and what joins them; the first is no sign.
fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_alphanumeric)
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'))
}

#[derive(Serialize)]
struct Request<'r> {
    server: Option<&'r str>,
    user: Option<&'r str>,
    ssh: bool,
    csexport: bool,
    collector: &'r str,
    target: &'r str,
    problem: &'r str,
}

/// The value of the variable.
pub(super) fn encode(
    server: Option<&ServerName>,
    way: &Way<'_>,
    [collector, target, problem]: [&Path; 3],
) -> Result<String, CollectError> {
    let request = Request {
        server: server.map(ServerName::host),
        user: server.and_then(ServerName::user),
        ssh: way.ssh,
        csexport: way.csexport,
        collector: unicode(collector)?,
        target: unicode(target)?,
        problem: unicode(problem)?,
    };
    let json = serde_json::to_vec(&request).map_err(|error| CollectError::Failed {
        words: error.to_string(),
    })?;
    Ok(STANDARD.encode(json))
}

fn unicode(path: &Path) -> Result<&str, CollectError> {
    path.to_str()
        .ok_or_else(|| CollectError::NoUnicode { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::ServerName;

    #[test]
    fn names_of_servers_pass() {
        for name in [
            "SYNC01",
            "sync01.contoso.com",
            "10.0.0.5",
            "fe80:1",
            "größe-1",
            "sync_01",
            "sync01.",
        ] {
            assert_eq!(ServerName::parse(name, false).unwrap().as_str(), name);
        }
        assert_eq!(
            ServerName::parse("admin@sync01:22", true).unwrap().folder(),
            "sync01_22"
        );
        for (name, user) in [
            ("admin@sync01", "admin"),
            ("CONTOSO\\admin@sync01", "CONTOSO\\admin"),
            ("admin@contoso.com@sync01", "admin@contoso.com"),
        ] {
            let server = ServerName::parse(name, true).unwrap();
            assert_eq!((server.user(), server.host()), (Some(user), "sync01"));
        }
        assert_eq!(
            ServerName::parse("sync01.contoso.com.", false).unwrap().folder(),
            "sync01.contoso.com"
        );
    }

    #[test]
    fn what_could_be_anything_else_does_not() {
        let long = "a".repeat(256);
        for name in [
            "",
            " ",
            "-oProxyCommand=evil",
            "a b",
            "a;b",
            "$(evil)",
            "`evil`",
            "a'b",
            "a\"b",
            "a’b",
            "a\nb",
            "a\u{202e}b",
            "a/b",
            "a\\b",
            "..",
            ".",
            "*",
            "a,b",
            "{a}",
            "user@host",
            "NUL",
            "con.contoso.com",
            long.as_str(),
        ] {
            assert!(ServerName::parse(name, false).is_err(), "{name:?}");
        }
        for name in [
            "-a@host",
            "a@-oProxyCommand=evil",
            "a@b@c@d",
            "a\\b\\c@d",
            "a@-b@c",
            "a\\-b@c",
            "a b@c",
            "@c",
            "a@",
        ] {
            assert!(ServerName::parse(name, true).is_err(), "{name:?}");
        }
    }
}
