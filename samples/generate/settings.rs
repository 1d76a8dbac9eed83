//! The server's settings and the metaverse.
//!
//! In: a server. Out: its file `GlobalSettings/MV.xml`.

use crate::Result;
use crate::layout;
use crate::model::Server;
use crate::output::File;
use crate::schema;
use crate::xml::Xml;

/// The product's warning at the top of the file, in short.
const WARNING: &str = "\n<!--WARNING>\n!! This file is an export. Do not edit it.\n</WARNING-->\n";

/// The file.
pub fn file(server: &Server) -> Result<File> {
    let about = &server.about;
    let noise = &server.noise;
    let mut settings = server.settings.clone();
    for (name, value) in [
        ("Synchronize.StagingMode", if about.staging { "True" } else { "False" }),
        ("Synchronize.NextStartTime", about.next_start.as_str()),
        ("Synchronize.ServerConfigurationVersion", server.build.as_str()),
    ] {
        settings.insert(format!("Microsoft.{name}"), value.to_owned());
    }
    // The product lists parameters in the order of a hash table.
    let mut order: Vec<(&String, &String)> = settings.iter().collect();
    noise.shuffle("parameters", "", &mut order);

    let mut xml = Xml::new();
    xml.open("mv-data", &[]);
    xml.leaf("format-version", "1");
    xml.leaf(
        "version",
        &(600 + noise.number("metaverse version", "", 900)).to_string(),
    );
    schema::prefixed(&mut xml, &server.metaverse, None)?;
    xml.leaf("password-change-history-size", "24");
    xml.leaf("password-sync", "");
    xml.open("parameter-values", &[]);
    for (name, value) in order {
        let marks = [
            ("name", name.as_str()),
            ("type", "string"),
            ("use", "SynchronizationGlobal"),
            ("dataType", "String"),
        ];
        xml.leaf_with("parameter", &marks, value);
    }
    xml.close();
    let start = format!(
        "<saved-mv-configuration server='{}' export-date='{}'>",
        about.name, about.exported
    );
    let document = format!("{start}{WARNING}{}\n\n</saved-mv-configuration>", xml.finish());
    Ok(File {
        folder: "GlobalSettings",
        name: "MV.xml".to_owned(),
        bytes: layout::encode(about, noise, "MV.xml", &document),
    })
}
