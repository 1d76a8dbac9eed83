//! Single edits of a rule that change what it does, and the finding each has
//! to give.

use super::files::Files;
use super::rule_tree::Element;

/// An edit that means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    Disabled,
    LinkType,
    ClauseValue,
    ClauseOperator,
    NewScopeGroup,
    NewFlow,
    LostFlow,
    Source,
    MergeType,
    ApplyOnce,
    JoinOrder,
    JoinAttribute,
    JoinCase,
    Passwords,
    SoftDelete,
    Description,
}

/// All of them.
pub const ALL: [Meant; 16] = [
    Meant::Disabled,
    Meant::LinkType,
    Meant::ClauseValue,
    Meant::ClauseOperator,
    Meant::NewScopeGroup,
    Meant::NewFlow,
    Meant::LostFlow,
    Meant::Source,
    Meant::MergeType,
    Meant::ApplyOnce,
    Meant::JoinOrder,
    Meant::JoinAttribute,
    Meant::JoinCase,
    Meant::Passwords,
    Meant::SoftDelete,
    Meant::Description,
];

/// The finding an edit has to give: its id, and that of one of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub id: &'static str,
    pub part: Option<&'static str>,
}

fn whole(id: &'static str) -> Option<Wanted> {
    Some(Wanted { id, part: None })
}

fn flow(part: Option<&'static str>) -> Option<Wanted> {
    let id = "rule-attribute-flow";
    Some(Wanted { id, part })
}

/// Edits the rule at an index with the first edit from `at` on that it has a part for.
pub fn edit_rule(files: &mut Files, rule: usize, at: usize) -> Option<(String, Meant, Wanted)> {
    let paths = files.rule_paths();
    let text = files.texts.get_mut(&paths[rule % paths.len()])?;
    for step in 0..ALL.len() {
        let edit = ALL[(at + step) % ALL.len()];
        let mut tree = Element::parse(text);
        if let Some(wanted) = apply(edit, &mut tree) {
            *text = tree.write();
            return Some((tree.text_of("name").to_owned(), edit, wanted));
        }
    }
    None
}

/// Makes the edit; `None` when the rule has no such part.
pub fn apply(edit: Meant, rule: &mut Element) -> Option<Wanted> {
    match edit {
        Meant::Disabled => flip(rule.child_mut("disabled")?, "rule-disabled"),
        Meant::Passwords => flip(rule.child_mut("EnablePasswordSync")?, "rule-password-sync"),
        Meant::LinkType => {
            let other = if rule.text_of("linkType") == "Join" {
                "Provision"
            } else {
                "Join"
            };
            rule.set("linkType", other).then(|| whole("rule-link-type"))?
        }
        Meant::SoftDelete => {
            let set = rule.set("softDeleteExpiryInterval", "3.04:05:06");
            set.then(|| whole("rule-soft-delete-expiry"))?
        }
        Meant::Description => {
            let set = rule.set("description", "Another description");
            set.then(|| whole("rule-description"))?
        }
        Meant::ClauseValue => {
            let clause = clause(rule)?;
            // An operator without a value is made one with a value.
            clause.set("csOperator", "EQUAL");
            let value = format!("{}-other", clause.text_of("csValue"));
            clause.set("csValue", &value).then(|| whole("rule-scoping-filter"))?
        }
        Meant::ClauseOperator => {
            let clause = clause(rule)?;
            let other = match clause.text_of("csOperator") {
                "EQUAL" => "NOTEQUAL",
                "NOTEQUAL" => "EQUAL",
                "ISNULL" => "ISNOTNULL",
                _ => "ISNULL",
            };
            clause.set("csOperator", other).then(|| whole("rule-scoping-filter"))?
        }
        Meant::NewScopeGroup => {
            let scope = Element::of(
                "scope",
                vec![
                    Element::leaf("csAttribute", "extensionAttribute15"),
                    Element::leaf("csOperator", "EQUAL"),
                    Element::leaf("csValue", "NewGroup"),
                ],
            );
            let scopes = rule.child_mut("synchronizationCriteria")?;
            scopes.children.push(Element::of("conditions", vec![scope]));
            whole("rule-scoping-filter")
        }
        Meant::NewFlow => {
            let children = vec![
                Element::leaf("dest", "extensionAttribute14"),
                Element::leaf("src", "new constant"),
                Element::leaf("valueMergeType", "Update"),
            ];
            rule.flows().push(Element::of("mapping", children));
            flow(None)
        }
        Meant::LostFlow => {
            let flows = rule.flows();
            let last = flows.pop()?;
            let target = last.text_of("dest").to_owned();
            // With a second flow to the target, the target only loses one of its flows.
            (!flows.iter().any(|flow| flow.text_of("dest") == target)).then(|| flow(None))?
        }
        Meant::Source => source(rule.flows().first_mut()?),
        Meant::MergeType => {
            let first = rule.flows().first_mut()?;
            let other = if first.text_of("valueMergeType") == "Merge" {
                "Update"
            } else {
                "Merge"
            };
            first
                .set("valueMergeType", other)
                .then(|| flow(Some("rule-flow-merge-type")))?
        }
        Meant::ApplyOnce => {
            let first = rule.flows().first_mut()?;
            first.attributes = vec![("execute-once".to_owned(), "True".to_owned())];
            flow(Some("rule-flow-apply-once"))
        }
        Meant::JoinOrder => {
            let groups = &mut rule.child_mut("relationshipCriteria")?.children;
            if groups.len() < 2 || groups[0] == groups[1] {
                return None;
            }
            groups.swap(0, 1);
            whole("rule-join-groups")
        }
        Meant::JoinAttribute => {
            let condition = condition(rule)?;
            condition
                .set("ilmAttribute", "employeeNumber")
                .then(|| whole("rule-join-groups"))?
        }
        Meant::JoinCase => {
            let condition = condition(rule)?;
            let on = matches!(condition.text_of("caseSensitive").to_lowercase().as_str(), "true" | "1");
            condition.children.retain(|child| child.name != "caseSensitive");
            condition
                .children
                .push(Element::leaf("caseSensitive", if on { "False" } else { "True" }));
            whole("rule-join-groups")
        }
    }
}

fn flip(flag: &mut Element, id: &'static str) -> Option<Wanted> {
    let on = matches!(flag.text.to_lowercase().as_str(), "true" | "1");
    flag.text = if on { "False" } else { "True" }.to_owned();
    whole(id)
}

/// Another source of the same kind.
fn source(flow_: &mut Element) -> Option<Wanted> {
    if let Some(expression) = flow_.child_mut("expression") {
        expression.text = format!("Trim({})", expression.text);
        return flow(Some("rule-flow-expression"));
    }
    let source = flow_.child_mut("src")?;
    match source.child_mut("attr") {
        Some(attribute) => attribute.text = "employeeType".to_owned(),
        None => source.text.push_str(" other"),
    }
    flow(Some("rule-flow-source"))
}

fn clause(rule: &mut Element) -> Option<&mut Element> {
    rule.child_mut("synchronizationCriteria")?
        .children
        .first_mut()?
        .children
        .first_mut()
}

fn condition(rule: &mut Element) -> Option<&mut Element> {
    rule.child_mut("relationshipCriteria")?
        .children
        .first_mut()?
        .children
        .first_mut()
}
