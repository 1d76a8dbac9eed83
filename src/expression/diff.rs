//! What changed between two expressions.
//!
//! In: two trees. Out: the smallest sub-expressions that differ, as [`Edit`]s in
//! the order of the text; none exactly when the trees are equal. Must not know:
//! what functions do, which of two texts is right.
//!
//! Nothing here calls itself, and everything that could grow faster than the
//! text has a bound: beyond it a larger part counts as changed, never a smaller.

use super::align::{Gap, gaps};
use super::class::Classes;
use super::edit::{Edit, EditKind, Step, place};
use super::tree::{Kind, Tree};
use std::collections::HashMap;

/// Edits beyond which it is easier to say that all of it changed.
const MOST: usize = 200;
/// Cells that alignments of one comparison may cost.
const CELLS: usize = 1_000_000;
/// Places of a sub-expression that are looked at, and levels above each.
const PLACES: usize = 16;
const LEVELS: usize = 32;

/// The smallest sub-expressions that differ.
///
/// Arguments of the same function are compared one by one where their number is the same, else aligned, as operands
/// of a chain are. A sub-expression that stands unchanged inside a new call is wrapped, the reverse unwrapped.
pub fn diff<'a>(left: &Tree<'a>, right: &Tree<'a>) -> Vec<Edit> {
    let mut classes = Classes::default();
    let (left, right) = (Side::of(left, &mut classes), Side::of(right, &mut classes));
    let mut walk = Walk {
        left,
        right,
        frames: Vec::new(),
        open: Vec::new(),
        edits: Vec::new(),
        cells: CELLS,
    };
    let (l, r) = (walk.left.tree.root(), walk.right.tree.root());
    walk.open.push((Task::Compare(l, r), None));
    while let Some((task, frame)) = walk.open.pop() {
        match task {
            Task::Compare(l, r) => walk.compare(l, r, frame),
            Task::Edit(edit) => walk.edits.push(Edit {
                path: walk.path(frame),
                ..edit
            }),
        }
        if walk.edits.len() > MOST {
            let edit = walk.changed(l, r);
            return vec![edit];
        }
    }
    walk.edits
}

struct Side<'t, 'a> {
    tree: &'t Tree<'a>,
    classes: Vec<u32>,
    parents: Vec<usize>,
    /// Where each sub-expression stands, in order.
    places: HashMap<u32, Vec<usize>>,
}

impl<'t, 'a> Side<'t, 'a> {
    fn of(tree: &'t Tree<'a>, classes: &mut Classes<'a>) -> Side<'t, 'a> {
        let classes = classes.number(tree);
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, class) in classes.iter().enumerate() {
            places.entry(*class).or_default().push(at);
        }
        Side {
            tree,
            classes,
            parents: tree.parents(),
            places,
        }
    }

    fn kind(&self, node: usize) -> Kind {
        self.tree.nodes()[node].kind
    }

    fn text(&self, node: usize) -> &'a str {
        self.tree.nodes()[node].text
    }

    /// The parts of a sub-expression that other parts can be aligned with.
    fn items(&self, node: usize) -> Vec<usize> {
        match self.kind(node) {
            Kind::Chain => self.tree.children(node),
            _ => vec![node],
        }
    }

    /// A few items as they stand beside each other.
    fn run(&self, items: &[usize], between: &str) -> Option<String> {
        let mut out = String::new();
        for (at, &item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(between);
            }
            self.tree.write(&mut out, item);
        }
        (!items.is_empty()).then_some(out)
    }

    /// The calls and brackets within `outer` around a sub-expression of this class: the fewest, if there are any.
    fn around(&self, outer: usize, class: u32) -> Option<String> {
        let first = outer + 1 - self.tree.nodes()[outer].size;
        let places = self.places.get(&class)?;
        let from = places.partition_point(|&place| place < first);
        let inside = places[from..].iter().take_while(|&&place| place < outer);
        let found = inside.take(PLACES).filter_map(|&place| self.levels(place, outer));
        found.min_by_key(|levels| levels.len()).map(|levels| {
            let names: Vec<String> = levels.iter().rev().map(|name| format!("{name}(")).collect();
            format!("{} {}", names.concat(), ")".repeat(names.len()))
        })
    }

    /// Names of the calls between two nodes, innermost first. Among operands nothing is merely wrapped.
    fn levels(&self, mut node: usize, outer: usize) -> Option<Vec<&'a str>> {
        let mut names = Vec::new();
        while node != outer {
            node = self.parents[node];
            if !matches!(self.kind(node), Kind::Call | Kind::Group) || names.len() == LEVELS {
                return None;
            }
            names.push(self.text(node));
        }
        Some(names)
    }
}

/// What is still to be done, and for which frame.
enum Task {
    Compare(usize, usize),
    /// Without its path.
    Edit(Edit),
}

/// A way into the expressions: where it comes from and its last step.
type Frame<'a> = (Option<usize>, Step<'a>);

struct Walk<'t, 'a> {
    left: Side<'t, 'a>,
    right: Side<'t, 'a>,
    frames: Vec<Frame<'a>>,
    /// Last first.
    open: Vec<(Task, Option<usize>)>,
    edits: Vec<Edit>,
    cells: usize,
}

impl<'a> Walk<'_, 'a> {
    fn compare(&mut self, l: usize, r: usize, frame: Option<usize>) {
        if self.left.classes[l] == self.right.classes[r] {
            return;
        }
        let tasks = match (self.left.kind(l), self.right.kind(r)) {
            (Kind::Chain, Kind::Chain) => self.operands(l, r, frame),
            (Kind::Chain, _) | (_, Kind::Chain) if self.is_operand(l, r) => self.operands(l, r, frame),
            (kind, other) => {
                if let Some(edit) = self.wrapped(l, r) {
                    vec![(Task::Edit(edit), frame)]
                } else if kind != other {
                    vec![(Task::Edit(self.changed(l, r)), frame)]
                } else {
                    self.alike(kind, l, r, frame)
                }
            }
        };
        self.open.extend(tasks.into_iter().rev());
    }

    /// Two sub-expressions of one kind that is no chain.
    fn alike(&mut self, kind: Kind, l: usize, r: usize, frame: Option<usize>) -> Vec<(Task, Option<usize>)> {
        let (ls, rs) = (self.left.tree.children(l), self.right.tree.children(r));
        let same_text = self.left.text(l) == self.right.text(r);
        let step = match kind {
            Kind::Call if same_text => return self.arguments(self.left.text(l), (&ls, &rs), frame),
            Kind::Call if !ls.is_empty() && self.classes(&ls, &rs).0 == self.classes(&ls, &rs).1 => {
                let edit = Edit {
                    kind: EditKind::Function,
                    path: String::new(),
                    before: Some(self.left.text(l).to_owned()),
                    after: Some(self.right.text(r).to_owned()),
                };
                return vec![(Task::Edit(edit), frame)];
            }
            Kind::Group => Step::Brackets,
            Kind::Sign if same_text => Step::Sign,
            _ => return vec![(Task::Edit(self.changed(l, r)), frame)],
        };
        let within = self.enter(frame, step);
        ls.iter()
            .zip(&rs)
            .map(|(&l, &r)| (Task::Compare(l, r), within))
            .collect()
    }

    /// Arguments of one function.
    fn arguments(
        &mut self,
        function: &'a str,
        (ls, rs): (&[usize], &[usize]),
        frame: Option<usize>,
    ) -> Vec<(Task, Option<usize>)> {
        let (lefts, rights) = self.classes(ls, rs);
        if let Some((one, two)) = swapped(&lefts, &rights) {
            let within = self.enter(frame, Step::Arguments(function, one, two));
            return vec![(self.swap((ls[one], ls[two]), (rs[one], rs[two]), ", "), within)];
        }
        let step = |at| Step::Argument(function, at);
        if ls.len() == rs.len() {
            return self.pairs((0..ls.len()).collect(), (ls, rs), step, frame);
        }
        let mut tasks = Vec::new();
        for Gap { left, right } in gaps(&lefts, &rights, &mut self.cells) {
            let paired = left.len().min(right.len());
            let both = (
                &ls[left.start..left.start + paired],
                &rs[right.start..right.start + paired],
            );
            let start = left.start;
            tasks.extend(self.pairs((start..start + paired).collect(), both, step, frame));
            let (left, right) = (left.start + paired..left.end, right.start + paired..right.end);
            if let Some(edit) = self.one_sided(&ls[left.clone()], &rs[right.clone()], ", ") {
                let at = if left.is_empty() { right.start } else { left.start };
                tasks.push((edit, self.enter(frame, step(at))));
            }
        }
        tasks
    }

    /// Operands and operators; what is no chain is a single operand.
    fn operands(&mut self, l: usize, r: usize, frame: Option<usize>) -> Vec<(Task, Option<usize>)> {
        let (ls, rs) = (self.left.items(l), self.right.items(r));
        let (lefts, rights) = self.classes(&ls, &rs);
        if let Some((one, two)) = swapped(&lefts, &rights) {
            let within = self.enter(frame, Step::Operands(one / 2, two / 2));
            return vec![(self.swap((ls[one], ls[two]), (rs[one], rs[two]), ", "), within)];
        }
        let only = ls.len() == 3;
        let step = |at: usize| match at % 2 {
            0 => Step::Operand(at / 2),
            _ => Step::Operator(at / 2, only),
        };
        let mut tasks = Vec::new();
        for Gap { left, right } in gaps(&lefts, &rights, &mut self.cells) {
            let (gone, come) = (&ls[left.clone()], &rs[right.clone()]);
            let at = if left.is_empty() { right.start } else { left.start };
            if left.len() == right.len() && left.start % 2 == right.start % 2 {
                tasks.extend(self.pairs(left.collect(), (gone, come), step, frame));
            } else if let Some(edit) = self.one_sided(gone, come, " ") {
                tasks.push((edit, self.enter(frame, Step::Operand(at.div_ceil(2)))));
            } else {
                let edit = Edit {
                    kind: EditKind::Changed,
                    path: String::new(),
                    before: self.left.run(gone, " "),
                    after: self.right.run(come, " "),
                };
                tasks.push((Task::Edit(edit), self.enter(frame, step(at))));
            }
        }
        tasks
    }

    /// Parts that stand for each other, those that differ.
    fn pairs(
        &mut self,
        places: Vec<usize>,
        (ls, rs): (&[usize], &[usize]),
        step: impl Fn(usize) -> Step<'a>,
        frame: Option<usize>,
    ) -> Vec<(Task, Option<usize>)> {
        let mut tasks = Vec::new();
        for (place, (&l, &r)) in places.into_iter().zip(ls.iter().zip(rs)) {
            if self.left.classes[l] != self.right.classes[r] {
                tasks.push((Task::Compare(l, r), self.enter(frame, step(place))));
            }
        }
        tasks
    }

    /// Parts that only one side has; nothing where both or neither have some.
    fn one_sided(&self, gone: &[usize], come: &[usize], between: &str) -> Option<Task> {
        let kind = match (gone.is_empty(), come.is_empty()) {
            (true, false) => EditKind::Added,
            (false, true) => EditKind::Removed,
            _ => return None,
        };
        Some(Task::Edit(Edit {
            kind,
            path: String::new(),
            before: self.left.run(gone, between),
            after: self.right.run(come, between),
        }))
    }

    fn swap(&self, left: (usize, usize), right: (usize, usize), between: &str) -> Task {
        Task::Edit(Edit {
            kind: EditKind::Swapped,
            path: String::new(),
            before: self.left.run(&[left.0, left.1], between),
            after: self.right.run(&[right.0, right.1], between),
        })
    }

    /// Whether the one that is no chain is an operand of the one that is.
    fn is_operand(&self, l: usize, r: usize) -> bool {
        let (ls, rs) = (self.left.items(l), self.right.items(r));
        let (lefts, rights) = self.classes(&ls, &rs);
        match (lefts.as_slice(), rights.as_slice()) {
            ([one], many) | (many, [one]) => many.contains(one),
            _ => false,
        }
    }

    /// A sub-expression that the other side has inside something. Literals are everywhere and wrapped in nothing.
    fn wrapped(&self, l: usize, r: usize) -> Option<Edit> {
        let telling = |kind| !matches!(kind, Kind::Text | Kind::Number | Kind::Word);
        let (left, right) = (&self.left, &self.right);
        let into = || right.around(r, left.classes[l]).map(EditKind::Wrapped);
        let out = || left.around(l, right.classes[r]).map(EditKind::Unwrapped);
        let kind = telling(left.kind(l))
            .then(into)
            .flatten()
            .or_else(|| telling(right.kind(r)).then(out).flatten())?;
        Some(Edit {
            kind,
            ..self.changed(l, r)
        })
    }

    fn changed(&self, l: usize, r: usize) -> Edit {
        Edit {
            kind: EditKind::Changed,
            path: String::new(),
            before: Some(self.left.tree.one_line(l)),
            after: Some(self.right.tree.one_line(r)),
        }
    }

    fn classes(&self, ls: &[usize], rs: &[usize]) -> (Vec<u32>, Vec<u32>) {
        let of = |classes: &[u32], nodes: &[usize]| nodes.iter().map(|&node| classes[node]).collect();
        (of(&self.left.classes, ls), of(&self.right.classes, rs))
    }

    fn enter(&mut self, frame: Option<usize>, step: Step<'a>) -> Option<usize> {
        self.frames.push((frame, step));
        Some(self.frames.len() - 1)
    }

    fn path(&self, mut frame: Option<usize>) -> String {
        let mut steps = Vec::new();
        while let Some(at) = frame {
            let (outer, step) = self.frames[at];
            steps.push(step);
            frame = outer;
        }
        steps.reverse();
        place(&steps)
    }
}

/// The two places whose contents changed places, where that is all.
fn swapped(left: &[u32], right: &[u32]) -> Option<(usize, usize)> {
    if left.len() != right.len() {
        return None;
    }
    let mut differ = (0..left.len()).filter(|&at| left[at] != right[at]);
    let (one, two) = (differ.next()?, differ.next()?);
    let crossed = left[one] == right[two] && left[two] == right[one];
    (crossed && differ.next().is_none()).then_some((one, two))
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
