//! What a question is about, once its names are found on the server.
//!
//! In: a question. Out: the attribute's key and where it was found, the object
//! type and connectors that restrict the answer, or the names that may have
//! been meant. Must not know: paths, rules' ranks.

use super::closest::closest;
use super::server::Server;
use super::{Paths, Question};
use crate::report::flow::FoundIn;
use std::collections::BTreeSet;

/// Object types or connectors listed in a message.
const LISTED: usize = 20;

/// Why there is no answer, and what to ask instead.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No rule and no schema of the metaverse has the attribute.
    #[error("no metaverse attribute is called {typed:?}, and no rule names such an attribute of a connector{}", meant(.close))]
    Attribute {
        /// As typed.
        typed: String,
        /// The closest names.
        close: Vec<String>,
    },
    /// The attribute belongs to connectors, but not to the one that was named.
    #[error("no rule of {connector:?} names the attribute {typed:?}; rules of {} do", list(.others))]
    OtherConnector {
        /// As typed.
        typed: String,
        /// The connector.
        connector: String,
        /// Connectors whose rules name it.
        others: Vec<String>,
    },
    /// No such object type in the metaverse.
    #[error("the metaverse has no object type {typed:?}; {attribute} belongs to {}", list(.types))]
    ObjectType {
        /// As typed.
        typed: String,
        /// The attribute.
        attribute: String,
        /// Its object types.
        types: Vec<String>,
    },
    /// The object type has no such attribute.
    #[error("{attribute} is no attribute of {typed:?}; it belongs to {}", list(.types))]
    NotOfType {
        /// As typed.
        typed: String,
        /// The attribute.
        attribute: String,
        /// Its object types.
        types: Vec<String>,
    },
    /// No such connector.
    #[error("no connector is called {typed:?}; there are {}", list(.connectors))]
    Connector {
        /// As typed.
        typed: String,
        /// Those that exist.
        connectors: Vec<String>,
    },
}

fn meant(close: &[String]) -> String {
    match close {
        [] => {
            "; `syncdrift flow` takes the name of a metaverse attribute, or of a connector's attribute that rules name"
                .to_owned()
        }
        close => format!("; did you mean {}?", close.join(", ")),
    }
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("{name:?}")).collect();
    match names.len().saturating_sub(LISTED) {
        0 if shown.is_empty() => "none".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What is asked, by keys.
pub struct Subject {
    /// The attribute.
    pub key: String,
    /// Where it was found.
    pub found_in: FoundIn,
    /// Keys of the connectors whose rules are shown; all when absent.
    connectors: Option<BTreeSet<String>>,
    /// Key and text of the object type that was asked for.
    object_type: Option<(String, String)>,
}

impl Subject {
    /// Finds the names of a question.
    pub fn find(server: &Server<'_>, question: &Question) -> Result<Subject, Unanswered> {
        let mut subject = Subject {
            key: question.attribute.trim().to_lowercase(),
            found_in: FoundIn::Metaverse,
            connectors: question
                .connector
                .as_deref()
                .map(|name| connectors(server, name))
                .transpose()?,
            object_type: question
                .object_type
                .as_ref()
                .map(|typed| (typed.trim().to_lowercase(), typed.clone())),
        };
        if server.schema.contains_key(&subject.key) || server.naming(true, &subject.key).next().is_some() {
            return Ok(subject);
        }
        subject.found_in = FoundIn::Connector;
        let all: BTreeSet<&str> = server
            .naming(false, &subject.key)
            .map(|mention| server.views[mention.rule].connector.as_str())
            .collect();
        if all.is_empty() {
            return Err(unknown_attribute(server, question));
        }
        if !all.iter().any(|connector| subject.of_connector(connector)) {
            return Err(Unanswered::OtherConnector {
                typed: question.attribute.clone(),
                connector: question.connector.clone().unwrap_or_default(),
                others: all
                    .iter()
                    .filter_map(|key| server.connectors.get(*key).cloned())
                    .collect(),
            });
        }
        Ok(subject)
    }

    /// Whether rules of a connector are shown.
    pub fn of_connector(&self, connector: &str) -> bool {
        self.connectors.as_ref().is_none_or(|keys| keys.contains(connector))
    }

    /// Whether rules of a metaverse object type are shown.
    pub fn of_type(&self, object_type: &str, any: &str) -> bool {
        let own = |(key, _): &(String, String)| key == object_type || object_type == any;
        self.object_type.as_ref().is_none_or(own)
    }

    /// Leaves only paths of the object type that was asked for.
    pub fn keep_type(&self, server: &Server<'_>, paths: &mut Paths) -> Result<(), Unanswered> {
        let Some((key, typed)) = &self.object_type else {
            return Ok(());
        };
        let mut found: BTreeSet<String> = paths.keys().map(|(_, own)| server.type_name(own)).collect();
        if found.is_empty() {
            found.extend(server.types.values().cloned());
        }
        let had = paths.len();
        let known = server.types.contains_key(key);
        if known {
            // Where only rules for every type name an attribute, it belongs to this type, too.
            *paths = std::mem::take(paths)
                .into_iter()
                .filter(|((_, own), _)| own == key || *own == server.any)
                .map(|((attribute, _), forward)| ((attribute, key.clone()), forward))
                .collect();
        }
        let attribute = server.spelling(self.found_in == FoundIn::Metaverse, &self.key);
        let (typed, types) = (typed.clone(), found.into_iter().collect());
        match (known, paths.is_empty() && had > 0) {
            (true, false) => Ok(()),
            (true, true) => Err(Unanswered::NotOfType {
                typed,
                attribute,
                types,
            }),
            (false, _) => Err(Unanswered::ObjectType {
                typed,
                attribute,
                types,
            }),
        }
    }
}

fn connectors(server: &Server<'_>, typed: &str) -> Result<BTreeSet<String>, Unanswered> {
    let wanted = typed.trim().to_lowercase();
    let named = server
        .connectors
        .iter()
        .filter(|(_, name)| name.to_lowercase() == wanted);
    let keys: BTreeSet<String> = named.map(|(key, _)| key.clone()).collect();
    if keys.is_empty() {
        return Err(Unanswered::Connector {
            typed: typed.to_owned(),
            connectors: server
                .connectors
                .values()
                .filter(|name| !name.is_empty())
                .cloned()
                .collect(),
        });
    }
    Ok(keys)
}

fn unknown_attribute(server: &Server<'_>, question: &Question) -> Unanswered {
    let rules = server.mentions.iter().map(|mention| mention.name.as_str());
    let schema = server.schema.values().map(|(name, _)| name.as_str());
    // Spellings of one name are one suggestion; the metaverse's comes first.
    let mut seen = BTreeSet::new();
    let names = schema.chain(rules).filter(|name| seen.insert(name.to_lowercase()));
    Unanswered::Attribute {
        typed: question.attribute.clone(),
        close: closest(question.attribute.trim(), names)
            .into_iter()
            .map(str::to_owned)
            .collect(),
    }
}
