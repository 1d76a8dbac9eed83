//! JSON: the report as it is.
//!
//! In: anything that can be serialised. Out: indented JSON, the same bytes as
//! `serde_json::to_vec_pretty`. Must not know: what is serialised.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Indented JSON with a line end.
///
/// # Errors
/// A value cannot be serialised; none of the result types can cause that.
pub fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Indented::default()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A new line and so many steps of two blanks.
const LINE: &[u8; 65] = b"\n                                                                ";

/// What serde_json's own indentation writes, in one piece a line: reports have a million lines.
#[derive(Default)]
struct Indented {
    depth: usize,
    has_value: bool,
}

impl Indented {
    fn begin<W: ?Sized + Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        writer.write_all(sign)
    }

    fn end<W: ?Sized + Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_value {
            self.line(writer)?;
        }
        writer.write_all(sign)
    }

    fn entry<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.line(writer)
    }

    fn line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        let blanks = 2 * self.depth;
        match LINE.get(..=blanks) {
            Some(line) => writer.write_all(line),
            None => writer.write_all(format!("\n{:blanks$}", "").as_bytes()),
        }
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.entry(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.entry(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn it_is_indented_as_everybody_does_it() {
        let deep = (0..50).fold(json!(1), |inner, _| json!([inner, { "a": {} }]));
        let values = [
            json!({}),
            json!([]),
            json!({ "a": [], "b": {}, "c": [1, "x\n", null], "d": { "e": [{}] } }),
            json!("text"),
            deep,
        ];
        for value in values {
            let mut usual = serde_json::to_vec_pretty::<Value>(&value).unwrap();
            usual.push(b'\n');
            assert_eq!(super::json(&value).unwrap(), usual);
        }
    }
}
