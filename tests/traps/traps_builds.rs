//! Default rules and builds: what another build explains and what it does not.

use crate::support;
use crate::support::export::{Pair, Rule, compare, direct};
use crate::support::text;
use crate::support::traps::{
    compare_rules, custom, primary_with, staging_with, user_common, user_exchange, user_join, words,
};

fn modified(rule: Rule) -> Rule {
    rule.instead(direct("department", "division"))
}

fn builds(
    primary: &str,
    staging: &str,
    left: impl IntoIterator<Item = Rule>,
    right: impl IntoIterator<Item = Rule>,
) -> support::Compared {
    let mut left = primary_with(left);
    left.build = primary.to_owned();
    let mut right = staging_with(right);
    right.build = staging.to_owned();
    compare(&left, &right)
}

#[test]
fn builds_that_differ_are_high_when_staging_is_the_older_and_medium_when_it_is_newer() {
    let compared = builds("2.6.92.0", "2.5.79.0", [user_join(100)], [user_join(100)]);
    compared.assert_findings(&["high server-build"]);
    let compared = builds("2.6.9.0", "2.6.92.0", [user_join(100)], [user_join(100)]);
    compared.assert_findings(&["medium server-build"]);
    let finding = compared.one("server-build");
    assert_eq!(
        (text(&finding["primary"]), text(&finding["staging"])),
        ("2.6.9.0", "2.6.92.0")
    );
    assert_eq!(compared.code, 1);
}

/// Default rules of the build after: one with another body, one with another tag only, one new.
fn next_build() -> [Rule; 4] {
    [
        user_join(100)
            .tagged("Microsoft.InfromADUserJoin.006")
            .flow(direct("userPrincipalName", "userPrincipalName")),
        user_common(101).tagged("Microsoft.InfromADUserCommon.008"),
        user_exchange(103),
        Rule::inbound("In from AD - User Lync", 102)
            .tagged("Microsoft.InfromADUserLync.001")
            .flow(direct("sip", "msRTCSIP-PrimaryUserAddress")),
    ]
}

#[test]
fn one_updated_default_rule_is_counted_as_one() {
    let [updated, ..] = next_build();
    let compared = builds("2.5.79.0", "2.6.92.0", [user_join(100)], [updated]);
    let rules = compared
        .expected()
        .iter()
        .find(|f| f["id"] == "default-rules-updated")
        .unwrap();
    assert_eq!(text(&rules["object"]), "1 default rule");
}

#[test]
fn default_rules_that_a_newer_build_brought_are_one_expected_line() {
    let old = || [user_join(100), user_common(101), user_exchange(102)];
    for (compared, severity) in [
        (builds("2.5.79.0", "2.6.92.0", old(), next_build()), "medium"),
        (builds("2.6.92.0", "2.5.79.0", next_build(), old()), "high"),
    ] {
        compared.assert_findings(&[&format!("{severity} server-build")]);
        let folded = compared.expected_of("default-rules-updated");
        assert_eq!(folded.len(), 1);
        assert!(text(&folded[0]["object"]).contains('3'), "{}", folded[0]["object"]);
        for word in [
            "In from AD - User Join",
            "userPrincipalName",
            "In from AD - User Common",
            "In from AD - User Lync",
        ] {
            assert!(words(folded[0]).contains(word), "{word}: {}", words(folded[0]));
        }
        assert!(!words(folded[0]).contains("User Exchange"));
        assert!(!text(&folded[0]["reason"]).is_empty());
    }
}

#[test]
fn the_same_tag_version_with_another_body_stays_a_finding_whatever_the_builds() {
    let mut staging = next_build();
    staging[2] = user_exchange(103).instead(direct("mail", "otherMailbox"));
    let compared = builds(
        "2.5.79.0",
        "2.6.92.0",
        [user_join(100), user_common(101), user_exchange(102)],
        staging,
    );
    compared.assert_findings(&["high rule-attribute-flow", "medium server-build"]);
    assert!(
        compared.one("rule-attribute-flow")["consequences"]
            .to_string()
            .contains("upgrade")
    );
}

#[test]
fn the_flag_disabled_is_never_folded() {
    let old = [user_join(100), user_common(101), user_exchange(102)];
    let [join, common, exchange, lync] = next_build();
    let compared = builds("2.5.79.0", "2.6.92.0", old, [join, common.disabled(), exchange, lync]);
    compared.assert_findings(&["high rule-disabled", "medium server-build"]);
    assert_eq!(compared.expected_of("default-rules-updated").len(), 1);
}

#[test]
fn a_custom_rule_is_never_explained_by_a_build() {
    let old = vec![user_join(100), user_common(101), user_exchange(102)];
    let mut new = next_build().to_vec();
    new.push(custom("In from AD - Department", 50, "department", "division"));
    builds("2.5.79.0", "2.6.92.0", old, new).assert_findings(&["high custom-rule-missing", "medium server-build"]);
}

#[test]
fn a_default_rule_that_the_newer_build_lacks_is_deleted() {
    let [join, common, _, lync] = next_build();
    let old = [user_join(100), user_common(101), user_exchange(102)];
    builds("2.5.79.0", "2.6.92.0", old, [join, common, lync])
        .assert_findings(&["high default-rule-missing", "medium server-build"]);
}

#[test]
fn default_rules_that_the_newer_build_shifts_move_nobody() {
    let department = |number| custom("In from AD - Department", number, "department", "division");
    let [join, _, exchange, lync] = next_build();
    let common = |number| user_common(number).tagged("Microsoft.InfromADUserCommon.008");
    let compared = builds(
        "2.5.79.0",
        "2.6.92.0",
        [user_join(100), department(101), user_common(102), user_exchange(103)],
        [join, lync.at(101), department(102), common(103), exchange.at(104)],
    );
    compared.assert_findings(&["medium server-build"]);
}

#[test]
fn with_equal_builds_another_tag_version_is_drift() {
    let compared = compare_rules(
        [user_common(101)],
        [user_common(101).tagged("Microsoft.InfromADUserCommon.008")],
    );
    compared.assert_findings(&["medium rule-immutable-tag"]);
    let compared = compare_rules(
        [user_common(101)],
        [modified(user_common(101)).tagged("Microsoft.InfromADUserCommon.008")],
    );
    assert_eq!(compared.findings().len(), 1, "one cause: {:#?}", compared.brief());
    let finding = compared.one("rule-immutable-tag");
    assert_eq!(finding["severity"], "high");
    assert!(words(finding).contains("department"), "{}", words(finding));
}

#[test]
fn a_modified_default_rule_keeps_its_fingerprint_when_the_builds_come_to_differ() {
    let same = Pair::of(
        &primary_with([user_common(101)]),
        &staging_with([modified(user_common(101))]),
    )
    .compare();
    let other = builds("2.5.79.0", "2.6.92.0", [user_common(101)], [modified(user_common(101))]);
    let print = |compared: &support::Compared| compared.one("rule-attribute-flow")["fingerprint"].clone();
    assert_eq!(print(&same), print(&other));
}

#[test]
fn a_default_rule_that_moved_among_others_of_its_release_is_drift_whatever_the_builds() {
    let rival = |number| user_exchange(number).flow(direct("department", "division"));
    let compared = builds(
        "2.5.79.0",
        "2.6.92.0",
        [user_common(101), rival(102)],
        [user_common(103), rival(102)],
    );
    compared.assert_findings(&["high rule-precedence", "medium server-build"]);
    assert!(words(compared.one("rule-precedence")).contains("person.department"));
}

#[test]
fn a_default_rule_that_its_release_moved_is_explained_with_its_winners() {
    let rival = |number, tag: &str| user_exchange(number).tagged(tag).flow(direct("department", "division"));
    let compared = builds(
        "2.5.79.0",
        "2.6.92.0",
        [user_common(101), rival(102, "Microsoft.InfromADUserExchange.003")],
        [user_common(103), rival(102, "Microsoft.InfromADUserExchange.004")],
    );
    compared.assert_findings(&["medium server-build"]);
    let said = words(compared.one("server-build"));
    assert!(
        said.contains("person.department: ") && said.contains("wins on SYNC02"),
        "{said}"
    );
    let entries = compared.expected_of("rule-precedence");
    assert!(
        entries
            .iter()
            .any(|entry| text(&entry["reason"]).starts_with("Explained by the difference of builds"))
    );
}
