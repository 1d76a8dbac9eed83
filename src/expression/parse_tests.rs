//! The grammar, rule by rule, and what is wrong where it is broken.
//!
//! In: texts. Out: assertions. Must not know: what functions there are.

use super::*;

/// The tree in brackets of its own: `kind text(children)`.
fn shape(text: &str) -> String {
    let tree = parse(text).expect(text);
    fn write(tree: &Tree<'_>, at: usize, out: &mut String) {
        let node = tree.nodes()[at];
        out.push_str(&format!("{:?}{}", node.kind, node.text));
        let children = tree.children(at);
        if !children.is_empty() {
            out.push('{');
            for child in children {
                write(tree, child, out);
                out.push(';');
            }
            out.push('}');
        }
    }
    let mut out = String::new();
    write(&tree, tree.root(), &mut out);
    out
}

#[test]
fn calls_operands_and_signs() {
    assert_eq!(shape("NULL"), "WordNULL");
    assert_eq!(shape("Now()"), "CallNow");
    assert_eq!(shape("Left([a], 3)"), "CallLeft{Attribute[a];Number3;}");
    assert_eq!(
        shape("%D%&\"x\"&$i"),
        "Chain{Parameter%D%;Operator&;Text\"x\";Operator&;Word$i;}"
    );
    assert_eq!(shape("- -1"), "Sign-{Sign-{Number1;};}");
    assert_eq!(shape("a=-1"), "Chain{Worda;Operator=;Sign-{Number1;};}");
    assert_eq!(shape("-Len(a)-1"), "Chain{Sign-{CallLen{Worda;};};Operator-;Number1;}");
    assert_eq!(
        shape("f(-(1),a+b)"),
        "Callf{Sign-{Number1;};Chain{Worda;Operator+;Wordb;};}"
    );
}

#[test]
fn brackets_stay_where_they_may_change_something() {
    assert_eq!(shape("((a))"), "Worda");
    assert_eq!(shape("(a)&b"), "Chain{Worda;Operator&;Wordb;}");
    assert_eq!(shape("f((a))"), "Callf{Worda;}");
    assert_eq!(
        shape("a&(b)&(-c)"),
        "Chain{Worda;Operator&;Wordb;Operator&;Group{Sign-{Wordc;};};}"
    );
    assert_ne!(parse("a&b&c"), parse("a&(b&c)"));
    assert_eq!(parse("a&b&c"), parse("(a&b)&c"));
    assert_eq!(parse("(a&b)"), parse("a&b"));
    assert_eq!(parse("&HFF"), parse("0255"));
}

#[test]
fn what_does_not_parse_says_where_and_why() {
    for (text, offset, words) in [
        ("", 0, "no expression"),
        (" \n", 0, "no expression"),
        ("()", 1, "enclose nothing"),
        ("f(())", 3, "enclose nothing"),
        ("[a] &", 4, "value is missing"),
        ("& [a]", 0, "value is missing"),
        ("f(=1)", 2, "value is missing"),
        ("f(-)", 3, "value is missing"),
        ("([a] &)", 6, "value is missing"),
        ("f([a],)", 6, "argument is empty"),
        ("f(,[a])", 2, "argument is empty"),
        ("f([a],,1)", 6, "argument is empty"),
        ("[a] [b]", 4, "Nothing joins"),
        ("\"a\" \"b\"", 4, "Nothing joins"),
        ("f(a)(b)", 4, "Nothing joins"),
        ("[a] Or [b]", 4, "write ||"),
        ("IIF([a] AND [b],1,2)", 8, "write &&"),
        ("[a], [b]", 3, "separates no arguments"),
        ("f((a,b))", 4, "separates no arguments"),
        ("$item([a])", 0, "variable is no function"),
        ("f([a]", 1, "never closed"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.offset, offset, "{text:?}: {error}");
        assert!(error.problem.contains(words), "{text:?}: {error}");
    }
}

#[test]
fn nothing_overflows_however_deep_it_nests() {
    let many = 1_000_000;
    let brackets = "(".repeat(many) + "[a]" + &")".repeat(many);
    assert_eq!(parse(&brackets), parse("[a]"));
    let calls = 100_000;
    for unit in ["f(", "-", "(1+", "f(1,"] {
        let close = ")".repeat(unit.matches('(').count());
        let text = unit.repeat(calls) + "[a]" + &close.repeat(calls);
        let tree = parse(&text).expect(unit);
        assert!(tree.nodes().len() > calls);
        assert_eq!(parse(&tree.one_line(tree.root())).as_ref(), Ok(&tree));
        let laid_out = crate::expression::pretty(&tree, 60);
        assert_eq!(parse(&laid_out).as_ref(), Ok(&tree));
        let other = text.replace("[a]", "[b]");
        let edits = crate::expression::diff(&tree, &parse(&other).expect(unit));
        assert_eq!(edits.len(), 1, "{unit}");
        assert_eq!(edits[0].before.as_deref(), Some("[a]"), "{unit}");
    }
}
