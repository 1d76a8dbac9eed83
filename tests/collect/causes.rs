//! What several settings or programs tell together is one finding; what only looks like
//! a difference is none.

use crate::support::bundle::Bundle;
use crate::support::bundles::{compared, primary, staging};
use crate::support::{Compared, text};
use serde_json::{Value, json};

const DOTNET: &str = "HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319";
const SCHANNEL: &str = "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols";
const PROXY: &str = "<defaultProxy><proxy proxyaddress=\"http://p1:8080\" /></defaultProxy>";

fn assert_parity(result: &Compared) {
    assert_eq!(result.code, 0, "{:#?}\n{}", result.brief(), result.report["gaps"]);
}

/// Rows of a finding's parts.
fn parts(finding: &Value) -> Vec<&str> {
    let parts = finding["detail"].as_array().map(Vec::as_slice).unwrap_or_default();
    parts.iter().map(|part| text(&part["id"])).collect()
}

/// A server that goes through no proxy.
fn direct(bundle: Bundle) -> Bundle {
    bundle
        .edit("proxy-machine-config", |data| data["DefaultProxy"] = Value::Null)
        .edit("service-configuration", |data| data["DefaultProxy"] = Value::Null)
        .instead("proxy-service-account", None, &json!({}))
        .instead(
            "proxy-winhttp",
            None,
            &json!({ "Direct": true, "Proxy": null, "Bypass": null }),
        )
        .instead(
            "proxy-environment",
            None,
            &json!({ "HTTP_PROXY": null, "HTTPS_PROXY": null, "NO_PROXY": null }),
        )
}

fn dotnet(bundle: Bundle) -> Bundle {
    bundle.edit("proxy-machine-config", |data| data["DefaultProxy"] = json!(PROXY))
}

fn service(bundle: Bundle) -> Bundle {
    bundle.edit("service-configuration", |data| data["DefaultProxy"] = json!(PROXY))
}

fn account(bundle: Bundle) -> Bundle {
    bundle.instead(
        "proxy-service-account",
        None,
        &json!({ "ProxyEnable": 1, "ProxyServer": "p1:8080" }),
    )
}

fn winhttp(bundle: Bundle) -> Bundle {
    bundle.instead(
        "proxy-winhttp",
        None,
        &json!({ "Direct": false, "Proxy": "p1:8080", "Bypass": "<local>" }),
    )
}

#[test]
fn one_proxy_told_in_several_places_is_one_finding() {
    for swap in [false, true] {
        let pair = |with: fn(Bundle) -> Bundle| match swap {
            false => compared(&with(direct(primary())), &direct(staging())),
            true => compared(&direct(primary()), &with(direct(staging()))),
        };
        pair(dotnet).assert_findings(&["block proxy-dotnet"]);
        pair(service).assert_findings(&["block service-proxy"]);
        pair(account).assert_findings(&["block proxy-account-enabled"]);
        pair(winhttp).assert_findings(&["block proxy-winhttp-direct"]);
        let result = pair(|bundle| dotnet(service(account(winhttp(bundle)))));
        result.assert_findings(&["block proxy-dotnet"]);
        let finding = result.one("proxy-dotnet");
        assert_eq!(
            parts(finding),
            ["service-proxy", "proxy-account-enabled", "proxy-winhttp-direct"]
        );
        let said = finding["consequences"].to_string();
        assert!(said.contains("Make all places named here equal"), "{said}");
        // Whoever accepted less than this has not accepted it.
        assert_ne!(finding["values"], pair(dotnet).one("proxy-dotnet")["values"]);
        assert_eq!(finding["fingerprint"], pair(dotnet).one("proxy-dotnet")["fingerprint"]);
    }
    // Each server has one, in its own place.
    let split = compared(&dotnet(direct(primary())), &service(direct(staging())));
    split.assert_findings(&["high proxy-dotnet"]);
    assert_eq!(parts(split.one("proxy-dotnet")), ["service-proxy"]);
    // Proxies that both have may differ.
    assert_parity(&compared(&dotnet(primary()), &dotnet(staging())));
}

#[test]
fn a_proxy_that_is_switched_off_is_none() {
    let off = "<defaultProxy useDefaultCredentials=\"true\" enabled=\"false\"><proxy proxyaddress=\"http://p1:8080\" /></defaultProxy>";
    let none =
        "<defaultProxy><!-- <proxy proxyaddress=\"http://p1:8080\" /> --><proxy autoDetect=\"False\" /></defaultProxy>";
    for item in ["proxy-machine-config", "service-configuration"] {
        let set = |bundle: Bundle, value: Value| bundle.edit(item, |data| data["DefaultProxy"] = value);
        let (left, right) = (direct(primary()), direct(staging()));
        for value in [off, none] {
            assert_parity(&compared(&set(left.clone(), json!(value)), &right));
            let result = compared(&set(left.clone(), json!(PROXY)), &set(right.clone(), json!(value)));
            assert_eq!(result.code, 1, "{item}: {value}");
        }
    }
    let account = |data: Value| {
        let right = direct(staging()).instead("proxy-service-account", None, &json!({ "ProxyEnable": 0 }));
        compared(&direct(primary()).instead("proxy-service-account", None, &data), &right)
    };
    for data in [
        json!({ "ProxyEnable": 1 }),
        json!({ "ProxyEnable": 1, "ProxyServer": "" }),
        json!({ "ProxyEnable": 0, "ProxyServer": "p1:8080" }),
        json!({ "ProxyEnable": 1, "ProxyOverride": "<local>" }),
    ] {
        assert_parity(&account(data));
    }
    account(json!({ "ProxyEnable": 1, "ProxyServer": "p1:8080" })).assert_findings(&["block proxy-account-enabled"]);
}

/// Both servers with TLS 1.2 on, and a key changed on the staging server.
fn tls(change: impl FnOnce(&mut Value)) -> Compared {
    let on = |bundle: Bundle| {
        let wow = DOTNET.replace("\\Microsoft\\", "\\WOW6432Node\\Microsoft\\");
        let values = json!({ "SchUseStrongCrypto": 1, "SystemDefaultTlsVersions": 1 });
        let client = json!({ "Enabled": 1, "DisabledByDefault": 0 });
        let keys = json!({
            DOTNET: values, wow: values, format!("{SCHANNEL}\\TLS 1.2\\Client"): client,
            format!("{SCHANNEL}\\TLS 1.2\\Server"): client, format!("{SCHANNEL}\\TLS 1.3\\Client"): null,
            format!("{SCHANNEL}\\TLS 1.3\\Server"): null,
        });
        bundle.instead("tls", None, &keys)
    };
    compared(&on(primary()), &on(staging()).edit("tls", change))
}

#[test]
fn keys_of_tls_that_one_server_lacks_are_one_finding() {
    let client = format!("{SCHANNEL}\\TLS 1.2\\Client");
    let lost = tls(|data| data[&client] = Value::Null);
    lost.assert_findings(&["high tls-enabled"]);
    assert_eq!(parts(lost.one("tls-enabled")), ["tls-disabled-by-default"]);
    let all = tls(|data| {
        data.as_object_mut()
            .unwrap()
            .values_mut()
            .for_each(|key| *key = Value::Null)
    });
    all.assert_findings(&["high tls-strong-crypto"]);
    assert_eq!(parts(all.one("tls-strong-crypto")).len(), 7);
    // Values that differ are settings of their own.
    let off = tls(|data| {
        data[&client]["Enabled"] = json!(0);
        data[DOTNET]["SchUseStrongCrypto"] = json!(0);
    });
    off.assert_findings(&["high tls-enabled", "high tls-strong-crypto"]);
    // What nobody needs.
    for key in ["Client", "Server"] {
        let set = json!({ "Enabled": 4_294_967_295_u32, "DisabledByDefault": 0 });
        assert_parity(&tls(|data| data[format!("{SCHANNEL}\\TLS 1.3\\{key}")] = set));
    }
}

/// An agent's service and program, on the primary only or in another version there.
fn agent(service: &str, program: &str, both: bool) -> Compared {
    let with = |bundle: Bundle, version: &str| {
        let service = json!({ "Name": service, "DisplayName": "Agent", "State": "Running", "StartMode": "Auto",
            "DelayedAutoStart": false, "StartName": "LocalSystem", "ExitCode": 0, "PathName": "agent.exe",
            "FileVersion": version, "FailureActions": null });
        let program = json!({ "Name": program, "Version": version, "Publisher": "Microsoft Corporation" });
        bundle
            .edit("services", |data| data.as_array_mut().unwrap().push(service))
            .edit("installed-programs", |data| data.as_array_mut().unwrap().push(program))
    };
    let right = if both { with(staging(), "1.5.3.0") } else { staging() };
    compared(&with(primary(), "1.5.4.0"), &right)
}

#[test]
fn an_agent_is_told_once() {
    let health = (
        "AzureADConnectHealthSyncMonitor",
        "Microsoft Entra Connect Health agent for sync",
    );
    agent(health.0, health.1, false).assert_findings(&["medium service-missing"]);
    agent(health.0, health.1, true).assert_findings(&["low service-version"]);
    let updater = ("AzureADConnectAgentUpdater", "Microsoft Azure AD Connect Agent Updater");
    agent(updater.0, updater.1, false).assert_findings(&["medium service-missing"]);
    agent(updater.0, updater.1, true).assert_findings(&["low service-version"]);
    // Where agents for sign-in stand is the owner's decision, whoever tells it.
    for name in [
        "Microsoft Azure AD Connect Authentication Agent",
        "Microsoft Entra Connect Authentication Agent",
    ] {
        let program = json!({ "Name": name, "Version": "1.5.4.0", "Publisher": "Microsoft Corporation" });
        let left = primary().edit("installed-programs", |data| data.as_array_mut().unwrap().push(program));
        let right = staging().edit("services", |data| {
            data.as_array_mut()
                .unwrap()
                .retain(|service| service["Name"] == "ADSync");
        });
        assert_parity(&compared(&left, &right));
    }
}

#[test]
fn one_certificate_that_both_servers_have_is_one_finding() {
    let with = |bundle: Bundle, (hash, application): (&str, &str)| {
        let mut data = bundle.of_item("connector-credential");
        for key in [
            "CertificateId",
            "Thumbprint",
            "CertificateThumbprint",
            "CertificateSHA256Hash",
        ] {
            data[key] = json!(hash);
        }
        data["ApplicationId"] = json!(application);
        data["AppId"] = json!(application);
        bundle.instead("connector-credential", Some("Entra"), &data)
    };
    let pair = |left, right| compared(&with(primary(), left), &with(staging(), right));
    assert_parity(&pair(("AA", "1"), ("BB", "2")));
    let same = pair(("AA", "1"), ("AA", "2"));
    same.assert_findings(&["block credential-certificate-id"]);
    let finding = same.one("credential-certificate-id");
    assert_eq!(parts(finding).len(), 3);
    let said = finding["consequences"].to_string();
    assert!(
        said.contains("The same holds for: Thumbprint of the certificate of the server; "),
        "{said}"
    );
    let all = pair(("AA", "1"), ("AA", "1"));
    all.assert_findings(&["block credential-application-id", "block credential-certificate-id"]);
}
