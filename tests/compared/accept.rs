//! Accepted drift from outside: what is accepted, and what is drift again.

use crate::support::accepted::{
    LATER, TODAY, YESTERDAY, accept, blocked, consequences, drifting, entry, file, named, problem, statuses, unused,
};
use crate::support::export::{Export, Pair};
use crate::support::traps::{custom, edit, file_with, primary_with};
use crate::support::{brief, compare_with, text};
use serde_json::Value;

#[test]
fn an_accepted_finding_stays_with_its_data_and_counts_nowhere() {
    let pair = drifting();
    let before = pair.compare();
    assert_eq!(before.code, 1);
    let all: String = before.findings().iter().map(|f| entry(f, true, LATER)).collect();
    let compared = accept(&pair, &all);
    assert_eq!(compared.code, 0, "{:#?}", compared.brief());
    assert_eq!(compared.report["verdict"], "parity");
    let summary = &compared.report["summary"];
    assert_eq!(
        (&summary["low"], &summary["accepted"]),
        (&Value::from(0), &Value::from(2))
    );
    for (old, new) in before.findings().iter().zip(compared.findings()) {
        assert_eq!(new["status"], "accepted");
        assert_eq!(
            new["accepted"],
            serde_json::json!({ "reason": "ours", "owner": "identity team", "ticket": "CHG-1042", "expires": "2027-03-31" })
        );
        for key in [
            "id",
            "fingerprint",
            "primary",
            "staging",
            "values",
            "severity",
            "detail",
            "locations",
        ] {
            assert_eq!(old[key], new[key], "{key}");
        }
    }
    assert!(unused(&compared).is_empty());
    assert_eq!(
        compared.report["options"]["accept"]["sha256"].as_str().unwrap().len(),
        64
    );
}

#[test]
fn what_is_not_named_stays_drift_and_comes_first() {
    let pair = drifting();
    let before = pair.compare();
    let compared = accept(&pair, &entry(&before.findings()[0], false, LATER));
    assert_eq!(compared.code, 1);
    assert_eq!(statuses(&compared), ["drift", "accepted"]);
    assert_eq!(
        compared.findings()[1]["fingerprint"],
        before.findings()[0]["fingerprint"]
    );
    assert_eq!(compared.report["summary"]["low"], 1);
}

#[test]
fn globs_over_id_and_object_ignore_letter_case() {
    let pair = drifting();
    for (id, object, count) in [
        ("rule-description", "In from AD - Department", 1),
        ("RULE-desc*", "in FROM ad - *", 2),
        ("rule-descriptio?", "*office", 1),
        ("*", "contoso.com / Inbound / *", 2),
        ("rule-description", "In from AD", 0),
        ("rule-scoping-filter", "*", 0),
    ] {
        let compared = accept(&pair, &named(id, object));
        assert_eq!(compared.report["summary"]["accepted"], count, "{id} {object}");
        assert_eq!(unused(&compared).len(), usize::from(count == 0), "{id} {object}");
    }
}

#[test]
fn an_entry_holds_through_its_last_day_and_is_drift_again_the_day_after() {
    let pair = drifting();
    let finding = pair.compare().findings()[0].clone();
    let compared = accept(&pair, &entry(&finding, true, TODAY));
    assert_eq!(compared.report["summary"]["accepted"], 1);
    let compared = accept(&pair, &entry(&finding, true, YESTERDAY));
    assert_eq!(statuses(&compared), ["drift", "drift"]);
    let said = consequences(&compared.findings()[0]);
    for word in [
        "identity team",
        "CHG-1042",
        "until 2026-11-20",
        "expired",
        "drift again since 2026-11-21",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(compared.findings()[0]["accepted"].is_null());
    assert!(unused(&compared).is_empty(), "the finding says it already");
}

#[test]
fn values_that_change_underneath_are_drift_again_and_say_so() {
    let pair = drifting();
    let finding = pair.compare().findings()[0].clone();
    let (bound, free) = (entry(&finding, true, LATER), entry(&finding, false, LATER));
    edit(
        &file_with(&pair.staging(), "SynchronizationRules", "another text"),
        "another text",
        "a third text",
    );
    let compared = accept(&pair, &bound);
    assert_eq!(statuses(&compared), ["drift", "drift"]);
    let again = compared
        .findings()
        .iter()
        .find(|f| f["fingerprint"] == finding["fingerprint"])
        .unwrap();
    let said = consequences(again);
    assert!(
        said.contains("identity team") && said.contains("changed since, so it is drift again"),
        "{said}"
    );
    assert_eq!(accept(&pair, &free).report["summary"]["accepted"], 1);
}

#[test]
fn the_roles_may_be_swapped() {
    let pair = drifting();
    let all: String = pair
        .compare()
        .findings()
        .iter()
        .map(|f| entry(f, true, LATER))
        .collect();
    let file = file(&pair, &all);
    let swapped = compare_with(&pair.staging(), &pair.primary(), &["--accept", file.to_str().unwrap()]);
    assert_eq!(swapped.report["summary"]["accepted"], 2, "{:#?}", swapped.brief());
}

#[test]
fn a_rule_on_one_server_only_is_accepted_with_all_it_holds() {
    let with = |source: &str| {
        let primary = primary_with([custom("In from AD - Department", 50, "department", "department")]);
        let staging = Export::staging_of(&primary).rule(custom("In from AD - Office", 51, "office", source));
        Pair::of(&primary, &staging)
    };
    let finding = with("office").compare().one("custom-rule-missing").clone();
    let text = entry(&finding, true, LATER);
    assert_eq!(
        accept(&with("office"), &text).one("custom-rule-missing")["status"],
        "accepted"
    );
    let other = accept(&with("mobile"), &text);
    let other = other.one("custom-rule-missing");
    assert_eq!(other["fingerprint"], finding["fingerprint"]);
    assert_eq!(
        (&other["primary"], &other["staging"]),
        (&finding["primary"], &finding["staging"])
    );
    assert_eq!(other["status"], "drift", "another flow was put into the accepted rule");
    assert!(consequences(other).contains("changed since"));
}

#[test]
fn block_findings_are_accepted_by_fingerprint_and_values_only() {
    let pair = blocked();
    let before = pair.compare();
    let finding = before.one("rule-scoping-filter");
    assert_eq!(finding["severity"], "block");
    for loose in [
        entry(finding, false, LATER),
        named("*", "*"),
        named("rule-scoping-filter", "In from AD - User Join"),
    ] {
        let compared = accept(&pair, &loose);
        let found = compared.one("rule-scoping-filter");
        assert_eq!((compared.code, text(&found["status"])), (1, "drift"), "{loose}");
        assert!(
            consequences(found).contains("only by fingerprint and values"),
            "{found}"
        );
        assert!(problem(&compared).contains("only by fingerprint and values"), "{loose}");
    }
    // Nor by a glob with the right values.
    let glob = named("*", "*").replace("reason", &format!("values = \"{}\"\nreason", text(&finding["values"])));
    assert_eq!(accept(&pair, &glob).one("rule-scoping-filter")["status"], "drift");
    let compared = accept(&pair, &entry(finding, true, LATER));
    assert_eq!(
        (compared.code, compared.report["summary"]["accepted"].as_u64()),
        (0, Some(1))
    );
    assert_eq!(compared.report["summary"]["block"], 0);
}

#[test]
fn identities_that_must_differ_are_accepted_by_fingerprint_and_values_only() {
    let pair = drifting();
    for folder in [pair.primary(), pair.staging()] {
        let parameters = "<private-configuration><MAConfig><parameter-values><parameter name=\"ApplicationId\" \
                          type=\"string\" use=\"connectivity\" dataType=\"String\">6f9619ff-8b86-4d01-b42d-00cf4fc964ff\
                          </parameter></parameter-values></MAConfig></private-configuration></ma-data>";
        edit(
            &file_with(&folder, "Connectors", "Extensible2"),
            "</ma-data>",
            parameters,
        );
    }
    let before = pair.compare();
    let finding = before.one("connector-application-id");
    assert_eq!(finding["change"], "equal", "{}", brief(finding));
    for loose in [entry(finding, false, LATER), named("connector-application-id", "*")] {
        assert_eq!(accept(&pair, &loose).one("connector-application-id")["status"], "drift");
    }
    let compared = accept(&pair, &entry(finding, true, LATER));
    assert_eq!(compared.one("connector-application-id")["status"], "accepted");
}
