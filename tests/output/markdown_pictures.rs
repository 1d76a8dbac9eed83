//! The pictures of a report in Markdown: the same content as on the page, and short enough for a comment.

use crate::support::{run, sample, text};
use serde_json::Value;

/// Characters that a comment on GitHub may have.
const COMMENT: usize = 65_536;

#[test]
fn what_the_page_draws_stands_in_tables() {
    let folder = tempfile::TempDir::new().unwrap();
    let [json, markdown] = ["r.json", "r.md"].map(|name| folder.path().join(name).display().to_string());
    let servers = ["primary", "staging"].map(|name| sample(name).display().to_string());
    let flags = ["-o", &json, "-o", &markdown];
    let run = run(["compare", &servers[0], &servers[1]].into_iter().chain(flags));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    let markdown = std::fs::read_to_string(&markdown).unwrap();
    assert!(markdown.chars().count() < COMMENT, "{}", markdown.chars().count());
    let views = |kind: &str| report["views"][kind].as_array().unwrap().iter();
    let all = views("scope").len() + views("flows").len() + views("precedence").len();
    let summaries = [
        "<summary>Containers of ",
        "<summary>The way of ",
        "<summary>Order of the rules ",
    ];
    let written: usize = summaries.map(|start| markdown.matches(start).count()).iter().sum();
    assert!(all > 5 && written == all, "{written} of {all}");
    for ladder in views("precedence") {
        for rung in ladder["rungs"].as_array().unwrap() {
            let name = text(&rung["rule"]);
            let [left, right] = ["primary", "staging"].map(|side| rung[side]["rank"].as_u64());
            for rank in [left, right].into_iter().flatten() {
                let plain = format!("{rank}: {name} (");
                assert!(
                    markdown.contains(&plain) || markdown.contains(&format!("{rank}: **{name}** (")),
                    "{plain}"
                );
            }
        }
    }
}
