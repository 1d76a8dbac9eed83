//! JSON is read strictly, and every value knows its line.
//!
//! In: decoded text. Out: a [`Json`], or the place of the first thing that is
//! none. A key that stands twice, in whatever letter case, is a problem: which
//! of the two counts nobody knows. Depth and number of values are bounded.
//! Must not know: what a document means.

use super::Limits;
use super::lines::Lines;

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
            at: 0,
            depth: limits.xml_depth,
            left: limits.xml_nodes,
            lines: Lines::of(text),
        };
        reader.document().map_err(|(problem, at)| {
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
    at: usize,
    /// How many more values may lie in each other.
    depth: u32,
    /// How many more values may come.
    left: u32,
    lines: Lines,
}

const ENDS: &str = "the text ends too early: it was cut off";

impl Reader<'_> {
    fn document(&mut self) -> Result<Json, Fault> {
        self.blanks();
        if self.peek().is_none() {
            return Err(("the file is empty".to_owned(), self.at));
        }
        let value = self.value(self.at)?;
        self.blanks();
        match self.peek() {
            None => Ok(value),
            Some(_) => self.fault("something stands after the end of the value"),
        }
    }

    fn fault<T>(&self, problem: &str) -> Result<T, Fault> {
        Err((problem.to_owned(), self.at))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Fault> {
        self.blanks();
        match self.peek() {
            Some(byte) if byte == wanted => {
                self.at += 1;
                Ok(())
            }
            None => self.fault(ENDS),
            Some(_) => self.fault(&format!("{:?} is missing here", char::from(wanted))),
        }
    }

    /// A value that counts as beginning at `from`.
    fn value(&mut self, from: usize) -> Result<Json, Fault> {
        let line = self.lines.line(from);
        self.left = match self.left.checked_sub(1) {
            Some(left) => left,
            None => return self.fault("there are more values than any such file has"),
        };
        let value = match self.peek() {
            None => return self.fault(ENDS),
            Some(b'"') => Value::Text(self.string()?),
            Some(b'{') => self.deeper(Reader::table)?,
            Some(b'[') => self.deeper(Reader::list)?,
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(_) => self.word()?,
        };
        Ok(Json { value, line })
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        self.depth = match self.depth.checked_sub(1) {
            Some(depth) => depth,
            None => return self.fault("values lie deeper in each other than in any such file"),
        };
        self.at += 1;
        let value = read(self)?;
        self.depth += 1;
        Ok(value)
    }

    fn table(&mut self) -> Result<Value, Fault> {
        let mut fields: Vec<(String, Json)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        loop {
            self.blanks();
            if fields.is_empty() && self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(Value::Table(fields));
            }
            let from = self.at;
            match self.peek() {
                Some(b'"') => {}
                None => return self.fault(ENDS),
                Some(_) => return self.fault("a key in quotation marks is missing here"),
            }
            let key = self.string()?;
            if !seen.insert(key.to_lowercase()) {
                return Err((format!("the key {key:?} stands here a second time"), from));
            }
            self.expect(b':')?;
            self.blanks();
            let value = self.value(from)?;
            fields.push((key, value));
            if self.ends(b'}')? {
                return Ok(Value::Table(fields));
            }
        }
    }

    fn list(&mut self) -> Result<Value, Fault> {
        let mut values = Vec::new();
        loop {
            self.blanks();
            if values.is_empty() && self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::List(values));
            }
            values.push(self.value(self.at)?);
            if self.ends(b']')? {
                return Ok(Value::List(values));
            }
        }
    }

    /// Whether a table or list ends here; else a comma does.
    fn ends(&mut self, end: u8) -> Result<bool, Fault> {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(true)
            }
            None => self.fault(ENDS),
            Some(_) => self.fault(&format!("',' or {:?} is missing here", char::from(end))),
        }
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let words = [
            ("null", Value::Null),
            ("true", Value::Flag(true)),
            ("false", Value::Flag(false)),
        ];
        for (word, value) in words {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
            if word.starts_with(rest) {
                self.at = self.text.len();
                return self.fault(ENDS);
            }
        }
        self.fault("this is no value")
    }

    fn number(&mut self) -> Result<String, Fault> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        self.digits()?;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.text.get(from..self.at).unwrap_or_default().to_owned())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match (self.at > from, self.peek()) {
            (true, _) => Ok(()),
            (false, None) => self.fault(ENDS),
            (false, Some(_)) => self.fault("a digit is missing here"),
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let from = self.at;
            let rest = self.text.as_bytes().get(from..).unwrap_or_default();
            let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1F));
            let Some(length) = length else {
                self.at = self.text.len();
                return self.fault(ENDS);
            };
            text.push_str(self.text.get(from..from + length).unwrap_or_default());
            self.at = from + length;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return self.fault("a line end or control character within a text"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let from = self.at;
        self.at += 2;
        Ok(match self.text.as_bytes().get(from + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(from),
            None => return Err((ENDS.to_owned(), self.text.len())),
            Some(_) => return Err(("an unknown sequence after \\".to_owned(), from)),
        })
    }

    /// `\uXXXX`, of which a character beyond the first plane needs two.
    fn unicode(&mut self, from: usize) -> Result<char, Fault> {
        let first = self.hex(from)?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| half(from));
        }
        if self.text.get(self.at..self.at + 2) != Some("\\u") {
            return Err(half(from));
        }
        self.at += 2;
        let second = self.hex(from)?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(half(from));
        }
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(|| half(from))
    }

    fn hex(&mut self, from: usize) -> Result<u32, Fault> {
        let Some(digits) = self.text.get(self.at..self.at + 4) else {
            return Err(match self.text.len() < self.at + 4 {
                true => (ENDS.to_owned(), self.text.len()),
                false => ("four hexadecimal digits are missing after \\u".to_owned(), from),
            });
        };
        self.at += 4;
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| plain);
        number.ok_or_else(|| ("four hexadecimal digits are missing after \\u".to_owned(), from))
    }
}

fn half(at: usize) -> Fault {
    ("half a character: its other half is missing".to_owned(), at)
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
            ("{\n\"a\": 1,\n\"A\": 2}", 3, 1, "second time"),
            ("[1 2]", 1, 4, "missing"),
            ("[1,]", 1, 4, "no value"),
            ("{\"a\" 1}", 1, 6, "missing"),
            ("{a: 1}", 1, 2, "key"),
            ("[-]", 1, 3, "digit"),
            ("[\"\\x\"]", 1, 3, "unknown"),
            ("[\"\\ud800\"]", 1, 3, "half"),
            ("[\"a\nb\"]", 1, 4, "line end"),
            ("1 1", 1, 3, "after the end"),
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
    fn depth_and_number_are_bounded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&deep(200)).is_ok());
        assert!(parse(&deep(201)).unwrap_err().problem.contains("deeper"));
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
