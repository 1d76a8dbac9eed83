//! Everything judges look at, with the questions they share.
//!
//! In: configurations and comparison. Out: names, paths, views by pair. Must
//! not know: formats.

use super::Options;
use super::content::Children;
use super::header;
use crate::catalogue::{Catalogue, Row, ids};
use crate::derive::{Contest, RuleView, Uses, contests};
use crate::diff::{Comparison, Pair};
use crate::model::{Configuration, Object, ObjectIndex, Setting, SettingKey, Value};
use crate::report::{GapEntry, Place};
use crate::threads::both;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Side of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The primary, left.
    Primary,
    /// Staging, right.
    Staging,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Side {
        match self {
            Side::Primary => Side::Staging,
            Side::Staging => Side::Primary,
        }
    }
}

/// Per target the live rules that feed it.
pub type Contests = BTreeMap<Contest, Vec<usize>>;

/// Shared state.
pub struct Context<'a> {
    /// The primary.
    pub left: &'a Configuration,
    /// Staging.
    pub right: &'a Configuration,
    /// What differs.
    pub comparison: &'a Comparison,
    /// Knowledge.
    pub catalogue: &'static Catalogue,
    /// What the user asked for.
    pub options: &'a Options,
    left_contests: Contests,
    right_contests: Contests,
    connector_names: HashMap<String, String>,
    /// Of the primary, then of staging; every place in a file is said with one.
    server_names: [String; 2],
    /// Per object of a side the view of the rule that it is.
    left_views: Vec<Option<usize>>,
    right_views: Vec<Option<usize>>,
    /// Per pair, said once for all that is found of it.
    identities: Vec<OnceLock<String>>,
    left_children: OnceLock<Children>,
    right_children: OnceLock<Children>,
    /// Of the primary, then of staging.
    uses: [Uses; 2],
}

/// What an object is called: a step by what it does and on which partition, for a profile has one like it for each.
pub fn called(object: &Object) -> String {
    match object.value(ids::STEP_PARTITION) {
        Some(Value::Reference {
            target: Some(target), ..
        }) => format!("{} of {}", object.name, target.name),
        _ => object.name.clone(),
    }
}

impl<'a> Context<'a> {
    /// Indexes the views of rules.
    pub fn new(
        left: &'a Configuration,
        right: &'a Configuration,
        comparison: &'a Comparison,
        catalogue: &'static Catalogue,
        options: &'a Options,
    ) -> Self {
        let any = &catalogue.facts.any_object_type;
        let mut connector_names = HashMap::new();
        for (_, connector) in left
            .of_kind(ids::kinds::CONNECTOR)
            .chain(right.of_kind(ids::kinds::CONNECTOR))
        {
            // The primary's name stands first.
            connector_names
                .entry(connector.key.clone())
                .or_insert_with(|| connector.name.clone());
        }
        let ((left_contests, left_uses), (right_contests, right_uses)) = both(
            || of_rules(left, &comparison.left_rules, any),
            || of_rules(right, &comparison.right_rules, any),
        );
        Context {
            left_contests,
            right_contests,
            connector_names,
            server_names: [server_name(left), server_name(right)],
            left_views: by_object(left, &comparison.left_rules),
            right_views: by_object(right, &comparison.right_rules),
            identities: vec![OnceLock::new(); comparison.pairs.all.len()],
            left_children: OnceLock::new(),
            right_children: OnceLock::new(),
            uses: [left_uses, right_uses],
            left,
            right,
            comparison,
            catalogue,
            options,
        }
    }

    /// The pair of a side's object.
    pub fn pair_of(&self, side: Side, object: ObjectIndex) -> usize {
        match side {
            Side::Primary => self.comparison.pairs.of_left[object],
            Side::Staging => self.comparison.pairs.of_right[object],
        }
    }

    /// The server without the object of a pair that only one has.
    pub fn lacking(&self, pair: usize) -> Side {
        match self.pair(pair).left {
            Some(_) => Side::Staging,
            None => Side::Primary,
        }
    }

    /// A pair.
    pub fn pair(&self, pair: usize) -> &'a Pair {
        &self.comparison.pairs.all[pair]
    }

    /// The pair of a kind of which each server has one object at most.
    /// Of connectors it is the Entra connector.
    pub fn only(&self, kind: &str) -> Option<usize> {
        let pairs = &self.comparison.pairs;
        let fits = |object: &Object| kind != ids::kinds::CONNECTOR || object.key == ids::ENTRA;
        let first = |server: &Configuration| {
            let mut own = server.of_kind(kind).filter(|(_, object)| fits(object));
            own.next().map(|(index, _)| index)
        };
        let left = first(self.left).map(|index| pairs.of_left[index]);
        left.or_else(|| first(self.right).map(|index| pairs.of_right[index]))
    }

    /// The configuration of a side.
    pub fn configuration(&self, side: Side) -> &'a Configuration {
        match side {
            Side::Primary => self.left,
            Side::Staging => self.right,
        }
    }

    /// The object of a pair on the primary.
    pub fn left(&self, pair: usize) -> Option<&'a Object> {
        self.pair(pair).left.map(|index| &self.left.objects[index])
    }

    /// The object of a pair on staging.
    pub fn right(&self, pair: usize) -> Option<&'a Object> {
        self.pair(pair).right.map(|index| &self.right.objects[index])
    }

    /// The object of a pair on either side, the primary's first.
    pub fn object(&self, pair: usize) -> Option<&'a Object> {
        self.left(pair).or_else(|| self.right(pair))
    }

    /// Kind of a pair's objects.
    pub fn kind(&self, pair: usize) -> &'static str {
        self.object(pair).map_or("", |object| object.kind)
    }

    /// The rules of a pair.
    pub fn rules(&self, pair: usize) -> (Option<&'a RuleView>, Option<&'a RuleView>) {
        let pair = self.pair(pair);
        let left = pair.left.and_then(|object| self.view(Side::Primary, object));
        let right = pair.right.and_then(|object| self.view(Side::Staging, object));
        (left, right)
    }

    /// The view of a side's rule.
    pub fn view(&self, side: Side, object: ObjectIndex) -> Option<&'a RuleView> {
        let at = match side {
            Side::Primary => self.left_views.get(object),
            Side::Staging => self.right_views.get(object),
        };
        at.copied().flatten().map(|at| &self.views(side)[at])
    }

    /// For every object of a side its direct children.
    pub fn children(&self, side: Side) -> &Children {
        let found = match side {
            Side::Primary => &self.left_children,
            Side::Staging => &self.right_children,
        };
        found.get_or_init(|| self.configuration(side).children())
    }

    /// What a side's live rules use.
    pub fn uses(&self, side: Side) -> &Uses {
        let [left, right] = &self.uses;
        match side {
            Side::Primary => left,
            Side::Staging => right,
        }
    }

    /// Views of a side's rules.
    pub fn views(&self, side: Side) -> &'a [RuleView] {
        match side {
            Side::Primary => &self.comparison.left_rules,
            Side::Staging => &self.comparison.right_rules,
        }
    }

    /// Live rules of a side per target, in rank order, as indices into its views.
    pub fn contests(&self, side: Side) -> &Contests {
        match side {
            Side::Primary => &self.left_contests,
            Side::Staging => &self.right_contests,
        }
    }

    /// The pair that holds a pair, if any.
    pub fn parent(&self, pair: usize) -> Option<usize> {
        let pairs = &self.comparison.pairs;
        let this = self.pair(pair);
        this.left
            .and_then(|index| self.left.objects[index].parent)
            .map(|parent| pairs.of_left[parent])
            .or_else(|| {
                this.right
                    .and_then(|index| self.right.objects[index].parent)
                    .map(|parent| pairs.of_right[parent])
            })
    }

    /// The outermost object around a pair, the primary's first.
    pub fn root(&self, pair: usize) -> Option<&'a Object> {
        match self.parent(pair) {
            Some(parent) => self.root(parent),
            None => self.object(pair),
        }
    }

    /// The outermost objects around a pair, on both servers.
    pub fn roots(&self, pair: usize) -> [Option<&'a Object>; 2] {
        match self.parent(pair) {
            Some(parent) => self.roots(parent),
            None => [self.left(pair), self.right(pair)],
        }
    }

    /// A setting on a side.
    pub fn setting(&self, pair: usize, side: Side, key: &SettingKey) -> Option<&'a Setting> {
        let object = match side {
            Side::Primary => self.left(pair),
            Side::Staging => self.right(pair),
        };
        object.and_then(|object| object.settings.get(key))
    }

    /// A row; the fallback's when the id is unknown.
    pub fn row(&self, id: &str) -> &'static Row {
        let catalogue = self.catalogue;
        match catalogue.row(id).or_else(|| catalogue.row(ids::UNCATALOGUED)) {
            Some(row) => row,
            // A test reads the same catalogue and fails when it is empty.
            None => &catalogue.rows[0],
        }
    }

    /// Names from the outside in, the primary's spelling first.
    pub fn path(&self, pair: usize) -> Vec<String> {
        let Some(object) = self.object(pair) else {
            return Vec::new();
        };
        if object.kind == ids::kinds::RULE {
            let (left, right) = self.rules(pair);
            return match left.or(right) {
                Some(view) => vec![
                    self.connector_name(&view.connector),
                    object.display(ids::RULE_DIRECTION),
                    object.name.clone(),
                ],
                None => vec![object.name.clone()],
            };
        }
        let mut path = self.parent(pair).map(|parent| self.path(parent)).unwrap_or_default();
        path.push(called(object));
        path
    }

    /// What identifies a pair in a fingerprint: the same on every export and when the roles are swapped.
    pub fn identity(&self, pair: usize) -> &str {
        self.identities[pair].get_or_init(|| self.new_identity(pair))
    }

    fn new_identity(&self, pair: usize) -> String {
        let (left, right) = self.rules(pair);
        let own = |side: Side| -> Option<String> {
            let (object, view) = match side {
                Side::Primary => (self.left(pair), left),
                Side::Staging => (self.right(pair), right),
            };
            let object = object?;
            Some(match view {
                Some(view) => format!(
                    "{}/{}/{}",
                    view.connector,
                    view.direction,
                    view.tag
                        .as_ref()
                        .filter(|_| view.standard)
                        .map_or(&view.name_key, |tag| &tag.base)
                ),
                None => object.key.clone(),
            })
        };
        let mut names: Vec<String> = [own(Side::Primary), own(Side::Staging)].into_iter().flatten().collect();
        names.sort();
        names.dedup();
        let own = names.join("|");
        match self.parent(pair) {
            Some(parent) => format!("{}/{own}", self.identity(parent)),
            None => format!("{}:{own}", self.kind(pair)),
        }
    }

    /// A connector's name from its key, as the primary calls it.
    pub fn connector_name(&self, key: &str) -> String {
        if let Some(name) = self.connector_names.get(key) {
            return name.clone();
        }
        match key.split_once(':') {
            Some((_, name)) => name.to_owned(),
            None if key == ids::ENTRA => "Microsoft Entra ID".to_owned(),
            None => format!("connector {{{key}}}"),
        }
    }

    /// The pair of a connector that only this side has.
    pub fn lone_connector(&self, side: Side, key: &str) -> Option<usize> {
        let pairs = &self.comparison.pairs;
        let pair = self
            .configuration(side)
            .of_kind(ids::kinds::CONNECTOR)
            .find(|(_, connector)| connector.key == key)
            .map(|(index, _)| match side {
                Side::Primary => pairs.of_left[index],
                Side::Staging => pairs.of_right[index],
            })?;
        (self.left(pair).is_none() || self.right(pair).is_none()).then_some(pair)
    }

    /// Name of a server, from its export or else its source.
    pub fn server_name(&self, side: Side) -> String {
        let [left, right] = &self.server_names;
        match side {
            Side::Primary => left.clone(),
            Side::Staging => right.clone(),
        }
    }

    /// What a side is called in a sentence about both, also where both are one server.
    pub fn side_name(&self, side: Side) -> String {
        let name = self.server_name(side);
        match side {
            _ if !name.eq_ignore_ascii_case(&self.server_name(side.other())) => name,
            Side::Primary => format!("the first export of {name}"),
            Side::Staging => format!("the second export of {name}"),
        }
    }

    /// Where the objects of a pair begin.
    pub fn places(&self, pair: usize) -> Vec<Place> {
        let sides = [(Side::Primary, self.left(pair)), (Side::Staging, self.right(pair))].into_iter();
        sides
            .filter_map(|(side, object)| self.place(side, object?.location))
            .collect()
    }

    /// Where a setting or object was read.
    pub fn place(&self, side: Side, location: crate::model::Location) -> Option<Place> {
        let configuration = self.configuration(side);
        Some(Place {
            server: self.server_name(side),
            file: configuration.files.get(location.file)?.path.clone(),
            line: location.line,
        })
    }

    /// Gaps of both sides.
    pub fn gaps(&self) -> Vec<GapEntry> {
        let mut gaps = header::gaps(self.left);
        gaps.extend(header::gaps(self.right));
        gaps
    }
}

/// Per object the view of the rule that it is.
fn by_object(configuration: &Configuration, views: &[RuleView]) -> Vec<Option<usize>> {
    let mut found = vec![None; configuration.objects.len()];
    for (at, view) in views.iter().enumerate() {
        found[view.object] = Some(at);
    }
    found
}

/// What is computed of one side's rules alone.
fn of_rules(configuration: &Configuration, views: &[RuleView], any: &str) -> (Contests, Uses) {
    (contests(configuration, views, any), Uses::of(configuration, views, any))
}

/// Text of a global setting, `None` when absent or empty.
pub fn text(configuration: &Configuration, row: &'static str) -> Option<String> {
    configuration
        .of_kind(ids::kinds::GLOBAL)
        .find_map(|(_, object)| object.value(row))
        .map(|value| value.display().trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// Name of a server, from its export or else its source.
pub fn server_name(configuration: &Configuration) -> String {
    text(configuration, ids::SERVER_NAME).unwrap_or_else(|| configuration.source.clone())
}
