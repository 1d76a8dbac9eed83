//! How a document lays out what the rows know: `layout.toml` as types.
//!
//! In: what `build.rs` prepared. Out: groups of settings, names of steps and of
//! syntaxes. Must not know: objects, formats.

use serde::Deserialize;
use std::collections::HashMap;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    group: Vec<Group>,
    step: Vec<StepName>,
    /// Areas that have a part of their own in a document, in their order.
    pub area: Vec<AreaTitle>,
    syntaxes: HashMap<String, String>,
}

/// What an area is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaTitle {
    /// As findings have it.
    pub area: String,
    /// For people.
    pub title: String,
}

/// Settings of an object that belong together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    object: String,
    title: String,
    /// How the paths of its rows begin; none for the rest.
    #[serde(default)]
    paths: Vec<String>,
}

/// What a step of a run profile is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepName {
    #[serde(rename = "type")]
    code: String,
    /// None where the step has no kind, or one that is not named here.
    kind: Option<String>,
    name: String,
}

impl Layout {
    /// Titles of an object's groups, in their order.
    pub fn groups<'l>(&'l self, object: &'l str) -> impl Iterator<Item = &'l str> {
        let own = self.group.iter().filter(move |group| group.object == object);
        own.map(|group| group.title.as_str())
    }

    /// The group of a setting, by where it is read.
    pub fn group(&self, object: &str, path: &str) -> Option<&str> {
        let own = self.group.iter().filter(|group| group.object == object);
        let fits = |prefix: &str| {
            let rest = path.strip_prefix(prefix)?;
            (rest.is_empty() || rest.starts_with('/')).then_some(prefix.len())
        };
        let best = own.filter_map(|group| {
            let length = match group.paths.as_slice() {
                [] => Some(0),
                paths => paths.iter().filter_map(|prefix| fits(prefix)).max(),
            };
            Some((length?, group))
        });
        best.max_by_key(|(length, _)| *length)
            .map(|(_, group)| group.title.as_str())
    }

    /// What a step is called.
    pub fn step(&self, code: &str, kind: &str) -> Option<&str> {
        let own = || self.step.iter().filter(|step| step.code.eq_ignore_ascii_case(code));
        let exact = own().find(|step| step.kind.as_deref().unwrap_or_default().eq_ignore_ascii_case(kind));
        exact
            .or_else(|| own().find(|step| step.kind.is_none()))
            .map(|step| step.name.as_str())
    }

    /// What values of a syntax are.
    pub fn syntax(&self, oid: &str) -> Option<&str> {
        self.syntaxes.get(oid).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Catalogue;

    #[test]
    fn the_longest_path_decides_and_the_rest_has_a_group() {
        let layout = &Catalogue::builtin().layout;
        let group = |path: &str| layout.group("connector", path).map(str::to_owned);
        let some = |title: &str| Some(title.to_owned());
        assert_eq!(group("name"), some("Properties"));
        assert_eq!(group("password-sync-allowed"), some("Properties"), "whole steps only");
        let forest = "private-configuration/adma-configuration";
        let [name, parameter] = ["forest-name", "parameter-values/parameter{*}"].map(|rest| format!("{forest}/{rest}"));
        assert_eq!(group(&name), some("Forest connection"));
        assert_eq!(group(&parameter), some("Forest parameters"));
        assert_eq!(layout.group("sync-rule", "name"), None);
    }

    #[test]
    fn steps_are_called_as_in_the_editor() {
        let layout = &Catalogue::builtin().layout;
        assert_eq!(layout.step("delta-import", "to-cs"), Some("Delta Import (Stage Only)"));
        assert_eq!(layout.step("export", ""), Some("Export"));
        assert_eq!(layout.step("apply-rules", "other"), None);
    }
}
