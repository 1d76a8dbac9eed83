//! Custom rules that people published: read, compared with themselves, and
//! compared with one flow changed.

use crate::support;
use crate::support::export::{Export, Rule, Source};
use crate::support::{inside, published, text};
use syncdrift::model::{Configuration, Value};
use tempfile::TempDir;

/// The active server with these rules.
fn server(rules: &[Rule]) -> Export {
    Export {
        rules: rules.to_vec(),
        ..Export::primary()
    }
}

fn read(export: &Export) -> Configuration {
    let folder = TempDir::new().unwrap();
    export.write(folder.path());
    inside::read(folder.path())
}

#[test]
fn every_expression_is_understood_or_said_not_to_be() {
    let Some(folder) = support::data("rules-published") else {
        return;
    };
    let rules = published::rules(&folder);
    assert_eq!(rules.len(), 13);
    let export = server(&rules);
    let configuration = read(&export);
    let compared = inside::judge(&configuration, read(&Export::staging_of(&export)), false);
    let lints: Vec<&str> = compared.report["lints"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|lint| ["expression-unreadable", "expression-malformed"].contains(&text(&lint["id"])))
        .map(|lint| text(&lint["object"]))
        .collect();
    let mut expressions = 0;
    for object in &configuration.objects {
        for setting in object.settings.values() {
            if let Value::Expression { raw, canonical, .. } = &setting.value {
                expressions += 1;
                let said = lints.contains(&object.name.as_str());
                assert!(canonical.is_some() || said, "{}: {raw}", object.name);
            }
        }
    }
    let written = rules.iter().flat_map(|rule| &rule.flows);
    let written = written
        .filter(|flow| matches!(flow.source, Source::Expression(_)))
        .count();
    assert_eq!(expressions, written);
    assert!(expressions > 10, "{expressions}");
}

#[test]
fn each_rule_is_equal_to_itself() {
    let Some(folder) = support::data("rules-published") else {
        return;
    };
    let export = server(&published::rules(&folder));
    let compared = support::export::compare(&export, &Export::staging_of(&export));
    assert_eq!(compared.code, 0, "{:#?}", compared.brief());
    compared.assert_findings(&[]);
    assert_eq!(compared.report["ledger"]["uncatalogued"], 0);
}

#[test]
fn each_changed_flow_is_one_finding() {
    let Some(folder) = support::data("rules-published") else {
        return;
    };
    let rules = published::rules(&folder);
    let export = server(&rules);
    let primary = read(&export);
    let mut changes = 0;
    for (at, rule) in rules.iter().enumerate() {
        for flow in 0..rule.flows.len() {
            let mut staging = Export::staging_of(&export);
            let changed = &mut staging.rules[at].flows[flow];
            match &mut changed.source {
                Source::Direct(text) | Source::Constant(text) => text.push_str("Mutated7"),
                Source::Expression(text) => *text = format!("Trim({text})"),
            }
            let target = changed.target.clone();
            let compared = inside::unchecked(&primary, read(&staging), false);
            let findings = compared.findings();
            assert_eq!(findings.len(), 1, "{} {target}: {:#?}", rule.name, compared.brief());
            let finding = &findings[0];
            assert_eq!(finding["object"], rule.name.as_str(), "{finding:#}");
            assert!(text(&finding["setting"]).contains(&target), "{finding:#}");
            let shown = text(&finding["staging"]);
            assert!(shown.contains("Mutated7") || shown.contains("Trim("), "{finding:#}");
            changes += 1;
        }
    }
    assert!(changes > 80, "{changes}");
}

#[test]
fn a_rule_without_flows_that_is_disabled_is_one_finding() {
    let Some(folder) = support::data("rules-published") else {
        return;
    };
    let rules = published::rules(&folder);
    let export = server(&rules);
    let primary = read(&export);
    for (at, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.flows.is_empty()) {
        let mut staging = Export::staging_of(&export);
        staging.rules[at].disabled = Some("True".to_owned());
        let compared = inside::judge(&primary, read(&staging), false);
        assert_eq!(compared.findings().len(), 1, "{}: {:#?}", rule.name, compared.brief());
        assert_eq!(compared.one("rule-disabled")["object"], rule.name.as_str());
    }
}
