//! Which mask stands for which name, and texts with names replaced.
//!
//! In: names, texts. Out: texts in which every known name is its mask, and so
//! is an account, host or child of a known domain that no setting names, and
//! what is a name by its shape. Must not know: reports, settings.
//!
//! Masks are numbered in the order in which names are learnt: a hash of a
//! server's name would be guessed within a second.

use super::names::{self, Name};
use super::shape::{self, Shaped};
use crate::catalogue::NameKind;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Characters that a name needs to be told from other words.
pub(super) const SHORTEST: usize = 3;

/// Names and their masks.
#[derive(Debug, Default)]
pub struct Masks {
    /// By folded spelling.
    known: HashMap<String, Mask>,
    /// Names that are ordinary words, too: masked only where a text shows that they are names.
    beside: HashMap<String, String>,
    /// Words that mean something else than a name.
    ordinary: HashSet<String>,
    /// Identifiers and addresses, by what is the same in all their spellings.
    shaped: HashMap<String, String>,
    /// GUIDs that stand somewhere, so that their digits alone are recognised, too.
    guids: HashSet<String>,
    /// Versions, which look like addresses, and identifiers that every customer has.
    public: HashSet<String>,
    /// Whether names in texts are learnt, too.
    pub(super) learning: bool,
    /// How many masks a kind has.
    counts: HashMap<&'static str, usize>,
    /// Lengths of the spellings, in characters, longest first.
    lengths: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Mask {
    kind: NameKind,
    text: String,
}

impl Masks {
    /// Learns the names in a value.
    pub fn learn_value(&mut self, kind: NameKind, value: &str) {
        // Hosts and databases are called by ordinary words, too, which name nobody.
        let certain = !matches!(kind, NameKind::Hosts | NameKind::Database);
        for name in names::names(kind, value) {
            self.learn_name(&name, certain);
        }
    }

    /// Words that are masked only where a text shows that they are names.
    pub fn learn_ordinary(&mut self, text: &str) {
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        self.ordinary.extend(words.map(fold));
    }

    /// A version or identifier that is the same for every customer.
    pub fn learn_public(&mut self, text: &str) {
        self.public.insert(fold(text.trim()));
        self.public.insert(shape::guid_key(text));
    }

    /// Learns the GUIDs in a text.
    pub fn learn_guids(&mut self, text: &str) {
        self.guids.extend(shape::guids(text));
    }

    /// Learns servers that a connection string or a UNC path names, and accounts with their domains.
    pub fn learn_within(&mut self, text: &str) {
        for name in names::within(text) {
            self.learn_name(&name, false);
        }
    }

    /// Learns a name that a setting holds, or that only seems to be one.
    fn learn_name(&mut self, name: &Name, certain: bool) {
        if name.text.parse::<std::net::IpAddr>().is_ok() {
            return; // its shape tells
        }
        let spellings = names::spellings(name);
        let known = spellings.iter().find_map(|spelling| self.mask_known(&fold(spelling)));
        let text = known.unwrap_or_else(|| self.next(word(name.kind)));
        for spelling in spellings {
            self.insert(&spelling, name.kind, &text, certain);
        }
        if let Some(id) = names::installation(name)
            && !self.known.contains_key(&fold(id))
        {
            let text = self.next(word(NameKind::Identifier));
            self.insert(id, NameKind::Identifier, &text, true);
        }
        if let Some(label) = names::organisation(name)
            && !self.known.contains_key(&fold(label))
            && label.chars().count() >= SHORTEST
        {
            let text = self.next("organisation");
            self.insert(label, NameKind::Organisation, &text, true);
        }
    }

    fn mask_known(&self, folded: &str) -> Option<String> {
        let known = self.known.get(folded).map(|mask| mask.text.clone());
        known.or_else(|| self.beside.get(folded).cloned())
    }

    fn next(&mut self, word: &'static str) -> String {
        let count = self.counts.entry(word).or_default();
        *count += 1;
        format!("{word}-{count}")
    }

    fn insert(&mut self, spelling: &str, kind: NameKind, mask: &str, certain: bool) {
        let folded = fold(spelling);
        let length = folded.chars().count();
        if !certain && (length < SHORTEST || self.ordinary.contains(&folded)) {
            self.beside.entry(folded).or_insert_with(|| mask.to_owned());
            return;
        }
        if length < SHORTEST {
            return;
        }
        if let Err(at) = self.lengths.binary_search_by(|known| length.cmp(known)) {
            self.lengths.insert(at, length);
        }
        self.known.entry(folded).or_insert_with(|| Mask {
            kind,
            text: mask.to_owned(),
        });
    }

    /// Replaces every name in a text that the catalogue may have said.
    pub fn knowledge(&mut self, text: &mut Cow<'static, str>) {
        let mut masked = text.to_string();
        self.text(&mut masked);
        if masked != **text {
            *text = masked.into();
        }
    }

    /// Replaces every name in a text.
    pub fn text(&mut self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        if self.learning {
            self.learn_within(text);
        }
        let chars: Vec<char> = text.chars().collect();
        // One character stands for one, so that places agree.
        let folded: Vec<char> = chars.iter().map(|c| fold_char(*c)).collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        let mut masked = false;
        while at < chars.len() {
            let begins = !continues(&chars, at);
            let found = begins
                .then(|| self.dn(&folded, at).or_else(|| self.at(&folded, at)))
                .flatten();
            let plain = || shape::digits(&chars, at).filter(|shaped| self.guids.contains(&shaped.key));
            let shaped = || {
                let shaped = shape::at(&chars, at).or_else(plain);
                shaped.filter(|shaped| !self.public.contains(&shaped.key))
            };
            match found {
                None if begins && let Some(shaped) = shaped() => {
                    out.push_str(&self.mask_of_shape(&shaped));
                    at += shaped.length;
                    masked = true;
                }
                Some((length, mask)) => {
                    self.owned_by(&mut out, &mask, folded[at..at + length].contains(&'='));
                    out.push_str(&mask.text);
                    at += length;
                    masked = true;
                    if matches!(mask.kind, NameKind::Domain | NameKind::Organisation) {
                        at += self.down_level(&chars, at, &mut out);
                    }
                }
                None => {
                    out.push(chars[at]);
                    at += 1;
                }
            }
        }
        if masked {
            *text = out;
        }
    }

    /// A text with every name replaced.
    pub fn masked(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        self.text(&mut text);
        text
    }

    /// The longest known domain that begins here as a DN, whatever the blanks between its parts.
    fn dn(&self, folded: &[char], at: usize) -> Option<(usize, Mask)> {
        let known = |(length, dn): &(usize, String)| self.known.get(dn).map(|mask| (*length, mask.clone()));
        shape::domains(folded, at).iter().rev().find_map(known)
    }

    /// The longest name that begins here and ends at the end of a word.
    fn at(&self, folded: &[char], at: usize) -> Option<(usize, Mask)> {
        self.lengths.iter().find_map(|&length| {
            let name = folded.get(at..at + length)?;
            let ends = folded
                .get(at + length)
                .is_none_or(|next| !next.is_alphanumeric() || !name[length - 1].is_alphanumeric());
            if !ends {
                return None;
            }
            let name: String = name.iter().collect();
            self.known.get(&name).map(|mask| (length, mask.clone()))
        })
    }

    /// `anna@`, `web01.` or `DC=emea,` before a domain: an account, host or child of it.
    fn owned_by(&mut self, out: &mut String, mask: &Mask, dn: bool) {
        if !matches!(mask.kind, NameKind::Domain | NameKind::Tenant) {
            return;
        }
        if dn && let Some((start, label)) = component(out) {
            let replaced = self.mask_of(NameKind::Server, &label);
            out.truncate(start);
            self.owned_by(out, mask, true);
            out.push_str(&replaced);
            out.push('.');
            return;
        }
        let (kind, mark) = match out.chars().next_back() {
            Some('@') => (NameKind::Account, '@'),
            Some('.') => (NameKind::Server, '.'),
            _ => return,
        };
        let before = &out[..out.len() - 1];
        let part =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || (mark == '@' && matches!(c, '.' | '+' | '\''));
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| part(*c))
            .last()
            .map(|(at, _)| at);
        if let Some(start) = start {
            let name = before[start..].to_owned();
            let replaced = self.mask_of(kind, &name);
            out.truncate(start);
            self.owned_by(out, mask, false);
            out.push_str(&replaced);
            out.push(mark);
        }
    }

    /// `\anna` after a domain; the number of characters taken.
    fn down_level(&mut self, chars: &[char], at: usize, out: &mut String) -> usize {
        if chars.get(at) != Some(&'\\') {
            return 0;
        }
        let name: String = chars[at + 1..]
            .iter()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '$'))
            .collect();
        if name.is_empty() {
            return 0;
        }
        let replaced = self.mask_of(NameKind::Account, &name);
        out.push('\\');
        out.push_str(&replaced);
        1 + name.chars().count()
    }

    /// The mask of a name that a text shows to be one.
    fn mask_of(&mut self, kind: NameKind, name: &str) -> String {
        if let Some(mask) = self.mask_known(&fold(name)) {
            return mask;
        }
        let is_mask = name
            .rsplit_once('-')
            .is_some_and(|(word, number)| self.counts.contains_key(word) && number.parse::<usize>().is_ok());
        if is_mask {
            return name.to_owned();
        }
        let text = self.next(word(kind));
        self.insert(name, kind, &text, false);
        text
    }

    fn mask_of_shape(&mut self, shaped: &Shaped) -> String {
        if let Some(mask) = self.shaped.get(&shaped.key) {
            return mask.clone();
        }
        let text = self.next(shaped.word);
        self.guids.insert(shaped.key.clone());
        self.shaped.insert(shaped.key.clone(), text.clone());
        text
    }
}

/// The component `DC=label,` with which a text ends: where it begins, and its label.
fn component(text: &str) -> Option<(usize, String)> {
    let (before, label) = text.trim_end_matches(' ').strip_suffix(',')?.rsplit_once('=')?;
    let (before, label) = (before.trim_end_matches(' '), label.trim_matches(' '));
    let start = before.len().checked_sub(2)?;
    let kind = before.get(start..)?.eq_ignore_ascii_case("dc");
    let begins = !before.get(..start)?.ends_with(char::is_alphanumeric);
    let own = !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    (kind && begins && own).then(|| (start, label.to_owned()))
}

/// Whether a word began before this character.
fn continues(chars: &[char], at: usize) -> bool {
    at > 0 && chars[at].is_alphanumeric() && chars[at - 1].is_alphanumeric()
}

fn word(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Server | NameKind::Hosts => "server",
        NameKind::Account => "account",
        NameKind::Tenant => "tenant",
        NameKind::Domain => "domain",
        NameKind::Organisation => "organisation",
        NameKind::Identifier => "id",
        NameKind::Database => "database",
        NameKind::Folder => "folder",
    }
}

fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(folded), None) => folded,
        _ => c,
    }
}

#[cfg(test)]
#[path = "masks_tests.rs"]
mod tests;
