//! The containers of a partition as a tree, with those around them.
//!
//! In: containers that lists name. Out: the same and every container between
//! them and the root, in the order of a tree. Must not know: which of them
//! somebody wants to see, what they are called on which server.

use super::Container;

/// A container of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The container that is it, or the first one below it in the order of the tree.
    pub container: usize,
    /// Steps from the root.
    pub depth: usize,
    /// How many components of that container's DN are left out at the front.
    pub above: usize,
    /// The nearest container at or above it that a list names, whose answers it shares.
    pub answers: usize,
}

/// Every container with all those around it, from the root, children after their parent by name.
///
/// `containers` are as [`containers`](super::containers) gives them; at most `most` nodes.
pub fn tree(containers: &[Container<'_>], most: usize) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    // Components from the root to the last node.
    let mut open: &[String] = &[];
    for (at, container) in containers.iter().enumerate() {
        let path = container.path();
        let shared = open.iter().zip(path).take_while(|(a, b)| a == b).count();
        let first = if path.is_empty() { 0 } else { shared + 1 };
        for depth in first..=path.len() {
            if nodes.len() == most {
                return nodes;
            }
            nodes.push(Node {
                container: at,
                depth,
                above: path.len() - depth,
                answers: if depth == path.len() {
                    at
                } else {
                    container.parent.unwrap_or_default()
                },
            });
        }
        open = path;
    }
    nodes
}
