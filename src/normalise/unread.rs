//! What a collector could not read of an item that it could read otherwise.
//!
//! In: an element of a bundle's document, and the walk that met it. Out: a gap
//! in place of a setting or an object, and objects that are known in part only;
//! of what nobody judges a note. Must not know: what items mean.

use super::ticks::Use;
use super::walk::{Owner, Walk, leaf_at, plain};
use crate::catalogue::{Class, ObjectKind, Row, Severity};
use crate::intake::{Node, Part, item};
use crate::model::{Gap, on_one_line};

/// What to do about it.
const AGAIN: &str = "run the collector again as a local administrator, or compare it on the servers themselves";

impl<'w> Walk<'w, '_> {
    /// Whether a leaf says that it could not be read; then it is a gap, and no value. Of what nobody judges it is a note.
    pub(super) fn unread(&mut self, node: Node<'w>, row: Option<&'static Row>, owner: Owner) -> bool {
        if !self.is_item() || node.has_elements() {
            return false;
        }
        let text = plain(node);
        let missing = match text.trim() {
            item::UNREADABLE => format!("could not be read; {AGAIN}"),
            text if item::is_shortened(text) => {
                "is too long to be collected; compare it on the servers themselves".to_owned()
            }
            _ => return false,
        };
        let missed = self.is_missed(row);
        let object = &mut self.configuration.objects[owner.object];
        object.partial |= missed;
        let title = row.map_or(self.path.as_str(), |row| row.title.as_str());
        let problem = format!("{}: {title} {missing}", on_one_line(&object.name));
        match missed {
            true => self.missing(node, problem),
            false => self.configuration.bundle.unread.push(problem),
        }
        let noise = row.is_some_and(|row| row.class == Class::Noise);
        self.ticks.element(node, if noise { Use::Noise } else { Use::Compared });
        true
    }

    /// Whether somebody judges what a leaf says, by itself or against an earlier answer.
    fn is_missed(&self, row: Option<&'static Row>) -> bool {
        let root = self.plan.root(&self.tree.root().name());
        let kind = root.and_then(|place| self.plan.node(place).begins);
        let judged = |row: &Row| row.class != Class::Noise && row.severity > Severity::Info;
        kind.is_some_and(|kind| kind.again.is_some()) || row.is_none_or(|row| judged(row) || row.alert.is_some())
    }

    /// Whether an entry of a list that is no object only says what could not be read; then it is a gap.
    pub(super) fn unread_entry(&mut self, node: Node<'w>, owner: Owner) -> bool {
        let said = (self.is_item() && node.is(item::ENTRY)).then(|| node.child(item::PROBLEM));
        let Some(said) = said.flatten().filter(|said| said.says_something()) else {
            return false;
        };
        let said = plain(said);
        let words: Vec<&str> = said.split_whitespace().collect();
        let object = &mut self.configuration.objects[owner.object];
        object.partial = true;
        let problem = format!("{}: {}; {AGAIN}", on_one_line(&object.name), words.join(" "));
        self.missing(node, problem);
        self.ticks.all(node, Use::Compared);
        true
    }

    /// Whether an entry of a list only says what could not be read, or does not say which one it is; then it is a gap, and
    /// no object.
    pub(super) fn unread_object(&mut self, node: Node<'w>, kind: &ObjectKind, owner: Owner) -> bool {
        if !self.is_item() {
            return false;
        }
        let name = kind.key.as_deref().map(|key| leaf_at(node, key)).unwrap_or_default();
        let said = node
            .child(item::PROBLEM)
            .filter(|said| said.says_something())
            .map(plain);
        // Of what has no name nobody knows which one it is.
        let nameless = (name == item::UNREADABLE).then(|| "its name could not be read".to_owned());
        let Some(said) = said.or(nameless) else {
            return false;
        };
        let words: Vec<&str> = said.split_whitespace().collect();
        let problem = format!("{}: {}", on_one_line(&name), words.join(" "));
        // Others of its kind may be missing, too.
        self.configuration.objects[owner.object].partial = true;
        self.missing(node, format!("{problem}; {AGAIN}"));
        self.ticks.all(node, Use::Compared);
        true
    }

    /// Whether the document is an item of a bundle.
    pub(super) fn is_item(&self) -> bool {
        self.tree.root().is_file()
    }

    /// A gap of this document; whoever has its path adds the file.
    fn missing(&mut self, node: Node<'w>, problem: String) {
        let part = Part::gap_of_root(&self.tree.root().name()).unwrap_or_default();
        self.configuration.gaps.push(Gap {
            part,
            problem,
            file: None,
            line: Some(self.tree.line(node)),
            column: Some(1),
        });
    }
}
