//! Expressions: what is layout and what has a meaning, and the settings of a
//! flow around it.

use crate::support::export::{Flow, Pair, Rule, direct, expression};
use crate::support::traps::{compare_rules, edit, file_with, primary_with, staging_with, words};
use crate::support::{Compared, text};

fn rule(flow: Flow) -> [Rule; 1] {
    [Rule::inbound("In from AD - Computed", 50).flow(flow)]
}

fn compare(left: &str, right: &str) -> Compared {
    compare_rules(
        rule(expression("displayName", left)),
        rule(expression("displayName", right)),
    )
}

/// Both directions: neither text may lose.
fn same(left: &str, right: &str) {
    for (l, r) in [(left, right), (right, left)] {
        let compared = compare(l, r);
        assert_eq!(compared.brief(), Vec::<String>::new(), "{l} | {r}");
        assert_eq!(compared.code, 0);
    }
}

fn differ(left: &str, right: &str) {
    for (l, r) in [(left, right), (right, left)] {
        let compared = compare(l, r);
        compared.assert_findings(&["high rule-attribute-flow"]);
        let finding = compared.one("rule-attribute-flow");
        assert_eq!(text(&finding["change"]), "changed");
        assert!(
            text(&finding["setting"]).contains("displayName"),
            "{}",
            finding["setting"]
        );
        assert_ne!(
            finding["primary"], finding["staging"],
            "{l} | {r}: the difference shows"
        );
        assert_eq!(compared.code, 1);
    }
}

#[test]
fn white_space_and_line_breaks_outside_strings_do_not_count() {
    let plain = "IIF(IsPresent([givenName]),[givenName] & \" \" & [sn],NULL)";
    same(plain, "IIF( IsPresent( [givenName] ) , [givenName]&\" \"&[sn] , NULL )");
    same(
        plain,
        "\nIIF(IsPresent([givenName]),\n\t[givenName] & \" \" & [sn],\n\tNULL)\n",
    );
    same(plain, &format!("  {plain}  "));
}

#[test]
fn carriage_returns_and_entities_do_not_count() {
    let rules = || {
        rule(expression(
            "displayName",
            "IIF([a] = \"x\" && IsPresent([b]), [a], [b])",
        ))
    };
    for (from, to) in [
        ("&amp;&amp;", "&#38;&#x26;"),
        (", [a], [b])", ",&#xD;&#xA;  [a],&#13;&#10;  [b])"),
        ("&quot;x&quot;", "\"x\""),
    ] {
        let pair = Pair::of(&primary_with(rules()), &staging_with(rules()));
        edit(
            &file_with(&pair.staging(), "SynchronizationRules", "Computed"),
            from,
            to,
        );
        pair.compare().assert_parity();
    }
}

#[test]
fn a_cdata_section_and_a_comment_do_not_count() {
    let rules = || rule(expression("displayName", "IIF([a] = [b] && IsPresent([b]), [a], [b])"));
    let pair = Pair::of(&primary_with(rules()), &staging_with(rules()));
    let file = file_with(&pair.staging(), "SynchronizationRules", "Computed");
    edit(
        &file,
        "<expression>IIF([a] = [b] &amp;&amp; ",
        "<expression><![CDATA[IIF([a] = [b] && ]]>",
    );
    edit(&file, "<direction>", "<!-- by hand --><direction>");
    pair.compare().assert_parity();
}

#[test]
fn outermost_brackets_do_not_count_and_others_do() {
    same("Trim([cn])", "(Trim([cn]))");
    same("[a] & [b]", "( ([a] & [b]) )");
    differ("([a] & [b]) & ([c] & [d])", "[a] & [b]) & ([c] & [d]");
    differ("([a] + 1) * 2", "[a] + (1 * 2)");
    differ("([a] & [b]) & [c]", "[a] & ([b] & [c])");
}

#[test]
fn hexadecimal_and_decimal_numbers_are_one() {
    same("BitAnd([userAccountControl], &H2)", "BitAnd([userAccountControl], 2)");
    same("&HFF + 1", "255 + &H1");
    differ("\"&HFF\"", "\"255\"");
    differ("&HFF", "&HFE");
}

#[test]
fn letter_case_of_functions_and_attributes_counts() {
    differ("Trim([cn])", "trim([cn])");
    differ("Trim([cn])", "Trim([CN])");
}

#[test]
fn blanks_and_letters_inside_a_string_count() {
    differ("[givenName] & \" \" & [sn]", "[givenName] & \"  \" & [sn]");
    differ("[givenName] & \"\" & [sn]", "[givenName] & \" \" & [sn]");
    differ("\"a, b\"", "\"a,b\"");
    differ("\"Sales\"", "\"sales\"");
}

#[test]
fn null_authoritative_null_and_ignore_this_flow_are_three_meanings() {
    let words = ["NULL", "AuthoritativeNull", "IgnoreThisFlow"];
    for (at, left) in words.iter().enumerate() {
        for right in &words[at + 1..] {
            differ(left, right);
            differ(
                &format!("IIF(IsPresent([mail]),[mail],{left})"),
                &format!("IIF(IsPresent([mail]),[mail],{right})"),
            );
        }
    }
}

#[test]
fn operators_have_one_priority_so_there_is_no_algebra() {
    differ("5+3*2", "3*2+5");
    differ("5+3*2", "5+(3*2)");
    differ("[a] || [b]", "[b] || [a]");
    differ("1+1", "2");
}

#[test]
fn an_expression_that_cannot_be_read_is_compared_as_text_and_says_so() {
    let broken = "IIF(IsPresent([cn],\"open";
    same(broken, broken);
    let compared = compare(broken, "IIF(IsPresent([cn],\"open ");
    assert!(
        compared
            .lints()
            .iter()
            .any(|lint| lint.contains("expression-malformed SYNC01")),
        "{:?}",
        compared.lints()
    );
    let compared = compare(broken, "IIF(IsPresent([sn],\"open");
    compared.assert_findings(&["high rule-attribute-flow"]);
}

#[test]
fn attributes_declared_beside_an_expression_do_not_count() {
    let with = |declared: &[&str]| Flow {
        declared: declared.iter().map(|&name| name.to_owned()).collect(),
        ..expression("displayName", "[a] & [b]")
    };
    for (left, right) in [
        (&["a", "b"][..], &[][..]),
        (&["a", "b"], &["b", "a"]),
        (&["a"], &["a", "b"]),
    ] {
        compare_rules(rule(with(left)), rule(with(right))).assert_parity();
    }
}

#[test]
fn update_and_replace_are_one_merge_type_and_the_others_are_not() {
    let with = |merge: Option<&str>| {
        rule(Flow {
            merge: merge.map(str::to_owned),
            ..direct("proxyAddresses", "proxyAddresses")
        })
    };
    let compared = compare_rules(with(Some("Update")), with(Some("Replace")));
    compared.assert_parity();
    assert_eq!(compared.expected_of("rule-flow-merge-type").len(), 1);
    for (left, right) in [
        ("Merge", "MergeCaseInsensitive"),
        ("Update", "Merge"),
        ("Replace", "MergeCaseInsensitive"),
    ] {
        let compared = compare_rules(with(Some(left)), with(Some(right)));
        compared.assert_findings(&["high rule-attribute-flow"]);
        let finding = compared.one("rule-attribute-flow");
        assert_eq!(finding["detail"][0]["id"], "rule-flow-merge-type");
        assert!(
            words(finding).contains(left) && words(finding).contains(right),
            "{}",
            words(finding)
        );
    }
}

#[test]
fn apply_once_is_medium_and_absent_means_no() {
    let with = |once: Option<&str>| {
        rule(Flow {
            once: once.map(str::to_owned),
            ..direct("mailNickname", "mailNickname")
        })
    };
    compare_rules(with(None), with(Some("False"))).assert_parity();
    compare_rules(with(Some("true")), with(Some("True"))).assert_parity();
    compare_rules(with(None), with(Some("True"))).assert_findings(&["medium rule-attribute-flow"]);
}

#[test]
fn a_direct_flow_a_constant_and_an_expression_are_three_things() {
    use crate::support::export::constant;
    let flows = || {
        [
            direct("title", "title"),
            constant("title", "title"),
            expression("title", "[title]"),
        ]
    };
    for (at, left) in flows().into_iter().enumerate() {
        for right in flows().into_iter().skip(at + 1) {
            let compared = compare_rules(rule(left.clone()), rule(right));
            compared.assert_findings(&["high rule-attribute-flow"]);
            let finding = compared.one("rule-attribute-flow");
            assert_ne!(finding["primary"], finding["staging"], "{}", words(finding));
        }
    }
    compare_rules(rule(constant("title", "Boss")), rule(constant("title", "boss")))
        .assert_findings(&["high rule-attribute-flow"]);
}

#[test]
fn several_changes_of_one_flow_are_one_finding() {
    let changed = Flow {
        merge: Some("Merge".to_owned()),
        once: Some("True".to_owned()),
        ..expression("displayName", "[sn]")
    };
    let compared = compare_rules(rule(expression("displayName", "[cn]")), rule(changed));
    compared.assert_findings(&["high rule-attribute-flow"]);
    assert!(compared.one("rule-attribute-flow")["detail"].as_array().unwrap().len() >= 3);
}
