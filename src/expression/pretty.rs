//! An expression laid out over lines.
//!
//! In: a tree and a width. Out: text that parses to an equal tree. Must not
//! know: what functions do, beyond how the table says they are read best.
//!
//! What does not fit a line is broken at its outermost call or operators. The
//! indentation stops growing at half the width, so that deep nesting makes long
//! texts and not immense ones.

use super::functions::{self, Layout};
use super::tree::{Kind, Tree};

/// Columns by which inner lines stand further right.
const STEP: usize = 2;

/// Lays an expression out: on one line where it fits, else arguments and operands on lines of their own.
///
/// A condition stands beside its function and the pairs of a choice stand together. A string or name that is longer
/// than the width stays whole, and so do line breaks within strings.
pub fn pretty(tree: &Tree<'_>, width: usize) -> String {
    let mut printer = Printer {
        tree,
        lengths: lengths(tree),
        width,
        out: String::new(),
        column: 0,
        open: Vec::new(),
    };
    printer.open.push(Part::Node(tree.root(), 0, 0));
    while let Some(part) = printer.open.pop() {
        match part {
            Part::Text(text) => printer.push(text),
            Part::Line(indent) => printer.line(indent),
            Part::Node(node, indent, trail) => printer.node(node, indent, trail),
        }
    }
    printer.out
}

/// Characters of every sub-expression on one line.
fn lengths(tree: &Tree<'_>) -> Vec<usize> {
    let mut lengths: Vec<usize> = Vec::with_capacity(tree.nodes().len());
    for (at, node) in tree.nodes().iter().enumerate() {
        let (before, between, after) = node.kind.signs();
        let children = tree.children(at);
        let inside: usize = children.iter().map(|&child| lengths[child]).sum();
        let between = between.len() * children.len().saturating_sub(1);
        lengths.push(node.text.chars().count() + before.len() + inside + between + after.len());
    }
    lengths
}

/// What is still to be printed.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    /// A new line that begins at a column.
    Line(usize),
    /// A node, the column of its inner lines' parent, and how much follows it on its line.
    Node(usize, usize, usize),
}

struct Printer<'t, 'a> {
    tree: &'t Tree<'a>,
    lengths: Vec<usize>,
    width: usize,
    out: String,
    column: usize,
    /// Last first.
    open: Vec<Part>,
}

impl Printer<'_, '_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        self.column = indent.min(self.width / 2);
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', self.column));
    }

    fn node(&mut self, at: usize, indent: usize, trail: usize) {
        let node = self.tree.nodes()[at];
        if node.size == 1 || self.column + self.lengths[at] + trail <= self.width {
            self.tree.write(&mut self.out, at);
            self.column += self.lengths[at];
            return;
        }
        let children = self.tree.children(at);
        let parts = match node.kind {
            Kind::Call => {
                self.push(node.text);
                self.push("(");
                self.arguments(node.text, &children, indent)
            }
            Kind::Group => {
                self.push("(");
                let inside = children.iter().map(|&child| Part::Node(child, indent + STEP, 0));
                let mut parts = vec![Part::Line(indent + STEP)];
                parts.extend(inside);
                parts.extend([Part::Line(indent), Part::Text(")")]);
                parts
            }
            Kind::Chain => self.chain(&children, indent, trail),
            _ => {
                self.push(node.text);
                children.iter().map(|&child| Part::Node(child, indent, trail)).collect()
            }
        };
        self.open.extend(parts.into_iter().rev());
    }

    fn arguments(&self, function: &str, children: &[usize], indent: usize) -> Vec<Part> {
        let inner = indent + STEP;
        let layout = functions::known(function).map_or(Layout::List, |function| function.layout);
        let mut parts = Vec::new();
        for (at, &child) in children.iter().enumerate() {
            let trail = usize::from(at + 1 < children.len());
            let beside = match layout {
                Layout::List => false,
                Layout::Condition => at == 0 && self.column + self.lengths[child] + trail <= self.width,
                Layout::Pairs => {
                    at % 2 == 1
                        && inner + self.lengths[children[at - 1]] + 2 + self.lengths[child] + trail <= self.width
                }
            };
            if !beside {
                let second = layout == Layout::Pairs && at % 2 == 1;
                parts.push(Part::Line(if second { inner + STEP } else { inner }));
            } else if at > 0 {
                parts.push(Part::Text(" "));
            }
            parts.push(Part::Node(child, inner, trail));
            if trail > 0 {
                parts.push(Part::Text(","));
            }
        }
        parts.extend([Part::Line(indent), Part::Text(")")]);
        parts
    }

    /// Lines break before `&&` and `||` where there are any, else before every operator.
    fn chain(&self, children: &[usize], indent: usize, trail: usize) -> Vec<Part> {
        let logical = |child: usize| matches!(self.tree.nodes()[child].text, "&&" | "||");
        let operator = |child: usize| self.tree.nodes()[child].kind == Kind::Operator;
        let only_logical = children.iter().any(|&child| operator(child) && logical(child));
        let mut parts = Vec::new();
        for (at, &child) in children.iter().enumerate() {
            if at > 0 {
                let breaks = operator(child) && (!only_logical || logical(child));
                parts.push(if breaks {
                    Part::Line(indent + STEP)
                } else {
                    Part::Text(" ")
                });
            }
            let trail = if at + 1 == children.len() { trail } else { 0 };
            parts.push(Part::Node(child, indent + STEP, trail));
        }
        parts
    }
}

#[cfg(test)]
#[path = "pretty_tests.rs"]
mod tests;
