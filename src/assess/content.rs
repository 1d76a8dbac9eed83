//! What an object that only one server has holds, as one text to be hashed:
//! its settings are not listed, and yet whoever accepts it accepts all of it.
//!
//! In: an object of a side. Out: text that changes when the object does, the
//! same on every export. Must not know: findings.

use super::context::{Context, Side};
use crate::catalogue::{Class, ids};
use crate::model::{ObjectIndex, SettingKey};

/// Children of every object of a side, found once and only where somebody asks.
pub type Children = Vec<Vec<ObjectIndex>>;

impl Context<'_> {
    /// Everything in an object and below it that is compared.
    fn content(&self, side: Side, object: ObjectIndex) -> String {
        let mut lines = Vec::new();
        self.gather(side, object, "", &mut lines);
        // Files and elements of an export come in any order.
        lines.sort_unstable();
        lines.join("\n")
    }

    /// Everything that a lone object of a pair holds, per side.
    pub fn contents(&self, pair: usize) -> (Option<String>, Option<String>) {
        let of = |side, object: Option<ObjectIndex>| object.map(|object| self.content(side, object));
        let pair = self.pair(pair);
        (of(Side::Primary, pair.left), of(Side::Staging, pair.right))
    }

    fn gather(&self, side: Side, index: ObjectIndex, within: &str, lines: &mut Vec<String>) {
        let object = &self.configuration(side).objects[index];
        let path = format!("{within}/{}:{}#{}", object.kind, object.key, object.ordinal);
        let standard = self.is_standard(side, index);
        lines.push(path.clone());
        for (key, setting) in &object.settings {
            if self.counts(key, standard) {
                let name = key.name.as_deref().unwrap_or_default();
                lines.push(format!("{path} {} {name}={}", key.row, setting.value.canonical()));
            }
        }
        for &child in &self.children(side)[index] {
            self.gather(side, child, &path, lines);
        }
    }

    /// Ids, times and counters differ on every export; numbers of default rules shift with every rule that is added.
    fn counts(&self, key: &SettingKey, standard: bool) -> bool {
        let row = self.row(key.row);
        if row.id == ids::RULE_PRECEDENCE {
            return !standard;
        }
        !matches!(row.class, Class::Noise | Class::Info)
    }

    fn is_standard(&self, side: Side, index: ObjectIndex) -> bool {
        self.view(side, index).is_some_and(|rule| rule.standard)
    }
}
