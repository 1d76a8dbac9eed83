//! Trees as a whole: real expressions, random ones, random edits, long ones.
//!
//! In: exports and published rules as in `tests.rs`, and a fixed seed. Out:
//! assertions. Must not know: how trees are stored.

use super::tests::{Random, contoso, published};
use super::*;
use std::time::{Duration, Instant};

/// Everything that holds for every expression that parses.
#[track_caller]
fn check_tree(text: &str) {
    let tree = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    for width in [1, 20, 60, 120] {
        let shown = pretty(&tree, width);
        assert_eq!(parse(&shown).as_ref(), Ok(&tree), "{text:?} as {shown:?}");
    }
    let line = tree.one_line(tree.root());
    assert_eq!(parse(&line).as_ref(), Ok(&tree), "{text:?} as {line:?}");
    assert_eq!(canonical(&line), canonical(text), "{text:?} as {line:?}");
    assert_eq!(diff(&tree, &tree), [], "{text:?}");
}

#[test]
fn every_real_expression_parses_and_prints_back() {
    for (expressions, strange) in [(contoso(), 0), (published(), 0)] {
        let mut remarks = 0;
        for text in expressions.iter().filter(|text| !text.trim().is_empty()) {
            check_tree(text);
            remarks += check(&parse(text).unwrap())
                .iter()
                .inspect(|remark| println!("{text}: {remark}"))
                .count();
        }
        assert_eq!(remarks, strange);
    }
}

#[test]
fn the_diff_of_real_expressions_is_empty_exactly_when_they_are_equal() {
    let mut texts = contoso();
    texts.extend(published());
    texts.sort();
    texts.dedup();
    for left in &texts {
        for right in &texts {
            let edits = diff(&parse(left).unwrap(), &parse(right).unwrap());
            assert_eq!(
                edits.is_empty(),
                canonical(left) == canonical(right),
                "{left} | {right}"
            );
        }
    }
}

/// A random expression; `mark` stands somewhere in it, once.
fn random(random_numbers: &mut Random, depth: usize, mark: &mut Option<&str>) -> String {
    const LEAVES: &[&str] = &[
        "[a]",
        "[mS-DS b]",
        "%D%",
        "\"\"",
        "\"x, (y\"",
        "0",
        "&HFF",
        "1.5",
        "NULL",
        "$i",
        "True",
    ];
    const OPERATORS: &[&str] = &["&", "&&", "||", "=", "<>", "<", ">=", "+", "-", "*"];
    if depth == 0 || random_numbers.below(6) == 0 {
        return match mark.take() {
            Some(mark) => mark.to_owned(),
            None => random_numbers.pick(LEAVES).to_owned(),
        };
    }
    let mut part = |mark: &mut Option<&str>| random(random_numbers, depth - 1, mark);
    let (one, two, three) = (part(mark), part(mark), part(mark));
    match random_numbers.below(9) {
        0 => format!("({one})"),
        1 => format!("-{}", one.replace(['&', '|', '=', '<', '>', '+', '*'], "-")).replace("--H", "255"),
        2 => format!("({one}){}({two})", random_numbers.pick(OPERATORS)),
        3 => format!("({one}) {} Trim({two}) & ({three})", random_numbers.pick(OPERATORS)),
        4 => format!("IIF({one},{two},{three})"),
        5 => format!("Switch({one}, {two}, {three}, \"e\")"),
        6 => format!("Trim({one})"),
        7 => format!("Left( {one} ,{two})"),
        _ => "Now()".to_owned() + " & " + &format!("f({one})"),
    }
}

#[test]
fn random_expressions_print_back_and_differ_from_others() {
    let mut numbers = Random(0x9E37_79B9_7F4A_7C15);
    let mut before = "[a]".to_owned();
    let mut parsed = 0;
    for _ in 0..4_000 {
        let text = random(&mut numbers, 4, &mut None);
        if parse(&text).is_err() {
            continue;
        }
        parsed += 1;
        check_tree(&text);
        let (l, r) = (parse(&before).unwrap(), parse(&text).unwrap());
        assert_eq!(diff(&l, &r).is_empty(), l == r, "{before} | {text}");
        assert_eq!(l == r, canonical(&before) == canonical(&text), "{before} | {text}");
        before = text;
    }
    assert!(parsed > 3_000, "only {parsed} parsed: the test has lost its point");
}

#[test]
fn a_random_edit_is_confined_to_its_place() {
    let mut numbers = Random(0x2545_F491_4F6C_DD1D);
    let mut tried = 0;
    for _ in 0..4_000 {
        let mut mark = Some("[_mark]");
        let text = random(&mut numbers, 5, &mut mark);
        if mark.is_some() || !text.contains("[_mark]") || parse(&text).is_err() {
            continue;
        }
        tried += 1;
        for (other, what) in [
            ("[_other]", ""),
            ("\"q\"", ""),
            ("LCase([_mark])", "wrapped in LCase( )"),
        ] {
            let changed = text.replace("[_mark]", other);
            let edits = diff(&parse(&text).unwrap(), &parse(&changed).unwrap());
            let [edit] = edits.as_slice() else {
                panic!("{text} | {changed}: {edits:?}")
            };
            assert_eq!(edit.before.as_deref(), Some("[_mark]"), "{text} | {changed}");
            assert_eq!(edit.after.as_deref(), Some(other), "{text} | {changed}");
            assert!(edit.what().ends_with(what), "{}", edit.what());
        }
    }
    assert!(tried > 2_000, "only {tried} tried: the test has lost its point");
}

#[test]
fn fifty_thousand_tokens_take_less_than_a_second() {
    let chain = |name: &str| vec![format!("Left([{name}],3)"); 7_000].join("&");
    let list = |name: &str, more: usize| format!("Join({})", vec![format!("[{name}]"); 25_000 + more].join(","));
    let nested = |leaf: &str| "IIF([a]=1,".repeat(7_000) + leaf + &",2)".repeat(7_000);
    let mixed: String = (0..8_000).map(|at| format!("Left([a{at}],{at})&")).collect::<String>() + "[z]";
    let shuffled: String = (0..8_000)
        .rev()
        .map(|at| format!("Left([a{at}],{at})&"))
        .collect::<String>()
        + "[z]";
    for (left, right) in [
        (chain("a"), chain("b")),
        (list("a", 0), list("b", 3)),
        (nested("[x]"), nested("[y]")),
        (mixed.clone(), shuffled),
        (mixed.clone(), mixed.replacen("7999", "0", 1)),
    ] {
        let started = Instant::now();
        let (l, r) = (parse(&left).unwrap(), parse(&right).unwrap());
        assert!(!diff(&l, &r).is_empty());
        assert!(!pretty(&l, 60).is_empty());
        // A tenth of this on its own; other tests run beside it.
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    }
}
