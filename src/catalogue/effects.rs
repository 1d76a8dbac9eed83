//! Sentences of what a rule's difference does: `effects.toml` as types.
//!
//! In: what `build.rs` prepared. Out: the text that fits a situation. Must not
//! know: rules, findings; who asks says what holds.

use serde::Deserialize;
use std::collections::HashMap;

/// Which way a difference goes, seen from staging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The primary does it and staging does not.
    Lost,
    /// Staging does it and the primary does not.
    Gained,
}

/// What may hold for a rule or a flow. A closed list; `assess` decides each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Situation {
    /// It flows into the metaverse.
    Inbound,
    /// It flows out of the metaverse.
    Outbound,
    /// It creates objects.
    Provisions,
    /// It keeps links and flows nothing.
    Mute,
    /// It joins objects.
    Joins,
    /// It carries passwords.
    Passwords,
    /// It takes objects out of the scope of the cloud.
    Filters,
    /// It does so for every object in its scope.
    AlwaysFilters,
    /// It keeps objects from being taken out of the scope of the cloud, for every object in its scope.
    NeverFilters,
    /// It writes attributes.
    Flows,
    /// It has no value for any of its targets.
    Valueless,
    /// The attribute takes objects out of the scope of the cloud.
    FilteringTarget,
    /// Both values are short.
    OneLine,
    /// One of the values is a word with a meaning of its own, such as `NULL`.
    Word,
    /// The same, within an expression.
    PartlyWord,
    /// The rule does nothing at all.
    Silent,
    /// Every attribute gets the same values, from other rules or in another order.
    Covered,
    /// Other rules write what this one would write on either server.
    Outranked,
    /// One of the expressions does not parse.
    Unreadable,
    /// The values of all rules are combined.
    Combines,
    /// Two rules have one number.
    Level,
}

/// One sentence and when it is true.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Effect {
    /// Row of the finding; none for whole rules and parts of their scope.
    pub row: Option<String>,
    /// Which way.
    pub change: Option<Way>,
    /// All must hold.
    #[serde(default)]
    pub when: Vec<Situation>,
    /// The sentence, with places in braces.
    pub text: String,
}

/// All sentences, and words for what they speak of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Effects {
    /// Plural by object type, letter case folded.
    pub objects: HashMap<String, String>,
    /// Attributes that tell the type of the object that a metaverse object comes from.
    pub type_attributes: Vec<String>,
    /// By operator: what holds for objects that a clause lets in, for those that it keeps out, and the operator that
    /// lets in those.
    pub operators: HashMap<String, (String, String, String)>,
    /// What a word of the expression language makes of a value, in inbound and in outbound rules.
    pub values: HashMap<String, (String, String)>,
    /// In the order in which they are tried.
    pub effect: Vec<Effect>,
}

impl Effects {
    /// Objects of a type, as people call them.
    pub fn plural(&self, object_type: &str) -> String {
        let known = self.objects.get(&object_type.to_lowercase());
        known.cloned().unwrap_or_else(|| format!("{object_type} objects"))
    }

    /// The first text that fits.
    pub fn text(&self, row: Option<&str>, way: Option<Way>, holds: &[Situation]) -> Option<&str> {
        let fits = |effect: &&Effect| {
            effect.row.as_deref() == row
                && effect.change == way
                && effect.when.iter().all(|situation| holds.contains(situation))
        };
        self.effect.iter().find(fits).map(|effect| effect.text.as_str())
    }
}
