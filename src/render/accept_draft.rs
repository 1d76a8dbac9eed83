//! A file for `--accept` with every open finding, to be completed by hand.
//!
//! In: reports. Out: TOML with one entry a finding; reason, owner and expiry
//! are empty, so that it is refused until somebody answers for each. Must not
//! know: files.

use super::finding::absent;
use super::terminal::clean;
use crate::catalogue::Catalogue;
use crate::report::{Finding, Report, Status};
use std::collections::BTreeSet;

/// Lines of a value that are repeated in comments.
const LINES: usize = 8;
/// Columns of such a line.
const COLUMNS: usize = 160;

const HEAD: &str = "\
# Drift that its owners accept, for `syncdrift compare --accept`.
# For every entry that may stand, fill in reason, owner and expires: the last
# day, without quotes, as in `expires = 2027-03-31`. Remove every other entry.
# The file is refused as long as one of them is empty.
";

/// The file; one entry for a finding that several reports have with the same values.
pub fn accept_draft(reports: &[Report]) -> String {
    let mut out = HEAD.to_owned();
    let mut seen = BTreeSet::new();
    for report in reports {
        for finding in report.findings.iter().filter(|finding| finding.status == Status::Drift) {
            if seen.insert((&finding.fingerprint, &finding.values)) {
                out.push_str(&entry(finding, report));
            }
        }
    }
    out
}

fn entry(finding: &Finding, report: &Report) -> String {
    let mut out = String::from("\n");
    let listed = Catalogue::builtin()
        .row(&finding.id)
        .is_some_and(|row| row.member.is_some());
    for (label, text) in [
        (
            "",
            format!("{} {}", finding.severity.word(), finding.object_path.join(" / ")),
        ),
        ("", format!("{} ({})", finding.setting, finding.id)),
        (
            "primary: ",
            side(finding, finding.primary.as_deref(), &report.primary.server),
        ),
        (
            "staging: ",
            side(finding, finding.staging.as_deref(), &report.staging.server),
        ),
    ] {
        out.push_str(&comment(label, &text, listed));
    }
    for part in finding.detail.iter().filter(|_| listed).take(LINES) {
        let text = match (&part.primary, &part.staging) {
            (Some(member), None) => format!("{}: only on {}: {member}", part.what, report.primary.server),
            (None, Some(member)) => format!("{}: only on {}: {member}", part.what, report.staging.server),
            _ => continue,
        };
        out.push_str(&comment("  ", &text, false));
    }
    if listed && finding.detail.len() > LINES {
        out.push_str(&format!("#   and {} more that differ\n", finding.detail.len() - LINES));
    }
    out.push_str(&format!(
        "[[accept]]\nfingerprint = \"{}\"\nvalues = \"{}\"\nreason = \"\"\nowner = \"\"\nexpires = \"\"\n",
        finding.fingerprint, finding.values
    ));
    out
}

fn side(finding: &Finding, value: Option<&str>, server: &str) -> String {
    let value = value.map_or_else(|| absent(&finding.id), str::to_owned);
    format!("{server}: {value}")
}

/// Comment lines: nothing in a value can end the comment, control characters included.
fn comment(label: &str, text: &str, listed: bool) -> String {
    let text = clean(text);
    let mut out = String::new();
    for (index, line) in text.lines().enumerate() {
        if index == LINES {
            let more = text.lines().count() - LINES;
            out.push_str(&format!(
                "#   … and {more} more line{}\n",
                if more == 1 { "" } else { "s" }
            ));
            break;
        }
        let label = if index == 0 { label } else { "  " };
        out.push_str(&format!("# {label}{}\n", shortened(line, listed)));
    }
    out
}

/// A line of bounded length that says how much it leaves out: members of a list, else characters.
fn shortened(line: &str, listed: bool) -> String {
    let Some((cut, _)) = line.char_indices().nth(COLUMNS) else {
        return line.to_owned();
    };
    let (shown, rest) = line.split_at(cut);
    match shown.rsplit_once(", ").filter(|_| listed) {
        Some((whole, begun)) => format!("{whole} … and {} more", format!("{begun}{rest}").split(", ").count()),
        None => format!("{shown} … and {} more characters", rest.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn a_value_cannot_leave_its_comment() {
        let text = comment("primary: ", "a\n[[accept]]\r\nb\u{b}c\u{2028}d\u{202e}e", false);
        assert!(text.lines().all(|line| line.starts_with("# ")), "{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
        assert!(
            text.contains("\\u{d}") && text.contains("\\u{2028}") && text.contains("\\u{202e}"),
            "{text}"
        );
    }

    #[test]
    fn what_is_cut_says_how_much_is_missing() {
        let lines = comment("", &"line\n".repeat(50), false);
        assert_eq!(lines.lines().count(), 9);
        assert!(lines.ends_with("#   … and 42 more lines\n"), "{lines}");
        let members: Vec<String> = (0..100).map(|at| format!("attribute{at:03}")).collect();
        let list = comment("", &members.join(", "), true);
        assert!(list.contains("attribute010 … and 89 more\n"), "{list}");
        let text = comment("", &"x".repeat(200), false);
        assert!(text.ends_with("x … and 40 more characters\n"), "{text}");
    }
}
