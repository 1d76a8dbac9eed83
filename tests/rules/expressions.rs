//! Expressions as an operator sees them: which part changed, how long ones are
//! shown, and what is worth a word.

use crate::support::export::{Export, Pair, Rule, compare, expression};
use crate::support::{Compared, run, text};
use serde_json::Value;

fn rule(text: &str) -> Rule {
    Rule::inbound("In from AD - Computed", 50).flow(expression("displayName", text))
}

fn pair(left: &str, right: &str) -> (Export, Export) {
    let primary = Export::primary().rule(rule(left));
    let mut staging = Export::staging_of(&primary);
    *staging.rule_mut("In from AD - Computed") = rule(right);
    (primary, staging)
}

/// What, before and after of the parts that are no repetition of the whole.
fn parts(left: &str, right: &str) -> Vec<String> {
    let (primary, staging) = pair(left, right);
    let compared = compare(&primary, &staging);
    compared.assert_findings(&["high rule-attribute-flow"]);
    let finding = compared.one("rule-attribute-flow").clone();
    let all = finding["detail"].as_array().unwrap();
    let whole = |part: &&Value| part["primary"] == finding["primary"] && part["staging"] == finding["staging"];
    let shown = |value: &Value| value.as_str().unwrap_or("(absent)").to_owned();
    let line = |part: &Value| {
        assert_eq!(part["id"], "rule-flow-expression");
        format!(
            "{} {}: {} -> {}",
            text(&part["change"]),
            text(&part["what"]),
            shown(&part["primary"]),
            shown(&part["staging"])
        )
    };
    all.iter().filter(|part| !whole(part)).map(line).collect()
}

const LONG: &str = "IIF(IsPresent([msExchRecipientTypeDetails]),\r\n IIF([msExchRecipientTypeDetails]=2,NULL,Left(Trim([mail]),448)),\r\n NULL)";

#[test]
fn a_finding_names_the_smallest_parts_that_changed() {
    assert_eq!(
        parts(LONG, &LONG.replace("448", "64")),
        ["changed IIF › 2nd argument › IIF › 3rd argument › Left › 2nd argument: 448 -> 64"]
    );
    assert_eq!(
        parts(LONG, &LONG.replace("Trim([mail])", "LCase(Trim([mail]))")),
        [
            "changed IIF › 2nd argument › IIF › 3rd argument › Left › 1st argument: wrapped in LCase( ): \
          Trim([mail]) -> LCase(Trim([mail]))"
        ]
    );
    assert_eq!(
        parts("[sn] & [cn] & [mail]", "[sn] & [mail]"),
        ["removed 2nd operand: removed: [cn] & -> (absent)"]
    );
    // Nothing smaller than the whole changed, or one side does not parse.
    assert_eq!(parts("[sn]", "[cn]"), Vec::<String>::new());
    assert_eq!(parts("[sn] & [cn]", "[sn] & "), Vec::<String>::new());
}

#[test]
fn long_expressions_stand_on_lines_of_their_own() {
    let (primary, staging) = pair(LONG, &LONG.replace("448", "64"));
    let pair = Pair::of(&primary, &staging);
    let (left, right) = (pair.primary(), pair.staging());
    let shown = run(["compare".as_ref(), left.as_os_str(), right.as_os_str()]).stdout;
    let expected = "
  SYNC01   IIF(IsPresent([msExchRecipientTypeDetails]),
             IIF([msExchRecipientTypeDetails] = 2,
               NULL,
               Left(Trim([mail]), [-448-])
             ),
             NULL
           )
  SYNC02   IIF(IsPresent([msExchRecipientTypeDetails]),
             IIF([msExchRecipientTypeDetails] = 2,
               NULL,
               Left(Trim([mail]), {+64+})
             ),
             NULL
           )
         ~ IIF › 2nd argument › IIF › 3rd argument › Left › 2nd argument: 448 ->
           64
";
    assert!(shown.contains(expected), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

/// Lints of the primary, with what they say.
fn lints(rule: Rule, parameters: &[(&str, &str)]) -> Vec<String> {
    let mut primary = Export::primary().rule(rule);
    let own = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    primary.parameters.extend(own);
    let compared: Compared = compare(&primary, &Export::staging_of(&primary));
    compared.assert_findings(&[]);
    let lints = compared.report["lints"].as_array().unwrap();
    let line = |lint: &Value| {
        let said: Vec<&str> = lint["consequences"].as_array().unwrap().iter().map(text).collect();
        assert_eq!(text(&lint["setting"]), "Flow to displayName");
        format!("{} {}: {}", text(&lint["severity"]), text(&lint["id"]), said.join(" "))
    };
    lints
        .iter()
        .filter(|lint| lint["server"] == "SYNC01")
        .map(line)
        .collect()
}

#[test]
fn an_expression_that_does_not_parse_is_a_lint() {
    assert_eq!(
        lints(rule("IIF(IsPresent([cn]) And [sn] = \"x\",[cn],NULL)"), &[]),
        [
            "medium expression-malformed: at byte 20: This word joins nothing: write &&, which is the operator in this \
          language."
        ]
    );
    assert!(lints(rule("[cn] [sn]").disabled(), &[]).is_empty());
}

#[test]
fn what_cannot_work_is_one_row_whatever_is_wrong_with_it() {
    for broken in [
        "Left([cn],)",
        "Left([cn],3",
        "Left([cn,3)",
        "[cn] & \"x",
        "[cn])",
        "[cn] & ‘x’",
    ] {
        let found = lints(rule(broken), &[]);
        assert_eq!(found.len(), 1, "{broken}: {found:?}");
        assert!(
            found[0].starts_with("medium expression-malformed: "),
            "{broken}: {found:?}"
        );
    }
    // Nobody can tell its words apart, so its text was compared, live or not.
    assert!(lints(rule("[cn] & \"x"), &[])[0].ends_with("Its text was compared, layout included."));
    let disabled = lints(rule("[cn] & \"x").disabled(), &[]);
    assert_eq!(disabled.len(), 1);
    assert!(disabled[0].starts_with("low expression-unreadable: "), "{disabled:?}");
}

#[test]
fn unknown_parameters_are_a_lint_unless_the_export_defines_them() {
    let own = "[cn] & %Custom.Suffix% & %Domain.FQDN%";
    let said = "low expression-unknown-parameter: The product fills in no parameter %Custom.Suffix%.";
    assert_eq!(lints(rule(own), &[]), [said]);
    assert!(lints(rule(own), &[("custom.suffix", "x")]).is_empty());
    assert!(lints(rule(own).disabled(), &[]).is_empty());
}

#[test]
fn unknown_functions_and_numbers_of_arguments_are_worth_a_word() {
    assert_eq!(
        lints(rule("Shout([cn]) & trim([sn]) & Shout([sn]) & Left([cn])"), &[]),
        [
            "info expression-unknown-function: Function names are case-sensitive: Trim is known, trim is not. No \
             function Shout is known.",
            "info expression-argument-count: Left is given 1 argument; documented is Left(value: str, count: num) → \
             str.",
        ]
    );
    assert!(lints(rule("Mid([cn],2) & Mid([cn],2,3)"), &[]).is_empty());
}
