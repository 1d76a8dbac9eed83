//! The Entra connector.
//!
//! In: a server. Out: its file `Connector_{b891884f-…}.xml`, with the identifier that all servers share.

use crate::Result;
use crate::connector;
use crate::layout;
use crate::model::{ENTRA, Server};
use crate::noise::{Noise, base64};
use crate::output::File;
use crate::partition::{self, parameter};
use crate::schema;
use crate::xml::Xml;
use std::collections::BTreeMap;

/// The connector's type, also its name in lists.
const SUBTYPE: &str = "Windows Azure Active Directory (Microsoft)";
/// The attribute that identifies an object of the tenant.
const ANCHOR: &str = "cloudAnchor";

/// The file.
pub fn file(server: &Server) -> Result<File> {
    let name = format!("{} - AAD", server.tenant);
    let schema = &server.entra.schema;
    let mut xml = Xml::new();
    xml.open("ma-data", &[]);
    connector::head(
        &mut xml,
        server,
        ENTRA,
        "entra",
        &name,
        ["Extensible2", SUBTYPE, SUBTYPE, "Microsoft"],
    );
    schema::prefixed(&mut xml, schema, Some(ANCHOR))?;
    private(&mut xml, server);
    xml.flat(false);
    let left_out: Vec<&str> = server.entra.not_selected.split_whitespace().collect();
    let mut selected: Vec<&str> = schema::attributes(schema)?
        .iter()
        .map(|attribute| attribute.name)
        .collect();
    selected.retain(|name| !left_out.contains(name));
    selected.sort_by_key(|name| name.to_lowercase());
    xml.open("attribute-inclusion", &[]);
    for name in selected {
        xml.leaf("attribute", name);
    }
    xml.close();
    xml.flat(true);
    for name in ["join", "projection", "export-attribute-flow"] {
        xml.leaf(name, "");
    }
    tenant_partition(&mut xml, server);
    partition::profiles(
        &mut xml,
        server,
        "entra",
        &["default"],
        &BTreeMap::new(),
        |xml, _, batch| {
            xml.open("extensible2-step-data", &[]);
            xml.leaf("timeout", "120");
            xml.leaf("batch-size", batch);
            xml.close();
            xml.leaf("parameter-values", "");
        },
    );
    partition::tail(&mut xml);
    Ok(File {
        folder: "Connectors",
        name: format!("Connector_{{{ENTRA}}}.xml"),
        bytes: layout::encode(&server.about, &server.noise, "entra", &xml.finish()),
    })
}

fn private(xml: &mut Xml, server: &Server) {
    let classes: Vec<&str> = server.entra.schema.classes.keys().map(String::as_str).collect();
    xml.open("private-configuration", &[]);
    xml.open("MAConfig", &[]);
    xml.open("primary_class_mappings", &[]);
    for class in &classes {
        xml.open("mapping", &[]);
        xml.leaf("primary_class", class);
        xml.leaf("oc-value", class);
        xml.close();
    }
    xml.close();
    xml.flat(true);
    for (name, value) in [
        ("change_type_attribute", ""),
        ("add_change_type_value", "Add"),
        ("modify_change_type_value", "Modify"),
        ("delete_change_type_value", "Delete"),
        ("ldap-dn", "0"),
        ("case_normalize_dn_for_anchor", "1"),
    ] {
        xml.leaf(name, value);
    }
    extension(xml, &server.build);
    xml.leaf("file-type", "Extensible2");
    importing(xml, &classes);
    xml.open("parameter-definitions", &[]);
    for (name, kind) in [("UserName", "string"), ("Password", "encrypted-string")] {
        xml.open("parameter", &[]);
        for (key, value) in [
            ("name", name),
            ("use", "connectivity"),
            ("type", kind),
            ("validation", ""),
            ("text", ""),
            ("default-value", ""),
        ] {
            xml.leaf(key, value);
        }
        xml.close();
    }
    xml.close();
    let account = Noise::of(&server.account_of).account("cloud account", "");
    let user = format!("Sync_{}_{account}@{}", server.account_of, server.tenant);
    xml.open("parameter-values", &[]);
    parameter(xml, "UserName", "string", "connectivity", None, &user);
    for name in ["Password", "PasswordResetConfiguration"] {
        parameter(
            xml,
            name,
            "encrypted-string",
            "connectivity",
            Some(("encrypted", "1")),
            "",
        );
    }
    xml.close();
    xml.leaf("possible_component_mappings", "");
    xml.open("aad-password-reset-config", &[]);
    xml.leaf("enabled", "1");
    xml.leaf(
        "modified-timestamp",
        &server.noise.time(&server.about.installed, "password reset", ""),
    );
    xml.leaf(
        "adal-authority",
        &format!("https://login.windows.net/{}", server.tenant),
    );
    xml.close();
    xml.close();
    xml.close();
}

fn extension(xml: &mut Xml, build: &str) {
    xml.open("extension-config", &[]);
    for (name, value) in [
        ("filename", "Microsoft.Azure.ActiveDirectory.Connector.dll"),
        ("import-default-page-size", "50"),
        ("import-max-page-size", "50"),
        ("export-default-page-size", "30"),
        ("export-max-page-size", "30"),
        ("export-mode", "call-based"),
        ("import-mode", "call-based"),
        ("export-enabled", "1"),
        ("import-enabled", "1"),
        ("capability-bits", "2147982384"),
        ("export-type", "5"),
        ("discovery-partition", ""),
        ("discovery-schema", "extensibility"),
        ("discovery-hierarchy", ""),
        ("password-management-enabled", ""),
        ("assembly-version", build),
    ] {
        xml.leaf(name, value);
    }
    xml.close();
}

fn importing(xml: &mut Xml, classes: &[&str]) {
    xml.open("importing", &[]);
    for part in ["dn", "anchor"] {
        xml.open(part, &[]);
        for class in classes {
            xml.leaf_with("attribute", &[("object_class", class)], ANCHOR);
        }
        xml.close();
    }
    xml.open("per-class-settings", &[]);
    for class in classes {
        xml.open("class", &[]);
        xml.leaf("name", class);
        xml.open("anchor", &[]);
        xml.leaf("attribute", ANCHOR);
        xml.close();
        xml.close();
    }
    xml.close();
    xml.close();
}

fn tenant_partition(xml: &mut Xml, server: &Server) {
    xml.open("ma-partition-data", &[]);
    xml.open("partition", &[]);
    partition::head(xml, server, "default", true, "default");
    partition::filter(
        xml,
        server,
        &server.entra.object_types,
        "default",
        &[],
        &[String::new()],
    );
    xml.open("custom-data", &[]);
    xml.open("ecma-partition-data", &[]);
    for (name, value) in [("dn", "default"), ("name", "default"), ("is-domain", "1")] {
        xml.leaf(name, value);
    }
    xml.close();
    // Base64 of UTF-16 text, which is Base64 again.
    let inner = base64(&server.noise.bytes("water mark", "default", 90));
    let wide: Vec<u8> = inner.encode_utf16().flat_map(u16::to_le_bytes).collect();
    xml.leaf("water-mark", &base64(&wide));
    xml.close();
    xml.close();
    xml.close();
}
