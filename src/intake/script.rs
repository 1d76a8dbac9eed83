//! Credentials in scripts of connectors and in what they send.
//!
//! In: the place of a letter or hyphen that may begin one. Out: the range of
//! the secret. Must not know: names and values in general.

use super::credential::{Bare, Finder};
use super::value::Quoted;
use super::words;
use std::ops::Range;

/// How far a statement is followed.
const STATEMENT: usize = 4096;

impl Finder<'_> {
    /// `-Password "…"`, `--api-key …`, `$password -eq "…"`, and private keys.
    pub(super) fn parameter(&mut self, at: usize) -> Option<Range<usize>> {
        if self.from(at).starts_with("-----BEGIN ") {
            return self.private_key(at);
        }
        let before = at.checked_sub(1).and_then(|at| self.byte(at));
        if before.is_some_and(|byte| !byte.is_ascii_whitespace() && !b"({|;-,".contains(&byte)) {
            return None;
        }
        let name = self.name_after(at + 1)?;
        let text = self.text.get(name.clone())?;
        let (name_text, joined) = match text.split_once(':') {
            Some((name, _)) => (name, true),
            None => (text, false),
        };
        let compares = ["eq", "ne", "ceq", "cne", "ieq", "ine", "like", "clike"];
        if compares.iter().any(|operator| operator.eq_ignore_ascii_case(text)) {
            let start = at.saturating_sub(64);
            let start = (start..=at).find(|at| self.text.is_char_boundary(*at))?;
            let variable = self
                .text
                .get(start..at)?
                .trim_end()
                .rsplit(|c: char| c.is_whitespace() || c == '(')
                .next()?;
            return words::is_credential(variable).then(|| self.value(name.end, Bare::None))?;
        }
        if !words::is_credential(name_text) {
            return None;
        }
        if joined || matches!(self.byte(name.end), Some(b'=')) {
            return None; // as an assignment or after the colon
        }
        let mut value = self.skip_spaces(name.end);
        if self.byte(value) == Some(b'`') && self.from(value + 1).trim_start_matches('\r').starts_with('\n') {
            value += 1;
            while self.byte(value).is_some_and(|byte| byte.is_ascii_whitespace()) {
                value += 1;
            }
        }
        (value > name.end).then(|| self.value(value, Bare::Word))?
    }

    /// What stands between the lines that frame a private key.
    fn private_key(&mut self, at: usize) -> Option<Range<usize>> {
        let head = self.from(at + 11);
        let end = head.bytes().take(60).position(|byte| byte == b'-')?;
        if !head.get(..end)?.ends_with("PRIVATE KEY") {
            return None;
        }
        let start = at + 11 + end + 5;
        let end = self.next(start, "-----END").unwrap_or(self.text.len());
        self.shown(start..end)
    }

    /// `Bearer …`, `Basic …` and `token …` of an authorization header.
    pub(super) fn authorization(&self, at: usize) -> Option<Range<usize>> {
        let scheme = ["bearer", "basic", "token"]
            .into_iter()
            .find(|scheme| self.here(at, scheme))?;
        let before = at.checked_sub(1).and_then(|at| self.byte(at));
        if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$')) {
            return None;
        }
        let start = self.skip_spaces(at + scheme.len());
        if start == at + scheme.len() {
            return None;
        }
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
        let length = self.bytes.get(start..)?.iter().take_while(|byte| part(byte)).count();
        let run = self.text.get(start..start + length)?;
        let digit = run.bytes().any(|byte| byte.is_ascii_digit());
        let mixed = run.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
            && run.bytes().any(|byte| byte.is_ascii_lowercase());
        let long = run.len() >= 20;
        // Words of a sentence are none of these.
        let random = match scheme {
            "bearer" => digit || mixed || long,
            "basic" => (digit || mixed || run.ends_with('=')) && run.len() >= 6,
            _ => digit && long,
        };
        if random {
            self.shown(start..start + length)
        } else {
            None
        }
    }

    /// `ConvertTo-SecureString "…"`, `"…" | ConvertTo-SecureString`.
    pub(super) fn secure_string(&mut self, at: usize) -> Option<Range<usize>> {
        if !self.here(at, "securestring") || at == 0 || self.byte(at - 1) != Some(b'-') {
            return None;
        }
        let convert = at.checked_sub(10).filter(|start| self.here(*start, "convertto-"));
        let piped = convert.and_then(|start| self.piped_into(start));
        self.spans.extend(piped);
        let mut here = at + 12;
        let stop = here + STATEMENT;
        let mut last = None;
        while let Some(byte) = self.byte(here).filter(|_| here < stop) {
            match byte {
                b'\n' if self.byte(here - 1) != Some(b'`') && !self.from(here - 2).starts_with("`\r") => break,
                b';' | b'|' | b')' | b'}' => break,
                b'-' | b'$' | b'[' => here = self.word_end(here),
                _ if byte.is_ascii_whitespace() || b"(@`,".contains(&byte) => here += 1,
                _ => {
                    let range = match self.quoted_alone(here) {
                        Quoted::Range(range) => range,
                        Quoted::Empty => here + 2..here + 2,
                        Quoted::No => here..self.word_end(here),
                    };
                    here = range.end.max(here + 1);
                    here += usize::from(matches!(self.byte(here), Some(b'"' | b'\'')));
                    last = self.keep(last, range);
                }
            }
        }
        last
    }

    /// Stores the secret before this one; the caller stores the last.
    fn keep(&mut self, last: Option<Range<usize>>, range: Range<usize>) -> Option<Range<usize>> {
        let Some(range) = self.shown(range) else {
            return last;
        };
        self.spans.extend(last);
        Some(range)
    }

    /// A quoted string of a statement, whatever quotes the line had before.
    fn quoted_alone(&mut self, at: usize) -> Quoted {
        let surrounding = (self.double, self.single);
        (self.double, self.single) = (false, false);
        let quoted = self.quoted(at);
        (self.double, self.single) = surrounding;
        quoted
    }

    fn word_end(&self, at: usize) -> usize {
        let stop = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | ')' | '}' | '"' | '\'');
        let rest = self.from(at);
        let end = rest.char_indices().skip(1).take(STATEMENT).find(|(_, c)| stop(*c));
        end.map_or_else(|| self.text.len(), |(end, _)| at + end)
    }

    /// The string that is piped into the command that begins here.
    fn piped_into(&self, at: usize) -> Option<Range<usize>> {
        let from = (at.saturating_sub(STATEMENT)..=at).find(|at| self.text.is_char_boundary(*at))?;
        let before = self.text.get(from..at)?.trim_end().strip_suffix('|')?.trim_end();
        let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
        let inside = before.get(..before.len() - 1)?;
        let start = inside.rfind(quote)? + 1;
        self.shown(from + start..from + inside.len())
    }

    /// `NetworkCredential("user", "…")`, `New-Object NetworkCredential 'user', '…'`.
    pub(super) fn credential_object(&mut self, at: usize) -> Option<Range<usize>> {
        if !self.here(at, "credential") {
            return None;
        }
        let mut here = at + 10;
        for between in ["]::new", "(", " -ArgumentList", " @("] {
            here = if self.here(here, between) {
                here + between.len()
            } else {
                here
            };
        }
        here = self.skip_spaces(here);
        let first = match self.quoted_alone(here) {
            Quoted::Range(range) => range.end + 1,
            Quoted::Empty => here + 2,
            Quoted::No => {
                here + self
                    .name_after(here + usize::from(self.byte(here) == Some(b'$')))
                    .map_or(0, |name| name.end - here)
            }
        };
        let comma = self.skip_spaces(first);
        if self.byte(comma) != Some(b',') {
            return None;
        }
        let second = self.skip_spaces(comma + 1);
        match self.quoted_alone(second) {
            Quoted::Range(range) => self.shown(range),
            Quoted::Empty | Quoted::No => None,
        }
    }
}
