//! Which connector is whose counterpart, and what becomes of its rules.

use crate::support::export::{ENTRA, Export, Pair, Rule, compare, direct, expression};
use crate::support::text;
use crate::support::traps::{custom, edit, edit_all, file_with, primary_with, staging_with, user_common, user_join};

#[test]
fn the_entra_connector_is_one_by_whatever_name() {
    let rules = || [Rule::outbound("Out to AAD - User Identity", 150).flow(direct("displayName", "displayName"))];
    let pair = Pair::of(&primary_with(rules()), &staging_with(rules()));
    let file = file_with(&pair.staging(), "Connectors", ENTRA.to_uppercase().as_str());
    edit(&file, " - AAD<", " - Microsoft Entra ID<");
    pair.compare().assert_parity();
}

#[test]
fn connectors_whose_names_differ_are_matched_by_forest() {
    for name in ["CONTOSO.COM", "Active Directory of the head office"] {
        let rules = |connector: &str| [user_join(100).on(connector), user_common(101).on(connector)];
        let mut staging = staging_with(rules(name));
        staging.forests = vec![(name.to_owned(), "Contoso.COM".to_owned())];
        compare(&primary_with(rules("contoso.com")), &staging).assert_parity();
    }
}

fn two_forests(server: &Export) -> Export {
    Export {
        forests: ["contoso.com", "fabrikam.com"]
            .map(|f| (f.to_owned(), f.to_owned()))
            .to_vec(),
        rules: ["contoso.com", "fabrikam.com"]
            .into_iter()
            .zip([100, 101])
            .flat_map(|(forest, number)| [user_join(number).on(forest), user_common(number + 10).on(forest)])
            .chain([custom("In from AD - Department", 50, "department", "division").on("fabrikam.com")])
            .collect(),
        ..server.clone()
    }
}

#[test]
fn guids_of_active_directory_connectors_do_not_count() {
    let primary = two_forests(&Export::primary());
    let staging = Export::staging_of(&primary);
    // Each server has its own.
    compare(&primary, &staging).assert_parity();
    let contoso = (primary.connector("contoso.com"), staging.connector("contoso.com"));
    let fabrikam = (primary.connector("fabrikam.com"), staging.connector("fabrikam.com"));
    let upper = |text: &String| text.to_uppercase();
    // Staging has the primary's, after a restore of its database.
    let restored = Pair::of(&primary, &staging);
    edit_all(
        &restored.staging(),
        &[
            (&contoso.1, &contoso.0),
            (&upper(&contoso.1), &upper(&contoso.0)),
            (&fabrikam.1, &fabrikam.0),
            (&upper(&fabrikam.1), &upper(&fabrikam.0)),
        ],
    );
    restored.compare().assert_parity();
    // The other forest has it: a GUID never wins over a forest.
    let crossed = Pair::of(&primary, &staging);
    edit_all(
        &crossed.staging(),
        &[
            (&contoso.1, &fabrikam.0),
            (&upper(&contoso.1), &upper(&fabrikam.0)),
            (&fabrikam.1, &contoso.0),
            (&upper(&fabrikam.1), &upper(&contoso.0)),
        ],
    );
    crossed.compare().assert_parity();
}

#[test]
fn guids_of_connectors_inside_values_become_names() {
    let server = |export: &Export| {
        let guid = export.connector("contoso.com");
        let mut export = export.clone();
        export.rules.push(
            Rule::inbound("In from AD - Local", 50)
                .scope(&[("connectorId", "EQUAL", &format!("{{{guid}}}"))])
                .flow(expression(
                    "domainFQDN",
                    &format!("IIF(%Connector.ID%=\"{{{}}}\",\"here\",\"there\")", guid.to_uppercase()),
                )),
        );
        export
    };
    let primary = Export::primary();
    compare(&server(&primary), &server(&Export::staging_of(&primary))).assert_parity();
}

#[test]
fn a_forest_on_one_server_only_takes_its_rules_with_it() {
    let primary = Export {
        rules: vec![user_join(100), user_common(110)],
        ..Export::primary()
    };
    let staging = two_forests(&Export::staging_of(&primary));
    let compared = compare(&primary, &staging);
    assert_eq!(compared.brief().len(), 1, "{:#?}", compared.brief());
    let finding = &compared.findings()[0];
    assert_eq!(
        (text(&finding["area"]), text(&finding["change"])),
        ("connectors", "added")
    );
    assert_eq!(compared.code, 1);
}

fn renamed_forest() -> Pair {
    let rules = |forest: &str| {
        [
            user_join(100).on(forest),
            custom("In from AD - Department", 50, "department", "division").on(forest),
        ]
    };
    let mut staging = staging_with(rules("corp.contoso.net"));
    staging.forests = vec![("corp.contoso.net".to_owned(), "corp.contoso.net".to_owned())];
    Pair::of(&primary_with(rules("contoso.com")), &staging)
}

#[test]
fn two_forests_that_cannot_match_are_two_connectors_with_their_rules_folded() {
    let compared = renamed_forest().compare();
    assert_eq!(compared.brief().len(), 2, "{:#?}", compared.brief());
    let changes: Vec<&str> = compared.findings().iter().map(|f| text(&f["change"])).collect();
    assert!(
        changes.contains(&"added") && changes.contains(&"removed"),
        "{changes:?}"
    );
    assert!(compared.rule_findings().is_empty(), "{:#?}", compared.brief());
}

#[test]
fn a_mapping_makes_one_connector_of_two_that_cannot_match() {
    let pair = renamed_forest();
    let compared = pair.compare_with(&["--map-connector", "contoso.com=corp.contoso.net"]);
    assert!(compared.rule_findings().is_empty(), "{:#?}", compared.brief());
    assert!(
        compared.findings().iter().all(|f| f["change"] == "changed"),
        "the forest's name may differ, but nothing is added or removed: {:#?}",
        compared.brief()
    );
    let folded = pair.compare_with(&["--map-connector", "CONTOSO.COM=Corp.Contoso.Net"]);
    assert_eq!(folded.brief(), compared.brief(), "letter case of a name does not count");
}

#[test]
fn a_mapping_that_names_no_connector_says_which_there_are() {
    let pair = renamed_forest();
    for (argument, side, known) in [
        ("nowhere.com=corp.contoso.net", "primary", "contoso.com"),
        ("contoso.com=nowhere.com", "staging", "corp.contoso.net"),
    ] {
        let run = pair.run(&["--map-connector", argument]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{argument}");
        for word in ["--map-connector", "nowhere.com", side, known] {
            assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
        }
    }
}

#[test]
fn a_mapping_of_two_kinds_of_connector_is_an_error() {
    let pair = renamed_forest();
    for (argument, words) in [
        (
            "contoso.com=contoso.onmicrosoft.com - AAD",
            ["category AD,", "Windows Azure Active Directory"],
        ),
        (
            "contoso.onmicrosoft.com - AAD=corp.contoso.net",
            ["one of category AD;", "Extensible2"],
        ),
    ] {
        let run = pair.run(&["--map-connector", argument]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{argument}");
        for word in words.into_iter().chain(["--map-connector", argument]) {
            assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
        }
    }
}

#[test]
fn a_connector_that_is_mapped_twice_is_an_error() {
    let primary = two_forests(&Export::primary());
    let pair = Pair::of(&primary, &Export::staging_of(&primary));
    for second in ["contoso.com=fabrikam.com", "fabrikam.com=contoso.com"] {
        let run = pair.run(&["--map-connector", "contoso.com=contoso.com", "--map-connector", second]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{second}");
        assert!(
            run.stderr.contains("mapped twice") && run.stderr.contains("contoso.com"),
            "{}",
            run.stderr
        );
    }
    let run = pair.run(&["--map-connector", "contoso.com"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("PRIMARY=STAGING"), "{}", run.stderr);
}
