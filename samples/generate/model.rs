//! The servers in full.
//!
//! In: the descriptions. Out: one [`Server`] per entry of `servers.toml`, with every rule expanded to its
//! connector and with the differences applied.

use crate::describe::{
    About, Connectors, Differences, Domain, RuleText, Rules, SchemaText, Servers, Shared, StepText, read,
};
use crate::noise::Noise;
use crate::{Result, differ, rule};
use std::collections::BTreeMap;

/// Identifier of the Entra connector on every server.
pub const ENTRA: &str = "b891884f-051e-4a83-95af-2544101c9083";

/// Options of a connection to a forest, as the wizard sets them.
const OPTIONS: [(&str, &str); 2] = [("sign-and-seal", "1"), ("default-ssl-strength", "0")];

/// Everything that one export shows.
pub struct Server {
    /// Name, dates and habits of the server.
    pub about: About,
    /// Build of the product.
    pub build: String,
    /// First domain of the tenant.
    pub tenant: String,
    /// Source of identifiers and times.
    pub noise: Noise,
    /// Global parameters.
    pub settings: BTreeMap<String, String>,
    /// Metaverse schema.
    pub metaverse: SchemaText,
    /// Schema and object types of the forests.
    pub active_directory: Shared,
    /// Schema and object types of the Entra connector.
    pub entra: Shared,
    /// Name of the server whose account the Entra connector uses: its own.
    pub account_of: String,
    /// Forests.
    pub directories: Vec<Directory>,
    /// Rules.
    pub rules: Vec<Rule>,
}

/// A forest's connector.
#[derive(Clone)]
pub struct Directory {
    /// Name of the forest: the key of the connector.
    pub forest: String,
    /// Name of the connector.
    pub name: String,
    /// NetBIOS name.
    pub netbios: String,
    /// Whether password hashes are synchronized.
    pub password_hash_sync: bool,
    /// Partitions.
    pub domains: Vec<Domain>,
    /// Selected attributes.
    pub attributes: Vec<String>,
    /// Schema as discovered.
    pub schema: SchemaText,
    /// Options of the connection, each written as an element and as a parameter.
    pub options: BTreeMap<String, String>,
    /// Steps that differ from the others, by run profile and partition.
    pub steps: BTreeMap<(String, String), StepText>,
}

/// A rule of one connector.
#[derive(Clone, Default)]
pub struct Rule {
    /// Name.
    pub name: String,
    /// Immutable tag, empty for a custom rule.
    pub tag: String,
    /// Forest, or `entra`.
    pub on: String,
    /// Source object type.
    pub source: String,
    /// Target object type.
    pub target: String,
    /// Precedence.
    pub precedence: u32,
    /// Link type.
    pub link: String,
    /// Description.
    pub description: String,
    /// Whether the rule is off.
    pub disabled: bool,
    /// Whether passwords are synchronized.
    pub password_sync: bool,
    /// Soft delete expiry interval.
    pub soft_delete: String,
    /// Scope groups of clauses: attribute, operator, value.
    pub scope: Vec<Vec<[String; 3]>>,
    /// Join groups of conditions: connector attribute, metaverse attribute, case-sensitive or not.
    pub join: Vec<Vec<(String, String, bool)>>,
    /// Attribute flows.
    pub flows: Vec<Flow>,
}

/// An attribute flow.
#[derive(Clone)]
pub struct Flow {
    /// Target attribute.
    pub target: String,
    /// Where the value comes from.
    pub source: Source,
    /// Merge type.
    pub merge: String,
    /// Apply once.
    pub once: bool,
}

/// Where the value of a flow comes from.
#[derive(Clone, PartialEq)]
pub enum Source {
    /// Another attribute.
    Direct(String),
    /// A fixed text.
    Constant(String),
    /// An expression.
    Expression(String),
}

impl Rule {
    /// Whether the rule writes to the metaverse.
    pub fn is_inbound(&self) -> bool {
        self.name.starts_with("In from")
    }

    /// What tells the rule from the others of its server, for its identifier.
    pub fn key(&self) -> String {
        format!("{}/{}", self.on, self.name)
    }
}

/// Reads the descriptions and builds all servers.
pub fn build() -> Result<Vec<Server>> {
    let servers: Servers = read("servers.toml", include_str!("servers.toml"))?;
    let connectors: Connectors = read("connectors.toml", include_str!("connectors.toml"))?;
    let settings: BTreeMap<String, String> = read("settings.toml", include_str!("settings.toml"))?;
    let metaverse: SchemaText = read("metaverse.toml", include_str!("metaverse.toml"))?;
    let mut texts: Vec<RuleText> = Vec::new();
    for (name, text) in [
        ("rules-custom.toml", include_str!("rules-custom.toml")),
        ("rules-inbound.toml", include_str!("rules-inbound.toml")),
        ("rules-outbound.toml", include_str!("rules-outbound.toml")),
    ] {
        texts.extend(read::<Rules>(name, text)?.rule);
    }
    let differences: [Differences; 2] = [
        read("drifts.toml", include_str!("drifts.toml"))?,
        read("harmless.toml", include_str!("harmless.toml"))?,
    ];
    let mut built = Vec::new();
    for about in servers.servers {
        let mut server = Server {
            noise: Noise::of(&about.name),
            build: servers.build.clone(),
            tenant: servers.tenant.clone(),
            settings: settings.clone(),
            metaverse: metaverse.clone(),
            active_directory: connectors.active_directory.clone(),
            entra: connectors.entra.clone(),
            account_of: about.name.clone(),
            directories: directories(&connectors),
            rules: rules(&texts, &connectors, about.first_precedence)?,
            about,
        };
        for list in &differences {
            differ::apply(&mut server, list)?;
        }
        limit(&mut server);
        shuffle(&mut server);
        built.push(server);
    }
    Ok(built)
}

/// Leaves out what a small server does not have.
fn limit(server: &mut Server) {
    if let Some(forests) = server.about.only_forests.clone() {
        server
            .directories
            .retain(|directory| forests.contains(&directory.forest));
        server
            .rules
            .retain(|rule| rule.on == "entra" || forests.contains(&rule.on));
    }
    if let Some(words) = server.about.only_rules.clone() {
        server
            .rules
            .retain(|rule| words.iter().any(|word| rule.name.contains(word.as_str())));
    }
}

/// The forests as described.
fn directories(connectors: &Connectors) -> Vec<Directory> {
    let shared = &connectors.active_directory;
    let left_out: Vec<&str> = shared.not_selected.split_whitespace().collect();
    let names = shared.schema.types.values().flat_map(|text| text.split_whitespace());
    let mut attributes: Vec<String> = names
        .filter(|name| !left_out.contains(name))
        .map(str::to_owned)
        .collect();
    attributes.sort_by_key(|name| name.to_lowercase());
    let directory = |text: &crate::describe::DirectoryText| Directory {
        forest: text.forest.clone(),
        name: text.forest.clone(),
        netbios: text.netbios.clone(),
        password_hash_sync: text.password_hash_sync,
        domains: text.domains.clone(),
        attributes: attributes.clone(),
        schema: shared.schema.clone(),
        options: OPTIONS.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        steps: BTreeMap::new(),
    };
    connectors.directories.iter().map(directory).collect()
}

/// One rule for each connector that a description names; standard rules are numbered in file order.
fn rules(texts: &[RuleText], connectors: &Connectors, first: u32) -> Result<Vec<Rule>> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut standard = first;
    for text in texts {
        let places: Vec<&str> = match text.on.as_str() {
            "ad" => connectors
                .directories
                .iter()
                .map(|directory| directory.forest.as_str())
                .collect(),
            place => vec![place],
        };
        let body = rule::expand(text, texts)?;
        for (offset, place) in (0..).zip(places) {
            let precedence = match text.precedence {
                Some(number) => number + offset,
                None => {
                    standard += 1;
                    standard - 1
                }
            };
            rules.push(Rule {
                on: place.to_owned(),
                precedence,
                disabled: body.disabled || text.disabled_on.iter().any(|name| name == place),
                ..body.clone()
            });
        }
    }
    Ok(rules)
}

/// Another order of everything that has none, on the servers that say so.
fn shuffle(server: &mut Server) {
    if !server.about.shuffled {
        return;
    }
    let noise = &server.noise;
    for rule in &mut server.rules {
        let key = rule.key();
        noise.shuffle("flows", &key, &mut rule.flows);
        noise.shuffle("groups", &key, &mut rule.scope);
        for group in &mut rule.scope {
            noise.shuffle("clauses", &key, group);
        }
        for group in &mut rule.join {
            noise.shuffle("conditions", &key, group);
        }
    }
}
