//! The shape of catalogue rows.
//!
//! In: the TOML files beside this one, deserialised. Out: typed rows that reader, diff, assess and renderers share.
//! Must not know: any particular setting.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How bad a drift is. Ordered: `Info` is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing, no fault.
    Info,
    /// Hygiene.
    Low,
    /// A function is lost or degraded.
    Medium,
    /// Wrong data is written in the first cycle.
    High,
    /// Do not fail over.
    Block,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Severity; 5] = [
        Severity::Block,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ];

    /// The word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Block => "block",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        }
    }
}

/// What two servers must have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Must be equal after normalisation.
    Equal,
    /// Exactly one server may have it.
    OneActive,
    /// Equal is the fault.
    MustDiffer,
    /// May differ when builds differ.
    Version,
    /// Lives in the tenant.
    Tenant,
    /// The owner decides.
    Policy,
    /// Shown, never judged.
    Info,
    /// Never drift.
    Noise,
}

impl Class {
    /// The word used in the documentation.
    pub fn word(self) -> &'static str {
        match self {
            Class::Equal => "equal",
            Class::OneActive => "one-active",
            Class::MustDiffer => "must-differ",
            Class::Version => "version",
            Class::Tenant => "tenant",
            Class::Policy => "policy",
            Class::Info => "info",
            Class::Noise => "noise",
        }
    }
}

/// Kind of value: how a leaf or sub-tree is read and when two are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// Exact text; absent equals empty.
    Text,
    /// Text over several lines in which white space counts.
    XmlText,
    /// Letter case does not count.
    Name,
    /// Decimal or `0x` hex.
    Number,
    /// True or False in any spelling.
    Flag,
    /// A TimeSpan.
    Interval,
    /// A distinguished name.
    Dn,
    /// A product version.
    Version,
    /// A default rule's immutable tag.
    Tag,
    /// A rule's name: clone time stamps and renames of the service do not count.
    RuleName,
    /// A GUID.
    Guid,
    /// The GUID of another object.
    Reference,
    /// Hex digits, in any case and with or without spaces or colons between them.
    Thumbprint,
    /// A date and time.
    Timestamp,
    /// A synchronization rule expression.
    Expression,
    /// Members without order.
    Set,
    /// DNs without order.
    DnSet,
    /// Members with order.
    List,
    /// One text, members separated by commas, without order.
    CommaSet,
    /// Presence only.
    Secret,
    /// `synchronizationCriteria`.
    ScopeFilter,
    /// `relationshipCriteria`.
    JoinFilter,
    /// `src` of a flow: attributes or a constant.
    FlowSource,
    /// A connector's schema.
    Schema,
}

impl ValueKind {
    /// Whether several leaves make one setting.
    pub fn collects(self) -> bool {
        matches!(self, ValueKind::Set | ValueKind::DnSet | ValueKind::List)
    }

    /// Whether an element is read with all below it.
    pub fn is_tree(self) -> bool {
        matches!(
            self,
            ValueKind::ScopeFilter | ValueKind::JoinFilter | ValueKind::FlowSource | ValueKind::Schema
        )
    }
}

/// Whom or what a value names, for masking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameKind {
    /// A server.
    Server,
    /// An account.
    Account,
    /// A tenant.
    Tenant,
    /// A domain or forest, by DNS name, NetBIOS name or DN.
    Domain,
    /// What an organisation is called in the names of its domains.
    Organisation,
    /// An identifier that no GUID is.
    Identifier,
    /// Hosts in a longer value: addresses, lists of them, the element of a proxy.
    Hosts,
    /// A database, or an instance of a database server.
    Database,
    /// A folder that administrators named.
    Folder,
}

impl NameKind {
    /// Kinds that rows name, in the order in which they are learnt.
    pub const LEARNT: [NameKind; 8] = [
        NameKind::Server,
        NameKind::Account,
        NameKind::Tenant,
        NameKind::Domain,
        NameKind::Identifier,
        NameKind::Hosts,
        NameKind::Database,
        NameKind::Folder,
    ];
}

/// When a row's severity rises. A closed list; `assess` decides each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Predicate {
    /// A live rule that joins, provisions, filters or carries passwords.
    RuleDecidesExistence,
    /// Staging has the older build.
    StagingOlder,
    /// The attribute or parameter is used by a live rule.
    UsedByLiveRule,
    /// The partition is selected.
    SelectedPartition,
    /// Rules compete for an attribute that takes objects out of the scope of the cloud.
    FilteringTarget,
    /// Staging takes in less than the primary.
    NarrowerOnStaging,
    /// An entry of a list of containers is no distinguished name.
    UnreadableContainer,
    /// The connector's library is not the product's.
    ForeignLibrary,
    /// The scheduler's delta cycle runs it.
    ScheduledProfile,
    /// Windows of a server enforces FIPS.
    FipsEnforced,
}

impl Predicate {
    /// The condition in words.
    pub fn words(self) -> &'static str {
        match self {
            Predicate::RuleDecidesExistence => {
                "the rule is enabled and joins, provisions, filters or carries passwords"
            }
            Predicate::StagingOlder => "staging has the older build",
            Predicate::UsedByLiveRule => "an enabled rule uses it",
            Predicate::SelectedPartition => "the partition is selected",
            Predicate::FilteringTarget => "the rules compete for an attribute that filters objects",
            Predicate::NarrowerOnStaging => "staging takes in less than the primary",
            Predicate::UnreadableContainer => "an entry is no distinguished name",
            Predicate::ForeignLibrary => "the connector's library is not Microsoft's",
            Predicate::ScheduledProfile => "the scheduler's delta cycle runs it",
            Predicate::FipsEnforced => "Windows enforces FIPS",
        }
    }
}

/// What a row's setting or object is called in rules, so that its users can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    /// The members are attributes of the connector around it.
    ConnectorAttribute,
    /// The members are object types of the connector around it.
    ConnectorType,
    /// The object is a metaverse attribute.
    MetaverseAttribute,
    /// The object is a metaverse object type.
    MetaverseType,
    /// The object is an attribute of the metaverse object type around it.
    MetaverseBinding,
    /// The setting is a parameter of the server or of the connector around it.
    Parameter,
}

/// One escalation of a row's severity.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The condition.
    pub when: Predicate,
    /// The severity while it holds.
    pub severity: Severity,
}

/// A value that is by itself a fault of its server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// The value.
    pub at: String,
    /// The row of the fault.
    pub row: String,
}

/// Where a row that has no path comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// An object that exists on one server only.
    Presence,
    /// Computed from other settings.
    Derived,
    /// Whatever no row knows.
    Fallback,
}

/// One row: everything known about a setting, a presence or a derived fact.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Row {
    /// Stable kebab-case id.
    pub id: String,
    /// Kind of object it belongs to, or `pair`.
    pub object: String,
    /// Title for people.
    pub title: String,
    /// Where it is read, relative to the object.
    pub path: Option<String>,
    /// Or where it comes from.
    pub source: Option<Source>,
    /// Kind of value; only rows with a path have one.
    pub value: Option<ValueKind>,
    /// Parity class.
    pub class: Class,
    /// Severity when it drifts.
    pub severity: Severity,
    /// When the severity is another.
    #[serde(default)]
    pub escalate: Vec<Escalation>,
    /// Part of a default rule's body, which a newer build may change.
    #[serde(default)]
    pub versioned: bool,
    /// Of a `version` row: builds explain that one server lacks the setting, but not that both have other values.
    #[serde(default)]
    pub explains_absence_only: bool,
    /// Of an item of a bundle: whether every server that answers says it, so that without it the answer is not whole.
    #[serde(default)]
    pub always: bool,
    /// What absence means.
    pub absent: Option<String>,
    /// A value that is the fault when both servers have it.
    pub fault: Option<String>,
    /// Of a fault: what makes all that is known of its server doubtful.
    #[serde(default)]
    pub doubts: bool,
    /// Of a fault: the server was at work when it was collected, which changes no setting.
    #[serde(default)]
    pub unrest: bool,
    /// A value that is a fault of the server that has it, whatever the other one has.
    pub alert: Option<Alert>,
    /// Spellings that mean the same.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// Applies when this sibling is present.
    pub beside: Option<String>,
    /// A parity class for connectors of another key than this one (`equal` there).
    pub only: Option<String>,
    /// Objects whose key, or that of the object around them, is like one of these have the class `policy`.
    #[serde(default)]
    pub except: Vec<String>,
    /// Of a `policy` row: how bad it is that only one server has a value. Nobody decided that.
    pub lacking: Option<Severity>,
    /// A value that says nothing by these words is read as absent.
    #[serde(default)]
    pub says: super::says::Says,
    /// Of a set: the row that has an identifier for each member, in their order. One identifier is one member, whatever its name.
    pub identified_by: Option<String>,
    /// Of a set: members may be accounts of the computer itself, written behind its name.
    #[serde(default)]
    pub of_computer: bool,
    /// Whose name the value is; `--redact` masks it.
    pub mask: Option<NameKind>,
    /// What a member of the set is called.
    pub member: Option<String>,
    /// What rules know it as.
    pub names: Option<Named>,
    /// The row of which this is a second copy, in the same object or in the one object of another kind.
    pub copy_of: Option<String>,
    /// A row of the same object: where that one differs, a server that lacks this setting lacks it for that reason.
    pub goes_with: Option<String>,
    /// The row that says the same as this one of a witness, on the same server.
    pub witness_of: Option<String>,
    /// Of a witness: whether it names the object that the witness speaks of.
    #[serde(default)]
    pub subject: bool,
    /// Why a difference needs no action.
    pub reason: Option<String>,
    /// Why it matters on failover.
    pub why: String,
    /// How to make it equal.
    pub fix: String,
    /// Where this is documented.
    pub reference: String,
}
