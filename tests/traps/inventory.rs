//! Which test shows what of the known traps and kinds of noise.
//!
//! A row whose tests are in parentheses is nothing that an export can show.
//! A test of this file reads the table: every number is there, and every test
//! that it names is in that file.
//!
//! | trap | what it is | tests |
//! |---|---|---|
//! | T1 | one rule under two GUIDs, two rules under one | traps_matching::the_same_rule_with_another_guid_is_one_rule, traps_matching::another_rule_with_the_same_guid_is_another_rule |
//! | T2 | a clone with its disabled original | traps_standard::a_clone_with_its_disabled_original_on_both_is_parity, traps_standard::a_clone_on_one_side_against_a_modified_default_rule_is_one_info |
//! | T3 | a clone whose original is still live | traps_standard::a_clone_whose_original_is_still_enabled_is_one_extra_rule, lints_rules::scopes_that_do_not_exclude_each_other_may_meet |
//! | T4 | a deleted default rule comes back | traps_standard::a_deleted_default_rule_comes_back_with_the_next_upgrade |
//! | T5 | a modified default rule is reset by an upgrade, and nobody is blamed | traps_standard::a_modified_default_rule_is_its_setting_and_nobody_is_blamed, traps_standard::fixes_of_rules_are_neutral_as_to_the_side |
//! | T6 | gaps between numbers, one number twice | traps_order::gaps_between_numbers_do_not_count, traps_order::a_number_used_twice_is_a_lint_of_each_server_that_does_so |
//! | T7 | custom rules among the default rules | traps_order::a_custom_rule_among_the_default_rules_is_a_lint_and_no_drift_when_only_renumbered, traps_order::a_custom_rule_among_the_default_rules_that_changes_sides_is_drift |
//! | T8 | forests added in another order | traps_forests::forests_added_in_another_order_are_one_finding |
//! | T9 | no algebra, no folding of letter case, three kinds of nothing | traps_expressions::operators_have_one_priority_so_there_is_no_algebra, traps_expressions::letter_case_of_functions_and_attributes_counts, traps_expressions::null_authoritative_null_and_ignore_this_flow_are_three_meanings |
//! | T10 | the two halves of a positive filter swapped | traps_settings::a_filter_whose_two_halves_swapped_blocks |
//! | T11 | extension attributes hold the application's id | traps_settings::extension_attributes_of_another_application_are_drift_in_one_tenant, traps_settings::extension_attributes_of_another_tenant_stand_beside_a_blocking_finding |
//! | T12 | a policy of the wizard older than the export | (a policy file is no part of an export) |
//! | T13 | what the wizard's import leaves out | traps_settings::what_an_import_of_the_wizard_leaves_out_is_found |
//! | T14 | an export taken in the middle of something | traps_settings::an_export_taken_while_the_scheduler_was_held_is_never_parity |
//! | T15 | exports from different days | traps_pairs::exports_far_apart_are_a_warning_and_no_drift |
//! | T16 | no pair: one server, two active, none active, two tenants | traps_pairs::the_same_folder_twice_is_refused_however_it_is_written, traps_pairs::the_same_server_twice_is_refused_unless_it_is_meant, traps_pairs::two_active_or_two_staging_servers_block, traps_pairs::two_tenants_block |
//! | T17 | a part that is missing or unreadable | traps_gaps::a_missing_folder_of_rules_is_one_unknown_and_one_gap, bad_input::a_missing_folder_is_a_gap_and_so_is_what_stands_in_its_place, bad_input_unix::what_may_not_be_read_inside_an_export_is_a_gap |
//! | T18 | scope groups have no order, join groups have | traps_rules::the_order_of_scope_groups_and_clauses_does_not_count, traps_rules::the_order_of_join_groups_counts_and_that_of_conditions_does_not |
//! | T19 | both servers hold the old name of a container | traps_settings::a_renamed_container_is_no_drift_until_one_server_knows_it |
//! | T20 | lists that look alike today and differ for a new container | derive/scope_tests::lists_that_look_alike_today_differ_for_a_container_of_tomorrow |
//! | T21 | Update and Replace are one merge type | traps_expressions::update_and_replace_are_one_merge_type_and_the_others_are_not |
//! | T22 | flags that a build lacks | traps_settings::a_flag_that_one_build_lacks_is_not_the_same_as_false |
//! | T23 | the Entra connector's identifier is a constant, others are not | traps_settings::the_entra_connector_has_one_identifier_and_others_have_their_own_or_not, traps_connectors::guids_of_active_directory_connectors_do_not_count |
//! | N1 | identifiers and revisions of rules | noise::what_every_server_has_of_its_own_is_expected_with_both_values |
//! | N2 | GUIDs of connectors, partitions and run profiles, everywhere | noise::what_every_server_has_of_its_own_is_expected_with_both_values, traps_connectors::guids_of_connectors_inside_values_become_names |
//! | N3 | names of connectors | noise::each_kind_of_noise_is_expected_and_no_drift, traps_connectors::connectors_whose_names_differ_are_matched_by_forest |
//! | N4 | times, counters, names of the server | noise::what_every_server_has_of_its_own_is_expected_with_both_values, noise::each_kind_of_noise_is_expected_and_no_drift |
//! | N5 | the scheduler's next cycle | noise::what_every_server_has_of_its_own_is_expected_with_both_values, noise::each_kind_of_noise_is_expected_and_no_drift |
//! | N6 | last domain controller, cookies, water marks | noise::what_every_server_has_of_its_own_is_expected_with_both_values, noise::secrets_only_differ |
//! | N7 | accounts, applications and certificates | noise::what_every_server_has_of_its_own_is_expected_with_both_values, noise::each_kind_of_noise_is_expected_and_no_drift |
//! | N8 | facts of the host | noise::each_kind_of_noise_is_expected_and_no_drift |
//! | N9 | order that has no meaning | noise::the_order_of_things_that_have_none_is_no_difference, traps_rules::the_order_and_layout_of_a_rule_file_do_not_count |
//! | N10 | order that has one | noise::an_order_that_has_a_meaning_is_kept, traps_rules::the_order_of_join_groups_counts_and_that_of_conditions_does_not, traps_order::two_competing_rules_that_swapped_are_one_finding_that_names_target_and_winners |
//! | N11 | numbers of default rules | noise::each_kind_of_noise_is_expected_and_no_drift, traps_builds::default_rules_that_the_newer_build_shifts_move_nobody |
//! | N12 | attributes declared beside an expression | traps_expressions::attributes_declared_beside_an_expression_do_not_count |
//! | N13 | layout of expressions, entities, encodings | traps_expressions::white_space_and_line_breaks_outside_strings_do_not_count, traps_expressions::carriage_returns_and_entities_do_not_count, meaning::a_small_server_and_its_twin_in_other_spellings_have_no_drift |
//! | N14 | spelling of distinguished names | noise::each_kind_of_noise_is_expected_and_no_drift, derive/scope_tests::redundant_entries_order_and_letter_case_are_no_difference |
//! | N15 | spelling of flags and intervals, empty and missing elements | noise::each_kind_of_noise_is_expected_and_no_drift, noise::an_empty_element_is_a_missing_one, traps_rules::absent_flags_of_a_rule_mean_no |
//! | N16 | default rules of a newer build | traps_builds::default_rules_that_a_newer_build_brought_are_one_expected_line |
//! | N17 | renames of the service in names | noise::each_kind_of_noise_is_expected_and_no_drift, traps_matching::renames_of_the_service_in_names_are_one_name |
//! | N18 | run history, statistics, password states | (no part of an export) |
//! | N19 | domain controllers and sites of the host | noise::each_kind_of_noise_is_expected_and_no_drift |
//! | N20 | the disabled copy beside a modified default rule | traps_standard::the_disabled_standard_twin_of_a_modified_default_rule_is_no_finding_of_its_own |

use std::fs;
use std::path::{Path, PathBuf};

/// The rows of the table above: (number, tests).
fn rows() -> Vec<(String, String)> {
    let rows: Vec<(String, String)> = include_str!("inventory.rs")
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, number, _, tests, _] = cells[..] else {
                return None;
            };
            let numbered = number.starts_with(['T', 'N']) && number[1..].parse::<u32>().is_ok();
            numbered.then(|| (number.to_owned(), tests.to_owned()))
        })
        .collect();
    assert!(!rows.is_empty());
    rows
}

#[test]
fn every_trap_and_kind_of_noise_is_in_the_table() {
    let wanted: Vec<String> = (1..=23)
        .map(|number| format!("T{number}"))
        .chain((1..=20).map(|number| format!("N{number}")))
        .collect();
    let found: Vec<String> = rows().into_iter().map(|(number, _)| number).collect();
    assert_eq!(found, wanted);
}

/// The file of that name in one of the folders of tests; one with a folder is the library's own.
fn place(root: &Path, file: &str) -> Option<PathBuf> {
    let name = format!("{file}.rs");
    if file.contains('/') {
        return Some(root.join("src").join(name));
    }
    let mut folders = fs::read_dir(root.join("tests")).unwrap();
    folders.find_map(|folder| Some(folder.unwrap().path().join(&name)).filter(|path| path.is_file()))
}

#[test]
fn every_test_in_the_table_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (number, tests) in rows() {
        if tests.starts_with('(') && tests.ends_with(')') {
            continue;
        }
        for test in tests.split(", ") {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{number}: {test:?}"));
            let path = place(root, file).unwrap_or_else(|| panic!("{number}: no file {file}.rs"));
            let text = fs::read_to_string(path).unwrap();
            let text = text.replace("\r\n", "\n");
            assert!(
                text.contains(&format!("#[test]\nfn {name}()")),
                "{number}: no test {test}"
            );
        }
    }
}
