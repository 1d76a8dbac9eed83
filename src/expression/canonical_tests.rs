//! What counts as the same expression and what does not, rule by rule.
//!
//! In: pairs of texts. Out: assertions. Must not know: the places of tokens.

use super::*;

fn form(text: &str) -> String {
    canonical(text).expect(text)
}

#[track_caller]
fn same(left: &str, right: &str) {
    assert_eq!(form(left), form(right), "{left:?} and {right:?}");
}

#[track_caller]
fn different(left: &str, right: &str) {
    assert_ne!(form(left), form(right), "{left:?} and {right:?}");
    assert_ne!(without_layout(left), without_layout(right), "{left:?} and {right:?}");
}

#[test]
fn white_space_outside_strings_does_not_count() {
    let text = "IIF([a]=-1,\"b  c\",\"d\" & %e%)";
    assert_eq!(
        form("\r\n IIF ( [a] = - 1 ,\n\t\"b  c\" , \"d\"&%e% )\r\n"),
        "IIF([a]=-1,\"b  c\",\"d\"&%e%)"
    );
    same(text, "IIF([a]=-1, \"b  c\", \"d\" & %e%)");
    different(text, "IIF([a]=-1,\"b c\",\"d\" & %e%)");
    different("\"a\r\nb\"", "\"a\nb\"");
    different("[a b]", "[ab]");
    different("[ a]", "[a]");
}

#[test]
fn tokens_do_not_merge() {
    for (apart, joined) in [
        ("a b", "ab"),
        ("1 2", "12"),
        ("a 1", "a1"),
        ("< =", "<="),
        ("< >", "<>"),
        ("> =", ">="),
        ("& &", "&&"),
    ] {
        different(apart, joined);
        assert_eq!(form(apart), apart);
    }
    different("& HFF", "&HFF");
    different("& Hello", "&& ello");
    different("& &&", "&& &");
    different("< >=", "<> =");
    different("\"a\" \"b\"", "\"a\"\"b\"");
    different("\"\" \"\"", "\"\"\"\"");
    assert_eq!(form("& hFF"), "& hFF");
    assert_eq!(without_layout("[a] & &HFF"), "[a]& &HFF");
    assert_eq!(form("[a] & &HFF"), "[a]&255");
    assert_eq!(form("a $b"), "a $b");
    assert_eq!(form("& H & h"), "& H& h");
}

#[test]
fn brackets_around_everything_do_not_count() {
    for text in ["[a]&[b]", "Trim([a])", "([a]+1)*([b]+1)", "(([a]+1)*([b]+1))&[c]"] {
        assert_eq!(form(text), text);
        assert_eq!(form(&format!("({text})")), text);
        assert_eq!(form(&format!(" ( (\n({text}) ) )")), text);
    }
    // Peeling these would leave `[a]&)&(&[b]`.
    assert_eq!(form("([a]&)&(&[b])"), "([a]&)&(&[b])");
}

#[test]
fn inner_brackets_count() {
    different("([a]+[b])*[c]", "[a]+[b]*[c]");
    different("[a]+([b]*[c])", "[a]+[b]*[c]");
    different("(a)(b)", "a b");
    same("((1)+(2))", "1+2");
}

#[test]
fn brackets_around_nothing_stay() {
    assert_eq!(form("()"), "()");
    assert_eq!(form("Now()"), "Now()");
    different("()", "");
}

#[test]
fn numbers_have_one_spelling() {
    for (text, plain) in [
        ("&HFF", "255"),
        ("&Hff", "255"),
        ("&H00FF", "255"),
        ("0255", "255"),
        ("000", "0"),
        ("&H0", "0"),
        ("&H21C07000", "566259712"),
        ("&H7FFFFFFFFFFFFFFF", "9223372036854775807"),
        ("18446744073709551615", "18446744073709551615"),
        ("0000000000000000000000000000000000001", "1"),
    ] {
        assert_eq!(form(text), plain);
    }
    assert_eq!(
        form("BitAnd([groupType],-02147483648)"),
        "BitAnd([groupType],-2147483648)"
    );
    different("-1", "1");
    different("+1", "1");
    different("--1", "1");
}

#[test]
fn numbers_that_may_not_be_equal_keep_their_spelling() {
    assert_eq!(form("18446744073709551616"), "18446744073709551616");
    assert_eq!(form("018446744073709551616"), "018446744073709551616");
    assert_eq!(form("&H0ffffffffffffffff"), "&HFFFFFFFFFFFFFFFF");
    assert_eq!(form("&H1ffffffffffffffff"), "&H1FFFFFFFFFFFFFFFF");
    assert_eq!(form("&hff"), "&hff");
    assert_eq!(form("01.50"), "01.50");
    assert_eq!(form("\"&HFF 007\""), "\"&HFF 007\"");
    assert_eq!(form("[007]&%007%"), "[007]&%007%");
}

#[test]
fn nothing_is_calculated_and_no_name_folded() {
    different("5+3*2", "5+(3*2)");
    different("[a]&[b]", "[b]&[a]");
    different("trim([a])", "Trim([a])");
    different("[Mail]", "[mail]");
    different("True", "true");
    different("NULL", "AuthoritativeNull");
    different("NULL", "IgnoreThisFlow");
    different("NULL", "\"NULL\"");
    different("[a]", "\"a\"");
    different("[a]", "%a%");
}

#[test]
fn layout_alone_tells_the_forms_apart() {
    assert_eq!(without_layout(" ( [a] = &H0F ) "), "([a]=&H0F)");
    assert_eq!(form(" ( [a] = &H0F ) "), "[a]=15");
}

#[test]
fn a_text_that_does_not_tokenise_stays_but_for_its_ends() {
    assert_eq!(without_layout(" Trim( [a]\r\n & \"b \t\n"), "Trim( [a]\n & \"b");
    assert!(canonical("Trim( [a]").is_err());
}
