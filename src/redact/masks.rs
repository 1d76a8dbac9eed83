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
        for name in names::names(kind, value) {
            self.learn_name(&name, true);
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
        NameKind::Server => "server",
        NameKind::Account => "account",
        NameKind::Tenant => "tenant",
        NameKind::Domain => "domain",
        NameKind::Organisation => "organisation",
        NameKind::Identifier => "id",
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
        assert_eq!(
            masks.masked("DC=contoso ,DC=com; DC = contoso , DC = com"),
            "domain-1; domain-1"
        );
        assert_eq!(
            masks.masked("OU=A , DC=child ,DC=contoso  ,DC=com"),
            "OU=A , server-2.domain-1"
        );
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
    fn children_of_a_known_domain_have_one_mask_in_every_spelling() {
        let mut masks = masks();
        assert_eq!(masks.masked("child.contoso.com"), "server-2.domain-1");
        assert_eq!(
            masks.masked("OU=A,DC=child,DC=contoso,DC=com"),
            "OU=A,server-2.domain-1"
        );
        assert_eq!(
            masks.masked("a@web9.child.contoso.com"),
            "account-2@server-3.server-2.domain-1"
        );
        assert_eq!(
            masks.masked("DC=web9, DC=Child, DC=contoso, DC=com"),
            "server-3.server-2.domain-1"
        );
    }

    #[test]
    fn ordinary_words_are_names_only_where_a_text_shows_it() {
        let mut masks = masks();
        masks.learn_ordinary("The mail attribute");
        assert_eq!(
            masks.masked("[mail] & \"@mail.contoso.com\""),
            "[mail] & \"@server-2.domain-1\""
        );
        assert_eq!(masks.masked("mail.contoso.com"), "server-2.domain-1");
    }

    #[test]
    fn identifiers_and_addresses_are_masked_unless_everybody_has_them() {
        let mut masks = masks();
        masks.learn_public("b891884f-051e-4a83-95af-2544101c9083");
        masks.learn_public("2.6.92.0");
        masks.learn_value(NameKind::Server, "192.168.7.1");
        assert_eq!(
            masks.masked("Connector_{AE4D1F00-0000-4000-8000-00000000000A}.xml, ae4d1f00-0000-4000-8000-00000000000a"),
            "Connector_{id-1}.xml, id-1"
        );
        assert_eq!(
            masks.masked("{B891884F-051E-4A83-95AF-2544101C9083} 2.6.92.0 192 servers"),
            "{B891884F-051E-4A83-95AF-2544101C9083} 2.6.92.0 192 servers"
        );
        assert_eq!(
            masks.masked("192.168.7.1 fe80::2 FE80:0::2"),
            "address-1 address-2 address-2"
        );
    }

    #[test]
    fn the_digits_of_a_guid_are_masked_where_the_guid_is_known() {
        let mut masks = masks();
        masks.learn_public("b891884f-051e-4a83-95af-2544101c9083");
        masks.learn_guids("x {6F0B1C2D-aaaa-4bbb-8ccc-0123456789ab} b891884f-051e-4a83-95af-2544101c9083");
        let other = "6C1E4340142D4906B50004CC0F450305";
        assert_eq!(
            masks.masked(&format!(
                "6f0b1c2daaaa4bbb8ccc0123456789AB {other} b891884f051e4a8395af2544101c9083"
            )),
            format!("id-1 {other} b891884f051e4a8395af2544101c9083")
        );
        assert_eq!(masks.masked("6f0b1c2d-aaaa-4bbb-8ccc-0123456789ab"), "id-1");
        // One that only another text shows, too.
        masks.masked("6C1E4340-142D-4906-B500-04CC0F450305");
        assert_eq!(masks.masked(other), "id-2");
    }

    #[test]
    fn the_installation_of_an_account_is_masked_alone_too() {
        let mut masks = masks();
        masks.learn_value(NameKind::Account, "Sync_SYNC01_e3c03195e061@contoso.onmicrosoft.com");
        masks.learn_value(NameKind::Account, "svc_deadbeef");
        assert_eq!(
            masks.masked("by MSOL_e3c03195e061, installation E3C03195E061, deadbeef"),
            "by MSOL_id-1, installation id-1, deadbeef"
        );
        assert_eq!(masks.masked("Sync_SYNC01_e3c03195e061"), "account-2");
    }

    #[test]
    fn a_masked_text_stays_as_it_is() {
        let mut masks = masks();
        let once = masks.masked(r"anna@contoso.com CORP\x-9 dc7.contoso.com SYNC01");
        assert_eq!(masks.masked(&once), once);
    }
}
