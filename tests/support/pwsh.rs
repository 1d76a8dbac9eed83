//! What a PowerShell script does, as its grammar shows it: commands, calls, redirections.

use std::collections::BTreeSet;
use tree_sitter::{Node, Parser, Tree};

/// A script and its tree.
pub struct Script {
    pub text: String,
    tree: Tree,
}

/// A command with the parameters it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// As it is written; what `&` runs begins with `&`.
    pub name: String,
    pub parameters: Vec<String>,
    pub line: usize,
}

/// A call of a method: `Type::Name`, or `.Name` of whatever stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    pub name: String,
    /// The whole call.
    pub text: String,
    pub line: usize,
}

impl Script {
    pub fn parse(text: &str) -> Script {
        let mut parser = Parser::new();
        parser
            .set_language(&tree_sitter_pwsh::LANGUAGE.into())
            .expect("the grammar");
        Script {
            text: text.to_owned(),
            tree: parser.parse(text, None).expect("a tree"),
        }
    }

    fn of(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }

    /// Every node, from the outside in.
    fn nodes(&self) -> Vec<Node<'_>> {
        let mut all = Vec::new();
        let mut open = vec![self.tree.root_node()];
        while let Some(node) = open.pop() {
            all.push(node);
            let mut cursor = node.walk();
            open.extend(node.children(&mut cursor));
        }
        all.sort_by_key(|node| (node.start_byte(), std::cmp::Reverse(node.end_byte())));
        all
    }

    fn place(node: Node<'_>) -> usize {
        node.start_position().row + 1
    }

    /// What Windows PowerShell 5.1 would not accept, or would read as something else.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for node in self.nodes() {
            let fault = if node.is_error() {
                "a syntax error"
            } else if node.is_missing() {
                "something is missing"
            } else {
                match node.kind() {
                    "ternary_expression" | "ternary_argument_expression" => "?: is of PowerShell 7",
                    "null_coalesce_expression" | "null_coalesce_argument_expression" => "?? is of PowerShell 7",
                    "pipeline_chain_tail" => "&& and || are of PowerShell 7",
                    "?." | "?[" => "?. is of PowerShell 7",
                    "assignment_operator" if self.of(node) == "??=" => "??= is of PowerShell 7",
                    "try_statement" if !self.closes(node) => "try without catch or finally",
                    "comment" | "program" => continue,
                    _ => continue,
                }
            };
            faults.push(format!("{}: {fault}", Self::place(node)));
        }
        faults
    }

    fn closes(&self, node: Node<'_>) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor)
            .any(|child| matches!(child.kind(), "catch_clauses" | "finally_clause"))
    }

    /// Functions that the script defines itself.
    pub fn functions(&self) -> BTreeSet<String> {
        self.nodes()
            .into_iter()
            .filter(|node| node.kind() == "function_name")
            .map(|node| self.of(node).to_owned())
            .collect()
    }

    /// Commands that are run.
    pub fn calls(&self) -> Vec<Call> {
        self.nodes()
            .into_iter()
            .filter(|node| node.kind() == "command")
            .map(|node| self.call(node))
            .collect()
    }

    fn call(&self, node: Node<'_>) -> Call {
        let mut cursor = node.walk();
        let operator = node
            .children(&mut cursor)
            .find(|child| child.kind() == "command_invocation_operator");
        let name = node
            .child_by_field_name("command_name")
            .map_or("", |name| self.of(name));
        let mut parameters = Vec::new();
        let mut open: Vec<Node<'_>> = node.child_by_field_name("command_elements").into_iter().collect();
        while let Some(node) = open.pop() {
            match node.kind() {
                "command_parameter" => {
                    let text = self.of(node);
                    let name = text.trim_start_matches('-').split(':').next().unwrap_or(text);
                    parameters.push(name.to_owned());
                }
                // What is run to make an argument has parameters of its own.
                "script_block_expression" | "sub_expression" | "parenthesized_expression" => {}
                _ => {
                    let mut cursor = node.walk();
                    open.extend(node.children(&mut cursor));
                }
            }
        }
        parameters.sort();
        Call {
            name: format!("{}{name}", operator.map_or("", |operator| self.of(operator))),
            parameters,
            line: Self::place(node),
        }
    }

    /// Methods that are called, `::new` of a type included.
    pub fn methods(&self) -> Vec<Method> {
        self.nodes()
            .into_iter()
            .filter(|node| node.kind() == "invocation_expression")
            .map(|node| {
                let whole = self.of(node);
                let mut cursor = node.walk();
                let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
                let member = children
                    .iter()
                    .find(|child| child.kind() == "member_name")
                    .map_or(whole, |member| self.of(*member));
                let name = match children.first() {
                    Some(first) if first.kind() == "type_literal" => {
                        format!("{}::{member}", self.of(*first).trim_matches(['[', ']']))
                    }
                    _ => format!(".{member}"),
                };
                Method {
                    name,
                    text: whole.to_owned(),
                    line: Self::place(node),
                }
            })
            .collect()
    }

    /// Where output goes that is redirected.
    pub fn redirections(&self) -> Vec<String> {
        self.texts("redirection")
    }

    /// The left sides of assignments.
    pub fn assigned(&self) -> Vec<String> {
        self.texts("left_assignment_expression")
    }

    /// Every text of nodes of a kind.
    pub fn texts(&self, kind: &str) -> Vec<String> {
        self.nodes()
            .into_iter()
            .filter(|node| node.kind() == kind)
            .map(|node| self.of(node).to_owned())
            .collect()
    }
}
