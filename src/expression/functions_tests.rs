//! The table of functions.
//!
//! In: the compiled table. Out: assertions. Must not know: expressions.

use super::*;

#[test]
fn the_table_is_complete_and_sorted() {
    assert_eq!(all().len(), 89, "85 of the reference and four that only rules show");
    assert!(
        all().windows(2).all(|pair| pair[0].name < pair[1].name),
        "sorted, none twice"
    );
    for function in all() {
        assert!(known(function.name).is_some(), "{}", function.name);
        assert!(
            function.about.ends_with('.') && !function.reference.is_empty(),
            "{}",
            function.name
        );
        let later = function.takes.iter().skip_while(|argument| !argument.optional);
        assert!(
            later.clone().all(|argument| argument.optional),
            "{}: optional ones come last",
            function.name
        );
        let kinds = function
            .takes
            .iter()
            .map(|argument| argument.kind)
            .chain([function.gives]);
        for kind in kinds.flat_map(|kinds| kinds.split('|')) {
            let types = "bin bool dt enum exp mvbin mvstr mvref num ref str var void";
            assert!(types.split(' ').any(|known| known == kind), "{}: {kind}", function.name);
        }
    }
}

#[test]
fn names_are_case_sensitive() {
    assert!(known("trim").is_none());
    assert_eq!(resembling("trim").map(|function| function.name), Some("Trim"));
    assert!(resembling("Shout").is_none());
    assert!(parameter("domain.fqdn").is_some() && parameter("Domain").is_none());
}

#[test]
fn numbers_of_arguments() {
    let accepts = |name: &str| -> Vec<usize> {
        let function = known(name).expect(name);
        (0..7).filter(|&count| function.accepts(count)).collect()
    };
    assert_eq!(accepts("Now"), [0]);
    assert_eq!(accepts("IIF"), [3]);
    assert_eq!(accepts("Mid"), [2, 3]);
    assert_eq!(accepts("InStr"), [2, 3, 4]);
    assert_eq!(accepts("Switch"), [2, 4, 6]);
    assert_eq!(
        known("Join").map(Function::signature).as_deref(),
        Some("Join(attribute: mvstr[, delimiter: str]) → str")
    );
}
