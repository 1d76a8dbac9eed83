//! What is worth a word, and what is not.
//!
//! In: texts. Out: assertions. Must not know: the tables' rows.

use super::*;
use crate::expression::parse;

fn remarks(text: &str) -> Vec<String> {
    let tree = parse(text).expect(text);
    check(&tree)
        .iter()
        .map(|remark| format!("{}: {remark}", remark.offset))
        .collect()
}

#[test]
fn known_things_are_not_worth_a_word() {
    for text in [
        "Mid([a],2)&Mid([a],2,3)",
        "Switch([a]=1,\"x\",True,\"y\")",
        "Trim([a])&%Domain.FQDN%&%forest.fqdn%",
        "CBin(Len(Thumbprint([a])),2)",
        "IIF(ValueCount(\"member\")>1,ImportedValue(\"a\"),NULL)",
    ] {
        assert_eq!(remarks(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn unknown_names_and_numbers_are() {
    assert_eq!(
        remarks("Trim(shout([a]), trim([b])) & %ReplaceMe%"),
        [
            "0: Trim is given 2 arguments; documented is Trim(value: str|mvstr) → str|mvstr.",
            "5: No function shout is known.",
            "17: Function names are case-sensitive: Trim is known, trim is not.",
            "30: The product fills in no parameter %ReplaceMe%.",
        ]
    );
}
