//! An expression as a tree.
//!
//! In: nodes from the parser. Out: [`Tree`]: its nodes, their children, whether
//! two trees are equal, a sub-expression on one line. Must not know: tokens,
//! what functions do.
//!
//! The nodes stand in one list, children before their parent, so that nothing
//! here calls itself: a hostile expression may nest as deep as it is long.

use super::canonical::number;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `"text"`
    Text,
    /// `255` or `&HFF`, without sign.
    Number,
    /// `[name]`
    Attribute,
    /// `%name%`
    Parameter,
    /// `NULL`, `True`, `vbTextCompare`, `CRLF`, `$item`.
    Word,
    /// A function with its arguments as children; the text is its name.
    Call,
    /// Brackets around one expression. They stay a node: what they change depends on the order of operators.
    Group,
    /// `-` or `+` before an operand.
    Sign,
    /// An operator between two operands of a chain.
    Operator,
    /// Operands with operators between them, in the order of the text: operators are equal in rank, and no reading
    /// (from left to right or another one) is put into the tree.
    Chain,
}

/// One node; what is written in brackets, quotes or percent signs keeps them.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its spelling; of a call the function's name, empty for brackets and chains.
    pub text: &'a str,
    /// Where it begins: byte offset into the expression.
    pub offset: usize,
    /// Nodes of this sub-expression, itself included. They stand right before it.
    pub(super) size: usize,
}

impl Node<'_> {
    /// Whether two nodes are the same, their children aside. Numbers have one spelling, as when texts are compared.
    fn same(&self, other: &Node<'_>) -> bool {
        self.kind == other.kind
            && self.size == other.size
            && (self.text == other.text || (self.kind == Kind::Number && number(self.text) == number(other.text)))
    }
}

/// An expression that parsed. Brackets around all of it are left out.
#[derive(Debug, Clone)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl PartialEq for Tree<'_> {
    /// Equal exactly when [`super::canonical`] gives one form for both texts.
    fn eq(&self, other: &Self) -> bool {
        self.nodes.len() == other.nodes.len() && self.nodes.iter().zip(&other.nodes).all(|(l, r)| l.same(r))
    }
}

impl Eq for Tree<'_> {}

impl<'a> Tree<'a> {
    /// Takes nodes in order, children first; `None` where there are none.
    pub(super) fn of(mut nodes: Vec<Node<'a>>) -> Option<Tree<'a>> {
        while nodes.last().is_some_and(|root| root.kind == Kind::Group) {
            nodes.pop();
        }
        (!nodes.is_empty()).then_some(Tree { nodes })
    }

    /// All nodes, children before their parents; the last one is the whole expression.
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// Index of the whole expression.
    pub fn root(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Children of a node, from left to right.
    pub fn children(&self, of: usize) -> Vec<usize> {
        let first = of + 1 - self.nodes[of].size;
        let mut children = Vec::new();
        let mut end = of;
        while end > first {
            children.push(end - 1);
            end -= self.nodes[end - 1].size;
        }
        children.reverse();
        children
    }

    /// Parent of every node; the root is its own.
    pub(super) fn parents(&self) -> Vec<usize> {
        let mut parents: Vec<usize> = (0..self.nodes.len()).collect();
        for node in 0..self.nodes.len() {
            for child in self.children(node) {
                parents[child] = node;
            }
        }
        parents
    }

    /// A sub-expression on one line: a blank around operators and after commas.
    pub fn one_line(&self, node: usize) -> String {
        let mut out = String::new();
        self.write(&mut out, node);
        out
    }

    /// Appends a sub-expression on one line.
    pub(super) fn write(&self, out: &mut String, node: usize) {
        let mut open = vec![Part::Node(node)];
        while let Some(part) = open.pop() {
            let at = match part {
                Part::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Part::Node(at) => at,
            };
            let Node { kind, text, .. } = self.nodes[at];
            out.push_str(text);
            let (before, between, after) = kind.signs();
            out.push_str(before);
            open.push(Part::Text(after));
            for (place, child) in self.children(at).into_iter().enumerate().rev() {
                open.push(Part::Node(child));
                if place > 0 {
                    open.push(Part::Text(between));
                }
            }
        }
    }
}

impl Kind {
    /// What stands before, between and after the children on one line.
    pub(super) fn signs(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Call => ("(", ", ", ")"),
            Kind::Group => ("(", "", ")"),
            Kind::Chain => ("", " ", ""),
            _ => ("", "", ""),
        }
    }
}

/// What is still to be written.
enum Part {
    Node(usize),
    Text(&'static str),
}
