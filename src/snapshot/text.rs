//! Pieces of documents as JSON text, and back.
//!
//! In: a [`Piece`]. Out: sorted keys, one leaf a line, the same bytes for the
//! same piece; read back, every piece knows its line. Must not know: what a
//! leaf means, git.
//!
//! An element is a key with its text; one that holds more is an object with
//! attributes as `@name` and its own text as `#text`; several of one name are a
//! list, or `name{KEY}` each where attributes `name` tell them apart.

use super::tokens::Tokens;
use crate::normalise::{Leaf, Piece};
use serde_json::{Map, Value};
use std::collections::HashSet;

const TEXT: &str = "#text";
/// Attribute that tells elements of one name apart.
const NAMED: &str = "name";

/// The text of a file that holds one element.
pub fn write(piece: &Piece, tokens: &Tokens) -> String {
    let whole = Value::Object(Map::from_iter([(piece.name.clone(), value(piece, tokens, false))]));
    pretty(&whole)
}

/// JSON with sorted keys and a line for each leaf.
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    print(value, 0, &mut text);
    text.push('\n');
    text
}

fn print(value: &Value, depth: usize, out: &mut String) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            for (at, (key, value)) in entries.into_iter().enumerate() {
                out.push_str(if at == 0 { "{" } else { "," });
                line(out, depth + 1);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(": ");
                print(value, depth + 1, out);
            }
            line(out, depth);
            out.push('}');
        }
        Value::Array(list) if !list.is_empty() => {
            for (at, value) in list.iter().enumerate() {
                out.push_str(if at == 0 { "[" } else { "," });
                line(out, depth + 1);
                print(value, depth + 1, out);
            }
            line(out, depth);
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn value(piece: &Piece, tokens: &Tokens, named: bool) -> Value {
    let shown = |leaf: &Leaf| Value::String(tokens.shown(leaf));
    let attributes = piece.attributes.iter().filter(|(name, _)| !(named && name == NAMED));
    let mut map: Map<String, Value> = attributes
        .map(|(name, leaf)| (format!("@{name}"), shown(leaf)))
        .collect();
    if map.is_empty() && piece.children.is_empty() {
        return piece.text.as_ref().map_or(Value::String(String::new()), shown);
    }
    if let Some(leaf) = &piece.text {
        map.insert(TEXT.to_owned(), shown(leaf));
    }
    let mut rest = piece.children.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|child| child.name == first.name).count();
        let (group, after) = rest.split_at(count);
        rest = after;
        if is_named(group) {
            let named = group.iter().map(|child| {
                let key = format!(
                    "{}{{{}}}",
                    child.name,
                    tokens.shown(name(child).unwrap_or(&Leaf::default()))
                );
                (key, value(child, tokens, true))
            });
            map.extend(named);
        } else if let ([one], false) = (group, first.repeats) {
            map.insert(one.name.clone(), value(one, tokens, false));
        } else {
            let list = group.iter().map(|child| value(child, tokens, false)).collect();
            map.insert(first.name.clone(), Value::Array(list));
        }
    }
    Value::Object(map)
}

fn name(piece: &Piece) -> Option<&Leaf> {
    let named = piece.attributes.iter().find(|(name, _)| name == NAMED);
    named.map(|(_, leaf)| leaf)
}

/// Whether attributes `name` tell the elements apart, also where letter case does not count.
fn is_named(group: &[Piece]) -> bool {
    let mut seen = HashSet::new();
    group.iter().all(|piece| {
        let name = name(piece).map(|leaf| leaf.text.as_str()).unwrap_or_default();
        let plain = !name.trim().is_empty() && !name.contains(['{', '}']) && !piece.name.contains('{');
        plain && seen.insert(name.trim().to_lowercase())
    })
}

/// Reads the file of one element; its lines count from 1, `file` is where it stands among others.
pub fn read(text: &str, file: usize, tokens: &Tokens) -> Result<Piece, String> {
    let whole: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut reader = Reader { file, line: 1, tokens };
    let outer = reader.piece("", &whole);
    match <[Piece; 1]>::try_from(outer.children) {
        Ok([piece]) => Ok(piece),
        Err(_) => Err("it does not hold one element".to_owned()),
    }
}

struct Reader<'r> {
    file: usize,
    line: u32,
    tokens: &'r Tokens,
}

impl Reader<'_> {
    fn piece(&mut self, key: &str, value: &Value) -> Piece {
        let (name, named) = split_key(key);
        let mut piece = Piece {
            name: name.to_owned(),
            place: (self.file, self.line),
            ..Piece::default()
        };
        piece
            .attributes
            .extend(named.map(|named| (NAMED.to_owned(), self.leaf(named))));
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    self.line += 1;
                    self.entry(&mut piece, key, value);
                }
                self.line += u32::from(!map.is_empty());
            }
            value => piece.text = Some(self.leaf(&plain(value))),
        }
        piece
    }

    fn entry(&mut self, piece: &mut Piece, key: &str, value: &Value) {
        if let Some(name) = key.strip_prefix('@') {
            piece.attributes.push((name.to_owned(), self.leaf(&plain(value))));
        } else if key == TEXT {
            piece.text = Some(self.leaf(&plain(value)));
        } else if let Value::Array(list) = value {
            for value in list {
                self.line += 1;
                let child = self.piece(key, value);
                piece.children.push(child);
            }
            self.line += u32::from(!list.is_empty());
        } else {
            let child = self.piece(key, value);
            piece.children.push(child);
        }
    }

    fn leaf(&self, text: &str) -> Leaf {
        Leaf::plain(self.tokens.meant(text))
    }
}

/// `name{KEY}`; the name of another namespace begins with its own brackets.
fn split_key(key: &str) -> (&str, Option<&str>) {
    match key.split_once('{') {
        Some((name, rest)) if !name.is_empty() => (name, rest.strip_suffix('}')),
        _ => (key, None),
    }
}

/// A leaf is a string; what else somebody wrote by hand is read as text, too.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
