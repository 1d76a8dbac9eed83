//! Leaves that no row knows: kept under their path with the nearest object.
//!
//! In: a leaf and the walk that met it. Out: an uncatalogued setting, ticked.
//! Must not know: what the leaf means; that is the point.

use super::plan::PlanIndex;
use super::ticks::Use;
use super::walk::{Owner, Walk};
use crate::catalogue::{Class, ids};
use crate::intake::{Content, Node};
use crate::model::{Location, Setting, SettingKey, Value};

impl<'w> Walk<'w, '_> {
    /// A leaf without a row. Where the plan passes through, an empty element is a list without members.
    pub(super) fn unread_leaf(&mut self, node: Node<'w>, places: &[PlanIndex], owner: Owner) {
        let passage = places.iter().any(|&place| self.plan.node(place).is_passage());
        let line = self.tree.line(node);
        let empty = matches!(node.content(), Content::Plain(text) if text.trim().is_empty());
        // Blanks in an empty list are layout.
        let content = if passage && empty {
            Content::Plain("".into())
        } else {
            node.content()
        };
        let how = match self.unknown(None, content, line, owner) {
            Use::Uncatalogued if passage && empty => Use::Compared,
            how => how,
        };
        self.ticks.element(node, how);
    }

    pub(super) fn unknown_leaf(&mut self, node: Node<'w>, owner: Owner) {
        let line = self.tree.line(node);
        let how = self.unknown(None, node.content(), line, owner);
        self.ticks.element(node, how);
    }

    pub(super) fn unknown_attribute(
        &mut self,
        node: Node<'w>,
        name: &str,
        index: usize,
        content: Content<'_>,
        line: u32,
        owner: Owner,
    ) {
        let how = self.unknown(Some(name), content, line, owner);
        self.ticks.attribute(node, index, how);
    }

    /// Text between child elements is a leaf of its own.
    pub(super) fn stray_text(&mut self, node: Node<'w>, owner: Owner) {
        if node.is_mixed() {
            let line = self.tree.line(node);
            let how = self.unknown(Some("text()"), node.content(), line, owner);
            self.ticks.element(node, how);
        }
    }

    /// Keeps a leaf that no row knows, under its path.
    fn unknown(&mut self, attribute: Option<&str>, content: Content<'_>, line: u32, owner: Owner) -> Use {
        let mut path = self.path.clone();
        if let Some(attribute) = attribute {
            if !path.is_empty() {
                path.push('/');
            }
            if attribute != "text()" {
                path.push('@');
            }
            path.push_str(attribute);
        }
        if path.is_empty() {
            path.push('.');
        }
        let (row, how) = match self.deep {
            Some((row, _)) if row.class == Class::Noise => (row.id.as_str(), Use::Noise),
            Some((row, _)) => (row.id.as_str(), Use::Compared),
            None => (ids::UNCATALOGUED, Use::Uncatalogued),
        };
        let settings = &mut self.configuration.objects[owner.object].settings;
        let location = Location { file: self.file, line };
        let (text, marks) = match content {
            Content::Plain(text) => (text.into_owned(), Vec::new()),
            Content::Masked { text, mark } => (text.into_owned(), vec![mark]),
            Content::Secret(secret) => {
                let mut name = format!("{path} (secret)");
                let mut copy = 2;
                while settings.contains_key(&named(row, &name)) {
                    name = format!("{path} (secret {copy})");
                    copy += 1;
                }
                let value = Value::Secret {
                    present: secret.present,
                    mark: secret.mark,
                };
                settings.insert(named(row, &name), Setting::new(value, location, Some(name)));
                return match how {
                    Use::Noise => Use::SecretNoise,
                    _ => Use::Secret,
                };
            }
        };
        let setting = settings
            .entry(named(row, &path))
            .or_insert_with(|| Setting::new(Value::Leaves(Vec::new()), location, Some(path)));
        setting.mark(&marks);
        if let Value::Leaves(leaves) = &mut setting.value {
            leaves.push(text);
        }
        how
    }
}

fn named(row: &'static str, name: &str) -> SettingKey {
    SettingKey {
        row,
        name: Some(name.to_owned()),
    }
}
