//! Tokens and faults, rule by rule.
//!
//! In: short texts. Out: assertions. Must not know: what is equal.

use super::TokenKind::{self, Attribute, Close, Comma, Number, Open, Operator, Parameter, Text, Word};
use super::*;

fn read(text: &str) -> Vec<(TokenKind, &str)> {
    tokenize(text)
        .expect(text)
        .into_iter()
        .map(|token| (token.kind, token.text))
        .collect()
}

fn spellings(text: &str) -> Vec<&str> {
    read(text).into_iter().map(|(_, text)| text).collect()
}

#[track_caller]
fn fails(text: &str, offset: usize, advice: &str) {
    let error = tokenize(text).expect_err(text);
    assert_eq!(error.offset, offset, "{text:?}: {error}");
    assert!(error.problem.contains(advice), "{text:?}: {error}");
    assert_eq!(words(text).concat(), text);
}

#[test]
fn every_kind_with_its_place() {
    let text = "IIF( [mS-DS-ConsistencyGuid]<>&HFF,\r\n\t\"a b\",%Domain.FQDN%)";
    assert_eq!(
        read(text),
        [
            (Word, "IIF"),
            (Open, "("),
            (Attribute, "[mS-DS-ConsistencyGuid]"),
            (Operator, "<>"),
            (Number, "&HFF"),
            (Comma, ","),
            (Text, "\"a b\""),
            (Comma, ","),
            (Parameter, "%Domain.FQDN%"),
            (Close, ")"),
        ]
    );
    for token in tokenize(text).expect(text) {
        assert!(
            text.get(token.offset..)
                .is_some_and(|rest| rest.starts_with(token.text)),
            "{token:?}"
        );
    }
}

#[test]
fn nothing_and_layout_alone_have_no_tokens() {
    assert_eq!(read(""), []);
    assert_eq!(read(" \t\r\n"), []);
}

#[test]
fn operators_are_taken_as_long_as_possible() {
    assert_eq!(spellings("< <= <> = > >= + - * & && ||"), OPERATORS_IN_THE_BOOK);
    assert_eq!(spellings("a<=-1"), ["a", "<=", "-", "1"]);
    assert_eq!(spellings("&&&"), ["&&", "&"]);
    assert_eq!(spellings("<<>>=="), ["<", "<>", ">=", "="]);
}

const OPERATORS_IN_THE_BOOK: [&str; 12] = ["<", "<=", "<>", "=", ">", ">=", "+", "-", "*", "&", "&&", "||"];

#[test]
fn ampersand_h_is_a_number_when_digits_fill_the_word() {
    assert_eq!(read("BitAnd([x],&H40000000)").get(4), Some(&(Number, "&H40000000")));
    assert_eq!(read("&HFF"), [(Number, "&HFF")]);
    assert_eq!(read("[a] &HFF"), [(Attribute, "[a]"), (Number, "&HFF")]);
    assert_eq!(
        read("[a]& &HFF"),
        [(Attribute, "[a]"), (Operator, "&"), (Number, "&HFF")]
    );
    assert_eq!(read("&hff"), [(Number, "&hff")]);
    assert_eq!(
        read("&HFF&[a]"),
        [(Number, "&HFF"), (Operator, "&"), (Attribute, "[a]")]
    );
}

#[test]
fn ampersand_h_is_an_operator_otherwise() {
    assert_eq!(
        read("[a]&\"b\""),
        [(Attribute, "[a]"), (Operator, "&"), (Text, "\"b\"")]
    );
    assert_eq!(read("[a] &H"), [(Attribute, "[a]"), (Operator, "&"), (Word, "H")]);
    assert_eq!(read("&Hello"), [(Operator, "&"), (Word, "Hello")]);
    assert_eq!(read("&HFF_"), [(Operator, "&"), (Word, "HFF_")]);
    assert_eq!(read("& HFF"), [(Operator, "&"), (Word, "HFF")]);
    assert_eq!(read("&&HFF"), [(Operator, "&&"), (Word, "HFF")]);
    assert_eq!(read("&&&HFF"), [(Operator, "&&"), (Number, "&HFF")]);
}

#[test]
fn signs_are_operators_and_fractions_one_number() {
    assert_eq!(read("-2147483648"), [(Operator, "-"), (Number, "2147483648")]);
    assert_eq!(read("1.50"), [(Number, "1.50")]);
    fails("1.", 1, ". is not part");
    fails("1.2.3", 3, ". is not part");
}

#[test]
fn words_are_functions_keywords_literals_and_variables() {
    for word in ["Trim", "NULL", "vbTextCompare", "UTF8", "$item", "_x1", "Größe"] {
        assert_eq!(read(word), [(Word, word)]);
    }
    fails("a $ b", 2, "$item");
    fails("Left$([a],1)", 4, "or remove it");
    fails("a$b", 1, "run into each other");
    fails("12ab", 2, "run into each other");
    fails("1_", 1, "run into each other");
}

#[test]
fn a_string_ends_at_a_quote_that_stands_alone() {
    assert_eq!(read("\"\""), [(Text, "\"\"")]);
    assert_eq!(read("\"a\"\"b\""), [(Text, "\"a\"\"b\"")]);
    assert_eq!(read("\"a\" \"b\""), [(Text, "\"a\""), (Text, "\"b\"")]);
    assert_eq!(read("\"\"\"\""), [(Text, "\"\"\"\"")]);
    assert_eq!(read("\"a\r\nb [c] %d% (\""), [(Text, "\"a\r\nb [c] %d% (\"")]);
    assert_eq!(read("\"\\\\0ACNF:\""), [(Text, "\"\\\\0ACNF:\"")]);
    assert_eq!(spellings("Word([a],1,\"\\\")").last(), Some(&")"));
    fails("f(\"a)", 2, "closing quote");
    fails("\"\"\"", 0, "closing quote");
    // Would be strings with a quote if a backslash escaped it: never read as something else.
    for text in [
        "\"\\\"\"",
        "\"\\\"x  y\\\"\"",
        "\"\\\"\" & \"b c\" & \"\\\"\"",
        "\"a\\\"\" & \"b  c\" & \"d\\\"\"",
    ] {
        assert!(tokenize(text).is_err(), "{text}");
    }
}

#[test]
fn names_end_on_their_line() {
    fails("Trim([sn)", 5, "add ] after");
    fails("[a\n]", 0, "add ] after");
    fails("[a,[b]", 0, "add ] after");
    fails("IIF([a,\"b\")", 4, "add ] after");
    fails("IIF([a,\"b]\",1)", 4, "add ] after");
    fails("f(%a\"b%)", 2, "add % after");
    fails("[]", 0, "name no attribute");
    fails("[ ]", 0, "name no attribute");
    fails("%Domain.FQDN", 0, "add % after");
    fails("%Domain\n%", 0, "add % after");
    fails("[a] % [b] & \"100%\"", 4, "add % after");
    fails("f(%a,1)&%b%", 2, "add % after");
    fails("%%", 0, "name no parameter");
    fails("% %", 0, "name no parameter");
    assert_eq!(read("%a%%b c%"), [(Parameter, "%a%"), (Parameter, "%b c%")]);
    assert_eq!(read("[a b][ c]"), [(Attribute, "[a b]"), (Attribute, "[ c]")]);
}

#[test]
fn brackets_balance() {
    fails("Trim([a]))", 9, "closes nothing");
    fails(")(", 0, "closes nothing");
    fails("Trim([a]", 4, "never closed");
    fails("IIF(IsNull([a],1,2)", 3, "never closed");
}

#[test]
fn stray_characters_are_faults_where_they_stand() {
    fails("[a]|[b]", 3, "||");
    fails("[a]]", 3, "closes nothing");
    fails("'a'", 0, "straight double quotes");
    fails("\u{201C}a\u{201D}", 0, "straight double quotes");
    fails("[é]\u{A0}", 4, "U+00A0 is not plain white space");
    fails("\u{FEFF}[a]", 0, "U+FEFF");
    fails("[a]\0", 3, "U+0000");
    fails("[a]/2", 3, "/ is not part");
}

#[test]
fn pieces_are_tokens_and_white_space() {
    assert_eq!(
        words("IIF( [a],\r\n \"b  c\")"),
        ["IIF", "(", " ", "[a]", ",", "\r\n ", "\"b  c\"", ")"]
    );
    assert_eq!(words("\"a  é"), ["\"", "a", "  ", "é"]);
    assert_eq!(words("\u{A0}a  €b"), ["\u{A0}", "a", "  ", "€", "b"]);
    assert_eq!(words("12ab"), ["12", "ab"]);
    assert!(words("").is_empty());
}
