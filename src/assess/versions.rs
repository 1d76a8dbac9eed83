//! Builds: what a version difference explains.
//!
//! In: both servers' builds. Out: the version finding and the one expected
//! line under which updated default rules are folded. Must not know: which
//! build brought which rule.

use super::context::{Context, Side, text};
use super::finding::Drafts;
use crate::catalogue::{Severity, ids};
use crate::derive::RuleView;
use crate::report::{ChangeKind, Detail, Status};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The two builds and what was folded because of them.
pub struct Versions {
    left: Option<String>,
    right: Option<String>,
    /// Parts of each rule that was folded, with its name and its connector's.
    folded: RefCell<Vec<(String, String, Vec<Detail>)>>,
    consequences: RefCell<Vec<String>>,
}

/// Reads the builds; the finding itself is written by [`Versions::finish`], when all its consequences are known.
pub fn judge(context: &Context<'_>, _drafts: &mut Drafts) -> Versions {
    Versions {
        left: text(context.left, ids::SERVER_BUILD),
        right: text(context.right, ids::SERVER_BUILD),
        folded: RefCell::default(),
        consequences: RefCell::default(),
    }
}

impl Versions {
    /// The same builds, of which nothing was told yet: for a second thread.
    pub fn fresh(&self) -> Versions {
        Versions {
            left: self.left.clone(),
            right: self.right.clone(),
            folded: RefCell::default(),
            consequences: RefCell::default(),
        }
    }

    /// Adds what was told to another one.
    pub fn join(&self, other: Versions) {
        self.folded.borrow_mut().extend(other.folded.into_inner());
        for text in other.consequences.into_inner() {
            self.consequence(text);
        }
    }

    /// Whether both builds are known and differ.
    pub fn differ(&self) -> bool {
        self.order().is_some_and(|order| order != Ordering::Equal)
    }

    fn order(&self) -> Option<Ordering> {
        Some(compare(self.left.as_deref()?, self.right.as_deref()?))
    }

    /// Whether staging has the older build.
    pub fn staging_older(&self) -> bool {
        self.order() == Some(Ordering::Greater)
    }

    /// Whether a side has the newer build.
    pub fn newer(&self, side: Side) -> bool {
        match side {
            Side::Primary => self.order() == Some(Ordering::Greater),
            Side::Staging => self.order() == Some(Ordering::Less),
        }
    }

    /// Whether the builds explain that two copies of a default rule differ in their body.
    pub fn explain(&self, left: &RuleView, right: &RuleView) -> bool {
        match (&left.tag, &right.tag) {
            (Some(l), Some(r)) => {
                self.differ() && left.standard && right.standard && l.base == r.base && l.version != r.version
            }
            _ => false,
        }
    }

    /// Folds a difference of a default rule of a connector; every detail begins with the rule's name.
    pub fn fold(&self, rule: &str, connector: String, details: Vec<Detail>) {
        self.folded.borrow_mut().push((rule.to_owned(), connector, details));
    }

    /// Names of rules that were folded, with the connectors of each.
    fn rules(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut rules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (rule, connector, _) in self.folded.borrow().iter() {
            rules.entry(rule.clone()).or_default().insert(connector.clone());
        }
        rules
    }

    /// Adds something that follows from the difference of builds, once: several rules may have it follow.
    pub fn consequence(&self, text: String) {
        let mut known = self.consequences.borrow_mut();
        if !known.contains(&text) {
            known.push(text);
        }
    }

    /// Words for both builds: `2.5.79.0 -> 2.6.92.0`.
    pub fn words(&self) -> String {
        format!(
            "{} -> {}",
            self.left.as_deref().unwrap_or("?"),
            self.right.as_deref().unwrap_or("?")
        )
    }

    /// Writes the version finding and the folded line.
    pub fn finish(self, context: &Context<'_>, drafts: &mut Drafts) {
        let words = self.words();
        let rules = self.rules();
        let count = rules.len();
        let staging_older = self.staging_older();
        if self.differ() {
            let row = context.row(ids::SERVER_BUILD);
            let mut finding = context.pair_finding(row, self.left.clone(), self.right.clone());
            finding.setting = row.title.clone();
            finding.severity = if staging_older {
                row.escalate.iter().map(|e| e.severity).max().unwrap_or(Severity::High)
            } else {
                row.severity
            };
            if count > 0 {
                finding.consequences.push(format!(
                    "{count} default rule{} updated by the newer build; see the expected differences",
                    if count == 1 { " is" } else { "s are" }
                ));
            }
            finding.consequences.extend(self.consequences.into_inner());
            drafts.push(finding);
        }
        if count > 0 {
            let row = context.row(ids::DEFAULT_RULES_UPDATED);
            let mut finding = context.pair_finding(row, self.left, self.right);
            finding.object = format!("{count} default rule{}", if count == 1 { "" } else { "s" });
            finding.object_path = vec![finding.object.clone()];
            finding.change = ChangeKind::Changed;
            finding.status = Status::Expected;
            finding.detail = details(self.folded.into_inner(), &rules);
            finding.reason = Some(
                format!(
                    "{count} default rule{} updated by the build ({words})",
                    if count == 1 { " was" } else { "s were" }
                )
                .into(),
            );
            drafts.push(finding);
        }
    }
}

/// All parts; where the rules of several forests have one name, the forest's stands with it.
fn details(folded: Vec<(String, String, Vec<Detail>)>, rules: &BTreeMap<String, BTreeSet<String>>) -> Vec<Detail> {
    let named = |(rule, connector, mut parts): (String, String, Vec<Detail>)| {
        let several = rules.get(&rule).is_some_and(|connectors| connectors.len() > 1);
        for part in parts.iter_mut().filter(|_| several) {
            if let Some(rest) = part.what.strip_prefix(&rule) {
                part.what = format!("{rule} of {connector}{rest}");
            }
        }
        parts
    };
    folded.into_iter().flat_map(named).collect()
}

/// Compares dotted version numbers part by part.
pub fn compare(left: &str, right: &str) -> Ordering {
    let parts = |text: &str| -> Vec<u64> { text.trim().split('.').map(|part| part.parse().unwrap_or(0)).collect() };
    let (mut l, mut r) = (parts(left), parts(right));
    let length = l.len().max(r.len());
    l.resize(length, 0);
    r.resize(length, 0);
    l.cmp(&r).then_with(|| {
        if length == 0 || left.trim() == right.trim() {
            Ordering::Equal
        } else if l == r && left.chars().any(char::is_alphabetic) {
            left.cmp(right)
        } else {
            Ordering::Equal
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_are_ordered_by_number() {
        assert_eq!(compare("2.6.92.0", "2.6.9.0"), Ordering::Greater);
        assert_eq!(compare("2.6.92", "2.6.92.0"), Ordering::Equal);
        assert_eq!(compare("1.1.130.0", "2.0.0.0"), Ordering::Less);
    }
}
