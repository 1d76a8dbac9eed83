//! Settings that stand in an export twice, as element and as parameter.
//!
//! In: the changed settings of an object and rows that say `copy-of`. Out:
//! what each change is: folded under the other copy, alone, or a sign that the
//! two copies of one server disagree. Must not know: which settings these are.

use super::context::{Context, Side};
use crate::catalogue::Row;
use crate::diff::SettingChange;
use crate::model::{Sameness, SettingKey};
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
        /// Where the two disagree.
        disagree: Option<Disagree>,
    },
}

/// One server has two values.
#[derive(Debug, Clone)]
pub struct Disagree {
    /// Which, in a sentence.
    pub sentence: String,
    /// Of which server, and what the copy says there; only where the copy is of another object.
    pub copy: Option<(Side, &'static Row, String)>,
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
        let changed = |place: &Place| match place.pair == pair {
            true => settings.iter().any(|change| change.key == place.key),
            false => differs(context, place),
        };
        let kind = context.kind(pair);
        for row in &context.catalogue.rows {
            let Some(original) = row.copy_of.as_deref().map(|id| context.row(id)) else {
                continue;
            };
            if row.object != kind && original.object != kind {
                continue;
            }
            let place = |row: &'static Row| {
                let own = row.object == kind;
                let pair = if own { Some(pair) } else { context.only(&row.object) };
                Some(Place {
                    pair: pair?,
                    key: own_key(row)?,
                })
            };
            let (Some(copy), Some(original)) = (place(context.row(&row.id)), place(original)) else {
                continue;
            };
            let (first, second) = (changed(&original), changed(&copy));
            if first || second {
                copies.judge(context, &original, &copy, first && second);
            }
        }
        copies
    }

    /// The role of a changed setting.
    pub fn role(&self, key: &SettingKey) -> Role {
        self.roles.get(key).cloned().unwrap_or(Role::Alone)
    }

    fn judge(&mut self, context: &Context<'_>, original: &Place, copy: &Place, both: bool) {
        let agree = [Side::Primary, Side::Staging].map(|side| agree(context, side, original, copy));
        let disagree = match agree {
            [Some(true), Some(true)] if both => None,
            [Some(true), Some(false)] => Some(told(context, Side::Staging, original, copy)),
            [Some(false), Some(true)] => Some(told(context, Side::Primary, original, copy)),
            _ => return,
        };
        if !both {
            let parts = Vec::new();
            // Only one of the two changed; nobody asks for the other.
            self.roles.insert(
                original.key.clone(),
                Role::First {
                    parts: Vec::new(),
                    disagree: disagree.clone(),
                },
            );
            self.roles.insert(copy.key.clone(), Role::First { parts, disagree });
            return;
        }
        let parts = vec![context.setting_detail(context.row(copy.key.row), copy.pair, &copy.key)];
        self.roles.insert(original.key.clone(), Role::First { parts, disagree });
        self.roles.insert(copy.key.clone(), Role::Folded);
    }
}

/// Whether a row is a copy of a setting of another object that is equal on both servers, too: that one is the finding.
pub fn of_equal(context: &Context<'_>, row: &'static Row) -> bool {
    let original = row.copy_of.as_deref().map(|id| context.row(id));
    let Some(original) = original.filter(|original| original.object != row.object) else {
        return false;
    };
    let Some(pair) = context.only(&original.object) else {
        return false;
    };
    let value = |side| {
        let setting = context.setting(pair, side, &SettingKey::row(original.id.as_str()));
        setting
            .map(|setting| setting.value.canonical())
            .filter(|text| !text.is_empty())
    };
    value(Side::Primary).is_some_and(|left| value(Side::Staging) == Some(left))
}

/// Whether a copy is missing on one server only because nothing repeats the original there, which is compared by itself.
pub fn said_by_original(context: &Context<'_>, row: &'static Row, pair: usize, key: &SettingKey) -> bool {
    let original = row.copy_of.as_deref().map(|id| context.row(id));
    let Some(original) = original.filter(|original| original.object != row.object) else {
        return false;
    };
    let says = |pair, side, key: &SettingKey| {
        let setting = context.setting(pair, side, key);
        setting.is_some_and(|setting| !setting.value.canonical().is_empty())
    };
    let silent = |side: &Side| context.setting(pair, *side, key).is_none();
    let side = [Side::Primary, Side::Staging].into_iter().find(silent);
    side.zip(context.only(&original.object))
        .is_some_and(|(side, pair)| says(pair, side, &SettingKey::row(original.id.as_str())))
}

/// A setting, and the pair that has it.
struct Place {
    pair: usize,
    key: SettingKey,
}

/// Whether a setting of another pair is not written alike on both servers.
fn differs(context: &Context<'_>, place: &Place) -> bool {
    let [left, right] = [Side::Primary, Side::Staging].map(|side| context.setting(place.pair, side, &place.key));
    match (left, right) {
        (Some(left), Some(right)) => left.compare(right) != Sameness::Equal,
        (None, None) => false,
        _ => true,
    }
}

/// What the two copies say on the server where they part.
fn told(context: &Context<'_>, side: Side, original: &Place, copy: &Place) -> Disagree {
    let shown = |place: &Place| {
        let setting = context.setting(place.pair, side, &place.key);
        setting.map(|setting| setting.value.display()).unwrap_or_default()
    };
    let server = context.server_name(side);
    let (first, second) = (quoted(&shown(original)), quoted(&shown(copy)));
    let disagree = format!("On {server} the two copies of this setting disagree:");
    if original.pair == copy.pair {
        return Disagree {
            sentence: format!("{disagree} the element says {first}, the parameter says {second}."),
            copy: None,
        };
    }
    let row = context.row(copy.key.row);
    Disagree {
        sentence: format!("{disagree} the export says {first}, {} says {second}.", row.title),
        copy: Some((side, row, shown(copy))),
    }
}

/// Whether a copy of another object's setting contradicts it on this side alone: then it is part of a finding.
pub fn contradicts(context: &Context<'_>, side: Side, row: &'static Row) -> bool {
    let place = |row: &'static Row| {
        Some(Place {
            pair: context.only(&row.object)?,
            key: own_key(row)?,
        })
    };
    let original = row.copy_of.as_deref().and_then(|id| place(context.row(id)));
    let Some((original, copy)) = original.zip(place(row)) else {
        return false;
    };
    let agree = |side| agree(context, side, &original, &copy);
    agree(side) == Some(false) && agree(side.other()) == Some(true)
}

fn own_key(row: &'static Row) -> Option<SettingKey> {
    // Rows of the compiled-in catalogue live as long as the program.
    crate::catalogue::Catalogue::builtin()
        .row(&row.id)
        .map(|row| SettingKey::row(&row.id))
}

/// Whether both copies of a side are there and say the same; `None` where one is missing.
fn agree(context: &Context<'_>, side: Side, original: &Place, copy: &Place) -> Option<bool> {
    let value = |place: &Place| {
        context
            .setting(place.pair, side, &place.key)
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
