//! A file for `--accept` with every open finding, to be completed by hand.
//!
//! In: reports. Out: TOML with one entry a finding; reason, owner and expiry
//! are empty, so that it is refused until somebody answers for each. Must not
//! know: files.

use super::finding::cut;
use super::terminal::clean;
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
    for (label, text) in [
        (
            "",
            format!("{} {}", finding.severity.word(), finding.object_path.join(" / ")),
        ),
        ("", format!("{} ({})", finding.setting, finding.id)),
        ("primary: ", side(finding.primary.as_deref(), &report.primary.server)),
        ("staging: ", side(finding.staging.as_deref(), &report.staging.server)),
    ] {
        out.push_str(&comment(label, &text));
    }
    out.push_str(&format!(
        "[[accept]]\nfingerprint = \"{}\"\nvalues = \"{}\"\nreason = \"\"\nowner = \"\"\nexpires = \"\"\n",
        finding.fingerprint, finding.values
    ));
    out
}

fn side(value: Option<&str>, server: &str) -> String {
    format!("{server}: {}", value.unwrap_or("(absent)"))
}

/// Comment lines: nothing in a value can end the comment, control characters included.
fn comment(label: &str, text: &str) -> String {
    let text = clean(text);
    let mut out = String::new();
    for (index, line) in text.lines().enumerate() {
        if index == LINES {
            out.push_str("#   …\n");
            break;
        }
        let label = if index == 0 { label } else { "  " };
        out.push_str(&format!("# {label}{}\n", cut(line, COLUMNS)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn a_value_cannot_leave_its_comment() {
        let text = comment("primary: ", "a\n[[accept]]\r\nb\u{b}c\u{2028}d\u{202e}e");
        assert!(text.lines().all(|line| line.starts_with("# ")), "{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
        assert!(
            text.contains("\\u{d}") && text.contains("\\u{2028}") && text.contains("\\u{202e}"),
            "{text}"
        );
        assert_eq!(comment("", &"line\n".repeat(50)).lines().count(), 9);
    }
}
