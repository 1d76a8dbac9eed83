//! Typed views of synchronization rules.
//!
//! In: rule objects with their flows. Out: [`RuleView`]s with what matching,
//! rank and judgement ask for. Must not know: the other server.

use super::Contest;
use crate::catalogue::{Facts, ids};
use crate::model::{Clause, Configuration, NO_TIME, Object, ObjectIndex, Value};
use std::collections::BTreeSet;

/// A default rule's immutable tag: `Microsoft.InfromADUserJoin.005` is the base and version `005`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Version-agnostic tag, letter case folded.
    pub base: String,
    /// The rule's version in the product.
    pub version: String,
}

impl Tag {
    /// Splits a tag at its last dot when digits follow.
    pub fn parse(text: &str) -> Option<Tag> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return None;
        }
        match text.rsplit_once('.') {
            Some((base, version)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) => Some(Tag {
                base: base.to_owned(),
                version: version.to_owned(),
            }),
            _ => Some(Tag {
                base: text,
                version: String::new(),
            }),
        }
    }
}

/// A synchronization rule with its meaning at hand.
#[derive(Debug, Clone)]
pub struct RuleView {
    /// The rule's object.
    pub object: ObjectIndex,
    /// Name as written.
    pub name: String,
    /// Key of the name: clone stamps and renames settled.
    pub name_key: String,
    /// Key of the name of the rule that it was cloned from, as the rules editor names a clone.
    pub cloned_from: Option<String>,
    /// Key of its connector, or the folded GUID when the connector is not in the export.
    pub connector: String,
    /// Whether the connector is in the export.
    pub connector_known: bool,
    /// Direction, letter case folded.
    pub direction: String,
    /// Whether it flows into the metaverse.
    pub inbound: bool,
    /// Object type it reads, folded.
    pub source_type: String,
    /// Whether it reads objects of every type.
    pub any_source: bool,
    /// Object type it writes, folded.
    pub target_type: String,
    /// Whether it runs.
    pub live: bool,
    /// Its tag, for default rules.
    pub tag: Option<Tag>,
    /// Whether the product brought it.
    pub standard: bool,
    /// Its precedence number.
    pub precedence: Option<i64>,
    /// Whether it creates objects where there are none.
    pub creates: bool,
    /// Whether it creates objects, or keeps them alive.
    pub provisions: bool,
    /// Whether it flows nothing: a link type may keep the link and nothing else.
    pub mute: bool,
    /// Whether its link type does nothing without flows and joins; one that is not known may do anything.
    pub plain: bool,
    /// Whether it has join groups.
    pub joins: bool,
    /// Whether it carries passwords.
    pub passwords: bool,
    /// Whether it takes objects out of scope.
    pub filters: bool,
    /// Whether objects that leave it are kept for a while.
    pub delays_deletion: bool,
    /// Its flows.
    pub flows: Vec<ObjectIndex>,
    /// Those of its flows that never have a value: their expression is a word that stands for none.
    pub silent: Vec<ObjectIndex>,
    /// Flows, clauses and join conditions, each as one text; sorted. What two rules share is their similarity.
    pub features: Vec<String>,
    /// Its GUID, folded.
    pub guid: String,
}

impl RuleView {
    /// What one of its flows feeds.
    pub fn target(&self, configuration: &Configuration, flow: ObjectIndex) -> Contest {
        Contest {
            connector: if self.inbound {
                String::new()
            } else {
                self.connector.clone()
            },
            object_type: self.target_type.clone(),
            attribute: configuration.objects[flow].key.clone(),
        }
    }

    /// Whether objects come, go or keep passwords because of this rule.
    pub fn decides_existence(&self) -> bool {
        self.joins || self.provisions || self.filters || self.passwords
    }

    /// Its flows that can have a value.
    pub fn speaking(&self) -> impl Iterator<Item = ObjectIndex> {
        self.flows.iter().copied().filter(|flow| !self.silent.contains(flow))
    }

    /// Whether its flows run.
    pub fn flowing(&self) -> bool {
        self.live && !self.mute
    }

    /// Whether it does more than to flow values: then rules that flow the same do not make up for it.
    pub fn does_more_than_flow(&self) -> bool {
        self.decides_existence() || self.delays_deletion || !self.plain
    }

    /// Whether it does anything at all.
    pub fn has_effect(&self) -> bool {
        self.live && (self.does_more_than_flow() || !self.flows.is_empty())
    }
}

/// Groups of a rule's scoping filter; none where it takes every object.
pub fn scope_of(rule: &Object) -> &[Vec<Clause>] {
    match rule.value(ids::RULE_SCOPE) {
        Some(Value::Scope(groups)) => groups,
        _ => &[],
    }
}

/// Views of all rules, in the order of their objects.
pub fn rules(configuration: &Configuration, facts: &Facts) -> Vec<RuleView> {
    let children = configuration.children();
    let connectors: BTreeSet<&str> = configuration
        .of_kind(ids::kinds::CONNECTOR)
        .map(|(_, connector)| connector.key.as_str())
        .collect();
    configuration
        .of_kind(ids::kinds::RULE)
        .map(|(index, object)| view(configuration, index, object, &children[index], &connectors, facts))
        .collect()
}

fn view(
    configuration: &Configuration,
    index: ObjectIndex,
    object: &Object,
    children: &[ObjectIndex],
    connectors: &BTreeSet<&str>,
    facts: &Facts,
) -> RuleView {
    let (connector, connector_known) = connector(object, connectors);
    let flows: Vec<ObjectIndex> = children
        .iter()
        .copied()
        .filter(|&child| configuration.objects[child].kind == ids::kinds::FLOW)
        .collect();
    let tag = Tag::parse(&object.display(ids::RULE_TAG));
    let standard = tag
        .as_ref()
        .is_some_and(|tag| tag.base.starts_with(&facts.standard_tag_prefix.to_lowercase()));
    let link_type = object.canonical(ids::RULE_LINK_TYPE);
    let direction = object.canonical(ids::RULE_DIRECTION);
    let silent: Vec<ObjectIndex> = flows
        .iter()
        .copied()
        .filter(|&flow| {
            let expression = configuration.objects[flow].canonical(ids::FLOW_EXPRESSION);
            facts.words_without_value.contains(&expression)
        })
        .collect();
    let filters = flows.iter().filter(|flow| !silent.contains(flow)).any(|&flow| {
        let target = &configuration.objects[flow].key;
        facts
            .filtering_attributes
            .iter()
            .any(|attribute| attribute.eq_ignore_ascii_case(target))
    });
    RuleView {
        object: index,
        name: object.name.clone(),
        name_key: object.key.clone(),
        cloned_from: cloned_from(&object.key, facts),
        connector,
        connector_known,
        inbound: direction == facts.inbound.to_lowercase(),
        direction,
        any_source: object.canonical(ids::RULE_SOURCE_TYPE) == facts.any_object_type,
        source_type: object.canonical(ids::RULE_SOURCE_TYPE),
        target_type: object.canonical(ids::RULE_TARGET_TYPE),
        live: object.canonical(ids::RULE_DISABLED) != "true",
        standard,
        tag,
        precedence: object.canonical(ids::RULE_PRECEDENCE).parse().ok(),
        provisions: is_one_of(&facts.provisioning_link_types, &link_type),
        creates: is_one_of(&facts.creating_link_types, &link_type),
        mute: is_one_of(&facts.mute_link_types, &link_type),
        plain: is_one_of(&facts.plain_link_types, &link_type),
        // A group without conditions finds nobody.
        joins: matches!(object.value(ids::RULE_JOIN), Some(Value::Join(groups)) if groups.iter().any(|group| !group.is_empty())),
        passwords: object.canonical(ids::RULE_PASSWORD) == "true",
        filters,
        // A length that cannot be read may be any.
        delays_deletion: !matches!(object.canonical(ids::RULE_SOFT_DELETE).as_str(), "" | NO_TIME),
        features: features(configuration, object, &flows),
        flows,
        silent,
        guid: crate::model::fold_guid(&object.display(ids::RULE_IDENTIFIER)),
    }
}

fn is_one_of(known: &[String], word: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The name in front of the marks of a clone, or of a clone of a clone.
fn cloned_from(name_key: &str, facts: &Facts) -> Option<String> {
    let marker = facts.clone_marker.trim_end_matches(['-', ' ']).to_lowercase();
    let mut name = name_key;
    while let Some(before) = name.strip_suffix(&marker).filter(|_| !marker.is_empty()) {
        name = before;
    }
    (name.len() < name_key.len()).then(|| name.to_owned())
}

/// Key of a rule's connector, and whether the connector is in the export.
fn connector(object: &Object, connectors: &BTreeSet<&str>) -> (String, bool) {
    match object.value(ids::RULE_CONNECTOR) {
        Some(Value::Reference { raw, target }) => match target {
            Some(target) => (target.key.clone(), connectors.contains(target.key.as_str())),
            None => (crate::model::fold_guid(raw), false),
        },
        _ => (String::new(), false),
    }
}

fn features(configuration: &Configuration, object: &Object, flows: &[ObjectIndex]) -> Vec<String> {
    let mut features: Vec<String> = flows
        .iter()
        .map(|&flow| {
            let flow = &configuration.objects[flow];
            let expression = flow.canonical(ids::FLOW_EXPRESSION);
            let what = if expression.is_empty() {
                flow.canonical(ids::FLOW_SOURCE)
            } else {
                expression
            };
            format!(
                "flow {} {} {} {what}",
                flow.key,
                flow.canonical(ids::FLOW_MERGE_TYPE),
                flow.canonical(ids::FLOW_APPLY_ONCE)
            )
        })
        .collect();
    for row in [ids::RULE_SCOPE, ids::RULE_JOIN] {
        let canonical = object.canonical(row);
        features.extend(
            canonical
                .split(['\n', '\u{1}'])
                .filter(|part| !part.is_empty())
                .map(|part| format!("{row} {part}")),
        );
    }
    features.sort_unstable();
    features
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[test]
    fn tags_split_at_their_version() {
        let tag = Tag::parse("Microsoft.InfromADUserJoin.005").unwrap();
        assert_eq!(
            (tag.base.as_str(), tag.version.as_str()),
            ("microsoft.infromaduserjoin", "005")
        );
        assert_eq!(Tag::parse("  "), None);
        assert_eq!(Tag::parse("Own.Tag").unwrap().version, "");
    }
}
