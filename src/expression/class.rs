//! Which sub-expressions of two trees are equal.
//!
//! In: two trees. Out: a number for every node; two nodes have one number
//! exactly when the sub-expressions are equal. Must not know: edits.

use super::canonical::number;
use super::tree::{Kind, Tree};
use std::borrow::Cow;
use std::collections::HashMap;

/// Kind, spelling and children: what makes a sub-expression.
type Shape<'a> = (Kind, Cow<'a, str>, Vec<u32>);

/// Numbers sub-expressions. They are compared as a whole once, not hashed: no text can pretend to be another one.
#[derive(Default)]
pub(super) struct Classes<'a> {
    known: HashMap<Shape<'a>, u32>,
}

impl<'a> Classes<'a> {
    /// A number for each node of a tree; trees numbered by one `Classes` can be compared.
    pub(super) fn number(&mut self, tree: &Tree<'a>) -> Vec<u32> {
        let mut classes: Vec<u32> = Vec::with_capacity(tree.nodes().len());
        for (at, node) in tree.nodes().iter().enumerate() {
            let text = match node.kind {
                Kind::Number => number(node.text),
                _ => Cow::Borrowed(node.text),
            };
            let children = tree.children(at).into_iter().map(|child| classes[child]).collect();
            let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
            classes.push(*self.known.entry((node.kind, text, children)).or_insert(next));
        }
        classes
    }
}
