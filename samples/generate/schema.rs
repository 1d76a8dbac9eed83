//! Schemas in DSML.
//!
//! In: a schema in short. Out: the `schema` element in the two spellings of the product: prefix `dsml:`
//! with indent (metaverse, Entra connector) and the default namespace on one line (AD connectors).

use crate::Result;
use crate::describe::SchemaText;
use crate::noise::Noise;
use crate::xml::Xml;
use std::collections::BTreeMap;

/// DSML namespace.
const DSML: &str = "http://www.dsml.org/DSML";
/// Namespace of the product's additions.
const MMS: &str = "http://www.microsoft.com/MMS/DSML";

/// One attribute type.
pub struct Attribute<'a> {
    /// Name.
    pub name: &'a str,
    /// Syntax identifier.
    pub syntax: &'static str,
    /// Whether it holds one value.
    pub single: bool,
}

/// The attribute types in the order of the description's kinds.
pub fn attributes(schema: &SchemaText) -> Result<Vec<Attribute<'_>>> {
    let mut found = Vec::new();
    for (kind, names) in &schema.types {
        let (base, single) = kind
            .strip_suffix("-many")
            .map_or((kind.as_str(), true), |base| (base, false));
        let syntax = match base {
            "string" => "1.3.6.1.4.1.1466.115.121.1.15",
            "number" => "1.3.6.1.4.1.1466.115.121.1.27",
            "large-number" => "1.2.840.113556.1.4.906",
            "boolean" => "1.3.6.1.4.1.1466.115.121.1.7",
            "binary" => "1.3.6.1.4.1.1466.115.121.1.40",
            "reference" => "1.3.6.1.4.1.1466.115.121.1.12",
            other => return Err(format!("unknown kind of attribute `{other}`")),
        };
        found.extend(names.split_whitespace().map(|name| Attribute { name, syntax, single }));
    }
    Ok(found)
}

/// The attributes of a class with whether they are required.
pub fn members<'a>(schema: &'a SchemaText, class: &str) -> Result<Vec<(&'a str, bool)>> {
    let text = schema.classes.get(class).ok_or(format!("no class {class}"))?;
    if let Some(other) = text.strip_prefix("= ") {
        return members(schema, other);
    }
    let member = |token: &'a str| token.strip_suffix('!').map_or((token, false), |name| (name, true));
    Ok(text.split_whitespace().map(member).collect())
}

/// Takes an attribute away, from its classes as well; false where there is none.
pub fn remove(schema: &mut SchemaText, name: &str) -> bool {
    let named = |token: &&str| token.strip_suffix('!').unwrap_or(token) == name;
    let mut found = false;
    for text in schema.types.values_mut().chain(schema.classes.values_mut()) {
        found |= text.split_whitespace().any(|token| named(&token));
        *text = without(text, named);
    }
    mark(schema, name, false);
    found
}

/// Adds an attribute of a kind to a class; false where there is no such kind or class.
pub fn add(schema: &mut SchemaText, name: &str, kind: &str, class: &str) -> bool {
    let (Some(types), Some(members)) = (schema.types.get_mut(kind), schema.classes.get_mut(class)) else {
        return false;
    };
    *types = format!("{types} {name}");
    *members = format!("{members} {name}");
    true
}

/// Says whether an attribute can be indexed; false where it is so already.
pub fn mark(schema: &mut SchemaText, name: &str, indexable: bool) -> bool {
    let present = schema.indexable.split_whitespace().any(|token| token == name);
    schema.indexable = without(&schema.indexable, |token| *token == name);
    if indexable {
        schema.indexable = format!("{} {name}", schema.indexable);
    }
    present != indexable
}

fn without(text: &str, named: impl Fn(&&str) -> bool) -> String {
    let kept: Vec<&str> = text.split_whitespace().filter(|token| !named(token)).collect();
    kept.join(" ")
}

/// The spelling with prefixes; `anchor` is the attribute marked as anchor, if any.
pub fn prefixed(xml: &mut Xml, schema: &SchemaText, anchor: Option<&str>) -> Result<()> {
    let indexable: Vec<&str> = schema.indexable.split_whitespace().collect();
    xml.open("schema", &[]);
    xml.open("dsml:dsml", &[("xmlns:ms-dsml", MMS), ("xmlns:dsml", DSML)]);
    xml.open(
        "dsml:directory-schema",
        &[("ms-dsml:no-objectclass-validation", "true")],
    );
    for class in schema.classes.keys() {
        xml.open("dsml:class", &[("id", class), ("type", "structural")]);
        xml.leaf("dsml:name", class);
        for (name, required) in members(schema, class)? {
            let reference = format!("#{name}");
            let mut marks = vec![("ref", reference.as_str()), ("required", flag(required))];
            if anchor == Some(name) {
                marks.push(("ms-dsml:isAnchor", "true"));
            }
            xml.leaf_with("dsml:attribute", &marks, "");
        }
        xml.close();
    }
    for attribute in attributes(schema)? {
        let mut marks = vec![("id", attribute.name), ("single-value", flag(attribute.single))];
        if indexable.contains(&attribute.name) {
            marks.push(("ms-dsml:indexable", "true"));
        }
        xml.open("dsml:attribute-type", &marks);
        xml.leaf("dsml:name", attribute.name);
        xml.leaf("dsml:syntax", attribute.syntax);
        xml.close();
    }
    xml.close();
    xml.close();
    xml.close();
    Ok(())
}

/// The spelling with numbered types and classes; every server numbers them in its own order.
pub fn numbered(xml: &mut Xml, schema: &SchemaText, noise: &Noise, forest: &str) -> Result<()> {
    let mut types = attributes(schema)?;
    noise.shuffle("schema types", forest, &mut types);
    let mut classes: Vec<&String> = schema.classes.keys().collect();
    noise.shuffle("schema classes", forest, &mut classes);
    let numbers: BTreeMap<&str, usize> = types
        .iter()
        .enumerate()
        .map(|(place, item)| (item.name, place))
        .collect();
    xml.open("schema", &[]);
    xml.open("dsml", &[("xmlns", DSML), ("xmlns:m", MMS)]);
    xml.open("directory-schema", &[]);
    for (place, attribute) in types.iter().enumerate() {
        let id = format!("A{}", base36(place));
        let marks: &[(&str, &str)] = if attribute.single {
            &[("id", &id), ("single-value", "true")]
        } else {
            &[("id", &id)]
        };
        xml.open("attribute-type", marks);
        xml.leaf("name", attribute.name);
        xml.leaf("syntax", attribute.syntax);
        xml.close();
    }
    for (place, class) in classes.iter().enumerate() {
        let id = format!("C{}", base36(place));
        xml.open("class", &[("id", &id), ("type", "structural")]);
        xml.leaf("name", class);
        for (name, required) in members(schema, class)? {
            let number = numbers.get(name).ok_or(format!("class {class}: no attribute {name}"))?;
            let reference = format!("#A{}", base36(*number));
            xml.leaf_with("attribute", &[("ref", &reference), ("required", flag(required))], "");
        }
        xml.close();
    }
    xml.close();
    xml.close();
    xml.close();
    Ok(())
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn base36(number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let digit = char::from(DIGITS[number % 36]);
    if number < 36 {
        digit.to_string()
    } else {
        format!("{}{digit}", base36(number / 36))
    }
}
