//! The path of an attribute in words, for text and Markdown alike.
//!
//! In: the result of `flow`. Out: sentences, not yet escaped. Must not know:
//! any format.

use crate::report::flow::{Flow, FlowHint, FlowPath, FlowStep, FoundIn, Standing, Via};

/// The answer in a sentence.
pub fn headline(flow: &Flow) -> String {
    let rules = |count: usize, one: &str, many: &str| match count {
        0 => format!("no live rule {one}"),
        1 => format!("1 live rule {one}"),
        count => format!("{count} live rules {many}"),
    };
    let flowing = |steps: &[FlowStep]| {
        let mut names: Vec<(&str, &str)> = steps
            .iter()
            .filter(|step| step.target.is_some())
            .map(|step| (step.connector.as_str(), step.rule.as_str()))
            .collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let (fed, read) = (flowing(&flow.inbound), flowing(&flow.outbound));
    match flow.found_in {
        FoundIn::Metaverse => format!(
            "{}, {}",
            rules(fed, "feeds it", "feed it"),
            rules(read, "flows it out", "flow it out")
        ),
        FoundIn::Connector => format!(
            "{}, {}",
            rules(fed, "leads into the metaverse", "lead into the metaverse"),
            rules(read, "leads out of it", "lead out of it")
        ),
    }
}

/// What limits the answer.
pub fn notes(flow: &Flow) -> Vec<String> {
    let mut notes = Vec::new();
    if flow.found_in == FoundIn::Connector {
        let ends: Vec<&str> = flow.paths.iter().map(|path| path.attribute.as_str()).collect();
        notes.push(format!(
            "{} is an attribute of connectors, not of the metaverse{}.",
            flow.attribute,
            match ends.as_slice() {
                [] => ", and no live rule flows it".to_owned(),
                ends => format!("; it belongs to the path of {}", distinct(ends)),
            }
        ));
    }
    if let Some(connector) = &flow.options.connector {
        notes.push(format!(
            "Only rules of {connector} are shown; ranks count the rules of all connectors."
        ));
    }
    match flow.disabled_rules {
        0 => {}
        1 => notes.push("1 disabled rule names it and does nothing.".to_owned()),
        count => notes.push(format!("{count} disabled rules name it and do nothing.")),
    }
    notes
}

/// Names in their order, each once.
fn distinct(names: &[&str]) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(name) {
            seen.push(name);
        }
    }
    seen.join(", ")
}

/// `person.department`
pub fn path_name(path: &FlowPath) -> String {
    match path.object_type.as_str() {
        "*" => format!("{} of every object type", path.attribute),
        own => format!("{own}.{}", path.attribute),
    }
}

/// Steps of a path.
pub fn of_path<'f>(steps: &'f [FlowStep], path: &FlowPath) -> Vec<&'f FlowStep> {
    let own =
        |step: &&FlowStep| step.attribute.as_ref() == Some(&path.attribute) && step.object_type == path.object_type;
    steps.iter().filter(own).collect()
}

/// Steps of no path.
pub fn apart(flow: &Flow) -> Vec<&FlowStep> {
    let all = flow.inbound.iter().chain(&flow.outbound);
    all.filter(|step| step.attribute.is_none()).collect()
}

/// Where a rule stands among those of its target.
pub fn standing(step: &FlowStep) -> String {
    match step.standing {
        Standing::Wins if step.rivals <= 1 => "wins: no other rule feeds the target".to_owned(),
        Standing::Wins => "wins wherever its scope applies".to_owned(),
        Standing::Follows => "wins where no rule before it has a value".to_owned(),
        Standing::Combines => "its values are combined with those of the other rules".to_owned(),
        Standing::Mixed => "some of the rules merge and some do not, which is not supported".to_owned(),
        Standing::Undefined => "has the precedence of another rule: which of them wins is undefined".to_owned(),
        Standing::Silent => "never has a value: the other rules are asked as if it were not there".to_owned(),
        Standing::NoFlow => "no flow".to_owned(),
    }
}

/// `rank 2 of 3, after "X"`
pub fn rank(step: &FlowStep) -> String {
    if step.standing == Standing::Silent {
        return "no rank".to_owned();
    }
    let rank = step.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
    match step.rivals {
        0 | 1 => format!("rank {rank}"),
        rivals => format!("rank {rank} of {rivals} rules"),
    }
}

/// Precedence, link type and what is unusual.
pub fn settings(step: &FlowStep) -> String {
    let mut words = vec![precedence(step)];
    if !step.link_type.is_empty() {
        words.push(format!("link type {}", step.link_type));
    }
    words.extend(unusual(step));
    words.join(", ")
}

/// `precedence 105`
pub fn precedence(step: &FlowStep) -> String {
    let number = step
        .precedence
        .map_or_else(|| "unknown".to_owned(), |number| number.to_string());
    format!("precedence {number}")
}

/// Merge type and apply once, where they are not the usual ones.
pub fn unusual(step: &FlowStep) -> Vec<String> {
    let merge = step.merge_type.iter().map(|merge| format!("merge type {merge}"));
    let once = step.apply_once.then(|| "applied once".to_owned());
    merge.chain(once).collect()
}

/// What a rule that flows nothing does with the attribute.
pub fn use_of(step: &FlowStep) -> &'static str {
    match (step.via.contains(&Via::Scope), step.via.contains(&Via::Join)) {
        (true, true) => "scopes and joins by it",
        (true, false) => "scopes by it",
        _ => "joins by it",
    }
}

/// Where else the name leads.
pub fn hint(hint: &FlowHint, attribute: &str) -> String {
    let way = if hint.feeds { "feeds" } else { "is fed by" };
    format!(
        "{attribute} of {} also {way} the metaverse attribute {} (rule {:?})",
        hint.connector, hint.attribute, hint.rule
    )
}
