//! Where the value of a credential begins and ends.
//!
//! In: the place after a name. Out: the range of the secret, without quotes;
//! nothing for an empty value or one that only stands for a secret. Must not
//! know: names.

use super::credential::{Bare, Finder};
use super::mask::{MASK, Style};
use super::words;
use std::ops::Range;

/// Ways to begin a quoted value, longest first, with what ends it.
const QUOTES: [(&str, &str); 14] = [
    ("&quot;", "&quot;"),
    ("&apos;", "&apos;"),
    ("&#39;", "&#39;"),
    ("\\\"", "\\\""),
    ("\\'", "\\'"),
    ("`\"", "`\""),
    ("\"", "\""),
    ("'", "'"),
    ("“", "”"),
    ("”", "”"),
    ("„", "“"),
    ("‘", "’"),
    ("’", "’"),
    ("‚", "‘"),
];

impl Finder<'_> {
    /// The value that begins here, quoted or bare.
    pub(super) fn value(&mut self, at: usize, bare: Bare) -> Option<Range<usize>> {
        let at = self.skip_cast(self.skip_spaces(at));
        if let Some(here_string) = self.here_string(at) {
            return self.shown(here_string);
        }
        // N'…' of SQL, @"…" and $"…" of C#.
        let prefixed =
            matches!(self.byte(at), Some(b'N' | b'@' | b'$')) && matches!(self.byte(at + 1), Some(b'"' | b'\''));
        match self.quoted(at + usize::from(prefixed)) {
            Quoted::Range(range) => self.shown(range),
            Quoted::Empty => None,
            Quoted::No => self.bare(at, bare),
        }
    }

    /// The value of the attribute after this one: `key="ClientSecret" value="…"`.
    pub(super) fn value_beside(&mut self, at: usize) -> Option<Range<usize>> {
        let Quoted::Range(name) = self.quoted(self.skip_spaces(at)) else {
            return None;
        };
        if name.len() > 64 || !words::is_credential(self.text.get(name.clone())?) {
            return None;
        }
        let value = self.skip_spaces(name.end + 1);
        if !self.here(value, "value") {
            return None;
        }
        let equals = self.skip_spaces(value + 5);
        (self.byte(equals) == Some(b'=')).then(|| self.value(equals + 1, Bare::None))?
    }

    /// A quoted string that begins here.
    pub(super) fn quoted(&mut self, at: usize) -> Quoted {
        let Some((open, close)) = QUOTES.into_iter().find(|(open, _)| self.from(at).starts_with(open)) else {
            return Quoted::No;
        };
        let start = at + open.len();
        let after = self.byte(start);
        let ends = after.is_none_or(|byte| byte.is_ascii_whitespace() || b";,)}]>&+|./".contains(&byte));
        if (open == "\"" && self.double || open == "'" && self.single) && ends {
            return Quoted::Empty; // this quote closes what surrounds the name
        }
        if open.len() == 1 && after == self.byte(at) {
            return self.doubled(at, open);
        }
        let mut from = start;
        loop {
            let Some(end) = self.next(from, close) else {
                return Quoted::Range(start..self.line_end(start));
            };
            let twice = close.len() == 1 && self.byte(end + 1) == self.byte(end);
            let escaped = close == "\"" && matches!(self.byte(end - 1), Some(b'\\' | b'`')) && end > start;
            match (twice, escaped) {
                (true, _) => from = end + 2,
                // A path may end so; then what follows is masked too, which does no harm.
                (_, true) => from = end + 1,
                _ => return Quoted::Range(start..end),
            }
        }
    }

    /// `""`: empty, or quotes within a quoted string.
    fn doubled(&mut self, at: usize, quote: &'static str) -> Quoted {
        let start = at + 2;
        let ends = |byte: u8| byte.is_ascii_whitespace() || b";,)}]>&|/".contains(&byte);
        if self.byte(start).is_none_or(ends) {
            return Quoted::Empty;
        }
        let close = if quote == "\"" { "\"\"" } else { "''" };
        match self.next(start, close) {
            Some(end) => Quoted::Range(start..end),
            None => Quoted::Range(start..self.line_end(start)),
        }
    }

    /// `@'` line break … line break `'@` of PowerShell.
    fn here_string(&mut self, at: usize) -> Option<Range<usize>> {
        let close = match (self.byte(at)?, self.byte(at + 1)?) {
            (b'@', b'\'') => "\n'@",
            (b'@', b'"') => "\n\"@",
            _ => return None,
        };
        let start = at + 2;
        let line = self.from(start).trim_start_matches(['\r', ' ', '\t']);
        if !line.starts_with('\n') {
            return None;
        }
        let end = self.next(start, close).unwrap_or(self.text.len());
        Some(start..end)
    }

    /// `[string]` before a value.
    fn skip_cast(&self, at: usize) -> usize {
        if self.byte(at) != Some(b'[') || self.style == Style::Segments {
            return at;
        }
        let name = self
            .from(at + 1)
            .bytes()
            .take(40)
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
        let end = at + 1 + name.count();
        let after = self.skip_spaces(end + 1);
        let quoted = matches!(self.byte(after), Some(b'"' | b'\''));
        if self.byte(end) == Some(b']') && quoted {
            after
        } else {
            at
        }
    }

    fn line_end(&self, at: usize) -> usize {
        self.from(at).find(['\r', '\n']).map_or(self.text.len(), |end| at + end)
    }

    /// The place on the next line where the value stands when this line ends here; no other setting, tag or block.
    pub(super) fn next_line(&self, at: usize) -> Option<usize> {
        let rest = self.from(self.skip_spaces(at));
        let rest = rest.strip_prefix('\r').unwrap_or(rest).strip_prefix('\n')?;
        let line = rest.lines().next().unwrap_or_default();
        let word = line.trim();
        let quoted = QUOTES.iter().any(|(open, _)| word.starts_with(open));
        let one = !word.contains(char::is_whitespace);
        let sign = |c: char| {
            matches!(
                c,
                '<' | '[' | '{' | '}' | '(' | ')' | ']' | '#' | '-' | ';' | '$' | '@' | '%'
            )
        };
        let name = word
            .find(['=', ':'])
            .and_then(|end| word.get(..end))
            .unwrap_or_default();
        let setting = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | '.' | '"'));
        let start = self.text.len() - rest.len() + (line.len() - line.trim_start().len());
        (!word.is_empty() && !setting && (quoted || (one && !word.starts_with(sign)))).then_some(start)
    }

    /// A value without quotes.
    fn bare(&self, at: usize, bare: Bare) -> Option<Range<usize>> {
        let first = self.byte(at)?;
        let end = match bare {
            Bare::None => return None,
            Bare::Segment => self.segment_end(at),
            Bare::Url => {
                let stop = |c: char| c.is_whitespace() || matches!(c, '&' | '#' | '"' | '\'' | '<' | '>' | ';');
                self.from(at).find(stop).map_or(self.text.len(), |end| at + end)
            }
            // Variables, expressions and the next switch are no secrets.
            Bare::Word if b"$(@[{-%".contains(&first) => return None,
            Bare::Argument if b"$%-".contains(&first) => return None,
            Bare::Argument => {
                let stop = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
                self.from(at).find(stop).map_or(self.text.len(), |end| at + end)
            }
            Bare::Last if b"$(@[{-%&".contains(&first) => return None,
            Bare::Last => self.last_word(at)?,
            Bare::Word => {
                let stop = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | ')' | '}' | ']' | ',' | '"' | '\'');
                self.from(at).find(stop).map_or(self.text.len(), |end| at + end)
            }
        };
        self.shown(at..end)
    }

    /// End of a word after which its statement ends; no call, constant or command.
    fn last_word(&self, at: usize) -> Option<usize> {
        let stop = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | ')' | '}' | ',' | '"' | '\'');
        let end = self.from(at).find(stop).map_or(self.text.len(), |end| at + end);
        let word = self.text.get(at..end)?;
        let after = self.byte(self.skip_spaces(end));
        let ends = after.is_none_or(|byte| b"\r\n;)},#".contains(&byte));
        let constant = ["null", "none", "nil", "true", "false", "undefined"];
        let is_constant = constant.iter().any(|it| it.eq_ignore_ascii_case(word));
        (ends && !is_constant && !word.contains('(') && !words::is_command(word)).then_some(end)
    }

    /// End of a segment of a connection string: `;`, the line, or the quotes around the whole string.
    fn segment_end(&self, at: usize) -> usize {
        let rest = self.from(at);
        // Curly brackets quote in ODBC; a closing one within is doubled.
        if rest.starts_with('{') {
            let mut from = 1;
            while let Some(found) = rest.get(from..).and_then(|rest| rest.find('}')) {
                from += found + 1;
                if !rest.get(from..).is_some_and(|rest| rest.starts_with('}')) {
                    return at + from;
                }
                from += 1;
            }
        }
        let closes = |end: usize| {
            self.byte(end + 1)
                .is_none_or(|byte| byte.is_ascii_whitespace() || b";,)}]>&+|/".contains(&byte))
        };
        let end = rest.bytes().zip(at..).find(|(byte, here)| match byte {
            b';' | b'\n' | b'\r' => true,
            b'"' => self.style == Style::Segments || (self.double && closes(*here)),
            b'\'' => self.single && closes(*here),
            b'<' => self.byte(here + 1) == Some(b'/'),
            b'&' => self.from(*here).starts_with("&quot;"),
            _ => false,
        });
        end.map_or(self.text.len(), |(_, end)| end)
    }

    /// A range without white space around it, unless there is nothing to hide in it.
    pub(super) fn shown(&self, range: Range<usize>) -> Option<Range<usize>> {
        let text = self.text.get(range.clone())?;
        let start = range.start + (text.len() - text.trim_start().len());
        let text = text.trim();
        (!text.is_empty() && !stands_for_secret(text)).then_some(start..start + text.len())
    }
}

/// A quoted string, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Quoted {
    /// What stands between the quotes.
    Range(Range<usize>),
    /// Nothing stands between them.
    Empty,
    /// There are no quotes.
    No,
}

/// `{password}`, `%DB_PASSWORD%`, `${token}`, `***`: filled in later, or masked already.
fn stands_for_secret(text: &str) -> bool {
    if text == MASK || text.chars().all(|c| matches!(c, '*' | '•')) {
        return true;
    }
    if text.len() > 64 {
        return false;
    }
    if let Some(name) = text.strip_prefix(['$', '@']) {
        let letters = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.' | ':');
        if name.chars().all(letters) && words::is_credential(name) {
            return true;
        }
    }
    let wraps = [
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("#{", "}"),
        ("{", "}"),
        ("%", "%"),
        ("<", ">"),
    ];
    wraps.iter().any(|(open, close)| {
        let inner = text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
        inner.is_some_and(|inner| {
            let letters = inner
                .chars()
                .all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.' | ':' | ' '));
            let index = *open == "{" && inner.len() <= 2 && inner.bytes().all(|byte| byte.is_ascii_digit());
            !inner.is_empty() && (index || (letters && words::is_credential(inner)))
        })
    })
}
