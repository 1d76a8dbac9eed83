//! Synchronization rules.
//!
//! In: a rule in short. Out: the expanded rule, and its file `SynchronizationRule_{guid}.xml`.

use crate::Result;
use crate::describe::{BodyText, RuleText};
use crate::layout;
use crate::model::{ENTRA, Flow, Rule, Server, Source};
use crate::output::File;
use crate::xml::Xml;

/// Hint elements that point to no rule.
const NO_RULE: &str = "{00000000-0000-0000-0000-000000000000}";

/// A rule with its body, still without connector and precedence.
pub fn expand(text: &RuleText, all: &[RuleText]) -> Result<Rule> {
    let mut rule = match &text.like {
        None => Rule {
            link: "Join".to_owned(),
            soft_delete: "00:00:00".to_owned(),
            ..Rule::default()
        },
        Some(other) => {
            let model = all.iter().find(|candidate| candidate.name == *other);
            expand(model.ok_or(format!("{}: no rule {other}", text.name))?, all)?
        }
    };
    rule.name = text.name.clone();
    rule.tag = tag(text);
    if let Some(types) = &text.types {
        let (source, target) = types
            .split_once(" > ")
            .ok_or(format!("{}: types need ` > `", text.name))?;
        (rule.source, rule.target) = (source.to_owned(), target.to_owned());
    }
    change(&mut rule, &text.body)?;
    Ok(rule)
}

/// Puts the given parts into a rule; flows replace the flow to the same target.
pub fn change(rule: &mut Rule, body: &BodyText) -> Result<()> {
    let name = rule.name.clone();
    assign(&mut rule.link, &body.link);
    assign(&mut rule.description, &body.description);
    assign(&mut rule.disabled, &body.disabled);
    assign(&mut rule.password_sync, &body.password_sync);
    assign(&mut rule.soft_delete, &body.soft_delete);
    if let Some(groups) = &body.scope {
        rule.scope = groups.iter().map(|group| scope_group(group)).collect::<Result<_>>()?;
    }
    if let Some(groups) = &body.join {
        rule.join = groups.iter().map(|group| join_group(group)).collect::<Result<_>>()?;
    }
    for token in body.copy.iter().flat_map(|text| text.split_whitespace()) {
        let (target, source) = token.split_once("<-").unwrap_or((token, token));
        flow(rule, target, Source::Direct(source.to_owned()));
    }
    for token in body.trim.iter().flat_map(|text| text.split_whitespace()) {
        flow(rule, token, Source::Expression(format!("Trim([{token}])")));
    }
    for line in body.flows.iter().flatten() {
        let parts: Vec<&str> = line.splitn(3, ' ').collect();
        match parts[..] {
            [target, "<-", source] => flow(rule, target, Source::Direct(source.to_owned())),
            [target, ":=", expression] => flow(rule, target, Source::Expression(expression.to_owned())),
            [target, "=", constant] => flow(rule, target, Source::Constant(constant.to_owned())),
            _ => return Err(format!("{name}: cannot read the flow `{line}`")),
        }
    }
    for (target, merge) in body.merge.iter().flatten() {
        find(rule, target)?.merge = merge.clone();
    }
    if let Some(targets) = &body.once {
        rule.flows.iter_mut().for_each(|flow| flow.once = false);
        for target in targets {
            find(rule, target)?.once = true;
        }
    }
    Ok(())
}

/// The tag of a standard rule: `006` becomes `Microsoft.InfromADUserJoin.006`.
fn tag(text: &RuleText) -> String {
    match &text.tag {
        None => String::new(),
        Some(whole) if whole.contains('.') => whole.clone(),
        Some(version) => {
            let letters: String = text.name.chars().filter(char::is_ascii_alphanumeric).collect();
            format!("Microsoft.{letters}.{version}")
        }
    }
}

fn assign<T: Clone>(place: &mut T, value: &Option<T>) {
    if let Some(value) = value {
        *place = value.clone();
    }
}

fn flow(rule: &mut Rule, target: &str, source: Source) {
    if let Some(present) = rule.flows.iter_mut().find(|flow| flow.target == target) {
        present.source = source;
        return;
    }
    rule.flows.push(Flow {
        target: target.to_owned(),
        source,
        merge: "Update".to_owned(),
        once: false,
    });
}

fn find<'a>(rule: &'a mut Rule, target: &str) -> Result<&'a mut Flow> {
    let name = rule.name.clone();
    let found = rule.flows.iter_mut().find(|flow| flow.target == target);
    found.ok_or(format!("{name}: no flow to {target}"))
}

fn scope_group(text: &str) -> Result<Vec<[String; 3]>> {
    let clause = |text: &str| {
        let parts: Vec<&str> = text.splitn(3, ' ').collect();
        match parts[..] {
            [attribute, operator] => Ok([attribute.to_owned(), operator.to_owned(), String::new()]),
            [attribute, operator, value] => Ok([attribute.to_owned(), operator.to_owned(), value.to_owned()]),
            _ => Err(format!("cannot read the clause `{text}`")),
        }
    };
    text.split(" & ").map(clause).collect()
}

fn join_group(text: &str) -> Result<Vec<(String, String, bool)>> {
    let condition = |text: &str| {
        let (pair, exact) = text.strip_suffix(" (case)").map_or((text, false), |pair| (pair, true));
        let (left, right) = pair
            .split_once(" = ")
            .ok_or(format!("cannot read the condition `{text}`"))?;
        Ok((left.to_owned(), right.to_owned(), exact))
    };
    text.split(" & ").map(condition).collect()
}

/// The rule's file.
pub fn file(server: &Server, rule: &Rule) -> Result<File> {
    let id = server.noise.braced("rule", &rule.key());
    let connector = match rule.on.as_str() {
        "entra" => ENTRA.to_owned(),
        forest => server.noise.guid("connector", forest),
    };
    let mut xml = Xml::new();
    xml.open("synchronizationRule", &[]);
    xml.leaf("id", &id);
    xml.leaf("internal-id", &id);
    xml.leaf(
        "version",
        &(1 + server.noise.number("rule version", &rule.key(), 9)).to_string(),
    );
    xml.leaf("name", &rule.name);
    xml.leaf("description", &rule.description);
    xml.leaf("immutable-tag", &rule.tag);
    xml.leaf("direction", if rule.is_inbound() { "Inbound" } else { "Outbound" });
    xml.leaf("disabled", if rule.disabled { "True" } else { "False" });
    xml.leaf("connector", &format!("{{{connector}}}"));
    xml.leaf("sourceObjectType", &rule.source);
    xml.leaf("targetObjectType", &rule.target);
    xml.leaf("linkType", &rule.link);
    xml.leaf("precedence", &rule.precedence.to_string());
    xml.leaf("precedence-after", NO_RULE);
    xml.leaf("precedence-before", NO_RULE);
    xml.leaf("softDeleteExpiryInterval", &rule.soft_delete);
    xml.leaf("EnablePasswordSync", if rule.password_sync { "true" } else { "false" });
    mappings(server, rule, &mut xml);
    criteria(rule, &mut xml);
    Ok(File {
        folder: "SynchronizationRules",
        name: format!("SynchronizationRule_{id}.xml"),
        bytes: layout::encode(&server.about, &server.noise, &rule.key(), &xml.finish()),
    })
}

fn mappings(server: &Server, rule: &Rule, xml: &mut Xml) {
    xml.open("attribute-mappings", &[]);
    for flow in &rule.flows {
        let once: &[(&str, &str)] = if flow.once { &[("execute-once", "true")] } else { &[] };
        xml.open("mapping", once);
        xml.leaf("dest", &flow.target);
        match &flow.source {
            Source::Direct(attribute) => sources(xml, &[attribute.as_str()]),
            Source::Constant(text) => xml.leaf("src", text),
            Source::Expression(expression) => {
                // As in the product: at most two of the attributes that the expression reads.
                let mut read: Vec<&str> = Vec::new();
                for attribute in attributes(expression) {
                    if read.len() < 2 && !read.contains(&attribute) {
                        read.push(attribute);
                    }
                }
                if !read.is_empty() {
                    sources(xml, &read);
                }
                let place = format!("{}/{}", rule.key(), flow.target);
                if layout::is_indented(&server.about, &server.noise, &place, expression) {
                    xml.leaf("expression", &layout::indent(expression));
                } else {
                    xml.leaf("expression", expression);
                }
            }
        }
        xml.leaf("valueMergeType", &flow.merge);
        xml.close();
    }
    xml.close();
}

fn sources(xml: &mut Xml, attributes: &[&str]) {
    xml.open("src", &[]);
    for attribute in attributes {
        xml.leaf("attr", attribute);
    }
    xml.close();
}

fn criteria(rule: &Rule, xml: &mut Xml) {
    xml.open("relationshipCriteria", &[]);
    for group in &rule.join {
        xml.open("conditions", &[]);
        for (left, right, exact) in group {
            xml.open("condition", &[]);
            if *exact {
                xml.leaf("caseSensitive", "True");
            }
            xml.leaf("csAttribute", left);
            xml.leaf("ilmAttribute", right);
            xml.close();
        }
        xml.close();
    }
    xml.close();
    xml.open("synchronizationCriteria", &[]);
    for group in &rule.scope {
        xml.open("conditions", &[]);
        for [attribute, operator, value] in group {
            xml.open("scope", &[]);
            xml.leaf("csAttribute", attribute);
            xml.leaf("csOperator", operator);
            xml.leaf("csValue", value);
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

/// The attributes in brackets that an expression reads, `dn` left out.
pub fn attributes(expression: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Every second piece between quotation marks is code, the others are strings.
    for code in expression.split('"').step_by(2) {
        for piece in code.split('[').skip(1) {
            match piece.split_once(']') {
                Some((name, _)) if name != "dn" => found.push(name),
                _ => {}
            }
        }
    }
    found
}
