//! Typed values and when two of them are equal.
//!
//! In: what `normalise` read. Out: canonical and displayed forms, and how two
//! values relate. Must not know: which setting has the value.

use super::schema::Schema;
use std::collections::BTreeSet;

/// Canonical text of an interval without length.
pub const NO_TIME: &str = "0 s";

/// Mark of a secret that a snapshot left out: nobody knows whether it is another one's.
pub const WITHHELD: [u8; 32] = [0; 32];

/// A clause of a scoping filter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause {
    /// Attribute (connector space for inbound rules, metaverse for outbound ones).
    pub attribute: String,
    /// Operator as the product writes it (`EQUAL`, `ISNOTNULL` …).
    pub operator: String,
    /// Value to compare with; `None` where the export has no such element, which means the same as an empty one.
    pub value: Option<String>,
    /// The value with GUIDs replaced by what they point to, where it holds one.
    pub resolved: Option<String>,
}

/// A condition of a join group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinCondition {
    /// Connector space attribute.
    pub connector_attribute: String,
    /// Metaverse attribute.
    pub metaverse_attribute: String,
    /// Whether letter case counts.
    pub case_sensitive: bool,
    /// The flag as written; `None` where it is absent, which means False.
    pub case_written: Option<String>,
}

/// A member of a set or list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// What is compared.
    pub canonical: String,
    /// As written.
    pub raw: String,
}

/// A setting's value. Equality that matters to an operator is that of
/// [`Value::canonical`]; `==` compares what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, compared as its canonical form (letter case, spelling and aliases are settled when it is read).
    Text {
        /// As written in the export.
        raw: String,
        /// What is compared.
        canonical: String,
    },
    /// A synchronization rule expression.
    Expression {
        /// As written.
        raw: String,
        /// Without layout: two texts that differ here differ in more than white space.
        tokens: String,
        /// What is compared; `None` when the text could not be tokenised.
        canonical: Option<String>,
    },
    /// Members without order.
    Set(Vec<Member>),
    /// Members in an order that counts.
    List(Vec<Member>),
    /// Scoping filter: groups (any) of clauses (all).
    Scope(Vec<Vec<Clause>>),
    /// Join filter: groups in order, each of conditions (all).
    Join(Vec<Vec<JoinCondition>>),
    /// A pointer to another object by its GUID.
    Reference {
        /// The GUID as written.
        raw: String,
        /// Key and name of what it points to, once known.
        target: Option<Target>,
    },
    /// Something that is never shown: only whether it is there and whether it is the same.
    Secret {
        /// False when the node is there but empty.
        present: bool,
        /// A digest for comparing in memory; never written anywhere.
        mark: [u8; 32],
    },
    /// Leaves at a path that no catalogue row knows, in document order.
    Leaves(Vec<String>),
    /// A connector's schema: one line per [`Fact`](super::Fact), numbers resolved to names, in the order of the file (which means nothing).
    Schema(Schema),
}

/// What a [`Value::Reference`] points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Key that is the same on both servers (`ad:contoso.com`).
    pub key: String,
    /// Name as an operator knows it.
    pub name: String,
}

/// How two values relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// The same, or different only in layout, which is no difference.
    Equal,
    /// Written differently, meaning the same.
    Equivalent,
    /// Different.
    Different,
}

impl Value {
    /// Plain text that is compared as it stands.
    pub fn text(raw: impl Into<String>) -> Self {
        let raw = raw.into();
        Value::Text {
            canonical: raw.clone(),
            raw,
        }
    }

    /// What is compared, as one text. Never contains a secret.
    pub fn canonical(&self) -> String {
        match self {
            Value::Text { canonical, .. } => canonical.clone(),
            Value::Expression { tokens, canonical, .. } => canonical.clone().unwrap_or_else(|| tokens.clone()),
            Value::Set(members) => {
                let mut sorted: Vec<&str> = members.iter().map(|m| m.canonical.as_str()).collect();
                sorted.sort_unstable();
                sorted.dedup();
                sorted.join("\n")
            }
            Value::List(members) => members
                .iter()
                .map(|m| m.canonical.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
            Value::Leaves(leaves) => leaves.join("\n"),
            Value::Schema(schema) => {
                let mut sorted: Vec<&str> = schema.text().lines().collect();
                sorted.sort_unstable();
                sorted.dedup();
                sorted.join("\n")
            }
            Value::Scope(groups) => canonical_scope(groups),
            Value::Join(groups) => canonical_join(groups),
            Value::Reference { raw, target } => match target {
                Some(target) => target.key.clone(),
                None => fold_guid(raw),
            },
            Value::Secret { present, .. } => (if *present { "present" } else { "empty" }).to_owned(),
        }
    }

    /// How this value relates to the same setting's value on the other server.
    pub fn compare(&self, other: &Value) -> Sameness {
        match (self, other) {
            (Value::Secret { present: a, mark: m }, Value::Secret { present: b, mark: n }) => {
                if a == b && (m == n || [m, n].contains(&&WITHHELD)) {
                    Sameness::Equal
                } else {
                    Sameness::Different
                }
            }
            (Value::Expression { tokens: a, .. }, Value::Expression { tokens: b, .. }) if a == b => Sameness::Equal,
            _ if self == other => Sameness::Equal,
            (Value::Schema(a), Value::Schema(b)) if !a.hides_the_same(b) => Sameness::Different,
            _ if self.canonical() == other.canonical() => {
                if self.layout_free() == other.layout_free() {
                    Sameness::Equal
                } else {
                    Sameness::Equivalent
                }
            }
            _ => Sameness::Different,
        }
    }

    /// The value with order and layout removed but its spelling kept: what differs here is worth an entry of its own.
    fn layout_free(&self) -> Vec<String> {
        let mut parts: Vec<String> = match self {
            Value::Text { raw, .. } | Value::Reference { raw, .. } => return vec![raw.clone()],
            Value::Expression { tokens, .. } => return vec![tokens.clone()],
            Value::Set(members) => members.iter().map(|m| m.raw.clone()).collect(),
            Value::List(members) => return members.iter().map(|m| m.raw.clone()).collect(),
            Value::Leaves(leaves) => return leaves.clone(),
            // What is said twice is written differently.
            Value::Schema(schema) => return vec![schema.text().lines().count().to_string()],
            Value::Scope(groups) => {
                let clause = |c: &Clause| format!("{} {} {:?}", c.attribute, c.operator, c.value);
                groups.iter().map(|group| sorted(group, clause).join("\n")).collect()
            }
            Value::Join(groups) => {
                let condition = |c: &JoinCondition| {
                    format!(
                        "{}={} {:?}",
                        c.connector_attribute, c.metaverse_attribute, c.case_written
                    )
                };
                return groups.iter().map(|group| sorted(group, condition).join("\n")).collect();
            }
            Value::Secret { .. } => return Vec::new(),
        };
        parts.sort_unstable();
        parts
    }

    /// Text as an operator would write it.
    pub fn display(&self) -> String {
        match self {
            Value::Text { raw, .. } => raw.clone(),
            Value::Expression { raw, .. } => raw.trim().to_owned(),
            Value::Set(members) => {
                // As they are called: what is compared may be an identifier.
                let mut sorted: Vec<&Member> = members.iter().collect();
                sorted.sort_by_cached_key(|member| (member.raw.to_lowercase(), *member));
                sorted.iter().map(|m| m.raw.as_str()).collect::<Vec<_>>().join(", ")
            }
            Value::List(members) => members.iter().map(|m| m.raw.as_str()).collect::<Vec<_>>().join(", "),
            Value::Leaves(leaves) => leaves.join(", "),
            Value::Schema(schema) => format!("{} entries", schema.text().lines().count()),
            Value::Scope(groups) => display_scope(groups),
            Value::Join(groups) => display_join(groups),
            Value::Reference { raw, target } => target
                .as_ref()
                .map_or_else(|| raw.clone(), |target| target.name.clone()),
            Value::Secret { present, .. } => (if *present { "(secret)" } else { "(empty)" }).to_owned(),
        }
    }
}

/// Boolean-looking values and attribute names do not differ by letter case; groups and clauses have no order.
fn canonical_scope(groups: &[Vec<Clause>]) -> String {
    /// More groups than this are compared as they stand.
    const MANY: usize = 256;
    let mut sets: Vec<BTreeSet<String>> = groups
        .iter()
        .map(|group| {
            let clause = |c: &Clause| {
                format!(
                    "{} {} {}",
                    c.attribute.to_lowercase(),
                    c.operator.to_uppercase(),
                    fold_boolean(c.resolved.as_deref().or(c.value.as_deref()).unwrap_or_default())
                )
            };
            group.iter().map(clause).collect()
        })
        .collect();
    sets.sort_unstable();
    sets.dedup();
    if sets.len() <= MANY {
        // (a) OR (a AND b) is (a): a group that another one contains adds nothing.
        let all = sets.clone();
        sets.retain(|set| {
            !all.iter()
                .any(|other| other != set && !other.is_empty() && other.is_subset(set))
        });
    }
    sets.iter()
        .map(|set| set.iter().map(String::as_str).collect::<Vec<_>>().join("\u{1}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Groups of a join filter are tried in order; conditions inside one are not ordered.
fn canonical_join(groups: &[Vec<JoinCondition>]) -> String {
    let condition = |c: &JoinCondition| {
        let case = if c.case_sensitive { " cs" } else { "" };
        format!(
            "{}={}{case}",
            c.connector_attribute.to_lowercase(),
            c.metaverse_attribute.to_lowercase()
        )
    };
    let group = |group: &Vec<JoinCondition>| {
        let mut conditions = sorted(group, condition);
        conditions.dedup();
        conditions.join("\u{1}")
    };
    // A group that was tried before finds nobody new.
    let mut tried = BTreeSet::new();
    let groups = groups.iter().map(group).filter(|group| tried.insert(group.clone()));
    groups.collect::<Vec<_>>().join("\n")
}

/// The members of a group as texts, in an order of their own.
fn sorted<T>(group: &[T], text: impl Fn(&T) -> String) -> Vec<String> {
    let mut texts: Vec<String> = group.iter().map(text).collect();
    texts.sort_unstable();
    texts
}

/// `(a EQUAL b AND c ISNULL) OR (d NOTEQUAL e)`; `(every object)` when there is no filter.
pub fn display_scope(groups: &[Vec<Clause>]) -> String {
    if groups.is_empty() {
        return "(every object)".to_owned();
    }
    let several = groups.len() > 1;
    groups
        .iter()
        .map(|group| {
            let text = group.iter().map(display_clause).collect::<Vec<_>>().join(" AND ");
            if several || group.is_empty() {
                format!("({text})")
            } else {
                text
            }
        })
        .collect::<Vec<_>>()
        .join(" OR ")
}

/// One clause: `department EQUAL Sales`.
pub fn display_clause(clause: &Clause) -> String {
    match clause.value.as_deref().filter(|value| !value.is_empty()) {
        Some(value) => format!("{} {} {value}", clause.attribute, clause.operator),
        None => format!("{} {}", clause.attribute, clause.operator),
    }
}

/// `1. a = b AND c = d (case-sensitive); 2. …`; `(none)` when the rule does not join.
pub fn display_join(groups: &[Vec<JoinCondition>]) -> String {
    if groups.is_empty() {
        return "(none)".to_owned();
    }
    groups
        .iter()
        .enumerate()
        .map(|(index, group)| format!("{}. {}", index + 1, display_join_group(group)))
        .collect::<Vec<_>>()
        .join("; ")
}

/// One join group: `a = b AND c = d (case-sensitive)`.
pub fn display_join_group(group: &[JoinCondition]) -> String {
    group
        .iter()
        .map(|c| {
            format!(
                "{} = {}{}",
                c.connector_attribute,
                c.metaverse_attribute,
                if c.case_sensitive { " (case-sensitive)" } else { "" }
            )
        })
        .collect::<Vec<_>>()
        .join(" AND ")
}

fn fold_boolean(value: &str) -> String {
    if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") {
        value.to_ascii_lowercase()
    } else {
        value.to_owned()
    }
}

/// A GUID in lower case without braces; other text only trimmed and lowered.
pub fn fold_guid(text: &str) -> String {
    text.trim()
        .trim_start_matches('{')
        .trim_end_matches('}')
        .to_ascii_lowercase()
}
