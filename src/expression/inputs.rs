//! What an expression reads.
//!
//! In: the text of an expression. Out: the attributes and parameters it names.
//! Must not know: schema, connectors, the rule around it. Other strings are not
//! looked into: the default rules compare attribute names as plain text.

use super::error::TokenError;
use super::lexer::{Token, TokenKind, tokenize};
use std::collections::BTreeSet;

/// Something that an expression reads, by the name in the text (letter case kept).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// `[name]`, also the pseudo-attribute `[dn]`.
    Attribute(String),
    /// An attribute named by a string: `ImportedValue("name")` (as it was imported last) or `ValueCount("name")`.
    Imported(String),
    /// `%name%`
    Parameter(String),
}

/// Functions whose string argument is the name of an attribute.
const BY_NAME: [&str; 2] = ["ImportedValue", "ValueCount"];

/// Everything that the expression reads: attributes, then imported values, then parameters, each sorted by name and
/// without repeats.
///
/// Only a plain string is taken for a name; what an expression makes of several strings is not evaluated. Function
/// names are case-sensitive, as in the product.
///
/// # Errors
///
/// Those of [`tokenize`].
pub fn inputs(text: &str) -> Result<Vec<Input>, TokenError> {
    let tokens = tokenize(text)?;
    let found: BTreeSet<Input> = tokens
        .iter()
        .filter_map(|token| match token.kind {
            TokenKind::Attribute => Some(Input::Attribute(inside(token).to_owned())),
            TokenKind::Parameter => Some(Input::Parameter(inside(token).to_owned())),
            _ => None,
        })
        .chain(tokens.windows(4).filter_map(by_name))
        .collect();
    Ok(found.into_iter().collect())
}

/// `Function ( "name" )`
fn by_name(tokens: &[Token<'_>]) -> Option<Input> {
    use TokenKind::{Close, Open, Text, Word};
    let [function, open, name, close] = tokens else {
        return None;
    };
    let call = [function.kind, open.kind, name.kind, close.kind] == [Word, Open, Text, Close];
    let known = call && BY_NAME.contains(&function.text) && !inside(name).is_empty();
    known.then(|| Input::Imported(inside(name).to_owned()))
}

/// Without the sign at each end.
fn inside<'a>(token: &Token<'a>) -> &'a str {
    token.text.get(1..token.text.len().saturating_sub(1)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::Input::{Attribute, Imported, Parameter};
    use super::*;

    fn read(text: &str) -> Vec<Input> {
        inputs(text).expect("an expression")
    }

    #[test]
    fn attributes_and_parameters_are_sorted_and_named_once() {
        assert_eq!(
            read("IIF([sn]=\"x\",%Domain.FQDN%&[cn]&[sn],[mS-DS-ConsistencyGuid])"),
            [
                Attribute("cn".into()),
                Attribute("mS-DS-ConsistencyGuid".into()),
                Attribute("sn".into()),
                Parameter("Domain.FQDN".into())
            ]
        );
        assert_eq!(read("[cn]&[CN]"), [Attribute("CN".into()), Attribute("cn".into())]);
        assert_eq!(read("CStr(1) & NULL"), []);
        assert_eq!(read(""), []);
    }

    #[test]
    fn two_functions_name_their_attribute_in_a_string() {
        assert_eq!(
            read("RemoveDuplicates(Trim(ImportedValue ( \"proxyAddresses\" )))"),
            [Imported("proxyAddresses".into())]
        );
        assert_eq!(
            read("IIF((ValueCount(\"member\")> 50000),[a],NULL)"),
            [Attribute("a".into()), Imported("member".into())]
        );
        assert_eq!(
            read("[a]&ImportedValue(\"a\")"),
            [Attribute("a".into()), Imported("a".into())]
        );
    }

    #[test]
    fn other_strings_name_nothing() {
        for text in [
            "IIF(\"mS-DS-ConsistencyGuid\"=\"mS-DS-ConsistencyGuid\",1,2)",
            "Error(\"member\")",
            "importedvalue(\"a\")",
            "ImportedValue(\"a\" & \"b\")",
            "ImportedValue(\"\")",
            "\"ImportedValue(\"",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn brackets_and_percent_signs_in_strings_name_nothing() {
        assert_eq!(read("\"[a] %b%\" & [c]"), [Attribute("c".into())]);
    }

    #[test]
    fn a_text_that_does_not_tokenise_is_an_error() {
        assert_eq!(inputs("Trim([a]").map_err(|error| error.offset), Err(4));
    }
}
