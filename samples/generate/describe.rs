//! The shape of the descriptions.
//!
//! In: the TOML files of this folder, compiled in. Out: plain values, nothing expanded yet.
//! Unknown keys are errors, so a typing mistake cannot silently drop a case.

use crate::Result;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// `servers.toml`: the servers and what makes each of them a machine of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Servers {
    /// Build of the product, the same on all servers.
    pub build: String,
    /// First domain of the tenant.
    pub tenant: String,
    /// The servers, each written to a folder of its own.
    #[serde(rename = "server")]
    pub servers: Vec<About>,
}

/// One server without its configuration.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct About {
    /// Folder below the samples folder.
    pub folder: String,
    /// Computer name; identifiers, accounts and counters are derived from it.
    pub name: String,
    /// Whether the server is in staging mode.
    pub staging: bool,
    /// Day of installation, `2026-03-14`.
    pub installed: String,
    /// Day of the last change, `2026-11-18`.
    pub changed: String,
    /// Time of the export, `2026-11-20 23:30:04.127`.
    pub exported: String,
    /// Time of the next cycle, RFC 1123.
    pub next_start: String,
    /// Precedence of the first standard rule.
    pub first_precedence: u32,
    /// Number in the name of the domain controllers that this server talks to.
    pub domain_controller: u32,
    /// Whether order without meaning (flows, clauses, groups, object types) is another one.
    pub shuffled: bool,
    /// Whether long expressions have line breaks and indent.
    pub indented: bool,
    /// Whether some files were re-saved by an editor (UTF-16LE with CRLF, UTF-8 with a byte order mark).
    pub resaved: bool,
    /// Whether domain identifiers are in capitals.
    pub upper_case_domains: bool,
    /// The forests that the server has; all of them where there is no list.
    #[serde(default)]
    pub only_forests: Option<Vec<String>>,
    /// Words of which a rule's name must have one; any name where there is no list.
    #[serde(default)]
    pub only_rules: Option<Vec<String>>,
    /// Whether the export lies in a bundle of the collector.
    #[serde(default)]
    pub bundle: bool,
    /// Rules whose files end in the middle.
    #[serde(default)]
    pub cut: Vec<String>,
}

/// A DSML schema in short: names separated by blanks.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SchemaText {
    /// Class name to its attributes (`!` marks a required one); `= user` copies another class.
    pub classes: BTreeMap<String, String>,
    /// Kind (`string`, `number`, `boolean`, `binary`, `reference`; `-many` for multi-valued) to attributes.
    pub types: BTreeMap<String, String>,
    /// Attributes that can be searched.
    #[serde(default)]
    pub indexable: String,
}

/// `connectors.toml`: the forests and the tenant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Connectors {
    /// Forests in the order in which they were added.
    #[serde(rename = "directory")]
    pub directories: Vec<DirectoryText>,
    /// What all forests have in common.
    pub active_directory: Shared,
    /// The Entra connector.
    pub entra: Shared,
}

/// Schema and selections of one kind of connector.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Shared {
    /// Schema as discovered.
    pub schema: SchemaText,
    /// Attributes of the schema that are not selected.
    #[serde(default)]
    pub not_selected: String,
    /// Selected object types.
    pub object_types: String,
}

/// One forest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DirectoryText {
    /// Name of the forest, also the connector's name.
    pub forest: String,
    /// NetBIOS name of the forest root.
    pub netbios: String,
    /// Whether password hashes of the forest are synchronized.
    pub password_hash_sync: bool,
    /// Domains of the forest.
    #[serde(rename = "domain")]
    pub domains: Vec<Domain>,
}

/// One domain: a partition of the connector.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Domain {
    /// Distinguished name.
    pub dn: String,
    /// NetBIOS name.
    pub netbios: String,
    /// Whether the domain is read.
    pub selected: bool,
    /// Containers left out.
    #[serde(default)]
    pub exclusions: Vec<String>,
    /// Containers taken in.
    #[serde(default)]
    pub inclusions: Vec<String>,
}

/// A rules file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Rules in the order of their precedence.
    pub rule: Vec<RuleText>,
}

/// One rule in short; it stands for one rule per connector it is on.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleText {
    /// Name; `In from` or `Out to` decides the direction.
    pub name: String,
    /// Version of a standard rule's tag, or the whole tag where it cannot be built from the name.
    pub tag: Option<String>,
    /// `ad` (every forest), `entra` or the name of a forest.
    pub on: String,
    /// Source and target object type, `user > person`.
    pub types: Option<String>,
    /// Another rule whose body is taken over.
    pub like: Option<String>,
    /// Precedence of a custom rule; on several forests the numbers follow each other.
    pub precedence: Option<u32>,
    /// Forests on which the rule is off.
    #[serde(default)]
    pub disabled_on: Vec<String>,
    /// Everything that can also differ between servers.
    #[serde(flatten)]
    pub body: BodyText,
}

/// The parts of a rule that a description or a difference gives; what is absent stays as it is.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BodyText {
    /// `Provision`, `Join` (the default) or `StickyJoin`.
    pub link: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Whether the rule is off.
    pub disabled: Option<bool>,
    /// Whether passwords of the objects in scope are synchronized.
    pub password_sync: Option<bool>,
    /// Time span, `30.00:00:00`.
    pub soft_delete: Option<String>,
    /// Scope groups (OR) of clauses joined by ` & `, each `attribute OPERATOR value`.
    pub scope: Option<Vec<String>>,
    /// Join groups (in order) of conditions joined by ` & `, each `source = metaverse`.
    pub join: Option<Vec<String>>,
    /// Direct flows, `target` or `target<-source`, separated by blanks.
    pub copy: Option<String>,
    /// Flows that trim the attribute of the same name, separated by blanks.
    pub trim: Option<String>,
    /// Other flows: `target <- source`, `target := expression`, `target = constant`.
    pub flows: Option<Vec<String>>,
    /// Merge types other than `Update`, by target.
    pub merge: Option<BTreeMap<String, String>>,
    /// Targets that are written once; replaces the whole list.
    pub once: Option<Vec<String>>,
}

/// `drifts.toml` and `harmless.toml`: what differs between the servers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differences {
    /// Differences in rules.
    #[serde(default)]
    pub rule: Vec<RuleDifference>,
    /// Differences in global settings.
    #[serde(default)]
    pub setting: Vec<SettingDifference>,
    /// Differences in connectors.
    #[serde(default)]
    pub connector: Vec<ConnectorDifference>,
    /// Differences in schemas.
    #[serde(default)]
    pub schema: Vec<SchemaDifference>,
}

/// Another body, name or precedence of a rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDifference {
    /// What it shows, for the reader of the file.
    pub shows: String,
    /// Severity to expect, `policy`, `lint`, or `same` when it must not count.
    pub expect: String,
    /// Folder of the server that gets it.
    pub server: String,
    /// Name of the rule.
    pub rule: String,
    /// Forest or `entra`; without it every rule of that name.
    pub on: Option<String>,
    /// Takes the rule away from that server.
    #[serde(default)]
    pub remove: bool,
    /// New name.
    pub rename: Option<String>,
    /// New precedence.
    pub precedence: Option<u32>,
    /// New parts of the rule.
    #[serde(default)]
    pub set: BodyText,
}

/// Another value of a global setting.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingDifference {
    /// What it shows, for the reader of the file.
    pub shows: String,
    /// Severity to expect, `policy`, `lint`, or `same` when it must not count.
    pub expect: String,
    /// Folder of the server that gets it.
    pub server: String,
    /// Name of the parameter.
    pub name: String,
    /// Value on that server.
    pub value: String,
}

/// Another option or selection in a connector.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConnectorDifference {
    /// What it shows, for the reader of the file.
    pub shows: String,
    /// Severity to expect, `policy`, `lint`, or `same` when it must not count.
    pub expect: String,
    /// Folder of the server that gets it.
    pub server: String,
    /// Forest, or `entra`.
    pub connector: String,
    /// New name of the connector.
    pub rename: Option<String>,
    /// Server whose account the Entra connector uses, by its name.
    pub account_of: Option<String>,
    /// Connection options by name; each stands in the export as an element and as a parameter.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Attribute that is no longer selected.
    pub deselect: Option<String>,
    /// Domain whose containers are replaced by the two lists below.
    pub domain: Option<String>,
    /// Containers left out.
    pub exclusions: Option<Vec<String>>,
    /// Containers taken in.
    pub inclusions: Option<Vec<String>>,
    /// Run profile whose step on `domain` gets what follows.
    pub profile: Option<String>,
    /// The step in full where it differs from the others.
    #[serde(default)]
    pub step: StepText,
}

/// What can differ in a step of a run profile.
#[derive(Deserialize, Clone, Default, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StepText {
    /// Takes the step away.
    #[serde(default)]
    pub remove: bool,
    /// Objects after which the run stops; none without it.
    pub object_limit: Option<u32>,
    /// Page size; 500 without it.
    pub page_size: Option<u32>,
}

/// Another attribute in a schema.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SchemaDifference {
    /// What it shows, for the reader of the file.
    pub shows: String,
    /// Severity to expect, `policy`, `lint`, or `same` when it must not count.
    pub expect: String,
    /// Folder of the server that gets it.
    pub server: String,
    /// Forest, or `metaverse`.
    pub of: String,
    /// Name of the attribute.
    pub attribute: String,
    /// Takes the attribute away, from its classes as well.
    #[serde(default)]
    pub remove: bool,
    /// Kind of the new attribute, as in [`SchemaText::types`].
    pub add: Option<String>,
    /// Class that gets the new attribute.
    pub to: Option<String>,
    /// Whether the attribute can be indexed.
    pub indexable: Option<bool>,
}

/// Reads one description; `name` is for the message.
pub fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|problem| format!("{name}: {problem}"))
}
