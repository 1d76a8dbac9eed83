//! How expressions are laid out.
//!
//! In: texts and widths. Out: assertions. Must not know: the parser's inside.

use crate::expression::parse;

#[track_caller]
fn laid_out(text: &str, width: usize, expected: &str) {
    let tree = parse(text).expect(text);
    let shown = super::pretty(&tree, width);
    assert_eq!(shown, expected.trim_start_matches('\n'));
    assert_eq!(parse(&shown).as_ref(), Ok(&tree));
}

#[test]
fn what_fits_stays_on_one_line() {
    laid_out("IIF( [a]=-1,\"x\",\n-(1+2) )", 80, "IIF([a] = -1, \"x\", -(1 + 2))");
    laid_out("[a]&&[b]", 12, "[a] && [b]");
}

#[test]
fn a_condition_stands_beside_its_function() {
    laid_out(
        "IIF(IsPresent([mail]),IIF(Left([mail],4)=\"CAS_\",Trim([mail]),[userPrincipalName]),NULL)",
        40,
        "
IIF(IsPresent([mail]),
  IIF(Left([mail], 4) = \"CAS_\",
    Trim([mail]),
    [userPrincipalName]
  ),
  NULL
)",
    );
}

#[test]
fn a_choice_stands_in_pairs() {
    laid_out(
        "Switch([c]=\"DE\",\"Germany\",[c]=\"FR\",\"France\",True,\"somewhere else entirely\")",
        30,
        "
Switch(
  [c] = \"DE\", \"Germany\",
  [c] = \"FR\", \"France\",
  True,
    \"somewhere else entirely\"
)",
    );
}

#[test]
fn chains_break_at_logical_operators_first() {
    laid_out(
        "IsPresent([a]) || [b]=\"long text\" || (Left([c],3)=\"abc\" && InStr([d],\"efgh\")>0)",
        34,
        "
IsPresent([a])
  || [b] = \"long text\"
  || (
    Left([c], 3) = \"abc\"
      && InStr([d], \"efgh\") > 0
  )",
    );
    laid_out(
        "[givenName] & \" \" & [surname]",
        20,
        "[givenName]\n  & \" \"\n  & [surname]",
    );
}

#[test]
fn arguments_stand_on_lines_of_their_own() {
    laid_out(
        "Replace([displayName],\"abcdef\",\"ghi\")",
        20,
        "
Replace(
  [displayName],
  \"abcdef\",
  \"ghi\"
)",
    );
}
