//! Hosts are unlike each other: where the product is installed, what the computer is
//! called, which Windows it runs. None of it is drift; a proxy that only one server
//! has is.

use crate::support::Compared;
use crate::support::bundle::Bundle;
use crate::support::bundles::{compared, primary, staging};
use serde_json::{Value, json};

/// Both servers with an item changed, each in its own way.
fn both(id: &str, left: impl FnOnce(&mut Value), right: impl FnOnce(&mut Value)) -> Compared {
    compared(&primary().edit(id, left), &staging().edit(id, right))
}

/// One entry more of a list.
fn with(entry: Value) -> impl FnOnce(&mut Value) {
    move |data| data.as_array_mut().unwrap().push(entry)
}

fn assert_parity(result: &Compared) {
    assert_eq!(result.code, 0, "{:#?}\n{}", result.brief(), result.report["gaps"]);
}

#[test]
fn a_proxy_on_one_server_only_is_no_decision_of_a_site() {
    let dotnet = |address: &str| {
        json!(format!(
            "<defaultProxy><proxy proxyaddress=\"{address}\" /></defaultProxy>"
        ))
    };
    type Set = (&'static str, &'static str, &'static str, Value);
    let cases: [Set; 3] = [
        (
            "proxy-machine-config",
            "DefaultProxy",
            "block proxy-dotnet",
            dotnet("http://p1:8080"),
        ),
        (
            "service-configuration",
            "DefaultProxy",
            "block service-proxy",
            dotnet("http://p1:8080"),
        ),
        (
            "proxy-environment",
            "HTTPS_PROXY",
            "high proxy-environment-variable",
            json!("http://p1:8080"),
        ),
    ];
    for (item, key, finding, value) in cases {
        let set = |value: Value| move |data: &mut Value| data[key] = value;
        for (left, right) in [(value.clone(), Value::Null), (Value::Null, value.clone())] {
            let result = both(item, set(left), set(right));
            assert_eq!(result.code, 1, "{item}: {:#?}", result.brief());
            result.assert_findings(&[finding]);
        }
        let other = json!(value.as_str().unwrap().replace("p1", "p2"));
        assert_parity(&both(item, set(value), set(other)));
    }
    let script = both(
        "proxy-service-account",
        |_| {},
        |data| data["AutoConfigURL"] = Value::Null,
    );
    script.assert_findings(&["block proxy-account-script"]);
    // Neither names a proxy.
    let plain = |data: &mut Value| data["DefaultProxy"] = Value::Null;
    assert_parity(&both("proxy-machine-config", plain, |_| {}));
    // One that is switched off is none.
    let off = |data: &mut Value| data["DefaultProxy"] = json!("<defaultProxy enabled=\"false\" />");
    let set = |data: &mut Value| data["DefaultProxy"] = dotnet("http://p1:8080");
    both("proxy-machine-config", set, off).assert_findings(&["block proxy-dotnet"]);
    let exceptions = both(
        "proxy-environment",
        |_| {},
        |data| data["NO_PROXY"] = json!("localhost"),
    );
    assert_parity(&exceptions);
}

#[test]
fn a_proxy_that_is_off_needs_no_value() {
    let off = |data: &mut Value| *data = json!({ "ProxyEnable": 0 });
    assert_parity(&both("proxy-service-account", off, |data| *data = json!({})));
    let on = both("proxy-service-account", |_| {}, |data| data["ProxyEnable"] = json!(0));
    on.assert_findings(&["block proxy-account-enabled"]);
}

#[test]
fn files_are_matched_below_the_folder_of_the_product() {
    let moved = |data: &mut Value| {
        for file in data.as_array_mut().unwrap() {
            let path = file["Path"]
                .as_str()
                .unwrap()
                .replace("C:\\Program Files", "D:\\Programme");
            file["Path"] = json!(path);
        }
    };
    assert_parity(&both("program-files", |_| {}, moved));
    // A folder of another name, which only the registry knows.
    let renamed = |data: &mut Value| {
        let path = data[1]["Path"].as_str().unwrap();
        data[1]["Path"] = json!(path.replace("C:\\Program Files\\Microsoft Azure AD Sync", "E:\\Sync"));
    };
    let right = staging()
        .edit("program-files", renamed)
        .edit("service-registry", |data| data["Path"] = json!("E:\\Sync\\"));
    assert_parity(&compared(&primary(), &right));
    // It is still told from others of its name.
    let elsewhere = |data: &mut Value| {
        let path = data[1]["Path"].as_str().unwrap().replace("Extensions", "MAData");
        data[1]["Path"] = json!(path);
    };
    let result = both("program-files", |_| {}, elsewhere);
    result.assert_findings(&["high program-file-missing", "high program-file-missing"]);
}

#[test]
fn folders_named_after_a_connector_are_its_folders() {
    let (left, right) = (primary(), staging());
    let file = |bundle: &Bundle| {
        let (_, bytes) = bundle
            .files
            .iter()
            .find(|(name, bytes)| {
                name.contains("Connectors/") && String::from_utf8_lossy(bytes).contains("<category>AD<")
            })
            .unwrap();
        let text = String::from_utf8_lossy(bytes).into_owned();
        let guid = text
            .split("<id>")
            .nth(1)
            .unwrap()
            .split("</id>")
            .next()
            .unwrap()
            .to_owned();
        let path = format!("C:\\Program Files\\Microsoft Azure AD Sync\\MAData\\{guid}\\map.xml");
        with(json!({ "Path": path, "Sha256": "AB", "Bytes": 1 }))
    };
    let (one, other) = (file(&left), file(&right));
    assert_parity(&compared(
        &left.edit("program-files", one),
        &right.edit("program-files", other),
    ));
    // Of nobody who is known.
    let cached = |guid: &str| {
        let path = format!("C:\\Program Files\\Microsoft Azure AD Sync\\MAData\\{{{guid}}}\\map.xml");
        with(json!({ "Path": path, "Sha256": "AB", "Bytes": 1 }))
    };
    let one = cached("64012271-08b8-4a17-88c4-f311bd82a33d");
    let other = cached("c83111d6-0163-4eb3-a228-f5e722600631");
    assert_parity(&both("program-files", one, other));
}

#[test]
fn what_is_on_is_on_however_windows_writes_it() {
    let key = "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client";
    for on in [json!(-1), json!(4_294_967_295_u32), json!("0xffffffff")] {
        assert_parity(&both("tls", |_| {}, |data| data[key]["Enabled"] = on));
    }
    let off = both("tls", |_| {}, |data| data[key]["Enabled"] = json!(0));
    off.assert_findings(&["high tls-enabled"]);
}

#[test]
fn the_clock_of_windows_is_that_of_its_build() {
    let clock = |version: &str, start: &str, state: &str| {
        json!({ "Name": "W32Time", "DisplayName": "Windows Time", "State": state, "StartMode": start, "DelayedAutoStart": false,
            "StartName": "NT AUTHORITY\\LocalService", "ExitCode": 0, "PathName": "svchost.exe", "FileVersion": version,
            "FailureActions": "80" })
    };
    let (left, right) = (
        clock("10.0.20348.1", "Auto", "Running"),
        clock("10.0.17763.1", "Manual", "Stopped"),
    );
    assert_parity(&both("services", with(left.clone()), with(right)));
    assert_parity(&both("services", with(left), |_| {}));
}

#[test]
fn which_database_a_server_has_is_its_own_decision() {
    let local = |version: &str| json!({ "Name": "Microsoft SQL Server 2019 LocalDB ", "Version": version, "Publisher": "Microsoft" });
    assert_parity(&both("installed-programs", with(local("15.0.4312.2")), |_| {}));
    assert_parity(&both(
        "installed-programs",
        with(local("15.0.4312.2")),
        with(local("15.0.4382.1")),
    ));
    let spelled = |data: &mut Value| data[0]["Name"] = json!("Microsoft ODBC driver 17 for SQL Server ");
    assert_parity(&both("installed-programs", |_| {}, spelled));
    let driver = both("installed-programs", |_| {}, |data| data[0]["Version"] = json!("1.0"));
    driver.assert_findings(&["low installed-program-version"]);
}

#[test]
fn the_account_of_the_service_is_its_own_on_each_server() {
    let with = |bundle: Bundle, account: &str, name: &str, sid: &str| {
        let bundle = bundle.edit("services", |data| data[0]["StartName"] = json!(account));
        let mut data = bundle.of_item("local-group");
        data.as_array_mut().unwrap().push(member(name, sid));
        let record =
            json!({ "id": "local-group", "of": "ADSyncAdmins", "status": "ok", "problem": null, "data": data });
        bundle.bytes("items/local-group.json", record.to_string().as_bytes())
    };
    let pair = |left: [&str; 2], right: [&str; 2]| {
        let left = with(primary(), left[0], left[1], "S-1-5-21-9-9-9-1");
        compared(&left, &with(staging(), right[0], right[1], "S-1-5-21-9-9-9-2"))
    };
    let managed = ["CONTOSO\\sync1$", "contoso\\SYNC1$"];
    assert_parity(&pair(managed, ["CONTOSO\\sync2$", "CONTOSO\\sync2$"]));
    assert_parity(&pair([".\\AAD_1", "SYNC01\\AAD_1"], [".\\AAD_2", "SYNC02\\AAD_2"]));
    // That of the other server is nobody's here.
    pair(managed, ["CONTOSO\\sync2$", "CONTOSO\\sync3$"]).assert_findings(&["medium local-group-members"]);
}

/// A member of the group of administrators.
fn member(name: &str, sid: &str) -> Value {
    json!({ "Name": name, "ObjectClass": "User", "SID": sid })
}

#[test]
fn members_of_groups_are_who_they_are() {
    let own = |server: &str, sid: &str| member(&format!("{server}\\breakglass"), sid);
    let group = |bundle: Bundle, entry: Value| {
        // Named as the collector counts them: this one is that of ADSyncAdmins.
        let mut data = bundle.of_item("local-group");
        data.as_array_mut().unwrap().push(entry);
        let record =
            json!({ "id": "local-group", "of": "ADSyncAdmins", "status": "ok", "problem": null, "data": data });
        bundle.bytes("items/local-group.json", record.to_string().as_bytes())
    };
    let pairs = [
        (
            own("SYNC01", "S-1-5-21-7-7-7-1001"),
            own("SYNC02", "S-1-5-21-8-8-8-1002"),
            true,
        ),
        (
            member("CONTOSO\\Old", "S-1-5-21-9-9-9-1"),
            member("CONTOSO\\New", "S-1-5-21-9-9-9-1"),
            true,
        ),
        (
            member("NT AUTHORITY\\SYSTEM", "S-1-5-18"),
            member("NT-AUTORITÄT\\SYSTEM", "S-1-5-18"),
            true,
        ),
        (
            member("OTHER\\ops", "S-1-5-21-6-6-6-1"),
            member("OTHER\\ops", "S-1-5-21-5-5-5-1"),
            true,
        ),
        (
            member("CONTOSO\\Ben", "S-1-5-21-9-9-9-1"),
            member("CONTOSO\\Bea", "S-1-5-21-9-9-9-2"),
            false,
        ),
        (
            own("SYNC01", "S-1-5-21-7-7-7-1001"),
            member("SYNC02\\other", "S-1-5-21-8-8-8-1001"),
            false,
        ),
    ];
    for (left, right, same) in pairs {
        let result = compared(&group(primary(), left.clone()), &group(staging(), right.clone()));
        match same {
            true => assert_parity(&result),
            false => result.assert_findings(&["medium local-group-members"]),
        }
    }
}
