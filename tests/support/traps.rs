//! More builder methods and questions for the tests of traps.

use super::export::{Export, Flow, Pair, Rule, direct};
use super::{Compared, Run, brief, compare_with, run, text};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

impl Rule {
    /// With another precedence.
    pub fn at(mut self, precedence: u32) -> Rule {
        self.precedence = precedence.to_string();
        self
    }

    /// With this identifier.
    pub fn with_guid(mut self, guid: &str) -> Rule {
        self.guid = guid.to_owned();
        self
    }

    /// On another connector.
    pub fn on(mut self, connector: &str) -> Rule {
        self.connector = connector.to_owned();
        self
    }

    /// With other object types.
    pub fn types(mut self, source: &str, target: &str) -> Rule {
        self.source_type = source.to_owned();
        self.target_type = target.to_owned();
        self
    }

    /// With another link type.
    pub fn link(mut self, link_type: &str) -> Rule {
        self.link_type = link_type.to_owned();
        self
    }

    /// Under another name.
    pub fn named(mut self, name: &str) -> Rule {
        self.name = name.to_owned();
        self
    }

    /// With this flow instead of the one to the same target.
    pub fn instead(mut self, flow: Flow) -> Rule {
        let old = self.flows.iter_mut().find(|old| old.target == flow.target);
        *old.expect("a flow to this target") = flow;
        self
    }

    /// With this flow and no other.
    pub fn instead_all(mut self, flow: Flow) -> Rule {
        self.flows = vec![flow];
        self
    }

    /// A live copy without tag, as the rules editor names it.
    pub fn cloned_as(&self, stamp: &str, precedence: u32) -> Rule {
        Rule {
            name: format!("{} - Cloned - {stamp}", self.name),
            tag: String::new(),
            precedence: precedence.to_string(),
            ..self.clone()
        }
    }
}

/// The default rule that joins and provisions users.
pub fn user_join(precedence: u32) -> Rule {
    Rule::inbound("In from AD - User Join", precedence)
        .tagged("Microsoft.InfromADUserJoin.005")
        .link("Provision")
        .scope(&[("isCriticalSystemObject", "NOTEQUAL", "True")])
        .join(&[("objectGUID", "sourceAnchorBinary")])
        .flow(direct("accountName", "sAMAccountName"))
        .flow(direct("sourceAnchorBinary", "objectGUID"))
}

/// The default rule for common attributes of users.
pub fn user_common(precedence: u32) -> Rule {
    Rule::inbound("In from AD - User Common", precedence)
        .tagged("Microsoft.InfromADUserCommon.007")
        .flow(direct("company", "company"))
        .flow(direct("department", "department"))
        .flow(direct("displayName", "displayName"))
        .flow(direct("title", "title"))
}

/// A default rule about one attribute.
pub fn user_exchange(precedence: u32) -> Rule {
    Rule::inbound("In from AD - User Exchange", precedence)
        .tagged("Microsoft.InfromADUserExchange.003")
        .flow(direct("mail", "mail"))
        .flow(direct("mailNickname", "mailNickname"))
}

/// A custom rule that writes one attribute from another, and nothing else.
pub fn custom(name: &str, precedence: u32, target: &str, source: &str) -> Rule {
    Rule::inbound(name, precedence).flow(direct(target, source))
}

/// An active server with these rules.
pub fn primary_with(rules: impl IntoIterator<Item = Rule>) -> Export {
    Export {
        rules: rules.into_iter().collect(),
        ..Export::primary()
    }
}

/// A staging server with these rules.
pub fn staging_with(rules: impl IntoIterator<Item = Rule>) -> Export {
    Export::staging_of(&primary_with(rules))
}

/// Compares a primary with these rules and a staging server with those.
pub fn compare_rules<L, R>(primary: L, staging: R) -> Compared
where
    L: IntoIterator<Item = Rule>,
    R: IntoIterator<Item = Rule>,
{
    super::export::compare(&primary_with(primary), &staging_with(staging))
}

impl Pair {
    /// Compares both, with more arguments.
    pub fn compare_with(&self, more: &[&str]) -> Compared {
        compare_with(&self.primary(), &self.staging(), more)
    }

    /// Compares both with the roles swapped.
    pub fn swapped(&self) -> Compared {
        compare_with(&self.staging(), &self.primary(), &[])
    }

    /// `compare` with more arguments, whatever its exit code.
    pub fn run(&self, more: &[&str]) -> Run {
        let mut arguments = vec![
            "compare".into(),
            self.primary().into_os_string(),
            self.staging().into_os_string(),
        ];
        arguments.extend(more.iter().map(std::ffi::OsString::from));
        run(arguments)
    }
}

/// The files of a part of an export, in order.
pub fn files(folder: &Path, part: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join(part))
        .expect("a part")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

/// The one file of an export that holds a text.
pub fn file_with(folder: &Path, part: &str, text: &str) -> PathBuf {
    let found: Vec<PathBuf> = files(folder, part)
        .into_iter()
        .filter(|file| fs::read_to_string(file).expect("text").contains(text))
        .collect();
    assert_eq!(found.len(), 1, "files of {part} that hold {text:?}");
    found[0].clone()
}

/// Replaces text in one file; it must be there.
pub fn edit(file: &Path, from: &str, to: &str) {
    let old = fs::read_to_string(file).expect("text");
    assert!(old.contains(from), "{from:?} in {old}");
    fs::write(file, old.replace(from, to)).expect("a file");
}

/// Replaces text in every file of an export.
pub fn edit_all(folder: &Path, pairs: &[(&str, &str)]) {
    for part in ["Connectors", "GlobalSettings", "SynchronizationRules"] {
        for file in files(folder, part) {
            let mut content = fs::read_to_string(&file).expect("text");
            for (from, to) in pairs {
                content = content.replace(from, to);
            }
            fs::write(&file, content).expect("a file");
        }
    }
}

impl Compared {
    /// Asserts that nothing is a finding and that the exit code is 0.
    pub fn assert_parity(&self) {
        assert_eq!(self.brief(), Vec::<String>::new());
        assert_eq!(self.code, 0);
        assert_eq!(self.report["verdict"], "parity");
    }

    /// All findings with this id.
    pub fn all(&self, id: &str) -> Vec<&Value> {
        self.findings().iter().filter(|finding| finding["id"] == id).collect()
    }

    /// Expected differences with this id.
    pub fn expected_of(&self, id: &str) -> Vec<&Value> {
        self.expected().iter().filter(|finding| finding["id"] == id).collect()
    }

    /// `id server object` of every lint.
    pub fn lints(&self) -> Vec<String> {
        let lints = self.report["lints"].as_array().expect("lints");
        lints
            .iter()
            .map(|lint| {
                format!(
                    "{} {} {}",
                    text(&lint["id"]),
                    text(&lint["server"]),
                    text(&lint["object"])
                )
            })
            .collect()
    }

    /// Problems of the gaps.
    pub fn gaps(&self) -> &[Value] {
        self.report["gaps"].as_array().expect("gaps")
    }

    /// Id, fingerprint and hash of values of every finding and expected difference, in an order of their own.
    pub fn identities(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .findings()
            .iter()
            .chain(self.expected())
            .map(|f| {
                let (id, object, setting) = (text(&f["id"]), text(&f["object"]), text(&f["setting"]));
                let (print, values) = (text(&f["fingerprint"]), text(&f["values"]));
                format!("{print} {values} {id} {object}: {setting}")
            })
            .collect();
        all.sort();
        all
    }
}

/// Everything a finding says, as one text.
pub fn words(finding: &Value) -> String {
    format!("{} {} {}", brief(finding), finding["detail"], finding["consequences"])
}
