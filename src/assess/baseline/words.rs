//! Who moved, in words: the sentence before a fix, and warnings.
//!
//! In: who moved, and what the servers are called. Out: sentences. Must not
//! know: how it was found out.

use super::evidence::Judged;
use super::warning;
use crate::report::{ChangeKind, Finding, GapEntry, MovedBy, Warning};
use std::collections::BTreeSet;

/// Parts of the approved state that a warning names.
const NAMED: usize = 3;

/// On which server to mend a finding, before how to do it.
pub fn fix(judged: Judged, must_differ: bool, names: &[String; 2], neutral: &str) -> String {
    let side = match judged {
        Judged::Moved(by) if must_differ => left_its_own(by, names),
        Judged::Moved(by) => moved(by, names),
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
    match neutral.trim() {
        "" | "-" => side,
        neutral => format!("{side} How: {neutral}"),
    }
}

fn moved(by: MovedBy, [primary, staging]: &[String; 2]) -> String {
    match by {
        MovedBy::Staging => {
            format!("Staging moved away from the approved state: mend it on {staging}, not on {primary}.")
        }
        MovedBy::Primary => format!(
            "The primary was changed without approval: take the change back on {primary}, or have it approved and make \
             it on {staging}, too."
        ),
        MovedBy::Both => format!(
            "Both {primary} and {staging} moved away from the approved state: bring both back to it, or have one value \
             approved and set it on both."
        ),
    }
}

/// What must differ has an approved value on each server, and no other one is right there.
fn left_its_own(by: MovedBy, [primary, staging]: &[String; 2]) -> String {
    match by {
        MovedBy::Primary => {
            format!("{primary} left its approved value: put it back on {primary}, and leave {staging}.")
        }
        MovedBy::Staging => {
            format!("{staging} left its approved value: put it back on {staging}, and leave {primary}.")
        }
        MovedBy::Both => format!("Both {primary} and {staging} left their approved values: put each its own back."),
    }
}

/// The approved value of each server, where they are not one; `held` is what the servers have now.
pub fn approved(
    values: [Option<&str>; 2],
    held: [Option<&str>; 2],
    [primary, staging]: &[String; 2],
) -> Option<String> {
    let new = |value: &&str| !held.contains(&Some(value));
    match values {
        [Some(one), Some(other)] if one != other => {
            let told = new(&one) || new(&other);
            told.then(|| format!("{primary}: {one}; {staging}: {other}"))
        }
        [one, other] => one.or(other).filter(new).map(str::to_owned),
    }
}

/// The same for a departure that is no drift between the two servers; `healed`: the approved states differed in it.
pub fn departed(by: MovedBy, healed: bool, [primary, staging]: &[String; 2]) -> String {
    let (one, other) = match by {
        MovedBy::Primary => (primary, staging),
        _ => (staging, primary),
    };
    match (by, healed) {
        (MovedBy::Both, _) => format!(
            "Both servers were changed alike: have the change approved, or take it back on {primary} and {staging}."
        ),
        (_, true) => format!(
            "{one} has what {other} has now, and the approved state has it otherwise: have the new state approved. \
             Taken back, it would be drift."
        ),
        (_, false) => {
            format!("Only {one} departed, and that makes no drift: have it approved, or take it back on {one}.")
        }
    }
}

/// The setting of a departure: of an object that came or went there are no two servers to speak of.
pub fn since(finding: &Finding) -> String {
    match (finding.one_sided(), finding.change) {
        (Some(object), ChangeKind::Added) => format!("{object} new since the approved state"),
        (Some(object), ChangeKind::Removed) => format!("{object} gone since the approved state"),
        _ => match (finding.gathered(), finding.change) {
            (Some(members), ChangeKind::Added) => format!("{members}: new since the approved state"),
            (Some(members), ChangeKind::Removed) => format!("{members}: gone since the approved state"),
            _ => finding.setting.clone(),
        },
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
        0 => "; no finding of this comparison depends on what is missing".to_owned(),
        1 => ", so who moved is unknown for 1 finding".to_owned(),
        count => format!(", so who moved is unknown for {count} findings"),
    };
    (!gaps.is_empty()).then(|| {
        warning(
            "baseline-incomplete",
            format!(
                "The approved state could not be read whole{count}; the verdict does not depend on it. {}",
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
    let (word, is, them) = match moved.len() {
        1 => ("departure", "is", "it"),
        _ => ("departures", "are", "them"),
    };
    (!moved.is_empty()).then(|| {
        warning(
            "baseline-departures",
            format!(
                "{} {word} from the approved state {is} no drift between the two servers ({}): nobody approved {them}.",
                moved.len(),
                parts.join(", ")
            ),
        )
    })
}

/// Servers whose exports are older than their approved state.
pub fn newer(servers: &BTreeSet<&str>) -> Option<Warning> {
    let names: Vec<&str> = servers.iter().copied().collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    (!names.is_empty()).then(|| {
        warning(
            "baseline-newer",
            format!(
                "The export of {} {verb} older than the approved state it is held against: what was approved since then \
                 looks like a departure.",
                names.join(" and ")
            ),
        )
    })
}
