//! Bytes become text.
//!
//! In: the bytes of a file, as the product wrote them or as PowerShell or an
//! editor saved them again. Out: text without byte order mark, or the place of
//! the first byte that is none; nothing is ever replaced. A byte order mark
//! beats the pattern of the bytes, which beats the declaration. Must not know:
//! XML beyond its declaration.

use super::lines;
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct DecodeError {
    /// Line of the first bad byte, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
    /// What is wrong and what to do about it.
    pub problem: String,
}

/// Decodes a document.
///
/// # Errors
///
/// When a byte sequence is not valid in the document's encoding, or the encoding is not supported.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    let (encoding, body) = recognise(bytes)?;
    if encoding == UTF_8 {
        return match std::str::from_utf8(body) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(bad_utf8(body, error)),
        };
    }
    transcode(encoding, body)
}

/// As [`decode`], for bytes that nobody needs any more: UTF-8 is not copied.
pub(super) fn decode_owned(bytes: Vec<u8>) -> Result<String, DecodeError> {
    let plain = matches!(recognise(&bytes), Ok((encoding, body)) if encoding == UTF_8 && body.len() == bytes.len());
    if plain {
        return String::from_utf8(bytes).map_err(|error| bad_utf8(error.as_bytes(), error.utf8_error()));
    }
    decode(&bytes)
}

/// The encoding, and the bytes after the byte order mark.
fn recognise(bytes: &[u8]) -> Result<(&'static Encoding, &[u8]), DecodeError> {
    const UTF_32: [[u8; 4]; 4] = [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF], [b'<', 0, 0, 0], [0, 0, 0, b'<']];
    if UTF_32.iter().any(|start| bytes.starts_with(start)) {
        return Err(at_start(
            "the file is UTF-32, which is not supported; save it as UTF-8 or export again".to_owned(),
        ));
    }
    let marks: [(&[u8], &'static Encoding); 3] = [
        (&[0xEF, 0xBB, 0xBF], UTF_8),
        (&[0xFF, 0xFE], UTF_16LE),
        (&[0xFE, 0xFF], UTF_16BE),
    ];
    for (mark, encoding) in marks {
        if let Some(body) = bytes.strip_prefix(mark) {
            return Ok((encoding, body));
        }
    }
    Ok((by_pattern(bytes).map_or_else(|| by_declaration(bytes), Ok)?, bytes))
}

/// UTF-16 without a mark: the first character that is not white space is `<`, `{` or `[`, with a zero beside it.
fn by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    for pair in bytes.chunks_exact(2).take(1024) {
        match *pair {
            [b' ' | b'\t' | b'\r' | b'\n', 0] | [0, b' ' | b'\t' | b'\r' | b'\n'] => {}
            [b'<' | b'{' | b'[', 0] => return Some(UTF_16LE),
            [0, b'<' | b'{' | b'['] => return Some(UTF_16BE),
            _ => return None,
        }
    }
    None
}

/// The encoding that the declaration names; UTF-8 without one.
fn by_declaration(bytes: &[u8]) -> Result<&'static Encoding, DecodeError> {
    let Some(label) = declared(bytes) else {
        return Ok(UTF_8);
    };
    match Encoding::for_label(label.as_bytes()) {
        // The bytes are not UTF-16, whatever the declaration still says: it was saved again as UTF-8.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) if encoding == encoding_rs::REPLACEMENT => Err(unsupported(&label)),
        Some(encoding) => Ok(encoding),
        None => Err(unsupported(&label)),
    }
}

fn unsupported(label: &str) -> DecodeError {
    at_start(format!(
        "the encoding {label:?} that the file declares is not supported; save it as UTF-8 or export again"
    ))
}

/// Value of `encoding` in `<?xml … ?>`.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(512))?;
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = std::str::from_utf8(head.get(..end)?).ok()?;
    let (_, rest) = head.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (label, _) = rest.get(1..)?.split_once(quote)?;
    Some(label.chars().filter(|c| !c.is_control()).take(40).collect())
}

fn bad_utf8(bytes: &[u8], error: std::str::Utf8Error) -> DecodeError {
    let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let (line, column) = std::str::from_utf8(valid).map_or((1, 1), lines::end_of);
    let problem = match (error.error_len(), bytes.get(error.valid_up_to())) {
        (None, _) => "the file ends within a character: it was cut off; export again".to_owned(),
        (Some(_), byte) => format!(
            "byte 0x{:02X} is not UTF-8: the file was saved in another encoding or damaged; \
             save it as UTF-8 or export again",
            byte.copied().unwrap_or_default()
        ),
    };
    DecodeError { line, column, problem }
}

/// Decodes with encoding_rs, in pieces, so that memory stays near what the text needs.
fn transcode(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, DecodeError> {
    const PIECE: usize = 64 << 10;
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() / 2 + 64);
    let mut rest = bytes;
    loop {
        text.reserve(PIECE);
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                let (line, column) = lines::end_of(&text);
                let problem = malformed(encoding, bytes, rest);
                return Err(DecodeError { line, column, problem });
            }
        }
    }
}

fn malformed(encoding: &'static Encoding, bytes: &[u8], rest: &[u8]) -> String {
    let utf_16 = encoding == UTF_16LE || encoding == UTF_16BE;
    if utf_16 && rest.is_empty() {
        let odd = if bytes.len() % 2 == 1 {
            " (an odd number of bytes)"
        } else {
            ""
        };
        return format!("the file ends within a character{odd}: it was cut off; export again");
    }
    if utf_16 {
        return "half a UTF-16 character (a lone surrogate) stands here: the file is damaged; export again".to_owned();
    }
    format!(
        "a byte here is not {}, the encoding that the file declares; save it as UTF-8 or export again",
        encoding.name()
    )
}

fn at_start(problem: String) -> DecodeError {
    DecodeError {
        line: 1,
        column: 1,
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        format!("{mark}{text}")
            .encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn every_way_of_saving_gives_the_same_text() {
        let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<a>Zürich 𝄞 €</a>";
        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend(text.as_bytes());
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(&marked).unwrap(), text);
        for (little, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            assert_eq!(decode(&utf16(text, little, mark)).unwrap(), text);
            let spaced = format!("\r\n {text}");
            assert_eq!(decode(&utf16(&spaced, little, mark)).unwrap(), spaced);
        }
    }

    #[test]
    fn a_long_utf_16_text_is_whole() {
        let text = format!("<a>{}</a>", "aü€𝄞".repeat(60_000));
        assert_eq!(decode(&utf16(&text, true, true)).unwrap(), text);
    }

    #[test]
    fn a_declared_encoding_is_used_where_there_is_no_mark() {
        let ansi = b"<?xml version='1.0' encoding='Windows-1252'?><a>Z\xFCrich \x80</a>";
        assert!(decode(ansi).unwrap().contains("Zürich €"));
        let mut marked = "\u{feff}".as_bytes().to_vec();
        marked.extend("<?xml version='1.0' encoding='windows-1252'?><a>ü</a>".as_bytes());
        assert!(
            decode(&marked).unwrap().contains("<a>ü</a>"),
            "the mark beats the declaration"
        );
        let resaved = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>ü</a>";
        assert_eq!(
            decode(resaved.as_bytes()).unwrap(),
            resaved,
            "the bytes beat the declaration"
        );
    }

    #[test]
    fn encodings_that_are_not_supported_are_named() {
        for bytes in [
            &[0xFF, 0xFE, 0, 0, b'<', 0, 0, 0][..],
            &[0, 0, 0xFE, 0xFF],
            &[b'<', 0, 0, 0, b'a', 0, 0, 0],
        ] {
            assert!(decode(bytes).unwrap_err().problem.contains("UTF-32"));
        }
        for label in ["klingon", "iso-2022-kr", "x\u{1}y"] {
            let text = format!("<?xml version='1.0' encoding='{label}'?><a/>");
            let error = decode(text.as_bytes()).unwrap_err();
            assert!(error.problem.contains("not supported") && (error.line, error.column) == (1, 1));
        }
    }

    #[test]
    fn the_first_bad_byte_has_a_place() {
        let error = decode(b"<a>\n\xC3\xBC\xFFx</a>").unwrap_err();
        assert_eq!((error.line, error.column), (2, 2));
        assert!(error.problem.contains("0xFF"), "{error}");
        let error = decode(b"<a>\n<b>\xE2\x82").unwrap_err();
        assert_eq!((error.line, error.column), (2, 4));
        assert!(error.problem.contains("cut off"), "{error}");
        let error = decode(b"<?xml version='1.0' encoding='shift_jis'?>\n<a>\x81").unwrap_err();
        assert_eq!((error.line, error.column), (2, 4));
    }

    #[test]
    fn broken_utf_16_is_refused() {
        let mut odd = utf16("<a>\nx</a>", true, true);
        odd.pop();
        let error = decode(&odd).unwrap_err();
        assert_eq!((error.line, error.column), (2, 5));
        assert!(error.problem.contains("odd number"), "{error}");
        for lone in [[0x3D, 0xD8], [0x3D, 0xDC]] {
            let mut bytes = utf16("<a>\n", true, true);
            bytes.extend(lone);
            bytes.extend(utf16("</a>", true, false));
            let error = decode(&bytes).unwrap_err();
            assert_eq!((error.line, error.column), (2, 1));
            assert!(error.problem.contains("surrogate"), "{error}");
        }
        let mut cut = utf16("<a>", true, true);
        cut.extend([0x3D, 0xD8]);
        assert!(decode(&cut).unwrap_err().problem.contains("cut off"));
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for length in 0..6_u32 {
            for seed in 0..4096_u32 {
                let bytes: Vec<u8> = (0..length)
                    .map(|at| [0, b'<', 0xFF, 0xFE, 0xEF, 0xBB, 0xBF, b'?'][(seed >> (at * 2) & 7) as usize])
                    .collect();
                let _ = decode(&bytes);
            }
        }
    }
}
