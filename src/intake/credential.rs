//! Finds credentials inside a text.
//!
//! In: a text. Out: the ranges of the secrets in it. One pass from left to
//! right; every look back or ahead is bounded or remembered, so that a text of
//! any size takes linear time. Where a rule is in doubt it masks too much
//! rather than too little. Must not know: what becomes of the ranges.

use super::command::Line;
use super::mask::Style;
use super::words;
use std::ops::Range;

/// How far to look back for the name of a value.
const NAME: usize = 64;

/// The ranges of the secrets in a text, not sorted.
pub(super) fn find(text: &str, style: Style) -> Vec<Range<usize>> {
    let mut finder = Finder {
        text,
        bytes: text.as_bytes(),
        style,
        spans: Vec::new(),
        absent: Vec::new(),
        double: false,
        single: false,
        line: Line::default(),
    };
    finder.run();
    finder.spans
}

/// The search, and what it remembers.
pub(super) struct Finder<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) style: Style,
    pub(super) spans: Vec<Range<usize>>,
    /// What does not occur in the rest of the text.
    pub(super) absent: Vec<&'static str>,
    /// Within double quotes, as far as this line tells.
    pub(super) double: bool,
    /// Within single quotes, as far as this line tells.
    pub(super) single: bool,
    /// The program whose arguments these are, as far as that is known.
    pub(super) line: Line,
}

/// How a name is written decides how its value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// `Password=…` in a connection string or a file of settings.
    Plain,
    /// `"password": …`
    Quoted,
    /// `$password = …`, `$settings['password'] = …`, `@password = …`
    Variable,
    /// `-password=…`, `/password=…`
    Switch,
    /// `?client_secret=…`, `&sig=…`
    Url,
}

/// A value without quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// There is none.
    None,
    /// To the end of the segment or line.
    Segment,
    /// To the next white space or bracket.
    Word,
    /// A word that is a statement's end.
    Last,
    /// To the next white space or quote.
    Argument,
    /// To the end of the URL's parameter.
    Url,
}

impl Finder<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(byte) = self.byte(at) {
            let found = match (self.style, byte) {
                (_, b'=') => self.assignment(at),
                (_, b'e') => self.web_token(at),
                (_, b'g') => self.token(at),
                (_, b'A') => self.key_pair(at),
                (Style::Segments, _) => None,
                (Style::Full, b':') => self.colon(at),
                (Style::Full, b',') => self.pair(at),
                (Style::Full, b'(') => self.call(at),
                (Style::Full, b'-') => self.switch(at).or_else(|| self.parameter(at)),
                (Style::Full, b'/') => self.switch(at),
                (Style::Full, b'<') => self.element(at),
                (Style::Full, b'b' | b'B' | b't' | b'T') => self.authorization(at),
                (Style::Full, b's' | b'S') => self.secure_string(at),
                (Style::Full, b'c' | b'C') => self.credential_object(at),
                (Style::Full, b'n' | b'N') => self.net_use(at),
                _ => None,
            };
            let next = match found {
                Some(span) if span.end > at => {
                    let end = span.end;
                    self.spans.push(span);
                    end
                }
                _ => at + 1,
            };
            for byte in self.bytes.get(at..next).unwrap_or_default() {
                match byte {
                    b'"' => self.double = !self.double,
                    b'\'' => self.single = !self.single,
                    b'\n' => (self.double, self.single) = (false, false),
                    _ => {}
                }
            }
            at = next;
        }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn from(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The next place of a text, remembering when there is none.
    pub(super) fn next(&mut self, at: usize, what: &'static str) -> Option<usize> {
        if self.absent.contains(&what) {
            return None;
        }
        let found = self.from(at).find(what);
        if found.is_none() {
            self.absent.push(what);
        }
        found.map(|found| at + found)
    }

    /// Whether these letters stand here, whatever their case.
    pub(super) fn here(&self, at: usize, word: &str) -> bool {
        self.bytes
            .get(at..at + word.len())
            .is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
    }

    pub(super) fn skip_spaces(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    }

    /// `name = value` in all its spellings.
    fn assignment(&mut self, at: usize) -> Option<Range<usize>> {
        if self.byte(at + 1) == Some(b'=') {
            return None; // the last of them decides
        }
        let mut end = at;
        while end > 0 && matches!(self.byte(end - 1), Some(b'=' | b'!' | b'+' | b':')) {
            end -= 1;
        }
        if self.style == Style::Segments && end < at {
            return None;
        }
        let (written, name) = self.name_before(end)?;
        let arrow = usize::from(self.byte(at + 1) == Some(b'>'));
        let bare = match written {
            _ if end < at || arrow > 0 => Bare::None,
            Written::Plain => Bare::Segment,
            Written::Variable if self.is_variable(name.start) => Bare::Last,
            Written::Quoted | Written::Variable => Bare::None,
            Written::Switch => Bare::Word,
            Written::Url => Bare::Url,
        };
        let text = self.text.get(name.clone()).unwrap_or_default();
        let url = written == Written::Url && ["sig", "code", "key"].iter().any(|it| it.eq_ignore_ascii_case(text));
        if url || words::is_credential(text) || self.is_spaced(&name) {
            let value = at + 1 + arrow;
            return match self.next_line(value).filter(|_| self.style == Style::Full) {
                Some(next) if bare != Bare::None => self.value(next, Bare::Last),
                Some(next) => self.value(next, Bare::None),
                None => self.value(value, bare),
            };
        }
        if self.style == Style::Full && (text.eq_ignore_ascii_case("key") || text.eq_ignore_ascii_case("name")) {
            return self.value_beside(at + 1);
        }
        None
    }

    /// `"name": value`, `name: 'value'`, `scheme://user:value@host`, `user:value@host`
    fn colon(&mut self, at: usize) -> Option<Range<usize>> {
        if self.from(at).starts_with("://") {
            return self.user_info(at);
        }
        self.named(at).or_else(|| self.user_at_host(at))
    }

    /// The value that a name before a colon calls a credential.
    fn named(&mut self, at: usize) -> Option<Range<usize>> {
        let (written, name) = self.name_before(at)?;
        let text = self.text.get(name.clone()).unwrap_or_default();
        if !(words::is_credential(text) || self.is_spaced(&name)) {
            return None;
        }
        if let Some(next) = self.next_line(at + 1) {
            let own = written == Written::Plain && self.begins_line(name.start);
            return self.value(next, if own { Bare::Last } else { Bare::None });
        }
        let bare = match written {
            Written::Quoted | Written::Switch => Bare::Word,
            Written::Plain if self.is_yaml(name.start, at) => Bare::Segment,
            _ => Bare::None,
        };
        let span = self.value(at + 1, bare)?;
        let json = ["true", "false", "null"];
        let text = self.text.get(span.clone()).unwrap_or_default();
        let nothing = written == Written::Quoted && json.contains(&text);
        (!nothing && !text.starts_with(['{', '['])).then_some(span)
    }

    /// `Password,value` on a line of its own, as PowerShell connectors keep their parameters.
    fn pair(&mut self, at: usize) -> Option<Range<usize>> {
        let (written, name) = self.name_before(at)?;
        let text = self.text.get(name.clone()).unwrap_or_default();
        let begins = self.begins_line(name.start) && written == Written::Plain;
        (begins && words::is_credential(text))
            .then(|| self.value(at + 1, Bare::Segment))
            .flatten()
    }

    /// `SetPassword("value")`
    fn call(&mut self, at: usize) -> Option<Range<usize>> {
        let (_, name) = self.name_before(at)?;
        let text = self.text.get(name).unwrap_or_default();
        let own = text.rsplit('.').next().unwrap_or_default();
        let set = own.get(..3).filter(|start| start.eq_ignore_ascii_case("set"));
        set.and_then(|_| own.get(3..))
            .is_some_and(words::is_credential)
            .then(|| self.value(at + 1, Bare::None))
            .flatten()
    }

    /// Whether nothing but layout stands before this place in its line.
    fn begins_line(&self, at: usize) -> bool {
        let from = (at.saturating_sub(NAME)..=at).find(|from| self.text.is_char_boundary(*from));
        let before = from.and_then(|from| self.text.get(from..at)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.trim_matches([' ', '\t', '-', '\r']).is_empty()
    }

    /// A name alone on its line with one word after it; prose has more words.
    fn is_yaml(&self, name: usize, colon: usize) -> bool {
        let begins = self.begins_line(name);
        let line = self.from(colon + 1).lines().next().unwrap_or_default();
        begins && line.split_whitespace().take(2).count() == 1
    }

    /// Password of `scheme://user:password@host`.
    fn user_info(&self, at: usize) -> Option<Range<usize>> {
        if at == 0 || !self.byte(at - 1).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let start = at + 3;
        let rest = self.from(start);
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'));
        let region = rest.get(..end.unwrap_or(rest.len()))?;
        let colon = region
            .find([':', '/', '@'])
            .filter(|at| region.get(*at..).is_some_and(|rest| rest.starts_with(':')))?;
        let authority = region.find(['/', '?', '#']).unwrap_or(region.len());
        let port = region
            .get(colon + 1..authority)?
            .bytes()
            .all(|byte| byte.is_ascii_digit());
        let sign = match region.get(..authority)?.rfind('@') {
            Some(sign) => sign,
            // A password may hold what should have been escaped; a port is none.
            None if port => return None,
            None => region.rfind('@')?,
        };
        self.shown(start + colon + 1..start + sign)
    }

    /// `<password>value</password>` inside a value.
    fn element(&mut self, at: usize) -> Option<Range<usize>> {
        let name = self.name_after(at + 1)?;
        let local = self.text.get(name.clone())?.rsplit(':').next()?;
        if !words::is_credential(local) {
            return None;
        }
        let head = self.from(name.end).bytes().take(512).position(|byte| byte == b'>')?;
        if self.byte(name.end + head - usize::from(head > 0)) == Some(b'/') && head > 0 {
            return self.value_attribute(name.end..name.end + head);
        }
        let start = name.end + head + 1;
        let end = self.next(start, "</").unwrap_or(self.text.len());
        self.shown(start..end)
    }

    /// `value="…"` within a tag.
    fn value_attribute(&mut self, tag: Range<usize>) -> Option<Range<usize>> {
        let at = tag.clone().find(|&at| self.here(at, " value"))? + 6;
        let equals = self.skip_spaces(at);
        (equals < tag.end && self.byte(equals) == Some(b'=')).then(|| self.value(equals + 1, Bare::None))?
    }

    /// Characters of a name from here on.
    pub(super) fn name_after(&self, at: usize) -> Option<Range<usize>> {
        let length = self
            .bytes
            .get(at..)?
            .iter()
            .take(NAME)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
            .count();
        (length > 0).then_some(at..at + length)
    }

    /// The name that ends here, past white space, quotes and brackets.
    fn name_before(&self, at: usize) -> Option<(Written, Range<usize>)> {
        let back = |mut end: usize, limit: usize, wanted: &dyn Fn(u8) -> bool| {
            let stop = end.saturating_sub(limit);
            while end > stop && self.byte(end - 1).is_some_and(wanted) {
                end -= 1;
            }
            end
        };
        let mut written = Written::Plain;
        let mut end = at;
        if self.style == Style::Full {
            end = back(end, 40, &|byte| matches!(byte, b' ' | b'\t'));
            let closed = back(end, 4, &|byte| {
                matches!(byte, b'"' | b'\'' | b'\\' | b'`' | b']' | b'}')
            });
            let closers = self.bytes.get(closed..end)?;
            if closers.iter().any(|byte| matches!(byte, b']' | b'}')) {
                written = Written::Variable;
            } else if !closers.is_empty() {
                written = Written::Quoted;
            }
            end = closed;
            if self.text.get(..end)?.ends_with("&quot;") {
                (end, written) = (end - 6, Written::Quoted);
            }
        }
        let start = self.name_start(end);
        if start == end {
            return None;
        }
        let before = start.checked_sub(1).and_then(|at| self.byte(at));
        if written == Written::Plain {
            written = match (before, self.byte(start)) {
                (Some(b'$' | b'@' | b'{'), _) | (_, Some(b'.')) => Written::Variable,
                (Some(b':'), _) => match self.sign_before(start - 1) {
                    Some(b'$' | b'{') => Written::Variable,
                    Some(b'/' | b'-') => Written::Switch,
                    _ => Written::Plain,
                },
                (Some(b'?' | b'&'), _) => Written::Url,
                (Some(b'/'), _) | (_, Some(b'-')) => Written::Switch,
                _ if self.is_member(start, end) => Written::Variable,
                _ => Written::Plain,
            };
        }
        Some((written, start..end))
    }

    /// Where the name that ends here begins.
    fn name_start(&self, end: usize) -> usize {
        let mut start = end;
        while end - start < NAME {
            let before = |back: usize| start.checked_sub(back).and_then(|at| self.byte(at));
            match (before(2), before(1)) {
                // The letters of Western languages: contraseña, Lösenord.
                (Some(0xC3), Some(0x80..=0xBF)) => start -= 2,
                (_, Some(byte)) if byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) => start -= 1,
                _ => break,
            }
        }
        start
    }

    /// What stands before the scope of `$env:PASSWORD` or the letters of `/p:Token`.
    fn sign_before(&self, colon: usize) -> Option<u8> {
        let mut start = colon;
        while start > colon.saturating_sub(NAME)
            && self.byte(start - 1).is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            start -= 1;
        }
        start.checked_sub(1).and_then(|at| self.byte(at))
    }

    /// `$password`, `$env:PASSWORD`, `${password}`, `@password`: names that only a variable has.
    fn is_variable(&self, start: usize) -> bool {
        let before = |back: usize| start.checked_sub(back).and_then(|at| self.byte(at));
        match before(1) {
            Some(b'$' | b'@') => true,
            Some(b'{') => before(2) == Some(b'$'),
            Some(b':') => matches!(self.sign_before(start - 1), Some(b'$' | b'{')),
            _ => false,
        }
    }

    /// `$connection.Password` begins with a sign that stands before the dotted name.
    fn is_member(&self, start: usize, end: usize) -> bool {
        start > 0
            && self.byte(start - 1) == Some(b'$')
            && self.bytes.get(start..end).is_some_and(|name| name.contains(&b'.'))
    }

    /// `Account Key`, `Shared Access Key`, `Pass Word`: a word that is a credential by the one before.
    fn is_spaced(&self, name: &Range<usize>) -> bool {
        if !self
            .text
            .get(name.clone())
            .is_some_and(|name| ["key", "word"].iter().any(|word| name.eq_ignore_ascii_case(word)))
        {
            return false;
        }
        let own = self.text.get(name.clone()).unwrap_or_default();
        let from = (name.start.saturating_sub(24)..=name.start).find(|at| self.text.is_char_boundary(*at));
        let before = from
            .and_then(|from| self.text.get(from..name.start))
            .unwrap_or_default();
        let word = before
            .strip_suffix(' ')
            .and_then(|before| before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next());
        word.is_some_and(|word| !word.is_empty() && words::is_credential(&format!("{word} {own}")))
    }
}
