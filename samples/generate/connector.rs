//! AD connectors.
//!
//! In: a server and one of its forests. Out: the connector's file `Connector_{guid}.xml`: the head with
//! indent, the rest on one line as the product writes it.

use crate::Result;
use crate::describe::Domain;
use crate::layout;
use crate::model::{Directory, ENTRA, Server};
use crate::noise::{Noise, base64};
use crate::output::File;
use crate::partition::{self, parameter};
use crate::schema;
use crate::xml::Xml;

/// Constants that every forest's connector has as parameters.
const CONSTANTS: [(&str, &str); 6] = [
    ("ADS_UF_ACCOUNTDISABLE", "0x2"),
    ("ADS_GROUP_TYPE_GLOBAL_GROUP", "0x00000002"),
    ("ADS_GROUP_TYPE_DOMAIN_LOCAL_GROUP", "0x00000004"),
    ("ADS_GROUP_TYPE_LOCAL_GROUP", "0x00000004"),
    ("ADS_GROUP_TYPE_UNIVERSAL_GROUP", "0x00000008"),
    ("ADS_GROUP_TYPE_SECURITY_ENABLED", "0x80000000"),
];

/// Identifier, name and times that begin every connector file.
pub fn head(xml: &mut Xml, server: &Server, id: &str, key: &str, name: &str, kind: [&str; 4]) {
    let [category, subtype, list, company] = kind;
    let noise = &server.noise;
    xml.leaf("format-version", "1");
    xml.leaf("id", &format!("{{{}}}", id.to_uppercase()));
    xml.leaf("name", name);
    xml.leaf("category", category);
    xml.leaf("description", "");
    xml.leaf("subtype", subtype);
    xml.leaf("ma-listname", list);
    xml.leaf("ma-companyname", company);
    // The tenant is connected first, then the forests in their order.
    let place = server.directories.iter().position(|directory| directory.forest == key);
    let hour = 9 + place.map_or(0, |place| place + 1);
    xml.leaf(
        "creation-time",
        &noise.time_in_hour(&server.about.installed, hour, "connector created", key),
    );
    xml.leaf(
        "last-modification-time",
        &noise.time(&server.about.changed, "connector changed", key),
    );
    xml.leaf(
        "version",
        &(40 + noise.number("connector version", key, 900)).to_string(),
    );
    xml.leaf(
        "internal-version",
        &noise.number("connector internal version", key, 12).to_string(),
    );
    xml.leaf("password-sync-allowed", "0");
}

/// The file of a forest's connector.
pub fn file(server: &Server, directory: &Directory) -> Result<File> {
    let forest = directory.forest.as_str();
    let id = server.noise.guid("connector", forest);
    let mut xml = Xml::new();
    xml.open("ma-data", &[]);
    head(&mut xml, server, &id, forest, &directory.name, ["AD", "", "", ""]);
    xml.flat(true);
    schema::numbered(&mut xml, &directory.schema, &server.noise, forest)?;
    private(&mut xml, server, directory);
    xml.open("attribute-inclusion", &[]);
    for name in &directory.attributes {
        xml.leaf("attribute", name);
    }
    xml.close();
    for name in ["join", "projection", "export-attribute-flow"] {
        xml.leaf(name, "");
    }
    xml.open("ma-partition-data", &[]);
    for domain in &directory.domains {
        domain_partition(&mut xml, server, domain);
    }
    xml.close();
    let selected: Vec<&str> = directory
        .domains
        .iter()
        .filter(|domain| domain.selected)
        .map(|domain| domain.dn.as_str())
        .collect();
    partition::profiles(
        &mut xml,
        server,
        forest,
        &selected,
        &directory.steps,
        |xml, step, batch| {
            xml.open("adma-step-data", &[]);
            xml.leaf("batch-size", batch);
            xml.leaf("page-size", &step.page_size.unwrap_or(500).to_string());
            xml.leaf("time-limit", "120");
            xml.close();
        },
    );
    partition::tail(&mut xml);
    Ok(File {
        folder: "Connectors",
        name: format!("Connector_{{{id}}}.xml"),
        bytes: layout::encode(&server.about, &server.noise, forest, &xml.finish()),
    })
}

/// Forest, account and security of the connection, twice: as elements and as parameters.
fn private(xml: &mut Xml, server: &Server, directory: &Directory) {
    let forest = directory.forest.as_str();
    let option = |name: &str| directory.options.get(name).map_or("", String::as_str);
    let (seal, strength) = (option("sign-and-seal"), option("default-ssl-strength"));
    let account = format!("MSOL_{}", server.noise.account("directory account", forest));
    let no_guid = "{00000000-0000-0000-0000-000000000000}";
    xml.open("private-configuration", &[]);
    xml.open("adma-configuration", &[]);
    for (name, value) in [
        ("forest-name", forest),
        ("forest-guid", no_guid),
        ("forest-port", "0"),
        ("forest-login-domain", forest),
        ("forest-login-user", &account),
        ("sign-and-seal", seal),
        ("default-ssl-strength", strength),
    ] {
        xml.leaf(name, value);
    }
    xml.leaf_with("ssl-bind", &[("crl-check", "0")], "0");
    xml.leaf("simple-bind", "0");
    xml.open("password-hash-sync-config", &[]);
    xml.leaf("enabled", if directory.password_hash_sync { "1" } else { "0" });
    xml.leaf("target", &format!("{{{}}}", ENTRA.to_uppercase()));
    xml.close();

    let distinguished_name = format!("DC={}", forest.replace('.', ",DC="));
    let mut parameters = vec![
        ("forest-port", "connectivity", None, "0"),
        ("forest-guid", "connectivity", None, no_guid),
        ("forest-login-user", "connectivity", None, account.as_str()),
        ("forest-login-domain", "connectivity", None, forest),
        ("default-ssl-strength", "connectivity", None, strength),
        ("password", "connectivity", Some(("encrypted", "1")), ""),
        ("forest-name", "connectivity", None, forest),
        ("sign-and-seal", "connectivity", None, seal),
        ("crl-check", "connectivity", None, "0"),
        ("ssl-bind", "connectivity", None, "0"),
        ("simple-bind", "connectivity", None, "0"),
        ("Connector.GroupFilteringGroupDn", "global", None, ""),
        ("Forest.FQDN", "global", Some(("intrinsic", "1")), forest),
        ("Forest.LDAP", "global", Some(("intrinsic", "1")), &distinguished_name),
        ("Forest.Netbios", "global", Some(("intrinsic", "1")), &directory.netbios),
    ];
    parameters.extend(CONSTANTS.map(|(name, value)| (name, "global", Some(("intrinsic", "1")), value)));
    server.noise.shuffle("connector parameters", forest, &mut parameters);
    xml.open("parameter-values", &[]);
    for (name, usage, extra, value) in parameters {
        let kind = if name == "password" {
            "encrypted-string"
        } else {
            "string"
        };
        parameter(xml, name, kind, usage, extra, value);
    }
    xml.close();
    xml.close();
    xml.close();
}

fn domain_partition(xml: &mut Xml, server: &Server, domain: &Domain) {
    let fqdn = domain.dn.replace(",DC=", ".").replace("DC=", "");
    // A domain has one identifier; only its spelling differs between servers.
    let mut guid = Noise::of("domains").braced("domain", &domain.dn);
    if server.about.upper_case_domains {
        guid = guid.to_uppercase();
    }
    let controller = format!("{}-DC{:02}.{fqdn}", domain.netbios, server.about.domain_controller);
    let cookie = base64(&[b"MSDS\x03".to_vec(), server.noise.bytes("cookie", &domain.dn, 120)].concat());
    xml.open("partition", &[]);
    partition::head(xml, server, &domain.dn, domain.selected, &fqdn);
    let types = &server.active_directory.object_types;
    partition::filter(xml, server, types, &domain.dn, &domain.exclusions, &domain.inclusions);
    xml.open("custom-data", &[]);
    xml.open("adma-partition-data", &[]);
    for (name, value) in [
        ("dn", domain.dn.as_str()),
        ("name", &fqdn),
        ("guid", &guid),
        ("sign-and-seal", "1"),
        ("is-domain", "1"),
        ("last-dc", &controller),
        ("dc-failover", "1"),
    ] {
        xml.leaf(name, value);
    }
    xml.leaf_with("ssl-bind", &[("crl-check", "0")], "0");
    xml.leaf("simple-bind", "0");
    xml.leaf("cookie", &cookie);
    xml.close();
    xml.close();
    let mut parameters = vec![
        ("guid", "partition", None, guid.as_str()),
        ("sign-and-seal", "partition", None, "1"),
        ("last-dc", "partition", None, &controller),
        ("dc-failover", "partition", None, "1"),
        ("crl-check", "connectivity", None, "0"),
        ("ssl-bind", "partition", None, "0"),
        ("simple-bind", "partition", None, "0"),
        ("cookie", "partition", None, &cookie),
        ("Domain.FQDN", "partition", Some(("intrinsic", "1")), &fqdn),
        ("Domain.LDAP", "partition", Some(("intrinsic", "1")), &domain.dn),
        ("Domain.Netbios", "partition", Some(("intrinsic", "1")), &domain.netbios),
    ];
    server
        .noise
        .shuffle("partition parameters", &domain.dn, &mut parameters);
    xml.open("parameter-values", &[]);
    for (name, usage, extra, value) in parameters {
        parameter(xml, name, "string", usage, extra, value);
    }
    xml.close();
    xml.close();
}
