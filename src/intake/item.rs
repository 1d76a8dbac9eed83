//! What a JSON file says becomes a document like any other.
//!
//! In: an item's data, or another JSON file that the catalogue may know. Out:
//! the text of an XML document: a key is an element, a list repeats it, a
//! scalar is its text. Every element begins on the line of the JSON file on
//! which its key stands, so places in the document are places in the file.
//! Must not know: which items there are, what they mean.

use super::json::{Json, JsonProblem, Value};
use jiff::Timestamp;
use std::borrow::Cow;
use std::fmt::Write;

/// Root elements of such documents begin so.
pub const ROOT: &str = "item.";
/// Whether the collector cut a text that was too long.
pub fn is_shortened(text: &str) -> bool {
    let end = text
        .trim_end()
        .strip_suffix(" characters)")
        .and_then(|text| text.rsplit_once(" (cut: "));
    end.is_some_and(|(_, count)| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Element of each member of a list that has no key.
pub const ENTRY: &str = "entry";
/// What the collector writes in place of a value that it could not read.
pub const UNREADABLE: &str = "(unreadable)";
/// The key under which an entry of a list says what could not be read.
pub const PROBLEM: &str = "Problem";

/// The root element of an item's document.
pub fn root_of(id: &str) -> String {
    format!("{ROOT}{}", element_name(id))
}

/// A key as the name of an element. What no name may hold is written `_x003A_`, as .NET does.
pub fn element_name(key: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let start = |c: char| c.is_ascii_alphabetic() || c == '_';
    if key.chars().all(plain) && key.starts_with(start) && !key.contains("_x") {
        return Cow::Borrowed(key);
    }
    let mut name = String::new();
    for (at, c) in key.char_indices() {
        let escape = c == '_' && key[at..].starts_with("_x");
        match plain(c) && !escape && (at > 0 || start(c)) {
            true => name.push(c),
            // Writing to a text never fails.
            false => drop(write!(name, "_x{:04X}_", u32::from(c))),
        }
    }
    match name.is_empty() {
        true => Cow::Borrowed("_x_"),
        false => Cow::Owned(name),
    }
}

/// The key that an element is named after.
pub fn key_of_name(name: &str) -> Cow<'_, str> {
    if !name.contains("_x") {
        return Cow::Borrowed(name);
    }
    let mut key = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("_x") {
        key.push_str(before);
        let code = after.split_once('_').filter(|(code, _)| code.len() <= 8);
        let read = code.and_then(|(code, after)| match code {
            "" => Some((None, after)),
            code => Some((Some(char::from_u32(u32::from_str_radix(code, 16).ok()?)?), after)),
        });
        match read {
            Some((c, after)) => {
                key.extend(c);
                rest = after;
            }
            None => {
                key.push_str("_x");
                rest = after;
            }
        }
    }
    key.push_str(rest);
    Cow::Owned(key)
}

/// Writes the document of an item. `list` is whether its data is one: what is alone is then a list of one, and a list of
/// one is otherwise what is in it.
///
/// # Errors
/// The data is of another kind, or was cut off when it was written.
pub fn document(root: &str, of: Option<&str>, data: &Json, list: bool) -> Result<String, JsonProblem> {
    let mut writer = Writer {
        text: String::new(),
        line: 1,
    };
    writer.text.extend(["<", root]);
    if let Some(of) = of {
        writer.text.push_str(" of=\"");
        writer.escaped(of);
        writer.text.push('"');
    }
    writer.text.push('>');
    writer.root(data, list)?;
    writer.text.extend(["</", root, ">"]);
    Ok(writer.text)
}

struct Writer {
    text: String,
    /// Line on which the text ends.
    line: u32,
}

impl Writer {
    fn root(&mut self, data: &Json, list: bool) -> Result<(), JsonProblem> {
        match (members(data), &data.value, list) {
            (Some(members), _, true) => members.iter().try_for_each(|member| self.element(ENTRY, member)),
            (Some([]), _, false) | (None, Value::Null, _) => Ok(()),
            (Some([one]), _, false) if matches!(one.value, Value::Table(_)) => self.root(one, false),
            (None, Value::Table(fields), false) => self.fields(fields),
            (None, _, true) => self.element(ENTRY, data),
            (Some(_), _, false) => Err(at(data, "a list stands here where one table is expected")),
            (None, _, false) => Err(at(data, "a value stands here where a table is expected")),
        }
    }

    fn fields(&mut self, fields: &[(String, Json)]) -> Result<(), JsonProblem> {
        fields.iter().try_for_each(|(key, value)| {
            let name = element_name(key);
            match members(value) {
                Some(members) => members.iter().try_for_each(|member| self.element(&name, member)),
                None => self.element(&name, value),
            }
        })
    }

    fn element(&mut self, name: &str, value: &Json) -> Result<(), JsonProblem> {
        while self.line < value.line {
            self.text.push('\n');
            self.line += 1;
        }
        self.text.extend(["<", name, ">"]);
        match &value.value {
            Value::Null => {}
            Value::Flag(flag) => self.text.push_str(if *flag { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(number),
            Value::Text(text) if is_cut(text) => {
                let problem =
                    "the data were cut off here when they were written (ConvertTo-Json without enough -Depth)";
                return Err(at(value, problem));
            }
            Value::Text(text) => self.escaped(&time(text)),
            Value::List(list) => list.iter().try_for_each(|member| self.element(ENTRY, member))?,
            Value::Table(fields) => self.fields(fields)?,
        }
        self.text.extend(["</", name, ">"]);
        Ok(())
    }

    /// White space as references, so that none is lost; what XML cannot hold as the picture of it.
    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\n' | '\r' | '\t' => drop(write!(self.text, "&#{};", u32::from(c))),
                '\0'..='\u{1f}' => self.text.extend(char::from_u32(0x2400 + u32::from(c))),
                '\u{fffe}' | '\u{ffff}' => self.text.push('\u{fffd}'),
                c => self.text.push(c),
            }
        }
    }
}

fn at(value: &Json, problem: &str) -> JsonProblem {
    JsonProblem {
        problem: problem.to_owned(),
        line: value.line,
        column: 1,
    }
}

/// The members of a list; PowerShell writes some lists as a table of the list and its length.
fn members(value: &Json) -> Option<&[Json]> {
    match &value.value {
        Value::List(list) => Some(list),
        Value::Table(fields) if fields.len() == 2 => match (value.get("value"), value.get("Count")) {
            (Some(list), Some(count)) if matches!(count.value, Value::Number(_)) => match &list.value {
                Value::List(list) => Some(list),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// What ConvertTo-Json writes in place of a value that lies too deep.
fn is_cut(text: &str) -> bool {
    let list = text
        .strip_prefix("System.")
        .and_then(|rest| rest.strip_suffix("[]"))
        .is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'));
    list || text == "System.Collections.Hashtable" || (text.starts_with("@{") && text.ends_with('}'))
}

/// `/Date(1649391053843)/` as ISO 8601; anything else as it is.
fn time(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let number = inner.map(|inner| {
        // A zone after the number says what the clock showed, not another moment.
        let end = inner
            .get(1..)
            .and_then(|rest| rest.find(['+', '-']))
            .map_or(inner.len(), |at| at + 1);
        inner.get(..end).unwrap_or_default()
    });
    let moment = number
        .and_then(|number| number.parse::<i64>().ok())
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    moment.map_or(Cow::Borrowed(text), |moment| Cow::Owned(format!("{moment:.3}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Limits;

    fn xml(json: &str, list: bool) -> Result<String, JsonProblem> {
        let json = Json::parse(json, &Limits::default()).unwrap();
        document("item.x", Some("a\"b"), &json, list)
    }

    #[test]
    fn every_element_begins_on_the_line_of_its_key() {
        let text = xml(
            "{\"A\": 1,\n\n\"B\": [\n{\"c\":\n\"x\\ny\"}, {\"c\": null}],\n\"D\": []}",
            false,
        )
        .unwrap();
        assert_eq!(
            text,
            "<item.x of=\"a&quot;b\"><A>1</A>\n\n\n<B><c>x&#10;y</c></B>\n<B><c></c></B></item.x>"
        );
    }

    #[test]
    fn keys_become_names_and_names_keys() {
        for key in [
            "a",
            "",
            "HKLM:\\A B\\v4.0",
            "<b>",
            "_x0041_",
            "1",
            "ä😀",
            "a_x",
            "_",
            "-a",
            "x_xyz_",
        ] {
            let name = element_name(key);
            let document = format!("<{name}/>");
            assert!(
                crate::intake::parse(&document, &Limits::default()).is_ok(),
                "{document}"
            );
            assert_eq!(key_of_name(&name), key);
        }
    }

    #[test]
    fn one_and_a_list_of_one_are_the_same() {
        assert_eq!(xml("{\"a\":1}", true), xml("[{\"a\":1}]", true));
        assert_eq!(xml("{\"a\":1}", false), xml("[{\"a\":1}]", false));
        assert_eq!(xml("{\"value\":[1,2],\"Count\":2}", true), xml("[1,2]", true));
        assert_eq!(xml("5", true), xml("[5]", true));
        assert!(xml("[1,2]", false).unwrap_err().problem.contains("a list"));
        assert!(xml("5", false).unwrap_err().problem.contains("a value"));
    }

    #[test]
    fn times_are_iso_and_what_was_cut_is_a_problem() {
        assert_eq!(time("/Date(1649391053843)/"), "2022-04-08T04:10:53.843Z");
        assert_eq!(time("/Date(1649391053843+0200)/"), "2022-04-08T04:10:53.843Z");
        assert_eq!(time("/Date(-1)/"), "1969-12-31T23:59:59.999Z");
        assert_eq!(time("/Date(99999999999999999999)/"), "/Date(99999999999999999999)/");
        for cut in ["System.Object[]", "@{a=1; b=2}", "System.Collections.Hashtable"] {
            let problem = xml(&format!("{{\"a\": 1,\n\"b\": {cut:?}}}"), false).unwrap_err();
            assert_eq!(problem.line, 2, "{cut}");
        }
    }
}
