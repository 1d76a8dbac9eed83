//! Connectors of another kind: two real ECMA2 connectors (PowerShell, SQL),
//! put into an export and read and compared like the rest.

use crate::support;
use crate::support::bench::Bench;
use crate::support::edits;
use crate::support::export::{Export, Rule, direct};
use crate::support::files::Files;
use crate::support::{Compared, inside, text};
use syncdrift::catalogue::ids;
use tempfile::TempDir;

const POWERSHELL: &str = "Connectors/psma.xml";
const SQL: &str = "Connectors/sqlma.xml";

/// A server with a rule, so that nothing of its export is missing.
fn server() -> Export {
    Export::primary().rule(Rule::inbound("In from AD - User Own", 50).flow(direct("department", "department")))
}

/// A server's export with both connectors in it.
fn export(which: &Export) -> Option<Files> {
    let folder = support::data("ecma2")?;
    let base = TempDir::new().unwrap();
    which.write(base.path());
    let mut files = Files::read(base.path());
    for (name, text) in Files::read(&folder).texts {
        let (kind, _) = name.split_once('/').unwrap();
        files.texts.insert(format!("Connectors/{kind}.xml"), text);
    }
    Some(files)
}

/// Compares the export with a staging server whose connector was edited.
fn edited(file: &str, edit: impl Fn(&str) -> String) -> Option<Compared> {
    let primary = server();
    let left = export(&primary)?;
    let mut right = export(&Export::staging_of(&primary))?;
    let text = right.texts.get_mut(file).unwrap();
    let new = edit(text);
    assert_ne!(new, *text, "the edit of {file} changed nothing");
    *text = new;
    Some(compared(&left, &right))
}

fn compared(left: &Files, right: &Files) -> Compared {
    let folder = TempDir::new().unwrap();
    left.write(&folder.path().join("primary"));
    right.write(&folder.path().join("staging"));
    inside::compare(&folder.path().join("primary"), &folder.path().join("staging"))
}

/// Asserts that an edit gives one finding: its id, both values (parts of them) and its severity.
#[track_caller]
fn assert_one(file: &str, from: &str, to: &str, wanted: (&str, &str, &str, &str)) {
    let Some(compared) = edited(file, |text| text.replacen(from, to, 1)) else {
        return;
    };
    let (id, primary, staging, severity) = wanted;
    compared.assert_findings(&[&format!("{severity} {id}")]);
    let finding = compared.one(id);
    let shown = |side: &str| {
        let parts = finding["detail"].as_array().unwrap().iter();
        let texts: Vec<&str> = parts.chain([finding]).map(|part| text(&part[side])).collect();
        texts.join("\n")
    };
    assert!(shown("primary").contains(primary), "{finding:#}");
    assert!(shown("staging").contains(staging), "{finding:#}");
}

#[test]
fn equal_connectors_have_no_findings_and_no_shortfall() {
    let primary = server();
    let Some(left) = export(&primary) else { return };
    let right = export(&Export::staging_of(&primary)).unwrap();
    let compared = compared(&left, &right);
    assert_eq!(compared.code, 0, "{:#?}", compared.brief());
    compared.assert_findings(&[]);
    assert_eq!(compared.report["gaps"].as_array().unwrap().len(), 0);
    assert_eq!(
        compared.report["ledger"]["uncatalogued"], 0,
        "{:#}",
        compared.report["ledger"]
    );
}

#[test]
fn nothing_of_them_is_unknown_to_the_catalogue() {
    let Some(files) = export(&server()) else {
        return;
    };
    let folder = TempDir::new().unwrap();
    files.write(folder.path());
    let configuration = inside::read(folder.path());
    let mut unknown = Vec::new();
    for object in &configuration.objects {
        for (key, setting) in &object.settings {
            // An empty list is kept under its path and means nothing.
            if key.row == ids::UNCATALOGUED && !setting.value.display().is_empty() {
                unknown.push(format!("{}: {:?} = {}", object.name, key.name, setting.value.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn a_parameter_with_and_without_a_definition_is_one_finding_each() {
    let wanted = (
        "connector-import-script",
        r"PSMA7\import.ps1",
        r"PSMA8\import.ps1",
        "high",
    );
    assert_one(POWERSHELL, r"PSMA7\import.ps1", r"PSMA8\import.ps1", wanted);
    let added = r#"<parameter-values><parameter name="Undefined" type="string" use="global">Mutated7</parameter>"#;
    let wanted = ("connector-source-parameter", "", "Mutated7", "high");
    assert_one(SQL, "<parameter-values>", added, wanted);
}

#[test]
fn what_gives_objects_another_identity_is_a_finding() {
    assert_one(
        SQL,
        "<name>user</name><anchor><attribute>uid</attribute>",
        "<name>user</name><anchor><attribute>externalid</attribute>",
        ("class-anchor-attribute", "uid", "externalid", "high"),
    );
    assert_one(
        POWERSHELL,
        "<ldap-dn>0</ldap-dn>",
        "<ldap-dn>1</ldap-dn>",
        ("connector-ldap-dn", "False", "True", "high"),
    );
}

#[test]
fn the_provisioning_hierarchy_is_compared() {
    assert_one(
        POWERSHELL,
        "<component_mappings />",
        "<component_mappings><mapping><dn_component>ou</dn_component><object_class>organizationalUnit</object_class></mapping></component_mappings>",
        ("hierarchy-mapping-missing", "", "ou", "medium"),
    );
}

#[test]
fn a_schema_that_lacks_an_attribute_is_a_finding_that_names_it() {
    let Some(compared) = edited(SQL, |text| {
        let at = text.find("<dsml:attribute-type ").unwrap();
        let end = at + text[at..].find("</dsml:attribute-type>").unwrap() + "</dsml:attribute-type>".len();
        let mut text = text.to_owned();
        text.replace_range(at..end, "");
        text
    }) else {
        return;
    };
    let findings = compared.findings();
    assert!(
        findings.iter().all(|f| f["area"] == "connectors"),
        "{:#?}",
        compared.brief()
    );
    assert!(
        findings.iter().any(|f| f.to_string().contains("externalid")),
        "{findings:#?}"
    );
}

#[test]
fn a_connection_string_is_compared_without_showing_its_password() {
    let from = "data source=sv0163.regsj.intern";
    let wanted = ("connector-connection-string", "sv0163", "sv0164", "high");
    assert_one(SQL, from, "data source=sv0164.regsj.intern", wanted);
    let Some(compared) = edited(SQL, |text| text.replace("password={password}", "password=Mutated7")) else {
        return;
    };
    // The value, and the default value of its definition.
    compared.assert_findings(&[
        "high connector-connection-string",
        "low connector-definition-default-value",
    ]);
    assert!(!compared.report.to_string().contains("Mutated7"));
}

#[test]
fn the_library_and_the_category_are_named() {
    assert_one(
        SQL,
        "<assembly-version>1.0.2020.1013<",
        "<assembly-version>1.0.2021.1<",
        ("connector-extension-version", "1.0.2020.1013", "1.0.2021.1", "high"),
    );
    let Some(compared) = edited(SQL, |text| text.replacen("Extensible2</category>", "FIM</category>", 1)) else {
        return;
    };
    let shown: Vec<String> = compared.findings().iter().map(ToString::to_string).collect();
    assert!(shown.iter().any(|finding| finding.contains("FIM")), "{shown:#?}");
}

#[test]
fn every_edit_of_both_has_an_entry() {
    let Some(primary) = export(&server()) else { return };
    // One on the primary, the other on staging.
    for (file, bench) in [
        (POWERSHELL, Bench::of(&primary, "SYNC01", false)),
        (SQL, Bench::swapped(&primary, "SYNC01")),
    ] {
        let edits = edits::all(&bench.files.texts[file], &|_, _| Vec::new());
        let edits = edits::spread(edits);
        let edits: Vec<_> = edits.into_iter().map(|edit| (file.to_owned(), edit)).collect();
        assert!(edits.len() > 1000, "{} edits", edits.len());
        bench.assert_accounted(&edits);
    }
}
