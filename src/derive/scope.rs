//! Effective OU scope: what the container lists of a partition mean together.
//!
//! In: the partition's DN and both servers' lists. Out: per container whether
//! it is in scope on each server and by which entry, and where the answers
//! part. Must not know: whether the partition is selected, severities, texts.
//!
//! * Where the partition's name is no DN (`default` of the Entra and of many other
//!   connectors), every DN is below its root, and other text is a container of
//!   its own there. An empty entry and the partition's own name are the root.
//! * The deepest entry that is an ancestor of a container or the container
//!   itself decides. Names are compared component by component from the root,
//!   in canonical spelling, so `OU=AB` is not below `OU=B`.
//! * One DN in both lists is excluded: the narrower reading, on both servers.
//! * Without an entry above it a container is in scope when the list of
//!   inclusions is empty (nothing was narrowed down), else it is out: someone
//!   chose containers, and this is none of them.
//! * A container is asked about when a list of either server names it, and so
//!   is the root. That is enough: the deepest entry above any other container
//!   is one of these, so lists that agree on all of them agree everywhere.
//! * A *new* container directly below another one has no entry of its own and
//!   shares its answer. It is therefore no further difference, but it can be
//!   the only one, see [`Kind::NewContainers`].

mod tree;

use crate::model::{Member, dn};
use std::collections::{HashMap, HashSet};
pub use tree::{Node, tree};

/// The list that an entry stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Included containers.
    Inclusions,
    /// Excluded containers. Ordered last: it wins over an inclusion of the same DN.
    Exclusions,
}

/// A container that a list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Components below the partition's own DN, from the root outwards.
    path: Vec<String>,
    /// Which list names it.
    pub list: List,
    /// Its DN.
    pub member: &'a Member,
}

/// The lists of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection<'a> {
    entries: Vec<Entry<'a>>,
    /// Values that are no container of the partition, with the list they stand in; they decide nothing.
    pub foreign: Vec<(List, &'a Member)>,
    no_inclusions: bool,
}

impl<'a> Selection<'a> {
    /// Reads the lists of the partition with this DN.
    pub fn read(partition: &str, inclusions: &'a [Member], exclusions: &'a [Member]) -> Selection<'a> {
        let root = Root {
            canonical: dn::canonical(partition),
            path: dn::path(partition),
        };
        let mut selection = Selection {
            no_inclusions: inclusions.is_empty(),
            ..Selection::default()
        };
        let lists = [(List::Inclusions, inclusions), (List::Exclusions, exclusions)];
        for (list, member) in lists
            .into_iter()
            .flat_map(|(list, all)| all.iter().map(move |m| (list, m)))
        {
            match root.below(member) {
                Some(path) => selection.entries.push(Entry { path, list, member }),
                None => selection.foreign.push((list, member)),
            }
        }
        selection
    }

    /// Every value of both lists, with its entry where it is a container of the partition.
    pub fn all(&self) -> impl Iterator<Item = (List, &'a Member, Option<&Entry<'a>>)> {
        let entries = self.entries.iter().map(|entry| (entry.list, entry.member, Some(entry)));
        entries.chain(self.foreign.iter().map(|&(list, member)| (list, member, None)))
    }

    /// The answer where no entry is above.
    fn unnamed(&self) -> State<'_> {
        State {
            inside: self.no_inclusions,
            by: None,
        }
    }
}

/// The root of a partition.
struct Root {
    canonical: String,
    /// Its components; `None` where the partition's name is no DN.
    path: Option<Vec<String>>,
}

impl Root {
    /// Components below the root; `None` for what is no container of this partition.
    fn below(&self, member: &Member) -> Option<Vec<String>> {
        if member.raw.is_empty() || member.canonical == self.canonical {
            return Some(Vec::new());
        }
        let path = dn::path(&member.raw);
        let Some(root) = &self.path else {
            return Some(path.unwrap_or_else(|| vec![member.canonical.clone()]));
        };
        let mut path = path?;
        path.starts_with(root).then(|| path.split_off(root.len()))
    }
}

/// Whether a container is in scope on one server, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State<'s> {
    /// In scope.
    pub inside: bool,
    /// The entry that decides; none where the default holds.
    pub by: Option<&'s Entry<'s>>,
}

/// A container with its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Container<'s> {
    /// Its DN as a list spells it, the primary's first; `None` for the root.
    pub member: Option<&'s Member>,
    /// Index of the nearest container above it.
    pub parent: Option<usize>,
    /// On the primary.
    pub left: State<'s>,
    /// On staging.
    pub right: State<'s>,
}

impl Container<'_> {
    /// Components below the root.
    fn path(&self) -> &[String] {
        let named = self.left.by.into_iter().chain(self.right.by);
        named
            .map(|entry| entry.path.as_slice())
            .max_by_key(|path| path.len())
            .unwrap_or_default()
    }

    /// `Some(true)` when staging is narrower here, `Some(false)` when it is wider.
    pub fn narrower(&self) -> Option<bool> {
        (self.left.inside != self.right.inside).then_some(self.left.inside)
    }
}

/// The root and every container that a list of either server names, parents before their children: O(n log n).
pub fn containers<'s>(left: &'s Selection<'s>, right: &'s Selection<'s>) -> Vec<Container<'s>> {
    let mut named: Vec<(bool, &'s Entry<'s>)> = left
        .entries
        .iter()
        .map(|entry| (false, entry))
        .chain(right.entries.iter().map(|entry| (true, entry)))
        .collect();
    named.sort_by(|(a_side, a), (b_side, b)| (&a.path, a_side, a.list).cmp(&(&b.path, b_side, b.list)));
    let mut all = vec![Container {
        member: None,
        parent: None,
        left: left.unnamed(),
        right: right.unnamed(),
    }];
    // Containers from the root to the current one, with their paths.
    let mut open: Vec<(usize, &[String])> = vec![(0, &[])];
    for (staging, entry) in named {
        while open.len() > 1 && open.last().is_some_and(|(_, path)| !entry.path.starts_with(path)) {
            open.pop();
        }
        let Some(&(above, path)) = open.last() else { break };
        let at = if path.len() == entry.path.len() {
            above
        } else {
            all.push(Container {
                member: Some(entry.member),
                parent: Some(above),
                ..all[above]
            });
            open.push((all.len() - 1, &entry.path));
            all.len() - 1
        };
        let state = State {
            inside: entry.list == List::Inclusions,
            by: Some(entry),
        };
        if staging {
            all[at].right = state;
        } else {
            all[at].left = state;
        }
    }
    all
}

/// What a difference of scope is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A container is in scope on one server only.
    Scope,
    /// Both servers pick among the containers below, one by leaving out and the other by taking in, and they agree on
    /// all that both know: what differs is what no list names, such as a container that is created tomorrow.
    NewContainers,
}

/// One difference: the topmost container and those below it that differ in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Index of the topmost container.
    pub container: usize,
    /// Whether staging is narrower.
    pub narrower: bool,
    /// What it is about.
    pub kind: Kind,
    /// Indices of the containers that follow it without an agreeing one in between.
    pub folded: Vec<usize>,
}

/// What is known of the containers below another one.
#[derive(Debug, Clone, Copy, Default)]
struct Below {
    in_on_both: bool,
    out_on_both: bool,
    narrower: bool,
    wider: bool,
}

/// Where the two servers part, in the order of the containers.
pub fn differences(containers: &[Container<'_>]) -> Vec<Difference> {
    let mut below = vec![Below::default(); containers.len()];
    for (at, container) in containers.iter().enumerate().rev() {
        let Some(parent) = container.parent else { continue };
        let own = below[at];
        let sum = &mut below[parent];
        sum.in_on_both |= own.in_on_both || container.left.inside && container.right.inside;
        sum.out_on_both |= own.out_on_both || !container.left.inside && !container.right.inside;
        sum.narrower |= own.narrower || container.narrower() == Some(true);
        sum.wider |= own.wider || container.narrower() == Some(false);
    }
    let mut found: Vec<Difference> = Vec::new();
    // Per container the difference it belongs to.
    let mut part_of: Vec<Option<usize>> = vec![None; containers.len()];
    for (at, container) in containers.iter().enumerate() {
        let Some(narrower) = container.narrower() else { continue };
        let above = container
            .parent
            .and_then(|parent| part_of[parent])
            .filter(|&above| found[above].narrower == narrower);
        if let Some(above) = above {
            found[above].folded.push(at);
            part_of[at] = Some(above);
            continue;
        }
        let known = below[at];
        let same_way = if narrower { known.narrower } else { known.wider };
        let kind = if known.in_on_both && known.out_on_both && !same_way {
            Kind::NewContainers
        } else {
            Kind::Scope
        };
        part_of[at] = Some(found.len());
        found.push(Difference {
            container: at,
            narrower,
            kind,
            folded: Vec::new(),
        });
    }
    found
}

/// For each container the difference it belongs to.
pub fn part_of(differences: &[Difference], containers: usize) -> Vec<Option<usize>> {
    let mut part_of = vec![None; containers];
    for (index, difference) in differences.iter().enumerate() {
        for &at in difference.folded.iter().chain([&difference.container]) {
            part_of[at] = Some(index);
        }
    }
    part_of
}

/// An entry of one server that the same list of the other server does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lone<'s> {
    /// Whether staging has it.
    pub staging: bool,
    /// The list that it stands in.
    pub list: List,
    /// As written.
    pub member: &'s Member,
    /// Whether it is no container of the partition.
    pub foreign: bool,
    /// Index of the difference that it makes or limits; none where it changes nothing.
    pub difference: Option<usize>,
}

/// What each entry that only one server has contributes to the differences, the primary's first.
pub fn lone<'s>(
    left: &'s Selection<'s>,
    right: &'s Selection<'s>,
    containers: &[Container<'s>],
    differences: &[Difference],
) -> Vec<Lone<'s>> {
    let part_of = part_of(differences, containers.len());
    let sides = [(false, left, right), (true, right, left)];
    sides
        .into_iter()
        .flat_map(|(staging, own, other)| {
            let places = Places {
                staging,
                containers,
                part_of: &part_of,
                by_name: by_name(containers),
            };
            places.lone(own, other)
        })
        .collect()
}

fn by_name<'c>(containers: &[Container<'c>]) -> HashMap<&'c str, usize> {
    let named = |(at, container): (usize, &Container<'c>)| Some((container.member?.canonical.as_str(), at));
    containers.iter().enumerate().filter_map(named).collect()
}

/// The containers as one server sees them.
struct Places<'c, 's> {
    staging: bool,
    containers: &'c [Container<'s>],
    part_of: &'c [Option<usize>],
    by_name: HashMap<&'s str, usize>,
}

impl<'s> Places<'_, 's> {
    fn state(&self, at: usize) -> State<'s> {
        let container = &self.containers[at];
        if self.staging { container.right } else { container.left }
    }

    fn lone(&self, own: &'s Selection<'s>, other: &'s Selection<'s>) -> Vec<Lone<'s>> {
        let known: HashSet<(List, &str)> = other.all().map(|(list, m, _)| (list, m.canonical.as_str())).collect();
        own.all()
            .filter(|(list, member, _)| !known.contains(&(*list, member.canonical.as_str())))
            .map(|(list, member, entry)| Lone {
                staging: self.staging,
                list,
                member,
                foreign: entry.is_none(),
                difference: entry
                    .and_then(|entry| self.makes(entry))
                    .or_else(|| self.narrows_down(list)),
            })
            .collect()
    }

    /// The difference of the entry's own container, or the one around it that ends here.
    fn makes(&self, entry: &Entry<'s>) -> Option<usize> {
        let at = if entry.path.is_empty() {
            0
        } else {
            *self.by_name.get(entry.member.canonical.as_str())?
        };
        let above = self.containers[at].parent;
        let (here, decides) = (self.state(at), self.state(at).by.is_some_and(|by| by == entry));
        self.part_of[at].or_else(|| {
            above
                .filter(|&above| decides && self.state(above).inside != here.inside)
                .and_then(|above| self.part_of[above])
        })
    }

    /// Any inclusion leaves out what none names; where that makes the root differ, it is one of the causes.
    fn narrows_down(&self, list: List) -> Option<usize> {
        let root = self.state(0);
        let by_default = root.by.is_none() && !root.inside;
        (by_default && list == List::Inclusions)
            .then(|| self.part_of[0])
            .flatten()
    }
}
