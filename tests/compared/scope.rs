//! Effective OU scope: what the lists of containers result in, and nothing
//! else, is drift.

use crate::support;
use crate::support::partitions::{DOMAIN, Partition, compare, forest_file, pair, pair_on, short};
use crate::support::traps::{edit, words};
use crate::support::{Compared, text};
use serde_json::Value;
use std::fs;

const INCLUSIONS: &str = "partition-container-inclusions";
const EXCLUSIONS: &str = "partition-container-exclusions";

/// `what: primary -> staging` of the parts of a finding.
fn parts(finding: &Value) -> Vec<String> {
    let part = |d: &Value| {
        format!(
            "{}: {} -> {}",
            text(&d["what"]),
            text(&d["primary"]),
            text(&d["staging"])
        )
    };
    finding["detail"].as_array().unwrap().iter().map(part).collect()
}

/// Parity, with these many expected differences of each list.
fn assert_same_scope(compared: &Compared, inclusions: usize, exclusions: usize) {
    compared.assert_parity();
    for (row, count) in [(INCLUSIONS, inclusions), (EXCLUSIONS, exclusions)] {
        let entries = compared.expected_of(row);
        assert_eq!(entries.len(), count, "{row}");
        for entry in entries {
            assert!(text(&entry["reason"]).starts_with("Equal in meaning"), "{entry:#}");
        }
    }
}

fn checked<'c>(compared: &'c Compared, id: &str) -> (&'c str, u64) {
    let all = compared.report["checked"].as_array().unwrap();
    let row = all.iter().find(|row| row["id"] == id).unwrap();
    (text(&row["status"]), row["objects"].as_u64().unwrap())
}

#[test]
fn a_container_left_out_on_staging_blocks_and_names_who_is_deleted() {
    let compared = compare(&["+"], &["+", "-OU=Sales"]);
    assert_eq!(
        short(&compared),
        ["block partition-ou-scope OU=Sales: in scope -> out of scope"]
    );
    let finding = compared.one("partition-ou-scope");
    assert_eq!(finding["primary"], format!("in scope (included by {DOMAIN})"));
    assert_eq!(
        finding["staging"],
        format!("out of scope (excluded by OU=Sales,{DOMAIN})")
    );
    let path: Vec<&str> = finding["objectPath"].as_array().unwrap().iter().map(text).collect();
    assert_eq!(path, ["contoso.com", DOMAIN, &format!("OU=Sales,{DOMAIN}")]);
    assert_eq!(parts(finding), [format!("Excluded containers:  -> OU=Sales,{DOMAIN}")]);
    let effect = text(&finding["effect"]);
    assert!(
        effect.contains("SYNC02") && effect.contains("deleted from Microsoft Entra ID"),
        "{effect}"
    );
    assert!(effect.contains("OU=Sales"), "{effect}");
    assert_eq!(
        finding["locations"].as_array().unwrap().len(),
        1,
        "{}",
        finding["locations"]
    );
    assert_eq!(finding["status"], "drift");
    assert_eq!(checked(&compared, "partition-ou-scope"), ("drift", 1));
}

#[test]
fn a_container_taken_in_on_staging_only_is_high() {
    let compared = compare(&["-", "+OU=Corp"], &["-", "+OU=Corp", "+OU=Test"]);
    assert_eq!(
        short(&compared),
        ["high partition-ou-scope OU=Test: out of scope -> in scope"]
    );
    let effect = text(&compared.one("partition-ou-scope")["effect"]);
    assert!(effect.contains("are added to Microsoft Entra ID"), "{effect}");
}

#[test]
fn the_deepest_entry_decides() {
    let primary = ["-", "+OU=Corp", "-OU=Old,OU=Corp", "+OU=Keep,OU=Old,OU=Corp"];
    let compared = compare(&primary, &primary[..3]);
    assert_eq!(
        short(&compared),
        ["block partition-ou-scope OU=Keep,OU=Old,OU=Corp: in scope -> out of scope"]
    );
    let staging = text(&compared.one("partition-ou-scope")["staging"]).to_owned();
    assert_eq!(staging, format!("out of scope (excluded by OU=Old,OU=Corp,{DOMAIN})"));
    let longer = compare(&["+", "-OU=B"], &["+", "-OU=B", "-OU=AB"]);
    assert_eq!(
        short(&longer),
        ["block partition-ou-scope OU=AB: in scope -> out of scope"]
    );
}

#[test]
fn redundant_entries_are_no_drift_and_are_shown_with_both_values() {
    let compared = compare(&["-", "+OU=Corp"], &["-", "+OU=Corp", "+OU=Users,OU=Corp", "-OU=Other"]);
    assert_same_scope(&compared, 1, 1);
    let entry = compared.expected_of(INCLUSIONS)[0];
    assert_eq!(entry["primary"], format!("OU=Corp,{DOMAIN}"));
    assert!(text(&entry["staging"]).contains("OU=Users,OU=Corp"), "{entry:#}");
    assert_eq!(
        parts(entry),
        [format!("Included containers:  -> OU=Users,OU=Corp,{DOMAIN}")]
    );
    assert_eq!(checked(&compared, "partition-ou-scope"), ("equal", 1));
    assert_eq!(checked(&compared, "partition-new-ou-scope"), ("equal", 1));
}

#[test]
fn no_inclusion_at_all_and_the_included_root_are_the_same() {
    assert_same_scope(&compare(&["-OU=A"], &["+", "-OU=A"]), 1, 0);
    let compared = compare(&[], &["+OU=A"]);
    assert_eq!(
        short(&compared),
        [format!("block partition-ou-scope {DOMAIN}: in scope -> out of scope")]
    );
    let finding = compared.one("partition-ou-scope");
    assert_eq!(finding["primary"], "in scope (no list of included containers)");
    assert_eq!(finding["staging"], "out of scope (not among the included containers)");
    assert!(
        parts(finding).contains(&format!("Included containers:  -> OU=A,{DOMAIN}")),
        "{finding:#}"
    );
}

#[test]
fn another_spelling_or_order_is_no_drift() {
    let compared = compare(&["-", r"+OU=A\,B", "+OU=Corp"], &["-", r"+ou=corp", r"+OU=a\2CB"]);
    assert_same_scope(&compared, 1, 0);
    assert_same_scope(&compare(&["-", "+OU=A", "+OU=B"], &["-", "+OU=B", "+OU=A"]), 0, 0);
}

#[test]
fn a_spelling_beside_a_real_difference_has_its_own_entry() {
    let compared = compare(&["-", "+OU=Corp", "+OU=Sales"], &["-", "+ou=CORP"]);
    assert_eq!(
        short(&compared),
        ["block partition-ou-scope OU=Sales: in scope -> out of scope"]
    );
    let entry = compared.expected_of(INCLUSIONS)[0];
    assert_eq!(
        parts(entry),
        [format!("Container: OU=Corp,{DOMAIN} -> ou=CORP,{DOMAIN}")]
    );
}

#[test]
fn one_dn_in_both_lists_is_out_of_scope_and_says_so() {
    let compared = compare(&["+", "+OU=A"], &["+", "+OU=A", "-OU=A"]);
    assert_eq!(
        short(&compared),
        ["block partition-ou-scope OU=A: in scope -> out of scope"]
    );
    let finding = compared.one("partition-ou-scope");
    assert!(
        text(&finding["staging"]).contains("stands in both lists"),
        "{finding:#}"
    );
    assert_same_scope(
        &compare(&["-", "+OU=B", "-OU=A"], &["-", "+OU=B", "-OU=A", "+OU=A"]),
        1,
        0,
    );
}

#[test]
fn an_ou_created_tomorrow_is_high_though_the_lists_agree_on_all_they_name() {
    let (all_but, only) = (["+", "-OU=Old"], ["-", "-OU=Old", "+OU=Corp"]);
    let compared = compare(&all_but, &only);
    assert_eq!(
        short(&compared),
        [format!(
            "high partition-new-ou-scope {DOMAIN}: in scope -> out of scope"
        )]
    );
    let finding = compared.one("partition-new-ou-scope");
    let effect = text(&finding["effect"]);
    assert!(effect.contains("that no list names"), "{effect}");
    for entry in [DOMAIN, &format!("OU=Corp,{DOMAIN}")] {
        assert!(
            parts(finding).iter().any(|part| part.contains(entry)),
            "{entry}: {finding:#}"
        );
    }
    let swapped = compare(&only, &all_but);
    assert_eq!(
        short(&swapped),
        [format!(
            "high partition-new-ou-scope {DOMAIN}: out of scope -> in scope"
        )]
    );
}

#[test]
fn an_ou_that_was_renamed_is_no_drift_while_both_hold_the_old_name() {
    compare(&["-", "+OU=Gone"], &["-", "+OU=Gone"]).assert_parity();
    let compared = compare(&["-", "+OU=Gone"], &["-", "+OU=New"]);
    assert_eq!(
        short(&compared),
        [
            "block partition-ou-scope OU=Gone: in scope -> out of scope",
            "high partition-ou-scope OU=New: out of scope -> in scope"
        ]
    );
}

#[test]
fn what_follows_the_topmost_container_is_listed_under_it_and_other_ous_are_findings() {
    let compared = compare(
        &["+", "+OU=B,OU=A", "+OU=C,OU=B,OU=A"],
        &["+", "-OU=A", "+OU=K,OU=A", "-OU=Z"],
    );
    assert_eq!(
        short(&compared),
        [
            "block partition-ou-scope OU=A: in scope -> out of scope",
            "block partition-ou-scope OU=Z: in scope -> out of scope"
        ]
    );
    let a = &compared.findings()[0];
    let parts = parts(a).join("\n");
    for wanted in ["Also OU=B,OU=A", "Also OU=C,OU=B,OU=A", "But not OU=K,OU=A"] {
        assert!(parts.contains(wanted), "{wanted} in {parts}");
    }
    assert!(
        text(&a["effect"]).contains(&format!("except OU=K,OU=A,{DOMAIN},")),
        "{}",
        a["effect"]
    );
    assert!(compared.expected_of(INCLUSIONS).is_empty() && compared.expected_of(EXCLUSIONS).is_empty());
}

#[test]
fn an_opposite_difference_below_is_a_finding_of_its_own() {
    let compared = compare(&["+", "-OU=A", "+OU=B,OU=A"], &["+", "+OU=A", "-OU=B,OU=A"]);
    assert_eq!(
        short(&compared),
        [
            "block partition-ou-scope OU=B,OU=A: in scope -> out of scope",
            "high partition-ou-scope OU=A: out of scope -> in scope"
        ]
    );
    assert!(
        parts(&compared.findings()[1])
            .iter()
            .any(|part| part.contains("a finding of its own: OU=B"))
    );
}

#[test]
fn swapped_roles_give_the_same_identities() {
    let lists: [(&[&str], &[&str]); 4] = [
        (&["+"], &["+", "-OU=A", "+OU=K,OU=A", "+OU=R,OU=K,OU=A"]),
        (&["+", "-OU=Old"], &["-", "-OU=Old", "+OU=Corp"]),
        (&["+OU=A"], &["-OU=B"]),
        (&["+", "-OU=A", "+OU=B,OU=A"], &["+", "+OU=A", "-OU=B,OU=A"]),
    ];
    for (left, right) in lists {
        let pair = pair(&[Partition::domain(left)], &[Partition::domain(right)]);
        let ours = |compared: &Compared| -> Vec<String> {
            let all = compared.identities().into_iter();
            all.filter(|line| line.contains("partition-")).collect()
        };
        let there = ours(&pair.compare());
        assert!(!there.is_empty());
        assert_eq!(there, ours(&pair.swapped()));
    }
}

#[test]
fn an_accepted_scope_is_drift_again_when_more_is_lost_and_not_for_an_entry_without_effect() {
    let values = |staging: &[&str]| {
        let compared = compare(&["+"], staging);
        let finding = compared.one("partition-ou-scope");
        (
            text(&finding["fingerprint"]).to_owned(),
            text(&finding["values"]).to_owned(),
        )
    };
    let before = values(&["+", "-OU=A", "+OU=K,OU=A"]);
    assert_eq!(before, values(&["+", "-ou=a", "+OU=K,OU=A", "-OU=L,OU=A"]));
    let after = values(&["+", "-OU=A"]);
    assert_eq!(before.0, after.0);
    assert_ne!(before.1, after.1, "the objects of OU=K are lost, too");
}

#[test]
fn a_partition_that_nobody_reads_is_low_and_one_that_one_server_reads_is_one_finding() {
    let of = |entries: &[&str], selected| [Partition::domain(entries).selected(selected)];
    let (one, other) = (["+"], ["+", "-OU=Sales"]);
    let unread = pair(&of(&one, false), &of(&other, false)).compare();
    assert_eq!(
        short(&unread),
        ["low partition-ou-scope OU=Sales: in scope -> out of scope"]
    );
    assert_eq!(unread.one("partition-ou-scope")["effect"], Value::Null);
    for (left, right) in [(true, false), (false, true)] {
        let compared = pair(&of(&one, left), &of(&other, right)).compare();
        compared.assert_findings(&["block partition-selected"]);
        let entry = compared.expected_of(EXCLUSIONS)[0];
        assert!(parts(entry)[0].contains("OU=Sales"), "{entry:#}");
        assert!(text(&entry["reason"]).starts_with("Only one server reads"), "{entry:#}");
    }
    let mut untold = Partition::domain(&other);
    untold.selected = None;
    let mut primary = Partition::domain(&one);
    primary.selected = None;
    let compared = pair(&[primary], &[untold]).compare();
    compared.assert_findings(&["block partition-ou-scope"]);
}

#[test]
fn entries_that_name_no_container_of_the_partition_are_findings_of_their_list() {
    let other = ["+DC=contoso,DC=com", "-OU=Sales,DC=fabrikam,DC=com"];
    let clean = Partition::domain(&["+"]);
    let compared = pair(std::slice::from_ref(&clean), &[Partition::named(DOMAIN, &other)]).compare();
    compared.assert_findings(&["low partition-container-exclusions"]);
    let finding = compared.one(EXCLUSIONS);
    assert_eq!(finding["primary"], Value::Null);
    assert_eq!(finding["staging"], "OU=Sales,DC=fabrikam,DC=com");
    let odd = Partition::named(DOMAIN, &["+DC=contoso,DC=com", "-Sales"]);
    let compared = pair(&[clean], &[odd]).compare();
    compared.assert_findings(&["block partition-container-exclusions"]);
}

#[test]
fn partitions_of_other_connectors_have_containers_too() {
    for connector in ["Windows Azure Active Directory", "forest-name"] {
        let of = |entries: &[&str]| [Partition::named("default", entries)];
        let compared = pair_on(connector, &of(&["+"]), &of(&["+", "-OU=Guests,O=Tenant"])).compare();
        compared.assert_findings(&["block partition-ou-scope"]);
        let finding = compared.one("partition-ou-scope");
        assert_eq!(finding["primary"], "in scope (included by (root of the partition))");
        let effect = text(&finding["effect"]);
        assert_eq!(
            effect.contains("no longer read from"),
            connector.starts_with("Windows"),
            "{effect}"
        );
        let same = pair_on(connector, &of(&["+"]), &of(&[])).compare();
        assert_same_scope(&same, 1, 0);
    }
    let of = |entries: &[&str]| [Partition::named("default", entries)];
    let compared = pair(&of(&["+People"]), &of(&["+People", "+Rooms"])).compare();
    compared.assert_findings(&["high partition-ou-scope"]);
}

#[test]
fn a_connector_that_cannot_be_read_hides_the_scope() {
    let of = |entries: &[&str]| [Partition::domain(entries)];
    for staging in [true, false] {
        let pair = pair(&of(&["+"]), &of(&["+", "-OU=Sales"]));
        let folder = if staging { pair.staging() } else { pair.primary() };
        let file = forest_file(&folder);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, &text[..text.len() / 2]).unwrap();
        let compared = pair.compare();
        assert_eq!(compared.code, 3, "{:#?}", compared.brief());
        assert_eq!(compared.report["verdict"], "incomplete");
        assert!(
            compared.findings().iter().all(|f| f["status"] == "unknown"),
            "{:#?}",
            compared.brief()
        );
        for id in ["partition-ou-scope", "partition-new-ou-scope"] {
            assert_eq!(checked(&compared, id).0, "unknown", "{id}");
        }
    }
}

#[test]
fn a_partition_on_one_server_only_says_nothing_of_its_containers() {
    let compared = pair(&[Partition::domain(&["+", "-OU=A"])], &[]).compare();
    compared.assert_findings(&["block partition-missing"]);
    assert_eq!(checked(&compared, "partition-ou-scope"), ("not-present", 0));
}

#[test]
fn another_version_of_one_server_tells_no_failover() {
    let pair = pair(&[Partition::domain(&["+"])], &[Partition::domain(&["+", "-OU=A"])]);
    for file in support::traps::files(&pair.staging(), "GlobalSettings") {
        edit(&file, "SYNC02", "SYNC01");
    }
    let compared = pair.compare_with(&["--same-server"]);
    assert_eq!(compared.one("partition-ou-scope")["effect"], Value::Null);
}

/// Every combination of three entries on each server: whatever differs as text stands in an entry.
#[test]
fn every_entry_that_differs_is_shown() {
    let entries = [
        "+",
        "-",
        "+OU=A",
        "-OU=A",
        "+OU=B,OU=A",
        "-OU=B,OU=A",
        "-OU=C,DC=other",
        "+no name",
    ];
    let lists: Vec<Vec<&str>> = (0..1 << entries.len())
        .filter(|bits: &u32| bits.count_ones() <= 3 && bits.is_multiple_of(3))
        .map(|bits| {
            (0..entries.len())
                .filter(|at| bits >> at & 1 == 1)
                .map(|at| entries[at])
                .collect()
        })
        .collect();
    let full = |list: &[&str]| {
        let below = |entry: &&str| entry.contains("other") || entry.contains("no name");
        let mut partition = Partition::domain(&list.iter().copied().filter(|e| !below(e)).collect::<Vec<_>>());
        let odd = Partition::named(DOMAIN, &list.iter().copied().filter(below).collect::<Vec<_>>());
        partition.inclusions.extend(odd.inclusions);
        partition.exclusions.extend(odd.exclusions);
        partition
    };
    let mut tried = 0;
    for (index, left) in lists.iter().enumerate() {
        let right = &lists[(index * 7 + 3) % lists.len()];
        let (l, r) = (full(left), full(right));
        let pair = pair(std::slice::from_ref(&l), std::slice::from_ref(&r));
        let compared = support::inside::compare(&pair.primary(), &pair.staging());
        for (row, l, r) in [
            (INCLUSIONS, &l.inclusions, &r.inclusions),
            (EXCLUSIONS, &l.exclusions, &r.exclusions),
        ] {
            for (side, own, other) in [("primary", l, r), ("staging", r, l)] {
                for name in own.iter().filter(|name| !other.contains(name)) {
                    tried += 1;
                    let shown = compared.findings().iter().chain(compared.expected()).any(|entry| {
                        let parts = entry["detail"].as_array().unwrap();
                        parts
                            .iter()
                            .any(|part| part["id"] == row && part[side] == name.as_str())
                    });
                    assert!(
                        shown,
                        "{row} {side} {name}: {left:?} {right:?}\n{:#?}",
                        compared.brief()
                    );
                }
            }
        }
        let all: String = compared.findings().iter().map(words).collect();
        assert!(!all.contains("null -> null"), "{all}");
    }
    assert!(tried > 50, "{tried}");
}
