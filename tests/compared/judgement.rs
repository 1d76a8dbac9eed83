//! What builds explain and what they do not, what nobody can tell, and how bad
//! it is when something decides whether objects exist.

use crate::support::export::{Export, Pair, compare};
use crate::support::traps::{custom, primary_with};
use crate::support::twins::{CONTOSO, ENTRA, FABRIKAM, METAVERSE, Twins, cut, on, parameter, swap};
use crate::support::{Compared, sample, syncdrift, text};

const BUILD: &str = "Microsoft.Synchronize.ServerConfigurationVersion";

/// The entry of an id, wherever it stands.
fn entry<'c>(compared: &'c Compared, id: &str) -> &'c serde_json::Value {
    let mut all = compared.findings().iter().chain(compared.expected());
    all.find(|entry| entry["id"] == id)
        .unwrap_or_else(|| panic!("no {id}: {:#?}", compared.brief()))
}

fn stands(entry: &serde_json::Value) -> (&str, &str) {
    (text(&entry["status"]), text(&entry["severity"]))
}

fn with_global(text: &str, name: &str, value: &str) -> String {
    let leaf =
        format!("<parameter name=\"{name}\" use=\"SynchronizationGlobal\">{value}</parameter></parameter-values>");
    swap(text, "</parameter-values>", &leaf)
}

/// The first name in a document: that of the object it is about.
fn first_name(text: &str) -> String {
    let after = text.split("<name>").nth(1).unwrap();
    after.split('<').next().unwrap().to_owned()
}

#[test]
fn builds_explain_that_a_flag_is_gone_but_not_that_it_is_switched() {
    const FLAG: &str = "Microsoft.OptionalFeature.PasswordHashSync";
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| parameter(text, BUILD, "2.6.99.0"));
    on(&mut twins.primary, METAVERSE, |text| with_global(text, FLAG, "True"));
    let gone = twins.compare();
    assert_eq!(entry(&gone, "password-hash-sync")["status"], "expected");
    on(&mut twins.staging, METAVERSE, |text| with_global(text, FLAG, "False"));
    let switched = twins.compare();
    let finding = entry(&switched, "password-hash-sync");
    assert_eq!(stands(finding), ("drift", "block"));
}

#[test]
fn builds_explain_the_products_libraries_and_no_others() {
    let version = |text: &str| swap(text, "<assembly-version>2.6.92.0<", "<assembly-version>2.6.99.0<");
    let foreign = |text: &str| swap(text, "<filename>Microsoft.Azure.", "<filename>Fabrikam.Azure.");
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| parameter(text, BUILD, "2.6.99.0"));
    on(&mut twins.staging, ENTRA, version);
    assert_eq!(
        entry(&twins.compare(), "connector-extension-version")["status"],
        "expected"
    );
    twins.on_both(ENTRA, foreign);
    let compared = twins.compare();
    let finding = entry(&compared, "connector-extension-version");
    assert_eq!(stands(finding), ("drift", "high"));
}

#[test]
fn a_switch_of_the_connector_is_no_matter_of_builds() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, METAVERSE, |text| parameter(text, BUILD, "2.6.99.0"));
    on(&mut twins.staging, ENTRA, |text| {
        swap(text, "<export-enabled>1<", "<export-enabled>0<")
    });
    assert_eq!(
        entry(&twins.compare(), "connector-extension-export-enabled")["status"],
        "drift"
    );
}

#[test]
fn a_tenant_that_nobody_can_tell_is_unknown_and_never_parity() {
    let nameless = |text: &str| {
        let text = cut(text, "<parameter name=\"UserName\"", "</parameter>");
        let text = swap(&text, ENTRA, "<name>AAD</name>");
        cut(&text, "<adal-authority>", "</adal-authority>")
    };
    let mut twins = Twins::of_sample();
    twins
        .primary
        .each_text("Connectors", |text| match text.contains(ENTRA) {
            true => nameless(text),
            false => text.to_owned(),
        });
    let staging = "<subtype>Windows Azure Active Directory (Microsoft)</subtype>";
    on(&mut twins.staging, staging, |text| {
        let name = first_name(text);
        let text = cut(text, "<parameter name=\"UserName\"", "</parameter>");
        let text = swap(&text, &format!("<name>{name}<"), "<name>AAD<");
        cut(&text, "<adal-authority>", "</adal-authority>")
    });
    let compared = twins.compare();
    assert_eq!(entry(&compared, "entra-tenant")["status"], "unknown");
    assert_ne!(compared.report["verdict"], "parity");
    assert_eq!(compared.code, 3, "{:#?}", compared.brief());
}

#[test]
fn the_authority_of_password_writeback_tells_the_tenant_too() {
    let mut twins = Twins::of_sample();
    for server in [&mut twins.primary, &mut twins.staging] {
        on(server, "<adal-authority>", |text| {
            let name = first_name(text);
            let text = cut(text, "<parameter name=\"UserName\"", "</parameter>");
            swap(&text, &format!("<name>{name}<"), "<name>AAD<")
        });
    }
    on(&mut twins.staging, "<adal-authority>", |text| {
        swap(
            text,
            "/contoso.onmicrosoft.com</adal",
            "/fabrikam.onmicrosoft.com</adal",
        )
    });
    let compared = twins.compare();
    assert_eq!(entry(&compared, "entra-tenant")["severity"], "block");
}

#[test]
fn an_application_is_shared_however_its_id_is_written() {
    let id = "0f1e2d3c-1111-4222-8333-444455556666";
    let with = |value: String| {
        move |text: &str| {
            let leaf = format!(
                "<parameter name=\"ApplicationId\" use=\"connectivity\">{value}</parameter></parameter-values>"
            );
            swap(text, "</parameter-values>", &leaf)
        }
    };
    let mut twins = Twins::of_sample();
    on(&mut twins.primary, "<adal-authority>", with(id.to_owned()));
    on(
        &mut twins.staging,
        "<adal-authority>",
        with(format!("{{{}}}", id.to_uppercase())),
    );
    let compared = twins.compare();
    let shared = |entry: &&serde_json::Value| entry["id"] == "connector-application-id";
    let found: Vec<_> = compared.findings().iter().filter(shared).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (text(&found[0]["change"]), text(&found[0]["severity"])),
        ("equal", "block")
    );
    assert_eq!(
        compared.expected().iter().filter(shared).count(),
        0,
        "one cause, one entry"
    );
}

#[test]
fn profiles_of_the_scheduler_block_and_others_do_not() {
    let without = |name: &str| {
        let mut twins = Twins::of_sample();
        let mark = format!("<name>{name}</name>");
        on(&mut twins.staging, CONTOSO, |text| {
            swap(text, &mark, "<name>Mine</name>")
        });
        let compared = twins.compare();
        let missing = |entry: &&serde_json::Value| entry["id"] == "run-profile-missing" && !entry["primary"].is_null();
        let finding = compared.findings().iter().find(missing).expect("a missing profile");
        text(&finding["severity"]).to_owned()
    };
    assert_eq!(without("Export"), "block");
    assert_eq!(without("Full Synchronization"), "medium");
}

#[test]
fn a_schedule_that_is_off_on_both_servers_is_a_fault() {
    let mut twins = Twins::of_sample();
    twins.on_both(METAVERSE, |text| {
        parameter(text, "Microsoft.Synchronize.SynchronizationSchedule", "False")
    });
    twins.compare().assert_findings(&["block sync-cycle-enabled"]);
}

#[test]
fn two_servers_taken_for_one_are_a_warning() {
    let run = syncdrift()
        .args(["compare", "--same-server"])
        .args([sample("primary"), sample("staging")])
        .output()
        .unwrap();
    let shown = String::from_utf8(run.stdout).unwrap();
    assert!(shown.contains("--same-server was given, but"), "{shown}");
}

#[test]
fn an_empty_filter_is_no_parity_with_one_that_takes_all() {
    let mut twins = Twins::of_sample();
    let root = "DC=fabrikam,DC=com";
    let lists = |inclusions: &str| {
        let inclusions = inclusions.to_owned();
        move |text: &str| {
            let text = cut(text, "<exclusions>", "</exclusions>");
            let start = text.find("<inclusions>").unwrap();
            let rest = cut(&text, "<inclusions>", "</inclusions>");
            format!("{}<exclusions/>{inclusions}{}", &rest[..start], &rest[start..])
        }
    };
    let all = format!("<inclusions><inclusion>{root}</inclusion></inclusions>");
    on(&mut twins.primary, "<name>fabrikam.com</name>", lists(&all));
    on(&mut twins.staging, "<name>fabrikam.com</name>", lists("<inclusions/>"));
    let compared = twins.compare();
    assert_eq!(compared.code, 1, "{:#?}", compared.brief());
    let finding = entry(&compared, "partition-container-inclusions");
    assert_eq!(stands(finding), ("drift", "block"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_does_not_change_the_exit_code() {
    use std::process::Stdio;
    let mut child = syncdrift()
        .args(["compare", "--format", "json"])
        .args([sample("primary"), sample("staging")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// The entry of a parameter that has these values on the two servers.
fn of_parameter(id: &str, name: &str, left: Option<&str>, right: Option<&str>) -> (String, String, String) {
    let mut primary = Export::primary();
    let mut staging = Export::staging_of(&primary);
    primary.parameters = left
        .iter()
        .map(|value| (name.to_owned(), (*value).to_owned()))
        .collect();
    staging.parameters = right
        .iter()
        .map(|value| (name.to_owned(), (*value).to_owned()))
        .collect();
    let compared = compare(&primary, &staging);
    let entry = entry(&compared, id);
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("null").to_owned();
    (word(&entry["status"]), word(&entry["primary"]), word(&entry["staging"]))
}

#[test]
fn a_flag_is_shown_in_one_spelling_unless_the_spelling_is_all_that_differs() {
    const FLAG: &str = "Microsoft.OptionalFeature.ExportDeletionThreshold";
    let of = |left, right| of_parameter("export-deletion-threshold", FLAG, left, right);
    let words = |status: &str, left: &str, right: &str| (status.to_owned(), left.to_owned(), right.to_owned());
    assert_eq!(of(Some("1"), Some("False")), words("drift", "True", "False"));
    assert_eq!(of(Some("0"), Some("true")), words("drift", "False", "True"));
    assert_eq!(of(Some("1"), None), words("drift", "True", "null"));
    assert_eq!(of(Some("1"), Some("True")), words("expected", "1", "True"));
    assert_eq!(of(Some("maybe"), Some("1")), words("drift", "maybe", "True"));
}

#[test]
fn an_empty_value_is_not_an_absent_one_in_words() {
    let of = |left, right| of_parameter("global-parameter", "Custom.Place", left, right);
    assert_eq!(of(Some(""), Some("x")).1, "(empty)");
    assert_eq!(of(None, Some("x")).1, "null");
}

#[test]
fn one_server_that_upgrades_itself_is_drift() {
    const STATE: &str = "Microsoft.OptionalFeature.AutoUpgradeState";
    let of = |left, right| of_parameter("auto-upgrade-state", STATE, Some(left), Some(right));
    assert_eq!(of("Enabled", "Disabled").0, "drift");
    assert_eq!(of("Enabled", "enabled").0, "expected");
}

#[test]
fn a_thumbprint_is_the_same_in_every_spelling() {
    let with = |text: &str, print: &str| {
        let leaf = format!(
            "<parameter name=\"CertificateId\" type=\"string\" use=\"connectivity\" dataType=\"String\">{print}</parameter>"
        );
        swap(
            text,
            "<parameter name=\"UserName\"",
            &format!("{leaf}<parameter name=\"UserName\""),
        )
    };
    let mut twins = Twins::of_sample();
    on(&mut twins.primary, ENTRA, |text| with(text, "AB12CD34"));
    on(&mut twins.staging, ENTRA, |text| with(text, "ab 12 cd 34"));
    let compared = twins.compare();
    let finding = entry(&compared, "connector-certificate-id");
    assert_eq!(
        (stands(finding), text(&finding["change"])),
        (("drift", "block"), "equal")
    );
}

#[test]
fn the_text_says_what_an_absent_value_counts_as_and_which_server_has_an_object() {
    let primary = primary_with([custom("In from AD - Department", 50, "department", "department")]);
    let mut staging = Export::staging_of(&primary);
    staging.rules[0].flows[0].once = Some("1".to_owned());
    staging
        .rules
        .push(custom("In from AD - Office", 51, "office", "office"));
    let shown = Pair::of(&primary, &staging).run(&[]).stdout;
    assert!(
        shown.contains("~ Apply once: (absent, counts as False) -> True")
            || shown.contains("+ Apply once: (absent, counts as False) -> True"),
        "{shown}"
    );
    assert!(
        shown.contains("Custom rule only on SYNC02, in contoso.com / Inbound\n"),
        "{shown}"
    );
    assert!(!shown.contains("on one server only"), "{shown}");
}

#[test]
fn a_member_of_a_selection_is_called_what_it_is() {
    let mut twins = Twins::of_sample();
    on(&mut twins.staging, FABRIKAM, |text| {
        swap(text, "<attribute>pager</attribute>", "")
    });
    let compared = twins.compare();
    let part = &entry(&compared, "connector-attribute-inclusion")["detail"][0];
    assert_eq!((text(&part["what"]), text(&part["primary"])), ("Attribute", "pager"));
}
