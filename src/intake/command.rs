//! Credentials in command lines, and those that their own shape gives away.
//!
//! In: the place of a sign or letter that may begin one. Out: the range of the
//! secret. Must not know: names and values in general.

use super::credential::{Bare, Finder};
use std::ops::Range;

/// How a program takes a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `-P secret`, `-Psecret`
    Word,
    /// `-psecret`: a word apart is something else.
    Joined,
    /// `-u user:secret`
    UserAndSecret,
}

/// Programs and their switches; those of one letter are told apart by letter case.
const PROGRAMS: [(&str, &[&str], Takes); 15] = [
    ("sqlcmd", &["P"], Takes::Word),
    ("osql", &["P"], Takes::Word),
    ("isql", &["P"], Takes::Word),
    ("bcp", &["P"], Takes::Word),
    ("curl", &["u", "U", "-user", "-proxy-user"], Takes::UserAndSecret),
    ("sshpass", &["p"], Takes::Word),
    ("psexec", &["p"], Takes::Word),
    ("psexec64", &["p"], Takes::Word),
    ("ldapsearch", &["w"], Takes::Word),
    ("ldapmodify", &["w"], Takes::Word),
    ("ldapadd", &["w"], Takes::Word),
    ("ldapdelete", &["w"], Takes::Word),
    ("mysql", &["p"], Takes::Joined),
    ("mysqldump", &["p"], Takes::Joined),
    ("mysqladmin", &["p"], Takes::Joined),
];

/// What stands before an address and is no user: `smtp:anna@contoso.com`.
const LABELS: [&str; 30] = [
    "smtp", "mailto", "sip", "sips", "xmpp", "im", "eum", "x400", "x500", "acct", "spn", "upn", "mail", "email",
    "e-mail", "user", "username", "account", "login", "owner", "contact", "name", "id", "to", "from", "cc", "bcc",
    "by", "urn", "http",
];

/// How far an address is followed.
const ADDRESS: usize = 256;

/// The statement that is read: how far, and whose arguments it holds.
#[derive(Debug, Default)]
pub(super) struct Line {
    read: usize,
    program: Option<usize>,
    double: bool,
    single: bool,
}

impl Finder<'_> {
    /// The value of a program's own switch for passwords.
    pub(super) fn switch(&mut self, at: usize) -> Option<Range<usize>> {
        let before = at.checked_sub(1).and_then(|at| self.byte(at))?;
        if !before.is_ascii_whitespace() {
            return None;
        }
        let begins = |switch: &&str| self.from(at + 1).starts_with(*switch);
        if !PROGRAMS.iter().any(|(_, switches, _)| switches.iter().any(&begins)) {
            return None;
        }
        let (_, switches, takes) = PROGRAMS.get(self.program_before(at)?)?;
        let switch = switches
            .iter()
            .filter(|it| self.from(at + 1).starts_with(**it))
            .max_by_key(|it| it.len())?;
        let end = at + 1 + switch.len();
        let joined = match self.byte(end)? {
            b'=' if switch.len() > 1 => return self.argument(end + 1, *takes),
            byte => !byte.is_ascii_whitespace(),
        };
        if joined && switch.len() > 1 || !joined && *takes == Takes::Joined {
            return None;
        }
        self.argument(self.skip_spaces(end), *takes)
    }

    /// A password, or what follows the colon of a user and a password.
    fn argument(&mut self, at: usize, takes: Takes) -> Option<Range<usize>> {
        let value = self.value(at, Bare::Argument)?;
        if takes != Takes::UserAndSecret {
            return Some(value);
        }
        let colon = self.text.get(value.clone())?.find(':')?;
        let secret = value.start + colon + 1..value.end;
        let variable = matches!(self.byte(secret.start), Some(b'$' | b'%'));
        (!variable).then(|| self.shown(secret)).flatten()
    }

    /// The program that the statement before this place calls. Every byte is read once.
    fn program_before(&mut self, at: usize) -> Option<usize> {
        let mut line = std::mem::take(&mut self.line);
        for here in line.read..at {
            match self.byte(here)? {
                b'\n' if !self.goes_on(here) => line = Line::default(),
                b'"' => line.double = !line.double,
                b'\'' => line.single = !line.single,
                b';' | b'|' | b'&' if !line.double && !line.single => line.program = None,
                byte if byte.is_ascii_alphabetic() => line.program = self.program(here).or(line.program),
                _ => {}
            }
        }
        line.read = line.read.max(at);
        let program = line.program;
        self.line = line;
        program
    }

    /// Whether a line is continued: by PowerShell, a shell or a batch file.
    fn goes_on(&self, end: usize) -> bool {
        let before = |back: usize| end.checked_sub(back).and_then(|at| self.byte(at));
        let last = if before(1) == Some(b'\r') { before(2) } else { before(1) };
        matches!(last, Some(b'`' | b'\\' | b'^'))
    }

    /// The program whose name stands here as a word.
    fn program(&self, at: usize) -> Option<usize> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$');
        if at.checked_sub(1).and_then(|at| self.byte(at)).is_some_and(word) {
            return None;
        }
        PROGRAMS.iter().position(|(name, _, _)| {
            let end = at + name.len();
            let end = end + if self.here(end, ".exe") { 4 } else { 0 };
            self.here(at, name)
                && self
                    .byte(end)
                    .is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'".contains(&byte))
        })
    }

    /// Password of `user:password@host` without a scheme.
    pub(super) fn user_at_host(&mut self, at: usize) -> Option<Range<usize>> {
        let sign = self.next(at, "@").filter(|sign| sign - at < ADDRESS)?;
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+\\".contains(&byte);
        let length = self
            .bytes
            .get(..at)?
            .iter()
            .rev()
            .take(64)
            .take_while(|byte| part(**byte))
            .count();
        let user = self.text.get(at - length..at)?;
        let secret = self.text.get(at + 1..sign)?;
        let host = self.from(sign + 1);
        let host = host
            .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'))
            .next()?;
        let before = (at - length).checked_sub(1).and_then(|at| self.byte(at));
        let alone = before.is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'=(,;<>[{|".contains(&byte));
        let plain = secret
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"'<>".contains(&byte));
        let machine = host.bytes().any(|byte| byte.is_ascii_alphabetic()) || host.split('.').count() == 4;
        // 12:30@noon, C:\mail@home, CN=a:b@c
        let time = user.ends_with(|c: char| c.is_ascii_digit())
            && secret.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
            && (user.bytes().all(|byte| !byte.is_ascii_lowercase()));
        let path = user.len() == 1 && secret.starts_with(['\\', '/']);
        let known = LABELS.iter().any(|label| label.eq_ignore_ascii_case(user));
        let other = time || path || known || self.is_component(at - length);
        let variable = secret.starts_with(['$', '%']);
        if user.is_empty() || host.is_empty() || other || variable || !alone || !plain || !machine {
            return None;
        }
        self.shown(at + 1..sign)
    }

    /// Whether a component of a distinguished name begins here: `CN=`, `OU=`.
    fn is_component(&self, at: usize) -> bool {
        ["cn=", "ou=", "dc=", "uid=", "o=", "l=", "st=", "c="]
            .iter()
            .any(|kind| {
                let start = at.checked_sub(kind.len()).filter(|start| self.here(*start, kind));
                start.is_some_and(|start| {
                    start == 0 || self.byte(start - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric())
                })
            })
    }

    /// A JSON Web Token: `eyJ….eyJ….…`
    pub(super) fn web_token(&self, at: usize) -> Option<Range<usize>> {
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !self.from(at).starts_with("eyJ")
            || at
                .checked_sub(1)
                .is_some_and(|at| self.byte(at).as_ref().is_some_and(part))
        {
            return None;
        }
        let run = |from: usize| {
            self.bytes
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| part(byte))
                .count()
        };
        let mut end = at + run(at);
        let mut parts = 1;
        while self.byte(end) == Some(b'.') && (parts < 3 || run(end + 1) > 0) && parts < 5 {
            end += 1 + run(end + 1);
            parts += 1;
        }
        (parts >= 3 && end - at >= 20).then_some(at..end)
    }
}
