//! JSON is read strictly, and every value knows its line.
//!
//! In: decoded text. Out: a [`Json`], or the place of the first thing that is
//! none. A key that stands twice, in whatever letter case, is a problem: which
//! of the two counts nobody knows. Depth and number of values are bounded.
//! Must not know: what a document means.
//!
//! serde_json reads it, a level at a time: it hands out the text of each value,
//! and where that lies in the whole is its place.

use super::Limits;
use super::lines::Lines;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// Values in each other; every level is read once more.
const DEPTH: u32 = 64;

/// What a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Flag(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Json>),
    /// Values by key.
    Table(Vec<(String, Json)>),
}

/// A value, and where it begins: in a table where its key does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json {
    /// What it is.
    pub value: Value,
    /// Line, from 1.
    pub line: u32,
}

/// A text that is no JSON, or more than is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonProblem {
    /// What is wrong.
    pub problem: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// It is no JSON, or exceeds a limit.
    pub fn parse(text: &str, limits: &Limits) -> Result<Json, JsonProblem> {
        let mut reader = Reader {
            text,
            left: limits.xml_nodes,
            lines: Lines::of(text),
        };
        let whole = text.trim_matches([' ', '\t', '\r', '\n']);
        let read = match whole {
            "" => Err(("the file is empty".to_owned(), text.len())),
            whole => reader
                .at(whole, serde_json::from_str::<&RawValue>(whole))
                .and_then(|raw| reader.value(raw.get(), DEPTH)),
        };
        read.map_err(|(problem, at)| {
            let (line, column) = reader.lines.position(text, at);
            JsonProblem { problem, line, column }
        })
    }

    /// The value of a key, in whatever letter case; `None` where there is none or this is no table.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match &self.value {
            Value::Table(fields) => {
                let found = fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(key));
                found.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Whether both say the same: lines, the order of keys and their letter case aside.
    pub fn says(&self, other: &Json) -> bool {
        match (&self.value, &other.value) {
            (Value::List(own), Value::List(others)) => {
                own.len() == others.len() && own.iter().zip(others).all(|(own, other)| own.says(other))
            }
            (Value::Table(own), Value::Table(others)) => {
                let same = |(key, own): &(String, Json)| other.get(key).is_some_and(|other| own.says(other));
                own.len() == others.len() && own.iter().all(same)
            }
            (own, other) => own == other,
        }
    }

    /// Its text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What is wrong, and at which byte.
type Fault = (String, usize);

struct Reader<'t> {
    text: &'t str,
    /// How many more values may come.
    left: u32,
    lines: Lines,
}

impl<'t> Reader<'t> {
    /// Where a part of the text begins in it.
    fn place(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// What was read from a part of the text, or what is wrong there.
    fn at<T>(&self, part: &str, read: serde_json::Result<T>) -> Result<T, Fault> {
        read.map_err(|error| {
            let from = self.place(part);
            let (line, column) = (error.line().max(1), error.column());
            let lines = part.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
            let at = (from + lines + column.saturating_sub(1)).min(self.text.len());
            if error.is_eof() {
                return ("the text ends too early: it was cut off".to_owned(), self.text.len());
            }
            let said = error.to_string();
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
            (format!("this is no JSON: {said}"), at)
        })
    }

    fn value(&mut self, raw: &'t str, depth: u32) -> Result<Json, Fault> {
        let from = self.place(raw);
        let too_many = || ("there are more values than any such file has".to_owned(), from);
        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
        let too_deep = || ("values lie deeper in each other than in any such file".to_owned(), from);
        let value = match raw.as_bytes().first() {
            Some(b'"') => Value::Text(self.at(raw, serde_json::from_str::<Lenient>(raw))?.0),
            Some(b'{') => self.table(raw, depth.checked_sub(1).ok_or_else(too_deep)?)?,
            Some(b'[') => {
                let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
                let members = self.at(raw, serde_json::from_str::<Vec<&'t RawValue>>(raw))?;
                let members = members.into_iter().map(|member| self.value(member.get(), depth));
                Value::List(members.collect::<Result<_, _>>()?)
            }
            Some(b't') => Value::Flag(true),
            Some(b'f') => Value::Flag(false),
            Some(b'n') | None => Value::Null,
            Some(_) => Value::Number(raw.to_owned()),
        };
        let line = self.lines.line(from);
        Ok(Json { value, line })
    }

    /// Where the key of a value ends.
    fn key_of(&self, value: &str) -> usize {
        let before = self.text.get(..self.place(value)).unwrap_or_default();
        before
            .trim_end()
            .trim_end_matches(':')
            .trim_end()
            .len()
            .saturating_sub(1)
    }

    fn table(&mut self, raw: &'t str, depth: u32) -> Result<Value, Fault> {
        let Fields(fields) = self.at(raw, serde_json::from_str(raw))?;
        let mut seen = HashSet::new();
        let mut table = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            if !seen.insert(key.to_lowercase()) {
                let place = self.place(value.get());
                return Err((format!("the key {key:?} stands here a second time"), place));
            }
            let mut json = self.value(value.get(), depth)?;
            json.line = self.lines.line(self.key_of(value.get()));
            table.push((key, json));
        }
        Ok(Value::Table(table))
    }
}

/// A text; half a character, as where one was cut, is shown as unknown and does no harm.
pub(super) struct Lenient(pub(super) String);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Lenient, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lenient;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Lenient, E> {
                Ok(Lenient(text.to_owned()))
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Lenient, E> {
                Ok(Lenient(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// Keys and texts of values, in their order.
struct Fields<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Fields<'de>, D::Error> {
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = Fields<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(Lenient(key)) = map.next_key()? {
                    fields.push((key, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Json, JsonProblem> {
        Json::parse(text, &Limits::default())
    }

    #[test]
    fn values_keep_their_lines_and_spelling() {
        let json = parse("{\n \"A\": [1.50,\n true, null],\n\n \"b\": \"\\u00e4\\ud83d\\ude00\\n\" }").unwrap();
        assert_eq!(
            (json.line, json.get("a").unwrap().line, json.get("B").unwrap().line),
            (1, 2, 5)
        );
        assert_eq!(json.get("b").unwrap().text(), Some("ä😀\n"));
        let Value::List(list) = &json.get("A").unwrap().value else {
            panic!("a list");
        };
        assert_eq!(list[0].value, Value::Number("1.50".to_owned()));
        assert_eq!((list[1].line, &list[1].value), (3, &Value::Flag(true)));
    }

    #[test]
    fn what_is_no_json_is_named_with_its_place() {
        for (text, line, column, word) in [
            ("", 1, 1, "empty"),
            ("{\"a\": 1", 1, 8, "cut off"),
            ("{\"a\": tr", 1, 9, "cut off"),
            ("{\"a\": \"x", 1, 9, "cut off"),
            ("{\"a\":\n \"\\u12", 2, 7, "cut off"),
            ("{\n\"a\": 1,\n\"A\": 2}", 3, 6, "second time"),
            ("[1 2]", 1, 4, "expected `,` or `]`"),
            ("[1,]", 1, 4, "expected value"),
            ("{\"a\" 1}", 1, 6, "expected `:`"),
            ("{a: 1}", 1, 2, "key must be a string"),
            ("[-]", 1, 3, "invalid number"),
            ("[\"\\x\"]", 1, 4, "invalid escape"),
            ("[\"a\nb\"]", 1, 3, "control character"),
            ("1 1", 1, 3, "trailing characters"),
        ] {
            let problem = parse(text).unwrap_err();
            assert_eq!(
                (problem.line, problem.column),
                (line, column),
                "{text:?}: {}",
                problem.problem
            );
            assert!(problem.problem.contains(word), "{text:?}: {}", problem.problem);
        }
    }

    #[test]
    fn half_a_character_does_no_harm() {
        assert_eq!(
            parse("\"a\\ud800\"").unwrap().text().map(|text| text.starts_with('a')),
            Some(true)
        );
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&deep(64)).is_ok());
        assert!(parse(&deep(65)).unwrap_err().problem.contains("deeper"));
        assert!(parse(&"[".repeat(1_000_000)).is_err());
        let few = Limits {
            xml_nodes: 3,
            ..Limits::default()
        };
        assert!(Json::parse("[1,2]", &few).is_ok());
        assert!(
            Json::parse("[1,2,3]", &few)
                .unwrap_err()
                .problem
                .contains("more values")
        );
    }
}
