//! The end-to-end path of one attribute of one server: connector attribute,
//! inbound rules, metaverse attribute, outbound rules, target.
//!
//! In: a configuration and a question. Out: what [`report::flow`](crate::report::flow)
//! holds, or why the question cannot be answered and what may have been meant;
//! and, for the pictures of two servers, how the rules at one target stand to each
//! other and what they are called.
//! Must not know: the other server, formats, files.
//!
//! A name that the metaverse knows is a metaverse attribute, whatever
//! connectors call theirs; flows between a connector's attribute of that name
//! and another metaverse attribute are hints. A name that only connectors know
//! leads to the metaverse attributes at the other end of its flows.

mod closest;
mod contest;
mod server;
mod step;
mod subject;
mod words;

pub use contest::{Place, Ranking};
pub use server::Server;
pub use subject::Unanswered;
pub use words::{scope, source};

use crate::catalogue::Catalogue;
use crate::derive::{Mention, Part};
use crate::model::Configuration;
use crate::report::flow::{FlowHint, FlowPath, FlowStep, FoundIn, Standing};
use std::collections::{BTreeMap, BTreeSet};
use step::Steps;
use subject::Subject;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Name of an attribute of the metaverse or of a connector.
    pub attribute: String,
    /// Only this metaverse object type.
    pub object_type: Option<String>,
    /// Only rules of this connector.
    pub connector: Option<String>,
}

/// The answer; see [`crate::report::flow::Flow`] for the fields.
#[derive(Debug)]
pub struct Traced {
    /// The attribute in the spelling of the server.
    pub attribute: String,
    /// Where it was found.
    pub found_in: FoundIn,
    /// Metaverse attributes and object types.
    pub paths: Vec<FlowPath>,
    /// Inbound rules.
    pub inbound: Vec<FlowStep>,
    /// Outbound rules.
    pub outbound: Vec<FlowStep>,
    /// Ways that are not shown.
    pub see_also: Vec<FlowHint>,
    /// Disabled rules that name the attribute.
    pub disabled_rules: usize,
}

/// A metaverse attribute and an object type, by their keys, and whether something flows into it that was asked for:
/// only then what becomes of it belongs to the answer.
type Paths = BTreeMap<(String, String), bool>;

/// Follows an attribute.
///
/// # Errors
/// The server has no such attribute, object type or connector.
pub fn trace(configuration: &Configuration, catalogue: &Catalogue, question: &Question) -> Result<Traced, Unanswered> {
    let server = Server::of(configuration, catalogue);
    let subject = Subject::find(&server, question)?;
    let mut paths = match subject.found_in {
        FoundIn::Metaverse => of_metaverse(&server, &subject),
        FoundIn::Connector => of_connectors(&server, &subject),
    };
    subject.keep_type(&server, &mut paths)?;
    let mut steps = Steps::new(&server, &subject);
    let (mut inbound, mut outbound) = (Vec::new(), Vec::new());
    for ((attribute, object_type), forward) in &paths {
        inbound.extend(steps.inbound(attribute, object_type));
        outbound.extend(steps.outbound(attribute, object_type, *forward));
    }
    if subject.found_in == FoundIn::Connector {
        let (left, right) = steps.apart();
        inbound.extend(left);
        outbound.extend(right);
    }
    let path = |(attribute, object_type): &(String, String)| FlowPath {
        attribute: server.spelling(true, attribute),
        object_type: server.type_name(object_type),
    };
    let metaverse = subject.found_in == FoundIn::Metaverse;
    Ok(Traced {
        attribute: server.spelling(metaverse, &subject.key),
        found_in: subject.found_in,
        paths: paths.keys().map(path).collect(),
        inbound,
        outbound,
        see_also: if metaverse {
            hints(&server, &subject)
        } else {
            Vec::new()
        },
        disabled_rules: disabled(&server, &subject, metaverse),
    })
}

fn of_metaverse(server: &Server<'_>, subject: &Subject) -> Paths {
    let types = server.types_of(&subject.key).into_iter();
    types
        .map(|object_type| ((subject.key.clone(), object_type), true))
        .collect()
}

/// What flows from or to the connectors' attribute.
fn of_connectors(server: &Server<'_>, subject: &Subject) -> Paths {
    let mut paths = Paths::new();
    for mention in server.naming_live(false, &subject.key) {
        let view = &server.views[mention.rule];
        if !subject.of_connector(&view.connector) {
            continue;
        }
        let own = server.metaverse_type(view);
        for other in server.other_end(mention) {
            let types = if own == server.any {
                server.types_of(&other.key)
            } else {
                BTreeSet::from([own.to_owned()])
            };
            for object_type in types {
                *paths.entry((other.key.clone(), object_type)).or_default() |= view.inbound;
            }
        }
    }
    paths
}

/// Flows between a connector's attribute of this name and other metaverse attributes.
fn hints(server: &Server<'_>, subject: &Subject) -> Vec<FlowHint> {
    let mut found = BTreeSet::new();
    for mention in server.naming_live(false, &subject.key) {
        let view = &server.views[mention.rule];
        let others: Vec<&Mention> = server.other_end(mention).collect();
        // A flow that reads this attribute, too, is on the path already.
        let on_path = others.iter().any(|other| other.key == subject.key);
        let asked = subject.of_connector(&view.connector) && subject.of_type(server.metaverse_type(view), &server.any);
        if on_path || !asked {
            continue;
        }
        found.extend(others.into_iter().map(|other| FlowHint {
            attribute: server.spelling(true, &other.key),
            feeds: matches!(mention.part, Part::Reads(_)),
            connector: server.connectors.get(&view.connector).cloned().unwrap_or_default(),
            rule: view.name.clone(),
        }));
    }
    found.into_iter().collect()
}

fn disabled(server: &Server<'_>, subject: &Subject, metaverse: bool) -> usize {
    let rules: BTreeSet<usize> = server
        .naming(metaverse, &subject.key)
        .map(|mention| mention.rule)
        .filter(|&rule| {
            let view = &server.views[rule];
            let own = server.metaverse_type(view);
            !view.live && subject.of_connector(&view.connector) && subject.of_type(own, &server.any)
        })
        .collect();
    rules.len()
}

/// The first by rank, whatever that is worth.
fn wins(standing: Standing, rank: Option<usize>) -> bool {
    !matches!(standing, Standing::NoFlow | Standing::Silent) && rank == Some(1)
}
