//! Who moved, in words: the sentence before a fix, and warnings.
//!
//! In: who moved, and what the servers are called. Out: sentences. Must not
//! know: how it was found out.

use super::evidence::Judged;
use super::warning;
use crate::report::{ChangeKind, Finding, GapEntry, MovedBy, Warning};

/// Parts of the approved state that a warning names.
const NAMED: usize = 3;

/// On which server to mend a finding, before the neutral fix.
pub fn fix(judged: Judged, [primary, staging]: &[String; 2], neutral: &str) -> String {
    let side = match judged {
        Judged::Moved(MovedBy::Staging) => {
            format!("Staging moved away from the approved state: mend it on {staging}, not on {primary}.")
        }
        Judged::Moved(MovedBy::Primary) => format!(
            "The primary was changed without approval: take the change back on {primary}, or have it approved and make \
             it on {staging}, too."
        ),
        Judged::Moved(MovedBy::Both) => format!(
            "Both {primary} and {staging} moved away from the approved state: bring both back to it, or have one value \
             approved and set it on both."
        ),
        Judged::Neither => "Neither server moved, the approved state differs so already: have one value approved for \
                            both, or accept the difference."
            .to_owned(),
        Judged::Hidden => "Who moved is unknown, for what the approved state held here cannot be told: find out \
                           before you mend either server."
            .to_owned(),
        Judged::Unseen => {
            "Who moved is unknown, for the comparison with the approved state does not show it: find out \
                           before you mend either server."
                .to_owned()
        }
    };
    joined(&side, neutral)
}

/// The same for a departure that is no drift between the two servers.
pub fn departed(by: MovedBy, [primary, staging]: &[String; 2], neutral: &str) -> String {
    let side = match by {
        MovedBy::Both => format!(
            "Both servers were changed alike: have the change approved, or take it back on {primary} and {staging}."
        ),
        MovedBy::Primary => format!(
            "Only the primary departed, and that makes no drift: have it approved, or take it back on {primary}."
        ),
        MovedBy::Staging => {
            format!("Only staging departed, and that makes no drift: have it approved, or take it back on {staging}.")
        }
    };
    joined(&side, neutral)
}

/// The setting of a departure: of an object that came or went there are no two servers to speak of.
pub fn since(finding: &Finding) -> String {
    match (finding.one_sided(), finding.change) {
        (Some(object), ChangeKind::Added) => format!("{object} new since the approved state"),
        (Some(object), ChangeKind::Removed) => format!("{object} gone since the approved state"),
        _ => finding.setting.clone(),
    }
}

fn joined(side: &str, neutral: &str) -> String {
    match neutral.trim() {
        "" | "-" => side.to_owned(),
        neutral => format!("{side} {neutral}"),
    }
}

/// A gap in the approved state, said once.
pub fn gaps(gaps: &[GapEntry], unknown: usize) -> Option<Warning> {
    let mut parts: Vec<String> = Vec::new();
    for gap in gaps {
        let part = format!("{}, {}: {}", gap.server, gap.part, gap.problem);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let more = parts.len().saturating_sub(NAMED);
    parts.truncate(NAMED);
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    let count = match unknown {
        0 => "no finding of this comparison needs them".to_owned(),
        1 => "who moved is unknown for 1 finding".to_owned(),
        count => format!("who moved is unknown for {count} findings"),
    };
    (!gaps.is_empty()).then(|| {
        warning(
            "baseline-incomplete",
            format!(
                "The approved state could not be read whole, so {count}; the verdict does not depend on it. {}",
                parts.join("; ")
            ),
        )
    })
}

/// How much departed without being drift.
pub fn departures(moved: &[Finding], [primary, staging]: &[String; 2]) -> Option<Warning> {
    let count = |by| moved.iter().filter(|finding| finding.moved_by == Some(by)).count();
    let parts: Vec<String> = [
        (count(MovedBy::Both), "by both servers alike".to_owned()),
        (count(MovedBy::Primary), format!("by {primary} alone")),
        (count(MovedBy::Staging), format!("by {staging} alone")),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, who)| format!("{count} {who}"))
    .collect();
    let (word, is) = match moved.len() {
        1 => ("departure", "is"),
        _ => ("departures", "are"),
    };
    (!moved.is_empty()).then(|| {
        warning(
            "baseline-departures",
            format!(
                "{} {word} from the approved state {is} no drift between the two servers ({}): nobody approved them.",
                moved.len(),
                parts.join(", ")
            ),
        )
    })
}
