//! With `--redact` a bundle names no host, account, folder or database of anybody.

use crate::support::bundle::Bundle;
use crate::support::export::{Export, Rule, direct};
use crate::support::run;
use serde_json::{Value, json};

/// Words that must not stand in any output.
const NAMES: [&str; 12] = [
    "proxyhost",
    "mcproxy",
    "envproxy",
    "pachost",
    "intranet9",
    "fabrikam",
    "sqlsecret",
    "INST7",
    "SyncOfFabrikam",
    "Hans Meier",
    "682003330",
    "ntp9",
];

fn named(bundle: Bundle, own: &str) -> Bundle {
    let host = |name: &str| format!("{name}{own}.fabrikam.net");
    let file = "items/local-group.json";
    let group = json!({ "id": "local-group", "of": "ADSyncAdmins", "status": "ok", "problem": null, "data": [
        { "Name": "CONTOSO\\Ops", "ObjectClass": "Group", "SID": format!("S-1-5-21-1004336348-1177238915-682003330-11{own}4") } ] });
    bundle
        .edit("proxy-winhttp", |data| {
            data["Proxy"] = json!(format!("proxyhost{own}:8080"))
        })
        .edit("proxy-machine-config", |data| {
            let element = format!(
                "<defaultProxy><proxy proxyaddress=\"http://{}:8080\" /></defaultProxy>",
                host("mcproxy")
            );
            data["DefaultProxy"] = json!(element);
        })
        .edit("proxy-environment", |data| {
            data["HTTPS_PROXY"] = json!(format!("http://{}", host("envproxy")));
            data["NO_PROXY"] = json!(format!("*.fabrikam.net,intranet9{own}"));
        })
        .edit("proxy-service-account", |data| {
            data["AutoConfigURL"] = json!(format!("http://{}/p.pac", host("pachost")));
            data["ProxyServer"] = json!(format!("http=proxyhost{own}:80;https=proxyhost{own}:443"));
        })
        .edit("service-registry", |data| {
            data["Server"] = json!(host("sqlsecret"));
            data["SQLInstance"] = json!(format!("INST7{own}"));
            data["DBName"] = json!(format!("SyncOfFabrikam{own}"));
        })
        .edit("database", |data| {
            data["ServerName"] = json!(host("sqlsecret"));
            data["InstanceName"] = json!(format!("INST7{own}"));
            data["DatabaseName"] = json!(format!("SyncOfFabrikam{own}"));
        })
        .edit("scheduled-tasks", |data| {
            data[0]["Path"] = json!(format!("\\Hans Meier {own}\\"))
        })
        .edit("time", |data| data["NtpServer"] = json!(format!("ntp9{own},0x8")))
        .bytes(file, group.to_string().as_bytes())
}

#[test]
fn a_bundle_names_nobody() {
    let export = Export::primary().rule(Rule::inbound("In from AD - User", 50).flow(direct("mail", "mail")));
    let left = named(Bundle::full(&export), "1").folder();
    let right = named(Bundle::full(&Export::staging_of(&export)), "2").folder();
    let (left, right) = (left.path().as_os_str(), right.path().as_os_str());
    for format in ["text", "json", "markdown", "html"] {
        let compared = [
            "compare".as_ref(),
            left,
            right,
            "-v".as_ref(),
            "--format".as_ref(),
            format.as_ref(),
        ];
        let document = ["document".as_ref(), left, "--format".as_ref(), format.as_ref()];
        for command in [&compared[..], &document] {
            let open = run(command.iter().copied());
            assert!(format == "text" || open.stdout.contains("proxyhost1"), "{format}");
            let shown = run(command.iter().copied().chain(["--redact".as_ref()]));
            assert_eq!(shown.code, open.code);
            let text = shown.stdout + &shown.stderr;
            for name in NAMES {
                assert!(
                    !text.to_lowercase().contains(&name.to_lowercase()),
                    "{name} in {format}"
                );
            }
        }
    }
}

#[test]
fn what_every_server_has_stays_readable() {
    let export = Export::primary().rule(Rule::inbound("In from AD - User", 50).flow(direct("mail", "mail")));
    let folder = Bundle::full(&export)
        .edit("local-group", |_: &mut Value| {})
        .edit("scheduled-tasks", |data| {
            data[0]["Path"] = json!("\\Microsoft\\Windows\\")
        })
        .folder();
    let shown = run([
        "document".as_ref(),
        folder.path().as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
        "--redact".as_ref(),
    ]);
    for word in ["ADSync2019", "(localdb)", "\\\\Microsoft\\\\Windows\\\\", "proxy:8080"] {
        assert!(shown.stdout.contains(word), "{word}");
    }
}
