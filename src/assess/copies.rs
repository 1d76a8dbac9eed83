//! Settings that stand in an export twice, as element and as parameter.
//!
//! In: the changed settings of an object and rows that say `copy-of`. Out:
//! what each change is: folded under the other copy, alone, or a sign that the
//! two copies of one server disagree. Must not know: which settings these are.

use super::context::{Context, Side};
use crate::catalogue::Row;
use crate::diff::SettingChange;
use crate::model::SettingKey;
use crate::report::Detail;
use std::collections::BTreeMap;

/// What a changed setting is among the copies.
#[derive(Debug, Clone)]
pub enum Role {
    /// It has no copy, or the copy tells nothing.
    Alone,
    /// The same change as its original's; listed there.
    Folded,
    /// A finding of its own: with the copy that is listed under it, and a sentence where the two disagree on one server.
    First {
        /// The other copy's change.
        parts: Vec<Detail>,
        /// Which server has two values, and which.
        disagree: Option<String>,
    },
}

/// The copies among the changed settings of one object.
#[derive(Debug, Default)]
pub struct Copies {
    roles: BTreeMap<SettingKey, Role>,
}

impl Copies {
    /// Finds them.
    pub fn of(context: &Context<'_>, pair: usize, settings: &[SettingChange]) -> Copies {
        let mut copies = Copies::default();
        let changed = |key: &SettingKey| settings.iter().any(|change| change.key == *key);
        let kind = context.kind(pair);
        for row in context.catalogue.rows.iter().filter(|row| row.object == kind) {
            let Some(original) = row.copy_of.as_deref().map(|id| context.row(id)) else {
                continue;
            };
            if let (Some(copy), Some(original)) = (own_key(row), own_key(original))
                && (changed(&copy) || changed(&original))
            {
                copies.judge(context, pair, &original, &copy, changed(&original) && changed(&copy));
            }
        }
        copies
    }

    /// The role of a changed setting.
    pub fn role(&self, key: &SettingKey) -> Role {
        self.roles.get(key).cloned().unwrap_or(Role::Alone)
    }

    fn judge(&mut self, context: &Context<'_>, pair: usize, original: &SettingKey, copy: &SettingKey, both: bool) {
        let agree = [Side::Primary, Side::Staging].map(|side| agree(context, pair, side, original, copy));
        let disagree = match agree {
            [Some(true), Some(true)] if both => None,
            [Some(true), Some(false)] => Some(sentence(context, pair, Side::Staging, original, copy)),
            [Some(false), Some(true)] => Some(sentence(context, pair, Side::Primary, original, copy)),
            _ => return,
        };
        if !both {
            let parts = Vec::new();
            // Only one of the two changed; nobody asks for the other.
            self.roles.insert(
                original.clone(),
                Role::First {
                    parts: Vec::new(),
                    disagree: disagree.clone(),
                },
            );
            self.roles.insert(copy.clone(), Role::First { parts, disagree });
            return;
        }
        let parts = vec![context.setting_detail(context.row(copy.row), pair, copy)];
        self.roles.insert(original.clone(), Role::First { parts, disagree });
        self.roles.insert(copy.clone(), Role::Folded);
    }
}

/// What the two copies say on the server where they part.
fn sentence(context: &Context<'_>, pair: usize, side: Side, original: &SettingKey, copy: &SettingKey) -> String {
    let shown = |key: &SettingKey| {
        let setting = context.setting(pair, side, key);
        quoted(&setting.map(|setting| setting.value.display()).unwrap_or_default())
    };
    format!(
        "On {} the two copies of this setting disagree: the element says {}, the parameter says {}.",
        context.server_name(side),
        shown(original),
        shown(copy)
    )
}

fn own_key(row: &'static Row) -> Option<SettingKey> {
    // Rows of the compiled-in catalogue live as long as the program.
    crate::catalogue::Catalogue::builtin()
        .row(&row.id)
        .map(|row| SettingKey::row(&row.id))
}

/// Whether both copies of a side are there and say the same; `None` where one is missing.
fn agree(context: &Context<'_>, pair: usize, side: Side, original: &SettingKey, copy: &SettingKey) -> Option<bool> {
    let value = |key| {
        context
            .setting(pair, side, key)
            .map(|setting| setting.value.canonical())
    };
    Some(value(original)? == value(copy)?)
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        format!("\"{text}\"")
    }
}
