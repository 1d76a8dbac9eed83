//! Tests of strict parsing and of what nodes give away.

use super::{Content, parse};
use crate::intake::Limits;

const RULE: &str = "<synchronizationRule>\n  <id>{794ef0a3-0556-410e-96ff-b2ec8495ef39}</id>\n  <name>In from AD - Zürich</name>\n  \
    <description />\n  <attribute-mappings>\n    <mapping>\n      <dest>cn</dest>\n      <expression>IIF([a] &amp;&amp; \
    [b],\"x\",NULL)</expression>\n    </mapping>\n  </attribute-mappings>\n  <synchronizationCriteria>\n    <conditions>\n      \
    <scope>\n        <csAttribute>a</csAttribute>\n        <csValue><![CDATA[1 < 2]]></csValue>\n      </scope>\n    \
    </conditions>\n  </synchronizationCriteria>\n</synchronizationRule>\n";

fn problem(text: &str) -> (u32, u32, String) {
    let problem = parse(text, &Limits::default()).unwrap_err();
    assert!(problem.line >= 1 && problem.column >= 1, "{problem}");
    (problem.line, problem.column, problem.problem)
}

#[test]
fn names_positions_and_content_are_given() {
    let text = "<a xmlns:d=\"http://www.dsml.org/DSML\" xmlns:m='http://www.microsoft.com/MMS/DSML' xmlns='urn:x'>\r\n\
        <d:b m:c='1'\n   e='2'>é<!-- x -->&lt;<![CDATA[y\r\nz]]></d:b><é/><f/></a>";
    let tree = parse(text, &Limits::default()).unwrap();
    let root = tree.root();
    assert_eq!(root.name(), "{urn:x}a");
    assert!(root.is("{urn:x}a") && !root.is("a") && !root.is("{urn:x}b"));
    let b = root.child("dsml:b").unwrap();
    assert!(b.is("dsml:b") && !b.is("b") && !b.is("ms-dsml:b"));
    assert_eq!((tree.line(b), tree.column(b)), (2, 1));
    let attributes: Vec<_> = b
        .attributes()
        .map(|a| (a.name.clone().into_owned(), a.value, a.index, a.line()))
        .collect();
    assert_eq!(
        attributes,
        [("ms-dsml:c".to_owned(), "1", 0, 2), ("e".to_owned(), "2", 1, 3)]
    );
    assert_eq!(b.attribute("ms-dsml:c"), Some("1"));
    assert_eq!(b.attribute("c"), None);
    assert_eq!(b.content(), Content::Plain("é<y\nz".into()));
    let f = root.elements().nth(2).unwrap();
    assert_eq!((tree.line(f), tree.column(f)), (4, 15));
    assert_eq!(f.parent().unwrap().id(), root.id());
    assert!(root.parent().is_none() && root.has_elements() && !f.has_elements());
    let ids: Vec<_> = tree.all().map(super::Node::id).collect();
    assert!(ids.iter().all(|id| *id < tree.nodes()) && ids.is_sorted());
    assert_eq!(format!("{b:?}"), "<dsml:b> in line 2");
}

#[test]
fn a_file_cut_off_anywhere_says_so_with_a_place() {
    assert!(parse(RULE, &Limits::default()).is_ok());
    let end = RULE.trim_end().len();
    for cut in (0..end).filter(|cut| RULE.is_char_boundary(*cut)) {
        let (line, _, words) = problem(&RULE[..cut]);
        if cut == 0 {
            assert!(words.contains("empty"), "{words}");
        } else {
            assert!(words.contains("cut off"), "at {cut}: {words}");
            assert_eq!(line as usize, RULE[..cut].matches('\n').count() + 1);
        }
    }
    let inside = RULE.find("<csAttribute>a").unwrap();
    assert_eq!(
        problem(&RULE[..inside]),
        (
            14,
            9,
            "the file ends inside <scope>, which begins in line 13: it was cut off; export again".to_owned()
        )
    );
    let tag = problem("<a>\n<b c='x").2;
    assert!(
        tag.starts_with("the file ends inside <a>, which begins in line 1"),
        "{tag}"
    );
    assert!(
        problem("<!-- x")
            .2
            .contains("a comment or declaration that begins in line 1")
    );
    assert!(problem("<a b='").2.contains("the tag that begins in line 1"));
}

#[test]
fn damage_is_explained() {
    let has = |text: &str, line: u32, words: &str| {
        let found = problem(text);
        assert!(found.0 == line && found.2.contains(words), "{text:?}: {found:?}");
        assert!(
            found.2.contains("export again") || found.2.contains("remove it"),
            "{found:?}"
        );
    };
    has("<a/>\n<b/>", 2, "a second root element <b>");
    has("<a></a>\n<?xml version='1.0'?>\n<b/>", 2, "edited or damaged");
    has("<a/>\ntail", 2, "text follows the end");
    has("plain text", 1, "not XML");
    has(" \n", 1, "empty");
    has("<!-- only -->", 1, "no element");
    has("<a>\n<b></c>\n</a>", 2, "</c> stands where </b> has to");
    has("<a>\n\0\0\0", 2, "zero bytes");
    has("<a>\n\u{1}</a>", 2, "U+0001");
    has("<a>\n<b c='1' c='2'/></a>", 2, "the attribute c stands twice");
    has("<a>\n<x:b/></a>", 2, "the prefix x is not declared");
    has("<a>\n&nbsp;</a>", 2, "an & here");
    has("<a>\nx & y</a>", 2, "an & here");
    has("<a>\n<b c='<'/></a>", 2, "a plain <");
    has("<a>\n<1/></a>", 2, "not well-formed");
    has("x<a/>", 1, "not well-formed");
}

#[test]
fn problems_never_quote_text() {
    for text in [
        "<a><password>hunter2&hunter2;</password></a>",
        "<a b='hunter2<'/>",
        "<a>hunter2\u{2}</a>",
        "<a/>hunter2",
    ] {
        assert!(!problem(text).2.contains("hunter2"), "{text}");
    }
}

#[test]
fn document_type_definitions_are_refused() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><a>&b;</a>";
    let (line, column, words) = problem(bomb);
    assert_eq!((line, column), (2, 1));
    assert!(words.contains("DTD"), "{words}");
    assert!(
        problem("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>")
            .2
            .contains("DTD")
    );
    assert!(problem("<!DOCTYPE").2.contains("DTD"));
}

#[test]
fn limits_are_kept() {
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&deep(200), &Limits::default()).is_ok());
    let (_, column, words) = problem(&deep(201));
    assert_eq!(column, 601);
    assert!(words.contains("200 elements deep"), "{words}");
    assert!(problem(&deep(1_000_000)).2.contains("200 elements deep"));
    assert!(problem(&"<a>".repeat(1_000_000)).2.contains("200 elements deep"));
    let lenient = Limits {
        xml_depth: u32::MAX,
        ..Limits::default()
    };
    assert!(parse(&deep(100_000), &lenient).is_ok(), "the parser does not recurse");
    let few = Limits {
        xml_nodes: 10,
        ..Limits::default()
    };
    assert!(parse("<a><b/><b/></a>", &few).is_ok());
    assert!(
        parse(&format!("<a>{}</a>", "<b/>".repeat(12)), &few)
            .unwrap_err()
            .problem
            .contains("10 nodes")
    );
    assert!(
        problem(&format!("<a{}/>", " b='1'".repeat(2000)))
            .2
            .contains("more attributes")
    );
}

#[test]
fn mutated_documents_never_panic() {
    let connector = "<ma-data><name>x</name><parameter name='Connection string' encrypted='0'>Server=x;Pwd=\"a\";$password = \
        'b'; ConvertTo-SecureString \"c\"; https://u:p@h/ {\"token\":\"d\"}</parameter><cookie>AAA=</cookie></ma-data>";
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let pieces: [&[u8]; 16] = [
        b"<",
        b">",
        b"</",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"\"",
        b"'",
        b"&",
        b"=",
        b"\0",
        b"\xFF\xFE",
        b"<!DOCTYPE",
        b"\xC3",
        b"pwd=",
    ];
    let mut parsed = 0;
    for round in 0..6_000 {
        let mut bytes = if round % 2 == 0 { RULE } else { connector }.as_bytes().to_vec();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => drop(bytes.splice(at..at, pieces[random(pieces.len())].iter().copied())),
                1 => bytes[at] = random(256) as u8,
                2 => drop(bytes.drain(at..(at + random(20)).min(bytes.len()))),
                _ => bytes.truncate(at.max(1)),
            }
            if bytes.is_empty() {
                bytes.push(b'<');
            }
        }
        let Ok(text) = crate::intake::decode(&bytes) else {
            continue;
        };
        let _ = crate::intake::mask(&text);
        let _ = crate::intake::sniff::sniff(&text);
        let Ok(tree) = parse(&text, &Limits::default()) else {
            continue;
        };
        parsed += 1;
        let slots = crate::intake::Slots::of(&tree);
        for node in tree.all() {
            let _ = (node.content(), tree.line(node), tree.column(node), slots.element(node));
            let _ = node
                .attributes()
                .map(|attribute| attribute.content())
                .collect::<Vec<_>>();
        }
    }
    assert!(parsed > 100, "{parsed}");
}
