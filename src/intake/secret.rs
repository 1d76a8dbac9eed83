//! What of a node may be shown.
//!
//! In: a node of a tree. Out: its content, with secrets replaced by digests
//! that are compared in memory and never written. The shape of a node decides,
//! whatever the catalogue says of it:
//!
//! * elements `cookie`, `water-mark`, all of `encrypted-attributes`, and
//!   elements and attributes named like a credential ([`words`]);
//! * `parameter`s that are encrypted, or named like a credential or like a
//!   cookie; likewise the default value of such a parameter's definition;
//! * within any other value, what looks like a credential ([`mask`]).
//!
//! Must not know: the catalogue, the other server.

use super::mask::{self, Style};
use super::words;
use super::xml::Node;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Something of which only its presence and its equality may be known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// False when the node is there but empty.
    pub present: bool,
    /// Digest for comparing in memory; never written anywhere.
    pub mark: [u8; 32],
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret {{ present: {} }}", self.present)
    }
}

/// Content of a leaf.
#[derive(Clone, PartialEq, Eq)]
pub enum Content<'a> {
    /// An ordinary value.
    Plain(Cow<'a, str>),
    /// A value with secrets inside it.
    Masked {
        /// The value with every secret replaced by the same mask.
        text: Cow<'a, str>,
        /// Digest of what was masked; two values are equal only when this is.
        mark: [u8; 32],
    },
    /// A secret as a whole.
    Secret(Secret),
}

impl std::fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Content::Plain(text) => write!(f, "Plain({text:?})"),
            Content::Masked { text, .. } => write!(f, "Masked({text:?})"),
            Content::Secret(secret) => secret.fmt(f),
        }
    }
}

/// Content of an element's own text.
pub(super) fn of_element<'a>(node: Node<'a>) -> Content<'a> {
    let text = node.text();
    if hides_text(node) {
        whole(&text)
    } else {
        partly(text, style(node))
    }
}

/// Content of an attribute of `node`.
pub(super) fn of_attribute<'a>(node: Node<'a>, name: &str, value: &'a str) -> Content<'a> {
    if hides_attribute(node, name) {
        whole(value)
    } else {
        partly(Cow::Borrowed(value), style(node))
    }
}

fn whole(text: &str) -> Content<'static> {
    let present = !text.trim().is_empty();
    let mut digest = Sha256::new();
    digest.update(b"syncdrift secret\0");
    if present {
        digest.update(text.as_bytes());
    }
    Content::Secret(Secret {
        present,
        mark: digest.finalize().into(),
    })
}

fn partly(text: Cow<'_, str>, style: Style) -> Content<'_> {
    match mask::within(&text, style) {
        None => Content::Plain(text),
        Some((masked, mark)) => Content::Masked {
            text: Cow::Owned(masked),
            mark,
        },
    }
}

/// Text of rules is code in which only connection strings hold secrets.
fn style(node: Node<'_>) -> Style {
    if node.in_rule() { Style::Segments } else { Style::Full }
}

/// Elements that are a secret even in a rule, where names with `password` are ordinary settings.
const IN_RULES: [&str; 5] = ["password", "pwd", "secret", "token", "cookie"];

/// Whether the text of an element is a secret as a whole.
fn hides_text(node: Node<'_>) -> bool {
    let name = node.local_name();
    if node.in_rule() {
        // The product's rules have no such element; whatever wrote one, its text is not for a report.
        return IN_RULES.iter().any(|secret| secret.eq_ignore_ascii_case(name));
    }
    if name == "parameter" {
        return hides_parameter(node);
    }
    if matches!(name, "default-value" | "value") && node.parent().is_some_and(hides_definition) {
        return true;
    }
    is_state(name) || node.is_sealed() || words::is_credential(name)
}

/// Whether the value of an attribute is a secret as a whole.
fn hides_attribute(node: Node<'_>, name: &str) -> bool {
    if node.in_rule() {
        return false;
    }
    if node.local_name() == "parameter" {
        return name == "value" && hides_parameter(node);
    }
    node.is_sealed() || words::is_credential(name)
}

/// Values that a connector keeps for itself; they grant nothing but reveal the state of a directory.
fn is_state(name: &str) -> bool {
    ["cookie", "water-mark", "watermark"]
        .iter()
        .any(|state| state.eq_ignore_ascii_case(name))
}

/// `<parameter name="…" type="…" encrypted="…">value</parameter>`
fn hides_parameter(node: Node<'_>) -> bool {
    if node.is_sealed() {
        return true;
    }
    let encrypted = node.raw_attribute("encrypted").unwrap_or_default().trim();
    if encrypted == "1" || encrypted.eq_ignore_ascii_case("true") {
        return true;
    }
    let name = node.raw_attribute("name").unwrap_or_default();
    let kind = node.raw_attribute("type").unwrap_or_default();
    hides_named(name, kind)
}

/// `<parameter><name>…</name><type>…</type><default-value>value</default-value></parameter>`
fn hides_definition(node: Node<'_>) -> bool {
    if node.local_name() != "parameter" {
        return false;
    }
    let child = |name| node.child(name).map(Node::text).unwrap_or_default();
    hides_parameter(node) || hides_named(&child("name"), &child("type"))
}

fn hides_named(name: &str, kind: &str) -> bool {
    let kind = kind.trim();
    if kind.eq_ignore_ascii_case("encrypted-string") {
        return true;
    }
    // Chosen from a list that the connector offers, or no value at all.
    if ["checkbox", "drop-down", "label", "divider"]
        .iter()
        .any(|fixed| fixed.eq_ignore_ascii_case(kind))
    {
        return false;
    }
    // The product's own settings are documented and none is a credential.
    if name
        .get(..10)
        .is_some_and(|start| start.eq_ignore_ascii_case("microsoft."))
    {
        return false;
    }
    is_state(name.trim()) || words::is_secret_setting(name)
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
