//! Credentials in command lines, and those that their own shape gives away.
//!
//! In: the place of a sign or letter that may begin one. Out: the range of the
//! secret. Must not know: names and values in general.

use super::credential::{Bare, Finder};
use super::words;
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
const PROGRAMS: [(&str, &[&str], Takes); 16] = [
    ("sqlcmd", &["P"], Takes::Word),
    ("osql", &["P"], Takes::Word),
    ("isql", &["P"], Takes::Word),
    ("bcp", &["P"], Takes::Word),
    ("curl", &["u", "U", "-user", "-proxy-user"], Takes::UserAndSecret),
    ("schtasks", &["rp", "RP", "Rp", "p", "P"], Takes::Word),
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

    /// `net use Z: \\\\host\\share secret /user:name`
    pub(super) fn net_use(&mut self, at: usize) -> Option<Range<usize>> {
        let apart = |byte: u8| !byte.is_ascii_alphanumeric() && !b"_-$.".contains(&byte);
        if !self.here(at, "net")
            || at
                .checked_sub(1)
                .and_then(|at| self.byte(at))
                .is_some_and(|byte| !apart(byte))
        {
            return None;
        }
        let name = at + if self.here(at + 3, ".exe") { 7 } else { 3 };
        let verb = self.skip_spaces(name);
        if verb == name || !self.here(verb, "use") || !matches!(self.byte(verb + 3), Some(b' ' | b'\t')) {
            return None;
        }
        let mut here = self.skip_spaces(verb + 3);
        let mut shared = false;
        for _ in 0..8 {
            let word = self.word(here);
            let text = self.text.get(word.clone()).filter(|text| !text.is_empty())?;
            let bare = text.trim_start_matches(['"', '\'']);
            if shared && !bare.starts_with(['/', '*', '$', '%']) {
                return self.value(here, Bare::Argument);
            }
            shared |= bare.starts_with("\\\\") || (bare.starts_with(['$', '%']) && !bare.ends_with(':'));
            here = self.skip_spaces(word.end);
        }
        None
    }

    /// The word of a statement that begins here, with its quotes; empty at the statement's end.
    fn word(&self, at: usize) -> Range<usize> {
        let quote = self.byte(at).filter(|byte| b"\"'".contains(byte));
        let inside = |c: char| quote.is_some_and(|quote| c == char::from(quote));
        let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | ')');
        let from = at + usize::from(quote.is_some());
        let rest = self.from(from);
        let end = match quote {
            Some(_) => rest.find(inside).map_or(rest.len(), |end| end + 1),
            None => rest.find(ends).unwrap_or(rest.len()),
        };
        at..from + end
    }

    /// A token whose beginning says what it is: `ghp_…`
    pub(super) fn token(&self, at: usize) -> Option<Range<usize>> {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let (start, least) = words::TOKENS
            .iter()
            .find(|(start, _)| self.from(at).starts_with(start))?;
        if at.checked_sub(1).and_then(|at| self.byte(at)).is_some_and(part) {
            return None;
        }
        let rest = self
            .from(at + start.len())
            .bytes()
            .take_while(|byte| part(*byte))
            .count();
        (rest >= *least).then(|| at..at + start.len() + rest)
    }

    /// `AKIA…` and the secret key of 40 characters that follows it.
    pub(super) fn key_pair(&mut self, at: usize) -> Option<Range<usize>> {
        const ID: usize = 20;
        const SECRET: usize = 40;
        const NEAR: usize = 200;
        if !words::KEY_PAIRS.iter().any(|start| self.from(at).starts_with(start))
            || at
                .checked_sub(1)
                .and_then(|at| self.byte(at))
                .is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            return None;
        }
        let id = self.from(at).bytes();
        let length = id
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            .count();
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
        if length != ID || self.byte(at + ID).is_some_and(part) {
            return None;
        }
        let mut here = at + ID;
        while here < at + ID + NEAR && here < self.bytes.len() {
            let run = self
                .bytes
                .get(here..)?
                .iter()
                .take(NEAR)
                .take_while(|byte| part(**byte))
                .count();
            if run == SECRET {
                self.spans.push(here..here + run);
            }
            here += run.max(1);
        }
        Some(at..at + ID)
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
