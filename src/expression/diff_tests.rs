//! What a change of an expression is called: where it is and what it was.
//!
//! In: pairs of texts. Out: assertions. Must not know: how parts are aligned.

use super::*;
use crate::expression::parse;

/// `place: before -> after`, one line per edit.
fn edits(left: &str, right: &str) -> Vec<String> {
    let (l, r) = (parse(left).expect(left), parse(right).expect(right));
    let found = diff(&l, &r);
    assert_eq!(found.is_empty(), l == r, "{left:?} and {right:?}");
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(absent)".to_owned());
    let line = |edit: &Edit| format!("{}: {} -> {}", edit.what(), shown(&edit.before), shown(&edit.after));
    found.iter().map(line).collect()
}

#[track_caller]
fn one(left: &str, right: &str, expected: &str) {
    assert_eq!(edits(left, right), [expected], "{left:?} and {right:?}");
}

#[test]
fn layout_brackets_around_everything_and_hexadecimals_change_nothing() {
    for other in [
        "IIF([a]=255,\"x\",NULL)",
        "( IIF( [a] = &HFF , \"x\" , NULL ) )",
        "((IIF([a]=0255,\"x\",NULL)))",
    ] {
        assert_eq!(edits("IIF([a]=&HFF,\"x\",NULL)", other), Vec::<String>::new());
    }
}

#[test]
fn a_changed_literal_marks_only_the_literal() {
    one(
        "IIF(IsPresent([a]),IIF(Left([b],4)=\"CAS_\",True,NULL),NULL)",
        "IIF(IsPresent([a]),IIF(Left([b],5)=\"CAS_\",True,NULL),NULL)",
        "IIF › 2nd argument › IIF › 1st argument › 1st operand › Left › 2nd argument: 4 -> 5",
    );
    one("[a]", "[b]", "whole expression: [a] -> [b]");
    one("-1", "-2", "sign: 1 -> 2");
    one(
        "Trim(-([a]&1))",
        "Trim(-([b]&1))",
        "Trim › 1st argument › sign › brackets › 1st operand: [a] -> [b]",
    );
}

#[test]
fn several_changes_stand_in_the_order_of_the_text() {
    assert_eq!(
        edits("IIF([a]=1,Trim([b]),\"x\")", "IIF([a]=2,Trim([c]),\"y\")"),
        [
            "IIF › 1st argument › 2nd operand: 1 -> 2",
            "IIF › 2nd argument › Trim › 1st argument: [b] -> [c]",
            "IIF › 3rd argument: \"x\" -> \"y\"",
        ]
    );
}

#[test]
fn arguments_that_come_or_go_are_aligned() {
    one(
        "Join([a])",
        "Join([a],\",\")",
        "Join › 2nd argument: added: (absent) -> \",\"",
    );
    one(
        "Switch([a]=1,\"x\",[a]=2,\"y\",True,\"z\")",
        "Switch([a]=1,\"x\",True,\"z\")",
        "Switch › 3rd argument: removed: [a] = 2, \"y\" -> (absent)",
    );
    one("Now()", "Now(1)", "Now › 1st argument: added: (absent) -> 1");
}

#[test]
fn operands_are_aligned() {
    one("[a]&[b]&[c]", "[a]&[c]", "2nd operand: removed: [b] & -> (absent)");
    one("[a]&[c]", "[x]&[a]&[c]", "1st operand: added: (absent) -> [x] &");
    one("[a]", "[a]&\"x\"", "2nd operand: added: (absent) -> & \"x\"");
    one("[a]&[b]&[c]", "[a]&[x]&[c]", "2nd operand: [b] -> [x]");
    one("[a]=1", "[a]>1", "operator: = -> >");
    one("[a]=1&&[b]", "[a]=1||[b]", "2nd operator: && -> ||");
}

#[test]
fn wrapping_is_called_by_its_name() {
    one(
        "Trim([x])",
        "LCase(Trim([x]))",
        "wrapped in LCase( ): Trim([x]) -> LCase(Trim([x]))",
    );
    one(
        "IIF([a],Replace(Trim([x]),\"a\",\"b\"),NULL)",
        "IIF([a],Trim([x]),NULL)",
        "IIF › 2nd argument: no longer in Replace( ): Replace(Trim([x]), \"a\", \"b\") -> Trim([x])",
    );
    one(
        "[x]",
        "LCase(Trim([x]))",
        "wrapped in LCase(Trim( )): [x] -> LCase(Trim([x]))",
    );
    one(
        "Left(-[x],1)",
        "Left((-[x])*2,1)",
        "Left › 1st argument: -[x] -> (-[x]) * 2",
    );
    // A number that happens to stand elsewhere is not wrapped.
    one(
        "IIF([a],1,2)",
        "IIF([a],Left([b],1),2)",
        "IIF › 2nd argument: 1 -> Left([b], 1)",
    );
    // The shallowest place is the one that is meant.
    one(
        "[x]",
        "IIF(IsPresent([x]),[x],NULL)",
        "wrapped in IIF( ): [x] -> IIF(IsPresent([x]), [x], NULL)",
    );
}

#[test]
fn another_function_and_changed_places_have_words_of_their_own() {
    one(
        "Trim(LCase([x]))",
        "Trim(UCase([x]))",
        "Trim › 1st argument: function: LCase -> UCase",
    );
    one(
        "IIF([a],[b],[c])",
        "IIF([a],[c],[b])",
        "IIF › 2nd and 3rd argument: swapped: [b], [c] -> [c], [b]",
    );
    one(
        "[a]&\" \"&[b]",
        "[b]&\" \"&[a]",
        "1st and 3rd operand: swapped: [a], [b] -> [b], [a]",
    );
    one("Now()", "Guid()", "whole expression: Now() -> Guid()");
}

#[test]
fn too_many_edits_are_one() {
    let many = |name: &str| format!("Join({})", vec![format!("f([{name}],1)"); 300].join(","));
    let found = edits(&many("a"), &many("b"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("whole expression: Join(f([a], 1)"),
        "{}",
        &found[0][..60]
    );
}
