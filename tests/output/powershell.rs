//! Quoting for PowerShell, proven with PowerShell's grammar: whatever a text
//! holds, it is one argument, and evaluating it gives the text back.

use crate::support::property;
use proptest::prelude::*;
use syncdrift::powershell::quote;
use tree_sitter::{Node, Parser, Tree};

fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_pwsh::LANGUAGE.into()).unwrap();
    parser.parse(text, None).unwrap()
}

fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// The only child, through every node that adds nothing.
fn only(node: Node<'_>) -> Result<Node<'_>, String> {
    match children(node)[..] {
        [child] => Ok(child),
        _ => Err(format!("not one child: {}", node.to_sexp())),
    }
}

/// What an argument of literals, characters and `+` evaluates to, in units of UTF-16.
fn evaluated(node: Node<'_>, text: &str, out: &mut Vec<u16>) -> Result<(), String> {
    let source = &text[node.byte_range()];
    match node.kind() {
        "additive_expression" => {
            let [left, right] = children(node)[..] else {
                return Err(format!("no sum: {}", node.to_sexp()));
            };
            let sign = text[left.end_byte()..right.start_byte()].trim();
            if sign != "+" {
                return Err(format!("the operator {sign}"));
            }
            evaluated(left, text, out)?;
            evaluated(right, text, out)
        }
        "string_literal" => {
            let inside = source.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            let inside = inside.ok_or_else(|| format!("no single quotes: {source}"))?;
            out.extend(inside.replace("''", "'").encode_utf16());
            Ok(())
        }
        "cast_expression" => {
            let digits = source
                .strip_prefix("[char]0x")
                .ok_or_else(|| format!("the cast {source}"))?;
            out.push(u16::from_str_radix(digits, 16).map_err(|error| error.to_string())?);
            Ok(())
        }
        "unary_expression"
        | "expression_with_unary_operator"
        | "parenthesized_expression"
        | "pipeline"
        | "pipeline_chain" => evaluated(only(node)?, text, out),
        other => Err(format!("a {other}")),
    }
}

/// The value of the one argument of the one command of a line.
fn argument(line: &str) -> Result<String, String> {
    let tree = parse(line);
    let root = tree.root_node();
    if root.has_error() {
        return Err(format!("it does not parse: {}", root.to_sexp()));
    }
    let mut node = root;
    for kind in ["statement_list", "pipeline", "pipeline_chain", "command"] {
        node = only(node)?;
        if node.kind() != kind {
            return Err(format!("{} instead of {kind}", node.kind()));
        }
    }
    let elements = node.child_by_field_name("command_elements").ok_or("no elements")?;
    let elements: Vec<Node<'_>> = children(elements)
        .into_iter()
        .filter(|element| element.kind() != "command_argument_sep")
        .collect();
    let [parameter, argument] = elements[..] else {
        return Err(format!("{} elements: {}", elements.len(), root.to_sexp()));
    };
    if parameter.kind() != "command_parameter" {
        return Err(format!("{} instead of a parameter", parameter.kind()));
    }
    let mut units = Vec::new();
    // Operands of `+` are joined as texts only when the first is one.
    let first = line[argument.byte_range()].trim_start_matches('(');
    if !first.starts_with('\'') {
        return Err(format!("it begins with no text: {line}"));
    }
    evaluated(argument, line, &mut units)?;
    String::from_utf16(&units).map_err(|error| error.to_string())
}

fn survives(text: &str) -> Result<(), TestCaseError> {
    let line = format!("Get-Thing -Name {}", quote(text));
    let plain = |c: char| (' '..='~').contains(&c);
    prop_assert!(line.chars().all(plain), "{:?}", line);
    prop_assert_eq!(argument(&line).map_err(TestCaseError::fail)?, text);
    Ok(())
}

#[test]
fn a_plain_name_stays_readable() {
    assert_eq!(
        quote("In from AD - User Join $x `n \"a\""),
        "'In from AD - User Join $x `n \"a\"'"
    );
    assert_eq!(quote(""), "''");
    assert_eq!(quote("it's"), "'it''s'");
    assert_eq!(quote("it’s"), "('it' + [char]0x2019 + 's')");
    assert_eq!(quote("😀"), "('' + [char]0xD83D + [char]0xDE00)");
}

#[test]
fn every_quote_and_every_invisible_character_is_joined_in() {
    let quotes = "'\"‘’‚‛“”„";
    let lines = "\r\n\t\0\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{2028}\u{2029}";
    let bidi = "\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}\u{ad}";
    let attack = "x'; Remove-Item C:\\ -Recurse # ’; iex $(evil) @'\nhere\n'@ --% -- -Force";
    for text in [
        quotes,
        lines,
        bidi,
        attack,
        "‘’",
        "''",
        "'",
        "\\",
        "$(x)",
        "-Name",
        "@{}",
        "😀e\u{301}",
    ] {
        survives(text).unwrap();
    }
    for c in quotes.chars().chain(lines.chars()).chain(bidi.chars()) {
        survives(&format!("a{c}b")).unwrap();
        survives(&format!("{c}")).unwrap();
    }
}

/// A chain of thousands of operands would exhaust the stack of PowerShell.
#[test]
fn a_long_text_is_a_flat_tree() {
    fn depth(node: Node<'_>) -> usize {
        children(node).into_iter().map(depth).max().unwrap_or(0) + 1
    }
    let text = "Größe и ’".repeat(2_000);
    survives(&text).unwrap();
    let line = format!("Get-Thing -Name {}", quote(&text));
    assert!(depth(parse(&line).root_node()) < 400);
}

#[test]
fn any_text_is_one_argument_and_comes_back() {
    let hostile = "['\"‘’‚‛“”„$`(){}\\[\\];|&#@%<>=+*/\\\\ \r\n\t\0\u{1b}\u{85}\u{2028}\u{202e}a-z0-9ä😀-]{0,40}";
    property::check(400, hostile, |text| survives(&text));
    property::check(200, any::<String>(), |text| survives(&text));
}
