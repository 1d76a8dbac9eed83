//! Whatever an export calls things, every format shows it as text: no markup of another's, no formula, no link, no
//! character that hides what stands there.

use crate::support::hostile::{Hostile, LINES, NAME, PARAMETER, PLACE, REASON, SERVER, VALUE};
use crate::support::{run, tables, text};
use pulldown_cmark::{Event, Options, Parser, Tag};
use roxmltree::Document;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// One comparison in a format.
fn written(extension: &str) -> String {
    let hostile = Hostile::new();
    let path = hostile.folder.path().join(format!("result.{extension}"));
    let mut arguments = hostile.arguments();
    arguments.extend(["-o".to_owned(), path.to_str().unwrap().to_owned()]);
    let run = run(arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    fs::read_to_string(path).unwrap()
}

/// One comparison on standard output.
fn printed(more: &[&str]) -> String {
    let hostile = Hostile::new();
    let mut arguments = hostile.arguments();
    arguments.extend(more.iter().map(|&one| one.to_owned()));
    let run = run(arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    run.stdout
}

/// As formats for people show it.
fn visible(text: &str) -> String {
    text.replace('\u{202e}', "\\u{202e}")
        .replace('\u{85}', "\\u{85}")
        .replace('\u{200b}', "\\u{200b}")
        .replace('\u{2066}', "\\u{2066}")
}

/// No character that moves a cursor or hides what stands there.
fn assert_visible(text: &str) {
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t' || "\u{202e}\u{85}\u{200b}\u{2066}".contains(c);
    assert_eq!(text.chars().find(|&c| hidden(c)), None);
}

/// Each name and value is in the text, spelt as formats for people spell it.
fn assert_shown(text: &str, which: &[&str]) {
    for one in which {
        assert!(text.contains(&visible(one)), "{one} is not in the text");
    }
}

// What a renderer of Markdown makes of it.

/// Our elements within Markdown.
const OURS: [&str; 10] = [
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "<br>",
    "<code>",
    "</code>",
    "<del>",
    "</del>",
    "<ins>",
];

/// What Markdown becomes with everything switched on that a renderer may know.
#[derive(Default)]
struct Rendered {
    text: String,
    /// Elements, by name; HTML that is not ours, as it stands.
    elements: BTreeSet<String>,
    headings: Vec<String>,
    summaries: Vec<String>,
}

fn rendered(markdown: &str) -> Rendered {
    let mut result = Rendered::default();
    let mut heading = None;
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Start(tag) => {
                let name = format!("{tag:?}");
                result
                    .elements
                    .insert(name.split(['(', ' ']).next().unwrap().to_owned());
            }
            Event::End(_) if heading.is_some() && matches!(event, Event::End(pulldown_cmark::TagEnd::Heading(_))) => {
                result.headings.extend(heading.take());
            }
            Event::End(_) => result.text.push('\n'),
            Event::Text(text) => {
                heading.iter_mut().for_each(|heading| heading.push_str(&text));
                result.text.push_str(&text);
            }
            Event::Html(html) | Event::InlineHtml(html) => result.html(&html),
            Event::SoftBreak | Event::HardBreak => result.text.push('\n'),
            other => {
                result.elements.insert(format!("{other:?}"));
            }
        }
    }
    result
}

impl Rendered {
    fn html(&mut self, html: &str) {
        let mut rest = html.to_owned();
        for ours in OURS.iter().chain(&["</ins>"]) {
            rest = rest.replace(ours, "");
        }
        if rest.contains(['<', '>']) {
            self.elements.insert(rest.clone());
        }
        let entity = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#x27;", "'"),
            ("&amp;", "&"),
        ];
        let plain = entity.iter().fold(rest, |text, (from, to)| text.replace(from, to));
        if html.contains("<summary>") {
            self.summaries.push(plain.trim().to_owned());
        }
        self.text.push_str(&plain);
    }

    /// Only what our templates are made of.
    fn assert_ours(&self) {
        let ours = [
            "Paragraph",
            "HtmlBlock",
            "List",
            "Item",
            "Strong",
            "Table",
            "TableHead",
            "TableRow",
            "TableCell",
        ];
        let foreign: Vec<&String> = self
            .elements
            .iter()
            .filter(|one| !ours.contains(&one.as_str()))
            .collect();
        assert!(foreign.is_empty(), "{foreign:#?}");
        assert_visible(&self.text);
    }
}

#[test]
fn names_are_text_in_markdown() {
    let page = rendered(&written("md"));
    page.assert_ours();
    assert_shown(&page.text, &[NAME, VALUE, PLACE, SERVER, PARAMETER]);
    for line in LINES.lines().chain(REASON.lines()).filter(|line| !line.is_empty()) {
        assert!(page.text.contains(line.trim()), "{line}");
    }
    let known = |heading: &&String| {
        !["Block: ", "High: ", "Medium: ", "Low: ", "Info: ", "Unknown: "]
            .iter()
            .any(|word| heading.starts_with(word))
    };
    let rest: Vec<&String> = page.headings.iter().filter(known).collect();
    assert_eq!(
        rest.len(),
        7 + 1,
        "a heading for each part, and one for the verdict: {rest:#?}"
    );
    let summary = rendered(&printed(&["--format", "markdown", "--summary"]));
    summary.assert_ours();
    assert_shown(&summary.text, &[NAME, SERVER]);
}

#[test]
fn names_are_text_in_summaries_of_markdown() {
    let page = rendered(&written("md"));
    assert!(
        page.summaries.iter().any(|summary| summary.contains(NAME)),
        "{:#?}",
        page.summaries
    );
}

#[test]
fn names_are_text_in_the_path_of_an_attribute() {
    let hostile = Hostile::new();
    let flow = |more: &[&str]| {
        let primary = hostile.primary();
        let run = run([&["flow", primary.to_str().unwrap(), "department"][..], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let page = rendered(&flow(&["--format", "markdown"]));
    page.assert_ours();
    assert_shown(&page.text, &[NAME]);
    let terminal = flow(&[]);
    assert_visible(&terminal);
    assert!(flow(&["--format", "json"]).contains("<script>alert(1)</script>"));
}

// HTML: that nothing runs or is there as an element, tests/browser.rs sees in a browser.

#[test]
fn names_are_text_in_html() {
    let html = written("html");
    for (open, count) in [
        ("<script", 1),
        ("</script", 1),
        ("<style", 1),
        ("</style", 1),
        ("<title", 1),
        ("</title", 1),
    ] {
        assert_eq!(html.matches(open).count(), count, "{open}");
    }
    for foreign in ["<img", "<iframe", "<svg onload", "<b ", "<!--", "]]>"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    assert_eq!(html.matches("<template").count(), html.matches("</template").count());
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("{{{page}}}"));
    assert_visible(&html);
}

// Formats for programs.

#[test]
fn names_are_whole_in_json() {
    let report: Value = serde_json::from_str(&written("json")).unwrap();
    assert_eq!(text(&report["primary"]["server"]), format!("{SERVER}01"));
    let objects: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| text(&f["object"]))
        .collect();
    assert!(objects.iter().any(|object| object.ends_with(NAME)), "{objects:#?}");
    assert!(objects.iter().any(|object| object.contains(PLACE)), "{objects:#?}");
    assert!(
        report["gaps"][0]["file"].as_str().unwrap().contains("rule<img"),
        "{}",
        report["gaps"]
    );
    let accepted = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["status"] == "accepted")
        .unwrap();
    assert_eq!(accepted["accepted"]["reason"], REASON);
}

#[test]
fn names_are_text_in_junit() {
    let xml = written("junit.xml");
    assert_visible(&xml);
    let document = Document::parse(&xml).unwrap();
    let ours = [
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "testcase",
        "failure",
        "error",
        "skipped",
        "system-out",
        "system-err",
    ];
    let mut all = String::new();
    for node in document.descendants() {
        assert!(!node.is_element() || ours.contains(&node.tag_name().name()), "{node:?}");
        assert!(!node.is_comment() && !node.is_pi());
        all.push_str(node.text().unwrap_or_default());
        node.attributes().for_each(|attribute| all.push_str(attribute.value()));
    }
    assert_shown(&all, &[NAME, VALUE, PLACE, SERVER, PARAMETER]);
}

#[test]
fn names_are_text_in_sarif() {
    let sarif: Value = serde_json::from_str(&written("sarif")).unwrap();
    let mut all = String::new();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let message = text(&result["message"]["text"]);
        // A link is `[text](address)`; a bracket of a name is escaped.
        assert!(!message.replace("\\](", "").contains("]("), "{message}");
        assert!(!message.contains('\u{202e}'), "{message}");
        all.push_str(message);
    }
    assert!(all.contains("<script>alert(1)</script>"));
}

#[test]
fn names_are_text_in_cells() {
    for row in tables::csv(written("csv").as_bytes()) {
        for cell in row {
            for part in cell.split(['\n', ';']) {
                let start = part.trim_start_matches([' ', '"']);
                assert!(!start.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
            assert_visible(&cell);
        }
    }
}

#[test]
fn names_are_text_on_a_terminal() {
    for more in [&[][..], &["-v"], &["--summary"]] {
        let shown = printed(more);
        assert_visible(&shown);
        // Lines are broken wherever they are full.
        let joined = shown.replace([' ', '\n'], "");
        assert!(
            joined.contains("<script>") && joined.contains("\\u{202e}"),
            "{more:?}: {shown}"
        );
    }
}
