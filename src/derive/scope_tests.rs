//! Effective OU scope: examples, and properties against a naive oracle.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::scope::{Container, Kind, List, Selection, containers, differences, lone};
use crate::model::{Member, dn};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::Config;

const ROOT: &str = "DC=contoso,DC=com";

/// Inclusions and exclusions of a server.
type Lists = (Vec<Member>, Vec<Member>);

fn member(raw: &str) -> Member {
    Member {
        canonical: dn::canonical(raw),
        raw: raw.to_owned(),
    }
}

/// DNs below the root, `""` for the root itself.
fn lists(inclusions: &[&str], exclusions: &[&str]) -> Lists {
    let full = |part: &&str| {
        member(&if part.is_empty() {
            ROOT.to_owned()
        } else {
            format!("{part},{ROOT}")
        })
    };
    (
        inclusions.iter().map(full).collect(),
        exclusions.iter().map(full).collect(),
    )
}

fn read(lists: &Lists) -> Selection<'_> {
    Selection::read(ROOT, &lists.0, &lists.1)
}

/// `+` or `-` on each server per container, and the differences: kind, container, direction, folded.
fn found(left: &Lists, right: &Lists) -> Vec<String> {
    let (l, r) = (read(left), read(right));
    let all = containers(&l, &r);
    let name = |at: usize| name(&all[at]);
    differences(&all)
        .iter()
        .map(|difference| {
            format!(
                "{} {} {} {}",
                match difference.kind {
                    Kind::Scope => "scope",
                    Kind::NewContainers => "new",
                },
                if difference.narrower { "narrower" } else { "wider" },
                name(difference.container),
                difference
                    .folded
                    .iter()
                    .map(|&at| name(at))
                    .collect::<Vec<_>>()
                    .join(" "),
            )
            .trim_end()
            .to_owned()
        })
        .collect()
}

fn name(container: &Container<'_>) -> String {
    container.member.map_or_else(
        || "root".to_owned(),
        |member| {
            let below = member.canonical.trim_end_matches("dc=contoso,dc=com");
            below.trim_end_matches(',').to_owned()
        },
    )
}

#[test]
fn the_deepest_entry_decides() {
    let lists = lists(&["OU=Corp", "OU=Keep,OU=Old,OU=Corp"], &["", "OU=Old,OU=Corp"]);
    let selection = read(&lists);
    let answers: Vec<(String, bool)> = containers(&selection, &selection)
        .iter()
        .map(|container| (name(container), container.left.inside))
        .collect();
    assert_eq!(
        answers,
        [
            ("root".to_owned(), false),
            ("ou=corp".to_owned(), true),
            ("ou=old,ou=corp".to_owned(), false),
            ("ou=keep,ou=old,ou=corp".to_owned(), true),
        ]
    );
}

#[test]
fn redundant_entries_order_and_letter_case_are_no_difference() {
    let left = lists(&["OU=Corp"], &["", "OU=Old,OU=Corp"]);
    let right = lists(
        &["ou=users, ou=corp", "OU=CORP"],
        &["OU=Deep,OU=Old,OU=Corp", "OU=Old,OU=Corp", "OU=Other", ""],
    );
    assert!(found(&left, &right).is_empty());
}

#[test]
fn a_name_that_ends_like_another_one_is_not_below_it() {
    let left = lists(&[""], &["OU=B"]);
    let right = lists(&[""], &["OU=B", "OU=AB"]);
    assert_eq!(found(&left, &right), ["scope narrower ou=ab"]);
    let left = lists(&[""], &[r"OU=A\,OU=B"]);
    let right = lists(&[""], &["OU=A,OU=B"]);
    assert_eq!(
        found(&left, &right),
        [r"scope wider ou=a\,ou=b", "scope narrower ou=a,ou=b"]
    );
}

#[test]
fn without_an_entry_above_empty_inclusions_mean_everything_and_others_nothing() {
    assert!(found(&lists(&[], &["OU=A"]), &lists(&[""], &["OU=A"])).is_empty());
    assert!(found(&lists(&["OU=A"], &[]), &lists(&["OU=A"], &[""])).is_empty());
    assert_eq!(
        found(&lists(&[], &[]), &lists(&["OU=A"], &[])),
        ["scope narrower root"],
        "the primary reads the whole partition, staging one container"
    );
}

#[test]
fn one_dn_in_both_lists_is_excluded() {
    assert_eq!(
        found(&lists(&["", "OU=A"], &[]), &lists(&["", "OU=A"], &["OU=A"])),
        ["scope narrower ou=a"]
    );
}

#[test]
fn containers_that_follow_the_topmost_are_folded_and_others_are_not() {
    let left = lists(&["", "OU=B,OU=A", "OU=C,OU=B,OU=A"], &[]);
    let right = lists(&[""], &["OU=A", "OU=C,OU=B,OU=A"]);
    assert_eq!(found(&left, &right), ["scope narrower ou=a ou=b,ou=a ou=c,ou=b,ou=a"]);
    // An agreeing container in between: the exclusion below it is a cause of its own.
    let left = lists(&[""], &[]);
    let right = lists(&["", "OU=B,OU=A"], &["OU=A", "OU=C,OU=B,OU=A"]);
    assert_eq!(
        found(&left, &right),
        ["scope narrower ou=a", "scope narrower ou=c,ou=b,ou=a"]
    );
    let left = lists(&["", "OU=B,OU=A"], &["OU=A", "OU=D"]);
    let right = lists(&["", "OU=A", "OU=D"], &["OU=B,OU=A"]);
    assert_eq!(
        found(&left, &right),
        ["scope wider ou=a", "scope narrower ou=b,ou=a", "scope wider ou=d"]
    );
}

#[test]
fn lists_that_look_alike_today_differ_for_a_container_of_tomorrow() {
    let by_exclusion = lists(&[""], &["OU=Old", "OU=Test"]);
    let by_inclusion = lists(&["OU=Corp"], &["", "OU=Old"]);
    // One says "all but Old and Test", the other "Corp".
    assert_eq!(found(&by_exclusion, &by_inclusion), ["new narrower root"]);
    assert_eq!(found(&by_inclusion, &by_exclusion), ["new wider root"]);
    let everything = lists(&[""], &[]);
    assert_eq!(
        found(&everything, &lists(&["OU=Corp"], &[""])),
        ["scope narrower root"],
        "nothing is left out on the primary: this is no choice among the same containers"
    );
}

#[test]
fn values_that_are_no_container_of_the_partition_decide_nothing() {
    let odd = (
        vec![
            member(ROOT),
            member("default"),
            member("OU=A,DC=other,DC=com"),
            member("OU=,,DC=contoso,DC=com"),
        ],
        vec![member("DC=com"), member("\\")],
    );
    let selection = read(&odd);
    assert_eq!(selection.foreign.len(), 5);
    assert!(found(&odd, &lists(&[""], &[])).is_empty());
}

#[test]
fn a_partition_without_a_dn_has_containers_too() {
    let read_default =
        |lists: &'static [&'static str]| -> Vec<Member> { lists.iter().map(|raw| member(raw)).collect() };
    let (all, some) = (read_default(&["default", ""]), read_default(&["OU=A,O=X", "People"]));
    let none = Vec::new();
    let left = Selection::read("default", &all, &none);
    let right = Selection::read("Default", &some, &none);
    assert!(left.foreign.is_empty() && right.foreign.is_empty());
    let all = containers(&left, &right);
    let answers: Vec<(bool, bool)> = all.iter().map(|c| (c.left.inside, c.right.inside)).collect();
    assert_eq!(answers, [(true, false), (true, true), (true, true)]);
    let found = differences(&all);
    assert_eq!(found.len(), 1);
    let explained: Vec<Option<usize>> = lone(&left, &right, &all, &found).iter().map(|l| l.difference).collect();
    assert_eq!(
        explained,
        [Some(0); 4],
        "the root, twice named, and what is taken in instead"
    );
}

/// `side list entry -> difference` for each entry that only one server has.
fn roles(left: &Lists, right: &Lists) -> Vec<String> {
    let (l, r) = (read(left), read(right));
    let all = containers(&l, &r);
    lone(&l, &r, &all, &differences(&all))
        .iter()
        .map(|lone| {
            let sign = match lone.list {
                List::Inclusions => '+',
                List::Exclusions => '-',
            };
            let side = if lone.staging { "right" } else { "left" };
            let what = match (lone.difference, lone.foreign) {
                (Some(at), _) => at.to_string(),
                (None, true) => "foreign".to_owned(),
                (None, false) => "nothing".to_owned(),
            };
            let name = lone.member.canonical.replace("dc=contoso,dc=com", "");
            format!("{side} {sign}{} {what}", name.trim_end_matches(','))
        })
        .collect()
}

#[test]
fn each_lone_entry_makes_a_difference_or_limits_one_or_changes_nothing() {
    assert_eq!(
        roles(&lists(&[""], &[]), &lists(&["", "OU=K,OU=A", "OU=D"], &["OU=A"])),
        ["right +ou=k,ou=a 0", "right +ou=d nothing", "right -ou=a 0"]
    );
    assert_eq!(
        roles(&lists(&[], &["OU=A"]), &lists(&["OU=A"], &["OU=A"])),
        ["right +ou=a 0"],
        "it takes nothing in, but it leaves out what it does not name"
    );
    let mut other = lists(&[""], &[]);
    other.0.push(member("OU=A,DC=other"));
    assert_eq!(roles(&lists(&[""], &[]), &other), ["right +ou=a,dc=other foreign"]);
    other.0.remove(0);
    assert_eq!(
        roles(&lists(&[], &[]), &other),
        ["right +ou=a,dc=other 0"],
        "the only inclusion, and none of this partition"
    );
}

#[test]
fn thousands_of_containers_and_deep_names_are_no_burden() {
    let names: Vec<String> = (0..20_000)
        .map(|at| format!("OU=N{at},OU=P{},{ROOT}", at % 100))
        .collect();
    let deep = format!("{}{ROOT}", "OU=D,".repeat(20_000));
    let many: Lists = (
        names.iter().chain([&deep]).map(|name| member(name)).collect(),
        Vec::new(),
    );
    let few: Lists = (many.0[1..].to_vec(), Vec::new());
    assert_eq!(found(&many, &few), ["scope narrower ou=n0,ou=p0"]);
}

/// Whether a DN below the root is in scope, straight from the definition.
fn oracle(lists: &Lists, path: &str) -> bool {
    let mut at = Some(path);
    while let Some(name) = at {
        if lists.1.iter().any(|member| member.canonical == name) {
            return false;
        }
        if lists.0.iter().any(|member| member.canonical == name) {
            return true;
        }
        at = (name != "dc=contoso,dc=com").then(|| name.split_once(',').unwrap().1);
    }
    lists.0.is_empty()
}

/// Names of up to four levels over few letters, so that they meet.
fn container() -> impl Strategy<Value = String> {
    vec(select(vec!["A", "B", "C"]), 0..4).prop_map(|letters| {
        let below: String = letters.iter().map(|letter| format!("OU={letter},")).collect();
        format!("{below}{ROOT}")
    })
}

fn any_lists() -> impl Strategy<Value = Lists> {
    let list = || vec(container(), 0..7).prop_map(|names| names.iter().map(|name| member(name)).collect::<Vec<_>>());
    (list(), list())
}

fn respelled(lists: &Lists, upper: bool) -> Lists {
    let again = |list: &[Member]| {
        let spelled = |m: &Member| {
            member(&if upper {
                m.raw.to_uppercase()
            } else {
                m.raw.replace(',', " , ")
            })
        };
        list.iter().rev().map(spelled).collect::<Vec<_>>()
    };
    (again(&lists.0), again(&lists.1))
}

fn config() -> Config {
    Config {
        failure_persistence: None,
        ..Config::with_cases(400)
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn answers_are_those_of_the_definition(left in any_lists(), right in any_lists()) {
        let (l, r) = (read(&left), read(&right));
        for container in containers(&l, &r) {
            let name = container.member.map_or("dc=contoso,dc=com", |member| &member.canonical);
            prop_assert_eq!(container.left.inside, oracle(&left, name), "{}", name);
            prop_assert_eq!(container.right.inside, oracle(&right, name), "{}", name);
        }
    }

    #[test]
    fn no_difference_means_none_for_any_container(left in any_lists(), right in any_lists(), probe in container()) {
        let (l, r) = (read(&left), read(&right));
        let all = containers(&l, &r);
        let found = differences(&all);
        let reported: usize = found.iter().map(|difference| 1 + difference.folded.len()).sum();
        prop_assert_eq!(reported, all.iter().filter(|container| container.narrower().is_some()).count());
        let probe = dn::canonical(&probe);
        if found.is_empty() {
            prop_assert_eq!(oracle(&left, &probe), oracle(&right, &probe));
        }
    }

    #[test]
    fn every_difference_is_made_by_an_entry_and_equal_scopes_by_none(left in any_lists(), right in any_lists()) {
        let (l, r) = (read(&left), read(&right));
        let all = containers(&l, &r);
        let found = differences(&all);
        let lone = lone(&l, &r, &all, &found);
        for (at, difference) in found.iter().enumerate() {
            prop_assert!(lone.iter().any(|lone| lone.difference == Some(at)), "{:?}", difference);
        }
        for (own, other, staging) in [(&left, &right, false), (&right, &left, true)] {
            for (list, mine, theirs) in [(List::Inclusions, &own.0, &other.0), (List::Exclusions, &own.1, &other.1)] {
                let wanted = mine.iter().filter(|m| theirs.iter().all(|t| t.canonical != m.canonical)).count();
                let given = lone.iter().filter(|lone| lone.staging == staging && lone.list == list).count();
                prop_assert_eq!(given, wanted);
            }
        }
    }

    #[test]
    fn swapped_roles_give_the_same_differences(left in any_lists(), right in any_lists()) {
        let swapped: Vec<String> = found(&right, &left)
            .iter()
            .map(|text| if text.contains("narrower") { text.replace("narrower", "wider") } else { text.replace("wider", "narrower") })
            .collect();
        prop_assert_eq!(found(&left, &right), swapped);
    }

    #[test]
    fn spelling_order_and_redundant_entries_never_change_the_scope(
        lists in any_lists(),
        extra in vec(container(), 0..5),
        upper in any::<bool>(),
    ) {
        let mut other = respelled(&lists, upper);
        if other.0.is_empty() {
            return Ok(());
        }
        for name in &extra {
            // An entry that says what holds already.
            let canonical = dn::canonical(name);
            let named = other.0.iter().chain(&other.1).any(|member| member.canonical == canonical);
            if !named {
                let list = if oracle(&other, &canonical) { &mut other.0 } else { &mut other.1 };
                list.push(member(name));
            }
        }
        prop_assert!(found(&lists, &other).is_empty(), "{:?}", found(&lists, &other));
    }
}
