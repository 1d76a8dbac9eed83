//! Which mask stands for which name, and texts with names replaced.
//!
//! In: names, texts. Out: texts in which every known name is its mask, and so
//! is an account or host of a known domain that no setting names. Must not
//! know: reports, settings.
//!
//! Masks are numbered in the order in which names are learnt: a hash of a
//! server's name would be guessed within a second.

use super::names::{self, Name};
use crate::catalogue::NameKind;
use std::collections::HashMap;

/// Characters that a name needs to be told from other words.
pub(super) const SHORTEST: usize = 3;

/// Names and their masks.
#[derive(Debug, Default)]
pub struct Masks {
    /// By folded spelling.
    known: HashMap<String, Mask>,
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
        for name in names::names(kind, value) {
            self.learn_name(&name);
        }
    }

    /// Learns servers that a connection string or a UNC path names, and accounts with their domains.
    pub fn learn_within(&mut self, text: &str) {
        for name in names::within(text) {
            self.learn_name(&name);
        }
    }

    fn learn_name(&mut self, name: &Name) {
        let text = match self.known.get(&fold(&name.text)) {
            Some(mask) => mask.text.clone(),
            None => self.next(word(name.kind)),
        };
        for spelling in names::spellings(name) {
            self.insert(&spelling, name.kind, &text);
        }
        if let Some(label) = names::organisation(name)
            && !self.known.contains_key(&fold(label))
            && label.chars().count() >= SHORTEST
        {
            let text = self.next("organisation");
            self.insert(label, NameKind::Organisation, &text);
        }
    }

    fn next(&mut self, word: &'static str) -> String {
        let count = self.counts.entry(word).or_default();
        *count += 1;
        format!("{word}-{count}")
    }

    fn insert(&mut self, spelling: &str, kind: NameKind, mask: &str) {
        let folded = fold(spelling);
        let length = folded.chars().count();
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

    /// Replaces every name in a text.
    pub fn text(&mut self, text: &mut String) {
        if self.known.is_empty() || text.is_empty() {
            return;
        }
        let chars: Vec<char> = text.chars().collect();
        // One character stands for one, so that places agree.
        let folded: Vec<char> = chars.iter().map(|c| fold_char(*c)).collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        let mut masked = false;
        while at < chars.len() {
            let found = (!continues(&chars, at)).then(|| self.at(&folded, at)).flatten();
            match found {
                Some((length, mask)) => {
                    self.owned_by(&mut out, &mask);
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

    /// `anna@` or `web01.` before a domain: an account or host of it.
    fn owned_by(&mut self, out: &mut String, mask: &Mask) {
        if !matches!(mask.kind, NameKind::Domain | NameKind::Tenant) {
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
        if let Some(mask) = self.known.get(&fold(name)) {
            return mask.text.clone();
        }
        let is_mask = name
            .rsplit_once('-')
            .is_some_and(|(word, number)| self.counts.contains_key(word) && number.parse::<usize>().is_ok());
        if is_mask {
            return name.to_owned();
        }
        let text = self.next(word(kind));
        self.insert(name, kind, &text);
        text
    }
}

/// Whether a word began before this character.
fn continues(chars: &[char], at: usize) -> bool {
    at > 0 && chars[at].is_alphanumeric() && chars[at - 1].is_alphanumeric()
}

fn word(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Server => "server",
        NameKind::Account => "account",
        NameKind::Tenant => "tenant",
        NameKind::Domain => "domain",
        NameKind::Organisation => "organisation",
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
mod tests {
    use super::*;

    fn masks() -> Masks {
        let mut masks = Masks::default();
        masks.learn_value(NameKind::Server, "SYNC01");
        masks.learn_value(NameKind::Account, "Sync_SYNC01_ab@contoso.onmicrosoft.com");
        masks.learn_value(NameKind::Domain, "contoso.com");
        masks.learn_value(NameKind::Domain, "CORP");
        masks
    }

    #[test]
    fn one_name_one_mask_whatever_its_spelling() {
        let mut masks = masks();
        assert_eq!(
            masks.masked("SYNC01 and sync01, not SYNC012"),
            "server-1 and server-1, not SYNC012"
        );
        assert_eq!(
            masks.masked("sync_sync01_ab@CONTOSO.onmicrosoft.com"),
            "account-1@tenant-1"
        );
        assert_eq!(masks.masked("OU=A,DC=contoso,DC=com"), "OU=A,domain-1");
        assert_eq!(masks.masked("OU=A, dc=Contoso, dc=COM"), "OU=A, domain-1");
        assert_eq!(masks.masked("Users of Contoso"), "Users of organisation-1");
    }

    #[test]
    fn accounts_and_hosts_of_a_known_domain_are_masked_unasked() {
        let mut masks = masks();
        assert_eq!(masks.masked("anna.b@contoso.com"), "account-2@domain-1");
        assert_eq!(
            masks.masked(r"CORP\anna.b or CORP\Administrator"),
            r"domain-2\account-2 or domain-2\account-3"
        );
        assert_eq!(masks.masked("web9.contoso.com, web9"), "server-2.domain-1, server-2");
        assert_eq!(masks.masked("anna@fabrikam.com"), "anna@fabrikam.com");
    }

    #[test]
    fn a_masked_text_stays_as_it_is() {
        let mut masks = masks();
        let once = masks.masked(r"anna@contoso.com CORP\x-9 dc7.contoso.com SYNC01");
        assert_eq!(masks.masked(&once), once);
    }
}
