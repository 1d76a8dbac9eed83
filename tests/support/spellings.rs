//! Other ways to write the same server: what means the same in a rule file.

use super::files::Files;
use super::rule_tree::Element;

/// A way to write a rule file otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spelling {
    Flows,
    Scopes,
    Conditions,
    Elements,
    Layout,
    Entities,
    CharacterData,
    Brackets,
    Booleans,
    Flags,
    MergeTypes,
    Declared,
    Comments,
    ConnectorCase,
    ConnectorNames,
    FileNames,
}

/// All of them.
pub const ALL: [Spelling; 16] = [
    Spelling::Flows,
    Spelling::Scopes,
    Spelling::Conditions,
    Spelling::Elements,
    Spelling::Layout,
    Spelling::Entities,
    Spelling::CharacterData,
    Spelling::Brackets,
    Spelling::Booleans,
    Spelling::Flags,
    Spelling::MergeTypes,
    Spelling::Declared,
    Spelling::Comments,
    Spelling::ConnectorCase,
    Spelling::ConnectorNames,
    Spelling::FileNames,
];

/// Writes a server in another way.
pub fn apply(spelling: Spelling, files: &mut Files) {
    match spelling {
        Spelling::Flows => files.each_rule(|rule| rule.flows().reverse()),
        Spelling::Scopes => inside(files, "synchronizationCriteria", true),
        Spelling::Conditions => inside(files, "relationshipCriteria", false),
        Spelling::Elements => files.each_rule(|rule| {
            rule.each(&mut |element| {
                if !["relationshipCriteria", "attribute-mappings"].contains(&element.name.as_str()) {
                    element.children.reverse();
                }
            });
        }),
        Spelling::Layout => expressions(files, |leaf| leaf.text = laid_out(&leaf.text)),
        Spelling::Brackets => expressions(files, |leaf| leaf.text = format!("( {} )", leaf.text.trim())),
        Spelling::CharacterData => expressions(files, |leaf| leaf.raw = Some(format!("<![CDATA[{}]]>", leaf.text))),
        Spelling::Entities => leaves(files, |leaf| leaf.raw = Some(numbered(&leaf.text))),
        Spelling::Booleans => files.each_rule(|rule| {
            rule.each(&mut |element| {
                if ["disabled", "EnablePasswordSync", "caseSensitive"].contains(&element.name.as_str()) {
                    element.text = respelled(&element.text);
                }
                for (name, value) in &mut element.attributes {
                    if name == "execute-once" {
                        *value = respelled(value);
                    }
                }
            });
        }),
        Spelling::Flags => files.each_rule(|rule| {
            let off = |text: &str| text.trim().is_empty() || text.eq_ignore_ascii_case("false") || text == "0";
            rule.each(&mut |element| {
                let flags = ["disabled", "EnablePasswordSync", "caseSensitive"];
                element
                    .children
                    .retain(|child| !flags.contains(&child.name.as_str()) || !off(&child.text));
                element
                    .attributes
                    .retain(|(name, value)| name != "execute-once" || !off(value));
            });
        }),
        Spelling::MergeTypes => leaves(files, |leaf| {
            if leaf.name == "valueMergeType" && leaf.text == "Update" {
                leaf.text = "Replace".to_owned();
            }
        }),
        Spelling::Declared => files.each_rule(|rule| {
            for flow in rule.flows() {
                if flow.child("expression").is_some() {
                    flow.children.retain(|child| child.name != "src");
                }
            }
        }),
        Spelling::Comments => {
            let note = "<!-- a note --><?editor note?>";
            files.each_text("SynchronizationRules", |text| {
                format!("{note}\n{}{note}\n", text.replace(">\n", &format!(">\n{note}\n")))
            });
            files.each_text("Connectors", |text| {
                format!("{note}{}", text.replace("<category>", &format!("{note}<category>")))
            });
        }
        Spelling::ConnectorCase => connector_names(files, |name| match name.split_once(" - ") {
            Some((tenant, rest)) => format!("{} - {rest}", tenant.to_uppercase()),
            None => name.to_uppercase(),
        }),
        Spelling::ConnectorNames => connector_names(files, |name| match name.split_once(" - ") {
            Some((tenant, _)) => format!("{tenant} - Microsoft Entra ID"),
            None => format!("Directory {}", name.len()),
        }),
        Spelling::FileNames => {
            let texts = std::mem::take(&mut files.texts);
            files.texts = texts
                .into_iter()
                .enumerate()
                .map(|(at, (path, text))| {
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    (format!("x/y/{folder}/file {}.xml", 1000 - at), text)
                })
                .collect();
        }
    }
}

fn leaves(files: &mut Files, mut edit: impl FnMut(&mut Element)) {
    files.each_rule(|rule| {
        rule.each(&mut |element| {
            if element.children.is_empty() && !element.text.is_empty() {
                edit(element);
            }
        });
    });
}

fn expressions(files: &mut Files, mut edit: impl FnMut(&mut Element)) {
    leaves(files, |leaf| {
        if leaf.name == "expression" && !leaf.text.trim().is_empty() {
            edit(leaf);
        }
    });
}

/// Turns the clauses of each group round, and the groups if asked.
fn inside(files: &mut Files, part: &str, groups: bool) {
    files.each_rule(|rule| {
        if let Some(part) = rule.child_mut(part) {
            if groups {
                part.children.reverse();
            }
            part.children.iter_mut().for_each(|group| group.children.reverse());
        }
    });
}

/// The first name in a connector's file is its own.
fn connector_names(files: &mut Files, other: impl Fn(&str) -> String) {
    files.each_text("Connectors", |text| {
        let mut text = text.to_owned();
        if let Some(from) = text.find("<name>").map(|at| at + 6)
            && let Some(length) = text[from..].find("</name>")
        {
            let name = other(&text[from..from + length]);
            text.replace_range(from..from + length, &name);
        }
        text
    });
}

/// Line breaks and blanks around brackets and commas outside strings and attribute names.
fn laid_out(expression: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut named) = (false, false);
    for c in expression.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => named = true,
            ']' if !quoted => named = false,
            _ => {}
        }
        let free = !quoted && !named;
        match c {
            ')' if free => out.push_str("\n )"),
            ',' | '(' if free => out.extend([c, '\n', ' ', '\t']),
            ' ' if free => out.push_str("  "),
            _ => out.push(c),
        }
    }
    out
}

/// Everything but letters and digits as a numbered entity.
fn numbered(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_string()
            } else {
                format!("&#x{:x};", u32::from(c))
            }
        })
        .collect()
}

fn respelled(flag: &str) -> String {
    match flag {
        "True" => "1",
        "true" => "TRUE",
        "False" => "0",
        "false" => "False",
        other => other,
    }
    .to_owned()
}
